// The epochs that a member keeps with their secrets: which one is current, which may still be read, and what is erased when.
import { compareBytes } from '../base/bytes.ts';
import { DAY_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { OwnEpoch } from '../identity/identity.ts';
import { CLOCK_SKEW_S, EPOCH_ID_PREFIX_BYTES } from '../wire/limits.ts';
import type { KeptEpoch } from './types.ts';

/** Epochs with their secrets. */
export const EPOCHS_MAX = 4;
/** An epoch is read for so long after this node first knew a later one; then its secret is erased. */
export const READABLE_MS = 2 * DAY_MS;

/** What two nodes compare. `id`: the whole ID, or its first bytes; empty: none. */
export interface EpochMark {
  readonly number: number;
  readonly id: Uint8Array;
}

interface Entry {
  readonly epoch: OwnEpoch;
  /** Unix ms since when a later one is known here; 0: none is. */
  readonly supersededMs: number;
}

/**
 * Below zero: `a` is the later one. Of one number, which two signers give at a time, the one with the lower ID counts as later, so that
 * all agree.
 */
export function compareEpochs(a: EpochMark, b: EpochMark): number {
  if (a.id.length === 0 || b.id.length === 0) return b.id.length - a.id.length;
  return b.number - a.number || compareBytes(prefixOf(a.id), prefixOf(b.id));
}

export function prefixOf(id: Uint8Array): Uint8Array {
  return id.subarray(0, EPOCH_ID_PREFIX_BYTES);
}

/**
 * At most EPOCHS_MAX, the latest first. Those that a clock makes come from the future (it was set back) wait until it is their time, and
 * nothing is taken from those that were in use before.
 */
export class EpochList {
  private entries: readonly Entry[] = [];
  /** Place of the current one; -1: there is none. */
  private at = -1;
  /** The highest that was ever here in this run; 0: none was. */
  lastNumber = 0;

  get current(): OwnEpoch | undefined {
    return this.entries[this.at]?.epoch;
  }

  /** The current one first; without those that have ended. */
  readable(wallMs: number): readonly OwnEpoch[] {
    if (this.at < 0) return [];
    const inUse = this.entries.slice(this.at).map(({ epoch }) => epoch);
    return inUse.filter((epoch) => !hasEnded(epoch, wallMs));
  }

  /** As they are to be on disk. */
  get kept(): readonly KeptEpoch[] {
    return this.entries.map(({ epoch: { bytes, secret }, supersededMs }) => ({
      bytes,
      secret,
      supersededMs,
    }));
  }

  /** Unix ms when the next one is to be erased. */
  get nextErasureMs(): number {
    const times = this.entries.map(({ supersededMs }) => supersededMs).filter((ms) => ms > 0);
    return times.length === 0 ? NEVER : Math.min(...times) + READABLE_MS;
  }

  /** `supersededMs` as it was kept. settle() has to follow. */
  add(epoch: OwnEpoch, supersededMs = 0): void {
    this.lastNumber = Math.max(this.lastNumber, epoch.number);
    if (this.entries.some(({ epoch: { id } }) => compareBytes(id, epoch.id) === 0)) return;
    this.entries = [...this.entries, { epoch, supersededMs }].sort((a, b) => compareEpochs(a.epoch, b.epoch));
  }

  /** Takes out what is void; whether anything was. settle() has to follow. */
  remove(isVoid: (epoch: OwnEpoch) => boolean): boolean {
    const left = this.entries.filter(({ epoch }) => !isVoid(epoch));
    if (left.length === this.entries.length) return false;
    this.entries = left;
    this.at = -1;
    return true;
  }

  /** What the time makes of them. Whether that is something else than before. */
  settle(wallMs: number): boolean {
    const before = this.entries;
    const at = before.findIndex(({ epoch }) => isDue(epoch, wallMs));
    const settled = before
      .map((entry, i) => {
        const isLater = at < 0 || i <= at;
        const since = entry.supersededMs === 0 ? wallMs : Math.min(entry.supersededMs, wallMs);
        return { ...entry, supersededMs: isLater ? 0 : since };
      })
      .filter(({ supersededMs }) => supersededMs === 0 || wallMs - supersededMs < READABLE_MS);
    const { current } = this;
    // The oldest goes; or, where all others wait for their time, the one that has to wait for longest.
    while (settled.length > EPOCHS_MAX) settled.splice(settled.at(-1)?.supersededMs === 0 ? 0 : -1, 1);
    this.entries = settled;
    this.at = settled.findIndex(({ epoch }) => isDue(epoch, wallMs));
    const isSame =
      settled.length === before.length &&
      settled.every(
        ({ epoch, supersededMs }, i) => epoch === before[i].epoch && supersededMs === before[i].supersededMs,
      );
    return !isSame || this.current !== current;
  }
}

/** Nothing that is published under it counts any more. */
export function hasEnded({ notAfter }: { readonly notAfter: number }, wallMs: number): boolean {
  return notAfter < wallMs / SECOND_MS - CLOCK_SKEW_S;
}

/** It is not from the future, whatever clocks may differ. */
export function isDue({ created }: { readonly created: number }, wallMs: number): boolean {
  return created <= wallMs / SECOND_MS + CLOCK_SKEW_S;
}
