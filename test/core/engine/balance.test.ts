// To which endpoint new flows go, and the table that remembers it.
import fc from 'fast-check';
import t from 'tap';
import { HashKey, Tables } from '../../../src/core/addressing/addressing.ts';
import {
  ENDPOINTS_PER_SERVICE,
  NONE,
  OWN_REMOTE,
  type ServiceEndpoint,
} from '../../../src/core/addressing/types.ts';
import { parseIp } from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { ANY_PORT, Balancer } from '../../../src/core/engine/balance.ts';
import { PinTable, UDP_PINNED_MS } from '../../../src/core/engine/pin-table.ts';

const TCP = 6;
const UDP = 17;
const S = parseIp('fd01:203:405::5e11') as Uint8Array;

function tables(endpoints: Partial<ServiceEndpoint>[]): Tables {
  const made = new Tables(Uint8Array.of(1, 2, 3, 4, 5), 0x64400000, [1, 2, 3, 4]);
  made.setService(0, S, 0);
  made.setOwnEndpoint(9, parseIp('fd01:203:405::9') as Uint8Array, 0x64400009);
  made.setServiceEndpoints(
    0,
    endpoints.map((facts) => ({
      remote: made.claimRemote(),
      selector: 9,
      weight: 100,
      isUp: true,
      protocol: TCP,
      port: 80,
      ipv4: true,
      ipv6: true,
      ...facts,
    })),
  );
  return made;
}

/** How many of `flows` went to each endpoint, by index. Each counts as a flow of the endpoint when `isLoad`. */
function shares(made: Tables, flows: number, isLoad = true, port = 80, family = 6): number[] {
  const balancer = new Balancer(made, seededRng(7));
  const taken = new Array<number>(made.services.count[0]).fill(0);
  for (let i = 0; i < flows; i++) {
    const place = balancer.draw(0, family, TCP, port);
    if (place === NONE) continue;
    taken[place]++;
    if (isLoad) made.services.load[place]++;
  }
  return taken;
}

t.test('flows spread evenly by weight', async () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1000 }), {
    minLength: 1,
    maxLength: ENDPOINTS_PER_SERVICE,
  });
  fc.assert(
    fc.property(weights, (weights) => {
      const sum = weights.reduce((a, b) => a + b);
      const flows = 4000;
      const taken = shares(tables(weights.map((weight) => ({ weight }))), flows);
      return weights.every((weight, i) => {
        const expected = (flows * weight) / sum;
        return Math.abs(taken[i] - expected) <= Math.max(12, 0.1 * expected);
      });
    }),
    { numRuns: 60 },
  );
});

t.test('so they do by chance alone, when no load tells', async (t) => {
  const taken = shares(tables([{ weight: 300 }, { weight: 100 }, { weight: 100 }]), 10_000, false);
  for (const [i, expected] of [6000, 2000, 2000].entries()) {
    t.ok(Math.abs(taken[i] - expected) < 250, `${taken[i]} of ${expected}`);
  }
});

t.test('the nearer one gets the flow, unless both are about as near', async (t) => {
  const nearest = (rtts: number[]) => {
    const made = tables(rtts.map(() => ({})));
    rtts.forEach((rtt, i) => {
      made.remotes.rttMs[made.services.remote[i]] = rtt;
    });
    return shares(made, 200).map((taken) => (taken === 0 ? 'none' : taken === 200 ? 'all' : 'some'));
  };
  t.same(nearest([10, 50]), ['all', 'none']);
  t.same(nearest([50, 10]), ['none', 'all']);
  t.same(nearest([1, 6]), ['some', 'some'], 'within 5 ms');
  t.same(nearest([1, 7]), ['all', 'none']);
  t.same(nearest([100, 124]), ['some', 'some'], 'within 25 %');
  t.same(nearest([100, 126]), ['all', 'none']);
  t.same(nearest([10, 0]), ['some', 'some'], 'one that is not known yet gets its chance');
  t.same(nearest([Number.NaN, 10]), ['some', 'some']);
  t.same(
    nearest([10, 10, 200]),
    ['some', 'some', 'none'],
    'of two that are drawn the farthest is never best',
  );
});

t.test('this host is nearest of all', async (t) => {
  const made = tables([{ remote: OWN_REMOTE }, {}]);
  made.remotes.rttMs[made.services.remote[1]] = 20;
  t.same(shares(made, 100), [100, 0]);
  made.services.load.fill(0);
  made.remotes.rttMs[made.services.remote[1]] = 3;
  t.same(shares(made, 100), [50, 50]);
});

