// Further sockets in the virtual world: the addon's contract, and each another local port of one host behind its NAT.
import t from 'tap';
import { SOCKETS_MAX } from '../../src/core/base/batch-layout.generated.ts';
import { equalSocketAddress, formatSocketAddress, ipv4 } from '../../src/core/base/ip.ts';
import type { PortEvent } from '../../src/core/engine/types.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { SimPort } from '../../src/sim/port.ts';
import { playSockets } from '../vectors/sockets.ts';
import { makeWorld } from './traffic.ts';

t.test('what a port does with further sockets', async (t) => {
  const mainPort = 9376;
  const neighbour = { ip: ipv4(192, 0, 2, 1), port: 9376 };
  const ports = new Map<number, number>();
  const sent: { fromPort: number; bytes: Uint8Array }[] = [];
  const events: PortEvent[] = [];
  let nextPort = 40_000;
  const port = new SimPort(fakeCrypto, {
    now: () => 0,
    sendDatagram: (to, bytes) => {
      t.ok(equalSocketAddress({ ip: to.ip, port: to.port }, neighbour));
      return sent.push({ fromPort: ports.get(to.via ?? 0) ?? mainPort, bytes }) > 0;
    },
    writeInside: () => undefined,
    openSocket: (socket) => {
      ports.set(socket, nextPort);
      return nextPort++;
    },
    closeSocket: (socket) => ports.delete(socket),
    routeMtu: () => 1500,
  });
  port.onEvent((event) => events.push(event));
  await playSockets(t, {
    port,
    mainPort,
    neighbour,
    event: async () => events.shift() as PortEvent,
    next: async () => sent.shift() as (typeof sent)[number],
    arrive: async (toPort, bytes) => {
      const via = [...ports].find(([, local]) => local === toPort)?.[0];
      port.readOutside([{ from: via === undefined ? neighbour : { ...neighbour, via }, bytes }]);
    },
  });
  t.same(sent, [], 'nothing else was sent');
  t.end();
});

t.test('each is another port of the host, mapped by its NAT on its own, wherever it moves', (t) => {
  const world = makeWorld({ seed: 'sockets' });
  const box = world.router({
    mapping: 'endpoint-independent',
    filtering: 'address-and-port-dependent',
    ports: 'sequential',
    isPoisoned: false,
  });
  const host = world.member('alpha', world.organisation('acme'), { isSigner: true, behind: box });
  const seen: string[] = [];
  const remote = { ip: ipv4(203, 0, 113, 9), port: 5000 };
  world.wire.bind(remote, (from, bytes, now) => {
    seen.push(formatSocketAddress(from));
    world.wire.send(remote, from, bytes, now);
  });
  const came: (number | undefined)[] = [];
  const read = host.port.readOutside.bind(host.port);
  host.port.readOutside = (datagrams) => {
    for (const { from, bytes } of datagrams) if (bytes[0] === 1) came.push(from.via);
    read(datagrams);
  };
  const datagram = new Uint8Array(64).fill(1);
  const send = () => {
    host.run(world.now, () => {
      for (const via of [0, 1, 2]) host.port.sendRaw({ ...remote, via }, datagram);
    });
    world.run(200);
  };
  host.port.openSocket(1);
  host.port.openSocket(2);
  send();
  t.equal(new Set(seen).size, 3, 'three mappings');
  t.same(came, [undefined, 1, 2], 'answers come in where the question left');
  const before = seen.splice(0);
  send();
  t.same(seen.splice(0), before);
  host.move({ ip: ipv4(203, 0, 113, 50), port: host.address.port }, world.now, true, world.wire);
  came.length = 0;
  send();
  t.same(seen, ['203.0.113.50:9376', '203.0.113.50:32768', '203.0.113.50:32769']);
  t.same(came, [undefined, 1, 2]);
  t.throws(() => host.port.openSocket(SOCKETS_MAX + 1), TypeError);
  host.restart(world.now);
  world.run(100);
  came.length = 0;
  host.run(world.now, () => host.port.sendRaw({ ...remote, via: 1 }, datagram));
  world.run(200);
  t.same(came, [], 'a new process has none of them');
  t.end();
});
