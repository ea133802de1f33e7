// Where in the DHT something may lie.
import { toHex } from '../base/bytes.ts';
import { recordKey } from '../identity/identity.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { DiscoveryOptions } from './types.ts';

/** Places that one lookup asks at first. */
export const PLACES_MAX = 5;

export interface Place {
  /** The key in hex. */
  readonly id: string;
  /** In the DHT. */
  readonly key: Uint8Array;
}

/** A place that all know. */
export function placeOf(key: Uint8Array): Place {
  return { id: toHex(key), key };
}

export class Places {
  private readonly options: Pick<DiscoveryOptions, 'crypto' | 'networkId'>;

  constructor(options: Pick<DiscoveryOptions, 'crypto' | 'networkId'>) {
    this.options = options;
  }

  /** Where providers of a service may have said so. */
  ofService(organisation: OrganisationId, name: string): Place[] {
    const { crypto, networkId } = this.options;
    return [placeOf(recordKey(crypto, networkId, { kind: 'service', organisation, name }))];
  }
}
