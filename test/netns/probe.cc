// UDP sockets in many network namespaces, held by one process: what NAT tests look through.
//
// Commands on standard input, one a line; a socket is known by the number that the caller gives it:
//   open N NAMESPACE ADDRESS PORT     binds; prints `open N PORT`
//   send N ADDRESS PORT TTL BYTES WORD   sends the word, filled up with zeros to BYTES; prints `sent N ERRNO TIME`
//   close N                           prints `closed N`
// What arrives is printed as `got N ADDRESS PORT LENGTH WORD TIME`. Times are microseconds of the monotonic clock: before sending, after
// receiving. End of input ends it.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr size_t DATAGRAM_LIMIT = 65536;

std::map<int, int> sockets;
int home = -1;

[[noreturn]] void fail(const char* what) {
  fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
  exit(1);
}

long long microseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

socklen_t makeAddress(const std::string& text, int port, sockaddr_storage& out) {
  out = {};
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out);
  if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(uint16_t(port));
    return sizeof *v6;
  }
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) != 1) fail("not an address");
  v4->sin_family = AF_INET;
  v4->sin_port = htons(uint16_t(port));
  return sizeof *v4;
}

int portOf(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void openSocket(int number, const std::string& space, const std::string& text, int port) {
  int ns = open(("/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) fail("enter namespace");
  close(ns);
  sockaddr_storage address;
  socklen_t length = makeAddress(text, port, address);
  int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), length) < 0) fail("bind");
  // Nothing is cut on the way, and what is too big is said to be.
  int never = IP_PMTUDISC_DO;
  if (address.ss_family == AF_INET) setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof never);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  if (setns(home, CLONE_NEWNET) < 0) fail("return to namespace");
  sockets[number] = fd;
  printf("open %d %d\n", number, portOf(address));
}

void sendDatagram(int number, const std::string& text, int port, int ttl, size_t bytes, const std::string& word) {
  int fd = sockets.at(number);
  sockaddr_storage address;
  socklen_t length = makeAddress(text, port, address);
  if (address.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof ttl);
  else setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl);
  std::string payload = word;
  if (payload.size() < bytes) payload.resize(bytes);
  int error = 0;
  long long time = microseconds();
  // An error that an ICMP message left behind is reported once, and not about this datagram.
  for (int attempt = 0; attempt < 2; attempt++) {
    ssize_t sent = sendto(fd, payload.data(), payload.size(), 0, reinterpret_cast<sockaddr*>(&address), length);
    error = sent < 0 ? errno : 0;
    if (error == 0 || error == EMSGSIZE) break;
  }
  printf("sent %d %d %lld\n", number, error, time);
}

void receive(int number, int fd) {
  static char buffer[DATAGRAM_LIMIT];
  for (;;) {
    sockaddr_storage from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(fd, buffer, sizeof buffer - 1, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (length < 0) return;
    long long time = microseconds();
    buffer[length] = 0;
    char text[INET6_ADDRSTRLEN];
    const void* ip = from.ss_family == AF_INET6 ? static_cast<void*>(&reinterpret_cast<sockaddr_in6&>(from).sin6_addr)
                                                : &reinterpret_cast<sockaddr_in&>(from).sin_addr;
    inet_ntop(from.ss_family, ip, text, sizeof text);
    printf("got %d %s %d %zd %s %lld\n", number, text, portOf(from), length, buffer, time);
  }
}

void obey(const std::string& line) {
  std::istringstream words(line);
  std::string command, space, address, word;
  int number = 0, port = 0, ttl = 64;
  size_t bytes = 0;
  words >> command >> number;
  if (command == "open") {
    words >> space >> address >> port;
    openSocket(number, space, address, port);
  } else if (command == "send") {
    words >> address >> port >> ttl >> bytes >> word;
    sendDatagram(number, address, port, ttl, bytes, word);
  } else if (command == "close") {
    close(sockets.at(number));
    sockets.erase(number);
    printf("closed %d\n", number);
  } else {
    errno = EINVAL;
    fail(line.c_str());
  }
}

}  // namespace

int main() {
  home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  // When something came is asked for, not when a processor was free to look. As well as it goes: not every machine allows it.
  sched_param first{};
  first.sched_priority = 2;
  sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
  printf("ready\n");
  std::string pending;
  for (;;) {
    fflush(stdout);
    std::vector<pollfd> polls{{0, POLLIN, 0}};
    std::vector<int> numbers{-1};
    for (const auto& [number, fd] : sockets) {
      polls.push_back({fd, POLLIN, 0});
      numbers.push_back(number);
    }
    if (poll(polls.data(), polls.size(), -1) < 0 && errno != EINTR) fail("poll");
    for (size_t i = 1; i < polls.size(); i++) {
      if (polls[i].revents) receive(numbers[i], polls[i].fd);
    }
    if (!polls[0].revents) continue;
    char buffer[4096];
    ssize_t length = read(0, buffer, sizeof buffer);
    if (length <= 0) return 0;
    pending.append(buffer, size_t(length));
    for (size_t end; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1)) obey(pending.substr(0, end));
  }
}
