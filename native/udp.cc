#include "udp.h"

#include <netinet/udp.h>
#include <unistd.h>

#include <algorithm>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

namespace mcc {
namespace {

bool option(int fd, int level, int name, int value) { return setsockopt(fd, level, name, &value, sizeof value) == 0; }

std::string text(const Address& address) { return "UDP port " + std::to_string(address.port); }

void countSent(Counters& counters, uint32_t datagrams, uint32_t bytes) {
  counters.add(COUNT_DATAGRAMS_SENT, datagrams);
  counters.add(COUNT_DATAGRAM_BYTES_SENT, bytes);
}

uint32_t datagramsOf(const Train& train) { return (train.bytes + train.segment - 1) / train.segment; }

// Control messages of one send.
class Controls {
 public:
  template <typename Value>
  void add(int level, int type, Value value) {
    auto* header = reinterpret_cast<cmsghdr*>(bytes_ + used_);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof value);
    __builtin_memcpy(CMSG_DATA(header), &value, sizeof value);
    used_ += CMSG_SPACE(sizeof value);
  }
  // Nothing for the usual class, 0.
  void addTrafficClass(const Path& path, uint8_t trafficClass) {
    const bool v4 = path.name.any.sa_family == AF_INET;
    if (trafficClass != 0) add<int>(v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TOS : IPV6_TCLASS, trafficClass);
  }
  void attachTo(msghdr& message) {
    message.msg_control = used_ == 0 ? nullptr : bytes_;
    message.msg_controllen = used_;
  }

 private:
  alignas(cmsghdr) uint8_t bytes_[2 * CMSG_SPACE(sizeof(int))] = {};
  size_t used_ = 0;
};

bool isFull(int number) { return number == EAGAIN || number == EWOULDBLOCK; }

}  // namespace

