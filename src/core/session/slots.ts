// Numbered slots of the addon's key tables, handed out and taken back.
import type { SlotAllocator } from './types.ts';

/** Slots 0 .. max - 1. The slot that was free for the longest time is taken first, a new one only when none is free. */
export class SlotPool implements SlotAllocator {
  readonly max: number;
  private readonly taken = new Set<number>();
  /** In the order of release. */
  private readonly free = new Set<number>();

  constructor(max: number) {
    this.max = max;
  }

  get used(): number {
    return this.taken.size;
  }

  allocate(): number | undefined {
    const released = this.free.values().next().value;
    if (released !== undefined) this.free.delete(released);
    else if (this.taken.size >= this.max) return undefined;
    const slot = released ?? this.taken.size;
    this.taken.add(slot);
    return slot;
  }

  /** RangeError when the slot is not taken. */
  release(slot: number): void {
    if (!this.taken.delete(slot)) throw new RangeError(`slot ${slot} is not taken`);
    this.free.add(slot);
  }
}

export interface SlotPair {
  readonly sendSlot: number;
  readonly receiveSlot: number;
}

interface Tables {
  readonly sendSlots: SlotAllocator;
  readonly receiveSlots: SlotAllocator;
}

/** One of each, or none. */
export function allocatePair({ sendSlots, receiveSlots }: Tables): SlotPair | undefined {
  const receiveSlot = receiveSlots.allocate();
  if (receiveSlot === undefined) return undefined;
  const sendSlot = sendSlots.allocate();
  if (sendSlot !== undefined) return { sendSlot, receiveSlot };
  receiveSlots.release(receiveSlot);
  return undefined;
}

export function releasePair({ sendSlots, receiveSlots }: Tables, pair: SlotPair): void {
  receiveSlots.release(pair.receiveSlot);
  sendSlots.release(pair.sendSlot);
}
