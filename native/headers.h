// What the headers of one IP packet say, read once for both directions. The same code reads real packets and wire-form
// packets: they differ in the IPv6 fixed part (40 bytes, or 8 and the address block).
#pragma once
#include "checksum.h"
#include "packet.h"

namespace mcc {

constexpr uint32_t FIXED6_REAL = 40;
constexpr uint32_t FIXED6_WIRE = 8 + ADDRESS_BLOCK;
constexpr uint32_t SHORTER6 = FIXED6_REAL - FIXED6_WIRE;
constexpr uint32_t FIXED4 = 20;
constexpr uint32_t BLOCK4 = 12;
constexpr uint32_t BLOCK6 = 8;

constexpr uint8_t PROTOCOL_ICMP = 1;
constexpr uint8_t PROTOCOL_TCP = 6;
constexpr uint8_t PROTOCOL_UDP = 17;
constexpr uint8_t PROTOCOL_ROUTING = 43;
constexpr uint8_t PROTOCOL_FRAGMENT = 44;
constexpr uint8_t PROTOCOL_ICMP6 = 58;
constexpr uint8_t PROTOCOL_DESTINATION = 60;
constexpr uint8_t PROTOCOL_HOP_BY_HOP = 0;

constexpr uint32_t TCP_CHECKSUM = 16;
constexpr uint32_t UDP_CHECKSUM = 6;
constexpr uint32_t ICMP_CHECKSUM = 2;

constexpr uint8_t TCP_FIN = 0x01;
constexpr uint8_t TCP_SYN = 0x02;
constexpr uint8_t TCP_RST = 0x04;
constexpr uint8_t TCP_PSH = 0x08;
constexpr uint8_t TCP_ACK = 0x10;
constexpr uint8_t TCP_URG = 0x20;
constexpr uint8_t TCP_CWR = 0x80;

constexpr uint32_t BLOCK_REPAIR = BLOCK_REPAIRABLE | BLOCK_RESENT;
constexpr uint32_t BLOCK_FLAGS = BLOCK_PARTIAL_CHECKSUM | BLOCK_REPAIR;
constexpr uint32_t INFO_FRAGMENT = INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT;

struct Facts {
  uint32_t info;            // family, protocol, fragment, SYN, NO_RECUT, ... bits
  uint32_t trafficClass;
  uint32_t ports;
  uint32_t fragmentId;
  uint32_t network;         // bytes before the transport header
  uint32_t header;          // network plus TCP or UDP header
  bool plain;               // no IPv4 options, no IPv6 extension headers
  // ICMP errors whose quote holds a whole IP header:
  bool quoted;
  uint32_t quote;           // offset of the quoted IP header
  uint32_t quoteEnd;        // end of what rewriting may change in it
  uint32_t quoteChecksum;   // offset of the quoted transport checksum; 0: not quoted or none
  uint32_t quoteInfo;       // protocol, QUOTE_PORTS_KNOWN
  uint32_t quotePorts;
};

// Reads a packet of exactly `length` bytes whose IP header's length field is already checked. `fixed6` is FIXED6_REAL or
// FIXED6_WIRE. False: malformed.
bool readPacket(const uint8_t* packet, uint32_t length, uint32_t fixed6, Facts& facts);

inline uint32_t familyOf(uint32_t info) { return info & INFO_FAMILY; }
inline uint32_t protocolOf(uint32_t info) { return (info >> INFO_PROTOCOL_SHIFT) & 0xff; }

// Rewrites an ICMP error's quote between real and wire form: writes both addresses (`size` bytes each, nullptr: zero) into it and
// carries the quoted checksums and the ICMP checksum along. `sum` is what both addresses sum to, folded: the quote's
// two are the packet's own two, exchanged. `enter`: the addresses come in (real form), else they go (wire form).
void rewriteQuote(uint8_t* packet, const Facts& facts, const uint8_t* source, const uint8_t* destination, uint16_t sum, bool enter);

// Offset of the checksum that covers the packet's addresses, from the packet's start; 0: there is none here.
inline uint32_t addressChecksum(const Facts& facts) {
  if ((facts.info & INFO_LATER_FRAGMENT) != 0) return 0;
  switch (protocolOf(facts.info)) {
    case PROTOCOL_TCP:
      return facts.network + TCP_CHECKSUM;
    case PROTOCOL_UDP:
      return facts.network + UDP_CHECKSUM;
    case PROTOCOL_ICMP6:
      return familyOf(facts.info) == 6 ? facts.network + ICMP_CHECKSUM : 0;
    default:
      return 0;
  }
}

}  // namespace mcc
