// AES-256-GCM by Intel's libipsec-mb, found at run time. It seals a full packet in a third of OpenSSL's time, mostly
// because its key is prepared once and a call has no context to set up. Nothing of it is needed to build.
#include <dlfcn.h>
#include <openssl/crypto.h>

#include <cstring>

#include "aead.h"

namespace mcc {
namespace {

// Debian 12 has 1.3 (libipsec-mb1), Debian 13 has 2.0 (libipsec-mb2).
constexpr const char* FILE_NAMES[] = {"libIPSec_MB.so.1", "libIPSec_MB.so.2"};
// Releases known to have managers that begin as `Manager` below: 1.2 to 2.0.
constexpr unsigned OLDEST_VERSION = 0x10200;
constexpr unsigned FIRST_UNKNOWN_VERSION = 0x20100;

// struct gcm_key_data: 15 round keys, then powers of the hash key; 1,280 bytes at most in the releases above.
struct alignas(64) GcmKey {
  uint8_t bytes[2048];
};
// struct gcm_context_data: scratch of one call.
struct alignas(64) GcmContext {
  uint8_t bytes[256];
};

using GcmCall = void (*)(const GcmKey*, GcmContext*, uint8_t* out, const uint8_t* in, uint64_t length, const uint8_t* iv,
                         const uint8_t* aad, uint64_t aad_length, uint8_t* tag, uint64_t tag_length);
using GcmPrepare = void (*)(const void* key, GcmKey*);
using Pointer = void (*)();

// The beginning of IMB_MGR, which the library keeps stable ("careful as changes here can break ABI compatibility").
struct Manager {
  uint64_t flags;
  uint64_t features;
  uint64_t reserved[5];
  uint32_t used_arch;
  int error;
  Pointer jobs[6];        // get_next_job .. queue_size
  Pointer key_expand[3];  // keyexp_128 .. keyexp_256
  Pointer hashes[14];     // cmac_subkey_gen_128 .. sha512
  Pointer cfb;            // aes128_cfb_one
  GcmCall gcm_encrypt[3];
  GcmCall gcm_decrypt[3];
  Pointer gcm_init[3];
  Pointer gcm_update[6];
  Pointer gcm_finalize[6];
  Pointer gcm_precompute[3];
  GcmPrepare gcm_prepare[3];
};
constexpr int BITS_256 = 2;

struct Functions {
  GcmCall encrypt;
  GcmCall decrypt;
  GcmPrepare prepare;
};

class IpsecMbAead final : public Aead {
 public:
  IpsecMbAead(const Functions& functions, const uint8_t* key) : functions_(functions) { functions_.prepare(key, &key_); }
  ~IpsecMbAead() override {
    OPENSSL_cleanse(&key_, sizeof key_);
    OPENSSL_cleanse(&context_, sizeof context_);
  }

  void seal(uint64_t counter, const uint8_t* header, const uint8_t* plain, size_t length, uint8_t* out) override {
    uint8_t nonce[NONCE_BYTES] = {};
    storeBe64(nonce + 4, counter);
    functions_.encrypt(&key_, &context_, out, plain, length, nonce, header, TRANSPORT_HEADER, out + length, TAG_BYTES);
  }

  bool open(uint64_t counter, const uint8_t* header, uint8_t* text, size_t length) override {
    uint8_t nonce[NONCE_BYTES] = {};
    storeBe64(nonce + 4, counter);
    uint8_t tag[TAG_BYTES];
    functions_.decrypt(&key_, &context_, text, text, length, nonce, header, TRANSPORT_HEADER, tag, TAG_BYTES);
    return CRYPTO_memcmp(tag, text + length, TAG_BYTES) == 0;
  }

 private:
  GcmKey key_{};
  GcmContext context_{};
  Functions functions_;
};

class IpsecMbProvider final : public AeadProvider {
 public:
  IpsecMbProvider(const Functions& functions, std::string name) : functions_(functions), name_(std::move(name)) {}
  const char* name() const override { return name_.c_str(); }

  std::unique_ptr<Aead> create(Suite suite, const uint8_t* key, Direction) override {
    if (suite != SUITE_AES_256_GCM) return nullptr;
    return std::make_unique<IpsecMbAead>(functions_, key);
  }

