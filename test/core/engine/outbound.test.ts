import t from 'tap';
import {
  Action,
  INFO_DONT_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  INFO_NO_RECUT,
  INFO_TCP_GSO,
  INFO_UDP_GSO,
  OutRow,
  QUOTE_MATCHES,
  ROW_WORDS,
} from '../../../src/core/base/batch-layout.generated.ts';
import { HELD_MS } from '../../../src/core/engine/engine.ts';
import { ACME, address, ICMP, icmp, OWN, outView, ports, TCP, UDP, World } from './world.ts';

t.test('a packet to a peer goes out under its key, by its path, under the next counters', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  t.same(host.out(peer), {
    action: 'send',
    key: 40 + peer,
    counter: 0,
    datagrams: 1,
    path: 40 + peer,
    recut: 0,
    fragmentAt: 1420,
    selectors: 0,
  });
  t.match(host.out(peer, { family: 4, info: INFO_TCP_GSO, length: 14_040, segmentBytes: 1380 }), {
    counter: 1,
    datagrams: 11,
  });
  t.match(host.out(peer, {}, 7), { action: 'send', counter: 12 });
  t.match(host.out(peer, {}, 7, address(-1, 6, 5)), { selectors: 5 << 16 });
  const { activity } = host.tables;
  t.same(
    [
      activity.txBytes[peer],
      activity.txPackets[peer],
      activity.lastSentMs[peer],
      activity.lastSealedMs[peer],
    ],
    [14_340, 14, 7, 7],
  );
  t.same(host.told, []);
});

t.test('counters above 2^32 are split into words', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  host.tables.remotes.nextCounter[peer] = 3 * 2 ** 32 + 5;
  host.tables.remotes.counterLimit[peer] = 2 ** 40;
  t.match(host.out(peer), { action: 'send', counter: 3 * 2 ** 32 + 5 });
});

t.test('only own addresses leave', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  for (const [from, family] of [
    ['192.0.2.1', 4],
    ['fd01:203:405::ffff', 6],
    ['::', 6],
    [address(peer, 6), 6],
  ] as const) {
    t.equal(host.out(peer, { family }, 0, from).action, 'drop', from);
  }
  t.same(host.dropped(), { outboundSource: 4 });
});

t.test("the kernel's noise is dropped silently", async (t) => {
  const host = new World();
  for (const to of ['ff02::16', 'ff02::2', 'fe80::1', 'ff05::fb']) t.equal(host.out(to).action, 'drop');
  for (const to of ['224.0.0.251', '255.255.255.255', '100.64.255.255', '239.1.1.1']) {
    t.equal(host.out(to, { family: 4 }).action, 'drop');
  }
  t.same(host.dropped(), { outboundMulticast: 8 });
  t.same(host.injected, []);
});

t.test('who asks for a host that is not there hears so, at a bounded rate', async (t) => {
  const host = new World();
  t.equal(host.out('fd01:203:405::dead').action, 'drop');
  t.equal(host.out('100.64.9.9', { family: 4 }).action, 'drop');
  t.equal(host.injected.length, 2);
  host.out('100.65.9.9', { family: 4 });
  host.out('fd01:203:406::1');
  host.out('fd01:203:405::dead', {}, 0, 'fd01:203:405::beef');
  host.out('fd01:203:405::dead', { info: INFO_ICMP_ERROR });
  host.out('fd01:203:405::dead', { info: INFO_LATER_FRAGMENT });
  t.equal(
    host.injected.length,
    2,
    'not for what lies outside, comes from elsewhere, or must not be answered',
  );
  for (let i = 0; i < 500; i++) host.out('fd01:203:405::dead', {}, i);
  t.equal(host.injected.length, 2 + 18 + 9);
  t.same(host.dropped(), { outboundNoRoute: 507 });
});

t.test('the first packets of a cold remote are held and leave in order', async (t) => {
  const host = new World();
  const peer = host.remote(OWN);
  const other = host.remote(OWN);
  const rows = new Uint32Array(5 * ROW_WORDS);
  [peer, peer, other, peer, peer].forEach((remote, row) => {
    rows.set(host.outRow(remote, { length: 100 + row }), row * ROW_WORDS);
    rows[row * ROW_WORDS + OutRow.slot] = row;
  });
  host.engine.outbound(rows, host.bytes, 5, 0, host.sink);
  t.same(
    [0, 1, 2, 3, 4].map((row) => outView(rows, row).action),
    ['hold', 'hold', 'hold', 'hold', 'drop'],
  );
  t.same(host.told, [`wanted ${peer}`, `wanted ${other}`], 'each is asked for once');
  t.same(host.dropped(), { outboundQueueFull: 1 });
  t.ok(host.engine.hasHeld(peer));
  t.equal(host.engine.takeHeld(host.held), 0);

  host.establish(peer);
  host.engine.established(peer, 10);
  t.notOk(host.engine.hasHeld(peer));
  t.ok(host.engine.hasHeld(other));
  t.equal(host.engine.takeHeld(host.held), 3);
  t.same(
    [0, 1, 2].map((row) => host.held[row * ROW_WORDS + OutRow.slot]),
    [0, 1, 3],
  );
  t.same(
    [0, 1, 2].map((row) => outView(host.held, row)),
    [0, 1, 2].map((counter) => ({ ...outView(host.held), counter })),
  );
  t.match(outView(host.held), { action: 'send', key: 40 + peer, path: 40 + peer });
  t.equal(host.engine.takeHeld(host.held), 0, 'once');
  t.match(host.out(peer), { counter: 3 });
});

