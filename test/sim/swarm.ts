// The DHT machines of many nodes and nothing else: sessions, loss and their cost are modelled, not run. What shows here is the
// algorithm's own doing, a hundred times sooner than whole nodes would show it. Messages are encoded, as their size counts, but
// pass as they are: what a receiver keeps of them is there once for all nodes.
import { toHex } from '../../src/core/base/bytes.ts';
import { IndexedHeap } from '../../src/core/base/heap.ts';
import { OutboxBuffer } from '../../src/core/base/outbox.ts';
import { fraction, type Rng, seededRng } from '../../src/core/base/rng.ts';
import { Dht } from '../../src/core/dht/dht.ts';
import type {
  CertifiedPeer,
  DhtEvent,
  DhtInput,
  DhtLimits,
  DhtPersist,
  DhtSend,
  KeptContact,
  OwnPseudonym,
} from '../../src/core/dht/types.ts';
import {
  type CertifiedKeys,
  ChainVerifier,
  createEpoch,
  createGenesis,
  dhtPlace,
  generateNodeKeys,
  issueMember,
  type Network,
  type OwnEpoch,
  signOrganisation,
} from '../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../src/core/identity/types.ts';
import { EARLY_ANSWER_MAX, EARLY_MAX, HANDSHAKE_MAX, RESPONSE_MIN } from '../../src/core/wire/limits.ts';
import type { DhtContact, DhtMessage } from '../../src/core/wire/types.ts';
import { contactBytes, encodeControlBody } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { EPOCH_MS, largeAddress } from '../../src/sim/world.ts';
import type { DhtLike, Field, FieldNode, Lookup } from './field.ts';
import { Flights } from './flights.ts';

/** IPv4 and UDP headers. */
const OUTER = 28;
/** Transport header, tag, leading byte of a control message. */
const INNER = 33;
const EMPTY_BYTES = 32 + OUTER;
const INITIATION_BYTES = HANDSHAKE_MAX + OUTER;
/** Frame and fields of a response's payload besides chain and answer. */
const RESPONSE_REST = 20;
const SESSION_MS = 180_000;
const RETRY_MS = 300;
const TRIES = 6;
const QUEUE_MAX = 32;
/** One of so many lengths is checked against the encoded message. */
const CHECK_EVERY = 64;

export interface SwarmOptions {
  readonly seed: number | string;
  readonly lossShare?: number;
  /** ms of the mean round trip; those of single pairs are between a fifth and nine fifths of it. */
  readonly rttMs?: number;
  readonly limits?: Partial<DhtLimits>;
}

interface Organisation {
  readonly signer: NodeKeys;
  readonly signed: Parameters<typeof issueMember>[2];
}

interface Session {
  readonly ends: readonly [SwarmNode, SwarmNode];
  isUp: boolean;
  /** Waits for the handshake, by end. */
  readonly waiting: DhtMessage[][];
}

export interface SwarmNode extends FieldNode {
  dht: DhtLike;
  readonly asKept: KeptContact;
  readonly asPeer: CertifiedPeer;
  isUp: boolean;
  readonly sessions: Map<string, Session>;
  readonly kept: Map<string, KeptContact>;
  readonly lookups: Map<number, Lookup>;
  nextFind: number;
  /** Of publishing, by key in hex. */
  readonly copies: Map<string, number>;
  sentBytes: number;
  receivedBytes: number;
  handshakes: number;
  readonly sentKinds: Record<string, number>;
  readonly drops: Record<string, number>;
}

