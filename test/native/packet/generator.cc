#include "generator.h"

namespace packettest {
namespace {

void put16(uint8_t* at, uint32_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}
void put32(uint8_t* at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}
void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

uint8_t protocolOf(const Spec& spec) {
  switch (spec.kind) {
    case Kind::Tcp: return 6;
    case Kind::Udp: return 17;
    case Kind::Icmp:
    case Kind::IcmpError: return spec.six ? 58 : 1;
    default: return 132;
  }
}

Bytes networkHeader(const Spec& spec, const Address& source, const Address& destination, uint8_t hops, size_t transportBytes) {
  if (!spec.six) {
    Bytes header(20 + spec.options.size());
    header[0] = static_cast<uint8_t>(0x40 | header.size() / 4);
    header[1] = spec.trafficClass;
    put16(&header[2], static_cast<uint32_t>(header.size() + transportBytes));
    put16(&header[4], spec.fragment ? spec.fragmentId & 0xffff : spec.id);
    put16(&header[6], (spec.dontFragment ? 0x4000u : 0) | (spec.moreFragments ? 0x2000u : 0) | spec.fragmentOffset / 8);
    header[8] = hops;
    header[9] = protocolOf(spec);
    memcpy(&header[12], source.bytes, 4);
    memcpy(&header[16], destination.bytes, 4);
    std::copy(spec.options.begin(), spec.options.end(), header.begin() + 20);
    fixHeaderChecksum4(header.data());
    return header;
  }
  Bytes header(40);
  put32(&header[0], 6u << 28 | static_cast<uint32_t>(spec.trafficClass) << 20 | spec.flowLabel);
  header[7] = hops;
  memcpy(&header[8], source.bytes, 16);
  memcpy(&header[24], destination.bytes, 16);
  size_t link = 6;
  for (const auto& [type, content] : spec.extensions) {
    header[link] = type;
    link = header.size();
    append(header, content);
  }
  if (spec.fragment) {
    header[link] = 44;
    link = header.size();
    Bytes field(8);
    put16(&field[2], spec.fragmentOffset | (spec.moreFragments ? 1 : 0));
    put32(&field[4], spec.fragmentId);
    append(header, field);
  }
  header[link] = protocolOf(spec);
  put16(&header[4], static_cast<uint32_t>(header.size() - 40 + transportBytes));
  return header;
}

Bytes transportOf(const Spec& spec, const Address& source, const Address& destination) {
  Bytes bytes;
  if (spec.kind == Kind::Tcp) {
    bytes.resize(20);
    put16(&bytes[0], spec.sourcePort);
    put16(&bytes[2], spec.destinationPort);
    put32(&bytes[4], spec.sequence);
    put32(&bytes[8], spec.acknowledgement);
    bytes[12] = static_cast<uint8_t>((20 + spec.tcpOptions.size()) / 4 << 4);
    bytes[13] = spec.flags;
    put16(&bytes[14], spec.window);
    put16(&bytes[18], spec.urgent);
    append(bytes, spec.tcpOptions);
  } else if (spec.kind == Kind::Udp) {
    bytes.resize(8);
    put16(&bytes[0], spec.sourcePort);
    put16(&bytes[2], spec.destinationPort);
    put16(&bytes[4], static_cast<uint32_t>(8 + spec.payload.size()));
  } else if (spec.kind != Kind::Other) {
    bytes.resize(8);
    bytes[0] = spec.icmpType;
    bytes[1] = spec.icmpCode;
    if (!spec.quoted.empty()) {
      Bytes quote = build(spec.quoted[0], destination, source, spec.quoted[0].hops).packet;
      if (quote.size() > spec.quotedBytes) quote.resize(spec.quotedBytes);
      append(bytes, quote);
      return bytes;
    }
    put16(&bytes[4], spec.sourcePort);
  }
  append(bytes, spec.payload);
  return bytes;
}

uint32_t pseudoSum(bool six, const Address& source, const Address& destination, uint8_t protocol, size_t length) {
  const size_t size = six ? 16 : 4;
  uint32_t sum = plainSum(source.bytes, size);
  sum = plainSum(destination.bytes, size, sum);
  return sum + protocol + static_cast<uint32_t>(length & 0xffff) + static_cast<uint32_t>(length >> 16);
}

size_t checksumOffset(Kind kind) { return kind == Kind::Tcp ? 16 : kind == Kind::Udp ? 6 : 2; }

}  // namespace

uint32_t plainSum(const uint8_t* at, size_t length, uint32_t sum) {
  for (size_t i = 0; i < length; i++) {
    sum += i % 2 == 0 ? static_cast<uint32_t>(at[i]) << 8 : at[i];
    if (sum > 0x80000000u) sum = plainFold(sum);
  }
  return sum;
}

uint16_t plainFold(uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(sum);
}

void fixHeaderChecksum4(uint8_t* packet) {
  put16(packet + 10, 0);
  put16(packet + 10, static_cast<uint16_t>(~plainFold(plainSum(packet, (packet[0] & 15u) * 4))));
}

void fixChecksum(uint8_t* packet, size_t length, uint32_t transport, uint8_t protocol) {
  const bool six = packet[0] >> 4 == 6;
  const bool icmp4 = protocol == 1;
  const size_t offset = protocol == 6 ? 16 : protocol == 17 ? 6 : 2;
  if (transport + offset + 2 > length) return;
  Address source{};
  Address destination{};
  memcpy(source.bytes, packet + (six ? 8 : 12), six ? 16 : 4);
  memcpy(destination.bytes, packet + (six ? 24 : 16), six ? 16 : 4);
  put16(packet + transport + offset, 0);
  const uint32_t start = icmp4 ? 0 : pseudoSum(six, source, destination, protocol, length - transport);
  uint16_t sum = static_cast<uint16_t>(~plainFold(plainSum(packet + transport, length - transport, start)));
  if (protocol == 17 && sum == 0) sum = 0xffff;
  put16(packet + transport + offset, sum);
}

Built build(const Spec& spec, const Address& source, const Address& destination, uint8_t hops) {
  Built built{};
  Bytes transport = transportOf(spec, source, destination);
  // A fragment carries a slice; its checksum covers the whole, which a first fragment's builder put there.
  built.packet = networkHeader(spec, source, destination, hops, transport.size());
  built.transport = static_cast<uint32_t>(built.packet.size());
  append(built.packet, transport);
  const uint8_t protocol = protocolOf(spec);
  const size_t offset = checksumOffset(spec.kind);
  if (spec.kind == Kind::Other || (spec.fragment && spec.fragmentOffset != 0)) return built;
  if (spec.partial || spec.gso != 0) {
    const uint32_t sum = plainFold(pseudoSum(spec.six, source, destination, protocol, transport.size()));
    put16(&built.packet[built.transport + offset], sum);
    built.virtio.flags = 1;
    built.virtio.checksumStart = static_cast<uint16_t>(built.transport);
    built.virtio.checksumOffset = static_cast<uint16_t>(offset);
    if (spec.gso != 0) {
      built.virtio.gsoType = spec.kind == Kind::Udp ? 5 : spec.six ? 4 : 1;
      built.virtio.gsoSize = spec.gso;
      built.virtio.headerLength = static_cast<uint16_t>(built.transport + (spec.kind == Kind::Udp ? 8 : 20 + spec.tcpOptions.size()));
    }
    return built;
  }
  if (spec.kind == Kind::Udp && spec.noUdpChecksum) return built;
  fixChecksum(built.packet.data(), built.packet.size(), built.transport, protocol);
  return built;
}

Address randomAddress(Random& random, bool six, uint8_t net) {
  Address address{};
  if (six) {
    address.bytes[0] = 0xfd;
    address.bytes[1] = net;
    for (int i = 8; i < 16; i++) address.bytes[i] = static_cast<uint8_t>(random.between(1, 254));
  } else {
    address.bytes[0] = 10;
    address.bytes[1] = net;
    address.bytes[2] = static_cast<uint8_t>(random.between(1, 254));
    address.bytes[3] = static_cast<uint8_t>(random.between(2, 254));
  }
  return address;
}

}  // namespace packettest
