// Epochs as the node handles them: of the own organisation among colleagues, of others' as their signers publish them.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { OutboxBuffer } from '../base/outbox.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import {
  type EpochEvent,
  type EpochInput,
  type EpochSend,
  EpochStore,
  FOREIGN_MAX,
  ForeignEpochs,
  type Revocations,
  type Signer,
} from '../consortium/consortium.ts';
import type { KeptEpoch } from '../consortium/types.ts';
import type { GetResult } from '../discovery/types.ts';
import {
  type ChainVerifier,
  idToText,
  type Network,
  RESERVED_PREFIX,
  readOwnEpoch,
  type VerifiedChain,
} from '../identity/identity.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { EpochMessage } from '../wire/types.ts';
import { decodeChain, decodeOrganisationCertificate } from '../wire/wire.ts';
import { remoteOf } from './contacts.ts';
import {
  type ActiveJoin,
  type NodeContext,
  type NodeEpochs,
  say,
  TIMER_EPOCHS,
  toDiscovery,
  toEpochs,
  wallMs,
} from './context.ts';
import { firstLookMs, isCarrier, nextLookMs } from './epoch-carriers.ts';
import { concernsOwn } from './epoch-causes.ts';
import type { NodeOutboxBuffer } from './outbox.ts';
import { want } from './reactions/discovery.ts';
import type { Remote } from './remotes.ts';
import { isVoid, nowS } from './revoking.ts';
import type { NodeOptions } from './types.ts';

/** Name of the value by which an organisation tells others of the current epoch. */
export const EPOCH_VALUE_NAME = `${RESERVED_PREFIX}epoch`;

/** s; an organisation is young for so long. */
const FOUNDING_S = 600;
/** An answer of the DHT is there by then, or none comes. */
const ASKED_MS = 10 * SECOND_MS;

type EpochsOut = OutboxBuffer<EpochSend, EpochEvent, readonly KeptEpoch[]>;

/** undefined: this node is no member, and has nothing to do with epochs. */
export function epochsOf(
  options: NodeOptions,
  network: Network,
  verifier: ChainVerifier,
  revocations: Revocations,
  chain: VerifiedChain | undefined,
  signer: Signer | undefined,
  out: NodeOutboxBuffer,
  now: number,
): NodeEpochs | undefined {
  if (chain?.tier !== 'member') return undefined;
  const { crypto, rng, state, wallOffsetMs } = options;
  const { organisation } = chain;
  const issuedOf = (hash: Uint8Array) => revocations.get(hash)?.revocation.issued;
  const world = { crypto, rng, networkId: network.id, verifier, organisation, signer, issuedOf };
  const seconds = Math.floor((now + wallOffsetMs) / 1000);
  return {
    store: new EpochStore(world, state.epochs, wallOffsetMs, now),
    foreign: new ForeignEpochs(crypto, network.id, verifier, state.foreignEpochs, seconds, (forgotten) =>
      out.persists.push({ kind: 'foreignEpochs', organisation: forgotten, epochs: [] }),
    ),
    published: '',
    isCarried: false,
    lookAt: NEVER,
    asked: new BoundedMap(FOREIGN_MAX),
  };
}

/** At the start of a member. */
export function startEpochs(c: NodeContext, now: number): void {
  const { epochs } = c;
  if (epochs === undefined) return;
  const { current } = epochs.store;
  const isMember = c.revoking.own === undefined;
  toDiscovery(c, { kind: 'epochs', own: isMember ? epochs.store.readable(now) : [] });
  for (const { organisation, epochs: kept } of epochs.foreign.values())
    toDiscovery(c, { kind: 'foreignEpochs', organisation, epochs: kept });
  toEpochs(c, { kind: 'standing', isMember });
  epochs.lookAt = now + firstLookMs(c);
  toEpochs(c, { kind: 'start', isAlone: isAlone(c) || isFounding(c, now) });
  // Made known in a run that ended before it could be answered.
  for (const { hash, revocation } of c.revoking.set.values())
    if (current !== undefined && revocation.issued > current.created && concernsOwn(c, revocation))
      toEpochs(c, { kind: 'revoked', hash, issued: revocation.issued, isOwn: false });
  publish(c, now);
}

