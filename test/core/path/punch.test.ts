// The plan of a round of punching, as a value: what is sent where, and what never is.
import fc from 'fast-check';
import t from 'tap';
import { equalBytes } from '../../../src/core/base/bytes.ts';
import {
  addressScope,
  formatSocketAddress,
  type IpAddress,
  ipv4,
  isDialable,
  parseIp,
  parseSocketAddress,
  type SocketAddress,
} from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import {
  LOW_TTL,
  PROBES_MAX,
  PROBES_PER_SECOND_ALL,
  planOpening,
  planPunch,
} from '../../../src/core/path/path.ts';
import type { PunchOwn, PunchSide, PunchTerms } from '../../../src/core/path/types.ts';
import { NAT_BEHAVIOURS } from '../../../src/core/wire/types.ts';

const at = (text: string) => parseSocketAddress(text) as SocketAddress;
const ip = (text: string) => parseIp(text) as IpAddress;

const CONE = { mapping: 'endpointIndependent', filtering: 'addressAndPortDependent' } as const;
const SYMMETRIC = { mapping: 'addressAndPortDependent', filtering: 'addressAndPortDependent' } as const;

const OWN: PunchOwn = {
  ...CONE,
  addresses: [at('198.51.100.1:9376'), at('192.168.1.2:9376')],
  local: [ip('192.168.1.2')],
  publicIps: [ip('198.51.100.1')],
  isMoved: false,
};

const SEEN = ip('203.0.113.9');

const termsOf = (terms: Partial<PunchTerms> = {}): PunchTerms => ({
  isOuter: () => true,
  isHeard: () => true,
  seenIp: undefined,
  maySearch: true,
  mustSearch: false,
  fresh: 'none',
  rng: seededRng('plan'),
  ...terms,
});
const plan = (own: PunchOwn, remote: PunchSide, terms: Partial<PunchTerms> = {}) =>
  planPunch(own, remote, termsOf(terms));

t.test('an ordinary pair: what opens the own NAT and reaches nobody; then challenges', async (t) => {
  const remote = { ...CONE, addresses: [at('203.0.113.9:9376')] };
  t.strictSame(planOpening(OWN, remote, termsOf()), [
    { address: at('203.0.113.9:9376'), ttl: LOW_TTL, atMs: 0 },
  ]);
  const { kind, probes, refused } = plan(OWN, remote);
  t.equal(kind, 'usual');
  t.equal(refused, 0);
  t.ok(probes.every(({ address }) => formatSocketAddress(address) === '203.0.113.9:9376'));
  t.ok(probes.every(({ ttl }) => ttl === undefined));
  t.equal(probes.length, 5, 'as many as a silent address and port may get');
  t.equal(probes[0].atMs, 0);
});

t.test(
  'where nobody but the remote says that it is there: few addresses, and two datagrams to each',
  async (t) => {
    const addresses = Array.from({ length: 16 }, (_, i) => at(`203.0.113.${i}:53`));
    const { probes } = plan(OWN, { ...CONE, addresses }, { isHeard: () => false });
    const far = probes.filter(({ ttl }) => ttl === undefined);
    t.equal(far.length, 8);
    t.equal(new Set(far.map(({ address }) => formatSocketAddress(address))).size, 4);
  },
);

t.test('private addresses only with evidence', async (t) => {
  const remote = {
    ...CONE,
    addresses: [at('203.0.113.9:9376'), at('192.168.7.2:9376'), at('10.0.0.3:9376')],
  };
  const targets = (own: PunchOwn, side: PunchSide) =>
    new Set(plan(own, side).probes.map(({ address }) => formatSocketAddress(address)));
  t.strictSame(targets(OWN, remote), new Set(['203.0.113.9:9376']));
  t.ok(targets({ ...OWN, local: [ip('192.168.7.5')] }, remote).has('192.168.7.2:9376'), 'its own subnet');
  const same = { ...CONE, addresses: [at('198.51.100.1:4000'), at('192.168.7.2:9376')] };
  t.ok(targets(OWN, same).has('192.168.7.2:9376'), 'the same public address');
  const shared = plan(OWN, same).probes.filter(({ address }) => addressScope(address.ip) === 'private');
  t.ok(shared.every(({ ttl }) => ttl === undefined));
});

