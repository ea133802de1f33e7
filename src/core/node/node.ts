// The door of node: one mesh node without a clock, a socket or a disk. The host runs it by turns, the simulator too.
import { CodedError } from '../base/errors.ts';
import { formatIp, type SocketAddress } from '../base/ip.ts';
import type { MemberRights } from '../consortium/types.ts';
import type { DhtStatus, KeptPage } from '../dht/types.ts';
import type { DiscoveryInput, QueryName } from '../discovery/types.ts';
import type { DnsCounts } from '../dns/types.ts';
import type { PacketPort } from '../engine/types.ts';
import { RESERVED_PREFIX } from '../identity/identity.ts';
import type { PunchStatus } from '../path/types.ts';
import type { TokenSigner } from '../wire/types.ts';
import { access } from './access.ts';
import { find, invite, inviteAddresses, join, ping } from './commands.ts';
import {
  type NodeContext,
  say,
  TIMER_ENGINE,
  TIMER_PINGS,
  toDiscovery,
  toEpochs,
  toSession,
  wallMs,
} from './context.ts';
import { createContext } from './create.ts';
import { pump } from './dispatch.ts';
import { onRoleForEpochs } from './epochs.ts';
import { guestInvitation, guestsView, refuseGuest, setGuestPolicy, takeBackGuestPolicy } from './guests.ts';
import { onHostEvent } from './host-events.ts';
import { HostNeeds } from './host-needs.ts';
import { importService, labelOf, meaningOf, takeBackImport, unimport } from './imports.ts';
import { aliasAddress, assignAlias, saveNode } from './known.ts';
import { watch } from './liveness.ts';
import {
  changeMember,
  type MemberView,
  memberViews,
  type Namesakes,
  namesakes,
  takeBackMember,
} from './members.ts';
import { natStatus, observers } from './nat.ts';
import { contacts, type OrganisationView, organisationViews } from './organisation-views.ts';
import { punchStatus } from './punching.ts';
import { foundNode, peers, status } from './queries.ts';
import { publishedAddresses, tellSelf } from './reach.ts';
import { takeBackAdmission } from './reactions/consortium.ts';
import { feedDiscovery } from './reactions/discovery.ts';
import { feedDns } from './reactions/dns.ts';
import { Sink } from './reactions/engine.ts';
import { keepReachable } from './relaying.ts';
import type { RevocationView } from './revocation-view.ts';
import { ownRevocation, revocations, revokeNode, takeRevocation } from './revoke.ts';
import { takeBackStatement } from './revoking.ts';
import { isReached } from './role.ts';
import { addService, healthOf, removeService, reshare, takeBackServices } from './services.ts';
import { fireTimers } from './timers.ts';
import type {
  AccessView,
  FoundNode,
  GuestPolicy,
  GuestsView,
  HostEvent,
  ImportRecord,
  InviteRequest,
  InviteResult,
  JoinRequest,
  NatStatus,
  NodeOptions,
  NodeOutbox,
  PeerView,
  PersistRecord,
  ReachView,
  ServiceHealth,
  ServiceRecord,
  ServiceRequest,
  StatusView,
} from './types.ts';

/**
 * Counters of a key leave in order: carry out what is in `out` at once, and call nothing else of the node between transmit() and
 * PacketPort.send().
 *
 * `now` is monotonic time in ms, with fractions. Every call leaves what is to be done in `out` (see NodeOutbox), which the host
 * carries out before the next call. Commands throw a CodedError and change nothing when they are refused.
 */
export type { MemberView, Namesakes } from './members.ts';
export type { OrganisationView } from './organisation-views.ts';
export type { RevocationView } from './revocation-view.ts';

export class Node {
  readonly out: NodeOutbox;
  /** What the host sets up for this node. */
  readonly needs: HostNeeds;
  private readonly context: NodeContext;
  private readonly sink: Sink;
  private nextRequest = 1;

  /** CodedError when genesis or certificate prove nothing now. */
  constructor(options: NodeOptions, now: number) {
    this.context = createContext(options, now);
    this.out = this.context.out;
    this.needs = new HostNeeds(this.context);
    this.sink = new Sink(this.context);
  }

  /** ms; when tick() is due. */
  get wakeAt(): number {
    return this.context.timers.next;
  }

