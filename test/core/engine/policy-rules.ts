// What may come in: packets, to which of this host's endpoints, from whom.
import {
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_SYN,
  QUOTE_MATCHES,
  QUOTE_PORTS_KNOWN,
} from '../../../src/core/base/batch-layout.generated.ts';
import { ACME, ICMP, ICMP6, icmp, OTHER, OWN, type PacketFacts, ports, TCP, UDP, World } from './world.ts';

// Ports 80/tcp and 53/udp of this host are open to Acme, 443/tcp and 123/udp to every member, 8080/tcp to guests too.
export const REMOTES = ['own', 'acme', 'other', 'guest', 'unknown'] as const;
export type Remote = (typeof REMOTES)[number];

export function world(): World & { by: Record<Remote, number> } {
  const made = new World();
  const { openPorts } = made.tables;
  openPorts.open(0, TCP, 80, { kind: 'organisations', slots: [ACME] });
  openPorts.open(0, UDP, 53, { kind: 'organisations', slots: [ACME] });
  openPorts.open(0, TCP, 443, { kind: 'members' });
  openPorts.open(0, UDP, 123, { kind: 'members' });
  openPorts.open(0, TCP, 8080, { kind: 'guests' });
  openPorts.open(5, TCP, 9000, { kind: 'members' });
  openPorts.open(6, TCP, 9000, { kind: 'organisations', slots: [] });
  openPorts.open(6, UDP, 9001, { kind: 'organisations', slots: [ACME] });
  const by = {
    own: made.peer(OWN),
    acme: made.peer(ACME),
    other: made.peer(OTHER),
    guest: made.guest(),
    unknown: made.peer(0),
  };
  return Object.assign(made, { by });
}

const both = (facts: PacketFacts): PacketFacts[] => [
  { ...facts, family: 4 },
  { ...facts, family: 6 },
];

