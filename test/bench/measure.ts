/** What the benchmark measures, and how disturbed the machine was meanwhile. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Host } from '../netns/lab.ts';

const TICKS_PER_SECOND = 100;
const FOREIGN_LIMIT = 0.08;
const TRIES = 4;

interface ProcessTimes {
  parent: number;
  ticks: number;
}

function processTimes(): Map<number, ProcessTimes> {
  const all = new Map<number, ProcessTimes>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const fields = statFields(pid);
    if (fields !== undefined)
      all.set(pid, { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
  }
  return all;
}

/** The fields of /proc/PID/stat from the state on; undefined when the process has ended. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** CPU seconds that the processes have used so far. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const fields = statFields(pid);
    if (fields !== undefined) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** Resident megabytes of the largest of the processes. */
export function residentMegabytes(pids: readonly number[]): number {
  return Math.max(
    ...pids.map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      return Number(status.match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024;
    }),
  );
}

function systemTicks(): { busy: number; steal: number; total: number } {
  const fields = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0] = fields;
  const busy = user + nice + system + irq + soft;
  return { busy, steal, total: busy + idle + wait + steal };
}

/** Share of the machine that processes which are not ours took between two looks, stolen time included. */
class Disturbance {
  readonly #before = processTimes();
  readonly #system = systemTicks();

  share(): number {
    const after = processTimes();
    const ours = (pid: number): boolean => {
      for (let at = pid, steps = 0; at > 1 && steps < 64; steps++) {
        if (at === process.pid) return true;
        at = after.get(at)?.parent ?? 0;
      }
      return false;
    };
    let foreign = systemTicks().steal - this.#system.steal;
    for (const [pid, now] of after) {
      if (pid === 2 || now.parent === 2 || ours(pid)) continue;
      foreign += now.ticks - (this.#before.get(pid)?.ticks ?? 0);
    }
    return foreign / Math.max(1, systemTicks().total - this.#system.total);
  }
}

/** A result with the foreign load it was taken under; `disturbed` when no quieter run could be had. */
export interface Taken<T> {
  value: T;
  foreign: number;
  disturbed: boolean;
}

/** Runs a measurement again, `tries` times in all, while others keep the machine busy; the quietest run counts. */
export async function undisturbed<T>(measure: () => Promise<T>, tries = TRIES): Promise<Taken<T>> {
  let best: Taken<T> | undefined;
  for (let attempt = 0; attempt < tries; attempt++) {
    const disturbance = new Disturbance();
    const value = await measure();
    const foreign = disturbance.share();
    if (best === undefined || foreign < best.foreign)
      best = { value, foreign, disturbed: foreign > FOREIGN_LIMIT };
    if (!best.disturbed) break;
  }
  return best as Taken<T>;
}

/** Two hosts, the address of the second as the first reaches it, and the processes that carry the traffic. */
export interface Route {
  client: Host;
  server: Host;
  address: string;
  pids: readonly number[];
  /** Of iperf3; its own unless told. */
  port?: number;
}

export interface Throughput {
  gigabits: number;
  /** CPU seconds of the tunnel's processes, both ends, per gigabyte delivered. */
  cpuPerGigabyte: number;
  /** The same for the whole machine, iperf3 included. */
  systemCpuPerGigabyte: number;
}

/** The part of iperf3's report that is read here. */
interface Report {
  error?: string;
  end: {
    sum_received: { bytes: number; bits_per_second: number };
    sum: { packets: number; lost_packets: number };
  };
}

async function iperf(route: Route, words: string[]): Promise<Report['end']> {
  const port = route.port === undefined ? [] : ['-p', String(route.port)];
  const server = route.server.start(['iperf3', '-s', '-1', '--forceflush', ...port]);
  await server.waitFor(/listening/);
  const client = route.client.start(['iperf3', '-c', route.address, '-J', ...port, ...words]);
  const done = await client.ended();
  await server.ended();
  const report = JSON.parse(done.stdout) as Report;
  if (report.error !== undefined) throw new Error(`iperf3 ${words.join(' ')}: ${report.error}`);
  return report.end;
}

/** TCP with cubic, `streams` at once, `reverse` from server to client. */
export async function throughput(
  route: Route,
  streams: number,
  reverse: boolean,
  seconds: number,
): Promise<Throughput> {
  const cpu = cpuSeconds(route.pids);
  const system = systemTicks().busy;
  const end = await iperf(route, [
    '-t',
    String(seconds),
    '-C',
    'cubic',
    '-P',
    String(streams),
    ...(reverse ? ['-R'] : []),
  ]);
  const gigabytes = end.sum_received.bytes / 1e9;
  return {
    gigabits: end.sum_received.bits_per_second / 1e9,
    cpuPerGigabyte: (cpuSeconds(route.pids) - cpu) / gigabytes,
    systemCpuPerGigabyte: (systemTicks().busy - system) / TICKS_PER_SECOND / gigabytes,
  };
}

export interface Datagrams {
  /** Thousands of datagrams a second that arrived. */
  received: number;
  /** Share of those sent that did not. */
  lost: number;
}

/** 64-byte UDP; `rate` in thousands a second, 0 floods. */
export async function datagrams(route: Route, rate: number, seconds: number): Promise<Datagrams> {
  const bits = rate === 0 ? '0' : String(rate * 1000 * 64 * 8);
  const end = await iperf(route, [
    '-u',
    '-l',
    '64',
    '-b',
    bits,
    '-t',
    String(seconds),
    '-w',
    '4M',
    '--get-server-output',
  ]);
  const { packets, lost_packets: lost } = end.sum;
  return { received: (packets - lost) / seconds / 1000, lost: lost / packets };
}

export interface Latency {
  medianMs: number;
  p99Ms: number;
  lost: number;
}

/** Round trips of `count` pings, `intervalMs` apart. */
export async function latency(route: Route, count: number, intervalMs: number): Promise<Latency> {
  const ping = route.client.start([
    'ping',
    '-n',
    '-i',
    String(intervalMs / 1000),
    '-c',
    String(count),
    route.address,
  ]);
  const out = (await ping.ended()).stdout;
  const times = [...out.matchAll(/time=([\d.]+)/g)].map((match) => Number(match[1])).sort((x, y) => x - y);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { medianMs: at(0.5), p99Ms: at(0.99), lost: count - times.length };
}

/** The same beside one TCP stream at full speed. */
export async function latencyUnderLoad(route: Route, seconds: number): Promise<Latency> {
  const load = throughput(route, 1, false, seconds + 1);
  const result = await latency(route, seconds * 50, 20);
  await load;
  return result;
}

export const cores = cpus().length;
