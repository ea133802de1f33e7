// A right that is taken back ends what runs; a restart ends nothing.
import t from 'tap';
import { INFO_SYN, SLOT_HEADROOM } from '../../../src/core/base/batch-layout.generated.ts';
import { internetChecksum } from '../../../src/core/base/checksum.ts';
import { ACME, OTHER, OWN, type PacketFacts, ports, TCP, UDP, World } from './world.ts';

const NOBODY = { kind: 'organisations', slots: [] } as const;
const ONLY_ACME = { kind: 'organisations', slots: [ACME] } as const;
const ALL = { kind: 'members' } as const;
const tcp = (to: number, from = 999): PacketFacts => ({ ports: ports(from, to) });
const udp = (to: number, from = 999): PacketFacts => ({ protocol: UDP, ports: ports(from, to) });

t.test('an unshared port lets no packet of a running TCP flow through, in either direction', async (t) => {
  const host = new World();
  const [acme, other, own] = [host.peer(ACME), host.peer(OTHER), host.peer(OWN)];
  const { openPorts } = host.tables;
  for (const selector of [0, 5]) openPorts.open(selector, TCP, 80, ALL);
  for (const remote of [acme, other, own]) t.equal(host.in(remote, tcp(80)), 'in');
  for (const selector of [0, 5]) openPorts.open(selector, TCP, 80, ONLY_ACME);
  for (const selector of [0, 5]) {
    t.equal(host.in(other, tcp(80), 0, selector), 'inboundPort', `selector ${selector}`);
    t.equal(host.in(acme, tcp(80), 0, selector), 'in', 'who may still goes on');
    t.equal(host.in(own, tcp(80), 0, selector), 'in');
  }
  t.equal(host.in(other, tcp(81)), 'in', 'answers to what this host opened come in');
  t.equal(host.out(other, tcp(999, 80)).action, 'drop');
  t.equal(host.dropped().outboundPolicy, 1);
  t.equal(host.out(acme, tcp(999, 80)).action, 'send');
  t.equal(host.out(own, tcp(999, 80)).action, 'send');
  openPorts.close(0, TCP, 80);
  t.equal(host.in(acme, tcp(80)), 'inboundPort', 'so does a service that is removed');
  t.equal(host.in(own, tcp(80)), 'in');
});

t.test(
  'an unshared UDP port is dead for flows that were answered, and stays so while its server goes on',
  async (t) => {
    const host = new World();
    const [acme, other] = [host.peer(ACME), host.peer(OTHER)];
    const { openPorts } = host.tables;
    openPorts.open(0, UDP, 53, NOBODY);
    t.equal(host.out(other, udp(53, 53)).action, 'send', 'a server asks others from its own port');
    t.equal(host.in(other, udp(53, 53)), 'in', 'and is answered');
    t.equal(host.in(other, udp(53, 54)), 'inboundPort');
    openPorts.open(0, UDP, 53, ALL);
    t.equal(host.in(other, udp(53)), 'in');
    openPorts.open(0, UDP, 53, ONLY_ACME);
    for (const now of [0, 1000, 300_000]) {
      t.equal(host.out(other, udp(999, 53), now).action, 'drop', `the server streams on, ${now} ms`);
      t.equal(host.in(other, udp(53), now), 'inboundPort');
      t.equal(host.in(acme, udp(53), now), 'in');
    }
    openPorts.open(0, UDP, 53, ALL);
    t.equal(host.in(other, udp(53)), 'in', 'shared again');
  },
);

t.test('a service that is replaced by one as open takes nothing from anybody', async (t) => {
  const host = new World();
  const other = host.peer(OTHER);
  const { openPorts } = host.tables;
  openPorts.open(0, UDP, 53, ONLY_ACME);
  openPorts.close(0, UDP, 53);
  openPorts.open(0, UDP, 53, ALL);
  openPorts.close(0, UDP, 53);
  openPorts.open(0, UDP, 53, ALL);
  t.notOk(openPorts.isGuarded(0, UDP, 53));
  openPorts.close(0, UDP, 53);
  t.ok(openPorts.isGuarded(0, UDP, 53));
  t.equal(host.in(other, udp(53)), 'inboundPort');
});

