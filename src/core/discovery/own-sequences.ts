// Sequences of what this node signs: they rise, over restarts as well, and those of sealed records do not tell when they were made, which
// is when the node made others under its own name.
import { BoundedMap } from '../base/bounded-map.ts';
import { uniform } from '../base/rng.ts';
import { MINUTE_MS } from '../base/time.ts';
import type { DiscoveryContext, DiscoveryOutbox } from './context.ts';

/** A sealed record's sequence is ahead of the clock by up to so much. */
export const SEALED_AHEAD_MS = 10 * MINUTE_MS;
/** Sealed records of this node whose sequences are remembered. */
const SEALED_SEQUENCES_MAX = 2048;

export class OwnSequences {
  private readonly context: DiscoveryContext;
  /** Highest that was ever signed. */
  private highest: number;
  /** What an earlier run signed is not above. */
  private readonly floor: number;
  private lastPublic: number;
  /** By Slot.name. */
  private readonly lastSealed = new BoundedMap<string, number>(SEALED_SEQUENCES_MAX);

  constructor(context: DiscoveryContext, lastSequence: number) {
    this.context = context;
    this.highest = lastSequence;
    this.floor = lastSequence;
    this.lastPublic = lastSequence;
  }

  next(now: number, out: DiscoveryOutbox): number {
    const wallMs = Math.floor(this.context.wallMs(now));
    // Not the one that follows on a sealed one of the run before.
    const isFirst = this.lastPublic === this.floor && wallMs <= this.floor && this.floor > 0;
    const gap = isFirst ? 1 + uniform(this.context.rng, MINUTE_MS) : 1;
    const sequence = Math.max(wallMs, this.lastPublic + gap);
    this.lastPublic = sequence;
    return this.keep(sequence, out);
  }

  nextSealed(name: string, now: number, out: DiscoveryOutbox): number {
    const ahead = uniform(this.context.rng, SEALED_AHEAD_MS);
    const from = Math.max(Math.floor(this.context.wallMs(now)), this.floor + 1);
    const last = this.lastSealed.get(name) ?? 0;
    const sequence = Math.max(from + ahead, last + 1);
    this.lastSealed.set(name, sequence);
    return this.keep(sequence, out);
  }

  private keep(sequence: number, out: DiscoveryOutbox): number {
    if (sequence > this.highest) {
      this.highest = sequence;
      out.persist({ kind: 'sequence', sequence });
    }
    return sequence;
  }
}
