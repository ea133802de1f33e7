// mcc.yaml: every key is optional; what is not understood is refused with its file, its line and what is allowed.
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import { formatIp, parseSocketAddress, type SocketAddress } from '../../core/base/ip.ts';
import { isName } from '../../core/base/name.ts';
import { nearest } from '../../core/base/near.ts';
import { DEFAULT_FLOW } from '../../core/engine/engine.ts';
import type { FlowSettings } from '../../core/engine/types.ts';
import { DEFAULT_RELAY_LIMITS } from '../../core/path/path.ts';
import { REKEY_AFTER_MESSAGES, REKEY_AFTER_MS } from '../../core/wire/limits.ts';
import { DNS_MODES, type DnsMode } from '../dns/types.ts';

export const DEFAULT_PORT = 9376;
export const DEFAULT_MTU = 1420;
const API_PORT = 9377;
/** Enough for calls and shells of many, and no more than what a server's owner will hardly notice. */
const DEFAULT_RELAY_MBPS = 200;
const RELAY_SCOPES = ['all', 'organisation', 'off'] as const;
/** Exactly these: their names stand in the Host header of whoever may ask. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** UDP sockets, one per address; empty: the default port on all addresses of both families. */
  listen: SocketAddress[];
  /** Name of the TUN interface. */
  interface: string;
  /** Bytes, 1280 to 65,520. */
  mtu: number;
  /** Where this node answers from outside: HOST:PORT, names not yet resolved. */
  advertise: string[];
  logLevel: LogLevel;
  /** Name of the zone of all names of the network, without dots at its ends. */
  zone: string;
  /** How programs of this host find names of the zone. */
  dns: 'auto' | DnsMode;
  /** `never`: this node keeps no records for others, however well it is reached. */
  core: 'auto' | 'never';
  /** `off`: nodes on the same link are not looked for by multicast. */
  lan: 'auto' | 'off';
  /** For whom this node relays, once it is reached unasked. */
  relay: 'all' | 'organisation' | 'off';
  /** Of what it relays: Mbit/s in all, 0: no limit; and circuits at a time. */
  relayMbps: number;
  relayCircuits: number;
  /** `never`: no relay keeps this node reachable. */
  relayed: 'auto' | 'never';
  /** `off`: no gateway is asked to pass on the node's port. */
  portmap: 'auto' | 'off';
  /** `off`: no connections by TCP, neither taken nor made, where UDP is blocked; and by TLS on port 443. */
  tcp: 'auto' | 'off';
  tls443: 'auto' | 'off';
  flow: FlowSettings;
  /** `openssl`: AES-GCM by OpenSSL even where the faster libipsec-mb is installed. */
  crypto: 'auto' | 'openssl';
  /** Fresh keys for a session that is used, by age and by datagrams sent; at most the protocol's own limits. */
  rekeyAfterMs: number;
  rekeyAfterMessages: number;
  /** The API over TCP beside its socket; undefined: off. */
  api: ApiConfig | undefined;
}

export interface ApiConfig {
  /** A loopback address. */
  readonly listen: SocketAddress;
  /** Absolute; undefined: in the state directory. */
  readonly tokenFile: string | undefined;
}

export function defaultConfig(): Config {
  return {
    listen: [],
    interface: 'mcc0',
    mtu: DEFAULT_MTU,
    advertise: [],
    logLevel: 'info',
    zone: 'mcc',
    dns: 'auto',
    core: 'auto',
    lan: 'auto',
    relay: 'all',
    relayMbps: DEFAULT_RELAY_MBPS,
    relayCircuits: DEFAULT_RELAY_LIMITS.circuits,
    relayed: 'auto',
    portmap: 'auto',
    tcp: 'auto',
    tls443: 'auto',
    crypto: 'auto',
    rekeyAfterMs: REKEY_AFTER_MS,
    rekeyAfterMessages: REKEY_AFTER_MESSAGES,
    flow: DEFAULT_FLOW,
    api: undefined,
  };
}

/** A value that is refused: what is allowed. */
class Refusal extends Error {}

interface Key {
  /** One phrase: what is allowed. Printed with every refusal. */
  readonly allowed: string;
  /** Reads the value into the configuration, or throws a Refusal. */
  read(value: unknown, config: Config): void;
}

const FLOW_KEYS = ['control', 'repair', 'correction'] as const;

