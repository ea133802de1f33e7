// Error correction: parity datagrams, of which any n make up for any n lost datagrams of their group. Pure byte functions and bounded memory;
// which datagrams form a group, and when its parity goes, TypeScript decides.
//
// A group is what was sealed under one key from a base counter on, each datagram a symbol: its length (u16 LE) and its plaintext, zeros
// behind. Parity j is the sum of c(j, i) times the symbol of counter base + i over GF(2^8), with the Cauchy matrix
// c(j, i) = (x_0 + i) / (x_j + i), x_j = PARITY_SPAN + j: every square part of it can be inverted, and its first row is all ones (XOR).
//
// Plaintext of a parity datagram: PLAINTEXT_PARITY, j, bytes of the bitmap, by how much the base is below the datagram's counter, the bitmap
// (bit i: base + i is in the group; the last byte is not 0), the parity symbol. A group of nothing, or one that began too long ago, has no
// bitmap, no symbol, and 0 for its base. With this a packet of the TUN's 1,420 bytes is covered on a path of 1,500.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "batch.h"

namespace mcc {

constexpr uint32_t PARITY_BITMAP = PARITY_SPAN / 8;
constexpr uint32_t SYMBOL_BYTES = 2 + PARITY_BYTES;
static_assert(PARITY_OVERHEAD == PARITY_HEADER + PARITY_BITMAP + 2, "what a parity plaintext has beyond the longest of its group");
static_assert(PARITY_SPAN + PARITY_MOST <= 256, "rows and columns of the matrix are different elements");

uint8_t parityCoefficient(uint32_t parity, uint32_t position);

// Which counters a group has, from its base on.
struct Bitmap {
  uint64_t bits[2] = {};
  bool has(uint32_t position) const { return (bits[position / 64] >> position % 64 & 1) != 0; }
  void set(uint32_t position) { bits[position / 64] |= uint64_t{1} << position % 64; }
  bool operator==(const Bitmap& other) const { return bits[0] == other.bits[0] && bits[1] == other.bits[1]; }
};
static_assert(PARITY_SPAN <= 128, "two words of a bitmap");

// Of one send key: sums up what is sealed.
class ParityEncoder {
 public:
  // `most` parities (1 .. PARITY_MOST) of plaintexts of at most `longest` bytes (1 .. PARITY_BYTES); longer ones are not covered.
  ParityEncoder(uint32_t most, uint32_t longest);
  uint32_t most() const { return most_; }
  uint32_t longest() const { return longest_; }

  // Each counter once. What is too long, or before or too far behind the group's first, is not covered.
  void add(uint64_t counter, const uint8_t* plaintext, uint32_t length);
  // The plaintext of one parity of the group so far, valid until the next call of anything. `counter`: of its datagram.
  const uint8_t* parity(uint32_t index, uint64_t counter, uint32_t& length);
  // Begins a new group.
  void restart();

 private:
  uint8_t* symbol(uint32_t index) { return sums_.get() + index * stride_ + PARITY_HEADER + PARITY_BITMAP; }

  const uint32_t most_;
  const uint32_t longest_;
  const uint32_t stride_;
  std::unique_ptr<uint8_t[]> sums_;  // per parity: room for header and bitmap, the symbol
  uint32_t covered_ = 0;
  uint64_t base_ = 0;
  uint32_t last_ = 0;   // position of the last
  uint32_t used_ = 0;   // bytes of the symbols so far
  Bitmap bitmap_;
};

struct Recovered {
  uint64_t counter;
  uint8_t* plaintext;
  uint32_t length;
};

// Of one receive key: copies of what arrived last, and the groups whose parity did.
class ParityDecoder {
 public:
  // Datagrams that are kept, by counter: further back than that nothing is recovered.
  static constexpr uint32_t RING = 256;
  static constexpr uint32_t GROUPS = 8;

  ParityDecoder(uint32_t key, uint64_t nowMs);
  // Receiver index.
  uint32_t key() const { return key_; }
  uint64_t usedMs = 0;  // when a parity datagram came last

  // A datagram that may be covered. The group that it completes, or null.
  struct Group;
  Group* add(uint64_t counter, const uint8_t* plaintext, uint32_t length);
  // False: it contradicts itself or what came before. `complete`: as add() returns.
  bool addParity(uint64_t counter, const uint8_t* plaintext, uint32_t length, Group** complete);
  // The missing ones of a complete group, written to `out` (PARITY_MOST of them, each with PARITY_BYTES of room); how many. The group is
  // done then. `scratch`: SYMBOL_BYTES * PARITY_MOST. Lengths that cannot be are left out.
  uint32_t recover(Group& group, uint8_t* scratch, Recovered* out) const;
  // Counters that are missing in a complete group.
  uint32_t missing(const Group& group) const;

  struct Group {
    uint64_t base;
    uint32_t last;        // position of the last
    uint32_t bytes;       // of its symbols
    uint32_t parities;    // bit j: parity j came
    uint64_t counters[PARITY_MOST];
    Bitmap bitmap;
    bool live;
    bool done;
  };

 private:
  struct Entry {
    uint64_t counter;
    uint32_t length;  // of a parity datagram: of its symbol
  };
  const Entry& entry(uint64_t counter) const { return ring_[counter % RING]; }
  uint8_t* bytesOf(uint64_t counter) const { return bytes_.get() + counter % RING * SYMBOL_BYTES; }
  bool holds(uint64_t counter) const { return entry(counter).counter == counter; }
  void store(uint64_t counter, const uint8_t* bytes, uint32_t length);
  Group* groupFor(uint64_t base, const Bitmap& bitmap, uint32_t last, uint32_t bytes);
  bool isComplete(Group& group) const;

  const uint32_t key_;
  Entry ring_[RING];
  std::unique_ptr<uint8_t[]> bytes_;  // not touched before it is used
  Group groups_[GROUPS] = {};
  uint32_t next_ = 0;  // group that gives way next
};

// The decoders of a port: a few, for as long as parity comes.
class Decoders {
 public:
  // At most: 540 KB each.
  static constexpr uint32_t MOST = 16;
  static constexpr uint64_t LIFETIME_MS = 5000;
  // One that was not used for so long gives way to another key.
  static constexpr uint64_t YIELDS_MS = 1000;
  // Datagrams that one batch may recover.
  static constexpr uint32_t BATCH_RECOVERED = 256;

  bool any() const { return !decoders_.empty(); }
  uint32_t count() const { return static_cast<uint32_t>(decoders_.size()); }
  ParityDecoder* find(uint32_t key) const;
  // Made where there is none; null: as many as may be are in use.
  ParityDecoder* make(uint32_t key, uint64_t nowMs);
  // Forgets a key slot that is set anew or cleared.
  void forget(uint32_t slot);
  void expire(uint64_t nowMs);
  // ms at which expire() has something to do, in whole seconds, so that it does not change with every datagram; 0: never.
  uint64_t nextEndMs() const;
  // What a complete group lacks, in memory that stays until recycle(). How many; beyond BATCH_RECOVERED there are none.
  uint32_t recover(ParityDecoder& decoder, ParityDecoder::Group& group, Recovered* out);
  void recycle() { taken_ = 0; }

 private:
  std::vector<std::unique_ptr<ParityDecoder>> decoders_;
  std::vector<std::unique_ptr<uint8_t[]>> buffers_;
  uint32_t taken_ = 0;
  std::unique_ptr<uint8_t[]> scratch_;
};

}  // namespace mcc
