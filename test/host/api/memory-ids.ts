import { encodeBase32 } from '../../../src/core/base/base32.ts';
import type { Addresses } from '../../../src/host/api/types.ts';

export const ALPHA = encodeBase32(new Uint8Array(32).fill(1));
export const ACME = encodeBase32(new Uint8Array(32).fill(3));
export const NETWORK = encodeBase32(new Uint8Array(32).fill(4));
export const OWN: Addresses = { ipv4: '100.64.0.1', ipv6: 'fd00::1' };