t.test('weight 0 has its turn when nothing else is left', async (t) => {
  t.same(shares(tables([{ weight: 0 }, {}]), 50), [0, 50]);
  t.same(shares(tables([{ weight: 0 }, { isUp: false }]), 50), [50, 0]);
  t.same(shares(tables([{ weight: 0 }, { weight: 0 }]), 50), [25, 25]);
});

t.test('port, protocol and family count', async (t) => {
  t.same(shares(tables([{ port: 81 }, {}]), 50), [0, 50]);
  t.same(shares(tables([{ protocol: UDP }, {}]), 50), [0, 50]);
  t.same(shares(tables([{ port: 81 }, { port: 82 }]), 50), [25, 25], 'all, when none has that port');
  t.same(shares(tables([{ isUp: false }, { port: 82 }]), 50), [0, 0], 'not when the one that has it is down');
  t.same(shares(tables([{ ipv6: false }, {}]), 50), [0, 50]);
  t.same(shares(tables([{ ipv6: false }, {}]), 50, true, 80, 4), [25, 25]);
  t.same(shares(tables([{ ipv6: false }, { ipv6: false }]), 50), [0, 0]);
  t.same(shares(tables([{ port: 81 }, { protocol: UDP }]), 50, true, ANY_PORT), [25, 25]);
  t.same(shares(tables([]), 50), []);
});

t.test('an endpoint of a remote that is gone is down', async (t) => {
  const made = tables([{}, {}]);
  made.releaseRemote(made.services.remote[0]);
  t.same(shares(made, 50), [0, 50]);
});

t.test('a pin is found from both sides as long as it lives, as a map would', async () => {
  const step = fc.tuple(
    fc.constantFrom('add', 'touch', 'remove', 'look'),
    fc.nat(11),
    fc.nat(UDP_PINNED_MS / 3),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const made = tables([{}, {}, { remote: OWN_REMOTE }]);
      const { services } = made;
      const pins = new PinTable(new HashKey([5, 6, 7, 8]), 256, services);
      const model = new Map<number, { endpoint: number; lastMs: number }>();
      const kind = (UDP << 8) | 6;
      let now = 0;
      for (const [what, n, pause] of steps) {
        now += pause;
        for (const [key, { lastMs }] of model) if (now - lastMs >= UDP_PINNED_MS) model.delete(key);
        const place = pins.find(n, n, kind, now);
        if ((place === NONE) === model.has(n)) return false;
        if (what === 'add' && place === NONE) {
          const endpoint = n % 3;
          pins.add(n, n, kind, endpoint, 1, now);
          model.set(n, { endpoint, lastMs: now });
        } else if (what === 'touch' && place !== NONE) {
          pins.touch(place, now);
          model.set(n, { endpoint: n % 3, lastMs: now });
        } else if (what === 'remove' && place !== NONE) {
          pins.remove(place);
          model.delete(n);
        }
        if (pins.count(now) !== model.size) return false;
        for (const [key, { endpoint }] of model) {
          const remote = ((services.remote[endpoint] << 16) | services.remoteGeneration[endpoint]) >>> 0;
          const own = endpoint === 2 ? 0 : key;
          const found = pins.find(key, key, kind, now);
          const back = pins.findBack(remote, ((own << 16) | 9) >>> 0, key, kind, now);
          if (found === NONE || back !== found || pins.endpointOf(found) !== endpoint) return false;
        }
        const load = services.load.reduce((a, b) => a + b);
        if (load < model.size) return false;
      }
      return true;
    }),
  );
});

t.test('pins are bounded, the newest is always there, and loads count no more than there are', async (t) => {
  const made = tables([{}, {}]);
  const { services } = made;
  const pins = new PinTable(new HashKey([5, 6, 7, 8]), 256, services);
  const kind = (TCP << 8) | 6;
  const remote = (i: number) => ((services.remote[i] << 16) | services.remoteGeneration[i]) >>> 0;
  for (let i = 0; i < 20_000; i++) {
    const ports = (i * 2654435761) >>> 0;
    const place = pins.add(3, ports, kind, i & 1, 1, i);
    if (pins.find(3, ports, kind, i) !== place) t.fail(`pin ${i} is missing`);
    if (pins.findBack(remote(i & 1), (3 << 16) | 9, ports, kind, i) !== place) t.fail(`pin ${i} is lost`);
  }
  const alive = pins.count(20_000);
  t.ok(alive <= 256 && alive > 150, `${alive} alive`);
  t.equal(services.load[0] + services.load[1], alive);
  t.throws(() => new PinTable(new HashKey([5, 6, 7, 8]), 100, services), RangeError);
});
