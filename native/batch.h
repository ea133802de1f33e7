// The layout of everything that C++ and TypeScript share by memory: batch rows, counters, enumerations.
// src/core/base/batch-layout.generated.ts is generated from this file (`npm run generate`), so it keeps to
// plain `enum Name : uint32_t { ... }` blocks and `constexpr uint32_t NAME = value;` lines.
//
// Every row is ROW_WORDS 32-bit words. Addresses are four words, most significant first, IPv4 as ::ffff:a.b.c.d.
#pragma once
#include <cstdint>

namespace mcc {

constexpr uint32_t ROW_WORDS = 32;
// Rows in one batch, and bytes after which draining the TUN stops although rows are left.
constexpr uint32_t BATCH_ROWS = 32;
constexpr uint32_t BATCH_BYTES = 196608;
// One slab slot holds one super-packet: room for headers in front, 64 KB, a tag behind.
constexpr uint32_t SLOT_HEADROOM = 128;
constexpr uint32_t SLOT_BYTES = 66048;
constexpr uint32_t SLAB_SLOTS = 1024;
// Rows that the inbound side may fill per batch: one per flow and session after coalescing.
constexpr uint32_t INBOUND_ROWS = 256;
constexpr uint32_t RECEIVE_SLOTS = 16;
constexpr uint32_t KEY_SLOTS = 65536;
constexpr uint32_t PATH_SLOTS = 65536;
constexpr uint32_t TRANSPORT_HEADER = 16;
constexpr uint32_t TAG_BYTES = 16;
constexpr uint32_t ADDRESS_BLOCK = 8;
constexpr uint32_t FRAGMENT_HEADER = 8;
constexpr uint32_t REPLAY_WINDOW = 32768;
// Longest that a packet may be made to wait for a repair.
constexpr uint32_t HOLD_MS_MAX = 10000;
// In front of a relayed datagram: TYPE_RELAYED, the receiver's path slot of the sender and the circuit's number (u16 LE each).
constexpr uint32_t RELAY_HEADER = 5;
// Circuits that a port keeps, forwards included.
constexpr uint32_t CIRCUITS = 4096;
// First word of a circuit address: 100::/64 (discard-only, RFC 6666), then 0, 0, path slot of the relay << 16 | number.
constexpr uint32_t CIRCUIT_PREFIX = 0x1000000;
constexpr uint32_t CIRCUIT_PORT = 1;
// Streams that a port keeps, and bytes of the largest datagram that one carries.
constexpr uint32_t STREAMS = 1024;
constexpr uint32_t STREAM_DATAGRAM_BYTES = 4096;
// Second word of a stream's address: 100:0:0:1::/64 (dummy prefix, RFC 9780), then 0 and its number; the port as a circuit's.
constexpr uint32_t STREAM_SUBNET = 1;
// Error correction: what a parity plaintext has in front of its bitmap; counters that one group may span; parities that it may have; the longest
// plaintext that is covered; and how much longer than the longest of its group a parity plaintext is at most.
constexpr uint32_t PARITY_HEADER = 4;
constexpr uint32_t PARITY_SPAN = 112;
constexpr uint32_t PARITY_MOST = 24;
constexpr uint32_t PARITY_BYTES = 2048;
constexpr uint32_t PARITY_OVERHEAD = 20;
// Further UDP sockets that a port may have beside its main one, numbered 1 .. SOCKETS_MAX; 0 is the main one.
constexpr uint32_t SOCKETS_MAX = 512;

// Outbound row: one super-packet read from the TUN. Native fills the words up to `quotePorts`, TypeScript the rest.
enum OutRow : uint32_t {
  OUT_SLOT = 0,            // slab slot that holds the packet, at SLOT_HEADROOM
  OUT_LENGTH = 1,          // bytes of the whole IP packet
  OUT_HEADER_BYTES = 2,    // IP header with extensions and options, plus TCP or UDP header (0 of it for later fragments)
  OUT_SEGMENT_BYTES = 3,   // payload per segment of a TCP or UDP super-packet; 0: a single packet
  OUT_INFO = 4,            // INFO_* bits
  OUT_TRAFFIC_CLASS = 5,   // DSCP and ECN byte
  OUT_PORTS = 6,           // source << 16 | destination; ICMP: type << 24 | code << 16 | echo identifier
  OUT_FRAGMENT_ID = 7,     // IP identification of a fragment, else 0
  OUT_SOURCE = 8,          // four words
  OUT_DESTINATION = 12,    // four words
  OUT_QUOTE_INFO = 16,     // ICMP error: protocol (bits 0-7) of the quoted packet, QUOTE_* bits; else 0
  OUT_QUOTE_PORTS = 17,    // ports of the quoted packet, as quoted
  OUT_ACTION = 18,         // ACTION_*, what TypeScript decided
  OUT_KEY = 19,            // send key slot
  OUT_COUNTER_LOW = 20,    // first counter of the reserved range
  OUT_COUNTER_HIGH = 21,
  OUT_DATAGRAMS = 22,      // counters reserved: exactly what the row needs; native refuses a row that needs more
  OUT_PATH = 23,           // path slot
  OUT_RECUT = 24,          // TCP payload bytes per segment on the wire; 0: as OUT_SEGMENT_BYTES says
  OUT_FRAGMENT_AT = 25,    // largest plaintext in one datagram; larger inner packets become tunnel fragments
  OUT_SELECTORS = 26,      // source endpoint << 16 | destination endpoint
  OUT_FIRST_SEGMENT = 27,  // range of segments to send, for rows held and sent again
  OUT_SEGMENT_COUNT = 28,  // 0: all from OUT_FIRST_SEGMENT on
  OUT_RELEASE_LOW = 29,    // CLOCK_MONOTONIC nanoseconds at which to send; 0: now
  OUT_RELEASE_HIGH = 30,
  OUT_REPAIR = 31,         // REPAIR_*
  OUT_LOOP_SOURCE = 19,       // ACTION_LOOP, in place of OUT_KEY and so on: four words, the source to write; family as in OUT_INFO
  OUT_LOOP_DESTINATION = 23,  // four words
};

// Inbound row: one super-packet, control message or raw datagram. Native fills the words up to `outerPort`.
enum InRow : uint32_t {
  IN_KIND = 0,             // KIND_*
  IN_KEY = 1,              // receive key slot (data, control)
  IN_COUNTER_LOW = 2,      // highest counter among the datagrams of this row
  IN_COUNTER_HIGH = 3,
  IN_DATAGRAMS = 4,        // datagrams merged in this row
  IN_OFFSET = 5,           // control and raw: where its bytes start in the receive slab
  IN_LENGTH = 6,           // data: bytes of the IP packet as it will be written; else bytes at IN_OFFSET
  IN_INFO = 7,             // INFO_* bits
  IN_TRAFFIC_CLASS = 8,
  IN_PORTS = 9,            // as OUT_PORTS
  IN_FRAGMENT_ID = 10,
  IN_SELECTORS = 11,       // source endpoint << 16 | destination endpoint, as the remote wrote them
  IN_QUOTE_INFO = 12,
  IN_QUOTE_PORTS = 13,
  IN_OUTER_SOURCE = 14,    // four words: where the (last) datagram came from; through a relay: the circuit's address
  IN_OUTER_PORT = 18,      // bits 0-15; bits 16-31: the number of the local socket on which it came in (0: the main one)
  IN_OUTER_BYTES = 19,     // UDP payload bytes of those datagrams of this row that no row told of before, without relay headers
  IN_ACTION = 20,          // ACTION_*: drop or send
  IN_SOURCE = 21,          // four words: inner source to write; family as in IN_INFO
  IN_DESTINATION = 25,     // four words
};

enum Kind : uint32_t {
  KIND_DATA = 1,      // opened, an IP packet
  KIND_CONTROL = 2,   // opened, not an IP packet (a first byte PLAINTEXT_CONTROL or PLAINTEXT_ACK, or empty)
  KIND_RAW = 3,       // a handshake or cookie datagram, as it came; of a relayed one what is behind its header
  KIND_HEARD = 4,     // datagrams of one key and address came of which nothing goes up now: parities, and packets that wait for their order
};

enum Action : uint32_t {
  ACTION_DROP = 0,
  ACTION_SEND = 1,    // outbound: seal and send. inbound: write to the TUN
  ACTION_HOLD = 2,    // outbound: keep the slot; TypeScript sends or releases it later
  ACTION_LOOP = 3,    // outbound, not for held rows: write back to the TUN with the addresses of OUT_LOOP_*
  ACTION_SEND_KEEP = 4,  // outbound: seal and send, and keep the slot as ACTION_HOLD does, so that it can be sent from again
};

// Bits of OUT_INFO and IN_INFO. Bits 0-3: family, 4 or 6. Bits 8-15: protocol behind all extension headers.
constexpr uint32_t INFO_FAMILY = 0xf;
constexpr uint32_t INFO_PROTOCOL_SHIFT = 8;
constexpr uint32_t INFO_TCP_GSO = 0x10000;        // a TCP super-packet
constexpr uint32_t INFO_UDP_GSO = 0x20000;        // a UDP super-packet (USO)
constexpr uint32_t INFO_PARTIAL_CHECKSUM = 0x40000;  // NEEDS_CSUM
constexpr uint32_t INFO_FIRST_FRAGMENT = 0x80000;
constexpr uint32_t INFO_LATER_FRAGMENT = 0x100000;   // has no ports
constexpr uint32_t INFO_LAST_FRAGMENT = 0x200000;
constexpr uint32_t INFO_SYN = 0x400000;           // TCP: SYN without ACK
constexpr uint32_t INFO_DONT_FRAGMENT = 0x800000; // IPv4 DF, and every IPv6 packet
constexpr uint32_t INFO_ICMP_ERROR = 0x1000000;   // quotes a packet: see *_QUOTE_*
constexpr uint32_t INFO_NO_RECUT = 0x2000000;     // SYN, RST, URG, TCP-MD5, TCP-AO: never re-cut, never coalesced
constexpr uint32_t INFO_NO_PORTS = 0x4000000;     // protocol unknown or transport header cut short: ports are 0
constexpr uint32_t INFO_TCP_END = 0x8000000;      // TCP: FIN or RST
// Bits of *_QUOTE_INFO. Bits 0-7: quoted protocol.
constexpr uint32_t QUOTE_MATCHES = 0x100;         // quoted source = packet's destination and quoted destination = packet's source
constexpr uint32_t QUOTE_PORTS_KNOWN = 0x200;

// First byte of a datagram.
enum DatagramType : uint32_t {
  TYPE_INITIATION = 1,
  TYPE_RESPONSE = 2,
  TYPE_COOKIE = 3,
  TYPE_TRANSPORT = 4,
  TYPE_RELAYED = 5,
};

// First byte of an opened plaintext, where it is not an IP packet (first nibble 4 or 6).
enum Plaintext : uint32_t {
  PLAINTEXT_CONTROL = 0,
  PLAINTEXT_FRAGMENT = 1,
  PLAINTEXT_ACK = 2,
  PLAINTEXT_PARITY = 3,
};

// The address block of a wire-form packet: selectors (as OUT_SELECTORS, most significant byte first), a byte of BLOCK_* flags, three bytes that
// are zero but where BLOCK_RESENT is set. BLOCK_REPAIRABLE and BLOCK_RESENT are for TCP in one datagram only.
constexpr uint32_t BLOCK_PARTIAL_CHECKSUM = 1;  // the transport checksum is the receiver's to derive
constexpr uint32_t BLOCK_REPAIRABLE = 2;        // the sender keeps it: when it is lost it may come again
constexpr uint32_t BLOCK_RESENT = 4;            // the three bytes are the low 24 bits (LE) of the counter under which it was sent first, by the same key
// Bits of OUT_REPAIR. Bits 0-23, with REPAIR_RESENT: low 24 bits of the counter under which the first datagram of the range was sent first;
// that of datagram i is so much + i.
constexpr uint32_t REPAIR_COUNTER = 0xffffff;
constexpr uint32_t REPAIR_MARK_CE = 0x20000000;  // packets of any kind whose senders know of it are marked as having met congestion
constexpr uint32_t REPAIR_RESENT = 0x40000000;
constexpr uint32_t REPAIR_REPAIRABLE = 0x80000000;
// Bits 24-28, of any row: so many parities of the key's group follow its datagrams, under the counters behind theirs (OUT_DATAGRAMS does
// not count them), and a new group begins.
constexpr uint32_t REPAIR_PARITY = 0x1f000000;
constexpr uint32_t REPAIR_PARITY_SHIFT = 24;

enum Suite : uint32_t {
  SUITE_AES_256_GCM = 1,
  SUITE_CHACHA20_POLY1305 = 2,
};

// Indices of the counters view (Float64Array, or BigUint64Array where the reader wants exactness).
enum Counter : uint32_t {
  COUNT_INSIDE_READ_PACKETS = 0,     // super-packets read from the TUN
  COUNT_INSIDE_READ_BYTES = 1,
  COUNT_INSIDE_WRITTEN_PACKETS = 2,
  COUNT_INSIDE_WRITTEN_BYTES = 3,
  COUNT_DATAGRAMS_SENT = 4,
  COUNT_DATAGRAM_BYTES_SENT = 5,
  COUNT_DATAGRAMS_RECEIVED = 6,
  COUNT_DATAGRAM_BYTES_RECEIVED = 7,
  COUNT_DROP_TRUNCATED = 8,          // shorter than its type's header
  COUNT_DROP_UNKNOWN_TYPE = 9,
  COUNT_DROP_UNKNOWN_INDEX = 10,     // no receive key has this index
  COUNT_DROP_AUTHENTICATION = 11,    // the tag is wrong
  COUNT_DROP_REPLAYED = 12,          // counter seen before
  COUNT_DROP_TOO_OLD = 13,           // counter left of the window
  COUNT_DROP_COUNTER_LIMIT = 14,     // counter at or above the key's limit
  COUNT_DROP_INNER_MALFORMED = 15,   // an inner packet that contradicts itself
  COUNT_DROP_INSIDE_MALFORMED = 16,  // the same, from the TUN
  COUNT_DROP_FRAGMENT = 17,          // tunnel fragment that contradicts its siblings, or reassembly full or timed out
  COUNT_DROP_BUSY = 18,              // raw datagrams beyond what one batch may carry
  COUNT_DROP_NO_SLOT = 19,           // slab exhausted
  COUNT_DROP_SEND_TOO_BIG = 20,      // EMSGSIZE
  COUNT_DROP_SEND_BUFFER = 21,       // EAGAIN, ENOBUFS
  COUNT_DROP_SEND_OTHER = 22,        // any other errno of a send
  COUNT_DROP_INSIDE_WRITE = 23,      // the TUN refused a packet
  COUNT_DROP_BAD_ROW = 24,           // TypeScript handed a row that fails its checks: a defect of ours
  COUNT_FALLBACK_GSO = 25,           // GSO sends repeated segment by segment
  COUNT_SEND_CALLS = 26,
  COUNT_RECEIVE_CALLS = 27,
  COUNT_DROP_RELAY = 28,             // relayed, but from or to no circuit; nested; or an outer source in 100::/64
  COUNT_DROP_RELAY_LIMIT = 29,       // beyond the rate at which this port relays for others
  COUNT_RELAYED_DATAGRAMS = 30,      // of others, handed on to the socket
  COUNT_RELAYED_BYTES = 31,
  COUNT_KEEPALIVES = 32,             // bare relay headers received that ask for nothing
  COUNT_DROP_STREAM = 33,            // streams ended for what came: no datagrams, or too much of a stranger
  COUNT_DROP_DUPLICATE = 34,         // arrived already, itself or its repair
  COUNT_PARITY_SENT = 35,
  COUNT_PARITY_RECEIVED = 36,
  COUNT_RECOVERED = 37,              // lost datagrams that parity made up for, and that had not come by a resend before
  COUNT_DROP_PARITY = 38,            // a parity datagram that contradicts itself, or what came before; or what it gave is no data
  COUNT_RESEQUENCED = 39,            // datagrams held until what was missing before them came
  COUNT_HOLD_EXPIRED = 40,           // gaps that were waited for no longer: the time was over, or there was no more room
  COUNT_DROP_HELD = 41,              // held when their key went
  COUNT_DROP_ECN = 42,               // its datagram met congestion, and its sender knows nothing of such marks
  COUNT_CONGESTED = 43,              // datagrams that came marked as having met congestion, where they did not leave so
  COUNTERS = 48,
};

}  // namespace mcc
