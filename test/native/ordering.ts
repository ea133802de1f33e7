// What a lossy network makes of several flows, put into order by the addon's resequencer and by its twin: both are given the same events and
// must do the same, and what they do is held to rules that owe nothing to either.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRng } from '../../src/core/base/rng.ts';
import { ReplayWindow } from '../../src/core/session/session.ts';
import { Resequencer } from '../../src/sim/resequence.ts';
import { runProgram } from './binary.ts';

const ACK = 0x10;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;

/** Shares are of a hundred. */
export interface Weather {
  readonly seed: number;
  readonly flows: number;
  readonly packets: number;
  readonly lost: number;
  readonly reordered: number;
  readonly doubled: number;
  /** Of packets that the sender's queue drops: they take no counter. */
  readonly queueDrops: number;
  readonly holdMs: number;
  /** Repairs are lost as well, flows begin anew, keys change: nothing but the rules that always hold is asked for. */
  readonly isWild: boolean;
}

interface Sent {
  readonly at: number;
  readonly key: number;
  readonly counter: number;
  readonly original: number;
  readonly sequence: number;
  readonly flags: number;
  readonly payload: number;
  readonly flow: number;
  readonly isKept: boolean;
  readonly id: number;
}

/** What came of a datagram's arrival, an expiry and so on. */
interface Step {
  readonly line: string;
  readonly now: number;
  readonly arrived: Sent | undefined;
  readonly up: readonly number[];
  /** As the program prints what is behind the ids. */
  readonly state: string;
}

/** The sending side and the network: what arrives, in order of time. */
function arrivals(weather: Weather): Sent[] {
  const rng = seededRng(`ordering ${weather.seed}`);
  const below = (bound: number) => rng.u32() % bound;
  const chance = (share: number) => below(100) < share;
  const out: Sent[] = [];
  const next = Array.from({ length: weather.flows }, (_, flow) =>
    flow % 3 === 0 ? 2 ** 32 - 5000 : flow * 1000,
  );
  const begun = new Set<number>();
  const ends = new Map<number, number>();
  let key = 0;
  let counter = 0;
  let id = 0;
  const arrive = (sent: Sent) => {
    out.push({ ...sent, at: sent.at + (chance(weather.reordered) ? below(30) : 0) });
    if (chance(weather.doubled)) out.push({ ...sent, at: sent.at + below(40) });
  };
  for (let n = 0, now = 0; n < weather.packets; n++) {
    now += below(3);
    const flow = below(weather.flows);
    if (weather.isWild && chance(1)) {
      ends.set(key++, counter);
      counter = 0;
    }
    if (chance(10)) {
      // Something else of the same remote: a datagram of UDP, an acknowledgement.
      counter++;
      if (!chance(weather.lost)) out.push({ ...BARE, at: now, key, counter: counter - 1, id: id++ });
      continue;
    }
    const isFirst = !begun.has(flow);
    const payload = chance(5) && !isFirst ? 0 : 1 + below(1400);
    const flags = weather.isWild && chance(2) ? [SYN, RST, ACK | FIN][below(3)] : ACK;
    if (!isFirst && chance(weather.queueDrops)) {
      next[flow] = (next[flow] + payload) >>> 0;
      continue;
    }
    begun.add(flow);
    const isKept = payload > 0 && !(weather.isWild && chance(3));
    const isAgain = weather.isWild && chance(3);
    const sequence = isAgain ? (next[flow] - below(3000)) >>> 0 : next[flow];
    const sent = {
      at: now,
      key,
      counter: counter++,
      original: -1,
      sequence,
      flags,
      payload,
      flow,
      isKept,
      id: id++,
    };
    if (!isAgain) next[flow] = (sequence + payload + (flags & FIN)) >>> 0;
    if (isFirst && !weather.isWild) {
      out.push(sent);
      continue;
    }
    if (!chance(weather.lost)) {
      arrive(sent);
      continue;
    }
    for (let tries = 0, at = now; isKept && tries < 4; tries++) {
      at += 20 + below(20);
      const repair = { ...sent, at, counter: -1, original: sent.counter };
      if (weather.isWild && chance(weather.lost)) continue;
      out.push(repair);
      if (!chance(weather.doubled)) break;
    }
  }
  out.sort((a, b) => a.at - b.at);
  ends.set(key, counter);
  return numbered(out, ends);
}

const BARE = { original: -1, sequence: 0, flags: 0, payload: 0, flow: -1, isKept: false };

/** Repairs get counters of their own, behind all others of their key. */
function numbered(sent: readonly Sent[], ends: Map<number, number>): Sent[] {
  return sent.map((each) => {
    if (each.counter >= 0) return each;
    const counter = ends.get(each.key) as number;
    ends.set(each.key, counter + 1);
    return { ...each, counter };
  });
}

/** The twin, with the windows that it looks at. */
class Stand {
  readonly steps: Step[] = [];
  private readonly resequencer = new Resequencer<number>();
  private readonly windows = new Map<number, ReplayWindow>();
  private now = 0;

