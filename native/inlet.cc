#include "inlet.h"

#include <algorithm>
#include <cstring>

#include "ecn.h"

namespace mcc {
namespace {

constexpr uint32_t RECEIVE_HEADROOM = 64;
// Messages asked for at first: so many full trains fill BATCH_BYTES. Where they turn out small, all slots are asked for.
constexpr uint32_t ROUND = 4;
constexpr uint32_t SMALL_BYTES = 4096;
// Behind the words of `outer` stands the ECN field of the outer header.
constexpr uint32_t OUTER_ECN = OUTER_WORDS;
// In numbers of circuits that the relay chose, at the end that it offers them to. An initiation may come before the offer does.
constexpr uint16_t NUMBER_OF_RELAY = 0x8000;
// TCP in one piece whose header is there.
constexpr uint32_t TCP_INFO = 0xff << INFO_PROTOCOL_SHIFT | INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT | INFO_NO_PORTS;
constexpr uint32_t TCP_WITH_PORTS = 6 << INFO_PROTOCOL_SHIFT;

}  // namespace

bool Inlet::read(UdpSocket& socket, uint16_t via) {
  mmsghdr headers[RECEIVE_SLOTS];
  iovec vectors[RECEIVE_SLOTS];
  SocketName names[RECEIVE_SLOTS];
  alignas(cmsghdr) uint8_t controls[RECEIVE_SLOTS][64];
  uint32_t bytes = 0;
  messageCount_ = 0;
  messageDone_ = 0;
  more_ = true;
  while (messageCount_ < RECEIVE_SLOTS && bytes < BATCH_BYTES) {
    const uint32_t left = RECEIVE_SLOTS - messageCount_;
    const bool small = messageCount_ > 0 && bytes < messageCount_ * SMALL_BYTES;
    const uint32_t wanted = small ? left : std::min(ROUND, left);
    for (uint32_t i = 0; i < wanted; i++) {
      uint8_t* at = pages_->data() + size_t{messageCount_ + i} * RECEIVE_SLOT_BYTES + RECEIVE_HEADROOM;
      vectors[i] = {at, RECEIVE_SLOT_BYTES - RECEIVE_HEADROOM};
      headers[i] = {};
      headers[i].msg_hdr.msg_name = &names[i];
      headers[i].msg_hdr.msg_namelen = sizeof names[i];
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_control = controls[i];
      headers[i].msg_hdr.msg_controllen = sizeof controls[i];
    }
    counters_.add(COUNT_RECEIVE_CALLS);
    const int got = socket.receive(headers, wanted);
    if (got < static_cast<int>(wanted)) more_ = false;
    if (got <= 0) break;
    for (int i = 0; i < got; i++) {
      Message& message = messages_[messageCount_++];
      const uint32_t length = headers[i].msg_len;
      const uint32_t segment = groSegment(headers[i].msg_hdr);
      message = {static_cast<uint8_t*>(vectors[i].iov_base), length, segment == 0 ? length : segment, 0, {}};
      Address from = fromSocketName(names[i]);
      from.via = via;
      memcpy(message.outer, from.words, sizeof from.words);
      message.outer[4] = from.portWord();
      message.outer[OUTER_ECN] = trafficClassOf(headers[i].msg_hdr) & ECN;
      bytes += length;
      counters_.add(COUNT_DATAGRAM_BYTES_RECEIVED, length);
      counters_.add(COUNT_DATAGRAMS_RECEIVED, length == 0 ? 1 : (length + message.segment - 1) / message.segment);
      if (length == 0) counters_.add(COUNT_DROP_TRUNCATED);
      // Only circuits have addresses there, and nobody may pass for one.
      if (from.isDiscardOnly()) {
        counters_.add(COUNT_DROP_RELAY, length == 0 ? 0 : (length + message.segment - 1) / message.segment);
        message.done = length;
      }
    }
    if (!more_) break;
  }
  return messageCount_ > 0;
}

bool Inlet::read(Streams& streams, uint32_t number) {
  uint8_t* at = pages_->data() + RECEIVE_HEADROOM;
  counters_.add(COUNT_RECEIVE_CALLS);
  const uint32_t bytes = streams.read(number, at, RECEIVE_SLOT_BYTES - RECEIVE_HEADROOM, &more_);
  messageCount_ = bytes == 0 ? 0 : 1;
  messageDone_ = 0;
  const Address from = streamAddress(number);
  messages_[0] = {at, bytes, 0, 0, {from.words[0], from.words[1], from.words[2], from.words[3], from.port}};
  return messageCount_ > 0;
}

uint32_t Inlet::next(Message& message) {
  if (message.segment != 0) return std::min(message.segment, message.bytes - message.done);
  const uint32_t length = Streams::lengthAt(message.data + message.done);
  message.done += STREAM_FRONT;
  return length;
}

uint32_t Inlet::fill(uint32_t* rows, uint64_t nowMs) {
  rows_ = rows;
  rowCount_ = 0;
  rawRows_ = 0;
  heardRow_ = NO_ROW;
  nowMs_ = nowMs;
  decoders.expire(nowMs);
  if (messageDone_ == messageCount_ && !resequencer.hasReady()) return 0;
  coalescer->reset();
  drain();
  for (; messageDone_ < messageCount_; messageDone_++) {
    Message& message = messages_[messageDone_];
    while (message.done < message.bytes && room()) {
      const uint32_t before = message.done;
      const uint32_t length = next(message);
      uint8_t* at = message.data + message.done;
      message.done += length;
      if (at[0] != TYPE_RELAYED) {
        datagram(message.outer, at, length);
      } else if (!relayed(message, at, length)) {
        message.done = before;
        break;
      }
      if (message.segment == 0) {
        counters_.add(COUNT_DATAGRAMS_RECEIVED);
        counters_.add(COUNT_DATAGRAM_BYTES_RECEIVED, length);
      }
    }
    if (message.done < message.bytes) break;
  }
  for (uint32_t row = 0; row < rowCount_; row++) {
    if (rowGroup_[row] >= 0) coalescer->describe(coalescer->group(rowGroup_[row]), rows_ + size_t{row} * ROW_WORDS);
  }
  if (rowCount_ == 0) finishBatch();
  return rowCount_;
}

void Inlet::finishBatch() {
  rowCount_ = 0;
  reassembly.recycle();
  decoders.recycle();
  resequencer.recycle();
}

void Inlet::datagram(const uint32_t* outer, uint8_t* bytes, uint32_t length) {
  switch (bytes[0]) {
    case TYPE_TRANSPORT:
      transport(outer, bytes, length);
      return;
    case TYPE_INITIATION:
    case TYPE_RESPONSE:
    case TYPE_COOKIE: {
      if (length < HANDSHAKE_MIN) {
        counters_.add(COUNT_DROP_TRUNCATED);
        return;
      }
      raw(outer, bytes, length);
      return;
    }
    default:
      counters_.add(COUNT_DROP_UNKNOWN_TYPE);
  }
}

void Inlet::raw(const uint32_t* outer, uint8_t* bytes, uint32_t length) {
  if (rawRows_ == RAW_ROWS) {
    counters_.add(COUNT_DROP_BUSY);
    return;
  }
  rawRows_++;
  uint32_t* row = newRow(-1, KIND_RAW, bytes, length);
  memcpy(row + IN_OUTER_SOURCE, outer, OUTER_WORDS * 4);
  row[IN_OUTER_BYTES] = length;
}

bool Inlet::hasControlFrom(const uint32_t* outer) const {
  for (uint32_t i = 0; i < rowCount_; i++) {
    const uint32_t* row = rows_ + size_t{i} * ROW_WORDS;
    if (row[IN_KIND] == KIND_CONTROL && memcmp(row + IN_OUTER_SOURCE, outer, OUTER_WORDS * 4) == 0) return true;
  }
  return false;
}

bool Inlet::relayed(Message& message, uint8_t* bytes, uint32_t length) {
  if (length <= RELAY_HEADER) {
    // One with a number is a question or its answer.
    if (length == RELAY_HEADER && (bytes[3] | bytes[4]) != 0) raw(message.outer, bytes, length);
    else counters_.add(length == RELAY_HEADER ? COUNT_KEEPALIVES : COUNT_DROP_TRUNCATED);
    return true;
  }
  const Circuit* circuit = relay_.admit(message.outer, bytes);
  // What opens a circuit and the first datagram through it come at once.
  if (circuit == nullptr && hasControlFrom(message.outer)) return false;
  const uint32_t inner = length - RELAY_HEADER;
  if (circuit == nullptr && bytes[RELAY_HEADER] == TYPE_INITIATION && inner >= HANDSHAKE_MIN && (relayNumber(bytes) & NUMBER_OF_RELAY) != 0 &&
      relay_.isFromNeighbour(message.outer, bytes)) {
    const Address of = circuitAddress(relayLeg(bytes), relayNumber(bytes));
    const uint32_t offered[OUTER_WORDS] = {of.words[0], of.words[1], of.words[2], of.words[3], of.port};
    raw(offered, bytes + RELAY_HEADER, inner);
    return true;
  }
  if (circuit == nullptr || bytes[RELAY_HEADER] == TYPE_RELAYED) {
    counters_.add(COUNT_DROP_RELAY);
    return true;
  }
  const auto followed = [&] {
    const uint32_t left = message.bytes - message.done;
    const uint8_t* next = message.data + message.done;
    return std::min(message.segment, left) > RELAY_HEADER && memcmp(next, bytes, RELAY_HEADER) == 0 && next[RELAY_HEADER] != TYPE_RELAYED;
  };
  if (!circuit->terminal) {
    uint32_t run = length;
    for (; followed(); message.done += std::min(message.segment, message.bytes - message.done)) {
      run += std::min(message.segment, message.bytes - message.done);
    }
    relay_.forward(*circuit, bytes, run, message.segment == 0 ? run : message.segment, message.outer[OUTER_ECN]);
    return true;
  }
  const Address from = circuitAddress(circuit->toSlot, circuit->toNumber);
  uint32_t outer[OUTER_WORDS + 1];
  memcpy(outer, from.words, sizeof from.words);
  outer[4] = from.portWord();
  outer[OUTER_ECN] = message.outer[OUTER_ECN];
  datagram(outer, bytes + RELAY_HEADER, length - RELAY_HEADER);
  while (room() && followed()) {
    uint8_t* next = message.data + message.done;
    const uint32_t bytesOfIt = std::min(message.segment, message.bytes - message.done);
    message.done += bytesOfIt;
    datagram(outer, next + RELAY_HEADER, bytesOfIt - RELAY_HEADER);
  }
  return true;
}

void Inlet::transport(const uint32_t* outer, uint8_t* bytes, uint32_t length) {
  if (length < TRANSPORT_HEADER + TAG_BYTES) {
    counters_.add(COUNT_DROP_TRUNCATED);
    return;
  }
  if (loadLe32(bytes) != TYPE_TRANSPORT) {
    counters_.add(COUNT_DROP_UNKNOWN_TYPE);
    return;
  }
  ReceiveKey* key = keys_.receiveByIndex(loadLe32(bytes + 4));
  if (key == nullptr) {
    counters_.add(COUNT_DROP_UNKNOWN_INDEX);
    return;
  }
  const uint64_t counter = loadLe64(bytes + 8);
  if (counter >= COUNTER_LIMIT) {
    counters_.add(COUNT_DROP_COUNTER_LIMIT);
    return;
  }
  const Freshness freshness = key->window.check(counter);
  if (freshness != Freshness::Fresh) {
    counters_.add(freshness == Freshness::Seen ? COUNT_DROP_REPLAYED : COUNT_DROP_TOO_OLD);
    return;
  }
  uint8_t* plaintext = bytes + TRANSPORT_HEADER;
  const uint32_t plainLength = length - TRANSPORT_HEADER - TAG_BYTES;
  if (!key->aead->open(counter, bytes, plaintext, plainLength)) {
    counters_.add(COUNT_DROP_AUTHENTICATION);
    return;
  }
  const bool isLate = counter < key->window.next();
  key->window.mark(counter);
  opened(outer, *key, counter, plaintext, plainLength, length);
  // Somebody may have waited for it.
  if (isLate) resequencer.filled(key->index & 0xffff, counter);
  if (resequencer.hasReady()) drain();
}

void Inlet::opened(const uint32_t* outer, ReceiveKey& key, uint64_t counter, uint8_t* plaintext, uint32_t plainLength, uint32_t length) {
  const uint32_t slot = key.index & 0xffff;
  if (plainLength == 0 || plaintext[0] == PLAINTEXT_CONTROL || plaintext[0] == PLAINTEXT_ACK) {
    uint32_t* row = newRow(-1, KIND_CONTROL, plaintext, plainLength);
    row[IN_KEY] = slot;
    row[IN_COUNTER_LOW] = static_cast<uint32_t>(counter);
    row[IN_COUNTER_HIGH] = static_cast<uint32_t>(counter >> 32);
    memcpy(row + IN_OUTER_SOURCE, outer, OUTER_WORDS * 4);
    row[IN_OUTER_BYTES] = length;
    return;
  }
  if (plaintext[0] == PLAINTEXT_PARITY) {
    parity(outer, key, counter, plaintext, plainLength, length);
    return;
  }
  // A resend or its group's parity made up for it before.
  if (key.window.isRepaired(counter)) {
    counters_.add(COUNT_DROP_DUPLICATE);
    return;
  }
  ParityDecoder* decoder = decoders.any() ? decoders.find(key.index) : nullptr;
  ParityDecoder::Group* complete = decoder == nullptr ? nullptr : decoder->add(counter, plaintext, plainLength);
  taken(outer, key, counter, plaintext, plainLength, length);
  if (complete != nullptr) recover(outer, key, *decoder, *complete);
}

void Inlet::heard(const uint32_t* outer, uint32_t slot, uint64_t counter, uint32_t outerBytes) {
  uint32_t* row = heardRow_ == NO_ROW ? nullptr : rows_ + size_t{heardRow_} * ROW_WORDS;
  if (row != nullptr && row[IN_KEY] == slot && memcmp(row + IN_OUTER_SOURCE, outer, OUTER_WORDS * 4) == 0) {
    row[IN_DATAGRAMS]++;
  } else {
    heardRow_ = rowCount_;
    row = newRow(-1, KIND_HEARD, nullptr, 0);
    row[IN_KEY] = slot;
    memcpy(row + IN_OUTER_SOURCE, outer, OUTER_WORDS * 4);
  }
  const uint64_t highest = row[IN_COUNTER_LOW] | uint64_t{row[IN_COUNTER_HIGH]} << 32;
  row[IN_COUNTER_LOW] = static_cast<uint32_t>(std::max(highest, counter));
  row[IN_COUNTER_HIGH] = static_cast<uint32_t>(std::max(highest, counter) >> 32);
  row[IN_OUTER_BYTES] += outerBytes;
}

void Inlet::parity(const uint32_t* outer, ReceiveKey& key, uint64_t counter, const uint8_t* plaintext, uint32_t length, uint32_t outerBytes) {
  heard(outer, key.index & 0xffff, counter, outerBytes);
  counters_.add(COUNT_PARITY_RECEIVED);
  ParityDecoder* decoder = decoders.make(key.index, nowMs_);
  if (decoder == nullptr) return;
  ParityDecoder::Group* complete;
  if (!decoder->addParity(counter, plaintext, length, &complete)) {
    counters_.add(COUNT_DROP_PARITY);
    return;
  }
  decoder->usedMs = nowMs_;
  if (complete != nullptr) recover(outer, key, *decoder, *complete);
}

void Inlet::recover(const uint32_t* outer, ReceiveKey& key, ParityDecoder& decoder, ParityDecoder::Group& group) {
  // Nobody knows how they would have come.
  uint32_t unmarked[OUTER_WORDS + 1] = {};
  memcpy(unmarked, outer, OUTER_WORDS * 4);
  Recovered found[PARITY_MOST];
  const uint32_t count = decoders.recover(decoder, group, found);
  for (uint32_t i = 0; i < count; i++) {
    const Recovered& each = found[i];
    if (resequencer.hasReady()) drain();
    const uint32_t nibble = each.plaintext[0] >> 4;
    if (nibble != 4 && nibble != 6 && each.plaintext[0] != PLAINTEXT_FRAGMENT) {
      counters_.add(COUNT_DROP_PARITY);
    } else if (!room()) {
      counters_.add(COUNT_DROP_BUSY);
    } else if (key.window.repair(each.counter) == Freshness::Fresh) {
      counters_.add(COUNT_RECOVERED);
      taken(unmarked, key, each.counter, each.plaintext, each.length, 0);
      resequencer.filled(key.index & 0xffff, each.counter);
    }
  }
}

void Inlet::taken(const uint32_t* outer, ReceiveKey& key, uint64_t counter, uint8_t* plaintext, uint32_t length, uint32_t outerBytes) {
  const bool isMarked = outer[OUTER_ECN] == ECN_CE;
  if (plaintext[0] != PLAINTEXT_FRAGMENT) {
    if (isMarked && length > 1) countMarks(key, plaintext, 1);
    data(outer, key, counter, plaintext, length, outerBytes);
    return;
  }
  const Reassembly::Result result = reassembly.add(key.remote, key.index & 0xffff, counter, plaintext, length, nowMs_, isMarked);
  if (result.dropped > 0) counters_.add(COUNT_DROP_FRAGMENT, result.dropped);
  if (result.outcome == Reassembly::Outcome::Refused) counters_.add(COUNT_DROP_FRAGMENT);
  if (result.outcome != Reassembly::Outcome::Complete) return;
  uint32_t ofAll[OUTER_WORDS + 1];
  memcpy(ofAll, outer, sizeof ofAll);
  if (result.congested != 0) ofAll[OUTER_ECN] = ECN_CE;
  countMarks(key, result.packet, result.congested);
  data(ofAll, key, counter, result.packet, result.length, result.length);
}

void Inlet::countMarks(ReceiveKey& key, const uint8_t* packet, uint32_t marks) {
  // What was marked before it was sealed left with that mark as well.
  if (ecnOf(packet) == ECN_CE) return;
  key.congested += marks;
  counters_.add(COUNT_CONGESTED, marks);
}

bool Inlet::drain() {
  while (roomForOne()) {
    const Arrival* arrival = resequencer.take();
    if (arrival == nullptr) return true;
    enter(*arrival);
  }
  return !resequencer.hasReady();
}

bool Inlet::isFirst(ReceiveKey& key, uint64_t counter, const WirePacket& packet, uint64_t* position) {
  *position = counter;
  Freshness freshness = Freshness::Fresh;
  if ((packet.block & BLOCK_RESENT) != 0) {
    const uint64_t behind = (counter - packet.original) & REPAIR_COUNTER;
    if (behind == 0 || behind > counter) {
      counters_.add(COUNT_DROP_INNER_MALFORMED);
      return false;
    }
    *position = counter - behind;
    freshness = key.window.repair(*position);
  }
  if (freshness == Freshness::Fresh) return true;
  counters_.add(freshness == Freshness::Seen ? COUNT_DROP_DUPLICATE : COUNT_DROP_TOO_OLD);
  return false;
}

void Inlet::data(const uint32_t* outer, ReceiveKey& key, uint64_t counter, uint8_t* plaintext, uint32_t length, uint32_t outerBytes) {
  WirePacket packet;
  if (!validateWire(plaintext, length, packet)) {
    counters_.add(COUNT_DROP_INNER_MALFORMED);
    return;
  }
  if (!takeEcn(plaintext, outer[OUTER_ECN])) {
    counters_.add(COUNT_DROP_ECN);
    return;
  }
  packet.trafficClass = (packet.trafficClass & ~ECN) | ecnOf(plaintext);
  uint64_t position;
  if (!isFirst(key, counter, packet, &position)) return;
  const uint32_t slot = key.index & 0xffff;
  const Arrival arrival{key.remote, slot, &key.window, key.holdMs, counter, position, outerBytes, outer, plaintext, &packet};
  const bool isTcp = (packet.info & TCP_INFO) == TCP_WITH_PORTS;
  if (key.holdMs == 0 || !isTcp || resequencer.add(arrival, nowMs_)) enter(arrival);
  else if (outerBytes > 0) heard(outer, slot, counter, outerBytes);
  if (position != counter) resequencer.filled(slot, position);
}

void Inlet::enter(const Arrival& arrival) {
  const int32_t index = coalescer->add(arrival.key, arrival.counter, arrival.outerBytes, arrival.plaintext, *arrival.packet);
  if (index < 0) {
    counters_.add(COUNT_DROP_BUSY);
    return;
  }
  const Group& group = coalescer->group(index);
  if (group.datagrams == 1) {
    groupRow_[index] = static_cast<int16_t>(rowCount_);
    newRow(index, KIND_DATA, nullptr, 0);
  }
  // The address that counts is that of the newest datagram.
  if (group.counter == arrival.counter) {
    memcpy(rows_ + size_t{static_cast<uint32_t>(groupRow_[index])} * ROW_WORDS + IN_OUTER_SOURCE, arrival.outer, OUTER_WORDS * 4);
  }
}

uint32_t* Inlet::newRow(int32_t group, uint32_t kind, const uint8_t* bytes, uint32_t length) {
  uint32_t* row = rows_ + size_t{rowCount_} * ROW_WORDS;
  memset(row, 0, ROW_WORDS * 4);
  rowGroup_[rowCount_++] = static_cast<int16_t>(group);
  row[IN_KIND] = kind;
  row[IN_DATAGRAMS] = 1;
  row[IN_LENGTH] = length;
  if (bytes != nullptr) row[IN_OFFSET] = static_cast<uint32_t>(bytes - pages_->data());
  return row;
}

}  // namespace mcc
