// Two ports in one process and one private network namespace: whoever connects to 10.78.0.2 goes into TUN A, over UDP on
// the loopback device, out of TUN B as coming from 10.79.0.2 to 10.79.0.1, and back the same way. Decisions are the
// smallest that a test can do with; a test replaces them where it looks closer.
import { spawnSync } from 'node:child_process';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { type IpAddress, ipToWords, ipv4, parseIp } from '../../src/core/base/ip.ts';
import { nativeSystem, openPort } from '../../src/host/native/native.ts';
import type { NativePort, PortOptions } from '../../src/host/native/types.ts';

export const LOCALHOST = ipv4(127, 0, 0, 1);
/** Largest plaintext of a datagram unless a test says otherwise. */
export const PLAINTEXT = 1420;

/**
 * Runs the calling test file again in a network namespace of its own, with its output passed through; returns only
 * there. Where namespaces are not to be had the file counts as skipped, and says so.
 */
export function privateNamespace(file: string): void {
  if (process.env.MCC_PRIVATE_NAMESPACE === file) return;
  if (spawnSync('unshare', ['--net', 'true']).status !== 0) {
    console.log('TAP version 14\n1..0 # SKIP needs root: a network namespace of its own');
    process.exit(0);
  }
  const { status } = spawnSync(
    'unshare',
    ['--net', process.execPath, ...process.execArgv, file, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...process.env, MCC_PRIVATE_NAMESPACE: file },
    },
  );
  process.exit(status ?? 1);
}

export interface Side {
  readonly port: NativePort;
  readonly udpPort: number;
  /** Next counter of send key 0. */
  counter: number;
  readonly mapping: Mapping;
  /** Decides an outbound row; returns the counters it takes. */
  decideOut(rows: Uint32Array, at: number, counter: number): number;
  decideIn(rows: Uint32Array, at: number): void;
}

/** Addresses that go into accepted inbound rows, by family. */
export interface Mapping {
  readonly source4: IpAddress;
  readonly destination4: IpAddress;
  readonly source6: IpAddress;
  readonly destination6: IpAddress;
}

export interface TwinOptions {
  readonly suite?: number;
  readonly plaintext?: number;
  readonly port?: Partial<PortOptions>;
  /** Address that both sockets are bound to; absent: 127.0.0.1. */
  readonly outer?: IpAddress;
  /** Of each side; absent: the port's default. */
  readonly bufferBytes?: readonly [number, number];
}

export const KEYS = [new Uint8Array(32).fill(0x11), new Uint8Array(32).fill(0x22)];
/** Receiver indices of the two sides: receive key slot 0. */
export const INDEX = [0x7a7a_0000, 0x1b1b_0000];

/** The loopback device of a fresh namespace is down. */
export function loopbackUp(): void {
  const system = nativeSystem();
  system.setLink(system.linkIndex('lo'), { up: true });
}

export class Twin {
  readonly sides: [Side, Side];

  constructor(options: TwinOptions = {}) {
    loopbackUp();
    this.sides = [openSide(0, options), openSide(1, options)];
    const suite = options.suite ?? L.Suite.aes256Gcm;
    for (const me of [0, 1]) {
      const { port } = this.sides[me];
      port.setSendKey(0, suite, KEYS[me], INDEX[1 - me]);
      port.setReceiveKey(0, suite, KEYS[1 - me], INDEX[me], 0);
      port.setPath(0, { ip: options.outer ?? LOCALHOST, port: this.sides[1 - me].udpPort });
    }
  }

  get a(): Side {
    return this.sides[0];
  }

  get b(): Side {
    return this.sides[1];
  }

  close(): void {
    for (const side of this.sides) side.port.close(true);
  }
}

