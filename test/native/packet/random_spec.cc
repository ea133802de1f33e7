#include "generator.h"

namespace packettest {
namespace {

Bytes randomBytes(Random& random, uint32_t length) {
  Bytes bytes(length);
  // Long runs of 0 and 0xff now and then, for the corners of ones' complement.
  const uint32_t style = random.below(16);
  if (style == 0) return bytes;
  if (style == 1) {
    bytes.assign(length, 0xff);
    return bytes;
  }
  for (uint32_t i = 0; i < length; i += 8) {
    const uint64_t word = random.next();
    memcpy(&bytes[i], &word, length - i < 8 ? length - i : 8);
  }
  return bytes;
}

// Options that every host skips: padding of at most 7 bytes and an unknown option marked "skip".
Bytes optionsHeader(Random& random) {
  Bytes header{0, 0};
  const uint32_t units = random.below(3);
  header[1] = static_cast<uint8_t>(units);
  const uint32_t total = (units + 1) * 8;
  if (units > 0) {
    const uint8_t size = static_cast<uint8_t>(random.between(1, total - 2 - 2 - 4));
    header.push_back(0x1e);
    header.push_back(size);
    for (uint32_t i = 0; i < size; i++) header.push_back(static_cast<uint8_t>(random.next()));
  }
  while (header.size() < total) {
    const uint32_t left = static_cast<uint32_t>(total - header.size());
    if (left > 7) {
      header.insert(header.end(), {0x1e, static_cast<uint8_t>(left - 2)});
      header.insert(header.end(), left - 2, 0);
    } else if (left == 1) {
      header.push_back(0);
    } else {
      header.insert(header.end(), {1, static_cast<uint8_t>(left - 2)});
      header.insert(header.end(), left - 2, 0);
    }
  }
  return header;
}

void addExtensions(Random& random, Spec& spec) {
  if (random.chance(2)) spec.extensions.push_back({0, optionsHeader(random)});
  const uint32_t more = random.below(3);
  for (uint32_t i = 0; i < more; i++) {
    if (random.chance(3)) {
      // A routing header that is done: no segments left.
      Bytes routing(8);
      routing[2] = 253;
      spec.extensions.push_back({43, routing});
    } else {
      spec.extensions.push_back({60, optionsHeader(random)});
    }
  }
}

Bytes randomTcpOptions(Random& random) {
  Bytes options;
  switch (random.below(6)) {
    case 0: break;
    case 1:
    case 2:
      options = {1, 1, 8, 10};
      for (int i = 0; i < 8; i++) options.push_back(static_cast<uint8_t>(random.next()));
      break;
    case 3:
      options = {1, 1, 5, 10};
      for (int i = 0; i < 8; i++) options.push_back(static_cast<uint8_t>(random.next()));
      break;
    case 4: options = {254, 6, 1, 2, 3, 4, 0, 0}; break;
    default:
      for (uint32_t i = random.below(10); i > 0; i--) options.insert(options.end(), {1, 1, 1, 1});
  }
  return options;
}

void randomNetwork(Random& random, Spec& spec) {
  spec.six = random.chance(2);
  spec.hops = static_cast<uint8_t>(random.between(2, 250));
  spec.trafficClass = random.chance(2) ? 0 : static_cast<uint8_t>(random.next());
  spec.flowLabel = random.below(1 << 20);
  spec.id = static_cast<uint16_t>(random.chance(8) ? 0xffff - random.below(20) : random.next());
  spec.dontFragment = !random.chance(4);
  if (spec.six && random.chance(4)) addExtensions(random, spec);
  // No-operation and end of list: what a router leaves alone.
  if (!spec.six && random.chance(8)) spec.options.assign(4 * random.between(1, 10), random.chance(2) ? 1 : 0);
}

void randomTcp(Random& random, Spec& spec) {
  spec.kind = Kind::Tcp;
  spec.sequence = random.chance(8) ? 0xffffffffu - random.below(30000) : static_cast<uint32_t>(random.next());
  spec.acknowledgement = static_cast<uint32_t>(random.next());
  spec.window = static_cast<uint16_t>(random.next());
  spec.tcpOptions = randomTcpOptions(random);
  spec.flags = 0x10;
  if (random.chance(3)) spec.flags |= 0x08;
  if (random.chance(6)) spec.flags |= 0x01;
  if (random.chance(6)) spec.flags |= 0x80;
  if (random.chance(6)) spec.flags |= 0x40;
}

void randomPorts(Random& random, Spec& spec) {
  spec.sourcePort = static_cast<uint16_t>(random.between(1, 65535));
  spec.destinationPort = static_cast<uint16_t>(random.between(1, 65535));
}

uint32_t randomLength(Random& random) {
  switch (random.below(4)) {
    case 0: return random.below(20);
    case 1: return random.below(200);
    case 2: return random.between(1000, 1500);
    default: return random.below(4000);
  }
}

void randomQuote(Random& random, Spec& spec) {
  static const uint8_t types4[] = {3, 4, 11, 12};
  spec.kind = Kind::IcmpError;
  spec.icmpType = spec.six ? static_cast<uint8_t>(random.between(1, 4)) : types4[random.below(4)];
  spec.icmpCode = static_cast<uint8_t>(random.below(5));
  Spec inner = randomSpec(random);
  while (inner.six != spec.six || inner.kind == Kind::IcmpError) inner = randomSpec(random);
  inner.partial = false;
  const uint32_t fixed = (spec.six ? 40 : 20) + static_cast<uint32_t>(inner.options.size());
  spec.quotedBytes = random.between(fixed, fixed + 600);
  // Half a quoted checksum cannot be rewritten.
  if (spec.quotedBytes < fixed + 200) spec.quotedBytes &= ~1u;
  spec.quoted.push_back(inner);
}

void randomFragment(Random& random, Spec& spec) {
  spec.fragment = true;
  spec.dontFragment = false;
  spec.fragmentId = static_cast<uint32_t>(random.next());
  spec.moreFragments = !random.chance(3);
  if (spec.moreFragments || random.chance(2)) spec.fragmentOffset = random.below(3) * 8 * random.between(3, 400);
  if (!spec.moreFragments && spec.fragmentOffset == 0) spec.fragmentOffset = 1480;
  // Whole units of eight bytes unless it is the last; a later one carries bare bytes.
  if (spec.fragmentOffset != 0) {
    spec.kind = Kind::Other;
    spec.payload = randomBytes(random, 8 * random.between(1, 180));
    return;
  }
  spec.kind = Kind::Udp;
  spec.payload = randomBytes(random, 8 * random.between(1, 180));
}

}  // namespace

Spec randomSpec(Random& random) {
  Spec spec;
  randomNetwork(random, spec);
  randomPorts(random, spec);
  const uint32_t kind = random.below(16);
  if (kind < 5) {
    randomTcp(random, spec);
    spec.payload = randomBytes(random, randomLength(random));
    spec.partial = random.chance(2);
    if (random.chance(8)) spec.flags = static_cast<uint8_t>(random.next());
    if (random.chance(8)) spec.urgent = static_cast<uint16_t>(random.next());
  } else if (kind < 9) {
    spec.kind = Kind::Udp;
    spec.payload = randomBytes(random, randomLength(random));
    spec.partial = random.chance(2);
    spec.noUdpChecksum = !spec.partial && random.chance(4);
  } else if (kind < 11) {
    spec.kind = Kind::Icmp;
    spec.icmpType = spec.six ? 128 : 8;
    spec.payload = randomBytes(random, randomLength(random));
  } else if (kind < 13) {
    randomQuote(random, spec);
  } else if (kind < 15) {
    randomFragment(random, spec);
  } else {
    spec.kind = Kind::Other;
    spec.payload = randomBytes(random, 12 + randomLength(random));
  }
  return spec;
}

Spec randomSuper(Random& random, uint32_t maxPayload) {
  Spec spec;
  randomNetwork(random, spec);
  randomPorts(random, spec);
  const uint32_t limit = random.chance(20) ? maxPayload : 8000 < maxPayload ? 8000 : maxPayload;
  if (random.chance(4)) {
    spec.kind = Kind::Udp;
    spec.gso = static_cast<uint16_t>(random.between(1, 1400));
    const uint32_t most = spec.gso * 64u < limit ? spec.gso * 64u : limit;
    spec.payload = randomBytes(random, random.between(spec.gso + 1u, most > spec.gso ? most : spec.gso + 1u));
  } else {
    randomTcp(random, spec);
    spec.gso = static_cast<uint16_t>(random.between(random.chance(10) ? 30 : 500, 1400));
    spec.payload = randomBytes(random, random.between(spec.gso + 1u, limit));
  }
  return spec;
}

}  // namespace packettest
