// The way of a packet through native/: parse, segment, (tunnel fragments, reassembly,) validate, coalesce, finish; with sealing
// left out.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "../../../native/packet.h"
#include "generator.h"

namespace packettest {

constexpr uint32_t SELECTORS = 0x00070009;

[[noreturn]] void fail(const std::string& what);
// A macro, so that the words are put together only when they are needed.
#define EXPECT(holds, what) ((holds) ? void() : packettest::fail(what))
std::string hex(const uint8_t* at, size_t length);
inline std::string hex(const Bytes& bytes) { return hex(bytes.data(), bytes.size()); }

// What is written to a TUN: a packet behind its virtio header.
struct Written {
  mcc::VirtioHeader virtio;
  Bytes packet;
};

class Carrier {
 public:
  // Parses and cuts a packet into wire-form packets. `fragmentAt`: as OUT_FRAGMENT_AT. Fails the test when parse() refuses.
  std::vector<Bytes> cut(const Built& built, uint32_t fragmentAt);
  // The row that the last cut() worked on.
  uint32_t row[mcc::ROW_WORDS];

  // Feeds wire-form packets, in this order, and finishes them towards the given addresses.
  // Pairs: key slot and packet. Keys distinguish flows whose addresses differ.
  struct Wire {
    uint32_t key;
    Bytes bytes;
  };
  void feed(std::vector<Wire>& packets, bool merge);
  mcc::Coalescer coalescer;
  Written finish(uint32_t group, const Address& source, const Address& destination);
  // Parses a packet and gives it other addresses.
  Written readdress(const Built& built, const Address& source, const Address& destination);

 private:
  alignas(64) uint8_t slot_[mcc::SLOT_BYTES];
  mcc::Reassembly reassembly_;
  uint64_t counter_ = 65000;
};

// What the kernel makes of a packet with NEEDS_CSUM that is not segmented.
Bytes completed(const Written& written);
// Whether two packets are the same but for the two ways to write a zero checksum in TCP.
bool samePacket(const Bytes& a, const Bytes& b);

}  // namespace packettest