 private:
  Functions functions_;
  std::string name_;
};

template <typename Function>
Function symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

// Takes what the library found fit for this processor out of a manager, which is not needed afterwards.
bool findFunctions(void* library, Functions* functions, std::string* why) {
  auto allocate = symbol<Manager* (*)(uint64_t)>(library, "alloc_mb_mgr");
  auto release = symbol<void (*)(Manager*)>(library, "free_mb_mgr");
  auto initialise = symbol<void (*)(Manager*, int*)>(library, "init_mb_mgr_auto");
  if (allocate == nullptr || release == nullptr || initialise == nullptr) {
    *why = "libIPSec_MB lacks the functions that mcc calls";
    return false;
  }
  Manager* manager = allocate(0);
  if (manager == nullptr) {
    *why = "libIPSec_MB could not set itself up";
    return false;
  }
  int architecture = 0;
  initialise(manager, &architecture);
  const bool fine = manager->error == 0 && architecture != 0;
  *functions = {manager->gcm_encrypt[BITS_256], manager->gcm_decrypt[BITS_256], manager->gcm_prepare[BITS_256]};
  release(manager);
  if (!fine || functions->encrypt == nullptr || functions->decrypt == nullptr || functions->prepare == nullptr) {
    *why = "libIPSec_MB does not support this processor";
    return false;
  }
  return true;
}

// The pointers must lie in the library itself: a manager of another shape would hand out something else.
bool pointInto(void* library, const Functions& functions) {
  Dl_info expected, found;
  if (dladdr(dlsym(library, "alloc_mb_mgr"), &expected) == 0) return false;
  const void* pointers[] = {reinterpret_cast<const void*>(functions.encrypt), reinterpret_cast<const void*>(functions.decrypt),
                            reinterpret_cast<const void*>(functions.prepare)};
  for (const void* pointer : pointers) {
    if (dladdr(pointer, &found) == 0 || found.dli_fbase != expected.dli_fbase) return false;
  }
  return true;
}

// Every length that takes another way through vectorised code, both directions, and one flipped bit.
bool agrees(AeadProvider& fast, AeadProvider& reference) {
  uint8_t key[KEY_BYTES], header[TRANSPORT_HEADER], plain[2100], ours[2100 + TAG_BYTES], theirs[2100 + TAG_BYTES];
  uint32_t state = 0x6d6363;
  auto fill = [&](uint8_t* bytes, size_t length) {
    for (size_t i = 0; i < length; i++) bytes[i] = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  };
  fill(key, sizeof key);
  fill(plain, sizeof plain);
  auto seal = fast.create(SUITE_AES_256_GCM, key, Direction::Seal);
  auto open = fast.create(SUITE_AES_256_GCM, key, Direction::Open);
  auto check = reference.create(SUITE_AES_256_GCM, key, Direction::Seal);
  if (!seal || !open || !check) return false;
  for (size_t length = 0; length <= 2100; length += length < 300 ? 1 : 37) {
    const uint64_t counter = (uint64_t{length} << 20) | length;
    fill(header, sizeof header);
    seal->seal(counter, header, plain, length, ours);
    check->seal(counter, header, plain, length, theirs);
    if (memcmp(ours, theirs, length + TAG_BYTES) != 0) return false;
    if (!open->open(counter, header, ours, length) || memcmp(ours, plain, length) != 0) return false;
    theirs[length / 2] ^= 1;
    if (open->open(counter, header, theirs, length)) return false;
  }
  return true;
}

}  // namespace

// The library is never unloaded: other environments of this process may be running its code.
std::unique_ptr<AeadProvider> ipsecMbProvider(AeadProvider& reference, std::string* why) {
  void* library = nullptr;
#ifndef __x86_64__
  // What has the name elsewhere is another project.
  *why = "libIPSec_MB is for amd64";
  return nullptr;
#endif
  for (const char* name : FILE_NAMES) {
    if (library == nullptr) library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  }
  if (library == nullptr) {
    *why = "libIPSec_MB is not installed (Debian: libipsec-mb1 or libipsec-mb2)";
    return nullptr;
  }
  auto version = symbol<unsigned (*)()>(library, "imb_get_version");
  auto versionText = symbol<const char* (*)()>(library, "imb_get_version_str");
  if (version == nullptr || versionText == nullptr || version() < OLDEST_VERSION || version() >= FIRST_UNKNOWN_VERSION) {
    *why = "libIPSec_MB is of a version that mcc does not know";
    return nullptr;
  }
  Functions functions{};
  if (!findFunctions(library, &functions, why)) return nullptr;
  auto provider = std::make_unique<IpsecMbProvider>(functions, std::string("ipsec-mb ") + versionText());
  if (!pointInto(library, functions) || !agrees(*provider, reference)) {
    *why = "libIPSec_MB does not compute what OpenSSL computes";
    return nullptr;
  }
  return provider;
}

AeadChoice::AeadChoice(bool allowFast) : base_(opensslProvider()) {
  if (allowFast) fast_ = ipsecMbProvider(*base_, &why_);
  else why_ = "OpenSSL was asked for";
}

std::unique_ptr<Aead> AeadChoice::create(Suite suite, const uint8_t* key, Direction direction) {
  auto aead = fast_ ? fast_->create(suite, key, direction) : nullptr;
  return aead ? std::move(aead) : base_->create(suite, key, direction);
}

}  // namespace mcc
