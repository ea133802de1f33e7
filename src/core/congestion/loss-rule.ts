// Which losses are congestion. Radio links and bad cables lose a share of whatever passes, however slowly it is sent; queues and policers lose
// what is too much. So only what is lost while round trips are no longer than usual, and no queue stands, can be no congestion, and only if it
// stays when no more is sent than was delivered before: its share is learnt, and what goes beyond it counts. Queues that overflow lose
// nothing at such times, however often they do.
//
// Congestion that stays though this sender gives way, second after second, is others', who do not: BBR's first version takes no notice of losses.
// Whoever gives way to them in each round is left with a fraction of its share, so what is usual between probes is added to what may be lost.
// Beside those who give way as well little is usual.
//
// The draft takes every loss beyond LossThresh for congestion, which `randomMax` 0 gives.
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
/** No faster than before: rates are measured with some noise, ... */
const SAME_RATE = 1.02;
/** ... and no part of it much faster: a limit may drop that part alone. Rates of single rounds are noisier. */
const SAME_RATE_MOST = 1.15;
/** Faster, and delivered faster nearly as much: then what is lost is no limit. */
const GROWTH = 1.25;
const DELIVERED_GROWTH = 1.2;
/** A queue stands when round trips take longer than the shortest by this share of it, and a little; or longer than on average, ... */
const QUEUE_SHARE = 0.15;
const QUEUE_MS = 1;
/** ... over so many acknowledgements. */
const USUAL_WEIGHT = 1 / 128;
/** Each of the two windows before lost at least this part of what this one did, so that it was no single burst, ... */
const PERSISTENT = 0.25;
/** ... and this one at least this part of what the last one did: what falls with the rate is a matter of the rate. */
const STAYS = 0.6;
/** A share of losses is beyond what a limit would explain when it is so many times that. */
const BEYOND_LIMIT = 2;
/** What was delivered long ago says little: so much of it is left after each window. */
const FADES = 0.98;
/** What was sent before so many datagrams counts less and less. */
const KNOWN_DATAGRAMS = 1000;
/** So much of what met a queue, or none, is left after a round. */
const ROUND_FADES = 0.8;
/** Weight of one window among those before, for how losses fall together. */
const WEIGHT = 0.25;
/** Weight of one round among those between probes, and what may be lost for others' sake: in what is usual there, and at most. */
const CRUISE_WEIGHT = 1 / 64;
const OTHERS_GAIN = 3;
const OTHERS_MOST = 0.06;
/** Standard deviations by which a round may lose more than the share, and more than may be. */
const DEVIATIONS = 2.5;

export class LossRule {
  /** Of what is sent, lost at any rate; 0 .. randomMax. */
  share = 0;
  readonly settings: LossSettings;
  /** Bytes of one datagram. */
  private readonly smss: number;
  /** Of the window under way; `calm`: what met no queue; `most`: bytes per second that were sent in the fastest of its rounds. */
  private readonly window = { delivered: 0, lost: 0, events: 0, calmDelivered: 0, calmLost: 0, most: 0 };
  private since: number;
  /** When the last round ended, and bytes of the window until then. */
  private readonly round: { at: number; sent: number };
  /** Bytes sent while nothing else was to blame, and what was lost of them, of late. */
  private readonly known = { sent: 0, lost: 0 };
  /** Found lost with the acknowledgement that is under way. */
  private justLost = 0;
  /** ms: of the acknowledgement before; and as usual. */
  private lastRttMs = 0;
  private usualMs = 0;
  /** Of the last rounds, the older ones less: bytes that met a queue, and those that met none. */
  private readonly met = { queued: 0, queuedLost: 0, calm: 0, calmLost: 0 };
  /** Of the window before: bytes per second, and shares, of the one before that as well; bytes lost that were learnt from. */
  private readonly before = {
    sentRate: 0,
    deliveredRate: 0,
    lostShare: 0,
    formerLostShare: 0,
    learntLost: 0,
  };
  /** Bytes per second: the most that was delivered, of late. */
  private best = 0;
  /** Share lost between probes, as usual. */
  private cruiseShare = 0;
  /** Bytes lost at a time, on average. */
  private burst: number;

