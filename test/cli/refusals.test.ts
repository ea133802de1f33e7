// What the world may lack: rights, /dev/net/tun, room on the disk, the right time.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { privateNamespace } from '../native/twin.ts';
import { daemon, ended, errorOf, folder, mcc } from './run.ts';

privateNamespace(import.meta.filename);
t.setTimeout(115_000);

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** A state directory that belongs to a network. */
function founded(t: Parameters<typeof folder>[0]): string {
  const state = join(folder(t), 'state');
  const done = mcc(['init', '--name', 'alpha', '--state', state]);
  if (done.status !== 0) throw new Error(done.stderr);
  return state;
}

t.test('without root there is no interface', (t) => {
  const home = folder(t);
  chmodSync(home, 0o711);
  const state = join(home, 'state');
  mkdirSync(state, { mode: 0o700 });
  spawnSync('chown', ['65534:65534', state]);
  t.equal(
    mcc(['init', '--name', 'alpha', '--state', state], { launcher: NOBODY }).status,
    0,
    'init needs no rights',
  );
  const run = mcc(['run', '--json', '--state', state], { launcher: NOBODY });
  t.equal(run.status, 1);
  t.equal(errorOf(run).code, 'NOT_ROOT');
  const foreign = mcc(['run', '--json', '--state', founded(t)], { launcher: NOBODY });
  t.match(errorOf(foreign), { code: 'CONFIG_UNREADABLE', message: /EACCES/ });
  t.end();
});

t.test('no /dev/net/tun', (t) => {
  const launcher = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /dev/net && exec "$@"', 'sh'];
  const run = mcc(['run', '--json', '--state', founded(t)], { launcher });
  t.equal(run.status, 1);
  t.equal(errorOf(run).code, 'NO_TUN');
  t.match(errorOf(run).message, 'modprobe tun');
  t.end();
});

t.test('a full disk: refused, and nothing that was there is lost', async (t) => {
  const state = join(folder(t), 'state');
  mkdirSync(state, { mode: 0o700 });
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'none', state]);
  t.equal(mount.status, 0);
  t.teardown(() => spawnSync('umount', ['--lazy', state]));
  t.equal(mcc(['init', '--name', 'alpha', '--state', state]).status, 0);
  const child = await daemon(t, ['--state', state, '--listen', '127.0.0.1:0', '--interface', 'mccd']);
  const fill = spawnSync('dd', ['if=/dev/zero', `of=${join(state, 'ballast')}`, 'bs=1k']);
  t.match(fill.stderr.toString(), 'No space left');
  const invite = ['invite', '--address', '192.0.2.1:9376', '--state', state];
  let refused = mcc([...invite, '--json']);
  // The log of the database may have room for a few more.
  for (let i = 0; i < 50 && refused.status === 0; i++) refused = mcc([...invite, '--json']);
  t.equal(refused.status, 1);
  t.equal(errorOf(refused).code, 'DISK_FULL');
  t.match(mcc(['status', '--state', state]).stdout, /^alpha .* 1 warning /, 'status says so');
  spawnSync('rm', [join(state, 'ballast')]);
  t.equal(mcc(invite).status, 0, 'with room again it goes on');
  t.match(mcc(['status', '--state', state]).stdout, /^alpha .* healthy /);
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});

t.test('a clock far off', (t) => {
  const state = founded(t);
  const later = (ms: number): void => {
    const database = new DatabaseSync(join(state, 'state.db'));
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('savedTimeMs', ?)").run(Date.now() + ms);
    database.close();
  };
  later(400 * 86_400_000);
  const expired = mcc(['run', '--json', '--state', state]);
  t.equal(errorOf(expired).code, 'CERTIFICATE_EXPIRED');
  t.match(errorOf(expired).message, /set the clock/);
  later(3_600_000);
  t.match(mcc(['status', '--state', state]).stdout, /clock of this host is far off/);
  t.end();
});
