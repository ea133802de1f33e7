#include "stream.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace mcc {
namespace {

// Datagrams in one system call at most.
constexpr uint32_t AT_ONCE = 64;

uint32_t datagramsOf(const Train& train) { return (train.bytes + train.segment - 1) / train.segment; }

bool waits(int number) { return number == EAGAIN || number == EWOULDBLOCK || number == EINTR; }

}  // namespace

Streams::~Streams() { removeAll(); }

uint32_t Streams::add(int fd) {
  if (table_.size() >= STREAMS || next_ == 0) return 0;
  const uint32_t number = next_++;
  table_[number].fd = fd;
  return number;
}

void Streams::remove(uint32_t number) {
  const auto found = table_.find(number);
  if (found == table_.end()) return;
  ::close(found->second.fd);
  table_.erase(found);
}

void Streams::removeAll() {
  for (auto& each : table_) ::close(each.second.fd);
  table_.clear();
}

Streams::Stream* Streams::find(uint32_t number) {
  const auto found = table_.find(number);
  return found == table_.end() ? nullptr : &found->second;
}

const Streams::Stream* Streams::find(uint32_t number) const {
  const auto found = table_.find(number);
  return found == table_.end() ? nullptr : &found->second;
}

int Streams::fd(uint32_t number) const {
  const Stream* stream = find(number);
  return stream == nullptr ? -1 : stream->fd;
}

bool Streams::isFull(uint32_t number) const {
  const Stream* stream = find(number);
  return stream != nullptr && stream->full;
}

void Streams::trust(uint32_t number) {
  Stream* stream = find(number);
  if (stream != nullptr) stream->trusted = true;
}

void Streams::end(uint32_t number, Stream& stream) {
  if (stream.ended) return;
  stream.ended = true;
  stream.queue.clear();
  stream.sent = 0;
  noteFull(number, stream);
  ended_.push_back(number);
}

void Streams::noteFull(uint32_t number, Stream& stream) {
  const bool full = !stream.queue.empty();
  if (full == stream.full) return;
  stream.full = full;
  changed_.push_back(number);
}

void Streams::send(uint32_t number, const Train& train) {
  Stream* stream = find(number);
  if (stream == nullptr || stream->ended) {
    counters_.add(COUNT_DROP_SEND_OTHER, datagramsOf(train));
    return;
  }
  if (train.segment > STREAM_DATAGRAM_BYTES) {
    counters_.add(COUNT_DROP_SEND_TOO_BIG, datagramsOf(train));
    return;
  }
  uint32_t at = 0;
  while (stream->queue.empty() && at < train.bytes) {
    iovec vectors[2 * AT_ONCE];
    uint8_t fronts[AT_ONCE][STREAM_FRONT];
    uint32_t count = 0;
    size_t whole = 0;
    for (uint32_t next = at; next < train.bytes && count < AT_ONCE; next += train.segment, count++) {
      const uint32_t length = std::min(train.segment, train.bytes - next);
      fronts[count][0] = static_cast<uint8_t>(length >> 8);
      fronts[count][1] = static_cast<uint8_t>(length);
      vectors[2 * count] = {fronts[count], STREAM_FRONT};
      vectors[2 * count + 1] = {const_cast<uint8_t*>(train.data) + next, length};
      whole += STREAM_FRONT + length;
    }
    msghdr message{};
    message.msg_iov = vectors;
    message.msg_iovlen = 2 * count;
    counters_.add(COUNT_SEND_CALLS);
    const ssize_t sent = sendmsg(stream->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && !waits(errno)) {
      counters_.add(COUNT_DROP_SEND_OTHER, datagramsOf({train.data + at, train.bytes - at, train.segment}));
      end(number, *stream);
      return;
    }
    const uint32_t frame = STREAM_FRONT + train.segment;
    const size_t done = sent < 0 ? 0 : static_cast<size_t>(sent);
    const uint32_t datagrams = done == whole ? count : static_cast<uint32_t>(done / frame);
    const uint32_t bytes = std::min(datagrams * train.segment, train.bytes - at);
    counters_.add(COUNT_DATAGRAMS_SENT, datagrams);
    counters_.add(COUNT_DATAGRAM_BYTES_SENT, bytes);
    at += bytes;
    if (done < whole) {
      enqueue(*stream, {train.data + at, train.bytes - at, train.segment}, static_cast<uint32_t>(done - size_t{datagrams} * frame));
      noteFull(number, *stream);
      return;
    }
  }
  if (at < train.bytes) enqueue(*stream, {train.data + at, train.bytes - at, train.segment}, 0);
}

