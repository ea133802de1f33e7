// Names, records and services as the program shows them, against an API in this process.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import t, { type Test } from 'tap';
import { serve } from '../host/api/tools.ts';
import { type Done, errorOf, PROGRAM } from './run.ts';

type Program = (...args: string[]) => Promise<Done>;

/** The program and a node for it; `input` goes to its standard input. */
async function node(t: Test, input: string | Uint8Array = ''): Promise<Program> {
  const { socket } = await serve(t);
  return (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [PROGRAM, ...args, '--state', dirname(socket)]);
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('latin1').on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, stdout, stderr }));
      child.stdin.on('error', () => undefined).end(input);
    });
}

t.test('service list shows health and why', async (t) => {
  const mcc = await node(t);
  const added = await mcc('service', 'add', 'web', '--port', '80', '--json');
  t.match(JSON.parse(added.stdout), { name: 'web', check: 'tcp', health: { state: 'unhealthy' } });
  await mcc('service', 'add', 'log', '--port', '514', '--protocol', 'udp');
  await mcc('service', 'add', 'raw', '--port', '9', '--check', 'none');
  const { stdout } = await mcc('service', 'list');
  t.match(stdout, /^SERVICE +PROTOCOL +PORT +TARGET +WEIGHT +HEALTH +OPEN TO\n/);
  t.match(stdout, /\nweb +tcp +80 +this host +100 +unhealthy +own organisation\n/);
  t.match(stdout, /\n! web: connection refused\n/);
  const { services } = JSON.parse((await mcc('service', 'list', '--json')).stdout);
  t.same(
    services.map(({ check }: { check: string }) => check),
    ['tcp', 'none', 'none'],
  );
});

t.test('status names this node, how names are wired, and what does not answer', async (t) => {
  const mcc = await node(t);
  await mcc('service', 'add', 'web', '--port', '80');
  const { stdout } = await mcc('status');
  t.match(stdout, /\nfd00::1 {2}100\.64\.0\.1 {2}alpha\.node\.mcc {2}no interface {2}DNS none\n/);
  t.match(stdout, /\nservice web on tcp port 80, unhealthy: connection refused\n/);
});

t.test('resolve tells addresses and endpoints', async (t) => {
  const mcc = await node(t);
  await mcc('service', 'add', 'hello', '--port', '8080');
  const shown = await mcc('resolve', 'hello');
  t.equal(shown.status, 0);
  t.match(
    shown.stdout,
    /^hello\.mcc {2}fd00::1 {2}100\.64\.0\.1\nNODE .*HEALTH\nalpha +fd00::1 +8080 +tcp +100 +unhealthy\n$/,
  );
  const { name, endpoints } = JSON.parse((await mcc('resolve', 'hello.mcc', '--json')).stdout);
  t.equal(name, 'hello.mcc');
  t.match(endpoints, [{ nodeName: 'alpha', port: 8080, protocol: 'tcp', healthy: false }]);
  t.equal((await mcc('resolve', 'alpha.node')).stdout, 'alpha.node.mcc  fd00::1\n');
});

t.test('put and get', async (t) => {
  const mcc = await node(t);
  t.match((await mcc('put', 'colour', 'blue')).stdout, /^colour: stored at 1 node for /);
  t.equal((await mcc('get', 'colour')).stdout, 'blue\n');
  t.match(JSON.parse((await mcc('get', 'colour', '--json')).stdout), {
    key: 'colour',
    records: [{ value: 'blue' }],
  });
  t.match((await mcc('records')).stdout, /^KIND +NAME .*\nuser +colour +[0-9a-z]{16} /);
  await mcc('put', 'a/b ?%', 'odd');
  t.match(JSON.parse((await mcc('records', '--json')).stdout).records, [
    { name: 'colour' },
    { name: 'a/b ?%' },
  ]);
  t.equal((await mcc('get', 'a/b ?%')).stdout, 'odd\n');
  const hash = (await mcc('put', '--immutable', 'for ever')).stdout.trim();
  t.match(hash, /^[0-9a-z]{52}$/);
  t.equal((await mcc('get', hash)).stdout, 'for ever\n');
  t.equal(errorOf(await mcc('put', hash, 'other', '--json')).code, 'RECORD_KEY_INVALID');
  t.equal(errorOf(await mcc('put', 'long', 'x'.repeat(821), '--json')).code, 'RECORD_TOO_LARGE');
  const missing = await mcc('get', 'nothing');
  t.equal(missing.status, 1);
  t.match(missing.stderr, /^mcc: nothing\. No value is stored .* \(RECORD_UNKNOWN\)\n$/);
});

t.test('forget takes a value back, by name or hash', async (t) => {
  const mcc = await node(t);
  await mcc('put', 'a/b ?%', 'odd');
  const hash = (await mcc('put', '--immutable', 'for ever')).stdout.trim();
  t.match((await mcc('forget', 'a/b ?%')).stdout, /^a\/b \?%: taken back/);
  t.equal((await mcc('get', 'a/b ?%')).status, 1);
  t.strictSame(JSON.parse((await mcc('forget', hash, '--json')).stdout), { key: hash, removed: true });
  t.equal((await mcc('get', hash)).status, 1);
  const again = await mcc('forget', hash, '--json');
  t.equal(again.status, 1);
  t.equal(errorOf(again).code, 'RECORD_UNKNOWN');
});

t.test('bytes of standard input come back as they were', async (t) => {
  const bytes = Uint8Array.of(0, 255, 10, 27, 128);
  const mcc = await node(t, bytes);
  t.equal((await mcc('put', 'bytes', '-')).status, 0);
  t.same(Buffer.from((await mcc('get', 'bytes')).stdout, 'latin1'), Buffer.from(bytes));
  t.match(JSON.parse((await mcc('get', 'bytes', '--json')).stdout), { records: [{ value: null }] });
});

t.test('what may have been meant is suggested', async (t) => {
  const mcc = await node(t);
  await mcc('service', 'add', 'hello', '--port', '80');
  for (const args of [
    ['resolve', 'helo'],
    ['service', 'remove', 'hallo'],
  ]) {
    const done = await mcc(...args);
    t.equal(done.status, 1);
    t.match(done.stderr, 'did you mean hello', args.join(' '));
  }
  t.match((await mcc('ping', 'bravp')).stderr, /bravp; did you mean bravo\. .* \(PEER_UNKNOWN\)/);
  t.notMatch((await mcc('ping', 'elsewhere')).stderr, 'did you mean');
});
