// The TUN device: a file that yields and takes super-packets with a virtio-net header in front.
#pragma once
#include <sys/uio.h>

#include <string>

#include "failure.h"
#include "packet.h"

namespace mcc {

// What the kernel agreed to do with super-packets on this device.
struct TunOffloads {
  bool checksum = false;  // partial checksums, both ways
  bool tcp = false;       // TCP super-packets
  bool udp = false;       // UDP super-packets (USO, kernel 6.2)
};

class Tun {
 public:
  Tun() = default;
  ~Tun() { close(false); }
  Tun(const Tun&) = delete;
  Tun& operator=(const Tun&) = delete;

  // Opens the named device or adopts it if it exists. It stays when the process dies.
  Failure open(const std::string& name);
  // `remove`: the device goes as well.
  void close(bool remove);

  int fd() const { return fd_; }
  bool isOpen() const { return fd_ >= 0; }
  const std::string& name() const { return name_; }
  const TunOffloads& offloads() const { return offloads_; }

  // Reads one packet with its virtio header to packet - sizeof(VirtioHeader), up to `capacity` bytes of packet.
  // Bytes of packet; -1 with errno.
  ssize_t read(uint8_t* packet, uint32_t capacity, VirtioHeader* virtio);
  // Writes one packet whose first vector begins with the virtio header. 0 or errno.
  int write(const iovec* vectors, uint32_t count);

 private:
  void negotiateOffloads();

  int fd_ = -1;
  std::string name_;
  TunOffloads offloads_;
};

}  // namespace mcc
