import t from 'tap';
import { circuitAddress } from '../../../src/core/base/circuit.ts';
import { equalSocketAddress, parseSocketAddress, type SocketAddress } from '../../../src/core/base/ip.ts';
import { CallBudget, PathMachine, ToldBudget } from '../../../src/core/path/path.ts';
import type { PathEvent } from '../../../src/core/path/types.ts';

const at = (text: string): SocketAddress => parseSocketAddress(text) as SocketAddress;
const HOME = at('192.0.2.1:9376');
const AWAY = at('198.51.100.7:40000');

function setUp() {
  const events: PathEvent[] = [];
  let tokens = 0;
  const machine = new PathMachine({
    isOuter: () => true,
    isNear: () => true,
    told: new ToldBudget(),
    wanted: new ToldBudget(),
    calls: new CallBudget(new ToldBudget()),
    tests: new ToldBudget(),
    token: () => new Uint8Array(8).fill(++tokens),
  });
  const out = { emit: (event: PathEvent) => void events.push(event) };
  return { machine, out, take: () => events.splice(0) };
}

t.test('roaming moves the path once the new address answers; the old one stays a candidate', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'roamed', address: AWAY }, 0, out);
  t.strictSame(take(), [], 'not before a session');
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  take();
  machine.handle({ kind: 'roamed', address: AWAY }, 10, out);
  const [challenge, ...others] = take();
  if (challenge?.kind !== 'challenge') throw new Error('nothing is asked');
  t.match(challenge, { address: AWAY, bytes: 0, isFull: false });
  t.strictSame(others, []);
  machine.handle({ kind: 'answered', address: HOME, token: challenge.token }, 20, out);
  t.strictSame(take(), [{ kind: 'unexpected' }], 'an answer from elsewhere is none');
  t.strictSame(machine.current, HOME);
  machine.handle({ kind: 'answered', address: AWAY, token: challenge.token }, 30, out);
  t.match(take(), [{ kind: 'path', address: AWAY, isNewAddress: true }]);
  machine.handle({ kind: 'roamed', address: AWAY }, 31, out);
  t.strictSame(take(), []);
  t.equal(machine.candidates.length, 2);
  machine.handle({ kind: 'roamed', address: HOME }, 40, out);
  t.match(take(), [{ kind: 'path', address: HOME, isNewAddress: true }], 'it was there before');
});

t.test(
  'a first session that is confirmed from an address that nothing proves goes there once it answers',
  async (t) => {
    const { machine, out, take } = setUp();
    machine.handle({ kind: 'confirmed', address: AWAY }, 0, out);
    const [challenge, ...others] = take();
    if (challenge?.kind !== 'challenge') throw new Error('nothing is asked');
    t.strictSame(others, []);
    t.equal(machine.current, undefined);
    machine.handle({ kind: 'answered', address: AWAY, token: challenge.token }, 30, out);
    t.match(take(), [{ kind: 'path', address: AWAY, isNewAddress: true }]);
    const circuit = setUp();
    circuit.machine.handle({ kind: 'confirmed', address: circuitAddress(1, 2) }, 0, circuit.out);
    t.match(circuit.take(), [{ kind: 'path' }], 'a way that this node made itself needs no proof');
  },
);

/** A remote that this side reached through a relay, until just now. */
function upgraded() {
  const { machine, out, take } = setUp();
  const circuit = circuitAddress(1, 2);
  const waiting: PathEvent[] = [];
  const scene = {
    machine,
    circuit,
    now: 0,
    at(ms: number, dataAt = Number.NEGATIVE_INFINITY) {
      scene.now = ms;
      machine.note({ usedAt: ms, heardAt: ms, dataAt });
    },
    roam: () => machine.handle({ kind: 'roamed', address: circuit }, scene.now, out),
    /** Answers the tests under way 10 ms later; those to `later` wait for the next time. */
    answer(later?: SocketAddress) {
      const asked = [...waiting.splice(0), ...take()];
      for (const event of asked) {
        if (event.kind !== 'challenge') continue;
        if (later !== undefined && equalSocketAddress(event.address, later)) {
          waiting.push(event);
          continue;
        }
        scene.at(scene.now + 10);
        machine.handle({ kind: 'answered', address: event.address, token: event.token }, scene.now, out);
      }
    },
    test: () => machine.handle({ kind: 'test' }, scene.now, out),
  };
  machine.handle({ kind: 'candidate', address: circuit, source: 'circuit' }, 0, out);
  machine.handle({ kind: 'candidate', address: HOME, source: 'own' }, 0, out);
  machine.handle({ kind: 'established', address: circuit }, 0, out);
  scene.at(10);
  machine.handle({ kind: 'busy' }, 10, out);
  for (let i = 0; i < 5; i++) scene.answer();
  return scene;
}

t.test(
  'who goes from a relay to a better way does not go back because the other side comes a moment later',
  async (t) => {
    const scene = upgraded();
    const { machine, circuit } = scene;
    t.strictSame(machine.current, HOME);
    const choseAt = scene.now;
    scene.at(choseAt + 9);
    scene.roam();
    t.strictSame(machine.current, HOME, 'its test was heard here, its data is still on the way there');
    scene.at(choseAt + 1500);
    scene.roam();
    t.strictSame(machine.current, circuit, 'later it has its reasons');
  },
);

