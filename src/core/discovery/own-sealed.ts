// Which sealed records this node publishes, under the pseudonym of the current epoch: one of each service for each audience, and covers,
// so that their number says nothing of how many services there are.
import { toHex } from '../base/bytes.ts';
import {
  type Audience,
  coverPlace,
  type Pseudonym,
  placeOfService,
  pseudonymOf,
} from '../identity/identity.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { DiscoveryContext } from './context.ts';
import type { OwnService } from './types.ts';

/** Sealed records of one pseudonym, covers included. */
export const SEALED_MAX = 256;
/** Whoever publishes one publishes as many. */
export const SEALED_MIN = 4;

/**
 * real: says what the service is; former: as well, and as its place was derived from what is past, says once it is due that there is none;
 * retired: says to those who can open it that there is none, and goes on as a cover; cover: says nothing to anybody.
 */
type SlotState = 'real' | 'former' | 'retired' | 'cover';
/** Which goes first when there are too many. */
const SPARED: readonly SlotState[] = ['cover', 'retired', 'former', 'real'];

/** A sealed record. */
export interface Slot {
  /** What it is called in own-records.ts. */
  readonly name: string;
  /** ID of its epoch in hex. */
  readonly epoch: string;
  readonly pseudonym: Pseudonym;
  readonly place: Uint8Array;
  /** Undefined: a cover from the beginning. */
  readonly audience: Audience | undefined;
  /** '': a cover. */
  readonly service: string;
  /** The other organisation in hex; '': none. */
  readonly sharedWith: string;
  state: SlotState;
}

/** What is to be done about the records. */
export interface SlotChanges {
  readonly added: readonly Slot[];
  /** They make room: anybody may see that these are taken back. */
  readonly removed: readonly Slot[];
  /** They say from now on that there is no such service. */
  readonly retired: readonly Slot[];
  /** Of epochs that this node does not know any more: they expire. */
  readonly lost: readonly Slot[];
}

interface Draft {
  readonly added: Slot[];
  readonly removed: Slot[];
  readonly retired: Slot[];
  readonly lost: Slot[];
}

export class OwnSealed {
  /** By Slot.name: of all epochs that this node knows. */
  private readonly slots = new Map<string, Slot>();
  private current: { readonly epoch: string; readonly pseudonym: Pseudonym } | undefined;
  /** Of the current epoch: SEALED_MIN, and its doubles; it never falls. */
  private total = 0;
  private readonly context: DiscoveryContext;

  constructor(context: DiscoveryContext) {
    this.context = context;
  }

  /** It is renewed. */
  isKeptUp(slot: Slot): boolean {
    return slot.epoch === this.current?.epoch && this.hasReal;
  }

  ofService(name: string): Slot[] {
    return [...this.slots.values()].filter(({ service }) => service === name);
  }

  forget(slot: Slot): void {
    this.slots.delete(slot.name);
  }

  /** What changes with these services, and the epochs that are known now. */
  plan(services: ReadonlyMap<string, OwnService>): SlotChanges {
    const draft: Draft = { added: [], removed: [], retired: [], lost: [] };
    this.turnEpoch(draft);
    const wanted = this.wanted(services);
    for (const slot of this.slots.values()) {
      const isOffered = isAsked(services.get(slot.service), slot.sharedWith);
      const isSaid = slot.state === 'real' || slot.state === 'former';
      if (isSaid && !isOffered) {
        slot.state = 'retired';
        draft.retired.push(slot);
      } else if (slot.epoch === this.current?.epoch && slot.state === 'real' && !wanted.has(slot.name)) {
        slot.state = 'former';
      }
    }
    for (const slot of wanted.values()) this.want(slot, draft);
    this.level(draft);
    return draft;
  }

  /** Organisations that services are shared with. */
  static shares(services: ReadonlyMap<string, OwnService>): OrganisationId[] {
    const all = [...services.values()].flatMap(({ sharedWith }) => sharedWith);
    return [...new Map(all.map((organisation) => [toHex(organisation), organisation])).values()];
  }

