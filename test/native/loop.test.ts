// Packets that are written back to the TUN with other addresses: a service that this host provides and uses. The kernel is both
// ends, so what it accepts was right to the last checksum.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import { Tables } from '../../src/core/addressing/addressing.ts';
import { OWN_REMOTE } from '../../src/core/addressing/types.ts';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { DropCounters } from '../../src/core/base/drop-reason.ts';
import { type IpAddress, ipv4, parseIp } from '../../src/core/base/ip.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import type { EngineSink } from '../../src/core/engine/types.ts';
import { nativeSystem } from '../../src/host/native/native.ts';
import { counted, privateNamespace, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);

const TCP = 6;
const UDP = 17;
const PORT = 8080;
const SELECTOR = 3;
/** The service, its endpoint here, this host. */
const FAMILIES = [
  { service: '10.78.0.9', endpoint: '10.78.0.5', host: '10.78.0.1' },
  { service: 'fd00::9', endpoint: 'fd00::5', host: 'fd00::1' },
];

interface Provider {
  readonly twin: Twin;
  readonly drops: DropCounters;
  /** Super-packets that were written back. */
  supers: number;
}

async function provider(t: Test, protocol: number): Promise<Provider> {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const { port } = twin.a;
  const tables = new Tables(Uint8Array.of(0, 0, 0, 0, 0), 0x0a4e0000, [1, 2, 3, 4]);
  const drops = new DropCounters();
  const engine = new Engine(tables, drops, seededRng(1));
  tables.setOwnEndpoint(0, parseIp('fd00::1') as IpAddress, tables.aliasPrefix + 1);
  tables.setOwnEndpoint(SELECTOR, parseIp('fd00::5') as IpAddress, tables.aliasPrefix + 5);
  tables.setService(0, parseIp('fd00::9') as IpAddress, tables.aliasPrefix + 9);
  tables.setServiceEndpoints(0, [
    {
      remote: OWN_REMOTE,
      selector: SELECTOR,
      weight: 1,
      isUp: true,
      protocol,
      port: PORT,
      ipv4: true,
      ipv6: true,
    },
  ]);
  const index = nativeSystem().linkIndex('mcctest0');
  nativeSystem().addAddress(index, ipv4(10, 78, 0, 5), 128);
  nativeSystem().addAddress(index, parseIp('fd00::5') as IpAddress, 128, { noDad: true });
  // The kernel's own work puts IPv6 addresses into its routes a moment later.
  const local = () => execFileSync('ip', ['-6', 'route', 'show', 'table', 'local'], { encoding: 'utf8' });
  await until(() => /fd00::5\b/.test(local()) && /fd00::1\b/.test(local()), 'the addresses to be local');
  const nothing = () => undefined;
  const sink: EngineSink = {
    wanted: nothing,
    rekey: nothing,
    keyConfirmed: nothing,
    roamed: () => true,
    control: nothing,
    raw: nothing,
    refused: nothing,
    serviceUsed: nothing,
    dns: nothing,
    inject: (packet) => port.inject(packet),
  };
  const made = { twin, drops, supers: 0 };
  port.onInside((rows) => {
    engine.outbound(port.outRows, port.outBytes, rows, performance.now(), sink);
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      const isLoop = port.outRows[at + L.OutRow.action] === L.Action.loop;
      if (isLoop && port.outRows[at + L.OutRow.segmentBytes] > 0) made.supers++;
    }
    port.send(rows);
  });
  return made;
}

function portDrops(twin: Twin): string[] {
  return Object.keys(counted(twin.a.port)).filter((name) => name.startsWith('drop'));
}

