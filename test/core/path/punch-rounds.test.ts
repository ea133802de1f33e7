// Rounds of punching: who asks, who answers, when both begin; and what a remote gains by saying what it should not.
import t from 'tap';
import { formatSocketAddress, parseIp } from '../../../src/core/base/ip.ts';
import { PROBES_PER_SECOND_ALL, SILENT_PROBES } from '../../../src/core/path/path.ts';
import type { PunchMessage } from '../../../src/core/path/types.ts';
import { at, BRAVO, HARD, OWN, Side } from './punch-side.ts';

t.test(
  'each side opens its NATs as soon as it knows where to, and sends in full when the other side has',
  async (t) => {
    const alpha = new Side('alpha');
    const bravo = new Side('bravo');
    alpha.seenIp = BRAVO[0].ip;
    bravo.seenIp = BRAVO[0].ip;
    alpha.give({ kind: 'wanted', slot: 7 });
    alpha.give({ kind: 'wanted', slot: 7 });
    t.match(alpha.said, [{ step: 'request' }], 'once');
    const { round } = alpha.said[0];
    bravo.message(3, { round, addresses: BRAVO });
    t.match(bravo.said, [{ step: 'answer', round }]);
    t.match(bravo.probes, [{ ttl: 4 }], 'nobody gets it, but its own NAT');
    bravo.run(500);
    t.equal(bravo.probes.length, 1, 'the other NAT is shut still');
    alpha.message(7, { step: 'answer', round, addresses: BRAVO });
    t.match(alpha.said[1], { step: 'go', round });
    t.match(alpha.probes, [{ ttl: undefined }], 'at once, and opens its own');
    bravo.message(3, { step: 'go', round, addresses: BRAVO });
    t.match(bravo.probes[1], { ttl: undefined }, 'at once');
    alpha.run(400);
    bravo.run(2000);
    t.equal(alpha.probes.length, 3);
    t.equal(bravo.probes.length, 6);
    const { token, address } = alpha.probes[2];
    alpha.give({ kind: 'answered', slot: 7, token, address: at('203.0.113.10:1') });
    t.match(alpha.out.events.at(-1), { kind: 'foreign' }, 'an answer counts from where the probe went');
    alpha.give({ kind: 'answered', slot: 7, token, address });
    t.match(alpha.out.events.at(-1), { kind: 'opened', slot: 7, isPunched: true });
    alpha.give({ kind: 'answered', slot: 7, token, address });
    t.match(alpha.out.events.at(-1), { kind: 'foreign' }, 'once');
    alpha.run(2000);
    t.equal(alpha.probes.length, 5, 'the round goes on until the way is tested');
    alpha.give({ kind: 'direct', slot: 7 });
    t.equal(alpha.rounds.wakeAt, Number.POSITIVE_INFINITY);
  },
);

t.test('of two that ask at once, the one with the larger node ID goes on', async (t) => {
  for (const isLarger of [true, false]) {
    const alpha = new Side('both');
    alpha.give({ kind: 'wanted', slot: 1 });
    alpha.message(1, { round: 99 }, isLarger);
    t.equal(alpha.said.length, isLarger ? 1 : 2);
    if (!isLarger) t.match(alpha.said[1], { step: 'answer', round: 99 });
  }
});

t.test(
  'without an answer: asked three times, then ever more seldom, and only while it is wanted',
  async (t) => {
    const alpha = new Side('alone');
    const times: number[] = [];
    for (let ms = 0; ms < 3_600_000; ms += 250) {
      const before = alpha.said.length;
      alpha.give({ kind: 'wanted', slot: 1 });
      alpha.run(250);
      if (alpha.said.length > before) times.push(alpha.now);
    }
    t.ok(times.length > 20 && times.length < 50, `${times.length} questions in an hour`);
    t.match(alpha.rounds.status(1, alpha.now), { reason: 'noAnswer' });
    const asked = alpha.said.length;
    alpha.run(3_600_000);
    t.equal(alpha.said.length, asked);
    alpha.give({ kind: 'changed' });
    alpha.give({ kind: 'wanted', slot: 1 });
    t.equal(alpha.said.length, asked + 1, 'after a change at once');
  },
);

