// Interface configuration, dumps and notices by rtnetlink. No N-API here. Every function returns 0 or an errno.
// Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d; `bits` are leading bits of the 16 (an IPv4 /16 is 112).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace mcc {

struct LinkInfo {
  int32_t index;
  std::string name;
  uint32_t mtu;
  uint32_t flags;  // IFF_*
  // IPv4's settings of this interface, as in net.ipv4.conf.<name>.
  bool forwarding;
  bool routeLocalnet;
};

// Negative: leave it.
struct LinkChange {
  int up = -1;
  int64_t mtu = -1;
  int64_t txQueueLength = -1;
  int64_t gsoMaxSize = -1;
  int64_t gsoIpv4MaxSize = -1;
  int linkLocal = -1;
  int forwarding = -1;
  int routeLocalnet = -1;
};

struct AddressFlags {
  bool noPrefixRoute = false;
  bool noDad = false;
  // The kernel never chooses it as a source: deprecated from the start, IPv4 of host scope.
  bool neverSource = false;
};

struct RouteChange {
  uint8_t destination[16];
  uint32_t bits;
  int32_t index;
  uint32_t metric;
  uint32_t table;
  bool hasSource;
  uint8_t source[16];
};

enum class PrefixKind { Address, Route, Rule };

struct PrefixInfo {
  PrefixKind kind;
  uint8_t address[16];
  uint32_t bits;
  int32_t index;
  uint32_t table;
};

int setLink(int32_t index, const LinkChange& change);
int deleteLink(int32_t index);
int changeAddress(bool add, int32_t index, const uint8_t* address, uint32_t bits, const AddressFlags& flags);
int changeRoute(bool add, const RouteChange& route);
// Where a packet of this host to there goes: the interface, and RTN_*.
int findRoute(const uint8_t* destination, int32_t& index, uint8_t& type);
int listLinks(std::vector<LinkInfo>& links);
int listPrefixes(std::vector<PrefixInfo>& prefixes);

// As in src/host/native/system.ts.
constexpr uint32_t CHANGE_LINK = 1;
constexpr uint32_t CHANGE_ADDRESS = 2;
constexpr uint32_t CHANGE_ROUTE = 4;
constexpr uint32_t CHANGE_OWN = 8;
constexpr uint32_t CHANGE_OWN_DELETED = 16;
constexpr uint32_t CHANGE_OVERRUN = 32;
constexpr uint32_t CHANGE_TABLES = 64;

// A socket that hears of links, addresses and routes; or of tables of the packet filter that were deleted.
class Notices {
 public:
  ~Notices() { close(); }
  int open(bool tables);
  void close();
  int fd() const { return fd_; }
  // Reads what is there (bounded); a union of CHANGE_* bits.
  uint32_t drain(int32_t own);

 private:
  int fd_ = -1;
  bool tables_ = false;
  bool overrun_ = false;
};

// One sd_notify datagram; a leading '@' names an abstract socket.
int notifyManager(const std::string& path, const std::string& state);

}  // namespace mcc
