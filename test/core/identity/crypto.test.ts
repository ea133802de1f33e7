// Published vectors and refusals, the same table for both providers.
import t, { type Test } from 'tap';
import { equalBytes, toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { nobleCrypto } from '../../../src/core/identity/identity.ts';
import type { Aead, Crypto } from '../../../src/core/identity/types.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { hex, readVectors } from '../../vectors/read.ts';

interface AeadVector {
  name: string;
  key: string;
  nonce: string;
  associatedData: string;
  plaintext: string;
  ciphertext: string;
  tag: string;
}
type AeadName = 'chacha20Poly1305' | 'aes256Gcm' | 'xchacha20Poly1305';

interface SignatureVector {
  name: string;
  publicKey: string;
  message: string;
  signature: string;
}

const hashes = readVectors<{
  sha256: { message: string; digest: string }[];
  hmacSha256: { name: string; key: string; message: string; mac: string }[];
  hkdf: { chainingKey: string; inputKeyMaterial: string; output: string };
}>('hash.json');
const aeads = readVectors<Record<AeadName, AeadVector[]>>('aead.json');
const signatures = readVectors<{ signatures: (SignatureVector & { seed: string })[] }>(
  'ed25519.json',
).signatures;
const refused = readVectors<{ signatures: SignatureVector[] }>('ed25519-refused.json').signatures;
const dh = readVectors<{
  multiply: { scalar: string; u: string; result: string }[];
  iterated: { times: number; result: string }[];
  agreement: Record<'alicePrivate' | 'alicePublic' | 'bobPrivate' | 'bobPublic' | 'shared', string>;
  smallOrder: string[];
}>('x25519.json');

const providers: readonly (readonly [string, Crypto])[] = [
  ['noble', nobleCrypto],
  ['node', nodeCrypto],
];

for (const [name, crypto] of providers) {
  t.test(`${name}: SHA-256, HMAC, HKDF`, async (t) => {
    for (const { message, digest } of hashes.sha256) t.equal(toHex(crypto.sha256(hex(message))), digest);
    for (const { name, key, message, mac } of hashes.hmacSha256)
      t.equal(toHex(crypto.hmacSha256(hex(key), hex(message))), mac, name);
    const { chainingKey, inputKeyMaterial, output } = hashes.hkdf;
    const keys = crypto.hkdf(hex(chainingKey), hex(inputKeyMaterial), 3).map(toHex);
    t.equal(keys.join('').slice(0, output.length), output);
    t.equal(crypto.hkdf(hex(chainingKey), hex(inputKeyMaterial), 2).length, 2);
  });

  for (const cipher of ['chacha20Poly1305', 'aes256Gcm', 'xchacha20Poly1305'] as const) {
    t.test(`${name}: ${cipher}`, async (t) => {
      for (const vector of aeads[cipher]) checkAead(t, crypto[cipher], vector);
      const key = new Uint8Array(32);
      const nonce = hex(aeads[cipher][0].nonce);
      const empty = new Uint8Array(0);
      for (const length of [0, 1, 15])
        t.equal(crypto[cipher].open(key, nonce, new Uint8Array(length), empty), undefined, `${length} bytes`);
      t.throws(() => crypto[cipher].seal(key.slice(1), nonce, empty, empty), RangeError, 'short key');
      t.throws(() => crypto[cipher].seal(key, nonce.slice(1), empty, empty), RangeError, 'short nonce');
      t.throws(() => crypto[cipher].open(key.slice(1), nonce, new Uint8Array(16), empty), RangeError);
    });
  }

  t.test(`${name}: Ed25519, RFC 8032`, async (t) => {
    for (const { name, seed, publicKey, message, signature } of signatures) {
      t.equal(toHex(crypto.ed25519.publicKey(hex(seed))), publicKey, name);
      t.equal(toHex(crypto.ed25519.sign(hex(seed), hex(message))), signature, name);
      t.equal(crypto.ed25519.verify(hex(publicKey), hex(message), hex(signature)), true, name);
      t.equal(crypto.ed25519.verify(hex(publicKey), hex(`${message}00`), hex(signature)), false, name);
    }
  });

  t.test(`${name}: Ed25519 refuses what only looks like a signature`, async (t) => {
    for (const { name, publicKey, message, signature } of refused)
      t.equal(crypto.ed25519.verify(hex(publicKey), hex(message), hex(signature)), false, name);
    const { publicKey, message, signature } = signatures[1];
    t.equal(crypto.ed25519.verify(hex(publicKey).slice(1), hex(message), hex(signature)), false, 'short key');
    t.equal(
      crypto.ed25519.verify(hex(publicKey), hex(message), hex(signature).slice(1)),
      false,
      'short signature',
    );
    t.equal(crypto.ed25519.verify(hex(publicKey), hex(message), new Uint8Array(65)), false, 'long signature');
  });

  t.test(`${name}: which encodings are keys`, async (t) => {
    const { isValidPublicKey, toX25519PublicKey, publicKey } = crypto.ed25519;
    const key = publicKey(hex(signatures[0].seed));
    t.equal(key[31] & 0x80, 0);
    t.ok(isValidPublicKey(key));
    const signBit = key.slice();
    signBit[31] |= 0x80;
    t.notOk(isValidPublicKey(signBit), 'sign bit');
    t.equal(toX25519PublicKey(signBit), undefined);
    for (const { name, publicKey } of refused.filter(
      ({ name }) => /key/.test(name) && !/another/.test(name),
    )) {
      t.notOk(isValidPublicKey(hex(publicKey)), name);
      t.equal(toX25519PublicKey(hex(publicKey)), undefined, name);
    }
    for (const length of [0, 31, 33])
      t.notOk(isValidPublicKey(new Uint8Array(length).fill(9)), `${length} bytes`);
  });

  t.test(`${name}: X25519, RFC 7748`, async (t) => {
    for (const { scalar, u, result } of dh.multiply)
      t.equal(toHex(crypto.x25519.sharedSecret(hex(scalar), hex(u)) as Uint8Array), result);
    const { alicePrivate, alicePublic, bobPrivate, bobPublic, shared } = dh.agreement;
    t.equal(toHex(crypto.x25519.publicKey(hex(alicePrivate))), alicePublic);
    t.equal(toHex(crypto.x25519.publicKey(hex(bobPrivate))), bobPublic);
    t.equal(toHex(crypto.x25519.sharedSecret(hex(alicePrivate), hex(bobPublic)) as Uint8Array), shared);
    t.equal(toHex(crypto.x25519.sharedSecret(hex(bobPrivate), hex(alicePublic)) as Uint8Array), shared);
    for (const { times, result } of dh.iterated)
      t.equal(toHex(iterate(crypto, times)), result, `${times} times`);
  });

  t.test(`${name}: X25519 refuses points of small order`, async (t) => {
    const secret = hex(dh.agreement.alicePrivate);
    for (const u of dh.smallOrder) t.equal(crypto.x25519.sharedSecret(secret, hex(u)), undefined, u);
    t.throws(() => crypto.x25519.sharedSecret(secret, new Uint8Array(31)), RangeError);
    t.throws(() => crypto.x25519.sharedSecret(secret.slice(1), hex(dh.agreement.bobPublic)), RangeError);
  });

  t.test(`${name}: the two forms of a key`, async (t) => {
    const rng = seededRng('forms');
    for (let i = 0; i < 5; i++) {
      const seed = rng.bytes(32);
      const publicKey = crypto.ed25519.publicKey(seed);
      publicKey[31] &= 0x7f;
      const form = crypto.ed25519.toX25519PublicKey(publicKey) as Uint8Array;
      const byPrivate = crypto.x25519.publicKey(crypto.ed25519.toX25519PrivateKey(seed));
      t.same(form, byPrivate, 'A and -A share one X25519 form, which the private form gives too');
      t.same(crypto.ed25519.fromX25519PublicKey(form), publicKey);
      form[31] |= 0x80;
      t.equal(crypto.ed25519.fromX25519PublicKey(form), undefined, 'not canonical');
    }
    for (const u of dh.smallOrder) t.equal(crypto.ed25519.fromX25519PublicKey(hex(u)), undefined, u);
    t.equal(crypto.ed25519.fromX25519PublicKey(new Uint8Array(31)), undefined);
    t.equal(crypto.ed25519.fromX25519PublicKey(new Uint8Array(32).fill(0xff)), undefined);
  });

  t.test(`${name}: a key array that is overwritten is another key`, async (t) => {
    const seed = new Uint8Array(32).fill(1);
    const first = crypto.ed25519.publicKey(seed);
    seed.fill(2);
    const second = crypto.ed25519.publicKey(seed);
    t.notSame(first, second);
    t.same(second, crypto.ed25519.publicKey(new Uint8Array(32).fill(2)));
    t.throws(() => crypto.ed25519.publicKey(new Uint8Array(33)), RangeError);
    t.throws(() => crypto.ed25519.toX25519PrivateKey(new Uint8Array(31)), RangeError);
  });

  t.test(`${name}: timingSafeEqual`, async (t) => {
    t.ok(crypto.timingSafeEqual(hex('0102'), hex('0102')));
    t.notOk(crypto.timingSafeEqual(hex('0102'), hex('0103')));
    t.notOk(crypto.timingSafeEqual(hex('0102'), hex('010200')));
  });
}

t.test('both providers agree on what nobody published', async (t) => {
  const rng = seededRng('agree');
  for (let i = 0; i < 12; i++) {
    const seed = rng.bytes(32);
    const message = rng.bytes(i * 37);
    const publicKey = nodeCrypto.ed25519.publicKey(seed);
    const signature = nodeCrypto.ed25519.sign(seed, message);
    t.same(nobleCrypto.ed25519.publicKey(seed), publicKey);
    t.same(nobleCrypto.ed25519.sign(seed, message), signature);
    const damaged = signature.slice();
    damaged[rng.u32() % 64] ^= 1 << (rng.u32() % 8);
    for (const candidate of [signature, damaged])
      t.equal(
        nobleCrypto.ed25519.verify(publicKey, message, candidate),
        nodeCrypto.ed25519.verify(publicKey, message, candidate),
      );
    const point = rng.bytes(32);
    t.same(nobleCrypto.x25519.sharedSecret(seed, point), nodeCrypto.x25519.sharedSecret(seed, point));
    t.same(nobleCrypto.ed25519.toX25519PrivateKey(seed), nodeCrypto.ed25519.toX25519PrivateKey(seed));
    t.equal(nobleCrypto.ed25519.isValidPublicKey(point), nodeCrypto.ed25519.isValidPublicKey(point));
    t.same(nobleCrypto.hkdf(seed, point, 3), nodeCrypto.hkdf(seed, point, 3));
    for (const cipher of ['chacha20Poly1305', 'aes256Gcm'] as const) {
      const nonce = rng.bytes(12);
      const sealed = nodeCrypto[cipher].seal(seed, nonce, message, point);
      t.same(nobleCrypto[cipher].seal(seed, nonce, message, point), sealed);
      t.same(nobleCrypto[cipher].open(seed, nonce, sealed, point), message);
    }
  }
});

function checkAead(t: Test, aead: Aead, vector: AeadVector): void {
  const key = hex(vector.key);
  const nonce = hex(vector.nonce);
  const associatedData = hex(vector.associatedData);
  const sealed = aead.seal(key, nonce, hex(vector.plaintext), associatedData);
  t.equal(toHex(sealed), vector.ciphertext + vector.tag, vector.name);
  t.equal(toHex(aead.open(key, nonce, sealed, associatedData) as Uint8Array), vector.plaintext, vector.name);
  for (let i = 0; i < sealed.length; i++) {
    const damaged = sealed.slice();
    damaged[i] ^= 1;
    if (aead.open(key, nonce, damaged, associatedData) !== undefined)
      t.fail(`${vector.name}: byte ${i} damaged`);
  }
  const otherData = Uint8Array.of(...associatedData, 0);
  t.equal(aead.open(key, nonce, sealed, otherData), undefined, `${vector.name}: other associated data`);
}

function iterate(crypto: Crypto, times: number): Uint8Array {
  let k = hex('0900000000000000000000000000000000000000000000000000000000000000');
  let u = k;
  for (let i = 0; i < times; i++) {
    const result = crypto.x25519.sharedSecret(k, u) as Uint8Array;
    if (equalBytes(result, u)) throw new Error('does not happen');
    u = k;
    k = result;
  }
  return k;
}
