// Random and mutated bytes into every decoder of the data path, to be built with AddressSanitizer and
// UndefinedBehaviorSanitizer. Every input lies in a block of exactly its size. Usage: fuzz [seed] [inputs]
#include "carry.h"

namespace packettest {
namespace {

using namespace mcc;

struct Block {
  explicit Block(const Bytes& bytes, uint32_t headroom = 0) : all(new uint8_t[headroom + bytes.size()]), at(all.get() + headroom) {
    memset(all.get(), 0, headroom);
    if (!bytes.empty()) memcpy(at, bytes.data(), bytes.size());
  }
  std::unique_ptr<uint8_t[]> all;
  uint8_t* at;
};

struct Corpus {
  std::vector<Built> packets;
  std::vector<Bytes> wires;
  std::vector<Bytes> fragments;
};

struct Totals {
  uint64_t parsed = 0, readdressed = 0, cut = 0, validated = 0, reassembled = 0;
};

Bytes mutated(Random& random, Bytes bytes) {
  for (uint32_t i = random.below(6); i > 0 && !bytes.empty(); i--) {
    const uint32_t size = static_cast<uint32_t>(bytes.size());
    const uint32_t near = size < 80 ? size : 80;
    switch (random.below(5)) {
      case 0: bytes.resize(random.below(size + 1)); break;
      case 1: bytes.resize(size + random.below(40)); break;
      case 2: bytes[random.below(size)] = static_cast<uint8_t>(random.next()); break;
      default: bytes[random.below(near)] = static_cast<uint8_t>(random.next()); break;
    }
  }
  return bytes;
}

Bytes garbage(Random& random) {
  Bytes bytes(random.below(random.chance(10) ? 3000 : 120));
  for (auto& byte : bytes) byte = static_cast<uint8_t>(random.next());
  if (!bytes.empty() && !random.chance(4)) bytes[0] = static_cast<uint8_t>((random.chance(2) ? 0x40 : 0x60) | random.below(16));
  return bytes;
}

// The row's own words mostly hold; what TypeScript writes may be anything.
void randomRow(Random& random, uint32_t* row) {
  row[OUT_FRAGMENT_AT] = random.chance(8) ? static_cast<uint32_t>(random.next()) : random.below(3000);
  row[OUT_RECUT] = random.chance(2) ? 0 : random.chance(4) ? static_cast<uint32_t>(random.next()) : random.below(2000);
  if (random.chance(4)) row[OUT_FIRST_SEGMENT] = random.below(5);
  if (random.chance(4)) row[OUT_SEGMENT_COUNT] = random.below(5);
  row[OUT_SELECTORS] = static_cast<uint32_t>(random.next());
  if (random.chance(4)) row[OUT_REPAIR] = static_cast<uint32_t>(random.next());
  if (random.chance(20)) row[random.below(18)] = static_cast<uint32_t>(random.next());
}

void fuzzOutbound(Random& random, const Corpus& corpus, Totals& totals) {
  const Built& from = corpus.packets[random.below(static_cast<uint32_t>(corpus.packets.size()))];
  Bytes bytes = random.chance(4) ? garbage(random) : mutated(random, from.packet);
  VirtioHeader virtio = from.virtio;
  if (random.chance(4)) {
    uint8_t raw[sizeof virtio];
    for (auto& byte : raw) byte = static_cast<uint8_t>(random.chance(2) ? random.below(8) : random.next());
    memcpy(&virtio, raw, sizeof virtio);
  }
  if (bytes.size() >= 20 && bytes[0] >> 4 == 4 && (bytes[0] & 15u) * 4 <= bytes.size()) fixHeaderChecksum4(bytes.data());
  Block block(bytes, FRAGMENT_HEADER);
  uint32_t row[ROW_WORDS] = {};
  if (!parse(block.at, static_cast<uint32_t>(bytes.size()), virtio, row)) return;
  totals.parsed++;
  if (random.chance(4)) {
    Block copy(Bytes(block.at, block.at + bytes.size()));
    uint32_t words[8];
    for (uint32_t& word : words) word = static_cast<uint32_t>(random.next());
    // JavaScript may write to the packet after it was parsed.
    if (random.chance(2)) copy.at[random.below(row[OUT_LENGTH])] = static_cast<uint8_t>(random.next());
    VirtioHeader out;
    if (readdress(copy.at, row, words, words + 4, out)) totals.readdressed++;
  }
  const Bytes before(block.at, block.at + bytes.size());
  const uint32_t length = row[OUT_LENGTH];
  randomRow(random, row);
  if (row[OUT_LENGTH] != length) return;
  Segmenter segmenter;
  const uint32_t needed = datagramsNeeded(row);
  if (!segmenter.begin(block.at, row)) return;
  totals.cut++;
  uint32_t count = 0;
  uint32_t bytesOf;
  const bool stop = random.chance(10);
  while (uint8_t* plaintext = segmenter.next(bytesOf)) {
    EXPECT(bytesOf <= row[OUT_FRAGMENT_AT] && bytesOf > 0 && plaintext >= block.all.get() && plaintext + bytesOf <= block.at + length, "a plaintext lies outside");
    if (++count == 3 && stop) break;
  }
  segmenter.restore();
  EXPECT(count == needed || (stop && count == 3), "another number of plaintexts");
  EXPECT(memcmp(before.data(), block.at, before.size()) == 0, "the slot was not put back");
}

void fuzzInbound(Random& random, const Corpus& corpus, Coalescer& coalescer, std::vector<Block>& live, Totals& totals) {
  if (random.chance(40)) {
    coalescer.reset();
    live.clear();
  }
  Bytes bytes = random.chance(4) ? garbage(random) : mutated(random, corpus.wires[random.below(static_cast<uint32_t>(corpus.wires.size()))]);
  live.emplace_back(bytes);
  WirePacket wire;
  if (!validateWire(live.back().at, static_cast<uint32_t>(bytes.size()), wire)) return;
  totals.validated++;
  const int32_t index = coalescer.add(random.below(2), random.next(), 0, live.back().at, wire);
  if (index < 0) return;
  const Group& group = coalescer.group(static_cast<uint32_t>(index));
  // An ICMP error's quote is rewritten in place: such a group is finished once.
  if ((wire.info & INFO_ICMP_ERROR) == 0 && !random.chance(4)) return;
  uint32_t row[ROW_WORDS];
  coalescer.describe(group, row);
  for (uint32_t i = IN_SOURCE; i < ROW_WORDS; i++) row[i] = static_cast<uint32_t>(random.next());
  uint8_t header[HEADER_ROOM];
  iovec vectors[100];
  const uint32_t count = coalescer.finish(group, row, header, vectors, 100);
  size_t total = 0;
  static Bytes touched;
  for (uint32_t i = 0; i < count; i++) {
    total += vectors[i].iov_len;
    touched.assign(static_cast<const uint8_t*>(vectors[i].iov_base), static_cast<const uint8_t*>(vectors[i].iov_base) + vectors[i].iov_len);
  }
  EXPECT(count == 0 || total == row[IN_LENGTH] + sizeof(VirtioHeader), "finish wrote another length");
}

void fuzzFragments(Random& random, const Corpus& corpus, Reassembly& reassembly, uint64_t& now, Totals& totals) {
  Bytes bytes = random.chance(4) ? garbage(random) : corpus.fragments[random.below(static_cast<uint32_t>(corpus.fragments.size()))];
  if (random.chance(4)) bytes = mutated(random, bytes);
  Block block(bytes);
  const uint64_t id = bytes.size() >= 4 ? static_cast<uint64_t>(bytes[2] << 8 | bytes[3]) : 0;
  const uint64_t counter = random.chance(8) ? random.next() : id + random.below(6);
  now += random.below(3);
  const auto result = reassembly.add(random.chance(20) ? random.below(20) : id % 20, random.chance(20) ? random.below(4) : id % 4, counter, block.at, static_cast<uint32_t>(bytes.size()), now);
  EXPECT(reassembly.entries() <= Reassembly::MAX_ENTRIES && reassembly.bytes() <= Reassembly::MAX_BYTES, "reassembly grows");
  if (result.outcome == Reassembly::Outcome::Complete) totals.reassembled++;
  if (random.chance(30)) reassembly.recycle();
  if (random.chance(5000)) reassembly.forgetKey(random.below(4));
}

Corpus makeCorpus(Random& random) {
  Corpus corpus;
  for (uint32_t i = 0; i < 1500; i++) {
    const Spec spec = random.chance(3) ? randomSuper(random, 6000) : randomSpec(random);
    const Built built = build(spec, randomAddress(random, spec.six, 1), randomAddress(random, spec.six, 2), spec.hops);
    corpus.packets.push_back(built);
    auto carrier = std::make_unique<Carrier>();
    for (const Bytes& wire : carrier->cut(built, 65535)) corpus.wires.push_back(wire);
  }
  for (uint32_t i = 0; i < 3000; i++) {
    const uint32_t id = random.below(200);
    const uint32_t slice = 1 + id * 7;
    const uint32_t pieces = 2 + id % 5;
    const uint32_t index = random.below(pieces);
    const uint32_t total = slice * pieces - id % slice;
    Bytes fragment(8 + (index + 1 == pieces ? total - slice * index : slice));
    const uint8_t header[8] = {1, 0, static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id), static_cast<uint8_t>(index * slice >> 8), static_cast<uint8_t>(index * slice),
                               static_cast<uint8_t>(total >> 8), static_cast<uint8_t>(total)};
    memcpy(fragment.data(), header, 8);
    corpus.fragments.push_back(fragment);
  }
  return corpus;
}

}  // namespace
}  // namespace packettest

