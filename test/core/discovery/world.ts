// A node's discovery with nothing around it: inputs go in, what it says is read. Records of others are really signed.
import { toHex } from '../../../src/core/base/bytes.ts';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import { Discovery } from '../../../src/core/discovery/discovery.ts';
import type {
  DiscoveryEvent,
  DiscoveryInput,
  DiscoveryPersist,
  DiscoverySend,
  DiscoveryState,
  Membership,
  OwnService,
  PeerState,
} from '../../../src/core/discovery/types.ts';
import { generateNodeKeys, readRecord, recordKey, signRecord } from '../../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../../src/core/identity/types.ts';
import type { DhtRecord, ServiceBody } from '../../../src/core/wire/types.ts';
import { fakeCrypto as crypto } from '../../../src/sim/crypto.ts';

/** Unix ms at `now` 0. */
export const WALL = 1_800_000_000_000;
const WALL_S = WALL / 1000;
const NETWORK = new Uint8Array(32).fill(7);
export const PLACE: SocketAddress = { ip: ipv4(192, 0, 2, 1), port: 9376 };

type Of<Kind extends DiscoveryEvent['kind']> = Extract<DiscoveryEvent, { kind: Kind }>;
type Find = Extract<DiscoverySend, { kind: 'find' }>;

export interface Provider {
  readonly keys: NodeKeys;
  readonly nodeId: Uint8Array;
  readonly name: string;
  readonly member: Membership;
}

export interface WorldOptions {
  readonly member?: Membership | undefined;
  readonly state?: DiscoveryState;
  readonly seed?: string;
  /** Of the organisation; undefined: its own. */
  readonly organisation?: NodeKeys;
}

export class World {
  readonly crypto = crypto;
  readonly seed: string;
  readonly rng;
  readonly organisationKeys: NodeKeys;
  readonly organisation: Uint8Array;
  readonly keys: NodeKeys;
  readonly member: Membership;
  readonly discovery: Discovery;
  readonly out = new OutboxBuffer<DiscoverySend, DiscoveryEvent, DiscoveryPersist>();
  now = 1000;
  private lastId = 0;

  constructor(options: WorldOptions = {}) {
    this.seed = options.seed ?? 'discovery';
    this.rng = seededRng(this.seed);
    const organisation = generateNodeKeys(crypto, this.rng);
    this.organisationKeys = options.organisation ?? organisation;
    this.organisation = this.organisationKeys.nodeId;
    this.keys = generateNodeKeys(crypto, this.rng);
    this.member = { name: 'self', organisation: this.organisation, organisationName: 'acme', provides: [] };
    this.discovery = new Discovery({
      crypto,
      rng: this.rng,
      networkId: NETWORK,
      keys: this.keys,
      member: 'member' in options ? options.member && { ...this.member, ...options.member } : this.member,
      wallOffsetMs: WALL,
      state: options.state ?? { lastSequence: 0, values: [] },
    });
  }

  id(): Uint8Array {
    return generateNodeKeys(crypto, this.rng).nodeId;
  }

  provider(name = `p${++this.lastId}`, member: Partial<Membership> = {}): Provider {
    const keys = generateNodeKeys(crypto, this.rng);
    return { keys, nodeId: keys.nodeId, name, member: { ...this.member, name, ...member } };
  }

  give(input: DiscoveryInput): void {
    this.discovery.handle(input, this.now, this.out);
  }

  /** Time passes; timers fire as they are due. */
  wait(ms: number): void {
    const until = this.now + ms;
    while (this.discovery.wakeAt <= until) {
      this.now = Math.max(this.now, this.discovery.wakeAt);
      this.discovery.onTimer(this.now, this.out);
    }
    this.now = until;
  }

  /** What was said since the last call, in order of its kind. */
  events<Kind extends DiscoveryEvent['kind']>(kind: Kind): Of<Kind>[] {
    const { events } = this.out;
    const found = events.filter((event): event is Of<Kind> => event.kind === kind);
    const rest = events.filter((event) => event.kind !== kind);
    events.splice(0, events.length, ...rest);
    return found;
  }

  finds(): Find[] {
    const { sends } = this.out;
    const found = sends.filter((send): send is Find => send.kind === 'find');
    sends.splice(0, sends.length, ...sends.filter((send) => send.kind !== 'find'));
    return found;
  }