t.test('a go that was lost: whoever answered begins by itself', async (t) => {
  const bravo = new Side('go');
  bravo.message(1, { addresses: BRAVO });
  bravo.run(1500);
  t.ok(bravo.probes.length > 2);
});

t.test('what nobody waits for is counted and changes nothing', async (t) => {
  const alpha = new Side('forged');
  alpha.message(1, { step: 'answer', round: 5 });
  alpha.message(1, { step: 'go', round: 5 });
  alpha.give({ kind: 'wanted', slot: 2 });
  alpha.message(2, { step: 'answer', round: (alpha.said[0].round + 1) >>> 0, addresses: BRAVO });
  alpha.message(2, { step: 'go', round: alpha.said[0].round, addresses: BRAVO });
  t.equal(alpha.drops('punchUnexpected'), 4);
  alpha.run(10_000);
  t.equal(alpha.probes.length, 0);
});

t.test('addresses that nothing may be sent to are counted, and get nothing', async (t) => {
  const alpha = new Side('victims');
  const addresses = [
    '127.0.0.1:80',
    '169.254.169.254:80',
    '224.0.0.1:9',
    '[::1]:9',
    '[fe80::1]:9',
    '10.9.9.9:53',
  ].map(at);
  alpha.message(1, { addresses });
  alpha.message(1, { step: 'go', addresses });
  alpha.run(5000);
  t.equal(alpha.probes.length, 0);
  t.equal(alpha.drops('punchAddress'), 5, 'and a private one is simply left out');
});

t.test('a flood of questions is not answered, and answers are no longer than questions', async (t) => {
  const alpha = new Side('flood');
  for (let i = 0; i < 1000; i++) alpha.message(1, { round: i });
  t.ok(alpha.said.length <= 10);
  t.equal(alpha.drops('punchRateLimited'), 1000 - alpha.said.length);
});

t.test(
  'a hundred members that name one victim: no more than a few probes reach it, whatever they say',
  async (t) => {
    const alpha = new Side('swarm');
    let most = 0;
    for (let second = 0; second < 19; second++) {
      for (let slot = 0; slot < 100; slot++) {
        const addresses = Array.from({ length: 16 }, (_, i) => at(`203.0.113.9:${1 + slot * 16 + i * 7}`));
        alpha.message(slot, { round: second, addresses });
        alpha.message(slot, { step: 'go', round: second, addresses });
      }
      const before = alpha.probes.length;
      alpha.run(999);
      most = Math.max(most, alpha.probes.length - before);
    }
    const far = alpha.probes.filter(({ ttl }) => ttl === undefined).length;
    t.ok(far <= SILENT_PROBES, `${far} in 19 s`);
    t.ok(most <= PROBES_PER_SECOND_ALL, `${most} in a second`);
  },
);

t.test('many at once share the budget', async (t) => {
  const alpha = new Side('fair');
  const each = (step: PunchMessage['step']) => {
    for (let slot = 0; slot < 60; slot++)
      alpha.message(slot, { step, round: 1, addresses: [at(`203.0.${slot}.9:9376`)] });
  };
  each('request');
  each('go');
  alpha.run(999);
  const served = new Set(alpha.probes.map(({ address }) => formatSocketAddress(address)));
  t.equal(served.size, 60, 'each got something within a second');
  t.ok(alpha.probes.length <= PROBES_PER_SECOND_ALL);
});