export class Swarm implements Field<SwarmNode> {
  now = 0;
  readonly nodes: SwarmNode[] = [];
  readonly network: Network;
  readonly publishesNodes = false;
  lossShare: number;
  passes: (a: SwarmNode, b: SwarmNode) => boolean = () => true;
  private readonly rng: Rng;
  private readonly options: SwarmOptions;
  private readonly organisations: Organisation[] = [];
  private readonly root: NodeKeys;
  private readonly verifier: ChainVerifier;
  /** Organisation IDs in hex. */
  private readonly revoked = new Set<string>();
  private readonly byId = new Map<string, SwarmNode>();
  private readonly due = new IndexedHeap<SwarmNode>();
  private readonly flights = new Flights();
  private readonly contactLengths = new WeakMap<DhtContact, number>();
  private measured = 0;
  private readonly out = new OutboxBuffer<DhtSend, DhtEvent, DhtPersist>();

  constructor(options: SwarmOptions) {
    this.options = options;
    this.lossShare = options.lossShare ?? 0;
    this.rng = seededRng(options.seed);
    this.root = generateNodeKeys(fakeCrypto, this.rng);
    this.network = createGenesis(fakeCrypto, {
      network: 'swarm',
      rootKeys: [this.root.nodeId],
      threshold: 1,
      created: EPOCH_MS / 1000,
      random: this.rng.bytes(16),
    });
    const isRevoked = ({ organisation }: CertifiedKeys) =>
      this.revoked.size > 0 && this.revoked.has(toHex(organisation));
    this.verifier = new ChainVerifier(fakeCrypto, this.network, isRevoked);
  }

  get networkId(): Uint8Array {
    return this.network.id;
  }

  below(max: number): number {
    return this.rng.u32() % max;
  }

  private organisation(number: number): Organisation {
    const known = this.organisations[number];
    if (known !== undefined) return known;
    const signer = generateNodeKeys(fakeCrypto, this.rng);
    const certificate = {
      organisation: signer.nodeId,
      signer: signer.nodeId,
      name: `org${number}`,
      notBefore: EPOCH_MS / 1000 - 3600,
      notAfter: EPOCH_MS / 1000 + 1e8,
      nonce: this.rng.bytes(16),
      extensions: [],
    };
    const by = [{ root: 0, seed: this.root.seed }];
    const signed = signOrganisation(fakeCrypto, this.network, certificate, by);
    this.organisations[number] = { signer, signed };
    return this.organisations[number];
  }

  add(number: number, isCore = true): SwarmNode {
    const organisation = this.organisation(number);
    const index = this.nodes.length;
    const keys = generateNodeKeys(fakeCrypto, this.rng);
    const bytes = issueMember(fakeCrypto, this.network, organisation.signed, organisation.signer.seed, {
      nodeId: keys.nodeId,
      name: `n${index}`,
      now: EPOCH_MS / 1000,
      nonce: this.rng.bytes(16),
    });
    const verified = this.verifier.verify(bytes, EPOCH_MS / 1000);
    if (!verified.ok) throw new Error(verified.reason);
    const { chain } = verified;
    const address = largeAddress(index + 1);
    const identity = {
      nodeId: keys.nodeId,
      nonce: chain.nonce,
      organisation: chain.organisation,
      name: chain.name,
      provides: chain.provides,
      chain: bytes,
      notAfter: chain.notAfter,
    };
    const node: SwarmNode = {
      index,
      keys,
      key: toHex(keys.nodeId),
      identity,
      place: dhtPlace(fakeCrypto, this.network.id, keys.nodeId, chain.nonce),
      address,
      asKept: {
        nodeId: keys.nodeId,
        nonce: chain.nonce,
        addresses: [address],
        organisation: chain.organisation,
      },
      asPeer: { ...identity, addresses: [address], isCore, rttMs: 50 },
      dht: undefined as unknown as DhtLike,
      isUp: false,
      isCore,
      sessions: new Map(),
      kept: new Map(),
      lookups: new Map(),
      nextFind: 1,
      copies: new Map(),
      sentBytes: 0,
      receivedBytes: 0,
      handshakes: 0,
      sentKinds: {},
      drops: {},
      make: (machine) => machine,
    };
    this.nodes.push(node);
    this.byId.set(node.key, node);
    return node;
  }

