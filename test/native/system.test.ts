// Interface configuration, dumps, watch and service notice, against the kernel of a private network namespace.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { formatIp, ipv4, parseIp } from '../../src/core/base/ip.ts';
import { nativeSystem } from '../../src/host/native/native.ts';
import {
  CHANGE_ADDRESS,
  CHANGE_LINK,
  CHANGE_OVERRUN,
  CHANGE_OWN,
  CHANGE_OWN_DELETED,
  CHANGE_TABLES,
} from '../../src/host/native/system.ts';
import { privateNamespace } from './twin.ts';

privateNamespace(import.meta.filename);

const system = nativeSystem();

function ip(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function device(name: string): number {
  ip('tuntap', 'add', 'mode', 'tun', 'name', name);
  return system.linkIndex(name);
}

function six(text: string): Uint8Array {
  const address = parseIp(text);
  if (address === undefined) throw new Error(text);
  return address;
}

t.test('An interface gets what it is told and nothing else', async (t) => {
  const index = device('mcct0');
  t.teardown(() => system.deleteLink(index));
  t.equal(system.linkIndex('mcct1'), 0);
  system.setLink(index, {
    linkLocal: false,
    mtu: 1420,
    txQueueLength: 777,
    gsoMaxSize: 61000,
    gsoIpv4MaxSize: 61000,
    up: true,
  });
  const shown = ip('-d', 'link', 'show', 'mcct0');
  t.match(shown, /mtu 1420/);
  t.match(shown, /qlen 777/);
  t.match(shown, /gso_max_size 61000/);
  t.match(shown, /addrgenmode none/);
  t.match(
    system.listLinks().find((link) => link.index === index),
    { name: 'mcct0', mtu: 1420, up: true, loopback: false },
  );
  system.setLink(index, { mtu: 1280 });
  t.match(ip('link', 'show', 'mcct0'), /UP.* mtu 1280/);
});

t.test('Addresses and routes come and go, and show up in the dumps', async (t) => {
  const index = device('mcct0');
  t.teardown(() => system.deleteLink(index));
  system.setLink(index, { linkLocal: false, up: true });
  system.addAddress(index, ipv4(100, 71, 0, 9), 112, { noPrefixRoute: true });
  system.addAddress(index, six('fd01:2:3::9'), 48, { noPrefixRoute: true, noDad: true });
  t.match(ip('-4', 'addr', 'show', 'mcct0'), /100\.71\.0\.9\/16 .*noprefixroute/);
  t.match(ip('-6', 'addr', 'show', 'mcct0'), /fd01:2:3::9\/48 .*nodad noprefixroute/);
  t.notMatch(ip('-4', 'route'), /100\.71/);
  system.setRoute({ ip: ipv4(100, 71, 0, 0), bits: 112, index, source: ipv4(100, 71, 0, 9) });
  system.setRoute({ ip: ipv4(100, 71, 0, 0), bits: 112, index, source: ipv4(100, 71, 0, 9) });
  system.setRoute({ ip: six('fd01:2:3::'), bits: 48, index, table: 500, metric: 7 });
  t.match(ip('-4', 'route'), /100\.71\.0\.0\/16 dev mcct0 .*src 100\.71\.0\.9/);
  t.match(ip('-6', 'route', 'show', 'table', '500'), /fd01:2:3::\/48 dev mcct0 .*metric 7/);
  ip('rule', 'add', 'from', '10.9.0.0/16', 'to', '10.8.4.0/24', 'lookup', '500');
  ip('-6', 'rule', 'add', 'to', 'fd99::/32', 'lookup', '500');
  const seen = system
    .listPrefixes()
    .map((prefix) => `${prefix.kind} ${formatIp(prefix.ip)} ${prefix.bits} ${prefix.table}`);
  for (const expected of [
    'address 100.71.0.9 112 0',
    'address fd01:2:3::9 48 0',
    'route 100.71.0.0 112 254',
    'route fd01:2:3:: 48 500',
    'rule 10.9.0.0 112 500',
    'rule 10.8.4.0 120 500',
    'rule fd99:: 32 500',
  ]) {
    t.ok(seen.includes(expected), expected);
  }
  system.removeRoute({ ip: ipv4(100, 71, 0, 0), bits: 112, index });
  system.removeAddress(index, ipv4(100, 71, 0, 9), 112);
  t.notMatch(ip('-4', 'route'), /100\.71/);
  t.equal(ip('-4', 'addr', 'show', 'mcct0'), '');
});

t.test('Forwarding and route_localnet of an interface can be set and read, one by one', async (t) => {
  const index = device('mcct0');
  t.teardown(() => system.deleteLink(index));
  const seen = () => {
    const link = system.listLinks().find((one) => one.index === index);
    const settings = ['forwarding', 'route_localnet'].map((name) =>
      readFileSync(`/proc/sys/net/ipv4/conf/mcct0/${name}`, 'utf8').trim(),
    );
    t.same([link?.forwarding, link?.routeLocalnet].map(Number).map(String), settings);
    return settings.join();
  };
  t.equal(seen(), '0,0');
  system.setLink(index, { forwarding: true });
  t.equal(seen(), '1,0');
  system.setLink(index, { routeLocalnet: true });
  t.equal(seen(), '1,1');
  system.setLink(index, { forwarding: false, routeLocalnet: false });
  t.equal(seen(), '0,0');
  t.equal(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim(), '0', 'of that interface alone');
});

t.test('An address that is never a source, and where packets go', async (t) => {
  const index = device('mcct0');
  t.teardown(() => system.deleteLink(index));
  system.setLink(index, { linkLocal: false, up: true });
  const never = { noPrefixRoute: true, noDad: true, neverSource: true };
  for (const ip of [ipv4(100, 71, 5, 5), six('fd01:2:3::5')]) system.addAddress(index, ip, 128, never);
  system.addAddress(index, ipv4(100, 71, 0, 9), 112);
  system.addAddress(index, six('fd01:2:3::9'), 48, { noDad: true });
  t.match(ip('-4', 'addr', 'show', 'mcct0'), /100\.71\.5\.5\/32 scope host deprecated noprefixroute/);
  t.match(ip('-6', 'addr', 'show', 'mcct0'), /fd01:2:3::5\/128 .*deprecated/);
  t.match(ip('route', 'get', '100.71.9.9'), /src 100\.71\.0\.9/);
  t.match(ip('route', 'get', 'fd01:2:3:9::9'), /src fd01:2:3::9/);
  t.same(system.findRoute(ipv4(100, 71, 9, 9)), { index, kind: 'unicast' });
  t.same(system.findRoute(six('fd01:2:3:9::9')), { index, kind: 'unicast' });
  t.match(system.findRoute(ipv4(100, 71, 5, 5)), { kind: 'local' });
  t.match(system.findRoute(six('fd01:2:3::5')), { kind: 'local' });
  t.match(system.findRoute(ipv4(100, 71, 255, 255)), { index, kind: 'broadcast' });
  for (const ip of [ipv4(192, 0, 2, 1), six('2001:db8::1')]) {
    t.throws(() => system.findRoute(ip), { code: /^E(NET|HOST)UNREACH$/ });
  }
});

t.test('The kernel says no by the name of its errno', async (t) => {
  const index = device('mcct0');
  const address = six('fd01:2:3::9');
  t.teardown(() => system.deleteLink(index));
  system.setLink(index, { up: true });
  system.addAddress(index, address, 48);
  const refusals: [string, string, () => void][] = [
    ['an address twice', 'EEXIST', () => system.addAddress(index, address, 48)],
    [
      'an address that is not there',
      'EADDRNOTAVAIL',
      () => system.removeAddress(index, six('fd01:2:3::a'), 48),
    ],
    [
      'a route that is not there',
      'ESRCH',
      () => system.removeRoute({ ip: ipv4(10, 1, 2, 3), bits: 128, index }),
    ],
    ['an interface that is not there', 'ENODEV', () => system.setLink(99_999, { up: true })],
    ['an MTU out of range', 'EINVAL', () => system.setLink(index, { mtu: 1_000_000 })],
    [
      'an IPv4 prefix shorter than its mapping',
      'EINVAL',
      () => system.addAddress(index, ipv4(10, 0, 0, 1), 16),
    ],
    ['a notice to nobody', 'ENOENT', () => system.notify('/nowhere/socket', 'READY=1')],
  ];
  for (const [what, code, act] of refusals) t.throws(act, { code }, what);
  t.throws(() => system.addAddress(index, new Uint8Array(4), 48), TypeError, 'four bytes are no address');
});

t.test('A watch tells what changed, and who', async (t) => {
  const index = device('mcct0');
  let changes = 0;
  let wake = () => {};
  const watch = system.watch(index, (bits) => {
    changes |= bits;
    wake();
  });
  t.teardown(() => watch.close());
  // The watch does not keep the process alive; the test does.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  const heard = async (bits: number): Promise<void> => {
    while ((changes & bits) !== bits) await new Promise<void>((resolve) => (wake = resolve));
    changes = 0;
  };
  const other = device('mcct1');
  await heard(CHANGE_LINK);
  system.setLink(index, { up: true, linkLocal: false });
  await heard(CHANGE_OWN);
  system.setLink(other, { up: true, linkLocal: false });
  system.addAddress(other, ipv4(10, 5, 0, 1), 120);
  await heard(CHANGE_ADDRESS | CHANGE_LINK);
  system.addAddress(index, ipv4(10, 6, 0, 1), 120);
  await heard(CHANGE_OWN);
  system.deleteLink(other);
  await heard(CHANGE_LINK);
  system.deleteLink(index);
  await heard(CHANGE_OWN_DELETED);
  watch.follow(1);
  system.setLink(1, { up: true });
  await heard(CHANGE_OWN);
  watch.close();
  watch.close();
});

