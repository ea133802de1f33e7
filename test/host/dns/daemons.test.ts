/** Modes resolved and resolvconf with the real programs, unpacked from their packages: installed, they would take over this host. */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { needsLab, type Running, run, until } from '../../netns/lab.ts';
import { busIsMissing } from './bus.ts';
import { unpacked } from './debian.ts';
import { UPSTREAM, World } from './world.ts';

needsLab(t);

const HELLO = ['100.100.0.7', 'fd12:3456:789a::7'];
type Ending = { teardown(done: () => unknown): unknown };

/** The program's path, or why it cannot run here. */
function resolvedProgram(): { path?: string; why?: string } {
  const missing = busIsMissing();
  if (missing !== undefined) return { why: missing };
  const installed = '/lib/systemd/systemd-resolved';
  const folder = existsSync(installed) ? '' : unpacked('systemd-resolved');
  if (folder === undefined) return { why: 'the package systemd-resolved cannot be downloaded' };
  const path = `${folder}${installed}`;
  // It shares a library with the installed systemd, which must be of the same version.
  const started = run([path, '--help']);
  return started.status === 0 ? { path } : { why: `systemd-resolved does not start here: ${started.stderr}` };
}

const resolved = resolvedProgram();
const skip = resolved.why ?? false;

async function startResolved(world: World): Promise<Running> {
  const env = { SYSTEMD_LOG_LEVEL: 'info', SYSTEMD_LOG_TARGET: 'console' };
  const daemon = world.start([resolved.path!], env);
  await until('resolved', () => {
    const of = ['org.freedesktop.resolve1', '/org/freedesktop/resolve1', 'org.freedesktop.DBus.Peer', 'Ping'];
    return world.run(['busctl', '--system', 'call', ...of]).status === 0 ? true : undefined;
  });
  return daemon;
}

/** A host with systemd-resolved, as Debian sets it up. */
async function withResolved(test: Ending): Promise<{ world: World; daemon: Running }> {
  const world = await World.make(test);
  world.link('resolv.conf', '../run/systemd/resolve/stub-resolv.conf');
  world.write('systemd/resolved.conf', `[Resolve]\nDNS=${UPSTREAM}\nLLMNR=no\nMulticastDNS=no\nDNSSEC=no\n`);
  world.must(['mkdir', '-p', '/run/systemd']);
  await world.startBus();
  const daemon = await startResolved(world);
  return { world, daemon };
}

t.test(
  'systemd-resolved asks us for our names, others for theirs, and forgets us at the end',
  { skip },
  async (t) => {
    const { world } = await withResolved(t);
    const upstream = await world.startUpstream();
    t.same(world.getent('www.example.test'), ['198.18.0.80']);
    const mcc = await world.startMcc();
    t.match(await mcc.status(), { mode: 'resolved', reason: 'systemd-resolved asks mcc for .mcc' });
    t.same(world.getent('hello.mcc'), HELLO);
    t.match(world.run(['getent', 'hosts', '100.100.0.7']).stdout, /hello\.mcc/);
    t.same(world.getent('unknown.mcc'), []);
    t.same(world.getent('www.example.test'), ['198.18.0.80']);
    world.getent('last.example.test');
    await upstream.heard('last.example.test');
    t.same(
      upstream.asked().filter((line) => /mcc|100\.100/.test(line)),
      [],
      'no name of ours went to the provider',
    );
    await mcc.stop();
    t.same(
      mcc.asked().filter((line) => /example/.test(line)),
      [],
      'we were asked for nothing else',
    );
    t.same(world.getent('hello.mcc'), [], "the name is the provider's to deny now");
    t.same(world.getent('www.example.test'), ['198.18.0.80']);
  },
);

t.test('a restart of systemd-resolved is followed', { skip }, async (t) => {
  const { world, daemon } = await withResolved(t);
  await world.startUpstream();
  const mcc = await world.startMcc();
  await mcc.status();
  await daemon.stop();
  // As after an upgrade that lost its state.
  world.must(['rm', '-rf', '/run/systemd/resolve/netif']);
  await startResolved(world);
  await until('our names again', () => (world.getent('hello.mcc').length === 2 ? true : undefined));
  t.same(world.getent('hello.mcc'), HELLO);
});

t.test('after kill -9 the stop hook reverts the link', { skip }, async (t) => {
  const { world } = await withResolved(t);
  await world.startUpstream();
  const mcc = await world.startMcc();
  await mcc.status();
  t.match(linkServers(world), /ay|16/);
  await mcc.kill();
  t.match(await world.restore(), /settings of the link are reverted/);
  t.equal(linkServers(world), 'a(iay) 0');
});

