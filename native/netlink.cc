#include "netlink.h"

#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#ifndef IFLA_GSO_IPV4_MAX_SIZE
#define IFLA_GSO_IPV4_MAX_SIZE 63
#endif

namespace mcc {
namespace {

constexpr uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr uint32_t DUMP_BYTES = 65536;

bool isIpv4(const uint8_t* address) { return memcmp(address, MAPPED, sizeof MAPPED) == 0; }

// One request under construction.
struct Request {
  union {
    nlmsghdr header;
    uint8_t bytes[1024];
  };

  Request(uint16_t type, uint16_t flags, const void* body, uint32_t size) : bytes{} {
    header.nlmsg_len = static_cast<uint32_t>(NLMSG_LENGTH(size));
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    memcpy(NLMSG_DATA(&header), body, size);
  }
  rtattr* add(uint16_t type, const void* data, uint32_t size) {
    rtattr* attribute = reinterpret_cast<rtattr*>(bytes + NLMSG_ALIGN(header.nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = static_cast<uint16_t>(RTA_LENGTH(size));
    if (size != 0) memcpy(RTA_DATA(attribute), data, size);
    header.nlmsg_len = static_cast<uint32_t>(NLMSG_ALIGN(header.nlmsg_len) + RTA_ALIGN(attribute->rta_len));
    return attribute;
  }
  void add32(uint16_t type, uint32_t value) { add(type, &value, sizeof value); }
  void end(rtattr* nest) {
    nest->rta_len = static_cast<uint16_t>(bytes + header.nlmsg_len - reinterpret_cast<uint8_t*>(nest));
  }
};

class Socket {
 public:
  Socket() : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  bool isOpen() const { return fd_ >= 0; }
  int send(Request& request) {
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    request.header.nlmsg_seq = 1;
    const ssize_t sent = sendto(fd_, request.bytes, request.header.nlmsg_len, 0, reinterpret_cast<sockaddr*>(&kernel), sizeof kernel);
    return sent < 0 ? errno : 0;
  }
  ssize_t receive(uint8_t* buffer, uint32_t size) {
    ssize_t got;
    do got = recv(fd_, buffer, size, 0);
    while (got < 0 && errno == EINTR);
    return got;
  }

 private:
  int fd_;
};

int answerOf(const nlmsghdr* message) {
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof(nlmsgerr))) return EBADMSG;
  return -static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error;
}

// One request, one acknowledgement.
int perform(Request& request) {
  Socket socket;
  if (!socket.isOpen()) return errno;
  request.header.nlmsg_flags |= NLM_F_ACK;
  if (const int error = socket.send(request)) return error;
  alignas(nlmsghdr) uint8_t answer[4096];
  const ssize_t got = socket.receive(answer, sizeof answer);
  if (got < 0) return errno;
  const nlmsghdr* message = reinterpret_cast<const nlmsghdr*>(answer);
  if (!NLMSG_OK(message, static_cast<uint32_t>(got)) || message->nlmsg_type != NLMSG_ERROR) return EBADMSG;
  return answerOf(message);
}

// Calls `visit` with every message of a dump.
template <typename Visit>
int dump(uint16_t type, const void* body, uint32_t size, Visit visit) {
  Socket socket;
  if (!socket.isOpen()) return errno;
  Request request(type, NLM_F_DUMP, body, size);
  if (const int error = socket.send(request)) return error;
  std::vector<uint64_t> buffer(DUMP_BYTES / sizeof(uint64_t));
  uint8_t* bytes = reinterpret_cast<uint8_t*>(buffer.data());
  for (;;) {
    const ssize_t got = socket.receive(bytes, DUMP_BYTES);
    if (got < 0) return errno;
    uint32_t left = static_cast<uint32_t>(got);
    for (const nlmsghdr* message = reinterpret_cast<const nlmsghdr*>(bytes); NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return 0;
      if (message->nlmsg_type == NLMSG_ERROR) return answerOf(message);
      visit(message);
    }
    if (got == 0) return EBADMSG;
  }
}

// Attributes of a message whose body is `Body`, by type.
template <typename Body>
const Body* parseBody(const nlmsghdr* message, const rtattr** table, uint32_t count) {
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof(Body))) return nullptr;
  for (uint32_t i = 0; i < count; i++) table[i] = nullptr;
  const Body* body = static_cast<const Body*>(NLMSG_DATA(message));
  const rtattr* attribute = reinterpret_cast<const rtattr*>(reinterpret_cast<const uint8_t*>(body) + NLMSG_ALIGN(sizeof(Body)));
  uint32_t left = static_cast<uint32_t>(message->nlmsg_len - NLMSG_LENGTH(sizeof(Body)));
  for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    const uint32_t type = attribute->rta_type & NLA_TYPE_MASK;
    if (type < count) table[type] = attribute;
  }
  return body;
}

