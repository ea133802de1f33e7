import { readFileSync } from 'node:fs';
import t from 'tap';
import { fromHex, toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { nobleCrypto } from '../../../src/core/identity/identity.ts';
import type { Crypto } from '../../../src/core/identity/types.ts';
import {
  chaChaPolyNonce,
  type KeyPair,
  MESSAGE1_OVERHEAD,
  MESSAGE2_OVERHEAD,
  readMessage1,
  readMessage2,
  writeMessage1,
  writeMessage2,
} from '../../../src/core/session/noise.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';

const { vectors } = JSON.parse(readFileSync(new URL('../../vectors/noise-ik.json', import.meta.url), 'utf8'));
const hex = (text: string): Uint8Array => fromHex(text) as Uint8Array;

for (const [name, crypto] of Object.entries({ nobleCrypto, nodeCrypto })) {
  const pair = (privateKey: Uint8Array): KeyPair => ({
    privateKey,
    publicKey: crypto.x25519.publicKey(privateKey),
  });

  for (const vector of vectors) {
    t.test(`${name}: ${vector.protocol_name}, byte for byte`, (t) => {
      const initiator = pair(hex(vector.init_static));
      const responder = pair(hex(vector.resp_static));
      const messages = vector.messages.map((each: { payload: string; ciphertext: string }) => ({
        payload: hex(each.payload),
        ciphertext: each.ciphertext,
      }));
      const prologue = hex(vector.init_prologue);
      t.equal(toHex(responder.publicKey), vector.init_remote_static);

      const first = writeMessage1(
        crypto,
        prologue,
        initiator,
        pair(hex(vector.init_ephemeral)),
        responder.publicKey,
        messages[0].payload,
      );
      t.equal(toHex(first.message), messages[0].ciphertext);
      const opened = readMessage1(crypto, prologue, responder, first.message);
      if (typeof opened === 'string') throw new Error(opened);
      t.same(opened.payload, messages[0].payload);
      t.same(opened.remoteStatic, initiator.publicKey);

      const second = writeMessage2(crypto, opened, pair(hex(vector.resp_ephemeral)), messages[1].payload);
      t.equal(toHex(second.message), messages[1].ciphertext);
      const answer = readMessage2(crypto, first.state, second.message);
      if (typeof answer === 'string') throw new Error(answer);
      t.same(answer.payload, messages[1].payload);
      t.same(answer.result, second.result);
      t.equal(toHex(answer.result.handshakeHash), vector.handshake_hash);

      const { initiatorKey, responderKey } = answer.result;
      messages.slice(2).forEach((message: { payload: Uint8Array; ciphertext: string }, i: number) => {
        const key = i % 2 === 0 ? initiatorKey : responderKey;
        const nonce = chaChaPolyNonce(Math.floor(i / 2));
        const sealed = crypto.chacha20Poly1305.seal(key, nonce, message.payload, new Uint8Array(0));
        t.equal(toHex(sealed), message.ciphertext);
      });
      t.end();
    });
  }

  t.test(`${name}: refusals`, (t) => {
    const rng = seededRng(name);
    const alice = pair(rng.bytes(32));
    const bob = pair(rng.bytes(32));
    const prologue = rng.bytes(5);
    const zero = new Uint8Array(32);
    const first = writeMessage1(crypto, prologue, alice, pair(rng.bytes(32)), bob.publicKey, rng.bytes(9));
    const opened = readMessage1(crypto, prologue, bob, first.message);
    if (typeof opened === 'string') throw new Error(opened);
    const second = writeMessage2(crypto, opened, pair(rng.bytes(32)), rng.bytes(3));

    t.equal(first.message.length, MESSAGE1_OVERHEAD + 9);
    t.equal(second.message.length, MESSAGE2_OVERHEAD + 3);
    t.equal(readMessage1(crypto, rng.bytes(5), bob, first.message), 'noise', 'another prologue');
    t.equal(readMessage1(crypto, prologue, alice, first.message), 'noise', 'another responder');
    for (const at of [0, 31, 32, 79, 80, first.message.length - 1])
      t.equal(readMessage1(crypto, prologue, bob, flip(first.message, at)), 'noise', `byte ${at} flipped`);
    for (const at of [0, 32, second.message.length - 1])
      t.equal(readMessage2(crypto, first.state, flip(second.message, at)), 'noise', `byte ${at} flipped`);
    t.equal(
      readMessage2(crypto, first.state, second.message.subarray(0, MESSAGE2_OVERHEAD)),
      'noise',
      'cut short',
    );

    t.equal(readMessage1(crypto, prologue, bob, replaceKey(first.message, zero)), 'lowOrder', 'e of order 1');
    t.equal(readMessage2(crypto, first.state, replaceKey(second.message, zero)), 'lowOrder', 'e of order 1');
    t.throws(() => writeMessage1(crypto, prologue, alice, pair(rng.bytes(32)), zero, zero), RangeError);
    const lying = writeMessage1(crypto, prologue, { ...alice, publicKey: zero }, alice, bob.publicKey, zero);
    t.equal(readMessage1(crypto, prologue, bob, lying.message), 'lowOrder', 's of order 1');

    t.type(
      readMessage2(crypto, first.state, second.message),
      Object,
      'after all these the right answer still opens',
    );
    t.end();
  });
}

t.test('small-order keys of either half are refused', (t) => {
  const onlyFirst: Crypto = {
    ...nodeCrypto,
    x25519: {
      ...nodeCrypto.x25519,
      sharedSecret: (() => {
        let calls = 0;
        return (own: Uint8Array, remote: Uint8Array) =>
          calls++ === 0 ? nodeCrypto.x25519.sharedSecret(own, remote) : undefined;
      })(),
    },
  };
  const rng = seededRng(1);
  const privateKey = rng.bytes(32);
  const own = { privateKey, publicKey: nodeCrypto.x25519.publicKey(privateKey) };
  const first = writeMessage1(nodeCrypto, rng.bytes(1), own, own, own.publicKey, rng.bytes(1));
  t.equal(readMessage2(onlyFirst, first.state, rng.bytes(60)), 'lowOrder');
  t.end();
});

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[at] ^= 1;
  return flipped;
}

function replaceKey(message: Uint8Array, key: Uint8Array): Uint8Array {
  const replaced = message.slice();
  replaced.set(key);
  return replaced;
}
