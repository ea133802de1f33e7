#include "headers.h"

namespace mcc {
namespace {

void loadAddress(uint8_t* to, const uint32_t* words, bool six) {
  if (six) {
    for (uint32_t i = 0; i < 4; i++) store32(to + 4 * i, words[i]);
  } else {
    store32(to, words[3]);
  }
}

// Writes the real network header in front; returns where its addresses lie.
uint8_t* writeNetwork(uint8_t* to, const Group& group, uint32_t total, const uint32_t* row) {
  const WirePacket& head = group.head;
  const bool six = familyOf(head.info) == 6;
  uint8_t* addresses = to + (six ? BLOCK6 : BLOCK4);
  if (six) {
    memcpy(to, group.first, BLOCK6);
    memcpy(to + FIXED6_REAL, group.first + FIXED6_WIRE, head.headerBytes - FIXED6_WIRE);
    store16(to + 4, total - FIXED6_REAL);
  } else {
    memcpy(to, group.first, head.headerBytes);
    store16(to + 2, total);
  }
  loadAddress(addresses, row + IN_SOURCE, six);
  loadAddress(addresses + (six ? 16 : 4), row + IN_DESTINATION, six);
  if (!six) poke<uint16_t>(to + 10, static_cast<uint16_t>(~fold(sumBytes(to, head.networkBytes))));
  return addresses;
}

// The pseudo header's sum in the checksum field, and the virtio header that makes the kernel complete or segment it.
void leaveToKernel(uint8_t* header, uint32_t network, const Group& group, uint32_t total, uint16_t sum, VirtioHeader& virtio) {
  const uint32_t protocol = protocolOf(group.head.info);
  const bool tcp = protocol == PROTOCOL_TCP;
  uint8_t* transport = header + network;
  const uint32_t bytes = total - network;
  const uint32_t offset = tcp ? TCP_CHECKSUM : UDP_CHECKSUM;
  poke<uint16_t>(transport + offset, fold(static_cast<uint64_t>(sum) + htons(static_cast<uint16_t>(protocol)) + htons(static_cast<uint16_t>(bytes))));
  virtio.flags = VIRTIO_NEEDS_CHECKSUM;
  virtio.checksumStart = static_cast<uint16_t>(network);
  virtio.checksumOffset = static_cast<uint16_t>(offset);
  if (!tcp) store16(transport + 4, bytes);
  if (group.pieces == 1) return;
  const bool six = familyOf(group.head.info) == 6;
  virtio.gsoType = tcp ? (six ? VIRTIO_GSO_TCPV6 : VIRTIO_GSO_TCPV4) : VIRTIO_GSO_UDP_L4;
  virtio.gsoSize = static_cast<uint16_t>(group.segment);
  if (!tcp) return;
  transport[13] |= group.tailFlags;
  if ((transport[13] & TCP_CWR) != 0) virtio.gsoType |= VIRTIO_GSO_ECN;
}

// Carries the checksum over to the real addresses: in the header copy for TCP and UDP, where it lies for ICMPv6.
void enterAddresses(const Group& group, uint8_t* header, uint32_t longer, uint16_t sum, const uint8_t* addresses) {
  const WirePacket& head = group.head;
  Facts facts{};
  facts.info = head.info;
  facts.network = head.networkBytes;
  if ((head.info & INFO_ICMP_ERROR) != 0 && readPacket(group.first, head.wireLength, FIXED6_WIRE, facts)) {
    const uint32_t size = familyOf(head.info) == 6 ? 16 : 4;
    rewriteQuote(group.first, facts, addresses + size, addresses, sum, true);
  }
  const uint32_t checksum = addressChecksum(facts);
  if (checksum == 0) return;
  uint8_t* at = checksum < head.headerBytes ? header + longer + checksum : group.first + checksum;
  adjustAt(at, protocolOf(head.info) == PROTOCOL_UDP, 0, sum);
}

}  // namespace

uint32_t Coalescer::finish(const Group& group, const uint32_t* row, uint8_t* header, iovec* vectors, uint32_t capacity) const {
  const WirePacket& head = group.head;
  if (group.pieces + 1 > capacity) return 0;
  const bool six = familyOf(head.info) == 6;
  const uint32_t longer = six ? SHORTER6 : 0;
  const uint32_t total = head.length + group.payload - group.segment;
  const uint32_t headerBytes = head.headerBytes + longer;
  uint8_t* packet = header + sizeof(VirtioHeader);
  const uint8_t* addresses = writeNetwork(packet, group, total, row);
  const uint16_t sum = fold(sumBytes(addresses, six ? 32 : 8));
  VirtioHeader virtio{};
  virtio.headerLength = static_cast<uint16_t>(headerBytes);
  if ((head.info & INFO_PARTIAL_CHECKSUM) != 0) {
    leaveToKernel(packet, head.networkBytes + longer, group, total, sum, virtio);
  } else {
    enterAddresses(group, packet, longer, sum, addresses);
  }
  memcpy(header, &virtio, sizeof virtio);
  vectors[0] = {header, sizeof virtio + headerBytes};
  uint32_t count = 1;
  uint32_t piece = group.firstPiece;
  for (uint32_t i = 0; i < group.pieces; i++) {
    const Piece& part = pieces_[piece];
    if (part.length != 0) vectors[count++] = {part.data, part.length};
    piece = part.next;
  }
  return count;
}

}  // namespace mcc