  constructor(settings: LossSettings, smss: number, now: number) {
    this.settings = settings;
    this.smss = smss;
    this.since = now;
    this.round = { at: now, sent: 0 };
    this.burst = smss;
  }

  /** Bytes that may be lost of so many without being reason to give way: [BBR.LossThresh] of them, and what is lost at any rate or to others. */
  allowed(bytes: number): number {
    return (this.settings.threshold + this.toOthers) * bytes + this.expected(bytes);
  }

  /** The same of a round between probes, of which a few datagrams lost by chance say little. */
  allowedInRound(bytes: number): number {
    const share = this.share + this.toOthers;
    const { threshold } = this.settings;
    return (threshold + share) * bytes + this.chance(Math.max(share, threshold), bytes);
  }

  /** Bytes of so many that may well be lost at any rate. */
  expected(bytes: number): number {
    return this.share * bytes + this.chance(this.share, bytes);
  }

  /** Share that may be lost for the sake of others who do not give way. */
  private get toOthers(): number {
    if (this.settings.randomMax === 0) return 0;
    return Math.min(OTHERS_GAIN * Math.max(0, this.cruiseShare - this.share), OTHERS_MOST);
  }

  /** Bytes of so many by which what is lost may be beyond its share. */
  private chance(share: number, bytes: number): number {
    return DEVIATIONS * Math.sqrt(share * (1 - share) * bytes * this.unit);
  }

  /** A round between probes ended, with so many bytes lost of so many. */
  onCruiseRound(lost: number, sent: number): void {
    if (sent > 0) this.cruiseShare += (lost / sent - this.cruiseShare) * CRUISE_WEIGHT;
  }

  /** Before onAcked() of the same acknowledgement. */
  onLost(bytes: number): void {
    this.window.lost += bytes;
    this.window.events++;
    this.justLost += bytes;
  }

  /** So many bytes came that had been taken for lost, in this window or the one before. */
  onLate(bytes: number): void {
    const { window, known, before } = this;
    const ofWindow = Math.min(bytes, window.lost);
    if (ofWindow > 0) {
      window.calmLost *= 1 - ofWindow / window.lost;
      window.lost -= ofWindow;
    }
    const ofBefore = Math.min(bytes - ofWindow, before.learntLost);
    if (ofBefore === 0) return;
    before.learntLost -= ofBefore;
    known.lost = Math.max(0, known.lost - ofBefore);
    this.share = Math.min(known.lost / known.sent, this.settings.randomMax);
  }

  /** `rttMs` < 0: the acknowledgement told none. */
  onAcked(bytes: number, rttMs: number, minRttMs: number): void {
    const { window, lastRttMs } = this;
    const newestMs = rttMs < 0 ? lastRttMs : rttMs;
    this.usualMs += (newestMs - this.usualMs) * (this.usualMs === 0 ? 1 : USUAL_WEIGHT);
    // What was lost was sent between what the two acknowledgements are of.
    const rttOfLostMs = Math.max(newestMs, lastRttMs);
    const queuedMs = minRttMs * (1 + QUEUE_SHARE) + QUEUE_MS;
    if (rttOfLostMs <= Math.min(this.usualMs, queuedMs)) {
      window.calmDelivered += bytes;
      window.calmLost += this.justLost;
    }
    const { met } = this;
    if (rttOfLostMs > queuedMs) {
      met.queued += bytes + this.justLost;
      met.queuedLost += this.justLost;
    } else {
      met.calm += bytes + this.justLost;
      met.calmLost += this.justLost;
    }
    window.delivered += bytes;
    this.lastRttMs = newestMs;
    this.justLost = 0;
  }

  /** More is lost where a queue stands than where none does: the path gives no more, whatever there was to send. */
  get isOverflowing(): boolean {
    const { queued, queuedLost, calm, calmLost } = this.met;
    if (calm < WINDOW_DATAGRAMS * this.smss) return false;
    const share = Math.max(this.share, calmLost / calm);
    const chance = DEVIATIONS * Math.sqrt((share + this.settings.threshold) * queued * this.unit);
    return queuedLost > (this.settings.threshold + share) * queued + chance;
  }

