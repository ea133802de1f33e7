// What only this node can make, another for each address: whoever returns it receives there. It costs no memory per address.
import { concat, EMPTY, equalBytes } from '../base/bytes.ts';
import type { SocketAddress } from '../base/ip.ts';
import type { Rng } from '../base/rng.ts';
import type { Crypto } from '../identity/types.ts';
import { MAC_BYTES, WAY_TOKEN_BYTES } from '../wire/limits.ts';

/** ms for which a secret is used; what was made with it is accepted for one to two of these. */
export const SECRET_MS = 120_000;

/** A secret serves for SECRET_MS, and for as long again to check what was made with it. */
export class AddressSecret {
  readonly rng: Rng;
  private readonly crypto: Crypto;
  private secret: Uint8Array = EMPTY;
  private previous: Uint8Array = EMPTY;
  /** ms; when `secret` was made. */
  private madeAt = Number.NEGATIVE_INFINITY;

  constructor(crypto: Crypto, rng: Rng) {
    this.crypto = crypto;
    this.rng = rng;
  }

  /** MAC_BYTES that stand for IP address and port. */
  of(address: SocketAddress, now: number): Uint8Array {
    this.rotate(now);
    return this.under(this.secret, address);
  }

  /** What is accepted for an address: one or two. */
  accepted(address: SocketAddress, now: number): Uint8Array[] {
    this.rotate(now);
    const secrets = this.previous.length === 0 ? [this.secret] : [this.secret, this.previous];
    return secrets.map((secret) => this.under(secret, address));
  }

  private under(secret: Uint8Array, { ip, port }: SocketAddress): Uint8Array {
    const mac = this.crypto.hmacSha256(secret, concat(ip, Uint8Array.of(port >> 8, port)));
    return mac.subarray(0, MAC_BYTES);
  }

  private rotate(now: number): void {
    const age = now - this.madeAt;
    if (age < SECRET_MS) return;
    this.previous = age < 2 * SECRET_MS ? this.secret : EMPTY;
    this.secret = this.rng.bytes(32);
    this.madeAt = now;
  }
}

/** Tokens of ways (WAY_TOKEN_BYTES), which handshake datagrams carry to an address and their answers bring back. */
export class WayTokens {
  private readonly secret: AddressSecret;

  /** `secret`: of nothing else. */
  constructor(secret: AddressSecret) {
    this.secret = secret;
  }

  of(address: SocketAddress, now: number): Uint8Array {
    return this.secret.of(address, now).subarray(0, WAY_TOKEN_BYTES);
  }

  /** Whether somebody who knows this token received something that was sent there within the last minutes. */
  proves(token: Uint8Array, address: SocketAddress, now: number): boolean {
    return this.secret
      .accepted(address, now)
      .some((mac) => equalBytes(mac.subarray(0, WAY_TOKEN_BYTES), token));
  }
}
