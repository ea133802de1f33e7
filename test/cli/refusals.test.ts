// What the world may lack: rights, /dev/net/tun, room on the disk, the right time.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { privateNamespace } from '../native/twin.ts';
import { daemon, ended, errorOf, folder, mcc, mccAsNobody } from './run.ts';

privateNamespace(import.meta.filename);
t.setTimeout(115_000);

const HOUR = 3_600_000;

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
  t.equal(mccAsNobody(['init', '--name', 'alpha', '--state', state]).status, 0, 'init needs no rights');
  const run = mccAsNobody(['run', '--json', '--state', state]);
  t.equal(run.status, 1);
  t.equal(errorOf(run).code, 'NOT_ROOT');
  const foreign = mccAsNobody(['run', '--json', '--state', founded(t)]);
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
  const child = await daemon(t, ['--state', state, '--listen', '0.0.0.0:0', '--interface', 'mccd']);
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

/** Makes the state believe that it was saved so much later. */
function later(state: string, ms: number): void {
  const database = new DatabaseSync(join(state, 'state.db'));
  database.prepare("INSERT OR REPLACE INTO meta VALUES ('savedTimeMs', ?)").run(Date.now() + ms);
  database.close();
}

t.test('a clock far off', (t) => {
  const state = founded(t);
  later(state, HOUR);
  t.match(mcc(['status', '--state', state]).stdout, /clock of this host is far off/);
  t.end();
});

t.test(
  'an expired certificate: a signer renews its own, another node says so and waits for a token',
  async (t) => {
    const state = founded(t);
    later(state, 400 * 24 * HOUR);
    const signer = await daemon(t, ['--state', state, '--listen', '0.0.0.0:0', '--interface', 'mccd']);
    t.match(signer.text(), /"event":"renewed"[\s\S]*"event":"started"/);
    signer.kill('SIGTERM');
    t.equal(await ended(signer), 0);

    const other = founded(t);
    rmSync(join(other, 'signer.key'));
    later(other, 400 * 24 * HOUR);
    const child = await daemon(t, ['--state', other, '--listen', '0.0.0.0:0', '--interface', 'mccd']);
    t.match(child.text(), /"event":"noMember","code":"CERTIFICATE_EXPIRED"/);
    const status = mcc(['status', '--json', '--state', other]);
    t.match(JSON.parse(status.stdout), {
      state: 'unconfigured',
      warnings: [{ code: 'CERTIFICATE_EXPIRED' }],
    });
    t.match(status.stdout, 'when the state was last saved');
    t.equal(errorOf(mcc(['invite', '--json', '--state', other])).code, 'CERTIFICATE_EXPIRED');
    t.equal(errorOf(mcc(['init', '--json', '--state', other])).code, 'ALREADY_INITIALISED');
    child.kill('SIGTERM');
    t.equal(await ended(child), 0);
  },
);

t.test('a certificate that ended lately: the node asks signers, and says so', async (t) => {
  const state = founded(t);
  rmSync(join(state, 'signer.key'));
  later(state, 40 * 24 * HOUR);
  const child = await daemon(t, ['--state', state, '--listen', '0.0.0.0:0', '--interface', 'mccd']);
  t.match(child.text(), /"event":"certificateEnded","code":"CERTIFICATE_EXPIRED"[\s\S]*"event":"started"/);
  const { warnings } = JSON.parse(mcc(['status', '--json', '--state', state]).stdout);
  t.match(warnings[0], {
    code: 'CERTIFICATE_EXPIRED',
    message: /the signers of main are asked for another until/,
  });
  t.equal(errorOf(mcc(['join', 'mcc1nonsense', '--json', '--state', state])).code, 'TOKEN_MISTYPED');
  t.match(mcc(['status', '--state', state]).stdout, /signers of main/, 'it goes on asking');
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});

t.test('keys without a database are spoken of', async (t) => {
  const state = founded(t);
  for (const name of ['state.db', 'state.db-wal']) rmSync(join(state, name), { force: true });
  const child = await daemon(t, ['--state', state]);
  t.match(mcc(['status', '--state', state]).stdout, /there are keys here but no state\.db/);
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});
