// Transport keys with what keeps them safe: the next counter beside a send key, the replay window beside a receive key.
#pragma once
#include <memory>

#include "aead.h"
#include "memory.h"
#include "parity.h"
#include "replay.h"

namespace mcc {

// No key seals or opens a counter at or above this (refuse at 2^28).
constexpr uint64_t COUNTER_LIMIT = uint64_t{1} << 28;

struct SendKey {
  std::unique_ptr<Aead> aead;
  uint32_t index;     // the remote's receiver index, as it goes into the header
  uint64_t next = 0;  // lowest counter that was never used
  std::unique_ptr<ParityEncoder> parity;  // null: no error correction

  // Takes counters base .. base + count - 1 out of use. False: one of them was used or none may be.
  bool reserve(uint64_t base, uint32_t count) {
    if (base < next || base >= COUNTER_LIMIT || count > COUNTER_LIMIT - base) return false;
    next = base + count;
    return true;
  }
};

struct ReceiveKey {
  std::unique_ptr<Aead> aead;
  uint32_t index;   // whole receiver index: the low half is the slot
  uint32_t remote;  // groups the keys of one remote, for bounds on reassembly
  ReplayWindow window;
  uint32_t holdMs = 0;  // how long a packet waits for a repair of what is missing before it; 0: nothing waits
  uint64_t congested = 0;  // datagrams that met congestion on their way here
};

class Keys {
 public:
  Keys() : send_(KEY_SLOTS), receive_(KEY_SLOTS) {}
  ~Keys() { clearAll(); }

  void clearAll() {
    for (uint32_t slot = 0; slot < highest_; slot++) {
      clearSend(slot);
      clearReceive(slot);
    }
    highest_ = 0;
  }

  // Setting replaces; a null key (unknown suite) is refused and changes nothing.
  bool setSend(uint32_t slot, std::unique_ptr<Aead> aead, uint32_t index) {
    if (slot >= KEY_SLOTS || !aead) return false;
    delete send_[slot];
    send_[slot] = new SendKey{std::move(aead), index};
    noteUsed(slot);
    return true;
  }
  bool setReceive(uint32_t slot, std::unique_ptr<Aead> aead, uint32_t index, uint32_t remote) {
    if (slot >= KEY_SLOTS || !aead || (index & 0xffff) != slot) return false;
    delete receive_[slot];
    receive_[slot] = new ReceiveKey{std::move(aead), index, remote, {}, 0};
    noteUsed(slot);
    return true;
  }
  void clearSend(uint32_t slot) {
    if (slot >= KEY_SLOTS) return;
    delete send_[slot];
    send_[slot] = nullptr;
  }
  void clearReceive(uint32_t slot) {
    if (slot >= KEY_SLOTS) return;
    delete receive_[slot];
    receive_[slot] = nullptr;
  }

  SendKey* send(uint32_t slot) { return slot < KEY_SLOTS ? send_[slot] : nullptr; }
  ReceiveKey* receive(uint32_t slot) { return slot < KEY_SLOTS ? receive_[slot] : nullptr; }
  ReceiveKey* receiveByIndex(uint32_t index) {
    ReceiveKey* key = receive_[index & 0xffff];
    return key != nullptr && key->index == index ? key : nullptr;
  }

 private:
  void noteUsed(uint32_t slot) { highest_ = slot >= highest_ ? slot + 1 : highest_; }

  static_assert(KEY_SLOTS == 65536, "the low half of a receiver index is the slot");
  SlotTable<SendKey*> send_;
  SlotTable<ReceiveKey*> receive_;
  uint32_t highest_ = 0;  // one above the highest slot ever used
};

}  // namespace mcc
