// A network of Dht machines under a virtual clock: sessions, latency, loss, nodes that are down or lie.
import { toHex } from '../../../src/core/base/bytes.ts';
import type { DropReason } from '../../../src/core/base/drop-reason.ts';
import { IndexedHeap } from '../../../src/core/base/heap.ts';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { fraction, type Rng, seededRng, uniform } from '../../../src/core/base/rng.ts';
import { Dht } from '../../../src/core/dht/dht.ts';
import type {
  CertifiedPeer,
  DhtEvent,
  DhtIdentity,
  DhtLimits,
  DhtOptions,
  DhtPersist,
  DhtSend,
  FoundEvent,
} from '../../../src/core/dht/types.ts';
import {
  type ChainResult,
  generateNodeKeys,
  type PseudonymResult,
  recordKey,
  signRecord,
  type VerifiedChain,
  type VerifiedPseudonym,
} from '../../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../../src/core/identity/types.ts';
import { CONTROL_MAX, SEALED_BYTES } from '../../../src/core/wire/limits.ts';
import type { DhtMessage, DhtQuestion, DhtRecord, ServiceBody } from '../../../src/core/wire/types.ts';
import { encodeChain, encodeControl, encodeEpoch, encodePseudonym } from '../../../src/core/wire/wire.ts';
import { fakeCrypto as crypto } from '../../../src/sim/crypto.ts';

export { crypto };

export const WALL_MS = 1_700_000_000_000;
export const NETWORK = new Uint8Array(32).fill(7);
const CHAIN_BYTES = 450;
/** Bytes of both messages of a handshake, with headers. */
const HANDSHAKE = 2500;
const HEADERS = 60;
const EARLY_ROOM = 600;

export interface Member {
  readonly keys: NodeKeys;
  readonly identity: DhtIdentity;
  readonly address: SocketAddress;
}

export interface TestPseudonym {
  readonly key: Uint8Array;
  readonly seed: Uint8Array;
  readonly chain: Uint8Array;
  readonly notAfter: number;
  readonly organisation: Uint8Array;
  /** Its ID. */
  readonly epoch: Uint8Array;
}

export interface TestNode extends Member {
  readonly index: number;
  readonly id: string;
  dht: Dht;
  isCore: boolean;
  isUp: boolean;
  bytes: number;
  readonly events: DhtEvent[];
  readonly persisted: Map<string, DhtPersist>;
  /** What a hostile node says instead; undefined: nothing. */
  lie?: (message: DhtMessage, from: TestNode) => DhtMessage | undefined;
}

export interface WorldOptions {
  readonly seed?: string;
  readonly latencyMs?: number;
  readonly loss?: number;
  readonly organisations?: number;
  readonly limits?: Partial<DhtLimits>;
}

export class World {
  now = 1000;
  readonly nodes: TestNode[] = [];
  readonly byId = new Map<string, TestNode>();
  readonly drops = new Map<DropReason, number>();
  readonly rng: Rng;
  readonly options: WorldOptions;
  readonly chains = new Map<string, VerifiedChain>();
  messages = 0;
  handshakes = 0;
  largest = 0;
  private readonly sessions = new Set<string>();
  private readonly queue = new IndexedHeap<number>();
  private readonly runs = new Map<number, () => void>();
  private nextRun = 0;
  private readonly organisations: Uint8Array[];

  constructor(options: WorldOptions = {}) {
    this.options = options;
    this.rng = seededRng(options.seed ?? 'dht');
    this.organisations = Array.from({ length: options.organisations ?? 1 }, () => this.rng.bytes(32));
  }

  /** By chain in hex. */
  readonly pseudonyms = new Map<string, VerifiedPseudonym>();
  /** Chains in hex that were taken back. */
  readonly revoked = new Set<string>();
  readonly verifier = {
    verify: (bytes: Uint8Array): ChainResult => {
      const chain = this.chains.get(toHex(bytes));
      if (this.pseudonyms.has(toHex(bytes))) return { ok: false, reason: 'pseudonym' };
      if (this.revoked.has(toHex(bytes))) return { ok: false, reason: 'revoked' };
      return chain === undefined ? { ok: false, reason: 'signature' } : { ok: true, chain };
    },
    verifyPseudonym: (bytes: Uint8Array): PseudonymResult => {
      const pseudonym = this.pseudonyms.get(toHex(bytes));
      if (this.revoked.has(toHex(bytes))) return { ok: false, reason: 'revoked' };
      return pseudonym === undefined ? { ok: false, reason: 'pseudonym' } : { ok: true, pseudonym };
    },
    isRevoked: (bytes: Uint8Array): boolean => this.revoked.has(toHex(bytes)),
  };

