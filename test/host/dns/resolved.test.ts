/** Mode resolved against the documented D-Bus interface, on a private bus. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { parseIp } from '../../../src/core/base/ip.ts';
import { type DnsStatus, DnsWiring, type DnsWiringOptions, restoreDns } from '../../../src/host/dns/dns.ts';
import { until } from '../../netns/lab.ts';
import { busIsMissing, type Handler, ResolveService, startBus } from './bus.ts';

const missing = busIsMissing();
if (missing !== undefined) {
  console.log(`TAP version 14\n1..0 # SKIP ${missing}`);
  process.exit(0);
}

/** Of the loopback interface, which is always there. */
const LINK = { interfaceName: 'lo', interfaceIndex: 1 };
const STUB = 'nameserver 127.0.0.53\noptions edns0\n';
const SERVERS = [
  [10, Buffer.from('fd123456789a00000000000000000053', 'hex')],
  [2, Buffer.from([100, 100, 0, 53])],
];
const WIRED = [
  ['SetLinkDNS', 1, SERVERS],
  [
    'SetLinkDomains',
    1,
    [
      ['mcc', true],
      ['100.100.in-addr.arpa', true],
    ],
  ],
  ['SetLinkDefaultRoute', 1, false],
  ['SetLinkLLMNR', 1, 'no'],
  ['SetLinkMulticastDNS', 1, 'no'],
  ['SetLinkDNSSEC', 1, 'no'],
  ['SetLinkDNSSECNegativeTrustAnchors', 1, ['mcc', '100.100.in-addr.arpa']],
  ['SetLinkDNSOverTLS', 1, 'no'],
  ['FlushCaches'],
];

type Ending = { teardown(done: () => unknown): unknown };

class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'mcc-dns-'));
  readonly log: [string, string | undefined][] = [];
  address = '';
  stopBus = async (): Promise<unknown> => undefined;

  static async make(test: Ending): Promise<Place> {
    const place = new Place();
    test.teardown(() => rmSync(place.folder, { recursive: true, force: true }));
    for (const name of ['etc', 'state']) mkdirSync(join(place.folder, name));
    place.write('/etc/nsswitch.conf', 'hosts: files dns\n');
    place.write('/etc/resolv.conf', STUB);
    const { address, stop } = await startBus(test, place.folder);
    place.address = address;
    place.stopBus = stop;
    return place;
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  get host() {
    return { root: this.folder, systemBus: this.address, isOwn: () => true };
  }

  get state(): string {
    return join(this.folder, 'state');
  }

  wiring(test: Ending, options: Partial<DnsWiringOptions> = {}): DnsWiring {
    const take = (event: string, fields?: { reason?: string }) => this.log.push([event, fields?.reason]);
    const wiring = new DnsWiring({
      ...LINK,
      zone: 'mcc',
      reverseZones: ['100.100.in-addr.arpa'],
      resolvers: [parseIp('fd12:3456:789a::53')!, parseIp('100.100.0.53')!],
      mode: 'auto',
      stateDirectory: this.state,
      log: { info: take, warn: take },
      host: this.host,
      ...options,
    });
    test.teardown(() => wiring.stop());
    return wiring;
  }

  async service(test: Ending, handler?: Handler, without?: string[]): Promise<ResolveService> {
    const service = await ResolveService.start(this.address, handler, without);
    test.teardown(() => service.stop());
    return service;
  }
}

t.test('the link gets our servers for our zones only, and is reverted at the end', async (t) => {
  const place = await Place.make(t);
  const service = await place.service(t);
  const wiring = place.wiring(t);
  const status = await wiring.start();
  t.same(status, { mode: 'resolved', reason: 'systemd-resolved asks mcc for .mcc' });
  t.same(service.calls, WIRED);
  service.calls.length = 0;
  await wiring.stop();
  t.same(service.calls, [['RevertLink', 1], ['FlushCaches']]);
  await wiring.stop();
  t.equal(await restoreDns(place.state, { host: place.host }), undefined);
  t.equal(service.calls.length, 2, 'once');
});

t.test('what a killed process left is reverted by the next start before anything else', async (t) => {
  const place = await Place.make(t);
  const service = await place.service(t);
  await place.wiring(t).start();
  service.calls.length = 0;
  await place.wiring(t).start();
  t.same(service.calls, [['RevertLink', 1], ['FlushCaches'], ...WIRED]);
});

t.test('and by the stop hook; but not when the number is another link by now', async (t) => {
  const place = await Place.make(t);
  const service = await place.service(t);
  await place.wiring(t).start();
  service.calls.length = 0;
  t.equal(await restoreDns(place.state, { host: place.host }), undefined);
  t.same(service.calls, [['RevertLink', 1], ['FlushCaches']]);
  await place.wiring(t, { interfaceName: 'no-such-link' }).start();
  service.calls.length = 0;
  t.equal(await restoreDns(place.state, { host: place.host }), undefined);
  t.same(service.calls, []);
});

t.test('when resolved is restarted the link is set again', async (t) => {
  const place = await Place.make(t);
  const first = await place.service(t);
  await place.wiring(t).start();
  await first.stop();
  const second = await place.service(t);
  await until('the settings', () => (second.calls.length === WIRED.length ? true : undefined));
  t.same(second.calls, WIRED);
});

t.test('when the bus is restarted the link is set again', async (t) => {
  const place = await Place.make(t);
  await place.service(t);
  await place.wiring(t).start();
  await place.stopBus();
  await startBus(t, place.folder);
  const service = await place.service(t);
  await until('the settings', () => (service.calls.length === WIRED.length ? true : undefined));
  t.same(service.calls, WIRED);
});

