// The slots that one key generation takes in the addon's tables.
import type { NodeId } from '../identity/types.ts';
import type { SlotAllocator } from './types.ts';

export interface SlotPair {
  readonly sendSlot: number;
  readonly receiveSlot: number;
}

interface Tables {
  readonly sendSlots: SlotAllocator;
  readonly receiveSlots: SlotAllocator;
}

/** One of each, or none. */
export function allocatePair({ sendSlots, receiveSlots }: Tables, owner: NodeId): SlotPair | undefined {
  const receiveSlot = receiveSlots.allocate(owner);
  if (receiveSlot === undefined) return undefined;
  const sendSlot = sendSlots.allocate(owner);
  if (sendSlot !== undefined) return { sendSlot, receiveSlot };
  receiveSlots.release(receiveSlot);
  return undefined;
}

export function releasePair({ sendSlots, receiveSlots }: Tables, pair: SlotPair): void {
  receiveSlots.release(pair.receiveSlot);
  sendSlots.release(pair.sendSlot);
}
