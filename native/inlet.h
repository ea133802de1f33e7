// The way in: datagrams are read, sorted by type, opened in place, checked and merged into inbound rows.
#pragma once
#include <memory>

#include "counters.h"
#include "keys.h"
#include "memory.h"
#include "packet.h"
#include "parity.h"
#include "relay.h"
#include "resequence.h"
#include "stream.h"
#include "udp.h"

namespace mcc {

// One receive slot takes what UDP_GRO hands over at once. The headroom in front is the first datagram's.
constexpr uint32_t RECEIVE_SLOT_BYTES = 65536 + 64;
// Handshake datagrams are at least as long as a cookie reply; what is shorter never costs a row.
constexpr uint32_t HANDSHAKE_MIN = 64;
// Raw datagrams (handshakes above all) that one batch may carry.
constexpr uint32_t RAW_ROWS = 64;

class Inlet {
 public:
  Inlet(Keys& keys, Relay& relay, Counters& counters)
      : coalescer(std::make_unique<Coalescer>()),
        resequencer(counters),
        keys_(keys),
        relay_(relay),
        counters_(counters),
        pages_(std::make_shared<Pages>(size_t{RECEIVE_SLOTS} * RECEIVE_SLOT_BYTES)) {}

  std::unique_ptr<Coalescer> coalescer;
  Reassembly reassembly;
  Decoders decoders;
  Resequencer resequencer;

  // Reads messages from a socket with the number `via` into the receive slab. False: there was nothing. Call fill() until it returns 0.
  bool read(UdpSocket& socket, uint16_t via);
  // The same from a stream.
  bool read(Streams& streams, uint32_t number);
  // Whether the last read() stopped before the socket was empty.
  bool more() const { return more_; }
  // Whether it found more than a message or two.
  bool many() const { return messageCount_ > 2 || (messageCount_ > 0 && messages_[0].bytes > messages_[0].segment); }
  // Fills rows (INBOUND_ROWS of them) from messages read; returns how many. Messages that do not fit wait for the next call.
  uint32_t fill(uint32_t* rows, uint64_t nowMs);
  // Ends the batch of the last fill(): its bytes are no longer needed.
  void finishBatch();
  // Data row `row` of the last fill(); null for other kinds and indices.
  const Group* groupOf(uint32_t row) { return row < rowCount_ && rowGroup_[row] >= 0 ? &coalescer->group(rowGroup_[row]) : nullptr; }
  std::shared_ptr<Pages> pages() const { return pages_; }

 private:
  static constexpr uint32_t NO_ROW = UINT32_MAX;
  struct Message {
    uint8_t* data;
    uint32_t bytes;
    uint32_t segment;  // bytes per datagram; 0: of a stream, each has its length in front
    uint32_t done;     // bytes already worked off
    uint32_t outer[6];  // four address words, the port and the local socket's number as in IN_OUTER_PORT, the ECN field
  };
  // Bytes of the next datagram, behind its length where it has one.
  static uint32_t next(Message& message);
  bool roomForOne() const { return rowCount_ < INBOUND_ROWS && coalescer->room() > 0; }
  // Nothing overtakes what was let go before it.
  bool room() const { return roomForOne() && !resequencer.hasReady(); }
  // Brings up what the resequencer let go. False: not all of it, there is no more room.
  bool drain();
  // `outer`: where it came from, as in Message.
  void datagram(const uint32_t* outer, uint8_t* bytes, uint32_t length);
  void transport(const uint32_t* outer, uint8_t* bytes, uint32_t length);
  // What a key opened; `length`: of the whole datagram.
  void opened(const uint32_t* outer, ReceiveKey& key, uint64_t counter, uint8_t* plaintext, uint32_t plainLength, uint32_t length);
  void raw(const uint32_t* outer, uint8_t* bytes, uint32_t length);
  // Works off a relayed datagram, already counted as done, and those behind it that have the same header. False: it has to wait until
  // the rows so far are decided on.
  bool relayed(Message& message, uint8_t* bytes, uint32_t length);
  // Whether a control message from there is among the rows.
  bool hasControlFrom(const uint32_t* outer) const;
  // What may be a packet or a tunnel fragment, arrived or recovered (then without outer bytes).
  void taken(const uint32_t* outer, ReceiveKey& key, uint64_t counter, uint8_t* plaintext, uint32_t length, uint32_t outerBytes);
  void parity(const uint32_t* outer, ReceiveKey& key, uint64_t counter, const uint8_t* plaintext, uint32_t length, uint32_t outerBytes);
  // Tells of a datagram that goes no further now: what arrived is acknowledged, whatever it waits for.
  void heard(const uint32_t* outer, uint32_t slot, uint64_t counter, uint32_t outerBytes);
  // Takes what a complete group lacks.
  void recover(const uint32_t* outer, ReceiveKey& key, ParityDecoder& decoder, ParityDecoder::Group& group);
  // A wire-form packet under its counter (of one that came in tunnel fragments: the last one's).
  void data(const uint32_t* outer, ReceiveKey& key, uint64_t counter, uint8_t* plaintext, uint32_t length, uint32_t outerBytes);
  // So many datagrams of a wire-form packet came marked as having met congestion.
  void countMarks(ReceiveKey& key, const uint8_t* packet, uint32_t marks);
  // Whether nothing of it came before. Its own counter is marked as seen. `position`: the counter under which it was sent first.
  bool isFirst(ReceiveKey& key, uint64_t counter, const WirePacket& packet, uint64_t* position);
  // Merges a packet into a row.
  void enter(const Arrival& arrival);
  uint32_t* newRow(int32_t group, uint32_t kind, const uint8_t* bytes, uint32_t length);

  Keys& keys_;
  Relay& relay_;
  Counters& counters_;
  std::shared_ptr<Pages> pages_;
  Message messages_[RECEIVE_SLOTS];
  uint32_t messageCount_ = 0;
  uint32_t messageDone_ = 0;
  bool more_ = false;
  uint32_t* rows_ = nullptr;
  uint32_t rowCount_ = 0;
  uint32_t rawRows_ = 0;
  uint32_t heardRow_ = NO_ROW;  // the last one of KIND_HEARD
  uint64_t nowMs_ = 0;
  int16_t rowGroup_[INBOUND_ROWS];
  int16_t groupRow_[INBOUND_ROWS];
};

}  // namespace mcc
