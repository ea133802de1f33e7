// One UDP socket per address family, with segmentation and coalescing in the kernel where it offers them.
#pragma once
#include <sys/socket.h>

#include "counters.h"
#include "failure.h"
#include "paths.h"

namespace mcc {

// Payload of one sendmsg with UDP_SEGMENT at most, whatever the family.
constexpr uint32_t TRAIN_BYTES = 65507;
// Datagrams in it at most: 128 since kernel 6.9, 64 before, which sending finds out.
constexpr uint32_t TRAIN_DATAGRAMS = 128;
constexpr uint32_t TRAIN_DATAGRAMS_OLD = 64;

// Datagrams of one size, one behind the other; the last may be shorter.
struct Train {
  const uint8_t* data;
  uint32_t bytes;
  uint32_t segment;
  uint8_t trafficClass = 0;  // of their outer headers
};

// What became of a train. `left`: bytes at its end that were not sent because the socket is full.
struct SendResult {
  uint32_t left = 0;
  bool tooBig = false;
};

class UdpSocket {
 public:
  UdpSocket() = default;
  ~UdpSocket() { close(); }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  struct Options {
    Address local;
    uint32_t bufferBytes;  // asked for in both directions
  };
  Failure open(const Options& options);
  // Asks for other buffers.
  void setBuffers(uint32_t bytes);
  void close();

  int fd() const { return fd_; }
  bool isOpen() const { return fd_ >= 0; }
  const Address& local() const { return local_; }
  bool gso() const { return gso_; }
  bool gro() const { return gro_; }
  uint32_t trainDatagrams() const { return gso_ ? trainDatagrams_ : TRAIN_DATAGRAMS; }

  // Sends what it can. Errors of one path are counted and never keep others from sending.
  SendResult send(Path& path, const Train& train, Counters& counters);
  // One datagram with a TTL or hop limit of its own. It never waits. Whether it was too big.
  bool sendWithTtl(Path& path, const uint8_t* data, uint32_t bytes, uint8_t ttl, Counters& counters);
  // recvmmsg without waiting: messages, or -1 with errno.
  int receive(mmsghdr* messages, uint32_t count);

 private:
  enum class Gso { Sent, Full, Dropped, Refused };
  Gso sendSegmented(Path& path, const Train& train, Counters& counters);
  SendResult sendOneByOne(Path& path, const Train& train, Counters& counters);

  int fd_ = -1;
  Address local_{};
  bool gso_ = false;
  bool gro_ = false;
  uint32_t trainDatagrams_ = TRAIN_DATAGRAMS;
};

// The MTU of the kernel's route to there; 0: no route, or it does not say.
uint32_t routeMtu(const Address& to);
// Value of the UDP_GRO control message: bytes per datagram; 0: a single datagram.
uint32_t groSegment(const msghdr& message);
// Traffic class of the outer header; of datagrams that the kernel merged it is the same (since 6.9; before, it is the first one's).
uint8_t trafficClassOf(const msghdr& message);

}  // namespace mcc