  member(index: number, more: Partial<Omit<DhtIdentity, 'nodeId' | 'chain'>> = {}): Member {
    const keys = generateNodeKeys(crypto, this.rng);
    const identity: DhtIdentity = {
      nodeId: keys.nodeId,
      nonce: more.nonce ?? this.rng.bytes(16),
      organisation: more.organisation ?? this.organisations[index % this.organisations.length],
      name: more.name ?? `node-${index}`,
      provides: more.provides ?? [],
      chain: this.rng.bytes(CHAIN_BYTES),
      notAfter: more.notAfter ?? 2e9,
    };
    this.chains.set(toHex(identity.chain), {
      ...identity,
      tier: 'member',
      admittedBy: { id: identity.organisation, name: 'acme' },
      bytes: identity.chain,
      organisationName: 'acme',
      signer: identity.organisation,
      tags: [],
      notBefore: 0,
    });
    return { keys, identity, address: { ip: ipv4(10, index >> 16, index >> 8, index), port: 9376 } };
  }

  add(more: Partial<DhtIdentity> & { isCore?: boolean; contacts?: DhtOptions['contacts'] } = {}): TestNode {
    const index = this.nodes.length;
    const member = this.member(index, more);
    const isCore = more.isCore ?? true;
    const dht = new Dht({
      crypto,
      rng: seededRng(`${this.options.seed ?? 'dht'} ${index}`),
      networkId: NETWORK,
      verifier: this.verifier,
      self: member.identity,
      contacts: more.contacts ?? [],
      wallOffsetMs: WALL_MS,
      isCore,
      limits: this.options.limits,
    });
    const id = toHex(member.identity.nodeId);
    const node: TestNode = {
      ...member,
      index,
      id,
      dht,
      isCore,
      isUp: true,
      bytes: 0,
      events: [],
      persisted: new Map(),
    };
    this.nodes.push(node);
    this.byId.set(id, node);
    this.arm(node);
    return node;
  }

  peerOf(node: TestNode): CertifiedPeer {
    return { ...node.identity, addresses: [node.address], isCore: node.isCore };
  }

  /** A session between two stands, as if one had been asked to join through the other. */
  connect(a: TestNode, b: TestNode): void {
    if (a === b || this.sessions.has(`${a.index} ${b.index}`)) return;
    this.sessions.add(`${a.index} ${b.index}`).add(`${b.index} ${a.index}`);
    this.handshakes++;
    a.bytes += HANDSHAKE;
    b.bytes += HANDSHAKE;
    this.tell(a, { kind: 'seen', peer: this.peerOf(b) });
    this.tell(b, { kind: 'seen', peer: this.peerOf(a) });
  }

  /** All sessions end, as they do when nothing is sent. */
  disconnectAll(): void {
    for (const session of this.sessions) {
      const [a, b] = session.split(' ').map(Number);
      this.tell(this.nodes[a], { kind: 'gone', nodeId: this.nodes[b].identity.nodeId });
    }
    this.sessions.clear();
  }

  stop(node: TestNode): void {
    node.isUp = false;
    for (const other of this.nodes) {
      this.sessions.delete(`${node.index} ${other.index}`);
      this.sessions.delete(`${other.index} ${node.index}`);
    }
  }

  tell(node: TestNode, input: Parameters<Dht['handle']>[0]): void {
    if (!node.isUp) return;
    const out = new OutboxBuffer<DhtSend, DhtEvent, DhtPersist>();
    node.dht.handle(input, this.now, out);
    this.drain(node, out);
  }

