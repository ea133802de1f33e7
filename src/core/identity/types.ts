// What the protocol needs of cryptography. Two providers keep this contract: noble-crypto.ts (pure, for simulator
// and browsers) and src/host/crypto/node-crypto.ts (the daemon's); test/vectors holds both to the same answers.

/**
 * Every function is deterministic and keeps no reference to its arguments; results are fresh arrays. Wrong lengths of
 * keys and nonces are the caller's mistake and throw RangeError; anything a remote can cause gives undefined or false.
 * Randomness is not in here: seeds come in as arguments.
 */
export interface Crypto {
  /** 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** RFC 2104, 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** RFC 5869 as Noise section 4.3 uses it (no info): `outputs` keys of 32 bytes, salted with the chaining key. */
  hkdf(chainingKey: Uint8Array, inputKeyMaterial: Uint8Array, outputs: 1 | 2 | 3): Uint8Array[];
  readonly ed25519: Ed25519;
  readonly x25519: X25519;
  /** RFC 8439: 32-byte key, 12-byte nonce, 16-byte tag behind the ciphertext. */
  readonly chacha20Poly1305: Aead;
  /** SP 800-38D: 32-byte key, 12-byte nonce, 16-byte tag behind the ciphertext. */
  readonly aes256Gcm: Aead;
  /** draft-irtf-cfrg-xchacha: 32-byte key, 24-byte nonce, which may be random. */
  readonly xchacha20Poly1305: Aead;
  /** Whether two arrays are equal; the time depends on the lengths alone. */
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

/** For handshakes, cookies and tests: one call per message. Transport datagrams are sealed natively. */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array;
  /** The plaintext, or undefined when the tag is wrong. */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    associatedData: Uint8Array,
  ): Uint8Array | undefined;
}

export interface Ed25519 {
  /** RFC 8032 section 5.1.5: public key (32 bytes) of a seed (32 bytes). */
  publicKey(seed: Uint8Array): Uint8Array;
  /** 64 bytes. */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /**
   * Strict: S < L, A and R canonical and in the prime-order subgroup, A not the identity. There the equation with and
   * without cofactor are the same, so that all implementations agree. False for arguments of any wrong length too.
   */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /**
   * Whether a point encoding may be a key at all: canonical, in the prime-order subgroup, not the identity, sign bit 0.
   * (Sign bit 0 since A and -A share one X25519 form.)
   */
  isValidPublicKey(publicKey: Uint8Array): boolean;
  /** The X25519 form of an Ed25519 public key (RFC 7748 section 4.1); undefined unless isValidPublicKey. */
  toX25519PublicKey(publicKey: Uint8Array): Uint8Array | undefined;
  /**
   * The Ed25519 public key with sign bit 0 whose X25519 form this is; undefined when it is no canonical encoding or
   * isValidPublicKey refuses the result. Inverse of toX25519PublicKey.
   */
  fromX25519PublicKey(publicKey: Uint8Array): Uint8Array | undefined;
  /** The X25519 private key of an Ed25519 seed: the clamped first half of SHA-512(seed). */
  toX25519PrivateKey(seed: Uint8Array): Uint8Array;
}

export interface X25519 {
  /** RFC 7748: public key (32 bytes) of a private key (32 bytes, clamped or not). */
  publicKey(privateKey: Uint8Array): Uint8Array;
  /** 32 bytes; undefined when all zero, which a public key of small order causes (RFC 7748 section 6.1). */
  sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
}

/** A node's Ed25519 public key, 32 bytes, valid by Ed25519.isValidPublicKey. */
export type NodeId = Uint8Array;
/** A node ID as 52 characters of lower-case Crockford base32: what maps are keyed by. */
export type NodeIdText = string;
/** SHA-256 of the genesis document, 32 bytes. */
export type NetworkId = Uint8Array;
/** First Level-0 key of an organisation, 32 bytes. */
export type OrganisationId = Uint8Array;
/** SHA-256("mcc endpoint" || node ID || service || instance), 32 bytes. */
export type EndpointId = Uint8Array;
/** SHA-256("mcc service" || organisation ID || name), 32 bytes. */
export type ServiceId = Uint8Array;

/** The keys of a node (or of a signer, or a root: then the X25519 half is of no use). */
export interface NodeKeys {
  readonly nodeId: NodeId;
  /** Ed25519 seed, 32 bytes. Secret. */
  readonly seed: Uint8Array;
  /** Secret. */
  readonly x25519PrivateKey: Uint8Array;
  readonly x25519PublicKey: Uint8Array;
}