uint32_t value32(const rtattr* attribute, uint32_t otherwise) {
  uint32_t value = otherwise;
  if (attribute != nullptr && RTA_PAYLOAD(attribute) >= sizeof value) memcpy(&value, RTA_DATA(attribute), sizeof value);
  return value;
}

// One of net.ipv4.conf.<name>: the array that IFLA_AF_SPEC of a link carries, counted from 1.
bool readConf(const rtattr* families, uint32_t setting) {
  if (families == nullptr) return false;
  const auto child = [](const rtattr* parent, uint32_t type) -> const rtattr* {
    const rtattr* attribute = static_cast<const rtattr*>(RTA_DATA(parent));
    uint32_t left = static_cast<uint32_t>(RTA_PAYLOAD(parent));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
      if ((attribute->rta_type & NLA_TYPE_MASK) == type) return attribute;
    }
    return nullptr;
  };
  const rtattr* four = child(families, AF_INET);
  const rtattr* settings = four == nullptr ? nullptr : child(four, IFLA_INET_CONF);
  if (settings == nullptr || RTA_PAYLOAD(settings) < setting * sizeof(uint32_t)) return false;
  uint32_t value;
  memcpy(&value, static_cast<const uint8_t*>(RTA_DATA(settings)) + (setting - 1) * sizeof value, sizeof value);
  return value != 0;
}

// /proc/sys may be read-only for us; a link's own settings can be written by netlink as well.
int setConf(int32_t index, const LinkChange& change) {
  ifinfomsg body{};
  body.ifi_index = index;
  Request request(RTM_NEWLINK, 0, &body, sizeof body);
  rtattr* families = request.add(IFLA_AF_SPEC, nullptr, 0);
  rtattr* four = request.add(AF_INET, nullptr, 0);
  rtattr* settings = request.add(IFLA_INET_CONF, nullptr, 0);
  if (change.forwarding >= 0) request.add32(IPV4_DEVCONF_FORWARDING, static_cast<uint32_t>(change.forwarding));
  if (change.routeLocalnet >= 0) request.add32(IPV4_DEVCONF_ROUTE_LOCALNET, static_cast<uint32_t>(change.routeLocalnet));
  request.end(settings);
  request.end(four);
  request.end(families);
  return perform(request);
}

// A prefix in the 16-byte form; an absent attribute is the zero address. False: neither family.
bool readPrefix(uint8_t family, const rtattr* attribute, uint32_t length, PrefixInfo& prefix) {
  const uint32_t size = family == AF_INET ? 4 : 16;
  if (family != AF_INET && family != AF_INET6) return false;
  memset(prefix.address, 0, sizeof prefix.address);
  if (family == AF_INET) memcpy(prefix.address, MAPPED, sizeof MAPPED);
  prefix.bits = family == AF_INET ? 96 + length : length;
  if (prefix.bits > 128) return false;
  if (attribute != nullptr) {
    if (RTA_PAYLOAD(attribute) < size) return false;
    memcpy(prefix.address + 16 - size, RTA_DATA(attribute), size);
  }
  return true;
}

void visitAddress(const nlmsghdr* message, std::vector<PrefixInfo>& prefixes) {
  const rtattr* table[IFA_MAX + 1];
  const ifaddrmsg* body = parseBody<ifaddrmsg>(message, table, IFA_MAX + 1);
  if (message->nlmsg_type != RTM_NEWADDR || body == nullptr) return;
  const rtattr* own = table[IFA_LOCAL] != nullptr ? table[IFA_LOCAL] : table[IFA_ADDRESS];
  PrefixInfo prefix{PrefixKind::Address, {}, 0, static_cast<int32_t>(body->ifa_index), 0};
  if (own != nullptr && readPrefix(body->ifa_family, own, body->ifa_prefixlen, prefix)) prefixes.push_back(prefix);
}

void visitRoute(const nlmsghdr* message, std::vector<PrefixInfo>& prefixes) {
  const rtattr* table[RTA_MAX + 1];
  const rtmsg* body = parseBody<rtmsg>(message, table, RTA_MAX + 1);
  if (message->nlmsg_type != RTM_NEWROUTE || body == nullptr || (body->rtm_flags & RTM_F_CLONED) != 0) return;
  PrefixInfo prefix{PrefixKind::Route, {}, 0, static_cast<int32_t>(value32(table[RTA_OIF], 0)), value32(table[RTA_TABLE], body->rtm_table)};
  if (readPrefix(body->rtm_family, table[RTA_DST], body->rtm_dst_len, prefix)) prefixes.push_back(prefix);
}

