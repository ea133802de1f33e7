// Members through the program alone: a signer's own node. test/sim/members.test.ts has what becomes of others.
import { join } from 'node:path';
import t from 'tap';
import type { MemberList, MemberView } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { errorOf, folder, mcc } from './run.ts';
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
