// Every example of the README's section on the API, as it stands there, against a real daemon.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Answered, describedBy } from '../host/api/described.ts';
import { get } from '../host/api/tools.ts';
import { privateNamespace } from '../native/twin.ts';
import { daemon, errorOf, folder, mcc } from './run.ts';

privateNamespace(import.meta.filename);

const noCurl = spawnSync('curl', ['--version']).status === 0 ? false : 'needs curl';
const ADDRESS = '192.0.2.1';

interface Example {
  readonly command: string;
  /** What the README says that it prints; undefined: it says nothing. */
  readonly output: unknown;
}

function examples(): Example[] {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('\n## API\n') + 1);
  const api = section.slice(0, section.indexOf('\n## '));
  const blocks = [...api.matchAll(/```sh\n([\s\S]*?)```\n(?:```json\n([\s\S]*?)```)?/g)];
  return blocks.map(([, command, output]) => ({
    command,
    output: output === undefined ? undefined : JSON.parse(output),
  }));
}

t.setTimeout(115_000);

t.test('every example of the README', { skip: noCurl }, async (t) => {
  const home = folder(t);
  const [a, b] = [join(home, 'a'), join(home, 'b')];
  for (const words of [
    ['link', 'set', 'lo', 'up'],
    ['link', 'add', 'outer', 'type', 'veth', 'peer', 'name', 'other'],
    ['address', 'add', `${ADDRESS}/24`, 'dev', 'outer'],
    ['link', 'set', 'outer', 'up'],
    ['link', 'set', 'other', 'up'],
  ]) {
    t.equal(spawnSync('ip', words).status, 0);
  }
  t.equal(mcc(['init', '--name', 'alpha', '--state', a]).status, 0);
  writeFileSync(join(a, 'mcc.yaml'), 'api: {listen: "127.0.0.1:9377"}\n');
  const words = ['--listen', `${ADDRESS}:9376`, '--advertise', `${ADDRESS}:9376`, '--interface', 'mcca'];
  await daemon(t, ['--state', a, ...words]);
  const token = mcc(['invite', '--address', `${ADDRESS}:9376`, '--state', a]).stdout;
  t.equal(mcc(['join', '-', '--name', 'bravo', '--state', b], { input: token }).status, 0);
  await daemon(t, ['--state', b, '--listen', `${ADDRESS}:9386`, '--interface', 'mccb']);
  // What HTTP refuses is a failure of the command.
  mkdirSync(join(home, 'curl'));
  writeFileSync(join(home, 'curl', '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');

  const all = examples();
  t.ok(all.length > 10);
  const socket = join(a, 'mcc.sock');
  const faultOf = describedBy(JSON.parse((await get(socket, '/openapi.json')).text));
  for (const { command, output } of all) {
    const script = command.replaceAll('/run/mcc/mcc.sock', socket).replaceAll('/var/lib/mcc', a);
    const done = await run(
      script,
      join(home, 'curl'),
      command.includes('/v1/events') ? /event: / : undefined,
    );
    if (output !== undefined) t.same(JSON.parse(done.stdout), output, command);
    else t.equal(done.status, 0, command, { stdout: done.stdout, stderr: done.stderr });
    t.equal(faultOf(answered(command, done.stdout)), undefined, `${command}: as described`);
    if (command.includes('-X DELETE')) t.equal(done.stdout, '');
    else t.not(done.stdout, '');
  }
  t.equal(errorOf(mcc(['service', 'remove', 'hello', '--json', '--state', a])).code, 'SERVICE_UNKNOWN');
});

/** What curl got, as far as the command and its output tell. */
function answered(command: string, body: string): Answered {
  const [, url] = /http:\/\/[^/]+(\/\S+)/.exec(command) ?? [];
  const [, method] = /-X (\w+)/.exec(command) ?? [undefined, command.includes('--json') ? 'POST' : 'GET'];
  const path = url ?? '';
  if (body === '') return { method, path, status: 204, type: '', body };
  const text = { '/v1/events': 'text/event-stream', '/metrics': 'text/plain' }[path];
  if (text !== undefined) return { method, path, status: 200, type: text, body };
  const { error } = JSON.parse(body);
  if (error !== undefined) return { method, path, status: 400, type: 'application/problem+json', body };
  return { method, path, status: path === '/v1/records' ? 201 : 200, type: 'application/json', body };
}

interface Shown {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `until`: what comes without end is enough when it matches. */
function run(script: string, curlHome: string, until?: RegExp): Promise<Shown> {
  return new Promise((resolve) => {
    // exec: what is killed is curl and not the shell alone.
    const child = spawn('sh', ['-ec', `exec ${script}`], { env: { ...process.env, CURL_HOME: curlHome } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (until?.test(stdout)) child.kill();
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (status) => resolve({ status: until?.test(stdout) ? 0 : status, stdout, stderr }));
  });
}
