// Own endpoints as one thing: what the node wants set up, and what it is told of it.
import { parseSocketAddress } from '../../core/base/ip.ts';
import type { EndpointPlan as NodePlan, ServiceHealth } from '../../core/node/types.ts';
import { type HealthCheck, HealthProbe } from './health.ts';
import { EndpointPlumbing, type PlumbingOptions } from './plumbing.ts';
import type { EndpointProblem, HostTarget, ResolverPlan } from './types.ts';

/** Notices of the kernel come in crowds. */
const SETTLE_MS = 100;

export interface HostEndpointsOptions extends PlumbingOptions {
  /** What the test of a service found. Never called within a call of `update`. */
  onHealth(name: string, health: ServiceHealth): void;
}

/** Plumbing and health of a node's endpoints. `mendEndpoints` comes first. */
export class HostEndpoints {
  readonly #plumbing: EndpointPlumbing;
  readonly #health: HealthProbe;
  #checks: readonly HealthCheck[] = [];
  #problems: readonly EndpointProblem[] = [];
  #settling: NodeJS.Timeout | undefined;
  #isDistrusted = false;
  #isClosed = false;

  constructor(options: HostEndpointsOptions) {
    this.#plumbing = new EndpointPlumbing(options);
    this.#health = new HealthProbe((name, health) => {
      setImmediate(() => {
        if (!this.#isClosed) options.onHealth(name, health);
      });
    });
  }

  /** What could not be set up at the last update, for warnings. Services among it are told to be unhealthy. */
  get problems(): readonly EndpointProblem[] {
    return this.#problems;
  }

  /** `plans` as Node.endpoints() has them. Throws nothing. */
  update(plans: readonly NodePlan[], resolver: ResolverPlan | undefined): void {
    if (this.#isClosed) return;
    this.#checks = plans.flatMap(({ address4, target, check, ...rest }) => {
      const to = readTarget(target);
      return to === undefined ? [] : { plan: { ...rest, alias4: address4, target: to }, check };
    });
    const ready = this.#checks.map(({ plan }) => plan);
    this.#told(this.#plumbing.apply(ready, resolver));
  }

  /** Interfaces, addresses or routes changed, or (`distrust`) somebody changed the packet filter. */
  changed(distrust = false): void {
    this.#isDistrusted ||= distrust;
    if (this.#isClosed) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      const isDistrusted = this.#isDistrusted;
      this.#isDistrusted = false;
      this.#told(this.#plumbing.refresh(isDistrusted));
    }, SETTLE_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#settling);
    this.#health.close();
    this.#plumbing.close();
  }

  #told(problems: readonly EndpointProblem[]): void {
    this.#problems = problems;
    this.#health.set(this.#checks, problems);
  }
}

/** A target as the node keeps it: pinned when the service was added. undefined: it cannot have been. */
function readTarget(text: string): HostTarget | undefined {
  if (text === '') return { kind: 'host' };
  const address = parseSocketAddress(text);
  return address === undefined ? undefined : { kind: 'address', ...address };
}
