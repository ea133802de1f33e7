// What a running node needs of its host beside interface and sockets: endpoints of services in the kernel, tests of their
// health, and programs that find names.
import { join } from 'node:path';
import type { CodedError } from '../../core/base/errors.ts';
import { formatSocketAddress, parseSocketAddress } from '../../core/base/ip.ts';
import type { NodeEvent, EndpointPlan as NodePlan } from '../../core/node/types.ts';
import {
  type DnsStatus,
  DnsTcpServer,
  DnsWiring,
  type ForwardCounts,
  Forwarder,
  restoreDns,
} from '../dns/dns.ts';
import {
  EndpointPlumbing,
  type HealthCheck,
  HealthProbe,
  mendEndpoints,
  parseTarget,
} from '../endpoints/endpoints.ts';
import type { EndpointPlan, EndpointProblem, HostTarget, TargetRules } from '../endpoints/types.ts';
import { LanDiscovery, type LanOptions } from '../io/io.ts';
import { nativeSystem } from '../native/native.ts';
import type { Watch } from '../native/types.ts';
import type { PortMap } from '../portmap/portmap.ts';
import type { RunningNode } from './compose.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { startPortMap } from './port-map.ts';

const ENDPOINTS_FILE = 'endpoints.json';
/** Notices of the kernel come in crowds. */
const SETTLE_MS = 100;
/** Longer than the resolver itself waits. */
const DNS_TIMEOUT_MS = 6000;

export interface SurroundingsParts {
  readonly running: RunningNode;
  readonly interfaceName: string;
  readonly config: Config;
  readonly stateDirectory: string;
  readonly log: Log;
  readonly nodeId: Uint8Array;
  readonly networkId: Uint8Array;
  /** Seed of the node's key. */
  readonly secret: Uint8Array;
  /** TCP listeners of mcc itself, which no service may lead to. */
  readonly reserved: TargetRules['reserved'];
  /** Answer to a DNS query that came over TCP. */
  askDns(query: Uint8Array, timeoutMs: number): Promise<Uint8Array | undefined>;
}

/** Undoes what a run that was killed left on this host. Never throws. */
export async function mendSurroundings(
  interfaceName: string,
  stateDirectory: string,
  log: Log,
): Promise<void> {
  await restoreDns(stateDirectory, { log });
  try {
    mendEndpoints(nativeSystem(), interfaceName, join(stateDirectory, ENDPOINTS_FILE));
  } catch (error) {
    log.warn('endpointsNotMended', { reason: (error as Error).message });
  }
}

/** One per running node with an interface. What fails here leaves the rest as it is, and is told in the log and in `status`. */
export class Surroundings {
  readonly #parts: SurroundingsParts;
  readonly #plumbing: EndpointPlumbing;
  readonly #probe: HealthProbe;
  readonly #forwarder: Forwarder;
  readonly #wiring: DnsWiring;
  #lan: LanDiscovery | undefined;
  #portMap: PortMap | undefined;
  /** Hears of firewalls that flush everybody's tables when they are started anew. */
  #tables: Watch | undefined;
  #tcp: DnsTcpServer | undefined;
  #problems: readonly EndpointProblem[] = [];
  #planned: readonly HealthCheck[] = [];
  /** The next look at what changed on this host. */
  #settling: NodeJS.Timeout | undefined;
  /** Rules may be gone since the last look. */
  #isDistrusted = false;
  /** Before, the surroundings of an earlier node may still stand. */
  #isStarted = false;
  #isStopped = false;

