// `mcc mend`: what the service manager runs after the daemon's end, and the package before it goes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { daemon, ended, errorOf, folder, mcc } from './run.ts';

t.setTimeout(115_000);

const INTERFACE = ['--interface', 'mcc-no-such'];

t.test('takes back what a daemon that was killed left recorded, also with a broken configuration', (t) => {
  const state = join(folder(t), 'state');
  mkdirSync(state, { mode: 0o700 });
  const record = join(state, 'dns.json');
  const change = { version: 1, mode: 'resolved', interfaceName: 'mcc-no-such', interfaceIndex: 2 ** 30 };
  for (const config of ['', 'intreface: x\n']) {
    writeFileSync(record, JSON.stringify(change));
    writeFileSync(join(state, 'mcc.yaml'), config);
    const done = mcc(['mend', '--state', state, ...INTERFACE, '--remove-interface']);
    t.equal(done.status, 0, done.stderr);
    t.equal(done.stdout, '');
    t.match(done.stderr, /"event":"dnsRestored"/);
    t.notOk(existsSync(record));
  }
  t.end();
});

t.test('does nothing where nothing is', (t) => {
  const state = join(folder(t), 'state');
  const done = mcc(['mend', '--state', state, ...INTERFACE]);
  t.equal(done.status, 0, done.stderr);
  t.notOk(existsSync(state));
  t.end();
});

t.test('refuses while a daemon runs, and what it does not know', async (t) => {
  const state = join(folder(t), 'state');
  const child = await daemon(t, ['--state', state]);
  const refused = mcc(['mend', '--json', '--state', state, ...INTERFACE]);
  t.equal(refused.status, 1);
  t.equal(errorOf(refused).code, 'ALREADY_RUNNING');
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
  t.equal(mcc(['mend', '--all', '--state', state]).status, 2);
});
