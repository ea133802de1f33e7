#include "galois.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mcc {

constexpr Galois GALOIS{};

namespace {

uint32_t addWhole(uint8_t* to, const uint8_t* from, uint32_t bytes) {
  uint32_t at = 0;
  for (; at + 8 <= bytes; at += 8) {
    uint64_t sum, term;
    __builtin_memcpy(&sum, to + at, 8);
    __builtin_memcpy(&term, from + at, 8);
    sum ^= term;
    __builtin_memcpy(to + at, &sum, 8);
  }
  return at;
}

#if defined(__x86_64__)
// Sixteen bytes at a time. Bytes done.
__attribute__((target("ssse3"))) uint32_t multiplyWide(uint8_t* to, const uint8_t* from, uint32_t bytes, const uint8_t* halves) {
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(halves));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(halves + 16));
  const __m128i nibble = _mm_set1_epi8(15);
  uint32_t at = 0;
  for (; at + 16 <= bytes; at += 16) {
    const __m128i value = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
    const __m128i product = _mm_xor_si128(_mm_shuffle_epi8(low, _mm_and_si128(value, nibble)),
                                          _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi64(value, 4), nibble)));
    const __m128i sum = _mm_loadu_si128(reinterpret_cast<const __m128i*>(to + at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), _mm_xor_si128(sum, product));
  }
  return at;
}

const bool IS_WIDE = __builtin_cpu_supports("ssse3") != 0;
#endif

}  // namespace

void multiplyAdd(uint8_t* to, const uint8_t* from, uint32_t bytes, uint8_t by) {
  if (by == 0) return;
  const uint8_t* halves = GALOIS.halves[by];
  uint32_t at = 0;
  if (by == 1) at = addWhole(to, from, bytes);
#if defined(__x86_64__)
  else if (IS_WIDE) at = multiplyWide(to, from, bytes, halves);
#endif
  for (; at < bytes; at++) to[at] ^= halves[from[at] & 15] ^ halves[16 + (from[at] >> 4)];
}

}  // namespace mcc