/** No other member is known, as far as can be told. */
function isAlone(c: NodeContext): boolean {
  for (const { organisation } of c.remotes.values())
    if (organisation.length === 0 || c.organisations.isOwn(organisation)) return false;
  return true;
}

/** A first signer whose organisation came into being minutes ago: nobody else can have made an epoch of it. */
function isFounding(c: NodeContext, now: number): boolean {
  const { chain } = c.self;
  if (c.desk === undefined || chain === undefined || !equalBytes(chain.signer, chain.organisation))
    return false;
  const { organisation } = decodeChain(chain.bytes);
  const { notBefore } = decodeOrganisationCertificate(organisation.certificate);
  return nowS(c, now) - notBefore < CLOCK_SKEW_S + FOUNDING_S;
}

/** `input` undefined: its timer is due. */
export function feedEpochs(c: NodeContext, input: EpochInput | undefined, now: number): void {
  const { epochs } = c;
  if (epochs === undefined) return;
  const out: EpochsOut = new OutboxBuffer();
  if (input === undefined) {
    epochs.store.onTimer(now, out);
    if (epochs.lookAt <= now) look(c, epochs, now);
  } else epochs.store.handle(input, now, out);
  for (const kept of out.persists) c.out.persists.push({ kind: 'epochs', epochs: kept });
  for (const { to, message } of out.sends) {
    const remote = c.remotes.find(to);
    if (remote !== undefined && isColleague(c, remote)) say(c, remote, message);
  }
  for (const event of out.events) onEpochEvent(c, event, now);
  armEpochs(c, epochs);
}

function onEpochEvent(c: NodeContext, event: EpochEvent, now: number): void {
  switch (event.kind) {
    case 'changed':
      toDiscovery(c, { kind: 'epochs', own: event.own });
      publish(c, now);
      for (const remote of c.remotes.values())
        if (isColleague(c, remote)) toEpochs(c, { kind: 'met', peer: remote.key });
      return;
    case 'made':
      c.out.events.push({ kind: 'epochMade', number: event.number });
      return;
    case 'find':
      if (c.self.chain !== undefined) find(c, c.self.chain.organisation);
      return;
    case 'connect': {
      const remote = remoteOf(c, event.nodeId, [], 'record', now);
      if (remote === undefined) return;
      if (isColleague(c, remote)) toEpochs(c, { kind: 'met', peer: remote.key });
      else want(c, remote);
      return;
    }
    case 'dropped':
      c.drops.count(event.reason);
      return;
  }
}

/** A member of the own organisation with a session, who is to know its epochs. */
function isColleague(c: NodeContext, remote: Remote): boolean {
  const { isEstablished, introduced, verified } = remote;
  if (!isEstablished || introduced !== 'member' || verified?.tier !== 'member') return false;
  if (!c.organisations.isOwn(verified.organisation) || c.revoking.own !== undefined) return false;
  return !isVoid(c, remote);
}

/** A session with it stands, or has new keys. */
export function meetColleague(c: NodeContext, remote: Remote): void {
  if (c.epochs !== undefined && isColleague(c, remote)) toEpochs(c, { kind: 'met', peer: remote.key });
}

export function onEpochMessage(c: NodeContext, remote: Remote, message: EpochMessage, now: number): void {
  if (c.join !== undefined && message.kind === 'epochDelivery') {
    c.join.epoch = message;
    return;
  }
  if (isColleague(c, remote)) feedEpochs(c, { kind: 'said', peer: remote.key, message }, now);
  else c.drops.count('controlNotAllowed');
}

/** What a signer sent ahead of its answer is kept with the certificate, if it is an epoch of the organisation. */
export function keepDelivered(
  c: NodeContext,
  join: ActiveJoin | undefined,
  chain: VerifiedChain,
  now: number,
): void {
  if (join?.epoch === undefined || chain.tier !== 'member') return;
  const { epoch: bytes, secret } = join.epoch;
  const epoch = readOwnEpoch(c.crypto, c.self.network.id, c.verifier, bytes, secret, nowS(c, now));
  if (epoch === undefined || toHex(epoch.organisation) !== toHex(chain.organisation)) {
    c.drops.count('epochRefused');
    return;
  }
  c.out.persists.push({ kind: 'epochs', epochs: [{ bytes, secret, supersededMs: 0 }] });
}

function armEpochs(c: NodeContext, { store, lookAt }: NodeEpochs): void {
  c.timers.set(TIMER_EPOCHS, Math.min(store.wakeAt, lookAt));
}