  /** Decides on the first `rows` rows of port.outRows in place. */
  transmit(port: PacketPort, rows: number, now: number): void {
    const { engine } = this.context;
    const { batch } = this.sink;
    this.begin(now);
    batch.now = now;
    batch.rows = port.outRows;
    batch.bytes = port.outBytes;
    this.context.isSealing = true;
    engine.outbound(port.outRows, port.outBytes, rows, now, this.sink);
    watch(this.context, now);
    this.end(now);
    this.context.isSealing = false;
  }

  /** Decides on the first `rows` rows of port.inRows in place. */
  receive(port: PacketPort, rows: number, now: number): void {
    const { batch } = this.sink;
    this.begin(now);
    batch.now = now;
    batch.rows = port.inRows;
    batch.bytes = port.inBytes;
    this.context.engine.inbound(port.inRows, port.inBytes, rows, now, this.sink);
    this.end(now);
  }

  /** Rows that were held and now leave, moved to PacketPort.heldRows: ask after the commands, before send or deliver. */
  takeHeld(heldRows: Uint32Array): number {
    return this.context.engine.takeHeld(heldRows);
  }

  tick(now: number): void {
    this.begin(now);
    fireTimers(this.context, now);
    this.end(now);
  }

  /** The first `localAddresses` starts the node: it shakes hands with remotes that had traffic a moment ago. */
  onHostEvent(event: HostEvent, now: number): void {
    this.begin(now);
    onHostEvent(this.context, event, now);
    this.end(now);
  }

  /** The transaction with these records failed: what they stood for did not happen. */
  persistFailed(records: readonly PersistRecord[], now: number): void {
    this.begin(now);
    if (records.some(({ kind }) => kind === 'service' || kind === 'forgetService'))
      takeBackServices(this.context, now);
    for (const record of records) {
      if (record.kind === 'guest') this.context.guests?.undo(record.guest.nodeId);
      if (record.kind === 'memberChange') takeBackMember(this.context, record);
      if (record.kind === 'guestPolicy') takeBackGuestPolicy(this.context);
      if (record.kind === 'freshness') this.context.unsavedFreshness = record.reservedTo;
      if (record.kind === 'epochs') toEpochs(this.context, { kind: 'unsaved' });
      if (record.kind === 'revocation') takeBackStatement(this.context, record.hash, record.isOwn);
      if (record.kind === 'import' || record.kind === 'forgetImport') takeBackImport(this.context, record);
      if (record.kind === 'token') takeBackAdmission(this.context, record);
    }
    this.end(now);
  }

  invite(request: InviteRequest, now: number): InviteResult {
    return this.run(now, () => invite(this.context, request, now));
  }

  /** Opens or closes automatic admission at this signer; with nothing wanted, only says how it is. */
  guests(wanted: Partial<GuestPolicy>, now: number): GuestsView {
    if (Object.keys(wanted).length === 0) return guestsView(this.context, now);
    return this.run(now, () => setGuestPolicy(this.context, wanted, now));
  }

  /** Text of an invitation for guests, and the addresses in it. `addresses` empty: the own ones. */
  inviteGuests(addresses: readonly SocketAddress[]): {
    readonly token: string;
    readonly addresses: readonly SocketAddress[];
  } {
    const chosen = inviteAddresses(this.context, { addresses });
    return { token: guestInvitation(this.context, chosen), addresses: chosen };
  }

  /** ID of the events `joinProgress` and, in the end, `joined`. */
  join(request: JoinRequest, now: number): number {
    return this.request(now, (id) => join(this.context, request, id, now));
  }

  /** ID of the event `pingReply`. */
  ping(nodeId: Uint8Array, now: number): number {
    return this.request(now, (id) => ping(this.context, nodeId, id, now));
  }

  /** A node by name, node ID or virtual address. */
  find(target: string): FoundNode | undefined {
    const nodeId = find(this.context, target);
    return nodeId === undefined ? undefined : foundNode(this.context, nodeId);
  }

  /** Nodes of the own organisation that are known here. */
  members(): MemberView[] {
    return memberViews(this.context);
  }

  /** Names that several nodes of the own organisation have. */
  namesakes(): Namesakes[] {
    return namesakes(this.context);
  }

  /** Gives a member other rights, as its signer; those that are not named stay. */
  changeMember(nodeId: Uint8Array, wanted: Partial<MemberRights>, now: number): MemberView {
    return this.run(now, () => changeMember(this.context, nodeId, wanted, now));
  }

  /** Takes a node of the own organisation back. `isMeant`: even if it is this one. */
  revokeNode(nodeId: Uint8Array, reason: string, isMeant: boolean, now: number): RevocationView {
    return this.run(now, () => revokeNode(this.context, nodeId, reason, isMeant, now));
  }

