import t from 'tap';
import { circuitAddress } from '../../../src/core/base/circuit.ts';
import { formatSocketAddress, parseSocketAddress, type SocketAddress } from '../../../src/core/base/ip.ts';
import { isStream, streamAddress } from '../../../src/core/base/stream.ts';
import { NEVER } from '../../../src/core/base/time.ts';
import {
  ASK_EVERY_MS,
  ASK_MS,
  CANDIDATES_MAX,
  CallBudget,
  CIRCUITS_MAX,
  HEAD_START_MS,
  PathMachine,
  PROBE_WAIT_MS,
  ROUND_ADDRESSES,
  SILENCE_MS,
  TOLD_BURST,
  TOLD_PER_SECOND,
  TOLD_PORTS_MAX,
  TOLD_TRIES,
  TOLD_WINDOW_MS,
  ToldBudget,
} from '../../../src/core/path/path.ts';
import type { PathEvent } from '../../../src/core/path/types.ts';

const at = (text: string): SocketAddress => parseSocketAddress(text) as SocketAddress;
const HOME = at('192.0.2.1:9376');
const AWAY = at('198.51.100.7:40000');

function setUp(isOuter: (address: SocketAddress) => boolean = () => true, told = new ToldBudget()) {
  const calls = new CallBudget(told);
  const events: PathEvent[] = [];
  let tokens = 0;
  const token = () => new Uint8Array(8).fill(++tokens);
  const machine = new PathMachine({
    isOuter,
    isNear: () => true,
    told,
    wanted: new ToldBudget(),
    calls,
    tests: new ToldBudget(),
    token,
  });
  const out = { emit: (event: PathEvent) => void events.push(event) };
  const take = () => events.splice(0);
  return { machine, out, take, calls };
}

const sentTo = (events: PathEvent[]) =>
  events.flatMap((e) => (e.kind === 'sendTo' ? e.addresses.map(formatSocketAddress) : []));

t.test('an initiation goes to every address at once, and again to all', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'candidate', address: HOME, source: 'configured' }, 0, out);
  machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
  t.strictSame(take(), [], 'nothing is sent before somebody wants it');
  for (let round = 0; round < 3; round++) {
    machine.handle({ kind: 'initiation', purpose: 'told' }, round, out);
    t.strictSame(sentTo(take()), ['192.0.2.1:9376', '198.51.100.7:40000']);
  }
  t.equal(machine.phase, 'connecting');
  machine.handle({ kind: 'failed', hasKeys: false }, 9, out);
  t.equal(machine.phase, 'idle');
});

t.test('the address that worked last has a head start', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
  machine.handle({ kind: 'candidate', address: HOME, source: 'proven' }, 0, out);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  t.strictSame(sentTo(take()), ['192.0.2.1:9376']);
  t.equal(machine.wakeAt, HEAD_START_MS);
  machine.onTimer(HEAD_START_MS, out);
  t.strictSame(take(), [{ kind: 'repeat' }]);
  machine.handle({ kind: 'initiation', purpose: 'told' }, HEAD_START_MS, out);
  t.strictSame(sentTo(take()), ['198.51.100.7:40000']);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 1000, out);
  t.equal(sentTo(take()).length, 2);
});

t.test('an address heard of while connecting gets the initiation at once', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  t.strictSame(sentTo(take()), []);
  machine.handle({ kind: 'candidate', address: HOME, source: 'record' }, 5, out);
  t.strictSame(take(), [{ kind: 'repeat' }]);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 5, out);
  t.strictSame(sentTo(take()), ['192.0.2.1:9376']);
});

t.test(
  'fresh keys of a living session are asked for over its path alone, unless nobody answers',
  async (t) => {
    const { machine, out, take } = setUp();
    machine.handle({ kind: 'established', address: HOME }, 0, out);
    machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
    take();
    machine.handle({ kind: 'initiation', purpose: 'told' }, 100, out);
    t.strictSame(sentTo(take()), ['192.0.2.1:9376']);
    machine.handle({ kind: 'initiation', purpose: 'told' }, 1100, out);
    t.equal(sentTo(take()).length, 2);
    t.equal(machine.phase, 'up');
  },
);

