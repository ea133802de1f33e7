import { TCP } from '../base/ip.ts';
import { capacityFor, grown } from './columns.ts';
import { type HashKey, hashWords } from './hash.ts';
import type { Audience } from './types.ts';
import { ORGANISATION_OWN, REMOTE_SLOTS } from './types.ts';

/** Instead of an organisation slot: every guest, members of every organisation. */
const GUESTS = 0;
const MEMBERS = 1;
/** Bits of the second word, above the protocol. The own organisation, at an endpoint, which shows no more than its service. */
const OWN_MEMBERS = 0x1000000;
/** Members of the own organisation with one of the tags in `masks` alone, and nobody else of it. */
const NARROWED = 0x2000000;
/** What goes to and from the port is judged, packet by packet. */
const GUARDED = 0x4000000;

/** Of all who guard no port, as most nodes do; never written. */
const NO_MARKS = new Uint8Array(65536);
/** Bits of OpenPorts.marks. */
export const MARK_TCP = 1;
export const MARK_UDP = 2;
export const MARK_NARROWED = 4;

const HOST = 0;
const NOWHERE = -1;

const FIRST_CAPACITY = 64;
/** Pairs of port and audience that one host may open. */
const MAX_ENTRIES = 65536;

/** What is said of one port. */
interface Place {
  /** selector << 16 | port */
  readonly place: number;
  readonly protocol: number;
  readonly rights: Rights;
  /** Those of the last open(): what close() took may come back, as when a service is replaced. */
  readonly granted: Rights;
  /** Somebody could use it once and did not get that back. */
  readonly isWithdrawn: boolean;
}

interface Rights {
  /** Without OWN_MEMBERS and with tags: narrowed. */
  readonly audiences: readonly number[];
  /** Bits of tag slots that let a member of the own organisation in; 0: no tag is asked for. */
  readonly tags: number;
}

/**
 * Ports of this host that others than the own organisation may open flows to, and of its endpoints, which nobody reaches otherwise. A
 * set of (selector, protocol, port, audience), open addressing in two words per place, rebuilt on every change. Written by node
 * (services), read by the engine.
 *
 * The port of a service is guarded: whoever may not use it (any more) gets no packet through, in flows that run as well. Of TCP that
 * holds for every port that was ever opened, of UDP for endpoints, and for ports of the host itself since somebody lost the right to
 * them: programs also ask others from such a port.
 */
export class OpenPorts {
  /** MARK_* by port, whatever the endpoint: 0 tells the engine in one look that there is nothing to judge by. */
  marks: Uint8Array = NO_MARKS;
  /** By remote slot: bits of the tag slots (of node) whose tags its certificate bears; of the own organisation alone, else 0. */
  private tags = new Uint32Array(FIRST_CAPACITY);
  private words = new Uint32Array(2 * FIRST_CAPACITY);
  private used = new Uint8Array(FIRST_CAPACITY);
  /** Tags of a NARROWED entry. */
  private masks = new Uint32Array(FIRST_CAPACITY);
  private mask = FIRST_CAPACITY - 1;
  private readonly key: HashKey;
  /** By "selector/protocol/port". Local configuration, bounded by MAX_ENTRIES. */
  private readonly places = new Map<string, Place>();

  constructor(key: HashKey) {
    this.key = key;
  }

  /**
   * Replaces what was said of the port before. `tags`: bits of tag slots, one of which members of the own organisation must have; 0:
   * none. False, with nothing changed: MAX_ENTRIES are open.
   */
  open(selector: number, protocol: number, port: number, audience: Audience, tags = 0): boolean {
    const name = `${selector}/${protocol}/${port}`;
    const before = this.places.get(name);
    const audiences = audiencesOf(audience);
    if (tags === 0) audiences.push(OWN_MEMBERS);
    if (this.count() - entriesOf(before) + audiences.length + 2 > MAX_ENTRIES) return false;
    const rights = { audiences, tags };
    const isWithdrawn =
      before?.isWithdrawn === true || isLess(before?.granted ?? untouched(selector), rights);
    const place = ((selector << 16) | port) >>> 0;
    this.places.set(name, { place, protocol, rights, granted: rights, isWithdrawn });
    this.rebuild();
    return true;
  }

  /** As if it had never been opened, but that those who could use it because of that keep nothing. */
  close(selector: number, protocol: number, port: number): void {
    const name = `${selector}/${protocol}/${port}`;
    const before = this.places.get(name);
    if (before === undefined) return;
    // Without its endpoint nothing leads to the port.
    if (selector !== HOST) this.places.delete(name);
    else this.places.set(name, { ...before, rights: untouched(selector) });
    this.rebuild();
  }

