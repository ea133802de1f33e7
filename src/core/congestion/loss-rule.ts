// Which losses are congestion. Radio links and bad cables lose a share of whatever passes, however slowly it is sent; queues and policers lose
// what is too much. So loss that stays when no more is sent than was delivered before, and that comes without a queue, is no congestion:
// its share is learnt, and only what goes beyond it counts. The draft takes every loss beyond LossThresh for congestion, which
// `randomMax` 0 gives.
import { SECOND_MS } from '../base/time.ts';

export interface LossSettings {
  /** Share of what is in flight that may be lost before it is too much [BBR.LossThresh]. */
  readonly threshold: number;
  /** Largest share of losses that may be taken for no congestion; 0: none. */
  readonly randomMax: number;
}

export const DEFAULT_LOSSES: LossSettings = { threshold: 0.02, randomMax: 0.2 };

/**
 * Datagrams that a window has at least: fewer say little about a share. So many times as many where losses fall in bursts, by the square of
 * their length: else most windows have none.
 */
const WINDOW_DATAGRAMS = 50;
const WINDOW_BURSTS_MOST = 16;
/** No faster than before: rates are measured with some noise. */
const SAME_RATE = 1.02;
/** Faster, and delivered faster nearly as much: then what is lost is no limit. */
const GROWTH = 1.25;
const DELIVERED_GROWTH = 1.2;
/** A queue stands when round trips take longer than the shortest by this share of it, and a little. */
const QUEUE_SHARE = 0.15;
const QUEUE_MS = 1;
/** Each of the two windows before lost at least this part of what this one did, so that it was no single burst, ... */
const PERSISTENT = 0.25;
/** ... and this one at least this part of what the last one did: what falls with the rate is a matter of the rate. */
const STAYS = 0.6;
/** A share of losses is beyond what a limit would explain when it is so many times that. */
const BEYOND_LIMIT = 2;
/** What was delivered long ago says little: so much of it is left after each window. */
const FADES = 0.98;
/** Weight of one window among those before, for losses that are known. */
const WEIGHT = 0.25;
/** Standard deviations by which a round may lose more than the share. */
const DEVIATIONS = 2.5;

export class LossRule {
  /** Of what is sent, lost at any rate; 0 .. randomMax. */
  share = 0;
  readonly settings: LossSettings;
  /** Bytes of one datagram. */
  private readonly smss: number;
  /** Of the window under way. */
  private delivered = 0;
  private lost = 0;
  private events = 0;
  private rttSumMs = 0;
  private rtts = 0;
  private since: number;
  /** Of the window before: bytes per second, and share. */
  private sentRate = 0;
  private deliveredRate = 0;
  private lostShare = 0;
  /** Of the window before that. */
  private formerLostShare = 0;
  /** Bytes per second: the most that was delivered, of late. */
  private best = 0;
  /** Bytes lost at a time, on average. */
  private burst: number;

  constructor(settings: LossSettings, smss: number, now: number) {
    this.settings = settings;
    this.smss = smss;
    this.since = now;
    this.burst = smss;
  }

  /** Bytes that may be lost of so many without being congestion: [BBR.LossThresh] of them, and what is lost at any rate. */
  allowed(bytes: number): number {
    return this.settings.threshold * bytes + this.expected(bytes);
  }

  /** Bytes of so many that may well be lost at any rate. */
  expected(bytes: number): number {
    const { share } = this;
    if (share === 0) return 0;
    // Losses that come in bursts vary more.
    const unit = 2 * this.burst - this.smss;
    return share * bytes + DEVIATIONS * Math.sqrt(share * (1 - share) * bytes * unit);
  }

  onLost(bytes: number): void {
    this.lost += bytes;
    this.events++;
  }

  onAcked(bytes: number, rttMs: number): void {
    this.delivered += bytes;
    if (rttMs < 0) return;
    this.rttSumMs += rttMs;
    this.rtts++;
  }

  /** A round ended. Whether losses turned out to be no congestion that may have been taken for it. */
  onRound(minRttMs: number, now: number): boolean {
    const sent = this.delivered + this.lost;
    const elapsedMs = now - this.since;
    if (this.settings.randomMax === 0 || sent < this.windowBytes || elapsedMs <= 0) return false;
    const sentRate = (sent * SECOND_MS) / elapsedMs;
    const deliveredRate = (this.delivered * SECOND_MS) / elapsedMs;
    const lostShare = this.lost / sent;
    const isQueued = this.rtts > 0 && this.rttSumMs / this.rtts > minRttMs * (1 + QUEUE_SHARE) + QUEUE_MS;
    const isNoFaster = sentRate <= SAME_RATE * this.deliveredRate;
    const isUnlimited = sentRate >= GROWTH * this.sentRate && deliveredRate >= DELIVERED_GROWTH * this.best;
    const isSaying = !isQueued && this.deliveredRate > 0 && (isNoFaster || isUnlimited);
    // If what was delivered before is all that passes, so much is lost.
    const ofLimit = isUnlimited ? 0 : Math.max(0, 1 - this.deliveredRate / sentRate);
    const isNews = isSaying && this.learn(lostShare, ofLimit);
    if (this.events > 0) this.burst += (Math.max(this.smss, this.lost / this.events) - this.burst) * WEIGHT;
    this.sentRate = sentRate;
    this.deliveredRate = deliveredRate;
    this.best = Math.max(this.best * FADES, deliveredRate);
    this.formerLostShare = this.lostShare;
    this.lostShare = lostShare;
    this.restart(now);
    return isNews;
  }

  private learn(lostShare: number, ofLimit: number): boolean {
    const { share } = this;
    const seen = Math.min(lostShare, this.settings.randomMax);
    if (seen > share) {
      const least = Math.min(this.lostShare, this.formerLostShare);
      const isSteady = least >= PERSISTENT * lostShare && lostShare >= STAYS * this.lostShare;
      if (!isSteady || lostShare <= BEYOND_LIMIT * ofLimit) return false;
    }
    const isNews = seen > 2 * share && seen > 0;
    this.share = isNews ? seen : share + WEIGHT * (seen - share);
    // Half a datagram in a hundred windows is nothing.
    if (this.share * WINDOW_DATAGRAMS * 100 < 0.5) this.share = 0;
    return isNews;
  }

  private get windowBytes(): number {
    return WINDOW_DATAGRAMS * this.smss * Math.min((this.burst / this.smss) ** 2, WINDOW_BURSTS_MOST);
  }

  private restart(now: number): void {
    this.delivered = 0;
    this.lost = 0;
    this.events = 0;
    this.rttSumMs = 0;
    this.rtts = 0;
    this.since = now;
  }
}
