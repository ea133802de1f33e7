#include "headers.h"

namespace mcc {
namespace {

struct Chain {
  uint32_t offset;       // of the header behind the extensions
  uint8_t protocol;
  bool fragment;
  bool more;
  uint32_t fragmentOffset;
  uint32_t fragmentId;
};

// Walks IPv6 extension headers. False: cut short, over the bounds, out of place, or a source route still to be followed.
bool walkExtensions(const uint8_t* packet, uint32_t length, uint32_t fixed, uint8_t next, Chain& chain) {
  chain = {fixed, next, false, false, 0, 0};
  for (uint32_t count = 0;; count++) {
    const uint8_t type = chain.protocol;
    if (type != PROTOCOL_HOP_BY_HOP && type != PROTOCOL_ROUTING && type != PROTOCOL_FRAGMENT && type != PROTOCOL_DESTINATION) return true;
    if (count == MAX_EXTENSIONS || (type == PROTOCOL_HOP_BY_HOP && count != 0)) return false;
    const uint32_t offset = chain.offset;
    if (offset + 8 > length) return false;
    const uint32_t size = type == PROTOCOL_FRAGMENT ? 8 : (packet[offset + 1] + 1u) * 8;
    if (offset + size > length || offset + size - fixed > MAX_NETWORK_HEADER - FIXED6_REAL) return false;
    if (type == PROTOCOL_ROUTING && packet[offset + 3] != 0) return false;
    chain.protocol = packet[offset];
    chain.offset = offset + size;
    if (type != PROTOCOL_FRAGMENT) continue;
    if (chain.fragment) return false;
    const uint32_t field = load16(packet + offset + 2);
    chain.fragment = true;
    chain.more = (field & 1) != 0;
    chain.fragmentOffset = field & 0xfff8;
    chain.fragmentId = load32(packet + offset + 4);
    if (chain.fragmentOffset != 0) return true;
  }
}

// Options that let the packet wander over other hosts are refused, like routing headers.
bool optionsSound4(const uint8_t* options, uint32_t length) {
  uint32_t i = 0;
  while (i < length) {
    const uint8_t kind = options[i];
    if (kind == 0) return true;
    if (kind == 1) {
      i++;
      continue;
    }
    if (kind == 131 || kind == 137 || i + 2 > length) return false;
    const uint32_t size = options[i + 1];
    if (size < 2 || i + size > length) return false;
    i += size;
  }
  return true;
}

bool readNetwork4(const uint8_t* packet, uint32_t length, Facts& facts, Chain& chain) {
  const uint32_t header = (packet[0] & 15u) * 4;
  if (header < FIXED4 || header > length) return false;
  facts.plain = header == FIXED4;
  if (!facts.plain && !optionsSound4(packet + FIXED4, header - FIXED4)) return false;
  const uint32_t field = load16(packet + 6);
  chain.offset = header;
  chain.protocol = packet[9];
  chain.more = (field & 0x2000) != 0;
  chain.fragmentOffset = (field & 0x1fff) * 8;
  chain.fragment = chain.more || chain.fragmentOffset != 0;
  chain.fragmentId = load16(packet + 4);
  facts.info = 4 | ((field & 0x4000) != 0 ? INFO_DONT_FRAGMENT : 0);
  facts.trafficClass = packet[1];
  return true;
}

bool readNetwork6(const uint8_t* packet, uint32_t length, uint32_t fixed, Facts& facts, Chain& chain) {
  if (!walkExtensions(packet, length, fixed, packet[6], chain)) return false;
  facts.plain = chain.offset == fixed;
  facts.info = 6 | INFO_DONT_FRAGMENT;
  facts.trafficClass = (load16(packet) >> 4) & 0xff;
  return true;
}

// SYN, RST, URG and signed segments (RFC 2385, RFC 5925) stay as they are.
bool mustStay(const uint8_t* tcp, uint32_t header) {
  if ((tcp[13] & (TCP_SYN | TCP_RST | TCP_URG)) != 0) return true;
  if (header == 20 || (header == 32 && load32(tcp + 20) == 0x0101080a)) return false;
  uint32_t i = 20;
  while (i < header) {
    const uint8_t kind = tcp[i];
    if (kind == 0) return false;
    if (kind == 1) {
      i++;
      continue;
    }
    if (kind == 19 || kind == 29 || i + 2 > header) return true;
    const uint32_t size = tcp[i + 1];
    if (size < 2 || i + size > header) return true;
    i += size;
  }
  return false;
}

uint32_t icmpPorts(const uint8_t* icmp, bool six) {
  const uint8_t type = icmp[0];
  const bool echo = six ? type == 128 || type == 129 : type == 8 || type == 0;
  return static_cast<uint32_t>(type) << 24 | static_cast<uint32_t>(icmp[1]) << 16 | (echo ? load16(icmp + 4) : 0);
}

bool icmpIsError(uint8_t type, bool six) {
  return six ? type >= 1 && type <= 4 : type == 3 || type == 4 || type == 11 || type == 12;
}

void readQuotedTransport(const uint8_t* packet, uint32_t length, uint32_t at, uint8_t protocol, bool six, Facts& facts) {
  const uint32_t left = length - at;
  if (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) {
    if (left < 4) return;
    facts.quotePorts = load32(packet + at);
    facts.quoteInfo |= QUOTE_PORTS_KNOWN;
    const uint32_t offset = protocol == PROTOCOL_TCP ? TCP_CHECKSUM : UDP_CHECKSUM;
    if (left >= offset + 2) facts.quoteChecksum = at + offset;
  } else if (protocol == (six ? PROTOCOL_ICMP6 : PROTOCOL_ICMP) && left >= 4) {
    if (left >= 8) {
      facts.quotePorts = icmpPorts(packet + at, six);
      facts.quoteInfo |= QUOTE_PORTS_KNOWN;
    }
    if (six) facts.quoteChecksum = at + ICMP_CHECKSUM;
  }
  if (facts.quoteChecksum != 0) facts.quoteEnd = facts.quoteChecksum + 2;
}

void readQuote(const uint8_t* packet, uint32_t length, uint32_t at, bool six, Facts& facts) {
  const uint32_t fixed = six ? FIXED6_REAL : FIXED4;
  if (at + fixed > length || packet[at] >> 4 != (six ? 6 : 4)) return;
  facts.quote = at;
  facts.quoteEnd = at + fixed;
  Chain chain{};
  if (six) {
    facts.quoted = true;
    facts.quoteInfo = packet[at + 6];
    if (!walkExtensions(packet + at, length - at, fixed, packet[at + 6], chain)) return;
  } else {
    chain.offset = (packet[at] & 15u) * 4;
    chain.protocol = packet[at + 9];
    chain.fragmentOffset = (load16(packet + at + 6) & 0x1fff) * 8;
    if (chain.offset < FIXED4 || at + chain.offset > length) return;
    facts.quoted = true;
  }
  facts.quoteInfo = chain.protocol;
  if (chain.fragmentOffset == 0) readQuotedTransport(packet, length, at + chain.offset, chain.protocol, six, facts);
}

bool readTcp(const uint8_t* tcp, uint32_t left, Facts& facts) {
  if (left < 20) return false;
  const uint32_t header = (tcp[12] >> 4) * 4u;
  if (header < 20 || header > left) return false;
  facts.ports = load32(tcp);
  facts.header = facts.network + header;
  if ((tcp[13] & (TCP_SYN | TCP_ACK)) == TCP_SYN) facts.info |= INFO_SYN;
  if ((tcp[13] & (TCP_FIN | TCP_RST)) != 0) facts.info |= INFO_TCP_END;
  if (mustStay(tcp, header)) facts.info |= INFO_NO_RECUT;
  return true;
}

bool readUdp(const uint8_t* udp, uint32_t left, bool whole, Facts& facts) {
  if (left < 8) return false;
  const uint32_t length = load16(udp + 4);
  if (length < 8 || (whole ? length != left : length < left)) return false;
  facts.ports = load32(udp);
  facts.header = facts.network + 8;
  return true;
}

bool readTransport(const uint8_t* packet, uint32_t length, uint8_t protocol, bool whole, Facts& facts) {
  const bool six = familyOf(facts.info) == 6;
  const uint32_t at = facts.network;
  const uint32_t left = length - at;
  if (protocol == PROTOCOL_TCP) return readTcp(packet + at, left, facts);
  if (protocol == PROTOCOL_UDP) return readUdp(packet + at, left, whole, facts);
  if (protocol != (six ? PROTOCOL_ICMP6 : PROTOCOL_ICMP)) {
    facts.info |= INFO_NO_PORTS;
    return true;
  }
  if (left < 8) return false;
  facts.ports = icmpPorts(packet + at, six);
  if (icmpIsError(packet[at], six)) {
    facts.info |= INFO_ICMP_ERROR;
    readQuote(packet, length, at + 8, six, facts);
  }
  return true;
}

// Refuses what no reassembly takes, and TCP fragments that could rewrite a header already judged (RFC 3128).
bool readFragment(uint32_t length, const Chain& chain, Facts& facts) {
  const uint32_t bytes = length - chain.offset;
  if (chain.fragmentOffset + bytes > MAX_PACKET) return false;
  if (chain.more && (bytes == 0 || bytes % 8 != 0)) return false;
  facts.fragmentId = chain.fragmentId;
  facts.info |= (chain.fragmentOffset == 0 ? INFO_FIRST_FRAGMENT : INFO_LATER_FRAGMENT) | (chain.more ? 0 : INFO_LAST_FRAGMENT);
  if (chain.fragmentOffset == 0) return true;
  facts.info |= INFO_NO_PORTS;
  return bytes != 0 && (chain.protocol != PROTOCOL_TCP || chain.fragmentOffset >= 20);
}

}  // namespace

bool readPacket(const uint8_t* packet, uint32_t length, uint32_t fixed6, Facts& facts) {
  facts = {};
  Chain chain{};
  const bool six = packet[0] >> 4 == 6;
  if (six ? !readNetwork6(packet, length, fixed6, facts, chain) : !readNetwork4(packet, length, facts, chain)) return false;
  facts.info |= static_cast<uint32_t>(chain.protocol) << INFO_PROTOCOL_SHIFT;
  facts.network = chain.offset;
  facts.header = chain.offset;
  if (chain.fragment && !readFragment(length, chain, facts)) return false;
  if (chain.fragmentOffset != 0) return true;
  return readTransport(packet, length, chain.protocol, !chain.more, facts);
}

namespace {

// Bytes of the packet by its own header, 0: it cannot be.
uint32_t ownLength(const uint8_t* packet, uint32_t length) {
  if (length < FIXED4) return 0;
  const uint32_t family = packet[0] >> 4;
  if (family == 4) {
    const uint32_t total = load16(packet + 2);
    const uint32_t header = (packet[0] & 15u) * 4;
    if (header < FIXED4 || header > total || total > length) return 0;
    return fold(sumBytes(packet, header)) == 0xffff ? total : 0;
  }
  if (family != 6 || length < FIXED6_REAL) return 0;
  const uint32_t total = load16(packet + 4) + FIXED6_REAL;
  return total > length || total > MAX_PACKET ? 0 : total;
}

bool readOffloads(uint8_t* packet, uint32_t length, const VirtioHeader& virtio, Facts& facts, uint32_t& segment) {
  const uint32_t protocol = protocolOf(facts.info);
  const uint8_t gso = virtio.gsoType & ~VIRTIO_GSO_ECN;
  const bool cuttable = (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) && (facts.info & INFO_FRAGMENT) == 0;
  segment = 0;
  if (gso != VIRTIO_GSO_NONE) {
    const bool six = familyOf(facts.info) == 6;
    const bool fits = gso == VIRTIO_GSO_UDP_L4 ? protocol == PROTOCOL_UDP : protocol == PROTOCOL_TCP && gso == (six ? VIRTIO_GSO_TCPV6 : VIRTIO_GSO_TCPV4);
    if (!cuttable || !fits || virtio.gsoSize == 0) return false;
    // A super-packet without NEEDS_CSUM has no meaningful checksum either; the kernel's own segmentation ignores it too.
    facts.info |= INFO_PARTIAL_CHECKSUM;
    if (length - facts.header > virtio.gsoSize) {
      facts.info |= protocol == PROTOCOL_TCP ? INFO_TCP_GSO : INFO_UDP_GSO;
      segment = virtio.gsoSize;
    }
    return true;
  }
  if ((virtio.flags & VIRTIO_NEEDS_CHECKSUM) == 0) return true;
  const uint32_t offset = protocol == PROTOCOL_TCP ? TCP_CHECKSUM : UDP_CHECKSUM;
  if (cuttable && virtio.checksumStart == facts.network && virtio.checksumOffset == offset) {
    facts.info |= INFO_PARTIAL_CHECKSUM;
    return true;
  }
  // Something else's checksum, an inner one of a tunnel for example: it cannot travel as the flag.
  return virtio.checksumStart >= facts.network && completeChecksum(packet, length, virtio.checksumStart, virtio.checksumOffset) &&
         readPacket(packet, length, FIXED6_REAL, facts);
}

void storeAddress(uint32_t* words, const uint8_t* address, bool six) {
  if (six) {
    for (uint32_t i = 0; i < 4; i++) words[i] = load32(address + 4 * i);
  } else {
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    words[3] = load32(address);
  }
}

bool quoteMatches(const uint8_t* packet, const Facts& facts) {
  const bool six = familyOf(facts.info) == 6;
  const uint32_t at = six ? 8 : 12;
  const uint32_t size = six ? 16 : 4;
  const uint8_t* quote = packet + facts.quote;
  return memcmp(quote + at, packet + at + size, size) == 0 && memcmp(quote + at + size, packet + at, size) == 0;
}

}  // namespace

bool completeChecksum(uint8_t* packet, uint32_t length, uint32_t start, uint32_t offset) {
  if (start > length || offset > length - start || length - start - offset < 2) return false;
  const uint16_t checksum = static_cast<uint16_t>(~fold(sumBytes(packet + start, length - start)));
  poke<uint16_t>(packet + start + offset, checksum == 0 ? uint16_t{0xffff} : checksum);
  return true;
}

bool parse(uint8_t* packet, uint32_t length, const VirtioHeader& virtio, uint32_t* row) {
  length = ownLength(packet, length);
  Facts facts;
  uint32_t segment;
  if (length == 0 || !readPacket(packet, length, FIXED6_REAL, facts) || !readOffloads(packet, length, virtio, facts, segment)) return false;
  const bool six = familyOf(facts.info) == 6;
  row[OUT_LENGTH] = length;
  row[OUT_HEADER_BYTES] = facts.header;
  row[OUT_SEGMENT_BYTES] = segment;
  row[OUT_INFO] = facts.info;
  row[OUT_TRAFFIC_CLASS] = facts.trafficClass;
  row[OUT_PORTS] = facts.ports;
  row[OUT_FRAGMENT_ID] = facts.fragmentId;
  storeAddress(row + OUT_SOURCE, packet + (six ? 8 : 12), six);
  storeAddress(row + OUT_DESTINATION, packet + (six ? 24 : 16), six);
  row[OUT_QUOTE_INFO] = facts.quoted ? facts.quoteInfo | (quoteMatches(packet, facts) ? QUOTE_MATCHES : 0) : 0;
  row[OUT_QUOTE_PORTS] = facts.quotePorts;
  return true;
}

}  // namespace mcc
