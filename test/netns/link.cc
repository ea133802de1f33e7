// A link between two hosts: two TUN devices, one in each network namespace, and between them what a way through the Internet does to
// packets. The devices have no offloads, so the kernel hands over packets as they would be on a wire, and each one meets its own fate.
//
//   link SEED NAMESPACE_A DEVICE_A NAMESPACE_B DEVICE_B [SETTING...]
//
// A setting is `ab.NAME=VALUE`, `ba.NAME=VALUE` or `NAME=VALUE` for both directions. The same words, one line at a time on
// standard input, change the link while it runs; `stats` prints the counters as one JSON line, `reset` sets them to zero, `log FILE MS`
// writes a line about every MS to a file. End of input ends it. In the order in which a packet meets them:
//   police     bits per second, 0: none; what exceeds them is dropped    policeBurst  bytes that may come at once
//   loss       share of packets lost                     burst      mean length of a loss burst in packets (Gilbert-Elliott); 1: independent
//   lossLast   1: they are lost behind the bottleneck, and take of its rate; 0: before it
//   duplicate  share of packets sent twice
//   rate       bits per second, 0: unlimited             trace      instead of rate, over and over: MS:RATE,MS:RATE,... for so long so much
//   queue      bytes that may wait for the rate; what comes then is dropped
//   fair       1: a queue for each flow, served by deficit round robin; where all is full, the newest of the longest is dropped
//   delayUs    one-way delay                             jitterUs   uniform extra delay    jitterFree  1: jitter changes the order
//   reorder    share of packets held back by reorderUs   reorderUs  by how much, microseconds
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
#include <random>
#include <string>
#include <vector>

#include "bottleneck.h"

namespace {

constexpr int READ_BURST = 128;
constexpr size_t PACKET_LIMIT = 65536;
constexpr size_t SIZES = 2048;
constexpr size_t TRAVELLING_LIMIT = 256 << 20;

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

struct Counts {
  unsigned long long received = 0, receivedBytes = 0, policed = 0, lost = 0, overflowed = 0, reordered = 0, duplicated = 0, sent = 0,
                     sentBytes = 0, refused = 0;
  size_t queueBytes = 0;
  /** How long packets waited for the rate, and how much later than planned they left. */
  Histogram waited, late;
  /** By bytes; what is longer counts as the longest. */
  uint32_t sizes[SIZES] = {};
};

class Direction {
 public:
  double loss = 0, burst = 1, lossLast = 0, reorder = 0, reorderUs = 3000, duplicate = 0, delayUs = 0, jitterUs = 0, jitterFree = 0,
         police = 0, policeBurst = 64 << 10, fair = 0;
  int from = -1, to = -1;
  Counts counts;

  explicit Direction(uint64_t seed) : random_(seed) {}

  bool set(const std::string& name, const std::string& text) {
    const std::pair<const char*, double*> fields[] = {
        {"loss", &loss}, {"burst", &burst}, {"lossLast", &lossLast}, {"reorder", &reorder}, {"reorderUs", &reorderUs},
        {"duplicate", &duplicate}, {"delayUs", &delayUs}, {"jitterUs", &jitterUs}, {"jitterFree", &jitterFree}, {"police", &police},
        {"policeBurst", &policeBurst}, {"fair", &fair}, {"rate", &bottleneck_.speed.rate}, {"queue", &bottleneck_.limit}};
    if (name == "trace") return bottleneck_.speed.setTrace(text, nowNs());
    for (const auto& [key, field] : fields) {
      if (name != key) continue;
      *field = atof(text.c_str());
      bottleneck_.fair = fair > 0;
      return true;
    }
    return false;
  }

  void read() {
    static uint8_t buffer[PACKET_LIMIT];
    for (int i = 0; i < READ_BURST; i++) {
      ssize_t length = ::read(from, buffer, sizeof buffer);
      if (length <= 0) return;
      uint64_t now = nowNs();
      counts.received++;
      counts.receivedBytes += size_t(length);
      counts.sizes[std::min(size_t(length), SIZES - 1)]++;
      if (!withinPolice(size_t(length), now)) counts.policed++;
      else if (lossLast <= 0 && lost()) counts.lost++;
      else {
        int copies = chance(duplicate) ? 2 : 1;
        counts.duplicated += copies - 1;
        while (copies-- > 0) arrive(Bytes(buffer, buffer + length), now);
      }
    }
  }

  /** Passes on what is through the bottleneck and has travelled long enough. */
  void release(uint64_t now) {
    serve(now);
    while (!travelling_.empty() && travelling_.front().releaseNs <= now) {
      std::pop_heap(travelling_.begin(), travelling_.end());
      Travelling& due = travelling_.back();
      const Bytes& bytes = due.packet->bytes;
      counts.late.add(double(nowNs() - due.releaseNs) / 1e3);
      if (write(to, bytes.data(), bytes.size()) < 0) counts.refused++;
      else {
        counts.sent++;
        counts.sentBytes += bytes.size();
      }
      travellingBytes_ -= bytes.size();
      travelling_.pop_back();
    }
  }

