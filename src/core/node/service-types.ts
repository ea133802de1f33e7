// Services of a node, as its host asks for them, keeps them and sets them up.

export interface ServiceRequest {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** ADDRESS:PORT, empty: this host's own port. The host judges it. */
  readonly target: string;
  /** tcp: the host connects now and then; none: always taken for healthy. */
  readonly check: 'tcp' | 'none';
  readonly weight: number;
  /**
   * Who reaches it besides the own organisation, with commas: '' (nobody), 'all', 'guests', organisation IDs (or known names); 'tag:NAME'
   * narrows the own organisation to those with the tag.
   */
  readonly share: string;
}

export interface ServiceRecord extends ServiceRequest {
  /** Names its endpoint in packets, 1 .. 65535: of the name's hash, so that no other service of this node has it soon. */
  readonly selector: number;
}

/** What the host's own test of a service says. */
export interface ServiceHealth {
  readonly isHealthy: boolean;
  /** The target answers this family. */
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** For people; '' when healthy. */
  readonly reason: string;
}

/** A service of this node with what is known of it here. */
export interface ServiceDetail extends ServiceRecord {
  /** undefined: not tested yet. */
  readonly health: ServiceHealth | undefined;
  readonly endpointId: string;
  /** Of this instance, and of the service, whoever provides it. */
  readonly endpoint: { readonly ipv4: string; readonly ipv6: string };
  readonly service: { readonly ipv4: string; readonly ipv6: string };
}

/** Where packets for an endpoint of this host go: the host sets it up. */
export interface EndpointPlan {
  readonly selector: number;
  readonly name: string;
  readonly address6: Uint8Array;
  /** undefined: no alias was free. */
  readonly address4: Uint8Array | undefined;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly target: string;
  readonly check: 'tcp' | 'none';
}
