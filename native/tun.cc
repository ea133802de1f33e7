#include "tun.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

namespace mcc {

Failure Tun::open(const std::string& name) {
  if (name.empty() || name.size() >= IFNAMSIZ) {
    errno = EINVAL;
    return Failure::last("open", name);
  }
  fd_ = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd_ < 0) return Failure::last("open", "/dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  Failure failure;
  if (ioctl(fd_, TUNSETIFF, &request) < 0) failure = Failure::last("TUNSETIFF", name);
  else if (ioctl(fd_, TUNSETPERSIST, 1) < 0) failure = Failure::last("TUNSETPERSIST", name);
  if (failure) {
    ::close(fd_);
    fd_ = -1;
    return failure;
  }
  name_ = request.ifr_name;
  // 10 is what kernels begin with; an adopted device may have been left with another size.
  int headerBytes = sizeof(VirtioHeader);
  (void)ioctl(fd_, TUNSETVNETHDRSZ, &headerBytes);
  negotiateOffloads();
  return {};
}

// Asks for everything and then for less, step by step. A kernel without USO (before 6.2) refuses the first.
void Tun::negotiateOffloads() {
  constexpr unsigned long CHECKSUM = TUN_F_CSUM;
  constexpr unsigned long TCP = CHECKSUM | TUN_F_TSO4 | TUN_F_TSO6;
  constexpr unsigned long ALL = TCP | TUN_F_USO4 | TUN_F_USO6;
  offloads_ = {};
  for (unsigned long wanted : {ALL, TCP, CHECKSUM}) {
    if (ioctl(fd_, TUNSETOFFLOAD, wanted) < 0) continue;
    offloads_ = {true, wanted != CHECKSUM, wanted == ALL};
    return;
  }
  (void)ioctl(fd_, TUNSETOFFLOAD, 0UL);
}

void Tun::close(bool remove) {
  if (fd_ < 0) return;
  if (remove) (void)ioctl(fd_, TUNSETPERSIST, 0);
  ::close(fd_);
  fd_ = -1;
}

ssize_t Tun::read(uint8_t* packet, uint32_t capacity, VirtioHeader* virtio) {
  constexpr size_t HEADER = sizeof(VirtioHeader);
  ssize_t bytes;
  do {
    bytes = ::read(fd_, packet - HEADER, HEADER + capacity);
  } while (bytes < 0 && errno == EINTR);
  if (bytes < 0) return -1;
  if (bytes < static_cast<ssize_t>(HEADER)) return 0;
  __builtin_memcpy(virtio, packet - HEADER, HEADER);
  return bytes - static_cast<ssize_t>(HEADER);
}

int Tun::write(const iovec* vectors, uint32_t count) {
  ssize_t bytes;
  do {
    bytes = ::writev(fd_, vectors, static_cast<int>(count));
  } while (bytes < 0 && errno == EINTR);
  return bytes < 0 ? errno : 0;
}

}  // namespace mcc
