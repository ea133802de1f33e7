#include "parity.h"

#include <algorithm>
#include <cstring>

#include "galois.h"

namespace mcc {
namespace {

constexpr uint64_t NONE = UINT64_MAX;

void addSymbol(uint8_t* to, const uint8_t* plaintext, uint32_t length, uint8_t by) {
  to[0] ^= GALOIS.multiply(by, static_cast<uint8_t>(length));
  to[1] ^= GALOIS.multiply(by, static_cast<uint8_t>(length >> 8));
  multiplyAdd(to + 2, plaintext, length, by);
}

// Inverts the matrix in place, which can be inverted. Gauss and Jordan, pivots in the order of rows.
void invert(uint8_t matrix[PARITY_MOST][PARITY_MOST], uint8_t inverse[PARITY_MOST][PARITY_MOST], uint32_t size) {
  for (uint32_t row = 0; row < size; row++) {
    for (uint32_t column = 0; column < size; column++) inverse[row][column] = row == column;
  }
  for (uint32_t pivot = 0; pivot < size; pivot++) {
    uint32_t from = pivot;
    while (matrix[from][pivot] == 0) from++;
    if (from != pivot) {
      std::swap_ranges(matrix[from], matrix[from] + size, matrix[pivot]);
      std::swap_ranges(inverse[from], inverse[from] + size, inverse[pivot]);
    }
    const uint8_t by = GALOIS.divide(1, matrix[pivot][pivot]);
    for (uint32_t column = 0; column < size; column++) {
      matrix[pivot][column] = GALOIS.multiply(matrix[pivot][column], by);
      inverse[pivot][column] = GALOIS.multiply(inverse[pivot][column], by);
    }
    for (uint32_t row = 0; row < size; row++) {
      if (row == pivot) continue;
      const uint8_t times = matrix[row][pivot];
      multiplyAdd(matrix[row], matrix[pivot], size, times);
      multiplyAdd(inverse[row], inverse[pivot], size, times);
    }
  }
}

}  // namespace

uint8_t parityCoefficient(uint32_t parity, uint32_t position) {
  return GALOIS.divide(static_cast<uint8_t>(PARITY_SPAN ^ position), static_cast<uint8_t>((PARITY_SPAN + parity) ^ position));
}

// ---- encoder ----------------------------------------------------------------------------------------------------

ParityEncoder::ParityEncoder(uint32_t most, uint32_t longest)
    : most_(most), longest_(longest), stride_(PARITY_OVERHEAD + longest), sums_(new uint8_t[size_t{most} * stride_]()) {}

void ParityEncoder::add(uint64_t counter, const uint8_t* plaintext, uint32_t length) {
  if (length > longest_) return;
  if (covered_ == 0) base_ = counter;
  const uint64_t position = counter - base_;
  if (position >= PARITY_SPAN) return;
  const uint32_t place = static_cast<uint32_t>(position);
  covered_++;
  last_ = std::max(last_, place);
  used_ = std::max(used_, 2 + length);
  bitmap_.set(place);
  for (uint32_t index = 0; index < most_; index++) addSymbol(symbol(index), plaintext, length, parityCoefficient(index, place));
}

const uint8_t* ParityEncoder::parity(uint32_t index, uint64_t counter, uint32_t& length) {
  const bool isNothing = covered_ == 0 || counter - base_ > UINT8_MAX;
  const uint32_t bitmapBytes = isNothing ? 0 : last_ / 8 + 1;
  uint8_t* bitmap = symbol(index) - bitmapBytes;
  for (uint32_t i = 0; i < bitmapBytes; i++) bitmap[i] = static_cast<uint8_t>(bitmap_.bits[i / 8] >> 8 * (i % 8));
  uint8_t* out = bitmap - PARITY_HEADER;
  out[0] = PLAINTEXT_PARITY;
  out[1] = static_cast<uint8_t>(index);
  out[2] = static_cast<uint8_t>(bitmapBytes);
  out[3] = static_cast<uint8_t>(isNothing ? 0 : counter - base_);
  length = isNothing ? PARITY_HEADER : PARITY_HEADER + bitmapBytes + used_;
  return out;
}

void ParityEncoder::restart() {
  for (uint32_t index = 0; index < most_; index++) memset(symbol(index), 0, used_);
  covered_ = 0;
  used_ = 0;
  last_ = 0;
  bitmap_ = {};
}

// ---- decoder ----------------------------------------------------------------------------------------------------

ParityDecoder::ParityDecoder(uint32_t key, uint64_t nowMs) : usedMs(nowMs), key_(key), bytes_(new uint8_t[size_t{RING} * SYMBOL_BYTES]) {
  for (Entry& each : ring_) each = {NONE, 0};
}

void ParityDecoder::store(uint64_t counter, const uint8_t* bytes, uint32_t length) {
  Entry& at = ring_[counter % RING];
  // A late one gives way to what is newer.
  if (at.counter != NONE && at.counter > counter) return;
  at = {counter, length};
  memcpy(bytesOf(counter), bytes, length);
}

ParityDecoder::Group* ParityDecoder::add(uint64_t counter, const uint8_t* plaintext, uint32_t length) {
  if (length > PARITY_BYTES) return nullptr;
  store(counter, plaintext, length);
  for (Group& group : groups_) {
    if (!group.live || group.done || counter < group.base || counter - group.base > group.last) continue;
    return group.bitmap.has(static_cast<uint32_t>(counter - group.base)) && isComplete(group) ? &group : nullptr;
  }
  return nullptr;
}

bool ParityDecoder::addParity(uint64_t counter, const uint8_t* plaintext, uint32_t length, Group** complete) {
  *complete = nullptr;
  if (length < PARITY_HEADER || plaintext[1] >= PARITY_MOST || plaintext[2] > PARITY_BITMAP) return false;
  const uint32_t bitmapBytes = plaintext[2];
  if (bitmapBytes == 0) return length == PARITY_HEADER && plaintext[3] == 0;
  const uint32_t front = PARITY_HEADER + bitmapBytes;
  // A symbol has a length, and something of at least one byte.
  if (length < front + 3 || length > front + SYMBOL_BYTES) return false;
  if (plaintext[3] > counter) return false;
  const uint64_t base = counter - plaintext[3];
  Bitmap bitmap;
  for (uint32_t i = 0; i < bitmapBytes; i++) bitmap.bits[i / 8] |= uint64_t{plaintext[PARITY_HEADER + i]} << 8 * (i % 8);
  const uint8_t newest = plaintext[front - 1];
  if (newest == 0 || !bitmap.has(0)) return false;
  const uint32_t last = 8 * bitmapBytes - 1 - static_cast<uint32_t>(__builtin_clz(newest) - 24);
  // What it covers was sealed before.
  if (base + last >= counter) return false;
  Group* group = groupFor(base, bitmap, last, length - front);
  if (group == nullptr) return false;
  const uint32_t index = plaintext[1];
  if ((group->parities >> index & 1) != 0) return false;
  store(counter, plaintext + front, length - front);
  group->parities |= 1u << index;
  group->counters[index] = counter;
  if (!group->done && isComplete(*group)) *complete = group;
  return true;
}

// Groups never share a counter: who says so says it to make work.
ParityDecoder::Group* ParityDecoder::groupFor(uint64_t base, const Bitmap& bitmap, uint32_t last, uint32_t bytes) {
  for (Group& group : groups_) {
    if (!group.live || base > group.base + group.last || base + last < group.base) continue;
    return group.base == base && group.bitmap == bitmap && group.bytes == bytes ? &group : nullptr;
  }
  Group& group = groups_[next_++ % GROUPS];
  group = {};
  group.base = base;
  group.last = last;
  group.bytes = bytes;
  group.bitmap = bitmap;
  group.live = true;
  return &group;
}

uint32_t ParityDecoder::missing(const Group& group) const {
  uint32_t count = 0;
  for (uint32_t position = 0; position <= group.last; position++) {
    if (group.bitmap.has(position) && !holds(group.base + position)) count++;
  }
  return count;
}

bool ParityDecoder::isComplete(Group& group) const {
  uint32_t parities = 0;
  for (uint32_t index = 0; index < PARITY_MOST; index++) {
    if ((group.parities >> index & 1) != 0 && holds(group.counters[index])) parities++;
  }
  const uint32_t count = missing(group);
  if (count == 0) group.done = true;
  return count > 0 && count <= parities;
}

uint32_t ParityDecoder::recover(Group& group, uint8_t* scratch, Recovered* out) const {
  uint32_t rows[PARITY_MOST];
  uint32_t positions[PARITY_MOST];
  uint32_t size = 0;
  group.done = true;
  for (uint32_t position = 0; position <= group.last; position++) {
    if (!group.bitmap.has(position)) continue;
    if (!holds(group.base + position)) positions[size++] = position;
    else if (2 + entry(group.base + position).length > group.bytes) return 0;
  }
  for (uint32_t index = 0, row = 0; row < size; index++) {
    if ((group.parities >> index & 1) == 0 || !holds(group.counters[index])) continue;
    uint8_t* sum = scratch + size_t{row} * SYMBOL_BYTES;
    memcpy(sum, bytesOf(group.counters[index]), group.bytes);
    rows[row++] = index;
  }
  // What is left of each parity without what came.
  for (uint32_t position = 0; position <= group.last; position++) {
    if (!group.bitmap.has(position) || !holds(group.base + position)) continue;
    const uint64_t counter = group.base + position;
    for (uint32_t row = 0; row < size; row++) {
      addSymbol(scratch + size_t{row} * SYMBOL_BYTES, bytesOf(counter), entry(counter).length, parityCoefficient(rows[row], position));
    }
  }
  uint8_t matrix[PARITY_MOST][PARITY_MOST];
  uint8_t inverse[PARITY_MOST][PARITY_MOST];
  for (uint32_t row = 0; row < size; row++) {
    for (uint32_t column = 0; column < size; column++) matrix[row][column] = parityCoefficient(rows[row], positions[column]);
  }
  invert(matrix, inverse, size);
  uint32_t count = 0;
  for (uint32_t each = 0; each < size; each++) {
    uint8_t lengthBytes[2] = {};
    for (uint32_t row = 0; row < size; row++) multiplyAdd(lengthBytes, scratch + size_t{row} * SYMBOL_BYTES, 2, inverse[each][row]);
    const uint32_t length = lengthBytes[0] | static_cast<uint32_t>(lengthBytes[1]) << 8;
    if (length == 0 || 2 + length > group.bytes) continue;
    Recovered& to = out[count];
    memset(to.plaintext, 0, length);
    for (uint32_t row = 0; row < size; row++) multiplyAdd(to.plaintext, scratch + size_t{row} * SYMBOL_BYTES + 2, length, inverse[each][row]);
    to.counter = group.base + positions[each];
    to.length = length;
    count++;
  }
  return count;
}

// ---- decoders of a port -----------------------------------------------------------------------------------------

ParityDecoder* Decoders::find(uint32_t key) const {
  for (const auto& each : decoders_) {
    if (each->key() == key) return each.get();
  }
  return nullptr;
}

ParityDecoder* Decoders::make(uint32_t key, uint64_t nowMs) {
  if (ParityDecoder* known = find(key)) return known;
  if (decoders_.size() == MOST) {
    const auto least = std::min_element(decoders_.begin(), decoders_.end(), [](const auto& a, const auto& b) { return a->usedMs < b->usedMs; });
    if (nowMs - (*least)->usedMs < YIELDS_MS) return nullptr;
    decoders_.erase(least);
  }
  decoders_.push_back(std::make_unique<ParityDecoder>(key, nowMs));
  return decoders_.back().get();
}

void Decoders::forget(uint32_t slot) {
  decoders_.erase(std::remove_if(decoders_.begin(), decoders_.end(), [&](const auto& each) { return (each->key() & 0xffff) == slot; }), decoders_.end());
}

void Decoders::expire(uint64_t nowMs) {
  if (decoders_.empty()) return;
  decoders_.erase(std::remove_if(decoders_.begin(), decoders_.end(), [&](const auto& each) { return nowMs - each->usedMs > LIFETIME_MS; }), decoders_.end());
  if (decoders_.empty() && taken_ == 0) {
    buffers_.clear();
    scratch_.reset();
  }
}

uint64_t Decoders::nextEndMs() const {
  if (decoders_.empty()) return 0;
  uint64_t least = UINT64_MAX;
  for (const auto& each : decoders_) least = std::min(least, each->usedMs);
  return ((least + LIFETIME_MS) / 1000 + 1) * 1000;
}

uint32_t Decoders::recover(ParityDecoder& decoder, ParityDecoder::Group& group, Recovered* out) {
  const uint32_t count = decoder.missing(group);
  if (taken_ + count > BATCH_RECOVERED) {
    group.done = true;
    return 0;
  }
  if (!scratch_) scratch_.reset(new uint8_t[size_t{SYMBOL_BYTES} * PARITY_MOST]);
  for (uint32_t i = 0; i < count; i++) {
    if (taken_ == buffers_.size()) buffers_.emplace_back(new uint8_t[PARITY_BYTES]);
    out[i].plaintext = buffers_[taken_++].get();
  }
  return decoder.recover(group, scratch_.get(), out);
}

}  // namespace mcc
