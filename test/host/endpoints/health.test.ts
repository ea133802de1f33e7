import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import t, { type Test } from 'tap';
import { CodedError } from '../../../src/core/base/errors.ts';
import { ipv4, parseIp } from '../../../src/core/base/ip.ts';
import { HealthProbe } from '../../../src/host/endpoints/endpoints.ts';
import type { EndpointPlan, HostTarget } from '../../../src/host/endpoints/types.ts';

const FAST = { everyMs: 40, againMs: 10, otherMs: 10, timeoutMs: 500 };
const LOOPBACK6 = parseIp('::1')!;

async function serve(t: Test, host: string, port = 0): Promise<Server & { port: number; looks(): number }> {
  let looks = 0;
  const server = createServer((socket) => {
    looks++;
    socket.on('error', () => undefined);
    socket.resume();
  });
  server.listen(port, host);
  await once(server, 'listening');
  t.teardown(() => server.close());
  return Object.assign(server, { port: (server.address() as { port: number }).port, looks: () => looks });
}

/** The addresses of the loopback interface stand for an endpoint's. */
function plan(port: number, more: Partial<EndpointPlan> = {}): EndpointPlan {
  const target: HostTarget = { kind: 'host' };
  const alias4 = ipv4(127, 0, 0, 1);
  return { selector: 1, name: 'web', address6: LOOPBACK6, alias4, protocol: 'tcp', port, target, ...more };
}

type Told = Parameters<ConstructorParameters<typeof HealthProbe>[0]>[0];

class Reports {
  readonly all: Told[] = [];
  #wake = (): void => undefined;
  readonly add = (health: Told): void => {
    this.all.push(health);
    this.#wake();
  };

  /** The next report that was not taken yet. */
  async next(): Promise<Told> {
    // The probe does not keep the process alive; whoever waits for it does.
    const alive = setInterval(() => undefined, 1000);
    while (this.all.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    clearInterval(alive);
    return this.all.shift() as Told;
  }
}

function probing(t: Test): { probe: HealthProbe; reports: Reports } {
  const reports = new Reports();
  const probe = new HealthProbe(reports.add, FAST);
  t.teardown(() => probe.close());
  return { probe, reports };
}

t.test('A program is looked at at once, and its end and return are told', async (t) => {
  const { probe, reports } = probing(t);
  const server = await serve(t, '127.0.0.1');
  probe.set([{ plan: plan(server.port), check: 'tcp' }]);
  t.match(await reports.next(), { name: 'web', healthy: true, ipv4: true, ipv6: false, reason: '' });
  while (server.looks() < 4) await once(server, 'connection');
  t.same(reports.all, [], 'no news, no report');
  server.close();
  const down = await reports.next();
  t.match(down, { healthy: false, ipv4: true, ipv6: true });
  t.match(down.reason, /127\.0\.0\.1:\d+: ECONNREFUSED, \[::1\]:\d+: ECONNREFUSED/);
  await serve(t, '127.0.0.1', server.port);
  t.match(await reports.next(), { healthy: true, ipv4: true, ipv6: false });
});

t.test('An address family that answers a moment later is not missed until the next look', async (t) => {
  const reports = new Reports();
  const probe = new HealthProbe(reports.add, { ...FAST, everyMs: 60_000 });
  t.teardown(() => probe.close());
  const server = await serve(t, '127.0.0.1');
  probe.set([{ plan: plan(server.port), check: 'tcp' }]);
  await once(server, 'connection');
  t.same(reports.all, [], 'half an answer is not told at once');
  await serve(t, '::1', server.port);
  let told = await reports.next();
  while (!told.ipv6) told = await reports.next();
  t.match(told, { healthy: true, ipv4: true, ipv6: true });
});

t.test('The families are those that answer', async (t) => {
  const { probe, reports } = probing(t);
  const both = await serve(t, '::');
  probe.set([{ plan: plan(both.port), check: 'tcp' }]);
  t.match(await reports.next(), { healthy: true, ipv4: true, ipv6: true });
  const six = await serve(t, '::1');
  probe.set([{ plan: plan(six.port), check: 'tcp' }]);
  t.match(await reports.next(), { healthy: true, ipv4: false, ipv6: true });
  const target: HostTarget = { kind: 'address', ip: ipv4(127, 0, 0, 1), port: both.port };
  probe.set([{ plan: plan(1, { target }), check: 'tcp' }]);
  t.match(await reports.next(), { healthy: true, ipv4: true, ipv6: false }, 'those of the target');
});

t.test('Without a test, and of UDP, everything is well; what could not be set up is not', async (t) => {
  const { probe, reports } = probing(t);
  const target: HostTarget = { kind: 'address', ip: ipv4(192, 0, 2, 1), port: 9 };
  const checks = [
    { plan: plan(9, { name: 'a' }), check: 'none' },
    { plan: plan(9, { name: 'b', protocol: 'udp', target }), check: 'tcp' },
    { plan: plan(9, { name: 'c', target }), check: 'tcp' },
  ] as const;
  probe.set(checks, [{ name: 'c', error: new CodedError('NFT_MISSING') }]);
  t.match(await reports.next(), { name: 'a', healthy: true, ipv4: true, ipv6: true });
  t.match(await reports.next(), { name: 'b', healthy: true, ipv4: true, ipv6: false });
  t.match(await reports.next(), { name: 'c', healthy: false, reason: /nftables/ });
});

t.test('A service that is set again is reported again, and one that is gone never', async (t) => {
  const { probe, reports } = probing(t);
  const server = await serve(t, '127.0.0.1');
  const checks = [{ plan: plan(server.port), check: 'tcp' }] as const;
  probe.set(checks);
  t.match(await reports.next(), { healthy: true });
  probe.set(checks);
  t.match(await reports.next(), { healthy: true });
  probe.set([]);
  const looks = server.looks();
  server.close();
  const other = await serve(t, '127.0.0.1');
  probe.set([{ plan: plan(other.port, { name: 'other' }), check: 'tcp' }]);
  t.match(await reports.next(), { name: 'other' });
  while (other.looks() < 3) await once(other, 'connection');
  t.same(reports.all, []);
  t.equal(server.looks(), looks, 'nobody looks any more');
});
