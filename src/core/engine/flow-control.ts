// Who may send how much, when: the ready path is governed by congestion control where that has something to say. Where a path is faster than
// the host, packets leave at once, and only what became of them is noted.
import type { Tables } from '../addressing/addressing.ts';
import { NONE, REMOTE_ESTABLISHED, REMOTE_MEMBER } from '../addressing/types.ts';
import { Action, OutRow, REPAIR_REPAIRABLE } from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID, type DropCounters } from '../base/drop-reason.ts';
import { IndexedHeap } from '../base/heap.ts';
import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { AckFrame, decodeAck } from '../wire/ack.ts';
import { ACK_RANGES_MAX } from '../wire/limits.ts';
import { Acks } from './acks.ts';
import { isFragmented, planDatagrams } from './datagrams.ts';
import { Departures } from './departures.ts';
import { HELD_MS } from './held-packets.ts';
import type { LeavingRows } from './leaving.ts';
import { ParityDesk } from './parity.ts';
import { flowHash, isRepairable, wireBytes } from './rows.ts';
import { isSealable } from './sealing.ts';
import { OVERHEAD, PathSender, Sender } from './sender.ts';
import type { EngineVoice, FlowSettings, FlowView } from './types.ts';

const DROP_QUEUE_FULL = DROP_REASON_ID.outboundQueueFull;
const DROP_TOO_BIG = DROP_REASON_ID.outboundTooBig;
const DROP_HOLD_EXPIRED = DROP_REASON_ID.outboundHoldExpired;
const DROP_ACK = DROP_REASON_ID.ackMalformed;

/** Rows that one turn leaves to others. */
const SPARE_ROWS = 128;
/** ms that packets are sealed ahead of their time, so that timers may be late, ... */
const AHEAD_MS = 2.5;
/** ... as long as that is not more bytes than this; beyond, what is due within a millisecond leaves at once. */
const AHEAD_BYTES = 32_768;
const BURST_MS = 1;
/** Datagrams of flows that send little which may be under way beyond the window: as many as it has at least. */
const SPARSE_DATAGRAMS = 4;
/** ms by which a pacer that was not asked for so long may catch up. */
const LATE_MS = 2;
/** A remote that makes new keys and acknowledged nothing for so long, and a round trip, will not. */
const FORGOTTEN_MS = SECOND_MS;
/** ms; nobody is looked at again sooner: what stands in the way has to leave first. */
const AGAIN_MS = 0.1;
/** A sender without anything to send is forgotten. */
const IDLE_MS = 60 * SECOND_MS;

/** One per engine. */
export class FlowControl {
  private readonly tables: Tables;
  private readonly drops: DropCounters;
  private readonly rng: Rng;
  private readonly leaving: LeavingRows;
  private readonly voice: EngineVoice;
  private readonly settings: FlowSettings;
  private readonly departures: Departures;
  /** By remote slot. */
  private readonly senders: (Sender | undefined)[] = [];
  private readonly acks: Acks;
  private readonly parity: ParityDesk;
  /** Remote slot of which rows of the batch at hand left unnoted; NONE: of none. */
  private surveyed = NONE;
  /** Remote slots by when their sender wants to be looked at, not later. */
  private readonly timers = new IndexedHeap<number>();
  private readonly frame = new AckFrame();
  private readonly sequences = new Float64Array(2 * ACK_RANGES_MAX);

  constructor(
    tables: Tables,
    drops: DropCounters,
    rng: Rng,
    leaving: LeavingRows,
    voice: EngineVoice,
    settings: FlowSettings,
  ) {
    this.settings = settings;
    this.tables = tables;
    this.drops = drops;
    this.rng = rng;
    this.leaving = leaving;
    this.voice = voice;
    this.parity = new ParityDesk(tables, leaving, voice, settings.correction);
    this.departures = new Departures(tables, drops, leaving, this.parity);
    this.acks = new Acks((remote) => this.rttMs(remote), voice);
  }

  /** ms; when onTimer() wants to be called next. */
  get wakeAt(): number {
    return this.departures.isDue ? 0 : Math.min(this.timers.next, this.acks.wakeAt);
  }

  // --- Out ---

  /** The sender of a remote whose packets have to wait for their turn; undefined: they need not, or have no way now. */
  governing(remote: number, now: number): Sender | undefined {
    if (this.senders[remote]?.isResting === true) return undefined;
    const sender = this.sender(remote, now);
    return sender?.isGoverned === true ? sender : undefined;
  }

