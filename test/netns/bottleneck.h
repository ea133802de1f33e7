// The bottleneck of a link: how fast it is, and what waits for it. Times are nanoseconds of the monotonic clock.
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using Bytes = std::vector<uint8_t>;

struct Packet {
  uint64_t arrivedNs = 0;
  Bytes bytes;
};
using PacketPtr = std::unique_ptr<Packet>;

/** Durations in microseconds, sixteen classes to the octave: quantiles are within 5 %. */
class Histogram {
 public:
  void add(double us) {
    counts_[us < 1 ? 0 : std::min(CLASSES - 1, 1 + int(log2(us) * 16))]++;
    total_++;
    most_ = std::max(most_, us);
  }

  double quantile(double share) const {
    uint64_t wanted = uint64_t(share * double(total_)), seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      if ((seen += counts_[i]) > wanted) return i == 0 ? 0 : exp2((i - 0.5) / 16);
    }
    return 0;
  }

  double most() const { return most_; }

 private:
  static constexpr int CLASSES = 16 * 28;
  uint64_t counts_[CLASSES] = {}, total_ = 0;
  double most_ = 0;
};

/** How fast the bottleneck is, and was: constant, or by a trace from the moment it was set. */
class Speed {
 public:
  double rate = 0;

  bool isLimited() const { return rate > 0 || !steps_.empty(); }

  bool setTrace(const std::string& text, uint64_t now) {
    std::vector<Step> steps;
    for (const char* at = text.c_str(); *at != 0;) {
      Step step{};
      int used = 0;
      if (sscanf(at, "%lf:%lf%n", &step.ms, &step.rate, &used) != 2 || step.ms <= 0 || step.rate < 0) return false;
      steps.push_back(step);
      at += used;
      if (*at == ',') at++;
    }
    double most = 0;
    for (const auto& step : steps) most = std::max(most, step.rate);
    if (!steps.empty() && most <= 0) return false;
    steps_ = std::move(steps);
    beganNs_ = now;
    return true;
  }

  /** When a packet is through that began at `start`. */
  uint64_t through(uint64_t start, size_t bytes) const {
    double bits = double(bytes) * 8;
    if (steps_.empty()) return start + uint64_t(bits * 1e9 / rate);
    double period = 0;
    for (const auto& step : steps_) period += step.ms * 1e6;
    double at = fmod(double(start - std::min(start, beganNs_)), period), taken = 0;
    for (size_t i = 0;; i = (i + 1) % steps_.size()) {
      double length = steps_[i].ms * 1e6;
      if (at >= length) {
        at -= length;
        continue;
      }
      double carried = (length - at) * steps_[i].rate / 1e9;
      if (carried >= bits) return start + uint64_t(taken + bits * 1e9 / steps_[i].rate);
      bits -= carried;
      taken += length - at;
      at = 0;
    }
  }

 private:
  struct Step {
    double ms, rate;
  };
  std::vector<Step> steps_;
  uint64_t beganNs_ = 0;
};

/** One number for all packets of a connection. */
inline uint32_t flowOf(const Bytes& bytes) {
  uint64_t hash = 1469598103934665603ull;
  auto mix = [&](size_t from, size_t to) {
    for (size_t i = from; i < to && i < bytes.size(); i++) hash = (hash ^ bytes[i]) * 1099511628211ull;
  };
  bool v6 = bytes.size() > 40 && bytes[0] >> 4 == 6;
  size_t header = v6 ? 40 : (bytes[0] & 15) * 4u;
  mix(v6 ? 6 : 9, v6 ? 7 : 10);
  mix(v6 ? 8 : 12, v6 ? 40 : 20);
  mix(header, header + 4);
  return uint32_t(hash ^ hash >> 32);
}

/** The queue in front of the bottleneck: one, or one for each flow, and the packet that is just going through. */
class Bottleneck {
 public:
  Speed speed;
  double limit = 1 << 20;
  bool fair = false;

  size_t bytes() const { return bytes_; }
  size_t packets() const {
    size_t count = serving_ ? 1 : 0;
    for (const Flow* flow : turns_) count += flow->packets.size();
    return count;
  }
  uint64_t nextNs() const { return serving_ ? throughNs_ : UINT64_MAX; }

  /** Returns how many packets were dropped for it. */
  int add(PacketPtr packet) {
    int dropped = 0;
    size_t size = packet->bytes.size();
    if (serving_ && double(bytes_ + size) > limit && !fair) return 1;
    Flow& flow = flows_[fair ? flowOf(packet->bytes) % FLOWS : 0];
    if (flow.packets.empty()) {
      flow.deficit = 0;
      turns_.push_back(&flow);
    }
    flow.bytes += size;
    bytes_ += size;
    flow.packets.push_back(std::move(packet));
    while (serving_ && double(bytes_) > limit) {
      dropNewestOfLongest();
      dropped++;
    }
    return dropped;
  }

  /** Calls through(packet, when it began, when it was through) for all that are through by now. */
  template <typename Through>
  void serve(uint64_t now, Through through) {
    for (;;) {
      if (!serving_) {
        if (!(serving_ = next())) return;
        beganNs_ = std::max(freeNs_, serving_->arrivedNs);
        throughNs_ = speed.isLimited() ? speed.through(beganNs_, serving_->bytes.size()) : beganNs_;
      }
      if (throughNs_ > now) return;
      freeNs_ = throughNs_;
      through(std::move(serving_), beganNs_, throughNs_);
    }
  }

 private:
  struct Flow {
    std::deque<PacketPtr> packets;
    size_t bytes = 0, deficit = 0;
  };
  static constexpr size_t FLOWS = 1024, QUANTUM = 1514;

  PacketPtr next() {
    for (;;) {
      if (turns_.empty()) return nullptr;
      Flow& flow = *turns_.front();
      size_t size = flow.packets.front()->bytes.size();
      if (fair && flow.deficit < size) {
        flow.deficit += QUANTUM;
        turns_.pop_front();
        turns_.push_back(&flow);
        continue;
      }
      flow.deficit -= std::min(flow.deficit, size);
      flow.bytes -= size;
      bytes_ -= size;
      PacketPtr packet = std::move(flow.packets.front());
      flow.packets.pop_front();
      if (flow.packets.empty()) turns_.pop_front();
      return packet;
    }
  }

  void dropNewestOfLongest() {
    auto longest = std::max_element(turns_.begin(), turns_.end(), [](Flow* a, Flow* b) { return a->bytes < b->bytes; });
    Flow& flow = **longest;
    flow.bytes -= flow.packets.back()->bytes.size();
    bytes_ -= flow.packets.back()->bytes.size();
    flow.packets.pop_back();
    if (flow.packets.empty()) turns_.erase(longest);
  }

  std::vector<Flow> flows_{FLOWS};
  std::deque<Flow*> turns_;
  PacketPtr serving_;
  size_t bytes_ = 0;
  uint64_t beganNs_ = 0, throughNs_ = 0, freeNs_ = 0;
};
