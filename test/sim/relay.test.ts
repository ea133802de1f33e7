import t from 'tap';
import { CIRCUITS, Counter } from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import { equalSocketAddress, ipv4, type SocketAddress } from '../../src/core/base/ip.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { SimPort } from '../../src/sim/port.ts';
import { playRelay } from '../vectors/relay.ts';

const NEIGHBOURS = new Map(
  ['a', 'b', 'stranger'].map((name, n) => [name, { ip: ipv4(192, 0, 2, 1 + n), port: 9376 }]),
);

interface Sent {
  readonly to: string;
  readonly bytes: Uint8Array;
  readonly ttl: number | undefined;
}

function scene() {
  const sent: Sent[] = [];
  let now = 1;
  const port = new SimPort(fakeCrypto, {
    now: () => now,
    sendDatagram: (to, bytes, ttl) => {
      const [name] = [...NEIGHBOURS].find(([, address]) => equalSocketAddress(address, to)) ?? ['?'];
      sent.push({ to: name, bytes: bytes.slice(), ttl });
      return true;
    },
    writeInside: () => undefined,
    openSocket: () => 'EMFILE',
    closeSocket: () => undefined,
    routeMtu: () => 1500,
  });
  const addressOf = (name: string) => NEIGHBOURS.get(name) as SocketAddress;
  const arrive = (name: string, bytes: Uint8Array) => port.readOutside([{ from: addressOf(name), bytes }]);
  const later = (ms: number) => {
    now += ms;
  };
  return { port, sent, addressOf, arrive, later };
}

t.test('the vectors of relayed datagrams', async (t) => {
  const { port, sent, addressOf, arrive } = scene();
  await playRelay(t, {
    port,
    addressOf,
    arrive: async (name, bytes) => arrive(name, bytes),
    take: async () => sent.splice(0).map(({ to, bytes }) => ({ to, bytes })),
  });
});

t.test('the rate of what is sent on is bounded, and what was saved up too', (t) => {
  const { port, sent, addressOf, arrive, later } = scene();
  port.setPath(1, addressOf('a'));
  port.setPath(2, addressOf('b'));
  port.setForward(1, 1, 2, 1, 1);
  port.setRelayLimit(1000, 500);
  const datagram = Uint8Array.from({ length: 100 }, (_, i) => [5, 1, 0, 1, 0, 4][i] ?? 0);
  const passed = (count: number) => {
    for (let i = 0; i < count; i++) arrive('a', datagram);
    return sent.splice(0).length;
  };
  t.equal(passed(20), 5, 'a burst');
  later(250);
  t.equal(passed(20), 2, 'what a quarter of a second earns');
  later(100_000);
  t.equal(passed(20), 5, 'a burst again');
  t.equal(port.counters[Counter.dropRelayLimit], 60 - 12);
  t.end();
});

t.test('a TTL goes along where the way is direct', (t) => {
  const { port, sent, addressOf } = scene();
  port.setPath(1, addressOf('a'));
  port.setCircuit(1, 1, 1);
  const bytes = new Uint8Array(64).fill(1);
  port.sendRaw(addressOf('a'), bytes, 3);
  port.sendRaw(addressOf('a'), bytes, 0);
  port.sendRaw(addressOf('a'), bytes);
  port.sendRaw(circuitAddress(1, 1), bytes, 3);
  t.same(
    sent.map(({ ttl }) => ttl),
    [3, undefined, undefined, undefined],
  );
  t.end();
});

t.test('circuits are bounded', (t) => {
  const { port } = scene();
  for (let n = 0; n < CIRCUITS; n++) port.setCircuit(n % 7, n, 0);
  t.throws(() => port.setForward(8, 1, 1, 1, 1), RangeError);
  port.setCircuit(0, 0, 9);
  port.clearPath(3);
  port.setForward(8, 1, 1, 1, 1);
  t.throws(() => port.setCircuit(65536, 0, 0), TypeError);
  t.throws(() => port.setCircuit(0, -1, 0), TypeError);
  t.end();
});

t.test('nobody sends from the address of a circuit', (t) => {
  const { port } = scene();
  port.setPath(1, circuitAddress(1, 1));
  port.readOutside([{ from: circuitAddress(1, 1), bytes: new Uint8Array(64).fill(1) }]);
  t.equal(port.counters[Counter.dropRelay], 1);
  t.end();
});
