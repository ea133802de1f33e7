// Guests through the program alone: opening, the way in, closing, and what is refused.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { GuestInviteResult, GuestsResult, InviteResult, Status } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { daemon, ended, errorOf, folder, mcc, PROGRAM } from './run.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

function json<T>(args: string[], input = ''): T {
  const done = mcc([...args, '--json'], { input });
  if (done.status !== 0) throw new Error(`mcc ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

t.test('a guest comes in for a proof of work, while the organisation lets guests in', async (t) => {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  spawnSync('ip', ['address', 'add', '192.0.2.1/32', 'dev', 'lo']);
  const home = folder(t);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(home, name));
  json(['init', '--network', 'plant-net', '--organisation', 'acme', '--name', 'alpha', '--state', a]);
  const alpha = await daemon(t, ['--state', a, '--listen', '192.0.2.1:0', '--interface', 'mcca']);
  const [listen] = json<Status>(['status', '--state', a]).listen;

  t.match(json<GuestsResult>(['guests', 'status', '--state', a]), { open: false, guests: 0 });
  const early = json<GuestInviteResult>(['invite', '--guests', '--address', listen, '--state', a]);
  t.ok(
    early.warnings.some(({ code }) => code === 'GUESTS_CLOSED'),
    'the invitation says that nobody is let in yet',
  );
  t.match(early.token, /^mccg1[0-9a-z]+$/);
  const started = performance.now();
  const closed = mcc(['join', '--guest', '-', '--json', '--state', b], { input: early.token });
  t.equal(errorOf(closed).code, 'GUESTS_CLOSED');
  t.match(errorOf(closed).message, /mcc guests open/);
  t.ok(performance.now() - started < 20_000, 'at once, not after a proof of work');
  t.equal(json<Status>(['status', '--state', b]).state, 'unconfigured');

  const opened = json<GuestsResult>(['guests', 'open', '--difficulty', '10', '--max', '1', '--state', a]);
  t.match(opened, { open: true, difficulty: 10, currentDifficulty: 10, max: 1 });
  const invited = mcc(['invite', '--guests', '--address', listen, '--state', a]);
  t.equal(invited.stdout.trim(), early.token, 'it holds no secret, so it is the same');

  const done = mcc(['join', '--guest', '-', '--state', b], { input: early.token });
  t.equal(done.status, 0, done.stderr);
  t.match(done.stdout, /admitted {3}by alpha as a guest/);
  t.match(done.stderr, /difficulty 10[\s\S]*working: 100 %/);
  t.match(json<Status>(['status', '--state', b]), {
    guestOf: 'acme',
    organisation: null,
    organisationId: null,
    signer: false,
  });
  t.match(mcc(['status', '--state', b]).stdout, /guest of acme/);
  t.match(json<GuestsResult>(['guests', 'status', '--state', a]), { guests: 1, max: 1 });
  const again = mcc(['join', '--guest', early.token, '--json', '--state', b]);
  t.equal(errorOf(again).code, 'ALREADY_INITIALISED');

  const offered = mcc(['service', 'add', 'web', '--port', '80', '--json', '--state', b]);
  t.equal(errorOf(offered).code, 'GUEST_NOT_ALLOWED');
  t.equal(errorOf(mcc(['put', 'colour', 'blue', '--json', '--state', b])).code, 'GUEST_NOT_ALLOWED');
  t.equal(errorOf(mcc(['guests', 'open', '--json', '--state', b])).code, 'NOT_A_SIGNER');
  t.equal(errorOf(mcc(['invite', '--guests', '--json', '--state', b])).code, 'NOT_A_SIGNER');

  const { token } = json<InviteResult>(['invite', '--address', listen, '--state', a]);
  const full = mcc(['join', '--guest', '-', '--json', '--state', c], { input: token });
  t.equal(errorOf(full).code, 'GUESTS_FULL', 'a join token leads to the same signer');
  json(['guests', 'open', '--max', '5', '--state', a]);
  t.match(json<GuestsResult>(['guests', 'status', '--state', a]), { difficulty: 10, max: 5 });

  await t.test('SIGINT ends the work, and nothing is changed', async (t) => {
    json(['guests', 'open', '--difficulty', '30', '--state', a]);
    const d = join(home, 'd');
    const child = spawn(process.execPath, [PROGRAM, 'join', '--guest', early.token, '--state', d], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (chunk) => {
        text += chunk;
        if (text.includes('working:')) resolve();
      }),
    );
    child.kill('SIGINT');
    t.equal(await ended(child), 1);
    t.match(text, /Stopped before it was done/);
    t.notOk(existsSync(join(d, 'mcc.sock')));
    t.equal(json<Status>(['status', '--state', d]).state, 'unconfigured');
    t.match(json<GuestsResult>(['guests', 'status', '--state', a]), { guests: 1 });
  });

  t.match(mcc(['guests', 'close', '--state', a]).stdout, /^closed: nobody comes in; 1 guest of at most 5/);
  alpha.kill('SIGTERM');
  await ended(alpha);
  t.match(
    json<GuestsResult>(['guests', 'status', '--state', a]),
    { open: false, difficulty: 30, max: 5, guests: 1 },
    'it is on disk',
  );
});

t.test('what is said wrongly', async (t) => {
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [['guests'], /at least 1/],
    [['guests', 'welcome'], /open, close, status|"open", "close", "status"/],
    [['guests', 'close', '--max', '3'], /go with mcc guests open/],
    [['guests', 'open', '--difficulty', 'hard'], /a number or default/],
    [['guests', 'open', '--difficulty', '31'], /8 to 30/],
    [['guests', 'open', '--max', '0'], /1 to 10000/],
    [['invite', '--guests', '--tag', 'x'], /for members/],
  ];
  for (const [args, expected] of rows) {
    const done = mcc(args);
    t.not(done.status, 0, args.join(' '));
    t.match(done.stderr, expected, args.join(' '));
  }
});
