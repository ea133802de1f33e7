// Users' values: who waits for one to be stored, and looking them up.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { idFromText, idToText } from '../identity/identity.ts';
import { NAME_MAX, VALUE_MAX } from '../wire/limits.ts';
import type { DhtRecord } from '../wire/types.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';
import { isComplete, isHeard, type Lookup, type Lookups, type Subject, type Waiter } from './lookups.ts';
import { nameOfValue, type OwnRecords, type Signed } from './own-records.ts';
import type { DiscoveryDrop, DiscoveryInput, GetResult, StoredValue } from './types.ts';

/** Values that one `get` gives, of as many publishers: the newest. */
export const VALUES_MAX = 64;
/** A `put` is answered then, even if no node keeps it yet. */
export const STORED_MS = 5 * SECOND_MS;
const PUTS_MAX = 256;

type Found = Extract<DiscoveryInput, { kind: 'found' }>;
type ValueSubject = Extract<Subject, { kind: 'value' }>;

/** A `put` that waits for the DHT. */
interface Put {
  readonly id: number;
  readonly name: string;
  readonly signed: Signed;
  /** ms */
  readonly until: number;
}

export class Values {
  /** By key in the DHT, in hex: the last put of it. In order of time. */
  private readonly puts = new BoundedMap<string, readonly Put[]>(PUTS_MAX);
  private readonly context: DiscoveryContext;
  private readonly lookups: Lookups;
  private readonly own: OwnRecords;

  constructor(context: DiscoveryContext, lookups: Lookups, own: OwnRecords) {
    this.context = context;
    this.lookups = lookups;
    this.own = own;
  }

  get wakeAt(): number {
    let next = NEVER;
    for (const puts of this.puts.values()) next = Math.min(next, puts[0].until);
    return next;
  }

  put(id: number, name: string, value: Uint8Array, now: number, out: DiscoveryOutbox): void {
    if (this.context.member === undefined) throw new CodedError('NOT_INITIALISED');
    if (name !== '' && !isKey(name)) throw new CodedError('RECORD_KEY_INVALID', `"${name}"`);
    if (value.length === 0 || value.length > VALUE_MAX)
      throw new CodedError('RECORD_TOO_LARGE', `${value.length} bytes`);
    const own = { name, value: value.slice() };
    const signed = this.own.put(own, now, out);
    const key = toHex(signed.key);
    const put: Put = { id, name: nameOfValue(this.context, own), signed, until: now + STORED_MS };
    const before = this.puts.peek(key) ?? [];
    if (before.length >= PUTS_MAX || (before.length === 0 && this.puts.size >= PUTS_MAX))
      return tellStored(put, 0, out);
    this.puts.set(key, [...before, put]);
  }

  unput(name: string, now: number, out: DiscoveryOutbox): void {
    this.own.unput(name, now, out);
  }

  onPublished(key: Uint8Array, copies: number, out: DiscoveryOutbox): void {
    const text = toHex(key);
    // Without a copy it is tried again: until then `put` waits.
    if (copies === 0) return;
    for (const put of this.puts.peek(text) ?? []) tellStored(put, copies, out);
    this.puts.delete(text);
  }

  tick(now: number, out: DiscoveryOutbox): void {
    for (const [key, puts] of [...this.puts]) {
      const waiting = puts.filter(({ until }) => until > now);
      if (waiting.length === puts.length) continue;
      for (const put of puts) if (put.until <= now) tellStored(put, 0, out);
      if (waiting.length > 0) this.puts.set(key, waiting);
      else this.puts.delete(key);
    }
  }

