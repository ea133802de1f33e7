// Mode resolved: systemd-resolved asks our resolver for our zones only, told over D-Bus per link
// (org.freedesktop.resolve1(5)). Nothing of it is on disk; it goes with the link.
import { ipToBytes, isIpv4 } from '../../core/base/ip.ts';
import { Bus, BusError } from './bus.ts';
import { readText } from './files.ts';
import { at, interfaceIndexOf } from './host.ts';
import { parseResolvConf } from './resolv-conf.ts';
import { type Change, type DnsHost, type Standing, Unsuitable, type WayContext } from './types.ts';

const SERVICE = 'org.freedesktop.resolve1';
const PATH = '/org/freedesktop/resolve1';
const MANAGER = 'org.freedesktop.resolve1.Manager';
/** The stub listener, with and without the search domains. */
const STUBS = ['127.0.0.53', '127.0.0.54'];
/** The first call starts the service, which takes its time on a small machine. */
const START_TRIES = 3;
const AF_INET = 2;
const AF_INET6 = 10;
/** Wait before a lost bus is tried again, doubled up to the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

type ResolvedChange = Extract<Change, { mode: 'resolved' }>;

export async function beginResolved(context: WayContext): Promise<Standing> {
  const standing = new ResolvedStanding(context);
  try {
    await standing.connect();
    const obstacle = standing.obstacle();
    if (obstacle !== undefined && !context.isConfigured) throw new Unsuitable(obstacle);
    const { interfaceName, interfaceIndex } = context.options;
    context.record({ mode: 'resolved', interfaceName, interfaceIndex });
    await standing.again();
    if (obstacle !== undefined) standing.doubt = obstacle;
    return standing;
  } catch (error) {
    standing.close();
    throw error instanceof BusError ? new Unsuitable(explain(error)) : error;
  }
}

class ResolvedStanding implements Standing {
  /** Why names may not work all the same. */
  doubt: string | undefined;
  readonly #context: WayContext;
  #bus: Bus | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #isClosed = false;

  constructor(context: WayContext) {
    this.#context = context;
  }

  get reason(): string {
    const said = `systemd-resolved asks mcc for .${this.#context.options.zone}`;
    return this.doubt === undefined ? said : `${said}, but ${this.doubt}`;
  }

  /** Opens the bus, starts the service if need be, and follows both. */
  async connect(): Promise<void> {
    const bus = await Bus.open(this.#context.host.systemBus);
    if (this.#isClosed) return bus.close();
    this.#bus?.close();
    this.#bus = bus;
    await ping(bus);
    bus.onLost(() => this.#lost());
    await bus.onOwner(SERVICE, () => this.#redo());
    await bus.onSignal(
      'org.freedesktop.login1',
      '/org/freedesktop/login1',
      'org.freedesktop.login1.Manager',
      'PrepareForSleep',
      ([isGoing]) => {
        if (isGoing === false) this.#redo();
      },
    );
  }

  /** Programs must ask resolved: by nss-resolve, or by its stub listener. */
  obstacle(): string | undefined {
    const { host } = this.#context;
    if (asksResolveFirst(readText(at(host, '/etc/nsswitch.conf')) ?? '')) return undefined;
    const { nameservers } = parseResolvConf(readText(at(host, '/etc/resolv.conf')) ?? '');
    if (nameservers.length > 0 && nameservers.every((server) => STUBS.includes(server))) return undefined;
    return 'programs bypass systemd-resolved (fix: ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf)';
  }

  async again(): Promise<void> {
    if (this.#bus === undefined || !this.#bus.isOpen) await this.connect();
    if (this.#isClosed || this.#bus === undefined) return;
    await configure(this.#bus, this.#context);
    this.#waitMs = FIRST_WAIT_MS;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#bus?.close();
  }

  /** resolved came back and has forgotten our link. */
  #redo(): void {
    if (this.#isClosed) return;
    this.again().then(
      () => {
        if (!this.#isClosed) this.#context.tell(this.reason);
      },
      (error) => {
        if (this.#isClosed) return;
        this.#context.tell(`systemd-resolved does not take the settings again: ${error.message}`);
        this.#lost();
      },
    );
  }

  #lost(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#redo();
    }, this.#waitMs).unref();
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }
}

async function ping(bus: Bus): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await bus.call({
        destination: SERVICE,
        path: PATH,
        interface: 'org.freedesktop.DBus.Peer',
        member: 'Ping',
      });
      return;
    } catch (error) {
      if ((error as BusError).kind !== 'Timeout' || tries === START_TRIES) throw error;
    }
  }
}

/** The settings of our link. What old versions do not know, and what only rounds it off, may fail. */
async function configure(bus: Bus, { options }: WayContext): Promise<void> {
  const index = options.interfaceIndex;
  const set = (member: string, signature: string, ...body: unknown[]) =>
    bus.call({ destination: SERVICE, path: PATH, interface: MANAGER, member, signature, body });
  const servers = options.resolvers.map((ip) => [
    isIpv4(ip) ? AF_INET : AF_INET6,
    Buffer.from(ipToBytes(ip)),
  ]);
  const zones = [options.zone, ...options.reverseZones];
  await set('SetLinkDNS', 'ia(iay)', index, servers);
  // true: resolved routes by the domain and never appends it to a name.
  const routed = (names: readonly string[]) => names.map((name) => [name, true]);
  try {
    await set('SetLinkDomains', 'ia(sb)', index, routed(zones));
  } catch (error) {
    if (options.reverseZones.length === 0) throw error;
    await set('SetLinkDomains', 'ia(sb)', index, routed([options.zone]));
  }
  await maybe(set('SetLinkDefaultRoute', 'ib', index, false));
  await maybe(set('SetLinkLLMNR', 'is', index, 'no'));
  await maybe(set('SetLinkMulticastDNS', 'is', index, 'no'));
  await maybe(set('SetLinkDNSSEC', 'is', index, 'no'));
  await maybe(set('SetLinkDNSSECNegativeTrustAnchors', 'ias', index, zones));
  await maybe(set('SetLinkDNSOverTLS', 'is', index, 'no'));
  await maybe(set('FlushCaches', ''));
}

async function maybe(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const { kind } = error as BusError;
    if (kind === 'Timeout' || kind === 'ECONNCLOSED') throw error;
  }
}

/** "hosts: files resolve [!UNAVAIL=return] dns": resolve must come before dns. */
function asksResolveFirst(nsswitch: string): boolean {
  const line = /^\s*hosts:(.*)$/m.exec(nsswitch.replaceAll(/#.*/g, ''))?.[1] ?? '';
  const sources = line.trim().split(/\s+/);
  const resolve = sources.indexOf('resolve');
  const dns = sources.indexOf('dns');
  return resolve >= 0 && (dns < 0 || resolve < dns);
}

function explain(error: BusError): string {
  switch (error.kind) {
    case 'ServiceUnknown':
    case 'NameHasNoOwner':
      return 'systemd-resolved is not there';
    case 'AccessDenied':
    case 'InteractiveAuthorizationRequired':
      return 'systemd-resolved refuses the settings: no polkit rule allows them to this user';
    case 'Timeout':
      return 'systemd-resolved does not answer';
    default:
      return error.message;
  }
}

export async function undoResolved(change: ResolvedChange, host: DnsHost): Promise<string> {
  // With the link its settings are gone too, and the number may be another link's by now.
  if (interfaceIndexOf(change.interfaceName) !== change.interfaceIndex) return 'the link is gone';
  let bus: Bus;
  try {
    bus = await Bus.open(host.systemBus);
  } catch {
    return 'there is no system bus any more';
  }
  const revert = (member: string, signature?: string, body?: unknown[]) =>
    bus.call(
      { destination: SERVICE, path: PATH, interface: MANAGER, member, ...(signature && { signature, body }) },
      { isStarting: false },
    );
  try {
    await revert('RevertLink', 'i', [change.interfaceIndex]);
    await maybe(revert('FlushCaches'));
    return 'the settings of the link are reverted';
  } catch (error) {
    const { kind } = error as BusError;
    if (kind === 'ServiceUnknown' || kind === 'NameHasNoOwner') return 'systemd-resolved does not run';
    if (kind === 'NoSuchLink') return 'the link is gone';
    // Nothing of it outlives the link, and the next start sets it anew.
    return `systemd-resolved did not revert the link: ${explain(error as BusError)}`;
  } finally {
    bus.close();
  }
}
