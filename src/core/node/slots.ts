import { KEY_SLOTS } from '../base/batch-layout.generated.ts';
import { toHex } from '../base/bytes.ts';
import type { NodeId } from '../identity/types.ts';
import type { SlotAllocator } from '../session/types.ts';

/**
 * Numbered slots, each free again after `release`. A released slot comes back as late as possible, so that a datagram or row for
 * its last owner does not meet the next one.
 */
export class Slots implements SlotAllocator {
  private readonly max: number;
  /** Slots from here on were never used. */
  private fresh = 0;
  /** Released, oldest first from `head` on. */
  private released: number[] = [];
  private head = 0;
  /** Node ID in hex by slot in use. */
  private readonly owners = new Map<number, string>();

  constructor(max: number = KEY_SLOTS) {
    this.max = max;
  }

  get inUse(): number {
    return this.owners.size;
  }

  allocate(owner: NodeId): number | undefined {
    const slot = this.fresh < this.max ? this.fresh++ : this.oldestReleased();
    if (slot !== undefined) this.owners.set(slot, toHex(owner));
    return slot;
  }

  release(slot: number): void {
    if (!this.owners.delete(slot)) throw new RangeError(`slot ${slot} is free`);
    this.released.push(slot);
  }

  /** Node ID in hex; undefined: the slot is free. */
  ownerOf(slot: number): string | undefined {
    return this.owners.get(slot);
  }

  private oldestReleased(): number | undefined {
    if (this.head >= this.released.length) return undefined;
    const slot = this.released[this.head++];
    if (this.head > 1024) {
      this.released = this.released.slice(this.head);
      this.head = 0;
    }
    return slot;
  }
}