  /** Starts with what it kept, and shakes hands with up to three of `boots` (else of what it kept), as a node does. */
  start(node: SwarmNode, boots: readonly SwarmNode[] = []): void {
    node.isUp = true;
    node.sessions.clear();
    const machine = new Dht({
      crypto: fakeCrypto,
      rng: this.rng,
      networkId: this.network.id,
      verifier: this.verifier,
      self: node.identity,
      contacts: [...node.kept.values()],
      wallOffsetMs: EPOCH_MS,
      isCore: node.isCore,
      ...(this.options.limits === undefined ? {} : { limits: this.options.limits }),
    });
    node.dht = node.make(machine);
    this.feed(node, { kind: 'mode', isCore: node.isCore });
    const known = boots.length > 0 ? boots : this.kept(node);
    for (const boot of known.slice(0, 3)) this.open(node, boot, undefined);
  }

  remember(node: SwarmNode, others: readonly SwarmNode[]): void {
    for (const other of others) node.kept.set(other.key, other.asKept);
  }

  kill(node: SwarmNode): void {
    node.isUp = false;
    this.due.delete(node);
    for (const session of [...node.sessions.values()]) this.dropSession(session);
  }

  find(node: SwarmNode, key: Uint8Array, records = true, limit?: number): Lookup {
    const id = node.nextFind++;
    const lookup: Lookup = { startedAt: this.now, firstRecordAt: -1, doneAt: -1, found: undefined };
    node.lookups.set(id, lookup);
    this.feed(node, { kind: 'find', id, key, records, ...(limit === undefined ? {} : { limit }) });
    return lookup;
  }

  /** `publisher`: of a sealed record. */
  publish(node: SwarmNode, key: Uint8Array, record: Uint8Array, publisher?: OwnPseudonym): void {
    const input = { kind: 'publish' as const, key, record };
    this.feed(node, publisher === undefined ? input : { ...input, publisher });
  }

  /** What a signer of that organisation states now. */
  epochOf(organisation: number, number = 1): OwnEpoch {
    const { signer, signed } = this.organisation(organisation);
    return createEpoch(fakeCrypto, this.network.id, {
      ...{ organisation: signed, signerSeed: signer.seed, number, cause: new Uint8Array(0) },
      created: Math.floor((EPOCH_MS + this.now) / 1000),
      random: (bytes) => this.rng.bytes(bytes),
    });
  }

  /** All nodes hear that a signer was revoked, and what it signed with it. */
  revokeOrganisation(number: number): void {
    this.revoked.add(toHex(this.organisation(number).signer.nodeId));
    for (const node of this.nodes) this.feed(node, { kind: 'revoked' });
  }

  run(ms: number, isDone: () => boolean = () => false): boolean {
    const end = this.now + ms;
    while (!isDone()) {
      const at = Math.min(this.flights.next, this.due.next);
      if (at > end) {
        this.now = end;
        return isDone();
      }
      this.now = Math.max(this.now, at);
      if (this.flights.next <= this.now) this.flights.take()();
      else {
        const node = this.due.popUntil(this.now) as SwarmNode;
        this.turn(node, () => node.dht.onTimer(this.now, this.out));
      }
    }
    return true;
  }

  feed(node: SwarmNode, input: DhtInput): void {
    if (node.isUp) this.turn(node, () => node.dht.handle(input, this.now, this.out));
  }

  say(from: SwarmNode, to: SwarmNode, message: DhtMessage): void {
    this.send(from, {
      to: { nodeId: to.keys.nodeId, nonce: to.identity.nonce, addresses: [to.address] },
      message,
    });
  }

  nodeOf(nodeId: Uint8Array): SwarmNode | undefined {
    return this.byId.get(toHex(nodeId));
  }

  private kept(node: SwarmNode): SwarmNode[] {
    return [...node.kept.keys()].map((key) => this.byId.get(key)).filter((each) => each !== undefined);
  }