  /** A round ended. Whether losses turned out to be no congestion that may have been taken for it. */
  onRound(now: number): boolean {
    const { met, before } = this;
    const { delivered, lost, events, calmDelivered, calmLost } = this.window;
    for (const what of ['queued', 'queuedLost', 'calm', 'calmLost'] as const) met[what] *= ROUND_FADES;
    const sent = delivered + lost;
    this.noteRound(sent, now);
    const elapsedMs = now - this.since;
    const calm = calmDelivered + calmLost;
    if (this.settings.randomMax === 0 || calm < this.windowBytes || elapsedMs <= 0) return false;
    const sentRate = (sent * SECOND_MS) / elapsedMs;
    const deliveredRate = (delivered * SECOND_MS) / elapsedMs;
    const lostShare = calmLost / calm;
    const isNoFaster =
      sentRate <= SAME_RATE * before.deliveredRate &&
      this.window.most <= SAME_RATE_MOST * before.deliveredRate;
    const isUnlimited = sentRate >= GROWTH * before.sentRate && deliveredRate >= DELIVERED_GROWTH * this.best;
    const isSaying = before.deliveredRate > 0 && (isNoFaster || isUnlimited);
    // If what was delivered before is all that passes, so much is lost.
    const ofLimit = isUnlimited ? 0 : Math.max(0, 1 - before.deliveredRate / sentRate);
    before.learntLost = 0;
    const isNews = this.learn(lostShare, calm, isSaying, ofLimit);
    if (events > 0) this.burst += (Math.max(this.smss, lost / events) - this.burst) * WEIGHT;
    before.sentRate = sentRate;
    before.deliveredRate = deliveredRate;
    this.best = Math.max(this.best * FADES, deliveredRate);
    before.formerLostShare = before.lostShare;
    before.lostShare = lostShare;
    this.restart(now);
    return isNews;
  }

  private learn(lostShare: number, calm: number, isSaying: boolean, ofLimit: number): boolean {
    const { share, known, before } = this;
    // How far a window like this one is off by chance; a share that is no reason for anything may be there unknown.
    const likely = Math.max(share, this.settings.threshold);
    const chance = DEVIATIONS * Math.sqrt((likely * (1 - likely) * this.unit) / calm);
    const isByChance = Math.abs(lostShare - share) <= chance;
    if (lostShare > share) {
      const isOfRate = lostShare < STAYS * before.lostShare || lostShare <= BEYOND_LIMIT * ofLimit;
      const isSteady = Math.min(before.lostShare, before.formerLostShare) >= PERSISTENT * lostShare;
      if (!isSaying || isOfRate || !(isSteady || isByChance)) return false;
    } else if (!isSaying && isByChance) return false;
    if (lostShare > 2 * share && !isByChance) {
      known.lost = 0;
      known.sent = 0;
    }
    before.learntLost = lostShare * calm;
    known.lost += before.learntLost;
    known.sent += calm;
    const fades = Math.min(1, (KNOWN_DATAGRAMS * this.smss) / known.sent);
    known.lost *= fades;
    before.learntLost *= fades;
    known.sent *= fades;
    this.share = Math.min(known.lost / known.sent, this.settings.randomMax);
    return this.share > Math.max(2 * share, this.settings.threshold);
  }

  /** Bytes that are lost as one: those that come in bursts vary more. */
  private get unit(): number {
    return 2 * this.burst - this.smss;
  }

  private get windowBytes(): number {
    return WINDOW_DATAGRAMS * this.smss * Math.min((this.burst / this.smss) ** 2, WINDOW_BURSTS_MOST);
  }

  private noteRound(sent: number, now: number): void {
    const { round, window } = this;
    if (now > round.at)
      window.most = Math.max(window.most, ((sent - round.sent) * SECOND_MS) / (now - round.at));
    round.at = now;
    round.sent = sent;
  }

  private restart(now: number): void {
    Object.assign(this.window, { delivered: 0, lost: 0, events: 0, calmDelivered: 0, calmLost: 0, most: 0 });
    this.round.sent = 0;
    this.since = now;
  }
}