t.test('silence while data flows: a probe, then a handshake over all candidates', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
  t.match(take(), [{ kind: 'path', address: HOME, maxPlaintext: 1280 - 60, isNewAddress: true }]);
  t.equal(machine.wakeAt, NEVER, 'an idle path costs nothing');
  machine.handle({ kind: 'silence', sinceMs: 1000 }, 1000 + ASK_MS - 1, out);
  t.strictSame(take(), []);
  machine.handle({ kind: 'silence', sinceMs: 1000 }, 1000 + ASK_MS, out);
  t.strictSame(take(), [{ kind: 'probe' }]);
  machine.handle({ kind: 'silence', sinceMs: 1000 }, 1000 + SILENCE_MS - 1, out);
  t.strictSame(take(), [], 'once');
  t.equal(machine.phase, 'up', 'as a flow may have had its last word');
  machine.handle({ kind: 'silence', sinceMs: 1000 }, 1000 + SILENCE_MS, out);
  t.strictSame(take(), [{ kind: 'probe' }]);
  machine.onTimer(1000 + SILENCE_MS + PROBE_WAIT_MS, out);
  t.strictSame(take(), [{ kind: 'rekey' }]);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 3000, out);
  t.strictSame(sentTo(take()), ['192.0.2.1:9376', '198.51.100.7:40000']);
  machine.handle({ kind: 'confirmed', address: AWAY }, 3000, out);
  const [challenge] = take();
  if (challenge?.kind !== 'challenge') throw new Error('nothing is asked');
  t.equal(machine.phase, 'up');
  t.strictSame(machine.current, HOME, 'whoever took part in the handshake need not be there');
  machine.handle({ kind: 'answered', address: AWAY, token: challenge.token }, 3050, out);
  t.ok(take().some((event) => event.kind === 'path'));
  t.strictSame(machine.current, AWAY);
});

t.test('an answer to the probe settles the matter', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  machine.handle({ kind: 'silence', sinceMs: 0 }, ASK_MS, out);
  machine.handle({ kind: 'silence', sinceMs: 0 }, SILENCE_MS, out);
  t.equal(machine.phase, 'suspect');
  take();
  machine.handle({ kind: 'heard' }, SILENCE_MS + 20, out);
  t.equal(machine.phase, 'up');
  t.equal(machine.wakeAt, NEVER);
  const again = ASK_MS + ASK_EVERY_MS;
  machine.handle({ kind: 'silence', sinceMs: SILENCE_MS + 30 }, again - 1, out);
  t.strictSame(take(), [], 'who has nothing to say is not asked again at once');
  machine.handle({ kind: 'silence', sinceMs: SILENCE_MS + 30 }, again, out);
  t.strictSame(take(), [{ kind: 'probe' }]);
  machine.handle({ kind: 'silence', sinceMs: SILENCE_MS + 30 }, again + SILENCE_MS - ASK_MS, out);
  t.equal(machine.phase, 'suspect');
});

t.test('a change of own addresses is probed at once where traffic was, and nowhere else', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  take();
  machine.handle({ kind: 'localChange', isRecent: false }, 5, out);
  t.strictSame(take(), []);
  machine.handle({ kind: 'localChange', isRecent: true }, 5, out);
  t.strictSame(take(), [{ kind: 'probe' }]);
  t.ok(machine.wakeAt <= 5 + 300);
});

