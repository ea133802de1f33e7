#include "inside.h"

#include <cerrno>
#include <cstring>

namespace mcc {
namespace {

constexpr uint32_t PACKET_ROOM = SLOT_BYTES - SLOT_HEADROOM;
static_assert(PACKET_ROOM >= MAX_PACKET, "a slot holds the largest packet");
constexpr uint32_t MAX_VECTORS = 1024;  // UIO_MAXIOV

bool deviceGone(int number) { return number == EBADFD || number == ENODEV || number == ENXIO; }

}  // namespace

uint32_t Inside::read(uint32_t* rows) {
  uint32_t count = 0;
  uint32_t bytes = 0;
  // Packets that get no slot are read all the same, so that they do not wake the loop for ever, but only so many.
  for (uint32_t reads = 0; count < BATCH_ROWS && bytes < BATCH_BYTES && reads < 2 * BATCH_ROWS; reads++) {
    const uint32_t slot = slab_.take();
    uint8_t scrap[256];
    VirtioHeader virtio;
    uint8_t* packet = slot == Slab::NONE ? scrap + sizeof virtio : slab_.packet(slot);
    const ssize_t length = tun.read(packet, slot == Slab::NONE ? sizeof scrap - sizeof virtio : PACKET_ROOM, &virtio);
    if (length <= 0) {
      if (slot != Slab::NONE) slab_.release(slot);
      if (length == 0) continue;
      if (deviceGone(errno)) gone_ = true;
      break;
    }
    counters_.add(COUNT_INSIDE_READ_PACKETS);
    counters_.add(COUNT_INSIDE_READ_BYTES, static_cast<double>(length));
    if (slot == Slab::NONE) {
      counters_.add(COUNT_DROP_NO_SLOT);
      continue;
    }
    uint32_t* row = rows + size_t{count} * ROW_WORDS;
    memset(row, 0, ROW_WORDS * 4);
    if (!parse(packet, static_cast<uint32_t>(length), virtio, row)) {
      counters_.add(COUNT_DROP_INSIDE_MALFORMED);
      slab_.release(slot);
      continue;
    }
    row[OUT_SLOT] = slot;
    memcpy(slab_.parsed(slot), row, Slab::PARSED_WORDS * 4);
    bytes += static_cast<uint32_t>(length);
    count++;
  }
  return count;
}

void Inside::write(Inlet& inlet, const uint32_t* rows, uint32_t count) {
  uint8_t header[HEADER_ROOM];
  iovec vectors[MAX_VECTORS];
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t* row = rows + size_t{i} * ROW_WORDS;
    const Group* group = inlet.groupOf(i);
    if (group == nullptr || row[IN_ACTION] != ACTION_SEND || !tun.isOpen()) continue;
    const uint32_t used = inlet.coalescer->finish(*group, row, header, vectors, MAX_VECTORS);
    if (used == 0) {
      counters_.add(COUNT_DROP_INNER_MALFORMED, group->datagrams);
      continue;
    }
    const int number = tun.write(vectors, used);
    if (number != 0) {
      noteWriteError(number, group, inlet.coalescer.get());
      continue;
    }
    uint32_t bytes = 0;
    for (uint32_t k = 0; k < used; k++) bytes += static_cast<uint32_t>(vectors[k].iov_len);
    counters_.add(COUNT_INSIDE_WRITTEN_PACKETS);
    counters_.add(COUNT_INSIDE_WRITTEN_BYTES, bytes - sizeof(VirtioHeader));
  }
}

// A kernel that refuses a super-packet (USO before 6.2) gets none of that kind again.
void Inside::noteWriteError(int number, const Group* group, Coalescer* coalescer) {
  counters_.add(COUNT_DROP_INSIDE_WRITE);
  if (deviceGone(number)) gone_ = true;
  if (number != EINVAL || group == nullptr || group->datagrams < 2) return;
  const uint32_t protocol = group->head.info >> INFO_PROTOCOL_SHIFT & 0xff;
  if (protocol == IPPROTO_UDP) coalescer->mergeUdp = false;
  if (protocol == IPPROTO_TCP) coalescer->mergeTcp = false;
}

void Inside::loop(const uint32_t* row) {
  if (!tun.isOpen()) return;
  const uint32_t slot = row[OUT_SLOT];
  // Words from parsing are native's own copy, the addresses are the row's.
  const uint32_t* parsed = slab_.parsed(slot);
  uint8_t* packet = slab_.packet(slot);
  VirtioHeader virtio;
  if (!readdress(packet, parsed, row + OUT_LOOP_SOURCE, row + OUT_LOOP_DESTINATION, virtio)) {
    counters_.add(COUNT_DROP_BAD_ROW);
    return;
  }
  memcpy(packet - sizeof virtio, &virtio, sizeof virtio);
  const iovec vector{packet - sizeof virtio, sizeof virtio + parsed[OUT_LENGTH]};
  const int number = tun.write(&vector, 1);
  if (number != 0) {
    noteWriteError(number, nullptr, nullptr);
    return;
  }
  counters_.add(COUNT_INSIDE_WRITTEN_PACKETS);
  counters_.add(COUNT_INSIDE_WRITTEN_BYTES, parsed[OUT_LENGTH]);
}

bool Inside::inject(const uint8_t* packet, uint32_t length) {
  if (!tun.isOpen()) return false;
  VirtioHeader virtio{};
  iovec vectors[2] = {{&virtio, sizeof virtio}, {const_cast<uint8_t*>(packet), length}};
  const int number = tun.write(vectors, 2);
  if (number != 0) {
    noteWriteError(number, nullptr, nullptr);
    return false;
  }
  counters_.add(COUNT_INSIDE_WRITTEN_PACKETS);
  counters_.add(COUNT_INSIDE_WRITTEN_BYTES, length);
  return true;
}

}  // namespace mcc
