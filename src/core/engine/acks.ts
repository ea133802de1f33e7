// What this node says of what it received: when is decided by congestion control, of all remotes together here.
import type { Tables } from '../addressing/addressing.ts';
import { IndexedHeap } from '../base/heap.ts';
import { AckSchedule } from '../congestion/congestion.ts';
import type { EngineVoice } from './types.ts';

export class Acks {
  private readonly tables: Tables;
  private readonly voice: EngineVoice;
  /** By remote slot. */
  private readonly schedules: (AckSchedule | undefined)[] = [];
  /** Remote slots by when something is due, not later. */
  private readonly timers = new IndexedHeap<number>();

  constructor(tables: Tables, voice: EngineVoice) {
    this.tables = tables;
    this.voice = voice;
  }

  get wakeAt(): number {
    return this.timers.next;
  }

  onData(remote: number, key: number, counter: number, datagrams: number, bytes: number, now: number): void {
    this.schedules[remote] ??= new AckSchedule();
    const schedule = this.schedules[remote];
    if (schedule.needsFirst(key)) this.tell(remote, schedule, now);
    schedule.rttMs = this.tables.remotes.rttMs[remote];
    schedule.onData(key, counter, datagrams, bytes, now);
    this.arm(remote, schedule);
  }

  onAsked(remote: number, now: number): void {
    const schedule = this.schedules[remote];
    if (schedule === undefined) return;
    schedule.onAsked(now);
    this.arm(remote, schedule);
  }

  forget(remote: number): void {
    this.schedules[remote] = undefined;
    this.timers.delete(remote);
  }

  /** Says what is due. Nothing may be under way to the port that has higher counters. */
  onTimer(now: number): void {
    for (let remote = this.timers.popUntil(now); remote !== undefined; remote = this.timers.popUntil(now)) {
      const schedule = this.schedules[remote];
      if (schedule === undefined) continue;
      if (schedule.isDue(now)) this.tell(remote, schedule, now);
      this.timers.set(remote, schedule.wakeAt);
    }
  }

  private tell(remote: number, schedule: AckSchedule, now: number): void {
    this.voice.acknowledge(remote, schedule.key, schedule.said(now), false);
  }

  private arm(remote: number, { wakeAt }: AckSchedule): void {
    const at = this.timers.get(remote);
    if (at === undefined || wakeAt < at) this.timers.set(remote, wakeAt);
  }
}