void visitRule(const nlmsghdr* message, std::vector<PrefixInfo>& prefixes) {
  const rtattr* table[FRA_MAX + 1];
  const fib_rule_hdr* body = parseBody<fib_rule_hdr>(message, table, FRA_MAX + 1);
  if (message->nlmsg_type != RTM_NEWRULE || body == nullptr) return;
  PrefixInfo prefix{PrefixKind::Rule, {}, 0, 0, value32(table[FRA_TABLE], body->table)};
  if (table[FRA_SRC] != nullptr && readPrefix(body->family, table[FRA_SRC], body->src_len, prefix)) prefixes.push_back(prefix);
  if (table[FRA_DST] != nullptr && readPrefix(body->family, table[FRA_DST], body->dst_len, prefix)) prefixes.push_back(prefix);
}

}  // namespace

int setLink(int32_t index, const LinkChange& change) {
  ifinfomsg body{};
  body.ifi_index = index;
  if (change.linkLocal >= 0) {
    // Before the interface comes up: that is when the kernel makes the address. A host without IPv6 has nothing to forbid.
    Request request(RTM_NEWLINK, 0, &body, sizeof body);
    rtattr* families = request.add(IFLA_AF_SPEC, nullptr, 0);
    rtattr* six = request.add(AF_INET6, nullptr, 0);
    const uint8_t mode = change.linkLocal != 0 ? IN6_ADDR_GEN_MODE_EUI64 : IN6_ADDR_GEN_MODE_NONE;
    request.add(IFLA_INET6_ADDR_GEN_MODE, &mode, sizeof mode);
    request.end(six);
    request.end(families);
    const int error = perform(request);
    if (error != 0 && error != EAFNOSUPPORT && error != EOPNOTSUPP && !(error == EINVAL && access("/proc/net/if_inet6", F_OK) != 0)) return error;
  }
  if (change.forwarding >= 0 || change.routeLocalnet >= 0) {
    if (const int error = setConf(index, change)) return error;
  }
  if (change.up >= 0) {
    body.ifi_flags = change.up != 0 ? IFF_UP : 0;
    body.ifi_change = IFF_UP;
  }
  Request request(RTM_NEWLINK, 0, &body, sizeof body);
  if (change.mtu >= 0) request.add32(IFLA_MTU, static_cast<uint32_t>(change.mtu));
  if (change.txQueueLength >= 0) request.add32(IFLA_TXQLEN, static_cast<uint32_t>(change.txQueueLength));
  if (change.gsoMaxSize >= 0) request.add32(IFLA_GSO_MAX_SIZE, static_cast<uint32_t>(change.gsoMaxSize));
  if (const int error = perform(request)) return error;
  if (change.gsoIpv4MaxSize < 0) return 0;
  body.ifi_flags = 0;
  body.ifi_change = 0;
  Request four(RTM_NEWLINK, 0, &body, sizeof body);
  four.add32(IFLA_GSO_IPV4_MAX_SIZE, static_cast<uint32_t>(change.gsoIpv4MaxSize));
  const int error = perform(four);
  return error == EINVAL || error == EOPNOTSUPP ? 0 : error;
}

int deleteLink(int32_t index) {
  ifinfomsg body{};
  body.ifi_index = index;
  Request request(RTM_DELLINK, 0, &body, sizeof body);
  return perform(request);
}

int changeAddress(bool add, int32_t index, const uint8_t* address, uint32_t bits, const AddressFlags& flags) {
  const bool four = isIpv4(address);
  if (bits > 128 || (four && bits < 96)) return EINVAL;
  ifaddrmsg body{};
  body.ifa_family = four ? AF_INET : AF_INET6;
  body.ifa_prefixlen = static_cast<uint8_t>(four ? bits - 96 : bits);
  body.ifa_index = static_cast<uint32_t>(index);
  if (add && flags.neverSource && four) body.ifa_scope = RT_SCOPE_HOST;
  Request request(add ? RTM_NEWADDR : RTM_DELADDR, add ? NLM_F_CREATE | NLM_F_EXCL : 0, &body, sizeof body);
  const uint32_t size = four ? 4 : 16;
  request.add(IFA_LOCAL, address + 16 - size, size);
  request.add(IFA_ADDRESS, address + 16 - size, size);
  if (add) request.add32(IFA_FLAGS, (flags.noPrefixRoute ? IFA_F_NOPREFIXROUTE : 0) | (flags.noDad && !four ? IFA_F_NODAD : 0));
  if (add && flags.neverSource) {
    ifa_cacheinfo lifetime{};
    lifetime.ifa_valid = UINT32_MAX;
    request.add(IFA_CACHEINFO, &lifetime, sizeof lifetime);
  }
  return perform(request);
}

