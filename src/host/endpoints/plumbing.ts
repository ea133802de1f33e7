// Own endpoints in the kernel: addresses on the interface, translation and filter in a table of our own, and the
// settings of interfaces that both need.
import { CodedError } from '../../core/base/errors.ts';
import { addressScope, formatIp, type IpAddress, ipv4, isIpv4 } from '../../core/base/ip.ts';
import type { System } from '../native/types.ts';
import { droppingChain, hasTable, nft, removeTable } from './nft.ts';
import { type Flow, type Rules, ruleset } from './ruleset.ts';
import { Settings } from './settings.ts';
import { targetRefusal } from './target.ts';
import type { EndpointPlan, EndpointProblem, ResolverPlan, TargetRules } from './types.ts';

/** Endpoints' addresses stand alone; the host's own come with the range that leads into the interface. */
const ENDPOINT_BITS = 128;

export interface PlumbingOptions {
  readonly system: System;
  /** The TUN. */
  readonly interfaceName: string;
  /** Virtual addresses of this host on it. */
  readonly hostAddresses: readonly IpAddress[];
  /** Where the settings stand that are to be restored; its folder exists and is ours. */
  readonly stateFile: string;
  /** TCP listeners of mcc itself, which no service may lead to. */
  readonly reserved: TargetRules['reserved'];
}

/** What is to be the case: endpoints' addresses, translations, and the problems that were found on the way. */
interface Intent {
  readonly addresses: IpAddress[];
  readonly flows: Flow[];
  readonly problems: EndpointProblem[];
}

/**
 * Keeps the kernel's state for own endpoints exactly as planned. All calls are synchronous: some netlink requests, and one run
 * of nft (5 ms) when the rules differ from those before; only what others filter is looked at beside the loop. Endpoints that lead elsewhere have no address on the interface: where the
 * rules are missing, nothing of this host answers in their place.
 */
export class EndpointPlumbing {
  readonly #options: PlumbingOptions;
  readonly #settings: Settings;
  #plans: readonly EndpointPlan[] = [];
  #resolver: ResolverPlan | undefined;
  /** Rules that stand; '' : there is no table. */
  #rules = '';
  #remarks: readonly CodedError[] = [];
  /** The packet filter is not what it was when `#remarks` were found. */
  #isDistrusted = false;
  /** The look around under way; the latest one counts. */
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** `mend` comes first: it removes what an earlier run left. */
  constructor(options: PlumbingOptions) {
    this.#options = options;
    this.#settings = new Settings(options.system, options.stateFile);
  }

  /** What stands in the way although everything is set up, as far as it can be seen: a firewall of this host. */
  get remarks(): readonly CodedError[] {
    return this.#remarks;
  }

  /** `remarks` are of the host as it is now. Never rejects. */
  settled(): Promise<void> {
    return this.#looking;
  }

