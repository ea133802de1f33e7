// The only place that constructs a node with everything around it.

import { Suite } from '../../core/base/batch-layout.generated.ts';
import { formatSocketAddress, ipv4, isIpv4, type Prefix, type SocketAddress } from '../../core/base/ip.ts';
import type { NodeKeys } from '../../core/identity/types.ts';
import { Node } from '../../core/node/node.ts';
import type { NodeOptions, Prefix4 } from '../../core/node/types.ts';
import { DEFAULT_RELAY_LIMITS } from '../../core/path/path.ts';
import { nodeCrypto, systemRng } from '../crypto/crypto.ts';
import {
  configureInterface,
  type InterfacePlan,
  interfaceDiffers,
  localAddresses,
  nowMs,
  Turn,
  type TurnHooks,
  usedPrefixes,
  type WallClock,
} from '../io/io.ts';
import {
  CHANGE_ADDRESS,
  CHANGE_OVERRUN,
  CHANGE_OWN,
  CHANGE_ROUTE,
  hasFastAes,
  nativeSystem,
  openPort,
} from '../native/native.ts';
import type { NativePort, System } from '../native/types.ts';
import type { Storage } from '../storage/storage.ts';
import { StreamHost } from '../streams/streams.ts';
import { type Config, DEFAULT_PORT } from './config.ts';

const BYTES_PER_MBIT = 125_000;
const TLS_PORT = 443;

export interface NodeParts {
  readonly storage: Storage;
  readonly config: Config;
  readonly clock: WallClock;
  readonly keys: NodeKeys;
  readonly signerSeed: Uint8Array | undefined;
  readonly genesis: Uint8Array;
  /** undefined: a joiner. */
  readonly chain: Uint8Array | undefined;
  /** Resolved from Config.advertise. */
  readonly advertise: readonly SocketAddress[];
  /** false: socket and UDP only, on any port when the configured one is taken. */
  readonly withInterface: boolean;
  readonly hooks: Omit<TurnHooks, 'look'>;
  /** Interfaces, addresses or routes of this host changed. */
  onHostChanged(): void;
  /** Somebody changed the interface: what differs now from what was planned. */
  onInterfaceChanged(difference: string): void;
}

/** The plan as far as this host could follow it. */
function setUpInterface(system: System, config: Config, node: Node): InterfacePlan {
  const { ipv6, ipv4: alias } = node.needs.interfaceAddresses();
  const plan = { name: config.interface, mtu: config.mtu, addresses: [ipv6, alias] };
  return { ...plan, addresses: configureInterface(system, plan) };
}

/** A node at work: what compose made, and how to end it. */
export interface RunningNode {
  readonly node: Node;
  readonly turn: Turn;
  readonly port: NativePort;
  /** Name of the TUN; null without one. */
  readonly interfaceName: string | null;
  /** The interface has no IPv6 address, since IPv6 is switched off on this host. */
  readonly lacksIpv6: boolean;
  /** Local addresses of the sockets. */
  readonly listen: string[];
  /** Connections for when UDP is blocked. */
  readonly streams: StreamHost;
  /** `removeInterface`: a clean stop; otherwise the TUN stays for the next start. */
  stop(removeInterface: boolean): void;
}

/** Opens interface and sockets and starts the node. Throws a CodedError and leaves nothing open. */
export function startNode(parts: NodeParts): RunningNode {
  const { config, withInterface } = parts;
  const system = nativeSystem();
  const port = withInterface ? open(config, config.interface) : openAnywhere(config);
  try {
    const listen = listenAddresses(config, port);
    const node = new Node(nodeOptions(parts, listen[0]?.port ?? DEFAULT_PORT), nowMs());
    const turn = new Turn(node, port, {
      ...parts.hooks,
      onEvent(event) {
        if (event.kind === 'dial') streams.dial(event);
        else parts.hooks.onEvent(event);
      },
      look(now) {
        if (!parts.clock.follow()) return;
        node.onHostEvent({ kind: 'wallClock', wallOffsetMs: parts.clock.offsetMs }, now);
      },
    });
    const streams = streamHost(parts, node, turn, port, listen);
    const tellAddresses = (): void =>
      turn.run((now) =>
        node.onHostEvent(
          { kind: 'localAddresses', addresses: localAddresses(system, config.interface) },
          now,
        ),
      );
    const plan = withInterface ? setUpInterface(system, config, node) : undefined;
    tellAddresses();
    let difference: ReturnType<typeof interfaceDiffers>;
    const own = withInterface ? system.linkIndex(config.interface) : 0;
    const watch = system.watch(own, (changes) => {
      if ((changes & (CHANGE_ADDRESS | CHANGE_ROUTE | CHANGE_OVERRUN)) !== 0) tellAddresses();
      parts.onHostChanged();
      if (plan === undefined || (changes & (CHANGE_OWN | CHANGE_OVERRUN)) === 0) return;
      const before = difference;
      difference = interfaceDiffers(system, plan);
      // Whoever takes the interface down means it; what a network manager strips from it is put back, as often as it does so.
      if (difference === 'mtu' || difference === 'address') configureInterface(system, plan);
      if (difference !== undefined && difference !== before) parts.onInterfaceChanged(difference);
    });
    return {
      node,
      turn,
      port,
      interfaceName: withInterface ? config.interface : null,
      lacksIpv6: plan?.addresses.every(({ ip }) => isIpv4(ip)) ?? false,
      listen: listen.map(formatSocketAddress),
      streams,
      stop(removeInterface) {
        watch.close();
        streams.close();
        turn.run((now) => node.shutdown(now));
        turn.stop();
        port.close(removeInterface);
      },
    };
  } catch (error) {
    port.close(true);
    throw error;
  }
}

