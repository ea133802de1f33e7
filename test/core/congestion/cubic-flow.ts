// CUBIC as kernels have it, RFC 9438 with the delay test of HyStart++ (RFC 9406), for flows beside ours: a window, no pacing.
import { NEVER, SECOND_MS } from '../../../src/core/base/time.ts';
import type {
  CongestionControl,
  Control,
  LostBatch,
  RateSample,
  Transport,
} from '../../../src/core/congestion/types.ts';

/** Sections 4.6 and 5: the cut, and segments per s^3. */
const BETA = 0.7;
const C = 0.4;
/** RFC 9406 section 4.3, in ms, and rounds of slower growth. */
const RTT_STEP_MIN_MS = 4;
const RTT_STEP_MAX_MS = 16;
const RTT_SAMPLES = 8;

/** All windows in segments. */
export class Cubic implements CongestionControl {
  readonly control: Control;
  private readonly transport: Transport;
  private readonly smss: number;
  private window: number;
  private slowStartUpTo = NEVER;
  private windowMax = 0;
  private epochAt = -1;
  private kSeconds = 0;
  private estimate = 0;
  /** `Transport.lost` when the window was last cut: what was sent before then is no news. */
  private lostAtCut = 0;
  private minRttMs = NEVER;
  private roundEnd = 0;
  private roundMinMs = NEVER;
  private lastRoundMinMs = NEVER;
  private samples = 0;

  constructor(transport: Transport) {
    this.transport = transport;
    this.smss = transport.smss;
    this.window = transport.initialCwnd / transport.smss;
    this.control = { cwnd: transport.initialCwnd, pacingRate: NEVER, sendQuantum: 2 * transport.smss };
  }

  onTransmit(): void {}

  onLost(lost: LostBatch): void {
    const { transport } = this;
    if (lost.lostBefore < this.lostAtCut) return;
    this.lostAtCut = transport.lost;
    // Fast convergence, section 4.7.
    this.windowMax = this.window < this.windowMax ? (this.window * (1 + BETA)) / 2 : this.window;
    this.set(Math.max(2, this.window * BETA));
    this.slowStartUpTo = this.window;
    this.epochAt = -1;
  }

  onAck(sample: RateSample, now: number): void {
    const acked = sample.newlyAcked / this.smss;
    if (sample.rttMs >= 0) this.minRttMs = Math.min(this.minRttMs, sample.rttMs);
    if (this.window < this.slowStartUpTo) {
      this.set(this.window + acked);
      this.watchDelay(sample);
    } else if (acked > 0) this.avoid(acked, now);
  }

  onTimeout(): void {
    this.windowMax = this.window;
    this.slowStartUpTo = Math.max(2, this.window * BETA);
    this.epochAt = -1;
    this.set(2);
  }

  onSpurious(): void {}

  /** RFC 9406 section 4.2: slow start ends when round trips get longer. */
  private watchDelay(sample: RateSample): void {
    const { transport } = this;
    if (sample.priorDelivered >= this.roundEnd) {
      this.roundEnd = transport.delivered;
      this.lastRoundMinMs = this.roundMinMs;
      this.roundMinMs = NEVER;
      this.samples = 0;
    }
    if (sample.rttMs < 0) return;
    this.roundMinMs = Math.min(this.roundMinMs, sample.rttMs);
    if (++this.samples < RTT_SAMPLES || this.lastRoundMinMs === NEVER) return;
    const step = Math.max(RTT_STEP_MIN_MS, Math.min(this.lastRoundMinMs / 8, RTT_STEP_MAX_MS));
    if (this.roundMinMs >= this.lastRoundMinMs + step) this.slowStartUpTo = this.window;
  }

  /** Section 4.2 to 4.5. */
  private avoid(acked: number, now: number): void {
    if (this.epochAt < 0) {
      this.epochAt = now;
      this.estimate = this.window;
      this.windowMax = Math.max(this.windowMax, this.window);
      this.kSeconds = Math.cbrt((this.windowMax - this.window) / C);
    }
    const ahead = (now - this.epochAt + this.minRttMs) / SECOND_MS - this.kSeconds;
    const target = Math.max(this.window, Math.min(1.5 * this.window, C * ahead ** 3 + this.windowMax));
    const alpha = this.estimate >= this.windowMax ? 1 : (3 * (1 - BETA)) / (1 + BETA);
    this.estimate += (alpha * acked) / this.window;
    const grown = this.window + ((target - this.window) * acked) / this.window;
    this.set(Math.max(grown, this.estimate));
  }

  private set(window: number): void {
    this.window = window;
    this.control.cwnd = window * this.smss;
  }
}