t.test('the MTU of the route is tried while the remote is in use; nonsense is not believed', async (t) => {
  const { machine, out, take } = setUp();
  const address = at('[2001:db8::1]:9376');
  machine.handle({ kind: 'established', address }, 0, out);
  t.match(take(), [{ maxPlaintext: 1280 - 80 }]);
  machine.handle({ kind: 'routeMtu', mtu: 1500 }, 0, out);
  t.strictSame(take(), [], 'nobody uses it');
  t.equal(machine.wakeAt, NEVER);
  machine.note({ usedAt: 10, heardAt: 10, dataAt: 10 });
  machine.handle({ kind: 'busy' }, 10, out);
  const [probe] = take();
  t.match(probe, { kind: 'challenge', address, bytes: 1500, isFull: false });
  if (probe.kind !== 'challenge') return;
  machine.handle({ kind: 'answered', address, token: probe.token }, 30, out);
  t.match(
    take().filter(({ kind }) => kind === 'path'),
    [{ maxPlaintext: 1500 - 80, isNewAddress: false, isMtuKnown: true }],
  );
  machine.handle({ kind: 'routeMtu', mtu: 1400 }, 40, out);
  t.match(
    take().filter(({ kind }) => kind === 'path'),
    [{ maxPlaintext: 1400 - 80, isNewAddress: false }],
    'what the first link refuses is not sent any more',
  );
  for (const mtu of [0, -1, 1.5, 1e9, Number.NaN, 1, 552]) machine.handle({ kind: 'routeMtu', mtu }, 50, out);
  t.equal(machine.maxPlaintext, 1280 - 80, 'a forged ICMP message makes nobody go below 1,280');
});

t.test('candidates are bounded, and hearsay pushes out nothing better', async (t) => {
  const { machine, out, take } = setUp();
  for (let i = 1; i <= CANDIDATES_MAX; i++)
    machine.handle({ kind: 'candidate', address: at(`192.0.2.${i}:1`), source: 'configured' }, 0, out);
  machine.handle({ kind: 'candidate', address: at('192.0.2.99:1'), source: 'record' }, 0, out);
  t.equal(machine.candidates.length, CANDIDATES_MAX);
  t.notOk(machine.candidates.some((c) => c.source === 'record'));
  machine.handle({ kind: 'candidate', address: at('127.0.0.1:22'), source: 'record' }, 0, out);
  machine.handle({ kind: 'candidate', address: at('224.0.0.1:22'), source: 'record' }, 0, out);
  t.equal(machine.candidates.length, CANDIDATES_MAX);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  t.equal(sentTo(take()).length, ROUND_ADDRESSES);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 1000, out);
  const second = sentTo(take());
  t.equal(second[0], '192.0.2.1:1', 'the best address is in every round');
  t.equal(second[1], '192.0.2.5:1', 'the others take turns');
});

t.test('an address that only a third node named gets few initiations', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
  for (let i = 0; i < 20; i++) machine.handle({ kind: 'initiation', purpose: 'told' }, i * 100, out);
  t.equal(sentTo(take()).length, TOLD_TRIES);
  machine.handle({ kind: 'initiation', purpose: 'told' }, TOLD_WINDOW_MS, out);
  t.equal(sentTo(take()).length, 1, 'and some more later');
});

t.test('a call goes to the address that was paid for, and no further than paid', async (t) => {
  const { machine, out, take, calls } = setUp();
  machine.handle({ kind: 'candidate', address: HOME, source: 'configured' }, 0, out);
  machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
  const call = (now: number) => machine.handle({ kind: 'initiation', purpose: 'calls' }, now, out);
  call(0);
  t.strictSame(take(), []);
  calls.pay(AWAY, 2);
  for (let i = 1; i < 5; i++) call(i * 300);
  t.strictSame(sentTo(take()), ['198.51.100.7:40000', '198.51.100.7:40000']);
  calls.pay(AWAY, 9);
  for (let i = 5; i < 20; i++) call(i * 300);
  t.equal(sentTo(take()).length, TOLD_TRIES - 2, 'and no further than to told addresses in all');
  machine.handle({ kind: 'initiation', purpose: 'wanted' }, 6000, out);
  t.ok(sentTo(take()).includes('192.0.2.1:9376'), 'others do not wait for it');
});

