// Explicit congestion notification through the tunnel (RFC 6040, normal mode): outside stands what stands inside, and a mark met on the way goes
// inside. The fields read and written here are in no checksum of a wire-form packet.
#pragma once
#include <cstdint>

namespace mcc {

constexpr uint32_t ECN = 3;  // bits of a traffic class
constexpr uint32_t ECN_NONE = 0;
constexpr uint32_t ECN_ECT1 = 1;
constexpr uint32_t ECN_ECT0 = 2;
constexpr uint32_t ECN_CE = 3;

// Bits of a header's second byte; its first tells the family.
inline uint32_t ecnShift(const uint8_t* packet) { return packet[0] >> 4 == 4 ? 0 : 4; }
inline uint32_t ecnOf(const uint8_t* packet) { return packet[1] >> ecnShift(packet) & ECN; }
inline void setEcn(uint8_t* packet, uint32_t ecn) {
  const uint32_t shift = ecnShift(packet);
  packet[1] = static_cast<uint8_t>((packet[1] & ~(ECN << shift)) | ecn << shift);
}

// Gives a wire-form packet what its outer header came with. False: it is to be dropped, since it was marked and cannot tell.
inline bool takeEcn(uint8_t* packet, uint32_t outer) {
  const uint32_t inner = ecnOf(packet);
  if (outer == ECN_CE && inner == ECN_NONE) return false;
  if (outer == ECN_CE || (outer == ECN_ECT1 && inner == ECN_ECT0)) setEcn(packet, outer);
  return true;
}

}  // namespace mcc
