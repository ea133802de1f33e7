// Rounds of punching: who asks, who answers, when both begin; and what a remote gains by saying what it should not.
import t from 'tap';
import {
  formatSocketAddress,
  parseIp,
  parseSocketAddress,
  type SocketAddress,
} from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { PROBES_PER_SECOND_ALL, PunchRounds, SILENT_PROBES } from '../../../src/core/path/path.ts';
import type {
  PunchEvent,
  PunchInput,
  PunchMessage,
  PunchOwn,
  PunchSend,
} from '../../../src/core/path/types.ts';

const at = (text: string) => parseSocketAddress(text) as SocketAddress;
const HOME = parseIp('192.168.1.2') as Uint8Array;
const OWN: PunchOwn = {
  addresses: [at('198.51.100.1:9376')],
  mapping: 'endpointIndependent',
  filtering: 'addressAndPortDependent',
  local: [HOME],
  publicIps: [at('198.51.100.1:9376').ip],
};

/** One node's rounds, and what they said. */
class Side {
  now = 0;
  readonly rounds: PunchRounds;
  readonly out = new OutboxBuffer<PunchSend, PunchEvent>();

  constructor(seed: string, own = OWN) {
    this.rounds = new PunchRounds(seededRng(seed), {
      own: () => own,
      isOuter: () => true,
      isHeard: () => false,
    });
  }

  give(input: PunchInput): void {
    this.rounds.handle(input, this.now, this.out);
  }

  message(slot: number, message: Partial<PunchMessage>, isLarger = false): void {
    const { addresses, mapping, filtering } = OWN;
    const whole = {
      kind: 'punch',
      round: 1,
      step: 'request',
      addresses,
      mapping,
      filtering,
      ...message,
    } as const;
    this.give({ kind: 'message', slot, message: whole, isLarger });
  }

  run(ms: number): void {
    const end = this.now + ms;
    while (this.rounds.wakeAt <= end) {
      this.now = Math.max(this.now, this.rounds.wakeAt);
      this.rounds.onTimer(this.now, this.out);
    }
    this.now = end;
  }

  get said(): PunchMessage[] {
    return this.out.sends.flatMap((send) => (send.kind === 'say' ? [send.message] : []));
  }

  get probes(): Extract<PunchSend, { kind: 'probe' }>[] {
    return this.out.sends.flatMap((send) => (send.kind === 'probe' ? [send] : []));
  }

  drops(reason: string): number {
    return this.out.events.filter((event) => event.kind === 'drop' && event.reason === reason).length;
  }
}

const BRAVO = [at('203.0.113.9:9376')];

t.test('asked, answered, said when: both begin at the same time', async (t) => {
  const alpha = new Side('alpha');
  alpha.give({ kind: 'wanted', slot: 7 });
  alpha.give({ kind: 'wanted', slot: 7 });
  t.match(alpha.said, [{ step: 'request' }], 'once');
  const { round } = alpha.said[0];
  const bravo = new Side('bravo');
  bravo.message(3, { round });
  t.match(bravo.said, [{ step: 'answer', round }]);
  alpha.now = 100;
  alpha.message(7, { step: 'answer', round, addresses: BRAVO });
  t.match(alpha.said[1], { step: 'go', round });
  t.equal(alpha.rounds.wakeAt, 150, 'half a round trip later');
  alpha.run(50);
  t.match(alpha.probes, [{ ttl: 4 }]);
  alpha.run(2000);
  t.equal(alpha.probes.length, 6);
  const { token, address } = alpha.probes[2];
  alpha.give({ kind: 'answered', slot: 7, token, address: at('203.0.113.10:1') });
  t.match(alpha.out.events.at(-1), { kind: 'foreign' }, 'an answer counts from where the probe went');
  alpha.give({ kind: 'answered', slot: 7, token, address });
  t.match(alpha.out.events.at(-1), { kind: 'opened', slot: 7, isPunched: true });
  alpha.give({ kind: 'answered', slot: 7, token, address });
  t.match(alpha.out.events.at(-1), { kind: 'foreign' }, 'once');
  alpha.give({ kind: 'direct', slot: 7 });
  t.equal(alpha.rounds.wakeAt, Number.POSITIVE_INFINITY);
});

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
    t.ok(alpha.probes.length <= SILENT_PROBES, `${alpha.probes.length} in 19 s`);
    t.ok(most <= PROBES_PER_SECOND_ALL, `${most} in a second`);
  },
);

t.test('many at once share the budget', async (t) => {
  const alpha = new Side('fair');
  for (let slot = 0; slot < 60; slot++) {
    const addresses = [at(`203.0.${slot}.9:9376`)];
    alpha.message(slot, { round: 1, addresses });
    alpha.message(slot, { step: 'go', round: 1, addresses });
  }
  alpha.run(999);
  const served = new Set(alpha.probes.map(({ address }) => formatSocketAddress(address)));
  t.equal(served.size, 60, 'each got something within a second');
  t.ok(alpha.probes.length <= PROBES_PER_SECOND_ALL);
});
