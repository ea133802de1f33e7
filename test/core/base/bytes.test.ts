import fc from 'fast-check';
import t from 'tap';
import { decodeBase32, encodeBase32 } from '../../../src/core/base/base32.ts';
import {
  compareBytes,
  concat,
  equalBytes,
  equalConstantTime,
  fromHex,
  isAllZero,
  readU16BE,
  readU16LE,
  readU32BE,
  readU32LE,
  readU64BE,
  readU64LE,
  toHex,
  writeU16BE,
  writeU16LE,
  writeU32BE,
  writeU32LE,
  writeU64BE,
  writeU64LE,
} from '../../../src/core/base/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '../../../src/core/base/utf8.ts';

const anyBytes = fc.uint8Array({ maxLength: 80 });

t.test('concat, compare and equal agree with Buffer', async (t) => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      t.same(concat(a, b), new Uint8Array(Buffer.concat([a, b])));
      t.equal(Math.sign(compareBytes(a, b)), Buffer.compare(a, b));
      t.equal(equalBytes(a, b), Buffer.from(a).equals(b));
      t.equal(equalConstantTime(a, b), Buffer.from(a).equals(b));
      t.ok(equalConstantTime(a, a.slice()));
    }),
  );
  t.same(concat(), new Uint8Array(0));
  t.ok(isAllZero(new Uint8Array(4)));
  t.notOk(isAllZero(Uint8Array.of(0, 0, 1)));
});

t.test('hexadecimal', async (t) => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      t.equal(toHex(bytes), Buffer.from(bytes).toString('hex'));
      t.same(fromHex(toHex(bytes)), bytes);
      t.same(fromHex(toHex(bytes).toUpperCase()), bytes);
    }),
  );
  for (const text of ['0', '0g', '0x00', ' 00', '-1', '１２']) t.equal(fromHex(text), undefined, text);
});

t.test('integers at an offset', async (t) => {
  const u64 = fc.maxSafeNat();
  fc.assert(
    fc.property(fc.nat(0xffff), fc.nat(0xffffffff), u64, fc.nat(5), (small, medium, large, at) => {
      const bytes = new Uint8Array(16);
      const view = new DataView(bytes.buffer);
      writeU16BE(bytes, at, small);
      t.equal(view.getUint16(at), small);
      t.equal(readU16BE(bytes, at), small);
      writeU16LE(bytes, at, small);
      t.equal(view.getUint16(at, true), small);
      t.equal(readU16LE(bytes, at), small);
      writeU32BE(bytes, at, medium);
      t.equal(view.getUint32(at), medium);
      t.equal(readU32BE(bytes, at), medium);
      writeU32LE(bytes, at, medium);
      t.equal(view.getUint32(at, true), medium);
      t.equal(readU32LE(bytes, at), medium);
      writeU64BE(bytes, at, large);
      t.equal(view.getBigUint64(at), BigInt(large));
      t.equal(readU64BE(bytes, at), large);
      writeU64LE(bytes, at, large);
      t.equal(view.getBigUint64(at, true), BigInt(large));
      t.equal(readU64LE(bytes, at), large);
    }),
  );
  t.ok(readU64LE(new Uint8Array(8).fill(0xff), 0) > Number.MAX_SAFE_INTEGER);
});

t.test('base32 comes back, in either case and as people misread it', async (t) => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const text = encodeBase32(bytes);
      t.match(text, /^[0-9a-hjkmnp-tv-z]*$/);
      t.equal(text.length, Math.ceil((bytes.length * 8) / 5));
      t.same(decodeBase32(text), bytes);
      t.same(decodeBase32(text.toUpperCase()), bytes);
      t.same(decodeBase32(text.replaceAll('0', 'o').replaceAll('1', 'l')), bytes);
      t.same(decodeBase32(text.replaceAll('1', 'I')), bytes);
    }),
  );
  t.equal(encodeBase32(encodeUtf8('hello')), 'd1jprv3f');
  t.equal(encodeBase32(new Uint8Array(32)).length, 52);
});

t.test('base32 refuses other characters, lengths and left-over bits', async (t) => {
  for (const text of ['u0', '0', '00000u', '01', '0-', '0é', 'zz'.repeat(3)])
    t.equal(decodeBase32(text), undefined, text);
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      const bytes = decodeBase32(text);
      if (bytes === undefined) return;
      const canonical = text.toLowerCase().replaceAll('o', '0').replaceAll(/[il]/g, '1');
      t.equal(encodeBase32(bytes), canonical);
    }),
  );
});

t.test('UTF-8 agrees with the platform', async (t) => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      t.same(encodeUtf8(text), new Uint8Array(new TextEncoder().encode(text)));
      t.equal(decodeUtf8(encodeUtf8(text)), text);
    }),
  );
  const nearUtf8 = fc.array(
    fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xa0, 0xed, 0xef, 0xf0, 0x90, 0xf4, 0xf5, 0xff),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(nearUtf8, (codes) => {
      const bytes = Uint8Array.from(codes);
      let expected: string | undefined;
      try {
        expected = decoder.decode(bytes);
      } catch {
        expected = undefined;
      }
      t.equal(decodeUtf8(bytes), expected);
    }),
    { numRuns: 500 },
  );
  t.equal(encodeUtf8('\ud800').length, 3, 'a lone surrogate becomes U+FFFD');
});
