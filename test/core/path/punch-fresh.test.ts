// Rounds of punching from a port that nobody knows: when one is taken, what goes over it, and that it is closed again.
import t from 'tap';
import type { PunchMessage } from '../../../src/core/path/types.ts';
import { at, BRAVO, HARD, OWN, Side } from './punch-side.ts';

/** What was opened and asked for, by name. */
const asked = (side: Side) =>
  side.out.sends.flatMap(({ kind }) => (kind === 'say' || kind === 'probe' ? [] : [kind]));
const FRESH = at('198.51.100.1:40000');

t.test('ports are searched from a fresh one, which the other side is told first', async (t) => {
  for (const isAsking of [true, false]) {
    const alpha = new Side('fresh');
    alpha.seenIp = BRAVO[0].ip;
    if (isAsking) {
      alpha.give({ kind: 'wanted', slot: 1 });
      t.strictSame(asked(alpha), [], 'nobody knows yet that it is needed');
      const { round } = alpha.said[0];
      alpha.now = 40;
      alpha.message(1, { step: 'answer', round, ...HARD, addresses: BRAVO });
    } else alpha.message(1, { ...HARD, addresses: BRAVO });
    t.strictSame(asked(alpha), ['open']);
    alpha.give({ kind: 'sockets', slot: 1, numbers: [9] });
    t.match(alpha.out.sends.at(-1), { kind: 'observe', slot: 1, socket: 9 });
    const told = alpha.said.length;
    alpha.give({ kind: 'observed', slot: 1, socket: 8, address: at('198.51.100.1:1') });
    t.equal(alpha.said.length, told, 'another socket is nothing to it');
    alpha.give({ kind: 'observed', slot: 1, socket: 9, address: FRESH });
    t.match(alpha.said.at(-1), { step: isAsking ? 'go' : 'answer' });
    t.strictSame(alpha.said.at(-1)?.addresses, [FRESH, ...OWN.addresses]);
    if (!isAsking) alpha.message(1, { step: 'go', ...HARD, addresses: BRAVO });
    alpha.run(17_000);
    const [usual, searched] = [undefined, 9].map((via) =>
      alpha.probes.filter(({ address }) => address.via === via),
    );
    t.equal(usual.length, isAsking ? 5 : 6);
    t.ok(searched.length > 1300);
    alpha.run(5000);
    t.match(alpha.out.sends.at(-1), { kind: 'close', number: 9 }, 'it led nowhere');
  }
});

t.test('without a fresh port: all from the usual one', async (t) => {
  const cases: ((alpha: Side) => void)[] = [
    (alpha) => alpha.give({ kind: 'sockets', slot: 1, numbers: [] }),
    (alpha) => {
      alpha.give({ kind: 'sockets', slot: 1, numbers: [9] });
      alpha.give({ kind: 'observed', slot: 1, socket: 9, address: undefined });
    },
    (alpha) => {
      alpha.give({ kind: 'sockets', slot: 1, numbers: [9] });
      alpha.run(500);
    },
    (alpha) => {
      alpha.give({ kind: 'sockets', slot: 1, numbers: [9] });
      alpha.give({ kind: 'socketFailed', number: 9 });
      alpha.run(500);
    },
  ];
  for (const happens of cases) {
    const alpha = new Side('none');
    alpha.seenIp = BRAVO[0].ip;
    alpha.message(1, { ...HARD, addresses: BRAVO });
    happens(alpha);
    t.strictSame(alpha.said.at(-1)?.addresses, OWN.addresses);
    alpha.message(1, { step: 'go', ...HARD, addresses: BRAVO });
    alpha.run(3000);
    t.ok(alpha.probes.length > 100);
    t.ok(alpha.probes.every(({ address }) => address.via === undefined));
    const closed = asked(alpha).filter((kind) => kind === 'close').length;
    t.ok(closed <= 1);
  }
});

t.test('after a failure all is sent from a fresh port, and the next time from the usual one', async (t) => {
  const alpha = new Side('again');
  alpha.seenIp = BRAVO[0].ip;
  for (const [via, forMs] of [
    [undefined, 999],
    [9, 20_000],
    [undefined, 20_000],
  ] as const) {
    const [said, sent] = [alpha.said.length, alpha.probes.length];
    alpha.give({ kind: 'wanted', slot: 1 });
    if (via !== undefined) {
      alpha.run(1);
      t.strictSame(asked(alpha), ['open'], 'at once');
      alpha.give({ kind: 'sockets', slot: 1, numbers: [via] });
      alpha.give({ kind: 'observed', slot: 1, socket: via, address: FRESH });
    }
    const { round, addresses } = alpha.said[said];
    t.strictSame(addresses, via === undefined ? OWN.addresses : [FRESH, ...OWN.addresses]);
    alpha.message(1, { step: 'answer', round, addresses: BRAVO });
    alpha.run(forMs);
    const over = alpha.probes.slice(sent).map(({ address }) => address.via);
    t.strictSame(new Set(over), new Set([via]));
  }
});

