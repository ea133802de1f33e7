import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { must, needsLab, type Running, start, until } from './lab.ts';

needsLab(t);

const program = [process.execPath, join(import.meta.dirname, 'demo.ts')];

/** Where `ip netns exec` finds the name servers of a host. */
const RESOLVERS = '/etc/netns';

/** Whoever was killed and not yet waited for does not run. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** A demo that keeps its things in a folder of its own, by which they are known. */
function demo(t: Test): { running: Running; left(): string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-demo-'));
  mkdirSync(RESOLVERS, { recursive: true });
  const labs = new Set<string>();
  const running = start(program, { env: { ...process.env, TMPDIR: folder } });
  t.teardown(async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const look = (): void => {
    for (const name of readdirSync(folder)) if (name.startsWith('mcc-lab-')) labs.add(name.slice(-6));
  };
  running.process.stdout?.on('data', look);
  return {
    running,
    left: () => [
      ...readdirSync(folder),
      ...must(['ip', 'netns', 'list'])
        .split('\n')
        .concat(readdirSync(RESOLVERS))
        .filter((line) => [...labs].some((lab) => line.startsWith(`mcc-${lab}-`))),
      ...(labs.size === 0 ? ['no lab was seen'] : []),
    ],
  };
}

for (const [when, pattern, signal] of [
  ['while a network is founded', /2\. alpha/, 'SIGINT'],
  ['while all nodes run', /answers, 0 lost/, 'SIGTERM'],
  ['while a provider is down', /6\. bravo/, 'SIGTERM'],
  ['while iperf3 runs', /iperf3 -c/, 'SIGINT'],
  ['while a file comes through', /curl -O/, 'SIGKILL'],
] as const) {
  t.test(`${signal} ${when} leaves nothing behind`, async (t) => {
    const { running, left } = demo(t);
    await running.waitFor(pattern, 60_000);
    const children = must(['ps', '-o', 'pid=', '--ppid', String(running.pid)])
      .trim()
      .split(/\s+/);
    running.process.kill(signal);
    const { status } = await running.ended();
    if (signal === 'SIGKILL') await until('its guardian has cleaned up', () => left().length === 0);
    else t.equal(status, 130);
    t.same(left(), []);
    await until('its processes have ended', () => (children.some(isRunning) ? undefined : true));
  });
}

t.test('a whole one works after those', async (t) => {
  const { running, left } = demo(t);
  const done = await running.ended();
  t.equal(done.status, 0, done.stderr);
  const parts = done.stdout.split(/^\d+\. /m);
  t.match(parts[4], /alpha\$ systemctl stop mcc/, 'the founder is gone before the name is asked for');
  t.match(parts[5], /answers: bravo \d+, charlie \d+/, 'both providers are used');
  t.match(parts[6], /kill -9.*answers: charlie 12; none failed/s, 'the other one goes on');
  t.match(parts[7], /right.*right.*nothing but encrypted UDP/s);
  t.match(parts[8], /Gbit\/s/);
  t.match(done.stdout, /Everything worked/);
  t.notMatch(done.stdout, /\x1b/, 'no colours in a pipe');
  t.equal(done.stderr, '');
  t.same(left(), []);
});
