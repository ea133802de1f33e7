// Streams: connections that carry datagrams where UDP does not pass. In front of each stands its length, two bytes, the higher first.
#pragma once
#include <unordered_map>
#include <vector>

#include "counters.h"
#include "udp.h"

namespace mcc {

constexpr uint32_t STREAM_FRONT = 2;
// What may wait for a connection that is full; what is sent beyond it is lost, as by UDP.
constexpr uint32_t STREAM_QUEUE_BYTES = 256 << 10;
// What a connection may bring before TypeScript sends something there on a path, which it does only for whom it knows.
constexpr uint32_t STREAM_UNPROVEN_BYTES = 32 << 10;

class Streams {
 public:
  explicit Streams(Counters& counters) : counters_(counters) {}
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  // Takes the file over, which must not block. Numbers are never used again. 0: as many as may be are open; the file stays open.
  uint32_t add(int fd);
  // Closes it; what waits is lost.
  void remove(uint32_t number);
  void removeAll();
  int fd(uint32_t number) const;
  // Whether something waits for it to take more.
  bool isFull(uint32_t number) const;
  // Somebody known is at the other end.
  void trust(uint32_t number);

  // Every datagram is sent, waits or is lost; all are counted.
  void send(uint32_t number, const Train& train);
  // The connection can take more.
  void drain(uint32_t number);
  // Reads once. `at` has room for `room` bytes, more than STREAM_DATAGRAM_BYTES. The bytes of complete datagrams that stand there
  // then, lengths included; what is behind the last is kept for the next time. `more`: there may be more to read.
  uint32_t read(uint32_t number, uint8_t* at, uint32_t room, bool* more);
  // Bytes of the datagram behind this length.
  static uint32_t lengthAt(const uint8_t* at) { return uint32_t{at[0]} << 8 | at[1]; }

  // A stream that ended, by its other end, an error or what came from it; it is to be removed. 0: none.
  uint32_t takeEnded();
  bool hasEnded() const { return !ended_.empty(); }
  // A stream of which isFull() changed since the last call. 0: none.
  uint32_t takeChanged();

 private:
  struct Stream {
    int fd;
    bool ended = false;
    bool trusted = false;
    bool full = false;
    uint32_t unproven = 0;       // bytes that came while it was not trusted
    uint32_t sent = 0;           // of `queue`
    std::vector<uint8_t> queue;  // lengths and datagrams, the first perhaps begun
    std::vector<uint8_t> kept;   // the beginning of a datagram
  };
  Stream* find(uint32_t number);
  const Stream* find(uint32_t number) const;
  void end(uint32_t number, Stream& stream);
  void noteFull(uint32_t number, Stream& stream);
  // Behind what waits. `skip`: bytes of the first datagram, its length included, that were sent.
  void enqueue(Stream& stream, const Train& rest, uint32_t skip);
  // Bytes of the complete datagrams at the beginning. False: something else stands behind them.
  static bool whole(const uint8_t* at, uint32_t bytes, uint32_t* complete);

  Counters& counters_;
  std::unordered_map<uint32_t, Stream> table_;
  std::vector<uint32_t> ended_;
  std::vector<uint32_t> changed_;
  uint32_t next_ = 1;
};

}  // namespace mcc
