// Segment, coalesce and rewrite against the kernel's own results. Usage: agree [seed] [packets]
#include "kernel.h"

namespace packettest {
namespace {

using namespace mcc;

struct Flow {
  Spec spec;
  Address source, destination;          // as the far host sees them
  std::vector<Bytes> expected;          // what the kernel makes of the super-packet
  std::vector<Bytes> wires;
  size_t fed = 0;
};

struct Totals {
  uint64_t packets = 0, segments = 0, merged = 0, written = 0;
};

uint32_t headerWireOf(const Built& built, const Spec& spec) {
  const uint32_t transport = spec.kind == Kind::Udp ? 8 : 20 + static_cast<uint32_t>(spec.tcpOptions.size());
  return built.transport + transport - (spec.six ? 24 : 0);
}

std::string describe(const Bytes& ours, const Bytes& kernels) { return "\nours   " + hex(ours) + "\nkernel " + hex(kernels); }

// Changes one thing that forbids merging, mostly nothing.
void vary(Random& random, Spec& spec) {
  switch (random.below(20)) {
    case 0: spec.acknowledgement++; break;
    case 1: spec.window++; break;
    case 2: spec.trafficClass ^= static_cast<uint8_t>(random.between(1, 255)); break;
    case 3: spec.hops ^= 1; break;
    case 4: spec.flags ^= 0x40; break;
    case 5: spec.flags ^= 0x80; break;
    case 6: spec.flags |= 0x08; break;
    case 7: spec.urgent++; break;
    case 8: spec.sequence++; break;
    case 9: spec.sequence -= spec.gso; break;
    case 10: spec.dontFragment = !spec.dontFragment; break;
    case 11: spec.flowLabel ^= 1; break;
    case 12:
      if (!spec.tcpOptions.empty()) spec.tcpOptions.back() ^= 1;
      break;
    case 13:
      if (!spec.dontFragment) spec.id++;
      break;
    case 14: spec.flags |= 0x04; break;
    case 15: spec.flags |= 0x02; break;
    default: break;
  }
}

// A super-packet as both ends see it, appended to its flow.
void burst(Random& random, Kernel& kernel, Carrier& carrier, Flow& flow) {
  Spec& spec = flow.spec;
  // The sender's host knows both ends by other addresses.
  const Built ours = build(spec, randomAddress(random, spec.six, 77), randomAddress(random, spec.six, 78), spec.hops);
  const uint32_t header = headerWireOf(ours, spec);
  const bool signedOrOdd = (spec.flags & 0x26) != 0;
  uint32_t fragmentAt = 65535;
  if (random.chance(2)) fragmentAt = header + random.between(30, 1600);
  Spec seen = spec;
  if (spec.kind == Kind::Tcp && !signedOrOdd && fragmentAt - header < spec.gso) seen.gso = static_cast<uint16_t>(fragmentAt - header);
  const Built theirs = build(seen, flow.source, flow.destination, static_cast<uint8_t>(spec.hops + 1));
  kernel.write(theirs.virtio, theirs.packet);
  const std::vector<Bytes> expected = kernel.forwarded();
  const std::vector<Bytes> wires = carrier.cut(ours, fragmentAt);
  EXPECT(expected.size() == wires.size(), "the kernel makes " + std::to_string(expected.size()) + " segments, we " + std::to_string(wires.size()) + " of " + hex(theirs.packet));
  flow.expected.insert(flow.expected.end(), expected.begin(), expected.end());
  flow.wires.insert(flow.wires.end(), wires.begin(), wires.end());
  spec.sequence += static_cast<uint32_t>(spec.payload.size());
  spec.id = static_cast<uint16_t>(spec.id + wires.size());
}

Flow randomFlow(Random& random, Kernel& kernel, Carrier& carrier) {
  Flow flow;
  flow.spec = randomSuper(random, 61000);
  flow.source = randomAddress(random, flow.spec.six, NEAR_NET);
  flow.destination = randomAddress(random, flow.spec.six, FAR_NET);
  const uint32_t whole = flow.spec.gso * random.between(2, 5);
  // The next super-packet can only be merged with this one when this one ends with a whole segment.
  if (random.chance(2)) flow.spec.payload.resize(whole < 60000 ? whole : flow.spec.gso * 2u);
  burst(random, kernel, carrier, flow);
  while (random.chance(2)) {
    vary(random, flow.spec);
    if (random.chance(3)) flow.spec.payload.resize(flow.spec.gso + random.between(1, flow.spec.gso));
    burst(random, kernel, carrier, flow);
  }
  return flow;
}

// Every segment by itself, rewritten, must be the kernel's.
void compareSegments(Carrier& carrier, Flow& flow) {
  for (size_t at = 0; at < flow.wires.size(); at += 200) {
    std::vector<Carrier::Wire> batch;
    for (size_t i = at; i < flow.wires.size() && i < at + 200; i++) batch.push_back({1, flow.wires[i]});
    carrier.feed(batch, false);
    for (size_t i = 0; i < batch.size(); i++) {
      const Bytes ours = completed(carrier.finish(static_cast<uint32_t>(i), flow.source, flow.destination));
      EXPECT(samePacket(ours, flow.expected[at + i]), "segment " + std::to_string(at + i) + " differs" + describe(ours, flow.expected[at + i]));
    }
  }
}

void raiseHops(Written& written) {
  const bool six = written.packet[0] >> 4 == 6;
  written.packet[six ? 7 : 8]++;
  if (!six) fixHeaderChecksum4(written.packet.data());
}

// Several flows mixed, merged, written to the kernel: it must cut them into what it made of the originals.
void compareMerged(Random& random, Kernel& kernel, Carrier& carrier, std::vector<Flow>& flows, Totals& totals) {
  std::vector<Carrier::Wire> batch;
  for (size_t left = flows.size(); left > 0;) {
    const size_t which = random.below(static_cast<uint32_t>(flows.size()));
    Flow& flow = flows[which];
    if (flow.fed == flow.wires.size()) continue;
    for (uint32_t run = random.between(1, 40); run > 0 && flow.fed < flow.wires.size(); run--) batch.push_back({static_cast<uint32_t>(which), flow.wires[flow.fed++]});
    if (flow.fed == flow.wires.size()) left--;
  }
  std::vector<size_t> seen(flows.size());
  for (size_t at = 0; at < batch.size(); at += 250) {
    std::vector<Carrier::Wire> part(batch.begin() + static_cast<long>(at), batch.begin() + static_cast<long>(std::min(at + 250, batch.size())));
    carrier.feed(part, true);
    for (uint32_t i = 0; i < carrier.coalescer.count(); i++) {
      const uint32_t key = carrier.coalescer.group(i).key;
      Flow& flow = flows[key];
      totals.merged += carrier.coalescer.group(i).datagrams;
      totals.written++;
      Written written = carrier.finish(i, flow.source, flow.destination);
      raiseHops(written);
      kernel.write(written);
      for (const Bytes& packet : kernel.forwarded()) {
        EXPECT(seen[key] < flow.expected.size(), "more segments than the original");
        const Bytes& expected = flow.expected[seen[key]++];
        EXPECT(samePacket(packet, expected), "merged segment differs" + describe(packet, expected));
      }
    }
  }
  for (size_t i = 0; i < flows.size(); i++) EXPECT(seen[i] == flows[i].expected.size(), "segments lost in merging");
}

// A packet that gets other addresses is the one that was built with them, and asks the same of the kernel.
void compareReaddressed(Random& random, Carrier& carrier, const Spec& spec) {
  const Built before = build(spec, randomAddress(random, spec.six, 77), randomAddress(random, spec.six, 78), spec.hops);
  const Address source = randomAddress(random, spec.six, 79);
  const Address destination = randomAddress(random, spec.six, 80);
  const Built after = build(spec, source, destination, spec.hops);
  const Written ours = carrier.readdress(before, source, destination);
  EXPECT(samePacket(ours.packet, after.packet), "readdressed packet differs" + describe(ours.packet, after.packet));
  const VirtioHeader& asked = ours.virtio;
  const bool isCut = spec.gso != 0 && (carrier.row[OUT_SEGMENT_BYTES] != 0);
  EXPECT(asked.flags == after.virtio.flags, "the kernel is asked for another checksum");
  if (asked.flags != 0) EXPECT(asked.checksumStart == after.virtio.checksumStart && asked.checksumOffset == after.virtio.checksumOffset, "the checksum moves");
  EXPECT((asked.gsoType & ~VIRTIO_GSO_ECN) == (isCut ? after.virtio.gsoType & ~VIRTIO_GSO_ECN : 0), "another kind of super-packet");
  EXPECT(asked.gsoSize == (isCut ? spec.gso : 0), "another segment size");
}

void compareSupers(Random& random, Kernel& kernel, Carrier& carrier, Totals& totals) {
  std::vector<Flow> flows;
  const uint32_t count = random.between(1, 5);
  for (uint32_t i = 0; i < count; i++) flows.push_back(randomFlow(random, kernel, carrier));
  compareReaddressed(random, carrier, flows[0].spec);
  for (Flow& flow : flows) {
    totals.packets++;
    totals.segments += flow.wires.size();
    compareSegments(carrier, flow);
  }
  compareMerged(random, kernel, carrier, flows, totals);
}

void compareSingle(Random& random, Kernel& kernel, Carrier& carrier, Totals& totals) {
  Spec spec = randomSpec(random);
  compareReaddressed(random, carrier, spec);
  const Address source = randomAddress(random, spec.six, NEAR_NET);
  const Address destination = randomAddress(random, spec.six, FAR_NET);
  const Built theirs = build(spec, source, destination, static_cast<uint8_t>(spec.hops + 1));
  const Built ours = build(spec, randomAddress(random, spec.six, 77), randomAddress(random, spec.six, 78), spec.hops);
  kernel.write(theirs.virtio, theirs.packet);
  const std::vector<Bytes> expected = kernel.forwarded();
  EXPECT(expected.size() == 1, "the kernel forwards " + std::to_string(expected.size()) + " of " + hex(theirs.packet));
  const uint32_t length = static_cast<uint32_t>(ours.packet.size());
  // Packets that must stay whole are fragmented by the tunnel, TCP is re-cut: only the former can be compared one to one.
  const uint32_t fragmentAt = random.chance(2) || spec.kind == Kind::Tcp ? 65535 : random.between(9 + length / 200, 9 + length);
  std::vector<Carrier::Wire> batch{{1, carrier.cut(ours, fragmentAt).at(0)}};
  carrier.feed(batch, true);
  const Bytes packet = completed(carrier.finish(0, source, destination));
  EXPECT(samePacket(packet, expected[0]), "packet differs" + describe(packet, expected[0]));
  totals.packets++;
}

}  // namespace
}  // namespace packettest

int main(int count, char** arguments) {
  using namespace packettest;
  const uint64_t seed = count > 1 ? strtoull(arguments[1], nullptr, 10) : 1;
  const uint64_t packets = count > 2 ? strtoull(arguments[2], nullptr, 10) : 100000;
  Random random(seed);
  Kernel kernel;
  auto carrier = std::make_unique<Carrier>();
  Totals totals;
  while (totals.packets < packets / 10) compareSupers(random, kernel, *carrier, totals);
  while (totals.packets < packets) compareSingle(random, kernel, *carrier, totals);
  EXPECT(totals.merged > totals.written * 2, "hardly anything was merged");
  printf("seed %llu: %llu packets, %llu segments, %llu datagrams merged into %llu\n", static_cast<unsigned long long>(seed),
         static_cast<unsigned long long>(totals.packets), static_cast<unsigned long long>(totals.segments),
         static_cast<unsigned long long>(totals.merged), static_cast<unsigned long long>(totals.written));
  return 0;
}
