#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "netlink.h"

namespace mcc {
namespace {

constexpr uint32_t READS_PER_DRAIN = 32;

uint32_t outInterface(const nlmsghdr* message, const rtmsg* body) {
  const rtattr* attribute = RTM_RTA(body);
  uint32_t left = static_cast<uint32_t>(message->nlmsg_len - NLMSG_LENGTH(sizeof(rtmsg)));
  for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type != RTA_OIF || RTA_PAYLOAD(attribute) < sizeof(uint32_t)) continue;
    uint32_t index;
    memcpy(&index, RTA_DATA(attribute), sizeof index);
    return index;
  }
  return 0;
}

uint32_t changeOf(const nlmsghdr* message, int32_t own) {
  const uint32_t size = message->nlmsg_len;
  const uint32_t self = static_cast<uint32_t>(own);
  switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      if (size < NLMSG_LENGTH(sizeof(ifinfomsg))) return 0;
      const ifinfomsg* body = static_cast<const ifinfomsg*>(NLMSG_DATA(message));
      // Bridges announce their ports in a family of their own.
      if (body->ifi_family != AF_UNSPEC) return 0;
      if (body->ifi_index != own) return CHANGE_LINK;
      return message->nlmsg_type == RTM_DELLINK ? CHANGE_OWN_DELETED : CHANGE_OWN;
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      if (size < NLMSG_LENGTH(sizeof(ifaddrmsg))) return 0;
      return static_cast<const ifaddrmsg*>(NLMSG_DATA(message))->ifa_index == self ? CHANGE_OWN : CHANGE_ADDRESS;
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      if (size < NLMSG_LENGTH(sizeof(rtmsg))) return 0;
      const rtmsg* body = static_cast<const rtmsg*>(NLMSG_DATA(message));
      if ((body->rtm_flags & RTM_F_CLONED) != 0) return 0;
      const uint32_t index = outInterface(message, body);
      return index != 0 && index == self ? CHANGE_OWN : CHANGE_ROUTE;
    }
    default:
      return 0;
  }
}

}  // namespace

int Notices::open(bool tables) {
  tables_ = tables;
  fd_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, tables ? NETLINK_NETFILTER : NETLINK_ROUTE);
  if (fd_ < 0) return errno;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = tables ? 1u << (NFNLGRP_NFTABLES - 1)
                             : RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return 0;
  const int error = errno;
  close();
  return error;
}

void Notices::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

uint32_t Notices::drain(int32_t own) {
  uint32_t changes = 0;
  alignas(nlmsghdr) uint8_t buffer[16384];
  // After an overrun the kernel drops everything until the queue is empty, so all of it is read before that is told: whoever
  // then looks again misses nothing.
  for (uint32_t i = 0; i < READS_PER_DRAIN || overrun_; i++) {
    sockaddr_nl from{};
    socklen_t fromLength = sizeof from;
    const ssize_t got = recvfrom(fd_, buffer, sizeof buffer, MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &fromLength);
    if (got < 0 && errno == ENOBUFS) overrun_ = true;
    if (got < 0 && (errno == EINTR || errno == ENOBUFS)) continue;
    if (got < 0) {
      if (overrun_) changes |= CHANGE_OVERRUN;
      overrun_ = false;
      break;
    }
    // Only the kernel is believed.
    if (from.nl_pid != 0) continue;
    if (static_cast<size_t>(got) > sizeof buffer) {
      overrun_ = true;
      continue;
    }
    uint32_t left = static_cast<uint32_t>(got);
    for (const nlmsghdr* message = reinterpret_cast<const nlmsghdr*>(buffer); NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
      if (!tables_) changes |= changeOf(message, own);
      else if (message->nlmsg_type == ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_DELTABLE)) changes |= CHANGE_TABLES;
    }
  }
  return changes;
}

}  // namespace mcc
