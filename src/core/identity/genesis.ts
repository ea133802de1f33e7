// The genesis document: what a network is, and its ID.
import { compareBytes } from '../base/bytes.ts';
import { isName } from '../base/name.ts';
import { ROOT_SIGNATURES_MAX } from '../wire/limits.ts';
import type { Extension, Genesis } from '../wire/types.ts';
import { decodeGenesis, encodeGenesis, WireError } from '../wire/wire.ts';
import { idToText } from './node-id.ts';
import type { Crypto, NetworkId } from './types.ts';

/** A genesis document that was checked. */
export interface Network {
  readonly id: NetworkId;
  readonly idText: string;
  readonly genesis: Genesis;
  /** The document as hashed. */
  readonly bytes: Uint8Array;
}

export type GenesisRefusal = 'malformed' | 'name' | 'threshold' | 'rootKeys' | 'critical';

export type GenesisResult =
  | { readonly ok: true; readonly network: Network }
  | { readonly ok: false; readonly reason: GenesisRefusal };

/** What a founder decides; the rest is derived. */
export interface NewGenesis {
  readonly network: string;
  /** Public root keys in any order, each valid and different. */
  readonly rootKeys: readonly Uint8Array[];
  /** Root signatures that an organisation certificate needs. */
  readonly threshold: number;
  /** Unix time in seconds. */
  readonly created: number;
  /** 16 random bytes. */
  readonly random: Uint8Array;
}

/** RangeError when the founder asks for what readGenesis would refuse. */
export function createGenesis(crypto: Crypto, wanted: NewGenesis): Network {
  const rootKeys = [...wanted.rootKeys].sort(compareBytes);
  const result = readGenesis(crypto, encodeGenesis({ ...wanted, rootKeys, extensions: [] }));
  if (!result.ok) throw new RangeError(`no genesis: ${result.reason}`);
  return result.network;
}

export function readGenesis(crypto: Crypto, bytes: Uint8Array): GenesisResult {
  let genesis: Genesis;
  try {
    genesis = decodeGenesis(bytes);
  } catch (error) {
    if (error instanceof WireError) return { ok: false, reason: 'malformed' };
    throw error;
  }
  const reason = judge(crypto, genesis);
  if (reason !== undefined) return { ok: false, reason };
  const id = crypto.sha256(bytes);
  return { ok: true, network: { id, idText: idToText(id), genesis, bytes: bytes.slice() } };
}

function judge(crypto: Crypto, genesis: Genesis): GenesisRefusal | undefined {
  const { network, threshold, rootKeys, extensions } = genesis;
  if (!isName(network)) return 'name';
  if (threshold < 1 || threshold > Math.min(rootKeys.length, ROOT_SIGNATURES_MAX)) return 'threshold';
  for (let i = 1; i < rootKeys.length; i++)
    if (compareBytes(rootKeys[i - 1], rootKeys[i]) >= 0) return 'rootKeys';
  if (!rootKeys.every(crypto.ed25519.isValidPublicKey)) return 'rootKeys';
  return extensionsAllow(extensions) ? undefined : 'critical';
}

/** Whether extensions are in order and none that this version does not know is critical. It knows none. */
export function extensionsAllow(extensions: readonly Extension[]): boolean {
  return extensions.every(
    (extension, i) => !extension.critical && (i === 0 || extensions[i - 1].id < extension.id),
  );
}
