#include "carry.h"

#include "../../../native/headers.h"

namespace packettest {

using namespace mcc;

void fail(const std::string& what) {
  fprintf(stderr, "failed: %s\n", what.c_str());
  exit(1);
}

std::string hex(const uint8_t* at, size_t length) {
  std::string text;
  char digits[3];
  for (size_t i = 0; i < length && i < 400; i++) {
    snprintf(digits, sizeof digits, "%02x", at[i]);
    text += digits;
    if (i % 4 == 3) text += ' ';
  }
  return text;
}

std::vector<Bytes> Carrier::cut(const Built& built, uint32_t fragmentAt) {
  uint8_t* packet = slot_ + SLOT_HEADROOM;
  memset(slot_, 0xa5, SLOT_HEADROOM);
  memcpy(packet, built.packet.data(), built.packet.size());
  memset(row, 0, sizeof row);
  EXPECT(parse(packet, static_cast<uint32_t>(built.packet.size()), built.virtio, row), "parse refuses " + hex(built.packet));
  EXPECT(row[OUT_LENGTH] == built.packet.size(), "parse tells another length for " + hex(built.packet));
  row[OUT_FRAGMENT_AT] = fragmentAt;
  row[OUT_SELECTORS] = SELECTORS;
  row[OUT_COUNTER_LOW] = static_cast<uint32_t>(counter_);
  row[OUT_COUNTER_HIGH] = static_cast<uint32_t>(counter_ >> 32);
  Segmenter segmenter;
  EXPECT(segmenter.begin(packet, row), "segmenter refuses " + hex(built.packet));
  std::vector<Bytes> wires;
  uint32_t yielded = 0;
  uint32_t length;
  while (uint8_t* plaintext = segmenter.next(length)) {
    EXPECT(length <= fragmentAt, "a plaintext of " + std::to_string(length) + " bytes beyond " + std::to_string(fragmentAt));
    yielded++;
    const uint64_t counter = counter_++;
    if (plaintext[0] != PLAINTEXT_FRAGMENT) {
      wires.emplace_back(plaintext, plaintext + length);
      continue;
    }
    const auto result = reassembly_.add(1, 1, counter, plaintext, length, 0);
    EXPECT(result.outcome != Reassembly::Outcome::Refused, "reassembly refuses a fragment");
    if (result.outcome == Reassembly::Outcome::Complete) wires.emplace_back(result.packet, result.packet + result.length);
  }
  reassembly_.recycle();
  EXPECT(reassembly_.entries() == 0 && reassembly_.bytes() == 0, "reassembly keeps something");
  EXPECT(yielded == datagramsNeeded(row) && yielded == segmenter.datagrams(), "datagramsNeeded is wrong");
  EXPECT(wires.size() == segmentsOf(row), "segmentsOf is wrong");
  for (uint32_t i = 0; i < SLOT_HEADROOM; i++) EXPECT(slot_[i] == 0xa5, "headroom was not put back");
  EXPECT(memcmp(packet, built.packet.data(), built.packet.size()) == 0, "the slot was not put back");
  return wires;
}

void Carrier::feed(std::vector<Wire>& packets, bool merge) {
  coalescer.mergeTcp = merge;
  coalescer.mergeUdp = merge;
  coalescer.reset();
  uint64_t counter = 0;
  for (auto& [key, bytes] : packets) {
    WirePacket wire;
    EXPECT(validateWire(bytes.data(), static_cast<uint32_t>(bytes.size()), wire), "validateWire refuses " + hex(bytes));
    EXPECT(wire.selectors == SELECTORS, "selectors changed");
    EXPECT(coalescer.add(key, counter++, 0, bytes.data(), wire) >= 0, "coalescer is full");
  }
}

namespace {

void toWords(uint32_t* words, const Address& address, bool six) {
  for (uint32_t i = 0; i < 4; i++) words[i] = six ? load32(address.bytes + 4 * i) : i == 3 ? load32(address.bytes) : i == 2 ? 0xffff : 0;
}

}  // namespace

Written Carrier::readdress(const Built& built, const Address& source, const Address& destination) {
  uint8_t* packet = slot_ + SLOT_HEADROOM;
  const uint32_t length = static_cast<uint32_t>(built.packet.size());
  memcpy(packet, built.packet.data(), length);
  memset(row, 0, sizeof row);
  EXPECT(parse(packet, length, built.virtio, row), "parse refuses " + hex(built.packet));
  const bool six = (row[OUT_INFO] & INFO_FAMILY) == 6;
  toWords(row + OUT_LOOP_SOURCE, source, six);
  toWords(row + OUT_LOOP_DESTINATION, destination, six);
  Written written;
  EXPECT(mcc::readdress(packet, row, row + OUT_LOOP_SOURCE, row + OUT_LOOP_DESTINATION, written.virtio), "readdress refuses " + hex(built.packet));
  written.packet.assign(packet, packet + length);
  return written;
}

Written Carrier::finish(uint32_t index, const Address& source, const Address& destination) {
  uint32_t in[ROW_WORDS] = {};
  const Group& group = coalescer.group(index);
  coalescer.describe(group, in);
  const bool six = (in[IN_INFO] & INFO_FAMILY) == 6;
  toWords(in + IN_SOURCE, source, six);
  toWords(in + IN_DESTINATION, destination, six);
  uint8_t header[HEADER_ROOM];
  static iovec vectors[1100];
  const uint32_t count = coalescer.finish(group, in, header, vectors, 1100);
  EXPECT(count != 0, "finish refuses");
  Written written;
  memcpy(&written.virtio, header, sizeof written.virtio);
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t* at = static_cast<const uint8_t*>(vectors[i].iov_base);
    written.packet.insert(written.packet.end(), at + (i == 0 ? sizeof(VirtioHeader) : 0), at + vectors[i].iov_len);
  }
  EXPECT(written.packet.size() == in[IN_LENGTH], "IN_LENGTH is wrong");
  return written;
}

Bytes completed(const Written& written) {
  Bytes packet = written.packet;
  if ((written.virtio.flags & VIRTIO_NEEDS_CHECKSUM) == 0) return packet;
  const size_t start = written.virtio.checksumStart;
  const size_t at = start + written.virtio.checksumOffset;
  uint16_t checksum = static_cast<uint16_t>(~plainFold(plainSum(packet.data() + start, packet.size() - start)));
  if (checksum == 0) checksum = 0xffff;
  packet[at] = static_cast<uint8_t>(checksum >> 8);
  packet[at + 1] = static_cast<uint8_t>(checksum);
  return packet;
}

bool samePacket(const Bytes& a, const Bytes& b) {
  if (a == b) return true;
  Facts facts;
  if (a.size() != b.size() || a.size() < 20 || !readPacket(a.data(), static_cast<uint32_t>(a.size()), FIXED6_REAL, facts)) return false;
  if (protocolOf(facts.info) != PROTOCOL_TCP || (facts.info & INFO_FRAGMENT) != 0) return false;
  Bytes c = a;
  Bytes d = b;
  for (Bytes* bytes : {&c, &d}) {
    uint8_t* at = bytes->data() + facts.network + TCP_CHECKSUM;
    if (at[0] == 0xff && at[1] == 0xff) at[0] = at[1] = 0;
  }
  return c == d;
}

}  // namespace packettest
