// Alice, Bob and a wire with an eavesdropper on it, in virtual time. Datagrams take `delayMs`; `fate` may lose, double or
// delay each. Transport datagrams carry the key they are "sealed" under, which is all that matters here.
import { inspect } from 'node:util';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { concat, equalBytes, readU32LE, toHex, writeU32LE } from '../../../src/core/base/bytes.ts';
import { DropCounters, type DropReason } from '../../../src/core/base/drop-reason.ts';
import { IndexedHeap } from '../../../src/core/base/heap.ts';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { type Rng, seededRng } from '../../../src/core/base/rng.ts';
import { generateNodeKeys } from '../../../src/core/identity/identity.ts';
import type { NodeId, NodeKeys } from '../../../src/core/identity/types.ts';
import {
  classifyAnswer,
  DEFAULT_LIMITS,
  FreshnessCounter,
  HandshakeGate,
  Ledger,
  Session,
} from '../../../src/core/session/session.ts';
import type {
  SessionCommand,
  SessionContext,
  SessionEvent,
  SessionLimits,
  SlotAllocator,
  Verified,
} from '../../../src/core/session/types.ts';
import type { HandshakePayload } from '../../../src/core/wire/types.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';

export const crypto = nodeCrypto;
/** What `verify` keeps of a payload: its chain, which is not a real one here. */
export type Introduction = string;
export type Event = SessionEvent<Introduction>;

export class Slots implements SlotAllocator {
  readonly max: number;
  readonly owners = new Map<number, string>();
  private next = 0;

  constructor(max = 65_536) {
    this.max = max;
  }

  allocate(owner: NodeId): number | undefined {
    if (this.owners.size >= this.max) return undefined;
    while (this.owners.has(this.next)) this.next = (this.next + 1) % this.max;
    const slot = this.next;
    this.next = (this.next + 1) % this.max;
    this.owners.set(slot, toHex(owner));
    return slot;
  }

  release(slot: number): void {
    if (!this.owners.delete(slot)) throw new Error(`slot ${slot} released twice`);
  }
}

export interface PeerOptions {
  readonly name: string;
  readonly limits?: Partial<SessionLimits>;
  readonly suites?: readonly number[];
  readonly firstFreshness?: number;
  readonly receiveSlots?: number;
  readonly sendSlots?: number;
  readonly keys?: NodeKeys;
  readonly chain?: Uint8Array;
  readonly busyPerSecond?: number;
  readonly answerEarly?: (early: Uint8Array, introduction: Introduction, roomBytes: number) => Uint8Array;
  readonly verify?: (payload: HandshakePayload, nodeId: NodeId) => Verified<Introduction>;
}

interface ReceiveKey {
  readonly key: Uint8Array;
  readonly index: number;
  isHeard: boolean;
}

interface SendKey {
  readonly key: Uint8Array;
  readonly index: number;
}

/** A node with sessions: what core/node and the addon do around them. */
export class Peer {
  readonly name: string;
  readonly world: World;
  readonly keys: NodeKeys;
  address: SocketAddress;
  readonly out = new OutboxBuffer<SessionCommand, Event>();
  readonly drops = new DropCounters();
  readonly events: Event[] = [];
  readonly commands: SessionCommand[] = [];
  readonly sessions = new Map<string, Session<Introduction>>();
  readonly receiveSlots: Slots;
  readonly sendSlots: Slots;
  readonly context: SessionContext<Introduction>;
  readonly gate: HandshakeGate<Introduction>;
  readonly receiveKeys = new Map<number, ReceiveKey>();
  readonly sendKeys = new Map<number, SendKey>();
  /** Send slot in use, by remote. */
  readonly using = new Map<string, number>();
  /** Data datagrams that no key opened. */
  lostData = 0;
  receivedData = 0;
  sentData = 0;
  isOff = false;
  reserved = 0;

  constructor(world: World, options: PeerOptions, index: number) {
    this.world = world;
    this.name = options.name;
    const rng = seededRng(`${world.seed} ${options.name} ${index}`);
    this.keys = options.keys ?? generateNodeKeys(crypto, rng);
    this.address = { ip: ipv4(192, 0, 2, index + 1), port: 9376 };
    this.receiveSlots = new Slots(options.receiveSlots);
    this.sendSlots = new Slots(options.sendSlots);
    const ledger = new Ledger();
    const local = { keys: this.keys, networkId: world.networkId };
    const freshness = new FreshnessCounter(options.firstFreshness ?? 1, (to) => {
      this.reserved = to;
    });
    const verify =
      options.verify ??
      ((payload) => ({ ok: true, introduction: `${payload.kind} ${toHex(payload.chain)}` }));
    this.context = {
      crypto,
      rng,
      local,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      suites: options.suites ?? [1, 2],
      sendSlots: this.sendSlots,
      receiveSlots: this.receiveSlots,
      ledger,
      nextFreshness: () => freshness.take(),
      introduce: () => ({
        kind: 'member',
        chain: options.chain ?? new Uint8Array(700).fill(index),
        revocationHead: new Uint8Array(0),
      }),
      verify,
      answerEarly: (early, _, introduction, roomBytes) =>
        options.answerEarly?.(early, introduction, roomBytes) ?? new Uint8Array(0),
    };
    this.gate = new HandshakeGate({
      crypto,
      rng,
      local,
      ledger,
      verify,
      busyPerSecond: options.busyPerSecond,
    });
  }