  uint64_t nextNs() const { return std::min(bottleneck_.nextNs(), travelling_.empty() ? UINT64_MAX : travelling_.front().releaseNs); }

  size_t queued() const { return bottleneck_.bytes(); }

  void print(const char* name) const {
    const Counts& c = counts;
    printf("\"%s\":{\"received\":%llu,\"receivedBytes\":%llu,\"policed\":%llu,\"lost\":%llu,\"overflowed\":%llu,\"reordered\":%llu,"
           "\"duplicated\":%llu,\"sent\":%llu,\"sentBytes\":%llu,\"refused\":%llu,\"inside\":%zu,",
           name, c.received, c.receivedBytes, c.policed, c.lost, c.overflowed, c.reordered, c.duplicated, c.sent, c.sentBytes, c.refused,
           travelling_.size() + bottleneck_.packets());
    printf("\"queueMedianMs\":%.3f,\"queueP95Ms\":%.3f,\"queueP99Ms\":%.3f,\"queueMostMs\":%.3f,\"queueMostBytes\":%zu,"
           "\"lateP99Ms\":%.3f,\"lateMostMs\":%.3f}",
           c.waited.quantile(0.5) / 1e3, c.waited.quantile(0.95) / 1e3, c.waited.quantile(0.99) / 1e3, c.waited.most() / 1e3,
           c.queueBytes, c.late.quantile(0.99) / 1e3, c.late.most() / 1e3);
  }

  void printSizes(const char* name) const {
    printf("\"%s\":[", name);
    bool isFirst = true;
    for (size_t bytes = 0; bytes < SIZES; bytes++) {
      if (counts.sizes[bytes] == 0) continue;
      printf("%s[%zu,%u]", isFirst ? "" : ",", bytes, counts.sizes[bytes]);
      isFirst = false;
    }
    printf("]");
  }

 private:
  struct Travelling {
    uint64_t releaseNs, order;
    PacketPtr packet;
    bool operator<(const Travelling& other) const {
      return releaseNs != other.releaseNs ? releaseNs > other.releaseNs : order > other.order;
    }
  };

  double fraction() { return std::uniform_real_distribution<>(0, 1)(random_); }
  bool chance(double share) { return share > 0 && fraction() < share; }

  bool lost() {
    if (loss <= 0) return false;
    if (burst <= 1) return chance(loss);
    bad_ = bad_ ? !chance(1 / burst) : chance(loss / (burst * (1 - loss)));
    return bad_;
  }

  bool withinPolice(size_t bytes, uint64_t now) {
    if (police <= 0) return true;
    tokens_ = std::min(policeBurst, tokens_ + double(now - std::min(now, policedNs_)) * police / 8e9);
    policedNs_ = now;
    if (tokens_ < double(bytes)) return false;
    tokens_ -= double(bytes);
    return true;
  }

  void arrive(Bytes bytes, uint64_t now) {
    serve(now);
    auto packet = std::make_unique<Packet>();
    packet->arrivedNs = now;
    packet->bytes = std::move(bytes);
    counts.overflowed += bottleneck_.add(std::move(packet));
    counts.queueBytes = std::max(counts.queueBytes, bottleneck_.bytes());
    serve(now);
  }

  void serve(uint64_t now) {
    bottleneck_.serve(now, [this](PacketPtr packet, uint64_t beganNs, uint64_t throughNs) {
      counts.waited.add(double(beganNs - packet->arrivedNs) / 1e3);
      if (lossLast > 0 && lost()) counts.lost++;
      else travel(std::move(packet), throughNs);
    });
  }

  void travel(PacketPtr packet, uint64_t departNs) {
    if (travellingBytes_ + packet->bytes.size() > TRAVELLING_LIMIT) {
      counts.overflowed++;
      return;
    }
    uint64_t releaseNs = departNs + uint64_t(delayUs * 1000);
    if (jitterUs > 0) releaseNs += uint64_t(fraction() * jitterUs * 1000);
    bool isFree = jitterFree > 0;
    if (chance(reorder)) {
      counts.reordered++;
      releaseNs += uint64_t(reorderUs * 1000);
      isFree = true;
    }
    if (!isFree) releaseNs = lastReleaseNs_ = std::max(releaseNs, lastReleaseNs_);
    else if (jitterFree > 0) {
      counts.reordered += releaseNs < lastReleaseNs_;
      lastReleaseNs_ = std::max(releaseNs, lastReleaseNs_);
    }
    travellingBytes_ += packet->bytes.size();
    travelling_.push_back({releaseNs, order_++, std::move(packet)});
    std::push_heap(travelling_.begin(), travelling_.end());
  }

