// The package as an administrator meets it: in clean Debian roots without Node.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { buildPackage } from '../../packaging/package.ts';
import { VERSION } from '../../src/core/base/version.ts';
import { Lab, must, needsLab, run } from '../netns/lab.ts';
import { lastLine, type Status } from '../netns/node.ts';
import { DebianRoot, prepareDebian, until } from './root.ts';

const NEXT = '9.9.9';

needsLab(t);
const why = process.arch === 'x64' ? prepareDebian() : 'needs an amd64 machine';
if (why !== undefined) {
  console.log(`TAP version 14\n1..0 # SKIP ${why}`);
  process.exit(0);
}

const lab = new Lab();
t.teardown(() => lab.close());
const deb = await buildPackage({ folder: lab.folder, version: VERSION, isFast: true });
const tree = join(lab.folder, 'tree');
must(['dpkg-deb', '--raw-extract', deb, tree]);

t.test('lintian finds nothing', (t) => {
  const done = run(['lintian', '--allow-root', '--fail-on=error,warning', deb], { timeoutMs: 200_000 });
  t.equal(done.stdout + done.stderr, '');
  t.equal(done.status, 0);
  t.end();
});

t.test('the manual pages are well formed and name every command and key', (t) => {
  const page = (path: string) =>
    execFileSync('zcat', [join(tree, 'usr/share/man', path)], { encoding: 'utf8' });
  for (const path of ['man1/mcc.1.gz', 'man5/mcc.yaml.5.gz']) {
    t.equal(run(['mandoc', '-T', 'lint', '-W', 'warning'], { input: page(path) }).stdout, '', path);
  }
  t.match(page('man1/mcc.1.gz'), /mcc service <action> \[name\]/);
  t.match(page('man5/mcc.yaml.5.gz'), /rekeyAfterSeconds/);
  t.end();
});

t.test('completion offers commands, options and choices', (t) => {
  const script = join(tree, 'usr/share/bash-completion/completions/mcc');
  const complete = (...words: string[]) =>
    must([
      'bash',
      '-c',
      `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mcc; echo "\${COMPREPLY[*]}"`,
      script,
      ...words,
    ]).trim();
  t.equal(complete('mcc', 'in'), 'init invite');
  t.equal(complete('mcc', '--state', '/x', 'service', 'a'), 'add');
  t.equal(complete('mcc', 'service', 'add', 'web', '--protocol', ''), 'tcp udp');
  t.equal(complete('mcc', 'ping', '--c'), '--count');
  for (const [shell, path] of [
    ['zsh', 'zsh/vendor-completions/_mcc'],
    ['fish', 'fish/vendor_completions.d/mcc.fish'],
  ]) {
    if (run(['sh', '-c', `command -v ${shell}`]).status !== 0) continue;
    t.equal(run([shell, '-n', join(tree, 'usr/share', path)]).status, 0, path);
  }
  t.end();
});

const noSystemd = run(['systemd-analyze', '--version']).status === 0 ? false : 'needs systemd-analyze';

t.test('the unit is valid and hardened', { skip: noSystemd }, (t) => {
  const unit = join(tree, 'usr/lib/systemd/system/mcc.service');
  const words = ['--offline=true', '--threshold=30', '--no-pager'];
  const exposure = run(['systemd-analyze', 'security', ...words, unit]);
  t.equal(exposure.status, 0, exposure.stdout.trim().split('\n').slice(-1)[0] ?? '');
  // The program is not installed here.
  const copy = join(lab.folder, 'mcc.service');
  writeFileSync(copy, readFileSync(unit, 'utf8').replaceAll('/usr/bin/mcc', '/bin/true'));
  const verified = run(['systemd-analyze', 'verify', '--man=no', '--recursive-errors=no', copy]);
  t.equal(verified.stdout + verified.stderr, '');
  t.end();
});

