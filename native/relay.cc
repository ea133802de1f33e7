#include "relay.h"

#include <algorithm>

namespace mcc {
namespace {

uint32_t datagramsOf(uint32_t bytes, uint32_t segment) { return (bytes + segment - 1) / segment; }

}  // namespace

void Relay::setLimit(double bytesPerSecond, double burstBytes) {
  bytesPerSecond_ = bytesPerSecond;
  burstBytes_ = burstBytes;
  tokens_ = burstBytes;
  countedNs_ = 0;
}

const Circuit* Relay::admit(const uint32_t* outer, const uint8_t* header) const {
  return isFromNeighbour(outer, header) ? outlet_.circuits.find(relayLeg(header), relayNumber(header)) : nullptr;
}

bool Relay::isFromNeighbour(const uint32_t* outer, const uint8_t* header) const {
  const Path* from = outlet_.path(relayLeg(header));
  // The address is the neighbour's proof: it was confirmed in the session with it.
  return from != nullptr && memcmp(from->address.words, outer, sizeof from->address.words) == 0 && from->address.portWord() == outer[4];
}

void Relay::forward(const Circuit& circuit, uint8_t* data, uint32_t bytes, uint32_t segment, uint32_t ecn) {
  const Path* to = outlet_.path(circuit.toSlot);
  if (to == nullptr || to->isCircuit()) {
    counters_.add(COUNT_DROP_RELAY, datagramsOf(bytes, segment));
    return;
  }
  const uint32_t passing = withinLimit(bytes, segment);
  if (passing < bytes) counters_.add(COUNT_DROP_RELAY_LIMIT, datagramsOf(bytes - passing, segment));
  if (passing == 0) return;
  const uint16_t from = relayLeg(data);
  for (uint32_t at = 0; at < passing; at += segment) writeRelayHeader(data + at, circuit.toLeg, circuit.toNumber);
  relayed_[from] += passing;
  counters_.add(COUNT_RELAYED_DATAGRAMS, datagramsOf(passing, segment));
  counters_.add(COUNT_RELAYED_BYTES, passing);
  outlet_.forward(circuit.toSlot, {data, passing, segment, static_cast<uint8_t>(ecn)});
}

uint32_t Relay::withinLimit(uint32_t bytes, uint32_t segment) {
  if (bytesPerSecond_ == 0) return bytes;
  if (countedNs_ != 0 && nowNs_ > countedNs_) {
    tokens_ = std::min(burstBytes_, tokens_ + static_cast<double>(nowNs_ - countedNs_) * 1e-9 * bytesPerSecond_);
  }
  countedNs_ = nowNs_;
  uint32_t passing = bytes;
  if (tokens_ < bytes) passing = static_cast<uint32_t>(tokens_) / segment * segment;
  tokens_ -= passing;
  return passing;
}

}  // namespace mcc