  private drain(node: TestNode, out: OutboxBuffer<DhtSend, DhtEvent, DhtPersist>): void {
    for (const event of out.events) {
      node.events.push(event);
      if (event.kind === 'dropped') this.drops.set(event.reason, (this.drops.get(event.reason) ?? 0) + 1);
    }
    for (const item of out.persists) {
      if (item.kind === 'contact') node.persisted.set(toHex(item.contact.nodeId), item);
      else node.persisted.delete(toHex(item.nodeId));
    }
    for (const { to, message } of out.sends) {
      const target = this.byId.get(toHex(to.nodeId));
      const said = node.lie === undefined || target === undefined ? message : node.lie(message, target);
      if (said !== undefined) this.send(node, target, to.nodeId, said);
    }
    this.arm(node);
  }

  private get latencyMs(): number {
    return (this.options.latencyMs ?? 25) * (0.9 + 0.2 * fraction(this.rng));
  }

  private isLost(): boolean {
    return this.options.loss !== undefined && fraction(this.rng) < this.options.loss;
  }

  private send(from: TestNode, to: TestNode | undefined, nodeId: Uint8Array, message: DhtMessage): void {
    const bytes = encodeControl(message).length;
    this.largest = Math.max(this.largest, bytes);
    if (bytes > CONTROL_MAX) throw new Error(`${message.kind} of ${bytes} bytes`);
    if (to === undefined || !to.isUp || to === from) {
      this.after(3000, () => this.tell(from, { kind: 'unreachable', nodeId }));
      return;
    }
    if (this.sessions.has(`${from.index} ${to.index}`)) this.deliver(from, to, message, bytes);
    else this.handshake(from, to, message, bytes);
  }

  private deliver(from: TestNode, to: TestNode, message: DhtMessage, bytes: number): void {
    this.messages++;
    from.bytes += bytes + HEADERS;
    if (this.isLost()) return;
    this.after(this.latencyMs, () => {
      to.bytes += bytes + HEADERS;
      const { nodeId } = from.identity;
      this.tell(to, { kind: 'message', from: nodeId, message, address: from.address });
    });
  }

  // A question rides in the first message and its answer in the second; anything else waits for the session.
  private handshake(from: TestNode, to: TestNode, message: DhtMessage, bytes: number, tries = 0): void {
    if (this.isLost()) {
      if (tries < 4) this.after(300, () => this.handshake(from, to, message, bytes, tries + 1));
      return;
    }
    this.after(this.latencyMs, () => {
      if (!to.isUp) return;
      const early = message.kind === 'dhtQuestion' ? this.early(to, from, message) : undefined;
      this.after(this.latencyMs, () => {
        if (!from.isUp || !to.isUp) return;
        this.connect(from, to);
        if (early !== undefined)
          this.tell(from, { kind: 'message', from: to.identity.nodeId, message: early });
        else this.deliver(from, to, message, bytes);
      });
    });
  }

  private early(to: TestNode, from: TestNode, question: DhtQuestion): DhtMessage | undefined {
    const answer = to.dht.answer(question, from.identity.nodeId, EARLY_ROOM, this.now);
    if (answer === undefined) return undefined;
    const bytes = encodeControl(answer).length - 1;
    if (bytes > EARLY_ROOM) throw new Error(`early answer of ${bytes} bytes`);
    return to.lie === undefined ? answer : to.lie(answer, from);
  }

  after(ms: number, run: () => void): void {
    const id = this.nextRun++;
    this.runs.set(id, run);
    this.queue.set(id, this.now + ms);
  }

  private arm(node: TestNode): void {
    this.queue.set(-1 - node.index, Math.max(this.now, node.dht.wakeAt));
  }

  run(ms: number): void {
    this.runUntil(() => false, ms);
  }

  /** Whether it came to be within that time. */
  runUntil(isDone: () => boolean, ms: number): boolean {
    const end = this.now + ms;
    while (!isDone()) {
      const at = this.queue.next;
      if (at > end) {
        this.now = end;
        return isDone();
      }
      this.now = Math.max(this.now, at);
      this.step(this.queue.popUntil(at) as number);
    }
    return true;
  }

  private step(id: number): void {
    if (id >= 0) {
      const run = this.runs.get(id) as () => void;
      this.runs.delete(id);
      run();
      return;
    }
    const node = this.nodes[-1 - id];
    if (!node.isUp) return;
    const out = new OutboxBuffer<DhtSend, DhtEvent, DhtPersist>();
    node.dht.onTimer(this.now, out);
    this.drain(node, out);
  }

  // --- What tests do with nodes ---

  private finds = 0;

