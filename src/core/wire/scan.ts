// Looks through protobuf bytes before the generated decoder sees them, and refuses what that would build too much from:
// lengths, counts, depth and wire types are checked in place, and nothing is allocated.
import { decodeUtf8 } from '../base/utf8.ts';
import { LIST_MAX, PROTOBUF_DEPTH_MAX, PROTOBUF_FIELDS_MAX } from './limits.ts';
import { WireError } from './wire-error.ts';

/** What one field may be. `min` > 0 makes it required. */
export type FieldRule =
  | { readonly type: 'uint'; readonly max: number }
  | { readonly type: 'bytes' | 'text'; readonly min: number; readonly max: number; readonly count: number }
  | { readonly type: 'packed'; readonly max: number; readonly count: number }
  | { readonly type: 'message'; readonly rule: MessageRule; readonly min: 0 | 1; readonly count: number };

/** Fields by number. Unknown ones are skipped unless `closed`. */
export interface MessageRule {
  readonly name: string;
  readonly fields: Readonly<Record<number, FieldRule>>;
  readonly closed: boolean;
  /** Field numbers of which at most one may be there (a oneof). */
  readonly oneOf?: readonly number[];
}

export const U32_MAX = 0xffff_ffff;

export const uint = (max = U32_MAX): FieldRule => ({ type: 'uint', max });
export const u64 = (): FieldRule => ({ type: 'uint', max: Number.MAX_SAFE_INTEGER });
export const bytes = (min: number, max: number): FieldRule => ({ type: 'bytes', min, max, count: 1 });
export const bytesList = (min: number, max: number, count: number): FieldRule => ({
  type: 'bytes',
  min,
  max,
  count,
});
export const text = (min: number, max: number): FieldRule => ({ type: 'text', min, max, count: 1 });
export const textList = (min: number, max: number, count: number): FieldRule => ({
  type: 'text',
  min,
  max,
  count,
});
export const packed = (max: number, count: number): FieldRule => ({ type: 'packed', max, count });
export const message = (rule: MessageRule, min: 0 | 1 = 0): FieldRule => ({
  type: 'message',
  rule,
  min,
  count: 1,
});
export const messageList = (rule: MessageRule, count = LIST_MAX): FieldRule => ({
  type: 'message',
  rule,
  min: 0,
  count,
});

/** Field numbers of known fields are below. */
const FIELD_NUMBERS = 64;
/** How often each field was seen, by depth: one message is looked at at a time. */
const counts = new Uint16Array((PROTOBUF_DEPTH_MAX + 1) * FIELD_NUMBERS);
const requiredFields = new WeakMap<MessageRule, readonly number[]>();

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Throws WireError unless the bytes are one message of that rule, within all limits. */
export function scan(data: Uint8Array, rule: MessageRule, maxBytes: number): void {
  if (data.length > maxBytes) throw new WireError('tooLong', `${rule.name}: ${data.length} bytes`);
  new Scanner(data).message(rule, data.length, 1);
}

class Scanner {
  private readonly data: Uint8Array;
  private at = 0;
  private fieldsLeft = PROTOBUF_FIELDS_MAX;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  message(rule: MessageRule, end: number, depth: number): void {
    if (depth > PROTOBUF_DEPTH_MAX) throw new WireError('tooComplex', `${rule.name}: nested too deep`);
    const seen = depth * FIELD_NUMBERS;
    counts.fill(0, seen, seen + FIELD_NUMBERS);
    while (this.at < end) {
      if (--this.fieldsLeft < 0) throw new WireError('tooComplex', `${rule.name}: too many fields`);
      const tag = this.varint(end, U32_MAX, rule);
      const number = Math.floor(tag / 8);
      const wireType = tag % 8;
      if (number === 0) throw new WireError('malformed', `${rule.name}: field 0`);
      const field = number < FIELD_NUMBERS ? rule.fields[number] : undefined;
      if (field === undefined) {
        if (rule.closed) throw new WireError('notCanonical', `${rule.name}: unknown field ${number}`);
        this.skip(wireType, end, rule);
        continue;
      }
      const count = counts[seen + number] + this.field(field, number, wireType, end, rule, depth);
      if (count > countOf(field))
        throw new WireError('tooComplex', `${rule.name}: field ${number} too often`);
      counts[seen + number] = count;
    }
    checkPresence(rule, seen);
  }

