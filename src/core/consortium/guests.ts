import { equalBytes, toHex } from '../base/bytes.ts';
import { MINUTE_MS } from '../base/time.ts';
import { TokenBuckets } from '../base/token-bucket.ts';
import {
  ChainVerifier,
  checkWork,
  DIFFICULTY_DEFAULT,
  DIFFICULTY_MAX,
  DIFFICULTY_MIN,
  GUEST_LIFETIME_S,
  hourOf,
  isHourInForce,
  issueGuest,
  PUZZLES,
  type VerifiedChain,
} from '../identity/identity.ts';
import type { Crypto } from '../identity/types.ts';
import type { GuestRequestMessage, RefusalCode } from '../wire/types.ts';
import { decodeOrganisationCertificate } from '../wire/wire.ts';
import type { Signer } from './admission.ts';
import type { GuestDecision, GuestPolicy, GuestRecord, GuestTerms } from './types.ts';

/** Guests of one signer at a time, whatever its policy says. */
export const GUESTS_MAX = 10_000;
export const GUESTS_DEFAULT = 256;
export const GUESTS_CLOSED: GuestPolicy = {
  isOpen: false,
  difficulty: DIFFICULTY_DEFAULT,
  max: GUESTS_DEFAULT,
};
/** Admissions within some LOAD_MS for which the difficulty rises by one; twice as many more for each further one. */
export const LOAD_STEP = 8;
/** An admission counts for so long, less and less. */
export const LOAD_MS = 10 * MINUTE_MS;
/** Admissions for which it may rise at all: 9 more, and nobody comes in until they count less. */
const LOAD_MAX = LOAD_STEP * (2 ** 9 - 1);
/** A difficulty that was told is taken for so long at least, and at most twice as long. */
export const TOLD_MS = 10 * MINUTE_MS;
/** Requests of one address (IPv6: one /64) that are looked at: a second (as often as a joiner repeats its own), and at once. */
const REQUESTS_PER_SECOND = 1;
const REQUESTS_BURST = 16;
/** Addresses whose requests are counted: beyond it the one silent for longest begins anew. */
const PLACES_MAX = 1024;
/** A guest whose certificate has more than this of its life before it is given the same once more. */
const RENEWAL_SHARE = 3 / 4;

export interface GuestApplicant {
  readonly nodeId: Uint8Array;
  /** Its address, as far as it counts for rates. */
  readonly place: string;
  /** What its session proves; undefined: a joiner. */
  readonly shown: VerifiedChain | undefined;
}

/**
 * Guests of one signer. What is refused changes nothing but counts for rates. An admission counts here at once and is undone with
 * `undo` when it could not be made durable. Times are Unix ms.
 */
export class GuestDesk {
  private readonly crypto: Crypto;
  private readonly signer: Signer;
  private readonly signerKey: Uint8Array;
  private readonly organisation: Uint8Array;
  private readonly verifier: ChainVerifier;
  private readonly isRevoked: (nodeId: Uint8Array) => boolean;
  private current: GuestPolicy;
  /** By node ID in hex; at most GUESTS_MAX, kept by admit() and expire(). */
  private readonly guests = new Map<string, GuestRecord>();
  private readonly places = new TokenBuckets(PLACES_MAX, REQUESTS_PER_SECOND, REQUESTS_BURST);
  /** Proofs looked at. */
  private checks = 0;
  /** Admissions lately, fading, at `loadAt`. */
  private load = 0;
  private loadAt = 0;
  /** The lowest difficulty told in the span of TOLD_MS with this number, and in the one before. */
  private told = { span: -1, lowest: DIFFICULTY_MAX, before: DIFFICULTY_MAX };

  /** `isRevoked`: whether a node was put out, which no work mends. */
  constructor(
    crypto: Crypto,
    signer: Signer,
    policy: GuestPolicy,
    guests: readonly GuestRecord[],
    isRevoked: (nodeId: Uint8Array) => boolean = () => false,
  ) {
    this.isRevoked = isRevoked;
    this.crypto = crypto;
    this.signer = signer;
    this.signerKey = crypto.ed25519.publicKey(signer.seed);
    this.organisation = decodeOrganisationCertificate(signer.organisation.certificate).organisation;
    this.verifier = new ChainVerifier(crypto, signer.network);
    this.current = policy;
    for (const guest of guests.slice(0, GUESTS_MAX)) this.guests.set(toHex(guest.nodeId), guest);
  }

  get policy(): GuestPolicy {
    return this.current;
  }

  /** RangeError for what no policy can be. In force at once. */
  setPolicy(policy: GuestPolicy): void {
    const { difficulty, max } = policy;
    if (!isWhole(difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX))
      throw new RangeError(`difficulty ${difficulty}`);
    if (!isWhole(max, 1, GUESTS_MAX)) throw new RangeError(`${max} guests`);
    this.current = policy;
  }

  /** Guests whose certificates are in force. */
  count(wallMs: number): number {
    let count = 0;
    for (const guest of this.guests.values()) if (wallMs < guest.expiresMs) count++;
    return count;
  }

