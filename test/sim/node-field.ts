// The shipped node under a virtual clock as scenarios of the DHT see it. Their lookups are fed to the node's own machine, among
// those of the node itself.
import { Counter } from '../../src/core/base/batch-layout.generated.ts';
import { toHex } from '../../src/core/base/bytes.ts';
import type { SocketAddress } from '../../src/core/base/ip.ts';
import type { DhtEvent, DhtIdentity, DhtInput, DhtOutbox, KeptContact } from '../../src/core/dht/types.ts';
import { ChainVerifier, dhtPlace } from '../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../src/core/identity/types.ts';
import { sendToContact } from '../../src/core/node/contacts.ts';
import { type NodeContext, toDht, toSession } from '../../src/core/node/context.ts';
import type { Node } from '../../src/core/node/node.ts';
import type { ControlMessage, DhtMessage } from '../../src/core/wire/types.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { CLEAN_LINK, type Link } from '../../src/sim/network.ts';
import { EPOCH_MS, largeAddress, type Organisation, World } from '../../src/sim/world.ts';
import { NAT_KINDS } from '../reach/matrix.ts';
import type { DhtLike, Field, FieldNode, Lookup } from './field.ts';

/** IPv4 and UDP headers. */
const OUTER = 28;
/** Numbers of scenarios' lookups begin here: the node's own never come so far. */
const FIRST_FIND = 2 ** 31;

/** The parts of a node that a scenario reaches into. */
interface Insides {
  readonly context: Omit<NodeContext, 'dht'> & { dht: DhtLike };
  run<T>(now: number, body: () => T): T;
}

const insidesOf = (node: Node): Insides => node as unknown as Insides;

class WholeNode implements FieldNode {
  readonly index: number;
  readonly isCore: boolean;
  readonly keys: NodeKeys;
  readonly key: string;
  readonly identity: DhtIdentity;
  readonly place: Uint8Array;
  readonly lookups = new Map<number, Lookup>();
  nextFind = FIRST_FIND;
  make: (machine: DhtLike) => DhtLike = (machine) => machine;
  /** Called with what every start of it makes. */
  prepare: (context: NodeContext) => void = () => {};
  readonly host: SimHost;
  readonly asKept: KeptContact;
  private before = { sent: 0, received: 0 };

  constructor(host: SimHost, index: number, isCore: boolean, identity: DhtIdentity, place: Uint8Array) {
    this.host = host;
    this.index = index;
    this.isCore = isCore;
    this.keys = host.keys;
    this.key = host.key;
    this.identity = identity;
    this.place = place;
    const { nodeId, nonce, organisation } = identity;
    this.asKept = { nodeId, nonce, organisation, addresses: [host.address] };
  }

  get address(): SocketAddress {
    return this.host.address;
  }

  get isUp(): boolean {
    return this.host.isUp;
  }

  get dht(): DhtLike {
    return insidesOf(this.host.node).context.dht;
  }

  get sentBytes(): number {
    const { counters } = this.host.port;
    return this.before.sent + counters[Counter.datagramBytesSent] + OUTER * counters[Counter.datagramsSent];
  }

  get receivedBytes(): number {
    const { counters } = this.host.port;
    return (
      this.before.received +
      counters[Counter.datagramBytesReceived] +
      OUTER * counters[Counter.datagramsReceived]
    );
  }

  /** The port of the next start counts from zero. */
  keepCounts(): void {
    this.before = { sent: this.sentBytes, received: this.receivedBytes };
  }
}

/** Keeps what concerns the lookups of scenarios from the node. */
class Watcher implements DhtLike {
  private readonly node: WholeNode;
  private readonly inner: DhtLike;
  private readonly now: () => number;

  constructor(node: WholeNode, inner: DhtLike, now: () => number) {
    this.node = node;
    this.inner = inner;
    this.now = now;
  }

  get wakeAt(): number {
    return this.inner.wakeAt;
  }

  handle(input: DhtInput, now: number, out: DhtOutbox): void {
    this.inner.handle(input, now, this.filtered(out));
  }

  onTimer(now: number, out: DhtOutbox): void {
    this.inner.onTimer(now, this.filtered(out));
  }

  answer: DhtLike['answer'] = (...question) => this.inner.answer(...question);

  status() {
    return this.inner.status();
  }

  private filtered(out: DhtOutbox): DhtOutbox {
    return {
      send: (item) => out.send(item),
      persist: (record) => out.persist(record),
      emit: (event) => {
        if (event.kind !== 'found' || event.id < FIRST_FIND) out.emit(event);
        else this.take(event);
      },
    };
  }

  private take(event: Extract<DhtEvent, { kind: 'found' }>): void {
    const lookup = this.node.lookups.get(event.id);
    if (lookup === undefined) return;
    lookup.found = event;
    if (event.records.length > 0 && lookup.firstRecordAt < 0) lookup.firstRecordAt = this.now();
    if (!event.isComplete) return;
    lookup.doneAt = this.now();
    this.node.lookups.delete(event.id);
  }
}

export interface NodeFieldOptions {
  readonly seed: number | string;
  readonly lossShare?: number;
  /** ms of the mean round trip; those of single pairs are between a fifth and nine fifths of it. */
  readonly rttMs?: number;
}

export class NodeField implements Field<WholeNode> {
  readonly publishesNodes = true;
  readonly nodes: WholeNode[] = [];
  lossShare: number;
  passes: Field<WholeNode>['passes'] = () => true;
  readonly world: World;
  private readonly rttMs: number;
  private readonly verifier: ChainVerifier;
  private readonly organisations: Organisation[] = [];
  private readonly byId = new Map<string, WholeNode>();