void Streams::enqueue(Stream& stream, const Train& rest, uint32_t skip) {
  for (uint32_t at = 0; at < rest.bytes; at += rest.segment) {
    const uint32_t length = std::min(rest.segment, rest.bytes - at);
    const size_t waiting = stream.queue.size() - stream.sent;
    // One that was begun is finished, whatever waits.
    if (skip == 0 && waiting + STREAM_FRONT + length > STREAM_QUEUE_BYTES) {
      counters_.add(COUNT_DROP_SEND_BUFFER, datagramsOf({rest.data + at, rest.bytes - at, rest.segment}));
      return;
    }
    const uint8_t front[STREAM_FRONT] = {static_cast<uint8_t>(length >> 8), static_cast<uint8_t>(length)};
    const uint32_t ofFront = std::min(skip, STREAM_FRONT);
    stream.queue.insert(stream.queue.end(), front + ofFront, front + STREAM_FRONT);
    const uint8_t* data = rest.data + at;
    stream.queue.insert(stream.queue.end(), data + (skip - ofFront), data + length);
    skip = 0;
    counters_.add(COUNT_DATAGRAMS_SENT);
    counters_.add(COUNT_DATAGRAM_BYTES_SENT, length);
  }
}

void Streams::drain(uint32_t number) {
  Stream* stream = find(number);
  if (stream == nullptr || stream->ended || stream->queue.empty()) return;
  counters_.add(COUNT_SEND_CALLS);
  const ssize_t sent = ::send(stream->fd, stream->queue.data() + stream->sent, stream->queue.size() - stream->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) {
    if (!waits(errno)) end(number, *stream);
    return;
  }
  stream->sent += static_cast<uint32_t>(sent);
  if (stream->sent == stream->queue.size()) {
    stream->queue.clear();
    stream->sent = 0;
    noteFull(number, *stream);
  } else if (stream->sent >= STREAM_QUEUE_BYTES / 2) {
    stream->queue.erase(stream->queue.begin(), stream->queue.begin() + stream->sent);
    stream->sent = 0;
  }
}

bool Streams::whole(const uint8_t* at, uint32_t bytes, uint32_t* complete) {
  for (uint32_t done = 0;;) {
    *complete = done;
    if (bytes - done < STREAM_FRONT) return true;
    const uint32_t length = lengthAt(at + done);
    if (length == 0 || length > STREAM_DATAGRAM_BYTES) return false;
    if (bytes - done - STREAM_FRONT < length) return true;
    done += STREAM_FRONT + length;
  }
}

uint32_t Streams::read(uint32_t number, uint8_t* at, uint32_t room, bool* more) {
  *more = false;
  Stream* stream = find(number);
  if (stream == nullptr || stream->ended) return 0;
  const uint32_t before = static_cast<uint32_t>(stream->kept.size());
  const ssize_t got = recv(stream->fd, at + before, room - before, MSG_DONTWAIT);
  if (got <= 0) {
    if (got == 0 || !waits(errno)) end(number, *stream);
    return 0;
  }
  std::copy(stream->kept.begin(), stream->kept.end(), at);
  const uint32_t bytes = before + static_cast<uint32_t>(got);
  *more = bytes == room;
  uint32_t complete = 0;
  const bool isGood = whole(at, bytes, &complete);
  if (!stream->trusted) stream->unproven += static_cast<uint32_t>(got);
  if (!isGood || stream->unproven > STREAM_UNPROVEN_BYTES) {
    counters_.add(COUNT_DROP_STREAM);
    end(number, *stream);
    *more = false;
  } else {
    stream->kept.assign(at + complete, at + bytes);
  }
  return complete;
}

uint32_t Streams::takeEnded() {
  if (ended_.empty()) return 0;
  const uint32_t number = ended_.back();
  ended_.pop_back();
  return number;
}

uint32_t Streams::takeChanged() {
  if (changed_.empty()) return 0;
  const uint32_t number = changed_.back();
  changed_.pop_back();
  return number;
}

}  // namespace mcc