for (const { service, endpoint, host } of FAMILIES) {
  t.test(`TCP to a service of this host, by ${service}`, async (t) => {
    const made = await provider(t, TCP);
    const peers: string[] = [];
    const server = createServer((socket) => {
      peers.push(socket.remoteAddress ?? '');
      socket.on('error', () => undefined).pipe(socket);
    });
    server.listen(PORT, endpoint);
    await once(server, 'listening');
    const bytes = randomBytes(8 << 20);
    const socket = connect({ host: service, port: PORT });
    socket.end(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    t.ok(Buffer.concat(chunks).equals(bytes), '8 MB there and back');
    // IPv6 may choose the endpoint's address as the client's: that works as well.
    t.same(peers, [service], 'the program sees the service as its client');
    t.ok(made.supers > 50, `${made.supers} of them super-packets`);
    t.same(made.drops.toJSON(), {});
    t.same(portDrops(made.twin), []);
    await until(() => made.twin.a.port.info().freeSlots === L.SLAB_SLOTS, 'all slots to be free');
    server.close();
  });

  t.test(`UDP of all sizes to a service of this host, by ${service}`, async (t) => {
    const made = await provider(t, UDP);
    const type = service.includes(':') ? 'udp6' : 'udp4';
    const [server, client] = [createSocket(type), createSocket(type)];
    server.bind(PORT, endpoint);
    client.bind(0, host);
    await Promise.all([once(server, 'listening'), once(client, 'listening')]);
    server.on('message', (message, from) => server.send(message, from.port, from.address));
    for (const size of [0, 1, 500, 1372, 1373, 1500, 9000, 65_000]) {
      const expected = randomBytes(size);
      client.send(expected, PORT, service);
      const [message, from] = (await once(client, 'message')) as [Buffer, AddressInfo];
      t.ok(message.equals(expected), `${size} bytes`);
      t.equal(from.address, service, 'from whom it was sent to');
    }
    client.close();
    server.close();
    t.same(made.drops.toJSON(), {});
    t.same(portDrops(made.twin), []);
  });

  t.test(`a closed port of the own endpoint refuses, by ${service}`, async (t) => {
    const made = await provider(t, TCP);
    const socket = connect({ host: service, port: PORT });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    t.equal(error.code, 'ECONNREFUSED', 'the RST came through');
    const client = createSocket(service.includes(':') ? 'udp6' : 'udp4');
    client.connect(PORT, service);
    await once(client, 'connect');
    client.send('anybody?');
    const [refused] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    t.equal(
      refused.code,
      'ECONNREFUSED',
      'and so did the ICMP error, which quotes the packet as it was sent',
    );
    client.close();
    t.same(made.drops.toJSON(), {});
    t.same(portDrops(made.twin), []);
  });
}

t.test('a row to be written back that was held, or says something else, is refused', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const { a } = twin;
  let seen = 0;
  let slot = -1;
  a.decideOut = (rows, at) => {
    seen++;
    slot = rows[at + L.OutRow.slot];
    rows[at + L.OutRow.action] = seen === 1 ? L.Action.hold : L.Action.loop;
    // The bytes stop being what was parsed.
    if (seen === 2) a.port.outBytes[slot * L.SLOT_BYTES + L.SLOT_HEADROOM] = 0x65;
    return 0;
  };
  const client = createSocket('udp4');
  client.bind(0, '10.78.0.1');
  await once(client, 'listening');
  client.send('held', 9, '10.78.0.2');
  await until(() => seen === 1, 'a packet');
  a.port.heldRows.fill(0, 0, L.ROW_WORDS);
  a.port.heldRows[L.OutRow.slot] = slot;
  a.port.heldRows[L.OutRow.action] = L.Action.loop;
  a.port.sendHeld(1);
  t.equal(counted(a.port).dropBadRow, 1);
  a.port.release(slot);
  client.send('changed', 9, '10.78.0.2');
  await until(() => seen === 2, 'another');
  t.equal(counted(a.port).dropBadRow, 2);
  t.equal(counted(a.port).insideWrittenPackets, undefined);
  t.equal(a.port.info().freeSlots, L.SLAB_SLOTS);
  client.close();
});