t.test('an address that is none of the outside is taken from nobody', async (t) => {
  const inside = at('[fd12:3456:789a::1]:9376');
  const { machine, out, take } = setUp((address) => address.ip[0] !== 0xfd);
  for (const source of ['proven', 'configured', 'record'] as const)
    machine.handle({ kind: 'candidate', address: inside, source }, 0, out);
  t.strictSame(take(), [{ kind: 'refused' }, { kind: 'refused' }, { kind: 'refused' }]);
  machine.handle({ kind: 'established', address: inside }, 0, out);
  t.strictSame(take(), [{ kind: 'refused' }]);
  t.equal(machine.current, undefined);
  machine.handle({ kind: 'roamed', address: HOME }, 0, out);
  const [challenge] = take();
  if (challenge?.kind !== 'challenge') throw new Error('nothing is asked');
  machine.handle({ kind: 'answered', address: HOME, token: challenge.token }, 0, out);
  t.match(take(), [{ kind: 'path', address: HOME }], 'the first address that may be is taken');
  machine.handle({ kind: 'roamed', address: inside }, 1, out);
  machine.handle({ kind: 'roamed', address: at('127.0.0.1:9376') }, 1, out);
  machine.handle({ kind: 'roamed', address: at('169.254.0.9:9376') }, 1, out);
  t.strictSame(take(), [{ kind: 'refused' }, { kind: 'refused' }, { kind: 'refused' }]);
  t.strictSame(machine.current, HOME);
  t.equal(machine.candidates.length, 1);
});

t.test('many addresses heard of while connecting: one initiation to a few of them', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  for (let i = 1; i <= 48; i++)
    machine.handle({ kind: 'candidate', address: at(`192.0.2.${i}:1`), source: 'record' }, 0, out);
  t.strictSame(take(), [{ kind: 'repeat' }]);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  t.equal(sentTo(take()).length, ROUND_ADDRESSES);
});

t.test('a change of own addresses without any candidate asks for nothing', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  machine.handle({ kind: 'localChange', isRecent: true }, 1, out);
  t.strictSame(take(), []);
});

t.test('few told ports of one IP address, the newest', async (t) => {
  const { machine, out } = setUp();
  machine.handle({ kind: 'established', address: at('192.0.2.1:1') }, 0, out);
  for (let port = 2; port < 50; port++)
    machine.handle({ kind: 'candidate', address: at(`192.0.2.1:${port}`), source: 'record' }, 0, out);
  const ports = machine.candidates.map(({ address }) => address.port);
  t.strictSame(ports, [1, 47, 48, 49]);
  t.equal(ports.length, 1 + TOLD_PORTS_MAX);
});

t.test('what others say pushes out nothing that a node says of itself', async (t) => {
  const { machine, out, take } = setUp();
  const tell = (source: 'own' | 'record', text: string) =>
    machine.handle({ kind: 'candidate', address: at(text), source }, 0, out);
  tell('record', '192.0.2.1:9376');
  tell('own', '192.0.2.1:9376');
  for (let port = 1; port < 50; port++) tell('record', `192.0.2.1:${port}`);
  for (let i = 0; i < 50; i++) tell('record', `198.51.100.${i}:1`);
  t.match(machine.candidates[0], { address: at('192.0.2.1:9376'), source: 'own' });
  machine.handle({ kind: 'initiation', purpose: 'told' }, 0, out);
  t.equal(sentTo(take())[0], '192.0.2.1:9376', 'it is tried first');
  for (let port = 50; port < 100; port++) tell('own', `192.0.2.1:${port}`);
  const own = machine.candidates.filter(({ source }) => source === 'own');
  t.strictSame(
    own.map(({ address }) => address.port),
    [97, 98, 99],
    'of these the newest, too',
  );
  tell('own', '127.0.0.1:22');
  t.notOk(machine.candidates.some(({ address }) => address.port === 22));
  for (let i = 0; i < 20; i++) machine.handle({ kind: 'initiation', purpose: 'told' }, i * 100, out);
  const tries = sentTo(take()).filter((to) => to === '192.0.2.1:99').length;
  t.equal(tries, TOLD_TRIES, 'and it proves nothing');
});

t.test('tries are remembered of an address that was pushed out, and for all remotes together', async (t) => {
  const told = new ToldBudget();
  let sent = 0;
  for (let round = 0; round < 20; round++) {
    const { machine, out, take } = setUp(() => true, told);
    machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, round * 100, out);
    machine.handle({ kind: 'initiation', purpose: 'told' }, round * 100, out);
    sent += sentTo(take()).length;
  }
  t.equal(sent, TOLD_TRIES);
});

