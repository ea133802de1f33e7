// UDP traffic for tests, fast and bounded; every mode ends by itself and prints one JSON line.
//
//   traffic receive ADDRESS                                  counts numbered datagrams until its input ends; prints its port first
//   traffic send ADDRESS PORT RATE SECONDS SIZE              numbered datagrams; one that the kernel has no room for is sent again
//   traffic garbage ADDRESS PORT RATE COUNT SEED             datagrams of every type and length with nothing true in them
//   traffic replay ADDRESS PORT RATE COUNT FILE              UDP payloads of a capture (tcpdump -w), as they are, over and over
//
// RATE is in datagrams a second, 0: as fast as it goes.
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int BATCH = 64;
constexpr int BUFFER_BYTES = 64 << 20;
constexpr size_t LONGEST = 65507;
constexpr uint64_t SECOND = 1000000000;

using Bytes = std::vector<uint8_t>;

[[noreturn]] void fail(const char* what) {
  fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
  exit(1);
}

uint64_t nowNs() {
  timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return uint64_t(ts.tv_sec) * SECOND + uint64_t(ts.tv_nsec);
}

struct Address {
  sockaddr_storage bytes{};
  socklen_t length = 0;
};

Address parse(const char* host, const char* port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  if (getaddrinfo(host, port, &hints, &found) != 0) fail(host);
  Address address;
  memcpy(&address.bytes, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  freeaddrinfo(found);
  return address;
}

int openSocket(const Address& address) {
  int fd = socket(address.bytes.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  int bytes = BUFFER_BYTES, on = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
  setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  return fd;
}

// Sends in batches at a rate. With `again`, what the kernel had no room for is repeated; else it counts as refused.
class Sender {
 public:
  uint64_t sent = 0, refused = 0;

  Sender(const Address& to, double rate, bool again) : fd_(openSocket(to)), rate_(rate), again_(again) {
    int on = 1;
    // Without this the kernel does not tell that a queue of its own was full.
    if (again && to.bytes.ss_family == AF_INET) setsockopt(fd_, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    if (again && to.bytes.ss_family == AF_INET6) setsockopt(fd_, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&to.bytes), to.length) < 0) fail("connect");
  }

  void send(Bytes* packets, int count) {
    pace(count);
    mmsghdr messages[BATCH]{};
    iovec parts[BATCH];
    for (int i = 0; i < count; i++) {
      parts[i] = {packets[i].data(), packets[i].size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    for (int at = 0; at < count;) {
      int done = sendmmsg(fd_, messages + at, unsigned(count - at), 0);
      if (done > 0) {
        sent += uint64_t(done);
        at += done;
      } else if (again_ && (errno == ENOBUFS || errno == EAGAIN)) {
        usleep(50);
      } else {
        refused++;
        at++;
      }
    }
  }

 private:
  void pace(int count) {
    if (rate_ <= 0) return;
    uint64_t now = nowNs();
    if (nextNs_ < now - SECOND / 10 || nextNs_ == 0) nextNs_ = now;
    if (nextNs_ > now) usleep(useconds_t((nextNs_ - now) / 1000));
    nextNs_ += uint64_t(double(count) * 1e9 / rate_);
  }

  int fd_;
  double rate_;
  bool again_;
  uint64_t nextNs_ = 0;
};

void sendNumbered(const Address& to, double rate, double seconds, size_t size) {
  Sender sender(to, rate, true);
  std::vector<Bytes> packets(BATCH, Bytes(std::max<size_t>(size, 8)));
  uint64_t number = 0, end = nowNs() + uint64_t(seconds * 1e9);
  while (nowNs() < end) {
    for (auto& packet : packets) {
      memcpy(packet.data(), &number, 8);
      number++;
    }
    sender.send(packets.data(), BATCH);
  }
  printf("{\"sent\":%llu,\"refused\":%llu}\n", (unsigned long long)sender.sent, (unsigned long long)sender.refused);
}

// One bit per number.
class Seen {
 public:
  uint64_t distinct = 0, repeated = 0, late = 0;

  void note(uint64_t number) {
    if (number >= (uint64_t(1) << 33)) return;
    if (number / 64 >= bits_.size()) bits_.resize(number / 64 * 2 + 1024);
    uint64_t bit = uint64_t(1) << (number % 64);
    if (bits_[number / 64] & bit) {
      repeated++;
      return;
    }
    bits_[number / 64] |= bit;
    distinct++;
    if (number < highest_) late++;
    highest_ = std::max(highest_, number);
  }

 private:
  std::vector<uint64_t> bits_;
  uint64_t highest_ = 0;
};

void receive(const char* host) {
  Address address = parse(host, "0");
  int fd = openSocket(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address.bytes), address.length) < 0) fail("bind");
  getsockname(fd, reinterpret_cast<sockaddr*>(&address.bytes), &address.length);
  printf("port %d\n", ntohs(reinterpret_cast<sockaddr_in*>(&address.bytes)->sin_port));
  fflush(stdout);
  Seen seen;
  uint32_t overflowed = 0;
  std::vector<Bytes> buffers(BATCH, Bytes(65536));
  std::vector<std::array<char, 64>> controls(BATCH);
  pollfd polls[] = {{fd, POLLIN, 0}, {0, POLLIN, 0}};
  for (;;) {
    if (poll(polls, 2, -1) < 0 && errno != EINTR) fail("poll");
    if (polls[0].revents == 0 && polls[1].revents != 0) break;
    mmsghdr messages[BATCH]{};
    iovec parts[BATCH];
    for (int i = 0; i < BATCH; i++) {
      parts[i] = {buffers[i].data(), buffers[i].size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_control = controls[i].data();
      messages[i].msg_hdr.msg_controllen = controls[i].size();
    }
    int count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; i++) {
      uint64_t number;
      memcpy(&number, buffers[i].data(), 8);
      if (messages[i].msg_len >= 8) seen.note(number);
      for (cmsghdr* c = CMSG_FIRSTHDR(&messages[i].msg_hdr); c != nullptr; c = CMSG_NXTHDR(&messages[i].msg_hdr, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) memcpy(&overflowed, CMSG_DATA(c), 4);
      }
    }
  }
  printf("{\"received\":%llu,\"repeated\":%llu,\"late\":%llu,\"overflowed\":%u}\n", (unsigned long long)seen.distinct,
         (unsigned long long)seen.repeated, (unsigned long long)seen.late, overflowed);
}

// A datagram that looks like something: a type of the protocol, one that it does not know, other versions, right and wrong lengths.
void fillGarbage(Bytes& packet, std::mt19937_64& random) {
  static const size_t LENGTHS[] = {0, 1, 3, 4, 8, 15, 16, 31, 32, 33, 47, 48, 64, 92, 148, 166, 512, 1200, 1232, 1233, 1400, 1452, 1472};
  uint64_t dice = random();
  size_t length = dice % 4 == 0 ? size_t(random() % 1473) : LENGTHS[random() % std::size(LENGTHS)];
  if (dice % 2000 == 1) length = LONGEST - size_t(random() % 30000);
  packet.resize(length);
  for (size_t at = 0; at + 8 <= length; at += 8) {
    uint64_t word = random();
    memcpy(packet.data() + at, &word, 8);
  }
  for (size_t at = length & ~size_t(7); at < length; at++) packet[at] = uint8_t(random());
  if (length < 4) return;
  uint64_t kind = (dice >> 16) % 16;
  if (kind < 12) {
    packet[0] = uint8_t(kind < 10 ? kind % 6 : random());
    packet[1] = packet[2] = packet[3] = 0;
  }
  if (kind == 12) packet[0] = uint8_t(1 + random() % 4);
  // Small receive slots, which a node that has few sessions uses.
  if (packet[0] == 4 && length >= 16 && dice % 3 == 0) packet[4] = uint8_t(random() % 4), packet[5] = 0;
}

void sendGarbage(const Address& to, double rate, uint64_t count, uint64_t seed) {
  Sender sender(to, rate, false);
  std::mt19937_64 random(seed);
  std::vector<Bytes> packets(BATCH);
  for (uint64_t done = 0; done < count; done += BATCH) {
    for (auto& packet : packets) fillGarbage(packet, random);
    sender.send(packets.data(), int(std::min<uint64_t>(BATCH, count - done)));
  }
  printf("{\"sent\":%llu,\"refused\":%llu}\n", (unsigned long long)sender.sent, (unsigned long long)sender.refused);
}

// UDP over IPv4 in Ethernet frames of a pcap file.
std::vector<Bytes> readCapture(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == nullptr) fail(path);
  std::vector<Bytes> payloads;
  uint32_t head[6], record[4];
  if (fread(head, 4, 6, file) != 6) fail("a capture without a head");
  while (fread(record, 4, 4, file) == 4) {
    Bytes frame(record[2]);
    if (fread(frame.data(), 1, frame.size(), file) != frame.size()) break;
    if (frame.size() < 42 || frame[12] != 8 || frame[13] != 0 || frame[23] != IPPROTO_UDP) continue;
    size_t udp = 14 + size_t(frame[14] & 15) * 4;
    size_t end = udp + size_t(frame[udp + 4] << 8 | frame[udp + 5]);
    if (end <= frame.size() && end >= udp + 8) payloads.emplace_back(frame.begin() + long(udp) + 8, frame.begin() + long(end));
  }
  fclose(file);
  return payloads;
}

