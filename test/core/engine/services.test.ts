// Flows to a service: which endpoint they go to, that they stay there, and as whom the answers come in.

import t from 'tap';
import { OWN_REMOTE, type ServiceEndpoint } from '../../../src/core/addressing/types.ts';
import {
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_SYN,
  INFO_TCP_END,
  InRow,
  OutRow,
  QUOTE_MATCHES,
  QUOTE_PORTS_KNOWN,
  ROW_WORDS,
} from '../../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../../src/core/base/bytes.ts';
import { parseIp } from '../../../src/core/base/ip.ts';
import { SERVICE_TOLD_MS } from '../../../src/core/engine/engine.ts';
import { TCP_CLOSING_MS, TCP_PINNED_MS, UDP_PINNED_MS } from '../../../src/core/engine/pin-table.ts';
import {
  ACME,
  ALIAS_PREFIX,
  address,
  ICMP,
  ICMP6,
  icmp,
  OWN,
  type PacketFacts,
  ports,
  TCP,
  UDP,
  World,
  words,
} from './world.ts';

const SERVICE6 = 'fd01:203:405::5e11';
const SERVICE4 = '100.64.200.1';
const SELECTOR = 7;
const PORT = 80;

function to(family: number): string {
  return family === 6 ? SERVICE6 : SERVICE4;
}

function endpoint(remote: number, facts: Partial<ServiceEndpoint> = {}): ServiceEndpoint {
  const usual = {
    selector: SELECTOR,
    weight: 100,
    isUp: true,
    protocol: TCP,
    port: PORT,
    ipv4: true,
    ipv6: true,
  };
  return { ...usual, remote, ...facts };
}

/** A host that knows a service of the given endpoints; two peers by default. */
function world(count = 2, facts: Partial<ServiceEndpoint> = {}): World & { peers: number[] } {
  const host = new World();
  const peers = Array.from({ length: count }, () => host.peer(OWN));
  host.tables.setService(0, parseIp(SERVICE6) as Uint8Array, ALIAS_PREFIX + 200 * 256 + 1);
  host.tables.setServiceEndpoints(
    0,
    peers.map((peer) => endpoint(peer, facts)),
  );
  return Object.assign(host, { peers });
}

/** The remote slot that an outbound packet to the service went to; -1: nowhere. */
function goes(host: World, facts: PacketFacts, now = 0): number {
  const view = host.out(to(facts.family ?? 6), facts, now);
  return view.action === 'send' ? view.key - 40 : -1;
}

function syn(port: number, family = 6): PacketFacts {
  return { family, info: INFO_SYN, ports: ports(port, PORT) };
}

/** As whom a packet of the remote's endpoint comes in. */
function source(host: World, remote: number, facts: PacketFacts, now = 0): number[] | string {
  const before = host.drops.total;
  const rows = host.inRow(remote, facts, SELECTOR << 16);
  host.engine.inbound(rows, EMPTY, 1, now, host.sink);
  if (rows[InRow.action] === 1) return [...rows.subarray(InRow.source, InRow.source + 4)];
  return host.drops.total > before ? 'dropped' : 'dropped silently';
}

for (const family of [4, 6]) {
  t.test(`a flow stays with one endpoint and is answered by the service, IPv${family}`, async (t) => {
    const host = world(4);
    const taken = new Set<number>();
    for (let port = 1000; port < 1050; port++) {
      const peer = goes(host, syn(port, family));
      t.ok(host.peers.includes(peer));
      taken.add(peer);
      for (let i = 0; i < 3; i++) {
        t.equal(goes(host, { family, ports: ports(port, PORT) }), peer);
        t.same(source(host, peer, { family, ports: ports(PORT, port) }), words(to(family)));
      }
      const other = host.peers.find((one) => one !== peer) as number;
      t.equal(
        source(host, other, { family, ports: ports(PORT, port) }),
        'dropped',
        'nobody else speaks for it',
      );
    }
    t.equal(taken.size, 4);
    t.equal(
      host.tables.services.load.reduce((sum, load) => sum + load),
      50,
    );
    t.same(host.told, ['service 0'], 'the node hears of them, not of each');
  });
}

