// What a simulated host keeps when its node is killed.
import { toHex } from '../core/base/bytes.ts';
import type {
  AliasRecord,
  KnownNode,
  NodeState,
  PersistRecord,
  ServiceRecord,
  TokenRecord,
} from '../core/node/types.ts';

export interface Disk {
  chain: Uint8Array | undefined;
  freshness: number;
  readonly knownNodes: Map<string, KnownNode>;
  readonly aliases: Map<string, AliasRecord>;
  readonly tokens: Map<string, TokenRecord>;
  readonly services: Map<string, ServiceRecord>;
  /** Records written in all. */
  writes: number;
}

export function emptyDisk(chain: Uint8Array | undefined): Disk {
  return {
    chain,
    freshness: 1,
    knownNodes: new Map(),
    aliases: new Map(),
    tokens: new Map(),
    services: new Map(),
    writes: 0,
  };
}

export function saveRecord(disk: Disk, record: PersistRecord): void {
  disk.writes++;
  switch (record.kind) {
    case 'knownNode':
      disk.knownNodes.set(toHex(record.node.nodeId), record.node);
      return;
    case 'forgetNode':
      disk.knownNodes.delete(toHex(record.nodeId));
      return;
    case 'freshness':
      disk.freshness = record.reservedTo;
      return;
    case 'token':
      disk.tokens.set(toHex(record.token.tokenId), record.token);
      return;
    case 'forgetToken':
      disk.tokens.delete(toHex(record.tokenId));
      return;
    case 'alias':
      disk.aliases.set(toHex(record.alias.address), record.alias);
      return;
    case 'forgetAlias':
      disk.aliases.delete(toHex(record.address));
      return;
    case 'service':
      disk.services.set(record.service.name, record.service);
      return;
    case 'forgetService':
      disk.services.delete(record.name);
      return;
    case 'membership':
      disk.chain = record.chain;
      return;
  }
}

export function loadState(disk: Disk): NodeState {
  return {
    knownNodes: [...disk.knownNodes.values()],
    aliases: [...disk.aliases.values()],
    tokens: [...disk.tokens.values()],
    services: [...disk.services.values()],
    freshness: disk.freshness,
  };
}
