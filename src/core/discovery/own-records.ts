// What this node publishes of itself, its services and its user's values: signed anew when it changes, and before it expires.
import { CodedError } from '../base/errors.ts';
import { IndexedHeap } from '../base/heap.ts';
import type { SocketAddress } from '../base/ip.ts';
import { uniform } from '../base/rng.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { idToText, RESERVED_PREFIX } from '../identity/identity.ts';
import type { RelayHint } from '../wire/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import { OwnSealed, type Slot } from './own-sealed.ts';
import { OwnSequences } from './own-sequences.ts';
import { OwnVersions, type Subject, type Version } from './own-versions.ts';
import type { OwnService, OwnValue, StoredValue } from './types.ts';

/** A record is signed anew after so long, give or take so much: those of a node come due one by one. */
export const RENEW_MS = 20 * HOUR_MS;
export const RENEW_JITTER_MS = HOUR_MS;
/**
 * Between two versions of a record of what changes by itself; doubled while it keeps changing, up to the maximum. Short at first: a node that
 * just came learns within a second where it is and through whom it is reached.
 */
export const CHANGE_GAP_MS = 250;
export const CHANGE_GAP_MAX_MS = MINUTE_MS;
/** It keeps changing while the version before is no older than this, or than twice the gap. */
const CALM_MS = 6 * SECOND_MS;
export const OWN_SERVICES_MAX = 256;
export const OWN_VALUES_MAX = 256;
/** Records brought to the DHT on average and at once; withdrawals and users' values do not wait. */
const RECORDS_PER_S = 8;
const RECORDS_BURST = 32;
const PACE_MS = SECOND_MS / RECORDS_PER_S;
/** With a new epoch, sealed records are published anew within this; covers after the others, and within this. */
const TURN_MS = MINUTE_MS;
const COVER_MS = 10 * SECOND_MS;
/** Handshakes with those who take a client's records need no longer. */
const TOGETHER_MS = 2 * SECOND_MS;
/** A clock that was set by more makes what is signed look too old or too new. */
const CLOCK_STEP_MS = MINUTE_MS;

interface OwnRecord {
  readonly subject: Subject;
  /** In the DHT. */
  readonly key: Uint8Array;
  /** What the last version says, without its times; '': never signed. */
  says: string;
  /** The last version; undefined: never signed. */
  last: Signed | undefined;
  /** ms */
  signedAt: number;
  /** ms */
  gapMs: number;
}

/** A version that was handed to the DHT. */
export interface Signed {
  readonly key: Uint8Array;
  readonly sequence: number;
  /** Seconds of Unix time. */
  readonly expires: number;
}

export class OwnRecords {
  /** By nameOfValue(). */
  readonly values = new Map<string, OwnValue>();
  /** By kind and name; at most two, the services and values, and SEALED_MAX of each epoch that is known. */
  private readonly records = new Map<string, OwnRecord>();
  /** When a record is to be signed. */
  private readonly timers = new IndexedHeap<string>();
  private readonly bucket = new TokenBucket(RECORDS_PER_S, RECORDS_BURST);
  private readonly context: DiscoveryContext;
  private readonly versions: OwnVersions;
  private readonly sequences: OwnSequences;
  private readonly sealed: OwnSealed;
  /** Where this node is reached was said: before that nothing is published, as it would all change a moment later. */
  private isPlaced = false;

