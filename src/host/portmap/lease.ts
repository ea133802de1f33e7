// One port at one gateway: found out how, mapped, kept, and given back.
import { addressScope, isDialable } from '../../core/base/ip.ts';
import type { Grant, Mapper, PortMapping, Timing } from './types.ts';

const RETRY_MAX_MS = 3_600_000;
/** So long a clean end waits for the gateway. */
const UNMAP_MS = 2000;
/** A lease without end is looked after like one of two hours. */
const WITHOUT_END_S = 7200;
/** Notices of the network come in crowds where containers come and go: so long after a question none makes another. */
const POKE_HELD_MS = 10_000;
/** Likewise at a gateway that has granted nothing. */
const POKE_IDLE_MS = 60_000;

interface Held {
  readonly mapper: Mapper;
  readonly mapping: PortMapping;
  /** Unix ms: a clock that goes on while the host sleeps. */
  readonly sinceMs: number;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

export class Lease {
  /** Best first. */
  readonly #mappers: readonly Mapper[];
  readonly #timing: Timing;
  readonly #onChange: () => void;
  readonly #end = new AbortController();
  readonly #done: Promise<void>;
  #held: Held | undefined;
  #failures = 0;
  /** Ends the wait at hand. */
  #wake: (() => void) | undefined;
  #isPoked = false;

  constructor(mappers: readonly Mapper[], timing: Timing, onChange: () => void) {
    this.#mappers = mappers;
    this.#timing = timing;
    this.#onChange = onChange;
    this.#done = this.#run();
  }

  get mapping(): PortMapping | undefined {
    return this.#held?.mapping;
  }

  /** The host's network changed: perhaps the gateway started anew. */
  poke(): void {
    this.#isPoked = true;
    this.#wake?.();
  }

  /** `isGone`: there is no way to the gateway any more. */
  async close(isGone: boolean): Promise<void> {
    this.#end.abort(new Error('the node stops'));
    this.#wake?.();
    await this.#done;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined || isGone) return;
    // The lease ends by itself where the gateway does not hear.
    await held.mapper.unmap(AbortSignal.timeout(UNMAP_MS)).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const waitMs = await this.#step().catch(() => this.#retryMs());
      if (!signal.aborted) await this.#sleep(waitMs);
    }
  }

  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const startedAt = Date.now();
    let timer = setTimeout(resolve, ms).unref();
    this.#wake = () => {
      clearTimeout(timer);
      const quietMs = this.#held === undefined ? POKE_IDLE_MS : POKE_HELD_MS;
      const restMs = startedAt + Math.min(quietMs, ms) - Date.now();
      if (this.#end.signal.aborted) resolve();
      else timer = setTimeout(resolve, restMs).unref();
    };
    if (this.#isPoked || this.#end.signal.aborted) this.#wake();
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
    this.#isPoked = false;
  }

  /** Does what is due; gives ms until the next time. */
  async #step(): Promise<number> {
    const held = this.#held;
    if (held !== undefined) {
      if (await this.#keep(held)) return this.#nextMs();
      // What the gateway said it forgot, #isKept dropped; a silent one may come back before the lease ends.
      if (this.#held !== undefined && Date.now() < this.#held.endsAtMs) return this.#retryMs();
      this.#hold(undefined);
    }
    await this.#tryAll();
    return this.#held === undefined ? this.#retryMs() : this.#nextMs();
  }

  /** False: the gateway is silent, has forgotten, or refuses to renew what ends soon. */
  async #keep(held: Held): Promise<boolean> {
    // A gateway that was silent has perhaps started anew, whatever its clock says.
    if (!isDue(held) && this.#failures === 0) return this.#isKept(held);
    if (await this.#map(held.mapper)) return true;
    return (await this.#isKept(held)) && this.#held !== held;
  }

  async #isKept(held: Held): Promise<boolean> {
    let isKept: boolean;
    try {
      isKept = await held.mapper.isKept(this.#end.signal);
    } catch {
      return false;
    }
    if (isKept || (await this.#map(held.mapper))) return true;
    this.#end.signal.throwIfAborted();
    this.#hold(undefined);
    return false;
  }

  /** All at once; the best that grants wins, and only it is asked to. */
  async #tryAll(): Promise<void> {
    const enough = new AbortController();
    const signal = AbortSignal.any([enough.signal, this.#end.signal]);
    const probes = this.#mappers.map((mapper) =>
      mapper.probe(signal).then(
        () => true,
        () => false,
      ),
    );
    try {
      for (const [i, mapper] of this.#mappers.entries()) {
        if ((await probes[i]) && (await this.#map(mapper))) return;
      }
    } finally {
      enough.abort(new Error('another protocol was faster'));
    }
  }

  async #map(mapper: Mapper): Promise<boolean> {
    let grant: Grant;
    try {
      grant = await mapper.map(this.#end.signal);
    } catch {
      return false;
    }
    // A gateway whose line is down gives 0.0.0.0.
    const isUsable = isDialable(grant.external);
    this.#hold(isUsable ? heldBy(mapper, grant, this.#timing.renewMinMs) : undefined);
    if (!isUsable) await mapper.unmap(this.#end.signal).catch(() => undefined);
    return isUsable;
  }

  #hold(held: Held | undefined): void {
    const isChanged = this.#held !== undefined || held !== undefined;
    this.#held = held;
    if (held !== undefined) this.#failures = 0;
    if (isChanged && !this.#end.signal.aborted) this.#onChange();
  }

  #nextMs(): number {
    this.#failures = 0;
    const untilRenewal = (this.#held?.renewAtMs ?? 0) - Date.now();
    return Math.min(this.#timing.checkMs, Math.max(untilRenewal, this.#timing.retryMs));
  }

  #retryMs(): number {
    const most = this.#held === undefined ? RETRY_MAX_MS : this.#timing.checkMs;
    return Math.min(this.#timing.retryMs * 2 ** Math.min(this.#failures++, 20), most);
  }
}

/** A clock that was set back proves nothing. */
function isDue(held: Held): boolean {
  const now = Date.now();
  return now >= held.renewAtMs || now < held.sinceMs;
}

function heldBy(mapper: Mapper, { external, lifetimeS }: Grant, renewMinMs: number): Held {
  const sinceMs = Date.now();
  const lifetimeMs = (lifetimeS || WITHOUT_END_S) * 1000;
  const endsAtMs = sinceMs + lifetimeMs;
  const mapping: PortMapping = {
    protocol: mapper.protocol,
    external,
    expiresAt: lifetimeS === 0 ? undefined : endsAtMs,
    isPublic: addressScope(external.ip) === 'global',
  };
  const renewAtMs = sinceMs + Math.max(lifetimeMs / 2, renewMinMs);
  return { mapper, mapping, sinceMs, renewAtMs, endsAtMs };
}