  constructor(options: NodeFieldOptions) {
    this.lossShare = options.lossShare ?? 0;
    this.rttMs = options.rttMs ?? 50;
    this.world = new World({ seed: options.seed, isLarge: true });
    this.verifier = new ChainVerifier(fakeCrypto, this.world.network);
    this.world.wire.linkOf = (from, to) => this.linkOf(from, to);
  }

  get now(): number {
    return this.world.now;
  }

  get networkId(): Uint8Array {
    return this.world.network.id;
  }

  below(max: number): number {
    return this.world.rng.u32() % max;
  }

  /** `isHidden`: behind a router of its own. */
  add(organisation: number, isCore = true, isHidden = false): WholeNode {
    const index = this.nodes.length;
    this.organisations[organisation] ??= this.world.organisation(`org${organisation}`);
    let whole: WholeNode | undefined;
    const host: SimHost = this.world.member(`n${index}`, this.organisations[organisation], {
      isOff: true,
      config: isCore ? { advertise: [addressOf(index)] } : { client: true },
      ...(isHidden ? { behind: this.world.router(NAT_KINDS['port-restricted']) } : {}),
      prepare: (node) => {
        const insides = insidesOf(node).context;
        if (whole === undefined) return;
        insides.dht = new Watcher(whole, whole.make(insides.dht), () => this.now);
        whole.prepare(insides as unknown as NodeContext);
      },
    });
    const verified = this.verifier.verify(host.disk.chain as Uint8Array, EPOCH_MS / 1000);
    if (!verified.ok) throw new Error(verified.reason);
    const { nodeId, nonce, name, provides, bytes, notAfter, ...rest } = verified.chain;
    const identity = {
      nodeId,
      nonce,
      organisation: rest.organisation,
      name,
      provides,
      chain: bytes,
      notAfter,
    };
    const place = dhtPlace(fakeCrypto, this.networkId, nodeId, nonce);
    whole = new WholeNode(host, index, isCore, identity, place);
    this.nodes.push(whole);
    this.byId.set(whole.key, whole);
    return whole;
  }

  nodeOf(nodeId: Uint8Array): WholeNode | undefined {
    return this.byId.get(toHex(nodeId));
  }

  start(node: WholeNode, boots: readonly WholeNode[] = []): void {
    const knows = boots.map(({ host }) => host);
    node.keepCounts();
    node.host.restart(this.now, knows);
  }

  remember(node: WholeNode, others: readonly WholeNode[]): void {
    for (const other of others) node.host.disk.dhtContacts.set(other.key, other.asKept);
  }

  kill(node: WholeNode): void {
    node.host.kill();
  }

  /** Shakes hands with those that it knows. */
  connect(node: WholeNode, others: readonly WholeNode[]): void {
    this.inside(node, (context) => {
      for (const { keys } of others) {
        const remote = context.remotes.get(keys.nodeId);
        if (remote !== undefined && !remote.isEstablished) toSession(context, remote, { kind: 'connect' });
      }
    });
  }

  /** From its next start on a node has none. */
  leaveOutDht(node: WholeNode): void {
    node.prepare = (context) => {
      (context as { dht: unknown }).dht = undefined;
    };
  }

  /** From its next start on a node says nothing of that kind, whatever it would say. */
  silence(node: WholeNode, isMeant: (message: ControlMessage) => boolean): void {
    const { prepare } = node;
    node.prepare = (context) => {
      prepare(context);
      const push = context.work.push.bind(context.work);
      context.work.push = (...items) =>
        push(...items.filter((item) => item.kind !== 'say' || !isMeant(item.message)));
    };
  }

  find(node: WholeNode, key: Uint8Array, records = true, limit?: number): Lookup {
    const id = node.nextFind++;
    const lookup: Lookup = { startedAt: this.now, firstRecordAt: -1, doneAt: -1, found: undefined };
    node.lookups.set(id, lookup);
    this.feed(node, { kind: 'find', id, key, records, ...(limit === undefined ? {} : { limit }) });
    return lookup;
  }

  publish(node: WholeNode, key: Uint8Array, record: Uint8Array): void {
    this.feed(node, { kind: 'publish', key, record });
  }

  say(from: WholeNode, to: WholeNode, message: DhtMessage): void {
    const contact = { nodeId: to.keys.nodeId, nonce: to.identity.nonce, addresses: [to.address] };
    this.inside(from, (context, now) => sendToContact(context, contact, message, now));
  }

  run(ms: number, isDone: () => boolean = () => false): boolean {
    return this.world.runUntil(isDone, ms);
  }

  private feed(node: WholeNode, input: DhtInput): void {
    this.inside(node, (context) => toDht(context, input));
  }

  private inside({ host }: WholeNode, body: (context: NodeContext, now: number) => void): void {
    const insides = insidesOf(host.node);
    host.run(this.now, (now) => insides.run(now, () => body(insides.context as unknown as NodeContext, now)));
  }

  private linkOf(from: SocketAddress, to: SocketAddress): Link {
    const [a, b] = [indexOf(from), indexOf(to)];
    const [sender, receiver] = [this.nodes[a], this.nodes[b]];
    const isCut = sender !== undefined && receiver !== undefined && !this.passes(sender, receiver);
    const share = 0.2 + (((a + 1) * (b + 1) * 7919) % 1600) / 1000;
    const lossShare = isCut ? 1 : this.lossShare;
    return { ...CLEAN_LINK, delayMs: (share * this.rttMs) / 2, jitterMs: 1, lossShare };
  }
}

/** Of the host with that number, as World.freshAddress counts in a large world. */
function addressOf(index: number): SocketAddress {
  return largeAddress(index + 1);
}

function indexOf({ ip }: SocketAddress): number {
  return 79 * ip[13] + (ip[12] - 11) - 1;
}
