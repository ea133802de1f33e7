// Where handshakes of strangers arrive. Order of work: size, prefixes of joiners that were too many, mac1, cookie, rate per address prefix, DH,
// joiners, replay, chain; the state is the session's.

import { DatagramType } from '../base/batch-layout.generated.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, readU32LE, toHex } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { isDiscardOnly, isIpv4, type SocketAddress } from '../base/ip.ts';
import type { Rng } from '../base/rng.ts';
import { TokenBucket, TokenBuckets } from '../base/token-bucket.ts';
import type { Crypto } from '../identity/types.ts';
import { classifyDatagram } from '../wire/wire.ts';
import { AddressSecret } from './address-secret.ts';
import { CookieIssuer, hasMac1, type PublicKeys, publicKeysOf } from './cookies.ts';
import { decodeMessage1Payload, message1Of, prologueOf, senderIndexOf, wayTokenOf } from './messages.ts';
import { type KeyPair, type OpenedMessage1, readMessage1 } from './noise.ts';
import type {
  AnswerVerdict,
  GateVerdict,
  InitiationLedger,
  LocalIdentity,
  OpenedInitiation,
  Verify,
} from './types.ts';

/** Address prefixes whose rate is remembered: beyond it the one silent for longest starts anew with its burst. */
const PREFIXES_MAX = 4096;
/** Initiations opened per second and prefix, and how many at once. */
const RATE_PER_SECOND = 20;
const RATE_BURST = 5;
/** The same for the /48 of an IPv6 address, which one subscriber may have whole: so many times as much. */
const SITE_SHARE = 5;
/** Initiations opened in one second from which every address must prove itself. At 0.5 ms each: a tenth of a core. */
const BUSY_PER_SECOND = 200;
/** Initiations opened in one second at most, of proven addresses too: beyond it traffic would suffer. A stranger's key costs 1 ms. */
const OPENED_PER_SECOND = 400;
/** Cookie replies in one second at most. At 50 us each: a fifth of a core. */
const CHALLENGES_PER_SECOND = 4000;
/** Joiners opened per second, and how many at once: anybody may be one, and with all that follows each costs 2 ms. */
const JOINERS_PER_SECOND = 2;
const JOINERS_BURST = 64;
/** The same of one place, whoever else comes ... */
const PLACE_JOINERS_PER_SECOND = 0.5;
const PLACE_JOINERS_BURST = 4;
/** ... and of all places beyond that: many hosts behind one router may be set up at once while nobody else wants to come. */
const SPARE_JOINERS_PER_SECOND = JOINERS_PER_SECOND / 2;
const SPARE_JOINERS_BURST = JOINERS_BURST / 2;
/** ms for which nothing of a prefix is looked at after there were too many joiners from there. */
const SHUT_MS = 3000;
/** Joiners of unproven addresses opened in one second from which every address must prove itself. */
const JOINERS_BUSY_PER_SECOND = 4;
/** ms for which the node counts as busy after it was. */
const BUSY_MS = 1000;

export interface GateOptions<I> {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly local: LocalIdentity;
  readonly ledger: InitiationLedger;
  readonly verify: Verify<I>;
  /** Default BUSY_PER_SECOND. */
  readonly busyPerSecond?: number;
}

/**
 * Judges initiations, once per node. It never throws for a datagram, whatever its bytes. What it remembers, a cookie
 * secret, rates by prefix and the last second's count, is bounded and touched by datagrams with a valid mac1 only;
 * a refused datagram costs its sender's prefix a token and changes nothing else. What a session answered it reads from
 * the ledger and does not write, so an initiation that no session takes may come again.
 */
