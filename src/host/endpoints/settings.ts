// Settings of interfaces that are changed for a while: what they were is on disk before they change.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { LinkInfo, System } from '../native/types.ts';

const NAMES = ['forwarding', 'routeLocalnet'] as const;
type Name = (typeof NAMES)[number];

/** A setting that was off and that we turned on. */
interface Change {
  readonly name: Name;
  readonly interface: string;
  readonly index: number;
  /** net.ipv4.ip_forward was on already. */
  readonly everywhere: boolean;
}

interface Kept {
  /** The kernel's settings last as long as it runs. */
  readonly boot: string;
  readonly changes: readonly Change[];
}

/** Turns per-interface settings of IPv4 on and, later, off again: those alone that were off before. */
export class Settings {
  readonly #system: System;
  readonly #file: string;
  #changes: readonly Change[];

  /** `file` need not exist. What an earlier run left in it is taken over. */
  constructor(system: System, file: string) {
    this.#system = system;
    this.#file = file;
    this.#changes = read(file);
  }

  /** Indices of the interfaces that forward only because of us. */
  get opened(): number[] {
    return this.#changes.filter(({ name }) => name === 'forwarding').map(({ index }) => index);
  }

  /** Exactly these interfaces (by index) have the settings on because of us; what others turned on stays. */
  set(wanted: Readonly<Record<Name, readonly number[]>>): void {
    const links = new Map(this.#system.listLinks().map((link) => [link.index, link]));
    const stay = this.#changes.filter(({ name, index }) => wanted[name].includes(index));
    const leave = this.#changes.filter((change) => !stay.includes(change));
    const everywhere = forwardsEverywhere();
    const come = NAMES.flatMap((name) =>
      wanted[name].flatMap((index) => {
        const link = links.get(index);
        return link === undefined || link[name] ? [] : { name, interface: link.name, index, everywhere };
      }),
    );
    // A setting that somebody turned off under us is turned on again.
    const fresh = come.filter((one) => !stay.some((other) => isSame(one, other)));
    for (const change of leave) this.#turnOff(change, links);
    if (leave.length + fresh.length > 0) this.#keep([...stay, ...fresh]);
    for (const { name, index } of come) this.#system.setLink(index, { [name]: true });
  }

  #turnOff({ name, index, interface: was, everywhere }: Change, links: ReadonlyMap<number, LinkInfo>): void {
    const link = links.get(index);
    // Another interface may have got the number.
    if (link?.name !== was || !link[name]) return;
    // Whoever made this host a router in the meantime means all interfaces.
    if (name === 'forwarding' && !everywhere && forwardsEverywhere()) return;
    this.#system.setLink(index, { [name]: false });
  }

  #keep(changes: readonly Change[]): void {
    this.#changes = changes;
    if (changes.length === 0) {
      rmSync(this.#file, { force: true });
      return;
    }
    const kept: Kept = { boot: bootId(), changes };
    writeFileSync(`${this.#file}.new`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function isSame(a: Change, b: Change): boolean {
  return a.name === b.name && a.index === b.index;
}

function read(file: string): Change[] {
  try {
    const { boot, changes } = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    if (boot !== bootId() || !Array.isArray(changes)) return [];
    return changes.filter(
      (one) =>
        NAMES.includes(one?.name) && typeof one.interface === 'string' && Number.isSafeInteger(one.index),
    );
  } catch {
    // None, or cut short by a full disk: then nothing was changed.
    return [];
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function forwardsEverywhere(): boolean {
  try {
    return readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim() === '1';
  } catch {
    return false;
  }
}