  private turn(node: SwarmNode, body: () => void): void {
    body();
    const { sends, events, persists } = this.out;
    const [sent, said, saved] = [[...sends], [...events], [...persists]];
    this.out.clear();
    this.due.set(node, Math.max(node.dht.wakeAt, this.now));
    for (const record of saved) {
      if (record.kind === 'contact') this.keep(node, record.contact);
      else node.kept.delete(toHex(record.nodeId));
    }
    for (const event of said) this.onEvent(node, event);
    for (const send of sent) this.send(node, send);
  }

  private keep(node: SwarmNode, contact: KeptContact): void {
    const key = toHex(contact.nodeId);
    const known = this.byId.get(key);
    node.kept.set(known?.key ?? key, known?.asKept ?? contact);
  }

  private onEvent(node: SwarmNode, event: DhtEvent): void {
    if (event.kind === 'dropped') node.drops[event.reason] = (node.drops[event.reason] ?? 0) + 1;
    else if (event.kind === 'published') node.copies.set(toHex(event.key), event.copies);
    else {
      const lookup = node.lookups.get(event.id);
      if (lookup === undefined) return;
      lookup.found = event;
      if (event.records.length > 0 && lookup.firstRecordAt < 0) lookup.firstRecordAt = this.now;
      if (!event.isComplete) return;
      lookup.doneAt = this.now;
      node.lookups.delete(event.id);
    }
  }

  private send(node: SwarmNode, { to, message }: DhtSend): void {
    node.sentKinds[message.kind] = (node.sentKinds[message.kind] ?? 0) + 1;
    const key = toHex(to.nodeId);
    const session = node.sessions.get(key);
    if (session === undefined) this.open(node, this.byId.get(key), message, to.nodeId);
    else if (session.isUp) this.transmit(session, node, message);
    else session.waiting[session.ends[0] === node ? 0 : 1].push(message);
  }

  /** A handshake, begun by `a`; `first`: the message that it is for. */
  private open(
    a: SwarmNode,
    b: SwarmNode | undefined,
    first: DhtMessage | undefined,
    nodeId = b?.keys.nodeId,
  ): void {
    if (b === undefined || b === a || a.sessions.has(b.key)) {
      if (b === undefined && nodeId !== undefined)
        this.after(14_000, () => this.feed(a, { kind: 'unreachable', nodeId }));
      return;
    }
    const session: Session = { ends: [a, b], isUp: false, waiting: [[], []] };
    a.sessions.set(b.key, session);
    let early: DhtMessage | undefined;
    if (first?.kind === 'dhtQuestion' && encodeControlBody(first).length <= EARLY_MAX) early = first;
    else if (first !== undefined) session.waiting[0].push(first);
    a.handshakes++;
    this.initiate(session, early, 1);
  }

  private initiate(session: Session, early: DhtMessage | undefined, tries: number): void {
    const [a, b] = session.ends;
    if (a.sessions.get(b.key) !== session || session.isUp) return;
    if (tries > TRIES) {
      a.sessions.delete(b.key);
      this.feed(a, { kind: 'unreachable', nodeId: b.keys.nodeId });
      return;
    }
    a.sentBytes += INITIATION_BYTES;
    this.after(RETRY_MS * 2 ** Math.min(tries - 1, 4) * 1.1, () => this.initiate(session, early, tries + 1));
    this.fly(a, b, INITIATION_BYTES, () => this.respond(session, early));
  }

  private respond(session: Session, early: DhtMessage | undefined): void {
    const [a, b] = session.ends;
    const bare = RESPONSE_MIN + RESPONSE_REST + b.identity.chain.length;
    const room = Math.min(EARLY_ANSWER_MAX, HANDSHAKE_MAX - bare - 3);
    const answer =
      early?.kind === 'dhtQuestion' ? b.dht.answer(early, a.keys.nodeId, room - 3, this.now) : undefined;
    const length = answer === undefined ? 0 : this.lengthOf(answer);
    if (length > room) throw new Error(`an answer of ${length} bytes for ${room}`);
    const bytes = bare + length + OUTER;
    b.sentBytes += bytes;
    this.fly(b, a, bytes, () => {
      if (session.isUp || a.sessions.get(b.key) !== session) return;
      this.establish(session, answer === undefined ? early : undefined, answer);
    });
  }

