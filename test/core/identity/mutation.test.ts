// Whatever proves something is believed in one form only: any bit more, fewer or other, any other encoding, purpose or network, and it
// is not. A new kind belongs into ./kinds.ts; the last test finds those that are not there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { concat, EMPTY } from '../../../src/core/base/bytes.ts';
import { encodeUtf8 } from '../../../src/core/base/utf8.ts';
import { KINDS, network, other, SIGNED, type Signed } from './kinds.ts';
import { messagesOf, otherEncodings, withExtension } from './protobuf-tree.ts';

/** Names of what was believed, of all that is asked about. */
function believed(
  asked: Iterable<{ readonly name: string; readonly bytes: Uint8Array }>,
  isBelieved: (bytes: Uint8Array) => boolean,
): { readonly names: string[]; readonly count: number } {
  const names: string[] = [];
  let count = 0;
  for (const { name, bytes } of asked) {
    count++;
    if (isBelieved(bytes)) names.push(name);
  }
  return { names, count };
}

function* flips(bytes: Uint8Array) {
  for (let i = 0; i < bytes.length; i++)
    for (let bit = 0; bit < 8; bit++) {
      const changed = bytes.slice();
      changed[i] ^= 1 << bit;
      yield { name: `byte ${i}, bit ${bit}`, bytes: changed };
    }
}

function* lengths(bytes: Uint8Array) {
  for (let length = 0; length < bytes.length; length++) {
    yield { name: `its first ${length} bytes`, bytes: bytes.slice(0, length) };
    yield { name: `its last ${length} bytes`, bytes: bytes.slice(bytes.length - length) };
  }
  for (let byte = 0; byte < 256; byte++) {
    yield { name: `${byte} behind it`, bytes: concat(bytes, Uint8Array.of(byte)) };
    yield { name: `${byte} in front of it`, bytes: concat(Uint8Array.of(byte), bytes) };
  }
  yield { name: 'twice', bytes: concat(bytes, bytes) };
}

for (const { name, rule, bytes, isProven, text, ...kind } of KINDS)
  t.test(`${name}: in one form only`, async (t) => {
    t.ok(kind.believed(bytes), 'as it is');
    if (isProven) t.same(believed(flips(bytes), kind.believed).names, [], 'a bit changed');
    t.same(believed(lengths(bytes), kind.believed).names, [], 'cut, or more of it');
    if (text !== undefined) {
      t.ok(text.believed(text.bytes));
      t.same(believed(flips(text.bytes), text.believed).names, [], 'a bit of its text changed');
      t.same(believed(lengths(text.bytes), text.believed).names, [], 'its text cut');
    }
    if (rule === undefined) return;
    const { names, count } = believed(otherEncodings(bytes, rule), kind.believed);
    t.same(names, [], 'encoded otherwise');
    t.ok(count > 20, `in ${count} ways`);
    if (rule.fields[15] !== undefined)
      t.notOk(kind.believed(withExtension(bytes, true)), 'a critical extension');
  });

t.test('nothing is taken for anything else', async (t) => {
  for (const kind of KINDS)
    for (const { name, bytes } of KINDS) {
      const isSame =
        KINDS.some((one) => one.name === name && one.believed === kind.believed) || isAlike(kind.name, name);
      if (!isSame) t.notOk(kind.believed(bytes), `a ${name} as ${kind.name}`);
    }
});

/** Believed where the other is, by right. */
function isAlike(one: string, two: string): boolean {
  const family = (name: string) => /^(revocation|request|signed document)/.exec(name)?.[0] ?? name;
  return family(one) === family(two);
}

const PURPOSES = [...new Set(SIGNED.map(({ purpose }) => purpose)), ''];

function input({ isOfNetwork }: Signed, purpose: string, content: Uint8Array, of = network): Uint8Array {
  return concat(encodeUtf8(purpose), isOfNetwork ? of.id : EMPTY, content);
}

for (const signed of SIGNED) {
  const { name, rule, purpose, content, isOfNetwork } = signed;
  /** Signed by the right key, as it is. What is too long to be sent at all is not believed either. */
  const isGood = (bytes: Uint8Array) => {
    try {
      return signed.believed(signed.whole(bytes, input(signed, purpose, bytes)));
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  };
  t.test(`${name}: signed for one purpose, in one network, in one form`, async (t) => {
    t.ok(isGood(content));
    for (const wrong of [...PURPOSES, purpose.slice(0, -1), `${purpose}\0`])
      if (wrong !== purpose)
        t.notOk(signed.believed(signed.whole(content, input(signed, wrong, content))), JSON.stringify(wrong));
    if (isOfNetwork)
      t.notOk(
        signed.believed(signed.whole(content, input(signed, purpose, content, other))),
        'another network',
      );
    else t.notOk(signed.believed(signed.whole(content, concat(encodeUtf8(purpose), network.id, content))));
    if (rule === undefined) return;
    const { names, count } = believed(otherEncodings(content, rule), isGood);
    t.same(names, [], 'signed in another encoding');
    t.ok(count > 15, `in ${count} ways`);
    if (rule.fields[15] === undefined) return;
    t.ok(isGood(withExtension(content, false)), 'an extension that may be passed over');
    t.notOk(isGood(withExtension(content, true)), 'one that may not');
  });
}

// --- That nothing is left out ---

const CHECKOUT = join(import.meta.dirname, '../../..');
/** Messages between nodes, in sessions that prove who speaks: nobody keeps them. */
const SPOKEN = ['RevocationHead', 'RevocationQuery', 'RevocationAnswer', 'RevocationPart', 'Revocations'];
/** Texts that are hashed or keyed with, and never signed. */
const HASHED = [
  'mcc endpoint',
  'mcc service',
  'mcc shard\0',
  'mcc place\0',
  'mcc document checksum\0',
  'mcc token checksum\0',
  'mcc join token',
  'mcc guest proof of work\0',
  'mcc vouching',
  'mcc meeting',
  'mcc own',
  'mcc pair\0',
  'mcc sealing\0',
  'mcc cover\0',
];

t.test('every message that proves something, and every purpose of a signature, is above', async (t) => {
  const messages = ['certificate', 'revocation'].flatMap((file) =>
    [...readFileSync(join(CHECKOUT, `proto/${file}.proto`), 'utf8').matchAll(/^message (\w+)/gm)].map(
      ([, name]) => name,
    ),
  );
  t.ok(messages.length > 20);
  const listed = new Set(
    [...KINDS, ...SIGNED].flatMap(({ rule }) => (rule === undefined ? [] : messagesOf(rule))),
  );
  t.same(
    messages.filter((name) => !listed.has(name) && !SPOKEN.includes(name)),
    [],
    'messages that ./kinds.ts lacks',
  );
  const folder = join(CHECKOUT, 'src/core/identity');
  const texts = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/encodeUtf8\('(mcc [^']*)'\)/g)].map(([, text]) =>
      text.replaceAll('\\0', '\0'),
    ),
  );
  t.ok(texts.length > 15);
  t.same(
    texts.filter((text) => !PURPOSES.includes(text) && !HASHED.includes(text)),
    [],
    'purposes that ./kinds.ts lacks',
  );
});
