/** What is sent over a way: streams of TCP by iperf3, pings, and calls. */
import { join } from 'node:path';
import type { Host } from '../../netns/lab.ts';
import { compiled } from '../../netns/link.ts';
import { NICE, type Way } from './scene.ts';

export interface Streams {
  /** Of what the receiver got. */
  readonly mbit: number;
  /** The same for each stream. */
  readonly each: readonly number[];
  /** Segments that the sending kernel sent again. */
  readonly retransmits: number;
  /** What the sender handed over, second by second. */
  readonly curve: readonly number[];
}

interface Report {
  error?: string;
  intervals: { sum: { bits_per_second: number } }[];
  end: {
    streams: { receiver: { bits_per_second: number } }[];
    sum_sent: { retransmits?: number };
    sum_received: { bits_per_second: number };
  };
}

const PORT = 5201;
const FIRST = ['nice', '-n', String(NICE)];
const PATIENCE_S = 90;

/** Unmodified streams from the first host to the second. `port`: for several at a time. */
export async function streams(
  way: Way,
  { seconds, count = 1, port = PORT }: { seconds: number; count?: number; port?: number },
): Promise<Streams> {
  const server = way.server.start([...FIRST, 'iperf3', '-s', '-1', '--forceflush', '-p', String(port)]);
  await server.waitFor(/listening/);
  const words = ['-p', String(port), '-t', String(seconds), '-P', String(count), '-C', way.control, '-J'];
  // Its own connection for control goes the same way, and a bad one holds it up.
  const limit = [...FIRST, 'timeout', '-k', '1', String(seconds + PATIENCE_S)];
  const done = await way.client.start([...limit, 'iperf3', '-c', way.address, ...words]).ended();
  await server.stop();
  let report: Report;
  try {
    report = JSON.parse(done.stdout);
  } catch {
    throw new Error(`iperf3: ${done.stdout}${done.stderr}`);
  }
  if (report.error !== undefined) throw new Error(`iperf3: ${report.error}`);
  const { end, intervals } = report;
  return {
    mbit: end.sum_received.bits_per_second / 1e6,
    each: end.streams.map(({ receiver }) => receiver.bits_per_second / 1e6),
    retransmits: end.sum_sent.retransmits ?? 0,
    curve: intervals.map(({ sum }) => Number((sum.bits_per_second / 1e6).toFixed(1))),
  };
}

export interface Call {
  readonly sent: number;
  readonly came: number;
  readonly twice: number;
  readonly late: number;
  /** One way. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

export const CALL_BYTES = 160;
const CALL_PER_SECOND = 50;

/** 64 kbit/s of voice, one way. */
export async function call(way: Way, seconds: number): Promise<Call> {
  const program = compiled(join(import.meta.dirname, '../../netns/call.cc'));
  const words = [CALL_PER_SECOND, CALL_BYTES, seconds].map(String);
  const done = await way.client
    .start([program, way.client.namespace, way.server.namespace, way.address, ...words])
    .ended();
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

/** What the kernel sent to and got from an interface; segments that travel as one count as one. */
export function interfaceCounts(
  host: Host,
  device: string,
): { txPackets: number; txBytes: number; rxPackets: number; rxBytes: number } {
  const [{ stats64 }] = JSON.parse(host.ip('-j', '-s', 'link', 'show', device)) as [
    { stats64: Record<'tx' | 'rx', { bytes: number; packets: number }> },
  ];
  const { tx, rx } = stats64;
  return { txPackets: tx.packets, txBytes: tx.bytes, rxPackets: rx.packets, rxBytes: rx.bytes };
}
