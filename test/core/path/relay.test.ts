// The relay's side and the side of those who are relayed, against each other and against liars.
import t from 'tap';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time.ts';
import { DEFAULT_RELAY_LIMITS, RelayDesk, RelayUse } from '../../../src/core/path/path.ts';
import { CIRCUIT_MS } from '../../../src/core/path/relay-desk.ts';
import {
  DISTRUST_MS,
  KEEPALIVE_MAX_MS,
  KEEPALIVE_MIN_MS,
  KEEPALIVE_MS,
  PLAIN_KEEPALIVE_MS,
} from '../../../src/core/path/relay-rhythm.ts';
import { LEFT_MS } from '../../../src/core/path/relay-standing.ts';
import { ASK_EVERY_MS, HOLD_MS } from '../../../src/core/path/relay-use.ts';
import type {
  RelayDeskInput,
  RelayLimits,
  RelaySend,
  RelayUseEvent,
  RelayUseInput,
  RelayVerdict,
} from '../../../src/core/path/types.ts';
import { KEEPALIVE_ASK, NUMBER_OF_LARGER, NUMBER_OF_RELAY } from '../../../src/core/wire/limits.ts';

const NODE = new Uint8Array(32).fill(7);

function desk(limits: Partial<RelayLimits> = {}) {
  const machine = new RelayDesk({ ...DEFAULT_RELAY_LIMITS, ...limits }, seededRng('desk'));
  let now = 0;
  const give = (input: RelayDeskInput) => run((out) => machine.handle(input, now, out));
  const run = (body: (out: OutboxBuffer<RelaySend, never>) => void) => {
    const out = new OutboxBuffer<RelaySend, never>();
    body(out);
    return out.sends;
  };
  const request = (slot: number, isInward = true, isColleague = true, leg = 100 + slot) =>
    give({ kind: 'request', slot, leg, isInward, isColleague, isLarger: true });
  const open = (slot: number, target: number | undefined, number = 1) =>
    give({ kind: 'open', slot, nodeId: NODE, number, target });
  const wait = (ms: number) => {
    now += ms;
    return run((out) => machine.onTimer(now, out));
  };
  return { machine, give, request, open, wait };
}

const said = (sends: readonly RelaySend[]) =>
  sends.flatMap((send) => (send.kind === 'say' ? [{ slot: send.slot, ...send.message }] : []));

t.test('a circuit forwards both ways, and its other end hears of it', async (t) => {
  const { machine, request, open } = desk();
  t.match(said(request(1, false)), [{ slot: 1, kind: 'relayGrant', leg: 1 }]);
  request(2);
  const sends = open(1, 2);
  const [offer] = said(sends);
  t.match(offer, { slot: 2, kind: 'circuitOffer', nodeId: NODE });
  const number = offer.kind === 'circuitOffer' ? offer.number : 0;
  t.equal(number & (NUMBER_OF_RELAY | NUMBER_OF_LARGER), NUMBER_OF_RELAY | NUMBER_OF_LARGER);
  t.same(
    sends.filter(({ kind }) => kind === 'forward'),
    [
      { kind: 'forward', slot: 1, number: 1, toSlot: 2, toLeg: 102, toNumber: number },
      { kind: 'forward', slot: 2, number, toSlot: 1, toLeg: 101, toNumber: 1 },
    ],
  );
  t.match(said(open(1, 2)), [{ number }], 'asked for again it is the same');
  t.same(machine.counts, { nodes: 2, circuits: 1 });
});

