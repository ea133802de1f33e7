// What one remote is sent, as congestion control sees it: the paths that lead there, and the queue ahead of the one in use.

import type { Rng } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import {
  ACK_DELAY_MS,
  Bbr,
  CalmLosses,
  Correction,
  Delivery,
  FairQueue,
  GOVERNED_RTT_MS,
  RepairLog,
  Survey,
} from '../congestion/congestion.ts';
import type { FlowView } from './types.ts';

/** Bytes by which a datagram is longer than its plaintext: IP and UDP headers, transport header and tag. */
export const OVERHEAD = 28 + 32;
/** Packets that a path may have in flight before anything is known of it: many connections share it, each of which may begin with 10. */
const INITIAL_DATAGRAMS = 32;
/** Round trips that are measured before a path is held to its rate: the first ones are those of hosts that have just begun. */
const SAMPLES_LEAST = 32;
/** Paths of a remote that are remembered, the one in use among them, and for how long. */
const PATHS_MAX = 4;
const REMEMBERED_MS = 300 * SECOND_MS;
/** Keys whose acknowledgements are understood: the one in use and those before. */
const KEYS_MAX = 3;
/** Sequences of one key: more than it has counters. */
const KEY_SEQUENCES = 2 ** 29;
/** Of one remote's queue. */
const QUEUE = { entries: 512, bytes: 4 << 20, flows: 256 };

/** What is known of one path. */
export class PathSender {
  readonly delivery: Delivery;
  readonly control: Bbr;
  readonly repairs = new RepairLog();
  readonly correction = new Correction();
  readonly calm = new CalmLosses();
  /** In place of `delivery` while nothing governs it. */
  readonly survey: Survey;
  /** Datagrams that were sent again, and those that were lost and were not. */
  readonly tally = { resent: 0, givenUp: 0 };
  /** ms; the next datagrams leave then at the earliest. */
  nextAt = 0;
  /** ms; when it was last in use. */
  usedAt: number;
  /** Of PathColumns: four words and the port. */
  private readonly address = new Float64Array(5);
  /** Sequences that were sent again before they were known to be lost. */
  private readonly probed = new Set<number>();
  private readonly ask: () => void;
  private readonly found = { record: 0, datagram: 0 };

  /** `ask`: has the remote acknowledge what it has. `rttMs`: of the path, as far as it is known; 0: it is not. */
  constructor(smss: number, rttMs: number, rng: Rng, ask: () => void, now: number) {
    this.delivery = new Delivery(smss, INITIAL_DATAGRAMS * smss, ACK_DELAY_MS, {
      onLoss: (sequence, record) => this.onLoss(sequence, record),
      onLate: (sequence, record) =>
        this.repairs.onLate(record, sequence - this.delivery.log.sequence(record)),
      onProbe: () => this.probe(),
    });
    this.survey = new Survey(this.delivery.rtt);
    this.ask = ask;
    this.control = new Bbr(this.delivery.transport, rng, now, { initialRttMs: rttMs });
    this.usedAt = now;
  }

  /** Nothing came back for long. RFC 9002 section 6.2.4: the last of what is outstanding is sent again, if that can be. */
  private probe(): void {
    const { log } = this.delivery;
    const record = log.end - 1;
    const datagram = log.datagrams(record) - 1;
    const isOutstanding = !log.isAcked(record, datagram) && !log.isLost(record, datagram);
    if (isOutstanding && this.repairs.onLost(record, datagram))
      this.probed.add(log.sequence(record) + datagram);
    else this.ask();
  }

  private onLoss(sequence: number, record: number): void {
    this.correction.onLost(sequence);
    // It is on its way again, as a record of its own.
    if (this.probed.delete(sequence)) return;
    if (!this.repairs.onLost(record, sequence - this.delivery.log.sequence(record))) this.tally.givenUp++;
  }

  /** What was sealed last can be sent again, as RepairLog.add has it. True: a reference to `handle` is held. */
  keep(handle: number, firstSegment: number, original: number, attempt: number): boolean {
    const { repairs, delivery } = this;
    if (!repairs.add(delivery.log.end - 1, handle, firstSegment, original, attempt)) return false;
    delivery.hurry();
    return true;
  }

  get isKnown(): boolean {
    return this.delivery.rtt.samples >= SAMPLES_LEAST;
  }

  /** Whether something is to be sent again now. What the parity of its group makes up for is forgotten as soon as that is known. */
  findRepair(): boolean {
    const { repairs, found, probed, correction } = this;
    const { log } = this.delivery;
    while (repairs.peek(found)) {
      // Nothing is known of one that was dropped long ago.
      if (found.record < log.first) return true;
      const sequence = log.sequence(found.record) + found.datagram;
      const settled = log.open === log.end ? NEVER : log.sequence(log.open);
      const verdict = probed.has(sequence) ? 'unmended' : correction.judgeLost(sequence, settled);
      if (verdict !== 'mended') return verdict === 'unmended';
      repairs.take(1);
    }
    return false;
  }

  leadTo(address: ArrayLike<number>, at: number, port: number): void {
    for (let i = 0; i < 4; i++) this.address[i] = address[at + i];
    this.address[4] = port;
  }

  leadsTo(address: ArrayLike<number>, at: number, port: number): boolean {
    const own = this.address;
    return (
      own[3] === address[at + 3] &&
      own[4] === port &&
      own[2] === address[at + 2] &&
      own[1] === address[at + 1] &&
      own[0] === address[at]
    );
  }
}

export interface SentKey {
  readonly slot: number;
  readonly index: number;
  /** Sequence of its counter 0. */
  readonly base: number;
  /** Datagrams that came marked as having met congestion, as the remote counts them. */
  congested: number;
}

