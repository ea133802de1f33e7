// Seeded random packets of every kind the data path meets, built by plain code that shares nothing with native/.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "../../../native/packet.h"

namespace packettest {

using Bytes = std::vector<uint8_t>;

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>((next() >> 32) * bound >> 32); }
  uint32_t between(uint32_t low, uint32_t high) { return low + below(high - low + 1); }
  bool chance(uint32_t oneIn) { return below(oneIn) == 0; }

 private:
  uint64_t state_;
};

struct Address {
  uint8_t bytes[16];  // IPv4: the first four
};

enum class Kind { Tcp, Udp, Icmp, IcmpError, Other };

// A packet apart from its addresses, so that the same can be built with others.
struct Spec {
  bool six = false;
  Kind kind = Kind::Tcp;
  uint8_t hops = 64;
  uint8_t trafficClass = 0;
  uint32_t flowLabel = 0;
  uint16_t id = 0;
  bool dontFragment = true;
  Bytes options;        // IPv4 options or IPv6 extension headers without the next-header chaining
  std::vector<std::pair<uint8_t, Bytes>> extensions;
  bool fragment = false;
  uint32_t fragmentOffset = 0;
  bool moreFragments = false;
  uint32_t fragmentId = 0;
  uint16_t sourcePort = 1000;
  uint16_t destinationPort = 2000;
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;
  uint8_t flags = 0x10;
  uint16_t window = 0;
  uint16_t urgent = 0;
  Bytes tcpOptions;
  bool noUdpChecksum = false;
  uint8_t icmpType = 8;
  uint8_t icmpCode = 0;
  Bytes payload;
  std::vector<Spec> quoted;  // ICMP error: one
  uint32_t quotedBytes = 0;
  uint16_t gso = 0;
  bool partial = false;
};

struct Built {
  Bytes packet;
  mcc::VirtioHeader virtio;
  uint32_t transport;
};

// Ones' complement sum, byte by byte, big-endian.
uint32_t plainSum(const uint8_t* at, size_t length, uint32_t sum = 0);
uint16_t plainFold(uint32_t sum);

Built build(const Spec& spec, const Address& source, const Address& destination, uint8_t hops);

Spec randomSpec(Random& random);
Spec randomSuper(Random& random, uint32_t maxPayload);
Address randomAddress(Random& random, bool six, uint8_t net);

// Fixes the transport checksum of a packet, given where the transport header lies.
void fixChecksum(uint8_t* packet, size_t length, uint32_t transport, uint8_t protocol);
void fixHeaderChecksum4(uint8_t* packet);

}  // namespace packettest
