import t from 'tap';
import { INFO_SYN, InRow, Kind, ROW_WORDS } from '../../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../../src/core/base/bytes.ts';
import { parseIp, portWord } from '../../../src/core/base/ip.ts';
import { ROAM_EVERY_MS, ROAMS_AT_ONCE } from '../../../src/core/engine/engine.ts';
import { ACME, address, OWN, ports, World, words } from './world.ts';

function addressesOf(rows: Uint32Array): number[][] {
  return [InRow.source, InRow.destination].map((at) => [...rows.subarray(at, at + 4)]);
}

t.test("addresses are written from this host's tables", async (t) => {
  const host = new World();
  const [first, peer] = [host.peer(OWN), host.peer(OWN)];
  t.not(first, peer);
  host.tables.setEndpoint(peer, 9, parseIp(address(peer, 6, 2)) as Uint8Array, 0);
  for (const family of [4, 6]) {
    const rows = host.inRow(peer, { family });
    host.engine.inbound(rows, EMPTY, 1, 0, host.sink);
    t.same(addressesOf(rows), [words(address(peer, family)), words(address(-1, family))], `IPv${family}`);
  }
  const rows = host.inRow(peer, { family: 6 }, (9 << 16) | 5);
  host.engine.inbound(rows, EMPTY, 1, 0, host.sink);
  t.same(addressesOf(rows), [words(address(peer, 6, 2)), words(address(-1, 6, 5))], 'of the endpoints named');
});

t.test('no remote speaks for another, or for an endpoint it does not have', async (t) => {
  const host = new World();
  const [victim, liar] = [host.peer(OWN), host.peer(OWN)];
  host.tables.setEndpoint(victim, 4, parseIp(address(victim, 6, 3)) as Uint8Array, 0);
  t.equal(host.in(victim, {}, 0, 4 << 16), 'in');
  t.equal(host.in(victim, { family: 4 }, 0, 4 << 16), 'inboundSource', 'it has no IPv4 address here');
  t.equal(host.in(liar, {}, 0, 4 << 16), 'inboundSource');
  t.equal(host.in(liar, {}, 0, 65535 << 16), 'inboundSource');
  t.equal(host.in(liar, {}, 0, 1), 'inboundDestination', 'nor is anybody routed through this host');
});

t.test('keys that nobody has, and remotes that are no members', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  t.equal(host.in(peer + 5), 'inboundUnknownKey');
  t.equal(host.in(60_000), 'inboundUnknownKey', 'beyond the table');
  host.tables.receiveKeys.clear(70 + peer);
  t.equal(host.in(peer), 'inboundUnknownKey');
  host.establish(peer);
  host.tables.remotes.flags[peer] = 2;
  t.equal(host.in(peer), 'inboundNotMember');
  const rows = host.inRow(peer);
  rows[InRow.kind] = Kind.control;
  host.engine.inbound(rows, EMPTY, 1, 0, host.sink);
  t.same(host.told, [`control ${peer} 0`], 'but control messages come in');
});

t.test('parity is used up by the port: its row tells of its arrival, and goes nowhere', async (t) => {
  const host = new World();
  const peer = host.peer(ACME);
  const rows = host.inRow(peer);
  rows[InRow.kind] = Kind.heard;
  host.engine.inbound(rows, EMPTY, 1, 55, host.sink);
  t.same(host.told, []);
  t.equal(rows[InRow.action], 0);
  t.equal(host.tables.activity.rxPackets[peer], 0);
  t.equal(host.tables.activity.lastHeardMs[peer], 55, 'the remote is there');
});

t.test('a batch of everything goes where it belongs, in order', async (t) => {
  const host = new World();
  const peer = host.peer(ACME);
  const rows = new Uint32Array(5 * ROW_WORDS);
  [Kind.raw, Kind.data, Kind.control, Kind.data, Kind.raw].forEach((kind, row) => {
    rows.set(host.inRow(peer, { info: row === 3 ? INFO_SYN : 0, length: 1000 }, 0, row), row * ROW_WORDS);
    rows[row * ROW_WORDS + InRow.kind] = kind;
  });
  host.engine.inbound(rows, EMPTY, 5, 55, host.sink);
  t.same(host.told, ['raw 0', `control ${peer} 2`, `refused ${peer} 3 inboundPort`, 'raw 4']);
  t.same(
    [0, 1, 2, 3, 4].map((row) => rows[row * ROW_WORDS + InRow.action]),
    [0, 1, 0, 0, 0],
  );
  const { activity } = host.tables;
  t.same(
    [
      activity.rxBytes[peer],
      activity.rxPackets[peer],
      activity.lastReceivedMs[peer],
      activity.lastHeardMs[peer],
    ],
    [1000, 1, 55, 55],
  );
  t.same(host.dropped(), { inboundPort: 1 });
});

t.test('the first authenticated datagram confirms a key, once', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  host.tables.receiveKeys.set(500, peer, false, 500);
  for (let i = 0; i < 2; i++) {
    const rows = host.inRow(peer, {}, 0, i);
    rows[InRow.key] = 500;
    host.engine.inbound(rows, EMPTY, 1, 0, host.sink);
    t.equal(rows[InRow.action], 1);
  }
  t.same(host.told, [`confirmed ${peer} 500`]);
});

