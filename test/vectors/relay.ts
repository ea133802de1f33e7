// Plays relay.json at a packet port, the addon's or the simulator's.
import type { Test } from 'tap';
import { Counter, InRow, Kind, ROW_WORDS } from '../../src/core/base/batch-layout.generated.ts';
import { circuitAddress } from '../../src/core/base/circuit.ts';
import {
  equalSocketAddress,
  formatSocketAddress,
  ipFromWords,
  type SocketAddress,
} from '../../src/core/base/ip.ts';
import { applyPortCommand } from '../../src/core/engine/engine.ts';
import type { PacketPort, PortCommand } from '../../src/core/engine/types.ts';
import { readVectors } from './read.ts';

type Place = string | { readonly circuit: readonly [number, number] };
type Command = { readonly kind: PortCommand['kind']; readonly to?: Place };

interface Step {
  readonly name: string;
  readonly from?: string;
  readonly header?: string;
  readonly do?: Command;
  readonly inner: readonly [number, number];
  /** What happens: a raw row from that circuit, a datagram to that neighbour with that header, or one counter more. */
  readonly row?: readonly [number, number];
  /** The datagram itself comes up, from whom it came. */
  readonly up?: boolean;
  readonly sent?: readonly [string, string];
  readonly counted?: keyof typeof Counter;
  /** Of a path slot, after that. */
  readonly relayed?: readonly [number, number];
}

/** A port and its neighbours: a, b and stranger. */
export interface Stage {
  readonly port: PacketPort;
  addressOf(neighbour: string): SocketAddress;
  /** A neighbour sends; resolves when the port has dealt with it. */
  arrive(neighbour: string, datagram: Uint8Array): Promise<void>;
  /** What the port sent since it was asked last, `count` datagrams. */
  take(count: number): Promise<{ readonly to: string; readonly bytes: Uint8Array }[]>;
}

export async function playRelay(t: Test, stage: Stage): Promise<void> {
  const { setup, steps } = readVectors<{ setup: Command[]; steps: Step[] }>('relay.json');
  const { port } = stage;
  const rows: { from: SocketAddress; bytes: Uint8Array; outerBytes: number }[] = [];
  port.onOutside((count) => {
    for (let at = 0; at < count * ROW_WORDS; at += ROW_WORDS) {
      t.equal(port.inRows[at + InRow.kind], Kind.raw);
      const start = port.inRows[at + InRow.offset];
      rows.push({
        from: {
          ip: ipFromWords(port.inRows, at + InRow.outerSource),
          port: port.inRows[at + InRow.outerPort],
        },
        bytes: port.inBytes.slice(start, start + port.inRows[at + InRow.length]),
        outerBytes: port.inRows[at + InRow.outerBytes],
      });
    }
    port.deliver(count);
  });
  const act = (command: Command, datagram: Uint8Array) => {
    const to =
      typeof command.to === 'object'
        ? circuitAddress(...command.to.circuit)
        : stage.addressOf(command.to ?? 'a');
    applyPortCommand(port, { ...command, to, datagram } as unknown as PortCommand);
  };
  for (const command of setup) act(command, new Uint8Array(0));
  for (const step of steps) {
    const inner = Uint8Array.from({ length: step.inner[1] }, (_, i) => (i === 0 ? step.inner[0] : i & 0xff));
    const before = port.counters.slice();
    if (step.do !== undefined) act(step.do, inner);
    else await stage.arrive(step.from ?? '', Buffer.concat([Buffer.from(step.header ?? '', 'hex'), inner]));
    const grown = changes(before, port.counters);
    t.same(grown, step.counted === undefined ? {} : { [step.counted]: 1 }, `${step.name}: what is counted`);
    const sent = await stage.take(port.counters[Counter.datagramsSent] - before[Counter.datagramsSent]);
    const expected = step.sent && [
      { to: step.sent[0], bytes: Buffer.concat([Buffer.from(step.sent[1], 'hex'), inner]).toString('hex') },
    ];
    t.same(
      sent.map(({ to, bytes }) => ({ to, bytes: Buffer.from(bytes).toString('hex') })),
      expected ?? [],
      `${step.name}: what is sent`,
    );
    t.equal(rows.length, step.row === undefined && !step.up ? 0 : 1, `${step.name}: rows`);
    for (const row of rows.splice(0)) {
      const from = step.row === undefined ? stage.addressOf(step.from ?? '') : circuitAddress(...step.row);
      t.ok(equalSocketAddress(row.from, from), `from ${formatSocketAddress(row.from)}`);
      const whole = step.up ? Buffer.concat([Buffer.from(step.header ?? '', 'hex'), inner]) : inner;
      t.same([Buffer.from(row.bytes), row.outerBytes], [Buffer.from(whole), whole.length]);
    }
    if (step.relayed !== undefined) t.equal(port.relayed[step.relayed[0]], step.relayed[1], 'bytes relayed');
  }
}

/** Counters that grew, but for those that count traffic. */
function changes(before: Float64Array, after: Float64Array): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Counter)
      .map(([name, index]) => [name, after[index] - before[index]] as const)
      .filter(([name, grown]) => grown > 0 && (name.startsWith('drop') || name === 'keepalives')),
  );
}
