import { ORGANISATION_NONE, ORGANISATION_OWN } from '../addressing/types.ts';
import { equalBytes, toHex } from '../base/bytes.ts';

/** Organisations that get a slot; members of further ones reach what is shared with all, nothing more. */
export const ORGANISATIONS_MAX = 4096;

/** IDs kept of one name: two tell that it is ambiguous. */
const NAMESAKES_MAX = 2;

/** Slots of organisations in the tables, never reused within a run, and whom policy means by a name. What names in DNS mean, discovery knows. */
export class KnownOrganisations {
  /** Hex of the own organisation's ID; '' for a joiner and for a guest. */
  private readonly own: string;
  private readonly slots = new Map<string, number>();
  /** IDs by name, as verified chains said: NAMESAKES_MAX for each of as many names as there are slots. */
  private readonly names = new Map<string, readonly Uint8Array[]>();

  constructor(own: Uint8Array | undefined) {
    this.own = own === undefined ? '' : toHex(own);
  }

  slotOf(organisation: Uint8Array): number {
    if (organisation.length === 0) return ORGANISATION_NONE;
    const key = toHex(organisation);
    if (key === this.own) return ORGANISATION_OWN;
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
    const known = this.names.get(name) ?? [];
    if (known.length >= NAMESAKES_MAX || known.some((id) => equalBytes(id, organisation))) return;
    if (known.length > 0 || this.names.size < ORGANISATIONS_MAX)
      this.names.set(name, [...known, organisation]);
  }

  /** Names with the IDs of those that have them. */
  named(): Iterable<readonly [string, readonly Uint8Array[]]> {
    return this.names;
  }

  /** A name is a label that any organisation may choose: more than one ID means that it says nothing. */
  idsOf(name: string): readonly Uint8Array[] {
    return this.names.get(name) ?? [];
  }
}