t.test('a search leaves the budget to what is short', async (t) => {
  const alpha = new Side('elastic');
  alpha.seenIp = BRAVO[0].ip;
  alpha.message(1, { ...HARD, addresses: BRAVO });
  alpha.message(1, { step: 'go', ...HARD, addresses: BRAVO });
  alpha.run(3000);
  for (let slot = 2; slot < 12; slot++) {
    const addresses = [at(`203.0.${slot}.9:9376`)];
    alpha.message(slot, { round: 1, addresses });
    alpha.message(slot, { step: 'go', round: 1, addresses });
  }
  const begin = alpha.now;
  const before = alpha.probes.length;
  alpha.run(400);
  const served = new Set(alpha.probes.slice(before).map(({ slot }) => slot));
  for (let slot = 2; slot < 12; slot++) t.ok(served.has(slot), `${slot} within ${alpha.now - begin} ms`);
  alpha.run(30_000);
  t.ok(alpha.probes.filter(({ slot }) => slot === 1).length > 1500, 'and goes on');
});

t.test('ports of a hard remote are searched where a relay says that it is, and nowhere else', async (t) => {
  for (const seen of ['203.0.113.9', '203.0.113.10', undefined]) {
    const alpha = new Side('search');
    alpha.seenIp = seen === undefined ? undefined : (parseIp(seen) as Uint8Array);
    alpha.message(1, { ...HARD, addresses: BRAVO });
    alpha.message(1, { step: 'go', ...HARD, addresses: BRAVO });
    alpha.run(25_000);
    const ports = new Set(alpha.probes.map(({ address }) => address.port));
    if (seen === '203.0.113.9') t.ok(ports.size > 1500, `${ports.size} ports`);
    else t.equal(ports.size, 1, `${seen}`);
    t.ok(alpha.probes.length <= 2000);
    t.ok(alpha.probes.every(({ address }) => formatSocketAddress(address).startsWith('203.0.113.9:')));
  }
});

t.test('of several searches one goes on at a time', async (t) => {
  const alpha = new Side('turns');
  alpha.seenIp = BRAVO[0].ip;
  for (const slot of [1, 2, 3]) {
    alpha.message(slot, { ...HARD, addresses: BRAVO });
    alpha.message(slot, { step: 'go', ...HARD, addresses: BRAVO });
  }
  alpha.run(25_000);
  const bySlot = [1, 2, 3].map((slot) => alpha.probes.filter((probe) => probe.slot === slot).length);
  t.ok(bySlot[0] > 1000);
  t.ok(bySlot[1] < 10 && bySlot[2] < 10, `${bySlot}`);
  t.ok((alpha.rounds.status(2, alpha.now).nextTryMs ?? 0) <= 15_000, 'the others get their turn');
});

t.test(
  'the hard side opens sockets, keeps the one over which a way leads, and closes the others',
  async (t) => {
    const alpha = new Side('hard', { ...OWN, ...HARD });
    alpha.message(1, { addresses: BRAVO });
    alpha.message(1, { step: 'go', addresses: BRAVO });
    alpha.run(400);
    const opened = alpha.out.sends.filter(({ kind }) => kind === 'open');
    t.match(opened, [{ slot: 1, count: 256 }], 'once');
    const numbers = Array.from({ length: 256 }, (_, i) => 100 + i);
    alpha.give({ kind: 'sockets', slot: 1, numbers });
    alpha.give({ kind: 'socketFailed', number: 101 });
    alpha.run(5000);
    const over = alpha.probes.filter(({ address }) => address.via !== undefined);
    t.equal(over.length, 255);
    t.ok(
      over.every(({ ttl }) => ttl === 4),
      'they open this side alone',
    );
    const closed = () => alpha.out.sends.filter(({ kind }) => kind === 'close').length;
    alpha.run(10_000);
    t.equal(closed(), 0, 'while the other side searches');
    alpha.usedSocket = 130;
    alpha.give({ kind: 'direct', slot: 1 });
    t.equal(closed(), 254);
    alpha.give({ kind: 'gone', slot: 1 });
    t.equal(closed(), 255);
  },
);

t.test('sockets that nobody wants any more are closed again', async (t) => {
  const alpha = new Side('late', { ...OWN, ...HARD });
  alpha.give({ kind: 'sockets', slot: 1, numbers: [5, 6] });
  t.match(alpha.out.sends, [
    { kind: 'close', number: 5 },
    { kind: 'close', number: 6 },
  ]);
});