Failure UdpSocket::open(const Options& options) {
  const bool v4 = options.local.isV4();
  fd_ = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  if (fd_ < 0) return Failure::last("socket", text(options.local));
  if (!v4) option(fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  // Never fragmented, and only the own link's MTU is heeded: what ICMP says of others anybody can forge, so that is for
  // TypeScript to judge.
  if (v4) option(fd_, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  else option(fd_, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
  setBuffers(options.bufferBytes);
  if (v4) option(fd_, IPPROTO_IP, IP_RECVTOS, 1);
  else option(fd_, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
  gro_ = option(fd_, SOL_UDP, UDP_GRO, 1);
  // Only asks whether the kernel knows it: 0 leaves the socket as it is, the size goes with each send.
  gso_ = option(fd_, SOL_UDP, UDP_SEGMENT, 0);
  SocketName name;
  const socklen_t bytes = toSocketName(options.local, &name);
  if (bind(fd_, &name.any, bytes) < 0) {
    Failure failure = Failure::last("bind", text(options.local));
    close();
    return failure;
  }
  socklen_t length = sizeof name;
  if (getsockname(fd_, &name.any, &length) == 0) local_ = fromSocketName(name);
  return {};
}

// FORCE passes the limits of net.core; it needs CAP_NET_ADMIN.
void UdpSocket::setBuffers(uint32_t bytes) {
  const int value = static_cast<int>(bytes);
  if (!option(fd_, SOL_SOCKET, SO_RCVBUFFORCE, value)) option(fd_, SOL_SOCKET, SO_RCVBUF, value);
  if (!option(fd_, SOL_SOCKET, SO_SNDBUFFORCE, value)) option(fd_, SOL_SOCKET, SO_SNDBUF, value);
}

void UdpSocket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

SendResult UdpSocket::send(Path& path, const Train& train, Counters& counters) {
  if (!isOpen()) {
    counters.add(COUNT_DROP_SEND_OTHER, datagramsOf(train));
    return {};
  }
  if (datagramsOf(train) == 1 || !gso_ || path.gsoRefused) return sendOneByOne(path, train, counters);
  const uint32_t most = trainDatagrams_ * train.segment;
  for (uint32_t sent = 0; sent < train.bytes;) {
    const Train part{train.data + sent, std::min(most, train.bytes - sent), train.segment, train.trafficClass};
    switch (sendSegmented(path, part, counters)) {
      case Gso::Full:
        return {train.bytes - sent, false};
      case Gso::Refused:
        if (datagramsOf(part) > TRAIN_DATAGRAMS_OLD && !path.gsoRefused && gso_) {
          const Train shorter{part.data, TRAIN_DATAGRAMS_OLD * part.segment, part.segment, part.trafficClass};
          if (sendSegmented(path, shorter, counters) == Gso::Sent) {
            trainDatagrams_ = TRAIN_DATAGRAMS_OLD;
            sent += shorter.bytes;
            return send(path, {train.data + sent, train.bytes - sent, train.segment, train.trafficClass}, counters);
          }
        }
        counters.add(COUNT_FALLBACK_GSO);
        return sendOneByOne(path, {train.data + sent, train.bytes - sent, train.segment, train.trafficClass}, counters);
      case Gso::Sent:
      case Gso::Dropped:
        sent += part.bytes;
    }
  }
  return {};
}

UdpSocket::Gso UdpSocket::sendSegmented(Path& path, const Train& train, Counters& counters) {
  Controls controls;
  iovec vector{const_cast<uint8_t*>(train.data), train.bytes};
  msghdr message{};
  message.msg_name = &path.name;
  message.msg_namelen = path.nameBytes;
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  if (train.bytes > train.segment) controls.add(SOL_UDP, UDP_SEGMENT, static_cast<uint16_t>(train.segment));
  controls.addTrafficClass(path, train.trafficClass);
  controls.attachTo(message);
  counters.add(COUNT_SEND_CALLS);
  if (sendmsg(fd_, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
    countSent(counters, datagramsOf(train), train.bytes);
    return Gso::Sent;
  }
  if (isFull(errno)) return Gso::Full;
  switch (errno) {
    case EIO:  // the device on this path computes no checksums
      path.gsoRefused = true;
      return Gso::Refused;
    case ENOPROTOOPT:
    case EOPNOTSUPP:
      gso_ = false;
      return Gso::Refused;
    case EINVAL:    // too many segments, or (older kernels) a segment above the MTU
    case EMSGSIZE:  // a segment above the MTU: datagram by datagram tells which
      return Gso::Refused;
    case ENOBUFS:
    case ENOMEM:
      counters.add(COUNT_DROP_SEND_BUFFER, datagramsOf(train));
      return Gso::Dropped;
    default:
      counters.add(COUNT_DROP_SEND_OTHER, datagramsOf(train));
      return Gso::Dropped;
  }
}

SendResult UdpSocket::sendOneByOne(Path& path, const Train& train, Counters& counters) {
  constexpr uint32_t MOST = 64;
  mmsghdr messages[MOST];
  iovec vectors[MOST];
  Controls controls;
  controls.addTrafficClass(path, train.trafficClass);
  SendResult result;
  for (uint32_t at = 0; at < train.bytes;) {
    uint32_t count = 0;
    for (uint32_t next = at; next < train.bytes && count < MOST; next += train.segment, count++) {
      vectors[count] = {const_cast<uint8_t*>(train.data) + next, std::min(train.segment, train.bytes - next)};
      messages[count] = {};
      messages[count].msg_hdr.msg_name = &path.name;
      messages[count].msg_hdr.msg_namelen = path.nameBytes;
      messages[count].msg_hdr.msg_iov = &vectors[count];
      messages[count].msg_hdr.msg_iovlen = 1;
      controls.attachTo(messages[count].msg_hdr);
    }
    counters.add(COUNT_SEND_CALLS);
    const int sent = sendmmsg(fd_, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      const uint32_t bytes = std::min(static_cast<uint32_t>(sent) * train.segment, train.bytes - at);
      countSent(counters, static_cast<uint32_t>(sent), bytes);
      at += bytes;
      continue;
    }
    if (isFull(errno)) {
      result.left = train.bytes - at;
      return result;
    }
    // The first of the rest cannot be sent. Of those that are too big only a shorter last one may fit.
    uint32_t lost = 1;
    if (errno == EMSGSIZE) {
      const uint32_t whole = (train.bytes - at) / train.segment;
      lost = std::max(whole, 1u);
      result.tooBig = true;
      counters.add(COUNT_DROP_SEND_TOO_BIG, lost);
    } else {
      counters.add(errno == ENOBUFS || errno == ENOMEM ? COUNT_DROP_SEND_BUFFER : COUNT_DROP_SEND_OTHER);
    }
    at += std::min(lost * train.segment, train.bytes - at);
  }
  return result;
}

bool UdpSocket::sendWithTtl(Path& path, const uint8_t* data, uint32_t bytes, uint8_t ttl, Counters& counters) {
  Controls controls;
  iovec vector{const_cast<uint8_t*>(data), bytes};
  msghdr message{};
  message.msg_name = &path.name;
  message.msg_namelen = path.nameBytes;
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  const bool v4 = path.name.any.sa_family == AF_INET;
  controls.add<int>(v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TTL : IPV6_HOPLIMIT, ttl);
  controls.attachTo(message);
  counters.add(COUNT_SEND_CALLS);
  if (sendmsg(fd_, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
    countSent(counters, 1, bytes);
    return false;
  }
  const bool noRoom = isFull(errno) || errno == ENOBUFS || errno == ENOMEM;
  const bool tooBig = errno == EMSGSIZE;
  counters.add(tooBig ? COUNT_DROP_SEND_TOO_BIG : noRoom ? COUNT_DROP_SEND_BUFFER : COUNT_DROP_SEND_OTHER);
  return tooBig;
}

int UdpSocket::receive(mmsghdr* messages, uint32_t count) {
  int got;
  do {
    got = recvmmsg(fd_, messages, count, MSG_DONTWAIT, nullptr);
  } while (got < 0 && errno == EINTR);
  return got;
}

uint32_t routeMtu(const Address& to) {
  const bool v4 = to.isV4();
  const int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
  if (fd < 0) return 0;
  SocketName name;
  const socklen_t bytes = toSocketName(to, &name);
  int mtu = 0;
  socklen_t length = sizeof mtu;
  const bool known = connect(fd, &name.any, bytes) == 0 &&
                     getsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MTU : IPV6_MTU, &mtu, &length) == 0;
  close(fd);
  return known && mtu > 0 ? static_cast<uint32_t>(mtu) : 0;
}

uint32_t groSegment(const msghdr& message) {
  msghdr* mutableMessage = const_cast<msghdr*>(&message);
  for (cmsghdr* each = CMSG_FIRSTHDR(mutableMessage); each != nullptr; each = CMSG_NXTHDR(mutableMessage, each)) {
    if (each->cmsg_level != SOL_UDP || each->cmsg_type != UDP_GRO) continue;
    int size = 0;
    __builtin_memcpy(&size, CMSG_DATA(each), sizeof size);
    return size > 0 ? static_cast<uint32_t>(size) : 0;
  }
  return 0;
}

uint8_t trafficClassOf(const msghdr& message) {
  msghdr* mutableMessage = const_cast<msghdr*>(&message);
  for (cmsghdr* each = CMSG_FIRSTHDR(mutableMessage); each != nullptr; each = CMSG_NXTHDR(mutableMessage, each)) {
    const bool v6 = each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_TCLASS;
    if (!v6 && (each->cmsg_level != IPPROTO_IP || each->cmsg_type != IP_TOS)) continue;
    int value = 0;
    // IPv4's is a byte, IPv6's an int.
    __builtin_memcpy(&value, CMSG_DATA(each), v6 ? sizeof value : 1);
    return static_cast<uint8_t>(value);
  }
  return 0;
}

}  // namespace mcc
