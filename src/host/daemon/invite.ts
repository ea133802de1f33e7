import { addressScope, formatSocketAddress, type SocketAddress } from '../../core/base/ip.ts';
import type { Warning } from '../api/types.ts';

/** The addresses in a token as people read them, and what they mean for the joiner. */
export function inviteWarnings(addresses: readonly SocketAddress[]): {
  addresses: string[];
  warnings: Warning[];
} {
  const warnings: Warning[] = [];
  if (addresses.length === 0) {
    warnings.push({
      code: 'ADDRESS_UNAVAILABLE',
      message: 'the token names no address of this node: invite again with --address HOST:PORT',
    });
  } else if (addresses.every(({ ip }) => addressScope(ip) !== 'global')) {
    warnings.push({
      code: 'ADDRESS_UNAVAILABLE',
      message: 'only private addresses: joiners must be on the same LAN, or invite with --address HOST:PORT',
    });
  }
  return { addresses: addresses.map(formatSocketAddress), warnings };
}