  get wakeAt(): number {
    return this.resequencer.wakeAt;
  }

  arrive(sent: Sent, holdMs: number): void {
    const { at, key, counter, original, sequence, flags, payload, flow, isKept, id } = sent;
    this.now = at;
    if (flow < 0) return this.note(`other ${key} ${counter}`, sent, this.come(sent, holdMs));
    const kept = isKept ? 1 : 0;
    const line = `data ${at} ${key} 1 ${holdMs} ${counter} ${original} ${sequence} ${flags} ${payload} ${flow} ${kept} ${id}`;
    this.note(line, sent, this.come(sent, holdMs));
  }

  expire(now: number): void {
    this.now = now;
    this.resequencer.expire(now);
    this.note(`expire ${now}`, undefined, []);
  }

  forget(key: number): void {
    this.resequencer.forgetKey(key);
    this.windows.delete(key);
    this.note(`forget ${key}`, undefined, []);
  }

  release(): void {
    this.resequencer.releaseRemote(1);
    this.note('release 1', undefined, []);
  }

  private come(sent: Sent, holdMs: number): number[] {
    const { at, key, counter, original, payload, flow, isKept, id } = sent;
    const window = this.windows.get(key) ?? new ReplayWindow();
    this.windows.set(key, window);
    if (window.check(counter) !== 'fresh') return [];
    const isLate = counter < window.next;
    window.mark(counter);
    const up: number[] = [];
    if (flow >= 0) {
      if (window.isRepaired(counter)) return [];
      const position = original >= 0 ? original : counter;
      if (original >= 0 && window.repair(original) !== 'fresh') return [];
      const arrival = {
        ...sent,
        remote: 1,
        window,
        holdMs,
        position,
        flow: String(flow),
        length: payload + 40,
        isKept: isKept || original >= 0,
        what: id,
      };
      if (this.resequencer.add(arrival, at)) up.push(id);
      if (original >= 0) this.resequencer.filled(key, original);
    }
    if (isLate) this.resequencer.filled(key, counter);
    return up;
  }

  private note(line: string, arrived: Sent | undefined, up: number[]): void {
    for (let id = this.resequencer.take(); id !== undefined; id = this.resequencer.take()) up.push(id);
    const { held, expired, dropped } = this.resequencer.counts;
    const next = Number.isFinite(this.wakeAt) ? this.wakeAt : 0;
    this.steps.push({ line, now: this.now, arrived, up, state: `${next} ${held} ${expired} ${dropped}` });
  }
}

/** Everything that happens, each expiry at its time. */
export function play(weather: Weather): Step[] {
  const stand = new Stand();
  const rng = seededRng(`turns ${weather.seed}`);
  const passTo = (at: number) => {
    while (stand.wakeAt <= at) stand.expire(stand.wakeAt);
  };
  let newest = 0;
  const gone = new Set<number>();
  for (const sent of arrivals(weather)) {
    passTo(sent.at);
    if (gone.has(sent.key)) continue;
    stand.arrive(sent, weather.holdMs);
    newest = Math.max(newest, sent.key);
    if (weather.isWild && rng.u32() % 200 === 0) {
      const key = Math.max(0, newest - (rng.u32() % 3));
      gone.add(key);
      stand.forget(key);
    }
    if (weather.isWild && rng.u32() % 300 === 0) stand.release();
  }
  passTo(Number.MAX_SAFE_INTEGER);
  return stand.steps;
}

