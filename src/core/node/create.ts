// Puts a node's parts together from what the host gives.
import {
  AliasPool,
  chooseAliasPrefix,
  resolverAddress,
  resolverAlias,
  Tables,
  virtualAddress,
} from '../addressing/addressing.ts';
import { EMPTY, equalBytes, readU32BE } from '../base/bytes.ts';
import { DropCounters } from '../base/drop-reason.ts';
import { CodedError } from '../base/errors.ts';
import { IndexedHeap } from '../base/heap.ts';
import { NEVER } from '../base/time.ts';
import {
  AdmissionDesk,
  GuestDesk,
  RenewalMachine,
  type Revocations,
  type Signer,
} from '../consortium/consortium.ts';
import { Engine } from '../engine/engine.ts';
import {
  ChainVerifier,
  chainDropReason,
  endpointId,
  type Network,
  readGenesis,
  type VerifiedChain,
} from '../identity/identity.ts';
import type { NodeId } from '../identity/types.ts';
import {
  CallBudget,
  CalledLog,
  DEFAULT_RELAY_LIMITS,
  isNeighbour,
  NatObserver,
  PathMachine,
  PortSamples,
  PunchRounds,
  Reachability,
  RelayDesk,
  RelayTrials,
  RelayUse,
  StreamUse,
  TOLD_TESTS,
  ToldBudget,
} from '../path/path.ts';
import type { PathRules } from '../path/types.ts';
import {
  AddressSecret,
  DEFAULT_LIMITS,
  FreshnessCounter,
  HandshakeGate,
  Ledger,
  WayTokens,
} from '../session/session.ts';
import type { SessionContext, SessionLimits, Verified } from '../session/types.ts';
import { PATH_TOKEN_BYTES } from '../wire/limits.ts';
import type { HandshakePayload } from '../wire/types.ts';
import { decodeChain, decodeOrganisationCertificate } from '../wire/wire.ts';
import type { NodeContext, Self } from './context.ts';
import { DelayedAnswers } from './delayed-answers.ts';
import { epochsOf } from './epochs.ts';
import { learnOrganisation, restoreNode } from './known.ts';
import { KnownOrganisations } from './known-organisations.ts';
import { Lifetime } from './lifetime-run.ts';
import { answerEarly, dhtOf, discoveryOf, responderOf } from './mesh.ts';
import { NodeOutboxBuffer } from './outbox.ts';
import { outerAddresses } from './outer.ts';
import { Pings } from './pings.ts';
import { isHardNat, isHeardFrom, isWayOver, punchOwn } from './punching.ts';
import { Questions } from './questions.ts';
import { recallCalls } from './reach-memory.ts';
import { streamWorld } from './reactions/streams.ts';
import { Refusals } from './refusal-log.ts';
import { RelayCalls } from './relay-call-list.ts';
import { relayWitnesses } from './relay-trials.ts';
import { type Introduction, Remotes } from './remotes.ts';
import { isPutOut, judgeSelf, mayTell } from './revoking.ts';
import { restoreRevocations, revokingOf } from './revoking-state.ts';
import { restoreService } from './services.ts';
import { isLapsed } from './signers.ts';
import { Slots } from './slots.ts';
import { LocalSockets } from './sockets.ts';
import { TagSlots } from './tags.ts';
import type { NodeConfig, NodeOptions } from './types.ts';
import { voiceOf } from './voice.ts';
import { WaitingMessages } from './waiting.ts';

/** When a /16 is free nowhere, the first of the shared address space is taken all the same. */
const LAST_RESORT_PREFIX = 0x64400000;
const HOST = 0;

