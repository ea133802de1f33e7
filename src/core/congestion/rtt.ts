// Round-trip times of one path: RFC 9002 section 5.

/** RFC 9002 section 6.2.2: before any sample. */
export const INITIAL_RTT_MS = 333;
/** RFC 9002 section 6.1.2: what clocks and timers can tell apart. */
export const GRANULARITY_MS = 1;
/** ms of round trip from which on a path is governed: shorter ones are faster than the host, and TCP itself soon makes up for what they lose. */
export const GOVERNED_RTT_MS = 3;
/**
 * ms of round trip below which the receiver reckons that the sender does not govern its path, so that nothing is sent again and nobody waits for an
 * acknowledgement. The remote may have measured more.
 */
export const UNGOVERNED_RTT_MS = GOVERNED_RTT_MS / 2;

/** No sample is smaller, ms. */
const LEAST_MS = 0.01;
/** Round trips, without the wait of the remote: what RFC 8985 has at 2 waits for long behind a short way. */
const TAIL_SHARE = 1.25;

export class Rtt {
  /** ms; 0: no sample yet (section 5.2). */
  latestMs = 0;
  /** ms, of all samples since the last restart; 0: none (section 5.2). */
  minMs = 0;
  /**
   * The same, and the latest one, without the receiver's waits, as it says: where little is carried they are a good part of each sample.
   */
  leastMs = 0;
  newestMs = 0;
  /** How many there were. */
  samples = 0;
  /** ms; 0: no sample yet (section 5.3). */
  smoothedMs = 0;
  /** ms (section 5.3). */
  varianceMs = INITIAL_RTT_MS / 2;

  /**
   * `ackDelayMs`: how long the receiver says that it waited; it may not make the sample smaller than the smallest.
   * Gives the sample without it, ms.
   */
  update(sampleMs: number, ackDelayMs: number): number {
    this.latestMs = sampleMs;
    this.samples++;
    this.newestMs = Math.max(sampleMs - ackDelayMs, LEAST_MS);
    this.leastMs = this.leastMs === 0 ? this.newestMs : Math.min(this.leastMs, this.newestMs);
    if (this.smoothedMs === 0) {
      this.minMs = sampleMs;
      this.smoothedMs = sampleMs;
      this.varianceMs = sampleMs / 2;
      return sampleMs;
    }
    this.minMs = Math.min(this.minMs, sampleMs);
    const adjustedMs = sampleMs >= this.minMs + ackDelayMs ? sampleMs - ackDelayMs : sampleMs;
    this.varianceMs = (3 * this.varianceMs + Math.abs(this.smoothedMs - adjustedMs)) / 4;
    this.smoothedMs = (7 * this.smoothedMs + adjustedMs) / 8;
    return adjustedMs;
  }

  /** ms after which the last of what was sent is looked after (RFC 8985 section 7.2): sooner than an acknowledgement may take at most. */
  tailMs(ackDelayMs: number): number {
    return this.smoothedMs === 0
      ? this.timeoutMs(ackDelayMs)
      : Math.min(this.timeoutMs(ackDelayMs), TAIL_SHARE * this.smoothedMs + ackDelayMs);
  }

  /** ms that an acknowledgement may take at most, before it is asked for (section 6.2.1). */
  timeoutMs(ackDelayMs: number): number {
    const smoothedMs = this.smoothedMs === 0 ? INITIAL_RTT_MS : this.smoothedMs;
    return smoothedMs + Math.max(4 * this.varianceMs, GRANULARITY_MS) + ackDelayMs;
  }
}