t.test('A watch of tables tells when one is deleted', async (t) => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const watch = system.watchTables(resolve);
  t.teardown(() => watch.close());
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  for (const words of ['add table inet other', 'flush ruleset']) {
    t.equal(spawnSync('nft', words.split(' ')).status, 0);
  }
  t.equal(await promise, CHANGE_TABLES);
});

t.test('A watch that was overrun says so, and goes on', async (t) => {
  let changes = 0;
  let wake = () => {};
  const watch = system.watch(0, (bits) => {
    changes |= bits;
    wake();
  });
  t.teardown(() => watch.close());
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  const index = device('mcct0');
  // The loop is busy while thousands of notices come.
  for (let i = 0; i < 2000; i++) {
    const address = ipv4(10, 5, i >> 8, i & 255);
    system.addAddress(index, address, 128);
    system.removeAddress(index, address, 128);
  }
  while ((changes & CHANGE_OVERRUN) === 0) await new Promise<void>((resolve) => (wake = resolve));
  changes = 0;
  system.deleteLink(index);
  while ((changes & CHANGE_LINK) === 0) await new Promise<void>((resolve) => (wake = resolve));
});

t.test(
  'A callback that throws is reported as an uncaught exception, and a closed watch is silent',
  async (t) => {
    const script = `
    const { nativeSystem } = await import(${JSON.stringify(new URL('../../src/host/native/native.ts', import.meta.url).href)});
    const system = nativeSystem();
    let watch = system.watch(0, () => { watch.close(); throw new Error('from the watch'); });
    process.on('uncaughtException', (error) => { console.log(error.message); process.exit(0); });
    system.setLink(1, { up: true });
    setTimeout(() => {}, 10_000);
  `;
    const { stdout } = spawnSync(
      'unshare',
      ['--net', process.execPath, '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    );
    t.equal(stdout.trim(), 'from the watch');
  },
);

t.test('The service manager hears one datagram, by path or by abstract name', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-notify-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const name of [join(folder, 'notify'), '@mcc-test-notify']) {
    const script = `import socket,sys
s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)
n=sys.argv[1]
s.bind("\\0"+n[1:] if n[0]=="@" else n)
s.settimeout(10)
print("bound",flush=True)
print(s.recv(100).decode())`;
    const listener = spawn('python3', ['-c', script, name]);
    let output = '';
    listener.stdout.on('data', (data) => {
      output += data;
      if (output === 'bound\n') system.notify(name, 'READY=1');
    });
    await new Promise((resolve) => listener.on('close', resolve));
    t.equal(output, 'bound\nREADY=1\n');
  }
});
