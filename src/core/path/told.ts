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

/** One per node and purpose, so that an address that is named again and again, or for several remotes, gets no more for that. */
export class ToldBudget {
  private readonly perAddress: number;
  private readonly bucket = new TokenBucket(TOLD_PER_SECOND, TOLD_BURST);
  /** By address and port as text. */
  private readonly tries = new BoundedMap<string, Tries>(COUNTED_MAX);

  /** `perAddress`: in a window. */
  constructor(perAddress = TOLD_TRIES) {
    this.perAddress = perAddress;
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
