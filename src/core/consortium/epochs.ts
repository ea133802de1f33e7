// The epochs of the own organisation at one member: told to colleagues and learnt of them, and made anew by signers.
import { equalBytes, toHex } from '../base/bytes.ts';
import { uniform } from '../base/rng.ts';
import { DAY_MS, MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import { createEpoch, type OwnEpoch, readOwnEpoch } from '../identity/identity.ts';
import type { EpochMessage } from '../wire/types.ts';
import { decodeEpoch, decodeSignedEpoch, WireError } from '../wire/wire.ts';
import { compareEpochs, EpochList } from './epoch-list.ts';
import { EpochRotation, ROTATE_JITTER_MS, ROTATE_MS } from './epoch-rotation.ts';
import { EpochTalk } from './epoch-talk.ts';
import type { EpochInput, EpochOutbox, EpochWorld } from './epoch-types.ts';
import type { KeptEpoch } from './types.ts';

/** A later epoch's number is higher by no more, once any is known. */
export const NUMBER_LEAP = 64;
/** The DHT is asked who has one, which costs as much as a hundred questions to colleagues: where there is none, after so long, once. */
export const SEEK_FIRST_MS = 30 * SECOND_MS;
/** Where a revocation asks for another, within this: by then nearly all have it of a colleague ... */
export const SEEK_CAUSED_MS = 10 * MINUTE_MS;
const SEEK_CAUSED_LEAST_MS = 2 * MINUTE_MS;
/** ... and again after this, so many times as long each time. */
export const SEEK_GAP_MS = 10 * MINUTE_MS;
const SEEK_GAP_GROWTH = 4;
export const SEEK_GAP_MAX_MS = DAY_MS;
/** One that signers should have replaced for so long is not the current one any more, most likely. */
const SEEK_OVERDUE_MS = DAY_MS;
/** Publishers called at a time. */
const CALLED_MAX = 2;
/** The disk refused: it is tried again. */
export const SAVE_AGAIN_MS = MINUTE_MS;

/** At most EPOCHS_MAX epochs. What is refused changes nothing but counts for rates. */
export class EpochStore {
  private readonly world: EpochWorld;
  private readonly list = new EpochList();
  private readonly talk: EpochTalk;
  private readonly rotation: EpochRotation;
  private wallOffsetMs: number;
  private isMember = true;
  private isStarted = false;
  private seekAt = NEVER;
  private soughtAt = Number.NEGATIVE_INFINITY;
  /** In a row, without a later epoch. */
  private seeks = 0;
  private saveAt = NEVER;

  /** What cannot be read of what was kept is left out: others have it. */
  constructor(world: EpochWorld, kept: readonly KeptEpoch[], wallOffsetMs: number, now: number) {
    this.world = world;
    this.wallOffsetMs = wallOffsetMs;
    this.rotation = new EpochRotation(world);
    this.talk = new EpochTalk(world, this.list, (at) => this.wallMs(at));
    for (const { bytes, secret, supersededMs } of kept) {
      const epoch = this.restored(bytes, secret);
      if (epoch !== undefined) this.list.add(epoch, supersededMs);
    }
    this.list.settle(this.wallMs(now));
    this.rotation.onCurrent(this.list.current);
  }

  get current(): OwnEpoch | undefined {
    return this.list.current;
  }

  /** The current one first; none while this node is no member. */
  readable(now: number): readonly OwnEpoch[] {
    return this.isMember ? this.list.readable(this.wallMs(now)) : [];
  }

  get wakeAt(): number {
    if (!this.isMember) return NEVER;
    const erasure = this.list.nextErasureMs - this.wallOffsetMs;
    const rotation = this.rotation.wakeAt(this.wallOffsetMs);
    return Math.min(this.talk.wakeAt, rotation, this.seekAt, this.saveAt, erasure);
  }

  /** What somebody is given with the admission; undefined: nothing, or it may not go on yet. */
  delivery(now: number): EpochMessage | undefined {
    return this.isMember ? this.talk.delivery(now) : undefined;
  }

  handle(input: EpochInput, now: number, out: EpochOutbox): void {
    switch (input.kind) {
      case 'standing':
        this.onStanding(input.isMember, now, out);
        return;
      case 'wallClock':
        this.wallOffsetMs = input.wallOffsetMs;
        this.settle(now, out);
        return;
      case 'unsaved':
        this.saveAt = now + SAVE_AGAIN_MS;
        return;
    }
    if (!this.isMember) return;
    switch (input.kind) {
      case 'start':
        this.start(input.isAlone, now);
        return;
      case 'met':
        this.talk.onMet(input.peer, now, out);
        return;
      case 'said':
        if (input.message.kind === 'epochHeld') this.talk.onHeld(input.peer, input.message, now, out);
        else this.onDelivery(input.peer, input.message, now, out);
        return;
      case 'revoked':
        this.onRevoked(input, now, out);
        return;
      case 'wanted':
        this.seekAt = Math.min(this.seekAt, Math.max(now, this.soughtAt + SEEK_GAP_MS));
        return;
      case 'found':
        this.onFound(input.found, now, out);
        return;
    }
  }

  onTimer(now: number, out: EpochOutbox): void {
    if (now < this.wakeAt) return;
    this.settle(now, out);
    if (now >= this.saveAt) this.save(out);
    if (now >= this.rotation.wakeAt(this.wallOffsetMs)) this.make(now, out);
    if (now >= this.seekAt) this.seek(now, out);
    this.talk.onTimer(now, out);
  }

  private wallMs(now: number): number {
    return now + this.wallOffsetMs;
  }

  /** As good as when it was made: whether it has ended, or is from the future, the list judges. */
  private restored(bytes: Uint8Array, secret: Uint8Array): OwnEpoch | undefined {
    try {
      const { created } = decodeEpoch(decodeSignedEpoch(bytes).epoch);
      return this.read(bytes, secret, created);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return undefined;
    }
  }

  private read(bytes: Uint8Array, secret: Uint8Array, nowS: number): OwnEpoch | undefined {
    const { crypto, networkId, verifier, organisation } = this.world;
    const epoch = readOwnEpoch(crypto, networkId, verifier, bytes, secret, nowS);
    return epoch !== undefined && equalBytes(epoch.organisation, organisation) ? epoch : undefined;
  }

  private start(isAlone: boolean, now: number): void {
    this.isStarted = true;
    this.rotation.start(isAlone, now);
    this.planSeek(now);
    if (this.list.current === undefined && this.world.signer === undefined) this.seekAt = now + SEEK_FIRST_MS;
  }

  private onStanding(isMember: boolean, now: number, out: EpochOutbox): void {
    if (isMember === this.isMember) return;
    this.isMember = isMember;
    this.talk.clear();
    out.emit({ kind: 'changed', own: this.readable(now) });
  }

  private onDelivery(
    peer: string,
    { epoch: bytes, secret }: Extract<EpochMessage, { kind: 'epochDelivery' }>,
    now: number,
    out: EpochOutbox,
  ): void {
    if (!this.talk.mayDeliver(peer, now, out)) return;
    const epoch = this.read(bytes, secret, Math.floor(this.wallMs(now) / SECOND_MS));
    const { current, lastNumber } = this.list;
    if (epoch === undefined || (current !== undefined && epoch.number > lastNumber + NUMBER_LEAP)) {
      this.talk.onRefused(peer, out);
      return;
    }
    const isLater = current === undefined || compareEpochs(epoch, current) < 0;
    if (isLater) {
      this.list.add(epoch);
      this.list.settle(this.wallMs(now));
    }
    // Before others are asked: this one has it.
    this.talk.onDelivered(peer, epoch, now, out);
    if (isLater) this.tell(now, out);
  }

  private onRevoked(
    { hash, issued, isOwn }: Extract<EpochInput, { kind: 'revoked' }>,
    now: number,
    out: EpochOutbox,
  ): void {
    const { verifier, signer } = this.world;
    const isVoid = (epoch: OwnEpoch) =>
      verifier.isSignerRevoked(epoch.organisation, epoch.signer, epoch.created);
    if (this.list.remove(isVoid)) {
      this.list.settle(this.wallMs(now));
      this.tell(now, out);
    }
    this.talk.passOn(now, out);
    const isNeeded = this.rotation.onRevoked(hash, issued, isOwn, now);
    if (isNeeded && signer === undefined && this.list.current !== undefined)
      this.seekAt = Math.min(this.seekAt, now + SEEK_CAUSED_LEAST_MS + this.spread());
  }

  private spread(): number {
    return uniform(this.world.rng, SEEK_CAUSED_MS - SEEK_CAUSED_LEAST_MS);
  }

  private settle(now: number, out: EpochOutbox): void {
    if (this.list.settle(this.wallMs(now))) this.tell(now, out);
  }

  private tell(now: number, out: EpochOutbox): void {
    this.rotation.onCurrent(this.list.current);
    this.seeks = 0;
    this.planSeek(now);
    this.save(out);
    out.emit({ kind: 'changed', own: this.readable(now) });
  }

  private save(out: EpochOutbox): void {
    this.saveAt = NEVER;
    out.persist(this.list.kept);
  }

  private make(now: number, out: EpochOutbox): void {
    const { crypto, networkId, rng, signer, verifier } = this.world;
    const cause = this.rotation.onMake(now);
    if (signer === undefined) return;
    const { organisation, seed: signerSeed } = signer;
    const created = Math.floor(this.wallMs(now) / SECOND_MS);
    const number = this.list.lastNumber + 1;
    const random = (bytes: number) => rng.bytes(bytes);
    const wanted = { organisation, signerSeed, number, created, cause, random };
    try {
      const epoch = createEpoch(crypto, networkId, wanted);
      // Nobody would believe it.
      if (verifier.isSignerRevoked(epoch.organisation, epoch.signer, created)) return;
      this.list.add(epoch);
      this.list.settle(this.wallMs(now));
      this.tell(now, out);
      out.emit({ kind: 'made', number });
    } catch (error) {
      // The signer's certificate has ended.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** A member that waits in vain for the next epoch asks for it. */
  private planSeek(now: number): void {
    const { current } = this.list;
    this.seekAt = NEVER;
    if (current === undefined || this.world.signer !== undefined || !this.isStarted) return;
    const gapMs = Math.min(SEEK_GAP_MS * SEEK_GAP_GROWTH ** this.seeks, SEEK_GAP_MAX_MS);
    const overdueMs = current.created * SECOND_MS + ROTATE_MS + ROTATE_JITTER_MS + SEEK_OVERDUE_MS;
    const overdueAt = Math.max(overdueMs - this.wallOffsetMs, this.soughtAt + gapMs);
    const at = this.rotation.isOverdue ? Math.min(overdueAt, this.soughtAt + gapMs) : overdueAt;
    this.seekAt = Math.max(at, now + SEEK_FIRST_MS);
  }

  private seek(now: number, out: EpochOutbox): void {
    this.soughtAt = now;
    this.planSeek(now);
    this.seeks++;
    out.emit({ kind: 'find' });
  }

  private onFound(
    found: Extract<EpochInput, { kind: 'found' }>['found'],
    now: number,
    out: EpochOutbox,
  ): void {
    const mark = this.talk.mark(now);
    const later = found.filter(({ epoch }) => compareEpochs(epoch, mark) < 0);
    const publishers = later
      .sort((a, b) => compareEpochs(a.epoch, b.epoch))
      .map(({ publisher }) => [toHex(publisher), publisher] as const);
    for (const [, nodeId] of [...new Map(publishers)].slice(0, CALLED_MAX))
      out.emit({ kind: 'connect', nodeId });
  }
}