  find(
    node: TestNode,
    key: Uint8Array,
    more: { limit?: number; records?: boolean } = {},
  ): FoundEvent & { tookMs: number } {
    const id = this.finds++;
    const started = this.now;
    const mine = (event: DhtEvent): event is FoundEvent => event.kind === 'found' && event.id === id;
    this.tell(node, { kind: 'find', id, key, records: more.records ?? true, limit: more.limit });
    let seen = 0;
    let found: FoundEvent | undefined;
    this.runUntil(() => {
      for (; seen < node.events.length; seen++) {
        const event = node.events[seen];
        if (mine(event) && event.isComplete) found = event;
      }
      return found !== undefined;
    }, 60_000);
    if (found === undefined) throw new Error('the find did not end');
    return { ...found, tookMs: this.now - started };
  }

  keyOf(address: Parameters<typeof recordKey>[2]): Uint8Array {
    return recordKey(crypto, NETWORK, address);
  }

  serviceKey(name: string, organisation = this.organisations[0]): Uint8Array {
    return this.keyOf({ kind: 'service', organisation, name });
  }

  nowS(): number {
    return Math.floor((this.now + WALL_MS) / 1000);
  }

  record(member: Member, record: Partial<DhtRecord> & Pick<DhtRecord, 'kind'>): Uint8Array {
    const head = { publisher: member.identity.nodeId, name: '', sequence: 1, expires: this.nowS() + 80_000 };
    return signRecord(crypto, NETWORK, member.keys.seed, {
      ...head,
      body: undefined,
      ...record,
    } as DhtRecord);
  }

  /** A pseudonym of somebody of that organisation, certified. */
  pseudonym(
    organisation: Uint8Array,
    { number = 1, created = this.nowS() - 60, notAfter = 2e9, of = generateNodeKeys(crypto, this.rng) } = {},
  ): TestPseudonym {
    const { nodeId: key, seed } = of;
    const bytes = (length: number) => this.rng.bytes(length);
    const epoch = encodeEpoch({
      ...{ organisation, signer: organisation, number, created, vouchingKey: bytes(32) },
      ...{ meetingKey: bytes(32), cause: new Uint8Array(0), extensions: [] },
    });
    const chain = encodeChain({
      organisation: { certificate: bytes(160), signatures: [{ root: 0, signature: bytes(64) }] },
      pseudonym: {
        ...{ epoch, epochSignature: bytes(64), signature: bytes(64) },
        pseudonym: encodePseudonym({ key, notAfter }),
      },
    });
    const made = { organisation, signer: organisation, number, epoch: crypto.sha256(epoch) };
    this.pseudonyms.set(toHex(chain), { key, ...made, notBefore: created, notAfter, bytes: chain });
    return { key, seed, chain, notAfter, organisation, epoch: made.epoch };
  }

  sealedKey({ epoch }: Pick<TestPseudonym, 'epoch'>, place: Uint8Array): Uint8Array {
    return this.keyOf({ kind: 'sealed', epoch, place });
  }

  /** What nobody can open; `body` undefined: withdrawn. */
  sealed(
    { key: publisher, seed, epoch }: Pick<TestPseudonym, 'key' | 'seed' | 'epoch'>,
    place: Uint8Array,
    more: { sequence?: number; expires?: number; body?: Uint8Array | undefined } = {},
  ): Uint8Array {
    const head = { publisher, name: '', sequence: 1, expires: this.nowS() + 80_000 };
    const body = this.rng.bytes(SEALED_BYTES);
    return signRecord(crypto, NETWORK, seed, { kind: 'sealed', ...head, place, epoch, body, ...more });
  }

  service(member: Member, name: string, more: { sequence?: number; expires?: number } = {}): Uint8Array {
    const body: ServiceBody = {
      selector: 1,
      protocol: 'tcp',
      port: 80,
      weight: 1,
      ipv4: true,
      ipv6: true,
      healthy: true,
      addresses: [member.address],
      relays: [],
    };
    return this.record(member, { kind: 'service', name, body, ...more });
  }

  /** A network of core nodes that joined one after the other through one of those before. */
  grow(count: number, everyMs = 50): void {
    for (let i = 0; i < count; i++) {
      const node = this.add();
      if (node.index > 0) this.connect(node, this.nodes[uniform(this.rng, node.index)]);
      this.run(everyMs);
    }
  }
}
