// The door: asks this host's gateways to pass on the node's UDP port, and keeps them doing so.
//
// Nothing listens: questions leave from sockets of their own, which close with the answer.
import { createHmac } from 'node:crypto';
import { equalBytes } from '../../core/base/bytes.ts';
import { addressScope, equalSocketAddress, formatIp, isIpv4 } from '../../core/base/ip.ts';
import { findLinks, readRoutes } from './gateways.ts';
import { Lease } from './lease.ts';
import { NatPmpMapper } from './nat-pmp.ts';
import { PCP_PORT, PcpMapper } from './pcp.ts';
import { SSDP_PORT } from './ssdp.ts';
import type { Link, Mapper, PortMapOptions, PortMapping, Timing } from './types.ts';
import { UpnpMapper } from './upnp.ts';

export const TIMING: Timing = {
  // RFC 6886 section 3.1, ended early: gateways are one hop away.
  waitsMs: [250, 500, 1000, 2000],
  searchMs: 3000,
  checkMs: 300_000,
  renewMinMs: 30_000,
  retryMs: 5000,
  settleMs: 500,
};

interface Entry {
  readonly link: Link;
  readonly lease: Lease;
}

/** One per running node. Timers do not keep the process alive. */
export class PortMap {
  readonly #options: PortMapOptions;
  readonly #timing: Timing;
  /** By gateway and own address, the best gateway first; see findLinks for the bound. */
  #entries = new Map<string, Entry>();
  #told: PortMapping | undefined;
  #settling: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PortMapOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#look();
  }

  /** Of the IPv4 port, by the best gateway. */
  get mapping(): PortMapping | undefined {
    return this.#mappings(true)[0];
  }

  /** The same, or else a pinhole of the IPv6 port in a firewall. */
  get best(): PortMapping | undefined {
    return this.mapping ?? this.#mappings(false)[0];
  }

  /** Interfaces, addresses or routes of this host changed. */
  changed(): void {
    if (this.#isClosed) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      for (const { lease } of this.#entries.values()) lease.poke();
      this.#look();
    }, this.#timing.settleMs).unref();
  }

  /** Gives the mappings back; takes two seconds at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#settling);
    await Promise.all([...this.#entries.values()].map(({ lease }) => lease.close(false)));
  }

  #mappings(isV4: boolean): PortMapping[] {
    return [...this.#entries.values()]
      .filter(({ link }) => isIpv4(link.local) === isV4)
      .flatMap(({ lease }) => lease.mapping ?? []);
  }

  #look(): void {
    const { system, routes = readRoutes } = this.#options;
    const links = findLinks(system, routes());
    const before = this.#entries;
    this.#entries = new Map();
    for (const link of links) {
      const key = `${formatIp(link.gateway)}%${link.interfaceName} ${formatIp(link.local)}`;
      const port = this.#portOf(link);
      if (port === undefined) continue;
      const entry = before.get(key) ?? { link, lease: this.#lease(link, key, port) };
      this.#entries.set(key, entry);
      before.delete(key);
    }
    for (const { lease } of before.values()) void lease.close(true);
    this.#tell();
  }

  /** undefined: nothing listens at that address of this host. */
  #portOf({ local }: Link): number | undefined {
    return this.#options.sockets.find(({ ip }) => {
      if (isIpv4(ip) !== isIpv4(local)) return false;
      return addressScope(ip) === 'unspecified' || equalBytes(ip, local);
    })?.port;
  }

  #lease(link: Link, key: string, internalPort: number): Lease {
    const { secret, ports = { pcp: PCP_PORT, ssdp: SSDP_PORT } } = this.#options;
    const parts = { link, internalPort, timing: this.#timing };
    const nonce = createHmac('sha256', secret).update(`mcc portmap ${key} ${internalPort}`).digest();
    const mappers: Mapper[] = [new PcpMapper({ ...parts, port: ports.pcp, nonce: nonce.subarray(0, 12) })];
    if (isIpv4(link.local)) {
      mappers.push(new NatPmpMapper({ ...parts, port: ports.pcp }));
      mappers.push(new UpnpMapper({ ...parts, port: ports.ssdp }));
    }
    return new Lease(mappers, this.#timing, () => this.#tell());
  }

  #tell(): void {
    if (this.#isClosed) return;
    const { mapping } = this;
    const told = this.#told;
    this.#told = mapping;
    const isSame =
      mapping !== undefined && told !== undefined && equalSocketAddress(mapping.external, told.external);
    if (!isSame && mapping !== told) this.#options.onChange(mapping);
  }
}