t.test('what is refused changes nothing, and says why', async (t) => {
  const { machine, request, open } = desk({ nodes: 3, circuits: 3, circuitsPerNode: 2 });
  t.match(said(open(1, 2)), [{ slot: 1, kind: 'circuitClose', code: 'noGrant' }]);
  request(1);
  request(2);
  request(3, false);
  t.match(said(request(4)), [{ kind: 'relayRefusal', code: 'full' }]);
  t.match(said(open(1, undefined)), [{ code: 'noSuchNode' }]);
  t.match(said(open(1, 4)), [{ code: 'noSuchNode' }]);
  t.match(said(open(1, 3)), [{ code: 'noSuchNode' }], 'it does not want to be reached');
  t.match(said(open(1, 1)), [{ code: 'noSuchNode' }], 'itself');
  t.match(said(open(1, 2, NUMBER_OF_LARGER)), [{ code: 'noGrant' }], 'a number of ours');
  t.match(said(open(1, 2, NUMBER_OF_RELAY)), [{ code: 'noGrant' }]);
  open(1, 2, 1);
  open(1, 2, 2);
  t.match(said(open(1, 2, 3)), [{ code: 'full' }], 'two per node');
  t.match(said(open(3, 2, 1)), [{ kind: 'circuitOffer' }]);
  t.match(said(open(3, 2, 2)), [{ code: 'full' }], 'three in all');
  t.same(machine.counts, { nodes: 3, circuits: 3 });
  t.match(said(desk({ scope: 'off' }).request(1)), [{ code: 'notOffered' }]);
  const own = desk({ scope: 'organisation' });
  t.match(said(own.request(1, true, false)), [{ code: 'notOffered' }]);
  t.match(said(own.request(1, true, true)), [{ kind: 'relayGrant' }]);
});

t.test('circuits end with their ends, with disuse, and with another run of the node', async (t) => {
  const { machine, request, open, give, wait } = desk();
  for (const slot of [1, 2, 3]) request(slot);
  open(1, 2);
  open(3, 2);
  t.match(said(give({ kind: 'gone', slot: 1 })), [{ slot: 2, kind: 'circuitClose', code: 'ended' }]);
  t.same(machine.counts, { nodes: 2, circuits: 1 });
  t.match(said(request(3, true, true, 5)), [{ slot: 2, kind: 'circuitClose' }, { kind: 'relayGrant' }]);
  t.equal(machine.counts.circuits, 0);
  open(3, 2);
  t.equal(said(wait(CIRCUIT_MS / 2)).length, 0);
  open(3, 2);
  t.equal(said(wait(CIRCUIT_MS / 2)).length, 0, 'it was asked for again');
  t.equal(said(wait(CIRCUIT_MS)).length, 2);
  t.same(machine.counts, { nodes: 2, circuits: 0 });
  wait(25 * HOUR_MS);
  t.same(machine.counts, { nodes: 0, circuits: 0 });
  t.equal(machine.wakeAt < Number.POSITIVE_INFINITY, true);
  wait(MINUTE_MS);
  t.equal(machine.wakeAt, Number.POSITIVE_INFINITY, 'nothing is left to look at');
});

function use() {
  const machine = new RelayUse(seededRng('use'));
  let now = 0;
  const run = (body: (out: OutboxBuffer<RelaySend, RelayUseEvent>) => void) => {
    const out = new OutboxBuffer<RelaySend, RelayUseEvent>();
    body(out);
    return { sends: [...out.sends], events: [...out.events] };
  };
  const give = (input: RelayUseInput) => run((out) => machine.handle(input, now, out));
  const keep = (count: number, ...rtts: [number, number][]) =>
    give({ kind: 'keep', count, choices: rtts.map(([slot, rttMs]) => ({ slot, rttMs })) });
  const grant = (slot: number, leg = 50 + slot, isInward = true) =>
    give({ kind: 'granted', slot, leg, seconds: 86_400, isInward, isLarger: false });
  const judge = (slot: number, verdict: RelayVerdict) => give({ kind: 'judged', slot, verdict });
  const settle = (slot: number) => judge(slot, 'settled');
  const wait = (ms: number) => {
    now += ms;
    return run((out) => machine.onTimer(now, out));
  };
  const reach = (remote: number, ...relays: number[]) =>
    give({ kind: 'reach', remote, nodeId: NODE, relays });
  return { machine, give, keep, grant, judge, settle, wait, reach };
}

