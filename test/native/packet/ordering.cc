// The resequencer without sockets. With the name of a script: carries it out and prints, line by line, what went up, for comparison with
// its twin. Without: bounds and order as TAP lines, one per rule.
//
// Lines of a script, numbers in decimal, what goes up is named by an id:
//   data NOW KEY REMOTE HOLD COUNTER ORIGINAL SEQUENCE FLAGS PAYLOAD FLOW KEPT ID   (ORIGINAL: of a repair, else -1)
//   other KEY COUNTER       a datagram that is not TCP
//   expire NOW
//   forget KEY              the slot is set anew
//   release REMOTE
#include <fstream>
#include <map>
#include <sstream>

#include "../../../native/headers.h"
#include "../../../native/resequence.h"
#include "carry.h"

namespace packettest {
namespace {

using namespace mcc;

// A TCP packet in wire form without options; `id` stands as its acknowledgement.
Bytes wireOf(uint32_t flow, uint32_t sequence, uint8_t flags, uint32_t payload, uint8_t block, uint32_t original, uint32_t id) {
  const bool six = flow % 2 == 1;
  const uint32_t network = six ? FIXED6_WIRE : FIXED4;
  Bytes bytes(network + 20 + payload);
  uint8_t* at = bytes.data();
  if (six) {
    at[0] = 0x60;
    store16(at + 4, 20 + payload);
    at[6] = 6;
  } else {
    at[0] = 0x45;
    store16(at + 2, static_cast<uint32_t>(bytes.size()));
    at[9] = 6;
  }
  uint8_t* blockAt = at + (six ? BLOCK6 : BLOCK4);
  store32(blockAt, SELECTORS);
  blockAt[4] = block;
  for (uint32_t i = 0; i < 3; i++) blockAt[5 + i] = static_cast<uint8_t>(original >> 8 * i);
  uint8_t* tcp = at + network;
  store32(tcp, 1000 + flow);
  store32(tcp + 4, sequence);
  store32(tcp + 8, id);
  tcp[12] = 0x50;
  tcp[13] = flags;
  return bytes;
}

// What an inlet does around the resequencer.
class Stand {
 public:
  Stand() : resequencer(counters_) { resequencer.seed = 77; }

  struct Data {
    uint32_t key, remote, holdMs;
    uint64_t counter;
    int64_t original;
    uint32_t sequence;
    uint8_t flags;
    uint32_t payload, flow;
    bool isKept;
    uint32_t id;
  };
  // Ids that went up.
  std::vector<uint32_t> data(uint64_t now, const Data& of) {
    ReplayWindow& window = windows_[of.key];
    if (window.check(of.counter) != Freshness::Fresh) return {};
    const bool isLate = of.counter < window.next();
    window.mark(of.counter);
    if (window.isRepaired(of.counter)) return {};
    const bool isResent = of.original >= 0;
    const uint64_t position = isResent ? static_cast<uint64_t>(of.original) : of.counter;
    if (isResent && window.repair(position) != Freshness::Fresh) return {};
    const uint8_t block = static_cast<uint8_t>((of.isKept ? BLOCK_REPAIRABLE : 0) | (isResent ? BLOCK_RESENT : 0));
    Bytes bytes = wireOf(of.flow, of.sequence, of.flags, of.payload, block, isResent ? static_cast<uint32_t>(position & 0xffffff) : 0, of.id);
    WirePacket packet;
    EXPECT(validateWire(bytes.data(), static_cast<uint32_t>(bytes.size()), packet), "validateWire refuses");
    const uint32_t outer[OUTER_WORDS] = {of.id, 2, 3, 4, 5};
    std::vector<uint32_t> up;
    const Arrival arrival{of.remote, of.key, &window, of.holdMs, of.counter, position, 9, outer, bytes.data(), &packet};
    if (of.holdMs == 0 || resequencer.add(arrival, now)) up.push_back(of.id);
    if (isResent) resequencer.filled(of.key, position);
    if (isLate) resequencer.filled(of.key, of.counter);
    take(up);
    return up;
  }
  std::vector<uint32_t> other(uint32_t key, uint64_t counter) {
    ReplayWindow& window = windows_[key];
    std::vector<uint32_t> up;
    if (window.check(counter) != Freshness::Fresh) return up;
    const bool isLate = counter < window.next();
    window.mark(counter);
    if (isLate) resequencer.filled(key, counter);
    take(up);
    return up;
  }
  void take(std::vector<uint32_t>& up) {
    while (const Arrival* arrival = resequencer.take()) {
      const uint32_t id = load32(arrival->plaintext + arrival->packet->networkBytes + 8);
      EXPECT(arrival->outer[0] == id && arrival->outer[4] == 5 && arrival->outerBytes == 0, "another packet's source");
      up.push_back(id);
    }
    resequencer.recycle();
  }
  void forget(uint32_t key) {
    resequencer.forgetKey(key);
    windows_.erase(key);
  }
  double count(Counter counter) const { return values_[counter]; }

