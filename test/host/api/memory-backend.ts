// An ApiBackend that keeps everything in memory: a network of one member, `alpha`, that knows itself and `bravo`.
import { createHash } from 'node:crypto';
import { decodeBase32, encodeBase32 } from '../../../src/core/base/base32.ts';
import { CodedError } from '../../../src/core/base/errors.ts';
import {
  type ApiBackend,
  type Directory,
  EventRing,
  type GuestBackend,
  type Metrics,
} from '../../../src/host/api/api.ts';
import type {
  AccessAnswer,
  Addresses,
  EndpointView,
  GuestsResult,
  InitInput,
  InitResult,
  InviteInput,
  InviteResult,
  JoinInput,
  JoinResult,
  KeptRecordList,
  KeyChangeInput,
  Keys,
  NatView,
  NetCheck,
  PeerView,
  PingInput,
  PingResult,
  RecordResult,
  RecordSet,
  Resolution,
  ServiceInput,
  ServiceView,
  Status,
} from '../../../src/host/api/types.ts';
import { ACME, ALPHA, NETWORK, OWN } from './memory-ids.ts';
import { MemoryImports } from './memory-imports.ts';
import { MemoryMembers } from './memory-members.ts';
import { MemoryOrganisations } from './memory-organisations.ts';
import { MemoryRevocations } from './memory-revocations.ts';

export { ALPHA } from './memory-ids.ts';

const SERVICES_MAX = 256;
const RECORDS_MAX = 256;
const LIFETIME_MS = 86_400_000;
const BRAVO = encodeBase32(new Uint8Array(32).fill(2));
const SIBLING: Addresses = { ipv4: '100.64.0.2', ipv6: 'fd00::2' };

interface Stored {
  readonly value: Uint8Array;
  readonly sequence: number;
  readonly expires: string;
}

const NAT: NatView = {
  kind: 'portRestricted',
  mapping: 'endpointIndependent',
  filtering: 'addressAndPortDependent',
  publicAddress: '198.51.100.7:9376',
  portPreserving: true,
  portStep: null,
  hairpin: null,
  mappingLifetimeS: null,
  samples: 4,
};

