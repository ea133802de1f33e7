#include "headers.h"

namespace mcc {
namespace {

// Linux takes no UDP super-packet of more segments than its own receive offload makes.
constexpr uint32_t MAX_UDP_SEGMENTS = 64;
// writev() takes 1,024 vectors, one of them the header.
constexpr uint32_t MAX_GROUP_PIECES = 1000;
// Row words that tell one flow from another: family and protocol.
constexpr uint32_t FLOW_INFO = INFO_FAMILY | 0xff << INFO_PROTOCOL_SHIFT;
// TCP flags that differ between the segments of one super-packet.
constexpr uint8_t LOOSE_FLAGS = TCP_FIN | TCP_PSH | TCP_CWR;

uint32_t hashFlow(uint64_t seed, uint32_t key, const WirePacket& packet) {
  uint64_t hash = seed ^ (static_cast<uint64_t>(packet.ports) << 32 | packet.selectors) ^ static_cast<uint64_t>(key) << 40 ^ (packet.info & FLOW_INFO);
  hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15u;
  return static_cast<uint32_t>((hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u >> 32);
}

bool sameFlow(const WirePacket& a, const WirePacket& b) {
  return a.ports == b.ports && a.selectors == b.selectors && ((a.info ^ b.info) & FLOW_INFO) == 0;
}

// Everything of the network header but lengths, IPv4 identification, (both zero) checksums and what the address block says of repairs.
bool sameNetwork4(const uint8_t* a, const uint8_t* b) {
  return peek<uint16_t>(a) == peek<uint16_t>(b) && peek<uint16_t>(a + 6) == peek<uint16_t>(b + 6) && peek<uint64_t>(a + 8) == peek<uint64_t>(b + 8);
}

bool sameNetwork6(const uint8_t* a, const uint8_t* b) {
  return peek<uint32_t>(a) == peek<uint32_t>(b) && peek<uint16_t>(a + 6) == peek<uint16_t>(b + 6) && peek<uint32_t>(a + 8) == peek<uint32_t>(b + 8);
}

// Acknowledgement, flags but the loose ones, window, urgent pointer, options.
bool sameTcp(const uint8_t* a, const uint8_t* b, uint32_t header) {
  if (peek<uint32_t>(a + 8) != peek<uint32_t>(b + 8) || peek<uint16_t>(a + 14) != peek<uint16_t>(b + 14) || a[12] != b[12]) return false;
  if (((a[13] ^ b[13]) & ~LOOSE_FLAGS) != 0 || (b[13] & TCP_CWR) != 0 || peek<uint16_t>(a + 18) != peek<uint16_t>(b + 18)) return false;
  return memcmp(a + 20, b + 20, header - 20) == 0;
}

}  // namespace

void Coalescer::reset() {
  count_ = 0;
  pieceCount_ = 0;
  generation_++;
}

uint32_t Coalescer::room() const {
  const uint32_t groups = INBOUND_ROWS - count_;
  const uint32_t pieces = MAX_PIECES - pieceCount_;
  return groups < pieces ? groups : pieces;
}

Group* Coalescer::findFlow(uint32_t hash, uint32_t key, const WirePacket& packet) {
  const uint32_t place = hash % TABLE;
  if (tableGeneration_[place] != generation_) return nullptr;
  Group& group = groups_[table_[place]];
  if (!group.open || group.hash != hash || group.key != key || !sameFlow(group.head, packet)) return nullptr;
  return &group;
}

bool Coalescer::merge(Group& group, uint64_t counter, uint32_t outerBytes, uint8_t* plaintext, const WirePacket& packet) {
  const uint32_t bytes = packet.wireLength - packet.headerBytes;
  const WirePacket& head = group.head;
  if (bytes > group.segment || packet.headerBytes != head.headerBytes || head.length + group.payload - group.segment + bytes > MAX_PACKET) return false;
  const uint8_t* first = group.first;
  if (familyOf(head.info) == 6) {
    if (!sameNetwork6(first, plaintext)) return false;
  } else {
    if (!sameNetwork4(first, plaintext)) return false;
    // With DF the identification means nothing (RFC 6864); without it the kernel would count on from the first.
    if ((head.info & INFO_DONT_FRAGMENT) == 0 && load16(plaintext + 4) != ((load16(first + 4) + group.pieces) & 0xffff)) return false;
  }
  const uint8_t* transport = plaintext + packet.networkBytes;
  if (protocolOf(head.info) == PROTOCOL_TCP) {
    if (load32(transport + 4) != group.nextSequence || !sameTcp(first + head.networkBytes, transport, packet.headerBytes - packet.networkBytes)) return false;
    group.tailFlags = transport[13] & (TCP_FIN | TCP_PSH);
    group.nextSequence += bytes;
    group.open = bytes == group.segment && group.tailFlags == 0 && group.pieces + 1 < MAX_GROUP_PIECES;
  } else {
    group.open = bytes == group.segment && group.pieces + 1 < MAX_UDP_SEGMENTS;
  }
  pieces_[pieceCount_] = {plaintext + packet.headerBytes, bytes, 0};
  pieces_[group.lastPiece].next = pieceCount_;
  group.lastPiece = pieceCount_++;
  group.pieces++;
  group.payload += bytes;
  group.datagrams++;
  group.outerBytes += outerBytes;
  if (counter > group.counter) group.counter = counter;
  return true;
}

int32_t Coalescer::add(uint32_t key, uint64_t counter, uint32_t outerBytes, uint8_t* plaintext, const WirePacket& packet) {
  if (pieceCount_ == MAX_PIECES) return -1;
  const uint32_t hash = hashFlow(seed, key, packet);
  if (packet.mergeable) {
    Group* group = findFlow(hash, key, packet);
    if (group != nullptr && merge(*group, counter, outerBytes, plaintext, packet)) return static_cast<int32_t>(group - groups_);
  }
  if (count_ == INBOUND_ROWS) return -1;
  const uint32_t index = count_++;
  Group& group = groups_[index];
  const uint32_t bytes = packet.wireLength - packet.headerBytes;
  const bool tcp = protocolOf(packet.info) == PROTOCOL_TCP;
  const uint8_t* transport = plaintext + packet.networkBytes;
  group.head = packet;
  group.key = key;
  group.counter = counter;
  group.datagrams = 1;
  group.outerBytes = outerBytes;
  group.first = plaintext;
  group.payload = bytes;
  group.segment = bytes;
  group.pieces = 1;
  group.firstPiece = group.lastPiece = pieceCount_;
  group.hash = hash;
  group.tailFlags = 0;
  group.open = packet.mergeable && (tcp ? mergeTcp : mergeUdp);
  if (group.open && tcp) {
    group.tailFlags = transport[13] & (TCP_FIN | TCP_PSH);
    group.nextSequence = load32(transport + 4) + bytes;
    group.open = group.tailFlags == 0;
  }
  pieces_[pieceCount_++] = {plaintext + packet.headerBytes, bytes, 0};
  // Fragments have no ports: nothing that follows may overtake them.
  if ((packet.info & INFO_FRAGMENT) != 0) generation_++;
  tableGeneration_[hash % TABLE] = generation_;
  table_[hash % TABLE] = static_cast<uint16_t>(index);
  return static_cast<int32_t>(index);
}

void Coalescer::describe(const Group& group, uint32_t* row) const {
  const WirePacket& head = group.head;
  uint32_t info = head.info;
  if (group.pieces > 1) info |= protocolOf(info) == PROTOCOL_TCP ? INFO_TCP_GSO : INFO_UDP_GSO;
  row[IN_KIND] = KIND_DATA;
  row[IN_KEY] = group.key;
  row[IN_COUNTER_LOW] = static_cast<uint32_t>(group.counter);
  row[IN_COUNTER_HIGH] = static_cast<uint32_t>(group.counter >> 32);
  row[IN_DATAGRAMS] = group.datagrams;
  row[IN_LENGTH] = head.length + group.payload - group.segment;
  row[IN_INFO] = info;
  row[IN_TRAFFIC_CLASS] = head.trafficClass;
  row[IN_PORTS] = head.ports;
  row[IN_FRAGMENT_ID] = head.fragmentId;
  row[IN_SELECTORS] = head.selectors;
  row[IN_QUOTE_INFO] = head.quoteInfo;
  row[IN_QUOTE_PORTS] = head.quotePorts;
  row[IN_OUTER_BYTES] = group.outerBytes;
}

}  // namespace mcc
