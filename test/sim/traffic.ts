// Numbered packets between simulated hosts, and who got which.
import { Counter } from '../../src/core/base/batch-layout.generated.ts';
import { readU32BE, writeU32BE } from '../../src/core/base/bytes.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { addressesAt } from '../../src/sim/scenarios.ts';
import { World, type WorldOptions } from '../../src/sim/world.ts';
import { checksumsHold, udpPacket } from './packets.ts';

export const PORT = 7;

/** A numbered UDP packet of `size` bytes of payload, from one host's program to the other's. */
export function numbered(
  from: SimHost,
  to: SimHost,
  number: number,
  family: 4 | 6 = 6,
  size = 64,
): Uint8Array {
  const payload = new Uint8Array(Math.max(4, size));
  writeU32BE(payload, 0, number);
  const there = addressesAt(from, to);
  return family === 6
    ? udpPacket(from.address6, 1000, there.v6, PORT, payload)
    : udpPacket(from.address4, 1000, there.v4, PORT, payload);
}

/** Numbers of UDP packets that came out of a host's TUN, in order; throws when one is damaged. */
export function numbersReceived(host: SimHost): number[] {
  const numbers: number[] = [];
  for (const packet of host.received) {
    const v4 = packet[0] >> 4 === 4;
    if (packet[v4 ? 9 : 6] !== 17) continue;
    if (!checksumsHold(packet)) throw new Error('a damaged packet was delivered');
    numbers.push(readU32BE(packet, (v4 ? 20 : 40) + 8));
  }
  return numbers;
}

/** Sends a packet every `everyMs` for `forMs`, numbered from `first`; returns the next number. */
export function stream(
  world: World,
  from: SimHost,
  to: SimHost,
  forMs: number,
  everyMs: number,
  first = 0,
): number {
  let number = first;
  for (const end = world.now + forMs; world.now < end; number++) {
    from.sendInside(world.now, numbered(from, to, number));
    world.run(everyMs);
  }
  return number;
}

/** Longest time in ms in which nothing arrived at `host` while `stream` ran: arrivals are told by a tap of its TUN. */
export class Gaps {
  longestMs = 0;
  private last: number;

  constructor(world: World, host: SimHost) {
    this.last = world.now;
    const { program } = host;
    host.program = (packet) => {
      this.longestMs = Math.max(this.longestMs, world.now - this.last);
      this.last = world.now;
      return program?.(packet);
    };
  }

  end(world: World): number {
    this.longestMs = Math.max(this.longestMs, world.now - this.last);
    return this.longestMs;
  }
}

const worlds: World[] = [];

/** A world that `defects` looks at; says its seed, so that a failure can be repeated. */
export function makeWorld(options: WorldOptions): World {
  const world = new World(options);
  worlds.push(world);
  return world;
}

/** What must hold of every host at the end: the port refused no row or message of ours, and no slab slot leaks. */
export function defects(): string[] {
  const found: string[] = [];
  for (const host of worlds.flatMap((world) => world.hosts)) {
    const refused = host.port.counters[Counter.dropBadRow];
    if (refused > 0) found.push(`${host.name}: the port refused ${refused}`);
    if (host.port.slotsInUse > 0) found.push(`${host.name}: ${host.port.slotsInUse} slots in use`);
  }
  return found;
}

/** What `defects` says; and these worlds are over: for tests with so many that they would not fit into memory. */
export function endWorlds(): string[] {
  const found = defects();
  worlds.length = 0;
  return found;
}
