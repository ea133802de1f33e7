/** Mode file: programs with a real libc resolver. */
import { chmodSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hostOf } from '../../../src/host/dns/host.ts';
import { needsLab, until } from '../../netns/lab.ts';
import { UPSTREAM, World } from './world.ts';

needsLab(t);

const HELLO = ['100.100.0.7', 'fd12:3456:789a::7'];
const ORIGINAL = `nameserver ${UPSTREAM}\noptions timeout:2 attempts:2\n`;

t.test('libc finds our names and all others; at the end the file is what it was', async (t) => {
  const world = await World.make(t);
  const path = join(world.etc, 'resolv.conf');
  world.write('resolv.conf', `# by hand\nsearch example.test\n${ORIGINAL}`);
  chmodSync(path, 0o640);
  const upstream = await world.startUpstream();
  const mcc = await world.startMcc({ mode: 'file' });
  t.match(await mcc.status(), { mode: 'file', reason: /configured/ });
  t.same(world.getent('hello.mcc'), HELLO);
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  t.same(world.getent('www'), ['198.18.0.80'], 'the search domain is kept');
  t.match(world.run(['getent', 'hosts', '100.100.0.7']).stdout, /hello\.mcc/);
  t.same(world.getent('local.example.test'), [], 'an answer that points at this host is withheld');
  world.getent('last.example.test');
  await upstream.heard('last.example.test');
  t.same(
    upstream.asked().filter((line) => /mcc|100\.100/.test(line)),
    [],
    'no name of ours went to the provider',
  );
  await mcc.stop();
  t.equal(readFileSync(path, 'utf8'), `# by hand\nsearch example.test\n${ORIGINAL}`);
  t.equal(statSync(path).mode & 0o777, 0o640);
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
});

t.test('after kill -9 the stop hook, or the next start, puts the file back', async (t) => {
  const world = await World.make(t);
  await world.startUpstream();
  const path = join(world.etc, 'resolv.conf');
  const first = await world.startMcc({ mode: 'file' });
  await first.status();
  await first.kill();
  t.same(world.getent('www.example.test'), [], 'names are broken now');
  t.match(await world.restore(), /log dnsRestored[^\n]*the original[^\n]*\nrestored undefined/);
  t.equal(readFileSync(path, 'utf8'), ORIGINAL);
  t.equal(await world.restore(), 'restored undefined\n', 'there is nothing left to do');
  const second = await world.startMcc({ mode: 'file' });
  await second.status();
  await second.kill();
  const third = await world.startMcc({ mode: 'none' });
  t.match(await third.status(), { mode: 'none' });
  t.equal(readFileSync(path, 'utf8'), ORIGINAL);
});

t.test('a link is put back as a link', async (t) => {
  const world = await World.make(t);
  await world.startUpstream();
  world.must(['sh', '-c', `mkdir /run/other && printf '%s' "$1" >/run/other/resolv.conf`, 'sh', ORIGINAL]);
  world.link('resolv.conf', '../run/other/resolv.conf');
  const mcc = await world.startMcc({ mode: 'file' });
  await mcc.status();
  t.same(world.getent('hello.mcc'), HELLO);
  t.same(world.getent('www.example.test'), ['198.18.0.80']);
  await mcc.stop();
  t.equal(readlinkSync(join(world.etc, 'resolv.conf')), '../run/other/resolv.conf');
});

t.test('a file that is a mount, as in containers, is overwritten and put back', async (t) => {
  const world = await World.make(t);
  await world.startUpstream();
  world.must(['sh', '-c', 'cp /etc/resolv.conf /run/r && mount --bind /run/r /etc/resolv.conf']);
  const mcc = await world.startMcc({ mode: 'file' });
  t.equal((await mcc.status()).mode, 'file');
  t.same(world.getent('hello.mcc'), HELLO);
  await mcc.stop();
  t.equal(world.must(['cat', '/etc/resolv.conf']), ORIGINAL);
});

t.test('what somebody writes in between is theirs', async (t) => {
  const world = await World.make(t);
  await world.startUpstream();
  const path = join(world.etc, 'resolv.conf');
  const mcc = await world.startMcc({ mode: 'file' });
  await mcc.status();
  const ours = readFileSync(path, 'utf8');
  // A DHCP client with a new lease.
  const theirs = `# new lease\nnameserver 192.0.2.54\nnameserver ${UPSTREAM}\noptions timeout:1\n`;
  world.write('resolv.conf', theirs);
  await mcc.running.waitFor(/log dnsOverwritten/);
  await until('our file again', () => (/Written by mcc/.test(readFileSync(path, 'utf8')) ? true : undefined));
  t.not(readFileSync(path, 'utf8'), ours);
  t.match(readFileSync(path, 'utf8'), /options timeout:1/);
  t.same(world.getent('hello.mcc'), HELLO);
  t.same(world.getent('www.example.test'), ['198.18.0.80'], 'the new servers are asked');
  await mcc.stop();
  t.equal(readFileSync(path, 'utf8'), theirs);
});

t.test('what somebody writes after kill -9 stays, whole or in part', async (t) => {
  const world = await World.make(t);
  const path = join(world.etc, 'resolv.conf');
  const first = await world.startMcc({ mode: 'file' });
  await first.status();
  await first.kill();
  const ours = readFileSync(path, 'utf8');
  world.write('resolv.conf', 'nameserver 198.51.100.1\n');
  t.match(await world.restore(), /no longer ours/);
  t.equal(readFileSync(path, 'utf8'), 'nameserver 198.51.100.1\n');
  world.write('resolv.conf', ORIGINAL);
  const second = await world.startMcc({ mode: 'file' });
  await second.status();
  await second.kill();
  world.write('resolv.conf', `${ours}search added.test\n`);
  t.match(await world.restore(), /the edits stay/);
  const mended = readFileSync(path, 'utf8');
  t.match(mended, new RegExp(`^nameserver ${UPSTREAM}\n`, 'm'));
  t.match(mended, /search added\.test/);
  t.notMatch(mended, /mcc|fd12|100\.100/);
});

t.test('where /etc cannot be written the mode is none and says why', async (t) => {
  const world = await World.make(t);
  world.must(['mount', '-o', 'remount,bind,ro', '/etc']);
  const mcc = await world.startMcc({ mode: 'file' });
  t.match(await mcc.status(), {
    mode: 'none',
    reason: /file: \/etc\/resolv\.conf cannot be replaced: EROFS/,
  });
});

t.test('it is never taken unasked', async (t) => {
  const world = await World.make(t);
  const mcc = await world.startMcc();
  t.match(await mcc.status(), { mode: 'none', reason: /`mcc resolve`/ });
  t.equal(readFileSync(join(world.etc, 'resolv.conf'), 'utf8'), ORIGINAL);
  t.ok(lstatSync(join(world.etc, 'resolv.conf')).isFile());
});

t.test('a network namespace of its own is left alone unless the mode is named', async (t) => {
  t.ok(hostOf().isOwn(), 'this process is in the namespace of process 1');
  const world = await World.make(t);
  const automatic = await world.startMcc({ isOwn: 'ask' });
  t.match(await automatic.status(), { mode: 'none', reason: /network namespace of its own/ });
  await automatic.stop();
  const named = await world.startMcc({ isOwn: 'ask', mode: 'file' });
  t.equal((await named.status()).mode, 'file');
});