  /** What the policy asks for, and more while many come. */
  difficulty(wallMs: number): number {
    const extra = Math.floor(Math.log2(1 + this.loadNow(wallMs) / LOAD_STEP));
    return Math.min(DIFFICULTY_MAX, this.current.difficulty + extra);
  }

  terms(place: string, wallMs: number): GuestTerms | RefusalCode {
    if (!this.places.take(place, wallMs)) return 'busy';
    if (!this.current.isOpen) return 'closed';
    if (this.isFull(wallMs)) return 'full';
    const difficulty = this.difficulty(wallMs);
    this.turnSpan(wallMs);
    this.told.lowest = Math.min(this.told.lowest, difficulty);
    return { hour: hourOf(wallMs / 1000), difficulty, signer: this.signerKey };
  }

  decide(request: GuestRequestMessage, applicant: GuestApplicant, wallMs: number): GuestDecision {
    const refuse = (code: RefusalCode): GuestDecision => ({ kind: 'refuse', code });
    if (!this.places.take(applicant.place, wallMs)) return refuse('busy');
    if (!this.current.isOpen) return refuse('closed');
    const { nodeId } = applicant;
    if (this.isRevoked(nodeId)) return refuse('other');
    const known = this.guests.get(toHex(nodeId));
    if (known !== undefined && this.isFresh(known, wallMs)) {
      return { kind: 'admit', guest: known, repeated: true };
    }
    if (known === undefined && this.isFull(wallMs)) return refuse('full');
    if (!this.isRenewal(applicant)) {
      const code = this.judge(request, nodeId, wallMs);
      if (code !== undefined) return refuse(code);
    }
    return this.admit(nodeId, wallMs);
  }

  /** An admission did not reach the disk: it never happened. */
  undo(nodeId: Uint8Array): void {
    this.guests.delete(toHex(nodeId));
  }

  /** Node IDs of guests whose certificates have ended; they are gone. */
  expire(wallMs: number): Uint8Array[] {
    const gone = [...this.guests.values()].filter((guest) => wallMs >= guest.expiresMs);
    for (const { nodeId } of gone) this.guests.delete(toHex(nodeId));
    return gone.map(({ nodeId }) => nodeId);
  }

  /** What costs least first: nothing is hashed for a proof that would be of no use. */
  private judge(request: GuestRequestMessage, nodeId: Uint8Array, wallMs: number): RefusalCode | undefined {
    const { hour, difficulty, solution } = request;
    if (this.loadNow(wallMs) >= LOAD_MAX) return 'busy';
    if (difficulty < this.required(wallMs) || difficulty > DIFFICULTY_MAX) return 'stale';
    if (!isHourInForce(hour, wallMs / 1000)) return 'stale';
    const networkId = this.signer.network.id;
    const work = { networkId, nodeId, signer: this.signerKey, hour, difficulty };
    return checkWork(this.crypto, work, solution, this.checks++ % PUZZLES) ? undefined : 'work';
  }

  private admit(nodeId: Uint8Array, wallMs: number): GuestDecision {
    const { network, organisation, seed } = this.signer;
    const nowS = Math.floor(wallMs / 1000);
    let chain: Uint8Array;
    try {
      chain = issueGuest(this.crypto, network, organisation, seed, nodeId, nowS);
    } catch (error) {
      if (error instanceof RangeError) return { kind: 'refuse', code: 'notSigner' };
      throw error;
    }
    const verified = this.verifier.verifyAny(chain, nowS, ['guest']);
    if (!verified.ok) return { kind: 'refuse', code: 'notSigner' };
    const guest = { nodeId: nodeId.slice(), chain, expiresMs: verified.chain.notAfter * 1000 };
    this.guests.set(toHex(nodeId), guest);
    this.load = this.loadNow(wallMs) + 1;
    this.loadAt = wallMs;
    return { kind: 'admit', guest, repeated: false };
  }

  /** A retry, or an impatient renewal: the certificate issued before does as well as another. */
  private isFresh(guest: GuestRecord, wallMs: number): boolean {
    return guest.expiresMs - wallMs > RENEWAL_SHARE * GUEST_LIFETIME_S * 1000;
  }

  /** It is a guest of this organisation still, as its handshake proved: that costs no work again. */
  private isRenewal({ shown }: GuestApplicant): boolean {
    return shown?.tier === 'guest' && equalBytes(shown.admittedBy.id, this.organisation);
  }

  private isFull(wallMs: number): boolean {
    return this.count(wallMs) >= this.current.max || this.guests.size >= GUESTS_MAX;
  }

  private required(wallMs: number): number {
    this.turnSpan(wallMs);
    return Math.min(this.difficulty(wallMs), this.told.lowest, this.told.before);
  }

  private turnSpan(wallMs: number): void {
    const span = Math.floor(wallMs / TOLD_MS);
    if (span === this.told.span) return;
    const before = span === this.told.span + 1 ? this.told.lowest : DIFFICULTY_MAX;
    this.told = { span, lowest: DIFFICULTY_MAX, before };
  }

  private loadNow(wallMs: number): number {
    return this.load * Math.exp(-Math.max(0, wallMs - this.loadAt) / LOAD_MS);
  }
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
