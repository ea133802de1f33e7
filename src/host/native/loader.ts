import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import type { Addon } from './types.ts';

/** Beside the shipped bundle; in a checkout, seen from the bundle in dist/ and from this file. */
const PLACES = ['mcc.node', '../native/build/Release/mcc.node', '../../../native/build/Release/mcc.node'];

let loaded: Addon | undefined;

/** Loads the addon once. `MCC_ADDON` names another file (a build with sanitizers). Throws ADDON_MISSING. */
export function loadAddon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  const named = process.env.MCC_ADDON;
  const path =
    named ?? PLACES.map((place) => join(import.meta.dirname, place)).find((place) => existsSync(place));
  if (path === undefined) {
    throw new CodedError('ADDON_MISSING', `There is no mcc.node near ${import.meta.dirname}`);
  }
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (cause) {
    throw new CodedError('ADDON_MISSING', `${path} does not load: ${(cause as Error).message}`, { cause });
  }
}
