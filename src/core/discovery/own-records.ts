// What this node publishes of itself, its services and its user's values: signed anew when it changes, and before it expires.
import { toHex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { IndexedHeap } from '../base/heap.ts';
import type { SocketAddress } from '../base/ip.ts';
import { uniform } from '../base/rng.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { idToText, type RecordAddress, recordKey, signRecord } from '../identity/identity.ts';
import { RECORD_ADDRESSES_MAX, RELAYS_MAX, SERVICE_ADDRESSES_MAX } from '../wire/limits.ts';
import type { DhtRecord, RelayHint } from '../wire/types.ts';
import { encodeRecord } from '../wire/wire.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import type { Membership, OwnService, OwnValue, StoredValue } from './types.ts';

/** Seconds after which a record is void, unless it is signed anew. */
export const LIFETIME_S = DAY_S;
/** It is, after so long, give or take so much: the records of a node come due one by one. */
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
/** Handshakes with those who take a client's records need no longer. */
const TOGETHER_MS = 2 * SECOND_MS;
/** A clock that was set by more makes what is signed look too old or too new. */
const CLOCK_STEP_MS = MINUTE_MS;

type Subject =
  | { readonly kind: 'node' | 'nodeName' }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'value'; readonly value: OwnValue };

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
  readonly services = new Map<string, OwnService>();
  /** By nameOfValue(). */
  readonly values = new Map<string, OwnValue>();
  /** By kind and name; at most two, and the services and values. */
  private readonly records = new Map<string, OwnRecord>();
  /** When a record is to be signed. */
  private readonly timers = new IndexedHeap<string>();
  private readonly bucket = new TokenBucket(RECORDS_PER_S, RECORDS_BURST);
  private readonly context: DiscoveryContext;
  private lastSequence: number;
  private addresses: readonly SocketAddress[] = [];
  private relays: readonly RelayHint[] = [];
  /** Where this node is reached was said: before that nothing is published, as it would all change a moment later. */
  private isPlaced = false;

  constructor(context: DiscoveryContext, lastSequence: number, values: readonly OwnValue[]) {
    this.context = context;
    this.lastSequence = lastSequence;
    if (context.member === undefined) return;
    this.add('node', { kind: 'node' });
    if (context.member.name !== '') this.add('nodeName', { kind: 'nodeName' });
    for (const value of values.slice(0, OWN_VALUES_MAX)) this.keep(value);
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  place(
    where: { readonly addresses: readonly SocketAddress[]; readonly relays: readonly RelayHint[] },
    now: number,
  ): void {
    this.addresses = where.addresses.slice(0, RECORD_ADDRESSES_MAX);
    this.relays = where.relays.slice(0, RELAYS_MAX);
    this.isPlaced = true;
    for (const name of this.records.keys()) this.consider(name, now);
  }

  /** The clock was set by so many ms. */
  onWallClock(stepMs: number, now: number): void {
    if (!this.isPlaced || Math.abs(stepMs) < CLOCK_STEP_MS) return;
    for (const [name, { says }] of this.records) if (says !== '') this.timers.set(name, now);
  }

  offer(service: OwnService, now: number): void {
    const { name } = service;
    if (!this.services.has(name) && this.services.size >= OWN_SERVICES_MAX)
      throw new RangeError(`more than ${OWN_SERVICES_MAX} services`);
    this.services.set(name, service);
    const key = `service ${name}`;
    if (!this.records.has(key)) this.add(key, { kind: 'service', name });
    this.consider(key, now);
  }

  unoffer(name: string, now: number, out: DiscoveryOutbox): void {
    if (!this.services.delete(name)) return;
    this.withdraw(`service ${name}`, now, out);
  }

  /** All services at once: the node goes. */
  stop(now: number, out: DiscoveryOutbox): void {
    for (const record of this.records.values()) {
      if (record.subject.kind !== 'service' || record.says === '') continue;
      record.says = '';
      this.publish(record, false, now, out);
    }
    this.timers.clear();
    this.isPlaced = false;
  }

  put(value: OwnValue, now: number, out: DiscoveryOutbox): Signed {
    const name = nameOfValue(this.context, value);
    if (!this.values.has(name) && this.values.size >= OWN_VALUES_MAX)
      throw new CodedError('RECORDS_FULL', `${OWN_VALUES_MAX} values`);
    out.persist({ kind: 'value', value });
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
      if (!this.context.isCore && record.says === this.saysOf(record)) this.renewTogether(now);
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
    const key = recordKey(this.context.crypto, this.context.networkId, this.addressOf(subject));
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
    if (record.says === '') return this.timers.set(name, now);
    // Back to what is published: the version that was due says nothing new.
    if (record.says === this.saysOf(record)) return this.timers.set(name, renewAt(record, this.context));
    this.timers.set(name, Math.max(now, record.signedAt + record.gapMs));
  }

  /** A node that nobody can reach need not say where it is, unless it said something else. */
  private isWanted(record: OwnRecord): boolean {
    return (
      record.subject.kind !== 'node' ||
      this.context.isCore ||
      this.addresses.length > 0 ||
      this.relays.length > 0 ||
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
    return this.publish(record, true, now, out);
  }

  private withdraw(name: string, now: number, out: DiscoveryOutbox): void {
    const record = this.records.get(name);
    if (record === undefined) return;
    this.drop(name);
    this.publish(record, false, now, out);
  }

  private publish(record: OwnRecord, isKept: boolean, now: number, out: DiscoveryOutbox): Signed {
    const { crypto, networkId, keys } = this.context;
    const wallMs = this.context.wallMs(now);
    const sequence = Math.max(Math.floor(wallMs), this.lastSequence + 1);
    const expires = Math.floor(wallMs / SECOND_MS) + LIFETIME_S;
    this.lastSequence = sequence;
    out.persist({ kind: 'sequence', sequence });
    const version = this.versionOf(record, isKept, sequence, expires);
    const { key } = record;
    out.send({ kind: 'publish', key, record: signRecord(crypto, networkId, keys.seed, version) });
    record.last = { key, sequence, expires };
    return record.last;
  }

  private saysOf(record: OwnRecord): string {
    return toHex(encodeRecord(this.versionOf(record, true, 0, 0)));
  }

  private versionOf(record: OwnRecord, isKept: boolean, sequence: number, expires: number): DhtRecord {
    const { subject } = record;
    const { keys, member, isCore } = this.context;
    const head = { publisher: keys.nodeId, sequence, expires };
    switch (subject.kind) {
      case 'node':
      case 'nodeName': {
        const name = subject.kind === 'node' ? '' : (member as Membership).name;
        const { addresses, relays } = this;
        const body = isKept ? { addresses, core: isCore, relays } : undefined;
        return { ...head, kind: subject.kind, name, body };
      }
      case 'service': {
        const service = this.services.get(subject.name);
        const addresses = this.addresses.slice(0, SERVICE_ADDRESSES_MAX);
        const { relays } = this;
        const body = isKept && service !== undefined ? { ...service, addresses, relays } : undefined;
        return { ...head, kind: 'service', name: subject.name, body };
      }
      case 'value': {
        const { name, value } = subject.value;
        return {
          ...head,
          kind: name === '' ? 'immutable' : 'user',
          name,
          body: isKept ? value : undefined,
        };
      }
    }
  }

  private addressOf(subject: Subject): RecordAddress {
    const { keys, member, crypto } = this.context;
    const { organisation, name } = member as Membership;
    switch (subject.kind) {
      case 'node':
        return { kind: 'node', nodeId: keys.nodeId };
      case 'nodeName':
        return { kind: 'nodeName', organisation, name };
      case 'service':
        return { kind: 'service', organisation, name: subject.name };
      case 'value': {
        const { name, value } = subject.value;
        return name === ''
          ? { kind: 'immutable', hash: crypto.sha256(value) }
          : { kind: 'user', organisation, name };
      }
    }
  }
}

/** What a user calls a value: its key, or its hash as text. */
export function nameOfValue(context: DiscoveryContext, { name, value }: OwnValue): string {
  return name === '' ? idToText(context.crypto.sha256(value)) : name;
}

function renewAt(record: OwnRecord, { rng }: DiscoveryContext): number {
  return record.signedAt + RENEW_MS - RENEW_JITTER_MS + uniform(rng, 2 * RENEW_JITTER_MS);
}