t.test(
  'a port narrowed by tags lets the own organisation in by tag alone, at the host as well',
  async (t) => {
    const host = new World();
    const [tagged, plain, acme] = [host.peer(OWN), host.peer(OWN), host.peer(ACME)];
    host.tables.openPorts.setTags(tagged, 0b110);
    host.tables.openPorts.setTags(acme, 0b110);
    const { openPorts } = host.tables;
    for (const selector of [0, 5]) {
      openPorts.open(selector, TCP, 80, NOBODY, 0b010);
      openPorts.open(selector, UDP, 53, ONLY_ACME, 0b1100);
      for (const facts of [tcp(80), { ...tcp(80), info: INFO_SYN }, udp(53)]) {
        t.equal(host.in(tagged, facts, 0, selector), 'in');
        t.equal(host.in(plain, facts, 0, selector), 'inboundPort', JSON.stringify(facts));
      }
      t.equal(host.in(acme, tcp(80), 0, selector), 'inboundPort', 'tags of others mean nothing');
      t.equal(host.in(acme, udp(53), 0, selector), 'in');
    }
    t.equal(
      host.in(plain, { ...tcp(81), info: INFO_SYN }),
      'in',
      'all else of the host is open to its organisation',
    );
    t.equal(host.in(plain, udp(54)), 'in');
    t.equal(host.out(plain, tcp(999, 80)).action, 'drop');
    t.equal(host.out(tagged, tcp(999, 80)).action, 'send');
    t.equal(host.out(plain, tcp(80, 999)).action, 'send');
    host.tables.openPorts.setTags(tagged, 0);
    t.equal(host.in(tagged, tcp(80)), 'inboundPort', 'a certificate without the tag');
    openPorts.open(0, TCP, 80, NOBODY);
    t.equal(host.in(plain, tcp(80)), 'in', 'open to all of it again');
  },
);

t.test('the program of a flow that is over is reset, or told that it is prohibited', async (t) => {
  for (const family of [4, 6]) {
    const host = new World();
    const other = host.peer(OTHER);
    host.tables.openPorts.open(0, TCP, 80, ALL);
    host.tables.openPorts.open(0, TCP, 80, NOBODY);
    host.tables.openPorts.open(0, UDP, 53, ALL);
    host.tables.openPorts.open(0, UDP, 53, NOBODY);
    const rows = host.outRow(other, { family, ...tcp(999, 80), length: 100 });
    const network = family === 6 ? 40 : 20;
    const packet = new DataView(host.bytes.buffer, SLOT_HEADROOM);
    packet.setUint8(family === 6 ? 6 : 9, TCP);
    packet.setUint32(network, ports(80, 999));
    packet.setUint32(network + 4, 1000);
    packet.setUint32(network + 8, 0xfffffff0);
    packet.setUint16(network + 12, 0x5018);
    const sent = host.bytes.slice(SLOT_HEADROOM, SLOT_HEADROOM + 100);
    host.engine.outbound(rows, host.bytes, 1, 0, host.sink);
    const [reset] = host.injected;
    const view = new DataView(reset.buffer, network);
    t.equal(reset.length, network + 20);
    t.equal(view.getUint32(0), ports(999, 80));
    t.equal(view.getUint32(4), 0xfffffff0, 'at the place that the program waits for');
    t.equal(view.getUint8(13), 4);
    const [first, size] = family === 6 ? [8, 16] : [12, 4];
    t.same(reset.subarray(first, first + size), sent.subarray(first + size, first + 2 * size));
    t.same(reset.subarray(first + size, first + 2 * size), sent.subarray(first, first + size));
    t.equal(internetChecksum(reset, first, reset.length, 20 + TCP), 0, 'its checksum is right');
    packet.setUint16(network + 12, 0x5014);
    host.engine.outbound(host.outRow(other, { family, ...tcp(999, 80) }), host.bytes, 1, 0, host.sink);
    t.equal(host.injected.length, 1, 'a reset is not answered');
    packet.setUint8(family === 6 ? 6 : 9, UDP);
    host.out(other, { family, ...udp(999, 53) });
    const icmp = host.injected[1];
    t.same([...icmp.subarray(network, network + 2)], family === 6 ? [1, 1] : [3, 13]);
  }
});
