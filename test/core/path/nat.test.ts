// What a node believes of its own NAT, and that liars do not change it.
import fc from 'fast-check';
import t from 'tap';
import { formatIp, formatSocketAddress, ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { NatObserver } from '../../../src/core/path/path.ts';

const PORT = 9376;
const LOCAL = ipv4(192, 168, 1, 2);
const PUBLIC = ipv4(198, 51, 100, 1);

/** Remote number n, at an address of its own. */
function remote(n: number, port = PORT): SocketAddress {
  return { ip: ipv4(45, n >> 8, n & 255, 7), port };
}

function behindNat(): NatObserver {
  const observer = new NatObserver(PORT);
  observer.reset([LOCAL]);
  return observer;
}

/** Remote n of the own organisation says that it sees this node there. */
function say(observer: NatObserver, n: number, port: number, now = 0, from = remote(n)): boolean {
  return observer.sample({ remote: String(n), organisation: '', from, observed: { ip: PUBLIC, port } }, now);
}

/** A remote of another organisation says something. */
function lie(observer: NatObserver, n: number, observed: SocketAddress, organisation = 'liars'): void {
  observer.sample({ remote: `liar ${n}`, organisation, from: remote(1000 + n), observed }, 0);
}

t.test('three who see the same make a mapping that depends on nobody; two make a guess', async (t) => {
  const observer = behindNat();
  say(observer, 1, PORT);
  t.match(observer.view('ipv4'), { mapping: 'unknown', publicIp: undefined });
  say(observer, 2, PORT);
  t.match(observer.view('ipv4'), { mapping: 'endpointIndependent', isTentative: true });
  say(observer, 3, PORT);
  t.match(observer.view('ipv4'), {
    mapping: 'endpointIndependent',
    isTentative: false,
    isPortPreserving: true,
    isOwn: false,
    samples: 3,
  });
  t.same(observer.view('ipv6').samples, 0);
});

t.test('it is told when it held for two seconds, and kept until something else is known', async (t) => {
  const observer = behindNat();
  for (const n of [1, 2, 3]) say(observer, n, 4000, n * 100);
  t.equal(observer.wakeAt, 2300);
  observer.settle(2299);
  t.same(observer.mapped, []);
  observer.settle(2300);
  t.same(observer.mapped.map(formatSocketAddress), ['198.51.100.1:4000']);
  t.equal(observer.view('ipv4').isPortPreserving, false);
  t.equal(say(observer, 1, 4001, 3000), true, 'who sees another address than before');
  t.equal(say(observer, 1, 4001, 3001), false);
  observer.settle(20_000);
  t.same(observer.mapped.map(formatSocketAddress), ['198.51.100.1:4000']);
  for (const n of [2, 3, 4]) say(observer, n, 4001, 21_000);
  observer.settle(23_000);
  t.same(observer.mapped.map(formatSocketAddress), ['198.51.100.1:4001']);
  observer.reset([LOCAL]);
  t.same(observer.mapped, []);
  t.equal(observer.view('ipv4').mapping, 'unknown');
});

t.test('an address of this host itself is no NAT, and nothing to be told', async (t) => {
  const observer = new NatObserver(PORT);
  observer.reset([PUBLIC]);
  for (const n of [1, 2, 3]) say(observer, n, PORT);
  observer.settle(10_000);
  t.match(observer.view('ipv4'), { isOwn: true, mapping: 'endpointIndependent' });
  t.same(observer.mapped, []);
});

t.test('all different: the mapping depends on who is asked', async (t) => {
  const random = behindNat();
  for (const [n, port] of [51_000, 7000, 33_000, 19_000].entries()) say(random, n, port);
  t.match(random.view('ipv4'), {
    mapping: 'addressAndPortDependent',
    mapped: undefined,
    prediction: undefined,
  });
  t.equal(formatIp(random.view('ipv4').publicIp as Uint8Array), '198.51.100.1');
  const next = behindNat();
  for (const [n, port] of [20_000, 20_002, 20_004, 20_006].entries()) say(next, n, port);
  t.same(next.view('ipv4').prediction, { port: 20_006, step: 2 });
  const falling = behindNat();
  for (const [n, port] of [20_006, 20_005, 20_004].entries()) say(falling, n, port);
  t.same(falling.view('ipv4').prediction, { port: 20_004, step: -1 });
});

t.test('a router that moves this node to another port is not one that gives everybody another', async (t) => {
  const observer = behindNat();
  const ports = [PORT, PORT, PORT, 4000, 4000, 4000];
  for (const [n, port] of ports.entries()) {
    t.equal(observer.view('ipv4').isMoved, n > 3, `after ${n}`);
    say(observer, n, port);
  }
  t.match(observer.view('ipv4'), {
    mapping: 'endpointIndependent',
    isMoved: true,
    isPortPreserving: undefined,
  });
  t.equal(observer.view('ipv4').mapped?.port, 4000, 'always the same of two');
  const other = behindNat();
  for (const n of [1, 2, 3]) say(other, n, PORT);
  lie(other, 1, { ip: PUBLIC, port: 4000 });
  t.equal(other.view('ipv4').isMoved, false, 'what others say of it is no reason');
  const symmetric = behindNat();
  for (const n of [0, 1, 2, 3, 4, 5, 6]) say(symmetric, n, PORT + n * 1000);
  t.match(symmetric.view('ipv4'), { mapping: 'addressAndPortDependent', isMoved: false });
  const told = behindNat();
  for (const [n, port] of [1000, 2000, 3000, 4000, 1000, 2000].entries()) say(told, n, port);
  t.equal(told.view('ipv4').mapping, 'addressAndPortDependent', 'two that repeat what others say');
});

t.test('two ports of one address tell whether the port matters', async (t) => {
  for (const [second, mapping] of [
    [7000, 'addressDependent'],
    [7001, 'addressAndPortDependent'],
  ] as const) {
    const observer = behindNat();
    for (const [n, port] of [51_000, 33_000, 7000].entries()) say(observer, n, port);
    say(observer, 9, second, 0, remote(2, 5000));
    t.equal(observer.view('ipv4').mapping, mapping);
  }
});

t.test('who is on the inside does not count while somebody outside is known', async (t) => {
  const observer = behindNat();
  const inside = (n: number) =>
    observer.sample(
      {
        remote: `inside ${n}`,
        organisation: '',
        from: { ip: ipv4(192, 168, 1, 10 + n), port: PORT },
        observed: { ip: LOCAL, port: PORT },
      },
      0,
    );
  for (const n of [1, 2, 3]) inside(n);
  t.match(observer.view('ipv4'), { isOwn: true }, 'a network without an outside');
  for (const n of [1, 2, 3]) say(observer, n, 4000);
  t.match(observer.view('ipv4'), { isOwn: false, isPortPreserving: false, samples: 3 });
});

t.test('who is seen at the own public address shows that it can be reached from inside', async (t) => {
  const observer = behindNat();
  for (const n of [1, 2, 3]) say(observer, n, 4000);
  t.equal(observer.view('ipv4').isHairpin, false);
  say(observer, 4, 4000, 0, { ip: PUBLIC, port: 4444 });
  t.match(observer.view('ipv4'), { isHairpin: true, mapping: 'endpointIndependent', samples: 3 });
});

t.test('two liars of one organisation change nothing, whatever they say and whenever', async (t) => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const address = fc.record({
    ip: fc.constantFrom(PUBLIC, ipv4(8, 8, 8, 8), LOCAL, ipv4(45, 0, 1, 7)),
    port,
  });
  const lies = fc.array(fc.record({ who: fc.nat(20), at: fc.nat(5), address }), { maxLength: 30 });
  fc.assert(
    fc.property(lies, fc.boolean(), port, (lies, isSymmetric, first) => {
      const truth = behindNat();
      const observer = behindNat();
      for (let n = 0; n <= 5; n++) {
        for (const { who, address } of lies.filter(({ at }) => at === n)) lie(observer, who, address);
        if (n === 5) continue;
        const seen = isSymmetric ? 1 + ((first + n * 9001) % 65_535) : first;
        say(truth, n, seen);
        say(observer, n, seen);
      }
      const [a, b] = [truth.view('ipv4'), observer.view('ipv4')];
      t.equal(b.mapping, a.mapping);
      t.same(b.publicIp, a.publicIp);
      t.same(b.mapped, a.mapped);
      t.equal(b.prediction, undefined);
      t.equal(b.isOwn, false);
    }),
    { numRuns: 300 },
  );
});

