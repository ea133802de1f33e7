import { type HashKey, hashWords } from '../addressing/addressing.ts';
import { MINUTE_MS, SECOND_MS } from '../base/time.ts';

/** A flow seen outbound may be answered for this long ... */
export const FLOW_UNANSWERED_MS = 30 * SECOND_MS;
/** ... and for this long after the last packet once it was answered. As the kernel's connection tracking does. */
export const FLOW_ANSWERED_MS = 3 * MINUTE_MS;

const WAYS = 8;

/**
 * Flows whose answers may come in: UDP and ICMP echo towards remotes that may not open flows by themselves. Sets of eight
 * places, chosen by a keyed hash; a full set gives up the flow that would expire first, so one look or note never
 * reads more than eight places. Bound: `places`. Only local programs cause entries. Written and read by the engine.
 *
 * A flow is four words: remote slot << 16 | its generation, own port << 16 | its port (echo: identifier), own selector
 * << 16 | its selector, protocol << 8 | family.
 */
export class FlowCache {
  readonly places: number;
  private readonly key: HashKey;
  private readonly setMask: number;
  private readonly words: Uint32Array;
  /** ms; a flow that has expired is free. */
  private readonly expiresMs: Float64Array;
  private readonly answered: Uint8Array;

  /** `places`: a power of two, at least 8. */
  constructor(key: HashKey, places: number) {
    if (places < WAYS || (places & (places - 1)) !== 0) throw new RangeError(`not a power of two: ${places}`);
    this.key = key;
    this.places = places;
    this.setMask = places / WAYS - 1;
    this.words = new Uint32Array(4 * places);
    this.expiresMs = new Float64Array(places).fill(Number.NEGATIVE_INFINITY);
    this.answered = new Uint8Array(places);
  }

  /** A packet of the flow left. */
  note(remote: number, ports: number, selectors: number, kind: number, now: number): void {
    const first = this.firstPlace(remote, ports, selectors, kind);
    let place = first;
    for (let i = first; i < first + WAYS; i++) {
      if (this.isAt(i, remote, ports, selectors, kind)) {
        this.refresh(i, now);
        return;
      }
      if (this.expiresMs[i] < this.expiresMs[place]) place = i;
    }
    const at = 4 * place;
    this.words[at] = remote;
    this.words[at + 1] = ports;
    this.words[at + 2] = selectors;
    this.words[at + 3] = kind;
    this.answered[place] = 0;
    this.expiresMs[place] = now + FLOW_UNANSWERED_MS;
  }

  /** Whether a packet that came in answers a flow; if so it keeps the flow alive. */
  answers(remote: number, ports: number, selectors: number, kind: number, now: number): boolean {
    const place = this.find(remote, ports, selectors, kind, now);
    if (place < 0) return false;
    this.answered[place] = 1;
    this.expiresMs[place] = now + FLOW_ANSWERED_MS;
    return true;
  }

  /** Whether there is such a flow; nothing changes. */
  has(remote: number, ports: number, selectors: number, kind: number, now: number): boolean {
    return this.find(remote, ports, selectors, kind, now) >= 0;
  }

  forget(remote: number, ports: number, selectors: number, kind: number, now: number): void {
    const place = this.find(remote, ports, selectors, kind, now);
    if (place >= 0) this.expiresMs[place] = Number.NEGATIVE_INFINITY;
  }

  /** Flows alive, by a walk of the whole table. */
  count(now: number): number {
    let alive = 0;
    for (const expires of this.expiresMs) if (expires > now) alive++;
    return alive;
  }

  private find(remote: number, ports: number, selectors: number, kind: number, now: number): number {
    const first = this.firstPlace(remote, ports, selectors, kind);
    for (let i = first; i < first + WAYS; i++) {
      if (this.isAt(i, remote, ports, selectors, kind)) return this.expiresMs[i] > now ? i : -1;
    }
    return -1;
  }

  private refresh(place: number, now: number): void {
    if (this.expiresMs[place] <= now) this.answered[place] = 0;
    this.expiresMs[place] = now + (this.answered[place] === 0 ? FLOW_UNANSWERED_MS : FLOW_ANSWERED_MS);
  }

  private firstPlace(remote: number, ports: number, selectors: number, kind: number): number {
    return (hashWords(this.key, remote, ports, selectors, kind) & this.setMask) * WAYS;
  }

  private isAt(place: number, remote: number, ports: number, selectors: number, kind: number): boolean {
    const at = 4 * place;
    return (
      this.words[at] === remote &&
      this.words[at + 1] === ports &&
      this.words[at + 2] === selectors &&
      this.words[at + 3] === kind
    );
  }
}
