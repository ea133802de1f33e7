// The kernel as the judge: a network namespace of this process's own with two TUN devices. What is written to the first
// is forwarded to the second, whose offloads are off, so that the kernel must segment and complete every checksum itself.
#pragma once
#include <map>

#include "carry.h"

namespace packettest {

constexpr uint8_t NEAR_NET = 1;  // 10.1/16, fd01::/16: behind the first device
constexpr uint8_t FAR_NET = 2;   // 10.2/16, fd02::/16: behind the second

// The first device's own addresses.
const Address OWN4{{10, NEAR_NET, 0, 1}};
const Address OWN6{{0xfd, NEAR_NET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

class Kernel {
 public:
  // Needs root; the namespace goes with the process.
  Kernel();
  ~Kernel();

  void write(const mcc::VirtioHeader& virtio, const Bytes& packet);
  void write(const Written& written) { write(written.virtio, written.packet); }
  // What came out of the second device since, other than the kernel's own chatter.
  std::vector<Bytes> read();
  // The same, of a packet that it forwards: a busy kernel leaves that to a thread of its own, which may take a while.
  std::vector<Bytes> forwarded();
  // Throws away what the kernel answered out of the first device.
  void drainFirst();
  void setFarMtu(uint32_t mtu);
  // Counters of received packets that the kernel refused for what their headers or checksums say.
  std::map<std::string, uint64_t> refusals();

 private:
  void awaitLinks();
  std::map<std::string, uint64_t> counters();
  int first_;
  int second_;
};

}  // namespace packettest