t.test('a key that its confirmation takes away carries nothing', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  host.tables.receiveKeys.set(500, peer, false, 500);
  const rows = host.inRow(peer);
  rows[InRow.key] = 500;
  const keyConfirmed = () => host.tables.receiveKeys.clear(500);
  host.engine.inbound(rows, EMPTY, 1, 0, { ...host.sink, keyConfirmed });
  t.equal(rows[InRow.action], 0);
  t.same(host.dropped(), { inboundUnknownKey: 1 });
});

t.test('a path moves with the highest counter of the newest key, not with anything else', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  let now = 0;
  const arrive = (counter: number, from: number[], port = 9376, key = 70 + peer): boolean => {
    now += ROAM_EVERY_MS;
    const rows = host.inRow(peer, {}, 0, counter);
    rows.set(from, InRow.outerSource);
    rows[InRow.outerPort] = port;
    rows[InRow.key] = key;
    host.told.length = 0;
    host.engine.inbound(rows, EMPTY, 1, now, host.sink);
    return host.told.includes(`roamed ${peer} 0`);
  };
  const here = [0, 0, 0xffff, 0xc0000200 + peer];
  const there = [0, 0, 0xffff, 0xc6336401];
  t.notOk(arrive(10, here));
  t.notOk(arrive(9, there), 'a late datagram');
  t.notOk(arrive(10, there));
  t.ok(arrive(11, there), 'the newest');
  t.ok(arrive(12, here, 9377), 'another port');
  t.ok(arrive(13, here, 9376 + 3 * 65_536), 'another local socket');
  t.ok(arrive(14, [0x20010db8, 0, 0, 1]), 'another family');
  host.tables.receiveKeys.set(500, peer, true, 500);
  t.notOk(arrive(5, there, 9376, 500), 'an older key');
  host.tables.remotes.receiveKey[peer] = 500;
  t.ok(arrive(6, there, 9376, 500));
  host.tables.paths.set(40 + peer, Uint32Array.from(there), 0, 9376);
  t.notOk(arrive(7, there, 9376, 500), 'the path has moved');
  const over3 = portWord({ ip: new Uint8Array(16), port: 9376, via: 3 });
  host.tables.paths.set(40 + peer, Uint32Array.from(there), 0, over3);
  t.notOk(arrive(8, there, over3, 500), 'to a further socket');
  t.ok(arrive(9, there, 9376, 500), 'which the main one is not');
  host.tables.paths.set(40 + peer, Uint32Array.from(there), 0, 9376);
  t.notOk(arrive(1000, here), 'the old key moves nothing back');
  host.tables.remotes.path[peer] = -1;
  t.ok(arrive(10, there, 9376, 500), 'a remote without a path gets one');
});

t.test(
  'a remote that comes from somewhere else with every datagram moves its path a few times a second',
  async (t) => {
    const host = new World();
    const peer = host.peer(OWN);
    for (let counter = 0; counter < 1000; counter++) {
      const rows = host.inRow(peer, {}, 0, counter);
      rows[InRow.outerPort] = 1000 + (counter & 1);
      host.engine.inbound(rows, EMPTY, 1, counter, host.sink);
      t.equal(rows[InRow.action], 1);
    }
    t.equal(host.told.length, 1000 / ROAM_EVERY_MS + ROAMS_AT_ONCE - 1);
  },
);

t.test(
  'where a remote goes is seen right behind what says nothing of it, and when it is back at once',
  async (t) => {
    const host = new World();
    const peer = host.peer(OWN);
    let isSaid = false;
    const roamed = (remote: number, row: number): boolean => host.sink.roamed(remote, row) && isSaid;
    for (const [counter, port] of [7, 8, 9, 10].entries()) {
      const rows = host.inRow(peer, {}, 0, counter);
      rows[InRow.outerPort] = port;
      isSaid = port > 8;
      host.engine.inbound(rows, EMPTY, 1, 10 * counter, { ...host.sink, roamed });
    }
    t.equal(host.told.length, 4);
  },
);

t.test('counters above 2^32 count', async (t) => {
  const host = new World();
  const peer = host.peer(OWN);
  const rows = host.inRow(peer, {}, 0, 4);
  rows[InRow.counterHigh] = 2;
  host.engine.inbound(rows, EMPTY, 1, 0, host.sink);
  t.equal(host.tables.receiveKeys.highestCounter[70 + peer], 2 * 2 ** 32 + 4);
});

t.test('an answer goes back to whom it was asked', async (t) => {
  const host = new World();
  const peer = host.peer(ACME);
  host.out(peer, { family: 4, protocol: 17, ports: ports(5000, 53) }, 0, address(-1, 4, 5));
  const answer = { family: 4, protocol: 17, ports: ports(53, 5000) };
  t.equal(host.in(peer, answer, 0, 5), 'in');
  t.equal(host.in(peer, answer, 0, 0), 'inboundPort', 'and nowhere else');
});
