/** Initiations as attackers make them, and the addresses that they come from. */
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { publicKeysOf, writeMacs } from '../../../src/core/session/cookies.ts';
import { buildInitiation, encodeMessage1Payload, prologueOf } from '../../../src/core/session/messages.ts';
import { writeMessage1 } from '../../../src/core/session/noise.ts';
import type { HandshakePayload } from '../../../src/core/wire/types.ts';
import { crypto, type Peer, type World } from './world.ts';

export const EVE: SocketAddress = { ip: ipv4(203, 0, 113, 66), port: 6666 };
export const v6 = (first: number, last: number): SocketAddress => ({
  ip: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, first, 0, 0, 0, 0, 0, 0, 0, last),
  port: 1,
});

export const PAYLOAD: HandshakePayload = {
  kind: 'member',
  chain: new Uint8Array(10),
  suites: [1],
  freshness: 1,
  revocationHead: new Uint8Array(0),
  early: new Uint8Array(0),
};

export interface Forged {
  readonly kind?: HandshakePayload['kind'];
  readonly nodeId?: Uint8Array;
  readonly generation?: number;
  readonly freshness?: number;
  readonly content?: Uint8Array;
  readonly suites?: readonly number[];
}

/** An initiation as an insider makes it who knows the protocol, with anything wrong that is wanted. */
export function forge(world: World, from: Peer, to: Peer, what: Forged = {}): Uint8Array {
  const pairOf = (privateKey: Uint8Array) => ({ privateKey, publicKey: crypto.x25519.publicKey(privateKey) });
  const content =
    what.content ??
    encodeMessage1Payload({
      nodeId: what.nodeId ?? from.keys.nodeId,
      generation: what.generation ?? 1,
      payload: {
        ...PAYLOAD,
        kind: what.kind ?? 'member',
        freshness: what.freshness ?? 1,
        suites: what.suites ?? [1],
      },
    });
  const { message } = writeMessage1(
    crypto,
    prologueOf(world.networkId, to.keys.nodeId),
    pairOf(from.keys.x25519PrivateKey),
    pairOf(world.rng.bytes(32)),
    to.keys.x25519PublicKey,
    content,
  );
  const datagram = buildInitiation(7, message);
  writeMacs(crypto, datagram, publicKeysOf(crypto, world.networkId, to.keys.nodeId), undefined);
  return datagram;
}

export const reasonOf = (verdict: { kind: string; reason?: string }) => verdict.reason ?? verdict.kind;

export function damage(datagram: Uint8Array, at: number, bits = 1): Uint8Array {
  const damaged = datagram.slice();
  damaged[at] ^= bits;
  return damaged;
}

export function remac(world: World, to: Peer, datagram: Uint8Array): Uint8Array {
  const fixed = datagram.slice();
  writeMacs(crypto, fixed, publicKeysOf(crypto, world.networkId, to.keys.nodeId), undefined);
  return fixed;
}

export function replaceEphemeral(datagram: Uint8Array, key: Uint8Array): Uint8Array {
  const replaced = datagram.slice();
  replaced.set(key, 8);
  return replaced;
}

/** The same initiation with a mac2 from a cookie that the gate issued to this address. */
export function prove(world: World, to: Peer, datagram: Uint8Array, from: SocketAddress): Uint8Array {
  const keys = publicKeysOf(crypto, world.networkId, to.keys.nodeId);
  let challenge = to.gate.handle(datagram, from, world.now);
  while (challenge.kind === 'opened') challenge = to.gate.handle(datagram, from, world.now);
  if (challenge.kind !== 'challenge') throw new Error(challenge.reason);
  const reply = challenge.datagram;
  const mac1 = datagram.subarray(datagram.length - 32, datagram.length - 16);
  const cookie = crypto.xchacha20Poly1305.open(keys.cookie, reply.subarray(8, 32), reply.subarray(32), mac1);
  const proven = datagram.slice();
  writeMacs(crypto, proven, keys, cookie);
  return proven;
}
