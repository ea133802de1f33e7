import { ORGANISATION_NONE, ORGANISATION_OWN } from '../addressing/types.ts';
import { toHex } from '../base/bytes.ts';

/** Organisations that get a slot; members of further ones reach what is shared with all, nothing more. */
export const ORGANISATIONS_MAX = 4096;

/** Slots and names of organisations. Slots are never reused within a run. */
export class Organisations {
  /** Hex of the own organisation's ID; '' for a joiner. */
  private readonly own: string;
  private readonly slots = new Map<string, number>();
  /** Organisation ID by name, as a verified chain said last; at most as many as slots. */
  private readonly names = new Map<string, Uint8Array>();

  constructor(own: Uint8Array | undefined) {
    this.own = own === undefined ? '' : toHex(own);
  }

  slotOf(organisation: Uint8Array): number {
    const key = toHex(organisation);
    if (key === this.own) return ORGANISATION_OWN;
    if (organisation.length === 0) return ORGANISATION_NONE;
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    if (this.slots.size >= ORGANISATIONS_MAX) return ORGANISATION_NONE;
    const slot = ORGANISATION_OWN + 1 + this.slots.size;
    this.slots.set(key, slot);
    return slot;
  }

  isOwn(organisation: Uint8Array): boolean {
    return this.own !== '' && toHex(organisation) === this.own;
  }

  learnName(organisation: Uint8Array, name: string): void {
    if (this.names.size < ORGANISATIONS_MAX || this.names.has(name)) this.names.set(name, organisation);
  }

  idOf(name: string): Uint8Array | undefined {
    return this.names.get(name);
  }
}
