#include "resequence.h"

#include <algorithm>
#include <cstdlib>

#include "headers.h"

namespace mcc {
namespace {

constexpr uint32_t NO_KEY = UINT32_MAX;
// No window of TCP is larger; what is further ahead belongs to something that this flow's state is not about.
constexpr int32_t REACH = 1 << 30;
// Ways of its place in the table after which a remote displaces its own flows first.
constexpr uint32_t FAIR_WAYS = 4;
constexpr uint32_t COMPACT_FROM = 64;

uint32_t familyAndPorts(const WirePacket& packet) { return packet.ports ^ (familyOf(packet.info) == 6 ? 0x9e3779b9u : 0); }

// Never 0.
uint32_t hashOf(uint64_t seed, uint32_t remote, const WirePacket& packet) {
  uint64_t hash = seed ^ (static_cast<uint64_t>(familyAndPorts(packet)) << 32 | packet.selectors) ^ static_cast<uint64_t>(remote) << 24;
  hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15u;
  return static_cast<uint32_t>((hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u >> 32) | 1;
}

// How far `to` is ahead of `from` in sequence numbers, which wrap.
int32_t distance(uint32_t from, uint32_t to) { return static_cast<int32_t>(to - from); }

}  // namespace

// What the TCP header says.
struct Resequencer::Segment {
  explicit Segment(const Arrival& arrival) {
    const WirePacket& packet = *arrival.packet;
    const uint8_t* tcp = arrival.plaintext + packet.networkBytes;
    flags = tcp[13];
    payload = packet.wireLength - packet.headerBytes;
    sequence = load32(tcp + 4);
    end = sequence + payload + ((flags & TCP_FIN) != 0 ? 1 : 0);
    isKept = (packet.block & BLOCK_REPAIR) != 0 && payload > 0;
  }
  bool startsAnew() const { return (flags & (TCP_SYN | TCP_RST)) != 0; }

  uint32_t sequence;
  uint32_t end;
  uint32_t payload;
  uint8_t flags;
  bool isKept;
};

// Its bytes stand behind it.
struct Resequencer::Held {
  Arrival arrival;
  WirePacket packet;
  uint32_t outer[OUTER_WORDS];
  uint32_t cost;
  uint32_t sequence;
  uint32_t end;
  uint64_t endMs;
  Held* older;  // of the same flow, in the order of arrival
  Held* newer;
  Held* next;   // ready or taken

  // Sent before it; of what came under different keys, what came before.
  bool isBefore(const Arrival& other) const { return arrival.key != other.key || arrival.position < other.position; }
  uint8_t* bytes() { return reinterpret_cast<uint8_t*>(this + 1); }
};

struct Resequencer::Flow {
  uint32_t remote;
  uint32_t selectors;
  uint32_t ports;
  uint32_t family;
  uint32_t next;      // sequence number expected
  uint32_t key;       // that the packet before it came under, and
  uint64_t position;  // its counter
  uint64_t lastMs;    // something came of it
  // While it holds:
  uint64_t endMs;     // of the packet held longest
  uint32_t waitsKey;
  uint64_t waitsFor;  // a counter that is missing
  Flow* before;
  Flow* after;
  bool isLinked;
  Held* oldest;
  Held* newest;
  std::vector<Held*> held;  // in the order of sending, from `head` on
  size_t head = 0;

