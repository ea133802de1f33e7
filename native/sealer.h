// Carries out what TypeScript decided about outbound rows: checks, counters, sealing.
#pragma once
#include "counters.h"
#include "keys.h"
#include "outlet.h"
#include "packet.h"
#include "slab.h"

namespace mcc {

class Sealer {
 public:
  Sealer(Keys& keys, Slab& slab, Outlet& outlet, Counters& counters)
      : keys_(keys), slab_(slab), outlet_(outlet), counters_(counters) {}

  // Seals and sends the rows whose action says so, grouped by path; each lies in its own OUT_SLOT, which the caller has
  // checked to be live. The order within a path is that of the rows. Does not flush.
  void sealRows(const uint32_t* rows, uint32_t count);
  // One plaintext of at most CONTROL_BYTES. False: refused, counted.
  bool sealControl(uint32_t key, uint64_t counter, uint32_t path, const uint8_t* plaintext, uint32_t length);

  // Parities 0 .. count - 1 of the key's group under counters from `counter` on; then a new group begins. False: refused, counted.
  bool sealParity(uint32_t key, uint64_t counter, uint32_t path, uint32_t count);

  // Whether packets' differentiated services field stands outside as well; their ECN field always does.
  bool keepsDscp = false;

  static constexpr uint32_t CONTROL_BYTES = 65000;

 private:
  bool reserveRow(uint32_t* row);
  void sealRow(const uint32_t* row);
  bool sealGroup(SendKey& key, uint64_t counter, uint32_t path, uint32_t parities, uint64_t releaseNs);
  uint8_t outerClass(const uint32_t* row) const;
  bool sealDatagram(SendKey& key, uint64_t counter, uint32_t path, const uint8_t* plaintext, uint32_t length, uint64_t releaseNs, uint8_t trafficClass);

  Keys& keys_;
  Slab& slab_;
  Outlet& outlet_;
  Counters& counters_;
  Segmenter segmenter_;
};

}  // namespace mcc
