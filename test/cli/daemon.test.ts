// The daemon as its supervisor sees it: signals, readiness, what it does when nothing happens.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import t from 'tap';
import { daemon, ended, folder, mcc, PROGRAM, until } from './run.ts';

t.setTimeout(115_000);

t.test('SIGHUP takes over the log level and says what is wrong with the file', async (t) => {
  const state = join(folder(t), 'state');
  mkdirSync(state, { mode: 0o700 });
  const child = await daemon(t, ['--state', state]);
  writeFileSync(join(state, 'mcc.yaml'), 'logLevel: debug\n');
  child.kill('SIGHUP');
  await child.says(/"event":"reloaded"/);
  writeFileSync(join(state, 'mcc.yaml'), '\nlogLevel: loud\n');
  child.kill('SIGHUP');
  await child.says(/"event":"reloadFailed","code":"CONFIG_INVALID","message":"[^"]*mcc\.yaml:2: /);
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});

const noSocat = spawnSync('socat', ['-V']).status === 0 ? false : 'needs socat';

t.test('the service manager is told when it is ready and when it stops', { skip: noSocat }, async (t) => {
  const home = folder(t);
  const [socket, heard] = [join(home, 'notify.sock'), join(home, 'heard')];
  const listener = spawn('socat', ['-u', `UNIX-RECV:${socket}`, `OPEN:${heard},creat`], { stdio: 'ignore' });
  t.teardown(() => listener.kill());
  await until(() => existsSync(socket));
  process.env.NOTIFY_SOCKET = socket;
  t.teardown(() => {
    delete process.env.NOTIFY_SOCKET;
  });
  const child = await daemon(t, ['--state', join(home, 'state')]);
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
  await until(() => readFileSync(heard, 'utf8').includes('STOPPING'));
  t.equal(readFileSync(heard, 'utf8'), 'READY=1STOPPING=1');
});

t.test('the service manager hears that the daemon lives, if it asks', { skip: noSocat }, async (t) => {
  const home = folder(t);
  const [socket, heard] = [join(home, 'notify.sock'), join(home, 'heard')];
  const listener = spawn('socat', ['-u', `UNIX-RECV:${socket}`, `OPEN:${heard},creat`], { stdio: 'ignore' });
  t.teardown(() => listener.kill());
  await until(() => existsSync(socket));
  Object.assign(process.env, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '90000' });
  t.teardown(() => {
    delete process.env.NOTIFY_SOCKET;
    delete process.env.WATCHDOG_USEC;
  });
  const child = await daemon(t, ['--state', join(home, 'state')]);
  await until(() => /READY=1(WATCHDOG=1){3}/.test(readFileSync(heard, 'utf8')));
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});

t.test('SIGUSR1 opens no debugger', async (t) => {
  const child = await daemon(t, ['--state', join(folder(t), 'state')]);
  child.kill('SIGUSR1');
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
  t.notMatch(child.text(), /debugger/i);
});

t.test('a request in flight does not hold up the stop', async (t) => {
  const state = join(folder(t), 'state');
  const child = await daemon(t, ['--state', state]);
  const events = request({ socketPath: join(state, 'mcc.sock'), path: '/v1/events', agent: false });
  const closed = new Promise((resolve) => events.once('close', resolve));
  events.on('error', () => undefined).end();
  await new Promise((resolve) => events.once('response', (response) => response.once('data', resolve)));
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
  await closed;
});

t.test('the daemon that a command started goes when the command is killed', async (t) => {
  const home = folder(t);
  const [a, b] = [join(home, 'a'), join(home, 'b')];
  t.equal(mcc(['init', '--name', 'alpha', '--state', a]).status, 0);
  const token = mcc(['invite', '--address', '192.0.2.1:9', '--state', a]).stdout;
  writeFileSync(join(home, 'token'), token, { mode: 0o600 });
  const words = ['join', '--token-file', join(home, 'token'), '--state', b];
  const command = spawn(process.execPath, [PROGRAM, ...words], { stdio: 'ignore' });
  t.teardown(() => command.kill('SIGKILL'));
  const socket = join(b, 'mcc.sock');
  await until(() => existsSync(socket));
  t.equal(command.exitCode, null);
  command.kill('SIGKILL');
  await until(() => !existsSync(socket));
  t.equal(mcc(['init', '--name', 'bravo', '--state', b]).status, 0, 'its state is free');
});

t.test('output that nobody reads is no error', (t) => {
  const program = join(import.meta.dirname, '../../dist/mcc.js');
  const done = spawnSync('sh', ['-c', `"${process.execPath}" "${program}" --help | true`], {
    encoding: 'utf8',
  });
  t.equal(done.stderr, '');
  t.end();
});