// What, to which of this host's endpoints, who gets in; everybody else gets the reason.
export const RULES: [string, PacketFacts[], number, readonly Remote[], string][] = [
  ['TCP SYN to a closed port', both({ info: INFO_SYN, ports: ports(999, 22) }), 0, ['own'], 'inboundPort'],
  [
    'TCP SYN to a port shared with one',
    both({ info: INFO_SYN, ports: ports(999, 80) }),
    0,
    ['own', 'acme'],
    'inboundPort',
  ],
  [
    'TCP SYN to a port shared with all',
    both({ info: INFO_SYN, ports: ports(999, 443) }),
    0,
    ['own', 'acme', 'other'],
    'inboundPort',
  ],
  [
    'TCP SYN to a port shared with guests',
    both({ info: INFO_SYN, ports: ports(999, 8080) }),
    0,
    ['own', 'acme', 'other', 'guest'],
    'inboundPort',
  ],
  [
    "TCP SYN to a service's own address",
    both({ info: INFO_SYN, ports: ports(1, 9000) }),
    5,
    ['own', 'acme', 'other'],
    'inboundPort',
  ],
  [
    "TCP SYN to a service's port at the host",
    both({ info: INFO_SYN, ports: ports(1, 9000) }),
    0,
    ['own'],
    'inboundPort',
  ],
  [
    "TCP SYN to the host's port at a service",
    both({ info: INFO_SYN, ports: ports(1, 80) }),
    5,
    [],
    'inboundPort',
  ],
  [
    'TCP SYN to a service that is shared with nobody',
    both({ info: INFO_SYN, ports: ports(1, 9000) }),
    6,
    ['own'],
    'inboundPort',
  ],
  ["UDP to a service's TCP port", both({ protocol: UDP, ports: ports(1, 9000) }), 6, [], 'inboundPort'],
  [
    'UDP to a service that is shared with one',
    both({ protocol: UDP, ports: ports(1, 9001) }),
    6,
    ['own', 'acme'],
    'inboundPort',
  ],
  ['TCP that is no SYN, to a service', both({ ports: ports(80, 22) }), 5, REMOTES, ''],
  ['SCTP to a service', both({ protocol: 132, info: INFO_NO_PORTS }), 5, [], 'inboundProtocol'],
  [
    'a later fragment that follows nothing, to a service',
    both({ protocol: UDP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS }),
    5,
    [],
    'inboundFragment',
  ],
  [
    'an echo request to a service',
    [
      { family: 4, protocol: ICMP, ports: icmp(8, 0, 5) },
      { family: 6, protocol: ICMP6, ports: icmp(128, 0, 5) },
    ],
    5,
    ['own'],
    'inboundFlow',
  ],
  [
    'an echo reply to a service that asked nobody',
    [
      { family: 4, protocol: ICMP, ports: icmp(0, 0, 5) },
      { family: 6, protocol: ICMP6, ports: icmp(129, 0, 5) },
    ],
    5,
    [],
    'inboundFlow',
  ],
  [
    'an ICMP error about UDP that a service never sent',
    [
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(1, 4),
        info: INFO_ICMP_ERROR,
        quoteInfo: UDP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
        quotePorts: ports(4000, 53),
      },
    ],
    5,
    [],
    'inboundFlow',
  ],
  [
    'an ICMP error about an answer of a UDP service',
    [
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(1, 4),
        info: INFO_ICMP_ERROR,
        quoteInfo: UDP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
        quotePorts: ports(9001, 53),
      },
    ],
    6,
    ['own', 'acme'],
    'inboundFlow',
  ],
  ['TCP that is no SYN', both({ ports: ports(80, 22) }), 0, REMOTES, ''],
  [
    'TCP that is no SYN, to a port shared with one',
    both({ ports: ports(999, 80) }),
    0,
    ['own', 'acme'],
    'inboundPort',
  ],
  [
    'TCP that is no SYN, to the port of a service that is shared with nobody',
    both({ ports: ports(999, 9000) }),
    6,
    ['own'],
    'inboundPort',
  ],
  ['TCP that is no SYN, to that port at the host', both({ ports: ports(999, 9000) }), 0, REMOTES, ''],
  [
    'TCP in a first fragment too short for a header',
    both({ info: INFO_NO_PORTS | INFO_FIRST_FRAGMENT }),
    0,
    ['own'],
    'inboundProtocol',
  ],
  ['UDP to a closed port', both({ protocol: UDP, ports: ports(999, 22) }), 0, ['own'], 'inboundPort'],
  ['UDP to a TCP port', both({ protocol: UDP, ports: ports(999, 443) }), 0, ['own'], 'inboundPort'],
  [
    'UDP to a port shared with one',
    both({ protocol: UDP, ports: ports(999, 53) }),
    0,
    ['own', 'acme'],
    'inboundPort',
  ],
  [
    'UDP to a port shared with all',
    both({ protocol: UDP, ports: ports(9, 123) }),
    0,
    ['own', 'acme', 'other'],
    'inboundPort',
  ],
  ['UDP from a shared port', both({ protocol: UDP, ports: ports(53, 4000) }), 0, ['own'], 'inboundPort'],
  ['UDP cut short', both({ protocol: UDP, info: INFO_NO_PORTS }), 0, ['own'], 'inboundProtocol'],
  [
    'a later fragment that follows nothing',
    both({ protocol: UDP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS }),
    0,
    ['own'],
    'inboundFragment',
  ],
  [
    'a later ICMP fragment',
    both({ protocol: ICMP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS }),
    0,
    ['own'],
    'inboundFragment',
  ],
  ['SCTP', both({ protocol: 132, info: INFO_NO_PORTS }), 0, ['own'], 'inboundProtocol'],
  ['IP in IP', both({ protocol: 4, info: INFO_NO_PORTS }), 0, ['own'], 'inboundProtocol'],
  [
    'ESP behind extension headers',
    [{ family: 6, protocol: 50, info: INFO_NO_PORTS }],
    0,
    ['own'],
    'inboundProtocol',
  ],
  [
    'an unknown extension header',
    [{ family: 6, protocol: 253, info: INFO_NO_PORTS }],
    0,
    ['own'],
    'inboundProtocol',
  ],
  ['ICMPv6 in IPv4', [{ family: 4, protocol: ICMP6, info: INFO_NO_PORTS }], 0, ['own'], 'inboundProtocol'],
  ['ICMP in IPv6', [{ family: 6, protocol: ICMP, info: INFO_NO_PORTS }], 0, ['own'], 'inboundProtocol'],
  [
    'an echo request',
    [
      { family: 4, protocol: ICMP, ports: icmp(8, 0, 5) },
      { family: 6, protocol: ICMP6, ports: icmp(128, 0, 5) },
    ],
    0,
    ['own'],
    'inboundFlow',
  ],
  [
    'an echo reply that nobody asked for',
    [
      { family: 4, protocol: ICMP, ports: icmp(0, 0, 5) },
      { family: 6, protocol: ICMP6, ports: icmp(129, 0, 5) },
    ],
    0,
    ['own'],
    'inboundFlow',
  ],
  [
    'redirects, timestamps, router and neighbour messages, source quench',
    [
      ...[5, 9, 10, 13, 14, 17].map((type) => ({ family: 4, protocol: ICMP, ports: icmp(type) })),
      ...[130, 131, 133, 134, 135, 136, 137, 143].map((type) => ({
        family: 6,
        protocol: ICMP6,
        ports: icmp(type),
      })),
      { family: 4, protocol: ICMP, ports: icmp(4), info: INFO_ICMP_ERROR, quoteInfo: QUOTE_MATCHES | TCP },
    ],
    0,
    [],
    'inboundIcmpType',
  ],
  [
    'an ICMP error that quotes TCP',
    [
      {
        family: 4,
        protocol: ICMP,
        ports: icmp(3, 4),
        info: INFO_ICMP_ERROR,
        quoteInfo: TCP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
      },
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(2),
        info: INFO_ICMP_ERROR,
        quoteInfo: TCP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
      },
    ],
    0,
    REMOTES,
    '',
  ],
  [
    "an ICMP error that quotes somebody else's packet",
    [
      {
        family: 4,
        protocol: ICMP,
        ports: icmp(3, 4),
        info: INFO_ICMP_ERROR,
        quoteInfo: TCP | QUOTE_PORTS_KNOWN,
      },
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(2),
        info: INFO_ICMP_ERROR,
        quoteInfo: TCP | QUOTE_PORTS_KNOWN,
      },
      { family: 4, protocol: ICMP, ports: icmp(11), info: INFO_ICMP_ERROR },
    ],
    0,
    [],
    'inboundQuote',
  ],
  [
    'an ICMP error about an answer of an open UDP port',
    [
      {
        family: 4,
        protocol: ICMP,
        ports: icmp(3, 3),
        info: INFO_ICMP_ERROR,
        quoteInfo: UDP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
        quotePorts: ports(53, 999),
      },
    ],
    0,
    ['own', 'acme'],
    'inboundFlow',
  ],
  [
    'an ICMP error about UDP that nobody sent',
    [
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(1, 4),
        info: INFO_ICMP_ERROR,
        quoteInfo: UDP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
        quotePorts: ports(4000, 53),
      },
    ],
    0,
    ['own'],
    'inboundFlow',
  ],
  [
    'an ICMP error about a ping that nobody sent',
    [
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(1, 0),
        info: INFO_ICMP_ERROR,
        quoteInfo: ICMP6 | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
        quotePorts: icmp(128, 0, 7),
      },
    ],
    0,
    ['own'],
    'inboundFlow',
  ],
  [
    'an ICMP error about another protocol',
    [
      {
        family: 6,
        protocol: ICMP6,
        ports: icmp(1, 0),
        info: INFO_ICMP_ERROR,
        quoteInfo: 132 | QUOTE_MATCHES,
      },
    ],
    0,
    ['own'],
    'inboundQuote',
  ],
];
