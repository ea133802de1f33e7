// The /16 out of which a host takes its IPv4 aliases: the first candidate that overlaps nothing on this host.
import type { Prefix4 } from './types.ts';

/** Wider prefixes (default routes, halves and quarters of the Internet that other VPNs route) are no claim to an address. */
const WIDEST_CLAIM_BITS = 8;

/** Who has any address in here filters all of it on other interfaces, as Tailscale does: then the whole range is avoided. */
const SHARED_SPACE = 0x64400000;
const SHARED_BITS = 10;

/** Candidates in order of preference: shared address space, benchmarking space, private space from its seldom used ends. */
const CANDIDATES: readonly { readonly base: number; readonly blocks: number }[] = [
  { base: SHARED_SPACE, blocks: 64 }, // 100.64.0.0/10
  { base: 0xc6120000, blocks: 2 }, // 198.18.0.0/15
  { base: 0x0a800000, blocks: 128 }, // 10.128.0.0/9
  { base: 0xac180000, blocks: 8 }, // 172.24.0.0/13
  { base: 0x0a400000, blocks: 64 }, // 10.64.0.0/10
  { base: 0x0a000000, blocks: 64 }, // 10.0.0.0/10
  { base: 0xac100000, blocks: 8 }, // 172.16.0.0/13
];

/**
 * First address of a /16 that overlaps none of `used`; undefined: there is none. `hash` (any number, from the network ID) decides
 * where in each range the search begins, so that two networks on one host seldom compete. A `kept` prefix from
 * before stays as long as it is free.
 */
export function chooseAliasPrefix(
  used: readonly Prefix4[],
  hash: number,
  kept?: number | undefined,
): number | undefined {
  const claims = used.filter(({ bits }) => bits >= WIDEST_CLAIM_BITS);
  if (kept !== undefined && isFree(kept, claims)) return kept;
  for (const { base, blocks } of CANDIDATES) {
    if (base === SHARED_SPACE && claims.some((claim) => overlaps(base, SHARED_BITS, claim))) continue;
    for (let i = 0; i < blocks; i++) {
      const prefix = base + (((hash >>> 0) + i) % blocks) * 0x10000;
      if (isFree(prefix, claims)) return prefix;
    }
  }
  return undefined;
}

function isFree(prefix: number, claims: readonly Prefix4[]): boolean {
  return !claims.some((claim) => overlaps(prefix, 16, claim));
}

function overlaps(prefix: number, prefixBits: number, { address, bits }: Prefix4): boolean {
  return (prefix ^ address) >>> (32 - Math.min(bits, prefixBits)) === 0;
}
