// What this node says of what it received: when is decided by congestion control, of all remotes together here.
import { NONE } from '../addressing/types.ts';
import { IndexedHeap } from '../base/heap.ts';
import { AckSchedule, holdMs, UNGOVERNED_RTT_MS } from '../congestion/congestion.ts';
import type { EngineVoice } from './types.ts';

/** What was told of that is put right when it is as far off. */
const HOLD_CHANGE = 0.25;

interface Received {
  readonly schedule: AckSchedule;
  /** Receive key slot of which the port knows how long to hold, and that, ms. */
  holdKey: number;
  holdMs: number;
}

export class Acks {
  private readonly voice: EngineVoice;
  /** By remote slot. */
  private readonly received: (Received | undefined)[] = [];
  /** Remote slots by when something is due, not later. */
  private readonly timers = new IndexedHeap<number>();

  /** Rows of one remote and key that came in one behind the other, as AckSchedule.onData has them; no remote: none. */
  private readonly batch = { remote: NONE, key: NONE, counter: 0, datagrams: 0, bytes: 0 };
  private readonly rttMs: (remote: number) => number;

  /** `rttMs`: of the path to a remote; 0 or NaN: it is not known. */
  constructor(rttMs: (remote: number) => number, voice: EngineVoice) {
    this.rttMs = rttMs;
    this.voice = voice;
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  /** A row came in. Behind its batch follows endBatch(). */
  onData(remote: number, key: number, counter: number, datagrams: number, bytes: number, now: number): void {
    const { batch } = this;
    if (batch.remote !== remote || batch.key !== key) {
      this.endBatch(now);
      batch.remote = remote;
      batch.key = key;
      batch.counter = counter;
      batch.datagrams = 0;
      batch.bytes = 0;
    }
    if (counter > batch.counter) batch.counter = counter;
    batch.datagrams += datagrams;
    batch.bytes += bytes;
  }

  /** Takes up what came in. */
  endBatch(now: number): void {
    const { batch } = this;
    const { remote, key, counter, datagrams, bytes } = batch;
    if (remote === NONE) return;
    batch.remote = NONE;
    this.received[remote] ??= { schedule: new AckSchedule(), holdKey: NONE, holdMs: 0 };
    const received = this.received[remote];
    const { schedule } = received;
    if (schedule.needsFirst(key)) this.tell(remote, schedule, now);
    if (key !== schedule.key || key !== received.holdKey) this.hold(remote, received, key);
    const { wakeAt } = schedule;
    schedule.onData(key, counter, datagrams, bytes, now);
    if (schedule.wakeAt < wakeAt) this.arm(remote, schedule);
  }

  /** As FlowControl.onOther has it. */
  onOther(remote: number, key: number, now: number): void {
    this.endBatch(now);
    this.received[remote]?.schedule.onOther(key);
  }

  onAsked(remote: number, now: number): void {
    this.endBatch(now);
    const schedule = this.received[remote]?.schedule;
    if (schedule === undefined) return;
    schedule.onAsked(now);
    this.arm(remote, schedule);
  }

  forget(remote: number): void {
    if (this.batch.remote === remote) this.batch.remote = NONE;
    this.received[remote] = undefined;
    this.timers.delete(remote);
  }

  /** Says what is due. Nothing may be under way to the port that has higher counters. */
  onTimer(now: number): void {
    for (let remote = this.timers.popUntil(now); remote !== undefined; remote = this.timers.popUntil(now)) {
      const received = this.received[remote];
      if (received === undefined) continue;
      const { schedule } = received;
      if (schedule.isDue(now)) {
        this.tell(remote, schedule, now);
        this.hold(remote, received, schedule.key);
      }
      this.timers.set(remote, schedule.wakeAt);
    }
  }

  /** Says for how long what overtook lost datagrams of its flow may wait for them. */
  private hold(remote: number, received: Received, key: number): void {
    const rttMs = this.rttMs(remote) || 0;
    received.schedule.rttMs = rttMs;
    const wantedMs = rttMs < UNGOVERNED_RTT_MS ? 0 : Math.round(holdMs(rttMs));
    const isNear = Math.abs(wantedMs - received.holdMs) <= HOLD_CHANGE * received.holdMs;
    if (key === received.holdKey && isNear) return;
    received.holdKey = key;
    received.holdMs = wantedMs;
    this.voice.setHold(key, wantedMs);
  }

  private tell(remote: number, schedule: AckSchedule, now: number): void {
    this.voice.acknowledge(remote, schedule.key, schedule.said(now), schedule.from);
  }

  private arm(remote: number, { wakeAt }: AckSchedule): void {
    const at = this.timers.get(remote);
    if (at === undefined || wakeAt < at) this.timers.set(remote, wakeAt);
  }
}