/** Whether this node serves the DHT has changed. */
export function onRoleForEpochs(c: NodeContext, now: number): void {
  const { epochs } = c;
  if (epochs === undefined || epochs.lookAt === NEVER) return;
  epochs.lookAt = Math.min(epochs.lookAt, now + firstLookMs(c));
  armEpochs(c, epochs);
}

function look(c: NodeContext, epochs: NodeEpochs, now: number): void {
  epochs.lookAt = now + nextLookMs(c);
  const current = epochs.store.readable(now).at(0);
  const isMember = c.revoking.own === undefined;
  epochs.isCarried = isMember && current !== undefined && isCarrier(c, current.id, epochs.isCarried);
  publish(c, now);
}

/** Every signer says to other organisations which epoch is the current one, and so do some core nodes; who is neither any more says nothing. */
function publish(c: NodeContext, now: number): void {
  const { epochs, desk } = c;
  const current = epochs?.store.readable(now).at(0);
  if (epochs === undefined || current === undefined || !c.isStarted) return;
  const id = desk !== undefined || epochs.isCarried ? toHex(current.id) : '';
  if (epochs.published === id) return;
  epochs.published = id;
  if (id === '') {
    toDiscovery(c, { kind: 'unput', key: EPOCH_VALUE_NAME });
    return;
  }
  const question = c.questions.ask({ kind: 'epoch', organisation: current.organisation });
  toDiscovery(c, { kind: 'put', id: question, name: EPOCH_VALUE_NAME, value: current.bytes });
}

// --- As published ---

/** Another organisation's epochs are needed, or a later one of the own organisation. `isUrgent`: those that are known lead nowhere. */
export function wantEpochs(c: NodeContext, organisation: Uint8Array, isUrgent: boolean, now: number): void {
  const { epochs } = c;
  if (epochs === undefined) return;
  if (c.organisations.isOwn(organisation)) toEpochs(c, { kind: 'wanted' });
  else if (epochs.foreign.want(organisation, isUrgent, now)) {
    epochs.asked.set(toHex(organisation), now + ASKED_MS);
    find(c, organisation);
  } else if ((epochs.asked.peek(toHex(organisation)) ?? now) <= now) tellForeign(c, organisation);
}

/** What is known of another organisation's epochs: also the answer to what discovery wanted. */
function tellForeign(c: NodeContext, organisation: Uint8Array): void {
  c.epochs?.asked.delete(toHex(organisation));
  toDiscovery(c, { kind: 'foreignEpochs', organisation, epochs: c.epochs?.foreign.of(organisation) ?? [] });
}

function find(c: NodeContext, organisation: Uint8Array): void {
  const id = c.questions.ask({ kind: 'epoch', organisation });
  toDiscovery(c, { kind: 'get', id, key: EPOCH_VALUE_NAME, organisation: idToText(organisation) });
}

export function onEpochsFound(
  c: NodeContext,
  organisation: Uint8Array,
  result: GetResult,
  now: number,
): void {
  const { epochs } = c;
  if (epochs === undefined) return;
  const seconds = Math.floor(wallMs(c, now) / 1000);
  const values = result.ok ? result.values : [];
  const found = values.flatMap(({ publisher, value }) => {
    const epoch = epochs.foreign.read(organisation, value, seconds);
    return epoch === undefined ? [] : [{ publisher, epoch }];
  });
  if (c.organisations.isOwn(organisation)) {
    toEpochs(c, { kind: 'found', found });
    return;
  }
  const latest = epochs.foreign.found(
    organisation,
    found.map(({ epoch }) => epoch),
  );
  if (latest !== undefined) keepForeign(c, organisation);
  tellForeign(c, organisation);
}

/** Signers were revoked, and with them what they stated. */
export function onSignersRevoked(c: NodeContext): void {
  for (const organisation of c.epochs?.foreign.revoke() ?? []) {
    keepForeign(c, organisation);
    tellForeign(c, organisation);
  }
}

function keepForeign(c: NodeContext, organisation: Uint8Array): void {
  const latest = c.epochs?.foreign.of(organisation) ?? [];
  c.out.persists.push({ kind: 'foreignEpochs', organisation, epochs: latest.map(({ bytes }) => bytes) });
}