t.test('told addresses in all get so many initiations a second; others are not held up', async (t) => {
  const told = new ToldBudget();
  let sent = 0;
  for (let i = 0; i < 2000; i++) {
    const { machine, out, take } = setUp(() => true, told);
    const address = at(`198.51.100.7:${1 + i}`);
    machine.handle({ kind: 'candidate', address, source: 'record' }, i, out);
    machine.handle({ kind: 'initiation', purpose: 'told' }, i, out);
    sent += sentTo(take()).length;
  }
  t.ok(sent <= TOLD_BURST + 2 * TOLD_PER_SECOND, `${sent} in 2 s`);
  t.ok(sent >= 2 * TOLD_PER_SECOND);
  const { machine, out, take } = setUp(() => true, told);
  machine.handle({ kind: 'candidate', address: HOME, source: 'configured' }, 2000, out);
  machine.handle({ kind: 'initiation', purpose: 'told' }, 2000, out);
  t.equal(sentTo(take()).length, 1);
  machine.handle({ kind: 'candidate', address: AWAY, source: 'own' }, 2000, out);
  machine.handle({ kind: 'initiation', purpose: 'wanted' }, 2000, out);
  t.strictSame(sentTo(take()), [formatSocketAddress(AWAY)], 'nor what this host wants');
});

t.test(
  'circuits: tried with the others, out of any budget, pushed out by nobody, named by nobody',
  async (t) => {
    const { machine, out, take } = setUp(() => false);
    const circuit = at('[100::1:8001]:1');
    for (const source of ['record', 'own', 'configured', 'proven'] as const)
      machine.handle({ kind: 'candidate', address: circuit, source }, 0, out);
    t.same(
      take().map(({ kind }) => kind),
      ['refused', 'refused', 'refused', 'refused'],
    );
    machine.handle({ kind: 'candidate', address: HOME, source: 'circuit' }, 0, out);
    t.strictSame(take(), [{ kind: 'refused' }], 'nor is anything else one');
    t.equal(machine.candidates.length, 0);

    const open = setUp();
    open.machine.handle({ kind: 'candidate', address: circuit, source: 'circuit' }, 0, open.out);
    for (let i = 0; i < 3 * CANDIDATES_MAX; i++)
      open.machine.handle(
        { kind: 'candidate', address: at(`192.0.2.${i}:1`), source: 'proven' },
        0,
        open.out,
      );
    t.equal(open.machine.candidates.length, CANDIDATES_MAX);
    for (let round = 0; round < 2 * TOLD_TRIES; round++) {
      open.machine.handle({ kind: 'initiation', purpose: 'told' }, round, open.out);
      open.machine.handle({ kind: 'initiation', purpose: 'told' }, round, open.out);
    }
    t.ok(sentTo(open.take()).filter((to) => to === '[100::1:8001]:1').length >= TOLD_TRIES);
    for (let i = 0; i < 2 * CIRCUITS_MAX; i++)
      open.machine.handle(
        { kind: 'candidate', address: at(`[100::2:${i}]:1`), source: 'circuit' },
        0,
        open.out,
      );
    const circuits = open.machine.candidates.filter(({ source }) => source === 'circuit');
    t.equal(circuits.length, CIRCUITS_MAX);
    t.equal(open.machine.candidates.length, CANDIDATES_MAX);
  },
);

t.test(
  'a session over a circuit; when it closes, data finds another way without waiting for silence',
  async (t) => {
    const { machine, out, take } = setUp();
    const circuit = at('[100::1:8001]:1');
    machine.handle({ kind: 'candidate', address: circuit, source: 'circuit' }, 0, out);
    machine.handle({ kind: 'candidate', address: HOME, source: 'own' }, 0, out);
    machine.handle({ kind: 'established', address: circuit }, 0, out);
    t.match(take(), [{ kind: 'path', address: circuit, isNewAddress: true }]);
    t.ok(machine.maxPlaintext + 5 + 40 + 8 + 32 <= 1280, 'the header of the relay has its room');
    machine.handle({ kind: 'routeMtu', mtu: 9000 }, 0, out);
    t.strictSame(take(), [], 'the route of a circuit is the relay’s');
    machine.handle({ kind: 'candidateGone', address: circuit }, 5, out);
    t.strictSame(take(), [], 'nothing without data');
    t.strictSame(
      machine.candidates.map(({ address }) => formatSocketAddress(address)),
      ['192.0.2.1:9376'],
    );
    machine.handle({ kind: 'silence', sinceMs: 9 }, 10, out);
    t.strictSame(take(), [{ kind: 'rekey' }]);
    machine.handle({ kind: 'initiation', purpose: 'told' }, 11, out);
    t.strictSame(sentTo(take()), ['192.0.2.1:9376']);
    machine.handle({ kind: 'roamed', address: at('[100::3:8001]:1') }, 12, out);
    t.match(
      take(),
      [{ kind: 'path', address: at('[100::3:8001]:1') }],
      'a circuit that the other side opened',
    );
  },
);