export class Sender {
  readonly remote: number;
  path: PathSender;
  /** Its packets wait for their turn and leave when the path takes them. */
  isGoverned = false;
  /** Congestion control has nothing to say about the path in use, which is known to be faster than the host: it is surveyed, no more. */
  isResting = false;
  /** ms; the pacer lets something leave then. NEVER: nothing waits for it. */
  pacedAt = NEVER;
  /** What the port was told of error correction: of which key, by its index, how many parities, and of how long plaintexts. */
  readonly corrected = { index: -1, parities: 0, longest: 0 };
  /** ms; when something was last sent or waited. */
  activeAt: number;
  private former: PathSender[] = [];
  private waiting: FairQueue | undefined;
  private keys: SentKey[] = [];
  private nextBase = 0;

  constructor(remote: number, path: PathSender, now: number) {
    this.remote = remote;
    this.path = path;
    this.activeAt = now;
  }

  /** What waits for its turn. */
  get queue(): FairQueue {
    this.waiting ??= new FairQueue(QUEUE);
    return this.waiting;
  }

  get hasWaiting(): boolean {
    return (this.waiting !== undefined && this.waiting.entries > 0) || this.repairing !== undefined;
  }

  /** A path of which something waits to be sent again. */
  get repairing(): PathSender | undefined {
    if (this.path.findRepair()) return this.path;
    return this.former.length === 0 ? undefined : this.former.find((path) => path.findRepair());
  }

  /** The one in use first. */
  *paths(): Generator<PathSender> {
    yield this.path;
    yield* this.former;
  }

  /** Sequence of a counter of the key in `slot`, which datagrams name `index`. Rises from key to key. */
  sequence(slot: number, index: number, counter: number): number {
    let [key] = this.keys;
    if (key === undefined || key.slot !== slot || key.index !== index) {
      key = { slot, index, base: this.nextBase, congested: 0 };
      this.nextBase += KEY_SEQUENCES;
      this.keys = [key, ...this.keys.slice(0, KEYS_MAX - 1)];
    }
    return key.base + counter;
  }

  /** By its index; undefined: nothing was sent under such a key of late. */
  key(index: number): SentKey | undefined {
    return this.keys.find((key) => key.index === index);
  }

  /** Counter of a sequence under the key in use; -1: it was sent under another. */
  counter(sequence: number): number {
    const [key] = this.keys;
    return key === undefined || sequence < key.base ? -1 : sequence - key.base;
  }

  /** `path` is used from now on; the one before is remembered for a while. Gives those that are not any more. */
  use(path: PathSender, now: number): PathSender[] {
    this.path.usedAt = now;
    this.path.survey.stop();
    const others = [this.path, ...this.former].filter((each) => each !== path);
    this.former = others.filter((each, i) => i < PATHS_MAX - 1 && now - each.usedAt < REMEMBERED_MS);
    this.path = path;
    path.usedAt = now;
    this.pacedAt = NEVER;
    // What is in the group under way is not of this path.
    this.corrected.index = -1;
    return others.filter((each) => !this.former.includes(each));
  }

  /** The path to an address that is remembered; undefined: it is a new one. */
  remembered(address: ArrayLike<number>, at: number, port: number): PathSender | undefined {
    return this.former.find((path) => path.leadsTo(address, at, port));
  }

  /**
   * Whether packets have to wait for their turn: not before the path's round trip is measured by what it carries. `echoMs`: as pings measured it;
   * 0 or NaN: they did not. A host that has just begun is slow to answer, and the shorter of both says more of the way.
   */
  judge(echoMs: number): void {
    const { leastMs } = this.path.delivery.rtt;
    const rttMs = echoMs > 0 ? Math.min(leastMs, echoMs) : leastMs;
    this.isGoverned = rttMs >= GOVERNED_RTT_MS || this.hasWaiting;
    this.isResting = !this.isGoverned && this.path.isKnown;
    if (!this.isResting) this.path.survey.stop();
  }

  /** [CheckIfApplicationLimited] of the draft: more might have been sent before what comes now, had there been any. */
  noteIdle(): void {
    const { delivery, control } = this.path;
    if (!this.hasWaiting && delivery.transport.inflight < control.control.cwnd) delivery.markAppLimited();
  }

  /**
   * What waits is to fill the path while a stream waits for parity or for what is sent again, too. Its round trips are those of the path
   * as it is, with the queue that others make there.
   */
  fitQueue(): void {
    const { delivery, correction } = this.path;
    const { minMs, smoothedMs } = delivery.rtt;
    const { lossShare, waitMs } = correction.plan;
    this.queue.setRtt(smoothedMs, lossShare === 0 ? 0 : Math.min(waitMs, minMs));
  }

  view(): FlowView {
    const { delivery, control, survey, tally } = this.path;
    const { pacingRate } = control.control;
    const { sent, acked, lost, late } = delivery.tally;
    return {
      state: control.state.phase,
      isGoverned: this.isGoverned,
      rate: pacingRate,
      shortestMs: delivery.rtt.minMs,
      smoothedMs: delivery.rtt.smoothedMs,
      queuedMs: ((this.waiting?.bytes ?? 0) * SECOND_MS) / pacingRate,
      sent: sent + survey.tally.sent,
      acked: acked + survey.tally.acked,
      lost: lost - late + survey.tally.lost,
      resent: tally.resent,
      unrepaired: tally.givenUp,
    };
  }

  /** ms; when it wants to be looked at. */
  get wakeAt(): number {
    let wakeAt = Math.min(this.pacedAt, this.path.delivery.wakeAt, this.path.correction.wakeAt);
    for (const path of this.former) wakeAt = Math.min(wakeAt, path.delivery.wakeAt);
    return wakeAt;
  }
}
