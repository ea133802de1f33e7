import t from 'tap';
import type { PacketPort, PortCommand, PortEvent } from '../../src/core/engine/types.ts';
import type { Node } from '../../src/core/node/node.ts';
import type { NodeEvent, PersistRecord } from '../../src/core/node/types.ts';
import { Turn } from '../../src/host/io/turn.ts';

const RAW: PortCommand = {
  kind: 'raw',
  to: { ip: new Uint8Array(16), port: 1 },
  datagram: Uint8Array.of(1),
};
const CLEAR: PortCommand = { kind: 'clearPath', slot: 7 };
const RECORD: PersistRecord = { kind: 'freshness', reservedTo: 5 };
const EVENT: NodeEvent = { kind: 'peerDown', nodeId: new Uint8Array(32), name: 'bravo', reason: 'test' };

/** A port and a node that write down what happens, in order. */
function bench(options: { failing?: boolean } = {}) {
  const journal: string[] = [];
  let inside = (_rows: number): void => {};
  let outside = (_rows: number): void => {};
  let event = (_event: PortEvent): void => {};
  const say = (name: string) => (): void => {
    journal.push(name);
  };
  const port = {
    heldRows: new Uint32Array(32),
    onInside: (callback: typeof inside) => (inside = callback),
    onOutside: (callback: typeof outside) => (outside = callback),
    onEvent: (callback: typeof event) => (event = callback),
    send: (rows: number) => journal.push(`send ${rows}`),
    sendHeld: (rows: number) => journal.push(`sendHeld ${rows}`),
    deliver: (rows: number) => journal.push(`deliver ${rows}`),
    sendRaw: say('raw'),
    clearPath: say('clearPath'),
    routeMtu: () => 1500,
  } as unknown as PacketPort;
  const out = {
    persists: [] as PersistRecord[],
    commands: [] as PortCommand[],
    afterPersist: [] as PortCommand[],
    events: [] as NodeEvent[],
    clear() {
      for (const list of [out.persists, out.commands, out.afterPersist, out.events]) list.length = 0;
    },
  };
  const fill = (name: string) => (): void => {
    journal.push(name);
    out.persists.push(RECORD);
    out.commands.push(CLEAR);
    out.afterPersist.push(RAW);
    out.events.push(EVENT);
  };
  let held = 0;
  const node = {
    out,
    wakeAt: Number.POSITIVE_INFINITY,
    transmit: fill('transmit'),
    receive: fill('receive'),
    tick: say('tick'),
    takeHeld: () => {
      const rows = held;
      held = 0;
      return rows;
    },
    onHostEvent: (host: { kind: string }) => journal.push(`host ${host.kind}`),
    persistFailed: say('persistFailed'),
  };
  const turn = new Turn(node as unknown as Node, port, {
    save: (records) => {
      journal.push(`save ${records.length}`);
      if (options.failing) throw new Error('disk full');
    },
    onSaveFailed: say('saveFailed'),
    onEvent: (seen) => journal.push(`event ${seen.kind}`),
    look: () => undefined,
  });
  const hold = (rows: number): void => {
    held = rows;
  };
  const setWake = (at: number): void => {
    node.wakeAt = at;
  };
  const take = (): string[] => journal.splice(0);
  return {
    turn,
    out,
    hold,
    setWake,
    take,
    inside: (rows: number) => inside(rows),
    outside: (rows: number) => outside(rows),
    event: (seen: PortEvent) => event(seen),
  };
}

t.test('saved first, then carried out, then the batch leaves', (t) => {
  const b = bench();
  b.hold(2);
  b.inside(3);
  t.same(b.take(), ['transmit', 'save 1', 'clearPath', 'raw', 'event peerDown', 'sendHeld 2', 'send 3']);
  b.outside(4);
  t.same(b.take(), ['receive', 'save 1', 'clearPath', 'raw', 'event peerDown', 'deliver 4']);
  b.turn.stop();
  t.end();
});

t.test('what could not be saved does not leave, everything else does', (t) => {
  const b = bench({ failing: true });
  b.outside(1);
  t.same(b.take(), [
    'receive',
    'save 1',
    'saveFailed',
    'clearPath',
    'persistFailed',
    'event peerDown',
    'deliver 1',
  ]);
  b.turn.stop();
  t.end();
});

t.test('after the end nothing is saved, sent or told', (t) => {
  const b = bench();
  b.turn.stop();
  const found = b.turn.run(() => {
    b.out.persists.push(RECORD);
    b.out.commands.push(CLEAR);
    b.out.events.push(EVENT);
    return 7;
  });
  t.equal(found, 7);
  t.same(b.take(), []);
  t.same([...b.out.persists, ...b.out.commands, ...b.out.events], []);
  t.end();
});

t.test('a command is a turn of its own, also when it is refused', (t) => {
  const b = bench();
  t.equal(
    b.turn.run(() => {
      b.out.commands.push(CLEAR);
      return 42;
    }),
    42,
  );
  t.same(b.take(), ['clearPath']);
  t.throws(() =>
    b.turn.run(() => {
      b.out.commands.push(CLEAR);
      throw new Error('refused');
    }),
  );
  t.same(b.take(), ['clearPath']);
  b.turn.stop();
  t.end();
});

t.test('the node asks for a route MTU and is told in the same turn', (t) => {
  const b = bench();
  b.turn.run(() =>
    b.out.events.push({ kind: 'askRouteMtu', to: { ip: new Uint8Array(16), port: 1 }, path: 3 }),
  );
  t.same(b.take(), ['host routeMtu']);
  b.event({ kind: 'tooBig', path: 3 });
  t.same(b.take(), ['host tooBig']);
  b.turn.stop();
  t.end();
});

t.test(
  'one timer, for the earliest wish; due timers run behind a batch from inside, before one from outside',
  async (t) => {
    const b = bench();
    b.setWake(performance.now() - 1);
    b.inside(1);
    t.same(b.take(), ['transmit', 'save 1', 'clearPath', 'raw', 'event peerDown', 'send 1', 'tick']);
    b.outside(1);
    t.same(b.take().slice(0, 2), ['receive', 'tick']);
    b.setWake(performance.now() + 30);
    b.turn.run(() => undefined);
    const rung = new Promise<void>((resolve) => {
      const look = (): void => {
        if (b.take().includes('tick')) {
          b.setWake(Number.POSITIVE_INFINITY);
          resolve();
        } else setImmediate(look);
      };
      look();
    });
    await rung;
    b.turn.stop();
    b.inside(1);
    t.same(b.take(), [], 'a stopped turn does nothing');
  },
);
