#include "outlet.h"

#include <algorithm>

namespace mcc {
namespace {

constexpr uint32_t BUFFER_BYTES = 65536;
constexpr size_t SPARE_BUFFERS = 8;
// Shorter trains that have to wait are copied to memory of their size.
constexpr uint32_t COPY_BELOW = 16384;

uint32_t datagramsOf(uint32_t bytes, uint32_t segment) { return (bytes + segment - 1) / segment; }

}  // namespace

uint8_t* Outlet::begin(uint32_t path, uint32_t bytes, uint64_t releaseNs, uint8_t trafficClass) {
  if (path >= paths_.size() || paths_[path].nameBytes == 0) return nullptr;
  const uint32_t front = paths_[path].front;
  bytes += front;
  if (bytes > TRAIN_BYTES) return nullptr;
  const bool joins = path == path_ && releaseNs == releaseNs_ && trafficClass == trafficClass_ && !closed_ && datagrams_ > 0 && bytes <= segment_ &&
                     bytes_ + bytes <= TRAIN_BYTES && datagrams_ < most_;
  if (!joins) {
    flush();
    path_ = path;
    releaseNs_ = releaseNs;
    segment_ = bytes;
    trafficClass_ = trafficClass;
    const Path* carrier = carrierOf(paths_[path]);
    most_ = carrier == nullptr ? 1 : socketOf(*carrier).trainDatagrams();
    lost_ = front != 0 && !headerOf(paths_[path].address, header_);
  }
  pending_ = bytes;
  uint8_t* at = open_.get() + bytes_;
  if (front != 0) std::copy_n(header_, RELAY_HEADER, at);
  return at + front;
}

void Outlet::commit() {
  bytes_ += pending_;
  if (releaseNs_ != 0) paths_[path_].waitingBytes += pending_;
  datagrams_++;
  closed_ = pending_ < segment_;
}

void Outlet::flush(uint8_t ttl) {
  if (datagrams_ == 0) return;
  Path& path = paths_[path_];
  Path* carrier = carrierOf(path);
  if (datagrams_ > 1 && carrier != nullptr && carrier->address.via != 0) widen(carrier->line());
  if (lost_ || (carrier == nullptr && releaseNs_ == 0)) {
    counters_.add(COUNT_DROP_RELAY, datagrams_);
    if (releaseNs_ != 0) path.waitingBytes -= std::min(path.waitingBytes, bytes_);
  } else if (releaseNs_ != 0) {
    timed_.push({releaseNs_, order_++, path_, path.generation, bytes_, segment_, 0, trafficClass_, keepOpen()});
  } else if (ttl != 0 && carrier == &path && !path.isStream()) {
    if (socketOf(path).sendWithTtl(path, open_.get(), bytes_, ttl, counters_)) noteTooBig(path_);
  } else if (!waitsFor(*carrier)) {
    const SendResult result = transmit(*carrier, {open_.get(), bytes_, segment_, trafficClass_});
    if (result.tooBig) noteTooBig(path_);
    if (result.left > 0) {
      Waiting train{0, order_++, path_, path.generation, bytes_, segment_, bytes_ - result.left, trafficClass_, keepOpen()};
      enqueue(std::move(train), carrier->line());
    }
  } else {
    enqueue({0, order_++, path_, path.generation, bytes_, segment_, 0, trafficClass_, keepOpen()}, carrier->line());
  }
  bytes_ = 0;
  datagrams_ = 0;
  closed_ = false;
  path_ = UINT32_MAX;
}

SendResult Outlet::transmit(Path& carrier, const Train& train) {
  if (!carrier.isStream()) return socketOf(carrier).send(carrier, train, counters_);
  streams.send(carrier.address.streamNumber(), train);
  return {};
}

// Hands the gathered bytes over and leaves a buffer to gather the next in.
Outlet::Buffer Outlet::keepOpen() {
  if (bytes_ < COPY_BELOW) {
    Buffer copy(new uint8_t[bytes_]);
    std::copy_n(open_.get(), bytes_, copy.get());
    return copy;
  }
  Buffer full = takeBuffer();
  full.swap(open_);
  return full;
}

Outlet::Buffer Outlet::takeBuffer() {
  if (spare_.empty()) return Buffer(new uint8_t[BUFFER_BYTES]);
  Buffer buffer = std::move(spare_.back());
  spare_.pop_back();
  return buffer;
}

void Outlet::putBack(Buffer buffer, uint32_t bytes) {
  if (bytes >= COPY_BELOW && spare_.size() < SPARE_BUFFERS) spare_.push_back(std::move(buffer));
}

uint64_t Outlet::release(uint64_t nowNs) {
  while (!timed_.empty() && timed_.top().releaseNs <= nowNs) {
    const Waiting& top = timed_.top();
    Waiting train{0, top.order, top.path, top.generation, top.bytes, top.segment, 0, top.trafficClass, std::move(top.data)};
    timed_.pop();
    dispatch(std::move(train));
  }
  return nextRelease();
}

void Outlet::dispatch(Waiting train) {
  Path& path = paths_[train.path];
  if (path.nameBytes == 0 || path.generation != train.generation) {
    counters_.add(COUNT_DROP_SEND_OTHER, datagramsOf(train.bytes, train.segment));
    return;
  }
  path.waitingBytes -= std::min(path.waitingBytes, train.bytes);
  Path* carrier = carrierOf(path);
  if (carrier == nullptr) {
    counters_.add(COUNT_DROP_RELAY, datagramsOf(train.bytes, train.segment));
    return;
  }
  if (waitsFor(*carrier)) {
    enqueue(std::move(train), carrier->line());
    return;
  }
  const SendResult result = transmit(*carrier, {train.data.get(), train.bytes, train.segment, train.trafficClass});
  if (result.tooBig) noteTooBig(train.path);
  if (result.left > 0) {
    train.sent = train.bytes - result.left;
    enqueue(std::move(train), carrier->line());
  } else {
    putBack(std::move(train.data), train.bytes);
  }
}

void Outlet::forward(uint32_t slot, const Train& train) {
  if (waitsFor(paths_[slot]) && backlogBytes_ + train.bytes > FORWARD_BACKLOG_BYTES) {
    counters_.add(COUNT_DROP_SEND_BUFFER, datagramsOf(train.bytes, train.segment));
    return;
  }
  const uint32_t most = std::max(TRAIN_BYTES / train.segment, 1u) * train.segment;
  for (uint32_t at = 0; at < train.bytes; at += most) {
    const uint32_t bytes = std::min(most, train.bytes - at);
    if (bytes >= COPY_BELOW) {
      forwardWhole(slot, {train.data + at, bytes, train.segment, train.trafficClass});
      continue;
    }
    // Short ones from several reads leave together.
    for (uint32_t of = 0; of < bytes; of += train.segment) {
      const uint32_t length = std::min(train.segment, bytes - of);
      // A single larger one may be a test of what the way carries: who loses it is not to lose what comes behind it.
      if (path_ == slot && datagrams_ == 1 && length != segment_) flush();
      std::copy_n(train.data + at + of, length, begin(slot, length, 0, train.trafficClass));
      commit();
    }
  }
}

void Outlet::forwardWhole(uint32_t slot, const Train& train) {
  flush();
  Path& path = paths_[slot];
  uint32_t left = train.bytes;
  if (!waitsFor(path)) left = transmit(path, train).left;
  if (left == 0) return;
  Buffer copy = left < COPY_BELOW ? Buffer(new uint8_t[left]) : takeBuffer();
  std::copy_n(train.data + train.bytes - left, left, copy.get());
  enqueue({0, order_++, slot, path.generation, left, train.segment, 0, train.trafficClass, std::move(copy)}, path.line());
}

void Outlet::enqueue(Waiting train, uint32_t line) {
  const uint32_t left = train.bytes - train.sent;
  if (lines_[line] == nullptr || backlogBytes_ + left > BACKLOG_BYTES) {
    counters_.add(COUNT_DROP_SEND_BUFFER, datagramsOf(left, train.segment));
    putBack(std::move(train.data), train.bytes);
    return;
  }
  auto& backlog = lines_[line]->backlog;
  if (backlog.empty()) turn(line, 1);
  backlogBytes_ += left;
  backlog.push_back(std::move(train));
}

void Outlet::turn(uint32_t line, int blocked) {
  blockedLines_ += blocked;
  turned_.push_back(line);
}

uint32_t Outlet::takeTurned() {
  if (turned_.empty()) return UINT32_MAX;
  const uint32_t line = turned_.back();
  turned_.pop_back();
  return line;
}

void Outlet::drain(uint32_t line) {
  if (!blocked(line)) return;
  auto& backlog = lines_[line]->backlog;
  while (!backlog.empty()) {
    Waiting& train = backlog.front();
    const uint32_t left = train.bytes - train.sent;
    Path& path = paths_[train.path];
    Path* carrier = carrierOf(path);
    if (path.nameBytes != 0 && path.generation == train.generation && carrier != nullptr && carrier->line() == line) {
      const SendResult result = transmit(*carrier, {train.data.get() + train.sent, left, train.segment, train.trafficClass});
      if (result.tooBig) noteTooBig(train.path);
      backlogBytes_ -= left - result.left;
      train.sent += left - result.left;
      if (result.left > 0) return;
    } else {
      counters_.add(COUNT_DROP_SEND_OTHER, datagramsOf(left, train.segment));
      backlogBytes_ -= left;
    }
    putBack(std::move(train.data), train.bytes);
    backlog.pop_front();
  }
  turn(line, -1);
}

void Outlet::widen(uint32_t line) {
  if (lines_[line] == nullptr || lines_[line]->isWide) return;
  lines_[line]->isWide = true;
  lines_[line]->socket.setBuffers(bufferBytes);
}

Failure Outlet::openLine(uint32_t line, const UdpSocket::Options& options) {
  auto opened = std::make_unique<Line>();
  const Failure failure = opened->socket.open(options);
  if (!failure) lines_[line] = std::move(opened);
  return failure;
}

void Outlet::closeLine(uint32_t line) {
  if (lines_[line] == nullptr) return;
  auto& backlog = lines_[line]->backlog;
  if (!backlog.empty()) turn(line, -1);
  for (const Waiting& train : backlog) {
    const uint32_t left = train.bytes - train.sent;
    counters_.add(COUNT_DROP_SEND_OTHER, datagramsOf(left, train.segment));
    backlogBytes_ -= left;
  }
  lines_[line].reset();
}

void Outlet::closeAll() {
  for (uint32_t line = 0; line < LINES; line++) closeLine(line);
}

void Outlet::noteTooBig(uint32_t path) {
  if (paths_[path].tooBigReported) return;
  paths_[path].tooBigReported = true;
  tooBig_.push_back(path);
}

uint32_t Outlet::takeTooBig() {
  if (tooBig_.empty()) return UINT32_MAX;
  const uint32_t path = tooBig_.back();
  tooBig_.pop_back();
  paths_[path].tooBigReported = false;
  return path;
}

bool Outlet::setPath(uint32_t slot, const Address& to) {
  if (slot >= paths_.size()) return false;
  forget(slot);
  Path& path = paths_[slot];
  path.nameBytes = static_cast<uint8_t>(toSocketName(to, &path.name));
  // Paths lead to those who proved who they are.
  if (to.isStream()) streams.trust(to.streamNumber());
  path.front = to.isCircuit() ? RELAY_HEADER : 0;
  path.address = to;
  return true;
}

void Outlet::clearPath(uint32_t slot) {
  if (slot >= paths_.size()) return;
  forget(slot);
  circuits.clearSlot(static_cast<uint16_t>(slot));
}

// What still waits for the path goes nowhere else: its generation tells.
void Outlet::forget(uint32_t slot) {
  if (path_ == slot) flush();
  Path& path = paths_[slot];
  const bool reported = path.tooBigReported;
  const uint32_t generation = path.generation + 1;
  path = {};
  path.generation = generation;
  path.tooBigReported = reported;
}

void Outlet::sendRaw(const Address& to, const uint8_t* bytes, uint32_t length, uint8_t ttl) {
  if (to.isCircuit()) {
    sendRawThrough(to, bytes, length);
    return;
  }
  if (to.isStream()) {
    streams.send(to.streamNumber(), {bytes, length, length});
    return;
  }
  Path path{};
  path.nameBytes = static_cast<uint8_t>(toSocketName(to, &path.name));
  path.address = to;
  if (ttl != 0) {
    socketOf(path).sendWithTtl(path, bytes, length, ttl, counters_);
    return;
  }
  const SendResult result = socketOf(path).send(path, {bytes, length, length}, counters_);
  if (result.left > 0) counters_.add(COUNT_DROP_SEND_BUFFER);
}

void Outlet::sendRawThrough(const Address& to, const uint8_t* bytes, uint32_t length) {
  uint8_t header[RELAY_HEADER];
  Path& relay = paths_[to.relaySlot()];
  const uint32_t whole = RELAY_HEADER + length;
  if (whole > TRAIN_BYTES || relay.nameBytes == 0 || relay.isCircuit() || !headerOf(to, header)) {
    counters_.add(COUNT_DROP_RELAY);
    return;
  }
  Buffer datagram(new uint8_t[whole]);
  std::copy_n(header, RELAY_HEADER, datagram.get());
  std::copy_n(bytes, length, datagram.get() + RELAY_HEADER);
  const SendResult result = transmit(relay, {datagram.get(), whole, whole});
  if (result.left > 0) counters_.add(COUNT_DROP_SEND_BUFFER);
}

void Outlet::keepalive(uint32_t slot, uint16_t leg, uint16_t number) {
  uint8_t header[RELAY_HEADER];
  if (slot >= paths_.size() || paths_[slot].nameBytes == 0 || paths_[slot].isCircuit()) {
    counters_.add(COUNT_DROP_RELAY);
    return;
  }
  writeRelayHeader(header, leg, number);
  Path& path = paths_[slot];
  const SendResult result = transmit(path, {header, RELAY_HEADER, RELAY_HEADER});
  if (result.left > 0) counters_.add(COUNT_DROP_SEND_BUFFER);
}

}  // namespace mcc
