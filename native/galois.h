// Arithmetic in GF(2^8), polynomial 0x11d, for error correction: sums are XOR, so only products need tables.
#pragma once
#include <array>
#include <cstdint>

namespace mcc {

struct Galois {
  uint8_t exp[510] = {};
  uint8_t log[256] = {};
  // Products with the sixteen values of the low and of the high half of a byte.
  uint8_t halves[256][32] = {};

  constexpr Galois() {
    uint32_t value = 1;
    for (uint32_t i = 0; i < 255; i++) {
      exp[i] = exp[i + 255] = static_cast<uint8_t>(value);
      log[value] = static_cast<uint8_t>(i);
      value <<= 1;
      if (value > 255) value ^= 0x11d;
    }
    for (uint32_t by = 0; by < 256; by++) {
      for (uint32_t half = 0; half < 16; half++) {
        halves[by][half] = multiply(static_cast<uint8_t>(by), static_cast<uint8_t>(half));
        halves[by][16 + half] = multiply(static_cast<uint8_t>(by), static_cast<uint8_t>(half << 4));
      }
    }
  }
  constexpr uint8_t multiply(uint8_t a, uint8_t b) const { return a == 0 || b == 0 ? 0 : exp[log[a] + log[b]]; }
  // `by` is not 0.
  constexpr uint8_t divide(uint8_t a, uint8_t by) const { return a == 0 ? 0 : exp[log[a] + 255 - log[by]]; }
};

extern const Galois GALOIS;

// to[i] += by * from[i].
void multiplyAdd(uint8_t* to, const uint8_t* from, uint32_t bytes, uint8_t by);

}  // namespace mcc
