import { type HashKey, hashWords } from './hash.ts';
import type { Audience } from './types.ts';
import { ORGANISATION_OWN } from './types.ts';

/** Instead of an organisation slot: every guest, members of every organisation. */
const GUESTS = 0;
const MEMBERS = 1;
/** Bit of the second word, above the protocol: the own organisation at an endpoint, which shows no more than its service. */
const OWN_MEMBERS = 0x1000000;

const FIRST_CAPACITY = 64;
/** Pairs of port and audience that one host may open. */
const MAX_ENTRIES = 65536;

/**
 * Ports of this host that others than the own organisation may open flows to, and of its endpoints, which nobody reaches otherwise. A set of (selector, protocol, port,
 * audience), open addressing in two words per place, rebuilt on every change. Written by node (service add, service remove),
 * read by the engine.
 */
export class OpenPorts {
  private words = new Uint32Array(2 * FIRST_CAPACITY);
  private used = new Uint8Array(FIRST_CAPACITY);
  private mask = FIRST_CAPACITY - 1;
  private readonly key: HashKey;
  /** What was opened, by "selector/protocol/port". Local configuration, bounded by MAX_ENTRIES. */
  private readonly opened = new Map<string, { place: number; protocol: number; audiences: number[] }>();

  constructor(key: HashKey) {
    this.key = key;
  }

  /** Replaces what was said of the port before. False: MAX_ENTRIES are open. */
  open(selector: number, protocol: number, port: number, audience: Audience): boolean {
    const name = `${selector}/${protocol}/${port}`;
    const audiences = audiencesOf(audience);
    if (selector !== 0) audiences.push(OWN_MEMBERS);
    const before = this.opened.get(name)?.audiences.length ?? 0;
    if (this.count() - before + audiences.length > MAX_ENTRIES) return false;
    this.opened.set(name, { place: ((selector << 16) | port) >>> 0, protocol, audiences });
    this.rebuild();
    return true;
  }

  close(selector: number, protocol: number, port: number): void {
    if (this.opened.delete(`${selector}/${protocol}/${port}`)) this.rebuild();
  }

  /**
   * Whether a remote of that organisation (or a guest) may open flows there. The own organisation may open any to the host, selector
   * 0, and at an endpoint those to every port that is open to anybody.
   */
  allows(selector: number, protocol: number, port: number, organisation: number, isGuest: boolean): boolean {
    if (organisation === ORGANISATION_OWN && selector === 0) return true;
    const place = ((selector << 16) | port) >>> 0;
    if (organisation === ORGANISATION_OWN) return this.has(place, protocol, OWN_MEMBERS);
    if (isGuest) return this.has(place, protocol, GUESTS);
    return (
      organisation > ORGANISATION_OWN &&
      (this.has(place, protocol, MEMBERS) || this.has(place, protocol, organisation))
    );
  }

  private has(place: number, protocol: number, audience: number): boolean {
    const second = ((protocol << 16) | audience) >>> 0;
    for (let at = this.home(place, second); this.used[at] !== 0; at = (at + 1) & this.mask) {
      if (this.words[2 * at] === place && this.words[2 * at + 1] === second) return true;
    }
    return false;
  }

  private home(first: number, second: number): number {
    return hashWords(this.key, first, second, 0, 0) & this.mask;
  }

  private count(): number {
    let entries = 0;
    for (const { audiences } of this.opened.values()) entries += audiences.length;
    return entries;
  }

  private rebuild(): void {
    let capacity = FIRST_CAPACITY;
    while (capacity < 2 * (this.count() + 1)) capacity *= 2;
    this.mask = capacity - 1;
    this.words = new Uint32Array(2 * capacity);
    this.used = new Uint8Array(capacity);
    for (const { place, protocol, audiences } of this.opened.values()) {
      for (const audience of audiences) this.insert(place, ((protocol << 16) | audience) >>> 0);
    }
  }

  private insert(first: number, second: number): void {
    let at = this.home(first, second);
    while (this.used[at] !== 0) at = (at + 1) & this.mask;
    this.used[at] = 1;
    this.words[2 * at] = first;
    this.words[2 * at + 1] = second;
  }
}

function audiencesOf(audience: Audience): number[] {
  switch (audience.kind) {
    case 'organisations':
      return [...new Set(audience.slots)].filter((slot) => slot > ORGANISATION_OWN);
    case 'members':
      return [MEMBERS];
    case 'guests':
      return [GUESTS, MEMBERS];
  }
}