/** CodedError when genesis or own chain prove nothing now. */
export function createContext(options: NodeOptions, now: number): NodeContext {
  const { crypto, rng, keys, config } = options;
  const genesis = readGenesis(crypto, options.genesis);
  if (!genesis.ok)
    throw new CodedError('STATE_DAMAGED', `the genesis document is refused (${genesis.reason})`);
  const { network } = genesis;
  const revocations = restoreRevocations(crypto, options.state.revocations);
  const verifier = new ChainVerifier(crypto, network, (keys) => revocations.voiding(keys) !== undefined);
  const wallNow = now + options.wallOffsetMs;
  // One that was revoked says who this node is all the same.
  const chain = ownChain(options, new ChainVerifier(crypto, network), wallNow);
  const out = new NodeOutboxBuffer();
  const drops = new DropCounters();
  const aliases = new AliasPool(aliasPrefixOf(options, network), options.state.aliases);
  const tables = new Tables(network.id, aliases.prefix, [rng.u32(), rng.u32(), rng.u32(), rng.u32()]);
  const self = selfOf(options, network, chain, aliases, out, wallNow);
  tables.setOwnEndpoint(HOST, self.address, self.alias);
  tables.setResolver(resolverAddress(network.id), resolverAlias(aliases.prefix));
  const receiveSlots = new Slots();
  const isOuter = outerAddresses(network.id, aliases.prefix);
  const told = new ToldBudget();
  const calls = new CallBudget(told);
  const paths: PathRules = {
    isOuter,
    isNear: (ip) => isNeighbour(self.localAddresses, ip),
    told,
    wanted: new ToldBudget(),
    calls,
    tests: new ToldBudget(TOLD_TESTS),
    token: () => rng.bytes(PATH_TOKEN_BYTES),
  };
  const freshness = new FreshnessCounter(options.state.freshness, (reservedTo) => {
    out.persists.push({ kind: 'freshness', reservedTo });
  });
  const sessions: SessionContext<Introduction> = {
    crypto,
    rng,
    local: { keys, networkId: network.id },
    limits: limitsOf(config),
    suites: config.suites,
    sendSlots: new Slots(),
    receiveSlots,
    ledger: new Ledger(),
    nextFreshness: () => freshness.take(),
    wasSeen: (counter, who) => {
      if (freshness.isGiven(counter) || who.kind !== 'member') return;
      const { organisation, name } = who.chain;
      if (c.organisations.isOwn(organisation)) out.events.push({ kind: 'olderState', name });
    },
    introduce: () => introduction(c),
    verify: (payload, nodeId) => verifyIntroduction(c, payload, nodeId),
    answerEarly: (early, nodeId, introduction, room) => answerEarly(c, early, nodeId, introduction, room),
  };
  const { local, ledger, verify } = sessions;
  const desks = desksOf(options, network, revocations);
  const voice = voiceOf(() => c, out);
  const c: NodeContext = {
    crypto,
    rng,
    config,
    self,
    verifier,
    revoking: revokingOf(crypto, network, verifier, revocations),
    tables,
    engine: new Engine(tables, drops, rng, config.engineLimits, voice, config.flow),
    drops,
    aliases,
    tags: new TagSlots(),
    prompts: new Map(),
    organisations: new KnownOrganisations(chain?.tier === 'member' ? chain.organisation : undefined),
    refusals: new Refusals(),
    remotes: new Remotes(
      tables,
      () => new PathMachine(paths),
      (slot) => c.relayDesk.serves(slot) || c.relayUse.isUsed(slot),
    ),
    sessions,
    gate: new HandshakeGate({ crypto, rng, local, ledger, verify }),
    wayTokens: new WayTokens(new AddressSecret(crypto, rng)),
    paths,
    calls,
    reach: new Reachability(),
    calledLog: new CalledLog(options.state.called, wallNow),
    savedReach: options.state.reached,
    nat: new NatObserver(config.listenPort),
    natTold: undefined,
    askedAroundAt: Number.NEGATIVE_INFINITY,
    relayDesk: new RelayDesk(config.relayLimits ?? DEFAULT_RELAY_LIMITS, rng),
    relayUse: new RelayUse(rng),
    relayTrials: new RelayTrials(rng, {
      witnesses: (relay, at) => relayWitnesses(c, relay, at),
      rttMs: (slot) => c.remotes.at(slot)?.rttMs,
    }),
    relayCalls: new RelayCalls(),
    samples: new PortSamples(),
    punch: new PunchRounds(rng, {
      own: (slot, at) => punchOwn(c, slot, at),
      isHard: () => isHardNat(c),
      isOuter,
      isHeard: (slot, address) => isHeardFrom(c, slot, address),
      seenIp: (slot) => c.remotes.at(slot)?.seenIp,
      isSocketUsed: (slot, socket) => isWayOver(c, slot, socket),
    }),
    streams: new StreamUse(streamWorld(() => c)),
    relaysKept: [],
    unreachedAt: NEVER,
    isStarted: false,
    hasMetGlobal: false,
    roleChanged: false,
    receiveSlots,
    sockets: new LocalSockets(),
    lifetime: new Lifetime(),
    delayedAnswers: new DelayedAnswers(),
    nextSparePath: 0,
    pings: new Pings(rng.u32(), (ping) => {
      if (ping.requestId === undefined) return;
      const result = { nodeId: ping.remote.nodeId, rttMs: undefined, path: undefined };
      out.events.push({ kind: 'pingReply', requestId: ping.requestId, result });
    }),
    dht: dhtOf(options, network, verifier, chain),
    discovery: discoveryOf(options, network, chain, (nodeId, organisation) =>
      isPutOut(c, nodeId, organisation),
    ),
    dns: chain === undefined ? undefined : responderOf(options, network, aliases.prefix, () => c),
    waiting: new WaitingMessages(),
    serviceSets: new Map(),
    questions: new Questions(),
    services: new Map(),
    imports: new Map(options.state.imports.map((record) => [record.name, record])),
    health: new Map(),
    signers: options.state.signers,
    renewal: chain === undefined ? undefined : new RenewalMachine(rng, options.wallOffsetMs),
    ...desks,
    epochs: epochsOf(options, network, verifier, revocations, chain, desks.desk?.signer, out, now),
    savedGuestPolicy: undefined,
    timers: new IndexedHeap(),
    work: [],
    isSealing: false,
    toSay: [],
    out,
    toRelease: new Set(),
    toSave: new Set(),
    savedServices: [],
    unsavedFreshness: undefined,
    join: undefined,
    wallOffsetMs: options.wallOffsetMs,
    wallNow,
  };
  judgeSelf(c);
  if (chain !== undefined) learnOrganisation(c, chain.admittedBy);
  for (const node of options.state.knownNodes) restoreNode(c, node, now);
  recallCalls(c, options.state.knownNodes, now);
  for (const service of options.state.services) restoreService(c, service, now);
  return c;
}

