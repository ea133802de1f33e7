// Of the REST contract (types.ts): who may use a service.

export interface ShareInput {
  /**
   * Names or IDs of organisations, `all`, `guests`, `tag:NAME`, `own`: the whole own organisation, without tags. To unshare, none:
   * nobody but the own organisation.
   */
  share?: string[];
}

/** Whether somebody may use something of this node. */
export interface AccessAnswer {
  from: string;
  to: string;
  allowed: boolean;
  /**
   * Allowed: self (programs of the node itself), own (of the own organisation), tag, organisation, all, guests. Refused: closed (nothing is offered there), notShared, noTag.
   */
  reason: 'self' | 'own' | 'tag' | 'organisation' | 'all' | 'guests' | 'closed' | 'notShared' | 'noTag';
  /** The same for people. */
  message: string;
  /** The service that decides; null: none does. */
  service: string | null;
  protocol: 'tcp' | 'udp';
  port: number;
}

/** What policy refused, here or there. */
export interface RefusalView {
  /** here: this node refused the other; there: the other refused this one. */
  direction: 'here' | 'there';
  /** The other node. */
  nodeId: string;
  name: string;
  organisation: string;
  /** null: nothing is offered there, or it is not known. */
  service: string | null;
  protocol: 'tcp' | 'udp' | 'icmp';
  /** Of the last packet; null: it had none. */
  port: number | null;
  /**
   * notShared: the service is not shared with that organisation; tag: it asks for a tag that the certificate does not bear; closed:
   * nothing is offered there; policy: the other node says no more than that.
   */
  reason: 'notShared' | 'tag' | 'closed' | 'policy';
  /** Packets since start that were told of. */
  count: number;
  last: string;
}
