// Rules that no comparison with the kernel shows: bounds, order, refusals. Prints one TAP line per rule.
#include "../../../native/ecn.h"
#include "../../../native/headers.h"
#include "carry.h"

namespace packettest {
namespace {

using namespace mcc;

int tests = 0;
int failures = 0;

void rule(const char* name, bool holds) {
  printf("%s %d - %s\n", holds ? "ok" : "not ok", ++tests, name);
  if (!holds) failures++;
}

const Address A{{10, 1, 0, 2}};
const Address B{{10, 2, 0, 2}};

Spec tcp(uint32_t sequence, uint32_t payload) {
  Spec spec;
  spec.sequence = sequence;
  spec.payload.assign(payload, 7);
  spec.partial = true;
  return spec;
}

Spec udp(uint32_t payload) {
  Spec spec = tcp(0, payload);
  spec.kind = Kind::Udp;
  return spec;
}

// Feeds packets of key 1 with merging on; returns the groups they end in.
std::vector<int> groupsOf(Carrier& carrier, const std::vector<Spec>& specs) {
  static std::vector<Bytes> kept;
  kept.clear();
  carrier.coalescer.mergeTcp = carrier.coalescer.mergeUdp = true;
  carrier.coalescer.reset();
  std::vector<int> groups;
  for (const Spec& spec : specs) kept.push_back(carrier.cut(build(spec, A, B, 64), 65535).at(0));
  for (Bytes& bytes : kept) {
    WirePacket wire;
    EXPECT(validateWire(bytes.data(), static_cast<uint32_t>(bytes.size()), wire), "wire");
    groups.push_back(carrier.coalescer.add(1, 1, 0, bytes.data(), wire));
  }
  return groups;
}

void orderRules(Carrier& carrier) {
  using Groups = std::vector<int>;
  Spec bare = tcp(200, 0);
  rule("A bare acknowledgement ends the group of its flow", groupsOf(carrier, {tcp(0, 100), tcp(100, 100), bare, tcp(200, 100)}) == Groups({0, 0, 1, 2}));
  Spec other = tcp(900, 10);
  other.sourcePort = 5;
  rule("Another flow in between does not", groupsOf(carrier, {tcp(0, 100), other, tcp(100, 100)}) == Groups({0, 1, 0}));
  Spec fragment = udp(800);
  fragment.partial = false;
  fragment.fragment = fragment.moreFragments = true;
  fragment.dontFragment = false;
  rule("Nothing overtakes a fragment", groupsOf(carrier, {udp(100), udp(100), fragment, udp(100)}) == Groups({0, 0, 1, 2}));
  Spec unflagged = tcp(100, 100);
  unflagged.partial = false;
  rule("A packet with a checksum of its own is not merged", groupsOf(carrier, {tcp(0, 100), unflagged, tcp(200, 100)}) == Groups({0, 1, 2}));
  Carrier::Wire repaired{1, carrier.cut(build(tcp(100, 100), A, B, 64), 65535).at(0)};
  repaired.bytes[16] |= BLOCK_RESENT | BLOCK_REPAIRABLE;
  repaired.bytes[18] = 9;
  std::vector<Carrier::Wire> three{{1, carrier.cut(build(tcp(0, 100), A, B, 64), 65535).at(0)}, repaired, {1, carrier.cut(build(tcp(200, 100), A, B, 64), 65535).at(0)}};
  carrier.feed(three, true);
  rule("A repair is merged with what came the first time", carrier.coalescer.count() == 1 && carrier.coalescer.group(0).pieces == 3);
  rule("A longer segment starts a new group", groupsOf(carrier, {tcp(0, 100), tcp(100, 101), tcp(201, 101)}) == Groups({0, 1, 1}));
  rule("A shorter segment is the last", groupsOf(carrier, {tcp(0, 100), tcp(100, 99), tcp(199, 100)}) == Groups({0, 0, 1}));
  std::vector<Spec> many(70, udp(10));
  const Groups groups = groupsOf(carrier, many);
  rule("A UDP super-packet has at most 64 datagrams", groups[63] == 0 && groups[64] == 1);
  rule("Empty UDP datagrams are not merged", groupsOf(carrier, {udp(0), udp(0)}) == Groups({0, 1}));
  std::vector<Spec> large;
  for (uint32_t i = 0; i < 50; i++) large.push_back(tcp(i * 1400, 1400));
  const Groups sizes = groupsOf(carrier, large);
  rule("A super-packet ends before 64 KB", sizes[45] == 0 && sizes[46] == 1);
  std::vector<Spec> tiny;
  for (uint32_t i = 0; i < 1100; i++) tiny.push_back(tcp(i, 1));
  const Groups thousand = groupsOf(carrier, tiny);
  rule("A super-packet has at most as many pieces as one write takes", thousand[999] == 0 && thousand[1000] == 1 && !carrier.finish(0, A, B).packet.empty());
  for (uint8_t flags : {0x12, 0x14, 0x30}) {
    Spec odd = tcp(100, 100);
    odd.flags = flags;
    rule("SYN, RST and URG segments are never merged", groupsOf(carrier, {tcp(0, 100), odd, tcp(200, 100)}) == Groups({0, 1, 2}));
  }
  Spec md5 = tcp(0, 100);
  md5.tcpOptions = {19, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
  Spec next = md5;
  next.sequence = 100;
  rule("Signed segments are never merged", groupsOf(carrier, {md5, next}) == Groups({0, 1}));
}

void boundRules(Carrier& carrier) {
  Bytes bytes = carrier.cut(build(tcp(0, 0), A, B, 64), 65535).at(0);
  WirePacket wire;
  validateWire(bytes.data(), static_cast<uint32_t>(bytes.size()), wire);
  Coalescer& coalescer = carrier.coalescer;
  coalescer.reset();
  uint32_t taken = 0;
  while (coalescer.room() > 0 && coalescer.add(1, 1, 0, bytes.data(), wire) >= 0) taken++;
  rule("A batch has so many rows and no more", taken == INBOUND_ROWS && coalescer.add(1, 1, 0, bytes.data(), wire) == -1);
  rule("Keys are never mixed", groupsOf(carrier, {tcp(0, 100)}) == std::vector<int>{0} && [&] {
    Bytes second = carrier.cut(build(tcp(100, 100), A, B, 64), 65535).at(0);
    WirePacket packet;
    validateWire(second.data(), static_cast<uint32_t>(second.size()), packet);
    return coalescer.add(2, 1, 0, second.data(), packet) == 1;
  }());
}

bool refused(const Bytes& bytes) {
  WirePacket wire;
  return !validateWire(bytes.data(), static_cast<uint32_t>(bytes.size()), wire);
}

bool parses(const Bytes& bytes) {
  Bytes copy = bytes;
  uint32_t row[ROW_WORDS];
  return parse(copy.data(), static_cast<uint32_t>(copy.size()), {}, row);
}

void refusalRules(Carrier& carrier) {
  const Bytes good = carrier.cut(build(tcp(0, 100), A, B, 64), 65535).at(0);
  const auto with = [&](size_t at, uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return bytes;
  };
  rule("The original is accepted", !refused(good));
  rule("Unknown flags in the address block are refused", refused(with(16, 8)) && refused(with(16, 9)) && refused(with(16, 0x80)));
  rule("Non-zero padding in the address block is refused", refused(with(17, 1)) && refused(with(19, 1)));
  rule("A header checksum on the wire is refused", refused(with(10, 1)));
  rule("Only TCP and UDP may leave the checksum to the receiver", refused(with(9, 132)) && refused(with(9, 1)));
  Bytes longer = good;
  longer.push_back(0);
  rule("A length that lies is refused", refused(longer) && refused(Bytes(good.begin(), good.end() - 1)));
  Spec routed;
  routed.options = {131, 7, 4, 10, 9, 9, 9, 0};
  rule("IPv4 source routes are refused", !parses(build(routed, A, B, 64).packet));
  Spec six;
  six.six = true;
  six.extensions = {{43, {0, 0, 253, 0, 0, 0, 0, 0}}};
  const bool done = parses(build(six, A, B, 64).packet);
  six.extensions[0].second[3] = 1;
  rule("IPv6 routing headers are refused while segments are left", done && !parses(build(six, A, B, 64).packet));
  six.extensions.assign(9, {60, {0, 0, 1, 4, 0, 0, 0, 0}});
  rule("The walk over extension headers is bounded", !parses(build(six, A, B, 64).packet));
  Spec error;
  error.kind = Kind::IcmpError;
  error.icmpType = 3;
  error.quoted.push_back(tcp(0, 100));
  error.quoted[0].partial = false;
  error.quotedBytes = 60;
  Bytes quote = carrier.cut(build(error, A, B, 64), 65535).at(0);
  rule("A blank quote is accepted", !refused(quote));
  quote[20 + 8 + 12] = 1;
  rule("Addresses in a quote on the wire are refused", refused(quote));
  Built strange = build(error, A, B, 64);
  strange.packet[20 + 8 + 12] ^= 1;
  fixChecksum(strange.packet.data(), strange.packet.size(), 20, 1);
  uint32_t row[ROW_WORDS] = {};
  Segmenter segmenter;
  const bool parsed = parse(strange.packet.data(), static_cast<uint32_t>(strange.packet.size()), {}, row);
  row[OUT_FRAGMENT_AT] = 1400;
  rule("A quote of other hosts' packet does not match and does not leave", parsed && (row[OUT_QUOTE_INFO] & QUOTE_MATCHES) == 0 && !segmenter.begin(strange.packet.data(), row));
}

void recutRules() {
  Spec spec = tcp(1000, 5000);
  spec.partial = false;
  Built built = build(spec, A, B, 64);
  Bytes slot(FRAGMENT_HEADER);
  slot.insert(slot.end(), built.packet.begin(), built.packet.end());
  uint32_t row[ROW_WORDS] = {};
  Segmenter segmenter;
  parse(slot.data() + FRAGMENT_HEADER, static_cast<uint32_t>(built.packet.size()), {}, row);
  row[OUT_FRAGMENT_AT] = 1040;
  rule("A TCP packet that is too large is re-cut", segmenter.begin(slot.data() + FRAGMENT_HEADER, row) && segmenter.datagrams() == 5);
  row[OUT_FIRST_SEGMENT] = 1;
  row[OUT_SEGMENT_COUNT] = 2;
  uint32_t length;
  rule("A range of segments is a range of sequence numbers", segmenter.begin(slot.data() + FRAGMENT_HEADER, row) && segmenter.datagrams() == 2 && load32(segmenter.next(length) + 24) == 2000 &&
                                                                 load32(segmenter.next(length) + 24) == 3000 && segmenter.next(length) == nullptr);
  row[OUT_SEGMENT_COUNT] = 5;
  rule("A range beyond the end is refused", datagramsNeeded(row) == 0 && !segmenter.begin(slot.data() + FRAGMENT_HEADER, row) && !segmenter.refusedMalformed());
  row[OUT_FIRST_SEGMENT] = row[OUT_SEGMENT_COUNT] = 0;
  slot[FRAGMENT_HEADER + 100] ^= 1;
  rule("A TCP packet whose checksum is wrong is not re-cut", !segmenter.begin(slot.data() + FRAGMENT_HEADER, row) && segmenter.refusedMalformed());
}

// Address blocks of the datagrams of a row, with the counters that it is sealed under left out.
std::vector<Bytes> blocksOf(Spec spec, uint32_t repair, uint32_t first, uint32_t count) {
  Built built = build(spec, spec.six ? Address{{0xfd, 1}} : A, spec.six ? Address{{0xfd, 2}} : B, 64);
  Bytes slot(FRAGMENT_HEADER);
  slot.insert(slot.end(), built.packet.begin(), built.packet.end());
  uint32_t row[ROW_WORDS] = {};
  Segmenter segmenter;
  parse(slot.data() + FRAGMENT_HEADER, static_cast<uint32_t>(built.packet.size()), built.virtio, row);
  row[OUT_FRAGMENT_AT] = 1040;
  row[OUT_FIRST_SEGMENT] = first;
  row[OUT_SEGMENT_COUNT] = count;
  row[OUT_REPAIR] = repair;
  std::vector<Bytes> blocks;
  if (!segmenter.begin(slot.data() + FRAGMENT_HEADER, row)) {
    EXPECT(datagramsNeeded(row) == 0, "a row that is refused needs datagrams");
    return blocks;
  }
  uint32_t length;
  while (uint8_t* wire = segmenter.next(length)) {
    WirePacket packet;
    EXPECT(validateWire(wire, length, packet), "a repair is refused");
    const uint8_t* block = wire + (spec.six ? BLOCK6 : BLOCK4);
    EXPECT(packet.block == block[4], "the block's flags are read otherwise");
    EXPECT(packet.original == (uint32_t{block[5]} | uint32_t{block[6]} << 8 | uint32_t{block[7]} << 16), "the original counter is read otherwise");
    blocks.emplace_back(block + 4, block + 8);
  }
  return blocks;
}

void repairRules() {
  using Blocks = std::vector<Bytes>;
  for (const bool six : {false, true}) {
    Spec spec = tcp(1000, 2500);
    spec.six = six;
    const std::string family = six ? "IPv6" : "IPv4";
    rule((family + ": what is not repaired has no flags").c_str(), blocksOf(spec, 0, 0, 0) == Blocks(3, {1, 0, 0, 0}));
    rule((family + ": what is kept says so").c_str(), blocksOf(spec, REPAIR_REPAIRABLE, 0, 0) == Blocks(3, {3, 0, 0, 0}));
    rule((family + ": a repair names the counter of each datagram").c_str(),
         blocksOf(spec, REPAIR_REPAIRABLE | REPAIR_RESENT | 0x0102ff, 1, 2) == Blocks({{7, 0xff, 2, 1}, {7, 0, 3, 1}}));
    rule((family + ": over the turn of 24 bits").c_str(), blocksOf(spec, REPAIR_RESENT | 0xffffff, 0, 2) == Blocks({{5, 0xff, 0xff, 0xff}, {5, 0, 0, 0}}));
    spec.payload.resize(100);
    spec.partial = false;
    rule((family + ": of a packet by itself").c_str(), blocksOf(spec, REPAIR_RESENT | 0x010203, 0, 0) == Blocks({{4, 3, 2, 1}}));
    spec.payload.resize(2500);
    spec.flags = 0x32;
    rule((family + ": no repairs of tunnel fragments").c_str(), blocksOf(spec, REPAIR_REPAIRABLE, 0, 0).empty());
    spec = udp(100);
    spec.six = six;
    rule((family + ": no repairs of UDP").c_str(), blocksOf(spec, REPAIR_RESENT, 0, 0).empty() && blocksOf(spec, 0, 0, 0).size() == 1);
  }
}

// Traffic classes of the datagrams of a row; the slot is looked at as well, which is to be as it was.
std::vector<uint32_t> classesOf(const Spec& spec, uint32_t repair) {
  Built built = build(spec, spec.six ? Address{{0xfd, 1}} : A, spec.six ? Address{{0xfd, 2}} : B, 64);
  Bytes slot(FRAGMENT_HEADER);
  slot.insert(slot.end(), built.packet.begin(), built.packet.end());
  uint32_t row[ROW_WORDS] = {};
  Segmenter segmenter;
  parse(slot.data() + FRAGMENT_HEADER, static_cast<uint32_t>(built.packet.size()), built.virtio, row);
  const Bytes before = slot;
  row[OUT_FRAGMENT_AT] = 1040;
  row[OUT_REPAIR] = repair;
  std::vector<uint32_t> classes;
  if (!segmenter.begin(slot.data() + FRAGMENT_HEADER, row)) return classes;
  uint32_t length;
  while (uint8_t* wire = segmenter.next(length)) {
    WirePacket packet;
    EXPECT(validateWire(wire, length, packet) && ecnOf(wire) == (packet.trafficClass & ECN), "the ECN field is read otherwise");
    classes.push_back(packet.trafficClass);
  }
  EXPECT(slot == before, "a mark stays in the slot");
  return classes;
}

void ecnRules() {
  // By outer and inner field, as figure 4 of RFC 6040 has it; 9: dropped.
  constexpr uint32_t TAKEN[4][4] = {{0, 1, 2, 3}, {0, 1, 1, 3}, {0, 1, 2, 3}, {9, 3, 3, 3}};
  for (const bool six : {false, true}) {
    const std::string family = six ? "IPv6" : "IPv4";
    bool taken = true;
    for (uint32_t outer = 0; outer < 4; outer++) {
      for (uint32_t inner = 0; inner < 4; inner++) {
        uint8_t packet[2] = {static_cast<uint8_t>(six ? 0x6a : 0x45), static_cast<uint8_t>(six ? 0xc5 | inner << 4 : 0xac | inner)};
        const uint8_t other = packet[1] & (six ? 0xcf : 0xfc);
        const bool passes = takeEcn(packet, outer);
        taken = taken && passes == (TAKEN[outer][inner] != 9) && ecnOf(packet) == (passes ? TAKEN[outer][inner] : inner) && (packet[1] & (six ? 0xcf : 0xfc)) == other;
      }
    }
    rule((family + ": what comes in has the mark of its outer header").c_str(), taken);
    using Classes = std::vector<uint32_t>;
    Spec spec = tcp(1000, 2500);
    spec.six = six;
    spec.trafficClass = 0xba;
    rule((family + ": nothing is marked unasked").c_str(), classesOf(spec, 0) == Classes(3, 0xba));
    rule((family + ": every segment is marked").c_str(), classesOf(spec, REPAIR_MARK_CE) == Classes(3, 0xbb) && classesOf(spec, REPAIR_MARK_CE | REPAIR_REPAIRABLE) == Classes(3, 0xbb));
    spec.trafficClass = 0xb8;
    rule((family + ": none whose sender knows nothing of marks").c_str(), classesOf(spec, REPAIR_MARK_CE) == Classes(3, 0xb8));
    spec = udp(100);
    spec.six = six;
    spec.trafficClass = 1;
    rule((family + ": any packet may be marked").c_str(), classesOf(spec, REPAIR_MARK_CE) == Classes(1, 3));
    spec.partial = false;
    rule((family + ": also one that is not checked").c_str(), classesOf(spec, REPAIR_MARK_CE) == Classes(1, 3));
  }
}

Bytes fragmentOf(uint16_t id, uint32_t offset, uint32_t total, uint32_t bytes, uint8_t fill = 0x44) {
  Bytes fragment(8 + bytes, fill);
  const uint8_t header[8] = {1, 0, static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id), static_cast<uint8_t>(offset >> 8), static_cast<uint8_t>(offset),
                             static_cast<uint8_t>(total >> 8), static_cast<uint8_t>(total)};
  memcpy(fragment.data(), header, 8);
  return fragment;
}

void reassemblyRules() {
  using Outcome = Reassembly::Outcome;
  Reassembly reassembly;
  const auto add = [&](uint32_t remote, uint64_t counter, const Bytes& fragment, uint64_t now = 0, bool congested = false) {
    return reassembly.add(remote, 1, counter, fragment.data(), static_cast<uint32_t>(fragment.size()), now, congested);
  };
  const uint64_t high = (uint64_t{7} << 32) + 65535;
  bool pending = add(1, high + 2, fragmentOf(65535, 2000, 2500, 500)).outcome == Outcome::Pending && add(1, high, fragmentOf(65535, 0, 2500, 1000)).outcome == Outcome::Pending;
  rule("Fragments come in any order, over the turn of the id", pending && add(1, high + 1, fragmentOf(65535, 1000, 2500, 1000)).outcome == Outcome::Complete);
  reassembly.recycle();
  add(1, 100, fragmentOf(100, 0, 2000, 1000));
  rule("A fragment that comes twice is refused", add(1, 100, fragmentOf(100, 0, 2000, 1000)).outcome == Outcome::Refused);
  rule("Another total is refused", add(1, 101, fragmentOf(100, 1000, 1999, 999)).outcome == Outcome::Refused);
  rule("Another size is refused", add(1, 101, fragmentOf(100, 999, 2000, 999)).outcome == Outcome::Refused);
  rule("An offset that does not follow from the counter is refused", add(1, 102, fragmentOf(100, 1000, 2000, 1000)).outcome == Outcome::Refused);
  rule("Another remote is refused", add(2, 101, fragmentOf(100, 1000, 2000, 1000)).outcome == Outcome::Refused);
  rule("Beyond the total is refused", add(1, 101, fragmentOf(100, 1000, 1500, 1000)).outcome == Outcome::Refused);
  rule("A whole packet in one fragment is refused", add(1, 300, fragmentOf(300, 0, 1000, 1000)).outcome == Outcome::Refused);
  rule("More fragments than any path makes are refused", add(1, 400, fragmentOf(400, 0, 60000, 10)).outcome == Outcome::Refused);
  rule("A counter below the id is refused", add(1, 5, fragmentOf(10, 1000, 2000, 1000)).outcome == Outcome::Refused);
  rule("The right one still completes it", add(1, 101, fragmentOf(100, 1000, 2000, 1000)).outcome == Outcome::Complete && reassembly.entries() == 0);
  reassembly.recycle();

  add(1, 500, fragmentOf(500, 0, 2500, 1000), 0, true);
  add(1, 502, fragmentOf(500, 2000, 2500, 500));
  rule("Fragments that met congestion are counted", add(1, 501, fragmentOf(500, 1000, 2500, 1000), 0, true).congested == 2);
  add(1, 600, fragmentOf(600, 0, 2000, 1000));
  rule("of each packet for itself", add(1, 601, fragmentOf(600, 1000, 2000, 1000)).congested == 0);
  reassembly.recycle();

  for (uint32_t i = 0; i < 1000; i++) add(1, i * 10, fragmentOf(static_cast<uint16_t>(i * 10), 0, 2000, 1000));
  rule("One remote holds a bounded share, the newest", reassembly.entries() == Reassembly::MAX_ENTRIES_PER_REMOTE && add(1, 9991, fragmentOf(9990, 1000, 2000, 1000)).outcome == Outcome::Complete);
  for (uint32_t i = 0; i < 4000; i++) add(2 + i % 100, 20000 + i * 3, fragmentOf(static_cast<uint16_t>(20000 + i * 3), 0, 2000, 1000));
  rule("All together hold a bounded number", reassembly.entries() <= Reassembly::MAX_ENTRIES);
  for (uint32_t i = 0; i < 600; i++) add(2 + i % 5, 36000 + i * 3, fragmentOf(static_cast<uint16_t>(36000 + i * 3), 0, 2000, 1000));
  add(150, 39000, fragmentOf(39000, 0, 2000, 1000));
  for (uint32_t i = 0; i < 3000; i++) add(2 + i % 5, 50000 + i * 3, fragmentOf(static_cast<uint16_t>(50000 + i * 3), 0, 2000, 1000));
  rule("A flood of some remotes pushes out their own, not another's", reassembly.entries() == Reassembly::MAX_ENTRIES && add(150, 39001, fragmentOf(39000, 1000, 2000, 1000)).outcome == Outcome::Complete);
  for (uint32_t i = 0; i < 4000; i++) add(200 + i % 100, 40000 + i * 60, fragmentOf(static_cast<uint16_t>(40000 + i * 60), 0, 60000, 1400));
  rule("and a bounded number of bytes", reassembly.bytes() <= Reassembly::MAX_BYTES && reassembly.bytes() > Reassembly::MAX_BYTES / 2);
  rule("Old ones go by themselves and are counted", reassembly.expire(Reassembly::LIFETIME_MS) > 0 && reassembly.entries() == 0 && reassembly.bytes() == 0);
  add(1, 100, fragmentOf(100, 0, 2000, 1000), 9000);
  rule("A key that goes takes its fragments along", reassembly.forgetKey(2) == 0 && reassembly.forgetKey(1) == 1 && reassembly.entries() == 0);
}

void checksumRules() {
  bool holds = true;
  for (uint32_t field = 0; field < 0x10000; field += 17) {
    for (uint32_t value : {0u, 1u, 0x7fffu, 0x8000u, 0xfffeu, 0xffffu, field, 0xffff - field}) {
      const uint16_t there = adjust(static_cast<uint16_t>(field), static_cast<uint16_t>(value), 0);
      const uint16_t back = adjust(there, 0, static_cast<uint16_t>(value));
      if (back % 0xffff != field % 0xffff) holds = false;
    }
  }
  rule("Addresses that leave and enter a checksum leave it as it was", holds);
  uint8_t field[2] = {0, 0};
  adjustAt(field, true, 0x1234, 0);
  rule("A UDP checksum of zero stays", field[0] == 0 && field[1] == 0);
  field[0] = 0x34;
  field[1] = 0x12;
  adjustAt(field, true, 0, 0x1234);
  rule("A UDP checksum that comes to zero is written as 0xffff", field[0] == 0xff && field[1] == 0xff);
}

}  // namespace
}  // namespace packettest

int main() {
  using namespace packettest;
  auto carrier = std::make_unique<Carrier>();
  orderRules(*carrier);
  boundRules(*carrier);
  refusalRules(*carrier);
  recutRules();
  repairRules();
  ecnRules();
  reassemblyRules();
  checksumRules();
  printf("1..%d\n", tests);
  return failures == 0 ? 0 : 1;
}