  /** Takes up an encoded SignedRevocation that was signed elsewhere. */
  takeRevocation(bytes: Uint8Array, isMeant: boolean, now: number): RevocationView {
    return this.run(now, () => takeRevocation(this.context, bytes, isMeant, now));
  }

  /** What is revoked, the newest first. */
  revocations(): RevocationView[] {
    return revocations(this.context);
  }

  /** By which this node is no member any more. */
  revoked(): RevocationView | null {
    return ownRevocation(this.context);
  }

  addService(service: ServiceRequest, now: number): ServiceRecord {
    return this.run(now, () => addService(this.context, service, now));
  }

  removeService(name: string, now: number): void {
    this.run(now, () => removeService(this.context, name));
  }

  /** Lets more use a service, or fewer. `said`: organisations, `own`, `all`, `guests`, `tag:NAME`; of `unshare` none: all others. */
  reshare(name: string, how: 'share' | 'unshare', said: readonly string[], now: number): ServiceRecord {
    return this.run(now, () => reshare(this.context, name, how, said));
  }

  /** Whether FROM may use TO of this node, and why. CodedError where one of them is not known here. */
  access(from: string, to: string, now: number): AccessView {
    return access(this.context, from, to, now);
  }

  listServices(): ServiceRecord[] {
    return [...this.context.services.values()];
  }

  /** Gives a service of another organisation, by name or ID, a name on this node. */
  importService(name: string, service: string, organisation: string, now: number): ImportRecord {
    return this.run(now, () => importService(this.context, name, service, organisation));
  }

  unimport(name: string, now: number): void {
    this.run(now, () => unimport(this.context, name));
  }

  /** `label`: the organisation's name, or its ID where that would not do. */
  listImports(): (ImportRecord & { readonly label: string })[] {
    const c = this.context;
    return [...c.imports.values()].map((record) => ({ ...record, label: labelOf(c, record) }));
  }

  /** ID of the event `resolved`. `isWhole`: it comes when the lookup has ended, not with the first usable answer. */
  resolve(name: QueryName, isWhole: boolean, now: number): number {
    return this.ask(now, (id) => ({
      kind: 'resolve',
      id,
      name: meaningOf(this.context, name),
      isWhole,
    }));
  }

  /** ID of the event `stored`. `name` '': immutable, under the value's hash. CodedError when it cannot be. */
  put(name: string, value: Uint8Array, now: number): number {
    refuseReserved(name);
    refuseGuest(this.context);
    return this.ask(now, (id) => ({ kind: 'put', id, name, value }));
  }

  /** Takes a value of this node back: its name, or its hash as text. */
  unput(key: string, now: number): void {
    refuseReserved(key);
    this.run(now, () => feedDiscovery(this.context, { kind: 'unput', key }, now));
  }

  /** ID of the event `got`. `key`: a name, or the hash of an immutable value as text. */
  get(key: string, organisation: string | undefined, now: number): number {
    return this.ask(now, (id) => ({ kind: 'get', id, key, organisation }));
  }

  /** What lies here for the network, from record `from` on. Guests keep nothing. */
  keptRecords(from: number): KeptPage {
    return this.context.dht?.kept(from) ?? { records: [], next: undefined };
  }

  /** A DNS query that came over TCP: ID of the event `dnsAnswer`. */
  dns(bytes: Uint8Array, now: number): number {
    return this.request(now, (requestId) =>
      feedDns(
        this.context,
        { kind: 'query', token: { kind: 'request', requestId }, bytes, isTcp: true },
        now,
      ),
    );
  }

  /** IPv4 alias of a virtual address, as text; '' when none is free. */
  aliasOf(address: Uint8Array, now: number): string {
    const alias = this.run(now, () => assignAlias(this.context, address, this.context.wallNow));
    return alias === 0 ? '' : formatIp(aliasAddress(alias));
  }

  /** Whether others came here unasked. */
  reach(): ReachView {
    const { reach, hasMetGlobal } = this.context;
    return { isGlobal: reach.isGlobal, isLocal: reach.isLocal, hasMetGlobal };
  }

  /** UDP gets no answer, and others are reached by TCP. */
  get isUdpBlocked(): boolean {
    return this.context.streams.isBlocked;
  }

  /** Connections that carry datagrams. */
  get streams(): number {
    return this.context.streams.size;
  }

  /** Others reach this node by themselves, as far as is known. */
  get isReached(): boolean {
    return isReached(this.context);
  }