t.test('the nearest relay keeps a node reachable, by keepalives, until it is gone', async (t) => {
  const { machine, give, keep, grant, settle, wait } = use();
  t.match(said(keep(1, [1, 30], [2, 10]).sends), [{ slot: 2, kind: 'relayRequest', inward: true, leg: 2 }]);
  grant(2);
  t.match(settle(2).events, [{ kind: 'kept', slots: [2] }]);
  t.same(wait(KEEPALIVE_MS).sends, [{ kind: 'keepalive', slot: 2, leg: 52, number: 0 }]);
  t.same(keep(1, [1, 9], [2, 10]).sends, [], 'a little better is not better');
  t.match(said(keep(1, [1, 2], [2, 10]).sends), [{ slot: 1, kind: 'relayRequest' }]);
  t.match(grant(1).events, [{ kind: 'kept', slots: [2], granted: [2, 1] }], 'the one before stays ...');
  t.match(
    settle(1).events,
    [{ kind: 'kept', slots: [1], granted: [1] }],
    '... until this one has shown that it works',
  );
  const after = give({ kind: 'gone', slot: 1 });
  t.match(after.events, [{ kind: 'kept', slots: [2] }], 'the other one has granted it already');
  t.match(keep(0).events, [{ kind: 'kept', slots: [] }]);
  t.equal(machine.wakeAt, Number.POSITIVE_INFINITY);
});

t.test(
  'a relay that serves ways of this node alone is asked to keep it reachable too, at once',
  async (t) => {
    for (const isGranted of [true, false]) {
      const { keep, grant, reach, settle, wait } = use();
      t.match(said(reach(9, 1).sends), [{ slot: 1, kind: 'relayRequest', inward: false }]);
      if (isGranted) grant(1, 51, false);
      settle(1);
      const asked = keep(1, [1, 10]);
      t.match(said(asked.sends), [{ slot: 1, kind: 'relayRequest', inward: true }]);
      t.same(asked.events, [], 'nobody is told before it says yes to that');
      t.same(
        grant(1, 51, false).events.filter(({ kind }) => kind === 'kept'),
        [],
        'an answer to the first request',
      );
      t.same(said(keep(1, [1, 10]).sends), [], 'once');
      t.match(
        said(wait(5000).sends),
        [{ kind: 'relayRequest', inward: true }],
        'and again without an answer',
      );
      t.match(grant(1).events, [{ kind: 'kept', slots: [1] }]);
      t.notMatch(said(wait(5000).sends), [{ kind: 'relayRequest' }]);
    }
  },
);

t.test(
  'a relay whose leg was told before it granted anything is not yet one that others are told of',
  async (t) => {
    const { give, keep, grant, reach, settle } = use();
    give({ kind: 'told', slot: 1, leg: 51, isLarger: false });
    t.match(said(reach(9, 1).sends), [{ kind: 'relayRequest', inward: false }, { kind: 'circuitOpen' }]);
    settle(1);
    t.same(keep(1, [1, 10]).events, []);
    t.match(grant(1).events, [{ kind: 'kept', slots: [1] }]);
  },
);

t.test('nobody is told of a relay on trial, but for a second', async (t) => {
  const { machine, keep, grant, judge, settle, wait } = use();
  keep(1, [1, 30], [2, 10]);
  t.match(grant(2).events, [{ kind: 'kept', slots: [], granted: [2] }]);
  t.equal(machine.wakeAt, HOLD_MS);
  t.match(wait(HOLD_MS).events, [{ kind: 'kept', slots: [2], granted: [2] }]);
  t.match(said(judge(2, 'doubted').sends), [{ slot: 1, kind: 'relayRequest' }], 'another one is asked');
  t.match(grant(1).events, [{ slots: [], granted: [1, 2] }]);
  t.match(wait(HOLD_MS).events, [{ slots: [1], granted: [1, 2] }], 'one in doubt is better than none only');
  t.match(settle(1).events, []);
  t.match(judge(2, 'failed').events, [{ slots: [1], granted: [1] }]);
});

