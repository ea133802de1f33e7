// Vectors are JSON with bytes in hexadecimal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '../../src/core/base/bytes.ts';

/** A file of this folder, every string under a field that is all hexadecimal left to the reader. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
}

export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}
