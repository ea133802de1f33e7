#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>

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
        if (repaired_) forgetRepairs();
      } else {
        for (uint64_t skipped = next_; skipped <= counter;) {
          if (skipped % 64 == 0 && counter - skipped >= 63) {
            bits_[word(skipped)] = 0;
            if (repaired_) repaired_[word(skipped)] = 0;
            skipped += 64;
          } else {
            bits_[word(skipped)] &= ~bit(skipped);
            if (repaired_) repaired_[word(skipped)] &= ~bit(skipped);
            skipped++;
          }
        }
      }
      if (counter != next_) run_ = counter;
      next_ = counter + 1;
    }
    bits_[word(counter)] |= bit(counter);
  }

  // Whether what was sent first under this counter came already by a repair. Of a counter in the window.
  bool isRepaired(uint64_t counter) const { return repaired_ && (repaired_[word(counter)] & bit(counter)) != 0; }
  // A repair came of what was sent first under `original`, which is below next(). Fresh: it is the first that arrives of it, and marked
  // as that; Seen: a duplicate; TooOld: left of the window, so that nobody knows. `original` itself stays unseen.
  Freshness repair(uint64_t original) {
    const Freshness freshness = check(original);
    if (freshness != Freshness::Fresh) return freshness;
    if (isRepaired(original)) return Freshness::Seen;
    if (!repaired_) repaired_ = std::make_unique<uint64_t[]>(WORDS);
    repaired_[word(original)] |= bit(original);
    return Freshness::Fresh;
  }

  // One above the highest counter seen; 0: none seen.
  uint64_t next() const { return next_; }

  // The lowest counter of from .. to - 1, as far as the window reaches back, whose datagram came neither itself nor by a repair; `to`, which
  // is at most next(), where there is none.
  uint64_t firstMissing(uint64_t from, uint64_t to) const {
    const uint64_t oldest = next_ > REPLAY_WINDOW ? next_ - REPLAY_WINDOW : 0;
    for (uint64_t at = std::max(from, oldest); at < to; at += 64 - at % 64) {
      const uint64_t here = word(at);
      const uint64_t missing = ~(bits_[here] | (repaired_ ? repaired_[here] : 0)) >> at % 64;
      if (missing != 0) return std::min(at + static_cast<uint64_t>(__builtin_ctzll(missing)), to);
    }
    return to;
  }

  // Writes first and last counter of the runs of counters seen, newest first, as far as the window reaches back, and the newest run as far
  // as nothing came out of its order; at most `most` pairs. Returns how many.
  uint32_t ranges(double* into, uint32_t most) const {
    const uint64_t oldest = next_ > REPLAY_WINDOW ? next_ - REPLAY_WINDOW : 0;
    uint32_t count = 0;
    for (uint64_t above = next_; count < most && above > oldest; count++) {
      const uint64_t behindLast = below(above, oldest, true);
      if (behindLast == oldest) break;
      above = below(behindLast, oldest, false);
      into[2 * count] = static_cast<double>(above == oldest && count == 0 ? std::min(oldest, run_) : above);
      into[2 * count + 1] = static_cast<double>(behindLast - 1);
    }
    return count;
  }

 private:
  // One above the highest counter of oldest .. above - 1 that was seen (or was not, where `seen` is false); `oldest` where there is none.
  uint64_t below(uint64_t above, uint64_t oldest, bool seen) const {
    while (above > oldest) {
      const uint64_t last = above - 1;
      const uint64_t bits = (seen ? bits_[word(last)] : ~bits_[word(last)]) & (~uint64_t{0} >> (63 - last % 64));
      const uint64_t start = last - last % 64;
      // The oldest word may hold newer counters as well, below the bits of those that are left.
      if (bits != 0) return std::max(start + 64 - static_cast<uint64_t>(__builtin_clzll(bits)), oldest);
      above = start;
    }
    return oldest;
  }

  static constexpr uint32_t WORDS = REPLAY_WINDOW / 64;
  static uint32_t word(uint64_t counter) { return static_cast<uint32_t>(counter / 64 % WORDS); }
  static uint64_t bit(uint64_t counter) { return uint64_t{1} << (counter % 64); }

  void forgetRepairs() {
    for (uint32_t i = 0; i < WORDS; i++) repaired_[i] = 0;
  }

  uint64_t next_ = 0;
  // From here on, each counter came right behind the one before it.
  uint64_t run_ = 0;
  uint64_t bits_[WORDS] = {};
  // As bits_, of counters whose datagram came by a repair; made with the first repair, since most keys never see one.
  std::unique_ptr<uint64_t[]> repaired_;
};

}  // namespace mcc