t.test(
  'one that failed is left alone for a while, a longer one each time, unless there is no other',
  async (t) => {
    const { give, keep, grant, judge, settle, wait } = use();
    const choices: [number, number][] = [
      [1, 30],
      [2, 10],
    ];
    keep(1, ...choices);
    grant(2);
    for (let ms = LEFT_MS, times = 0; times < 9; times++, ms = Math.min(DAY_MS, 2 * ms)) {
      judge(2, 'doubted');
      grant(1);
      settle(1);
      t.match(judge(2, 'failed').events, [{ slots: [1], granted: [1] }]);
      wait(ms - 1);
      if (times === 2) give({ kind: 'gone', slot: 2 });
      t.same(keep(1, ...choices).events, [], 'although it is nearer');
      wait(1);
      keep(1, ...choices);
      grant(2);
      t.match(settle(2).events.at(-1), { slots: [2], granted: [2] });
    }
    judge(2, 'doubted');
    grant(1);
    settle(1);
    judge(2, 'failed');
    t.match(keep(1, [2, 10]).events, [{ granted: [2] }], 'a relay that may work is better than none');
  },
);

t.test('a circuit that came to its relay before the request for a grant is opened once more', async (t) => {
  const { give, grant, reach, wait, machine } = use();
  const early = { kind: 'closed', slot: 2, isUngranted: true } as const;
  give({ kind: 'told', slot: 2, leg: 52, isLarger: false });
  reach(9, 2);
  t.match(said(give({ ...early, number: 77 }).sends), [], 'there is none of that number');
  const first = give({ ...early, number: machine.circuitTo(9, 2) ?? 0 });
  t.match(first.events, [{ kind: 'wayGone', remote: 9 }]);
  t.same(said(first.sends), [], 'not sooner than half a second after it was asked');
  t.match(grant(2).events, [{ kind: 'way', remote: 9, slot: 2 }]);
  wait(500);
  const second = give({ ...early, number: machine.circuitTo(9, 2) ?? 0 });
  t.match(said(second.sends), [{ kind: 'relayRequest' }]);
  t.match(said(grant(2).sends), [{ kind: 'circuitOpen', nodeId: NODE }]);
});

t.test('a circuit that was needed once only is closed', async (t) => {
  const { give, grant, reach, machine } = use();
  reach(9, 2);
  grant(2);
  const number = machine.circuitTo(9, 2);
  t.type(number, 'number');
  const left = give({ kind: 'leave', slot: 2, remote: 9 });
  t.match(said(left.sends), [{ slot: 2, kind: 'circuitClose', number }]);
  t.match(left.events, [{ kind: 'wayGone', remote: 9, slot: 2, number }]);
  t.equal(machine.circuitTo(9, 2), undefined);
  t.same(give({ kind: 'leave', slot: 2, remote: 9 }), { sends: [], events: [] });
});

t.test(
  'through a node that says that it relays circuits are opened as it is asked, and taken back when it refuses',
  async (t) => {
    const { machine, give, grant, wait, reach } = use();
    give({ kind: 'told', slot: 2, leg: 52, isLarger: false });
    t.notOk(machine.knows(2), 'nothing is wanted of it yet');
    const opened = reach(9, 2);
    t.match(said(opened.sends), [
      { slot: 2, kind: 'relayRequest', leg: 2, inward: false },
      { slot: 2, kind: 'circuitOpen', nodeId: NODE },
    ]);
    t.match(opened.sends.at(-1), { kind: 'circuit', slot: 2, toLeg: 52 });
    t.match(opened.events, [{ kind: 'way', remote: 9, slot: 2 }]);
    t.same(grant(2), { sends: [], events: [] }, 'nothing is left to do');
    t.same(reach(9, 2), { sends: [], events: [] });

    give({ kind: 'told', slot: 3, leg: 53, isLarger: true });
    t.match(reach(9, 3).events, [{ kind: 'way', slot: 3 }]);
    t.match(give({ kind: 'refused', slot: 3 }).events, [{ kind: 'wayGone', slot: 3 }]);
    t.same(reach(9, 3), { sends: [], events: [] }, 'it said no');

    give({ kind: 'told', slot: 4, leg: 54, isLarger: false });
    reach(9, 4);
    wait(6000);
    t.match(
      said(reach(9, 4).sends),
      [{ slot: 4, kind: 'relayRequest' }],
      'what was asked may have been lost',
    );
    give({ kind: 'gone', slot: 4 });
    t.match(said(reach(9, 4).sends), [{ slot: 4, kind: 'relayRequest' }]);
    t.same(reach(9, 4).events, [], 'another run of it has other legs');
  },
);