t.test('installs, runs as its own user, upgrades, goes without a trace', async (t) => {
  const host = lab.host('clean');
  const root = new DebianRoot(lab, host);
  await root.up();
  const before = root.files();
  t.notOk(before.has('/usr/bin/node'));

  const installed = root.install(deb);
  t.equal(installed.status, 0, installed.stderr);
  t.match(installed.stdout, /Setting up mcc[^\n]*\n($|Processing)/, 'its scripts print nothing');
  t.equal(root.must(['mcc', '--version']).trim(), VERSION);
  t.match(root.must(['getent', 'passwd', 'mcc']), /:\/var\/lib\/mcc:\/usr\/sbin\/nologin/);

  let daemon = await root.daemon(lab);
  t.match(root.must(['mcc', 'status']), /belongs to no network/);
  const pid = root.must(['cat', '/var/lib/mcc/daemon.pid']).trim();
  t.equal(root.must(['stat', '-c', '%U', `/proc/${pid}`]).trim(), 'mcc');
  t.match(
    root.must(['cat', `/proc/${pid}/status`]),
    /^CapBnd:\t0000000000001400$/m,
    'NET_ADMIN and NET_BIND_SERVICE',
  );
  root.must(['mcc', 'init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha']);
  await until('an interface', () => root.links().includes('mcc0'));
  root.must(['mcc', 'service', 'add', 'db', '--port', '5432', '--target', '127.0.0.1:5432']);
  t.match(root.must(['nft', 'list', 'tables']), /mcc/);
  const { nodeId } = JSON.parse(root.must(['mcc', 'status', '--json'])) as Status;

  // An upgrade while it runs; what the service manager would do is done by hand.
  const next = nextVersion();
  const upgraded = root.install(next);
  t.equal(upgraded.status, 0, upgraded.stderr);
  t.equal((JSON.parse(root.must(['mcc', 'status', '--json'])) as Status).nodeId, nodeId, 'nobody stopped it');
  await root.stop(daemon);
  daemon = await root.daemon(lab);
  t.equal((JSON.parse(root.must(['mcc', 'status', '--json'])) as Status).nodeId, nodeId);

  // While the service is stopped, a command of root's leaves everything to the service's user.
  await root.stop(daemon);
  root.must(['rm', '-rf', '/run/mcc']);
  t.match(root.must(['mcc', 'service', 'list']), /^db /m);
  t.equal(root.must(['find', '/var/lib/mcc', '-not', '-user', 'mcc']), '');
  daemon = await root.daemon(lab);

  // Killed: the stop hook mends, the interface stays; removal takes that too.
  await root.stop(daemon, 'KILL');
  t.match(root.must(['nft', 'list', 'tables']), /mcc/);
  const mended = root.afterStop();
  t.equal(mended.status, 0, mended.stderr);
  t.equal(root.must(['nft', 'list', 'tables']), '');
  t.ok(root.links().includes('mcc0'));
  const removed = root.run(['dpkg', '--remove', 'mcc']);
  t.equal(removed.status, 0, removed.stdout + removed.stderr);
  t.equal(removed.stderr, '');
  t.notOk(root.links().includes('mcc0'));
  t.match(root.must(['ls', '/var/lib/mcc']), 'state.db');

  // Once more, on the old state; then for good.
  root.install(deb);
  daemon = await root.daemon(lab);
  t.equal((JSON.parse(root.must(['mcc', 'status', '--json'])) as Status).nodeId, nodeId);
  await root.stop(daemon);
  const purged = root.run(['dpkg', '--purge', 'mcc']);
  t.equal(purged.status, 0, purged.stdout + purged.stderr);
  t.equal(purged.stderr, '');
  t.same(
    [...root.files()].filter((path) => !before.has(path)),
    [],
    'no file',
  );
  t.equal(root.run(['getent', 'passwd', 'mcc']).status, 2, 'no user');
  t.equal(root.run(['getent', 'group', 'mcc']).status, 2, 'no group');
  t.notOk(root.links().includes('mcc0'), 'no interface');
  t.equal(root.must(['nft', 'list', 'ruleset']), '', 'no rule');
  for (const folder of ['/etc/mcc', '/var/lib/mcc', '/run/mcc', '/usr/lib/mcc']) {
    t.equal(root.run(['test', '-e', folder]).status, 1, folder);
  }
});

function nextVersion(): string {
  const control = join(tree, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${NEXT}`));
  const path = join(lab.folder, `mcc_${NEXT}_amd64.deb`);
  must(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, path]);
  return path;
}

t.test('two roots reach each other by name', async (t) => {
  const [a, b] = [lab.host('alpha'), lab.host('bravo')];
  lab.wire(a, ['10.77.0.1/24'], b, ['10.77.0.2/24']);
  const roots = [new DebianRoot(lab, a), new DebianRoot(lab, b)] as const;
  for (const root of roots) {
    await root.up();
    t.equal(root.install(deb).status, 0);
    await root.daemon(lab);
  }
  const [alpha, bravo] = roots;
  alpha.must(['mcc', 'init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha']);
  const token = lastLine(alpha.must(['mcc', 'invite', '--address', '10.77.0.1:9376']));
  bravo.must(['mcc', 'join', '-', '--name', 'bravo'], token);
  // The only server that the image has.
  alpha.start(lab, ['perl', '-MIO::Socket::INET', '-e', SERVER]);
  alpha.must(['mcc', 'service', 'add', 'hello', '--port', '8080']);
  const status = JSON.parse(bravo.must(['mcc', 'status', '--json'])) as Status & {
    dns: { addresses: string[] };
  };
  writeFileSync(join(bravo.folder, 'etc/resolv.conf'), `nameserver ${status.dns.addresses[0]}\n`);
  const page = await until(
    'an answer',
    () => {
      const done = bravo.run(['curl', '--silent', '--max-time', '2', 'http://hello.mcc:8080/']);
      return done.status === 0 ? done.stdout : undefined;
    },
    30_000,
  );
  t.equal(page, 'hello from alpha');
});

const SERVER = `
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 8, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  while (<$client>) { last if /^\\r?$/ }
  print $client "HTTP/1.0 200 OK\\r\\nContent-Length: 16\\r\\n\\r\\nhello from alpha";
  close $client;
}
`;