  /** Makes it so, with the least change. Returns what could not be done; the rest stands. Throws nothing. */
  apply(plans: readonly EndpointPlan[], resolver: ResolverPlan | undefined): EndpointProblem[] {
    if (this.#isClosed) return [];
    this.#plans = plans;
    this.#resolver = resolver;
    const { system, interfaceName } = this.#options;
    const index = system.linkIndex(interfaceName);
    if (index === 0) {
      this.#withdraw();
      const error = new CodedError('INTERFACE_FAILED', `${interfaceName} is gone`);
      return plans.map(({ name }) => ({ name, error }));
    }
    const intent = this.#intent();
    try {
      this.#prepare(index, intent);
    } catch (error) {
      // Without the rules nothing is sent on, and without them nothing may be open.
      this.#failed(intent, error);
    }
    try {
      this.#setAddresses(index, intent);
    } catch (error) {
      const coded = new CodedError('INTERFACE_FAILED', `${interfaceName}: ${(error as Error).message}`);
      for (const { name, target } of plans) {
        if (target.kind === 'host') intent.problems.push({ name, error: coded });
      }
    }
    return intent.problems;
  }

  /**
   * The same plans once more, after a change of interfaces, addresses or routes: another interface may lead to a device now,
   * and what somebody stripped comes back. `distrust`: the table may be gone as well.
   */
  refresh(distrust = false): EndpointProblem[] {
    if (distrust && this.#rules !== '' && !this.#isClosed && !hasTable(this.#options.interfaceName)) {
      this.#rules = '';
    }
    this.#isDistrusted = distrust;
    const problems = this.apply(this.#plans, this.#resolver);
    this.#isDistrusted = false;
    return problems;
  }

  /** Removes everything. */
  close(): void {
    if (this.#isClosed) return;
    this.apply([], undefined);
    this.#isClosed = true;
  }

  /** Rules before settings, so that nothing is open without them; the other way round when both go. */
  #prepare(index: number, { flows, addresses }: Intent): void {
    const loopback = flows.some(({ users, to }) => users !== 'local' && addressScope(to) === 'loopback');
    const links = [...new Set(flows.map(({ link }) => link).filter((link) => link !== 0))];
    const settings = {
      routeLocalnet: loopback ? [index] : [],
      forwarding: links.length === 0 ? [] : [index, ...links],
    };
    const { interfaceName, hostAddresses } = this.#options;
    const here = [...hostAddresses, ...addresses];
    if (flows.length === 0) {
      this.#settings.set(settings);
      this.#load('');
      this.#looking = Promise.resolve();
      this.#remarks = [];
      return;
    }
    const before = this.#settings.opened;
    // An interface that is to forward for us alone is shut for everything else before it does.
    const rules = (opened: readonly number[]): Rules => ({ interfaceName, flows, here, opened });
    const closed = new Set(
      this.#options.system.listLinks().flatMap((link) => (link.forwarding ? [] : link.index)),
    );
    const was = this.#rules;
    const opened = links.filter((link) => before.includes(link) || closed.has(link));
    this.#load(ruleset(rules([...new Set([...opened, ...before.filter((link) => link !== index)])])));
    this.#settings.set(settings);
    this.#load(ruleset(rules(opened)));
    if (was === this.#rules && !this.#isDistrusted) return;
    const looking = links.length > 0 ? this.#lookAround() : Promise.resolve([]);
    this.#looking = looking.then((remarks) => {
      if (this.#looking === settled) this.#remarks = remarks;
    });
    const settled = this.#looking;
  }

  async #lookAround(): Promise<CodedError[]> {
    const { interfaceName } = this.#options;
    // An nft without JSON, for one; nothing depends on it.
    const chain = await droppingChain(interfaceName).catch(() => undefined);
    const how = `nft insert rule ${chain} iifname ${interfaceName} accept, and the same with oifname`;
    return chain === undefined ? [] : [new CodedError('FIREWALL_DROPS', `chain ${chain}; ${how}`)];
  }

  #load(rules: string): void {
    if (rules === this.#rules) return;
    if (rules === '') removeTable(this.#options.interfaceName);
    else nft(['-f', '-'], rules);
    this.#rules = rules;
  }

  #failed(intent: Intent, error: unknown): void {
    const coded =
      error instanceof CodedError ? error : new CodedError('NFT_FAILED', String(error), { cause: error });
    const failed = new Set(
      this.#plans.filter(({ target }) => target.kind === 'address').map(({ name }) => name),
    );
    for (const name of failed) {
      if (!intent.problems.some((problem) => problem.name === name))
        intent.problems.push({ name, error: coded });
    }
    if (hasTcp(this.#resolver)) intent.problems.push({ name: undefined, error: coded });
    this.#withdraw();
  }

  /** Nothing is open, and nothing is sent on. What the kernel refuses to take back stays until the next start mends it. */
  #withdraw(): void {
    try {
      this.#settings.set({ routeLocalnet: [], forwarding: [] });
      this.#load('');
    } catch {
      this.#rules = '';
    }
  }

  #intent(): Intent {
    const intent: Intent = { addresses: [], flows: [], problems: [] };
    const { hostAddresses } = this.#options;
    for (const plan of this.#plans) {
      if (plan.target.kind === 'host') this.#host(plan, intent);
      else this.#elsewhere(plan, plan.target, intent);
    }
    const resolver = this.#resolver;
    const tcp = (address: IpAddress | undefined, to: IpAddress, toPort: number | undefined): void => {
      if (address === undefined || toPort === undefined) return;
      intent.flows.push({ address, protocol: 'tcp', port: 53, to, toPort, link: 0, users: 'local' });
    };
    tcp(resolver?.alias4, ipv4(127, 0, 0, 1), resolver?.tcpPort4);
    const has6 = hostAddresses.some((ip) => !isIpv4(ip));
    tcp(resolver?.address6, LOOPBACK6, has6 ? resolver?.tcpPort6 : undefined);
    return intent;
  }

  /** A program on all addresses answers UDP from the host's address, so that is where its packets must have gone. */
  #host({ address6, alias4, protocol, port }: EndpointPlan, { addresses, flows }: Intent): void {
    for (const to of this.#options.hostAddresses) {
      const address = isIpv4(to) ? alias4 : address6;
      if (address === undefined) continue;
      addresses.push(address);
      if (protocol === 'udp') {
        flows.push({ address, protocol, port, to, toPort: port, link: 0, users: 'remotes' });
      }
    }
  }

