// Generated from native/batch.h by `npm run generate`; change the header instead.

export const ROW_WORDS = 32;
// Rows in one batch, and bytes after which draining the TUN stops although rows are left.
export const BATCH_ROWS = 32;
export const BATCH_BYTES = 196608;
// One slab slot holds one super-packet: room for headers in front, 64 KB, a tag behind.
export const SLOT_HEADROOM = 128;
export const SLOT_BYTES = 66048;
export const SLAB_SLOTS = 1024;
// Rows that the inbound side may fill per batch: one per flow and session after coalescing.
export const INBOUND_ROWS = 256;
export const RECEIVE_SLOTS = 16;
export const KEY_SLOTS = 65536;
export const PATH_SLOTS = 65536;
export const TRANSPORT_HEADER = 16;
export const TAG_BYTES = 16;
export const ADDRESS_BLOCK = 8;
export const FRAGMENT_HEADER = 8;
export const REPLAY_WINDOW = 32768;
// Longest that a packet may be made to wait for a repair.
export const HOLD_MS_MAX = 10000;
// In front of a relayed datagram: TYPE_RELAYED, the receiver's path slot of the sender and the circuit's number (u16 LE each).
export const RELAY_HEADER = 5;
// Circuits that a port keeps, forwards included.
export const CIRCUITS = 4096;
// First word of a circuit address: 100::/64 (discard-only, RFC 6666), then 0, 0, path slot of the relay << 16 | number.
export const CIRCUIT_PREFIX = 0x1000000;
export const CIRCUIT_PORT = 1;
// Streams that a port keeps, and bytes of the largest datagram that one carries.
export const STREAMS = 1024;
export const STREAM_DATAGRAM_BYTES = 4096;
// Second word of a stream's address: 100:0:0:1::/64 (dummy prefix, RFC 9780), then 0 and its number; the port as a circuit's.
export const STREAM_SUBNET = 1;
// Error correction: what a parity plaintext has in front of its bitmap; counters that one group may span; parities that it may have; the longest
// plaintext that is covered; and how much longer than the longest of its group a parity plaintext is at most.
export const PARITY_HEADER = 4;
export const PARITY_SPAN = 112;
export const PARITY_MOST = 24;
export const PARITY_BYTES = 2048;
export const PARITY_OVERHEAD = 20;
// Further UDP sockets that a port may have beside its main one, numbered 1 .. SOCKETS_MAX; 0 is the main one.
export const SOCKETS_MAX = 512;

// Outbound row: one super-packet read from the TUN. Native fills the words up to `quotePorts`, TypeScript the rest.
export const OutRow = {
  slot: 0, // slab slot that holds the packet, at SLOT_HEADROOM
  length: 1, // bytes of the whole IP packet
  headerBytes: 2, // IP header with extensions and options, plus TCP or UDP header (0 of it for later fragments)
  segmentBytes: 3, // payload per segment of a TCP or UDP super-packet; 0: a single packet
  info: 4, // INFO_* bits
  trafficClass: 5, // DSCP and ECN byte
  ports: 6, // source << 16 | destination; ICMP: type << 24 | code << 16 | echo identifier
  fragmentId: 7, // IP identification of a fragment, else 0
  source: 8, // four words
  destination: 12, // four words
  quoteInfo: 16, // ICMP error: protocol (bits 0-7) of the quoted packet, QUOTE_* bits; else 0
  quotePorts: 17, // ports of the quoted packet, as quoted
  action: 18, // ACTION_*, what TypeScript decided
  key: 19, // send key slot
  counterLow: 20, // first counter of the reserved range
  counterHigh: 21,
  datagrams: 22, // counters reserved: exactly what the row needs; native refuses a row that needs more
  path: 23, // path slot
  recut: 24, // TCP payload bytes per segment on the wire; 0: as OUT_SEGMENT_BYTES says
  fragmentAt: 25, // largest plaintext in one datagram; larger inner packets become tunnel fragments
  selectors: 26, // source endpoint << 16 | destination endpoint
  firstSegment: 27, // range of segments to send, for rows held and sent again
  segmentCount: 28, // 0: all from OUT_FIRST_SEGMENT on
  releaseLow: 29, // CLOCK_MONOTONIC nanoseconds at which to send; 0: now
  releaseHigh: 30,
  repair: 31, // REPAIR_*
  loopSource: 19, // ACTION_LOOP, in place of OUT_KEY and so on: four words, the source to write; family as in OUT_INFO
  loopDestination: 23, // four words
} as const;
export type OutRow = (typeof OutRow)[keyof typeof OutRow];

