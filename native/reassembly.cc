#include <cstdlib>
#include <new>

#include "headers.h"

namespace mcc {
namespace {

constexpr uint16_t NONE = 0xffff;
// Buffers are kept for good once they were needed; MAX_BYTES bounds them.
constexpr uint32_t CLASS_BYTES[] = {2048, 9216, 65536};

uint8_t classOf(uint32_t total) { return total <= CLASS_BYTES[0] ? 0 : total <= CLASS_BYTES[1] ? 1 : 2; }

uint32_t hashOf(uint32_t key, uint64_t base) {
  return static_cast<uint32_t>(((base << 16 ^ key) * 0x9e3779b97f4a7c15u) >> 40);
}

// Where a fragment belongs, by its header and by the counter it was sealed under.
struct Place {
  uint64_t base;     // counter of the packet's first fragment
  uint32_t index;
  uint32_t slice;    // bytes of every fragment but the last
  uint32_t offset;
  uint32_t total;
  uint32_t bytes;
  uint32_t count;    // fragments of the packet
};

bool placeOf(uint64_t counter, const uint8_t* fragment, uint32_t length, Place& place) {
  if (length <= FRAGMENT_HEADER || fragment[0] != PLAINTEXT_FRAGMENT || fragment[1] != 0) return false;
  place.index = (static_cast<uint32_t>(counter) - load16(fragment + 2)) & 0xffff;
  place.offset = load16(fragment + 4);
  place.total = load16(fragment + 6);
  place.bytes = length - FRAGMENT_HEADER;
  if (counter < place.index || place.index >= Reassembly::MAX_FRAGMENTS || place.offset + place.bytes > place.total) return false;
  place.base = counter - place.index;
  const bool last = place.offset + place.bytes == place.total;
  if (place.index == 0) {
    if (place.offset != 0 || last) return false;
    place.slice = place.bytes;
  } else {
    place.slice = place.offset / place.index;
    if (place.slice == 0 || place.slice * place.index != place.offset) return false;
    if (last ? place.bytes > place.slice : place.bytes != place.slice) return false;
  }
  place.count = (place.total + place.slice - 1) / place.slice;
  return place.count <= Reassembly::MAX_FRAGMENTS;
}

}  // namespace

struct Reassembly::Entry {
  uint64_t base;
  uint64_t bornMs;
  uint64_t seen[MAX_FRAGMENTS / 64];
  uint8_t* buffer;
  uint32_t remote;
  uint32_t key;
  uint32_t total;
  uint32_t slice;
  uint16_t received;
  uint16_t congested;      // of them, that came marked so
  uint16_t chain;          // next of the same hash, or of the free ones
  uint16_t older, newer;   // of all
  uint16_t before, after;  // of the same remote: next older, next newer
  uint16_t owner;
  uint8_t size;            // class of the buffer
};

// What one remote holds; there are never more of them than entries.
struct Reassembly::Owner {
  uint32_t remote;
  uint32_t bytes;
  uint16_t entries;
  uint16_t oldest, newest;
  uint16_t chain;          // next of the same hash, or of the free ones
};

Reassembly::Reassembly() : entries_(new Entry[MAX_ENTRIES]), owners_(new Owner[MAX_ENTRIES]), oldest_(NONE), newest_(NONE) {
  for (uint32_t i = 0; i < MAX_ENTRIES; i++) entries_[i].chain = owners_[i].chain = static_cast<uint16_t>(i + 1 == MAX_ENTRIES ? NONE : i + 1);
  for (uint16_t& head : table_) head = NONE;
  for (uint16_t& head : ownerTable_) head = NONE;
}

Reassembly::~Reassembly() {
  for (uint16_t i = oldest_; i != NONE; i = entries_[i].newer) free(entries_[i].buffer);
  recycle();
  for (void* buffer : freeBuffers_) {
    while (buffer != nullptr) {
      void* next = *static_cast<void**>(buffer);
      free(buffer);
      buffer = next;
    }
  }
  delete[] entries_;
  delete[] owners_;
}

uint8_t* Reassembly::takeBuffer(uint32_t total, uint8_t& size) {
  size = classOf(total);
  void* buffer = freeBuffers_[size];
  if (buffer == nullptr) return static_cast<uint8_t*>(malloc(CLASS_BYTES[size]));
  freeBuffers_[size] = *static_cast<void**>(buffer);
  return static_cast<uint8_t*>(buffer);
}

void Reassembly::recycle() {
  for (uint32_t i = 0; i < doneCount_; i++) {
    void** buffer = reinterpret_cast<void**>(done_[i].buffer);
    *buffer = freeBuffers_[done_[i].size];
    freeBuffers_[done_[i].size] = buffer;
  }
  doneCount_ = 0;
}

Reassembly::Entry* Reassembly::find(uint32_t key, uint64_t base) {
  for (uint16_t i = table_[hashOf(key, base) % TABLE]; i != NONE; i = entries_[i].chain) {
    if (entries_[i].base == base && entries_[i].key == key) return &entries_[i];
  }
  return nullptr;
}

uint16_t* Reassembly::ownerLink(uint32_t remote) {
  uint16_t* link = &ownerTable_[hashOf(remote, 0) % TABLE];
  while (*link != NONE && owners_[*link].remote != remote) link = &owners_[*link].chain;
  return link;
}

void Reassembly::enterOwner(Entry& entry, uint16_t index) {
  uint16_t* link = ownerLink(entry.remote);
  if (*link == NONE) {
    const uint16_t fresh = freeOwner_;
    freeOwner_ = owners_[fresh].chain;
    owners_[fresh] = {entry.remote, 0, 0, NONE, NONE, NONE};
    *link = fresh;
    ownerCount_++;
  }
  entry.owner = *link;
  Owner& owner = owners_[entry.owner];
  owner.entries++;
  owner.bytes += CLASS_BYTES[entry.size];
  entry.before = owner.newest;
  entry.after = NONE;
  (owner.newest == NONE ? owner.oldest : entries_[owner.newest].after) = index;
  owner.newest = index;
}

void Reassembly::leaveOwner(const Entry& entry) {
  Owner& owner = owners_[entry.owner];
  (entry.before == NONE ? owner.oldest : entries_[entry.before].after) = entry.after;
  (entry.after == NONE ? owner.newest : entries_[entry.after].before) = entry.before;
  owner.entries--;
  owner.bytes -= CLASS_BYTES[entry.size];
  if (owner.entries != 0) return;
  uint16_t* link = ownerLink(owner.remote);
  *link = owner.chain;
  owner.chain = freeOwner_;
  freeOwner_ = entry.owner;
  ownerCount_--;
}

// Unlinks an entry; returns the fragments it held.
uint32_t Reassembly::close(Entry* entry, bool keepBuffer) {
  const uint16_t index = static_cast<uint16_t>(entry - entries_);
  uint16_t* link = &table_[hashOf(entry->key, entry->base) % TABLE];
  while (*link != index) link = &entries_[*link].chain;
  *link = entry->chain;
  (entry->older == NONE ? oldest_ : entries_[entry->older].newer) = entry->newer;
  (entry->newer == NONE ? newest_ : entries_[entry->newer].older) = entry->older;
  leaveOwner(*entry);
  entry->chain = free_;
  free_ = index;
  live_--;
  bytes_ -= CLASS_BYTES[entry->size];
  if (!keepBuffer) {
    *reinterpret_cast<void**>(entry->buffer) = freeBuffers_[entry->size];
    freeBuffers_[entry->size] = entry->buffer;
  }
  return entry->received;
}

// Evicts the oldest entries of this remote until one more fits its share; then, until it fits the whole, the oldest of those
// who hold at least the mean, so that a flood of some does not push out the others.
uint32_t Reassembly::makeRoom(uint32_t remote, uint32_t bytes) {
  uint32_t dropped = 0;
  for (uint16_t mine = *ownerLink(remote); mine != NONE; mine = *ownerLink(remote)) {
    const Owner& owner = owners_[mine];
    if (owner.entries < MAX_ENTRIES_PER_REMOTE && owner.bytes + bytes <= MAX_BYTES_PER_REMOTE) break;
    dropped += close(&entries_[owner.oldest], false);
  }
  while (live_ == MAX_ENTRIES || bytes_ + bytes > MAX_BYTES) {
    uint16_t victim = oldest_;
    for (uint16_t i = oldest_; i != NONE; i = entries_[i].newer) {
      const Owner& owner = owners_[entries_[i].owner];
      const bool large = live_ == MAX_ENTRIES ? owner.entries * ownerCount_ >= live_ : static_cast<uint64_t>(owner.bytes) * ownerCount_ >= bytes_;
      if (!large) continue;
      victim = i;
      break;
    }
    dropped += close(&entries_[victim], false);
  }
  return dropped;
}

Reassembly::Entry* Reassembly::open(uint32_t remote, uint32_t key, uint64_t base, uint32_t total, uint64_t nowMs, uint32_t& dropped) {
  dropped += makeRoom(remote, CLASS_BYTES[classOf(total)]);
  uint8_t size;
  uint8_t* buffer = takeBuffer(total, size);
  if (buffer == nullptr) return nullptr;
  const uint16_t index = free_;
  Entry& entry = entries_[index];
  uint16_t& head = table_[hashOf(key, base) % TABLE];
  free_ = entry.chain;
  entry = {};
  entry.base = base;
  entry.bornMs = nowMs;
  entry.buffer = buffer;
  entry.remote = remote;
  entry.key = key;
  entry.total = total;
  entry.chain = head;
  entry.older = newest_;
  entry.newer = NONE;
  entry.size = size;
  head = index;
  enterOwner(entry, index);
  (newest_ == NONE ? oldest_ : entries_[newest_].newer) = index;
  newest_ = index;
  live_++;
  bytes_ += CLASS_BYTES[size];
  return &entry;
}

Reassembly::Result Reassembly::add(uint32_t remote, uint32_t key, uint64_t counter, const uint8_t* fragment, uint32_t length, uint64_t nowMs, bool congested) {
  Result result = {Outcome::Refused, nullptr, 0, expire(nowMs), 0};
  Place place;
  if (!placeOf(counter, fragment, length, place)) return result;
  Entry* entry = find(key, place.base);
  if (entry == nullptr) {
    entry = open(remote, key, place.base, place.total, nowMs, result.dropped);
    if (entry == nullptr) return result;
    entry->slice = place.slice;
  }
  uint64_t& seen = entry->seen[place.index / 64];
  const uint64_t bit = uint64_t{1} << (place.index % 64);
  if (entry->remote != remote || entry->total != place.total || entry->slice != place.slice || (seen & bit) != 0) return result;
  const bool complete = entry->received + 1u == place.count;
  if (complete && doneCount_ == BATCH_DONE) return result;
  seen |= bit;
  entry->received++;
  entry->congested += congested;
  memcpy(entry->buffer + place.offset, fragment + FRAGMENT_HEADER, place.bytes);
  result.outcome = Outcome::Pending;
  if (!complete) return result;
  result = {Outcome::Complete, entry->buffer, entry->total, result.dropped, entry->congested};
  done_[doneCount_++] = {entry->buffer, entry->size};
  close(entry, true);
  return result;
}

uint32_t Reassembly::expire(uint64_t nowMs) {
  uint32_t dropped = 0;
  while (oldest_ != NONE && nowMs - entries_[oldest_].bornMs >= LIFETIME_MS) dropped += close(&entries_[oldest_], false);
  return dropped;
}

uint32_t Reassembly::forgetKey(uint32_t key) {
  uint32_t dropped = 0;
  for (uint16_t i = oldest_; i != NONE;) {
    Entry& entry = entries_[i];
    i = entry.newer;
    if (entry.key == key) dropped += close(&entry, false);
  }
  return dropped;
}

}  // namespace mcc
