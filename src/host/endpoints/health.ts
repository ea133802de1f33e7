// Whether somebody answers behind the own endpoints.
import { connect } from 'node:net';
import { CodedError } from '../../core/base/errors.ts';
import {
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  type SocketAddress,
} from '../../core/base/ip.ts';
import type { EndpointPlan, EndpointProblem } from './types.ts';

export interface HealthLimits {
  /** From the end of one look to the begin of the next. */
  readonly everyMs: number;
  /** The same after a failure; it doubles with each up to `everyMs`. */
  readonly againMs: number;
  /** Where one address family answers and the other does not; it doubles as well. A new address is not local at once. */
  readonly otherMs: number;
  /** So long a connection may take to stand. */
  readonly timeoutMs: number;
}

const LIMITS: HealthLimits = { everyMs: 5000, againMs: 1000, otherMs: 100, timeoutMs: 2000 };

export interface HealthCheck {
  readonly plan: EndpointPlan;
  /** `none`: taken to be healthy, as everything of UDP is. */
  readonly check: 'tcp' | 'none';
}

/** What consumers are told of a service of this host. */
export interface ServiceHealth {
  readonly name: string;
  readonly healthy: boolean;
  /** Address families that it answers. Of an unhealthy one: those that it would. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** Why it is not healthy, for people; '' when it is. */
  readonly reason: string;
}

/** One service under watch. */
interface Probe {
  readonly key: string;
  readonly targets: readonly SocketAddress[];
  /** Consecutive rounds in which nobody answered. */
  failures: number;
  /** The same, of rounds in which not all targets answered. */
  halves: number;
  timer: NodeJS.Timeout | undefined;
  told: ServiceHealth | undefined;
  abort: AbortController;
}

/**
 * Looks after services and reports what changed. A connection goes where a consumer's would end up: to the endpoint's own
 * addresses when a program of this host is to answer there (127.0.0.1 would tell of programs that listen nowhere else),
 * else to the target. Timers do not keep the process alive.
 */
export class HealthProbe {
  readonly #report: (health: ServiceHealth) => void;
  readonly #limits: HealthLimits;
  readonly #probes = new Map<string, Probe>();

  /** `report` is called within `set` for what is known already, and at changes. */
  constructor(report: (health: ServiceHealth) => void, limits: HealthLimits = LIMITS) {
    this.#report = report;
    this.#limits = limits;
  }

  /** These services and no others, with what the plumbing could not do for them. What did not change goes on undisturbed. */
  set(checks: readonly HealthCheck[], problems: readonly EndpointProblem[] = []): void {
    const wanted = new Set(checks.map(({ plan }) => plan.name));
    for (const [name, probe] of this.#probes) if (!wanted.has(name)) this.#drop(name, probe);
    for (const { plan, check } of checks) {
      const problem = problems.find(({ name }) => name === plan.name);
      const targets = targetsOf(plan);
      const isProbed = problem === undefined && check === 'tcp' && plan.protocol === 'tcp';
      const key = [isProbed, problem?.error.message, ...targets.map(formatSocketAddress)].join();
      const before = this.#probes.get(plan.name);
      if (before?.key === key) {
        // Under its name there may be another service now: whoever is told forgot what he knew of it.
        if (before.told !== undefined) this.#report(before.told);
        continue;
      }
      if (before !== undefined) this.#drop(plan.name, before);
      const abort = new AbortController();
      const probe: Probe = { key, targets, failures: 0, halves: 0, timer: undefined, told: undefined, abort };
      this.#probes.set(plan.name, probe);
      if (isProbed) void this.#look(plan.name, probe);
      else this.#tell(plan.name, probe, problem === undefined, targets, problem?.error.message ?? '');
    }
  }

  close(): void {
    for (const [name, probe] of this.#probes) this.#drop(name, probe);
  }

  #drop(name: string, probe: Probe): void {
    clearTimeout(probe.timer);
    probe.abort.abort();
    this.#probes.delete(name);
  }

  async #look(name: string, probe: Probe): Promise<void> {
    const { signal } = probe.abort;
    const found = await Promise.all(
      probe.targets.map((target) => tryConnect(target, this.#limits.timeoutMs, signal)),
    );
    if (signal.aborted) return;
    const answering = probe.targets.filter((_, i) => found[i] === undefined);
    const isUp = answering.length > 0;
    const isWhole = answering.length === probe.targets.length;
    probe.failures = isUp ? 0 : probe.failures + 1;
    probe.halves = isWhole ? 0 : probe.halves + 1;
    const isFirstHalf = isUp && probe.halves === 1 && probe.told === undefined;
    // A refusal is certain; silence may be one lost packet, or a moment of much work.
    const isCertain = isUp
      ? !isFirstHalf
      : probe.failures > 1 || probe.told === undefined || !found.includes('ETIMEDOUT');
    if (isCertain) {
      const reasons = probe.targets.map((target, i) => `${formatSocketAddress(target)}: ${found[i]}`);
      const reason = isUp ? '' : new CodedError('TARGET_UNREACHABLE', reasons.join(', ')).message;
      this.#tell(name, probe, isUp, isUp ? answering : probe.targets, reason);
    }
    probe.timer = setTimeout(() => void this.#look(name, probe), this.#waitMs(probe)).unref();
  }

  #waitMs({ failures, halves }: Probe): number {
    const { againMs, otherMs, everyMs } = this.#limits;
    if (halves === 0) return everyMs;
    return Math.min(everyMs, failures > 0 ? againMs * 2 ** (failures - 1) : otherMs * 2 ** (halves - 1));
  }

  #tell(
    name: string,
    probe: Probe,
    healthy: boolean,
    answering: readonly SocketAddress[],
    reason: string,
  ): void {
    const health: ServiceHealth = {
      name,
      healthy,
      ipv4: answering.some(({ ip }) => isIpv4(ip)),
      ipv6: answering.some(({ ip }) => !isIpv4(ip)),
      reason,
    };
    const before = probe.told;
    probe.told = health;
    if (
      before?.healthy === healthy &&
      before.ipv4 === health.ipv4 &&
      before.ipv6 === health.ipv6 &&
      before.reason === reason
    ) {
      return;
    }
    this.#report(health);
  }
}

function targetsOf({ target, address6, alias4, port }: EndpointPlan): SocketAddress[] {
  if (target.kind === 'address') return [{ ip: target.ip, port: target.port }];
  const own: IpAddress[] = alias4 === undefined ? [address6] : [alias4, address6];
  return own.map((ip) => ({ ip, port }));
}

/** undefined: somebody answered; else the errno. The connection carries no byte and ends at once. */
function tryConnect(
  { ip, port }: SocketAddress,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: formatIp(ip), port, noDelay: true });
    const end = (result: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(result);
    };
    const stop = (): void => end('ABORTED');
    const timer = setTimeout(() => end('ETIMEDOUT'), timeoutMs).unref();
    signal.addEventListener('abort', stop);
    socket.on('connect', () => end(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'UNKNOWN'));
  });
}
