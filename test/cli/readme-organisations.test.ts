// The commands of the README's section on organisations, as they stand there, on four machines of which one has no network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { OrganisationList, Status } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { daemon, folder, mcc, PROGRAM } from './run.ts';
import { ACME, addressed, json } from './vault.ts';

privateNamespace(import.meta.filename);
t.setTimeout(240_000);
addressed();

interface Line {
  readonly host: string;
  readonly command: string;
}

function lines(): Line[] {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('\n## Several organisations\n') + 1);
  const text = section.slice(0, section.indexOf('\n## '));
  return [...text.matchAll(/^(\w+)\$ +(mcc .*?)(?: +#.*)?$/gm)].map(([, host, command]) => ({
    host,
    command,
  }));
}

t.test('every command of the section', async (t) => {
  const home = folder(t);
  // What the commands write goes from machine to machine, as by mail.
  const mail = join(home, 'mail');
  mkdirSync(mail);
  const state = (host: string) => join(home, host);
  const { recoveryPhrase } = json<{ recoveryPhrase: string }>([...ACME, '--state', state('acme')]);
  writeFileSync(join(mail, 'phrase'), recoveryPhrase, { mode: 0o600 });
  const listen = ['--listen', '192.0.2.1:9376', '--advertise', '192.0.2.1:9376', '--interface', 'mcca'];
  await daemon(t, ['--state', state('acme'), ...listen]);
  const token = mcc(['invite', '--address', '192.0.2.1:9376', '--state', state('acme')]).stdout;
  const joined = mcc(['join', '-', '--name', 'second', '--state', state('second')], { input: token });
  t.equal(joined.status, 0, joined.stderr);

  const all = lines();
  t.equal(all.length, 12);
  for (const { host, command } of all) {
    const [, words, file] = /^mcc (.*?)(?: > (\w+))?$/.exec(command) ?? [];
    const program = `"${process.execPath}" "${PROGRAM}" ${words} --state "${state(host)}"`;
    const script = host === 'vault' ? `exec unshare --net ${program}` : `exec ${program}`;
    const done = spawnSync('sh', ['-c', script], { cwd: mail, encoding: 'utf8', timeout: 60_000 });
    t.equal(done.status, 0, `${host}$ ${command}`, { stdout: done.stdout, stderr: done.stderr });
    if (file !== undefined) writeFileSync(join(mail, file), done.stdout);
  }
  const [globex] = json<OrganisationList>(['organisation', 'list', '--state', state('globex')]).organisations;
  t.match(globex, { name: 'globex', own: true });
  t.match(json<Status>(['status', '--state', state('second')]), { organisation: 'acme', signer: true });
});