function openSide(me: number, options: TwinOptions): Side {
  const name = `mcctest${me}`;
  const port = openPort({
    interface: name,
    listen: [{ ip: options.outer ?? LOCALHOST, port: 0 }],
    bufferBytes: options.bufferBytes?.[me],
    ...options.port,
  });
  const system = nativeSystem();
  const index = system.linkIndex(name);
  system.setLink(index, {
    up: true,
    mtu: 1420,
    linkLocal: false,
    txQueueLength: 1000,
    gsoMaxSize: 61000,
    gsoIpv4MaxSize: 61000,
  });
  system.addAddress(index, ipv4(10, 78 + me, 0, 1), 120);
  system.addAddress(index, parseIp(`fd00:${me}::1`) as IpAddress, 64, { noDad: true });
  const side: Side = {
    port,
    udpPort: (port.info().udp4 ?? port.info().udp6)?.port ?? 0,
    counter: 0,
    mapping: {
      source4: ipv4(10, 78 + me, 0, 2),
      destination4: ipv4(10, 78 + me, 0, 1),
      source6: parseIp(`fd00:${me}::2`) as IpAddress,
      destination6: parseIp(`fd00:${me}::1`) as IpAddress,
    },
    decideOut: (rows, at, counter) => sendRow(rows, at, counter, options.plaintext ?? PLAINTEXT),
    decideIn: (rows, at) => acceptRow(rows, at, side.mapping),
  };
  port.onInside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS)
      side.counter += side.decideOut(port.outRows, at, side.counter);
    port.send(rows);
  });
  port.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) side.decideIn(port.inRows, at);
    port.deliver(rows);
  });
  return side;
}

/** Sends the whole row on key 0 and path 0; returns the datagrams. */
export function sendRow(rows: Uint32Array, at: number, counter: number, plaintext: number): number {
  const datagrams = datagramsOf(rows, at, plaintext);
  rows[at + L.OutRow.action] = L.Action.send;
  rows[at + L.OutRow.key] = 0;
  rows[at + L.OutRow.path] = 0;
  rows[at + L.OutRow.counterLow] = counter >>> 0;
  rows[at + L.OutRow.counterHigh] = Math.floor(counter / 2 ** 32);
  rows[at + L.OutRow.datagrams] = datagrams;
  rows[at + L.OutRow.fragmentAt] = plaintext;
  return datagrams;
}

/** How many datagrams the row takes, by the rule that engine and addon share. */
export function datagramsOf(rows: Uint32Array, at: number, plaintext: number): number {
  const info = rows[at + L.OutRow.info];
  const shorter = (info & L.INFO_FAMILY) === 6 ? 24 : 0;
  const header = rows[at + L.OutRow.headerBytes] - shorter;
  const payload = rows[at + L.OutRow.length] - shorter - header;
  const segment = rows[at + L.OutRow.segmentBytes];
  const pieces = (bytes: number) =>
    bytes <= plaintext ? 1 : Math.ceil(bytes / (plaintext - L.FRAGMENT_HEADER));
  const tcp = ((info >>> L.INFO_PROTOCOL_SHIFT) & 0xff) === 6;
  if (tcp && (info & L.INFO_NO_RECUT) === 0) {
    return Math.max(1, Math.ceil(payload / Math.min(segment || payload || 1, plaintext - header)));
  }
  if (segment === 0) return pieces(header + payload);
  const whole = Math.floor((payload - 1) / segment);
  return whole * pieces(header + segment) + pieces(header + payload - whole * segment);
}

/** Delivers a data row to this side's own addresses. */
export function acceptRow(rows: Uint32Array, at: number, mapping: Mapping): void {
  if (rows[at + L.InRow.kind] !== L.Kind.data) return;
  const six = (rows[at + L.InRow.info] & L.INFO_FAMILY) === 6;
  rows[at + L.InRow.action] = L.Action.send;
  ipToWords(six ? mapping.source6 : mapping.source4, rows, at + L.InRow.source);
  ipToWords(six ? mapping.destination6 : mapping.destination4, rows, at + L.InRow.destination);
}

/** Counters that are not zero, by name. */
export function counted(port: NativePort): Record<string, number> {
  return Object.fromEntries(
    Object.entries(L.Counter).flatMap(([name, index]) =>
      port.counters[index] > 0 ? [[name, port.counters[index]]] : [],
    ),
  );
}

/** Waits until the condition holds, looking after every turn of the loop; throws after `limitMs`. */
export async function until(condition: () => boolean, what: string, limitMs = 5000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
