// The node's secret keys: one small text file each, so that they outlive a damaged database and are easy to back up.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import { readSecret, writeSecret } from './files.ts';

const SEED_BYTES = 32;

/**
 * `node`: the identity. `node-new`: the one that shall take its place. `signer`: the organisation's Level-0 signing key, only at nodes that admit others, or that asked for it.
 * `signer-new`: what shall take its place.
 */
export type KeyName = 'node' | 'node-new' | 'signer' | 'signer-new';

/** The seed in STATE/NAME.key; undefined when there is none. */
export function readSeed(directory: string, name: KeyName): Uint8Array | undefined {
  const path = keyPath(directory, name);
  const text = readSecret(path);
  if (text === undefined) return undefined;
  const [header, hex] = text.split('\n');
  if (header !== title(name) || !/^[0-9a-f]{64}$/.test(hex ?? '')) {
    throw new CodedError('STATE_DAMAGED', `${path} is not a key of mcc`);
  }
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function writeSeed(directory: string, name: KeyName, seed: Uint8Array): void {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed has ${SEED_BYTES} bytes`);
  writeSecret(keyPath(directory, name), `${title(name)}\n${Buffer.from(seed).toString('hex')}\n`);
}

/** Done when there was none. */
export function removeSeed(directory: string, name: KeyName): void {
  rmSync(keyPath(directory, name), { force: true });
}

function keyPath(directory: string, name: KeyName): string {
  return join(directory, `${name}.key`);
}

function title(name: KeyName): string {
  return `mcc ${name} key, version 1, secret`;
}
