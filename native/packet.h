// Pure byte functions of the data path: parse, segment, validate, coalesce, finish, reassemble. Nothing here allocates
// per packet, makes a system call or knows of Node, so that all of it runs under fuzzers and sanitizers by itself.
//
// Outbound: parse() fills an OutRow; TypeScript decides; Segmenter yields the plaintexts to seal.
// Inbound: a datagram is opened; first byte PLAINTEXT_FRAGMENT goes through Reassembly; validateWire() checks it;
// Coalescer merges it into a group (one InRow); TypeScript decides; finish() builds what is written to the TUN.
#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

#include "batch.h"

namespace mcc {

// struct virtio_net_hdr, 10 bytes, host byte order (TUNSETVNETLE is not needed on little-endian hosts).
struct VirtioHeader {
  uint8_t flags;
  uint8_t gsoType;
  uint16_t headerLength;
  uint16_t gsoSize;
  uint16_t checksumStart;
  uint16_t checksumOffset;
};
static_assert(sizeof(VirtioHeader) == 10, "virtio_net_hdr has 10 bytes");

constexpr uint8_t VIRTIO_NEEDS_CHECKSUM = 1;
constexpr uint8_t VIRTIO_GSO_NONE = 0;
constexpr uint8_t VIRTIO_GSO_TCPV4 = 1;
constexpr uint8_t VIRTIO_GSO_TCPV6 = 4;
constexpr uint8_t VIRTIO_GSO_UDP_L4 = 5;
constexpr uint8_t VIRTIO_GSO_ECN = 0x80;

// Largest inner packet, real or in wire form.
constexpr uint32_t MAX_PACKET = 65535;
// IPv6 header with its extensions: at most this many bytes and this many extension headers, else refused.
constexpr uint32_t MAX_NETWORK_HEADER = 256;
constexpr uint32_t MAX_EXTENSIONS = 8;
// Network header plus the largest TCP header.
constexpr uint32_t MAX_HEADER = MAX_NETWORK_HEADER + 60;

// ---- outbound -------------------------------------------------------------------------------------------------

// Reads the packet that the TUN handed over and fills row words OUT_LENGTH to OUT_QUOTE_PORTS. `packet` is completed in
// place where the virtio header asks for a checksum that cannot travel as a flag. False: refused
// (COUNT_DROP_INSIDE_MALFORMED), row undefined. A packet shorter than `length` by its own header is trimmed: use OUT_LENGTH.
bool parse(uint8_t* packet, uint32_t length, const VirtioHeader& virtio, uint32_t* row);

// Segments of a row (inner packets as they travel), and datagrams that its segment range needs; 0: the row
// contradicts itself (COUNT_DROP_BAD_ROW). Reads OUT_INFO, lengths, OUT_RECUT, OUT_FRAGMENT_AT, the segment range and OUT_REPAIR.
uint32_t segmentsOf(const uint32_t* row);
uint32_t datagramsNeeded(const uint32_t* row);

// Gives the packet of a row other addresses, in place (four words each, family as in OUT_INFO), its checksums and an ICMP error's
// quote with them, and fills the virtio header with which it goes back to the TUN. False: packet and row contradict each
// other (COUNT_DROP_BAD_ROW). `row`: OUT_LENGTH to OUT_QUOTE_PORTS, as parse() filled them.
bool readdress(uint8_t* packet, const uint32_t* row, const uint32_t* source, const uint32_t* destination, VirtioHeader& virtio);

// Yields the plaintexts of a row one after the other, each contiguous inside the slot: the wire-form header is built in
// front of its payload, over bytes that are put back by the following next() or by restore(). The caller
// seals out of place (the slot stays as it was read, so that ranges can be sent again) and encrypts plaintext number n
// under counter base + n: a tunnel fragment's id is the low half of its first fragment's counter.
// `packet` needs FRAGMENT_HEADER bytes of headroom in front; SLOT_HEADROOM has more.
class Segmenter {
 public:
  // False: the row is refused; nothing was changed. `refusedMalformed()` tells whether the packet (a TCP packet to be
  // re-cut whose own checksum is wrong: COUNT_DROP_INSIDE_MALFORMED) or the row (COUNT_DROP_BAD_ROW) is to blame.
  bool begin(uint8_t* packet, const uint32_t* row);
  bool refusedMalformed() const { return malformed_; }
  // nullptr at the end; by then the slot is as it was.
  uint8_t* next(uint32_t& length);
  // Puts everything back when the caller stops early.
  void restore();
  // Plaintexts that next() yields in total.
  uint32_t datagrams() const { return datagrams_; }

 private:
  void buildTemplate();
  void buildSingle();
  void buildSegment();
  void writeBlock(uint8_t* at, bool partial) const;
  uint8_t* nextFragment(uint32_t& length);
  void save(uint8_t* at, uint32_t length);

