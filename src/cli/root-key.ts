// The root key of a network: made, kept and used in the cli's process only. The daemon never sees it.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { CodedError } from '../core/base/errors.ts';
import type { Rng } from '../core/base/rng.ts';
import {
  createGenesis,
  generateNodeKeys,
  nobleCrypto,
  ORGANISATION_LIFETIME_S,
  recoveryPhrase,
  signOrganisation,
} from '../core/identity/identity.ts';
import type { InitInput } from '../host/api/types.ts';

/** Seconds that clocks may differ: a certificate is valid from that long ago. */
const SKEW_S = 300;

// About 0.4 s and 128 MB for each guess.
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const FILE_KIND = 'mcc root key';
const PASSPHRASE_MIN = 8;

export interface Founding {
  readonly seed: Uint8Array;
  readonly phrase: string;
  readonly genesis: InitInput['genesis'];
  readonly organisation: InitInput['organisation'];
}

/** Makes a root key, the network's genesis document and the organisation's certificate for `signerKey`. */
export function found(network: string, organisation: string, signerKey: Uint8Array): Founding {
  const root = generateNodeKeys(nobleCrypto, systemRng);
  const nowS = Math.floor(Date.now() / 1000);
  const genesis = createGenesis(nobleCrypto, {
    network,
    rootKeys: [root.nodeId],
    threshold: 1,
    created: nowS,
    random: systemRng.bytes(16),
  });
  const signed = signOrganisation(
    nobleCrypto,
    genesis,
    {
      organisation: signerKey,
      signer: signerKey,
      name: organisation,
      notBefore: nowS - SKEW_S,
      notAfter: nowS + ORGANISATION_LIFETIME_S,
      nonce: systemRng.bytes(16),
      extensions: [],
    },
    [{ root: 0, seed: root.seed }],
  );
  return {
    seed: root.seed,
    phrase: recoveryPhrase(root.seed),
    genesis: base64url(genesis.bytes),
    organisation: {
      certificate: base64url(signed.certificate),
      signatures: signed.signatures.map(({ root: index, signature }) => ({
        root: index,
        signature: base64url(signature),
      })),
    },
  };
}

/** Keeps the seed under a passphrase: scrypt, ChaCha20-Poly1305. The file must not be there yet. */
export function writeRootKey(path: string, seed: Uint8Array, passphrase: string): void {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const key = scryptSync(passphrase, salt, 32, SCRYPT);
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  const { N, r, p } = SCRYPT;
  const file = {
    kind: FILE_KIND,
    version: 1,
    scrypt: { n: N, r, p, salt: base64url(salt) },
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

/** The seed; undefined when the passphrase is wrong or the file damaged. */
export function readRootKey(text: string, passphrase: string): Uint8Array | undefined {
  try {
    const { kind, version, scrypt, nonce, sealed } = JSON.parse(text);
    if (kind !== FILE_KIND || version !== 1) return undefined;
    // The parameters are ours and not the file's: a foreign file may not ask for all memory.
    const key = scryptSync(passphrase, Buffer.from(scrypt.salt, 'base64url'), 32, SCRYPT);
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    });
    decipher.setAuthTag(bytes.subarray(-16));
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]));
  } catch {
    return undefined;
  }
}

/** First line of a file, or of standard input (-). */
export function readPassphrase(path: string): string {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new CodedError('USAGE', `--passphrase-file ${path}: ${reason(error)}`);
  }
  const passphrase = text.split(/\r?\n/)[0];
  if (passphrase.length < PASSPHRASE_MIN) {
    throw new CodedError('USAGE', `the passphrase needs at least ${PASSPHRASE_MIN} characters`);
  }
  return passphrase;
}

const systemRng: Rng = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  u32: () => randomBytes(4).readUInt32LE(),
};

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