function ownChain(options: NodeOptions, verifier: ChainVerifier, wallMs: number): VerifiedChain | undefined {
  if (options.chain === undefined) return undefined;
  const guest = verifier.verifyAny(options.chain, wallMs / 1000, ['guest']);
  const result = guest.ok ? guest : verifier.verifyLapsed(options.chain, wallMs / 1000);
  if (!result.ok) throw new CodedError('CERTIFICATE_INVALID', result.reason);
  if (!equalBytes(result.chain.nodeId, options.keys.nodeId))
    throw new CodedError('CERTIFICATE_INVALID', 'it is for another node');
  return result.chain;
}

function selfOf(
  options: NodeOptions,
  network: Network,
  chain: VerifiedChain | undefined,
  aliases: AliasPool,
  out: NodeOutboxBuffer,
  wallMs: number,
): Self {
  const { crypto, keys } = options;
  const address = virtualAddress(network.id, endpointId(crypto, keys.nodeId), crypto.sha256);
  const outcome = aliases.assign(address, wallMs);
  if (outcome.ok && outcome.record !== undefined) out.persists.push({ kind: 'alias', alias: outcome.record });
  aliases.hold(address);
  const alias = outcome.ok ? outcome.alias : 0;
  return { keys, network, chain, address, alias, localAddresses: [], mapped: undefined };
}

function aliasPrefixOf(options: NodeOptions, network: Network): number {
  const first = options.state.aliases.at(0);
  const kept = first === undefined ? undefined : first.alias - (first.alias % 0x10000);
  return chooseAliasPrefix(options.hostPrefixes, readU32BE(network.id, 0), kept) ?? LAST_RESORT_PREFIX;
}