 private:
  double values_[COUNTERS] = {};
  Counters counters_{values_};
  std::map<uint32_t, ReplayWindow> windows_;

 public:
  Resequencer resequencer;
};

void carryOut(const char* path) {
  std::ifstream script(path);
  std::string line;
  Stand stand;
  while (std::getline(script, line)) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    std::vector<uint32_t> up;
    if (what == "data") {
      uint64_t now;
      Stand::Data of{};
      uint32_t flags;
      words >> now >> of.key >> of.remote >> of.holdMs >> of.counter >> of.original >> of.sequence >> flags >> of.payload >> of.flow >> of.isKept >> of.id;
      of.flags = static_cast<uint8_t>(flags);
      EXPECT(!words.fail(), "a line that is none: " + line);
      up = stand.data(now, of);
    } else {
      uint64_t first = 0;
      uint64_t second = 0;
      words >> first;
      if (what == "other") {
        words >> second;
        up = stand.other(static_cast<uint32_t>(first), second);
      } else if (what == "expire") {
        stand.resequencer.expire(first);
      } else if (what == "forget") {
        stand.forget(static_cast<uint32_t>(first));
      } else {
        EXPECT(what == "release", "a line that is none: " + line);
        stand.resequencer.releaseRemote(static_cast<uint32_t>(first));
      }
      EXPECT(!words.fail(), "a line that is none: " + line);
      stand.take(up);
    }
    std::string text;
    for (const uint32_t id : up) text += std::to_string(id) + " ";
    printf("%s| %llu %.0f %.0f %.0f\n", text.c_str(), static_cast<unsigned long long>(stand.resequencer.nextEndMs()), stand.count(COUNT_RESEQUENCED), stand.count(COUNT_HOLD_EXPIRED),
           stand.count(COUNT_DROP_HELD));
  }
}

int tests = 0;
int failures = 0;

void rule(const char* name, bool holds) {
  printf("%s %d - %s\n", holds ? "ok" : "not ok", ++tests, name);
  if (!holds) failures++;
}

using Ids = std::vector<uint32_t>;

// A packet of 100 bytes of a flow of remote 1 under key 1, held for at most 50 ms.
Stand::Data packet(uint64_t counter, uint32_t sequence, uint32_t flow = 0) { return {1, 1, 50, counter, -1, sequence, 0x10, 100, flow, true, sequence}; }

// Sends the packets of a flow at `sequence` on, all but the first of which are held.
void gap(Stand& stand, uint32_t remote, uint32_t flow, uint64_t& counter, uint32_t packets, uint32_t payload, uint64_t now) {
  for (uint32_t i = 0; i < packets; i++) {
    Stand::Data of = packet(counter, i == 0 ? 0 : payload + i * payload, flow);
    of.remote = remote;
    of.payload = payload;
    counter += i == 0 ? 2 : 1;
    stand.data(now, of);
  }
}

void boundRules() {
  {
    Stand stand;
    uint64_t counter = 0;
    gap(stand, 1, 0, counter, 6000, 1400, 0);
    const bool isBelow = stand.resequencer.bytes() <= Resequencer::MAX_BYTES_PER_REMOTE;
    rule("A remote holds a bounded number of bytes", isBelow && stand.resequencer.bytes() < Resequencer::MAX_BYTES_PER_REMOTE / 2 && stand.count(COUNT_HOLD_EXPIRED) == 1);
  }
  {
    Stand stand;
    uint64_t counter = 0;
    gap(stand, 1, 0, counter, Resequencer::MAX_PACKETS_PER_REMOTE + 1, 4, 0);
    const bool isFull = stand.count(COUNT_HOLD_EXPIRED) == 0;
    const Ids up = stand.data(0, [&] {
      Stand::Data of = packet(counter, 4 + 4 * (Resequencer::MAX_PACKETS_PER_REMOTE + 1));
      of.payload = 4;
      return of;
    }());
    bool isOrdered = up.size() == Resequencer::MAX_PACKETS_PER_REMOTE + 1;
    for (size_t i = 1; i < up.size(); i++) isOrdered = isOrdered && up[i] > up[i - 1];
    rule("and a bounded number of packets; what is let go goes in order, and what came last behind it", isFull && isOrdered && !stand.resequencer.holds());
  }
  {
    Stand stand;
    uint64_t counter = 0;
    for (uint32_t flow = 0; flow < 300; flow++) gap(stand, 1, flow, counter, 2, 100, flow);
    rule("and a bounded number of flows, of which the one that waits longest gives way", stand.count(COUNT_HOLD_EXPIRED) == 300 - Resequencer::MAX_HOLDING_PER_REMOTE && stand.resequencer.nextEndMs() == 300 - Resequencer::MAX_HOLDING_PER_REMOTE + 50);
  }
  {
    Stand stand;
    uint64_t counter = 0;
    for (uint32_t i = 0; i < 700; i++) gap(stand, i, i, counter, 2, 100, 0);
    rule("All together hold for a bounded number of flows", stand.count(COUNT_HOLD_EXPIRED) == 700 - Resequencer::MAX_HOLDING);
  }
  {
    Stand stand;
    uint64_t counter = 0;
    for (uint32_t i = 0; i < 40; i++) gap(stand, i, i, counter, 700, 1400, 0);
    rule("and a bounded number of bytes", stand.resequencer.bytes() <= Resequencer::MAX_BYTES && stand.resequencer.bytes() > Resequencer::MAX_BYTES / 2 && stand.count(COUNT_HOLD_EXPIRED) > 0);
    stand.resequencer.expire(50);
    Ids up;
    stand.take(up);
    rule("When their time is over all go", stand.resequencer.bytes() == 0 && !stand.resequencer.holds() && stand.resequencer.nextEndMs() == 0 && up.size() > 10000);
  }
  {
    Stand stand;
    uint64_t counter = 0;
    for (uint32_t flow = 0; flow < 60000; flow++) stand.data(flow / 10, packet(counter++, 7, flow));
    rule("The newest of many flows are known", stand.data(6001, packet(counter + 1, 300, 59999)).empty() && stand.data(6001, packet(counter + 2, 300, 4)) == Ids{300});
  }
  {
    Stand stand;
    stand.data(0, packet(0, 0));
    rule("A flow of which nothing comes is forgotten", stand.data(Resequencer::IDLE_MS - 1, packet(2, 200)).empty() && [] {
      Stand late;
      late.data(0, packet(0, 0));
      return late.data(Resequencer::IDLE_MS, packet(2, 200)) == Ids{200};
    }());
  }
}

}  // namespace
}  // namespace packettest

int main(int count, char** arguments) {
  using namespace packettest;
  if (count > 1) {
    carryOut(arguments[1]);
    return 0;
  }
  boundRules();
  printf("1..%d\n", tests);
  return failures == 0 ? 0 : 1;
}
