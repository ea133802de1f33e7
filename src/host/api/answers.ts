// JSON schemas of the answers, for /openapi.json; every answer of the tests is held against them. The compiler holds
// their fields against types.ts.
import {
  answer,
  count,
  EPOCH,
  FLOW,
  flag,
  ID,
  ID_OR_NULL,
  list,
  ref,
  type Schema,
  TIME,
  TIME_OR_NULL,
  text,
  textOrNull,
} from './answer-parts.ts';
import type { ImportList, ImportView } from './import-types.ts';
import { KEPT_ANSWERS } from './kept-answers.ts';
import type { MemberInput, MemberList, MemberView } from './member-types.ts';
import type { RevocationList, RevocationView } from './revocation-types.ts';
import type {
  AccessAnswer,
  Addresses,
  DhtView,
  DnsView,
  EndpointView,
  ErrorBody,
  FieldError,
  GuestInviteResult,
  GuestsResult,
  GuestWork,
  InitResult,
  InstallResult,
  InviteResult,
  JoinResult,
  Keys,
  ListenView,
  NatView,
  NetCheck,
  NetworkView,
  OrganisationList,
  OrganisationView,
  PathView,
  PeerList,
  PeerPathView,
  PeerView,
  PingResult,
  PortMappingView,
  Problem,
  RecordResult,
  RecordSet,
  RecordView,
  RefusalView,
  RelayedCode,
  RelayingView,
  RequestView,
  Resolution,
  ServiceHealth,
  ServiceList,
  ServiceView,
  SignerView,
  Status,
  StreamsView,
  Warning,
} from './types.ts';

const REVOCATION: { readonly [K in keyof RevocationView]: Schema } = {
  kind: { enum: ['node', 'signer', 'organisation'] },
  target: text('node ID, key of a signer or organisation ID'),
  organisation: textOrNull('of a node: what it was put out of; null: all'),
  since: TIME_OR_NULL,
  revoked: TIME,
  reason: text('for people'),
  by: text('key of the signer, or `roots`'),
  id: text('hash of the statement'),
};
const RELAYED_CODES: readonly RelayedCode[] = [
  'trying',
  'unused',
  'udpBlocked',
  'unpredictablePorts',
  'notOpened',
  'noAnswer',
  'noAddress',
  'untried',
];

const RIGHTS = {
  tags: list(text('tag')),
  provides: list(text('pattern of service names that it may offer; none: all')),
};
const MEMBER: { readonly [K in keyof MemberView]: Schema } = {
  nodeId: ID,
  name: text('name'),
  ...RIGHTS,
  certificateExpires: TIME,
  signer: ID,
  self: flag('the node that answers'),
  online: flag('it has a session with this node'),
  pending: { anyOf: [answer<MemberInput>(RIGHTS), { type: 'null' }] },
};

const IMPORT: { readonly [K in keyof ImportView]: Schema } = {
  name: text('under which the service is found on this node'),
  service: text('name of the service in its organisation'),
  organisation: text('name of its organisation; the ID where that would not do'),
  organisationId: ID,
};

const BEHAVIOUR: Schema = {
  enum: ['unknown', 'endpointIndependent', 'addressDependent', 'addressAndPortDependent', null],
  description: 'as RFC 4787 names it',
};
const NAT: { readonly [K in keyof NatView]: Schema } = {
  kind: {
    enum: [
      'unknown',
      'open',
      'fullCone',
      'addressRestricted',
      'portRestricted',
      'symmetric',
      'symmetricPredictable',
      null,
    ],
    description: 'open: no NAT; null while unconfigured',
  },
  mapping: BEHAVIOUR,
  filtering: BEHAVIOUR,
  publicAddress: textOrNull('ADDRESS:PORT, or ADDRESS alone where the port depends on who is asked'),
  portPreserving: { type: ['boolean', 'null'], description: 'the port outside is the one listened on' },
  portStep: { type: ['integer', 'null'], description: 'between two ports that a predictable NAT gives' },
  hairpin: { type: ['boolean', 'null'], description: 'this node reaches its own public address' },
  mappingLifetimeS: {
    type: ['integer', 'null'],
    description: 'seconds that the NAT or firewall remembers an idle way; 118: or longer, 15: or shorter',
  },
  samples: count('nodes that said how they see this one'),
};
const LISTEN: { readonly [K in keyof ListenView]: Schema } = {
  listening: flag('connections are taken'),
  reason: textOrNull('why they are not'),
};
const PROTOCOL: Schema = { enum: ['tcp', 'udp'] };
const PATH = {
  kind: { enum: ['direct', 'punched', 'relayed', null] },
  remote: textOrNull('ADDRESS:PORT'),
  transport: { enum: ['udp', 'tcp', 'tls', null], description: 'of a relayed path: that to the relay' },
  relay: textOrNull('name of the relay, or its node ID; null: the path leads through none'),
};
const INTRODUCTION = {
  nodeId: ID,
  networkId: ID,
  network: text('name of the network'),
  organisation: text('name of the own organisation'),
  organisationId: ID,
  name: text('name of this node'),
  addresses: ref('Addresses'),
};

