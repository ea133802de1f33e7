#include "ecn.h"
#include "headers.h"

namespace mcc {
namespace {

// How a row's packet travels: cut into segments by re-cutting (each fits one datagram), by the kernel's own segment
// size, or not at all; the latter two with tunnel fragments for what is too large.
struct Plan {
  uint32_t segments;     // 0: the row contradicts itself
  uint32_t piece;        // payload bytes per segment
  uint32_t headerWire;
  uint32_t payload;
  uint32_t fragmentAt;
  uint32_t first;
  uint32_t end;
  bool recut;
};

uint32_t ceilDivide(uint32_t value, uint32_t by) { return (value + by - 1) / by; }

uint32_t fragmentsOf(uint32_t wire, uint32_t fragmentAt) {
  return wire <= fragmentAt ? 1 : ceilDivide(wire, fragmentAt - FRAGMENT_HEADER);
}

uint32_t datagramsOf(const Plan& plan) {
  if (plan.segments == 0) return 0;
  const uint32_t count = plan.end - plan.first;
  if (plan.recut) return count;
  const uint32_t last = plan.payload - (plan.segments - 1) * plan.piece;
  const uint32_t lastFragments = plan.end == plan.segments ? fragmentsOf(plan.headerWire + last, plan.fragmentAt) : 0;
  const uint32_t full = count - (plan.end == plan.segments ? 1 : 0);
  return full * fragmentsOf(plan.headerWire + plan.piece, plan.fragmentAt) + lastFragments;
}

Plan planOf(const uint32_t* row) {
  Plan plan{};
  const uint32_t info = row[OUT_INFO];
  const uint32_t length = row[OUT_LENGTH];
  const uint32_t header = row[OUT_HEADER_BYTES];
  const uint32_t shorter = familyOf(info) == 6 ? SHORTER6 : 0;
  plan.fragmentAt = row[OUT_FRAGMENT_AT];
  if (length > MAX_PACKET || header > length || header < (shorter != 0 ? FIXED6_REAL : FIXED4) || header > MAX_HEADER || plan.fragmentAt <= FRAGMENT_HEADER) return plan;
  plan.headerWire = header - shorter;
  plan.payload = length - header;
  const uint32_t wire = length - shorter;
  const uint32_t gso = row[OUT_SEGMENT_BYTES];
  const bool tcp = protocolOf(info) == PROTOCOL_TCP && (info & INFO_FRAGMENT) == 0;
  uint32_t segments = 1;
  plan.piece = plan.payload;
  if (tcp && (info & INFO_NO_RECUT) == 0 && (gso != 0 || row[OUT_RECUT] != 0 || wire > plan.fragmentAt)) {
    if (plan.fragmentAt <= plan.headerWire) return plan;
    const uint32_t room = plan.fragmentAt - plan.headerWire;
    const uint32_t wanted = row[OUT_RECUT] != 0 ? row[OUT_RECUT] : gso != 0 ? gso : plan.payload;
    plan.recut = true;
    plan.piece = wanted < room ? wanted : room;
    if (plan.payload > plan.piece) segments = ceilDivide(plan.payload, plan.piece);
  } else if (gso != 0 && (info & (INFO_TCP_GSO | INFO_UDP_GSO)) != 0) {
    plan.piece = gso;
    if (plan.payload > gso) segments = ceilDivide(plan.payload, gso);
  }
  plan.first = row[OUT_FIRST_SEGMENT];
  if (plan.first >= segments) return plan;
  const uint32_t count = row[OUT_SEGMENT_COUNT];
  if (count > segments - plan.first) return plan;
  plan.end = count == 0 ? segments : plan.first + count;
  plan.segments = segments;
  // Repaired is what goes in one datagram each, so that a counter names a segment.
  if ((row[OUT_REPAIR] & (REPAIR_REPAIRABLE | REPAIR_RESENT)) != 0 && (!tcp || datagramsOf(plan) != plan.end - plan.first)) plan.segments = 0;
  return plan;
}

uint16_t addressSum(const uint8_t* packet, bool six) {
  return fold(six ? sumBytes(packet + 8, 32) : sumBytes(packet + 12, 8));
}

// Whether the TCP checksum of a whole packet is right, so that its segments may travel as checked.
bool tcpChecked(const uint8_t* packet, uint32_t length, uint32_t network, bool six) {
  const uint32_t bytes = length - network;
  const uint64_t sum = static_cast<uint64_t>(addressSum(packet, six)) + htons(PROTOCOL_TCP) + htons(static_cast<uint16_t>(bytes));
  return fold(sum + sumBytes(packet + network, bytes)) == 0xffff;
}

}  // namespace

uint32_t segmentsOf(const uint32_t* row) { return planOf(row).segments; }
uint32_t datagramsNeeded(const uint32_t* row) { return datagramsOf(planOf(row)); }

void Segmenter::writeBlock(uint8_t* at, bool partial) const {
  store32(at, selectors_);
  uint32_t rest = partial ? BLOCK_PARTIAL_CHECKSUM : 0;
  if ((repair_ & REPAIR_REPAIRABLE) != 0) rest |= BLOCK_REPAIRABLE;
  if ((repair_ & REPAIR_RESENT) != 0) rest |= BLOCK_RESENT | ((repair_ + yielded_) & REPAIR_COUNTER) << 8;
  for (uint32_t i = 0; i < 4; i++) at[4 + i] = static_cast<uint8_t>(rest >> 8 * i);
}

bool Segmenter::begin(uint8_t* packet, const uint32_t* row) {
  const Plan plan = planOf(row);
  Facts facts;
  malformed_ = false;
  if (plan.segments == 0) return false;
  const uint32_t length = row[OUT_LENGTH];
  const uint32_t kept = INFO_FAMILY | 0xff << INFO_PROTOCOL_SHIFT | INFO_FRAGMENT | INFO_NO_RECUT | INFO_ICMP_ERROR;
  if (!readPacket(packet, length, FIXED6_REAL, facts) || facts.header != row[OUT_HEADER_BYTES] || ((facts.info ^ row[OUT_INFO]) & kept) != 0) return false;
  if ((facts.info & INFO_ICMP_ERROR) != 0 && (!facts.quoted || (row[OUT_QUOTE_INFO] & QUOTE_MATCHES) == 0)) return false;
  const bool six = familyOf(facts.info) == 6;
  info_ = facts.info | (row[OUT_INFO] & INFO_PARTIAL_CHECKSUM);
  if (plan.segments > 1 && (info_ & INFO_PARTIAL_CHECKSUM) == 0) {
    if (!tcpChecked(packet, length, facts.network, six)) {
      malformed_ = true;
      return false;
    }
    info_ |= INFO_PARTIAL_CHECKSUM;
  }
  packet_ = packet;
  headerBytes_ = facts.header;
  headerWire_ = plan.headerWire;
  transport_ = facts.network - (six ? SHORTER6 : 0);
  payload_ = plan.payload;
  piece_ = plan.piece;
  fragmentAt_ = plan.fragmentAt;
  segments_ = plan.segments;
  segment_ = plan.first;
  segmentEnd_ = plan.end;
  datagrams_ = datagramsOf(plan);
  yielded_ = 0;
  counterLow_ = row[OUT_COUNTER_LOW];
  selectors_ = row[OUT_SELECTORS];
  repair_ = row[OUT_REPAIR];
  mark_ = (repair_ & REPAIR_MARK_CE) != 0 && (facts.trafficClass & ECN) != ECN_NONE;
  cut_ = plan.segments > 1;
  currentLength_ = 0;
  currentOffset_ = 0;
  savedAt_ = nullptr;
  savedFragmentAt_ = nullptr;
  if (cut_) buildTemplate();
  return true;
}

void Segmenter::buildTemplate() {
  if (familyOf(info_) == 6) {
    memcpy(template_, packet_, BLOCK6);
    writeBlock(template_ + BLOCK6, true);
    memcpy(template_ + FIXED6_WIRE, packet_ + FIXED6_REAL, headerBytes_ - FIXED6_REAL);
  } else {
    memcpy(template_, packet_, headerBytes_);
    poke<uint16_t>(template_ + 10, 0);
    writeBlock(template_ + BLOCK4, true);
  }
  if (mark_) setEcn(template_, ECN_CE);
  poke<uint16_t>(template_ + transport_ + (protocolOf(info_) == PROTOCOL_TCP ? TCP_CHECKSUM : UDP_CHECKSUM), 0);
}

void Segmenter::save(uint8_t* at, uint32_t length) {
  memcpy(saved_, at, length);
  savedAt_ = at;
  savedLength_ = length;
}

void Segmenter::restore() {
  if (savedFragmentAt_ != nullptr) memcpy(savedFragmentAt_, &savedFragment_, FRAGMENT_HEADER);
  if (savedAt_ != nullptr) memcpy(savedAt_, saved_, savedLength_);
  savedFragmentAt_ = nullptr;
  savedAt_ = nullptr;
}

void Segmenter::buildSegment() {
  const uint32_t offset = segment_ * piece_;
  const bool last = segment_ + 1 == segments_;
  const uint32_t bytes = last ? payload_ - offset : piece_;
  uint8_t* at = packet_ + headerBytes_ + offset - headerWire_;
  save(at, headerWire_);
  memcpy(at, template_, headerWire_);
  if ((repair_ & REPAIR_RESENT) != 0) writeBlock(at + (familyOf(info_) == 6 ? BLOCK6 : BLOCK4), true);
  current_ = at;
  currentLength_ = headerWire_ + bytes;
  if (familyOf(info_) == 6) {
    store16(at + 4, currentLength_ - FIXED6_WIRE);
  } else {
    store16(at + 2, currentLength_);
    store16(at + 4, load16(at + 4) + segment_);
  }
  uint8_t* transport = at + transport_;
  if (protocolOf(info_) == PROTOCOL_UDP) {
    store16(transport + 4, bytes + 8);
    return;
  }
  store32(transport + 4, load32(transport + 4) + offset);
  uint8_t clear = last ? 0 : TCP_FIN | TCP_PSH;
  if (segment_ != 0) clear |= TCP_CWR;
  transport[13] &= static_cast<uint8_t>(~clear);
}

// A packet that travels whole: its header is rewritten where it lies.
void Segmenter::buildSingle() {
  const bool six = familyOf(info_) == 6;
  const uint32_t length = headerBytes_ + payload_;
  Facts facts;
  readPacket(packet_, length, FIXED6_REAL, facts);
  const uint32_t checksum = addressChecksum(facts);
  const bool error = (facts.info & INFO_ICMP_ERROR) != 0;
  uint32_t touched = six ? FIXED6_REAL : FIXED4;
  if (checksum != 0) touched = checksum + 2;
  if (error) touched = facts.quoteEnd;
  save(packet_, touched);
  const uint16_t sum = addressSum(packet_, six);
  if (error) rewriteQuote(packet_, facts, nullptr, nullptr, sum, false);
  const bool partial = (info_ & INFO_PARTIAL_CHECKSUM) != 0;
  if (checksum != 0 && partial) poke<uint16_t>(packet_ + checksum, 0);
  if (checksum != 0 && !partial) adjustAt(packet_ + checksum, protocolOf(info_) == PROTOCOL_UDP, sum, 0);
  current_ = six ? packet_ + SHORTER6 : packet_;
  currentLength_ = six ? length - SHORTER6 : length;
  if (six) {
    memcpy(current_, packet_, BLOCK6);
    writeBlock(current_ + BLOCK6, partial);
  } else {
    poke<uint16_t>(current_ + 10, 0);
    writeBlock(current_ + BLOCK4, partial);
  }
  if (mark_) setEcn(current_, ECN_CE);
}

uint8_t* Segmenter::nextFragment(uint32_t& length) {
  const uint32_t slice = fragmentAt_ - FRAGMENT_HEADER;
  const uint32_t left = currentLength_ - currentOffset_;
  const uint32_t bytes = left < slice ? left : slice;
  if (currentOffset_ == 0) fragmentId_ = static_cast<uint16_t>(counterLow_ + yielded_);
  uint8_t* at = current_ + currentOffset_ - FRAGMENT_HEADER;
  memcpy(&savedFragment_, at, FRAGMENT_HEADER);
  savedFragmentAt_ = at;
  at[0] = PLAINTEXT_FRAGMENT;
  at[1] = 0;
  store16(at + 2, fragmentId_);
  store16(at + 4, currentOffset_);
  store16(at + 6, currentLength_);
  currentOffset_ += bytes;
  if (currentOffset_ == currentLength_) currentLength_ = 0;
  yielded_++;
  length = bytes + FRAGMENT_HEADER;
  return at;
}

uint8_t* Segmenter::next(uint32_t& length) {
  if (savedFragmentAt_ != nullptr) {
    memcpy(savedFragmentAt_, &savedFragment_, FRAGMENT_HEADER);
    savedFragmentAt_ = nullptr;
    if (currentLength_ != 0) return nextFragment(length);
  }
  if (savedAt_ != nullptr) {
    memcpy(savedAt_, saved_, savedLength_);
    savedAt_ = nullptr;
  }
  if (segment_ == segmentEnd_) return nullptr;
  if (cut_) {
    buildSegment();
  } else {
    buildSingle();
  }
  segment_++;
  if (currentLength_ > fragmentAt_) {
    currentOffset_ = 0;
    return nextFragment(length);
  }
  yielded_++;
  length = currentLength_;
  return current_;
}

void rewriteQuote(uint8_t* packet, const Facts& facts, const uint8_t* source, const uint8_t* destination, uint16_t sum, bool enter) {
  const bool six = familyOf(facts.info) == 6;
  uint8_t* quote = packet + facts.quote;
  const uint32_t covered = facts.quoteEnd - facts.quote;
  const uint16_t before = fold(sumBytes(quote, covered));
  const uint32_t size = six ? 16 : 4;
  uint8_t* addresses = quote + (six ? 8 : 12);
  if (enter) {
    memcpy(addresses, source, size);
    memcpy(addresses + size, destination, size);
  } else {
    memset(addresses, 0, size * 2);
  }
  const uint16_t gone = enter ? 0 : sum;
  const uint16_t come = enter ? sum : 0;
  if (!six) adjustAt(quote + 10, false, gone, come);
  if (facts.quoteChecksum != 0) adjustAt(packet + facts.quoteChecksum, (facts.quoteInfo & 0xff) == PROTOCOL_UDP, gone, come);
  adjustAt(packet + facts.network + ICMP_CHECKSUM, false, before, fold(sumBytes(quote, covered)));
}

}  // namespace mcc