  /** A row was given counters, and leaves at once. Behind its batch follows endBatch(). */
  sent(remote: number, rows: Uint32Array, at: number, now: number): void {
    if (this.senders[remote]?.isResting === true) {
      if (remote === this.surveyed) return;
      this.survey(now);
      this.surveyed = remote;
      return;
    }
    const sender = this.sender(remote, now);
    if (sender === undefined) return;
    const counter = rows[at + OutRow.counterHigh] * 0x1_0000_0000 + rows[at + OutRow.counterLow];
    const datagrams = rows[at + OutRow.datagrams];
    const key = rows[at + OutRow.key];
    const { delivery } = sender.path;
    const { wakeAt } = delivery;
    delivery.markAppLimited();
    sender.activeAt = now;
    const sequence = sender.sequence(key, this.tables.sendKeys.index[key], counter);
    delivery.sent(sequence, datagrams, wireBytes(rows, at, datagrams), now);
    if (delivery.wakeAt >= wakeAt) return;
    const due = this.timers.get(remote);
    if (due === undefined || due > delivery.wakeAt) this.timers.set(remote, delivery.wakeAt);
  }

  /** All rows of a batch, which came from inside or outside, are decided upon. */
  endBatch(now: number): void {
    this.survey(now);
    this.acks.endBatch(now);
  }

  /** Notes once what left of a batch: where nothing is governed, looking at each row costs more than is to be known of it. */
  private survey(now: number): void {
    if (this.surveyed === NONE) return;
    const sender = this.senders[this.surveyed];
    this.surveyed = NONE;
    if (sender === undefined) return;
    const { remotes, sendKeys } = this.tables;
    const key = remotes.sendKey[sender.remote];
    const counter = remotes.nextCounter[sender.remote];
    const sequence = sender.sequence(key, sendKeys.index[key], counter);
    sender.activeAt = now;
    sender.path.survey.sent(sequence - counter, sequence, now);
  }

  /** Puts a row in the queue of its remote. Action.hold: its slot is to be kept. */
  enqueue(sender: Sender, rows: Uint32Array, at: number, now: number): Action {
    const fragmentAt = this.parity.longest(sender, rows, at);
    const datagrams = planDatagrams(rows, at, fragmentAt);
    if (datagrams < 1) return this.drop(DROP_TOO_BIG);
    // What becomes tunnel fragments is sent in one piece.
    const isWhole = isFragmented(rows, at, fragmentAt, datagrams);
    rows[at + OutRow.fragmentAt] = fragmentAt;
    rows[at + OutRow.datagrams] = datagrams;
    rows[at + OutRow.segmentCount] = isWhole ? 0 : datagrams;
    rows[at + OutRow.repair] =
      this.settings.repair && !isWhole && isRepairable(rows, at) ? REPAIR_REPAIRABLE : 0;
    sender.noteIdle();
    const { queue } = sender;
    const handle = this.departures.pool.add(rows, at);
    if (handle === NONE) return this.drop(DROP_QUEUE_FULL);
    const bytes = wireBytes(rows, at, datagrams);
    const mayMark = (rows[at + OutRow.trafficClass] & 3) !== 0;
    const segments = isWhole ? 1 : datagrams;
    while (!queue.add(handle, flowHash(rows, at), bytes, segments, mayMark, now)) {
      const shed = queue.shed();
      if (shed === undefined) {
        this.departures.pool.release(handle);
        return this.drop(DROP_QUEUE_FULL);
      }
      this.drops.counts[DROP_QUEUE_FULL]++;
      this.departures.condemn(shed);
    }
    sender.activeAt = now;
    // Behind the batch, whose slots are held by then.
    this.timers.set(sender.remote, now);
    return Action.hold;
  }

  /** The path of a remote leads elsewhere. */
  onPath(remote: number, now: number): void {
    const sender = this.senders[remote];
    if (sender === undefined) return;
    const { address, port } = this.tables.paths;
    const slot = this.tables.remotes.path[remote];
    if (slot === NONE || sender.path.leadsTo(address, 4 * slot, port[slot])) return;
    const path = sender.remembered(address, 4 * slot, port[slot]) ?? this.newPath(remote, now);
    for (const gone of sender.use(path, now)) gone.repairs.clear(this.departures.condemn);
    this.judge(sender);
    this.timers.set(remote, now);
  }

