#include "headers.h"

namespace mcc {
namespace {

void storeWords(uint8_t* to, const uint32_t* words, bool six) {
  if (six) {
    for (uint32_t i = 0; i < 4; i++) store32(to + 4 * i, words[i]);
  } else {
    store32(to, words[3]);
  }
}

// What the kernel is to complete or to cut, as it handed it over. The pseudo header's sum is in the checksum field by then.
void describeOffload(const uint8_t* packet, const uint32_t* row, const Facts& facts, uint32_t checksum, VirtioHeader& virtio) {
  const bool tcp = protocolOf(facts.info) == PROTOCOL_TCP;
  virtio.flags = VIRTIO_NEEDS_CHECKSUM;
  virtio.headerLength = static_cast<uint16_t>(facts.header);
  virtio.checksumStart = static_cast<uint16_t>(facts.network);
  virtio.checksumOffset = static_cast<uint16_t>(checksum - facts.network);
  if (row[OUT_SEGMENT_BYTES] == 0) return;
  const bool six = familyOf(facts.info) == 6;
  virtio.gsoType = tcp ? (six ? VIRTIO_GSO_TCPV6 : VIRTIO_GSO_TCPV4) : VIRTIO_GSO_UDP_L4;
  virtio.gsoSize = static_cast<uint16_t>(row[OUT_SEGMENT_BYTES]);
  if (tcp && (packet[facts.network + 13] & TCP_CWR) != 0) virtio.gsoType |= VIRTIO_GSO_ECN;
}

}  // namespace

bool readdress(uint8_t* packet, const uint32_t* row, const uint32_t* source, const uint32_t* destination, VirtioHeader& virtio) {
  const uint32_t length = row[OUT_LENGTH];
  const uint32_t kept = INFO_FAMILY | 0xff << INFO_PROTOCOL_SHIFT | INFO_FRAGMENT | INFO_ICMP_ERROR;
  Facts facts;
  virtio = {};
  // JavaScript can write to the slab too.
  if (!readPacket(packet, length, FIXED6_REAL, facts) || facts.header != row[OUT_HEADER_BYTES] || ((facts.info ^ row[OUT_INFO]) & kept) != 0) return false;
  const bool error = (facts.info & INFO_ICMP_ERROR) != 0;
  if (error && (!facts.quoted || (row[OUT_QUOTE_INFO] & QUOTE_MATCHES) == 0)) return false;
  const bool six = familyOf(facts.info) == 6;
  const uint32_t size = six ? 16 : 4;
  uint8_t* addresses = packet + (six ? 8 : 12);
  const uint16_t gone = fold(sumBytes(addresses, 2 * size));
  if (error) rewriteQuote(packet, facts, nullptr, nullptr, gone, false);
  storeWords(addresses, source, six);
  storeWords(addresses + size, destination, six);
  const uint16_t come = fold(sumBytes(addresses, 2 * size));
  if (error) rewriteQuote(packet, facts, addresses + size, addresses, come, true);
  if (!six) adjustAt(packet + 10, false, gone, come);
  const uint32_t checksum = addressChecksum(facts);
  if (checksum == 0) return true;
  const uint32_t protocol = protocolOf(facts.info);
  if ((row[OUT_INFO] & INFO_PARTIAL_CHECKSUM) == 0) {
    adjustAt(packet + checksum, protocol == PROTOCOL_UDP, gone, come);
    return true;
  }
  const uint32_t bytes = length - facts.network;
  poke<uint16_t>(packet + checksum, fold(static_cast<uint64_t>(come) + htons(static_cast<uint16_t>(protocol)) + htons(static_cast<uint16_t>(bytes))));
  describeOffload(packet, row, facts, checksum, virtio);
  return true;
}

}  // namespace mcc