  get(id: number, key: string, organisation: string | undefined, now: number, out: DiscoveryOutbox): void {
    const waiter: Waiter = { kind: 'get', id };
    const hash = idFromText(key);
    const found = this.context.organisations.find(organisation);
    if (hash === undefined && !isKey(key))
      return tellGot(waiter, { ok: false, code: 'RECORD_KEY_INVALID' }, out);
    if (hash === undefined && found.kind === 'unknownOrganisation')
      return tellGot(waiter, { ok: false, code: 'ORGANISATION_UNKNOWN' }, out);
    if (hash === undefined && found.kind === 'ambiguousOrganisation')
      return tellGot(waiter, { ok: false, code: 'ORGANISATION_AMBIGUOUS' }, out);
    const owner = hash === undefined && found.kind === 'known' ? found.id : undefined;
    const place =
      owner === undefined
        ? ({ kind: 'immutable', hash: hash as Uint8Array } as const)
        : ({ kind: 'user', organisation: owner, name: key } as const);
    // What this node keeps itself is known better here than in the DHT.
    const isOwn = owner === undefined || this.context.organisations.isOwn(owner);
    const own = isOwn ? this.own.storedValue(hash === undefined ? key : idToText(hash)) : undefined;
    if (own !== undefined && hash !== undefined) return tellGot(waiter, { ok: true, values: [own] }, out);
    const dhtKey = this.lookups.keyOf(place);
    const values = new Map(own === undefined ? [] : [[this.context.self, own]]);
    const subject: ValueSubject = { kind: 'value', organisation: owner, values };
    const lookup =
      this.lookups.under(toHex(dhtKey)) ?? this.lookups.start(dhtKey, subject, VALUES_MAX, now, out);
    if (lookup === undefined || !this.lookups.wait(lookup, waiter))
      tellGot(waiter, { ok: false, code: 'TIMED_OUT' }, out);
  }

  onFound(lookup: Lookup, subject: ValueSubject, found: Found, now: number, out: DiscoveryOutbox): void {
    for (const record of found.records) {
      const reason = this.take(lookup, subject, record, now);
      if (reason !== undefined) out.emit({ kind: 'dropped', reason });
    }
    const isProven = subject.organisation === undefined && subject.values.size > 0;
    if (found.isComplete || isProven) this.onEnd(lookup, subject, out);
  }

  onEnd(lookup: Lookup, subject: ValueSubject, out: DiscoveryOutbox): void {
    this.lookups.end(lookup, out);
    const values = [...subject.values.values()].sort((a, b) => b.sequence - a.sequence);
    const isAnswered = isComplete(lookup) && (isHeard(lookup) || this.context.isCore);
    const result: GetResult =
      values.length > 0 || isAnswered
        ? { ok: true, values: values.slice(0, VALUES_MAX) }
        : { ok: false, code: 'TIMED_OUT' };
    for (const waiter of lookup.waiters) tellGot(waiter, result, out);
  }

  private take(
    lookup: Lookup,
    { organisation, values }: ValueSubject,
    record: DhtRecord,
    now: number,
  ): DiscoveryDrop | undefined {
    const { publisher, sequence, expires, body } = record;
    if (record.kind !== 'user' && record.kind !== 'immutable') return 'recordUnexpected';
    if (expires * SECOND_MS <= this.context.wallMs(now)) return 'recordExpired';
    if (!(body instanceof Uint8Array)) return undefined;
    const node = toHex(publisher);
    const isSelf = node === this.context.self;
    const member = isSelf ? this.context.member : this.context.peers.get(node)?.member;
    if (organisation === undefined) {
      const place = this.lookups.keyOf({ kind: 'immutable', hash: this.context.crypto.sha256(body) });
      if (record.kind !== 'immutable' || toHex(place) !== lookup.name) return 'recordUnexpected';
    } else {
      const place = this.lookups.keyOf({ kind: 'user', organisation, name: record.name });
      if (record.kind !== 'user' || toHex(place) !== lookup.name) return 'recordName';
      if (member !== undefined && !equalBytes(member.organisation, organisation)) return 'recordOrganisation';
    }
    if (isSelf && values.has(node)) return undefined;
    const before = values.get(node);
    if (before !== undefined && sequence < before.sequence) return 'recordReplayed';
    if (before === undefined && values.size >= VALUES_MAX) return undefined;
    const isVerified = organisation === undefined || member !== undefined;
    const value: StoredValue = {
      publisher,
      nodeName: member?.name ?? '',
      value: body,
      sequence,
      expires,
      isVerified,
    };
    values.set(node, value);
    return undefined;
  }
}

/** A key of a user's: no ID, which names an immutable value. */
function isKey(text: string): boolean {
  const bytes = encodeUtf8(text).length;
  return (
    bytes > 0 &&
    bytes <= NAME_MAX &&
    !/[\u0000-\u001f\u007f-\u009f]/.test(text) &&
    idFromText(text) === undefined
  );
}

function tellStored({ id, name, signed }: Put, copies: number, out: DiscoveryOutbox): void {
  const { sequence, expires } = signed;
  out.emit({ kind: 'stored', id, key: name, sequence, expires, copies });
}

function tellGot(waiter: Waiter, result: GetResult, out: DiscoveryOutbox): void {
  if (waiter.kind === 'get') out.emit({ kind: 'got', id: waiter.id, result });
}