int changeRoute(bool add, const RouteChange& route) {
  const bool four = isIpv4(route.destination);
  if (route.bits > 128 || (four && route.bits < 96) || (route.hasSource && isIpv4(route.source) != four)) return EINVAL;
  rtmsg body{};
  body.rtm_family = four ? AF_INET : AF_INET6;
  body.rtm_dst_len = static_cast<uint8_t>(four ? route.bits - 96 : route.bits);
  body.rtm_table = route.table < 256 ? static_cast<uint8_t>(route.table) : uint8_t{RT_TABLE_UNSPEC};
  body.rtm_protocol = RTPROT_STATIC;
  body.rtm_scope = four ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  body.rtm_type = RTN_UNICAST;
  Request request(add ? RTM_NEWROUTE : RTM_DELROUTE, add ? NLM_F_CREATE | NLM_F_REPLACE : 0, &body, sizeof body);
  const uint32_t size = four ? 4 : 16;
  request.add(RTA_DST, route.destination + 16 - size, size);
  request.add32(RTA_OIF, static_cast<uint32_t>(route.index));
  request.add32(RTA_TABLE, route.table);
  if (route.metric != 0) request.add32(RTA_PRIORITY, route.metric);
  if (route.hasSource) request.add(RTA_PREFSRC, route.source + 16 - size, size);
  return perform(request);
}

int findRoute(const uint8_t* destination, int32_t& index, uint8_t& type) {
  const bool four = isIpv4(destination);
  rtmsg body{};
  body.rtm_family = four ? AF_INET : AF_INET6;
  body.rtm_dst_len = four ? 32 : 128;
  Request request(RTM_GETROUTE, 0, &body, sizeof body);
  request.add(RTA_DST, destination + (four ? 12 : 0), four ? 4 : 16);
  Socket socket;
  if (!socket.isOpen()) return errno;
  if (const int error = socket.send(request)) return error;
  alignas(nlmsghdr) uint8_t answer[4096];
  const ssize_t got = socket.receive(answer, sizeof answer);
  if (got < 0) return errno;
  const nlmsghdr* message = reinterpret_cast<const nlmsghdr*>(answer);
  if (!NLMSG_OK(message, static_cast<uint32_t>(got))) return EBADMSG;
  if (message->nlmsg_type == NLMSG_ERROR) return answerOf(message);
  const rtattr* table[RTA_MAX + 1];
  const rtmsg* route = parseBody<rtmsg>(message, table, RTA_MAX + 1);
  if (message->nlmsg_type != RTM_NEWROUTE || route == nullptr) return EBADMSG;
  index = static_cast<int32_t>(value32(table[RTA_OIF], 0));
  type = route->rtm_type;
  return 0;
}

int listLinks(std::vector<LinkInfo>& links) {
  const ifinfomsg body{};
  return dump(RTM_GETLINK, &body, sizeof body, [&](const nlmsghdr* message) {
    const rtattr* table[IFLA_AF_SPEC + 1];
    const ifinfomsg* link = parseBody<ifinfomsg>(message, table, IFLA_AF_SPEC + 1);
    if (message->nlmsg_type != RTM_NEWLINK || link == nullptr || table[IFLA_IFNAME] == nullptr) return;
    const char* name = static_cast<const char*>(RTA_DATA(table[IFLA_IFNAME]));
    const rtattr* families = table[IFLA_AF_SPEC];
    links.push_back({link->ifi_index, std::string(name, strnlen(name, RTA_PAYLOAD(table[IFLA_IFNAME]))), value32(table[IFLA_MTU], 0), link->ifi_flags,
                     readConf(families, IPV4_DEVCONF_FORWARDING), readConf(families, IPV4_DEVCONF_ROUTE_LOCALNET)});
  });
}

int listPrefixes(std::vector<PrefixInfo>& prefixes) {
  const ifaddrmsg address{};
  const rtmsg route{};
  const fib_rule_hdr rule{};
  if (const int error = dump(RTM_GETADDR, &address, sizeof address, [&](const nlmsghdr* message) { visitAddress(message, prefixes); })) return error;
  if (const int error = dump(RTM_GETROUTE, &route, sizeof route, [&](const nlmsghdr* message) { visitRoute(message, prefixes); })) return error;
  const int error = dump(RTM_GETRULE, &rule, sizeof rule, [&](const nlmsghdr* message) { visitRule(message, prefixes); });
  // A kernel without policy routing has no rules.
  return error == EOPNOTSUPP ? 0 : error;
}

int notifyManager(const std::string& path, const std::string& state) {
  sockaddr_un to{};
  if (path.empty() || path.size() >= sizeof to.sun_path) return EINVAL;
  to.sun_family = AF_UNIX;
  memcpy(to.sun_path, path.data(), path.size());
  uint32_t length = static_cast<uint32_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  if (path[0] == '@') {
    to.sun_path[0] = 0;
    length--;
  }
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  const ssize_t sent = sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&to), length);
  const int error = sent < 0 ? errno : 0;
  close(fd);
  return error;
}

}  // namespace mcc
