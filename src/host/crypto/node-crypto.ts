// The daemon's provider of Crypto: OpenSSL through node:crypto where it is faster (Diffie-Hellman 20 times, signatures
// 10 times), noble for what OpenSSL does not do: strict judgement of keys, conversions, XChaCha20.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { BoundedMap } from '../../core/base/bounded-map.ts';
import { equalConstantTime, toHex } from '../../core/base/bytes.ts';
import {
  checkLength,
  edwardsOfMontgomery,
  KeyForms,
  nobleCrypto,
  noiseHkdf,
} from '../../core/identity/identity.ts';
import type { Aead, Crypto, Ed25519, X25519 } from '../../core/identity/types.ts';

/** Public keys whose KeyObject and form are remembered: as many remotes as a node may have sessions with. */
const PUBLIC_KEYS_MAX = 10_000;

// DER around the 32 bytes of a raw key (RFC 8410).
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const SPKI_X25519 = Buffer.from('302a300506032b656e032100', 'hex');

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}

function privateKeyObject(prefix: Buffer, secret: Uint8Array): KeyObject {
  checkLength('private key', secret, 32);
  const der = Buffer.concat([prefix, secret]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function publicKeyObject(prefix: Buffer, key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([prefix, key]), format: 'der', type: 'spki' });
}

function rawPublicKey(privateKey: KeyObject): Uint8Array {
  return plain(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32));
}

/**
 * KeyObjects of private keys, kept as long as the array that holds the secret is alive, and only while it holds the same
 * bytes: no table of secrets, nothing to bound.
 */
class PrivateKeys {
  private readonly prefix: Buffer;
  private readonly objects = new WeakMap<
    Uint8Array,
    { readonly secret: Uint8Array; readonly object: KeyObject }
  >();

  constructor(prefix: Buffer) {
    this.prefix = prefix;
  }

  get(secret: Uint8Array): KeyObject {
    const known = this.objects.get(secret);
    if (known !== undefined && equalConstantTime(known.secret, secret)) return known.object;
    const object = privateKeyObject(this.prefix, secret);
    this.objects.set(secret, { secret: secret.slice(), object });
    return object;
  }
}

class PublicKeys {
  private readonly prefix: Buffer;
  private readonly objects = new BoundedMap<string, KeyObject>(PUBLIC_KEYS_MAX);

  constructor(prefix: Buffer) {
    this.prefix = prefix;
  }

  get(key: Uint8Array): KeyObject {
    const id = toHex(key);
    const known = this.objects.get(id);
    if (known !== undefined) return known;
    const object = publicKeyObject(this.prefix, key);
    this.objects.set(id, object);
    return object;
  }
}

function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return plain(createHmac('sha256', key).update(data).digest());
}

function aead(name: 'aes-256-gcm' | 'chacha20-poly1305'): Aead {
  // Node's types know the options of each cipher by its literal name; both take the same here.
  const cipher = name as 'chacha20-poly1305';
  const options = { authTagLength: 16 };
  return {
    seal(key, nonce, plaintext, associatedData) {
      checkLength('key', key, 32);
      checkLength('nonce', nonce, 12);
      const sealer = createCipheriv(cipher, key, nonce, options);
      sealer.setAAD(associatedData, { plaintextLength: plaintext.length });
      const sealed = new Uint8Array(plaintext.length + 16);
      sealed.set(sealer.update(plaintext));
      sealer.final();
      sealed.set(sealer.getAuthTag(), plaintext.length);
      return sealed;
    },
    open(key, nonce, ciphertext, associatedData) {
      checkLength('key', key, 32);
      checkLength('nonce', nonce, 12);
      const length = ciphertext.length - 16;
      if (length < 0) return undefined;
      const opener = createDecipheriv(cipher, key, nonce, options);
      opener.setAAD(associatedData, { plaintextLength: length });
      opener.setAuthTag(ciphertext.subarray(length));
      const opened = opener.update(ciphertext.subarray(0, length));
      try {
        opener.final();
      } catch {
        return undefined;
      }
      return plain(opened);
    },
  };
}

function createEd25519(): Ed25519 {
  const forms = new KeyForms(PUBLIC_KEYS_MAX);
  const privateKeys = new PrivateKeys(PKCS8_ED25519);
  const publicKeys = new PublicKeys(SPKI_ED25519);
  return {
    publicKey: (seed) => rawPublicKey(privateKeys.get(seed)),
    sign: (seed, message) => plain(sign(null, message, privateKeys.get(seed))),
    verify(publicKey, message, signature) {
      // OpenSSL takes keys that are not canonical or not of prime order; with those refused, its equation without
      // cofactor and its comparison of R as bytes are as strict as noble's with zip215 off.
      if (signature.length !== 64 || !forms.inspect(publicKey).isPrimeOrder) return false;
      return verify(null, message, publicKeys.get(publicKey), signature);
    },
    isValidPublicKey: (publicKey) => forms.inspect(publicKey).isValid,
    toX25519PublicKey: (publicKey) => forms.inspect(publicKey).x25519?.slice(),
    fromX25519PublicKey: (publicKey) => edwardsOfMontgomery(publicKey, forms.inspect),
    toX25519PrivateKey(seed) {
      checkLength('seed', seed, 32);
      const key = plain(createHash('sha512').update(seed).digest()).slice(0, 32);
      key[0] &= 248;
      key[31] = (key[31] & 127) | 64;
      return key;
    },
  };
}

function createX25519(): X25519 {
  const privateKeys = new PrivateKeys(PKCS8_X25519);
  return {
    publicKey: (privateKey) => rawPublicKey(privateKeys.get(privateKey)),
    sharedSecret(privateKey, publicKey) {
      checkLength('public key', publicKey, 32);
      const own = privateKeys.get(privateKey);
      const theirs = publicKeyObject(SPKI_X25519, publicKey);
      try {
        return plain(diffieHellman({ privateKey: own, publicKey: theirs }));
      } catch {
        // OpenSSL refuses the all-zero result.
        return undefined;
      }
    },
  };
}

export const nodeCrypto: Crypto = {
  sha256: (data) => plain(hash('sha256', data, 'buffer')),
  hmacSha256,
  hkdf: (chainingKey, inputKeyMaterial, outputs) =>
    noiseHkdf(hmacSha256, chainingKey, inputKeyMaterial, outputs),
  ed25519: createEd25519(),
  x25519: createX25519(),
  chacha20Poly1305: aead('chacha20-poly1305'),
  aes256Gcm: aead('aes-256-gcm'),
  xchacha20Poly1305: nobleCrypto.xchacha20Poly1305,
  timingSafeEqual: (a, b) => a.length === b.length && timingSafeEqual(a, b),
};