t.test('what travels is the selector of the endpoint', async (t) => {
  const host = world(1);
  t.equal(host.out(SERVICE6, syn(1)).selectors, SELECTOR);
  t.equal(host.out(SERVICE6, syn(1), 0, address(-1, 6, 5)).selectors, (5 << 16) | SELECTOR);
});

t.test("an endpoint's own address stays its own beside the service's", async (t) => {
  const host = world(1);
  const [peer] = host.peers;
  host.tables.setEndpoint(peer, SELECTOR, parseIp(address(peer, 6, SELECTOR)) as Uint8Array, 0);
  goes(host, syn(1000));
  t.equal(host.out(address(peer, 6, SELECTOR), syn(2000)).action, 'send');
  t.same(source(host, peer, { ports: ports(PORT, 1000) }), words(SERVICE6));
  t.same(source(host, peer, { ports: ports(PORT, 2000) }), words(address(peer, 6, SELECTOR)));
  t.same(source(host, peer, { ports: ports(PORT + 1, 1000) }), words(address(peer, 6, SELECTOR)));
});

t.test('when an endpoint fails, new flows go elsewhere at once and the others stay', async (t) => {
  const host = world(2);
  const [first, second] = host.peers;
  const before = Array.from({ length: 40 }, (_, i) => goes(host, syn(1000 + i)));
  t.ok(before.includes(first) && before.includes(second));
  host.tables.setServiceEndpoints(0, [endpoint(first, { isUp: false }), endpoint(second)]);
  for (let i = 0; i < 40; i++) {
    t.equal(goes(host, syn(2000 + i)), second);
    t.equal(goes(host, { ports: ports(1000 + i, PORT) }), before[i], 'a connection stays');
    t.equal(goes(host, syn(1000 + i)), second, 'unless its program tries anew');
  }
  host.tables.setServiceEndpoints(0, [endpoint(second)]);
  t.equal(goes(host, { ports: ports(3000, PORT) }), second);
});

t.test('UDP and pings move when their endpoint fails', async (t) => {
  const host = world(2, { protocol: UDP });
  const [first, second] = host.peers;
  const flows = Array.from({ length: 20 }, (_, i) => ({ protocol: UDP, ports: ports(1000 + i, PORT) }));
  const pings = Array.from({ length: 20 }, (_, i) => ({ protocol: ICMP6, ports: icmp(128, 0, i) }));
  const before = [...flows, ...pings].map((facts) => goes(host, facts));
  t.ok(before.includes(first) && before.includes(second));
  t.same(
    [...flows, ...pings].map((facts) => goes(host, facts)),
    before,
    'and not before',
  );
  const down = (peer: number) => endpoint(peer, { protocol: UDP, isUp: false });
  host.tables.setServiceEndpoints(0, [down(first), endpoint(second, { protocol: UDP })]);
  for (const facts of [...flows, ...pings]) t.equal(goes(host, facts), second);
});

t.test('echo replies come from the service, by identifier', async (t) => {
  const host = world(2);
  for (const [family, protocol, request, reply] of [
    [6, ICMP6, 128, 129],
    [4, ICMP, 8, 0],
  ] as const) {
    const peer = goes(host, { family, protocol, ports: icmp(request, 0, 77) });
    t.same(source(host, peer, { family, protocol, ports: icmp(reply, 0, 77) }), words(to(family)));
    t.equal(source(host, peer, { family, protocol, ports: icmp(reply, 0, 78) }), 'dropped');
  }
});