  std::mt19937_64 random_;
  Bottleneck bottleneck_;
  std::vector<Travelling> travelling_;
  size_t travellingBytes_ = 0;
  bool bad_ = false;
  double tokens_ = 1e18;
  uint64_t policedNs_ = 0, lastReleaseNs_ = 0, order_ = 0;
};

struct Link {
  Direction ab, ba;
  explicit Link(uint64_t seed) : ab(seed), ba(seed + 1) {}

  void apply(std::string word) {
    size_t equals = word.find('=');
    bool onlyAb = word.rfind("ab.", 0) == 0, onlyBa = word.rfind("ba.", 0) == 0;
    size_t nameStart = onlyAb || onlyBa ? 3 : 0;
    bool known = equals != std::string::npos && equals > nameStart;
    if (known) {
      std::string name = word.substr(nameStart, equals - nameStart), text = word.substr(equals + 1);
      if (!onlyBa) known = ab.set(name, text);
      if (!onlyAb) known = ba.set(name, text) && known;
    }
    if (known) return;
    fprintf(stderr, "link: not a setting: %s\n", word.c_str());
    exit(2);
  }

  uint64_t nextNs() const { return std::min({ab.nextNs(), ba.nextNs(), log_ == nullptr ? UINT64_MAX : logNs_}); }

  void release(uint64_t now) {
    ab.release(now);
    ba.release(now);
    if (log_ == nullptr || now < logNs_) return;
    logNs_ = std::max(logNs_ + everyNs_, now);
    fprintf(log_, "%.0f", double(now - beganNs_) / 1e6);
    for (const Direction* each : {&ab, &ba}) {
      const Counts& c = each->counts;
      fprintf(log_, " %llu %llu %zu %llu %llu %llu", c.receivedBytes, c.sentBytes, each->queued(), c.lost, c.overflowed, c.policed);
    }
    fprintf(log_, "\n");
    fflush(log_);
  }

  void log(const std::string& words) {
    size_t space = words.find(' ');
    log_ = fopen(words.substr(0, space).c_str(), "we");
    if (log_ == nullptr) fail("open log");
    everyNs_ = space == std::string::npos ? 100000000 : std::max(1, atoi(words.c_str() + space)) * 1000000ull;
    logNs_ = beganNs_ = nowNs();
    fprintf(log_, "ms");
    for (const char* name : {"ab", "ba"})
      for (const char* what : {"received", "sent", "queued", "lost", "overflowed", "policed"}) fprintf(log_, " %s.%s", name, what);
    fprintf(log_, "\n");
  }

  void reset() { ab.counts = ba.counts = Counts(); }

  void print(void (Direction::*what)(const char*) const = &Direction::print) const {
    printf("{");
    (ab.*what)("ab");
    printf(",");
    (ba.*what)("ba");
    printf("}\n");
    fflush(stdout);
  }

 private:
  FILE* log_ = nullptr;
  uint64_t logNs_ = 0, beganNs_ = 0, everyNs_ = 0;
};

void obey(Link& link, const std::string& line) {
  if (line == "stats") return link.print();
  if (line == "sizes") return link.print(&Direction::printSizes);
  if (line == "reset") link.reset();
  else if (line.rfind("log ", 0) == 0) link.log(line.substr(4));
  else {
    for (size_t at = 0; at < line.size();) {
      size_t space = std::min(line.find(' ', at), line.size());
      if (space > at) link.apply(line.substr(at, space - at));
      at = space + 1;
    }
  }
  printf("set\n");
  fflush(stdout);
}

// Returns false at the end of input.
bool readCommands(Link& link, std::string& pending) {
  char buffer[4096];
  ssize_t length = read(0, buffer, sizeof buffer);
  if (length <= 0) return false;
  pending.append(buffer, size_t(length));
  for (size_t end; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1)) obey(link, pending.substr(0, end));
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
    uint64_t next = link.nextNs(), now = nowNs();
    timespec wait{};
    if (next > now && next != UINT64_MAX) wait = {time_t((next - now) / 1000000000ull), long((next - now) % 1000000000ull)};
    pollfd polls[] = {{a, POLLIN, 0}, {b, POLLIN, 0}, {0, POLLIN, 0}};
    if (ppoll(polls, 3, next == UINT64_MAX ? nullptr : &wait, nullptr) < 0 && errno != EINTR) fail("poll");
    link.release(nowNs());
    if (polls[0].revents) link.ab.read();
    if (polls[1].revents) link.ba.read();
    link.release(nowNs());
    if (polls[2].revents && !readCommands(link, pending)) break;
  }
  link.print();
  return 0;
}