t.test(
  'what gets no answer within four round trips over the relay is tried again at once, once',
  async (t) => {
    const alpha = new Side('hurry');
    alpha.give({ kind: 'wanted', slot: 1 });
    alpha.run(300);
    alpha.message(1, { step: 'answer', round: alpha.said[0].round, addresses: BRAVO });
    alpha.run(1199);
    t.strictSame(asked(alpha), []);
    alpha.run(1);
    t.strictSame(asked(alpha), ['open']);
    alpha.give({ kind: 'sockets', slot: 1, numbers: [9] });
    alpha.give({ kind: 'observed', slot: 1, socket: 9, address: FRESH });
    const second = alpha.said[2];
    t.match(second, { step: 'request' });
    alpha.message(1, { step: 'answer', round: second.round, addresses: BRAVO });
    const said = alpha.said.length;
    alpha.run(60_000);
    t.equal(alpha.said.length, said, 'then it waits until it is wanted');
    t.match(alpha.rounds.status(1, alpha.now), { rounds: 2, reason: 'notOpened' });
  },
);

t.test('many rounds at once: none of them hurries', async (t) => {
  const alpha = new Side('busy');
  for (const slot of [1, 2]) {
    alpha.give({ kind: 'wanted', slot });
    const asked = alpha.said.at(-1) as PunchMessage;
    alpha.message(slot, { step: 'answer', round: asked.round, addresses: BRAVO });
  }
  alpha.run(60_000);
  t.strictSame(asked(alpha), []);
  t.match(alpha.rounds.status(1, alpha.now), { rounds: 1, reason: 'notOpened' });
});

t.test('whoever is asked anew within a round without answers takes a fresh port, too', async (t) => {
  for (const isAnswered of [false, true]) {
    const bravo = new Side('asked anew');
    bravo.message(1, { addresses: BRAVO });
    bravo.message(1, { step: 'go', addresses: BRAVO });
    const { token, address } = bravo.probes[1];
    if (isAnswered) bravo.give({ kind: 'answered', slot: 1, token, address });
    bravo.run(300);
    bravo.message(1, { round: 2, addresses: BRAVO });
    t.strictSame(asked(bravo), isAnswered ? [] : ['open']);
  }
});

t.test('a node that its router moves about uses a fresh port at once, but to search', async (t) => {
  for (const remote of [{}, HARD]) {
    const alpha = new Side('moved', { ...OWN, isMoved: true });
    alpha.seenIp = BRAVO[0].ip;
    alpha.give({ kind: 'wanted', slot: 1 });
    t.strictSame(asked(alpha), ['open']);
    alpha.give({ kind: 'sockets', slot: 1, numbers: [9] });
    alpha.give({ kind: 'observed', slot: 1, socket: 9, address: FRESH });
    t.strictSame(alpha.said[0].addresses, [FRESH, ...OWN.addresses]);
    alpha.message(1, { step: 'answer', round: alpha.said[0].round, ...remote, addresses: BRAVO });
    alpha.run(2000);
    const usual = alpha.probes.filter(({ address }) => address.via === undefined).length;
    t.equal(usual > 0, remote === HARD, `${usual} of ${alpha.probes.length} from the usual one`);
  }
});

t.test('a hard side looks first which ports it is given, and does not wait for ever', async (t) => {
  for (const isAnswered of [true, false]) {
    const alpha = new Side('sample', { ...OWN, ...HARD });
    alpha.isHard = true;
    alpha.give({ kind: 'wanted', slot: 1 });
    t.match(alpha.out.sends, [{ kind: 'sample', slot: 1 }]);
    alpha.run(100);
    if (isAnswered) alpha.give({ kind: 'sampled' });
    else alpha.run(1000);
    t.match(alpha.said, [{ step: 'request' }]);
    const bravo = new Side('sampled', { ...OWN, ...HARD });
    bravo.isHard = true;
    bravo.message(1, { round: 3 });
    t.equal(bravo.said.length, 0);
    if (isAnswered) bravo.give({ kind: 'sampled' });
    else bravo.run(1000);
    t.match(bravo.said, [{ step: 'answer', round: 3 }]);
  }
});
