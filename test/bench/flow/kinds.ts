/** How each kind of scenario is measured: one contender at a time, its figures by name. */
import type { LinkCounts, RateStep } from '../../netns/link.ts';
import { cpuSeconds, latency } from '../measure.ts';
import { compare, HeaderCapture } from './inner.ts';
import { type Contender, RAW, RAW_BBR, type Scene, type Way } from './scene.ts';
import { CALL_BYTES, call, interfaceCounts, type Streams, streams } from './traffic.ts';

export type Figures = Record<string, number>;

/** What one contender gave. */
export interface Taken {
  readonly figures: Figures;
  /** Mbit/s, second by second. */
  readonly curve?: readonly number[];
}

/** Measures one contender whose way stands. */
export type Kind = (scene: Scene, way: Way, seconds: number) => Promise<Taken>;

const PING_MS = 20;
const BASE_PINGS = 50;
const SECOND_PORT = 5202;
/** What is not counted before: the link has emptied, and nobody speaks unless there is something to say. */
const REST_MS = 2_000;
const WARM_S = 2;
/** No full datagram is smaller, and no acknowledgement larger. */
const SMALL = 400;

function linkFigures({
  received,
  overflowed,
  policed,
  queueMedianMs,
  queueP99Ms,
  lateP99Ms,
}: LinkCounts): Figures {
  return {
    'queue median, ms': queueMedianMs,
    'queue p99, ms': queueP99Ms,
    'dropped by queue, %': (overflowed / Math.max(1, received)) * 100,
    ...(policed === 0 ? {} : { 'dropped by policer, %': (policed / Math.max(1, received)) * 100 }),
    ...(lateP99Ms < 1 ? {} : { 'link late p99, ms': lateP99Ms }),
  };
}

/** Mbit/s on average over the first `seconds` of a trace. */
export function traceMean(trace: readonly RateStep[], seconds: number): number {
  let left = seconds * 1000;
  let bits = 0;
  for (let i = 0; left > 0; i = (i + 1) % trace.length) {
    const { ms, rate } = trace[i] ?? { ms: left, rate: 0 };
    const taken = Math.min(ms, left);
    bits += (taken * rate) / 1000;
    left -= taken;
  }
  return bits / seconds / 1e6;
}

/** One stream alone. */
export const stream: Kind = async (scene, way, seconds) => {
  const { value, counts } = await scene.troubled(() => streams(way, { seconds }));
  const { trace } = scene.path;
  const share: Figures =
    trace === undefined ? {} : { 'of mean, %': (value.mbit / traceMean(trace, seconds)) * 100 };
  return {
    figures: { 'Mbit/s': value.mbit, ...share, retransmits: value.retransmits, ...linkFigures(counts.ab) },
    curve: value.curve,
  };
};

/** Pings beside one stream, above what they take when nothing else is there. */
export const ping: Kind = async (scene, way, seconds) => {
  const base = await latency({ ...way }, BASE_PINGS, PING_MS);
  const { value, counts } = await scene.troubled(async () => {
    const load = streams(way, { seconds: seconds + 1 });
    const loaded = await latency({ ...way }, (seconds * 1000) / PING_MS, PING_MS);
    return { loaded, load: await load };
  });
  return {
    figures: {
      'base, ms': base.medianMs,
      'median above, ms': value.loaded.medianMs - base.medianMs,
      'p99 above, ms': value.loaded.p99Ms - base.medianMs,
      'pings lost': value.loaded.lost,
      'Mbit/s': value.load.mbit,
      ...linkFigures(counts.ab),
    },
    curve: value.load.curve,
  };
};

/** A call beside four streams. */
export const callBeside: Kind = async (scene, way, seconds) => {
  const base = await call(way, 4);
  const { value, counts } = await scene.troubled(async () => {
    const load = streams(way, { seconds: seconds + 2, count: 4 });
    const heard = await call(way, seconds);
    return { heard, load: await load };
  });
  return {
    figures: {
      lost: value.heard.sent - value.heard.came,
      'median above, ms': value.heard.medianMs - base.medianMs,
      'p99 above, ms': value.heard.p99Ms - base.medianMs,
      'most above, ms': value.heard.mostMs - base.medianMs,
      'late or twice': value.heard.late + value.heard.twice,
      'Mbit/s beside': value.load.mbit,
      ...linkFigures(counts.ab),
    },
    curve: value.load.curve,
  };
};

/** Four streams in one tunnel. */
export const four: Kind = async (scene, way, seconds) => {
  const { value, counts } = await scene.troubled(() => streams(way, { seconds, count: 4 }));
  const mean = value.each.reduce((sum, one) => sum + one, 0) / value.each.length;
  const worst = Math.max(...value.each.map((one) => Math.abs(one - mean) / mean));
  return {
    figures: {
      'Mbit/s': value.mbit,
      'furthest from mean, %': worst * 100,
      'least, Mbit/s': Math.min(...value.each),
      'most, Mbit/s': Math.max(...value.each),
      ...linkFigures(counts.ab),
    },
    curve: value.curve,
  };
};

