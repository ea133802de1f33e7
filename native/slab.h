// Super-packets read from the TUN, each in a slot that JavaScript sees and that may outlive the batch.
#pragma once
#include <cstring>
#include <memory>
#include <vector>

#include "batch.h"
#include "memory.h"

namespace mcc {

class Slab {
 public:
  Slab() : pages_(std::make_shared<Pages>(size_t{SLAB_SLOTS} * SLOT_BYTES)), slots_(SLAB_SLOTS) {
    free_.reserve(SLAB_SLOTS);
    for (uint32_t slot = SLAB_SLOTS; slot-- > 0;) free_.push_back(static_cast<uint16_t>(slot));
  }

  static constexpr uint32_t NONE = UINT32_MAX;

  // The slot freed last comes first, since its memory is in the cache. It has one reference.
  uint32_t take() {
    if (free_.empty()) return NONE;
    const uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot].references = 1;
    slots_[slot].held = false;
    return slot;
  }
  // The batch is over for this slot; from now on its references are JavaScript's.
  void hold(uint32_t slot) { slots_[slot].held = true; }
  bool isHeld(uint32_t slot) const { return live(slot) && slots_[slot].held; }
  bool retain(uint32_t slot) {
    if (!live(slot)) return false;
    slots_[slot].references++;
    return true;
  }
  bool release(uint32_t slot) {
    if (!live(slot)) return false;
    if (--slots_[slot].references == 0) free_.push_back(static_cast<uint16_t>(slot));
    return true;
  }
  bool live(uint32_t slot) const { return slot < SLAB_SLOTS && slots_[slot].references > 0; }
  uint32_t freeSlots() const { return static_cast<uint32_t>(free_.size()); }

  uint8_t* packet(uint32_t slot) { return pages_->data() + size_t{slot} * SLOT_BYTES + SLOT_HEADROOM; }
  // What parsing said about the packet. Decisions are combined with this copy, never with words that came back from
  // JavaScript, so that no row makes native read or write outside its slot.
  uint32_t* parsed(uint32_t slot) { return slots_[slot].parsed; }
  std::shared_ptr<Pages> pages() const { return pages_; }

  // OUT_SLOT .. OUT_QUOTE_PORTS.
  static constexpr uint32_t PARSED_WORDS = OUT_ACTION;

 private:
  struct Slot {
    uint32_t references = 0;
    bool held = false;
    uint32_t parsed[PARSED_WORDS] = {};
  };
  std::shared_ptr<Pages> pages_;
  std::vector<Slot> slots_;
  std::vector<uint16_t> free_;
};

}  // namespace mcc
