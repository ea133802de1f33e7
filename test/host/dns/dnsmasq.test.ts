/** Mode dnsmasq with the real dnsmasq. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { needsLab, type Running, run, until } from '../../netns/lab.ts';
import { busIsMissing } from './bus.ts';
import { UPSTREAM, World } from './world.ts';

needsLab(t);
const missing =
  busIsMissing() ??
  (run(['dnsmasq', '--version']).status === 0 ? undefined : 'needs dnsmasq (package dnsmasq-base)');
if (missing !== undefined) {
  console.log(`TAP version 14\n1..0 # SKIP ${missing}`);
  process.exit(0);
}

const HELLO = ['100.100.0.7', 'fd12:3456:789a::7'];
const COMMON = [
  '--user=root',
  '--no-resolv',
  '--no-hosts',
  '--bind-interfaces',
  '--listen-address=127.0.0.1',
];
const SNIPPET = 'dnsmasq.d/mcc-mcc0.conf';

/** A host whose programs ask a dnsmasq on 127.0.0.1. */
async function withDnsmasq(test: { teardown(done: () => unknown): unknown }): Promise<World> {
  const world = await World.make(test);
  world.write('resolv.conf', 'nameserver 127.0.0.1\noptions timeout:2 attempts:3\n');
  world.write('dnsmasq.d/README', '');
  world.write(
    'dnsmasq.conf',
    `server=${UPSTREAM}\nstop-dns-rebind\nbogus-priv\nconf-dir=/etc/dnsmasq.d/,*.conf\n`,
  );
  return world;
}

/** As a system without systemd restarts it. */
function withScript(world: World): void {
  const command = ['dnsmasq', ...COMMON, '--pid-file=/run/dnsmasq.pid'].join(' ');
  const script = `#!/bin/sh
if [ -e /run/dnsmasq.pid ]; then
  pid=$(cat /run/dnsmasq.pid)
  kill "$pid"
  while [ -e "/proc/$pid" ]; do :; done
fi
exec ${command} </dev/null >/dev/null 2>&1
`;
  world.write('init.d/dnsmasq', script, 0o755);
  world.must(['/etc/init.d/dnsmasq', 'restart']);
}

t.test('dnsmasq sends our names to us, others to its servers, and forgets us at the end', async (t) => {
  const world = await withDnsmasq(t);
  withScript(world);
  const upstream = await world.startUpstream();
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  const mcc = await world.startMcc();
  t.match(await mcc.status(), {
    mode: 'dnsmasq',
    reason: 'dnsmasq asks mcc for .mcc (/etc/dnsmasq.d/mcc-mcc0.conf)',
  });
  t.same(world.getent('hello.mcc'), HELLO, 'in spite of stop-dns-rebind');
  t.match(world.run(['getent', 'hosts', '100.100.0.7']).stdout, /hello\.mcc/, 'in spite of bogus-priv');
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  t.same(world.getent('unknown.mcc'), []);
  world.getent('last.example.test');
  await upstream.heard('last.example.test');
  t.same(
    upstream.asked().filter((line) => /mcc|100\.100/.test(line)),
    [],
    'no name of ours went to the provider',
  );
  await mcc.stop();
  t.notOk(existsSync(join(world.etc, SNIPPET)));
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  t.same(
    mcc.asked().filter((line) => /example/.test(line)),
    [],
    'we were asked for nothing else',
  );
});

t.test('after kill -9 the stop hook removes the snippet, unless somebody made it theirs', async (t) => {
  const world = await withDnsmasq(t);
  withScript(world);
  await world.startUpstream();
  const first = await world.startMcc();
  await first.status();
  await first.kill();
  t.ok(existsSync(join(world.etc, SNIPPET)));
  t.match(await world.restore(), /snippet is removed and dnsmasq restarted/);
  t.notOk(existsSync(join(world.etc, SNIPPET)));
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  const second = await world.startMcc();
  await second.status();
  await second.kill();
  world.write(SNIPPET, 'server=/mcc/192.0.2.1\n');
  t.match(await world.restore(), /stays as it is/);
  t.equal(readFileSync(join(world.etc, SNIPPET), 'utf8'), 'server=/mcc/192.0.2.1\n');
});

