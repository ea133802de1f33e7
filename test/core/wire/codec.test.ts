// Every codec: what goes in comes out, and whatever comes in, nothing but WireError comes of it.
import fc from 'fast-check';
import t from 'tap';
import { equalBytes } from '../../../src/core/base/bytes.ts';
import {
  decodeControl,
  decodeHandshakePayload,
  encodeControl,
  encodeHandshakePayload,
  encodeJoinToken,
  WireError,
} from '../../../src/core/wire/wire.ts';
import { controlMessage, damaged, handshakePayload, joinToken } from './arbitraries.ts';
import { type Codec, codecs } from './codecs.ts';

// Undefined: refused as WireError. Anything else that is thrown fails the test.
function attempt(codec: Codec<unknown>, bytes: Uint8Array): unknown {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

for (const [name, codec] of Object.entries(codecs)) {
  t.test(`${name}: decode(encode(x)) = x`, async (t) => {
    fc.assert(
      fc.property(codec.values, (value) => {
        const bytes = codec.encode(value);
        t.same(codec.decode(bytes), value);
        // Decoded bytes are copies: the datagram's memory is used again.
        const copy = bytes.slice();
        const decoded = codec.decode(copy);
        copy.fill(0);
        if (!equalBytes(codec.encode(decoded), bytes)) throw new Error('shares memory with its input');
      }),
      { numRuns: 150 },
    );
  });

  t.test(`${name}: damaged and random bytes cause nothing but WireError`, async (t) => {
    const encoded = codec.values.map(codec.encode);
    fc.assert(
      fc.property(fc.oneof(damaged(encoded), fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const value = attempt(codec, bytes);
        if (value === undefined || !codec.isCanonical) return;
        if (!equalBytes(codec.encode(value), bytes)) throw new Error('two encodings of one value');
      }),
      { numRuns: 1500 },
    );
    t.pass('held');
  });
}

t.test('unknown fields are ignored in conversations', async (t) => {
  const unknown = Uint8Array.of(
    0x98,
    0x06,
    0x05,
    0xa2,
    0x06,
    2,
    1,
    2,
    0xa9,
    0x06,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    0xad,
    0x06,
    1,
    2,
    3,
    4,
  );
  const ping = encodeControl({ kind: 'ping', id: 7 });
  t.same(decodeControl(Uint8Array.of(...ping, ...unknown)), { kind: 'ping', id: 7 });
  t.same(decodeControl(Uint8Array.of(0, ...unknown)), { kind: 'unknown' }, 'a body of a later version');
  t.same(decodeControl(Uint8Array.of(0)), { kind: 'unknown' });
  const payload = fc.sample(handshakePayload, 1)[0];
  t.same(
    decodeHandshakePayload(Uint8Array.of(...encodeHandshakePayload(payload).slice(0), ...unknown)),
    payload,
  );
});

t.test('codes of a later version read as other', async (t) => {
  t.same(decodeControl(Uint8Array.of(0, 0x32, 2, 8, 99)), { kind: 'admissionRefusal', code: 'other' });
  t.same(decodeControl(Uint8Array.of(0, 0x42, 2, 8, 99)), { kind: 'close', reason: 'other' });
});

function refusal(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof WireError ? error.fault : `${error}`;
  }
}

t.test('unknown fields are refused in what is signed', async (t) => {
  for (const name of [
    'genesis',
    'organisation',
    'member',
    'guest',
    'chain',
    'token',
    'invitation',
    'wanted',
    'request',
    'document',
    'epoch',
    'signedEpoch',
    'pseudonym',
  ]) {
    const codec = codecs[name];
    const bytes = codec.encode(fc.sample(codec.values, 1)[0]);
    t.match(
      refusal(() => codec.decode(Uint8Array.of(...bytes, 0x98, 0x06, 0x05))),
      /notCanonical/,
      name,
    );
  }
});

t.test('values beyond a limit are the caller’s mistake', async (t) => {
  t.throws(
    () => encodeControl({ kind: 'admissionAnswer', chain: new Uint8Array(901), nodes: [] }),
    RangeError,
  );
  t.throws(() => encodeControl({ kind: 'admissionAnswer', chain: new Uint8Array(0), nodes: [] }), RangeError);
  const [record] = fc.sample(controlMessage, { numRuns: 1, seed: 1 });
  t.ok(record);
  const payload = fc.sample(handshakePayload, 1)[0];
  t.throws(() => encodeHandshakePayload({ ...payload, suites: new Array(9).fill(1) }), RangeError);
  t.throws(() => encodeHandshakePayload({ ...payload, early: new Uint8Array(1001) }), RangeError);
  const token = fc.sample(joinToken, 1)[0];
  const hosts = new Array(9).fill({ host: 'a', port: 1 });
  t.throws(
    () => encodeJoinToken({ ...token, signers: [{ nodeId: new Uint8Array(32), addresses: [], hosts }] }),
    RangeError,
  );
});
