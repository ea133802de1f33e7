/** One unmodified stream over a link with a rate, a delay and a queue: what the link loses its kernel hardly ever sends again, what stands is marked. */
import t, { type Test } from 'tap';
import { type Host, Lab, needsLab } from './lab.ts';
import { Link, type LinkSettings } from './link.ts';
import { pair } from './node.ts';

needsLab(t);

const MBIT = 20;
const RTT_MS = 40;
const QUEUE_BYTES = (MBIT * 1e6 * RTT_MS) / 8000;
const BYTES = 10_000_000;
const SEGMENT = 1368;
const PATIENCE_S = 60;
const POLICED_MBIT = 10;

interface Flow {
  state: string;
  lost: number;
  resent: number;
  unrepaired: number;
}

/** BYTES through the tunnel, by cubic. Gives how many segments its kernel sent again. */
async function stream(from: Host, to: Host, address: string): Promise<number> {
  const server = to.start(['iperf3', '-s', '-1', '--forceflush']);
  await server.waitFor(/listening/);
  const words = ['-c', address, '-n', String(BYTES), '-C', 'cubic', '-J'];
  const done = await from.start(['timeout', String(PATIENCE_S), 'iperf3', ...words]).ended();
  await server.stop();
  const { error, end } = JSON.parse(done.stdout);
  if (error !== undefined) throw new Error(`iperf3: ${error}`);
  return end.sum_sent.retransmits;
}

/** A counter of a host's kernel. */
function counted(host: Host, name: string): number {
  const { kernel } = JSON.parse(host.must(['nstat', '-a', '-s', '-z', '-j', name]));
  return kernel[name];
}

async function scene(t: Test, trouble: LinkSettings, prepare: (hosts: Host[]) => void = () => {}) {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  prepare([a, b]);
  const settings = { rate: MBIT * 1e6, queue: QUEUE_BYTES, delayUs: RTT_MS * 500 };
  const link = await Link.between(lab, a, ['192.0.2.1/24'], b, ['192.0.2.2/24'], settings, { seed: 7 });
  const both = await pair(lab, a, b, '192.0.2.1');
  await link.set(trouble);
  await link.reset();
  return { a, b, link, both };
}

t.test('what a link loses is made up for before the stream notices', async (t) => {
  const { a, b, link, both } = await scene(t, { loss: 0.01 });
  const retransmits = await stream(a, b, both.toB.ipv4);
  const { ab } = await link.stats();
  t.ok(ab.lost > (0.005 * BYTES) / SEGMENT, `the link lost ${ab.lost}`);
  t.ok(retransmits < ab.lost / 3, `the stream sent ${retransmits} again`);
  const { peers } = await both.a.ask<{ peers: { flow: Flow }[] }>('/v1/peers');
  const { lost, resent, unrepaired } = peers[0].flow;
  t.ok(lost > 0 && resent > 0, `${lost} known as lost, ${resent} sent again`);
  t.ok(unrepaired < lost / 3, `${unrepaired} of them given up`);
});

t.test('a stream that understands marks is marked, and loses nothing', async (t) => {
  const { a, b, link, both } = await scene(t, {}, (hosts) => {
    for (const host of hosts) host.must(['sysctl', '-qw', 'net.ipv4.tcp_ecn=1']);
  });
  const dropped = async () => (await both.a.ask<{ drops: Record<string, number> }>('/v1/status')).drops;
  const before = await dropped();
  const retransmits = await stream(a, b, both.toB.ipv4);
  const marked = counted(b, 'IpExtInCEPkts');
  t.ok(marked > 0, `${marked} packets came marked`);
  const told = counted(a, 'TcpExtTCPDeliveredCE');
  t.ok(told > 0, `${told} of them were told of to the sender`);
  const after = await dropped();
  t.equal(after.outboundQueueStands ?? 0, before.outboundQueueStands ?? 0, 'none was dropped for its wait');
  const { ab } = await link.stats();
  t.ok(retransmits <= ab.overflowed, `${retransmits} sent again, ${ab.overflowed} dropped by the link`);
});

t.test(
  'what a policer drops makes the tunnel send slower, though the stream inside loses nothing',
  async (t) => {
    const { a, b, link, both } = await scene(t, { police: POLICED_MBIT * 1e6, policeBurst: 40_000 });
    await stream(a, b, both.toB.ipv4);
    const { ab } = await link.stats();
    t.ok(ab.policed > 0, `${ab.policed} of ${ab.received} were dropped`);
    t.ok(ab.policed < ab.received / 4, 'at first, and now and then');
    const { peers } = await both.a.ask<{ peers: { flow: Flow }[] }>('/v1/peers');
    t.not(peers[0].flow.state, 'Startup');
  },
);
