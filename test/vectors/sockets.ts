// What a packet port does with further sockets, the addon's or the simulator's.
import type { Test } from 'tap';
import { Counter, InRow, ROW_WORDS, SOCKETS_MAX } from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import { type SocketAddress, socketAddressFromWords } from '../../src/core/base/ip.ts';
import type { PacketPort, PortEvent } from '../../src/core/engine/types.ts';

/** A port and a neighbour. */
export interface SocketStage {
  readonly port: PacketPort;
  readonly mainPort: number;
  readonly neighbour: SocketAddress;
  /** What the port said next. */
  event(): Promise<PortEvent>;
  /** The neighbour sends to a local port of the port; resolves when that has dealt with it. */
  arrive(toPort: number, datagram: Uint8Array): Promise<void>;
  /** The next datagram that the neighbour got, and the local port that it came from. */
  next(): Promise<{ readonly fromPort: number; readonly bytes: Uint8Array }>;
}

const HANDSHAKE = Uint8Array.from({ length: 64 }, (_, i) => (i === 0 ? 1 : i));
/** To path slot 7, number 5. */
const RELAYED = Uint8Array.from({ length: 70 }, (_, i) => [5, 7, 0, 5, 0, 4][i] ?? i);

export async function playSockets(t: Test, stage: SocketStage): Promise<void> {
  const { port, neighbour, mainPort } = stage;
  const froms: SocketAddress[] = [];
  port.onOutside((count) => {
    for (let row = 0; row < count; row++)
      froms.push(socketAddressFromWords(port.inRows, row * ROW_WORDS + InRow.outerSource));
    port.deliver(count);
  });
  const open = async (socket: number): Promise<number> => {
    port.openSocket(socket);
    const event = await stage.event();
    t.match(event, { kind: 'socketOpened', socket });
    return event.kind === 'socketOpened' ? event.port : 0;
  };
  const leavesFrom = async (to: SocketAddress): Promise<number> => {
    port.sendRaw(to, HANDSHAKE);
    const { fromPort, bytes } = await stage.next();
    t.same([...bytes], [...HANDSHAKE]);
    return fromPort;
  };

  const three = await open(3);
  const most = await open(SOCKETS_MAX);
  t.equal(new Set([mainPort, three, most]).size, 3, 'each has a port of its own');
  t.equal(await leavesFrom({ ...neighbour, via: 3 }), three, 'what goes over it leaves from there');
  t.equal(await leavesFrom({ ...neighbour, via: SOCKETS_MAX }), most);
  t.equal(await leavesFrom({ ...neighbour, via: 0 }), mainPort);
  t.equal(await leavesFrom(neighbour), mainPort);

  for (const local of [three, mainPort, most]) await stage.arrive(local, HANDSHAKE);
  t.same(froms.splice(0), [{ ...neighbour, via: 3 }, neighbour, { ...neighbour, via: SOCKETS_MAX }]);

  port.setPath(7, { ...neighbour, via: 3 });
  port.keepalive(7, 1, 2);
  t.equal((await stage.next()).fromPort, three, 'the path of a relay leads over it');
  port.setPath(8, neighbour);
  port.setForward(7, 5, 8, 1, 1);
  await stage.arrive(three, RELAYED);
  t.equal((await stage.next()).fromPort, mainPort, 'and what came over it is sent on');
  t.equal(port.counters[Counter.dropRelay], 0);
  await stage.arrive(mainPort, RELAYED);
  await stage.arrive(most, RELAYED);
  t.equal(port.counters[Counter.dropRelay], 2, 'but not what came over another socket');

  const refused = [
    () => port.openSocket(3),
    () => port.openSocket(0),
    () => port.openSocket(SOCKETS_MAX + 1),
    () => port.closeSocket(0),
    () => port.setPath(9, { ...neighbour, via: SOCKETS_MAX + 1 }),
    () => port.setPath(9, { ...circuitAddress(7, 5), via: 3 }),
    () => port.sendRaw({ ...neighbour, via: -1 }, HANDSHAKE),
    () => port.sendRaw({ ...circuitAddress(7, 5), via: 3 }, HANDSHAKE),
  ];
  for (const mistake of refused) t.throws(mistake, TypeError, String(mistake));

  port.closeSocket(3);
  port.closeSocket(3);
  port.sendRaw({ ...neighbour, via: 3 }, HANDSHAKE);
  port.sendRaw({ ...neighbour, via: 4 }, HANDSHAKE, 5);
  port.keepalive(7, 1, 2);
  t.equal(port.counters[Counter.dropSendOther], 3, 'what would leave over a closed one is lost');
  await open(3);
  port.keepalive(7, 1, 2);
  t.not((await stage.next()).fromPort, mainPort, 'a path goes on over a socket that is opened anew');
  t.same(froms, []);
}