t.test("NetworkManager's dnsmasq: its folder, restarted by NetworkManager", async (t) => {
  const world = await withDnsmasq(t);
  world.write('NetworkManager/dnsmasq.d/README', '');
  await world.startBus();
  await world.startUpstream();
  const words = ['--keep-in-foreground', '--log-facility=-', '--conf-file=/dev/null', `--server=${UPSTREAM}`];
  const command = ['dnsmasq', ...COMMON, ...words, '--conf-dir=/etc/NetworkManager/dnsmasq.d'];
  let dnsmasq = world.start(command);
  await dnsmasq.waitFor(/started/);
  const manager = await world.startServices();
  const restart = async (number: number): Promise<void> => {
    await manager.line('Reload 4', number);
    await dnsmasq.stop();
    dnsmasq = world.start(command);
    await dnsmasq.waitFor(/started/);
  };
  const restarted = restart(1);
  const mcc = await world.startMcc();
  await restarted;
  t.match(await mcc.status(), {
    mode: 'dnsmasq',
    reason: /NetworkManager's dnsmasq .*NetworkManager\/dnsmasq\.d/,
  });
  t.same(world.getent('hello.mcc'), HELLO);
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  const again = restart(2);
  await mcc.stop();
  await again;
  t.notOk(existsSync(join(world.etc, 'NetworkManager/dnsmasq.d/mcc-mcc0.conf')));
});

t.test('under systemd the unit that it belongs to is restarted', async (t) => {
  const world = await withDnsmasq(t);
  await world.startBus();
  await world.startUpstream();
  const command = ['dnsmasq', ...COMMON, '--keep-in-foreground', '--log-facility=-'];
  let dnsmasq: Running = world.start(command);
  await dnsmasq.waitFor(/started/);
  const services = await world.startServices();
  const restart = async (number: number): Promise<void> => {
    await services.line('RestartUnit dnsmasq@home.service replace', number);
    await dnsmasq.stop();
    dnsmasq = world.start(command);
    await dnsmasq.waitFor(/started/);
  };
  const restarted = restart(1);
  const mcc = await world.startMcc();
  await restarted;
  t.equal((await mcc.status()).mode, 'dnsmasq');
  t.same(world.getent('hello.mcc'), HELLO);
  const again = restart(2);
  await mcc.stop();
  await again;
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
});

t.test('a dnsmasq that falls silent gets its old configuration back', async (t) => {
  const world = await withDnsmasq(t);
  withScript(world);
  await world.startUpstream();
  // It starts only without our snippet.
  const script = readFileSync(join(world.etc, 'init.d/dnsmasq'), 'utf8');
  writeFileSync(
    join(world.etc, 'init.d/dnsmasq'),
    script.replace(
      /^exec/m,
      '[ ! -e /etc/dnsmasq.d/mcc-mcc0.conf ] || { rm /run/dnsmasq.pid; exit 0; }\nexec',
    ),
  );
  const mcc = await world.startMcc();
  t.match(await mcc.status(), { mode: 'none', reason: /dnsmasq: 127\.0\.0\.1 fell silent/ });
  t.notOk(existsSync(join(world.etc, SNIPPET)));
  await until('names again', () => (world.getent('www.example.test').length === 1 ? true : undefined));
});

t.test('no dnsmasq, or one that is not asked: none, and why', async (t) => {
  const world = await withDnsmasq(t);
  const none = await world.startMcc();
  t.match(await none.status(), { mode: 'none', reason: /dnsmasq: no dnsmasq with a conf-dir runs here/ });
  await none.stop();
  withScript(world);
  world.write('resolv.conf', 'nameserver 198.51.100.53\n');
  const other = await world.startMcc();
  t.match(await other.status(), {
    mode: 'none',
    reason: /dnsmasq: \/etc\/resolv\.conf names no server on this host/,
  });
});
