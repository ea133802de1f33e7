// What a node needs of the host it runs at: addresses, routes, names that lead to its resolver, plumbing of its endpoints.
import { networkPrefix, resolverAddress, resolverAlias } from '../addressing/addressing.ts';
import type { IpAddress, Prefix } from '../base/ip.ts';
import type { NodeContext } from './context.ts';
import { aliasAddress } from './known.ts';
import { endpointPlans } from './services.ts';
import type { EndpointPlan } from './types.ts';

/** Prefix lengths, counted in 16 bytes. */
const IPV6_PREFIX = 48;
const IPV4_PREFIX = 112;

export class HostNeeds {
  private readonly context: NodeContext;

  constructor(context: NodeContext) {
    this.context = context;
  }

  /** What the interface gets: own address and prefix of either family. */
  interfaceAddresses(): { readonly ipv6: Prefix; readonly ipv4: Prefix } {
    const { self } = this.context;
    return {
      ipv6: { ip: self.address, bits: IPV6_PREFIX },
      ipv4: { ip: aliasAddress(self.alias), bits: IPV4_PREFIX },
    };
  }

  /** Where the kernel sends packets for the network. */
  networkPrefix(): Prefix {
    return networkPrefix(this.context.self.network.id);
  }

  /** Where DNS is answered. */
  resolver(): { readonly ipv6: IpAddress; readonly ipv4: IpAddress } {
    const { self, aliases } = this.context;
    return {
      ipv6: resolverAddress(self.network.id),
      ipv4: aliasAddress(resolverAlias(aliases.prefix)),
    };
  }

  /** Names under ip6.arpa and in-addr.arpa that the resolver answers, without dots at the ends. */
  reverseZones(): string[] {
    const { ip } = this.networkPrefix();
    const nibbles = Array.from({ length: 12 }, (_, i) => (ip[i >> 1] >> (i % 2 === 0 ? 4 : 0)) & 15);
    const { prefix } = this.context.aliases;
    return [
      `${nibbles
        .reverse()
        .map((nibble) => nibble.toString(16))
        .join('.')}.ip6.arpa`,
      `${(prefix >>> 16) & 255}.${prefix >>> 24}.in-addr.arpa`,
    ];
  }

  /** What is set up for this node's endpoints; asked for anew at `endpointsChanged`. */
  endpoints(): EndpointPlan[] {
    return endpointPlans(this.context);
  }
}