function linkServers(world: World): string {
  const index = run(['ip', '-n', world.host.namespace, '-o', 'link', 'show', 'mcc0']).stdout.split(':')[0]!;
  const path = world
    .must([
      'busctl',
      '--system',
      'call',
      'org.freedesktop.resolve1',
      '/org/freedesktop/resolve1',
      'org.freedesktop.resolve1.Manager',
      'GetLink',
      'i',
      index,
    ])
    .split('"')[1]!;
  const of = ['org.freedesktop.resolve1', path, 'org.freedesktop.resolve1.Link', 'DNS'];
  return world.must(['busctl', '--system', 'get-property', ...of]).trim();
}

const packages = Object.fromEntries(['openresolv', 'resolvconf'].map((name) => [name, unpacked(name)]));

/** A host whose /etc/resolv.conf resolvconf makes of what the provider's DHCP told. */
async function withResolvconf(test: Ending, name: string): Promise<World> {
  const world = await World.make(test);
  world.install(packages[name]!, { sbin: '/usr/sbin', lib: '/usr/lib' });
  if (name === 'resolvconf') {
    cpSync(join(packages[name]!, 'etc/resolvconf'), join(world.etc, 'resolvconf'), { recursive: true });
    world.must(['mkdir', '-p', '/run/resolvconf']);
    world.link('resolv.conf', '../run/resolvconf/resolv.conf');
    world.must(['resolvconf', '--enable-updates']);
  }
  tell(world, 'eth0.dhcp', UPSTREAM);
  return world;
}

function tell(world: World, entry: string, server: string): void {
  world.must(['sh', '-c', `echo "nameserver ${server}" | resolvconf -a "$1"`, 'sh', entry]);
}

for (const [name, folder] of Object.entries(packages)) {
  const skip = folder === undefined ? `the package ${name} cannot be downloaded` : false;

  t.test(
    `${name}: all names come to us, and others go on to the servers that it knows`,
    { skip },
    async (t) => {
      const world = await withResolvconf(t, name);
      const upstream = await world.startUpstream();
      t.same(world.getent('www.example.test'), ['198.18.0.80']);
      const mcc = await world.startMcc();
      t.match(await mcc.status(), { mode: 'resolvconf', reason: /passed on to 192\.0\.2\.53/ });
      t.same(world.getent('hello.mcc'), HELLO);
      t.same(world.getent('www.example.test'), ['198.18.0.80']);
      t.notMatch(world.must(['cat', '/etc/resolv.conf']), UPSTREAM, 'libc asks nobody else');
      world.getent('last.example.test');
      await upstream.heard('last.example.test');
      t.same(
        upstream.asked().filter((line) => /mcc/.test(line)),
        [],
      );
      await mcc.stop();
      t.match(world.must(['cat', '/etc/resolv.conf']), UPSTREAM);
      t.notMatch(world.must(['cat', '/etc/resolv.conf']), /^nameserver (?:100|fd12|127)/m);
      t.same(world.getent('www.example.test'), ['198.18.0.80']);
    },
  );

  t.test(`${name}: a new lease is followed, and kill -9 is mended`, { skip }, async (t) => {
    const world = await withResolvconf(t, name);
    await world.startUpstream();
    tell(world, 'eth0.dhcp', '192.0.2.99');
    const mcc = await world.startMcc();
    t.match(await mcc.status(), { mode: 'resolvconf', reason: /192\.0\.2\.99/ });
    tell(world, 'eth0.dhcp', UPSTREAM);
    await until('the new server', () => (world.getent('www.example.test').length === 1 ? true : undefined));
    await mcc.kill();
    t.match(await world.restore(), /resolvconf no longer names mcc/);
    t.same(world.getent('www.example.test'), ['198.18.0.80']);
  });
}

t.test('a resolvconf that is resolvectl is left to the mode resolved', async (t) => {
  const world = await World.make(t);
  const folder = join(world.lab.folder, 'sbin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'resolvectl'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  symlinkSync('resolvectl', join(folder, 'resolvconf'));
  world.install(world.lab.folder, { sbin: '/usr/sbin' });
  const mcc = await world.startMcc();
  t.match(await mcc.status(), { mode: 'none', reason: /resolvconf: it is a front of systemd-resolved/ });
});
