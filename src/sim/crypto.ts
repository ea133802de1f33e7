// Fake cryptography for the simulator: deterministic, fast, keeps every contract of Crypto (tampering is noticed, both sides
// of a Diffie-Hellman agree, signatures verify only with their key and message) and protects nothing.
import { compareBytes, concat, equalBytes, writeU32LE } from '../core/base/bytes.ts';
import type { Aead, Crypto } from '../core/identity/types.ts';

const TAG = 16;

const lanes = new Int32Array(4);

/** 32 bytes that depend on every bit of the parts, and on where one ends. */
export function fakeHash(seed: number, ...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(32);
  lanes[0] = 0x9e3779b9 ^ seed;
  lanes[1] = 0x243f6a88;
  lanes[2] = 0xb7e15162;
  lanes[3] = 0xdeadbeef;
  for (const part of parts) absorb(part);
  for (let half = 0; half < 2; half++) {
    stir(0x51ed270b + half);
    for (let i = 0; i < 4; i++) writeU32LE(out, 16 * half + 4 * i, lanes[i]);
  }
  return out;
}

function absorb(data: Uint8Array): void {
  let a = lanes[0];
  let b = lanes[1] ^ data.length;
  let c = lanes[2];
  let d = lanes[3];
  const whole = data.length & ~3;
  for (let i = 0; i <= whole; i += 4) {
    const word =
      i < whole
        ? data[i] | (data[i + 1] << 8) | (data[i + 2] << 16) | (data[i + 3] << 24)
        : tailOf(data, whole);
    a = Math.imul(a ^ word, 0x85ebca6b);
    b = Math.imul(b + a, 0xc2b2ae35) ^ (a >>> 15);
    c = Math.imul(c ^ b, 0x27d4eb2f) + (b >>> 13);
    d = (d + (c ^ (c >>> 16))) | 0;
    a ^= d << 7;
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}

function tailOf(data: Uint8Array, from: number): number {
  let word = 0;
  for (let i = from; i < data.length; i++) word |= data[i] << (8 * (i - from));
  return word;
}

function stir(constant: number): void {
  let [a, b, c, d] = lanes;
  a ^= constant;
  for (let round = 0; round < 4; round++) {
    a = Math.imul(a ^ (d >>> 15), 0x85ebca6b);
    b = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
    c = Math.imul(c ^ (b >>> 16), 0x27d4eb2f);
    d = Math.imul(d ^ (c >>> 14), 0x165667b1);
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}

function tagOf(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  associatedData: Uint8Array,
): Uint8Array {
  return fakeHash(0, key, nonce, associatedData, ciphertext).subarray(0, TAG);
}

/** XOR with a word of the key and nonce, so that sealed bytes are recognisably not the plaintext. */
function mask(key: Uint8Array, nonce: Uint8Array, text: Uint8Array, into: Uint8Array): void {
  const stream = fakeHash(1, key, nonce);
  for (let i = 0; i < text.length; i++) into[i] = text[i] ^ stream[i & 31];
}

function aead(nonceBytes: number): Aead {
  const check = (key: Uint8Array, nonce: Uint8Array): void => {
    if (key.length !== 32) throw new RangeError(`key of ${key.length} bytes`);
    if (nonce.length !== nonceBytes) throw new RangeError(`nonce of ${nonce.length} bytes`);
  };
  return {
    seal(key, nonce, plaintext, associatedData) {
      check(key, nonce);
      const sealed = new Uint8Array(plaintext.length + TAG);
      const ciphertext = sealed.subarray(0, plaintext.length);
      mask(key, nonce, plaintext, ciphertext);
      sealed.set(tagOf(key, nonce, ciphertext, associatedData), plaintext.length);
      return sealed;
    },
    open(key, nonce, sealed, associatedData) {
      check(key, nonce);
      if (sealed.length < TAG) return undefined;
      const ciphertext = sealed.subarray(0, sealed.length - TAG);
      const tag = tagOf(key, nonce, ciphertext, associatedData);
      if (!equalBytes(tag, sealed.subarray(sealed.length - TAG))) return undefined;
      const plaintext = new Uint8Array(ciphertext.length);
      mask(key, nonce, ciphertext, plaintext);
      return plaintext;
    },
  };
}

function publicKey(secret: Uint8Array): Uint8Array {
  if (secret.length !== 32) throw new RangeError(`key of ${secret.length} bytes`);
  const key = fakeHash(2, secret);
  key[31] &= 0x7f;
  return key;
}

/** An involution on keys with a clear last bit, so that either form of a key gives the other. */
function twisted(key: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError(`key of ${key.length} bytes`);
  const other = key.map((byte) => byte ^ 0x5a);
  other[31] = (key[31] & 0x7f) ^ 0x5a;
  return other;
}

const isPublicKey = (key: Uint8Array): boolean => key.length === 32 && key[31] < 0x80;

function signature(key: Uint8Array, message: Uint8Array): Uint8Array {
  return concat(fakeHash(3, key, message), fakeHash(4, key, message));
}

export const fakeCrypto: Crypto = {
  sha256: (data) => fakeHash(0, data),
  hmacSha256: (key, data) => fakeHash(5, key, data),
  hkdf: (chainingKey, material, outputs) =>
    Array.from({ length: outputs }, (_, i) => fakeHash(6 + i, chainingKey, material)),
  ed25519: {
    publicKey,
    sign: (seed, message) => signature(publicKey(seed), message),
    verify: (key, message, claimed) => isPublicKey(key) && equalBytes(signature(key, message), claimed),
    isValidPublicKey: isPublicKey,
    toX25519PublicKey: (key) => (isPublicKey(key) ? twisted(key) : undefined),
    fromX25519PublicKey: (key) => (isPublicKey(key) ? twisted(key) : undefined),
    toX25519PrivateKey: publicKey,
  },
  x25519: {
    publicKey: twisted,
    sharedSecret: (privateKey, key) => {
      const own = twisted(privateKey);
      if (key.every((byte) => byte === 0)) return undefined;
      return compareBytes(own, key) < 0 ? fakeHash(9, own, key) : fakeHash(9, key, own);
    },
  },
  chacha20Poly1305: aead(12),
  aes256Gcm: aead(12),
  xchacha20Poly1305: aead(24),
  timingSafeEqual: equalBytes,
};
