// Ways through relays: which circuits this host is an end of, and which it forwards for others.
#pragma once
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "batch.h"

namespace mcc {

struct Circuit {
  bool terminal;    // an end: datagrams are this host's own. Else they go on to toSlot
  uint16_t toSlot;  // path slot of the next neighbour; of an end the relay's, from which it also comes
  uint16_t toLeg;
  uint16_t toNumber;
};

inline void writeRelayHeader(uint8_t* at, uint16_t leg, uint16_t number) {
  at[0] = TYPE_RELAYED;
  at[1] = static_cast<uint8_t>(leg);
  at[2] = static_cast<uint8_t>(leg >> 8);
  at[3] = static_cast<uint8_t>(number);
  at[4] = static_cast<uint8_t>(number >> 8);
}
inline uint16_t relayLeg(const uint8_t* header) { return static_cast<uint16_t>(header[1] | header[2] << 8); }
inline uint16_t relayNumber(const uint8_t* header) { return static_cast<uint16_t>(header[3] | header[4] << 8); }

// By path slot of the neighbour from which it comes and number; asked once per train.
class Circuits {
 public:
  explicit Circuits(uint64_t seed = 0) : table_(2 * CIRCUITS, Mix{seed}) {}

  // False: as many as may be are set.
  bool set(uint16_t slot, uint16_t number, const Circuit& circuit) {
    const uint32_t key = keyOf(slot, number);
    if (table_.size() >= CIRCUITS && table_.find(key) == table_.end()) return false;
    table_[key] = circuit;
    return true;
  }
  void clear(uint16_t slot, uint16_t number) { table_.erase(keyOf(slot, number)); }
  // Everything from that slot or to it.
  void clearSlot(uint16_t slot) {
    for (auto each = table_.begin(); each != table_.end();) {
      if (each->first >> 16 == slot || each->second.toSlot == slot) each = table_.erase(each);
      else ++each;
    }
  }
  const Circuit* find(uint16_t slot, uint16_t number) const {
    const auto found = table_.find(keyOf(slot, number));
    return found == table_.end() ? nullptr : &found->second;
  }

 private:
  // Neighbours have a say in the numbers; with a seed they cannot make them meet.
  struct Mix {
    uint64_t seed;
    size_t operator()(uint32_t key) const {
      uint64_t hash = (key ^ seed) * 0x9e3779b97f4a7c15u;
      hash = (hash ^ hash >> 31) * 0xbf58476d1ce4e5b9u;
      return static_cast<size_t>(hash ^ hash >> 29);
    }
  };
  static uint32_t keyOf(uint16_t slot, uint16_t number) { return uint32_t{slot} << 16 | number; }

  std::unordered_map<uint32_t, Circuit, Mix> table_;
};

}  // namespace mcc