void replay(const Address& to, double rate, uint64_t count, const char* path) {
  std::vector<Bytes> payloads = readCapture(path);
  if (payloads.empty()) fail("no datagrams in the capture");
  Sender sender(to, rate, false);
  for (uint64_t done = 0; done < count;) {
    size_t at = size_t(done % payloads.size());
    size_t part = std::min<size_t>({BATCH, payloads.size() - at, size_t(count - done)});
    sender.send(payloads.data() + at, int(part));
    done += part;
  }
  printf("{\"sent\":%llu,\"refused\":%llu,\"distinct\":%zu}\n", (unsigned long long)sender.sent,
         (unsigned long long)sender.refused, payloads.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "receive" && argc == 3) receive(argv[2]);
  else if (mode == "send" && argc == 7) sendNumbered(parse(argv[2], argv[3]), atof(argv[4]), atof(argv[5]), size_t(atol(argv[6])));
  else if (mode == "garbage" && argc == 7) sendGarbage(parse(argv[2], argv[3]), atof(argv[4]), strtoull(argv[5], nullptr, 10), strtoull(argv[6], nullptr, 10));
  else if (mode == "replay" && argc == 7) replay(parse(argv[2], argv[3]), atof(argv[4]), strtoull(argv[5], nullptr, 10), argv[6]);
  else return fprintf(stderr, "usage: see the head of traffic.cc\n"), 2;
  return 0;
}
