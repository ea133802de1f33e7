// The portable provider of Crypto: pure, and slow (1 ms for a signature check or a Diffie-Hellman).
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalConstantTime } from '../base/bytes.ts';
import { edwardsOfMontgomery, isPrimeOrderPoint, KeyForms } from './key-form.ts';
import type { Aead, Crypto, Ed25519, X25519 } from './types.ts';

// Keys whose form is remembered: pure memory of a pure function.
const KEY_FORMS = 1024;

function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(sha256, key, data);
}

/** RFC 5869 without info, as Noise section 4.3 has it, over any HMAC. */
export function noiseHkdf(
  mac: (key: Uint8Array, data: Uint8Array) => Uint8Array,
  chainingKey: Uint8Array,
  inputKeyMaterial: Uint8Array,
  outputs: number,
): Uint8Array[] {
  const secret = mac(chainingKey, inputKeyMaterial);
  const keys: Uint8Array[] = [];
  for (let i = 1; i <= outputs; i++) {
    const number = Uint8Array.of(i);
    keys.push(mac(secret, i === 1 ? number : concat(keys[i - 2], number)));
  }
  return keys;
}

/** A caller's mistake throws: only keys and nonces of the right length mean anything. */
export function checkLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${what}: ${bytes.length} bytes instead of ${length}`);
}

type NobleCipher = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad?: Uint8Array,
) => { encrypt(plaintext: Uint8Array): Uint8Array; decrypt(ciphertext: Uint8Array): Uint8Array };

function aead(cipher: NobleCipher, nonceBytes: number): Aead {
  return {
    seal(key, nonce, plaintext, associatedData) {
      checkLength('key', key, 32);
      checkLength('nonce', nonce, nonceBytes);
      return cipher(key, nonce, associatedData).encrypt(plaintext);
    },
    open(key, nonce, ciphertext, associatedData) {
      checkLength('key', key, 32);
      checkLength('nonce', nonce, nonceBytes);
      if (ciphertext.length < 16) return undefined;
      try {
        return cipher(key, nonce, associatedData).decrypt(ciphertext);
      } catch {
        return undefined;
      }
    },
  };
}

function createEd25519(): Ed25519 {
  const forms = new KeyForms(KEY_FORMS);
  return {
    publicKey(seed) {
      checkLength('seed', seed, 32);
      return ed25519.getPublicKey(seed);
    },
    sign(seed, message) {
      checkLength('seed', seed, 32);
      return ed25519.sign(message, seed);
    },
    verify(publicKey, message, signature) {
      if (signature.length !== 64 || !forms.inspect(publicKey).isPrimeOrder) return false;
      return (
        ed25519.verify(signature, message, publicKey, { zip215: false }) &&
        isPrimeOrderPoint(signature.subarray(0, 32))
      );
    },
    isValidPublicKey: (publicKey) => forms.inspect(publicKey).isValid,
    toX25519PublicKey: (publicKey) => forms.inspect(publicKey).x25519?.slice(),
    fromX25519PublicKey: (publicKey) => edwardsOfMontgomery(publicKey, forms.inspect),
    toX25519PrivateKey(seed) {
      checkLength('seed', seed, 32);
      return ed25519.utils.toMontgomerySecret(seed).slice();
    },
  };
}

const x25519Functions: X25519 = {
  publicKey(privateKey) {
    checkLength('private key', privateKey, 32);
    return x25519.getPublicKey(privateKey);
  },
  sharedSecret(privateKey, publicKey) {
    checkLength('private key', privateKey, 32);
    checkLength('public key', publicKey, 32);
    try {
      return x25519.getSharedSecret(privateKey, publicKey);
    } catch {
      return undefined;
    }
  },
};

export const nobleCrypto: Crypto = {
  sha256: (data) => sha256(data),
  hmacSha256,
  hkdf: (chainingKey, inputKeyMaterial, outputs) =>
    noiseHkdf(hmacSha256, chainingKey, inputKeyMaterial, outputs),
  ed25519: createEd25519(),
  x25519: x25519Functions,
  chacha20Poly1305: aead(chacha20poly1305, 12),
  aes256Gcm: aead(gcm, 12),
  xchacha20Poly1305: aead(xchacha20poly1305, 24),
  timingSafeEqual: equalConstantTime,
};
