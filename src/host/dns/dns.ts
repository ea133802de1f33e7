// The door of host/dns: how names of the zone get from this host's programs to our resolver, and how other names get on.
export { type ForwardCounts, Forwarder } from './forward.ts';
export { reverseZone } from './reverse.ts';
export { type DnsTcpOptions, DnsTcpServer } from './tcp.ts';
export type {
  DnsHost,
  DnsLog,
  DnsMode,
  DnsStatus,
  DnsWiringOptions,
  ForwarderOptions,
  Upstreams,
} from './types.ts';
export { DnsWiring, restoreDns } from './wiring.ts';
