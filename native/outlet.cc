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

uint8_t* Outlet::begin(uint32_t path, uint32_t bytes, uint64_t releaseNs) {
  if (path >= paths_.size() || paths_[path].nameBytes == 0 || bytes > TRAIN_BYTES) return nullptr;
  const bool joins = path == path_ && releaseNs == releaseNs_ && !closed_ && datagrams_ > 0 && bytes <= segment_ &&
                     bytes_ + bytes <= TRAIN_BYTES && datagrams_ < socketOf(paths_[path]).trainDatagrams();
  if (!joins) {
    flush();
    path_ = path;
    releaseNs_ = releaseNs;
    segment_ = bytes;
  }
  pending_ = bytes;
  return open_.get() + bytes_;
}

void Outlet::commit() {
  bytes_ += pending_;
  if (releaseNs_ != 0) paths_[path_].waitingBytes += pending_;
  datagrams_++;
  closed_ = pending_ < segment_;
}

void Outlet::flush() {
  if (datagrams_ == 0) return;
  Path& path = paths_[path_];
  const bool v4Socket = isV4(path);
  if (releaseNs_ == 0 && !blocked(v4Socket)) {
    const SendResult result = socketOf(path).send(path, {open_.get(), bytes_, segment_}, counters_);
    if (result.tooBig) noteTooBig(path_);
    if (result.left > 0) {
      Waiting train{0, order_++, path_, path.generation, bytes_, segment_, bytes_ - result.left, keepOpen()};
      enqueue(std::move(train));
    }
  } else {
    Waiting train{releaseNs_, order_++, path_, path.generation, bytes_, segment_, 0, keepOpen()};
    if (releaseNs_ != 0) timed_.push(std::move(train));
    else enqueue(std::move(train));
  }
  bytes_ = 0;
  datagrams_ = 0;
  closed_ = false;
  path_ = UINT32_MAX;
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
    Waiting train{0, top.order, top.path, top.generation, top.bytes, top.segment, 0, std::move(top.data)};
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
  if (blocked(isV4(path))) {
    enqueue(std::move(train));
    return;
  }
  const SendResult result = socketOf(path).send(path, {train.data.get(), train.bytes, train.segment}, counters_);
  if (result.tooBig) noteTooBig(train.path);
  if (result.left > 0) {
    train.sent = train.bytes - result.left;
    enqueue(std::move(train));
  } else {
    putBack(std::move(train.data), train.bytes);
  }
}

void Outlet::enqueue(Waiting train) {
  const uint32_t left = train.bytes - train.sent;
  if (backlogBytes_ + left > BACKLOG_BYTES) {
    counters_.add(COUNT_DROP_SEND_BUFFER, datagramsOf(left, train.segment));
    putBack(std::move(train.data), train.bytes);
    return;
  }
  backlogBytes_ += left;
  backlog_[isV4(paths_[train.path])].push_back(std::move(train));
}

void Outlet::drain(bool v4Socket) {
  auto& backlog = backlog_[v4Socket];
  while (!backlog.empty()) {
    Waiting& train = backlog.front();
    const uint32_t left = train.bytes - train.sent;
    Path& path = paths_[train.path];
    if (path.nameBytes != 0 && path.generation == train.generation) {
      UdpSocket& socket = v4Socket ? v4 : v6;
      const SendResult result = socket.send(path, {train.data.get() + train.sent, left, train.segment}, counters_);
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
  return true;
}

void Outlet::clearPath(uint32_t slot) {
  if (slot < paths_.size()) forget(slot);
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

void Outlet::sendRaw(const Address& to, const uint8_t* bytes, uint32_t length) {
  Path path{};
  path.nameBytes = static_cast<uint8_t>(toSocketName(to, &path.name));
  const SendResult result = socketOf(path).send(path, {bytes, length, length}, counters_);
  if (result.left > 0) counters_.add(COUNT_DROP_SEND_BUFFER);
}

}  // namespace mcc
