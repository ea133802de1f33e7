// A call: numbered datagrams at a steady rate from one network namespace to another, one way, as voice is sent.
//
//   call NAMESPACE_A NAMESPACE_B ADDRESS PER_SECOND BYTES SECONDS
//
// ADDRESS is where A reaches B. Prints one JSON line: how many were sent, came, came twice, came after a later one, and the delays of
// those that came in milliseconds: both ends read the same clock. What has not come two seconds after the last was sent is lost.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

constexpr uint64_t SECOND = 1000000000, PATIENCE = 2 * SECOND;

[[noreturn]] void fail(const char* what) {
  fprintf(stderr, "call: %s: %s\n", what, strerror(errno));
  exit(1);
}

uint64_t nowNs() {
  timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return uint64_t(ts.tv_sec) * SECOND + uint64_t(ts.tv_nsec);
}

int socketIn(const std::string& space, int home) {
  int ns = open(("/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) fail("enter namespace");
  close(ns);
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || setns(home, CLONE_NEWNET) < 0) fail("socket");
  return fd;
}

struct Message {
  uint64_t number, sentNs;
};

double quantile(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? -1 : sorted[std::min(sorted.size() - 1, size_t(share * double(sorted.size())))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return fprintf(stderr, "usage: call NAMESPACE_A NAMESPACE_B ADDRESS PER_SECOND BYTES SECONDS\n"), 2;
  int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int from = socketIn(argv[1], home), to = socketIn(argv[2], home);
  sockaddr_in any{}, target{};
  any.sin_family = target.sin_family = AF_INET;
  socklen_t length = sizeof any;
  if (bind(to, reinterpret_cast<sockaddr*>(&any), sizeof any) < 0) fail("bind");
  getsockname(to, reinterpret_cast<sockaddr*>(&any), &length);
  if (inet_pton(AF_INET, argv[3], &target.sin_addr) != 1) fail("not an address");
  target.sin_port = any.sin_port;
  uint64_t every = uint64_t(double(SECOND) / atof(argv[4])), count = uint64_t(atof(argv[6]) * atof(argv[4]));
  std::vector<uint8_t> bytes(std::max(sizeof(Message), size_t(atoi(argv[5]))));
  // What is measured is the way, not how busy this machine is.
  prctl(PR_SET_TIMERSLACK, 1);
  sched_param first{};
  first.sched_priority = 1;
  sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);

  std::vector<uint8_t> seen(count);
  std::vector<double> delays;
  uint64_t sent = 0, refused = 0, twice = 0, late = 0, newest = 0, due = nowNs(), end = due + count * every + PATIENCE;
  for (uint64_t now = nowNs(); now < end && (sent < count || delays.size() + refused < count); now = nowNs()) {
    if (sent < count && now >= due) {
      Message message{sent++, now};
      memcpy(bytes.data(), &message, sizeof message);
      refused += sendto(from, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&target), sizeof target) < 0;
      due += every;
      continue;
    }
    uint64_t wake = sent < count ? due : end;
    timespec wait{time_t((wake - now) / SECOND), long((wake - now) % SECOND)};
    pollfd poll{to, POLLIN, 0};
    ppoll(&poll, 1, &wait, nullptr);
    for (;;) {
      Message message;
      ssize_t got = recv(to, bytes.data(), bytes.size(), 0);
      if (got < ssize_t(sizeof message)) break;
      memcpy(&message, bytes.data(), sizeof message);
      if (message.number >= count) continue;
      if (seen[message.number]++) {
        twice++;
        continue;
      }
      late += message.number < newest;
      newest = std::max(newest, message.number);
      delays.push_back(double(nowNs() - message.sentNs) / 1e6);
    }
  }
  std::sort(delays.begin(), delays.end());
  printf("{\"sent\":%llu,\"came\":%zu,\"refused\":%llu,\"twice\":%llu,\"late\":%llu,\"medianMs\":%.3f,\"p99Ms\":%.3f,\"mostMs\":%.3f}\n",
         (unsigned long long)count, delays.size(), (unsigned long long)refused, (unsigned long long)twice, (unsigned long long)late,
         quantile(delays, 0.5), quantile(delays, 0.99), quantile(delays, 1));
  return 0;
}