t.test('where nobody sees a NAT, the way is kept open more seldom', async (t) => {
  const { machine, give, keep, grant, settle, wait } = use();
  machine.rhythm.seenAs(true);
  keep(1, [2, 10]);
  grant(2);
  settle(2);
  t.equal(machine.wakeAt, PLAIN_KEEPALIVE_MS);
  machine.rhythm.seenAs(false);
  machine.rhythm.seenAs(true);
  t.match(wait(PLAIN_KEEPALIVE_MS).sends, [{ kind: 'keepalive' }]);
  give({ kind: 'answered', slot: 2 });
  t.equal(machine.wakeAt, PLAIN_KEEPALIVE_MS + KEEPALIVE_MS, 'one that sees it is enough');
});

t.test('a relay that no longer answers is noticed, one that does is left in peace', async (t) => {
  const { give, keep, grant, wait } = use();
  keep(1, [2, 10]);
  grant(2);
  const every = ASK_EVERY_MS / KEEPALIVE_MS;
  for (let round = 0; round < 10 * every; round++) {
    const [send] = wait(KEEPALIVE_MS).sends;
    const isQuestion = send?.kind === 'keepalive' && send.number !== 0;
    t.equal(isQuestion, round % every === every - 1);
    if (isQuestion) give({ kind: 'answered', slot: 2 });
  }
  for (let round = 1; round < every; round++) t.match(wait(KEEPALIVE_MS).sends, [{ number: 0 }]);
  t.match(wait(KEEPALIVE_MS).sends, [{ number: KEEPALIVE_ASK | 2 }]);
  for (let i = 0; i < 3; i++) t.match(wait(2000), { sends: [{ number: KEEPALIVE_ASK | 2 }], events: [] });
  t.match(wait(2000), { sends: [], events: [{ kind: 'silent', slot: 2 }] });
});

t.test('keepalives are as seldom as mappings allow, until one goes unanswered', async (t) => {
  const { machine, give, keep, grant, settle, wait } = use();
  machine.rhythm.seenAs(false);
  keep(1, [2, 10]);
  grant(2);
  settle(2);
  let at = 0;
  const next = () => {
    const waitMs = machine.wakeAt - at;
    at += waitMs;
    const [send] = wait(waitMs).sends;
    if (send?.kind === 'keepalive' && send.number !== 0) give({ kind: 'answered', slot: 2 });
    return waitMs;
  };
  t.equal(next(), KEEPALIVE_MS);
  for (const [lifetimeS, intervalMs] of [
    [118, 118_000 * 0.95],
    [60, 57_000],
    [29, 27_500],
    [15, KEEPALIVE_MIN_MS],
    [600, KEEPALIVE_MAX_MS],
  ]) {
    give({ kind: 'lifetime', ms: 1000 * lifetimeS });
    for (let i = 0; i < 20; i++) t.equal(next(), intervalMs, `${lifetimeS} s`);
  }
  give({ kind: 'lifetime', ms: undefined });
  t.equal(next(), KEEPALIVE_MS);

  give({ kind: 'lifetime', ms: 118_000 });
  let questions = 0;
  while (questions < 2) {
    const waitMs = machine.wakeAt - at;
    at += waitMs;
    const [send] = wait(waitMs).sends;
    if (send?.kind === 'keepalive' && send.number !== 0) questions++;
  }
  give({ kind: 'answered', slot: 2 });
  const distrustedAt = at;
  while (at - distrustedAt < DISTRUST_MS) t.equal(next(), KEEPALIVE_MS, 'the second question was answered');
  t.equal(next(), 118_000 * 0.95, 'what was measured is tried again');
  machine.rhythm.reset();
  t.equal(machine.rhythm.intervalMs(at), KEEPALIVE_MS, 'in another network nothing is known');
});

