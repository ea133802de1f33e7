// How often a node tries addresses that it only heard of (security.md, "told addresses").
import { BoundedMap } from '../base/bounded-map.ts';
import { formatSocketAddress, type SocketAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';
import { TokenBucket } from '../base/token-bucket.ts';

/** Initiations to an address that proved nothing and that only others named, per window. */
export const TOLD_TRIES = 5;
/** The same of tests, which are a fifteenth as long. */
export const TOLD_TESTS = 12;
export const TOLD_WINDOW_MS = 20 * SECOND_MS;
/** The same over all such addresses together. */
export const TOLD_PER_SECOND = 100;
export const TOLD_BURST = 50;
/** Addresses whose tries are counted: more than TOLD_PER_SECOND fills in a window. */
const COUNTED_MAX = 4096;

interface Tries {
  count: number;
  /** ms; when `count` began. */
  readonly since: number;
}

/** How many initiations may go to addresses that only others named. */
export interface Budget {
  /** It counts for all addresses, those that proved something too. */
  readonly isForAll: boolean;
  /** Whether one may go there now; if so, it is counted. */
  take(address: SocketAddress, now: number): boolean;
}

/** One per node and purpose, so that an address that is named again and again, or for several remotes, gets no more for that. */
export class ToldBudget implements Budget {
  readonly isForAll = false;
  private readonly perAddress: number;
  private readonly bucket = new TokenBucket(TOLD_PER_SECOND, TOLD_BURST);
  /** By address and port as text. */
  private readonly tries = new BoundedMap<string, Tries>(COUNTED_MAX);

  /** `perAddress`: in a window. */
  constructor(perAddress = TOLD_TRIES) {
    this.perAddress = perAddress;
  }

  /** For the rest of its window this address gets no more than so many further tries. */
  narrow(address: SocketAddress, tries: number, now: number): void {
    const key = formatSocketAddress(address);
    const known = this.tries.get(key);
    const isCounting = known !== undefined && now - known.since < TOLD_WINDOW_MS;
    const count = Math.max(isCounting ? known.count : 0, this.perAddress - tries);
    this.tries.set(key, { count, since: isCounting ? known.since : now });
  }

  /** Whether an initiation may go there now; if so, it is counted. */
  take(address: SocketAddress, now: number): boolean {
    const key = formatSocketAddress(address);
    const known = this.tries.get(key);
    const isCounting = known !== undefined && now - known.since < TOLD_WINDOW_MS;
    if (isCounting && known.count >= this.perAddress) return false;
    if (!this.bucket.take(now)) return false;
    if (isCounting) known.count++;
    else this.tries.set(key, { count: 1, since: now });
    return true;
  }
}

/** Calls that remotes ask for: each request pays with its bytes for what is sent to the address that it names. One per node. */
export class CallBudget implements Budget {
  readonly isForAll = true;
  private readonly told: Budget;
  /** Initiations paid for and not sent yet, by address and port as text. */
  private readonly paid = new BoundedMap<string, number>(COUNTED_MAX);

  /** `told`: what goes to told addresses in all. */
  constructor(told: Budget) {
    this.told = told;
  }

  pay(address: SocketAddress, initiations: number): void {
    this.paid.set(formatSocketAddress(address), initiations);
  }

  take(address: SocketAddress, now: number): boolean {
    const key = formatSocketAddress(address);
    const left = this.paid.get(key) ?? 0;
    if (left < 1 || !this.told.take(address, now)) return false;
    if (left > 1) this.paid.set(key, left - 1);
    else this.paid.delete(key);
    return true;
  }
}
