// mac1, mac2 and cookies as in WireGuard (sections 5.4.4 and 5.4.7), with SHA-256 and labels of mcc. The key of mac1 follows
// from public names and has a fixed length, so hashing it in front of the datagram is MAC enough, and five times cheaper than
// an HMAC: that is what every forged datagram costs.

import { DatagramType } from '../base/batch-layout.generated.ts';
import { concat, equalBytes, isAllZero, readU32LE, writeU32LE } from '../base/bytes.ts';
import type { SocketAddress } from '../base/ip.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Crypto, NetworkId, NodeId } from '../identity/types.ts';
import { COOKIE_MAC_BYTES, COOKIE_REPLY_BYTES, MAC_BYTES } from '../wire/limits.ts';
import { writeDatagramType } from '../wire/wire.ts';
import type { AddressSecret } from './address-secret.ts';

const LABEL_MAC1 = encodeUtf8('mcc mac1');
const LABEL_COOKIE = encodeUtf8('mcc cookie');
const NONCE_BYTES = 24;
const NONCE_AT = 8;
const SEALED_AT = NONCE_AT + NONCE_BYTES;

/** ms for which an initiator uses a cookie: never longer than it is accepted (SECRET_MS). */
export const COOKIE_USE_MS = 115_000;

/** Keys that follow from a node's public name: whoever lacks it cannot make the node work. */
export interface PublicKeys {
  readonly mac1: Uint8Array;
  readonly cookie: Uint8Array;
}

export function publicKeysOf(crypto: Crypto, networkId: NetworkId, nodeId: NodeId): PublicKeys {
  return {
    mac1: crypto.sha256(concat(LABEL_MAC1, networkId, nodeId)),
    cookie: crypto.sha256(concat(LABEL_COOKIE, networkId, nodeId)),
  };
}

/**
 * Writes mac1 over everything in front of it, and mac2 over that as well when there is a cookie, at the end of a handshake datagram. What
 * is between them differs with the address that the datagram goes to, and neither covers it.
 */
export function writeMacs(
  crypto: Crypto,
  datagram: Uint8Array,
  receiver: PublicKeys,
  cookie: Uint8Array | undefined,
): void {
  datagram.set(mac1For(crypto, datagram, receiver), datagram.length - 2 * MAC_BYTES);
  const mac2 = cookie === undefined ? new Uint8Array(COOKIE_MAC_BYTES) : mac2For(crypto, datagram, cookie);
  datagram.set(mac2, datagram.length - COOKIE_MAC_BYTES);
}

export function hasMac1(crypto: Crypto, datagram: Uint8Array, receiver: PublicKeys): boolean {
  return equalBytes(mac1For(crypto, datagram, receiver), mac1Of(datagram));
}

/** The cookie in a reply to the datagram that carried `mac1`; undefined when it is not one. */
export function openCookieReply(
  crypto: Crypto,
  reply: Uint8Array,
  sender: PublicKeys,
  mac1: Uint8Array,
): Uint8Array | undefined {
  const nonce = reply.subarray(NONCE_AT, SEALED_AT);
  return crypto.xchacha20Poly1305.open(sender.cookie, nonce, reply.subarray(SEALED_AT), mac1);
}

export function mac1Of(datagram: Uint8Array): Uint8Array {
  return datagram.subarray(datagram.length - 2 * MAC_BYTES, datagram.length - MAC_BYTES);
}

/** The responder's side: a cookie proves that its bearer receives at an address, and costs no memory per address. */
export class CookieIssuer {
  private readonly crypto: Crypto;
  private readonly secret: AddressSecret;
  private readonly own: PublicKeys;

  /** `secret`: of nothing else. */
  constructor(crypto: Crypto, secret: AddressSecret, own: PublicKeys) {
    this.crypto = crypto;
    this.secret = secret;
    this.own = own;
  }

  /** Whether mac2 was made with a cookie that was issued to this address. */
  isProven(datagram: Uint8Array, from: SocketAddress, now: number): boolean {
    const mac2 = datagram.subarray(datagram.length - COOKIE_MAC_BYTES);
    if (isAllZero(mac2)) return false;
    return this.secret
      .accepted(from, now)
      .some((cookie) => this.crypto.timingSafeEqual(mac2For(this.crypto, datagram, cookie), mac2));
  }

  /** A cookie for `from`, sealed for whoever sent this handshake datagram (its sender index, bound to its mac1). */
  reply(datagram: Uint8Array, from: SocketAddress, now: number): Uint8Array {
    const reply = new Uint8Array(COOKIE_REPLY_BYTES);
    writeDatagramType(reply, DatagramType.cookie);
    writeU32LE(reply, 4, readU32LE(datagram, 4));
    const nonce = this.secret.rng.bytes(NONCE_BYTES);
    reply.set(nonce, NONCE_AT);
    const cookie = this.secret.of(from, now);
    reply.set(
      this.crypto.xchacha20Poly1305.seal(this.own.cookie, nonce, cookie, mac1Of(datagram)),
      SEALED_AT,
    );
    return reply;
  }
}

function mac1For(crypto: Crypto, datagram: Uint8Array, receiver: PublicKeys): Uint8Array {
  const covered = datagram.subarray(0, datagram.length - 2 * MAC_BYTES);
  return crypto.sha256(concat(receiver.mac1, covered)).subarray(0, MAC_BYTES);
}

function mac2For(crypto: Crypto, datagram: Uint8Array, cookie: Uint8Array): Uint8Array {
  const covered = datagram.subarray(0, datagram.length - MAC_BYTES);
  return crypto.hmacSha256(cookie, covered).subarray(0, COOKIE_MAC_BYTES);
}
