#include "sealer.h"

#include <cstring>

#include "ecn.h"

namespace mcc {
namespace {

uint64_t pair(const uint32_t* row, OutRow low) { return row[low] | (uint64_t{row[low + 1]} << 32); }

// Bytes of plaintext that a row's range takes at most.
uint64_t plaintextBound(const uint32_t* row) {
  const uint64_t datagrams = uint64_t{row[OUT_DATAGRAMS]} * row[OUT_FRAGMENT_AT];
  const uint64_t whole = row[OUT_LENGTH] + uint64_t{row[OUT_DATAGRAMS]} * row[OUT_HEADER_BYTES];
  return datagrams < whole ? datagrams : whole;
}

uint32_t paritiesOf(const uint32_t* row) { return (row[OUT_REPAIR] & REPAIR_PARITY) >> REPAIR_PARITY_SHIFT; }

bool hasParity(const SendKey& key, uint32_t count) { return key.parity != nullptr && count <= key.parity->most(); }

void writeHeader(uint8_t* out, uint32_t index, uint64_t counter) {
  const uint32_t type = TYPE_TRANSPORT;
  memcpy(out, &type, 4);
  memcpy(out + 4, &index, 4);
  storeLe64(out + 8, counter);
}

}  // namespace

void Sealer::sealRows(const uint32_t* rows, uint32_t count) {
  uint32_t merged[BATCH_ROWS][ROW_WORDS];
  while (count > 0) {
    const uint32_t part = count < BATCH_ROWS ? count : BATCH_ROWS;
    uint32_t ready[BATCH_ROWS];
    uint32_t readyCount = 0;
    for (uint32_t i = 0; i < part; i++) {
      const uint32_t* row = rows + size_t{i} * ROW_WORDS;
      if (row[OUT_ACTION] != ACTION_SEND && row[OUT_ACTION] != ACTION_SEND_KEEP) continue;
      // Words from parsing are native's own copy, decisions are the row's.
      memcpy(merged[i], slab_.parsed(row[OUT_SLOT]), Slab::PARSED_WORDS * 4);
      memcpy(merged[i] + Slab::PARSED_WORDS, row + Slab::PARSED_WORDS, (ROW_WORDS - Slab::PARSED_WORDS) * 4);
      // Counters are taken in the order of the rows, before grouping by path changes it.
      if (reserveRow(merged[i])) ready[readyCount++] = i;
      else counters_.add(COUNT_DROP_BAD_ROW);
    }
    for (uint32_t i = 0; i < readyCount; i++) {
      if (ready[i] == UINT32_MAX) continue;
      const uint32_t path = merged[ready[i]][OUT_PATH];
      for (uint32_t k = i; k < readyCount; k++) {
        if (ready[k] == UINT32_MAX || merged[ready[k]][OUT_PATH] != path) continue;
        sealRow(merged[ready[k]]);
        ready[k] = UINT32_MAX;
      }
    }
    rows += size_t{part} * ROW_WORDS;
    count -= part;
  }
}

bool Sealer::reserveRow(uint32_t* row) {
  SendKey* key = keys_.send(row[OUT_KEY]);
  const Path* path = outlet_.path(row[OUT_PATH]);
  const uint32_t datagrams = row[OUT_DATAGRAMS];
  if (key == nullptr || path == nullptr || datagrams == 0 || datagramsNeeded(row) != datagrams) return false;
  const uint32_t parities = paritiesOf(row);
  if (parities > 0 && !hasParity(*key, parities)) return false;
  return key->reserve(pair(row, OUT_COUNTER_LOW), datagrams + parities);
}

void Sealer::sealRow(const uint32_t* row) {
  SendKey& key = *keys_.send(row[OUT_KEY]);
  uint64_t counter = pair(row, OUT_COUNTER_LOW);
  const uint64_t releaseNs = pair(row, OUT_RELEASE_LOW);
  const uint32_t parities = paritiesOf(row);
  const uint64_t parityBytes = parities == 0 ? 0 : uint64_t{parities} * (key.parity->longest() + PARITY_OVERHEAD);
  if (releaseNs != 0 && !outlet_.quantumHolds(row[OUT_PATH], plaintextBound(row) + parityBytes)) {
    counters_.add(COUNT_DROP_BAD_ROW);
    return;
  }
  if (!segmenter_.begin(slab_.packet(row[OUT_SLOT]), row)) {
    counters_.add(segmenter_.refusedMalformed() ? COUNT_DROP_INSIDE_MALFORMED : COUNT_DROP_BAD_ROW);
    return;
  }
  const uint8_t trafficClass = outerClass(row);
  const uint64_t end = counter + row[OUT_DATAGRAMS];
  uint32_t length;
  while (const uint8_t* plaintext = segmenter_.next(length)) {
    if (key.parity != nullptr && counter < end) key.parity->add(counter, plaintext, length);
    if (counter == end || !sealDatagram(key, counter++, row[OUT_PATH], plaintext, length, releaseNs, trafficClass)) {
      counters_.add(COUNT_DROP_BAD_ROW);
      segmenter_.restore();
      return;
    }
  }
  if (parities > 0 && !sealGroup(key, end, row[OUT_PATH], parities, releaseNs)) counters_.add(COUNT_DROP_BAD_ROW);
}

bool Sealer::sealGroup(SendKey& key, uint64_t counter, uint32_t path, uint32_t parities, uint64_t releaseNs) {
  bool fine = true;
  for (uint32_t index = 0; index < parities && fine; index++) {
    uint32_t length;
    const uint8_t* plaintext = key.parity->parity(index, counter + index, length);
    fine = sealDatagram(key, counter + index, path, plaintext, length, releaseNs, 0);
    if (fine) counters_.add(COUNT_PARITY_SENT);
  }
  key.parity->restart();
  return fine;
}

bool Sealer::sealParity(uint32_t slot, uint64_t counter, uint32_t path, uint32_t count) {
  SendKey* key = keys_.send(slot);
  const bool fine = key != nullptr && count > 0 && hasParity(*key, count) && outlet_.path(path) != nullptr && key->reserve(counter, count) &&
                    sealGroup(*key, counter, path, count, 0);
  if (!fine) counters_.add(COUNT_DROP_BAD_ROW);
  return fine;
}

uint8_t Sealer::outerClass(const uint32_t* row) const {
  const uint32_t inner = row[OUT_TRAFFIC_CLASS];
  uint32_t ecn = inner & ECN;
  if (ecn != ECN_NONE && (row[OUT_REPAIR] & REPAIR_MARK_CE) != 0) ecn = ECN_CE;
  return static_cast<uint8_t>(keepsDscp ? (inner & ~ECN) | ecn : ecn);
}

bool Sealer::sealDatagram(SendKey& key, uint64_t counter, uint32_t path, const uint8_t* plaintext, uint32_t length, uint64_t releaseNs, uint8_t trafficClass) {
  uint8_t* out = outlet_.begin(path, TRANSPORT_HEADER + length + TAG_BYTES, releaseNs, trafficClass);
  if (out == nullptr) return false;
  writeHeader(out, key.index, counter);
  key.aead->seal(counter, out, plaintext, length, out + TRANSPORT_HEADER);
  outlet_.commit();
  return true;
}

bool Sealer::sealControl(uint32_t slot, uint64_t counter, uint32_t path, const uint8_t* plaintext, uint32_t length) {
  SendKey* key = keys_.send(slot);
  const bool fine = key != nullptr && length <= CONTROL_BYTES && outlet_.path(path) != nullptr && key->reserve(counter, 1) &&
                    sealDatagram(*key, counter, path, plaintext, length, 0, 0);
  if (!fine) counters_.add(COUNT_DROP_BAD_ROW);
  return fine;
}

}  // namespace mcc
