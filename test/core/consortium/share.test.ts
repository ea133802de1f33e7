import t from 'tap';
import {
  parseShare,
  shareParts,
  shareText,
  shareWith,
  unshareWith,
} from '../../../src/core/consortium/consortium.ts';

const parts = (said: string) => shareParts(said.split(' '), (name) => name.toUpperCase());
const share = (text: string, said: string) => shareText(shareWith(parseShare(text), parts(said)));
const unshare = (text: string, said: string) => shareText(unshareWith(parseShare(text), parts(said)));

t.test('sharing adds, all and guests take in the organisations, a tag narrows the own one', async (t) => {
  for (const [before, said, after] of [
    ['', 'beta', 'BETA'],
    ['BETA', 'gamma beta', 'BETA,GAMMA'],
    ['BETA', 'all', 'all'],
    ['all', 'beta', 'all'],
    ['all', 'guests', 'guests'],
    ['guests', 'all', 'guests'],
    ['', 'tag:db', 'tag:db'],
    ['BETA,tag:db', 'tag:web gamma', 'BETA,GAMMA,tag:db,tag:web'],
    ['BETA,tag:db', 'own', 'BETA'],
    ['tag:db', 'own all', 'all'],
    ['', 'own', ''],
  ])
    t.equal(share(before, said), after, `${before} with ${said}`);
});

t.test('unsharing takes back, and never opens anything', async (t) => {
  for (const [before, said, after] of [
    ['BETA,GAMMA', 'beta', 'GAMMA'],
    ['BETA,GAMMA', '', ''],
    ['BETA,tag:db', '', 'tag:db'],
    ['all', 'all', ''],
    ['guests', 'guests', ''],
    ['tag:db,tag:web', 'tag:db', 'tag:web'],
    ['BETA', 'gamma', 'BETA'],
  ])
    t.equal(unshare(before, said), after, `${before} without ${said}`);
});

t.test('what contradicts itself is refused', async (t) => {
  for (const [before, said] of [
    ['all', 'tag:db'],
    ['tag:db', 'guests'],
    ['', 'own tag:db'],
  ])
    t.throws(() => share(before, said), { code: 'SHARE_INVALID' }, `${before} with ${said}`);
  for (const [before, said] of [
    ['all', 'beta'],
    ['guests', 'all'],
    ['', 'own'],
    ['tag:db', 'tag:db'],
  ])
    t.throws(() => unshare(before, said), { code: 'SHARE_INVALID' }, `${before} without ${said}`);
  t.throws(() => parts('tag:'), { code: 'NAME_INVALID' });
  t.throws(() => parts('tag:A'), { code: 'NAME_INVALID' });
  const many = Array.from({ length: 33 }, (_, i) => `o${i}`).join(' ');
  t.throws(() => share('', many), { code: 'NUMBER_INVALID' });
});