/** A stream in the tunnel beside a stream of the host's own, through the same bottleneck. Both begin at once. */
export function beside(native: Contender): Kind {
  return async (scene, way, seconds) => {
    const other = await scene.use(native);
    if (typeof other === 'string') throw new Error(other);
    const { value, counts } = await scene.troubled(() =>
      Promise.all([streams(way, { seconds }), streams(other, { seconds, port: SECOND_PORT })]),
    );
    const fair = scene.path.mbit / 2;
    const [own, others] = value.map(({ mbit }) => mbit) as [number, number];
    return {
      figures: {
        'tunnel, of fair share': own / fair,
        'native, of fair share': others / fair,
        'tunnel, Mbit/s': own,
        'native, Mbit/s': others,
        ...linkFigures(counts.ab),
      },
      curve: value[0].curve,
    };
  };
}

export const besideCubic = beside(RAW);
export const besideBbr = beside(RAW_BBR);

/**
 * What acknowledgements and control messages take of all bytes on the wire: of a call, of a stream, and of nothing at all. Of what comes
 * back that is all but the acknowledgements of inner TCP, of what goes there all that is smaller than a full datagram, of a call all
 * that has not its size.
 */
export const cost: Kind = async (scene, way, seconds) => {
  const { link, b } = scene;
  // What a way costs once, such as the search for its MTU.
  await streams(way, { seconds: WARM_S });
  await pause(REST_MS);
  await link.reset();
  const heard = await call(way, seconds);
  const calls = await link.sizes();
  const [callBytes] = calls.ab.reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
  const overhead = callBytes - (CALL_BYTES + 28);
  const callControl = bytesOf(calls.ab, (size) => size !== callBytes) + bytesOf(calls.ba);
  await pause(REST_MS);
  await link.reset();
  const before = interfaceCounts(b, way.device);
  const bulk = await streams(way, { seconds });
  const bulks = await link.sizes();
  const after = interfaceCounts(b, way.device);
  const acks = after.txPackets - before.txPackets;
  const ackBytes = after.txBytes - before.txBytes + acks * overhead;
  const bulkControl = bytesOf(bulks.ab, (size) => size < SMALL) + bytesOf(bulks.ba) - ackBytes;
  await pause(REST_MS);
  await link.reset();
  await pause(seconds * 1000);
  const { ab, ba } = await link.stats();
  const packets = bulks.ba.reduce((sum, [, count]) => sum + count, 0);
  return {
    figures: {
      'call, %': (callControl / (bytesOf(calls.ab) + bytesOf(calls.ba))) * 100,
      'bulk, %': (bulkControl / (bytesOf(bulks.ab) + bytesOf(bulks.ba))) * 100,
      'idle, datagrams': ab.received + ba.received,
      'idle, bytes': ab.receivedBytes + ba.receivedBytes,
      'bytes around a packet': overhead,
      'back a second in bulk': (packets - acks) / seconds,
      'Mbit/s': bulk.mbit,
      'call lost': heard.sent - heard.came,
    },
  };
};

function bytesOf(
  sizes: readonly (readonly [number, number])[],
  which: (size: number) => boolean = () => true,
): number {
  return sizes.reduce((sum, [size, count]) => sum + (which(size) ? size * count : 0), 0);
}

/** What the inner stream looks like on both tunnels' interfaces. */
export const inner: Kind = async (scene, way, seconds) => {
  const { lab, a, b } = scene;
  const filter = 'tcp dst port 5201 and greater 60';
  const captures = await Promise.all([a, b].map((host) => HeaderCapture.on(lab, host, way.device, filter)));
  const { value, counts } = await scene.troubled(() => streams(way, { seconds }));
  const [into, out] = await Promise.all(captures.map((capture) => capture.streamsTo(5201)));
  let [differing, twice, late, again, seen] = [0, 0, 0, 0, 0];
  for (const [port, segments] of into ?? []) {
    const result = compare(segments, out?.get(port) ?? []);
    seen++;
    differing += Number(!result.isSameStart);
    twice += result.twice;
    late += result.late;
    again += result.again;
  }
  return {
    figures: {
      'streams with other numbers': seen === 0 ? Number.NaN : differing,
      'bytes twice': twice,
      'packets late': late,
      'bytes sent again': again,
      'reordered by link': counts.ab.reordered,
      'Mbit/s': value.mbit,
    },
  };
};

/** One stream over a wire as fast as the machine: rate and CPU of both ends. */
export async function fast(
  way: Way,
  seconds: number,
): Promise<{ gigabits: number; cpu: number; streams: Streams }> {
  const before = cpuSeconds(way.pids);
  const taken = await streams(way, { seconds });
  const gigabytes = (taken.mbit * seconds) / 8000;
  return { gigabits: taken.mbit / 1000, cpu: (cpuSeconds(way.pids) - before) / gigabytes, streams: taken };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