/** Name in the document -> schema. */
export const ANSWERS: Readonly<Record<string, Schema>> = {
  Problem: answer<Problem>({
    type: text('where the code is described: a path of this API'),
    title: text('name of the HTTP status'),
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: text('the same as error.message'),
    error: answer<ErrorBody>(
      {
        code: { type: 'string', pattern: '^[A-Z][A-Z_]*$', description: 'stable; docs/errors.md lists all' },
        message: text('what, why, what to do'),
        fields: list(
          answer<FieldError>({
            field: text('what of the request was refused: body.port, path.name, header.content-type'),
            reason: text('what is allowed there'),
          }),
        ),
      },
      ['fields'],
    ),
  }),
  Addresses: answer<Addresses>({
    ipv4: textOrNull('alias by which programs of this host reach it; another host may use another'),
    ipv6: textOrNull('the same on every host'),
  }),
  Path: answer<PathView>(PATH),
  PeerPath: answer<PeerPathView>({
    ...PATH,
    code: {
      enum: [...RELAYED_CODES, null],
      description: 'why it leads through a relay, as a word that stays',
    },
    reason: textOrNull('the same for people'),
    nextTryMs: {
      type: ['integer', 'null'],
      minimum: 0,
      description:
        'until a direct way is looked for again; null: that is under way, or waits until a program uses the peer',
    },
  }),
  Peer: answer<PeerView>({
    nodeId: ID,
    name: text('name of the node'),
    organisation: text('name of its organisation'),
    state: { enum: ['connected', 'connecting', 'idle'] },
    addresses: ref('Addresses'),
    path: ref('PeerPath'),
    rttMs: { type: ['number', 'null'], minimum: 0 },
    flow: FLOW,
    txBytes: count('bytes sent to it'),
    rxBytes: count('bytes received from it'),
    lastSeen: TIME_OR_NULL,
  }),
  PortMapping: answer<PortMappingView>({
    protocol: { enum: ['pcp', 'nat-pmp', 'upnp'] },
    external: text('ADDRESS:PORT by which a gateway leads to this node'),
    expiresAt: TIME_OR_NULL,
    public: flag('the Internet reaches it; false: the gateway is itself behind a NAT'),
  }),
  PeerList: answer<PeerList>({ peers: list(ref('Peer')), nextCursor: { type: 'null' } }),
  Service: answer<ServiceView>({
    name: text('name of the service'),
    protocol: PROTOCOL,
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    target: textOrNull("HOST:PORT that serves it; null: this host's own port"),
    weight: count('share of new connections among the providers'),
    share: list(text('organisation that may use it beside the own one, or all')),
    check: { enum: ['tcp', 'none'] },
    health: answer<ServiceHealth>({
      state: { enum: ['healthy', 'unhealthy', 'unknown'] },
      reason: textOrNull('why it is not healthy'),
      ipv4: flag('the target answers IPv4'),
      ipv6: flag('the target answers IPv6'),
    }),
    endpointId: ID_OR_NULL,
    addresses: answer<ServiceView['addresses']>({
      endpoint: ref('Addresses'),
      service: ref('Addresses'),
    }),
  }),
  ServiceList: answer<ServiceList>({ services: list(ref('Service')), nextCursor: { type: 'null' } }),
  AccessAnswer: answer<AccessAnswer>({
    from: text('as it was asked'),
    to: text('as it was asked'),
    allowed: flag('a flow may be opened'),
    reason: { enum: ['self', 'own', 'tag', 'organisation', 'all', 'guests', 'closed', 'notShared', 'noTag'] },
    message: text('the same for people'),
    service: textOrNull('the service that decides'),
    protocol: { enum: ['tcp', 'udp'] },
    port: count('that is asked for'),
  }),
  Warning: answer<Warning>({ code: text('stable'), message: text('what, why, what to do') }),
  Status: answer<Status>({
    version: text('version of mcc'),
    state: { enum: ['unconfigured', 'running'] },
    nodeId: ID_OR_NULL,
    networkId: ID_OR_NULL,
    network: textOrNull('name of the network'),
    organisation: textOrNull('name of the own organisation'),
    organisationId: ID_OR_NULL,
    guestOf: textOrNull('name of the organisation whose guest this node is'),
    name: textOrNull('name of this node'),
    signer: flag('this node may invite'),
    addresses: ref('Addresses'),
    interface: textOrNull('name of the network interface'),
    mtu: { type: ['integer', 'null'] },
    listen: list(text('ADDRESS:PORT of a UDP socket')),
    nat: answer<Status['nat']>({
      ...NAT,
      portMapping: { anyOf: [ref('PortMapping'), { type: 'null' }] },
    }),
    aesGcm: textOrNull('library that seals AES-256-GCM'),
    certificateExpires: TIME_OR_NULL,
    uptimeMs: count('since the daemon started'),
    peers: list(ref('Peer')),
    services: list(ref('Service')),
    dns: answer<DnsView>({
      mode: { enum: ['resolved', 'dnsmasq', 'resolvconf', 'file', 'none', null] },
      reason: textOrNull('why this mode and not a better one'),
      zone: textOrNull('zone of the names'),
      addresses: list(text('where the resolver answers')),
    }),
    dht: answer<DhtView>({
      mode: { enum: ['core', 'client', null] },
      contacts: count('nodes in the routing table'),
      records: count('records held'),
    }),
    relaying: answer<RelayingView>({
      nodes: count('that this node keeps reachable'),
      circuits: count('pairs of nodes that this node relays for'),
      relays: list(ID),
    }),
    streams: answer<StreamsView>({
      udpBlocked: flag('nothing comes by UDP: other nodes are reached by TCP or TLS'),
      open: count('connections that carry datagrams'),
      tcp: answer<ListenView>(LISTEN),
      tls443: answer<ListenView>(LISTEN),
    }),
    refusals: list(ref('Refusal')),
    drops: { type: 'object', additionalProperties: count('since start') },
    warnings: list(ref('Warning')),
  }),
  NetCheck: answer<NetCheck>({
    asked: count('nodes'),
    answered: count('of these'),
    ipv4: answer<NatView>(NAT),
    ipv6: answer<NatView>(NAT),
    reachedUnasked: flag('a node of the Internet came here unasked'),
    udpBlocked: flag('nothing comes by UDP: other nodes are reached by TCP or TLS'),
    portMapping: { anyOf: [ref('PortMapping'), { type: 'null' }] },
    relays: list(
      answer<NetCheck['relays'][number]>({
        nodeId: ID,
        name: text('empty while unknown'),
        rttMs: { type: ['number', 'null'], minimum: 0 },
      }),
    ),
    told: list(text('ADDRESS:PORT that the network is told')),
    meaning: text('for connecting, for people'),
    advice: list(text('what people could change')),
  }),
  Endpoint: answer<EndpointView>({
    endpointId: ID,
    nodeId: ID,
    nodeName: text('empty while unknown'),
    address: text('by which this host reaches it'),
    ipv4: textOrNull('its alias on this host'),
    ipv6: textOrNull('the same on every host'),
    port: { type: ['integer', 'null'], description: 'null: a host with all its ports' },
    protocol: { enum: ['tcp', 'udp', null] },
    weight: { type: ['integer', 'null'] },
    healthy: flag('it takes new connections'),
  }),
  Refusal: answer<RefusalView>({
    direction: { enum: ['here', 'there'], description: 'who refused: this node, or the other' },
    nodeId: ID,
    name: text('of the other node'),
    organisation: text('its name'),
    service: textOrNull('null: none, or not known'),
    protocol: { enum: ['tcp', 'udp', 'icmp'] },
    port: { type: ['integer', 'null'] },
    reason: { enum: ['notShared', 'tag', 'closed', 'policy'] },
    count: count('packets that were told of'),
    last: TIME,
  }),
  Resolution: answer<Resolution>({
    name: text('with the zone'),
    addresses: list(text('what a program connects to')),
    endpoints: list(ref('Endpoint')),
    namesakes: list(ID),
    refused: list(ref('Refusal')),
  }),
  RecordResult: answer<RecordResult>({
    key: text('as given; of an immutable record its hash'),
    sequence: count("rises with every value of this node's under the key"),
    expires: TIME,
    copies: count('nodes that hold it'),
  }),
  RecordSet: answer<RecordSet>({
    key: text('as asked'),
    records: list(
      answer<RecordView>({
        value: textOrNull('null: not UTF-8'),
        valueBase64url: text('the bytes'),
        nodeId: ID,
        sequence: count('larger is newer, of one node'),
        expires: TIME,
      }),
    ),
  }),
  ...KEPT_ANSWERS,
  PingResult: answer<PingResult>({
    nodeId: ID,
    name: text('name of the node'),
    address: text('virtual address by which this host reaches it'),
    path: ref('Path'),
    rttMs: list({ type: 'number', minimum: 0 }),
    lost: count('echoes without an answer'),
  }),
  Keys: answer<Keys>({ nodeId: ID, signerKey: text('public signing key of the organisation, base64url') }),
  InitResult: answer<InitResult>(INTRODUCTION),
  InviteResult: answer<InviteResult>({
    token: text('secret until it is used'),
    uses: count('how often it admits'),
    expires: TIME,
    addresses: list(text('ADDRESS:PORT by which joiners reach this node')),
    reachable: list({
      type: ['boolean', 'null'],
      description: 'whether the address answers from outside; null: not known',
    }),
    warnings: list(ref('Warning')),
  }),
  Revocation: answer<RevocationView>(REVOCATION),
  RevocationList: answer<RevocationList>({
    revocations: list(ref('Revocation')),
    nextCursor: { type: 'null' },
  }),
  Import: answer<ImportView>(IMPORT),
  Member: answer<MemberView>(MEMBER),
  MemberList: answer<MemberList>({ members: list(ref('Member')), nextCursor: { type: 'null' } }),
  ImportList: answer<ImportList>({ imports: list(ref('Import')), nextCursor: { type: 'null' } }),
  OrganisationList: answer<OrganisationList>({
    organisations: list(
      answer<OrganisationView>({
        organisationId: ID,
        name: text('a label; several organisations may have it'),
        own: flag('this node belongs to it'),
        nodes: count('nodes of it that are known here, this one included'),
        signers: list(
          answer<SignerView>({
            key: ID,
            notBefore: TIME,
            notAfter: TIME,
            nodes: count('nodes known here whose certificates it signed'),
            here: flag('this node holds the key'),
          }),
        ),
        epoch: { anyOf: [EPOCH, { type: 'null' }] },
      }),
    ),
    nextCursor: { type: 'null' },
  }),
  Network: answer<NetworkView>({
    networkId: ID,
    network: text('name of the network'),
    created: TIME,
    threshold: count('root keys that must sign an organisation'),
    rootKeys: count('root keys of the network'),
    document: text('what the network is and where it is found'),
  }),
  SigningRequest: answer<RequestView>({
    document: text('the request; holds no secret'),
    organisationId: ID,
    organisation: text('name of the organisation'),
    signer: ID,
    approved: flag('a signer of the organisation approves, or it is its first one'),
  }),
  InstallResult: answer<InstallResult>({
    ...INTRODUCTION,
    peer: { anyOf: [ref('PingResult'), { type: 'null' }] },
    warnings: list(ref('Warning')),
  }),
  Guests: answer<GuestsResult>({
    open: flag('guests are admitted'),
    difficulty: count('of the proof of work while few come: it takes 2^difficulty hashes'),
    currentDifficulty: count('at present'),
    max: count('guests at a time'),
    guests: count('admitted here, with certificates in force'),
  }),
  GuestInviteResult: answer<GuestInviteResult>({
    token: text('no secret'),
    addresses: list(text('ADDRESS:PORT by which guests reach this node')),
    reachable: list({
      type: ['boolean', 'null'],
      description: 'whether the address answers from outside; null: not known',
    }),
    warnings: list(ref('Warning')),
  }),
  GuestWork: answer<GuestWork>({
    networkId: ID,
    network: text('name of the network'),
    nodeId: ID,
    signerNode: ID,
    signer: text('signing key that the work is for, base64url'),
    hour: count('hours of Unix time: the proof is good in this one and the next'),
    difficulty: count('it takes 2^difficulty hashes'),
  }),
  JoinResult: answer<JoinResult>({
    ...INTRODUCTION,
    admittedBy: text('name of the signer'),
    peer: { anyOf: [ref('PingResult'), { type: 'null' }] },
  }),
};

/** Schemas of a route's answers: the good one, and problems. */
export function answers(good: Readonly<Record<number, string>>): Record<string, unknown> {
  const described = Object.entries(good).map(([status, name]) => [
    status,
    name === ''
      ? { description: 'done', type: 'null' }
      : { description: name, content: { 'application/json': { schema: ref(name) } } },
  ]);
  return { ...Object.fromEntries(described), default: PROBLEM };
}

/** The same for a route that answers with text of another type. */
export function textAnswer(type: string, description: string): Record<string, unknown> {
  return { 200: { description, content: { [type]: { schema: { type: 'string' } } } }, default: PROBLEM };
}

const PROBLEM = {
  description: 'refused or failed',
  content: { 'application/problem+json': { schema: ref('Problem') } },
};