export class MemoryBackend implements ApiBackend, Directory {
  readonly directory = this;
  readonly organisations = new MemoryOrganisations();
  readonly revocations = new MemoryRevocations();
  readonly imports = new MemoryImports();
  readonly members = new MemoryMembers();
  readonly events = new EventRing();
  /** What `ping defect` throws: a mistake of ours. */
  readonly defect = new TypeError('x is undefined');
  readonly guests: GuestBackend = {
    view: () => this.#policy,
    set: ({ open, difficulty, max }) => {
      const before = this.#policy;
      this.#policy = {
        ...before,
        open: open ?? before.open,
        difficulty: difficulty ?? before.difficulty,
        max: max ?? before.max,
      };
      return this.#policy;
    },
    invite: async () => ({ token: 'mccg1', addresses: [], reachable: [], warnings: [] }),
    work: async ({ token }) => {
      throw new CodedError(token.startsWith('mccg1') ? 'GUESTS_CLOSED' : 'TOKEN_MALFORMED');
    },
  };
  #policy: GuestsResult = { open: false, difficulty: 25, currentDifficulty: 25, max: 256, guests: 0 };
  readonly #services = new Map<string, ServiceView>();
  readonly #records = new Map<string, Stored>();
  readonly #fixed = new Map<string, Stored>();
  #sequence = 0;

  status(): Status {
    return {
      version: '1.2.3',
      state: 'running',
      nodeId: ALPHA,
      networkId: NETWORK,
      network: 'plant-net',
      organisation: 'acme',
      organisationId: ACME,
      guestOf: null,
      name: 'alpha',
      signer: true,
      addresses: OWN,
      interface: null,
      mtu: 1420,
      listen: ['0.0.0.0:9376'],
      nat: { ...NAT, portMapping: null },
      aesGcm: 'openssl',
      certificateExpires: new Date(LIFETIME_MS).toISOString(),
      uptimeMs: 1,
      peers: this.peers(),
      services: this.services(),
      dns: { mode: 'none', reason: 'no interface', zone: 'mcc', addresses: [] },
      relaying: { nodes: 0, circuits: 0, relays: [] },
      streams: {
        udpBlocked: false,
        open: 0,
        tcp: { listening: true, reason: null },
        tls443: { listening: false, reason: 'another program has that port' },
      },
      dht: { mode: 'core', contacts: 1, records: this.#records.size },
      refusals: [
        {
          direction: 'here',
          nodeId: ALPHA,
          name: 'bravo',
          organisation: 'beta',
          service: null,
          protocol: 'tcp',
          port: 22,
          reason: 'closed',
          count: 2,
          last: new Date(0).toISOString(),
        },
      ],
      drops: { inboundPort: 2 },
      warnings: [{ code: 'CLOCK_WRONG', message: 'the clock is wrong' }],
    };
  }

  peers(): PeerView[] {
    return [
      {
        nodeId: BRAVO,
        name: 'bravo',
        organisation: 'acme',
        state: 'connected',
        addresses: SIBLING,
        path: {
          kind: 'direct',
          remote: '192.0.2.2:9376',
          transport: 'udp',
          relay: null,
          code: null,
          reason: null,
          nextTryMs: null,
        },
        rttMs: 8,
        flow: null,
        txBytes: 1,
        rxBytes: 2,
        lastSeen: new Date(0).toISOString(),
      },
    ];
  }

  services(): ServiceView[] {
    return [...this.#services.values()];
  }

  async addService(name: string, input: ServiceInput, replace: boolean): Promise<boolean> {
    const isNew = !this.#services.has(name);
    if (!isNew && !replace) throw new CodedError('SERVICE_EXISTS', name);
    if (isNew && this.#services.size >= SERVICES_MAX) throw new CodedError('NUMBER_INVALID', 'services');
    this.#services.set(name, {
      name,
      port: input.port,
      protocol: input.protocol ?? 'tcp',
      target: input.target ?? null,
      weight: input.weight ?? 100,
      share: input.share ?? [],
      check: input.check ?? (input.protocol === 'udp' ? 'none' : 'tcp'),
      health: { state: 'unhealthy', reason: 'connection refused', ipv4: true, ipv6: false },
      endpointId: ALPHA,
      addresses: { endpoint: OWN, service: OWN },
    });
    return isNew;
  }

  removeService(name: string): void {
    if (!this.#services.delete(name)) throw new CodedError('SERVICE_UNKNOWN', name);
  }

  access(from: string, to: string): AccessAnswer {
    if (from === 'nobody') throw new CodedError('PEER_UNKNOWN', from);
    const reason = from === 'guests' ? 'notShared' : 'own';
    const allowed = reason === 'own';
    return { from, to, allowed, reason, message: 'why', service: null, protocol: 'tcp', port: 80 };
  }

  reshareService(name: string, how: 'share' | 'unshare', share: readonly string[]): void {
    const service = this.#services.get(name);
    if (service === undefined) throw new CodedError('SERVICE_UNKNOWN', name);
    const others = service.share.filter((one) => !share.includes(one));
    this.#services.set(name, { ...service, share: how === 'share' ? [...others, ...share] : others });
  }

  async resolve(text: string): Promise<Resolution> {
    const name = text.endsWith('.mcc') ? text.slice(0, -4) : text;
    const host: EndpointView = {
      endpointId: ALPHA,
      nodeId: ALPHA,
      nodeName: 'alpha',
      address: 'fd00::1',
      ...OWN,
      port: null,
      protocol: null,
      weight: null,
      healthy: true,
    };
    if (name === 'alpha.node')
      return {
        name: 'alpha.node.mcc',
        addresses: ['fd00::1'],
        endpoints: [host],
        namesakes: [],
        refused: [],
      };
    const service = this.#services.get(name);
    if (service === undefined) throw new CodedError('NAME_UNKNOWN', text);
    const { port, protocol, weight } = service;
    const endpoints = [{ ...host, port, protocol, weight, healthy: false }];
    return {
      name: `${name}.mcc`,
      addresses: ['fd00::1', '100.64.0.1'],
      endpoints,
      namesakes: [],
      refused: [],
    };
  }

  async putRecord(key: string, value: Uint8Array): Promise<RecordResult> {
    return this.#put(this.#records, key, value);
  }

  async putImmutable(value: Uint8Array): Promise<RecordResult> {
    const hash = createHash('sha256').update(value).digest();
    return this.#put(this.#fixed, encodeBase32(hash), value);
  }

  async getRecord(key: string): Promise<RecordSet> {
    return view(key, this.#records.get(key));
  }

  async getImmutable(hash: Uint8Array): Promise<RecordSet> {
    const key = encodeBase32(hash);
    return view(key, this.#fixed.get(key));
  }

  async deleteRecord(key: string): Promise<void> {
    if (!this.#records.delete(key) && !this.#fixed.delete(key)) throw new CodedError('RECORD_UNKNOWN', key);
  }

  kept(cursor: number): KeptRecordList {
    const records = [...this.#records]
      .slice(cursor, cursor + 1)
      .map(([name, { value, sequence, expires }]) => ({
        key: encodeBase32(new Uint8Array(32)),
        kind: 'user',
        name,
        publisher: encodeBase32(new Uint8Array(32)),
        sequence,
        expires,
        withdrawn: false,
        organisationId: encodeBase32(new Uint8Array(32)),
        recordBase64url: Buffer.from(value).toString('base64url'),
        chainBase64url: '',
      }));
    return { records, nextCursor: this.#records.size > cursor + 1 ? cursor + 1 : null };
  }

  #put(records: Map<string, Stored>, key: string, value: Uint8Array): RecordResult {
    if (records.size >= RECORDS_MAX) records.clear();
    const sequence = ++this.#sequence;
    const expires = new Date(sequence + LIFETIME_MS).toISOString();
    records.set(key, { value, sequence, expires });
    return { key, sequence, expires, copies: 1 };
  }

  async ping(input: PingInput): Promise<PingResult> {
    if (input.target === 'defect') throw this.defect;
    if (input.target !== 'bravo') throw new CodedError('PEER_UNKNOWN', input.target);
    const path = { kind: 'direct', remote: '192.0.2.2:9376', transport: 'udp', relay: null } as const;
    return { nodeId: BRAVO, name: 'bravo', address: 'fd00::2', path, rttMs: [0.5], lost: 0 };
  }

  async netCheck(): Promise<NetCheck> {
    return {
      asked: 4,
      answered: 3,
      ipv4: NAT,
      ipv6: { ...NAT, publicAddress: null, samples: 0 },
      reachedUnasked: false,
      udpBlocked: false,
      portMapping: null,
      relays: [{ nodeId: BRAVO, name: 'bravo', rttMs: 12.5 }],
      told: ['198.51.100.7:9376'],
      meaning: 'Nodes behind most NATs connect.',
      advice: ['Forward UDP port 9376.'],
    };
  }

  keys(): Keys {
    return { nodeId: ALPHA, signerKey: Buffer.from(decodeBase32(ACME) ?? []).toString('base64url') };
  }

  /** A network called `taken` is one that this node belongs to already. */
  async init(input: InitInput): Promise<InitResult> {
    if (input.name === 'taken') throw new CodedError('ALREADY_INITIALISED');
    return this.#introduction(input.name ?? 'alpha');
  }

  async invite(input: InviteInput): Promise<InviteResult> {
    if (![undefined, 'acme'].includes(input.organisation)) throw new CodedError('NOT_A_SIGNER');
    const expires = new Date(input.expiresMs ?? LIFETIME_MS).toISOString();
    const addresses = input.addresses ?? ['192.0.2.1:9376'];
    const reachable = addresses.map(() => null);
    return { token: 'mcc1token', uses: input.uses ?? 1, expires, addresses, reachable, warnings: [] };
  }

  async changeKey({ token, confirmed }: KeyChangeInput): Promise<JoinResult> {
    if (confirmed !== true) throw new CodedError('KEY_CHANGE');
    return this.join({ token });
  }

  async join(input: JoinInput): Promise<JoinResult> {
    if (input.token !== 'mcc1token') throw new CodedError('TOKEN_EXPIRED');
    return { ...this.#introduction(input.name ?? 'alpha'), admittedBy: 'bravo', peer: null };
  }

  metrics(): Metrics {
    return {
      version: '1.2.3',
      sentBytes: { direct: 12 },
      receivedBytes: { direct: 30, relayed: 4 },
      dropped: { replayed: 5, outboundPolicy: 6 },
      peers: this.peers(),
      certificateExpiry: 1_800_000_000,
      warnings: 1,
      dht: { isCore: true, contacts: 7, records: 8, storedBytes: 900, lookups: 1, estimatedNodes: 9 },
      dnsMode: 'resolved',
      dns: {
        queries: { udp: 20, tcp: 2 },
        answers: { NOERROR: 15, REFUSED: 3 },
        cacheHits: 14,
        forwarded: { asked: 4, failed: 1, stripped: 2, refused: 0 },
      },
    };
  }

  #introduction(name: string): InitResult {
    return {
      nodeId: ALPHA,
      networkId: NETWORK,
      network: 'plant-net',
      organisation: 'acme',
      organisationId: ACME,
      name,
      addresses: OWN,
    };
  }
}

function view(key: string, stored: Stored | undefined): RecordSet {
  if (stored === undefined) throw new CodedError('RECORD_UNKNOWN', key);
  const { value, sequence, expires } = stored;
  const bytes = Buffer.from(value);
  const text = bytes.toString('utf8');
  return {
    key,
    records: [
      {
        value: Buffer.from(text).equals(bytes) ? text : null,
        valueBase64url: bytes.toString('base64url'),
        nodeId: ALPHA,
        sequence,
        expires,
      },
    ],
  };
}