t.test('what waits too long is let go of and counted', async (t) => {
  const host = new World();
  const [first, second] = [host.remote(OWN), host.remote(OWN)];
  t.equal(host.engine.wakeAt, Number.POSITIVE_INFINITY);
  host.out(first, {}, 100);
  host.out(second, {}, 200);
  t.equal(host.engine.wakeAt, 100 + HELD_MS);
  host.engine.onTimer(99 + HELD_MS);
  t.equal(host.engine.takeHeld(host.held), 0);
  host.engine.onTimer(100 + HELD_MS);
  t.equal(host.engine.takeHeld(host.held), 1);
  t.equal(host.held[OutRow.action], Action.drop);
  t.equal(host.engine.wakeAt, 200 + HELD_MS);
  host.engine.forget(second);
  t.equal(host.engine.takeHeld(host.held), 1);
  t.same(host.dropped(), { outboundHoldExpired: 2 });
  t.equal(host.engine.wakeAt, Number.POSITIVE_INFINITY);
});

t.test('held packets are bounded in all, those that leave included', async (t) => {
  const host = new World();
  const remotes = [0, 1, 2, 3].map(() => host.remote(OWN));
  for (let i = 0; i < 3; i++) for (const remote of remotes) host.out(remote);
  t.same(host.dropped(), { outboundQueueFull: 4 });
  host.engine.forget(remotes[0]);
  t.equal(host.out(remotes[3]).action, 'drop', 'its slot is not free before it was taken');
  t.ok(host.engine.takeHeld(host.held) > 0);
  t.equal(host.out(remotes[3]).action, 'hold');
});

t.test('a session that is too old, exhausted or without a path is no session', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  const { remotes } = host.tables;
  t.equal(host.out(peer, {}, 179_999).action, 'send');
  t.equal(host.out(peer, {}, 180_000).action, 'hold');
  remotes.nextCounter[peer] = 2 ** 28 - 1;
  t.equal(
    host.out(peer, { info: INFO_TCP_GSO, segmentBytes: 10, length: 80 }).action,
    'hold',
    'two are too many',
  );
  t.equal(remotes.nextCounter[peer], 2 ** 28 - 1, 'nothing was reserved');
  t.equal(host.out(peer).action, 'send', 'the last one');
  t.equal(host.out(peer).action, 'hold');
  t.same(host.told.filter((line) => line.startsWith('wanted')).length, 3);
  for (const column of ['path', 'maxPlaintext'] as const) {
    const cold = new World();
    const remote = cold.peer(OWN);
    cold.tables.remotes[column][remote] = column === 'path' ? -1 : 0;
    t.equal(cold.out(remote).action, 'hold', column);
  }
});

t.test('a session that is not yet a member sends no packets', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  host.tables.remotes.flags[peer] = 2;
  t.equal(host.out(peer).action, 'drop');
  t.same(host.dropped(), { outboundPolicy: 1 });
});

t.test('fresh keys are asked for by age and by count, once per batch', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  const rows = new Uint32Array(3 * ROW_WORDS);
  for (let row = 0; row < 3; row++) rows.set(host.outRow(peer), row * ROW_WORDS);
  host.engine.outbound(rows, host.bytes, 3, 119_999, host.sink);
  t.same(host.told, []);
  host.engine.outbound(rows, host.bytes, 3, 120_000, host.sink);
  t.same(host.told, [`rekey ${peer}`]);
  host.engine.outbound(rows, host.bytes, 3, 120_000, host.sink);
  t.equal(host.told.length, 2);
  host.tables.remotes.nextCounter[peer] = 2 ** 26 - 2;
  host.out(peer);
  t.equal(host.told.length, 2);
  host.out(peer);
  t.equal(host.told.length, 3);
});