t.test('an interface that was made again is followed', async (t) => {
  const place = await Place.make(t);
  const service = await place.service(t);
  const wiring = place.wiring(t);
  await wiring.start();
  service.calls.length = 0;
  t.equal((await wiring.follow(7)).mode, 'resolved');
  t.same(service.calls.slice(0, 3), [['RevertLink', 1], ['FlushCaches'], ['SetLinkDNS', 7, SERVERS]]);
});

t.test('after a sleep, when the daemon says so', async (t) => {
  const place = await Place.make(t);
  const service = await place.service(t);
  const wiring = place.wiring(t);
  await wiring.start();
  service.calls.length = 0;
  t.equal((await wiring.reapply()).mode, 'resolved');
  t.same(service.calls, WIRED);
});

t.test('an old version without newer methods, which refuses the reverse zones', async (t) => {
  const place = await Place.make(t);
  const refuse: Handler = (member, body) => {
    if (member !== 'SetLinkDomains' || (body[1] as unknown[]).length === 1) return null;
    throw Object.assign(new Error('too long'), { dbusName: 'org.freedesktop.DBus.Error.InvalidArgs' });
  };
  const without = [
    'SetLinkDefaultRoute',
    'SetLinkDNSOverTLS',
    'SetLinkDNSSECNegativeTrustAnchors',
    'FlushCaches',
  ];
  const service = await place.service(t, refuse, without);
  t.equal((await place.wiring(t).start()).mode, 'resolved');
  t.same(
    service.calls.filter(([member]) => member === 'SetLinkDomains').map(([, , names]) => names),
    [
      [
        ['mcc', true],
        ['100.100.in-addr.arpa', true],
      ],
      [['mcc', true]],
    ],
  );
});

t.test('without the right to set it, the reason says so and nothing is left', async (t) => {
  const place = await Place.make(t);
  await place.service(t, (member) => {
    if (member !== 'SetLinkDNS') return null;
    const dbusName = 'org.freedesktop.DBus.Error.InteractiveAuthorizationRequired';
    throw Object.assign(new Error('Interactive authentication required.'), { dbusName });
  });
  const status = await place.wiring(t).start();
  t.equal(status.mode, 'none');
  t.match(status.reason, /resolved: systemd-resolved refuses the settings: no polkit rule/);
  t.equal(await restoreDns(place.state, { host: place.host }), undefined);
});

t.test('a service that hangs costs a second per call, not the start', async (t) => {
  const place = await Place.make(t);
  await place.service(t, () => new Promise(() => {}));
  const from = performance.now();
  const status = await place.wiring(t).start();
  t.match(status, { mode: 'none', reason: /systemd-resolved does not answer/ });
  t.ok(performance.now() - from < 4_000);
});

t.test('who is asked: nss-resolve or the stub, otherwise programs bypass resolved', async (t) => {
  const place = await Place.make(t);
  await place.service(t);
  const choose = async (
    nsswitch: string,
    resolvConf: string,
    mode: 'auto' | 'resolved' = 'auto',
  ): Promise<DnsStatus> => {
    place.write('/etc/nsswitch.conf', nsswitch);
    place.write('/etc/resolv.conf', resolvConf);
    const wiring = place.wiring(t, { mode });
    const status = await wiring.start();
    await wiring.stop();
    return status;
  };
  const elsewhere = 'nameserver 192.0.2.53\n';
  t.equal((await choose('hosts: files dns', STUB)).mode, 'resolved');
  t.equal((await choose('hosts: files resolve [!UNAVAIL=return] dns', elsewhere)).mode, 'resolved');
  t.match(await choose('hosts: files dns resolve', elsewhere), {
    mode: 'none',
    reason: /programs bypass systemd-resolved/,
  });
  t.match(await choose('hosts: files dns # resolve', `${STUB}${elsewhere}`), {
    mode: 'none',
    reason: /bypass/,
  });
  t.match(await choose('hosts: files dns', elsewhere, 'resolved'), {
    mode: 'resolved',
    reason: /, but programs bypass/,
  });
});

t.test('a host that switches to resolved is followed', async (t) => {
  const place = await Place.make(t);
  place.write('/etc/resolv.conf', 'nameserver 192.0.2.53\n');
  const service = await place.service(t);
  const changed = Promise.withResolvers<DnsStatus>();
  const left = Promise.withResolvers<DnsStatus>();
  const wiring = place.wiring(t, {
    onChange: (status) => {
      if (status.mode === 'resolved') changed.resolve(status);
      else if (service.calls.length > 0) left.resolve(status);
    },
  });
  t.equal((await wiring.start()).mode, 'none');
  place.write('/etc/resolv.conf', STUB);
  t.equal((await changed.promise).mode, 'resolved');
  place.write('/etc/resolv.conf', 'nameserver 192.0.2.53\n');
  t.equal((await left.promise).mode, 'none');
  t.same(service.calls.slice(WIRED.length, WIRED.length + 1), [['RevertLink', 1]]);
});

t.test('no bus, no service, switched off, a namespace of its own: none, and why', async (t) => {
  const place = await Place.make(t);
  t.match(await place.wiring(t).start(), { mode: 'none', reason: /resolved: systemd-resolved is not there/ });
  await place.stopBus();
  t.match(await place.wiring(t).start(), { mode: 'none', reason: /resolved: there is no system bus/ });
  t.match(await place.wiring(t, { mode: 'none' }).start(), { mode: 'none', reason: /switched off/ });
  const host = { ...place.host, isOwn: () => false };
  t.match(await place.wiring(t, { host }).start(), { mode: 'none', reason: /network namespace/ });
});
