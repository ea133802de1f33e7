// The engine on the real port: two hosts in one namespace (twin.ts), their kernels on the other side of the rows.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import t, { type Test } from 'tap';
import { Tables } from '../../src/core/addressing/addressing.ts';
import { REMOTE_ESTABLISHED, REMOTE_MEMBER, REMOTE_MTU_KNOWN } from '../../src/core/addressing/types.ts';
import { SLAB_SLOTS } from '../../src/core/base/batch-layout.generated.ts';
import { DropCounters } from '../../src/core/base/drop-reason.ts';
import { type IpAddress, ipToWords, parseIp } from '../../src/core/base/ip.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import type { EngineSink } from '../../src/core/engine/types.ts';
import { counted, LOCALHOST, privateNamespace, type Side, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);

const OWN = 1;
const ACME = 2;
const TCP = 6;
const UDP = 17;

/** A host of the twin with one remote, in slot 0: the other one. */
class Host {
  readonly tables: Tables;
  readonly drops = new DropCounters();
  readonly engine: Engine;
  readonly told: string[] = [];
  private readonly side: Side;
  private readonly sink: EngineSink;

  constructor(me: number, side: Side, other: Side) {
    this.side = side;
    this.tables = new Tables(Uint8Array.of(0, 0, me, 0, 0), 0x0a4e0000 + me * 0x10000, [1, 2, 3, 4]);
    this.engine = new Engine(this.tables, this.drops, seededRng(me));
    this.tables.claimRemote();
    const { remotes, paths, aliasPrefix } = this.tables;
    this.tables.setOwnEndpoint(0, parseIp(`fd00:${me}::1`) as IpAddress, aliasPrefix + 1);
    this.tables.setEndpoint(0, 0, parseIp(`fd00:${me}::2`) as IpAddress, aliasPrefix + 2);
    remotes.organisation[0] = OWN;
    const words = new Uint32Array(4);
    ipToWords(LOCALHOST, words, 0);
    paths.set(0, words, 0, other.udpPort);
    this.sink = {
      wanted: () => this.told.push('wanted'),
      rekey: () => this.told.push('rekey'),
      keyConfirmed: () => this.told.push('confirmed'),
      roamed: () => this.told.push('roamed') > 0,
      control: () => this.told.push('control'),
      refused: () => 0,
      raw: () => this.told.push('raw'),
      serviceUsed: () => this.told.push('serviceUsed'),
      dns: () => this.told.push('dns'),
      inject: (packet) => side.port.inject(packet),
    };
    side.port.onInside((rows) => {
      this.engine.outbound(side.port.outRows, side.port.outBytes, rows, performance.now(), this.sink);
      side.port.send(rows);
    });
    side.port.onOutside((rows) => {
      this.engine.inbound(side.port.inRows, side.port.inBytes, rows, performance.now(), this.sink);
      side.port.deliver(rows);
    });
  }

  establish(): void {
    const { remotes, receiveKeys } = this.tables;
    remotes.flags[0] = REMOTE_ESTABLISHED | REMOTE_MEMBER | REMOTE_MTU_KNOWN;
    remotes.sendKey[0] = 0;
    remotes.receiveKey[0] = 0;
    remotes.counterLimit[0] = 2 ** 28;
    remotes.rekeyAtCounter[0] = 2 ** 26;
    remotes.rekeyAtMs[0] = Number.POSITIVE_INFINITY;
    remotes.refuseAtMs[0] = Number.POSITIVE_INFINITY;
    remotes.path[0] = 0;
    remotes.maxPlaintext[0] = 1420;
    receiveKeys.set(0, 0, true, 0);
    this.engine.established(0, performance.now());
    const rows = this.engine.takeHeld(this.side.port.heldRows);
    if (rows > 0) this.side.port.sendHeld(rows);
  }
}

function hosts(t: Test, isEstablished = true): { a: Host; b: Host; twin: Twin } {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const a = new Host(0, twin.a, twin.b);
  const b = new Host(1, twin.b, twin.a);
  for (const host of isEstablished ? [a, b] : []) host.establish();
  return { a, b, twin };
}

async function listening(at: string): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  server.listen(0, at);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** Sends bytes by TCP and waits for their echo. */
async function echoed(host: string, port: number, bytes: Buffer): Promise<boolean> {
  const socket = connect({ host, port });
  socket.end(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).equals(bytes);
}

async function bound(at: string): Promise<UdpSocket> {
  const socket = createSocket({ type: at.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 });
  socket.bind(0, at);
  await once(socket, 'listening');
  return socket;
}

