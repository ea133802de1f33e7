import type { CodedError } from '../../core/base/errors.ts';
import { addressScope, formatSocketAddress, type SocketAddress } from '../../core/base/ip.ts';
import type { ReachView } from '../../core/node/types.ts';
import type { Warning } from '../api/types.ts';
import { resolveAddresses } from '../io/io.ts';
import { DEFAULT_PORT } from './config.ts';
import type { Log } from './log.ts';

/** A name that cannot be resolved yet, early in the boot of a host, is no reason not to start. */
export async function resolveAdvertised(texts: readonly string[], log: Log): Promise<SocketAddress[]> {
  const resolved = texts.map((text) =>
    resolveAddresses([text], DEFAULT_PORT).catch((error: CodedError) => {
      log.warn('advertiseUnresolved', { code: error.code, message: error.message });
      return [];
    }),
  );
  return (await Promise.all(resolved)).flat();
}

/**
 * The addresses in a token as people read them, and what they mean for the joiner. Reachable are those of a kind at which nodes came
 * here unasked; private ones at which nobody did are not, where the network is on the Internet. Of others nothing is known (null).
 */
export function inviteWarnings(
  addresses: readonly SocketAddress[],
  reach: ReachView,
): {
  addresses: string[];
  reachable: (boolean | null)[];
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
  const reachable = addresses.map(({ ip }) => {
    if (addressScope(ip) === 'global') return reach.isGlobal || null;
    if (reach.isLocal) return true;
    return reach.hasMetGlobal ? false : null;
  });
  if (addresses.length > 0 && !reachable.includes(true)) {
    const ports = [...new Set(addresses.map(({ port }) => port))].join(', ');
    warnings.push({
      code: 'PEER_UNREACHABLE',
      message: `nobody has come to this node unasked yet, so whether it answers is not known: let its firewall pass UDP port ${ports}, and its router forward it; or invite on a node that others reach`,
    });
  }
  return { addresses: addresses.map(formatSocketAddress), reachable, warnings };
}