t.test(
  'a NAT that gives out ports in order: those told; where a relay says that it is, those around them',
  async (t) => {
    const addresses = Array.from({ length: 8 }, (_, i) => at(`203.0.113.9:${20_010 + 2 * i}`));
    const portsOf = (terms: Partial<PunchTerms>) => {
      const { kind, probes } = plan(OWN, { ...SYMMETRIC, addresses }, terms);
      t.equal(kind, 'predicted');
      return new Set(probes.map(({ address }) => address.port));
    };
    t.strictSame([...portsOf({})].sort(), addresses.map(({ port }) => port).sort());
    const ports = portsOf({ seenIp: SEEN });
    for (let i = -60; i < 64; i++) t.ok(ports.has(20_010 + 2 * i), `${i}`);
    t.equal(ports.size, 124);
  },
);

t.test(
  'a port that nobody can predict is searched: by so many sockets on one side, so many ports on the other',
  async (t) => {
    const hard = { ...SYMMETRIC, addresses: [at('203.0.113.9:1234')] };
    t.equal(plan(OWN, hard).kind, 'usual', 'not where nobody says that it is there');
    t.equal(plan(OWN, hard, { seenIp: SEEN, maySearch: false }).kind, 'usual');
    const ports = plan(OWN, hard, { seenIp: SEEN });
    t.equal(ports.kind, 'ports');
    const searched = ports.probes.filter(({ address }) => address.port !== 1234);
    t.equal(new Set(searched.map(({ address }) => address.port)).size, searched.length, 'none twice');
    t.ok(searched.length >= 1590);
    const sockets = plan({ ...OWN, ...SYMMETRIC }, { ...CONE, addresses: [at('203.0.113.9:1234')] });
    t.equal(sockets.kind, 'sockets');
    const over = sockets.probes.filter(({ socket }) => socket !== undefined);
    t.equal(new Set(over.map(({ socket }) => socket)).size, 256);
    t.ok(over.every(({ ttl }) => ttl === LOW_TTL));
  },
);

t.test('nothing reaches the port that the other side searches from, but others of it', async (t) => {
  const fresh = at('203.0.113.9:40000');
  const remote = { ...CONE, addresses: [fresh, at('203.0.113.9:9376')] };
  const ttls = (own: PunchOwn, side: PunchSide, port: number) => {
    const usual = plan(own, side, { seenIp: SEEN }).probes.filter(({ socket }) => socket === undefined);
    return new Set(usual.filter(({ address }) => address.port === port).map(({ ttl }) => ttl));
  };
  const hard = { ...OWN, ...SYMMETRIC };
  for (const filtering of ['addressAndPortDependent', 'unknown'] as const) {
    t.strictSame(ttls(hard, { ...remote, filtering }, 40_000), new Set([LOW_TTL]));
    t.strictSame(ttls(hard, { ...remote, filtering }, 9376), new Set([undefined]));
  }
  const open = { ...remote, filtering: 'addressDependent' } as const;
  t.strictSame(ttls(hard, open, 40_000), new Set([undefined]), 'unless it would be let in');
  t.strictSame(ttls(OWN, remote, 40_000), new Set([undefined]), 'or nothing is searched');
});

t.test('where both give another port to each remote, nothing but the usual is tried', async (t) => {
  const own: PunchOwn = { ...OWN, ...SYMMETRIC };
  t.equal(plan(own, { ...SYMMETRIC, addresses: [at('203.0.113.9:1234')] }).kind, 'bothHard');
  t.equal(plan(own, { ...CONE, addresses: [at('203.0.113.9:1234')] }, { maySearch: false }).kind, 'usual');
  t.equal(plan(OWN, { ...CONE, addresses: [] }).kind, 'noAddress');
});