  private establish(
    session: Session,
    unanswered: DhtMessage | undefined,
    answer: DhtMessage | undefined,
  ): void {
    const [a, b] = session.ends;
    session.isUp = true;
    const crossed = b.sessions.get(a.key);
    const theirs = crossed !== undefined && crossed !== session ? crossed.waiting[0] : [];
    b.sessions.set(a.key, session);
    a.sentBytes += EMPTY_BYTES;
    this.fly(a, b, EMPTY_BYTES, () => {
      this.feed(b, { kind: 'seen', peer: a.asPeer });
      for (const message of theirs) this.transmit(session, b, message);
    });
    this.after(SESSION_MS, () => this.dropSession(session));
    this.feed(a, { kind: 'seen', peer: b.asPeer });
    if (answer !== undefined)
      this.feed(a, { kind: 'message', from: b.keys.nodeId, message: answer, address: b.address });
    const waiting = unanswered === undefined ? session.waiting[0] : [unanswered, ...session.waiting[0]];
    for (const message of waiting.slice(0, QUEUE_MAX)) this.transmit(session, a, message);
  }

  private dropSession(session: Session): void {
    const [a, b] = session.ends;
    for (const [node, other] of [
      [a, b],
      [b, a],
    ]) {
      if (node.sessions.get(other.key) !== session) continue;
      node.sessions.delete(other.key);
      this.feed(node, { kind: 'gone', nodeId: other.keys.nodeId });
    }
  }

  private transmit(session: Session, from: SwarmNode, message: DhtMessage): void {
    const to = session.ends[0] === from ? session.ends[1] : session.ends[0];
    const bytes = this.lengthOf(message) + INNER + OUTER;
    from.sentBytes += bytes;
    this.fly(from, to, bytes, () => {
      if (to.sessions.get(from.key) !== session) return;
      this.feed(to, { kind: 'message', from: from.keys.nodeId, message, address: from.address });
    });
  }

  /** Encoded. Of an answer, what each of its contacts takes is computed once. */
  private lengthOf(message: DhtMessage): number {
    if (message.kind !== 'dhtAnswer' || message.contacts.length === 0)
      return encodeControlBody(message).length;
    const { contacts } = message;
    let length = encodeControlBody({ ...message, contacts: [] }).length;
    // The length of an answer within its message takes one byte more from 128 on.
    const before = length;
    for (const contact of contacts) {
      let bytes = this.contactLengths.get(contact);
      if (bytes === undefined) {
        bytes = contactBytes(contact);
        this.contactLengths.set(contact, bytes);
      }
      length += bytes;
    }
    if (before - 2 < 128 && length - 2 >= 128) length++;
    if (++this.measured % CHECK_EVERY === 0 && encodeControlBody(message).length !== length)
      throw new Error(`${encodeControlBody(message).length} bytes, not ${length}`);
    return length;
  }

  private fly(from: SwarmNode, to: SwarmNode, bytes: number, arrive: () => void): void {
    if (fraction(this.rng) < this.lossShare || !this.passes(from, to)) return;
    const share = 0.2 + (((from.index + 1) * (to.index + 1) * 7919) % 1600) / 1000;
    this.after((share * (this.options.rttMs ?? 50)) / 2 + fraction(this.rng), () => {
      if (!to.isUp) return;
      to.receivedBytes += bytes;
      arrive();
    });
  }

  private after(ms: number, what: () => void): void {
    this.flights.add(this.now + ms, what);
  }
}