  #elsewhere(
    plan: EndpointPlan,
    { ip, port: toPort }: { ip: IpAddress; port: number },
    intent: Intent,
  ): void {
    const { name, protocol, port } = plan;
    const problem = (error: CodedError): void => {
      intent.problems.push({ name, error });
    };
    const refusal = targetRefusal({ ip, port: toPort }, this.#options);
    if (refusal !== undefined) return problem(refusal);
    const address = isIpv4(ip) ? plan.alias4 : plan.address6;
    if (address === undefined) {
      return problem(new CodedError('TARGET_UNREACHABLE', `${formatIp(ip)}: ${name} has no IPv4 alias`));
    }
    let link = 0;
    if (addressScope(ip) !== 'loopback') {
      try {
        const route = this.#options.system.findRoute(ip);
        if (route.kind === 'unicast') link = route.index;
      } catch {
        return problem(new CodedError('TARGET_UNREACHABLE', `there is no route to ${formatIp(ip)}`));
      }
    }
    intent.flows.push({ address, protocol, port, to: ip, toPort, link, users: 'both' });
  }

  #setAddresses(index: number, { addresses, problems }: Intent): void {
    const { system } = this.#options;
    const wanted = new Map(addresses.map((ip) => [formatIp(ip), ip]));
    for (const found of endpointAddresses(system, index)) {
      if (!wanted.delete(formatIp(found))) system.removeAddress(index, found, ENDPOINT_BITS);
    }
    for (const [text, ip] of wanted) {
      try {
        system.addAddress(index, ip, ENDPOINT_BITS, { noPrefixRoute: true, noDad: true, neverSource: true });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        // Somebody was faster; or IPv6 is switched off on this host.
        if (code === 'EEXIST' || (code === 'EACCES' && !isIpv4(ip))) continue;
        const plan = this.#plans.find((one) => [one.address6, one.alias4].includes(ip));
        problems.push({ name: plan?.name, error: new CodedError('INTERFACE_FAILED', `${text}: ${message}`) });
      }
    }
  }
}

/**
 * Removes what a run that was killed left behind: table, endpoints' addresses, settings. For the start, before the first
 * plumbing, and for the service manager after the end. Throws NFT_FAILED or a SystemError.
 */
export function mendEndpoints(system: System, interfaceName: string, stateFile: string): void {
  const index = system.linkIndex(interfaceName);
  if (index !== 0) {
    for (const ip of endpointAddresses(system, index)) system.removeAddress(index, ip, ENDPOINT_BITS);
  }
  new Settings(system, stateFile).set({ routeLocalnet: [], forwarding: [] });
  removeTable(interfaceName);
}

const LOOPBACK6: IpAddress = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

function hasTcp(resolver: ResolverPlan | undefined): boolean {
  return resolver?.tcpPort4 !== undefined || resolver?.tcpPort6 !== undefined;
}

function endpointAddresses(system: System, index: number): IpAddress[] {
  return system
    .listPrefixes()
    .filter((found) => found.kind === 'address' && found.index === index && found.bits === ENDPOINT_BITS)
    .map(({ ip }) => ip);
}