t.test('pins end: UDP after 180 s of silence, TCP after a day, or soon after its end', async (t) => {
  const host = world(1);
  const [peer] = host.peers;
  const answer = (port: number, now: number, protocol = TCP) => {
    host.establish(peer);
    host.tables.remotes.refuseAtMs[peer] = Number.POSITIVE_INFINITY;
    return typeof source(host, peer, { protocol, ports: ports(PORT, port) }, now) !== 'string';
  };
  goes(host, { protocol: UDP, ports: ports(1, PORT) }, 0);
  t.ok(answer(1, UDP_PINNED_MS - 1, UDP), 'an answer keeps it');
  t.ok(answer(1, 2 * UDP_PINNED_MS - 2, UDP));
  t.notOk(answer(1, 4 * UDP_PINNED_MS, UDP));
  goes(host, syn(2), 0);
  goes(host, syn(3), 0);
  goes(host, { info: INFO_TCP_END, ports: ports(3, PORT) }, 0);
  t.ok(answer(3, TCP_CLOSING_MS - 1), 'the rest of what the other end has to say');
  t.notOk(answer(3, 2 * TCP_CLOSING_MS));
  t.ok(answer(2, TCP_PINNED_MS - 1));
  t.notOk(answer(2, 2 * TCP_PINNED_MS));
  const { remotes } = host.tables;
  remotes.refuseAtMs[peer] = Number.POSITIVE_INFINITY;
  const now = 3 * TCP_PINNED_MS;
  for (let port = 10; port < 140; port++) goes(host, syn(port), now);
  t.equal(host.tables.services.load[0], host.engine.pins(now), 'and what is over weighs nothing');
});

t.test('ports used anew after a FIN are an ordinary connection again', async (t) => {
  const host = world(1);
  const [peer] = host.peers;
  goes(host, syn(1), 0);
  goes(host, { info: INFO_TCP_END, ports: ports(1, PORT) }, 0);
  goes(host, syn(1), 0);
  t.same(source(host, peer, { ports: ports(PORT, 1) }, 2 * TCP_CLOSING_MS), words(SERVICE6));
});

t.test('another remote in the slot gets none of its flows', async (t) => {
  const host = world(1);
  const [peer] = host.peers;
  goes(host, syn(1));
  host.tables.releaseRemote(peer);
  const next = host.peer(ACME);
  t.equal(next, peer, 'it has the same slot');
  t.equal(goes(host, { ports: ports(1, PORT) }), -1, 'and is no provider');
  t.equal(source(host, next, { ports: ports(PORT, 1) }), 'dropped', 'nor does it speak for the service');
  host.tables.setServiceEndpoints(0, [endpoint(next)]);
  t.equal(goes(host, syn(1)), next, 'until the service says so');
});

t.test('a connection goes on when its remote comes back in another slot', async (t) => {
  const host = world(0);
  const at = (n: number) => parseIp(`fd01:203:405::e:${n}`) as Uint8Array;
  const join = (n: number): number => {
    const peer = host.peer(OWN);
    host.tables.setEndpoint(peer, SELECTOR, at(n), 0);
    return peer;
  };
  const peers = Array.from({ length: 6 }, (_, n) => join(n));
  const offer = () =>
    host.tables.setServiceEndpoints(
      0,
      peers.map((peer) => endpoint(peer)),
    );
  offer();
  const before = Array.from({ length: 50 }, (_, port) => peers.indexOf(goes(host, syn(port))));
  for (const peer of peers) host.tables.releaseRemote(peer);
  // The slots come back in another order.
  for (const n of [3, 5, 0, 1, 4, 2]) peers[n] = join(n);
  offer();
  const after = Array.from({ length: 50 }, (_, port) =>
    peers.indexOf(goes(host, { ports: ports(port, PORT) })),
  );
  t.same(after, before);
});

t.test('pins of a service that is gone mean nothing to the next in its slot', async (t) => {
  const host = world(1);
  const [peer] = host.peers;
  goes(host, syn(1));
  host.tables.clearService(0);
  t.equal(source(host, peer, { ports: ports(PORT, 1) }), 'dropped');
  host.tables.setService(0, parseIp('fd01:203:405::5e12') as Uint8Array, 0);
  host.tables.setServiceEndpoints(0, [endpoint(peer)]);
  t.equal(source(host, peer, { ports: ports(PORT, 1) }), 'dropped');
  t.equal(host.tables.services.load[0], 0);
});

