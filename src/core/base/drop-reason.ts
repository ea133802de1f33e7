// One catalogue of what is refused on the way of packets and messages, and how often. Names are stable: they stand
// in `status --json` and in metrics. New reasons go to the end.

export const DROP_REASONS = [
  // Outside: what a datagram looks like, before any key.
  'datagramTooShort',
  'datagramTooLong',
  'datagramUnknownType',
  'datagramReservedBits',
  'unknownReceiverIndex',
  'counterOutOfRange',
  // Handshake.
  'handshakeMac1',
  'handshakeMac2',
  'handshakeRateLimited',
  'handshakeNoise',
  'handshakeLowOrderKey',
  'handshakeReplayed',
  'handshakeMalformed',
  'handshakeWrongState',
  'handshakeVersion',
  'handshakeIdentity',
  'handshakeCertificate',
  'handshakeCipher',
  'handshakeFromSelf',
  'cookieInvalid',
  'sessionTableFull',
  'sessionExpired',
  // Certificates and admission.
  'certificateMalformed',
  'certificateSignature',
  'certificateExpired',
  'certificateNotYetValid',
  'certificateNetwork',
  'certificateRevoked',
  'admissionRefused',
  'admissionRateLimited',
  // Control messages.
  'controlMalformed',
  'controlTooLong',
  'controlUnknown',
  'controlUnexpected',
  'controlNotAllowed',
  'controlRateLimited',
  // Outbound packets.
  'outboundMalformed',
  'outboundNoRoute',
  'outboundNoSession',
  'outboundNoPath',
  'outboundQueueFull',
  'outboundPolicy',
  'outboundSource',
  'outboundMulticast',
  'outboundTooBig',
  'outboundKeyExhausted',
  // Inbound packets.
  'inboundMalformed',
  'inboundUnknownKey',
  'inboundSource',
  'inboundDestination',
  'inboundPort',
  'inboundProtocol',
  'inboundFragment',
  'inboundQuote',
  'inboundPolicy',
  'inboundFlowTableFull',
  // Fits nowhere above.
  'internal',
  // Outbound: a packet waited for a session in vain; an ICMP error that quotes a packet of somebody else.
  'outboundHoldExpired',
  'outboundQuote',
  // Inbound: the remote may not exchange packets; an ICMP type that no remote may send; no flow that this would answer.
  'inboundNotMember',
  'inboundIcmpType',
  'inboundFlow',
  // An outer address that no path may have: the overlay's own, above all, which would lead back into this node.
  'pathAddress',
  // DHT: asked too often; an answer that nobody waits for; a record of wrong shape, key, date or signature; a publisher that may
  // not say it; something that only a serving node is asked.
  'dhtRateLimited',
  'dhtUnexpected',
  'dhtRecord',
  'dhtPublisher',
  'dhtNotServing',
  // DNS: too short for a header, or a response where queries are awaited.
  'dnsMalformed',
  'dnsResponse',
  // Outbound: a service with no endpoint that is up; something for the resolver that is no query.
  'outboundNoEndpoint',
  'outboundResolver',
  // Records of the DHT that do not count: of another organisation; a service that the chain does not provide; under another
  // name; older than one known before; too old; of a kind that does not lie there.
  'recordOrganisation',
  'recordProvides',
  'recordName',
  'recordReplayed',
  'recordExpired',
  'recordUnexpected',
  // A service that found no place in the engine's tables.
  'serviceTableFull',
  // Punching: an answer or a start that nobody waits for; asked for too often, or too many probes to one that is silent; an address
  // that nothing may be sent to.
  'punchUnexpected',
  'punchRateLimited',
  'punchAddress',
  // A guest's certificate where only a member's will do; a guest that wants more than guests get.
  'certificateGuest',
  'guestNotAllowed',
  // Revocations: of wrong shape; by somebody without the right, or of another network; more at a time than a remote may send or ask for;
  // what nobody asked for; no room for more.
  'revocationMalformed',
  'revocationSignature',
  'revocationRateLimited',
  'revocationUnexpected',
  'revocationTableFull',
  // A request for a call that paid for no initiation.
  'dialTooShort',
  // A relay that did not carry calls to this node, while others did: it is left.
  'relayFailed',
  // The chain of a pseudonym, where only a member or guest will do, or the other way round.
  'certificatePseudonym',
  // A sealed record where this node looked that it cannot open, or whose inside is of another version.
  'recordUnreadable',
  // Epochs: not one of the own organisation, or from the future; more at a time than a colleague may say or send.
  'epochRefused',
  'epochRateLimited',
  // Congestion control.
  'outboundQueueStands',
  'ackMalformed',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** Name -> index into DropCounters. */
export const DROP_REASON_ID: Readonly<Record<DropReason, number>> = Object.freeze(
  Object.fromEntries(DROP_REASONS.map((reason, id) => [reason, id])) as Record<DropReason, number>,
);

/** How often each reason occurred since start. */
export class DropCounters {
  /** By DROP_REASON_ID. Exact up to 2^53. */
  readonly counts = new Float64Array(DROP_REASONS.length);

  count(reason: DropReason, times = 1): void {
    this.counts[DROP_REASON_ID[reason]] += times;
  }

  get(reason: DropReason): number {
    return this.counts[DROP_REASON_ID[reason]];
  }

  get total(): number {
    let sum = 0;
    for (const count of this.counts) sum += count;
    return sum;
  }

  /** Reasons that occurred, in the catalogue's order. */
  toJSON(): Partial<Record<DropReason, number>> {
    const occurred: Partial<Record<DropReason, number>> = {};
    DROP_REASONS.forEach((reason, id) => {
      if (this.counts[id] > 0) occurred[reason] = this.counts[id];
    });
    return occurred;
  }
}
