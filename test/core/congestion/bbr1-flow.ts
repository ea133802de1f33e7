// BBR of the first version, which kernels have (draft-cardwell-iccrg-bbr-congestion-control-00), for flows beside ours: losses say nothing to it.
import { type Rng, uniform } from '../../../src/core/base/rng.ts';
import { NEVER, SECOND_MS } from '../../../src/core/base/time.ts';
import type {
  CongestionControl,
  Control,
  RateSample,
  Transport,
} from '../../../src/core/congestion/types.ts';
import { WindowedMax } from '../../../src/core/congestion/windowed-max.ts';

const HIGH_GAIN = 2.89;
const CWND_GAIN = 2;
const CYCLE = [1.25, 0.75, 1, 1, 1, 1, 1, 1];
const MAX_BW_ROUNDS = 10;
const FULL_BW_GROWTH = 1.25;
const FULL_BW_ROUNDS = 3;
const PACING_MARGIN = 0.01;
const MIN_RTT_FILTER_MS = 10 * SECOND_MS;
const PROBE_RTT_MS = 200;
const PIPE_DATAGRAMS = 4;
const QUANTA = 3;

/** One flow's; windows in bytes, rates in bytes per second, times in ms. */
export class Bbr1 implements CongestionControl {
  readonly control: Control;
  private readonly transport: Transport;
  private phase: 'startup' | 'drain' | 'probeBw' | 'probeRtt' = 'startup';
  private readonly filter = new WindowedMax();
  private readonly rng: Rng;
  private round = 0;
  private roundEnd = 0;
  private readonly full = { bw: 0, count: 0, isReached: false };
  private readonly cycle = { index: 0, at: 0 };
  private readonly shortest = { ms: NEVER, at: 0 };
  private readonly probeRtt = { doneAt: 0, isRoundDone: false };
  private priorCwnd = 0;
  /** Recovery: `Transport.delivered` up to which it lasts; 0: none. */
  private recoveryEnd = 0;
  private isConserving = false;

  constructor(transport: Transport, rng: Rng) {
    this.transport = transport;
    this.rng = rng;
    // As kernels have it before any sample: of a round trip of 1 ms.
    const pacingRate = HIGH_GAIN * transport.initialCwnd * SECOND_MS;
    this.control = { cwnd: transport.initialCwnd, pacingRate, sendQuantum: 2 * transport.smss };
  }

  onTransmit(): void {}

  onLost(): void {}

  onSpurious(): void {}

  onTimeout(): void {
    this.saveCwnd();
    this.control.cwnd = PIPE_DATAGRAMS * this.transport.smss;
  }

  onAck(sample: RateSample, now: number): void {
    const { transport } = this;
    const isRoundStart = sample.priorDelivered >= this.roundEnd;
    if (isRoundStart) {
      this.round++;
      this.roundEnd = transport.delivered;
      this.isConserving = false;
    }
    if (sample.deliveryRate > 0 && (!sample.isAppLimited || sample.deliveryRate >= this.filter.best))
      this.filter.update(sample.deliveryRate, this.round, MAX_BW_ROUNDS);
    this.advanceCycle(sample, now);
    if (isRoundStart && !sample.isAppLimited) this.checkFull();
    if (this.phase === 'startup' && this.full.isReached) this.phase = 'drain';
    if (this.phase === 'drain' && transport.inflight <= this.target(1)) this.enterProbeBw(now);
    this.updateMinRtt(sample, isRoundStart, now);
    this.setRate();
    this.setCwnd(sample);
  }

  private get bw(): number {
    return this.filter.best;
  }

  private get gain(): number {
    if (this.phase === 'startup') return HIGH_GAIN;
    if (this.phase === 'drain') return 1 / HIGH_GAIN;
    return this.phase === 'probeBw' ? CYCLE[this.cycle.index] : 1;
  }

  private target(gain: number): number {
    const { smss, initialCwnd } = this.transport;
    if (this.shortest.ms === NEVER) return initialCwnd;
    return (gain * this.bw * this.shortest.ms) / SECOND_MS + QUANTA * this.control.sendQuantum + smss;
  }

  private checkFull(): void {
    const { full } = this;
    if (full.isReached) return;
    if (this.bw >= full.bw * FULL_BW_GROWTH) {
      full.bw = this.bw;
      full.count = 0;
    } else full.isReached = ++full.count >= FULL_BW_ROUNDS;
  }