t.test('connections that outlived a restart go to the same endpoint after every restart', async (t) => {
  const found: number[][] = [];
  for (let restart = 0; restart < 4; restart++) {
    const host = new World();
    // Slots come in another order every time; the addresses of the endpoints stay.
    for (let i = 0; i < restart; i++) host.peer(OWN);
    const peers = Array.from({ length: 5 }, () => host.peer(OWN));
    host.tables.setService(0, parseIp(SERVICE6) as Uint8Array, 0);
    peers.forEach((peer, i) => {
      host.tables.setEndpoint(peer, SELECTOR, parseIp(`fd01:203:405::e:${i}`) as Uint8Array, 0);
    });
    const turned = peers.map((_, i) => (i + restart) % 5);
    host.tables.setServiceEndpoints(
      0,
      turned.map((i) => endpoint(peers[i])),
    );
    found.push(
      Array.from({ length: 60 }, (_, i) => peers.indexOf(goes(host, { ports: ports(1000 + i, PORT) }))),
    );
  }
  t.equal(new Set(found[0]).size, 5, 'all of them');
  for (const again of found) t.same(again, found[0]);
});

t.test('fragments follow their first, out and in', async (t) => {
  for (const family of [4, 6]) {
    const host = world(3);
    const seen = new Set<number>();
    for (let id = 1; id < 20; id++) {
      const first = { family, protocol: UDP, info: INFO_FIRST_FRAGMENT, fragmentId: id };
      const later = { family, protocol: UDP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS, fragmentId: id };
      t.equal(goes(host, later), -1, 'nothing goes before the first');
      const peer = goes(host, { ...first, ports: ports(1000 + id, PORT) });
      seen.add(peer);
      t.equal(goes(host, later), peer);
      t.equal(goes(host, { ...later, fragmentId: id + 100 }), -1);
      const back = { ...first, ports: ports(PORT, 1000 + id), fragmentId: id + 50 };
      t.same(source(host, peer, back), words(to(family)));
      t.same(source(host, peer, { ...later, fragmentId: id + 50 }), words(to(family)));
      t.equal(source(host, peer, { ...later, fragmentId: id + 150 }), 'dropped');
    }
    t.equal(seen.size, 3);
  }
});

t.test('ICMP errors go and come with the flow that they quote', async (t) => {
  for (const [family, protocol, type] of [
    [4, ICMP, 3],
    [6, ICMP6, 1],
  ] as const) {
    const host = world(3);
    const error = { family, protocol, ports: icmp(type, 3), info: INFO_ICMP_ERROR };
    const quote = (of: number, quotePorts: number): PacketFacts => ({
      ...error,
      quoteInfo: of | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
      quotePorts,
    });
    const peer = goes(host, { family, protocol: UDP, ports: ports(1000, PORT) });
    t.same(source(host, peer, quote(UDP, ports(1000, PORT))), words(to(family)), 'about what was sent');
    t.equal(source(host, peer, quote(UDP, ports(1001, PORT))), 'dropped');
    t.equal(goes(host, quote(UDP, ports(PORT, 1000))), peer, 'about what came');
    t.equal(goes(host, quote(UDP, ports(PORT, 1001))), -1);
    t.equal(goes(host, { ...error, quoteInfo: UDP | QUOTE_MATCHES }), -1);
    const request = family === 4 ? 8 : 128;
    const pinged = goes(host, { family, protocol, ports: icmp(request, 0, 5) });
    t.same(source(host, pinged, quote(protocol, icmp(request, 0, 5))), words(to(family)));
  }
});