  uint8_t* packet_ = nullptr;
  uint32_t headerBytes_ = 0;    // real header, bytes
  uint32_t headerWire_ = 0;     // the same in wire form
  uint32_t transport_ = 0;      // offset of the transport header in the wire-form header
  uint32_t payload_ = 0;        // bytes behind the header
  uint32_t piece_ = 0;          // payload per segment
  uint32_t fragmentAt_ = 0;
  uint32_t segments_ = 0;
  uint32_t segment_ = 0;        // next segment
  uint32_t segmentEnd_ = 0;
  uint32_t datagrams_ = 0;
  uint32_t yielded_ = 0;
  uint32_t counterLow_ = 0;
  uint32_t selectors_ = 0;
  bool mark_ = false;           // its packets are to be marked as having met congestion
  uint32_t repair_ = 0;
  uint32_t info_ = 0;
  bool cut_ = false;            // several segments, all with partial checksums
  bool malformed_ = false;
  uint8_t* current_ = nullptr;  // wire-form packet under construction or being cut into tunnel fragments
  uint32_t currentLength_ = 0;
  uint32_t currentOffset_ = 0;  // 0: not begun
  uint16_t fragmentId_ = 0;
  uint8_t* savedAt_ = nullptr;
  uint32_t savedLength_ = 0;
  uint8_t* savedFragmentAt_ = nullptr;
  uint64_t savedFragment_ = 0;
  uint8_t template_[MAX_HEADER];
  uint8_t saved_[1024];
};

// ---- inbound --------------------------------------------------------------------------------------------------

// What validateWire() found out about one wire-form packet.
struct WirePacket {
  uint32_t info;           // as IN_INFO
  uint32_t trafficClass;
  uint32_t ports;
  uint32_t fragmentId;
  uint32_t selectors;
  uint32_t original;       // with BLOCK_RESENT: low 24 bits of the counter under which it was sent first
  uint32_t quoteInfo;
  uint32_t quotePorts;
  uint32_t length;         // bytes of the real packet
  uint32_t wireLength;
  uint16_t networkBytes;   // wire form: where the transport header starts
  uint16_t headerBytes;    // wire form: network header plus TCP or UDP header
  uint8_t block;           // BLOCK_* flags
  bool mergeable;          // partial checksum, plain headers, payload: a candidate for coalescing
};

// Checks an opened wire-form packet (first nibble 4 or 6) by itself. False: COUNT_DROP_INNER_MALFORMED.
bool validateWire(const uint8_t* plaintext, uint32_t length, WirePacket& out);

// One inbound row in the making: a packet, or consecutive packets of one flow that are written to the TUN as one.
struct Group {
  WirePacket head;          // of the first packet
  uint32_t key;             // receive key slot
  uint64_t counter;         // highest counter merged
  uint32_t datagrams;       // merged; 1: just created
  uint32_t outerBytes;      // UDP payload bytes of all of them
  uint8_t* first;           // wire form of the first packet
  uint32_t payload;         // transport payload of all pieces, bytes
  uint32_t segment;         // transport payload of the first piece, bytes
  uint32_t pieces;
  uint32_t firstPiece;
  uint32_t lastPiece;
  uint32_t nextSequence;    // TCP: sequence number that may follow
  uint32_t hash;
  uint8_t tailFlags;        // TCP: PSH and FIN of the last piece
  bool open;                // a following packet may still be merged
};

// Merges the packets of one batch. Groups are created in the order of arrival and must be written in that order; a packet
// is merged only into the latest group of its flow, so the order within a flow stays as it came.
class Coalescer {
 public:
  static constexpr uint32_t MAX_PIECES = 2048;
  // What the TUN takes. Tell it before the first batch; both false: every packet is a group of its own.
  bool mergeTcp = true;
  bool mergeUdp = false;
  // Keys the hash of flows; random, so that no remote can choose ports that throw another's flow out of the table.
  uint64_t seed = 0;

  // Starts a batch; memory that earlier packets lay in is no longer looked at.
  void reset();
  // Groups and pieces left; stop feeding a batch when fewer are left than the next message may hold datagrams.
  uint32_t room() const;
  uint32_t count() const { return count_; }
  Group& group(uint32_t index) { return groups_[index]; }
  // Takes a validated packet, whose bytes must stay until the batch is finished. Returns the group's index, or -1 when
  // the batch is full (COUNT_DROP_BUSY). `groups_[index].datagrams == 1` tells that the group is new.
  int32_t add(uint32_t key, uint64_t counter, uint32_t outerBytes, uint8_t* plaintext, const WirePacket& packet);
  // Fills IN_KIND to IN_QUOTE_PORTS except IN_OFFSET (left alone) from the group.
  void describe(const Group& group, uint32_t* row) const;
  // Builds what is written to the TUN for an accepted row: IN_SOURCE and IN_DESTINATION are read from `row`. `header` needs
  // HEADER_ROOM bytes and, like `vectors`, must stay until the write. The first vector holds virtio and packet headers, the others
  // point at payload. Rewrites an ICMP error's quote in place. Returns the number of vectors, 0: refused (more than `capacity`).
  uint32_t finish(const Group& group, const uint32_t* row, uint8_t* header, iovec* vectors, uint32_t capacity) const;