export class HandshakeGate<I> {
  private readonly options: GateOptions<I>;
  private readonly ownKeys: KeyPair;
  private readonly ownPublic: PublicKeys;
  private readonly prologue: Uint8Array;
  private readonly cookies: CookieIssuer;
  private readonly load: LoadMeter;
  /** Addresses that proved nothing: who exceeds it must prove the address. By prefix. */
  private readonly unprovenRate = new TokenBuckets(PREFIXES_MAX, RATE_PER_SECOND, RATE_BURST);
  /** Addresses that proved themselves: who exceeds it is dropped. Apart, so that spoofed sources take nothing from it. */
  private readonly provenRate = new TokenBuckets(PREFIXES_MAX, RATE_PER_SECOND, RATE_BURST);
  /** The same by /48, IPv6 only. */
  private readonly siteRate = new TokenBuckets(
    PREFIXES_MAX,
    SITE_SHARE * RATE_PER_SECOND,
    SITE_SHARE * RATE_BURST,
  );
  private readonly challenges = new LoadMeter(CHALLENGES_PER_SECOND);
  private readonly joiners = new TokenBucket(JOINERS_PER_SECOND, JOINERS_BURST);
  private readonly spareJoiners = new TokenBucket(SPARE_JOINERS_PER_SECOND, SPARE_JOINERS_BURST);
  /** Nobody who keeps to it is shut out: whoever meets `joiners` empty is not why it is. */
  private readonly placeJoiners = new TokenBuckets(
    PREFIXES_MAX,
    PLACE_JOINERS_PER_SECOND,
    PLACE_JOINERS_BURST,
  );
  /** Places of joiners that were too many, and ms until when. They had proven it, so that nobody shuts out others. */
  private readonly shut = new BoundedMap<string, number>(PREFIXES_MAX);
  /** Joiners that are yet to prove their address. */
  private readonly unprovenJoiners = new LoadMeter(JOINERS_BUSY_PER_SECOND);

  constructor(options: GateOptions<I>) {
    const { crypto, rng, local } = options;
    this.options = options;
    this.ownKeys = { privateKey: local.keys.x25519PrivateKey, publicKey: local.keys.x25519PublicKey };
    this.ownPublic = publicKeysOf(crypto, local.networkId, local.keys.nodeId);
    this.prologue = prologueOf(local.networkId, local.keys.nodeId);
    this.cookies = new CookieIssuer(crypto, new AddressSecret(crypto, rng), this.ownPublic);
    this.load = new LoadMeter(options.busyPerSecond ?? BUSY_PER_SECOND);
  }

  /** Whether every address must prove itself at the moment. */
  isBusy(now: number): boolean {
    return this.load.isBusy(now) || this.unprovenJoiners.isBusy(now);
  }

  /** Keeps no reference to `datagram`. */
  handle(datagram: Uint8Array, from: SocketAddress, now: number): GateVerdict<I> {
    const type = classifyDatagram(datagram);
    if (type !== DatagramType.initiation)
      return drop(typeof type === 'string' ? type : 'datagramUnknownType');
    if (this.isShut(from, now)) return drop('handshakeRateLimited');
    if (!hasMac1(this.options.crypto, datagram, this.ownPublic)) return drop('handshakeMac1');
    const isProven = this.cookies.isProven(datagram, from, now);
    if (!isProven && this.isBusy(now)) return this.challenge(datagram, from, now);
    const prefix = prefixOf(from);
    if (isProven && !this.mayOpen(prefix, from, now)) return drop('handshakeRateLimited');
    if (!isProven && !this.unprovenRate.take(prefix, now)) return this.challenge(datagram, from, now);
    this.load.count(now);
    const opened = readMessage1(this.options.crypto, this.prologue, this.ownKeys, message1Of(datagram));
    if (opened === 'noise') return drop('handshakeNoise');
    if (opened === 'lowOrder') return drop('handshakeLowOrderKey');
    return this.judge(datagram, opened, from, isProven, now);
  }

  /** Before anything is computed: it costs least where most comes from. */
  private isShut(from: SocketAddress, now: number): boolean {
    return this.shut.size > 0 && (this.shut.peek(placeOf(from)) ?? 0) > now;
  }

  private mayOpen(prefix: string, from: SocketAddress, now: number): boolean {
    if (this.load.countOf(now) >= OPENED_PER_SECOND || !this.provenRate.take(prefix, now)) return false;
    return isIpv4(from.ip) || this.siteRate.take(prefix.slice(0, SITE_DIGITS), now);
  }