t.test('without an endpoint that is up, programs hear so and the node is told', async (t) => {
  const host = world(2, { isUp: false });
  const rows = new Uint32Array(3 * ROW_WORDS);
  for (let row = 0; row < 3; row++) rows.set(host.outRow(SERVICE6, syn(row)), row * ROW_WORDS);
  host.engine.outbound(rows, host.bytes, 3, 5, host.sink);
  t.same(host.told, ['service 0'], 'once');
  t.equal(host.injected.length, 3);
  t.same(host.dropped(), { outboundNoEndpoint: 3 });
  t.equal(host.tables.services.lastUsedMs[0], 5);
  goes(host, { protocol: 132, info: INFO_NO_PORTS }, 5 + SERVICE_TOLD_MS);
  t.equal(host.told.length, 2);
  host.tables.setServiceEndpoints(0, [endpoint(host.peers[1])]);
  t.equal(goes(host, syn(9)), host.peers[1]);
  t.equal(host.told.length, 2);
});

t.test('the node hears of new flows a few times a second, and can see that flows go on', async (t) => {
  const host = world(1);
  const { lastUsedMs } = host.tables.services;
  for (let now = 0; now < 1000; now++) goes(host, syn(now), now);
  t.equal(host.told.length, 1000 / SERVICE_TOLD_MS);
  goes(host, { ports: ports(999, PORT) }, 3000);
  t.equal(lastUsedMs[0], 3000);
  source(host, host.peers[0], { ports: ports(PORT, 999) }, 4000);
  t.equal(lastUsedMs[0], 4000);
  t.equal(host.told.length, 1000 / SERVICE_TOLD_MS, 'which is no new flow');
});

t.test('the node may change everything when it hears of a flow', async (t) => {
  const host = world(1);
  const [peer] = host.peers;
  const sink = {
    ...host.sink,
    serviceUsed: () => {
      host.tables.clearService(0);
      host.tables.releaseRemote(peer);
    },
  };
  const rows = new Uint32Array(2 * ROW_WORDS);
  for (let row = 0; row < 2; row++) rows.set(host.outRow(SERVICE6, syn(row)), row * ROW_WORDS);
  host.engine.outbound(rows, host.bytes, 2, 0, sink);
  t.same([rows[OutRow.action], rows[ROW_WORDS + OutRow.action]], [1, 0]);
  t.same(host.dropped(), { outboundNoRoute: 1 });
});

t.test('packets for an endpoint without a session wait for it', async (t) => {
  const host = new World();
  const cold = host.remote(OWN);
  host.tables.setService(0, parseIp(SERVICE6) as Uint8Array, 0);
  host.tables.setServiceEndpoints(0, [endpoint(cold)]);
  t.equal(host.out(SERVICE6, syn(1)).action, 'hold');
  t.same(host.told, [`wanted ${cold}`, 'service 0']);
  host.establish(cold);
  host.engine.established(cold, 0);
  t.equal(host.engine.takeHeld(host.held), 1);
  t.equal(host.held[OutRow.selectors], SELECTOR);
});

t.test('between organisations the answers of a pinned UDP flow come in, and nothing else', async (t) => {
  const host = new World();
  const peer = host.peer(ACME);
  host.tables.setService(0, parseIp(SERVICE6) as Uint8Array, 0);
  host.tables.setServiceEndpoints(0, [endpoint(peer, { protocol: UDP })]);
  goes(host, { protocol: UDP, ports: ports(1000, PORT) });
  t.same(source(host, peer, { protocol: UDP, ports: ports(PORT, 1000) }), words(SERVICE6));
  t.equal(source(host, peer, { protocol: UDP, ports: ports(PORT, 1001) }), 'dropped');
  t.equal(source(host, peer, { info: INFO_SYN, ports: ports(PORT, 1000) }), 'dropped');
});

function loopView(rows: Uint32Array): { action: number; from: number[]; to: number[] } {
  return {
    action: rows[OutRow.action],
    from: [...rows.subarray(OutRow.loopSource, OutRow.loopSource + 4)],
    to: [...rows.subarray(OutRow.loopDestination, OutRow.loopDestination + 4)],
  };
}