  private turnEpoch(draft: Draft): void {
    const { crypto, networkId, keys, places } = this.context;
    const readable = new Set(places.own.map(({ id }) => toHex(id)));
    for (const slot of this.slots.values()) {
      if (readable.has(slot.epoch)) continue;
      this.slots.delete(slot.name);
      draft.lost.push(slot);
    }
    const epoch = places.own.at(0);
    const id = epoch && toHex(epoch.id);
    if (id === this.current?.epoch) return;
    this.current = epoch && {
      epoch: toHex(epoch.id),
      pseudonym: pseudonymOf(crypto, networkId, keys.seed, epoch),
    };
    this.total = 0;
  }

  private wanted(services: ReadonlyMap<string, OwnService>): Map<string, Slot> {
    const wanted = new Map<string, Slot>();
    const { places } = this.context;
    const epoch = places.own.at(0);
    if (epoch === undefined) return wanted;
    const add = (service: string, audience: Audience | undefined, sharedWith: string): void => {
      if (audience === undefined || wanted.size >= SEALED_MAX) return;
      const slot = this.slotOf(service, audience, sharedWith);
      if (slot !== undefined) wanted.set(slot.name, slot);
    };
    for (const { name } of services.values()) add(name, places.ownAudience(epoch), '');
    for (const { name, sharedWith } of services.values())
      for (const organisation of sharedWith)
        add(name, places.audienceWith(epoch, organisation), toHex(organisation));
    return wanted;
  }

  private slotOf(service: string, audience: Audience, sharedWith: string): Slot | undefined {
    const { crypto, member } = this.context;
    if (this.current === undefined || member === undefined) return undefined;
    const place = placeOfService(crypto, audience, member.organisation, service);
    return { name: nameOf(place), ...this.current, place, audience, service, sharedWith, state: 'real' };
  }

  private want(slot: Slot, draft: Draft): void {
    const known = this.slots.get(slot.name);
    if (known !== undefined) {
      known.state = 'real';
      return;
    }
    this.slots.set(slot.name, slot);
    draft.added.push(slot);
  }

  /** Covers come, or make room, so that the number is right. */
  private level(draft: Draft): void {
    const slots = [...this.slots.values()].filter(({ epoch }) => epoch === this.current?.epoch);
    if (!this.hasReal) return;
    const needed = slots.filter(({ state }) => state === 'real' || state === 'former').length;
    if (this.total === 0) this.total = SEALED_MIN;
    while (this.total < needed && this.total < SEALED_MAX) this.total *= 2;
    const spare = slots.filter(({ state }) => state !== 'real');
    // Covers first: a retired one tells those who come late that the service is gone.
    spare.sort((a, b) => SPARED.indexOf(a.state) - SPARED.indexOf(b.state));
    for (const slot of spare.slice(0, Math.max(0, slots.length - this.total))) {
      this.slots.delete(slot.name);
      draft.removed.push(slot);
    }
    for (let i = 0, count = slots.length; count < this.total; i++) {
      const slot = this.coverOf(i);
      if (slot === undefined) return;
      if (this.slots.has(slot.name)) continue;
      this.slots.set(slot.name, slot);
      draft.added.push(slot);
      count++;
    }
  }

  private coverOf(index: number): Slot | undefined {
    if (this.current === undefined) return undefined;
    const place = coverPlace(this.context.crypto, this.current.pseudonym, index);
    const name = nameOf(place);
    return { name, ...this.current, place, audience: undefined, service: '', sharedWith: '', state: 'cover' };
  }

  private get hasReal(): boolean {
    for (const { epoch, state } of this.slots.values())
      if (epoch === this.current?.epoch && state === 'real') return true;
    return false;
  }
}

function nameOf(place: Uint8Array): string {
  return `sealed ${toHex(place)}`;
}

/** Whether the service is there for that other organisation ('': for the own one). */
function isAsked(service: OwnService | undefined, sharedWith: string): boolean {
  if (service === undefined) return false;
  return sharedWith === '' || service.sharedWith.some((organisation) => toHex(organisation) === sharedWith);
}
