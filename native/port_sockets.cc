// Further UDP sockets of a port, beside the main one: opened and closed while it runs.
#include <algorithm>
#include <cerrno>

#include "port.h"

namespace mcc {
namespace {

// Until more than a datagram now and then goes over a socket.
constexpr uint32_t SMALL_BUFFER_BYTES = 64 << 10;
// Ports tried until one is free for both families.
constexpr int TRIES = 16;

}  // namespace

Failure Port::openSocketOn(uint16_t socket) {
  const bool both = outlet_.socket(0).isOpen() && outlet_.socket(1).isOpen();
  Failure failure{EAFNOSUPPORT, "socket", "no main socket"};
  for (int i = 0; i < TRIES; i++) {
    const bool first = outlet_.socket(1).isOpen();
    failure = openLineOn(socket, first, 0);
    if (failure || !both) break;
    failure = openLineOn(socket, !first, outlet_.socket(lineOf(socket, first)).local().port);
    if (!failure) break;
    outlet_.closeLine(lineOf(socket, first));
    if (failure.number != EADDRINUSE) break;
  }
  for (const bool v4 : {false, true}) {
    if (failure || !outlet_.socket(lineOf(socket, v4)).isOpen() || watch(lineOf(socket, v4))) continue;
    failure = {ENOMEM, "epoll_ctl", "UDP socket"};
  }
  if (failure) {
    for (const bool v4 : {false, true}) {
      unwatch(lineOf(socket, v4));
      outlet_.closeLine(lineOf(socket, v4));
    }
  }
  return failure;
}

Failure Port::openLineOn(uint16_t socket, bool v4, uint16_t port) {
  UdpSocket::Options options{outlet_.socket(v4).local(), std::min(outlet_.bufferBytes, SMALL_BUFFER_BYTES)};
  options.local.port = port;
  return outlet_.openLine(lineOf(socket, v4), options);
}

}  // namespace mcc