const KEYS: Record<string, Key> = {
  listen: {
    allowed: 'ADDRESS:PORT or a list of at most one per address family, such as 0.0.0.0:9376 or "[::]:9376"',
    read(value, config) {
      config.listen = list(value, 2).map((entry) => parseListen(text(entry)));
    },
  },
  interface: {
    allowed: 'an interface name of 1 to 15 letters, digits, dots, hyphens or underscores',
    read(value, config) {
      config.interface = parseInterface(text(value));
    },
  },
  mtu: {
    allowed: 'a whole number from 1280 to 65520',
    read(value, config) {
      config.mtu = whole(value, 1280, 65_520);
    },
  },
  advertise: {
    allowed: 'HOST:PORT or a list of at most 8 of them',
    read(value, config) {
      config.advertise = list(value, 8).map((entry) => parseHost(text(entry)));
    },
  },
  logLevel: {
    allowed: `one of ${LOG_LEVELS.join(', ')}`,
    read(value, config) {
      if (!(LOG_LEVELS as readonly unknown[]).includes(value)) throw new Refusal();
      config.logLevel = value as LogLevel;
    },
  },
  zone: {
    allowed: 'a domain name of at most 63 characters in lower case, such as mcc or mesh.example',
    read(value, config) {
      const zone = text(value);
      if (zone.length > 63 || !zone.split('.').every(isName)) throw new Refusal();
      config.zone = zone;
    },
  },
  dns: {
    allowed: `one of auto, ${DNS_MODES.join(', ')}`,
    read(value, config) {
      if (value !== 'auto' && !(DNS_MODES as readonly unknown[]).includes(value)) throw new Refusal();
      config.dns = value as Config['dns'];
    },
  },
  core: {
    allowed: 'auto or never',
    read(value, config) {
      if (value !== 'auto' && value !== 'never') throw new Refusal();
      config.core = value;
    },
  },
  lan: {
    allowed: 'auto or off',
    read(value, config) {
      config.lan = autoOrOff(value);
    },
  },
  relay: {
    allowed: `one of ${RELAY_SCOPES.join(', ')}`,
    read(value, config) {
      // YAML 1.1 minds read off as false.
      const scope = RELAY_SCOPES.find((known) => known === (value === false ? 'off' : value));
      if (scope === undefined) throw new Refusal();
      config.relay = scope;
    },
  },
  relayMbps: {
    allowed: 'a number of Mbit/s from 0.1 to 100000, or 0 for no limit',
    read(value, config) {
      if (typeof value !== 'number' || (value !== 0 && !(value >= 0.1)) || value > 100_000)
        throw new Refusal();
      config.relayMbps = value;
    },
  },
  relayCircuits: {
    allowed: `a whole number from 1 to ${DEFAULT_RELAY_LIMITS.circuits}`,
    read(value, config) {
      config.relayCircuits = whole(value, 1, DEFAULT_RELAY_LIMITS.circuits);
    },
  },
  relayed: {
    allowed: 'auto or never',
    read(value, config) {
      if (value !== 'auto' && value !== 'never') throw new Refusal();
      config.relayed = value;
    },
  },
  portmap: {
    allowed: 'auto or off',
    read(value, config) {
      config.portmap = autoOrOff(value);
    },
  },
  tcp: {
    allowed: 'auto or off',
    read(value, config) {
      config.tcp = autoOrOff(value);
    },
  },
  tls443: {
    allowed: 'auto or off',
    read(value, config) {
      config.tls443 = autoOrOff(value);
    },
  },
  crypto: {
    allowed: 'auto or openssl',
    read(value, config) {
      if (value !== 'auto' && value !== 'openssl') throw new Refusal();
      config.crypto = value;
    },
  },
  rekeyAfterSeconds: {
    allowed: `a number from 0.1 to ${REKEY_AFTER_MS / 1000}`,
    read(value, config) {
      if (typeof value !== 'number' || !(value >= 0.1) || value > REKEY_AFTER_MS / 1000) throw new Refusal();
      config.rekeyAfterMs = value * 1000;
    },
  },
  rekeyAfterMessages: {
    allowed: `a whole number from 1000 to ${REKEY_AFTER_MESSAGES}`,
    read(value, config) {
      config.rekeyAfterMessages = whole(value, 1000, REKEY_AFTER_MESSAGES);
    },
  },
  flow: {
    allowed: `${FLOW_KEYS.map((key) => `${key}: on or off`).join(', ')}`,
    read(value, config) {
      config.flow = parseFlow(value);
    },
  },
  api: {
    allowed: `listen: 127.0.0.1:${API_PORT} or "[::1]:${API_PORT}", and tokenFile: an absolute path`,
    read(value, config) {
      config.api = parseApi(value);
    },
  },
};