// Inbound row: one super-packet, control message or raw datagram. Native fills the words up to `outerPort`.
export const InRow = {
  kind: 0, // KIND_*
  key: 1, // receive key slot (data, control)
  counterLow: 2, // highest counter among the datagrams of this row
  counterHigh: 3,
  datagrams: 4, // datagrams merged in this row
  offset: 5, // control and raw: where its bytes start in the receive slab
  length: 6, // data: bytes of the IP packet as it will be written; else bytes at IN_OFFSET
  info: 7, // INFO_* bits
  trafficClass: 8,
  ports: 9, // as OUT_PORTS
  fragmentId: 10,
  selectors: 11, // source endpoint << 16 | destination endpoint, as the remote wrote them
  quoteInfo: 12,
  quotePorts: 13,
  outerSource: 14, // four words: where the (last) datagram came from; through a relay: the circuit's address
  outerPort: 18, // bits 0-15; bits 16-31: the number of the local socket on which it came in (0: the main one)
  outerBytes: 19, // UDP payload bytes of those datagrams of this row that no row told of before, without relay headers
  action: 20, // ACTION_*: drop or send
  source: 21, // four words: inner source to write; family as in IN_INFO
  destination: 25, // four words
} as const;
export type InRow = (typeof InRow)[keyof typeof InRow];

