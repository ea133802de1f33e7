// Members through the program alone: a signer's own node. test/sim/members.test.ts has what becomes of others.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import type {
  InviteResult,
  JoinResult,
  MemberList,
  MemberView,
  RevocationList,
  Status,
} from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { daemon, ended, errorOf, folder, mcc, PROGRAM } from './run.ts';
import { ACME, addressed, json } from './vault.ts';

privateNamespace(import.meta.filename);
t.setTimeout(240_000);
addressed();

t.test('a signer lists its members and gives its own node tags', (t) => {
  const a = join(folder(t), 'a');
  const founded = json<{ nodeId: string }>([...ACME, '--state', a]);
  const list = () => json<MemberList>(['member', 'list', '--state', a]).members;
  t.match(list(), [
    { name: 'alpha', nodeId: founded.nodeId, tags: [], provides: [], self: true, pending: null },
  ]);
  const set = (...words: string[]) => json<MemberView>(['member', 'set', ...words, '--state', a]);
  t.match(set('alpha', '--tag', 'db', '--tag', 'ops'), { tags: ['db', 'ops'], provides: [], pending: null });
  t.match(set(founded.nodeId, '--provides', 'web-*'), { tags: ['db', 'ops'], provides: ['web-*'] });
  t.match(list(), [{ tags: ['db', 'ops'], provides: ['web-*'] }], 'it is on disk');
  const refused = (...words: string[]) => errorOf(mcc([...words, '--json', '--state', a])).code;
  const offer = ['service', 'add', '--port', '80'];
  t.equal(refused(...offer, 'mail'), 'SERVICE_NOT_PROVIDED');
  t.match(set('alpha', '--untagged', '--provides-all'), { tags: [], provides: [] });
  t.equal(mcc([...offer, 'mail', '--state', a]).status, 0, 'what it may is known at once');
  const shown = mcc(['member', 'list', '--state', a]);
  t.match(shown.stdout, /NAME +NODE[\s\S]*alpha +[0-9a-z]{52} +here +- +all/);
  t.equal(refused('member', 'set', 'nobody', '--untagged'), 'PEER_UNKNOWN');
  for (const words of [
    ['set'],
    ['set', 'alpha'],
    ['set', 'alpha', '--tag', 'a', '--untagged'],
    ['set', 'alpha', '--provides', 'a', '--provides-all'],
    ['set', 'alpha', '--tag', 'no name'],
    ['list', 'alpha'],
  ])
    t.equal(mcc(['member', ...words, '--state', a]).status, 2, words.join(' '));
  t.end();
});

t.test('a node goes on under another key, whenever it is interrupted', async (t) => {
  const home = folder(t);
  const [a, b] = [join(home, 'a'), join(home, 'b')];
  json([...ACME, '--state', a]);
  const run = (state: string, device: string) =>
    daemon(t, ['--listen', '192.0.2.1:0', '--interface', device, '--state', state]);
  await run(a, 'mcca');
  const invited = json<InviteResult>(['invite', '--tag', 'db', '--state', a]);
  let member = await run(b, 'mccb');
  const joined = json<JoinResult>(['join', '-', '--name', 'bravo', '--state', b], invited.token);
  json(['service', 'add', 'web', '--port', '80', '--state', b]);
  const token = () => json<InviteResult>(['invite', '--replace', 'bravo', '--state', a]).token;
  const change = ['key', 'change', '-', '--json', '--state', b];
  t.equal(errorOf(mcc(change, { input: token() })).code, 'KEY_CHANGE', 'not without --yes');
  const people = change.filter((word) => word !== '--json');
  const asked = mcc(people, { input: token() });
  t.match(
    asked.stderr,
    `bravo would be reached at ${joined.addresses.ipv6} and`,
    'and what it would mean is said',
  );
  const mistyped = mcc(people, { input: `${token().slice(0, -1)}!` });
  t.equal(mistyped.status, 1);
  t.notMatch(mistyped.stderr, /no longer/, 'but not of a token that cannot do it');
  t.equal(json<Status>(['status', '--state', b]).nodeId, joined.nodeId);

  const changed = json<JoinResult>([...change, '--yes'], token());
  t.not(changed.nodeId, joined.nodeId);
  t.match(changed, { name: 'bravo', organisation: 'acme', admittedBy: 'alpha' });
  t.not(changed.addresses.ipv6, joined.addresses.ipv6);
  t.match(json<Status>(['status', '--state', b]), { nodeId: changed.nodeId, services: [{ name: 'web' }] });
  t.match(json<MemberList>(['member', 'list', '--state', b]).members, [{ self: true, tags: ['db'] }]);
  const revoked = () => json<RevocationList>(['revoke', '--list', '--state', a]).revocations;
  t.match(revoked(), [{ target: joined.nodeId, reason: `its key was changed to ${changed.nodeId}` }]);

  // Killed somewhere on the way, which the load of the machine decides: asked again, it is done, once.
  const again = token();
  for (const afterMs of [50, 150, 300]) {
    const asked = spawn(process.execPath, [PROGRAM, ...change, '--yes'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    asked.stdin.on('error', () => undefined).end(again);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    member.kill('SIGKILL');
    asked.kill('SIGKILL');
    await Promise.all([ended(member), ended(asked)]);
    member = await run(b, 'mccb');
  }
  const done = mcc([...change, '--yes'], { input: again });
  const last = json<Status>(['status', '--state', b]);
  t.equal(done.status, 0, 'it was done, or is now', { done });
  t.not(last.nodeId, changed.nodeId);
  t.match(last, { name: 'bravo', warnings: [], services: [{ name: 'web' }] });
  t.equal(revoked().length, 2);
});