const anyIp = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map(([a, b, c, d]) => ipv4(a, b, c, d)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.constantFrom(
    ...['127.0.0.1', '169.254.169.254', '::1', '::', '::ffff:127.0.0.1', 'fe80::1', 'ff02::1', '0.0.0.0'].map(
      ip,
    ),
    ...['224.0.0.1', '255.255.255.255', '100.64.0.9', '10.0.0.1', '192.168.1.77', 'fd00::7', '100::5'].map(
      ip,
    ),
    ...['198.51.100.1', '203.0.113.9', '2001:db8::9'].map(ip),
  ),
);
const anyAddress = fc.record({
  ip: anyIp,
  port: fc.oneof(fc.nat(65_535), fc.integer({ min: 20_000, max: 20_020 })),
});
const anySide = fc.record({
  addresses: fc.array(anyAddress, { maxLength: 40 }),
  mapping: fc.constantFrom(...NAT_BEHAVIOURS),
  filtering: fc.constantFrom(...NAT_BEHAVIOURS),
});
const anyOwn = fc.record({
  addresses: fc.array(anyAddress, { maxLength: 16 }),
  mapping: fc.constantFrom(...NAT_BEHAVIOURS),
  filtering: fc.constantFrom(...NAT_BEHAVIOURS),
  local: fc.array(anyIp, { maxLength: 4 }),
  publicIps: fc.array(anyIp, { maxLength: 2 }),
  isMoved: fc.boolean(),
});

t.test('both sides of a round together: so many probes at most', async () => {
  const seen = [SEEN, OWN.publicIps[0]] as const;
  fc.assert(
    fc.property(anySide, anySide, fc.boolean(), fc.boolean(), (one, other, mustSearch, isFresh) => {
      const sides = [one, other].map((side, i) => {
        const near = Array.from({ length: 16 }, (_, j) => ({ ip: seen[1 - i], port: 2000 + j }));
        return {
          ...side,
          addresses: [...near, ...side.addresses],
          local: OWN.local,
          publicIps: [],
          isMoved: false,
        };
      });
      const fresh = isFresh ? 'all' : 'none';
      const counts = sides.map(
        (own, i) => plan(own, sides[1 - i], { seenIp: seen[i], mustSearch, fresh }).probes.length,
      );
      return counts[0] + counts[1] <= PROBES_MAX;
    }),
    { numRuns: 300 },
  );
});

const anyTerms = fc.record({
  seenIp: fc.option(anyIp, { nil: undefined }),
  mustSearch: fc.boolean(),
});

t.test('whatever a remote says: never too many, never where nobody may be called', async () => {
  fc.assert(
    fc.property(anyOwn, anySide, anyTerms, (own, remote, { seenIp, mustSearch }) => {
      const isOuter = (address: SocketAddress) => address.ip[15] % 7 !== 0;
      const { probes } = plan(own, remote, { isOuter, seenIp, mustSearch });
      const opening = planOpening(own, remote, termsOf({ isOuter, seenIp }));
      if (probes.length > PROBES_MAX || opening.some(({ ttl }) => ttl !== LOW_TTL)) return false;
      for (const { address } of opening)
        if (addressScope(address.ip) !== 'global' || !isOuter(address)) return false;
      for (const [i, probe] of probes.entries()) {
        const { address, atMs } = probe;
        if (i > 0 && atMs < probes[i - 1].atMs) return false;
        const later = probes[i + PROBES_PER_SECOND_ALL];
        if (later !== undefined && later.atMs < atMs + 1000) return false;
        if (!isDialable(address) || !isOuter(address)) return false;
        if (!remote.addresses.some((told) => equalBytes(told.ip, address.ip))) return false;
        const scope = addressScope(address.ip);
        if (scope === 'global') continue;
        const isSame = remote.addresses.some((told) =>
          own.publicIps.some((mine) => equalBytes(mine, told.ip)),
        );
        const isNear = own.local.some((local) => equalBytes(local.subarray(0, 8), address.ip.subarray(0, 8)));
        if (!isSame && !isNear) return false;
      }
      return true;
    }),
    { numRuns: 500 },
  );
});
