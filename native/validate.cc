#include "headers.h"

namespace mcc {
namespace {

bool quoteIsBlank(const uint8_t* plaintext, const Facts& facts) {
  const bool six = familyOf(facts.info) == 6;
  const uint8_t* addresses = plaintext + facts.quote + (six ? 8 : 12);
  uint64_t any = 0;
  for (uint32_t i = 0; i < (six ? 32u : 8u); i += 8) any |= peek<uint64_t>(addresses + i);
  return any == 0;
}

}  // namespace

bool validateWire(const uint8_t* plaintext, uint32_t length, WirePacket& out) {
  if (length < FIXED6_WIRE || length > MAX_PACKET) return false;
  const uint32_t family = plaintext[0] >> 4;
  const uint8_t* block;
  uint32_t real = length;
  if (family == 4) {
    if (length < FIXED4 || load16(plaintext + 2) != length || peek<uint16_t>(plaintext + 10) != 0) return false;
    block = plaintext + BLOCK4;
  } else {
    real = length + SHORTER6;
    if (family != 6 || load16(plaintext + 4) != length - FIXED6_WIRE || real > MAX_PACKET) return false;
    block = plaintext + BLOCK6;
  }
  const uint8_t flags = block[4];
  out.original = static_cast<uint32_t>(block[5]) | static_cast<uint32_t>(block[6]) << 8 | static_cast<uint32_t>(block[7]) << 16;
  if ((flags & ~BLOCK_FLAGS) != 0 || (out.original != 0 && (flags & BLOCK_RESENT) == 0)) return false;
  Facts facts;
  if (!readPacket(plaintext, length, FIXED6_WIRE, facts)) return false;
  const uint32_t protocol = protocolOf(facts.info);
  const bool stream = protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP;
  if ((flags & BLOCK_REPAIR) != 0 && (protocol != PROTOCOL_TCP || (facts.info & INFO_FRAGMENT) != 0)) return false;
  const bool partial = (flags & BLOCK_PARTIAL_CHECKSUM) != 0;
  if (partial && (!stream || (facts.info & INFO_FRAGMENT) != 0)) return false;
  if ((facts.info & INFO_ICMP_ERROR) != 0 && (!facts.quoted || !quoteIsBlank(plaintext, facts))) return false;
  out.info = facts.info | (partial ? INFO_PARTIAL_CHECKSUM : 0);
  out.trafficClass = facts.trafficClass;
  out.ports = facts.ports;
  out.fragmentId = facts.fragmentId;
  out.selectors = load32(block);
  out.block = flags;
  out.quoteInfo = facts.quoted ? facts.quoteInfo | QUOTE_MATCHES : 0;
  out.quotePorts = facts.quotePorts;
  out.length = real;
  out.wireLength = length;
  out.networkBytes = static_cast<uint16_t>(facts.network);
  out.headerBytes = static_cast<uint16_t>(facts.header);
  out.mergeable = partial && facts.plain && (facts.info & INFO_NO_RECUT) == 0 && length > facts.header;
  return true;
}

}  // namespace mcc
