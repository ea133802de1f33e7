// Authenticated encryption of one datagram: AES-256-GCM and ChaCha20-Poly1305, over whichever library is at hand.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "batch.h"

namespace mcc {

constexpr size_t KEY_BYTES = 32;
constexpr size_t NONCE_BYTES = 12;

enum class Direction { Seal, Open };

// One key of one suite in one direction. The nonce is four zero bytes and the counter, as Noise writes it:
// big-endian for AES-GCM, little-endian for ChaChaPoly. Destruction wipes what was derived from the key.
class Aead {
 public:
  Aead() = default;
  Aead(const Aead&) = delete;
  Aead& operator=(const Aead&) = delete;
  virtual ~Aead() = default;
  // Writes `length` bytes of ciphertext and the tag to `out`, which may be `plain` itself but overlaps it in no other way.
  virtual void seal(uint64_t counter, const uint8_t* header, const uint8_t* plain, size_t length, uint8_t* out) = 0;
  // Opens in place; the tag stands behind the `length` bytes. On false the text is garbage and nothing may use it.
  virtual bool open(uint64_t counter, const uint8_t* header, uint8_t* text, size_t length) = 0;
};

// A library that makes keys. `create` returns null when it does not do that suite.
class AeadProvider {
 public:
  virtual ~AeadProvider() = default;
  virtual const char* name() const = 0;
  virtual std::unique_ptr<Aead> create(Suite suite, const uint8_t* key, Direction direction) = 0;
};

std::unique_ptr<AeadProvider> opensslProvider();
// Null, with the reason in `why`, when the library is not installed, too old or disagrees with `reference`.
std::unique_ptr<AeadProvider> ipsecMbProvider(AeadProvider& reference, std::string* why);

// What a port seals and opens with: the fast library for the suites it has, OpenSSL for the rest.
class AeadChoice {
 public:
  // `allowFast` false: OpenSSL only.
  explicit AeadChoice(bool allowFast);
  std::unique_ptr<Aead> create(Suite suite, const uint8_t* key, Direction direction);
  // Name of the library that AES-256-GCM runs on.
  const char* gcmLibrary() const { return fast_ ? fast_->name() : base_->name(); }
  // Why the fast library is not in use; empty when it is.
  const std::string& whyNotFast() const { return why_; }

 private:
  std::unique_ptr<AeadProvider> base_;
  std::unique_ptr<AeadProvider> fast_;
  std::string why_;
};

inline void storeBe64(uint8_t* out, uint64_t value) {
  value = __builtin_bswap64(value);
  __builtin_memcpy(out, &value, sizeof value);
}

inline void storeLe64(uint8_t* out, uint64_t value) { __builtin_memcpy(out, &value, sizeof value); }

inline uint64_t loadLe64(const uint8_t* in) {
  uint64_t value;
  __builtin_memcpy(&value, in, sizeof value);
  return value;
}

inline uint32_t loadLe32(const uint8_t* in) {
  uint32_t value;
  __builtin_memcpy(&value, in, sizeof value);
  return value;
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the wire codec above assumes a little-endian machine");

}  // namespace mcc