  /** Records that were published since, as anyone reads them. */
  published(): DhtRecord[] {
    const { sends } = this.out;
    const found = sends.flatMap((send) => (send.kind === 'publish' ? [send] : []));
    sends.splice(0, sends.length, ...sends.filter((send) => send.kind !== 'publish'));
    return found.map(({ record }) => {
      const read = readRecord(crypto, NETWORK, record);
      if (read === undefined) throw new Error('not a valid record');
      return read;
    });
  }

  persists(): DiscoveryPersist[] {
    return this.out.persists.splice(0);
  }

  /** The one lookup that was asked for. */
  find(): Find {
    const finds = this.finds();
    if (finds.length !== 1) throw new Error(`${finds.length} lookups`);
    return finds[0];
  }

  keyOf(kind: 'service' | 'nodeName' | 'user', name: string, organisation = this.organisation): string {
    return toHex(recordKey(crypto, NETWORK, { kind, organisation, name }));
  }

  nodeKeyOf(nodeId: Uint8Array): string {
    return toHex(recordKey(crypto, NETWORK, { kind: 'node', nodeId }));
  }

  immutableKeyOf(value: Uint8Array): string {
    return toHex(recordKey(crypto, NETWORK, { kind: 'immutable', hash: crypto.sha256(value) }));
  }

  found(
    id: number,
    records: readonly DhtRecord[],
    {
      isComplete = true,
      total = records.length,
      contacts = 1,
      withdrawn = [],
    }: { isComplete?: boolean; total?: number; contacts?: number; withdrawn?: readonly DhtRecord[] } = {},
  ): void {
    const contact = { nodeId: this.keys.nodeId, nonce: new Uint8Array(16), addresses: [] };
    const closest = Array.from({ length: contacts }, () => contact);
    this.give({ kind: 'found', id, records, withdrawn, total, contacts: closest, hops: 1, isComplete });
  }

  peer(provider: Provider, state: PeerState = 'up', member: Membership | undefined = provider.member): void {
    this.give({ kind: 'peer', nodeId: provider.nodeId, state, member });
  }

  resolve(text: { service: string; organisation?: string; isWhole?: boolean }): number {
    const id = ++this.lastId;
    const { service: name, organisation, isWhole } = text;
    this.give({ kind: 'resolve', id, name: { kind: 'service', name, organisation }, isWhole });
    return id;
  }

  /** What was answered since to the query. */
  answer(id: number): Of<'resolved'>['result'] | undefined {
    const answers = this.events('resolved');
    const mine = answers.filter((event) => event.id === id);
    if (mine.length > 1) throw new Error('answered twice');
    this.out.events.push(...answers.filter((event) => event.id !== id));
    return mine.at(0)?.result;
  }

  /** Resolves with these providers at once. */
  known(service: string, providers: readonly Provider[], changes: Partial<ServiceBody> = {}): void {
    const id = this.resolve({ service });
    this.found(
      this.find().id,
      providers.map((provider) => serviceRecord(provider, service, changes)),
    );
    if (this.answer(id)?.kind !== 'found') throw new Error('not found');
  }
}

export function service(name: string, changes: Partial<OwnService> = {}): OwnService {
  const families = { ipv4: true, ipv6: true };
  const known = {
    name,
    selector: 1,
    protocol: 'tcp',
    port: 80,
    weight: 1,
    ...families,
    healthy: true,
  } as const;
  return { ...known, isPublic: true, sharedWith: [], ...changes };
}

export function serviceRecord(
  provider: Provider,
  name: string,
  changes: Partial<ServiceBody> = {},
  head: { sequence?: number; expires?: number } = {},
): DhtRecord & { kind: 'service' } {
  const body: ServiceBody = {
    selector: 1,
    protocol: 'tcp',
    port: 80,
    weight: 1,
    ipv4: true,
    ipv6: true,
    healthy: true,
    addresses: [PLACE],
    relays: [],
    ...changes,
  };
  const { sequence = 1, expires = WALL_S + DAY_S } = head;
  return { kind: 'service', publisher: provider.nodeId, sequence, expires, name, body };
}

export function nodeNameRecord(
  provider: Provider,
  name = provider.name,
  sequence = 1,
): DhtRecord & { kind: 'nodeName' } {
  const body = { addresses: [PLACE], core: false, relays: [] };
  return { kind: 'nodeName', publisher: provider.nodeId, sequence, expires: WALL_S + DAY_S, name, body };
}

export { crypto, NETWORK, signRecord, WALL_S };
