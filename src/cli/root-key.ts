// The root key of a network: made, kept and used in the cli's process only. The daemon never sees it.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { equalBytes } from '../core/base/bytes.ts';
import { CodedError } from '../core/base/errors.ts';
import type { Rng } from '../core/base/rng.ts';
import {
  CLOCK_SKEW_S,
  createGenesis,
  generateNodeKeys,
  nobleCrypto,
  ORGANISATION_LIFETIME_S,
  recoveryPhrase,
  seedFromRecoveryPhrase,
  signOrganisation,
} from '../core/identity/identity.ts';
import type { InitInput } from '../host/api/types.ts';

// About 0.4 s and 128 MB for each guess.
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const FILE_KIND = 'mcc root key';
const PASSPHRASE_MIN = 8;

export interface RootKey {
  readonly seed: Uint8Array;
  readonly phrase: string;
}

export interface Founding {
  readonly roots: readonly RootKey[];
  /** The genesis document. */
  readonly genesis: Uint8Array;
  readonly input: Pick<InitInput, 'genesis' | 'organisation'>;
}

/**
 * Makes `count` root keys, `threshold` of which must sign an organisation, the network's genesis document and the first
 * organisation's certificate for `signerKey`.
 */
export function found(
  network: string,
  organisation: string,
  signerKey: Uint8Array,
  count: number,
  threshold: number,
): Founding {
  const roots = Array.from({ length: count }, () => generateNodeKeys(nobleCrypto, rootKeyRng));
  const nowS = Math.floor(Date.now() / 1000);
  const genesis = createGenesis(nobleCrypto, {
    network,
    rootKeys: roots.map(({ nodeId }) => nodeId),
    threshold,
    created: nowS,
    random: rootKeyRng.bytes(16),
  });
  // The document has them in an order of its own.
  const signers = roots
    .map(({ nodeId, seed }) => ({
      root: genesis.genesis.rootKeys.findIndex((key) => equalBytes(key, nodeId)),
      seed,
    }))
    .slice(0, threshold);
  const signed = signOrganisation(
    nobleCrypto,
    genesis,
    {
      organisation: signerKey,
      signer: signerKey,
      name: organisation,
      notBefore: nowS - CLOCK_SKEW_S,
      notAfter: nowS + ORGANISATION_LIFETIME_S,
      nonce: rootKeyRng.bytes(16),
      extensions: [],
    },
    signers,
  );
  return {
    roots: roots.map(({ seed }) => ({ seed, phrase: recoveryPhrase(seed) })),
    genesis: genesis.bytes,
    input: {
      genesis: base64url(genesis.bytes),
      organisation: {
        certificate: base64url(signed.certificate),
        signatures: signed.signatures.map(({ root, signature }) => ({
          root,
          signature: base64url(signature),
        })),
      },
    },
  };
}

/**
 * Keeps the seed under a passphrase: scrypt, ChaCha20-Poly1305. The genesis document lies beside it, authenticated, so that
 * the file is all that signing takes. The file must not be there yet.
 */
export function writeRootKey(path: string, seed: Uint8Array, genesis: Uint8Array, passphrase: string): void {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const key = scryptSync(passphrase, salt, 32, SCRYPT);
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(genesis, { plaintextLength: seed.length });
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  const { N, r, p } = SCRYPT;
  const file = {
    kind: FILE_KIND,
    version: 2,
    scrypt: { n: N, r, p, salt: base64url(salt) },
    genesis: base64url(genesis),
    nonce: base64url(nonce),
    sealed: base64url(sealed),
  };
  let descriptor: number;
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    descriptor = openSync(path, flags, 0o600);
  } catch (error) {
    const why = reason(error);
    const detail = why === 'EEXIST' ? `${path} is there already, name a new file` : `${path}: ${why}`;
    throw new CodedError('USAGE', `--root-key-file ${detail}`);
  }
  try {
    writeSync(descriptor, `${JSON.stringify(file, undefined, 2)}\n`);
    fsyncSync(descriptor);
  } catch (error) {
    throw new CodedError('DISK_FULL', `${path}: ${reason(error)}`);
  } finally {
    closeSync(descriptor);
  }
}

export interface StoredRootKey {
  readonly seed: Uint8Array;
  /** The genesis document in base64url; undefined: an older version wrote the file. */
  readonly genesis: string | undefined;
}

/** undefined when the passphrase is wrong or the file damaged. */
export function readRootKey(text: string, passphrase: string): StoredRootKey | undefined {
  try {
    const { kind, version, scrypt, nonce, sealed, genesis } = JSON.parse(text);
    if (kind !== FILE_KIND || (version !== 1 && version !== 2)) return undefined;
    // The parameters are ours and not the file's: a foreign file may not ask for all memory.
    const key = scryptSync(passphrase, Buffer.from(scrypt.salt, 'base64url'), 32, SCRYPT);
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    });
    if (version === 2) decipher.setAAD(Buffer.from(genesis, 'base64url'), { plaintextLength: 32 });
    decipher.setAuthTag(bytes.subarray(-16));
    const seed = new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]));
    return { seed, genesis: version === 2 ? genesis : undefined };
  } catch {
    return undefined;
  }
}

/** What readRootKey takes. */
export function readRootKeyFile(path: string): string {
  return readNamed('--root-key-file', path);
}

/** The seed of 24 words in a file, or on standard input (-). */
export function readRecoveryPhrase(path: string): Uint8Array {
  const seed = seedFromRecoveryPhrase(readNamed('--recovery-phrase-file', path));
  if (seed === undefined) throw new CodedError('RECOVERY_PHRASE_INVALID');
  return seed;
}

/** First line of a file, or of standard input (-). */
export function readPassphrase(path: string): string {
  const passphrase = readNamed('--passphrase-file', path).split(/\r?\n/)[0];
  if (passphrase.length < PASSPHRASE_MIN) {
    throw new CodedError('USAGE', `the passphrase needs at least ${PASSPHRASE_MIN} characters`);
  }
  return passphrase;
}

/** The file that an option names, or standard input (-). */
function readNamed(option: string, path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new CodedError('USAGE', `${option} ${path}: ${reason(error)}`);
  }
}

export const rootKeyRng: Rng = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  u32: () => randomBytes(4).readUInt32LE(),
};

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
