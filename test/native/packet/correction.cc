// Parity under random losses, late arrivals and gaps: what the code can make up for is made up for, byte for byte, once, and nothing else;
// then mutated parity plaintexts, which may be refused and must not do harm. Usage: correction [seed] [groups]
#include <algorithm>
#include <cinttypes>
#include <map>
#include <set>

#include "../../../native/parity.h"
#include "carry.h"

namespace packettest {
namespace {

using namespace mcc;

constexpr uint32_t COUNTERS_MOST = 1 << 28;

struct Totals {
  uint64_t lost = 0, recovered = 0, beyond = 0, refused = 0;
};

Bytes randomPlaintext(Random& random, uint32_t longest) {
  Bytes bytes(1 + random.below(random.chance(3) ? longest : std::min(longest, 100u)));
  for (auto& byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

struct Datagram {
  uint64_t counter;
  bool isParity;
  Bytes plaintext;
};

// What a sender makes of a group, in the order of its counters.
struct Sent {
  std::vector<Datagram> datagrams;
  std::vector<uint64_t> covered;
  uint32_t parities = 0;
};

Sent sendGroup(Random& random, ParityEncoder& encoder, uint64_t& counter) {
  Sent sent;
  const uint32_t data = random.below(120);
  uint64_t base = 0;
  for (uint32_t i = 0; i < data; i++) {
    // What else the key seals takes counters as well.
    if (random.chance(10)) counter += 1 + random.below(4);
    const bool isLong = random.chance(30);
    Bytes plaintext = randomPlaintext(random, isLong ? PARITY_BYTES + 100 : encoder.longest());
    if (plaintext.size() <= encoder.longest()) {
      if (sent.covered.empty()) base = counter;
      if (counter - base < PARITY_SPAN) sent.covered.push_back(counter);
    }
    encoder.add(counter, plaintext.data(), static_cast<uint32_t>(plaintext.size()));
    sent.datagrams.push_back({counter++, false, std::move(plaintext)});
  }
  sent.parities = 1 + random.below(encoder.most());
  uint32_t first = 0;
  for (uint32_t index = 0; index < sent.parities; index++) {
    uint32_t length;
    const uint8_t* plaintext = encoder.parity(index, counter, length);
    if (index == 0) first = length;
    EXPECT(length == first, "all parities of a group are as long");
    EXPECT(length <= encoder.longest() + PARITY_OVERHEAD, "a parity plaintext is as long as may be");
    sent.datagrams.push_back({counter++, true, Bytes(plaintext, plaintext + length)});
  }
  encoder.restart();
  return sent;
}

void group(Random& random, ParityEncoder& encoder, Decoders& decoders, uint32_t key, uint64_t& counter, Totals& totals) {
  const Sent sent = sendGroup(random, encoder, counter);
  const std::set<uint64_t> covered(sent.covered.begin(), sent.covered.end());
  const uint32_t share = random.chance(3) ? random.below(40) : random.below(10);
  std::vector<const Datagram*> arriving, late;
  std::map<uint64_t, const Datagram*> lost;
  uint32_t parities = 0;
  for (const Datagram& each : sent.datagrams) {
    if (random.below(100) < share) {
      if (!each.isParity && covered.count(each.counter) != 0) lost[each.counter] = &each;
      continue;
    }
    (random.chance(20) ? late : arriving).push_back(&each);
    if (each.isParity) parities++;
  }
  arriving.insert(arriving.end(), late.begin(), late.end());
  std::set<uint64_t> come, found;
  bool hasParity = false;
  for (const Datagram* each : arriving) {
    ParityDecoder* decoder = decoders.make(key, 0);
    ParityDecoder::Group* complete = nullptr;
    const uint32_t length = static_cast<uint32_t>(each->plaintext.size());
    // A copy of exactly that size, so that nothing behind it is read.
    const std::unique_ptr<uint8_t[]> bytes(new uint8_t[length]);
    memcpy(bytes.get(), each->plaintext.data(), length);
    if (each->isParity) {
      hasParity = true;
      EXPECT(decoder->addParity(each->counter, bytes.get(), length, &complete), "a good parity datagram is taken");
    } else {
      come.insert(each->counter);
      complete = decoder->add(each->counter, bytes.get(), length);
    }
    if (complete == nullptr) continue;
    Recovered out[PARITY_MOST];
    const uint32_t count = decoders.recover(*decoder, *complete, out);
    for (uint32_t i = 0; i < count; i++) {
      const auto of = std::find_if(sent.datagrams.begin(), sent.datagrams.end(), [&](const auto& one) { return one.counter == out[i].counter; });
      EXPECT(of != sent.datagrams.end() && covered.count(out[i].counter) != 0, "only what the group has is recovered");
      EXPECT(come.count(out[i].counter) == 0, "what came is not recovered");
      EXPECT(found.insert(out[i].counter).second, "nothing is recovered twice");
      EXPECT(Bytes(out[i].plaintext, out[i].plaintext + out[i].length) == of->plaintext, "byte for byte");
    }
    decoders.recycle();
  }
  totals.lost += lost.size();
  if (!hasParity) return;
  // Late ones may have been made up for before they came.
  if (lost.size() <= parities) {
    for (const auto& each : lost) EXPECT(found.count(each.first) != 0, "as many as there are parities are recovered");
    totals.recovered += lost.size();
  } else {
    totals.beyond += lost.size();
  }
}

void harm(Random& random, ParityEncoder& encoder, Decoders& decoders, uint64_t& counter, Totals& totals) {
  const uint32_t key = random.below(40);
  Sent sent = sendGroup(random, encoder, counter);
  for (Datagram& each : sent.datagrams) {
    Bytes& bytes = each.plaintext;
    if (each.isParity && !random.chance(4)) {
      for (uint32_t i = random.below(4); i > 0 && !bytes.empty(); i--) bytes[random.below(std::min<uint32_t>(static_cast<uint32_t>(bytes.size()), PARITY_OVERHEAD + 4))] = static_cast<uint8_t>(random.next());
      if (random.chance(4)) bytes.resize(random.below(static_cast<uint32_t>(bytes.size()) + 1));
      if (random.chance(20)) bytes.resize(bytes.size() + random.below(3000));
    }
    if (random.chance(4)) continue;
    ParityDecoder* decoder = decoders.make(key, random.next() % 100000);
    if (decoder == nullptr) continue;
    const uint32_t length = static_cast<uint32_t>(bytes.size());
    const std::unique_ptr<uint8_t[]> copy(new uint8_t[length]);
    if (length > 0) memcpy(copy.get(), bytes.data(), length);
    const uint64_t at = random.chance(10) ? random.below(COUNTERS_MOST) : each.counter;
    ParityDecoder::Group* complete = nullptr;
    if (each.isParity) totals.refused += !decoder->addParity(at, copy.get(), length, &complete);
    else complete = decoder->add(at, copy.get(), length);
    Recovered out[PARITY_MOST];
    const uint32_t count = complete == nullptr ? 0 : decoders.recover(*decoder, *complete, out);
    for (uint32_t i = 0; i < count; i++) EXPECT(out[i].length > 0 && out[i].length <= PARITY_BYTES, "what is recovered has a length that may be");
  }
  if (random.chance(3)) decoders.recycle();
  if (random.chance(30)) decoders.forget(random.below(40));
  if (random.chance(30)) decoders.expire(random.next() % 100000);
  EXPECT(decoders.count() <= Decoders::MOST, "the decoders are bounded");
}

}  // namespace
}  // namespace packettest

int main(int count, char** arguments) {
  using namespace packettest;
  const uint64_t seed = count > 1 ? strtoull(arguments[1], nullptr, 10) : 1;
  const uint64_t groups = count > 2 ? strtoull(arguments[2], nullptr, 10) : 20000;
  Random random(seed);
  Totals totals;
  std::unique_ptr<mcc::ParityEncoder> encoder;
  std::unique_ptr<mcc::Decoders> decoders;
  uint64_t counter = 0;
  for (uint64_t i = 0; i < groups; i++) {
    if (i % 50 == 0) {
      encoder = std::make_unique<mcc::ParityEncoder>(1 + random.below(mcc::PARITY_MOST), 1 + random.below(mcc::PARITY_BYTES));
      decoders = std::make_unique<mcc::Decoders>();
      counter = random.below(COUNTERS_MOST);
    }
    group(random, *encoder, *decoders, 7, counter, totals);
  }
  EXPECT(totals.recovered > groups / 4, "many were recovered");
  decoders = std::make_unique<mcc::Decoders>();
  for (uint64_t i = 0; i < groups; i++) harm(random, *encoder, *decoders, counter, totals);
  EXPECT(totals.refused > groups / 4, "many were refused");
  printf("seed %" PRIu64 ": %" PRIu64 " lost, %" PRIu64 " recovered, %" PRIu64 " beyond what parity can do, %" PRIu64 " refused\n", seed, totals.lost,
         totals.recovered, totals.beyond, totals.refused);
  return 0;
}
