#pragma once
#include "batch.h"

namespace mcc {

// The counters view that JavaScript reads; the memory is the port's.
class Counters {
 public:
  explicit Counters(double* values) : values_(values) {}
  void add(Counter counter, double amount = 1) { values_[counter] += amount; }

 private:
  double* values_;
};

}  // namespace mcc
