#include "kernel.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "../../../native/netlink.h"

namespace packettest {
namespace {

void set(const std::string& path, const char* value) {
  const int fd = open(("/proc/sys/net/" + path).c_str(), O_WRONLY);
  EXPECT(fd >= 0 && ::write(fd, value, strlen(value)) > 0, "cannot set " + path);
  close(fd);
}

int openTun(const char* name, bool virtio) {
  const int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  EXPECT(fd >= 0, std::string("cannot open /dev/net/tun: ") + strerror(errno));
  ifreq request{};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = static_cast<short>(IFF_TUN | IFF_NO_PI | (virtio ? IFF_VNET_HDR : 0));
  EXPECT(ioctl(fd, TUNSETIFF, &request) == 0, std::string("TUNSETIFF: ") + strerror(errno));
  return fd;
}

void configure(const char* name, uint8_t net) {
  const int32_t index = static_cast<int32_t>(if_nametoindex(name));
  mcc::LinkChange change;
  change.mtu = 65535;
  change.txQueueLength = 20000;
  change.linkLocal = 0;
  change.up = 1;
  EXPECT(mcc::setLink(index, change) == 0, "setLink");
  uint8_t four[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, net, 0, 1};
  uint8_t six[16] = {0xfd, net, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT(mcc::changeAddress(true, index, four, 112, {}) == 0, "address");
  mcc::AddressFlags flags;
  flags.noDad = true;
  EXPECT(mcc::changeAddress(true, index, six, 16, flags) == 0, "IPv6 address");
}

}  // namespace

Kernel::Kernel() {
  EXPECT(unshare(CLONE_NEWNET) == 0, std::string("cannot make a network namespace (root?): ") + strerror(errno));
  first_ = openTun("near", true);
  second_ = openTun("far", false);
  configure("near", NEAR_NET);
  configure("far", FAR_NET);
  set("ipv4/ip_forward", "1");
  for (const char* name : {"all", "near", "far"}) set(std::string("ipv4/conf/") + name + "/rp_filter", "0");
  set("ipv6/conf/all/forwarding", "1");
  awaitLinks();
}

// The kernel starts its queues and its IPv6 addresses behind our back: until then packets vanish or go astray.
void Kernel::awaitLinks() {
  for (const bool six : {false, true}) {
    Random random(1);
    Spec spec;
    spec.six = six;
    const Address source = randomAddress(random, six, NEAR_NET);
    const Built through = build(spec, source, randomAddress(random, six, FAR_NET), 64);
    const Built here = build(spec, source, six ? OWN6 : OWN4, 64);
    const std::string counter = six ? "Ip6InDelivers" : "Ip.InDelivers";
    const uint64_t before = counters()[counter];
    for (int tries = 0; read().empty() || counters()[counter] == before; tries++) {
      EXPECT(tries < 500, "the kernel forwards or delivers nothing");
      if (tries != 0) usleep(10000);
      write(through.virtio, through.packet);
      write(here.virtio, here.packet);
    }
  }
  usleep(10000);
  read();
  drainFirst();
}

Kernel::~Kernel() {
  close(first_);
  close(second_);
}

void Kernel::write(const mcc::VirtioHeader& virtio, const Bytes& packet) {
  const iovec vectors[2] = {{const_cast<mcc::VirtioHeader*>(&virtio), sizeof virtio}, {const_cast<uint8_t*>(packet.data()), packet.size()}};
  const ssize_t written = writev(first_, vectors, 2);
  EXPECT(written == static_cast<ssize_t>(sizeof virtio + packet.size()), std::string("the TUN refuses: ") + strerror(errno) + " " + hex(packet));
}

std::vector<Bytes> Kernel::read() {
  std::vector<Bytes> packets;
  static uint8_t buffer[70000];
  for (;;) {
    const ssize_t got = ::read(second_, buffer, sizeof buffer);
    if (got < 0) break;
    const bool six = buffer[0] >> 4 == 6;
    if (six ? buffer[8] != 0xfd : buffer[12] != 10) continue;
    packets.emplace_back(buffer, buffer + got);
  }
  return packets;
}

std::vector<Bytes> Kernel::forwarded() {
  std::vector<Bytes> packets = read();
  for (int tries = 0; packets.empty() && tries < 5000; tries++) {
    usleep(1000);
    packets = read();
  }
  return packets;
}

void Kernel::drainFirst() {
  static uint8_t buffer[70000];
  while (::read(first_, buffer, sizeof buffer) > 0) {
  }
}

void Kernel::setFarMtu(uint32_t mtu) {
  mcc::LinkChange change;
  change.mtu = mtu;
  EXPECT(mcc::setLink(static_cast<int32_t>(if_nametoindex("far")), change) == 0, "MTU");
}

std::map<std::string, uint64_t> Kernel::counters() {
  std::map<std::string, uint64_t> all;
  for (const char* path : {"/proc/net/snmp", "/proc/net/netstat"}) {
    std::ifstream file(path);
    std::string names;
    std::string values;
    while (std::getline(file, names) && std::getline(file, values)) {
      std::istringstream nameStream(names);
      std::istringstream valueStream(values);
      std::string group;
      std::string name;
      std::string value;
      nameStream >> group;
      valueStream >> value;
      group.back() = '.';
      while (nameStream >> name && valueStream >> value) all[group + name] = strtoull(value.c_str(), nullptr, 10);
    }
  }
  std::ifstream file("/proc/net/snmp6");
  std::string name;
  uint64_t value;
  while (file >> name >> value) all[name] = value;
  return all;
}

std::map<std::string, uint64_t> Kernel::refusals() {
  static const char* const watched[] = {"Ip.InHdrErrors", "IpExt.InTruncatedPkts", "IpExt.InCsumErrors", "Icmp.InCsumErrors", "Tcp.InErrs", "Tcp.InCsumErrors",
                                        "Udp.InErrors", "Udp.InCsumErrors", "Ip6InHdrErrors", "Ip6InTruncatedPkts", "Icmp6InCsumErrors", "Udp6InErrors", "Udp6InCsumErrors"};
  std::map<std::string, uint64_t> all = counters();
  std::map<std::string, uint64_t> refusals;
  for (const char* key : watched) refusals[key] = all[key];
  return refusals;
}

}  // namespace packettest