function desksOf(
  options: NodeOptions,
  network: Network,
  revocations: Revocations,
): Pick<NodeContext, 'desk' | 'guests'> {
  const { crypto, rng, signerSeed, chain, state } = options;
  const none = { desk: undefined, guests: undefined };
  if (signerSeed === undefined || chain === undefined) return none;
  const decoded = decodeChain(chain);
  if (!('member' in decoded)) return none;
  const { organisation } = decoded;
  const own = decodeOrganisationCertificate(organisation.certificate);
  // A key of another organisation, left over from an attempt to found one, would issue what nobody believes.
  if (!equalBytes(crypto.ed25519.publicKey(signerSeed), own.signer)) return none;
  const signer: Signer = { network, organisation, seed: signerSeed };
  const isRevoked = (nodeId: NodeId) =>
    revocations.covering('node', nodeId, 0, own.organisation) !== undefined;
  return {
    desk: new AdmissionDesk(crypto, rng, signer, state.tokens, isRevoked, state.memberChanges),
    guests: new GuestDesk(crypto, signer, state.guestPolicy, state.guests, isRevoked),
  };
}

function limitsOf(config: NodeConfig): SessionLimits {
  const rekeyAfterMs = Math.min(
    DEFAULT_LIMITS.rekeyAfterMs,
    config.rekeyAfterMs ?? DEFAULT_LIMITS.rekeyAfterMs,
  );
  const slackMs = DEFAULT_LIMITS.refuseAfterMs - DEFAULT_LIMITS.rekeyAfterMs;
  return { ...DEFAULT_LIMITS, rekeyAfterMs, refuseAfterMs: rekeyAfterMs + slackMs };
}

function introduction(c: NodeContext): {
  kind: 'member' | 'guest' | 'joiner' | 'renewing';
  chain: Uint8Array;
  revocationHead: Uint8Array;
} {
  const { self } = c;
  if (self.chain === undefined) return { kind: 'joiner', chain: EMPTY, revocationHead: EMPTY };
  const { tier, bytes } = self.chain;
  const kind = tier === 'member' && isLapsed(self.chain, c.wallNow) ? 'renewing' : tier;
  return { kind, chain: bytes, revocationHead: c.revoking.set.digest };
}

/** Members of the network are welcome, joiners at a signer; a joiner itself talks to its token's signers alone. */
function verifyIntroduction(
  c: NodeContext,
  payload: HandshakePayload,
  nodeId: NodeId,
): Verified<Introduction> {
  if (payload.kind === 'joiner') {
    if (c.desk === undefined || payload.chain.length > 0)
      return { ok: false, reason: 'handshakeCertificate' };
    return { ok: true, introduction: { kind: 'joiner' } };
  }
  if (payload.kind === 'renewing') return verifyRenewing(c, payload, nodeId);
  // Guests have nothing to do with each other, nor with joiners.
  if (payload.kind === 'guest' && c.self.chain?.tier !== 'member')
    return { ok: false, reason: 'certificateGuest' };
  const result = c.verifier.verifyAny(payload.chain, c.wallNow / 1000, [payload.kind]);
  if (!result.ok) {
    const reason = chainDropReason(result.reason);
    // It holds the key that was taken back, as the handshake proves.
    if (reason !== 'certificateRevoked' || !mayTell(c, nodeId)) return { ok: false, reason };
    c.drops.count(reason);
    return { ok: true, introduction: { kind: 'joiner', revoked: true } };
  }
  if (!equalBytes(result.chain.nodeId, nodeId)) return { ok: false, reason: 'handshakeIdentity' };
  if (c.self.chain === undefined && c.remotes.get(nodeId) === undefined)
    return { ok: false, reason: 'handshakeCertificate' };
  const { revocationHead } = payload;
  return { ok: true, introduction: { kind: payload.kind, chain: result.chain, revocationHead } };
}

/** A signer knows its own members again for a while. */
function verifyRenewing(c: NodeContext, payload: HandshakePayload, nodeId: NodeId): Verified<Introduction> {
  if (c.desk === undefined) return { ok: false, reason: 'handshakeCertificate' };
  const result = c.verifier.verifyLapsed(payload.chain, c.wallNow / 1000);
  if (!result.ok) return { ok: false, reason: chainDropReason(result.reason) };
  const { chain } = result;
  if (!equalBytes(chain.nodeId, nodeId)) return { ok: false, reason: 'handshakeIdentity' };
  if (!c.organisations.isOwn(chain.organisation)) return { ok: false, reason: 'handshakeCertificate' };
  return { ok: true, introduction: { kind: 'renewing', chain } };
}
