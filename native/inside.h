// The TUN side of a batch: packets into slab slots and rows, accepted rows back out as super-packets.
#pragma once
#include "counters.h"
#include "inlet.h"
#include "packet.h"
#include "slab.h"
#include "tun.h"

namespace mcc {

class Inside {
 public:
  Inside(Slab& slab, Counters& counters) : slab_(slab), counters_(counters) {}

  Tun tun;

  // Reads until the TUN is empty, the rows are full or BATCH_BYTES are read. Rows filled. `gone` becomes true when the device is.
  uint32_t read(uint32_t* rows);
  bool gone() const { return gone_; }
  // Writes the accepted data rows of the inlet's batch.
  void write(Inlet& inlet, const uint32_t* rows, uint32_t count);
  // Writes the packet of an outbound row back with the addresses of OUT_LOOP_*; its slot is used up.
  void loop(const uint32_t* row);
  // Writes one packet as it is, checksums complete.
  bool inject(const uint8_t* packet, uint32_t length);

 private:
  void noteWriteError(int number, const Group* group, Coalescer* coalescer);

  Slab& slab_;
  Counters& counters_;
  bool gone_ = false;
};

}  // namespace mcc