  private judge(
    datagram: Uint8Array,
    noise: OpenedMessage1,
    from: SocketAddress,
    isProven: boolean,
    now: number,
  ): GateVerdict<I> {
    const { crypto, local, ledger, verify } = this.options;
    const content = decodeMessage1Payload(noise.payload);
    if (content === undefined) return drop('handshakeMalformed');
    const { nodeId, generation, payload } = content;
    if (equalBytes(nodeId, local.keys.nodeId)) return drop('handshakeFromSelf');
    // Before its key is judged, which costs more than all so far.
    if (payload.kind === 'joiner' && !isProven) {
      this.unprovenJoiners.count(now);
      return this.challenge(datagram, from, now);
    }
    if (payload.kind === 'joiner' && !this.mayJoin(placeOf(from), now)) return drop('handshakeRateLimited');
    const staticKey = crypto.ed25519.toX25519PublicKey(nodeId);
    if (staticKey === undefined || !equalBytes(staticKey, noise.remoteStatic))
      return drop('handshakeIdentity');
    const fresh = ledger.judge(nodeId, payload.freshness, noise.remoteEphemeral);
    if (fresh === undefined && !isProven) return this.challenge(datagram, from, now);
    const verified = verify(payload, nodeId);
    if (!verified.ok) return drop(verified.reason);
    const { symmetric, remoteEphemeral, remoteStatic } = noise;
    const initiation: OpenedInitiation<I> = {
      nodeId,
      introduction: verified.introduction,
      payload,
      from,
      freshness: fresh ?? 'proven',
      senderIndex: senderIndexOf(datagram),
      generation,
      length: datagram.length,
      ephemeral: remoteEphemeral,
      wayToken: wayTokenOf(datagram).slice(),
      noise: { symmetric, remoteEphemeral, remoteStatic },
    };
    return { kind: 'opened', initiation };
  }

  private mayJoin(place: string, now: number): boolean {
    if (this.placeJoiners.take(place, now) || this.spareJoiners.take(now)) return this.joiners.take(now);
    this.shut.set(place, now + SHUT_MS);
    return false;
  }

  private challenge(datagram: Uint8Array, from: SocketAddress, now: number): GateVerdict<I> {
    if (this.challenges.countOf(now) >= CHALLENGES_PER_SECOND) return drop('handshakeRateLimited');
    this.challenges.count(now);
    return { kind: 'challenge', datagram: this.cookies.reply(datagram, from, now) };
  }
}

/** Who a response or cookie reply is for, by the index that the node gave out. Its session checks the rest. */
export function classifyAnswer(datagram: Uint8Array): AnswerVerdict {
  const type = classifyDatagram(datagram);
  if (type === DatagramType.response) return { kind: 'response', receiverIndex: readU32LE(datagram, 8) };
  if (type === DatagramType.cookie) return { kind: 'cookie', receiverIndex: readU32LE(datagram, 4) };
  return { kind: 'drop', reason: typeof type === 'string' ? type : 'datagramUnknownType' };
}

/** Events of the current second, and whether there were too many in it or the one before. */
class LoadMeter {
  private readonly max: number;
  /** ms; start of the second that is counted. */
  private since = Number.NEGATIVE_INFINITY;
  private events = 0;
  /** ms */
  private busyUntil = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.max = max;
  }

  count(now: number): void {
    if (now - this.since >= 1000) {
      this.since = now;
      this.events = 0;
    }
    this.events++;
    if (this.events >= this.max) this.busyUntil = now + BUSY_MS;
  }

  isBusy(now: number): boolean {
    return now < this.busyUntil;
  }

  /** Events of the current second. */
  countOf(now: number): number {
    return now - this.since >= 1000 ? 0 : this.events;
  }
}

/** Hexadecimal digits of a /48. */
const SITE_DIGITS = 12;

/** An IPv4 address, or the /64 of an IPv6 address. */
function prefixOf(from: SocketAddress): string {
  return toHex(isIpv4(from.ip) ? from.ip : from.ip.subarray(0, 8));
}

/** As prefixOf; each circuit and each stream is one by itself, as it has no address that says whose it is. */
function placeOf(from: SocketAddress): string {
  return isDiscardOnly(from.ip) ? toHex(from.ip) : prefixOf(from);
}

function drop(reason: DropReason): { readonly kind: 'drop'; readonly reason: DropReason } {
  return { kind: 'drop', reason };
}