t.test('an ICMP error leaves only if it quotes a packet of its destination', async (t) => {
  const host = new World();
  const peer = host.peer(ACME);
  const error = { family: 4, protocol: ICMP, ports: icmp(3, 3), info: INFO_ICMP_ERROR };
  t.equal(host.out(peer, error).action, 'drop');
  t.equal(host.out(peer, { ...error, quoteInfo: UDP | QUOTE_MATCHES }).action, 'send');
  t.same(host.dropped(), { outboundQuote: 1 });
});

t.test('TCP is recut to what the path carries and hears nothing of it', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  host.tables.remotes.maxPlaintext[peer] = 1200;
  const gso = { info: INFO_TCP_GSO | INFO_DONT_FRAGMENT, ports: ports(1, 2) };
  t.match(host.out(peer, { ...gso, family: 4, headerBytes: 52, length: 52 + 13_680, segmentBytes: 1368 }), {
    recut: 1148,
    datagrams: 12,
    fragmentAt: 1200,
  });
  t.match(host.out(peer, { ...gso, headerBytes: 72, length: 72 + 13_480, segmentBytes: 1348 }), {
    recut: 1152,
    datagrams: 12,
  });
  t.match(host.out(peer, { ...gso, segmentBytes: 0, info: INFO_DONT_FRAGMENT, length: 1420 }), {
    recut: 1164,
    datagrams: 2,
  });
  t.match(host.out(peer, { ...gso, segmentBytes: 1140, length: 60 + 3000 }), { recut: 0, datagrams: 3 });
  t.same(host.injected, []);
  t.match(
    host.out(peer, { protocol: TCP, info: INFO_NO_RECUT | INFO_DONT_FRAGMENT, length: 1400 }),
    { recut: 0, datagrams: 2 },
    'a packet that must stay whole is fragmented',
  );
  t.equal(host.injected.length, 1);
});

t.test('other packets that are too large arrive, and their sender is told once a second', async (t) => {
  for (const family of [4, 6]) {
    const host = new World();
    const peer = host.peer(OWN);
    host.tables.remotes.maxPlaintext[peer] = 1300;
    const big = {
      family,
      protocol: UDP,
      length: 1400,
      info: INFO_DONT_FRAGMENT,
      headerBytes: family === 6 ? 48 : 28,
    };
    t.match(host.out(peer, big, 0), { action: 'send', datagrams: 2, recut: 0, fragmentAt: 1300 });
    t.equal(host.injected.length, 1);
    const view = new DataView(host.injected[0].buffer);
    const mtu = family === 6 ? view.getUint32(44) : view.getUint16(26);
    t.equal(mtu, family === 6 ? 1324 : 1300);
    host.out(peer, big, 999);
    t.equal(host.injected.length, 1);
    host.out(peer, big, 1000);
    t.equal(host.injected.length, 2);
    host.out(peer, { ...big, length: mtu }, 5000);
    t.equal(host.injected.length, 2, 'what fits is fine');
    host.out(peer, { ...big, info: 0 }, 5000);
    t.equal(host.injected.length, 2, 'who did not forbid fragments is not told');
    host.out(peer, { ...big, info: INFO_DONT_FRAGMENT | INFO_LATER_FRAGMENT }, 5000);
    t.equal(host.injected.length, 2);
    host.out(
      peer,
      { ...big, info: INFO_UDP_GSO | INFO_DONT_FRAGMENT, length: 4000, segmentBytes: 1380 },
      5000,
    );
    t.equal(host.injected.length, 3, 'segments count');
    host.out(
      peer,
      { ...big, info: INFO_UDP_GSO | INFO_DONT_FRAGMENT, length: 4000, segmentBytes: 1200 },
      9000,
    );
    t.equal(host.injected.length, 3);
  }
});

t.test('IPv6 is never told of less than 1,280 bytes', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  host.tables.remotes.maxPlaintext[peer] = 1000;
  const packet = { protocol: UDP, headerBytes: 48, info: INFO_DONT_FRAGMENT };
  t.match(host.out(peer, { ...packet, length: 1280 }), { action: 'send', datagrams: 2 });
  t.same(host.injected, []);
  host.out(peer, { ...packet, length: 1281 });
  t.equal(new DataView(host.injected[0].buffer).getUint32(44), 1280);
});

t.test('a remote that is given up while its first packet is decided leaves no slot behind', async (t) => {
  const host = new World();
  const remote = host.remote(OWN);
  const sink = { ...host.sink, wanted: (slot: number) => host.engine.forget(slot) };
  const rows = host.outRow(remote);
  host.engine.outbound(rows, host.bytes, 1, 0, sink);
  t.equal(host.engine.takeHeld(host.held), 0, 'the port does not hold the slot yet');
  t.match(outView(rows), { action: 'hold' });
  host.engine.forget(remote);
  t.equal(host.engine.takeHeld(host.held), 1);
  t.match(outView(host.held), { action: 'drop' });
});
