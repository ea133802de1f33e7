import t from 'tap';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time.ts';
import {
  CHANGE_GAP_MAX_MS,
  CHANGE_GAP_MS,
  RENEW_JITTER_MS,
  RENEW_MS,
} from '../../../src/core/discovery/own-records.ts';
import { PLACE, service, WALL, WALL_S, World } from './world.ts';

const OTHER = { ip: ipv4(192, 0, 2, 2), port: 9376 };
const kinds = (records: readonly { kind: string }[]) => records.map(({ kind }) => kind).sort();

t.test('what a node says of itself', async (t) => {
  const world = new World();
  world.give({ kind: 'offer', service: service('hello', { selector: 4, weight: 7 }) });
  t.strictSame(world.published(), [], 'nothing before it knows where it is');
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: true });
  const published = world.published();
  t.strictSame(kinds(published), ['node', 'nodeName', 'service']);
  for (const record of published) {
    t.equal(record.expires, WALL_S + 1 + DAY_S);
    t.strictSame(record.publisher, world.keys.nodeId);
  }
  const sorted = published.toSorted((a, b) => a.kind.localeCompare(b.kind));
  t.match(sorted, [
    { name: '', body: { addresses: [PLACE], core: true } },
    { name: 'self', body: { addresses: [PLACE], core: true } },
    { name: 'hello', body: { selector: 4, weight: 7, healthy: true, addresses: [PLACE] } },
  ]);
  const sequences = published.map(({ sequence }) => sequence);
  t.strictSame(sequences, [WALL + 1000, WALL + 1001, WALL + 1002]);
  t.strictSame(
    world.persists(),
    sequences.map((sequence) => ({ kind: 'sequence', sequence })),
  );
  const joiner = new World({ member: undefined });
  joiner.give({ kind: 'offer', service: service('hello') });
  joiner.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: true });
  t.strictSame(joiner.published(), [], 'a joiner says nothing');
});

t.test('sequences rise over restarts, also of a clock that went back', async (t) => {
  const lastSequence = WALL + HOUR_MS;
  const world = new World({ state: { lastSequence, values: [{ name: 'motd', value: Uint8Array.of(1) }] } });
  world.give({ kind: 'self', addresses: [], relays: [], isCore: false });
  const published = world.published();
  t.strictSame(
    kinds(published),
    ['nodeName', 'user'],
    'a client that nobody reaches has no use for a node record',
  );
  t.ok(published.every(({ sequence }) => sequence > lastSequence));
});

t.test('renewed before it expires, each at its own time by those who bring it to its place', async (t) => {
  const world = new World();
  for (let i = 0; i < 20; i++) world.give({ kind: 'offer', service: service(`s${i}`, { selector: i + 1 }) });
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: true });
  t.equal(world.published().length, 22);
  const begin = world.now;
  world.wait(RENEW_MS - RENEW_JITTER_MS - 1);
  t.strictSame(world.published(), [], 'an idle node says nothing');
  const times: number[] = [];
  while (world.now < begin + RENEW_MS + RENEW_JITTER_MS) {
    world.wait(MINUTE_MS);
    for (const { sequence, expires } of world.published()) {
      times.push(sequence);
      t.equal(expires, Math.floor(sequence / SECOND_MS) + DAY_S);
    }
  }
  t.equal(times.length, 22);
  t.ok(Math.max(...times) - Math.min(...times) > HOUR_MS, 'spread over time');
  world.wait(3 * DAY_S * SECOND_MS);
  const perDay = world.published().length / 22 / 3;
  t.ok(perDay >= 1 && perDay < 1.3, `${perDay} a day`);
});

t.test('a client renews all together, when others take it from there', async (t) => {
  const world = new World();
  for (let i = 0; i < 20; i++) world.give({ kind: 'offer', service: service(`s${i}`, { selector: i + 1 }) });
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  t.equal(world.published().length, 22);
  world.wait(RENEW_MS - RENEW_JITTER_MS - 1);
  while (world.published().length === 0 && world.now < DAY_S * SECOND_MS) world.wait(SECOND_MS);
  world.wait(10 * SECOND_MS);
  t.equal(world.published().length, 21, 'the first, and all others a little later');
  world.wait(3 * DAY_S * SECOND_MS);
  const perDay = world.published().length / 22 / 3;
  t.ok(perDay >= 1 && perDay < 1.34, `${perDay} a day`);
});