  constructor(parts: SurroundingsParts) {
    this.#parts = parts;
    const { running, interfaceName, config, stateDirectory, log } = parts;
    const { node } = running;
    const system = nativeSystem();
    const { ipv6, ipv4 } = node.needs.interfaceAddresses();
    const resolver = node.needs.resolver();
    this.#plumbing = new EndpointPlumbing({
      system,
      interfaceName,
      hostAddresses: [ipv6.ip, ipv4.ip],
      stateFile: join(stateDirectory, ENDPOINTS_FILE),
      reserved: parts.reserved,
    });
    this.#probe = new HealthProbe(({ name, healthy, ipv4, ipv6, reason }) => {
      const health = { isHealthy: healthy, ipv4, ipv6, reason };
      running.turn.run((now) => node.onHostEvent({ kind: 'serviceHealth', name, health }, now));
    });
    const reverseZones = node.needs.reverseZones();
    const guarded = [node.needs.networkPrefix(), ipv4];
    this.#forwarder = new Forwarder({ zones: [config.zone, ...reverseZones], guarded });
    this.#wiring = new DnsWiring({
      interfaceName,
      interfaceIndex: system.linkIndex(interfaceName),
      zone: config.zone,
      reverseZones,
      resolvers: running.lacksIpv6 ? [resolver.ipv4] : [resolver.ipv4, resolver.ipv6],
      mode: config.dns,
      stateDirectory,
      log,
      forwarder: this.#forwarder,
      onChange: (status) => this.#setForwarding(status),
    });
  }

  /** How programs of this host find names. */
  get dns(): DnsStatus {
    return this.#wiring.status;
  }

  /** What became of queries for other zones. */
  get forwarded(): Readonly<ForwardCounts> {
    return this.#forwarder.counts;
  }

  /** What gateways pass on to this node; undefined: they are not asked. */
  get portMap(): PortMap | undefined {
    return this.#portMap;
  }

  /** What could not be set up for endpoints. */
  get problems(): readonly EndpointProblem[] {
    return this.#problems;
  }

  /** What is wrong with this host rather than with one service: a firewall in the way, nft missing. */
  get remarks(): CodedError[] {
    const general = this.#problems.filter(({ name }) => name === undefined);
    return [...general.map(({ error }) => error), ...this.#plumbing.remarks];
  }

  async start(): Promise<void> {
    const { log } = this.#parts;
    this.#isStarted = true;
    this.endpointsChanged();
    try {
      this.#tcp = await DnsTcpServer.listen({ ask: (query) => this.#parts.askDns(query, DNS_TIMEOUT_MS) });
    } catch (error) {
      log.warn('dnsTcpFailed', { reason: (error as Error).message });
    }
    if (this.#isStopped) {
      await this.#tcp?.close();
      return;
    }
    this.endpointsChanged();
    this.#lan = this.#listenOnLinks();
    this.#portMap = startPortMap(this.#parts);
    this.#tables = this.#watchTables();
    const status = await this.#wiring.start();
    this.#setForwarding(status);
    log.info('dns', { state: status.mode, reason: status.reason });
  }

  /** The node's endpoints are others than before. */
  endpointsChanged(): void {
    if (!this.#isStarted || this.#isStopped) return;
    const { node, turn } = this.#parts.running;
    const plans = turn.run(() => node.needs.endpoints());
    this.#planned = plans.map((plan) => ({ plan: endpointPlan(plan), check: plan.check }));
    const endpoints = this.#planned.map(({ plan }) => plan);
    this.#note(this.#plumbing.apply(endpoints, this.#resolverPlan()));
  }

  /** Interfaces, addresses or routes of this host changed, or (`distrust`) tables of its packet filter. */
  hostChanged(distrust = false): void {
    if (!distrust) {
      this.#lan?.changed();
      this.#portMap?.changed();
    }
    this.#isDistrusted ||= distrust;
    if (!this.#isStarted || this.#isStopped) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      const isDistrusted = this.#isDistrusted;
      this.#isDistrusted = false;
      this.#note(this.#plumbing.refresh(isDistrusted));
    }, SETTLE_MS).unref();
  }

  /** A query for a name that is not ours, in the modes that send all names here. */
  async forward(query: Extract<NodeEvent, { kind: 'foreignQuery' }>): Promise<void> {
    const { node, turn } = this.#parts.running;
    const bytes = await this.#forwarder.forward(query.bytes, query.maxBytes);
    const { forwardId } = query;
    turn.run((now) => node.onHostEvent({ kind: 'forwarded', forwardId, bytes }, now));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#settling);
    this.#lan?.close();
    this.#tables?.close();
    this.#probe.close();
    const unmapped = this.#portMap?.close();
    await this.#wiring.stop();
    await unmapped;
    this.#forwarder.close();
    await this.#tcp?.close();
    this.#plumbing.close();
  }

  /** undefined: a kernel without a packet filter. */
  #watchTables(): Watch | undefined {
    try {
      return nativeSystem().watchTables(() => this.hostChanged(true));
    } catch {
      return undefined;
    }
  }

  #listenOnLinks(): LanDiscovery | undefined {
    const { running, interfaceName, config, nodeId, networkId } = this.#parts;
    const { node, turn, port } = running;
    const { udp4, udp6 } = port.info();
    const udpPort = udp4?.port ?? udp6?.port;
    if (config.lan === 'off' || udpPort === undefined) return undefined;
    const onFound: LanOptions['onFound'] = (found, address) =>
      turn.run((now) => node.onHostEvent({ kind: 'heard', nodeId: found, address }, now));
    return new LanDiscovery({ system: nativeSystem(), networkId, nodeId, udpPort, interfaceName, onFound });
  }

  #setForwarding({ mode }: DnsStatus): void {
    const { node, turn } = this.#parts.running;
    const isOn = mode === 'file' || mode === 'resolvconf';
    turn.run((now) => node.onHostEvent({ kind: 'forwarding', isOn }, now));
  }

  #resolverPlan() {
    const { ipv6, ipv4 } = this.#parts.running.node.needs.resolver();
    const ports = { tcpPort4: this.#tcp?.port4 || undefined, tcpPort6: this.#tcp?.port6 || undefined };
    return { address6: ipv6, alias4: ipv4, ...ports };
  }

  #note(problems: readonly EndpointProblem[]): void {
    const before = this.#problems.map(({ name, error }) => `${name} ${error.message}`);
    this.#problems = problems;
    for (const { name, error } of problems) {
      if (before.includes(`${name} ${error.message}`)) continue;
      const fields = { code: error.code, message: error.message };
      this.#parts.log.warn('endpointFailed', name === undefined ? fields : { ...fields, name });
    }
    this.#probe.set(this.#planned, problems);
  }
}

function endpointPlan(plan: NodePlan): EndpointPlan {
  const { selector, name, address6, address4, protocol, port, target } = plan;
  return { selector, name, address6, alias4: address4, protocol, port, target: savedTarget(target) };
}

/** What parseTarget made of a service's target when it was offered. */
function savedTarget(target: string): HostTarget {
  const address = target === '' ? undefined : parseSocketAddress(target);
  return address === undefined ? { kind: 'host' } : { kind: 'address', ...address };
}

/** The target of a service as it is kept: ADDRESS:PORT, '' for this host's own port. Throws a CodedError. */
export async function targetText(
  target: string | null | undefined,
  rules: Omit<TargetRules, 'system'>,
): Promise<string> {
  const parsed = await parseTarget(target ?? undefined, { ...rules, system: nativeSystem() });
  return parsed.kind === 'host' ? '' : formatSocketAddress(parsed);
}