 private:
  static constexpr uint32_t TABLE = 512;
  struct Piece {
    uint8_t* data;
    uint32_t length;
    uint32_t next;
  };
  bool merge(Group& group, uint64_t counter, uint32_t outerBytes, uint8_t* plaintext, const WirePacket& packet);
  Group* findFlow(uint32_t hash, uint32_t key, const WirePacket& packet);

  Group groups_[INBOUND_ROWS];
  Piece pieces_[MAX_PIECES];
  uint32_t count_ = 0;
  uint32_t pieceCount_ = 0;
  uint32_t generation_ = 0;
  uint32_t tableGeneration_[TABLE] = {};
  uint16_t table_[TABLE] = {};
};
constexpr uint32_t HEADER_ROOM = sizeof(VirtioHeader) + MAX_HEADER + 2;

// ---- tunnel fragments -----------------------------------------------------------------------------------------

// Puts tunnel fragments together. The fragments of one packet are sealed under consecutive counters and all but the last have
// one size, so (receive key, counter of the first fragment) names a packet for ever and a fragment's place follows from its
// counter: overlaps and mixtures cannot be expressed. Bounded in entries and bytes, per remote and in total; the
// oldest of the same remote gives way first, then the oldest of those who hold much.
class Reassembly {
 public:
  static constexpr uint32_t MAX_ENTRIES = 512;
  static constexpr uint32_t MAX_ENTRIES_PER_REMOTE = 128;
  static constexpr uint32_t MAX_FRAGMENTS = 256;
  static constexpr uint32_t MAX_BYTES = 8 << 20;
  static constexpr uint32_t MAX_BYTES_PER_REMOTE = 2 << 20;
  static constexpr uint64_t LIFETIME_MS = 3000;
  // Completed packets that wait for recycle(); beyond it a batch completes no more.
  static constexpr uint32_t BATCH_DONE = 1024;

  enum class Outcome { Pending, Complete, Refused };
  struct Result {
    Outcome outcome;
    uint8_t* packet;      // Complete: the wire-form packet, valid until recycle()
    uint32_t length;
    uint32_t dropped;     // fragments lost with entries that gave way or timed out (COUNT_DROP_FRAGMENT)
    uint32_t congested;   // Complete: how many of its fragments were
  };

  Reassembly();
  ~Reassembly();
  Reassembly(const Reassembly&) = delete;
  Reassembly& operator=(const Reassembly&) = delete;

  // `fragment` is the opened plaintext with its FRAGMENT_HEADER. `remote` is any integer that stays with the remote over
  // rekeying, `key` the receive key slot. `congested`: its datagram came marked so. Refused: COUNT_DROP_FRAGMENT.
  Result add(uint32_t remote, uint32_t key, uint64_t counter, const uint8_t* fragment, uint32_t length, uint64_t nowMs, bool congested = false);
  // Gives back the memory of packets that were completed; call it once a batch is written.
  void recycle();
  // Forgets what came under a receive key slot that is set anew or cleared. Returns the fragments dropped.
  uint32_t forgetKey(uint32_t key);
  // Drops what is older than LIFETIME_MS; add() does it too. Returns the fragments dropped.
  uint32_t expire(uint64_t nowMs);
  uint32_t entries() const { return live_; }
  uint32_t bytes() const { return bytes_; }

 private:
  struct Entry;
  struct Owner;
  static constexpr uint32_t CLASSES = 3;
  static constexpr uint32_t TABLE = 1024;

  Entry* find(uint32_t key, uint64_t base);
  Entry* open(uint32_t remote, uint32_t key, uint64_t base, uint32_t total, uint64_t nowMs, uint32_t& dropped);
  uint32_t makeRoom(uint32_t remote, uint32_t bytes);
  uint16_t* ownerLink(uint32_t remote);
  void enterOwner(Entry& entry, uint16_t index);
  void leaveOwner(const Entry& entry);
  uint32_t close(Entry* entry, bool keepBuffer);
  uint8_t* takeBuffer(uint32_t total, uint8_t& size);

  Entry* entries_;                    // MAX_ENTRIES, linked by index
  Owner* owners_;                     // as many: one per remote that has entries
  uint16_t table_[TABLE];             // chains by hash
  uint16_t ownerTable_[TABLE];
  uint16_t free_ = 0;
  uint16_t freeOwner_ = 0;
  uint32_t ownerCount_ = 0;
  uint16_t oldest_, newest_;          // in order of creation
  uint32_t live_ = 0;
  uint32_t bytes_ = 0;                // of live entries' buffers
  void* freeBuffers_[CLASSES] = {};   // singly linked through their first bytes
  struct Done {
    uint8_t* buffer;
    uint8_t size;
  };
  Done done_[BATCH_DONE];
  uint32_t doneCount_ = 0;
};

// ---- shared ---------------------------------------------------------------------------------------------------

// Completes a partial checksum in place: sums from `start` to the end, stores at start + offset. False: outside the packet.
bool completeChecksum(uint8_t* packet, uint32_t length, uint32_t start, uint32_t offset);

}  // namespace mcc
