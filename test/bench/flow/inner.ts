/** What inner TCP looks like on both sides of a tunnel: its headers, as tcpdump writes them on the two interfaces. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Lab, Running } from '../../netns/lab.ts';

/** One packet of one direction; super-packets are one. */
interface Segment {
  readonly sequence: number;
  readonly bytes: number;
  readonly isSyn: boolean;
}

const SYN = 2;
/** tcpdump keeps so much of each packet. */
const SNAP = 128;
const IP_LINK = 101;

/** A capture of headers in a file. */
export class HeaderCapture {
  readonly #running: Running;
  readonly #file: string;

  private constructor(running: Running, file: string) {
    this.#running = running;
    this.#file = file;
  }

  static async on(lab: Lab, host: Host, device: string, filter: string): Promise<HeaderCapture> {
    const file = join(lab.folder, `${host.name}.pcap`);
    const words = ['-n', '-U', '-Z', 'root', '-B', '16384', '-s', String(SNAP), '-i', device, '-w', file];
    const running = host.start(['tcpdump', ...words, filter]);
    await running.waitFor(/listening on/);
    return new HeaderCapture(running, file);
  }

  /** Ends it. Segments with payload or SYN towards a port, by the port they come from, in order. */
  async streamsTo(port: number): Promise<Map<number, Segment[]>> {
    const { stderr } = await this.#running.stop('SIGINT');
    const missed = Number(stderr.match(/(\d+) packets? dropped by kernel/)?.[1] ?? 0);
    if (missed > 0) throw new Error(`tcpdump missed ${missed} packets`);
    const streams = new Map<number, Segment[]>();
    for (const packet of packets(readFileSync(this.#file))) {
      const parsed = parse(packet.bytes, packet.length);
      if (parsed === undefined || parsed.to !== port) continue;
      if (parsed.segment.bytes === 0 && !parsed.segment.isSyn) continue;
      const list = streams.get(parsed.from) ?? [];
      streams.set(parsed.from, list);
      list.push(parsed.segment);
    }
    return streams;
  }
}

function* packets(file: Buffer): Generator<{ bytes: Buffer; length: number }> {
  if (file.length < 24) return;
  if (file.readUInt32LE(0) !== 0xa1b2c3d4 || file.readUInt32LE(20) !== IP_LINK)
    throw new Error('not a capture of IP packets');
  for (let at = 24; at + 16 <= file.length; ) {
    const kept = file.readUInt32LE(at + 8);
    if (at + 16 + kept > file.length) return;
    yield { bytes: file.subarray(at + 16, at + 16 + kept), length: file.readUInt32LE(at + 12) };
    at += 16 + kept;
  }
}

function parse(bytes: Buffer, length: number): { from: number; to: number; segment: Segment } | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  const header = version === 6 ? 40 : ((bytes[0] ?? 0) & 15) * 4;
  const protocol = version === 6 ? bytes[6] : bytes[9];
  if (protocol !== 6 || bytes.length < header + 20) return undefined;
  const tcp = bytes.subarray(header);
  return {
    from: tcp.readUInt16BE(0),
    to: tcp.readUInt16BE(2),
    segment: {
      sequence: tcp.readUInt32BE(4),
      bytes: length - header - ((tcp[12] ?? 0) >> 4) * 4,
      isSyn: ((tcp[13] ?? 0) & SYN) !== 0,
    },
  };
}

export interface Comparison {
  /** Both sides show the same first sequence number. */
  readonly isSameStart: boolean;
  /** Bytes that came out more often than they went in. */
  readonly twice: number;
  /** Packets that came out behind later ones, though they had gone in before those and only once. */
  readonly late: number;
  /** Bytes that went in a second time: the inner sender sent them again. */
  readonly again: number;
}

/** What went into the tunnel beside what came out of it, of one direction of one stream. */
export function compare(into: readonly Segment[], out: readonly Segment[]): Comparison {
  const start = into.find(({ isSyn }) => isSyn)?.sequence;
  const startOut = out.find(({ isSyn }) => isSyn)?.sequence;
  if (start === undefined || startOut === undefined)
    return { isSameStart: false, twice: 0, late: 0, again: 0 };
  const [before, after] = [into, out].map((list) => coverage(list, start));
  let twice = 0;
  for (const [from, to, times] of after) if (times > 1) twice += excess(before, from, to, times);
  const again = before.reduce((sum, [from, to, times]) => sum + (to - from) * Math.max(0, times - 1), 0);
  let newest = 0;
  let late = 0;
  for (const segment of out) {
    if (segment.bytes === 0) continue;
    const from = offset(segment, start);
    if (from + segment.bytes <= newest) late += Number(excess(before, from, from + segment.bytes, 2) > 0);
    newest = Math.max(newest, from + segment.bytes);
  }
  return { isSameStart: start === startOut, twice, late, again };
}

/** From the start of the stream; a test sends less than 4 GB. */
function offset(segment: Segment, start: number): number {
  return (segment.sequence - start) >>> 0;
}

/** Ranges of the stream [from, to), in order, with how often each went by. */
function coverage(segments: readonly Segment[], start: number): [number, number, number][] {
  const edges = new Map<number, number>();
  for (const segment of segments) {
    if (segment.bytes === 0) continue;
    const from = offset(segment, start);
    edges.set(from, (edges.get(from) ?? 0) + 1);
    edges.set(from + segment.bytes, (edges.get(from + segment.bytes) ?? 0) - 1);
  }
  const ranges: [number, number, number][] = [];
  let times = 0;
  let last = 0;
  for (const [at, change] of [...edges].sort(([x], [y]) => x - y)) {
    if (times > 0 && at > last) ranges.push([last, at, times]);
    times += change;
    last = at;
  }
  return ranges;
}

/** Bytes of [from, to) that are covered less than `times` times, each counted as often as is missing. */
function excess(
  ranges: readonly [number, number, number][],
  from: number,
  to: number,
  times: number,
): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[1] ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  let missing = (to - from) * times;
  for (let i = low; i < ranges.length; i++) {
    const [start, end, count] = ranges[i] ?? [0, 0, 0];
    if (start >= to) break;
    missing -= (Math.min(end, to) - Math.max(start, from)) * Math.min(count, times);
  }
  return missing;
}