  bool holds() const { return head < held.size(); }
  Held& front() { return *held[head]; }
  bool is(const Arrival& arrival) const {
    const WirePacket& packet = *arrival.packet;
    return remote == arrival.remote && selectors == packet.selectors && ports == packet.ports && family == familyOf(packet.info);
  }
  // A counter that is missing between what came last in order and this one; its position: none.
  uint64_t missingBefore(const Arrival& arrival) const {
    return arrival.window->firstMissing(key == arrival.key ? position + 1 : 0, arrival.position);
  }
  void advance(const Arrival& arrival, uint32_t end) {
    if (distance(next, end) <= 0) return;
    next = end;
    key = arrival.key;
    position = arrival.position;
  }
  void insert(Held* each) {
    size_t at = held.size();
    while (at > head && !held[at - 1]->isBefore(each->arrival)) at--;
    held.insert(held.begin() + static_cast<std::ptrdiff_t>(at), each);
    each->older = newest;
    each->newer = nullptr;
    (newest == nullptr ? oldest : newest->newer) = each;
    newest = each;
  }
  void leave(Held* each) {
    (each->older == nullptr ? oldest : each->older->newer) = each->newer;
    (each->newer == nullptr ? newest : each->newer->older) = each->older;
  }
  Held* takeFront() {
    Held* each = held[head++];
    if (head == held.size() || (head >= COMPACT_FROM && head * 2 >= held.size())) {
      held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(head));
      head = 0;
    }
    leave(each);
    return each;
  }
};

Resequencer::Resequencer(Counters& counters) : counters_(counters) {}

Resequencer::~Resequencer() {
  clear();
  recycle();
}

void Resequencer::clear() {
  while (first_ != nullptr) letGo(*first_);
  while (take() != nullptr) {
  }
  flows_.reset();
  tags_.reset();
}

Resequencer::Flow* Resequencer::find(const Arrival& arrival, uint32_t hash, uint64_t nowMs) {
  if (flows_ == nullptr) return nullptr;
  const uint32_t place = (hash >> 1) % (FLOWS / WAYS) * WAYS;
  for (uint32_t i = place; i < place + WAYS; i++) {
    if (tags_[i] != hash || !flows_[i].is(arrival)) continue;
    Flow& flow = flows_[i];
    if (nowMs - flow.lastMs < IDLE_MS || flow.holds()) return &flow;
    tags_[i] = 0;
    return nullptr;
  }
  return nullptr;
}

// Null: all that could be in its place hold packets.
Resequencer::Flow* Resequencer::open(const Arrival& arrival, uint32_t hash, uint64_t nowMs) {
  if (flows_ == nullptr) {
    flows_ = std::make_unique<Flow[]>(FLOWS);
    tags_ = std::make_unique<uint32_t[]>(FLOWS);
  }
  const uint32_t place = (hash >> 1) % (FLOWS / WAYS) * WAYS;
  uint32_t own = 0;
  for (uint32_t i = place; i < place + WAYS; i++) own += tags_[i] != 0 && flows_[i].remote == arrival.remote;
  uint32_t victim = UINT32_MAX;
  for (uint32_t i = place; i < place + WAYS; i++) {
    if (tags_[i] == 0) {
      victim = i;
      break;
    }
    if (flows_[i].holds() || (own >= FAIR_WAYS && flows_[i].remote != arrival.remote)) continue;
    if (victim == UINT32_MAX || flows_[i].lastMs < flows_[victim].lastMs) victim = i;
  }
  if (victim == UINT32_MAX) return nullptr;
  const WirePacket& packet = *arrival.packet;
  Flow& flow = flows_[victim];
  flow = {};
  flow.remote = arrival.remote;
  flow.selectors = packet.selectors;
  flow.ports = packet.ports;
  flow.family = familyOf(packet.info);
  flow.lastMs = nowMs;
  tags_[victim] = hash;
  return &flow;
}

bool Resequencer::add(const Arrival& arrival, uint64_t nowMs) {
  const Segment segment(arrival);
  if (flows_ == nullptr && !segment.isKept) return true;
  const uint32_t hash = hashOf(seed, arrival.remote, *arrival.packet);
  Flow* flow = find(arrival, hash, nowMs);
  if (flow != nullptr) {
    flow->lastMs = nowMs;
    return admit(*flow, arrival, segment, nowMs);
  }
  if (!segment.isKept || segment.startsAnew()) return true;
  flow = open(arrival, hash, nowMs);
  if (flow != nullptr) {
    flow->next = segment.end;
    flow->key = arrival.key;
    flow->position = arrival.position;
  }
  return true;
}

bool Resequencer::admit(Flow& flow, const Arrival& arrival, const Segment& segment, uint64_t nowMs) {
  int32_t ahead = distance(flow.next, segment.sequence);
  if (segment.startsAnew() || ahead > REACH) {
    const bool isBehind = flow.holds();
    letGo(flow);
    if (segment.startsAnew()) tags_[&flow - flows_.get()] = 0;
    else flow.advance(arrival, segment.end);
    return isBehind ? follow(arrival, segment, nowMs) : true;
  }
  // A bare acknowledgement waits for nothing.
  if (segment.end == segment.sequence) return true;
  // What the inner sender sent again must not overtake what waits: of that it would take all for lost that it sent before.
  const auto overtakes = [&] { return ahead < 0 && flow.holds() && flow.front().isBefore(arrival); };
  while (ahead > 0 || overtakes()) {
    if (!flow.holds() && (!segment.isKept || flow.missingBefore(arrival) == arrival.position)) break;
    if (!makeRoom(flow, static_cast<uint32_t>(sizeof(Held)) + arrival.packet->wireLength)) return hold(flow, arrival, segment, nowMs);
    ahead = distance(flow.next, segment.sequence);
  }
  // What was let go to make room goes first.
  const bool isBehind = hasReady();
  flow.advance(arrival, segment.end);
  if (isBehind) return follow(arrival, segment, nowMs);
  if (flow.holds()) settle(flow, 0);
  return true;
}

Resequencer::Held* Resequencer::copy(const Arrival& arrival, const Segment& segment, uint64_t nowMs) {
  const uint32_t length = arrival.packet->wireLength;
  const uint32_t cost = static_cast<uint32_t>(sizeof(Held)) + length;
  Held* held = static_cast<Held*>(malloc(cost));
  if (held == nullptr) return nullptr;
  held->arrival = arrival;
  held->arrival.outerBytes = 0;
  held->packet = *arrival.packet;
  memcpy(held->outer, arrival.outer, sizeof held->outer);
  memcpy(held->bytes(), arrival.plaintext, length);
  held->arrival.packet = &held->packet;
  held->arrival.outer = held->outer;
  held->arrival.plaintext = held->bytes();
  held->cost = cost;
  held->sequence = segment.sequence;
  held->end = segment.end;
  held->endMs = nowMs + arrival.holdMs;
  held->next = nullptr;
  return held;
}

bool Resequencer::follow(const Arrival& arrival, const Segment& segment, uint64_t nowMs) {
  Held* held = copy(arrival, segment, nowMs);
  if (held == nullptr) return true;
  (ready_ == nullptr ? ready_ : readyLast_->next) = held;
  readyLast_ = held;
  return false;
}

bool Resequencer::hold(Flow& flow, const Arrival& arrival, const Segment& segment, uint64_t nowMs) {
  Held* held = copy(arrival, segment, nowMs);
  if (held == nullptr) return true;
  Share& share = shares_[flow.remote];
  share.bytes += held->cost;
  share.packets++;
  bytes_ += held->cost;
  counters_.add(COUNT_RESEQUENCED);
  flow.insert(held);
  if (&flow.front() == held) settle(flow, 0);
  return false;
}

Resequencer::Flow* Resequencer::firstOf(uint32_t remote) {
  Flow* flow = first_;
  while (flow != nullptr && flow->remote != remote) flow = flow->after;
  return flow;
}

bool Resequencer::makeRoom(Flow& flow, uint32_t cost) {
  bool isLetGo = false;
  const auto give = [&](Flow* victim) {
    isLetGo = isLetGo || victim == &flow;
    letGo(*victim);
  };
  for (auto found = shares_.find(flow.remote); found != shares_.end(); found = shares_.find(flow.remote)) {
    const Share& share = found->second;
    const bool isNew = !flow.holds();
    if (share.bytes + cost <= MAX_BYTES_PER_REMOTE && share.packets < MAX_PACKETS_PER_REMOTE && (!isNew || share.flows < MAX_HOLDING_PER_REMOTE)) break;
    give(firstOf(flow.remote));
  }
  while (first_ != nullptr && (bytes_ + cost > MAX_BYTES || (!flow.holds() && holding_ == MAX_HOLDING))) give(first_);
  return isLetGo;
}

void Resequencer::fill(uint32_t key, uint64_t counter) {
  for (Flow* flow = first_; flow != nullptr;) {
    Flow* after = flow->after;
    if (flow->waitsFor == counter && flow->waitsKey == key) settle(*flow, 0);
    flow = after;
  }
}

void Resequencer::settle(Flow& flow, uint64_t untilMs) {
  while (flow.holds()) {
    const Held& front = flow.front();
    const bool isForced = flow.oldest->endMs <= untilMs;
    if (!isForced && distance(flow.next, front.sequence) > 0) {
      const uint64_t missing = flow.missingBefore(front.arrival);
      if (missing != front.arrival.position) {
        flow.waitsKey = front.arrival.key;
        flow.waitsFor = missing;
        break;
      }
    }
    deliver(flow, isForced);
  }
  arrange(flow);
}

void Resequencer::letGo(Flow& flow) {
  while (flow.holds()) deliver(flow, true);
  arrange(flow);
}

void Resequencer::deliver(Flow& flow, bool isForced) {
  if (isForced && distance(flow.next, flow.front().sequence) > 0) counters_.add(COUNT_HOLD_EXPIRED);
  Held* held = flow.takeFront();
  flow.advance(held->arrival, held->end);
  forget(*held);
  (ready_ == nullptr ? ready_ : readyLast_->next) = held;
  readyLast_ = held;
}

void Resequencer::forget(const Held& held) {
  const auto found = shares_.find(held.arrival.remote);
  found->second.bytes -= held.cost;
  bytes_ -= held.cost;
  // The flow that goes on holding nothing counts until it is arranged.
  if (--found->second.packets == 0 && found->second.flows == 0) shares_.erase(found);
}

void Resequencer::unlink(Flow& flow) {
  (flow.before == nullptr ? first_ : flow.before->after) = flow.after;
  (flow.after == nullptr ? last_ : flow.after->before) = flow.before;
}

void Resequencer::arrange(Flow& flow) {
  if (!flow.holds()) {
    if (!flow.isLinked) return;
    unlink(flow);
    flow.isLinked = false;
    holding_--;
    const auto found = shares_.find(flow.remote);
    if (--found->second.flows == 0 && found->second.packets == 0) shares_.erase(found);
    return;
  }
  if (flow.isLinked && flow.endMs == flow.oldest->endMs) return;
  if (flow.isLinked) {
    unlink(flow);
  } else {
    flow.isLinked = true;
    holding_++;
    shares_[flow.remote].flows++;
  }
  flow.endMs = flow.oldest->endMs;
  Flow* before = last_;
  while (before != nullptr && before->endMs > flow.endMs) before = before->before;
  flow.before = before;
  flow.after = before == nullptr ? first_ : before->after;
  (before == nullptr ? first_ : before->after) = &flow;
  (flow.after == nullptr ? last_ : flow.after->before) = &flow;
}

void Resequencer::expire(uint64_t nowMs) {
  while (first_ != nullptr && first_->endMs <= nowMs) settle(*first_, nowMs);
}

uint64_t Resequencer::nextEndMs() const {
  if (ready_ != nullptr) return 1;
  return first_ == nullptr ? 0 : first_->endMs;
}

const Arrival* Resequencer::take() {
  Held* held = ready_;
  if (held == nullptr) return nullptr;
  ready_ = held->next;
  held->next = taken_;
  taken_ = held;
  return &held->arrival;
}

void Resequencer::recycle() {
  while (taken_ != nullptr) {
    Held* held = taken_;
    taken_ = held->next;
    free(held);
  }
}

void Resequencer::forgetKey(uint32_t key) {
  if (flows_ == nullptr) return;
  uint32_t dropped = 0;
  Held* kept = nullptr;
  readyLast_ = nullptr;
  for (Held* each = ready_; each != nullptr;) {
    Held* next = each->next;
    if (each->arrival.key == key) {
      free(each);
      dropped++;
    } else {
      each->next = nullptr;
      (readyLast_ == nullptr ? kept : readyLast_->next) = each;
      readyLast_ = each;
    }
    each = next;
  }
  ready_ = kept;
  for (uint32_t i = 0; i < FLOWS; i++) {
    if (tags_[i] != 0 && flows_[i].key == key) flows_[i].key = NO_KEY;
  }
  for (Flow* flow = first_; flow != nullptr;) {
    Flow* after = flow->after;
    const auto isOther = [&](const Held* each) { return each->arrival.key != key; };
    const auto gone = std::stable_partition(flow->held.begin() + static_cast<std::ptrdiff_t>(flow->head), flow->held.end(), isOther);
    for (auto each = gone; each != flow->held.end(); each++) {
      flow->leave(*each);
      forget(**each);
      free(*each);
      dropped++;
    }
    const bool isTouched = gone != flow->held.end();
    flow->held.erase(gone, flow->held.end());
    if (isTouched || flow->waitsKey == key) settle(*flow, 0);
    flow = after;
  }
  if (dropped > 0) counters_.add(COUNT_DROP_HELD, dropped);
}

void Resequencer::releaseRemote(uint32_t remote) {
  while (Flow* flow = firstOf(remote)) letGo(*flow);
}

}  // namespace mcc