  /**
   * Whether a remote of that organisation (or a guest) may open flows there. The own organisation may open any to the host, selector
   * 0, and at an endpoint those to every port that is open to anybody; where tags are asked for, with one of them in `tags`.
   */
  allows(
    selector: number,
    protocol: number,
    port: number,
    organisation: number,
    isGuest: boolean,
    tags = 0,
  ): boolean {
    const place = ((selector << 16) | port) >>> 0;
    if (organisation === ORGANISATION_OWN) {
      const narrowed = this.find(place, protocol, NARROWED);
      if (narrowed !== NOWHERE) return (this.masks[narrowed] & tags) !== 0;
      return selector === HOST || this.has(place, protocol, OWN_MEMBERS);
    }
    if (isGuest) return this.has(place, protocol, GUESTS);
    return (
      organisation > ORGANISATION_OWN &&
      (this.has(place, protocol, MEMBERS) || this.has(place, protocol, organisation))
    );
  }

  /** Along with the remote's organisation; 0 where the slot is freed. */
  setTags(remote: number, bits: number): void {
    if (remote >= this.tags.length) {
      if (bits === 0) return;
      this.tags = grown(this.tags, capacityFor(this.tags.length, remote, REMOTE_SLOTS), 0);
    }
    this.tags[remote] = bits;
  }

  tagsOf(remote: number): number {
    return remote < this.tags.length ? this.tags[remote] : 0;
  }

  /** Only worth asking where `marks` says so. */
  isGuarded(selector: number, protocol: number, port: number): boolean {
    return this.has(((selector << 16) | port) >>> 0, protocol, GUARDED);
  }

  private has(place: number, protocol: number, audience: number): boolean {
    return this.find(place, protocol, audience) !== NOWHERE;
  }

  private find(place: number, protocol: number, audience: number): number {
    const second = ((protocol << 16) | audience) >>> 0;
    for (let at = this.home(place, second); this.used[at] !== 0; at = (at + 1) & this.mask) {
      if (this.words[2 * at] === place && this.words[2 * at + 1] === second) return at;
    }
    return NOWHERE;
  }

  private home(first: number, second: number): number {
    return hashWords(this.key, first, second, 0, 0) & this.mask;
  }

  private count(): number {
    let entries = 0;
    for (const place of this.places.values()) entries += entriesOf(place);
    return entries;
  }

  private rebuild(): void {
    let capacity = FIRST_CAPACITY;
    while (capacity < 2 * (this.count() + 1)) capacity *= 2;
    this.mask = capacity - 1;
    this.words = new Uint32Array(2 * capacity);
    this.used = new Uint8Array(capacity);
    this.masks = new Uint32Array(capacity);
    if (this.marks !== NO_MARKS) this.marks.fill(0);
    for (const place of this.places.values()) this.enter(place);
  }

  private enter({ place, protocol, rights, granted, isWithdrawn }: Place): void {
    const { audiences, tags } = rights;
    const port = place & 0xffff;
    for (const audience of audiences) this.insert(place, protocol, audience, 0);
    if (tags !== 0) {
      this.insert(place, protocol, NARROWED, tags);
      this.mark(port, MARK_NARROWED);
    }
    if (protocol !== TCP && place >>> 16 === HOST && !isWithdrawn && !isLess(granted, rights)) return;
    this.insert(place, protocol, GUARDED, 0);
    this.mark(port, protocol === TCP ? MARK_TCP : MARK_UDP);
  }

  private mark(port: number, bits: number): void {
    if (this.marks === NO_MARKS) this.marks = new Uint8Array(NO_MARKS.length);
    this.marks[port] |= bits;
  }

  private insert(place: number, protocol: number, audience: number, tags: number): void {
    const second = ((protocol << 16) | audience) >>> 0;
    let at = this.home(place, second);
    while (this.used[at] !== 0) at = (at + 1) & this.mask;
    this.used[at] = 1;
    this.words[2 * at] = place;
    this.words[2 * at + 1] = second;
    this.masks[at] = tags;
  }
}

function entriesOf(place: Place | undefined): number {
  return place === undefined ? 0 : place.rights.audiences.length + 2;
}

/** A port that nothing was said of: the own organisation reaches the host's. */
function untouched(selector: number): Rights {
  return { audiences: selector === HOST ? [OWN_MEMBERS] : [], tags: 0 };
}

/** Whether somebody may before and not after. */
function isLess(before: Rights, after: Rights): boolean {
  const { audiences } = after;
  if ((before.tags & ~after.tags) !== 0 && !audiences.includes(OWN_MEMBERS)) return true;
  return before.audiences.some(
    (one) => !audiences.includes(one) && !(isOrganisation(one) && audiences.includes(MEMBERS)),
  );
}

function isOrganisation(audience: number): boolean {
  return audience > ORGANISATION_OWN && audience < OWN_MEMBERS;
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
