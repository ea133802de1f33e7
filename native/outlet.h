// The way out: sealed datagrams are gathered into trains (one system call each) and leave now, at their time of release,
// or when the socket has room again.
#pragma once
#include <deque>
#include <memory>
#include <queue>
#include <vector>

#include "circuits.h"
#include "counters.h"
#include "paths.h"
#include "stream.h"
#include "udp.h"

namespace mcc {

// Sealed ahead of release per path at most: one send quantum.
constexpr uint32_t QUANTUM_BYTES = 65536;
// What may wait for a full socket; while anything does, the TUN is not read.
constexpr uint32_t BACKLOG_BYTES = 2 << 20;
// The part of it that what is sent on for others may fill, so that it never displaces one's own.
constexpr uint32_t FORWARD_BACKLOG_BYTES = BACKLOG_BYTES / 2;

class Outlet {
 public:
  Outlet(Counters& counters, uint64_t seed) : circuits(seed), streams(counters), paths_(PATH_SLOTS), counters_(counters), open_(takeBuffer()) {}
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  Circuits circuits;
  Streams streams;

  // The socket of a line; where there is none, one that is closed and refuses whatever it is given.
  UdpSocket& socket(uint32_t line) { return lines_[line] == nullptr ? none_ : lines_[line]->socket; }
  const UdpSocket& socket(uint32_t line) const { return lines_[line] == nullptr ? none_ : lines_[line]->socket; }
  Failure openLine(uint32_t line, const UdpSocket::Options& options);
  // What waits for the socket is dropped.
  void closeLine(uint32_t line);
  void closeAll();
  // Bytes asked for in both directions for sockets that carry data.
  uint32_t bufferBytes = 0;
  // More than a datagram now and then goes over it.
  void widen(uint32_t line);

  // Whether that much more may be sealed ahead of its release on a path: a quantum in all, or one row by itself.
  bool quantumHolds(uint32_t path, uint64_t bytes) {
    const uint32_t waiting = paths_[path].waitingBytes;
    return waiting == 0 || waiting + bytes <= QUANTUM_BYTES;
  }
  // Room for one datagram to that path, released at `releaseNs` (0: now). It is sent with its neighbours at flush() at
  // the latest. Null when the path is not set. Call commit() after writing it. `trafficClass`: of its outer header; where it differs from
  // its neighbours', it is sent apart from them.
  uint8_t* begin(uint32_t path, uint32_t bytes, uint64_t releaseNs, uint8_t trafficClass = 0);
  void commit();
  // `ttl`: of this train, which then does not wait for a full socket; 0: as usual.
  void flush(uint8_t ttl = 0);
  // Datagrams for a path without a circuit, relay headers included. Long trains leave from where they lie.
  void forward(uint32_t path, const Train& train);
  // At a time of release: sends what is due. The next time of release, 0: none.
  uint64_t release(uint64_t nowNs);
  uint64_t nextRelease() const { return timed_.empty() ? 0 : timed_.top().releaseNs; }
  // The socket can take more.
  void drain(uint32_t line);
  bool blocked(uint32_t line) const { return lines_[line] != nullptr && !lines_[line]->backlog.empty(); }
  bool blocked() const { return blockedLines_ > 0; }
  // A line that became blocked, or is it no longer, since the last call; UINT32_MAX: none.
  uint32_t takeTurned();
  // A path slot that reported EMSGSIZE since the last call; UINT32_MAX: none.
  uint32_t takeTooBig();
  bool hasTooBig() const { return !tooBig_.empty(); }
  void sendRaw(const Address& to, const uint8_t* bytes, uint32_t length, uint8_t ttl);
  // A bare relay header.
  void keepalive(uint32_t path, uint16_t leg, uint16_t number);
  // The address that datagrams for another leave to: of a circuit's the relay's, null where it has no path of its own.
  const Address* outerOf(const Address& to) {
    if (!to.isCircuit()) return &to;
    const Path& relay = paths_[to.relaySlot()];
    return relay.nameBytes != 0 && !relay.isCircuit() && !relay.isStream() ? &relay.address : nullptr;
  }
  // What waits for an address that is replaced or cleared is dropped when its time comes.
  bool setPath(uint32_t slot, const Address& to);
  void clearPath(uint32_t slot);
  const Path* path(uint32_t slot) { return slot < paths_.size() && paths_[slot].nameBytes != 0 ? &paths_[slot] : nullptr; }