  get id(): string {
    return toHex(this.keys.nodeId);
  }

  session(remote: Peer): Session<Introduction> {
    return this.sessionOf(remote.keys.nodeId);
  }

  sessionOf(nodeId: NodeId): Session<Introduction> {
    const key = toHex(nodeId);
    let session = this.sessions.get(key);
    if (session === undefined) {
      session = new Session(this.context, nodeId);
      this.sessions.set(key, session);
    }
    return session;
  }

  tell(remote: Peer, input: Parameters<Session<Introduction>['handle']>[0]): void {
    const session = this.session(remote);
    session.handle(input, this.world.now, this.out);
    this.drain(remote.keys.nodeId);
  }

  onTimer(key: string, session: Session<Introduction>): void {
    session.onTimer(this.world.now, this.out);
    this.drain(session.nodeId);
    if (session.wakeAt <= this.world.now) throw new Error(`${this.name}: timer of ${key} does not advance`);
  }

  /** One datagram of data; false when there is no key. */
  sendData(remote: Peer): boolean {
    return this.seal(remote.id, remote.address, 'data');
  }

  receive(datagram: Uint8Array, from: SocketAddress): void {
    if (this.isOff) return;
    if (datagram[0] === DatagramType.transport) this.open(datagram);
    else if (datagram[0] === DatagramType.initiation) this.greet(datagram, from);
    else this.answer(datagram);
  }

  /** Everything that this node remembers, for comparison. Opening a datagram draws no randomness unless it is answered. */
  stateOf(remote: Peer): string {
    const state = [
      this.session(remote),
      this.receiveKeys,
      this.sendKeys,
      this.using,
      this.receiveSlots,
      this.sendSlots,
    ];
    return toHex(
      crypto.sha256(new TextEncoder().encode(inspect(state, { depth: 12, maxArrayLength: null }))),
    );
  }

  kinds(): string[] {
    return this.events.map((event) => event.kind);
  }

  private greet(datagram: Uint8Array, from: SocketAddress): void {
    const verdict = this.gate.handle(datagram, from, this.world.now);
    if (verdict.kind === 'drop') this.drops.count(verdict.reason);
    else if (verdict.kind === 'challenge') this.world.send(this, from, verdict.datagram);
    else {
      const { initiation } = verdict;
      this.sessionOf(initiation.nodeId).handle({ kind: 'initiation', initiation }, this.world.now, this.out);
      this.drain(initiation.nodeId);
    }
  }

  private answer(datagram: Uint8Array): void {
    const verdict = classifyAnswer(datagram);
    if (verdict.kind === 'drop') {
      this.drops.count(verdict.reason);
      return;
    }
    const owner = this.receiveSlots.owners.get(verdict.receiverIndex & 0xffff);
    const session = owner === undefined ? undefined : this.sessions.get(owner);
    if (session === undefined) {
      this.drops.count('unknownReceiverIndex');
      return;
    }
    session.handle({ kind: verdict.kind, datagram }, this.world.now, this.out);
    this.drain(session.nodeId);
  }

  private open(datagram: Uint8Array): void {
    const index = readU32LE(datagram, 4);
    const key = this.receiveKeys.get(index & 0xffff);
    const isData = datagram[8] === 1;
    if (key === undefined || key.index !== index || !equalBytes(key.key, datagram.subarray(9))) {
      if (isData) {
        this.lostData++;
        this.world.onLost?.(this);
      }
      return;
    }
    if (isData) this.receivedData++;
    if (key.isHeard) return;
    key.isHeard = true;
    const owner = this.receiveSlots.owners.get(index & 0xffff) as string;
    const session = this.sessions.get(owner) as Session<Introduction>;
    session.handle({ kind: 'confirmed', receiveSlot: index & 0xffff }, this.world.now, this.out);
    this.drain(session.nodeId);
  }

  private seal(remote: string, to: SocketAddress, kind: 'data' | 'empty'): boolean {
    const slot = this.using.get(remote);
    if (slot === undefined) return false;
    const key = this.sendKeys.get(slot);
    if (key === undefined) throw new Error(`${this.name} sends under a key that is cleared`);
    const head = new Uint8Array(9);
    head[0] = DatagramType.transport;
    writeU32LE(head, 4, key.index);
    head[8] = kind === 'data' ? 1 : 0;
    if (kind === 'data') this.sentData++;
    this.world.send(this, to, concat(head, key.key));
    return true;
  }

  private drain(nodeId: NodeId): void {
    const remote = toHex(nodeId);
    for (const command of this.out.sends) this.apply(command, remote);
    for (const event of this.out.events) {
      this.events.push(event);
      if (event.kind === 'dropped') this.drops.count(event.reason as DropReason);
    }
    this.out.clear();
  }