  /** How each family is seen from outside. */
  natOf(family: 'ipv4' | 'ipv6'): NatStatus {
    return natStatus(this.context, family);
  }

  /** Where the whole network is told that this node is. */
  addresses(): SocketAddress[] {
    return publishedAddresses(this.context);
  }

  /** Nodes to be asked how they see this one: with different addresses, those with a session first. */
  observers(): Uint8Array[] {
    return observers(this.context).map(({ nodeId }) => nodeId);
  }

  /** What this node relays for others, and through whom it is reached itself. */
  relaying(): { readonly nodes: number; readonly circuits: number; readonly relays: readonly Uint8Array[] } {
    const { relayDesk, relaysKept, remotes } = this.context;
    const relays = relaysKept.flatMap((slot) => remotes.at(slot)?.nodeId ?? []);
    return { ...relayDesk.counts, relays };
  }

  /** Of the attempts to open a direct way to a node; undefined: it is not known. */
  punching(nodeId: Uint8Array, now: number): PunchStatus | undefined {
    const remote = this.context.remotes.get(nodeId);
    return remote === undefined ? undefined : punchStatus(this.context, remote, now);
  }

  dhtStatus(): DhtStatus | undefined {
    return this.context.dht?.status();
  }

  /** What the resolver did; undefined for a joiner. */
  dnsCounts(): DnsCounts | undefined {
    return this.context.dns?.counts;
  }

  /** Of a service that is offered here. */
  serviceHealth(service: ServiceRecord): ServiceHealth {
    return healthOf(this.context, service);
  }

  /** As certificates that this node verified told. */
  organisations(): OrganisationView[] {
    return organisationViews(this.context);
  }

  /** Nodes by which another finds the network. */
  contacts(): TokenSigner[] {
    return contacts(this.context);
  }

  status(now: number): StatusView {
    return status(this.context, now);
  }

  peers(now: number): PeerView[] {
    return peers(this.context, now);
  }

  /** A clean stop: peers are told, what is known of them is written down. */
  shutdown(now: number): void {
    const c = this.context;
    this.begin(now);
    toDiscovery(c, { kind: 'stop' });
    pump(c, now);
    for (const remote of c.remotes.values()) {
      if (!remote.isEstablished) continue;
      say(c, remote, { kind: 'close', reason: 'shutdown' });
      if (remote.chain.length > 0) saveNode(c, remote, now);
    }
    this.end(now);
  }

  /** New keys with every peer, now: for tests. */
  rekeyAll(now: number): void {
    this.begin(now);
    for (const remote of this.context.remotes.values()) {
      if (remote.isEstablished) toSession(this.context, remote, { kind: 'rekey' });
    }
    this.end(now);
  }

  private ask(now: number, question: (id: number) => DiscoveryInput): number {
    return this.request(now, (requestId) => {
      const c = this.context;
      if (c.discovery === undefined) throw new CodedError('NOT_INITIALISED');
      feedDiscovery(c, question(c.questions.ask({ kind: 'request', requestId })), now);
    });
  }

  private request(now: number, body: (id: number) => void): number {
    const id = this.nextRequest++;
    this.run(now, () => body(id));
    return id;
  }

  private run<T>(now: number, body: () => T): T {
    this.begin(now);
    try {
      return body();
    } finally {
      this.end(now);
    }
  }

  private begin(now: number): void {
    this.context.wallNow = wallMs(this.context, now);
  }

  private end(now: number): void {
    const c = this.context;
    pump(c, now);
    if (c.roleChanged) {
      c.roleChanged = false;
      tellSelf(c);
      onRoleForEpochs(c, now);
      keepReachable(c, now);
      pump(c, now);
    }
    if (c.toSave.size > 0) {
      for (const remote of c.toSave) saveNode(c, remote, now);
      c.toSave.clear();
    }
    if (c.toRelease.size > 0) {
      for (const remote of c.toRelease) if (remote.isEstablished) c.engine.established(remote.slot, now);
      c.toRelease.clear();
    }
    c.timers.set(TIMER_ENGINE, c.engine.wakeAt);
    c.timers.set(TIMER_PINGS, c.pings.wakeAt);
  }
}

function refuseReserved(name: string): void {
  if (name.startsWith(RESERVED_PREFIX))
    throw new CodedError(
      'RECORD_KEY_INVALID',
      `"${name}": keys that begin with ${RESERVED_PREFIX} are mcc's own`,
    );
}