 private:
  using Buffer = std::unique_ptr<uint8_t[]>;
  struct Waiting {
    uint64_t releaseNs;
    uint64_t order;  // of two with one time, the first sealed goes first
    uint32_t path;
    uint32_t generation;
    uint32_t bytes;
    uint32_t segment;
    uint32_t sent;
    uint8_t trafficClass;
    mutable Buffer data;
    bool operator<(const Waiting& other) const {
      return releaseNs != other.releaseNs ? releaseNs > other.releaseNs : order > other.order;
    }
  };

  struct Line {
    UdpSocket socket;
    std::deque<Waiting> backlog;
    bool isWide = false;  // its buffers are those of a socket that carries data
  };

  Buffer takeBuffer();
  Buffer keepOpen();
  void putBack(Buffer buffer, uint32_t bytes);
  UdpSocket& socketOf(const Path& path) { return socket(path.line()); }
  // A stream takes or loses what is sent there: nothing waits for it here.
  bool waitsFor(const Path& carrier) const { return !carrier.isStream() && blocked(carrier.line()); }
  SendResult transmit(Path& carrier, const Train& train);
  // The path that datagrams leave by: the relay's where there is a circuit. Null: it is not set, or leads through a relay itself.
  Path* carrierOf(Path& path) {
    if (!path.isCircuit()) return &path;
    Path& relay = paths_[path.address.relaySlot()];
    return relay.nameBytes != 0 && !relay.isCircuit() ? &relay : nullptr;
  }
  // Writes the header of datagrams to a circuit. False: it is not set.
  bool headerOf(const Address& to, uint8_t* header) const {
    const Circuit* circuit = circuits.find(to.relaySlot(), to.circuitNumber());
    if (circuit == nullptr || !circuit->terminal) return false;
    writeRelayHeader(header, circuit->toLeg, circuit->toNumber);
    return true;
  }
  void noteTooBig(uint32_t path);
  void forget(uint32_t slot);
  // Sends or puts behind what already waits for the socket.
  void dispatch(Waiting train);
  void forwardWhole(uint32_t slot, const Train& train);
  void sendRawThrough(const Address& to, const uint8_t* bytes, uint32_t length);
  void enqueue(Waiting train, uint32_t line);
  // The first began to wait for a line (1), or the last does no longer (-1).
  void turn(uint32_t line, int blocked);

  Paths paths_;
  Counters& counters_;
  std::vector<Buffer> spare_;
  // The train being gathered.
  Buffer open_;
  uint32_t path_ = UINT32_MAX;
  uint32_t bytes_ = 0;
  uint32_t segment_ = 0;
  uint32_t datagrams_ = 0;
  uint32_t most_ = 0;     // datagrams it may have
  uint32_t pending_ = 0;  // bytes of the datagram between begin() and commit()
  uint64_t releaseNs_ = 0;
  uint8_t trafficClass_ = 0;
  bool closed_ = false;  // a shorter datagram ended it
  bool lost_ = false;    // its circuit is not set
  uint8_t header_[RELAY_HEADER];

  uint64_t order_ = 0;
  std::priority_queue<Waiting> timed_;
  std::unique_ptr<Line> lines_[LINES];
  UdpSocket none_;
  uint32_t blockedLines_ = 0;
  std::vector<uint32_t> turned_;  // lines, each at most once for each time it turned
  uint32_t backlogBytes_ = 0;
  std::vector<uint32_t> tooBig_;
};

}  // namespace mcc
