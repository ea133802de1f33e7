// Tags that services of this node ask for, as bits that the engine compares.
import { NONE } from '../addressing/types.ts';
import { CodedError } from '../base/errors.ts';

/** Different tags that the services of one node may ask for. */
export const TAG_SLOTS = 32;

/** A bit for each tag that a service asks for; what others' certificates say besides is of no interest here. */
export class TagSlots {
  /** By slot; undefined: free. */
  private readonly names: (string | undefined)[] = new Array<string | undefined>(TAG_SLOTS).fill(undefined);

  /** True: the bits that remotes have are to be worked out anew. CodedError, with nothing changed: they are too many. */
  use(wanted: ReadonlySet<string>): boolean {
    if (wanted.size > TAG_SLOTS)
      throw new CodedError('NUMBER_INVALID', `${TAG_SLOTS} different tags at most`);
    const fresh = [...wanted].filter((name) => !this.names.includes(name));
    this.names.forEach((name, slot) => {
      if (name !== undefined && !wanted.has(name)) this.names[slot] = undefined;
    });
    for (const name of fresh) this.names[this.names.indexOf(undefined)] = name;
    return fresh.length > 0;
  }

  bitsOf(tags: readonly string[]): number {
    let bits = 0;
    for (const tag of tags) {
      const slot = this.names.indexOf(tag);
      if (slot !== NONE) bits |= 1 << slot;
    }
    return bits >>> 0;
  }
}