t.test('a change is told at once, flapping is not', async (t) => {
  const world = new World();
  const offer = (healthy: boolean) => world.give({ kind: 'offer', service: service('hello', { healthy }) });
  offer(true);
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  world.published();
  offer(true);
  t.strictSame(world.published(), [], 'nothing has changed');
  world.wait(HOUR_MS);
  offer(false);
  t.match(world.published(), [{ body: { healthy: false } }], 'at once');
  offer(true);
  t.strictSame(world.published(), []);
  world.wait(CHANGE_GAP_MS);
  t.match(world.published(), [{ body: { healthy: true } }], 'a little later');
  world.wait(10 * SECOND_MS);
  offer(false);
  offer(true);
  world.wait(MINUTE_MS);
  t.strictSame(world.published().length % 2, 0, 'ends as it is');
  let published = 0;
  const times = (HOUR_MS - MINUTE_MS) / SECOND_MS;
  for (let i = 0; i < times; i++) {
    offer(i % 7 < 3);
    world.wait(SECOND_MS);
    published += world.published().length;
  }
  t.ok(published <= (2 * HOUR_MS) / CHANGE_GAP_MAX_MS, `${published} versions in an hour`);
});

t.test('new addresses go into every record, and nobody waits', async (t) => {
  const world = new World();
  world.give({ kind: 'offer', service: service('hello') });
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  world.published();
  world.wait(MINUTE_MS);
  world.give({ kind: 'self', addresses: [OTHER, PLACE], relays: [], isCore: false });
  const published = world.published();
  t.strictSame(kinds(published), ['node', 'nodeName', 'service']);
  for (const { body } of published) t.match(body, { addresses: [OTHER, PLACE] });
  world.give({ kind: 'self', addresses: [], relays: [], isCore: false });
  world.wait(MINUTE_MS);
  t.equal(world.published().length, 3, 'nor that there is none any more');
});

t.test('a service is taken back at once, and comes back', async (t) => {
  const world = new World();
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  world.give({ kind: 'offer', service: service('hello') });
  const [first] = world.published().slice(-1);
  world.give({ kind: 'unoffer', name: 'hello' });
  const [withdrawn] = world.published();
  t.match(withdrawn, { kind: 'service', name: 'hello', body: undefined });
  t.ok(withdrawn.sequence > first.sequence && withdrawn.expires >= first.expires);
  world.wait(DAY_S * SECOND_MS);
  t.notOk(
    world.published().some(({ kind }) => kind === 'service'),
    'for good',
  );
  world.give({ kind: 'offer', service: service('hello') });
  t.match(world.published(), [{ name: 'hello', body: {} }]);
  world.give({ kind: 'stop' });
  t.match(
    world.published(),
    [{ name: 'hello', body: undefined }],
    'a node that stops takes its services along',
  );
  world.wait(DAY_S * SECOND_MS);
  t.strictSame(world.published(), []);
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  t.strictSame(kinds(world.published()), ['node', 'nodeName', 'service'], 'and starts again');
});

t.test('many services are told in small portions', async (t) => {
  const world = new World();
  for (let i = 0; i < 256; i++) world.give({ kind: 'offer', service: service(`s${i}`, { selector: i + 1 }) });
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  t.ok(world.published().length <= 32);
  world.wait(10 * SECOND_MS);
  t.ok(world.published().length <= 100);
  world.wait(30 * SECOND_MS);
  const rest = world.published().length;
  t.ok(rest > 100 && rest < 200);
});

t.test('a clock that was set far off makes everything be signed again', async (t) => {
  const world = new World();
  world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: false });
  world.published();
  world.give({ kind: 'wallClock', wallOffsetMs: WALL + SECOND_MS });
  t.strictSame(world.published(), []);
  world.give({ kind: 'wallClock', wallOffsetMs: WALL + 48 * HOUR_MS });
  t.equal(world.published().length, 2);
});
