// Datagrams that travel through a relay: whether one may pass, and sending it on for others, unread.
#pragma once
#include "counters.h"
#include "outlet.h"

namespace mcc {

class Relay {
 public:
  // `relayed`: bytes sent on, by path slot of whom they came from; as large as the table of paths.
  Relay(Outlet& outlet, Counters& counters, double* relayed) : outlet_(outlet), counters_(counters), relayed_(relayed) {}

  // Bytes per second, and at once; 0 per second: no limit.
  void setLimit(double bytesPerSecond, double burstBytes);
  // CLOCK_MONOTONIC; before the datagrams of a batch.
  void setNow(uint64_t nowNs) { nowNs_ = nowNs; }
  // The circuit that a datagram belongs to, whose header is complete. Null: there is none, or another address than that of the
  // neighbour sent it.
  const Circuit* admit(const uint32_t* outer, const uint8_t* header) const;
  // Whether it came from the address of the neighbour that its header names.
  bool isFromNeighbour(const uint32_t* outer, const uint8_t* header) const;
  // Sends datagrams on whose headers are alike, one behind the other, all of `segment` bytes but the last, which may be shorter. They
  // are changed where they lie. `ecn`: of the outer headers they came with, which go on as by a router.
  void forward(const Circuit& circuit, uint8_t* data, uint32_t bytes, uint32_t segment, uint32_t ecn);

 private:
  // How many of the bytes, in whole datagrams, the limit lets through.
  uint32_t withinLimit(uint32_t bytes, uint32_t segment);

  Outlet& outlet_;
  Counters& counters_;
  double* relayed_;
  uint64_t nowNs_ = 0;
  double bytesPerSecond_ = 0;
  double burstBytes_ = 0;
  double tokens_ = 0;
  uint64_t countedNs_ = 0;
};

}  // namespace mcc