t.test('a relay that refuses is not asked again soon', async (t) => {
  const { give, keep, wait } = use();
  keep(1, [1, 10], [2, 20]);
  t.match(said(give({ kind: 'refused', slot: 1 }).sends), [{ slot: 2, kind: 'relayRequest' }]);
  t.same(said(keep(1, [1, 10], [2, 20]).sends), []);
  give({ kind: 'refused', slot: 2 });
  t.match(said(wait(11 * MINUTE_MS).sends), [{ slot: 1, kind: 'relayRequest' }], 'but in a while');
});

t.test('circuits are opened as soon as the relay grants, and once', async (t) => {
  const { give, grant, reach, wait } = use();
  t.match(said(reach(9, 1).sends), [{ slot: 1, kind: 'relayRequest', inward: false }]);
  const opened = grant(1);
  const [message] = said(opened.sends);
  t.match(message, { slot: 1, kind: 'circuitOpen', nodeId: NODE });
  const number = message.kind === 'circuitOpen' ? message.number : -1;
  t.equal(number < NUMBER_OF_LARGER, true);
  t.match(opened.events, [{ kind: 'way', remote: 9, slot: 1, number }]);
  t.same(reach(9, 1), { sends: [], events: [] });
  wait(5 * MINUTE_MS);
  t.match(said(reach(9, 1).sends), [{ kind: 'circuitOpen', number }], 'asked for again before it ends');
  t.match(give({ kind: 'closed', slot: 1, number }).events, [
    { kind: 'wayGone', remote: 9, slot: 1, number },
  ]);
  t.same(give({ kind: 'closed', slot: 1, number }), { sends: [], events: [] });
});

t.test(
  'offers are taken from those who were asked to keep this node reachable, and from nobody else',
  async (t) => {
    const { give, keep, grant, reach } = use();
    const number = NUMBER_OF_RELAY + NUMBER_OF_LARGER + 5;
    const offer = (slot: number, number: number, remote = 9) =>
      give({ kind: 'offered', slot, number, remote });
    t.same(offer(1, number).events, []);
    reach(9, 1);
    grant(1);
    t.same(offer(1, number).events, [], 'it was asked to reach another only');
    keep(1, [2, 10]);
    grant(2);
    t.match(offer(2, number).events, [{ kind: 'way', remote: 9, slot: 2, number }]);
    t.same(offer(2, number), { sends: [], events: [] }, 'once more');
    t.same(offer(2, NUMBER_OF_RELAY).events, [], 'a number that is not its own');
    t.same(offer(2, 5).events, []);
    t.match(offer(2, number, 8).events, [
      { kind: 'wayGone', remote: 9 },
      { kind: 'way', remote: 8 },
    ]);
    t.match(give({ kind: 'gone', slot: 8 }).events, [{ kind: 'wayGone', remote: 8 }]);
  },
);

t.test('thousands of offers are bounded', async (t) => {
  const { give, keep, grant } = use();
  keep(1, [2, 10]);
  grant(2);
  let ways = 0;
  for (let i = 0; i < 10_000; i++)
    ways += give({
      kind: 'offered',
      slot: 2,
      number: NUMBER_OF_RELAY + NUMBER_OF_LARGER + i,
      remote: 100 + i,
    }).events.length;
  t.equal(ways, 2048);
});

t.test('a grant that is renewed is asked for now and then until the answer comes', async (t) => {
  const use = new RelayUse(seededRng('renewing'));
  const out = new OutboxBuffer<RelaySend, RelayUseEvent>();
  use.handle({ kind: 'keep', count: 1, choices: [{ slot: 5, rttMs: 1 }] }, 0, out);
  use.handle({ kind: 'granted', slot: 5, leg: 1, seconds: 3600, isInward: true, isLarger: false }, 0, out);
  out.clear();
  let now = (HOUR_MS * 3) / 4;
  for (let turn = 0; turn < 10; turn++) {
    use.onTimer(now, out);
    t.ok(use.wakeAt > now, 'time goes on');
    now = Math.max(now, use.wakeAt);
  }
  t.ok(said(out.sends).length > 1);
});
