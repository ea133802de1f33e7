// How many probes a node sends to open NATs, whoever asks for them: so no remote makes it a scanner, or floods somebody by it.
import { BoundedMap } from '../base/bounded-map.ts';
import { formatIp, type IpAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';

/** Probes of a node in any second. */
export const PROBES_PER_SECOND_ALL = 100;
/** Of these, to one IP address that never answered, in a window: talk alone leads there. */
export const SILENT_PROBES = 64;
export const SILENT_WINDOW_MS = 20 * SECOND_MS;
/** IP addresses that are counted: more than there are probes in a window. */
const COUNTED_MAX = 4096;

interface Tries {
  count: number;
  /** ms; when `count` began. */
  readonly since: number;
}

/** One per node. */
export class ProbeBudget {
  /** ms; when the last PROBES_PER_SECOND_ALL were sent, oldest first from `next` on. */
  private readonly sentAt = new Float64Array(PROBES_PER_SECOND_ALL).fill(Number.NEGATIVE_INFINITY);
  private next = 0;
  /** By IP address as text. */
  private readonly tries = new BoundedMap<string, Tries>(COUNTED_MAX);

  /** ms; when one more may leave. */
  get freeAt(): number {
    return (this.sentAt[this.next] as number) + SECOND_MS;
  }

  /**
   * Whether a probe may go there now; if so, it is counted. `isHarmless`: somebody proved to be at that IP address, or it does not get
   * that far.
   */
  take(ip: IpAddress, isHarmless: boolean, now: number): boolean {
    if (now < this.freeAt) return false;
    if (!isHarmless && !this.takeSilent(formatIp(ip), now)) return false;
    this.sentAt[this.next] = now;
    this.next = (this.next + 1) % PROBES_PER_SECOND_ALL;
    return true;
  }

  private takeSilent(key: string, now: number): boolean {
    const known = this.tries.get(key);
    if (known === undefined || now - known.since >= SILENT_WINDOW_MS) {
      this.tries.set(key, { count: 1, since: now });
      return true;
    }
    if (known.count >= SILENT_PROBES) return false;
    known.count++;
    return true;
  }
}