/** The same by the addon's; the first line at which it does another thing, undefined: none. Flows may go up in any order among themselves. */
export async function firstDifference(program: string, steps: readonly Step[]): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-ordering-'));
  try {
    const script = join(folder, 'script');
    writeFileSync(script, steps.map(({ line }) => `${line}\n`).join(''));
    const lines = (await runProgram(program, script)).split('\n');
    const flowOf = new Map(
      steps.flatMap(({ arrived }) => (arrived === undefined ? [] : [[arrived.id, arrived.flow]])),
    );
    const byFlow = (ids: readonly number[]) =>
      ids.map((id, i) => ({ id, i, flow: flowOf.get(id) ?? 0 })).sort((a, b) => a.flow - b.flow || a.i - b.i);
    for (const [i, step] of steps.entries()) {
      const [ids, state] = (lines[i] ?? '').split('| ');
      const up = ids.trim() === '' ? [] : ids.trim().split(' ').map(Number);
      const text = (of: readonly number[]) =>
        byFlow(of)
          .map(({ id }) => id)
          .join(' ');
      if (text(up) !== text(step.up) || state !== step.state)
        return `line ${i + 1}, ${step.line}: ${lines[i]}, its twin ${step.up.join(' ')} | ${step.state}`;
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong with what went up, by rules that hold whatever the resequencer is made of; undefined: nothing. */
export function wrong(weather: Weather, steps: readonly Step[]): string | undefined {
  const arrivedAt = new Map<number, { at: number; sent: Sent }>();
  const up = new Map<number, number>();
  const taken = new Set<string>();
  const dropped = new Set<number>();
  for (const { line, now, arrived, up: ids } of steps) {
    const forgotten = line.startsWith('forget') ? Number(line.slice(7)) : -1;
    for (const id of ids) {
      if (up.has(id)) return `${id} goes up twice`;
      up.set(id, now);
    }
    for (const [id, { sent }] of arrivedAt) if (sent.key === forgotten && !up.has(id)) dropped.add(id);
    if (arrived === undefined || arrived.flow < 0) continue;
    const name = `${arrived.key} ${arrived.original < 0 ? arrived.counter : arrived.original}`;
    if (taken.has(name)) {
      if (ids.includes(arrived.id) && arrivedAt.get(arrived.id)?.at !== now)
        return `${arrived.id} came before`;
      continue;
    }
    taken.add(name);
    arrivedAt.set(arrived.id, { at: now, sent: arrived });
    if (ids.includes(arrived.id)) continue;
    if (!arrived.isKept && arrived.payload === 0 && (arrived.flags & FIN) === 0)
      return `${arrived.id} waits and is a bare acknowledgement`;
  }
  for (const [id, { at }] of arrivedAt) {
    if (dropped.has(id)) continue;
    const upAt = up.get(id);
    if (upAt === undefined) return `${id} never goes up`;
    if (upAt - at > weather.holdMs) return `${id} waits for ${upAt - at} ms`;
  }
  if (weather.isWild) return undefined;
  return waitsForOther(steps) ?? waitsForNothing(steps) ?? outOfOrder(weather, steps);
}

/** A packet of whose flow everything before it went up waits for nothing. */
function waitsForOther(steps: readonly Step[]): string | undefined {
  const next = new Map<number, number>();
  const sent = new Map<number, Sent>();
  for (const { arrived, up } of steps) {
    if (arrived !== undefined) sent.set(arrived.id, arrived);
    for (const id of up) {
      const { flow, sequence, payload } = sent.get(id) as Sent;
      if (payload === 0) continue;
      const end = (sequence + payload) >>> 0;
      const expected = next.get(flow);
      if (expected === undefined || ((end - expected) | 0) > 0) next.set(flow, end);
    }
    if (arrived === undefined || arrived.flow < 0) continue;
    if (next.get(arrived.flow) === arrived.sequence && !up.includes(arrived.id) && arrived.payload > 0)
      return `${arrived.id} waits, and nothing is missing before it`;
  }
  return undefined;
}

/** The first of a flow that waits does so only while a counter is missing between it and what went up last before it. */
function waitsForNothing(steps: readonly Step[]): string | undefined {
  const come = new Set<number>();
  const sent = new Map<number, Sent>();
  const waiting = new Map<number, Sent>();
  const last = new Map<number, Sent>();
  const positionOf = ({ counter, original }: Sent) => (original < 0 ? counter : original);
  for (const { arrived, up } of steps) {
    if (arrived !== undefined) {
      const isNew = !come.has(arrived.counter) && !come.has(positionOf(arrived));
      come.add(arrived.counter).add(positionOf(arrived));
      if (isNew && arrived.flow >= 0) sent.set(arrived.id, arrived);
      if (isNew && arrived.payload > 0) waiting.set(arrived.id, arrived);
    }
    for (const id of up) {
      waiting.delete(id);
      const now = sent.get(id) as Sent;
      const before = last.get(now.flow);
      if (now.payload > 0 && (before === undefined || ((now.sequence - before.sequence) | 0) > 0))
        last.set(now.flow, now);
    }
    const first = new Map<number, Sent>();
    for (const each of waiting.values()) {
      const other = first.get(each.flow);
      if (other === undefined || ((each.sequence - other.sequence) | 0) < 0) first.set(each.flow, each);
    }
    for (const [flow, each] of first) {
      let counter = positionOf(last.get(flow) as Sent) + 1;
      while (come.has(counter)) counter++;
      if (counter >= positionOf(each)) return `${each.id} waits, and no counter is missing before it`;
    }
  }
  return undefined;
}

/** Where every repair comes in time, every flow goes up in its order. */
function outOfOrder(weather: Weather, steps: readonly Step[]): string | undefined {
  // A repair is under way for up to 40 ms, and what overtakes it for up to 30.
  if (weather.holdMs < 200) return undefined;
  const next = new Map<number, number>();
  const sent = new Map<number, Sent>();
  for (const { arrived, up } of steps) {
    if (arrived !== undefined) sent.set(arrived.id, arrived);
    for (const id of up) {
      const { flow, sequence, payload } = sent.get(id) as Sent;
      if (payload === 0) continue;
      const expected = next.get(flow);
      if (expected !== undefined && ((sequence - expected) | 0) < 0)
        return `${id} of flow ${flow} goes up behind later ones`;
      next.set(flow, (sequence + payload) >>> 0);
    }
  }
  return undefined;
}