  /** The path of a remote carries less than was thought: what is lost of what is under way tells nothing else. */
  onNarrower(remote: number, now: number): void {
    const sender = this.senders[remote];
    if (sender === undefined) return;
    sender.path.delivery.abandon();
    this.timers.set(remote, now);
  }

  /** The remote may be sent to again. */
  onEstablished(remote: number, now: number): void {
    const sender = this.senders[remote];
    if (sender === undefined) return;
    for (const { delivery } of sender.paths()) {
      const { transport, rtt } = delivery;
      // The remote forgot the keys of what is under way, since it was started anew, for example.
      if (transport.inflight > 0 && now - transport.deliveredAt > FORGOTTEN_MS + rtt.smoothedMs)
        delivery.abandon();
    }
    this.timers.set(remote, now);
  }

  /** Lets go of all that is known of a remote, and waits for it. */
  forget(remote: number): void {
    this.acks.forget(remote);
    const sender = this.senders[remote];
    if (sender === undefined) return;
    this.senders[remote] = undefined;
    this.timers.delete(remote);
    this.letGo(sender);
  }

  /** undefined: nothing was sent to the remote of late. */
  view(remote: number): FlowView | undefined {
    return this.senders[remote]?.view();
  }

  // --- In ---

  /** A row of packets of a remote came in under a key. */
  onData(remote: number, key: number, counter: number, datagrams: number, bytes: number, now: number): void {
    this.acks.onData(remote, key, counter, datagrams, bytes, now);
  }

  /** A datagram of a remote that is not acknowledged came in under a key. */
  onOther(remote: number, key: number, now: number): void {
    this.acks.onOther(remote, key, now);
  }

  /** A remote says what it received. */
  onAck(remote: number, plaintext: Uint8Array, now: number): void {
    const { frame, sequences } = this;
    if (!decodeAck(plaintext, frame)) {
      this.drops.counts[DROP_ACK]++;
      return;
    }
    if (frame.isAsking) this.acks.onAsked(remote, now);
    const sender = this.senders[remote];
    if (frame.count === 0 || sender === undefined) return;
    const key = sender.key(frame.index);
    if (key === undefined) return;
    for (let i = 0; i < 2 * frame.count; i++) sequences[i] = frame.ranges[i] + key.base;
    // One that was overtaken by a later one says less.
    const marked = Math.max(0, frame.ceCount - key.congested);
    key.congested += marked;
    const { count, delayMs } = frame;
    const { path: inUse, isResting } = sender;
    if (isResting) inUse.survey.onAck(sequences, count, delayMs, count < ACK_RANGES_MAX, now);
    for (const path of sender.paths()) {
      const { delivery } = path;
      const isAwaited = delivery.log.open < delivery.log.end;
      if (!isAwaited && (isResting || path !== inUse)) continue;
      delivery.onAck(sequences, count, delayMs, path.control, now, path === inUse ? marked : 0);
      path.repairs.settle(delivery.log.open, this.departures.condemn);
      path.calm.update(delivery);
      // Behind the batch that brought it: it may bring more.
      this.timers.set(remote, now);
    }
    if (!isResting) this.parity.update(sender, now);
    this.judge(sender);
    if (sender.isGoverned) sender.fitQueue();
  }

  onTimer(now: number): void {
    if (now < this.wakeAt) return;
    if (!this.leaving.isSealed) this.acks.onTimer(now);
    for (let remote = this.timers.popUntil(now); remote !== undefined; remote = this.timers.popUntil(now)) {
      const sender = this.senders[remote];
      if (sender !== undefined) this.look(sender, now);
    }
    this.departures.releaseCondemned();
  }

  private look(sender: Sender, now: number): void {
    const { remote } = sender;
    for (const path of sender.paths()) {
      path.delivery.onTimer(path.control, now);
      path.findRepair();
      path.repairs.settle(path.delivery.log.open, this.departures.condemn);
    }
    this.judge(sender);
    if (!this.leaving.isSealed) this.parity.end(sender, now);
    this.pump(sender, now);
    if (!sender.hasWaiting && sender.wakeAt === NEVER && now - sender.activeAt >= IDLE_MS) {
      this.parity.forget(sender);
      this.senders[remote] = undefined;
      return;
    }
    this.timers.set(remote, Math.max(Math.min(sender.wakeAt, sender.activeAt + IDLE_MS), now + AGAIN_MS));
  }

