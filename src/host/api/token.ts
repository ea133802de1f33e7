// The token that the API asks for over TCP: 256 bits in a file that only its owner reads.
import { randomBytes } from 'node:crypto';
import { CodedError } from '../../core/base/errors.ts';
import { readSecret, writeSecret } from '../storage/storage.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43,256}$/;

/** What the file says; a new one is written where there is none. Throws a CodedError. */
export function readApiToken(path: string): string {
  const kept = readSecret(path)?.trim();
  if (kept === undefined) {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    writeSecret(path, `${token}\n`);
    return token;
  }
  if (!TOKEN.test(kept)) {
    throw new CodedError(
      'CONFIG_INVALID',
      `${path}: expected 43 to 256 letters, digits, hyphens or underscores`,
    );
  }
  return kept;
}
