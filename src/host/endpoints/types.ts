import type { CodedError } from '../../core/base/errors.ts';
import type { IpAddress, SocketAddress } from '../../core/base/ip.ts';
import type { System } from '../native/types.ts';

/** Where packets for an own endpoint go. */
export type HostTarget =
  /** A program of this host that listens on all addresses, at the endpoint's own port. */
  | { readonly kind: 'host' }
  /** 127.0.0.1, another address of this host, or a device that this host reaches. Both have the family of `ip`. */
  | { readonly kind: 'address'; readonly ip: IpAddress; readonly port: number };

/** One own endpoint. */
export interface EndpointPlan {
  /** The number by which packets name it. */
  readonly selector: number;
  /** Name of the service. */
  readonly name: string;
  /** The endpoint's virtual address. */
  readonly address6: IpAddress;
  /** Its alias; undefined: the pool is full, so that it has IPv6 alone. */
  readonly alias4: IpAddress | undefined;
  readonly protocol: 'tcp' | 'udp';
  /** What consumers connect to, 1 to 65535. */
  readonly port: number;
  readonly target: HostTarget;
}

/** The virtual address at which names are asked for, and where its TCP half listens on the loopback interface. */
export interface ResolverPlan {
  readonly address6: IpAddress;
  readonly alias4: IpAddress | undefined;
  /** Port on 127.0.0.1; undefined: none. */
  readonly tcpPort4: number | undefined;
  /** Port on ::1; undefined: none. */
  readonly tcpPort6: number | undefined;
}

/** What could not be set up, and why. Everything else stands. */
export interface EndpointProblem {
  /** Name of the service; undefined: the resolver's TCP half. */
  readonly name: string | undefined;
  readonly error: CodedError;
}

/** What a target must not be. */
export interface TargetRules {
  /** The TUN. What is routed into it is overlay. */
  readonly interfaceName: string;
  /** TCP listeners of mcc itself: the API, the resolver. The unspecified address stands for all of this host. */
  readonly reserved: readonly SocketAddress[];
  readonly system: Pick<System, 'findRoute' | 'linkIndex'>;
}
