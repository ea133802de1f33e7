// A link between two hosts: two TUN devices, one in each network namespace, and between them loss, bursts, reordering,
// duplication, rate, queue, delay and jitter. The devices have no offloads, so the kernel hands over packets as they
// would be on a wire, and each one meets its own fate.
//
//   link SEED NAMESPACE_A DEVICE_A NAMESPACE_B DEVICE_B [SETTING...]
//
// A setting is `ab.NAME=VALUE`, `ba.NAME=VALUE` or `NAME=VALUE` for both directions. The same words, one line at a time on
// standard input, change the link while it runs; `stats` prints the counters as one JSON line. End of input ends it.
//   loss       share of packets lost                     burst      mean length of a loss burst in packets (Gilbert-Elliott); 1: independent
//   reorder    share of packets held back by reorderUs   reorderUs  by how much, microseconds
//   duplicate  share of packets sent twice               delayUs    one-way delay       jitterUs  uniform extra delay, order kept
//   rate       bits per second, 0: unlimited             queue      bytes that may wait for the rate, tail-drop
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int READ_BURST = 128;
constexpr size_t PACKET_LIMIT = 65536;
constexpr size_t WAITING_LIMIT = 256 << 20;

uint64_t nowNs() {
  timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return uint64_t(ts.tv_sec) * 1000000000ull + uint64_t(ts.tv_nsec);
}

[[noreturn]] void fail(const char* what) {
  fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
  exit(1);
}