t.test('one liar among three leaves the answer open', async (t) => {
  const observer = behindNat();
  for (const n of [1, 2]) say(observer, n, 4000);
  lie(observer, 1, { ip: PUBLIC, port: 5000 });
  t.equal(observer.view('ipv4').mapping, 'unknown');
  say(observer, 3, 4000);
  t.equal(observer.view('ipv4').mapping, 'endpointIndependent');
});

t.test('a crowd of one organisation, or of one network, pushes out nobody', async (t) => {
  const observer = behindNat();
  for (const n of [1, 2, 3]) say(observer, n, 4000);
  for (let n = 0; n < 200; n++) lie(observer, n, { ip: PUBLIC, port: 5000 });
  t.equal(observer.view('ipv4').samples, 5);
  for (let n = 0; n < 200; n++) {
    const from = { ip: ipv4(46, 1, 1, n), port: PORT };
    const observed = { ip: PUBLIC, port: 5000 };
    observer.sample({ remote: `net ${n}`, organisation: `org ${n}`, from, observed }, 0);
  }
  t.equal(observer.view('ipv4').samples, 7, 'two organisations of one network');
  for (let n = 4; n < 100; n++) say(observer, n, 4000);
  t.equal(observer.view('ipv4').samples, 32);
  t.equal(observer.view('ipv4').mapping, 'endpointIndependent');
});
