// Where datagrams of a path slot go, and what the way there was found to refuse.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include "batch.h"
#include "memory.h"

namespace mcc {

// Four words, most significant first, IPv4 as ::ffff:a.b.c.d: an address as rows and JavaScript have it.
struct Address {
  uint32_t words[4];
  uint16_t port;
  uint16_t via;  // local socket by which one gets there; 0: the main one. A circuit has 0: it goes as its relay does

  // Port and local socket, as rows have them.
  uint32_t portWord() const { return uint32_t{via} << 16 | port; }
  bool isV4() const { return words[0] == 0 && words[1] == 0 && words[2] == 0xffff; }
  // In 100::/64 or 100:0:0:1::/64, where nothing real is.
  bool isDiscardOnly() const { return words[0] == CIRCUIT_PREFIX && words[1] <= STREAM_SUBNET; }
  bool isCircuit() const { return words[0] == CIRCUIT_PREFIX && words[1] == 0 && words[2] == 0 && port == CIRCUIT_PORT && via == 0; }
  bool isStream() const { return words[0] == CIRCUIT_PREFIX && words[1] == STREAM_SUBNET && words[2] == 0 && port == CIRCUIT_PORT && via == 0; }
  uint32_t streamNumber() const { return words[3]; }
  uint16_t relaySlot() const { return static_cast<uint16_t>(words[3] >> 16); }
  uint16_t circuitNumber() const { return static_cast<uint16_t>(words[3]); }
};

inline Address streamAddress(uint32_t number) { return {{CIRCUIT_PREFIX, STREAM_SUBNET, 0, number}, CIRCUIT_PORT}; }

inline Address circuitAddress(uint16_t relaySlot, uint16_t number) {
  return {{CIRCUIT_PREFIX, 0, 0, uint32_t{relaySlot} << 16 | number}, CIRCUIT_PORT, 0};
}

union SocketName {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

inline socklen_t toSocketName(const Address& address, SocketName* name) {
  *name = {};
  if (address.isV4()) {
    name->v4.sin_family = AF_INET;
    name->v4.sin_port = htons(address.port);
    name->v4.sin_addr.s_addr = htonl(address.words[3]);
    return sizeof name->v4;
  }
  name->v6.sin6_family = AF_INET6;
  name->v6.sin6_port = htons(address.port);
  for (int i = 0; i < 4; i++) {
    const uint32_t word = htonl(address.words[i]);
    __builtin_memcpy(name->v6.sin6_addr.s6_addr + 4 * i, &word, 4);
  }
  return sizeof name->v6;
}

inline Address fromSocketName(const SocketName& name) {
  Address address{};
  if (name.any.sa_family == AF_INET) {
    address.words[2] = 0xffff;
    address.words[3] = ntohl(name.v4.sin_addr.s_addr);
    address.port = ntohs(name.v4.sin_port);
    return address;
  }
  for (int i = 0; i < 4; i++) {
    uint32_t word;
    __builtin_memcpy(&word, name.v6.sin6_addr.s6_addr + 4 * i, 4);
    address.words[i] = ntohl(word);
  }
  address.port = ntohs(name.v6.sin6_port);
  return address;
}

// Sockets are counted in lines: two per local socket, IPv6 first. Lines 0 and 1 are those of the main one.
constexpr uint32_t LINES = 2 * (SOCKETS_MAX + 1);
inline uint32_t lineOf(uint32_t via, bool v4) { return via << 1 | (v4 ? 1 : 0); }

struct Path {
  SocketName name;       // of a circuit's address too, although nothing is sent there
  uint8_t nameBytes;     // 0: the slot is not in use
  bool gsoRefused;       // a device on the way has no checksum offload: send datagram by datagram
  bool tooBigReported;   // EMSGSIZE was reported and not yet collected
  uint32_t waitingBytes; // sealed ahead and waiting for their release
  uint32_t generation;   // counts the addresses the slot has had
  uint8_t front;         // bytes before each datagram: RELAY_HEADER where it goes through a relay, else 0
  Address address;

  bool isCircuit() const { return front != 0; }
  bool isStream() const { return address.isStream(); }
  // The socket it leaves by; of a path without a circuit.
  uint32_t line() const { return lineOf(address.via, name.any.sa_family == AF_INET); }
};

using Paths = SlotTable<Path>;

}  // namespace mcc
