import { VERSION } from '../../core/base/version.ts';
import { idToText } from '../../core/identity/identity.ts';
import type { Status, Warning } from '../api/types.ts';
import { nowMs } from '../io/io.ts';
import type { RunningNode } from './compose.ts';
import type { Standing } from './membership.ts';
import { drops, peerView, serviceView } from './views.ts';

export interface StatusParts {
  readonly running: RunningNode | undefined;
  readonly standing: Standing | undefined;
  /** Of the key that waits for a network; null: there is none. */
  readonly nodeId: string | null;
  /** Bytes. */
  readonly mtu: number;
  /** By nowMs(). */
  readonly startedAt: number;
  readonly warnings: Warning[];
}

export function statusView(parts: StatusParts): Status {
  const { running, standing, warnings } = parts;
  const view = running?.node.status(nowMs());
  const end = standing === undefined ? null : new Date(standing.chain.notAfter * 1000).toISOString();
  return {
    version: VERSION,
    state: view === undefined ? 'unconfigured' : 'running',
    nodeId: view?.nodeId ?? parts.nodeId,
    networkId: view?.networkId ?? null,
    network: view?.network ?? null,
    organisation: view?.organisation ?? null,
    organisationId: standing === undefined ? null : idToText(standing.chain.organisation),
    name: view?.name ?? null,
    signer: view?.signer ?? false,
    addresses: view?.addresses ?? { ipv4: null, ipv6: null },
    interface: running?.interfaceName ?? null,
    mtu: running === undefined ? null : parts.mtu,
    listen: running?.listen ?? [],
    nat: view?.nat ?? { mapping: null, filtering: null },
    aesGcm: running?.port.info().aesGcm ?? null,
    certificateExpires: end,
    uptimeMs: Math.round(nowMs() - parts.startedAt),
    peers: view?.peers.map(peerView) ?? [],
    services: view?.services.map(serviceView) ?? [],
    dns: { mode: null, reason: null, zone: null, addresses: [] },
    dht: { mode: null, contacts: 0, records: 0 },
    drops: drops(view?.drops ?? {}, running?.port.counters),
    warnings,
  };
}

/** One line for people: who this node is. */
export function summary(status: Status): string {
  if (status.state === 'unconfigured') {
    const [warning] = status.warnings;
    return warning?.message ?? 'no network yet: mcc init or mcc join TOKEN';
  }
  const parts = [
    `${status.name} (${status.organisation}) in ${status.network}`,
    `${status.addresses.ipv6} ${status.addresses.ipv4}`,
    `interface ${status.interface ?? 'none'}`,
    `UDP ${status.listen.join(' ')}`,
  ];
  return parts.join(', ');
}