for (const family of [4, 6]) {
  const service = to(family);
  const [here, own] = [address(-1, family), address(-1, family, 5)];
  const looped = (host: World, facts: PacketFacts, from: string) => {
    const rows = host.outRow(service, { ...facts, family }, from);
    host.engine.outbound(rows, host.bytes, 1, 0, host.sink);
    return loopView(rows);
  };
  const loop = (target: string) => ({ action: 3, from: words(service), to: words(target) });

  t.test(`a service of this host is delivered here, and so is its answer, IPv${family}`, async (t) => {
    const host = world(0);
    host.tables.setServiceEndpoints(0, [endpoint(OWN_REMOTE, { selector: 5 })]);
    t.same(looped(host, syn(1000), here), loop(own));
    t.same(looped(host, { ports: ports(PORT, 1000) }, own), loop(here), 'service -> host');
    t.same(looped(host, syn(1003), own), loop(own), 'a program may have the address of the endpoint');
    t.same(looped(host, { ports: ports(PORT, 1003) }, own), loop(own));
    const other = address(-1, family, 6);
    t.same(looped(host, syn(1001), other), loop(own), 'or of another');
    t.same(looped(host, { ports: ports(PORT, 1001) }, own), loop(other));
    t.same(looped(host, { ports: ports(PORT, 1002) }, own), loop(here), 'a flow of before the restart');
    const protocol = family === 6 ? ICMP6 : ICMP;
    const [request, reply] = family === 6 ? [128, 129] : [8, 0];
    t.same(looped(host, { protocol, ports: icmp(request, 0, 9) }, here), loop(own));
    t.same(looped(host, { protocol, ports: icmp(reply, 0, 9) }, own), loop(here));
    const error = {
      protocol,
      ports: icmp(family === 6 ? 1 : 3, 3),
      info: INFO_ICMP_ERROR,
      quoteInfo: TCP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
    };
    t.same(
      looped(host, { ...error, quotePorts: ports(1001, PORT) }, own),
      loop(other),
      'about what was asked',
    );
    t.same(looped(host, { ...error, quotePorts: ports(PORT, 1001) }, other), loop(own), 'about an answer');
    t.equal(host.engine.flows(0), 0, 'no flow is noted for a remote');
    t.same(host.dropped(), {});
  });

  t.test(`fragments of a service of this host, IPv${family}`, async (t) => {
    const host = world(0);
    host.tables.setServiceEndpoints(0, [endpoint(OWN_REMOTE, { selector: 5, protocol: UDP })]);
    const other = address(-1, family, 6);
    const first = { protocol: UDP, info: INFO_FIRST_FRAGMENT };
    const later = { protocol: UDP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS };
    for (const [n, client] of [here, other, own].entries()) {
      const asked = { ...first, ports: ports(1000 + n, PORT), fragmentId: n };
      t.same(looped(host, asked, client), loop(own));
      t.same(looped(host, { ...later, fragmentId: n }, client), loop(own));
      const answer = { ...first, ports: ports(PORT, 1000 + n), fragmentId: 10 + n };
      t.same(looped(host, answer, own), loop(client));
      t.same(looped(host, { ...later, fragmentId: 10 + n }, own), loop(client));
    }
  });
}

t.test('an own endpoint without an address in the family is not taken', async (t) => {
  const host = world(1);
  host.tables.setOwnEndpoint(5, parseIp(address(-1, 6, 5)) as Uint8Array, 0);
  host.tables.setServiceEndpoints(0, [
    endpoint(OWN_REMOTE, { selector: 5 }),
    endpoint(host.peers[0], { weight: 0 }),
  ]);
  t.equal(goes(host, syn(1, 4)), host.peers[0]);
  t.equal(host.out(SERVICE6, syn(1)).action, 'loop');
  host.tables.clearOwnEndpoint(5);
  t.equal(goes(host, syn(1)), host.peers[0], 'and one that is gone holds nothing');
});
