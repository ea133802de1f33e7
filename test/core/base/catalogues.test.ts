import t from 'tap';
import { DROP_REASON_ID, DROP_REASONS, DropCounters } from '../../../src/core/base/drop-reason.ts';
import { CodedError, ERROR_CODES, ERRORS, isErrorCode } from '../../../src/core/base/errors.ts';
import { isName, isNamePattern, matchesPattern } from '../../../src/core/base/name.ts';
import { formatDuration, parseDuration } from '../../../src/core/base/time.ts';

t.test('drop reasons have stable names and their own counters', async (t) => {
  t.equal(new Set(DROP_REASONS).size, DROP_REASONS.length);
  t.ok(DROP_REASONS.every((reason) => /^[a-z][A-Za-z0-9]+$/.test(reason)));
  const counters = new DropCounters();
  t.same(counters.toJSON(), {});
  counters.count('datagramTooShort');
  counters.count('internal', 3);
  t.equal(counters.get('internal'), 3);
  t.equal(counters.total, 4);
  t.same(JSON.parse(JSON.stringify(counters)), { datagramTooShort: 1, internal: 3 });
  t.equal(DROP_REASON_ID.datagramTooShort, 0);
});

t.test('every error has a code and says what to do', async (t) => {
  for (const code of ERROR_CODES) {
    t.match(code, /^[A-Z][A-Z0-9_]+$/);
    t.match(ERRORS[code], /^[A-Z].*\.$/, code);
    t.notMatch(ERRORS[code], /\n/, code);
  }
  const error = new CodedError('PORT_TAKEN', 'UDP port 9376');
  t.same(JSON.parse(JSON.stringify(error)), {
    error: { code: 'PORT_TAKEN', message: `UDP port 9376. ${ERRORS.PORT_TAKEN}` },
  });
  t.equal(new CodedError('NO_TUN').message, ERRORS.NO_TUN);
  t.ok(error instanceof Error);
  t.ok(isErrorCode('NO_TUN'));
  t.notOk(isErrorCode('toString'));
});

t.test('names are one DNS label', async (t) => {
  for (const name of ['a', 'a1', '1a', 'a-b', 'a'.repeat(63)]) t.ok(isName(name), name);
  for (const name of ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'ä', 'a b', 'a\n', 'a'.repeat(64)])
    t.notOk(isName(name), name);
  t.ok(isNamePattern('web-*'));
  t.notOk(isNamePattern('web.*'));
});

t.test('patterns', async (t) => {
  const cases: [string, string, boolean][] = [
    ['*', 'web', true],
    ['web', 'web', true],
    ['web', 'webs', false],
    ['web-*', 'web-1', true],
    ['web-*', 'web', false],
    ['*-db', 'main-db', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'acb', false],
    ['a*bc*c', 'abc', false],
    ['**', 'x', true],
  ];
  for (const [pattern, name, matches] of cases)
    t.equal(matchesPattern(pattern, name), matches, `${pattern} ${name}`);
  t.notOk(matchesPattern(`${'*a'.repeat(30)}*b`, 'a'.repeat(63)), 'in linear time');
});

t.test('spans of time', async (t) => {
  t.equal(parseDuration('90s'), 90_000);
  t.equal(parseDuration('1h30m'), 5_400_000);
  t.equal(parseDuration('7d'), 604_800_000);
  t.equal(parseDuration('2w'), 1_209_600_000);
  for (const text of ['', '5', 'h', '1.5h', '-1h', '1h ', '0s', '1y', '999999999w999999999w999999999w'])
    t.equal(parseDuration(text), undefined, text);
  t.equal(formatDuration(0), '0s');
  t.equal(formatDuration(3_599_000), '59m 59s');
  t.equal(formatDuration(3 * 86_400_000 + 4 * 3_600_000 + 59_000), '3d 4h');
  t.equal(formatDuration(86_400_000), '1d');
});