  constructor(context: DiscoveryContext, lastSequence: number, values: readonly OwnValue[]) {
    this.context = context;
    this.versions = new OwnVersions(context);
    this.sequences = new OwnSequences(context, lastSequence);
    this.sealed = new OwnSealed(context);
    if (context.member === undefined) return;
    this.add('node', { kind: 'node' });
    if (context.member.name !== '') this.add('nodeName', { kind: 'nodeName' });
    // What is mcc's own is said anew at every start, by whoever may say it then.
    for (const value of values.slice(0, OWN_VALUES_MAX)) if (!isReserved(value)) this.keep(value);
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  get services(): ReadonlyMap<string, OwnService> {
    return this.versions.services;
  }

  place(
    where: { readonly addresses: readonly SocketAddress[]; readonly relays: readonly RelayHint[] },
    now: number,
  ): void {
    this.versions.place(where);
    this.isPlaced = true;
    for (const name of this.records.keys()) this.consider(name, now);
  }

  /** The clock was set by so many ms. */
  onWallClock(stepMs: number, now: number): void {
    if (!this.isPlaced || Math.abs(stepMs) < CLOCK_STEP_MS) return;
    for (const [name, { says }] of this.records) if (says !== '') this.timers.set(name, now);
  }

  offer(service: OwnService, now: number, out: DiscoveryOutbox): void {
    const { name, isPublic } = service;
    if (!this.services.has(name) && this.services.size >= OWN_SERVICES_MAX)
      throw new RangeError(`more than ${OWN_SERVICES_MAX} services`);
    this.versions.services.set(name, service);
    const key = `service ${name}`;
    if (!isPublic) this.withdraw(key, now, out);
    else if (!this.records.has(key)) this.add(key, { kind: 'service', name });
    this.plan(0, now, out);
    this.consider(key, now);
    for (const slot of this.sealed.ofService(name)) this.consider(slot.name, now);
  }

  unoffer(name: string, now: number, out: DiscoveryOutbox): void {
    if (!this.versions.services.delete(name)) return;
    this.withdraw(`service ${name}`, now, out);
    this.plan(0, now, out);
  }

  /** All services at once: the node goes. */
  stop(now: number, out: DiscoveryOutbox): void {
    for (const record of this.records.values()) {
      const { kind } = record.subject;
      if ((kind !== 'service' && kind !== 'sealed') || record.says === '') continue;
      record.says = '';
      this.publish(record, 'withdrawn', now, out);
    }
    this.timers.clear();
    this.isPlaced = false;
  }

  /** Epochs have changed: what is sealed is published under the new ones, which is not so urgent that all nodes must do it at once. */
  onEpochs(isFirst: boolean, now: number, out: DiscoveryOutbox): void {
    this.plan(isFirst ? 0 : TURN_MS, now, out);
  }

  /** The sealed records that there should be; new ones are published within `spreadMs`. */
  private plan(spreadMs: number, now: number, out: DiscoveryOutbox): void {
    if (this.context.member === undefined) return;
    const { added, removed, retired, lost } = this.sealed.plan(this.services);
    this.context.wants.setNeeds(OwnSealed.shares(this.services), now);
    for (const slot of added) {
      this.add(slot.name, { kind: 'sealed', slot });
      this.consider(slot.name, now);
      const at = this.timers.get(slot.name);
      if (spreadMs > 0 && at !== undefined)
        this.timers.set(slot.name, at + uniform(this.context.rng, spreadMs));
    }
    for (const { name } of lost) this.drop(name);
    for (const { name } of removed) this.withdraw(name, now, out);
    for (const { name } of retired) {
      const record = this.records.get(name);
      if (record !== undefined && record.says !== '') this.sign(name, record, now, out);
    }
    for (const [name, { subject }] of this.records)
      if (subject.kind === 'sealed' && !this.isKeptUp(subject.slot, now)) this.lapse(name, subject.slot, now);
  }

  private isKeptUp(slot: Slot, now: number): boolean {
    const isGood = slot.pseudonym.notAfter * SECOND_MS > this.context.wallMs(now) + MINUTE_MS;
    return isGood && this.sealed.isKeptUp(slot);
  }

  /** A sealed record is not renewed any more: it is forgotten once it has expired. */
  private lapse(name: string, slot: Slot, now: number): void {
    const last = this.records.get(name)?.last;
    const expiresAt = last === undefined ? now : last.expires * SECOND_MS - this.context.wallOffsetMs;
    if (expiresAt > now) return this.timers.set(name, expiresAt);
    this.drop(name);
    this.sealed.forget(slot);
  }

  put(value: OwnValue, now: number, out: DiscoveryOutbox): Signed {
    const name = nameOfValue(this.context, value);
    const isUsers = !isReserved(value);
    if (isUsers && !this.values.has(name) && this.values.size >= OWN_VALUES_MAX)
      throw new CodedError('RECORDS_FULL', `${OWN_VALUES_MAX} values`);
    if (isUsers) out.persist({ kind: 'value', value });
    return this.sign(`value ${name}`, this.keep(value), now, out);
  }

  /** A value as it was published last; `name`: its key, or its hash as text. */
  storedValue(name: string): StoredValue | undefined {
    const value = this.values.get(name);
    const last = this.records.get(`value ${name}`)?.last;
    if (value === undefined || last === undefined) return undefined;
    const { sequence, expires } = last;
    const nodeName = this.context.member?.name ?? '';
    return {
      publisher: this.context.keys.nodeId,
      nodeName,
      value: value.value,
      sequence,
      expires,
      isVerified: true,
    };
  }

  unput(name: string, now: number, out: DiscoveryOutbox): void {
    const value = this.values.get(name);
    if (value === undefined) throw new CodedError('RECORD_UNKNOWN', `"${name}" is not a key of this node`);
    this.values.delete(name);
    out.persist({ kind: 'forgetValue', value });
    // A value under its hash has no place without itself: it expires.
    if (value.name === '') this.drop(`value ${name}`);
    else this.withdraw(`value ${name}`, now, out);
  }

  tick(now: number, out: DiscoveryOutbox): void {
    for (let name = this.timers.popUntil(now); name !== undefined; name = this.timers.popUntil(now)) {
      const record = this.records.get(name);
      if (record === undefined || !this.isWanted(record)) continue;
      const slot = record.subject.kind === 'sealed' ? record.subject.slot : undefined;
      if (slot !== undefined && !this.isKeptUp(slot, now)) {
        this.lapse(name, slot, now);
        continue;
      }
      const isRenewal = record.says === this.saysOf(record);
      if (isRenewal && slot?.state === 'former') slot.state = 'retired';
      if (isRenewal && !this.context.isCore) this.renewTogether(now);
      if (!this.bucket.take(now)) {
        this.timers.set(name, now + PACE_MS);
        return;
      }
      this.sign(name, record, now, out);
    }
  }

  /** A client brings all that is due soon to the same few nodes, once it has shaken hands with them. */
  private renewTogether(now: number): void {
    for (const [name, record] of this.records) {
      const at = this.timers.get(name) ?? Number.POSITIVE_INFINITY;
      const isSoon = at > now && at <= now + 2 * RENEW_JITTER_MS;
      if (isSoon && now - record.signedAt >= RENEW_MS / 2 && record.says === this.saysOf(record))
        this.timers.set(name, Math.min(at, now + TOGETHER_MS));
    }
  }

  private keep(value: OwnValue): OwnRecord {
    const name = nameOfValue(this.context, value);
    this.values.set(name, value);
    return this.add(`value ${name}`, { kind: 'value', value });
  }

  private add(name: string, subject: Subject): OwnRecord {
    const before = this.records.get(name);
    const key = this.versions.keyOf(subject);
    const { says, last, signedAt, gapMs } = before ?? {
      says: '',
      last: undefined,
      signedAt: Number.NEGATIVE_INFINITY,
      gapMs: CHANGE_GAP_MS,
    };
    const record: OwnRecord = { subject, key, says, last, signedAt, gapMs };
    this.records.set(name, record);
    return record;
  }

  private drop(name: string): void {
    this.records.delete(name);
    this.timers.delete(name);
  }

  /** Sets when the record is to be signed by what it says now. */
  private consider(name: string, now: number): void {
    const record = this.records.get(name);
    if (record === undefined || !this.isPlaced || !this.isWanted(record)) return;
    const slot = record.subject.kind === 'sealed' ? record.subject.slot : undefined;
    if (slot !== undefined && !this.isKeptUp(slot, now)) return;
    const isCover = slot?.state === 'cover';
    if (record.says === '')
      return this.timers.set(name, isCover ? now + uniform(this.context.rng, COVER_MS) : now);
    // Back to what is published: the version that was due says nothing new.
    if (record.says === this.saysOf(record)) return this.timers.set(name, renewAt(record, this.context));
    this.timers.set(name, Math.max(now, record.signedAt + record.gapMs));
  }

  /** A node that nobody can reach need not say where it is, unless it said something else. */
  private isWanted(record: OwnRecord): boolean {
    return (
      record.subject.kind !== 'node' ||
      this.context.isCore ||
      this.versions.isReached ||
      (record.says !== '' && record.says !== this.saysOf(record))
    );
  }

  private sign(name: string, record: OwnRecord, now: number, out: DiscoveryOutbox): Signed {
    const says = this.saysOf(record);
    if (record.says !== '' && says !== record.says) {
      const isRestless = now - record.signedAt < Math.max(CALM_MS, 2 * record.gapMs);
      record.gapMs = isRestless ? Math.min(2 * record.gapMs, CHANGE_GAP_MAX_MS) : CHANGE_GAP_MS;
    }
    record.says = says;
    record.signedAt = now;
    this.timers.set(name, renewAt(record, this.context));
    return this.publish(record, 'kept', now, out);
  }

  private withdraw(name: string, now: number, out: DiscoveryOutbox): void {
    const record = this.records.get(name);
    if (record === undefined) return;
    this.drop(name);
    const isSaid = record.says !== '' || record.subject.kind !== 'sealed';
    if (isSaid) this.publish(record, 'openlyWithdrawn', now, out);
  }

  private publish(record: OwnRecord, version: Version, now: number, out: DiscoveryOutbox): Signed {
    const { key, subject } = record;
    const sequence =
      subject.kind === 'sealed'
        ? this.sequences.nextSealed(subject.slot.name, now, out)
        : this.sequences.next(now, out);
    const expires = this.versions.expiresOf(subject, now);
    out.send(this.versions.sign(key, subject, version, { sequence, expires }));
    record.last = { key, sequence, expires };
    return record.last;
  }

  private saysOf(record: OwnRecord): string {
    return this.versions.saysOf(record.subject);
  }
}

/** Few, and none of the user's. */
function isReserved({ name }: OwnValue): boolean {
  return name.startsWith(RESERVED_PREFIX);
}

/** What a user calls a value: its key, or its hash as text. */
export function nameOfValue(context: DiscoveryContext, { name, value }: OwnValue): string {
  return name === '' ? idToText(context.crypto.sha256(value)) : name;
}

function renewAt(record: OwnRecord, { rng }: DiscoveryContext): number {
  return record.signedAt + RENEW_MS - RENEW_JITTER_MS + uniform(rng, 2 * RENEW_JITTER_MS);
}