t.test('TCP and UDP of all sizes, in both families', async (t) => {
  const { a, b, twin } = hosts(t);
  for (const [at, target] of [
    ['10.79.0.1', '10.78.0.2'],
    ['fd00:1::1', 'fd00::2'],
  ]) {
    const server = await listening(at);
    t.ok(await echoed(target, server.port, randomBytes(8 << 20)), `8 MB by TCP to ${target}`);
    server.close();
    const [receiver, sender] = [await bound(at), await bound(at === '10.79.0.1' ? '10.78.0.1' : 'fd00::1')];
    for (const size of [1, 500, 1392, 1393, 1500, 9000, 65_000, 65_507]) {
      const expected = randomBytes(size);
      sender.send(expected, receiver.address().port, target);
      const [message] = (await once(receiver, 'message')) as [Buffer];
      t.ok(message.equals(expected), `${size} bytes by UDP`);
    }
    receiver.close();
    sender.close();
  }
  t.same({ ...a.drops.toJSON(), ...b.drops.toJSON() }, {}, 'the engine dropped nothing');
  t.same(
    twin.sides.flatMap((side) => Object.keys(counted(side.port)).filter((name) => name.startsWith('drop'))),
    [],
    'nor did the port',
  );
  t.same(a.told.concat(b.told), [], 'and nobody roamed');
});

t.test('the first SYN waits for the session', async (t) => {
  const { a, b, twin } = hosts(t, false);
  const server = await listening('10.79.0.1');
  const start = performance.now();
  const answer = echoed('10.78.0.2', server.port, Buffer.from('hello'));
  await until(() => a.told.length > 0, 'a session to be wanted');
  t.same(a.told, ['wanted']);
  b.establish();
  a.establish();
  t.ok(await answer);
  t.ok(performance.now() - start < 900, 'before the kernel would have sent another');
  server.close();
  t.equal(twin.a.port.info().freeSlots, SLAB_SLOTS, 'its slot is free again');
});

t.test('a program learns at once that a host is not there', async (t) => {
  hosts(t);
  for (const host of ['10.78.0.77', 'fd00::77']) {
    const socket = connect({ host, port: 80 });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    t.equal(error.code, 'EHOSTUNREACH', host);
  }
});

t.test('the kernel believes a Packet Too Big, and what was too big arrives all the same', async (t) => {
  const { a } = hosts(t);
  a.tables.remotes.maxPlaintext[0] = 1300;
  for (const [at, from, target, mtu] of [
    ['10.79.0.1', '10.78.0.1', '10.78.0.2', 1300],
    ['fd00:1::1', 'fd00::1', 'fd00::2', 1324],
  ] as const) {
    const [receiver, sender] = [await bound(at), await bound(from)];
    sender.send(randomBytes(1360), receiver.address().port, target);
    const [message] = (await once(receiver, 'message')) as [Buffer];
    t.equal(message.length, 1360, `IPv${target.includes(':') ? 6 : 4}`);
    await until(
      () => execFileSync('ip', ['route', 'get', target]).includes(`mtu ${mtu}`),
      `an MTU of ${mtu}`,
    );
    receiver.close();
    sender.close();
  }
});

t.test('another organisation reaches open ports and gets answers, nothing else', async (t) => {
  const { a, b } = hosts(t);
  for (const host of [a, b]) host.tables.remotes.organisation[0] = ACME;
  for (const [at, from, target] of [
    ['10.79.0.1', '10.78.0.1', '10.78.0.2'],
    ['fd00:1::1', 'fd00::1', 'fd00::2'],
  ]) {
    const [shared, closed] = [await listening(at), await listening(at)];
    b.tables.openPorts.open(0, TCP, shared.port, { kind: 'members' });
    t.ok(await echoed(target, shared.port, randomBytes(300_000)), 'a shared TCP port');
    const refused = connect({ host: target, port: closed.port });
    refused.on('connect', () => t.fail('a closed port answered'));
    const before = b.drops.get('inboundPort');
    await until(() => b.drops.get('inboundPort') > before, 'the SYN to be dropped');
    refused.destroy();

    const [open, secret, asker] = [await bound(at), await bound(at), await bound(from)];
    b.tables.openPorts.open(0, UDP, open.address().port, { kind: 'organisations', slots: [ACME] });
    open.on('message', (message, peer) => open.send(message, peer.port, peer.address));
    secret.on('message', () => t.fail('a closed port was reached'));
    asker.send('psst', secret.address().port, target);
    const big = randomBytes(5000);
    asker.send(big, open.address().port, target);
    const [answer] = (await once(asker, 'message')) as [Buffer];
    t.ok(answer.equals(big), 'UDP in fragments, there and back');
    for (const socket of [open, secret, asker]) socket.close();
    for (const server of [shared, closed]) server.close();
  }
  t.ok(b.drops.get('inboundPort') >= 4);
});