  // Returns how many elements it holds.
  private field(
    field: FieldRule,
    number: number,
    wireType: number,
    end: number,
    rule: MessageRule,
    depth: number,
  ): number {
    if (field.type === 'uint' || (field.type === 'packed' && wireType === VARINT)) {
      if (wireType !== VARINT) throw new WireError('malformed', `${rule.name}: field ${number} is no number`);
      this.varint(end, field.max, rule);
      return 1;
    }
    if (wireType !== DELIMITED)
      throw new WireError('malformed', `${rule.name}: field ${number} has no length`);
    const fieldEnd = this.length(end, rule);
    if (field.type === 'message') {
      this.message(field.rule, fieldEnd, depth + 1);
      return 1;
    }
    if (field.type === 'packed') return this.packed(field, fieldEnd, rule);
    this.string(field, number, fieldEnd, rule);
    return 1;
  }

  private packed(field: FieldRule & { type: 'packed' }, end: number, rule: MessageRule): number {
    let count = 0;
    while (this.at < end) {
      if (++count > field.count) throw new WireError('tooComplex', `${rule.name}: list too long`);
      this.varint(end, field.max, rule);
    }
    return count;
  }

  private string(
    field: FieldRule & { type: 'bytes' | 'text' },
    number: number,
    end: number,
    rule: MessageRule,
  ): void {
    const length = end - this.at;
    if (length > field.max) throw new WireError('tooLong', `${rule.name}: field ${number}: ${length} bytes`);
    if (length < field.min)
      throw new WireError('truncated', `${rule.name}: field ${number}: ${length} bytes`);
    if (field.type === 'text' && decodeUtf8(this.data.subarray(this.at, end)) === undefined)
      throw new WireError('malformed', `${rule.name}: field ${number} is not UTF-8`);
    this.at = end;
  }

  private skip(wireType: number, end: number, rule: MessageRule): void {
    if (wireType === VARINT) this.varint(end, Number.POSITIVE_INFINITY, rule);
    else if (wireType === DELIMITED) this.at = this.length(end, rule);
    else if (wireType === FIXED64) this.advance(8, end, rule);
    else if (wireType === FIXED32) this.advance(4, end, rule);
    // Groups are deprecated, and nest without a length.
    else throw new WireError('malformed', `${rule.name}: wire type ${wireType}`);
  }

  private length(end: number, rule: MessageRule): number {
    const length = this.varint(end, U32_MAX, rule);
    if (length > end - this.at)
      throw new WireError('truncated', `${rule.name}: a field ends behind its message`);
    return this.at + length;
  }

  private advance(by: number, end: number, rule: MessageRule): void {
    if (by > end - this.at) throw new WireError('truncated', `${rule.name}: a field ends behind its message`);
    this.at += by;
  }

  private varint(end: number, max: number, rule: MessageRule): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.at >= end) throw new WireError('truncated', `${rule.name}: a number is cut short`);
      const byte = this.data[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > max) throw new WireError('tooLong', `${rule.name}: number ${value} is too large`);
        return value;
      }
      scale *= 128;
    }
    throw new WireError('malformed', `${rule.name}: a number of more than ten bytes`);
  }
}

function requiredOf(rule: MessageRule): readonly number[] {
  let required = requiredFields.get(rule);
  if (required === undefined) {
    required = Object.keys(rule.fields)
      .map(Number)
      .filter((number) => isRequired(rule.fields[number]));
    requiredFields.set(rule, required);
  }
  return required;
}

function isRequired(field: FieldRule): boolean {
  return field.type !== 'uint' && field.type !== 'packed' && field.min > 0 && field.count === 1;
}

function countOf(field: FieldRule): number {
  return field.type === 'uint' ? 1 : field.count;
}

/** Of a message whose fields were counted from `seen` on. */
function checkPresence(rule: MessageRule, seen: number): void {
  for (const number of requiredOf(rule)) {
    if (counts[seen + number] === 0) throw new WireError('truncated', `${rule.name}: no field ${number}`);
  }
  if (rule.oneOf === undefined) return;
  let chosen = 0;
  for (const number of rule.oneOf) if (counts[seen + number] > 0) chosen++;
  if (chosen > 1) throw new WireError('malformed', `${rule.name}: more than one body`);
}
