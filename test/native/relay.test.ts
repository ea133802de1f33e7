import t, { type Test } from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import type { SocketAddress } from '../../src/core/base/ip.ts';
import { openPort } from '../../src/host/native/native.ts';
import type { NativePort } from '../../src/host/native/types.ts';
import { playRelay } from '../vectors/relay.ts';
import { Listener } from './datagrams.ts';
import { LOCALHOST, loopbackUp, privateNamespace, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

interface Scene {
  readonly port: NativePort;
  readonly udpPort: number;
  /** Neighbours played by hand. */
  readonly neighbours: ReadonlyMap<string, Listener>;
  addressOf(neighbour: string): SocketAddress;
  arrive(neighbour: string, datagram: Uint8Array): Promise<void>;
}

/** A port without a TUN. */
async function scene(t: Test, names: readonly string[]): Promise<Scene> {
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }], bufferBytes: 4 << 20 });
  const neighbours = new Map<string, Listener>();
  for (const name of names) neighbours.set(name, await Listener.open());
  t.teardown(() => {
    port.close(true);
    for (const neighbour of neighbours.values()) neighbour.close();
  });
  const udpPort = port.info().udp4?.port ?? 0;
  const at = (name: string) => neighbours.get(name) as Listener;
  return {
    port,
    udpPort,
    neighbours,
    addressOf: (name) => ({ ip: LOCALHOST, port: at(name).port }),
    arrive: async (name, datagram) => {
      const before = port.counters[L.Counter.datagramsReceived];
      at(name).send(datagram, udpPort);
      await until(() => port.counters[L.Counter.datagramsReceived] > before, 'the datagram');
    },
  };
}

t.test('the vectors of relayed datagrams', async (t) => {
  const { port, neighbours, addressOf, arrive } = await scene(t, ['a', 'b', 'stranger']);
  const waiting = () => [...neighbours.values()].reduce((sum, each) => sum + each.datagrams.length, 0);
  await playRelay(t, {
    port,
    addressOf,
    arrive,
    take: async (count) => {
      await until(() => waiting() >= count, 'what was sent');
      return [...neighbours].flatMap(([to, each]) => each.take().map((bytes) => ({ to, bytes })));
    },
  });
});