t.test('the same address over another local socket is another way', async (t) => {
  const { machine, out, take } = setUp();
  const further = { ...HOME, via: 7 };
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  take();
  machine.handle({ kind: 'roamed', address: further }, 10, out);
  t.match(take(), [{ kind: 'path', address: further, isNewAddress: true }]);
  t.strictSame(machine.current, further);
  t.equal(machine.candidates.length, 2);
  machine.handle({ kind: 'test' }, 20, out);
  const challenges = take().filter((event) => event.kind === 'challenge');
  t.strictSame(
    challenges.map(({ address }) => address.via ?? 0),
    [0],
  );
  machine.handle({ kind: 'answered', address: further, token: challenges[0].token }, 30, out);
  t.match(take(), [{ kind: 'unexpected' }], 'an answer over another socket is none');
  machine.handle({ kind: 'answered', address: HOME, token: challenges[0].token }, 30, out);
  machine.handle({ kind: 'candidateGone', address: further }, 40, out);
  t.strictSame(machine.current, HOME, 'and is left for the other when its socket is closed');
  t.strictSame(
    machine.candidates.map(({ address }) => address.via ?? 0),
    [0],
  );
});

t.test('a stream is left for UDP when UDP works both ways, not because something came by it', async (t) => {
  const { machine, out, take } = setUp();
  const stream = streamAddress(7);
  machine.handle({ kind: 'established', address: stream }, 0, out);
  t.match(take(), [{ kind: 'path', address: stream }]);
  machine.handle({ kind: 'roamed', address: HOME }, 1000, out);
  const tests = () =>
    take().flatMap((event) =>
      event.kind === 'challenge' && formatSocketAddress(event.address) === formatSocketAddress(HOME)
        ? event
        : [],
    );
  const [first, ...others] = tests();
  t.equal(first.isFull, false);
  t.same(others, []);
  t.same(machine.current, stream);
  machine.handle({ kind: 'answered', address: HOME, token: first.token }, 1020, out);
  const [second] = tests();
  t.equal(second.isFull, true);
  t.same(machine.current, stream, 'not before data fits');
  machine.handle({ kind: 'answered', address: HOME, token: second.token }, 1040, out);
  t.same(machine.current, HOME);
  machine.handle({ kind: 'candidateGone', address: stream }, 1050, out);
  t.same(machine.current, HOME);
});

t.test('a stream is the last resort, and nobody else says where one is', async (t) => {
  const { machine, out, take } = setUp();
  const stream = streamAddress(7);
  machine.handle({ kind: 'established', address: circuitAddress(1, 2) }, 0, out);
  take();
  machine.handle({ kind: 'candidate', address: stream, source: 'own' }, 1, out);
  machine.handle({ kind: 'candidate', address: HOME, source: 'stream' }, 1, out);
  t.same(take(), [{ kind: 'refused' }, { kind: 'refused' }]);
  machine.handle({ kind: 'candidate', address: stream, source: 'stream' }, 1, out);
  machine.handle({ kind: 'test' }, 2, out);
  const [test] = take().flatMap((event) =>
    event.kind === 'challenge' && isStream(event.address.ip) ? event : [],
  );
  t.equal(test.isFull, true);
  machine.handle({ kind: 'answered', address: stream, token: test.token }, 3, out);
  t.same(machine.current, circuitAddress(1, 2));
  machine.handle({ kind: 'candidateGone', address: circuitAddress(1, 2) }, 10, out);
  t.same(machine.current, stream);
  t.equal(machine.maxPlaintext, machine.mtu - 32, 'whole datagrams: a stream has no headers of its own');
});
