#pragma once
#include <cstdint>

#include "batch.h"

namespace mcc {

enum class Freshness { Fresh, Seen, TooOld };

// Which of the last REPLAY_WINDOW counters have been seen (RFC 6479's idea with exact bits: the window is the highest
// counter and the REPLAY_WINDOW - 1 before it). Twin: src/core/session's window; test/vectors/replay.json holds both to it.
class ReplayWindow {
 public:
  Freshness check(uint64_t counter) const {
    if (counter >= next_) return Freshness::Fresh;
    if (next_ - counter > REPLAY_WINDOW) return Freshness::TooOld;
    return bits_[word(counter)] & bit(counter) ? Freshness::Seen : Freshness::Fresh;
  }

  // Only after the datagram is authenticated, and only for a counter that check() calls fresh.
  void mark(uint64_t counter) {
    if (counter >= next_) {
      if (counter - next_ >= REPLAY_WINDOW) {
        for (uint64_t& each : bits_) each = 0;
      } else {
        for (uint64_t skipped = next_; skipped <= counter;) {
          if (skipped % 64 == 0 && counter - skipped >= 63) {
            bits_[word(skipped)] = 0;
            skipped += 64;
          } else {
            bits_[word(skipped)] &= ~bit(skipped);
            skipped++;
          }
        }
      }
      next_ = counter + 1;
    }
    bits_[word(counter)] |= bit(counter);
  }

  // One above the highest counter seen; 0: none seen.
  uint64_t next() const { return next_; }

 private:
  static constexpr uint32_t WORDS = REPLAY_WINDOW / 64;
  static uint32_t word(uint64_t counter) { return static_cast<uint32_t>(counter / 64 % WORDS); }
  static uint64_t bit(uint64_t counter) { return uint64_t{1} << (counter % 64); }

  uint64_t next_ = 0;
  uint64_t bits_[WORDS] = {};
};

}  // namespace mcc