  /** Lets leave what the window and the pacer allow. */
  private pump(sender: Sender, now: number): void {
    const { path } = sender;
    const { delivery, control } = path;
    const { transport } = delivery;
    sender.pacedAt = NEVER;
    if (!sender.hasWaiting) return;
    const isMember = (this.tables.remotes.flags[sender.remote] & REMOTE_MEMBER) !== 0;
    if (!isMember || !isSealable(this.tables, sender.remote, now)) {
      // As packets that wait for a first session do.
      if (now - sender.activeAt >= HELD_MS) this.letGo(sender);
      else sender.pacedAt = sender.activeAt + HELD_MS;
      return;
    }
    sender.activeAt = now;
    if (!this.parity.tell(sender)) {
      sender.pacedAt = now;
      return;
    }
    if (transport.inflight === 0) control.onTransmit(now);
    const { pacingRate, cwnd, sendQuantum } = control.control;
    const isTimed = (pacingRate * AHEAD_MS) / SECOND_MS <= AHEAD_BYTES;
    const aheadMs = isTimed ? AHEAD_MS : BURST_MS;
    const { isKnown } = path;
    while (sender.hasWaiting) {
      if (this.leaving.room < SPARE_ROWS) {
        sender.pacedAt = now;
        return;
      }
      const window = isKnown ? cwnd - transport.inflight : AHEAD_BYTES;
      // A call does not wait until the window has room: while BBR looks for the shortest round trip, that takes half of one.
      const isOver =
        window <= 0 && !(sender.queue.isSparseNext && window > -SPARSE_DATAGRAMS * transport.smss);
      if (isOver || delivery.log.isFull) {
        delivery.markCwndLimited();
        return;
      }
      const releaseAt = Math.max(path.nextAt, now - LATE_MS);
      if (isKnown && releaseAt > now + aheadMs) {
        sender.pacedAt = releaseAt - aheadMs / 2;
        return;
      }
      const most = Math.min(
        Math.max(window, transport.smss),
        sendQuantum,
        path.correction.room * transport.smss,
      );
      const bytes = this.departures.next(sender, most, isTimed ? releaseAt : 0, now);
      if (bytes < 0) return;
      if (isKnown) path.nextAt = releaseAt + (bytes * SECOND_MS) / pacingRate;
    }
    delivery.markAppLimited();
  }

  /** Of the path to a remote; 0 or NaN: it is not known. */
  private rttMs(remote: number): number {
    return this.senders[remote]?.path.delivery.rtt.minMs || this.tables.remotes.rttMs[remote];
  }

  /** The sender of a remote that may be sent to now; undefined: there is no session, or no path. */
  private sender(remote: number, now: number): Sender | undefined {
    const { remotes } = this.tables;
    if ((remotes.flags[remote] & REMOTE_ESTABLISHED) === 0 || remotes.path[remote] === NONE) return undefined;
    return this.senders[remote] ?? this.begin(remote, now);
  }

  private begin(remote: number, now: number): Sender {
    const sender = new Sender(remote, this.newPath(remote, now), now);
    this.judge(sender);
    this.senders[remote] = sender;
    return sender;
  }

  private newPath(remote: number, now: number): PathSender {
    const { remotes, paths } = this.tables;
    const slot = remotes.path[remote];
    const path: PathSender = new PathSender(
      remotes.maxPlaintext[remote] + OVERHEAD,
      remotes.rttMs[remote] || 0,
      this.rng,
      () => this.voice.ask(remote),
      now,
    );
    path.leadTo(paths.address, 4 * slot, paths.port[slot]);
    return path;
  }

  /** Drops all that waits for a remote. */
  private letGo(sender: Sender): void {
    for (const path of sender.paths()) path.repairs.clear(this.departures.condemn);
    if (!sender.hasWaiting) return;
    const { queue } = sender;
    for (let handle = queue.shed(); handle !== undefined; handle = queue.shed()) {
      this.drops.counts[DROP_HOLD_EXPIRED]++;
      this.departures.condemn(handle);
    }
  }

  private judge(sender: Sender): void {
    sender.judge(this.tables.remotes.rttMs[sender.remote]);
  }

  private drop(reason: number): Action {
    this.drops.counts[reason]++;
    return Action.drop;
  }
}