/** Daemons for one command, and joiners, take no connections: they only make them. */
function streamHost(
  { config, withInterface }: NodeParts,
  node: Node,
  turn: Turn,
  port: NativePort,
  listen: readonly SocketAddress[],
): StreamHost {
  return new StreamHost({
    port,
    listen: withInterface ? listen : [],
    allowed: { tcp: config.tcp === 'auto', tls: config.tls443 === 'auto' },
    mayTakeTlsPort: () =>
      node.isReached &&
      node
        .listServices()
        .every((service) => service.port !== TLS_PORT && !service.target.endsWith(`:${TLS_PORT}`)),
    onUp: (up) => turn.run((now) => node.onHostEvent({ ...up, kind: 'streamUp' }, now)),
    onFailed: (dial) => turn.run((now) => node.onHostEvent({ kind: 'dialFailed', dial }, now)),
  });
}

function nodeOptions(parts: NodeParts, listenPort: number): NodeOptions {
  const { config, storage, clock } = parts;
  return {
    keys: parts.keys,
    genesis: parts.genesis,
    chain: parts.chain,
    signerSeed: parts.signerSeed,
    crypto: nodeCrypto,
    rng: systemRng,
    config: {
      advertise: parts.advertise,
      listenPort,
      mtu: config.mtu,
      zone: config.zone,
      client: config.core === 'never',
      flow: config.flow,
      relayLimits: { ...DEFAULT_RELAY_LIMITS, scope: config.relay, circuits: config.relayCircuits },
      relayBytesPerSecond: config.relayMbps * BYTES_PER_MBIT,
      relayed: config.relayed,
      suites: hasFastAes()
        ? [Suite.aes256Gcm, Suite.chacha20Poly1305]
        : [Suite.chacha20Poly1305, Suite.aes256Gcm],
      rekeyAfterMs: config.rekeyAfterMs,
      rekeyAfterMessages: config.rekeyAfterMessages,
    },
    state: storage.loadState(),
    hostPrefixes: usedPrefixes(nativeSystem(), config.interface).map(prefix4),
    wallOffsetMs: clock.offsetMs,
  };
}

function open(config: Config, name: string | undefined): NativePort {
  const { crypto } = config;
  const tun = name === undefined ? { crypto } : { crypto, interface: name };
  if (config.listen.length > 0) return openPort({ ...tun, listen: config.listen });
  const v4 = { ip: ipv4(0, 0, 0, 0), port: DEFAULT_PORT };
  try {
    return openPort({ ...tun, listen: [v4, { ip: new Uint8Array(16), port: DEFAULT_PORT }] });
  } catch (error) {
    // A kernel without IPv6, or with it switched off.
    const cause = (error as Error).cause ?? error;
    const errno = (cause as NodeJS.ErrnoException).code;
    if (errno !== 'EAFNOSUPPORT' && errno !== 'EADDRNOTAVAIL') throw error;
    return openPort({ ...tun, listen: [v4] });
  }
}

/** For a daemon that lives as long as one command, any port will do. */
function openAnywhere(config: Config): NativePort {
  try {
    return open(config, undefined);
  } catch {
    return openPort({ listen: [{ ip: ipv4(0, 0, 0, 0), port: 0 }] });
  }
}

function listenAddresses(config: Config, port: NativePort): SocketAddress[] {
  const { udp4, udp6 } = port.info();
  const configured = (isV4: boolean) => config.listen.find(({ ip }) => isIpv4(ip) === isV4)?.ip;
  const addresses: SocketAddress[] = [];
  if (udp4 !== undefined) addresses.push({ ip: configured(true) ?? ipv4(0, 0, 0, 0), port: udp4.port });
  if (udp6 !== undefined) addresses.push({ ip: configured(false) ?? new Uint8Array(16), port: udp6.port });
  return addresses;
}

function prefix4(prefix: Prefix): Prefix4 {
  const view = new DataView(prefix.ip.buffer, prefix.ip.byteOffset);
  return { address: view.getUint32(12), bits: prefix.bits - 96 };
}
