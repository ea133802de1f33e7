// What a host saw of the ports that its NAT gives out.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes } from '../base/bytes.ts';
import type { SocketAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';

/** ms; a sample is good for so long, and its sockets are closed after that. */
export const SAMPLE_FRESH_MS = SECOND_MS;
const STEP_MAX = 64;
/** Questions of where single sockets are seen, the newest. */
const ASKED_MAX = 64;

interface Said {
  readonly token: Uint8Array;
  observed: SocketAddress | undefined;
}

/** One per node. */
export class PortSamples {
  /** ms; when the last one began. */
  at = Number.NEGATIVE_INFINITY;
  /** Numbers of its sockets that are open. */
  sockets: readonly number[] = [];
  /** In the order in which they were sent. */
  said: Said[] = [];
  /** Where a further socket of a remote's round is seen was asked with that token, in hex. */
  readonly asked = new BoundedMap<string, { readonly slot: number; readonly socket: number }>(ASKED_MAX);

  get isWhole(): boolean {
    return this.said.length > 0 && this.said.every(({ observed }) => observed !== undefined);
  }

  /** The port that was given out last, and the distance to the one before; undefined: there is no rule in it, or it is too old. */
  prediction(now: number): { readonly last: SocketAddress; readonly step: number } | undefined {
    if (!this.isWhole || now - this.at > SAMPLE_FRESH_MS) return undefined;
    const seen = this.said.map(({ observed }) => observed as SocketAddress);
    const [first, second] = seen;
    const step = second.port - first.port;
    if (step === 0 || Math.abs(step) > STEP_MAX) return undefined;
    const isRegular = seen.every(
      ({ ip, port }, i) => equalBytes(ip, first.ip) && port === first.port + i * step,
    );
    return isRegular ? { last: seen[seen.length - 1], step } : undefined;
  }
}
