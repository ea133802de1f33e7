import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Capture, NO_NEIGHBOURS } from './capture.ts';
import { type Host, Lab, needsLab, type Running, until } from './lab.ts';
import { compiled } from './link.ts';
import { type Node, type Pair, pair } from './node.ts';

needsLab(t);

const MILLION = 1_000_000;
const REPLAYED = 300_000;
const GARBAGE_RATE = 100_000;
/** Megabytes that resident memory may grow by. */
const GROWTH = 12;

const traffic = compiled(join(import.meta.dirname, 'traffic.cc'));

function residentMegabytes(node: Node): number {
  // `ip netns exec` becomes the daemon.
  const status = readFileSync(`/proc/${node.daemon.pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Drops that are of the outside: what came in by UDP and was not for this node, or not true. */
function outsideDrops(node: Node): Record<string, number> {
  const all = Object.entries(node.status().drops);
  return Object.fromEntries(all.filter(([reason]) => !/^(outbound|inside|inbound)/.test(reason)));
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** A transfer through the tunnel that lasts until it is stopped; `megabits` tells what the last whole second carried. */
class Transfer {
  readonly #client: Running;

  private constructor(client: Running) {
    this.#client = client;
  }

  static async through({ a, b, toA }: Pair): Promise<Transfer> {
    const server = a.host.start(['iperf3', '-s', '-1', '--forceflush']);
    await server.waitFor(/listening/);
    const client = b.host.start([
      'iperf3',
      '-c',
      toA.ipv4,
      '-t',
      '600',
      '-i',
      '1',
      '-f',
      'm',
      '--forceflush',
    ]);
    await client.waitFor(/Mbits\/sec/);
    return new Transfer(client);
  }

  /** Megabits a second, second by second. */
  get seconds(): number[] {
    return [...this.#client.output().matchAll(/([\d.]+) Mbits\/sec/g)].map((match) => Number(match[1]));
  }

  async stop(): Promise<void> {
    await this.#client.stop('SIGINT');
  }
}

/** Warms a node up: what it allocates under load once is no growth. */
async function steady(transfer: Transfer): Promise<void> {
  await until('some seconds of transfer', () => transfer.seconds.length >= 4, 30_000);
}

async function flood(host: Host, words: string[]): Promise<number> {
  const done = await host.start([traffic, ...words]).ended();
  return (JSON.parse(done.stdout) as { sent: number }).sent;
}

/** Records so many datagrams, whole. */
async function record(
  host: Host,
  device: string,
  file: string,
  count: number,
  filter: string,
): Promise<Running> {
  const words = ['-U', '-Z', 'root', '-s', '0', '-B', '32768', '-i', device, '-w', file, '-c', String(count)];
  const running = host.start(['tcpdump', '-n', ...words, filter]);
  await running.waitFor(/listening on/);
  return running;
}

t.test('a node among strangers that send rubbish', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b, stranger] = [lab.host('a'), lab.host('b'), lab.host('stranger')];
  const [, deviceB] = lab.wire(a, ['192.0.2.1/25'], b, ['192.0.2.2/25']);
  const [, deviceS] = lab.wire(a, ['192.0.2.129/25'], stranger, ['192.0.2.130/25']);
  const shakes = join(lab.folder, 'handshakes.pcap');
  const shakesSeen = await record(b, deviceB, shakes, 4, 'udp port 9376 and udp[8] < 4');
  const both = await pair(lab, a, b, '192.0.2.1');
  await shakesSeen.ended();
  const victim = both.a;
  const pid = victim.daemon.pid;

  // Datagrams as they are on the wire, not the trains that offloads make of them.
  for (const [host, device] of [
    [a, 'up0a'],
    [b, deviceB],
  ] as const)
    host.must(['ethtool', '-K', device, 'tx-udp-segmentation', 'off', 'gro', 'off']);
  const file = join(lab.folder, 'true.pcap');
  const recorder = await record(b, deviceB, file, 20_000, 'udp port 9376');
  const transfer = await Transfer.through(both);
  await recorder.ended();
  await steady(transfer);
  const before = { resident: residentMegabytes(victim), drops: outsideDrops(victim) };

  await t.test('a million datagrams of garbage', async (t) => {
    const answers = await Capture.on(stranger, deviceS, `udp and ${NO_NEIGHBOURS}`, 'in');
    const from = transfer.seconds.length;
    const words = ['192.0.2.129', '9376', String(GARBAGE_RATE), String(MILLION), '7'];
    const sent = await flood(stranger, ['garbage', ...words]);
    t.ok(sent > 0.99 * MILLION, `${sent} sent`);
    t.same(await answers.lines(), [], 'strangers get no answer');
    const meanwhile = transfer.seconds.slice(from);
    t.ok(
      meanwhile.length >= 2 && Math.min(...meanwhile) > 10,
      `the transfer went on: ${meanwhile.join(' ')} Mbit/s`,
    );
    const drops = outsideDrops(victim);
    const counted = sum(drops) - sum(before.drops);
    t.ok(
      counted > 0.5 * sent && counted <= sent,
      `${counted} of them counted, the others lost before the daemon`,
    );
    for (const reason of ['truncated', 'unknownType', 'unknownIndex', 'handshakeMac1'])
      t.ok((drops[reason] ?? 0) > (before.drops[reason] ?? 0), `${reason}: ${drops[reason]}`);
  });

  await t.test(
    'real datagrams again, from the same and another address, and to where they came from',
    async (t) => {
      const was = outsideDrops(victim);
      const from = transfer.seconds.length;
      const words = (address: string): string[] => [
        'replay',
        address,
        '9376',
        '60000',
        String(REPLAYED),
        file,
      ];
      const sent = await Promise.all([flood(b, words('192.0.2.1')), flood(stranger, words('192.0.2.129'))]);
      t.same(sent, [REPLAYED, REPLAYED]);
      const meanwhile = transfer.seconds.slice(from);
      t.ok(
        meanwhile.length >= 2 && Math.min(...meanwhile) > 10,
        `the transfer went on: ${meanwhile.join(' ')} Mbit/s`,
      );
      const drops = outsideDrops(victim);
      const replayed = ['replayed', 'tooOld'].reduce(
        (n, reason) => n + (drops[reason] ?? 0) - (was[reason] ?? 0),
        0,
      );
      t.ok(replayed > 10_000, `${replayed} counted as replayed`);
      t.ok(
        (drops.unknownIndex ?? 0) > (was.unknownIndex ?? 0),
        'reflected ones have an index that is not ours',
      );
      t.match(victim.status().peers[0]?.path.remote, /^192\.0\.2\.2:/, 'a replay moves no path');
    },
  );

  await t.test('real handshakes again', async (t) => {
    const was = outsideDrops(victim);
    const answers = await Capture.on(stranger, deviceS, `udp and ${NO_NEIGHBOURS}`, 'in');
    const words = (address: string): string[] => ['replay', address, '9376', '5000', '20000', shakes];
    const sent = await Promise.all([flood(b, words('192.0.2.1')), flood(stranger, words('192.0.2.129'))]);
    t.same(sent, [20_000, 20_000]);
    const lengths = (await answers.lines()).map((line) => Number(/length (\d+)/.exec(line)?.[1]));
    t.ok(
      lengths.length <= 20_000 && Math.max(0, ...lengths) < 200,
      `${lengths.length} cookies and no handshake`,
    );
    const drops = outsideDrops(victim);
    t.comment(JSON.stringify(drops));
    t.ok(sum(drops) > sum(was), 'those without a cookie are counted');
    t.match(
      victim.status().peers,
      [{ state: 'connected', path: { remote: /^192\.0\.2\.2:/ } }],
      'the session stays',
    );
  });

  const megabits = transfer.seconds.length;
  await until('the transfer goes on', () => transfer.seconds.length > megabits + 1);
  const growth = residentMegabytes(victim) - before.resident;
  t.ok(growth < GROWTH, `memory grew by ${growth.toFixed(1)} MB from ${before.resident.toFixed(1)}`);
  await transfer.stop();
  t.equal(victim.daemon.pid, pid);
  t.equal(victim.daemon.process.exitCode, null, 'the daemon is the one that was started');
  t.notMatch(victim.daemon.output(), /"event":"defect"|uncaught/, 'and no defect was reported');
  t.ok(victim.daemon.output().split('\n').length < 60, 'and nothing is logged per packet');
});