int main(int count, char** arguments) {
  using namespace packettest;
  const uint64_t seed = count > 1 ? strtoull(arguments[1], nullptr, 10) : 1;
  const uint64_t inputs = count > 2 ? strtoull(arguments[2], nullptr, 10) : 1000000;
  Random random(seed);
  const Corpus corpus = makeCorpus(random);
  auto coalescer = std::make_unique<mcc::Coalescer>();
  coalescer->mergeUdp = true;
  auto reassembly = std::make_unique<mcc::Reassembly>();
  std::vector<Block> live;
  Totals totals;
  uint64_t now = 0;
  for (uint64_t i = 0; i < inputs; i++) {
    switch (random.below(3)) {
      case 0: fuzzOutbound(random, corpus, totals); break;
      case 1: fuzzInbound(random, corpus, *coalescer, live, totals); break;
      default: fuzzFragments(random, corpus, *reassembly, now, totals); break;
    }
  }
  printf("seed %llu: %llu inputs, %llu parsed, %llu readdressed, %llu cut, %llu validated, %llu reassembled\n", static_cast<unsigned long long>(seed),
         static_cast<unsigned long long>(inputs), static_cast<unsigned long long>(totals.parsed),
         static_cast<unsigned long long>(totals.readdressed), static_cast<unsigned long long>(totals.cut),
         static_cast<unsigned long long>(totals.validated), static_cast<unsigned long long>(totals.reassembled));
  return 0;
}
