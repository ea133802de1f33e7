import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { errorOf, folder, mcc, PROGRAM } from './run.ts';

t.setTimeout(115_000);

t.test('help and version go to standard output and load no command', (t) => {
  for (const args of [['--help'], ['status', '--help'], ['run', '--help'], ['--version']]) {
    const done = mcc(args);
    t.equal(done.status, 0, args.join(' '));
    t.not(done.stdout, '');
    t.equal(done.stderr, '');
  }
  t.match(
    mcc(['--help']).stdout,
    /init[\s\S]*invite[\s\S]*join[\s\S]*run[\s\S]*status[\s\S]*peers[\s\S]*ping[\s\S]*netcheck[\s\S]*resolve[\s\S]*records[\s\S]*put[\s\S]*get[\s\S]*forget[\s\S]*service/,
  );
  t.match(mcc(['invite', '--help']).stdout, /--uses[\s\S]*--expires[\s\S]*--address/);
  t.end();
});

const WRONG: [args: string[], message: RegExp][] = [
  [[], /which command/],
  [['statsu'], /Did you mean status/],
  [['nonsense'], /Unknown/],
  [['status', '--colour'], /colour/],
  [['ping'], /Not enough/],
  [['ping', 'bravo', '-c', '0'], /--count takes a whole number from 1 to 1000/],
  [['ping', 'bravo', '-c', 'many'], /--count takes/],
  [['join'], /no token; give it as/],
  [['join', 'mcc1x', '--token-file', 'f'], /not both/],
  [['join', 'mcc1x', '--name', 'Not_A_Name'], /lower-case/],
  [['init', '--network=-x-'], /lower-case/],
  [['init', '--root-key-file', 'f'], /go together/],
  [['invite', '--expires', 'soon'], /30m, 24h or 7d/],
  [['invite', '--uses', '0'], /--uses takes/],
  [['invite', '--address', 'not an address'], /192\.0\.2\.1:9376/],
  [['invite', '--address', 'host:99999'], /192\.0\.2\.1:9376/],
  [['service', 'add'], /needs a NAME/],
  [['service', 'add', 'web'], /needs --port/],
  [['service', 'add', 'web', '--port', '70000'], /--port takes/],
  [['service', 'start', 'web'], /Choices/],
  [['service', 'add', 'web', '--port', '80', '--protocol', 'sctp'], /Choices/],
  [['service', 'add', 'web', '--port', '80', '--check', 'icmp'], /Choices/],
  [
    ['service', 'add', 'web', '--port', '80', '--protocol', 'udp', '--check', 'tcp'],
    /UDP answers no connect/,
  ],
  [['resolve'], /Not enough/],
  [['import'], /needs either a SERVICE\.ORGANISATION or --list/],
  [['import', 'shop.globex', '--list'], /needs either/],
  [['import', '--list', '--as', 'shop'], /--as goes with/],
  [['import', 'shop.globex', '--as', 'Sh_op'], /lower-case/],
  [['unimport'], /Not enough/],
  [['reslove', 'web'], /Did you mean resolve/],
  [['get'], /Not enough/],
  [['forget'], /Not enough/],
  [['put', 'colour'], /needs a KEY and a VALUE/],
  [['put', '--immutable', 'colour', 'blue'], /has no key/],
  [['run', '--bogus'], /Unknown option '--bogus'/],
  [['run', '--listen', 'nowhere'], /--listen: expected ADDRESS:PORT/],
  [['run', '--interface', 'this-name-is-too-long'], /--interface: expected/],
  [['run', '--advertise', 'bad host'], /--advertise: expected HOST:PORT/],
];

t.test('wrong usage: exit status 2, one line that says what is right', (t) => {
  const state = folder(t);
  for (const [args, message] of WRONG) {
    const words = args.length === 0 ? args : [...args, '--state', state];
    const plain = mcc(words);
    t.equal(plain.status, 2, args.join(' '));
    t.equal(plain.stdout, '');
    t.match(plain.stderr, message);
    t.match(plain.stderr, /^mcc: [^\n]* \([A-Z_]+\)\n$/);
  }
  t.end();
});

t.test('with --json errors are JSON on standard output', (t) => {
  const usage = mcc(['ping', '--json']);
  t.equal(usage.status, 2);
  t.equal(errorOf(usage).code, 'USAGE');
  t.equal(usage.stderr, '');
  const absent = mcc(['status', '--json', '--state', folder(t)]);
  t.equal(absent.status, 1);
  t.equal(errorOf(absent).code, 'DAEMON_UNREACHABLE');
  t.end();
});

t.test('a configuration error stops the daemon with file and line', (t) => {
  const state = folder(t);
  writeFileSync(join(state, 'mcc.yaml'), 'mtu: 1400\nintreface: x\n');
  const done = mcc(['run', '--state', state]);
  t.equal(done.status, 1);
  t.match(done.stderr, `${state}/mcc.yaml:2: unknown key "intreface"; did you mean "interface"?`);
  t.match(
    errorOf(mcc(['init', '--json', '--state', state])),
    { code: 'CONFIG_INVALID' },
    'through the child too',
  );
  t.end();
});

/** Whether the event loop of a process looks at its standard input. */
function isListening(pid: number): boolean {
  const folder = `/proc/${pid}/fdinfo`;
  const watches = (number: string): boolean => /^tfd: +0 /m.test(readFileSync(join(folder, number), 'utf8'));
  try {
    return readdirSync(folder).some(watches);
  } catch {
    return false; // A descriptor was closed meanwhile.
  }
}

t.test('what comes late on a standard input that does not block is waited for', async (t) => {
  const child = spawn(process.execPath, [
    PROGRAM,
    'join',
    '-',
    '--json',
    '--state',
    join(folder(t), 'state'),
  ]);
  t.teardown(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const ended = once(child, 'close');
  while (child.exitCode === null && !isListening(child.pid ?? 0)) await setImmediate();
  child.stdin.on('error', () => undefined).end('not a token');
  await ended;
  t.equal(JSON.parse(text).error.code, 'TOKEN_MALFORMED');
});