  private apply(command: SessionCommand, remote: string): void {
    this.commands.push(command);
    switch (command.kind) {
      case 'datagram':
        this.world.send(this, command.to ?? this.world.addressOf(remote), command.bytes);
        break;
      case 'setReceiveKey':
        if ((command.index & 0xffff) !== command.slot) throw new Error('index and slot differ');
        if (this.receiveKeys.has(command.slot)) throw new Error('receive slot in use');
        this.receiveKeys.set(command.slot, { key: command.key, index: command.index, isHeard: false });
        break;
      case 'clearReceiveKey':
        if (!this.receiveKeys.delete(command.slot)) throw new Error('receive slot not in use');
        break;
      case 'setSendKey':
        if (this.sendKeys.has(command.slot)) throw new Error('send slot in use');
        this.sendKeys.set(command.slot, { key: command.key, index: command.index });
        break;
      case 'clearSendKey':
        if (this.using.get(remote) === command.slot) throw new Error('the key in use is cleared');
        if (!this.sendKeys.delete(command.slot)) throw new Error('send slot not in use');
        break;
      case 'useSendKey':
        this.using.set(remote, command.slot);
        break;
      case 'stopSending':
        this.using.delete(remote);
        break;
      case 'empty':
        this.seal(remote, this.world.addressOf(remote), 'empty');
        break;
    }
  }
}

export interface Sent {
  readonly at: number;
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly datagram: Uint8Array;
}

/** When copies of a datagram arrive, in ms from now; none: it is lost. */
export type Fate = (sent: Sent) => readonly number[];

export class World {
  now = 1000;
  readonly seed: string;
  readonly networkId: Uint8Array;
  readonly rng: Rng;
  readonly peers: Peer[] = [];
  /** What the eavesdropper sees. */
  readonly tap: Sent[] = [];
  delayMs = 20;
  fate: Fate | undefined;
  onLost: ((peer: Peer) => void) | undefined;
  private readonly queue = new IndexedHeap<() => void>();

  constructor(seed = 'world') {
    this.seed = seed;
    this.rng = seededRng(seed);
    this.networkId = this.rng.bytes(32);
  }

  add(options: PeerOptions): Peer {
    const peer = new Peer(this, options, this.peers.length);
    this.peers.push(peer);
    return peer;
  }

  addressOf(id: string): SocketAddress {
    return (this.peers.findLast((peer) => peer.id === id) ?? { address: { ip: ipv4(0, 0, 0, 0), port: 0 } })
      .address;
  }

  send(from: Peer, to: SocketAddress, datagram: Uint8Array): void {
    const sent = { at: this.now, from: from.address, to, datagram: datagram.slice() };
    this.tap.push(sent);
    for (const delay of this.fate === undefined ? [this.delayMs] : this.fate(sent)) {
      this.at(this.now + delay, () => this.deliver(sent.datagram, sent.from, sent.to));
    }
  }

  deliver(datagram: Uint8Array, from: SocketAddress, to: SocketAddress): void {
    for (const peer of this.peers) {
      if (equalBytes(peer.address.ip, to.ip) && peer.address.port === to.port)
        peer.receive(datagram.slice(), from);
    }
  }

  at(at: number, run: () => void): void {
    this.queue.set(() => run(), at);
  }

  /** Jumps from event to event until `until` (ms from now at most). True when `isDone` became true. */
  run(ms: number, isDone: () => boolean = () => false): boolean {
    const end = this.now + ms;
    for (;;) {
      if (isDone()) return true;
      const timer = this.nextTimer();
      if (Math.min(this.queue.next, timer.at) > end) break;
      this.now = Math.max(this.now, Math.min(this.queue.next, timer.at));
      const run = this.queue.popUntil(Math.min(timer.at, this.now)) ?? timer.run;
      run();
    }
    this.now = end;
    return isDone();
  }

  private nextTimer(): { readonly at: number; readonly run: () => void } {
    let best = { at: Number.POSITIVE_INFINITY, run: () => {} };
    for (const peer of this.peers) {
      if (peer.isOff) continue;
      for (const [key, session] of peer.sessions) {
        if (session.wakeAt < best.at) best = { at: session.wakeAt, run: () => peer.onTimer(key, session) };
      }
    }
    return best;
  }
}

export function pair(
  seed?: string,
  options: { alice?: Partial<PeerOptions>; bob?: Partial<PeerOptions> } = {},
) {
  const world = new World(seed);
  const alice = world.add({ name: 'alice', ...options.alice });
  const bob = world.add({ name: 'bob', ...options.bob });
  return { world, alice, bob };
}

/** Both have a key that the other has used. */
export function connected(seed?: string, options: Parameters<typeof pair>[1] = {}) {
  const made = pair(seed, options);
  made.alice.tell(made.bob, { kind: 'connect' });
  made.world.run(1000);
  return made;
}
