// What a simulated host keeps when its node is killed.
import { toHex } from '../core/base/bytes.ts';
import { GUESTS_CLOSED } from '../core/consortium/consortium.ts';
import type { KeptContact } from '../core/dht/types.ts';
import type { DiscoveryPersist, OwnValue } from '../core/discovery/types.ts';
import type {
  AliasRecord,
  GuestPolicy,
  GuestRecord,
  ImportRecord,
  KeptEpoch,
  KeptForeignEpochs,
  KnownNode,
  MemberChange,
  NodeState,
  PersistRecord,
  SavedReach,
  ServiceRecord,
  TokenRecord,
} from '../core/node/types.ts';
import type { CalledHost } from '../core/path/types.ts';

export interface Disk {
  chain: Uint8Array | undefined;
  freshness: number;
  readonly knownNodes: Map<string, KnownNode>;
  readonly aliases: Map<string, AliasRecord>;
  readonly tokens: Map<string, TokenRecord>;
  guestPolicy: GuestPolicy;
  readonly guests: Map<string, GuestRecord>;
  readonly memberChanges: Map<string, MemberChange>;
  readonly services: Map<string, ServiceRecord>;
  readonly imports: Map<string, ImportRecord>;
  readonly dhtContacts: Map<string, KeptContact>;
  signers: readonly Uint8Array[];
  lastSequence: number;
  readonly values: Map<string, OwnValue>;
  /** Statements by hash in hex. */
  readonly revocations: Map<string, Uint8Array>;
  epochs: readonly KeptEpoch[];
  /** By organisation in hex. */
  readonly foreignEpochs: Map<string, KeptForeignEpochs>;
  readonly called: Map<string, CalledHost>;
  reached: SavedReach | undefined;
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
    guestPolicy: GUESTS_CLOSED,
    guests: new Map(),
    memberChanges: new Map(),
    services: new Map(),
    imports: new Map(),
    dhtContacts: new Map(),
    signers: [],
    lastSequence: 0,
    values: new Map(),
    revocations: new Map(),
    epochs: [],
    foreignEpochs: new Map(),
    called: new Map(),
    reached: undefined,
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
    case 'guestPolicy':
      disk.guestPolicy = record.policy;
      return;
    case 'guest':
      disk.guests.set(toHex(record.guest.nodeId), record.guest);
      return;
    case 'forgetGuest':
      disk.guests.delete(toHex(record.nodeId));
      return;
    case 'memberChange':
      disk.memberChanges.set(toHex(record.change.nodeId), record.change);
      return;
    case 'forgetMemberChange':
      disk.memberChanges.delete(toHex(record.nodeId));
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
    case 'import':
      disk.imports.set(record.record.name, record.record);
      return;
    case 'forgetImport':
      disk.imports.delete(record.record.name);
      return;
    case 'dhtContact':
      disk.dhtContacts.set(toHex(record.contact.nodeId), record.contact);
      return;
    case 'forgetDhtContact':
      disk.dhtContacts.delete(toHex(record.nodeId));
      return;
    case 'discovery':
      saveDiscovery(disk, record.record);
      return;
    case 'revocation':
      disk.revocations.set(toHex(record.hash), record.bytes);
      return;
    case 'forgetRevocation':
      disk.revocations.delete(toHex(record.hash));
      return;
    case 'epochs':
      disk.epochs = record.epochs;
      return;
    case 'foreignEpochs': {
      const { organisation, epochs } = record;
      const key = toHex(organisation);
      if (epochs.length > 0) disk.foreignEpochs.set(key, { organisation, epochs });
      else disk.foreignEpochs.delete(key);
      return;
    }
    case 'called':
      disk.called.set(toHex(record.called.ip), record.called);
      return;
    case 'forgetCalled':
      disk.called.delete(toHex(record.ip));
      return;
    case 'reached':
      disk.reached = record.reached;
      return;
    case 'membership':
      disk.chain = record.chain;
      return;
    case 'signers':
      disk.signers = record.nodeIds;
      return;
  }
}

export function loadState(disk: Disk): NodeState {
  return {
    knownNodes: [...disk.knownNodes.values()],
    aliases: [...disk.aliases.values()],
    tokens: [...disk.tokens.values()],
    guestPolicy: disk.guestPolicy,
    guests: [...disk.guests.values()],
    memberChanges: [...disk.memberChanges.values()],
    services: [...disk.services.values()],
    imports: [...disk.imports.values()],
    dhtContacts: [...disk.dhtContacts.values()],
    signers: disk.signers,
    discovery: { lastSequence: disk.lastSequence, values: [...disk.values.values()] },
    revocations: [...disk.revocations.values()],
    epochs: disk.epochs,
    foreignEpochs: [...disk.foreignEpochs.values()],
    called: [...disk.called.values()],
    reached: disk.reached,
    freshness: disk.freshness,
  };
}

function saveDiscovery(disk: Disk, record: DiscoveryPersist): void {
  if (record.kind === 'sequence') {
    disk.lastSequence = record.sequence;
    return;
  }
  const { name, value } = record.value;
  const key = name === '' ? `#${toHex(value)}` : name;
  if (record.kind === 'value') disk.values.set(key, record.value);
  else disk.values.delete(key);
}