int openTun(const std::string& space, const char* device, int home) {
  int ns = open(("/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) fail("enter namespace");
  close(ns);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) fail("open /dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  if (ioctl(fd, TUNSETIFF, &request) < 0) fail("TUNSETIFF");
  if (setns(home, CLONE_NEWNET) < 0) fail("return to namespace");
  return fd;
}

// A wire does not wait for a processor: where programs keep all of them busy, its delay would be longer than it should be.
void hurry() {
  prctl(PR_SET_TIMERSLACK, 1);
  sched_param first{};
  first.sched_priority = 2;
  // As well as it goes: not every machine allows it.
  sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
}

struct Packet {
  uint64_t releaseNs;
  uint64_t order;
  std::shared_ptr<std::vector<uint8_t>> bytes;
  bool operator<(const Packet& other) const {
    return releaseNs != other.releaseNs ? releaseNs > other.releaseNs : order > other.order;
  }
};

class Direction {
 public:
  double loss = 0, burst = 1, reorder = 0, reorderUs = 3000, duplicate = 0, delayUs = 0, jitterUs = 0, rate = 0, queue = 1 << 20;
  int from = -1, to = -1;

  explicit Direction(uint64_t seed) : random_(seed) {}

  bool set(const std::string& name, double value) {
    const std::pair<const char*, double*> fields[] = {
        {"loss", &loss}, {"burst", &burst}, {"reorder", &reorder}, {"reorderUs", &reorderUs}, {"duplicate", &duplicate},
        {"delayUs", &delayUs}, {"jitterUs", &jitterUs}, {"rate", &rate}, {"queue", &queue}};
    for (const auto& [key, field] : fields) {
      if (name == key) return *field = value, true;
    }
    return false;
  }

  void read(uint64_t now) {
    static uint8_t buffer[PACKET_LIMIT];
    for (int i = 0; i < READ_BURST; i++) {
      ssize_t length = ::read(from, buffer, sizeof buffer);
      if (length <= 0) return;
      received_++;
      if (lost()) {
        lost_++;
        continue;
      }
      auto bytes = std::make_shared<std::vector<uint8_t>>(buffer, buffer + length);
      enqueue(bytes, now);
      if (chance(duplicate)) {
        duplicated_++;
        enqueue(bytes, now);
      }
    }
  }

  void release(uint64_t now) {
    while (!waiting_.empty() && waiting_.top().releaseNs <= now) {
      const auto& bytes = *waiting_.top().bytes;
      if (write(to, bytes.data(), bytes.size()) < 0) refused_++;
      else sent_++;
      waitingBytes_ -= bytes.size();
      waiting_.pop();
    }
  }

  uint64_t nextNs() const { return waiting_.empty() ? UINT64_MAX : waiting_.top().releaseNs; }

  void print(const char* name) const {
    printf("\"%s\":{\"received\":%llu,\"lost\":%llu,\"overflowed\":%llu,\"reordered\":%llu,\"duplicated\":%llu,\"sent\":%llu,\"refused\":%llu}",
           name, received_, lost_, overflowed_, reordered_, duplicated_, sent_, refused_);
  }

 private:
  bool chance(double share) { return share > 0 && std::uniform_real_distribution<>(0, 1)(random_) < share; }

  bool lost() {
    if (loss <= 0) return false;
    if (burst <= 1) return chance(loss);
    bad_ = bad_ ? !chance(1 / burst) : chance(loss / (burst * (1 - loss)));
    return bad_;
  }

  void enqueue(const std::shared_ptr<std::vector<uint8_t>>& bytes, uint64_t now) {
    uint64_t departNs = now;
    if (rate > 0) {
      uint64_t start = std::max(now, busyUntilNs_);
      if (double(start - now) * rate / 8e9 > queue) {
        overflowed_++;
        return;
      }
      departNs = busyUntilNs_ = start + uint64_t(double(bytes->size()) * 8e9 / rate);
    }
    if (waitingBytes_ + bytes->size() > WAITING_LIMIT) {
      overflowed_++;
      return;
    }
    uint64_t releaseNs = departNs + uint64_t(delayUs * 1000);
    if (jitterUs > 0) releaseNs += uint64_t(std::uniform_real_distribution<>(0, jitterUs * 1000)(random_));
    if (chance(reorder)) {
      reordered_++;
      releaseNs += uint64_t(reorderUs * 1000);
    } else {
      releaseNs = lastReleaseNs_ = std::max(releaseNs, lastReleaseNs_);
    }
    waitingBytes_ += bytes->size();
    waiting_.push({releaseNs, order_++, bytes});
  }

  std::mt19937_64 random_;
  std::priority_queue<Packet> waiting_;
  size_t waitingBytes_ = 0;
  bool bad_ = false;
  uint64_t busyUntilNs_ = 0, lastReleaseNs_ = 0, order_ = 0;
  unsigned long long received_ = 0, lost_ = 0, overflowed_ = 0, reordered_ = 0, duplicated_ = 0, sent_ = 0, refused_ = 0;
};

struct Link {
  Direction ab, ba;
  explicit Link(uint64_t seed) : ab(seed), ba(seed + 1) {}

  void apply(std::string word) {
    size_t equals = word.find('=');
    bool onlyAb = word.rfind("ab.", 0) == 0, onlyBa = word.rfind("ba.", 0) == 0;
    size_t nameStart = onlyAb || onlyBa ? 3 : 0;
    if (equals == std::string::npos || equals <= nameStart) {
      fprintf(stderr, "link: not a setting: %s\n", word.c_str());
      exit(2);
    }
    std::string name = word.substr(nameStart, equals - nameStart);
    double value = atof(word.c_str() + equals + 1);
    bool known = true;
    if (!onlyBa) known = ab.set(name, value);
    if (!onlyAb) known = ba.set(name, value) && known;
    if (!known) {
      fprintf(stderr, "link: unknown setting: %s\n", name.c_str());
      exit(2);
    }
  }

  void print() const {
    printf("{");
    ab.print("ab");
    printf(",");
    ba.print("ba");
    printf("}\n");
    fflush(stdout);
  }
};

// Returns false at the end of input.
bool readCommands(Link& link, std::string& pending) {
  char buffer[4096];
  ssize_t length = read(0, buffer, sizeof buffer);
  if (length <= 0) return false;
  pending.append(buffer, size_t(length));
  for (size_t end; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1)) {
    std::string line = pending.substr(0, end);
    if (line == "stats") {
      link.print();
      continue;
    }
    for (size_t at = 0; at < line.size();) {
      size_t space = std::min(line.find(' ', at), line.size());
      if (space > at) link.apply(line.substr(at, space - at));
      at = space + 1;
    }
    printf("set\n");
    fflush(stdout);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    fprintf(stderr, "usage: link SEED NAMESPACE_A DEVICE_A NAMESPACE_B DEVICE_B [SETTING...]\n");
    return 2;
  }
  int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  Link link(strtoull(argv[1], nullptr, 10));
  int a = openTun(argv[2], argv[3], home), b = openTun(argv[4], argv[5], home);
  link.ab.from = link.ba.to = a;
  link.ab.to = link.ba.from = b;
  for (int i = 6; i < argc; i++) link.apply(argv[i]);
  hurry();
  printf("ready\n");
  fflush(stdout);
  std::string pending;
  for (;;) {
    uint64_t next = std::min(link.ab.nextNs(), link.ba.nextNs()), now = nowNs();
    timespec wait{};
    if (next > now && next != UINT64_MAX) wait = {time_t((next - now) / 1000000000ull), long((next - now) % 1000000000ull)};
    pollfd polls[] = {{a, POLLIN, 0}, {b, POLLIN, 0}, {0, POLLIN, 0}};
    if (ppoll(polls, 3, next == UINT64_MAX ? nullptr : &wait, nullptr) < 0 && errno != EINTR) fail("poll");
    now = nowNs();
    if (polls[0].revents) link.ab.read(now);
    if (polls[1].revents) link.ba.read(now);
    link.ab.release(now);
    link.ba.release(now);
    if (polls[2].revents && !readCommands(link, pending)) break;
  }
  link.print();
  return 0;
}