export const Kind = {
  data: 1, // opened, an IP packet
  control: 2, // opened, not an IP packet (a first byte PLAINTEXT_CONTROL or PLAINTEXT_ACK, or empty)
  raw: 3, // a handshake or cookie datagram, as it came; of a relayed one what is behind its header
  heard: 4, // datagrams of one key and address came of which nothing goes up now: parities, and packets that wait for their order
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const Action = {
  drop: 0,
  send: 1, // outbound: seal and send. inbound: write to the TUN
  hold: 2, // outbound: keep the slot; TypeScript sends or releases it later
  loop: 3, // outbound, not for held rows: write back to the TUN with the addresses of OUT_LOOP_*
  sendKeep: 4, // outbound: seal and send, and keep the slot as ACTION_HOLD does, so that it can be sent from again
} as const;
export type Action = (typeof Action)[keyof typeof Action];

// Bits of OUT_INFO and IN_INFO. Bits 0-3: family, 4 or 6. Bits 8-15: protocol behind all extension headers.
export const INFO_FAMILY = 0xf;
export const INFO_PROTOCOL_SHIFT = 8;
export const INFO_TCP_GSO = 0x10000; // a TCP super-packet
export const INFO_UDP_GSO = 0x20000; // a UDP super-packet (USO)
export const INFO_PARTIAL_CHECKSUM = 0x40000; // NEEDS_CSUM
export const INFO_FIRST_FRAGMENT = 0x80000;
export const INFO_LATER_FRAGMENT = 0x100000; // has no ports
export const INFO_LAST_FRAGMENT = 0x200000;
export const INFO_SYN = 0x400000; // TCP: SYN without ACK
export const INFO_DONT_FRAGMENT = 0x800000; // IPv4 DF, and every IPv6 packet
export const INFO_ICMP_ERROR = 0x1000000; // quotes a packet: see *_QUOTE_*
export const INFO_NO_RECUT = 0x2000000; // SYN, RST, URG, TCP-MD5, TCP-AO: never re-cut, never coalesced
export const INFO_NO_PORTS = 0x4000000; // protocol unknown or transport header cut short: ports are 0
export const INFO_TCP_END = 0x8000000; // TCP: FIN or RST
// Bits of *_QUOTE_INFO. Bits 0-7: quoted protocol.
export const QUOTE_MATCHES = 0x100; // quoted source = packet's destination and quoted destination = packet's source
export const QUOTE_PORTS_KNOWN = 0x200;

// First byte of a datagram.
export const DatagramType = {
  initiation: 1,
  response: 2,
  cookie: 3,
  transport: 4,
  relayed: 5,
} as const;
export type DatagramType = (typeof DatagramType)[keyof typeof DatagramType];

// First byte of an opened plaintext, where it is not an IP packet (first nibble 4 or 6).
export const Plaintext = {
  control: 0,
  fragment: 1,
  ack: 2,
  parity: 3,
} as const;
export type Plaintext = (typeof Plaintext)[keyof typeof Plaintext];

// The address block of a wire-form packet: selectors (as OUT_SELECTORS, most significant byte first), a byte of BLOCK_* flags, three bytes that
// are zero but where BLOCK_RESENT is set. BLOCK_REPAIRABLE and BLOCK_RESENT are for TCP in one datagram only.
export const BLOCK_PARTIAL_CHECKSUM = 1; // the transport checksum is the receiver's to derive
export const BLOCK_REPAIRABLE = 2; // the sender keeps it: when it is lost it may come again
export const BLOCK_RESENT = 4; // the three bytes are the low 24 bits (LE) of the counter under which it was sent first, by the same key
// Bits of OUT_REPAIR. Bits 0-23, with REPAIR_RESENT: low 24 bits of the counter under which the first datagram of the range was sent first;
// that of datagram i is so much + i.
export const REPAIR_COUNTER = 0xffffff;
export const REPAIR_MARK_CE = 0x20000000; // packets of any kind whose senders know of it are marked as having met congestion
export const REPAIR_RESENT = 0x40000000;
export const REPAIR_REPAIRABLE = 0x80000000;
// Bits 24-28, of any row: so many parities of the key's group follow its datagrams, under the counters behind theirs (OUT_DATAGRAMS does
// not count them), and a new group begins.
export const REPAIR_PARITY = 0x1f000000;
export const REPAIR_PARITY_SHIFT = 24;

export const Suite = {
  aes256Gcm: 1,
  chacha20Poly1305: 2,
} as const;
export type Suite = (typeof Suite)[keyof typeof Suite];

// Indices of the counters view (Float64Array, or BigUint64Array where the reader wants exactness).
export const Counter = {
  insideReadPackets: 0, // super-packets read from the TUN
  insideReadBytes: 1,
  insideWrittenPackets: 2,
  insideWrittenBytes: 3,
  datagramsSent: 4,
  datagramBytesSent: 5,
  datagramsReceived: 6,
  datagramBytesReceived: 7,
  dropTruncated: 8, // shorter than its type's header
  dropUnknownType: 9,
  dropUnknownIndex: 10, // no receive key has this index
  dropAuthentication: 11, // the tag is wrong
  dropReplayed: 12, // counter seen before
  dropTooOld: 13, // counter left of the window
  dropCounterLimit: 14, // counter at or above the key's limit
  dropInnerMalformed: 15, // an inner packet that contradicts itself
  dropInsideMalformed: 16, // the same, from the TUN
  dropFragment: 17, // tunnel fragment that contradicts its siblings, or reassembly full or timed out
  dropBusy: 18, // raw datagrams beyond what one batch may carry
  dropNoSlot: 19, // slab exhausted
  dropSendTooBig: 20, // EMSGSIZE
  dropSendBuffer: 21, // EAGAIN, ENOBUFS
  dropSendOther: 22, // any other errno of a send
  dropInsideWrite: 23, // the TUN refused a packet
  dropBadRow: 24, // TypeScript handed a row that fails its checks: a defect of ours
  fallbackGso: 25, // GSO sends repeated segment by segment
  sendCalls: 26,
  receiveCalls: 27,
  dropRelay: 28, // relayed, but from or to no circuit; nested; or an outer source in 100::/64
  dropRelayLimit: 29, // beyond the rate at which this port relays for others
  relayedDatagrams: 30, // of others, handed on to the socket
  relayedBytes: 31,
  keepalives: 32, // bare relay headers received that ask for nothing
  dropStream: 33, // streams ended for what came: no datagrams, or too much of a stranger
  dropDuplicate: 34, // arrived already, itself or its repair
  paritySent: 35,
  parityReceived: 36,
  recovered: 37, // lost datagrams that parity made up for, and that had not come by a resend before
  dropParity: 38, // a parity datagram that contradicts itself, or what came before; or what it gave is no data
  resequenced: 39, // datagrams held until what was missing before them came
  holdExpired: 40, // gaps that were waited for no longer: the time was over, or there was no more room
  dropHeld: 41, // held when their key went
  dropEcn: 42, // its datagram met congestion, and its sender knows nothing of such marks
  congested: 43, // datagrams that came marked as having met congestion, where they did not leave so
  counters: 48,
} as const;
export type Counter = (typeof Counter)[keyof typeof Counter];