  private enterProbeBw(now: number): void {
    this.phase = 'probeBw';
    const index = CYCLE.length - uniform(this.rng, CYCLE.length - 1);
    this.cycle.index = index % CYCLE.length;
    this.cycle.at = now;
  }

  private advanceCycle(sample: RateSample, now: number): void {
    const { cycle, transport, gain } = this;
    if (this.phase !== 'probeBw') return;
    const isFull = now - cycle.at > this.shortest.ms;
    const before = transport.inflight + sample.newlyAcked + sample.newlyLost;
    const isOver =
      gain > 1
        ? isFull && (sample.newlyLost > 0 || before >= this.target(gain))
        : isFull || (gain < 1 && before <= this.target(1));
    if (!isOver) return;
    cycle.index = (cycle.index + 1) % CYCLE.length;
    cycle.at = now;
  }

  private updateMinRtt(sample: RateSample, isRoundStart: boolean, now: number): void {
    const { shortest, probeRtt, transport } = this;
    const isExpired = now > shortest.at + MIN_RTT_FILTER_MS;
    if (sample.rttMs >= 0 && (sample.rttMs <= shortest.ms || isExpired)) {
      shortest.ms = sample.rttMs;
      shortest.at = now;
    }
    if (isExpired && this.phase !== 'probeRtt') {
      this.phase = 'probeRtt';
      this.saveCwnd();
      probeRtt.doneAt = 0;
    }
    if (this.phase !== 'probeRtt') return;
    transport.appLimited = Math.max(transport.delivered + transport.inflight, 1);
    if (probeRtt.doneAt === 0) {
      if (transport.inflight > PIPE_DATAGRAMS * transport.smss) return;
      probeRtt.doneAt = now + PROBE_RTT_MS;
      probeRtt.isRoundDone = false;
      this.roundEnd = transport.delivered;
      return;
    }
    if (isRoundStart) probeRtt.isRoundDone = true;
    if (!probeRtt.isRoundDone || now <= probeRtt.doneAt) return;
    shortest.at = now;
    this.control.cwnd = Math.max(this.control.cwnd, this.priorCwnd);
    if (this.full.isReached) this.enterProbeBw(now);
    else this.phase = 'startup';
  }

  private saveCwnd(): void {
    const isHeld = this.recoveryEnd > 0 || this.phase === 'probeRtt';
    this.priorCwnd = isHeld ? Math.max(this.priorCwnd, this.control.cwnd) : this.control.cwnd;
  }

  private setRate(): void {
    const { control, transport } = this;
    const rate = this.gain * this.bw * (1 - PACING_MARGIN);
    if (rate > control.pacingRate || (rate > 0 && this.full.isReached)) control.pacingRate = rate;
    control.sendQuantum = Math.max(Math.min(control.pacingRate / SECOND_MS, 65_536), 2 * transport.smss);
  }

  private setCwnd(sample: RateSample): void {
    const { control, transport } = this;
    const least = PIPE_DATAGRAMS * transport.smss;
    if (sample.newlyLost > 0) control.cwnd = Math.max(control.cwnd - sample.newlyLost, transport.smss);
    if (sample.newlyLost > 0 && this.recoveryEnd === 0) {
      this.saveCwnd();
      this.recoveryEnd = transport.delivered + transport.inflight;
      this.isConserving = true;
      this.roundEnd = transport.delivered;
      control.cwnd = transport.inflight + sample.newlyAcked;
    } else if (this.recoveryEnd > 0 && transport.delivered >= this.recoveryEnd) {
      this.recoveryEnd = 0;
      this.isConserving = false;
      control.cwnd = Math.max(control.cwnd, this.priorCwnd);
    }
    if (this.isConserving) control.cwnd = Math.max(control.cwnd, transport.inflight + sample.newlyAcked);
    else {
      const isEarly = this.phase === 'startup' || this.phase === 'drain';
      const target = this.target(isEarly ? HIGH_GAIN : CWND_GAIN);
      if (this.full.isReached) control.cwnd = Math.min(control.cwnd + sample.newlyAcked, target);
      else if (control.cwnd < target || transport.delivered < transport.initialCwnd)
        control.cwnd += sample.newlyAcked;
    }
    control.cwnd = Math.max(control.cwnd, least);
    if (this.phase === 'probeRtt') control.cwnd = Math.min(control.cwnd, least);
  }
}
