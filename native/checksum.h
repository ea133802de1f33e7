// Internet checksums (RFC 1071, RFC 1624) over memory order: sums and checksum fields are handled as they lie in
// memory, so no byte is swapped; constants go in through htons().
#pragma once
#include <arpa/inet.h>

#include <cstdint>
#include <cstring>

namespace mcc {

template <typename Word>
inline Word peek(const uint8_t* at) {
  Word word;
  memcpy(&word, at, sizeof word);
  return word;
}

template <typename Word>
inline void poke(uint8_t* at, Word word) {
  memcpy(at, &word, sizeof word);
}

inline uint32_t load16(const uint8_t* at) { return ntohs(peek<uint16_t>(at)); }
inline uint32_t load32(const uint8_t* at) { return ntohl(peek<uint32_t>(at)); }
inline void store16(uint8_t* at, uint32_t value) { poke<uint16_t>(at, htons(static_cast<uint16_t>(value))); }
inline void store32(uint8_t* at, uint32_t value) { poke<uint32_t>(at, htonl(value)); }

// Ones' complement sum of `length` bytes; an odd last byte is padded with zero. Bounded by 2^49 for 64 KB.
inline uint64_t sumBytes(const uint8_t* at, uint32_t length) {
  uint64_t a = 0;
  uint64_t b = 0;
  while (length >= 16) {
    const uint64_t first = peek<uint64_t>(at);
    const uint64_t second = peek<uint64_t>(at + 8);
    a += (first & 0xffffffff) + (second & 0xffffffff);
    b += (first >> 32) + (second >> 32);
    at += 16;
    length -= 16;
  }
  while (length >= 4) {
    a += peek<uint32_t>(at);
    at += 4;
    length -= 4;
  }
  if (length >= 2) {
    a += peek<uint16_t>(at);
    at += 2;
    length -= 2;
  }
  if (length != 0) {
    uint16_t last = 0;
    memcpy(&last, at, 1);
    a += last;
  }
  return a + b;
}

// Folds to 16 bits; zero only when the sum is zero.
inline uint16_t fold(uint64_t sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(sum);
}

// What replaces checksum field `field` when `gone` leaves the summed bytes and `come` enters them (RFC 1624, equation 3).
inline uint16_t adjust(uint16_t field, uint16_t gone, uint16_t come) {
  const uint32_t sum = static_cast<uint16_t>(~field) + static_cast<uint32_t>(static_cast<uint16_t>(~gone)) + come;
  return static_cast<uint16_t>(~fold(sum));
}

// The same for the checksum of a TCP, UDP or ICMP header: 0 means "none" in UDP and stays, and UDP writes 0xffff for 0.
inline void adjustAt(uint8_t* at, bool udp, uint16_t gone, uint16_t come) {
  const uint16_t field = peek<uint16_t>(at);
  if (udp && field == 0) return;
  const uint16_t changed = adjust(field, gone, come);
  poke<uint16_t>(at, udp && changed == 0 ? uint16_t{0xffff} : changed);
}

}  // namespace mcc
