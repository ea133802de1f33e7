// The bytes of a protobuf message as a tree by its rule, and the same values in every other encoding that protobuf knows.
import { concat } from '../../../src/core/base/bytes.ts';
import type { FieldRule, MessageRule } from '../../../src/core/wire/scan.ts';

interface Field {
  readonly number: number;
  /** A number, the bytes of a field that holds no message, or a message. */
  readonly value: number | Uint8Array | Message;
  /** Bytes by which its tag, and its value or length, are longer than need be. */
  readonly tagPadding: number;
  readonly padding: number;
}

interface Message {
  readonly rule: MessageRule;
  readonly fields: readonly Field[];
}

function parse(bytes: Uint8Array, rule: MessageRule): Message {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = tag >>> 3;
    const plain = { number, tagPadding: 0, padding: 0 };
    const value = varint();
    if ((tag & 7) === 0) {
      fields.push({ ...plain, value });
      continue;
    }
    const content = bytes.slice(at, at + value);
    at += value;
    const field = rule.fields[number];
    fields.push({ ...plain, value: field.type === 'message' ? parse(content, field.rule) : content });
  }
  return { rule, fields };
}

function varint(value: number, padding: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  for (let i = 0; i < padding; i++) {
    bytes[bytes.length - 1] |= 0x80;
    bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

function print({ fields }: Message): Uint8Array {
  return concat(
    ...fields.map(({ number, value, tagPadding, padding }) => {
      if (typeof value === 'number') return concat(varint(8 * number, tagPadding), varint(value, padding));
      const content = value instanceof Uint8Array ? value : print(value);
      return concat(varint(8 * number + 2, tagPadding), varint(content.length, padding), content);
    }),
  );
}

/** Other encodings of the same values, each with its name: what protobuf allows to write and canonical messages must not be. */
export function* otherEncodings(
  bytes: Uint8Array,
  rule: MessageRule,
): Generator<{ readonly name: string; readonly bytes: Uint8Array }> {
  const message = parse(bytes, rule);
  for (const { name, message: changed } of changes(message)) yield { name, bytes: print(changed) };
}

function* changes(message: Message): Generator<{ readonly name: string; readonly message: Message }> {
  const { rule, fields } = message;
  const say = (what: string, changed: readonly Field[]) => ({
    name: `${rule.name}: ${what}`,
    message: { rule, fields: changed },
  });
  for (const [i, field] of fields.entries()) {
    const { number } = field;
    const replaced = (...by: Field[]) => [...fields.slice(0, i), ...by, ...fields.slice(i + 1)];
    for (const by of [1, 2]) {
      yield say(`tag of field ${number} longer by ${by}`, replaced({ ...field, tagPadding: by }));
      yield say(`number or length of field ${number} longer by ${by}`, replaced({ ...field, padding: by }));
    }
    if (!isList(rule.fields[number])) yield say(`field ${number} twice`, replaced(field, field));
    const next = fields.at(i + 1);
    if (next !== undefined && next.number !== number)
      yield say(`fields ${number} and ${next.number} exchanged`, [
        ...fields.slice(0, i),
        next,
        field,
        ...fields.slice(i + 2),
      ]);
    if (typeof field.value === 'number' || field.value instanceof Uint8Array) continue;
    for (const { name, message: value } of changes(field.value))
      yield say(`field ${number}: ${name}`, replaced({ ...field, value }));
  }
  for (const [key, field] of Object.entries(rule.fields)) {
    const number = Number(key);
    if (fields.some((there) => there.number === number)) continue;
    const value = emptyOf(field);
    if (value === undefined) continue;
    const after = fields.filter((there) => there.number > number);
    const empty = { number, value, tagPadding: 0, padding: 0 };
    yield say(`field ${number}, written although it says nothing`, [
      ...fields.slice(0, fields.length - after.length),
      empty,
      ...after,
    ]);
  }
  for (const number of [40, 99])
    for (const value of [0, 1, new Uint8Array(3)])
      yield say(`a field ${number} that nobody knows`, [
        ...fields,
        { number, value, tagPadding: 0, padding: 0 },
      ]);
}

function isList(field: FieldRule): boolean {
  return field.type !== 'uint' && field.count > 1;
}

/** What a field that is not there means, written down. */
function emptyOf(field: FieldRule): number | Uint8Array | undefined {
  if (field.type === 'uint') return 0;
  if (field.type === 'message' || field.type === 'packed' || isList(field) || field.min > 0) return undefined;
  return new Uint8Array(0);
}

/** Names of this message and of all within it. */
export function messagesOf(rule: MessageRule): string[] {
  const inner = Object.values(rule.fields).flatMap((field) =>
    field.type === 'message' ? messagesOf(field.rule) : [],
  );
  return [rule.name, ...inner];
}

/** The message with an extension behind its last field, where one has its place. */
export function withExtension(bytes: Uint8Array, isCritical: boolean): Uint8Array {
  const flag = isCritical ? [0x10, 1] : [];
  const extension = [0x08, 7, ...flag, 0x1a, 1, 1];
  return concat(bytes, Uint8Array.of(0x7a, extension.length, ...extension));
}