t.test('whose data came over the better way and takes the relay again is followed at once', async (t) => {
  const scene = upgraded();
  const { machine, circuit } = scene;
  scene.at(scene.now + 300, scene.now + 20);
  scene.roam();
  t.strictSame(machine.current, circuit);
  scene.test();
  scene.answer(HOME);
  t.strictSame(machine.current, circuit, 'the way that it left is not taken because it once worked');
  scene.answer();
  t.strictSame(machine.current, HOME, 'but as soon as it answers');
});

t.test('another port of the same host is followed at once', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  take();
  const port = { ...HOME, port: HOME.port + 1 };
  machine.handle({ kind: 'roamed', address: port }, 10, out);
  t.match(take(), [{ kind: 'path', address: port, isNewAddress: true }]);
});

t.test('who left this side for another way meanwhile is not followed to where it was sought', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  take();
  machine.handle({ kind: 'roamed', address: AWAY }, 10, out);
  const [challenge] = take();
  machine.handle({ kind: 'roamed', address: { ...HOME, port: 7 } }, 20, out);
  take();
  if (challenge?.kind !== 'challenge') throw new Error('nothing is asked');
  machine.handle({ kind: 'answered', address: AWAY, token: challenge.token }, 30, out);
  t.strictSame(machine.current, { ...HOME, port: 7 });
});

t.test('while data flows it is asked several times, and given up', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  machine.note({ usedAt: 5, heardAt: 5, dataAt: 5 });
  machine.handle({ kind: 'busy' }, 5, out);
  t.ok(machine.isTesting);
  take();
  machine.handle({ kind: 'roamed', address: AWAY }, 5000, out);
  for (let now = 5000; now < 9000; now += 10) {
    machine.note({ usedAt: now, heardAt: now, dataAt: now });
    machine.onTimer(now, out);
  }
  const asked = take().flatMap((event) => (event.kind === 'challenge' ? event : []));
  t.ok(asked.length >= 3 && asked.length < 10, `${asked.length} times`);
  t.ok(
    asked.every(({ bytes }) => bytes === 0),
    'by short datagrams',
  );
  t.strictSame(machine.current, HOME);
});

/** Answers all challenges that are under way, each way after its round trip. Gives what else was said. */
function answerAll(
  { machine, out, take }: ReturnType<typeof setUp>,
  rttMs: (address: SocketAddress) => number,
  from: number,
  until: number,
): PathEvent[] {
  const said: PathEvent[] = [];
  const due: { at: number; address: SocketAddress; token: Uint8Array }[] = [];
  for (let now = from; now <= until; now += 5) {
    machine.note({ usedAt: now, heardAt: now, dataAt: now });
    machine.onTimer(now, out);
    for (const each of due.splice(0)) {
      if (each.at > now) due.push(each);
      else machine.handle({ kind: 'answered', address: each.address, token: each.token }, now, out);
    }
    for (const event of take()) {
      if (event.kind === 'challenge')
        due.push({ at: now + rttMs(event.address), address: event.address, token: event.token });
      else said.push(event);
    }
  }
  return said;
}

t.test('a relay that loses most is left for another that answers, and not taken again soon', async (t) => {
  const side = setUp();
  const { machine, out, take } = side;
  const [one, other] = [circuitAddress(1, 1), circuitAddress(2, 1)];
  const rttMs = (address: SocketAddress) => (address.port === one.port && address.ip === one.ip ? 20 : 25);
  machine.note({ usedAt: 0, heardAt: 0, dataAt: 0 });
  machine.handle({ kind: 'candidate', address: one, source: 'circuit' }, 0, out);
  machine.handle({ kind: 'candidate', address: other, source: 'circuit' }, 0, out);
  machine.handle({ kind: 'established', address: one }, 0, out);
  answerAll(side, rttMs, 0, 3000);
  t.strictSame(machine.current, one, 'both are up, and nothing speaks for the other');
  machine.handle({ kind: 'lossy' }, 3000, out);
  answerAll(side, rttMs, 3000, 3500);
  t.strictSame(machine.current, other);
  answerAll(side, rttMs, 3500, 20_000);
  t.strictSame(machine.current, other, 'though it is a little slower');
  take();
});

t.test('a way that is no relay is kept, and its MTU looked at', async (t) => {
  const side = setUp();
  const { machine, out, take } = side;
  machine.handle({ kind: 'established', address: HOME }, 0, out);
  machine.note({ usedAt: 0, heardAt: 0, dataAt: 0 });
  machine.handle({ kind: 'candidate', address: AWAY, source: 'record' }, 0, out);
  machine.handle({ kind: 'routeMtu', mtu: 1500 }, 0, out);
  machine.handle({ kind: 'test' }, 0, out);
  answerAll(side, () => 20, 0, 3000);
  t.equal(machine.mtu, 1500);
  take();
  machine.handle({ kind: 'lossy' }, 3000, out);
  t.match(
    take().filter(({ kind }) => kind === 'challenge'),
    [{ address: HOME, bytes: 1500 }],
  );
  t.strictSame(machine.current, HOME);
});