/** Reads `path`; a file that is not there is an empty one unless it was `required`. Throws a CodedError. */
export async function readConfig(path: string, required = false): Promise<Config> {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && !required) return defaultConfig();
    throw new CodedError('CONFIG_UNREADABLE', `${path}: ${code ?? error}`);
  }
  return parseConfig(source, path);
}

export async function parseConfig(source: string, path: string): Promise<Config> {
  const config = defaultConfig();
  // Most hosts have no configuration; the parser is loaded for those that do.
  if (source.trim() === '') return config;
  const { isMap, isScalar, LineCounter, parseDocument } = await import('./yaml.ts');
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const invalid = (offset: number, what: string): CodedError =>
    new CodedError('CONFIG_INVALID', `${path}:${lines.linePos(offset).line}: ${what}`);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw invalid(problem.pos[0], problem.message.replaceAll(/\s+/g, ' '));
  const root = document.contents;
  if (root === null) return config;
  if (!isMap(root)) throw invalid(root.range?.[0] ?? 0, 'expected lines of the form "key: value"');
  for (const { key, value } of root.items) {
    const at = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    const name = isScalar(key) ? String(key.value) : '?';
    if (!Object.hasOwn(KEYS, name)) throw invalid(at, unknownKey(name));
    try {
      KEYS[name].read((value as { toJSON(): unknown } | null)?.toJSON() ?? undefined, config);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw invalid(at, `${name}: expected ${KEYS[name].allowed}`);
    }
  }
  return config;
}

function parseListen(value: string): SocketAddress {
  const address = parseSocketAddress(value, DEFAULT_PORT);
  if (address === undefined) throw new Refusal();
  return address;
}

function parseFlow(value: unknown): FlowSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal();
  const flow: Record<(typeof FLOW_KEYS)[number], boolean> = { ...DEFAULT_FLOW };
  for (const [key, how] of Object.entries(value)) {
    const name = FLOW_KEYS.find((known) => known === key);
    // YAML 1.1 minds read on and off as true and false.
    const isOn = how === true || how === 'on';
    if (name === undefined || !(isOn || how === false || how === 'off')) throw new Refusal();
    flow[name] = isOn;
  }
  return flow;
}

function parseApi(value: unknown): ApiConfig {
  const { listen, tokenFile, ...others } = Object(value) as Record<string, unknown>;
  const address = parseSocketAddress(text(listen), API_PORT);
  const isLoopback = address !== undefined && LOOPBACK.includes(formatIp(address.ip));
  if (!isLoopback || Object.keys(others).length > 0) throw new Refusal();
  if (tokenFile === undefined) return { listen: address, tokenFile };
  if (!isAbsolute(text(tokenFile))) throw new Refusal();
  return { listen: address, tokenFile: text(tokenFile) };
}

/** HOST:PORT, or any part of it that leaves the rest to the defaults; resolved when it is used. */
function parseHost(value: string): string {
  const name = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::(\d{1,5}))?$/.exec(value);
  const port = Number(name?.[1] ?? DEFAULT_PORT);
  const isName = name !== null && port >= 1 && port <= 65_535;
  if (!isName && !(parseListen(value).port > 0)) throw new Refusal();
  return value;
}

function parseInterface(value: string): string {
  if (!/^[A-Za-z0-9_.-]{1,15}$/.test(value) || value === '.' || value === '..') throw new Refusal();
  return value;
}

/** Options of the command line go through the same readers; `option` is named in the refusal. */
export function applyOption(
  config: Config,
  name: keyof Config & string,
  option: string,
  value: unknown,
): void {
  try {
    KEYS[name].read(value, config);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new CodedError('USAGE', `${option}: expected ${KEYS[name].allowed}`);
  }
}

function unknownKey(name: string): string {
  const near = nearest(name, Object.keys(KEYS));
  const hint = near === undefined ? '' : `did you mean "${near}"? `;
  return `unknown key "${name}"; ${hint}allowed are ${Object.keys(KEYS).join(', ')}`;
}

/** YAML 1.1 minds read off as false. */
function autoOrOff(value: unknown): 'auto' | 'off' {
  if (value !== 'auto' && value !== 'off' && value !== false) throw new Refusal();
  return value === 'auto' ? 'auto' : 'off';
}

function list(value: unknown, most: number): unknown[] {
  const entries = Array.isArray(value) ? value : [value];
  if (entries.length > most) throw new Refusal();
  return entries;
}

function whole(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new Refusal();
  }
  return value;
}

function text(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.length > 255) throw new Refusal();
  return value;
}
