// Puts TCP packets that waited for a repair back into their order, flow by flow, so that the inner TCP does not take the gap for loss
// of its own. Holds a packet only while a counter is missing that may still come; no flow ever waits for another.
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "counters.h"
#include "packet.h"
#include "replay.h"

namespace mcc {

// Where a datagram came from: four address words, the port and the local socket's number as in IN_OUTER_PORT.
constexpr uint32_t OUTER_WORDS = 5;

// An opened and validated packet, as it came or as it was held.
struct Arrival {
  uint32_t remote;             // groups the keys of one remote
  uint32_t key;                // receive key slot
  const ReplayWindow* window;  // of that key; lives until forgetKey()
  uint32_t holdMs;             // not 0
  uint64_t counter;
  uint64_t position;           // the counter under which it was sent first: `counter`, but for repairs
  uint32_t outerBytes;         // 0 when it waited: its arrival was told of before
  const uint32_t* outer;       // OUTER_WORDS
  uint8_t* plaintext;
  const WirePacket* packet;
};

// A flow is the TCP packets of one remote that have the same selectors, ports and family; it is known from its first packet with payload
// that the sender keeps (BLOCK_REPAIRABLE, BLOCK_RESENT) on. A packet of it that is ahead of what is expected next is held while a counter
// is missing between the newest in-order one of the flow and it: what the sender's queue dropped on purpose has no counter, and is not
// waited for. So is one that came before, which the inner sender sent again, while packets that were sent before it are held: else that
// sender would take those for lost. Held packets go up in the order of sending, when the gap before them is filled, when no such counter is
// missing any more, or when one has waited for holdMs. Twin: src/sim/resequence.ts.
class Resequencer {
 public:
  // Flows known at a time; where there are more, the ones that nothing came of for longest are forgotten, and pass unheld.
  static constexpr uint32_t FLOWS = 4096;
  static constexpr uint64_t IDLE_MS = 60000;
  // Held: packets (their bytes and what is noted of each), and flows that hold any. At a bound the flow whose time is over first, of
  // the remote or of all, is let go.
  static constexpr uint32_t MAX_BYTES = 32 << 20;
  static constexpr uint32_t MAX_BYTES_PER_REMOTE = 8 << 20;
  static constexpr uint32_t MAX_PACKETS_PER_REMOTE = 8192;
  static constexpr uint32_t MAX_HOLDING = 512;
  static constexpr uint32_t MAX_HOLDING_PER_REMOTE = 128;

  explicit Resequencer(Counters& counters);
  ~Resequencer();
  Resequencer(const Resequencer&) = delete;
  Resequencer& operator=(const Resequencer&) = delete;

  // Keys the hash of flows; random, so that no remote can choose ports that throw another's flow out of the table.
  uint64_t seed = 0;

  // True: the packet goes up now, and what it let go behind it (take()). False: it was copied, and comes from take(), at once or later.
  // To be called when nothing is ready, with a TCP packet that is no fragment and has its ports.
  bool add(const Arrival& arrival, uint64_t nowMs);
  // A counter of a key that was missing has come, itself or by a repair, and was handled.
  void filled(uint32_t key, uint64_t counter) {
    if (first_ != nullptr) fill(key, counter);
  }
  bool holds() const { return first_ != nullptr; }
  // Lets go what has waited long enough.
  void expire(uint64_t nowMs);
  // ms at which expire() has something to do; 0: never.
  uint64_t nextEndMs() const;

  bool hasReady() const { return ready_ != nullptr; }
  // The next packet to go up; null: there is none. Its bytes stay until recycle().
  const Arrival* take();
  // Gives back the memory of what was taken; call it once a batch is written.
  void recycle();

  // A key slot is cleared or set anew: what is held of it is dropped and counted, as is what was let go and not taken.
  void forgetKey(uint32_t key);
  // Nothing is to be held of that remote any more.
  void releaseRemote(uint32_t remote);
  // Forgets everything that was not taken.
  void clear();

  uint32_t bytes() const { return bytes_; }

 private:
  struct Held;
  struct Flow;
  struct Segment;
  // What is held of one remote.
  struct Share {
    uint32_t bytes = 0;
    uint32_t packets = 0;
    uint32_t flows = 0;
  };
  static constexpr uint32_t WAYS = 8;

  Flow* find(const Arrival& arrival, uint32_t hash, uint64_t nowMs);
  Flow* open(const Arrival& arrival, uint32_t hash, uint64_t nowMs);
  bool admit(Flow& flow, const Arrival& arrival, const Segment& segment, uint64_t nowMs);
  // Copies it. Null: no memory.
  Held* copy(const Arrival& arrival, const Segment& segment, uint64_t nowMs);
  // Behind what is ready. False, as add().
  bool follow(const Arrival& arrival, const Segment& segment, uint64_t nowMs);
  bool hold(Flow& flow, const Arrival& arrival, const Segment& segment, uint64_t nowMs);
  // Lets flows go until the bounds leave room for one more packet of this one. True: it was let go itself.
  bool makeRoom(Flow& flow, uint32_t cost);
  Flow* firstOf(uint32_t remote);
  void fill(uint32_t key, uint64_t counter);
  // Lets go from the front what nothing is missing before; what has waited until `untilMs` goes with all that is before it.
  void settle(Flow& flow, uint64_t untilMs);
  void letGo(Flow& flow);
  // The first goes up. `isForced`: whatever is missing before it.
  void deliver(Flow& flow, bool isForced);
  void forget(const Held& held);
  // Puts a flow where its time belongs among those that hold, or takes it out.
  void arrange(Flow& flow);
  void unlink(Flow& flow);

  Counters& counters_;
  std::unique_ptr<Flow[]> flows_;     // WAYS in a row have the same hash; made with the first
  std::unique_ptr<uint32_t[]> tags_;  // hash of each flow, 0: free
  std::unordered_map<uint32_t, Share> shares_;
  Flow* first_ = nullptr;             // flows that hold, the one whose time is over first
  Flow* last_ = nullptr;
  uint32_t holding_ = 0;
  uint32_t bytes_ = 0;
  Held* ready_ = nullptr;
  Held* readyLast_ = nullptr;
  Held* taken_ = nullptr;
};

}  // namespace mcc
