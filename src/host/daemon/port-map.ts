// Gateways pass on the node's UDP port, and the node says so.
import { formatSocketAddress, parseSocketAddress } from '../../core/base/ip.ts';
import { nativeSystem } from '../native/native.ts';
import { PortMap } from '../portmap/portmap.ts';
import type { PortMapping } from '../portmap/types.ts';
import type { RunningNode } from './compose.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';

export interface PortMapParts {
  readonly running: RunningNode;
  readonly config: Config;
  readonly log: Log;
  /** Seed of the node's key. */
  readonly secret: Uint8Array;
}

/** undefined: the configuration says no. */
export function startPortMap({ running, config, log, secret }: PortMapParts): PortMap | undefined {
  if (config.portmap === 'off') return undefined;
  const { node, turn, listen } = running;
  return new PortMap({
    system: nativeSystem(),
    sockets: listen.flatMap((text) => parseSocketAddress(text) ?? []),
    secret,
    onChange(mapping) {
      if (mapping === undefined) log.info('portUnmapped');
      else
        log.info('portMapped', {
          addresses: [formatSocketAddress(mapping.external)],
          reason: reason(mapping),
        });
      turn.run((now) => node.onHostEvent({ kind: 'mapped', address: mapping?.external }, now));
    },
  });
}

function reason({ protocol, isPublic }: PortMapping): string {
  return isPublic ? protocol : `${protocol}, a private address`;
}
