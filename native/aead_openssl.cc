// AES-256-GCM and ChaCha20-Poly1305 by the OpenSSL inside the node binary. One context per key, reused: making one
// per packet costs more than sealing it.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "aead.h"

namespace mcc {
namespace {

class OpensslAead final : public Aead {
 public:
  OpensslAead(const EVP_CIPHER* cipher, bool bigEndian, const uint8_t* key, Direction direction)
      : context_(EVP_CIPHER_CTX_new()), bigEndian_(bigEndian) {
    const int encrypt = direction == Direction::Seal ? 1 : 0;
    ready_ = context_ != nullptr && EVP_CipherInit_ex(context_, cipher, nullptr, key, nullptr, encrypt) == 1;
    tagParameters_[0] = OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag_, TAG_BYTES);
    tagParameters_[1] = OSSL_PARAM_construct_end();
  }
  ~OpensslAead() override { EVP_CIPHER_CTX_free(context_); }

  bool ready() const { return ready_; }

  void seal(uint64_t counter, const uint8_t* header, const uint8_t* plain, size_t length, uint8_t* out) override {
    uint8_t nonce[NONCE_BYTES];
    writeNonce(nonce, counter);
    int done = 0;
    bool fine = EVP_EncryptInit_ex(context_, nullptr, nullptr, nullptr, nonce) == 1 &&
                EVP_EncryptUpdate(context_, nullptr, &done, header, TRANSPORT_HEADER) == 1 &&
                EVP_EncryptUpdate(context_, out, &done, plain, static_cast<int>(length)) == 1 &&
                EVP_EncryptFinal_ex(context_, out + length, &done) == 1 &&
                EVP_CIPHER_CTX_get_params(context_, tagParameters_) == 1;
    // A failure leaves nothing that could be sent: neither plaintext nor a ciphertext with a guessable tag.
    if (!fine) __builtin_abort();
    __builtin_memcpy(out + length, tag_, TAG_BYTES);
  }

  bool open(uint64_t counter, const uint8_t* header, uint8_t* text, size_t length) override {
    uint8_t nonce[NONCE_BYTES];
    writeNonce(nonce, counter);
    __builtin_memcpy(tag_, text + length, TAG_BYTES);
    int done = 0;
    uint8_t rest[TAG_BYTES];
    return EVP_DecryptInit_ex(context_, nullptr, nullptr, nullptr, nonce) == 1 &&
           EVP_CIPHER_CTX_set_params(context_, tagParameters_) == 1 &&
           EVP_DecryptUpdate(context_, nullptr, &done, header, TRANSPORT_HEADER) == 1 &&
           EVP_DecryptUpdate(context_, text, &done, text, static_cast<int>(length)) == 1 &&
           EVP_DecryptFinal_ex(context_, rest, &done) == 1;
  }

 private:
  void writeNonce(uint8_t* nonce, uint64_t counter) const {
    __builtin_memset(nonce, 0, 4);
    if (bigEndian_) storeBe64(nonce + 4, counter);
    else storeLe64(nonce + 4, counter);
  }

  EVP_CIPHER_CTX* context_;
  bool bigEndian_;
  bool ready_ = false;
  uint8_t tag_[TAG_BYTES] = {};
  OSSL_PARAM tagParameters_[2];
};

class OpensslProvider final : public AeadProvider {
 public:
  OpensslProvider()
      : gcm_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)),
        chacha_(EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr)) {}
  ~OpensslProvider() override {
    EVP_CIPHER_free(gcm_);
    EVP_CIPHER_free(chacha_);
  }

  const char* name() const override { return "openssl"; }

  std::unique_ptr<Aead> create(Suite suite, const uint8_t* key, Direction direction) override {
    const bool gcm = suite == SUITE_AES_256_GCM;
    EVP_CIPHER* cipher = gcm ? gcm_ : suite == SUITE_CHACHA20_POLY1305 ? chacha_ : nullptr;
    if (cipher == nullptr) return nullptr;
    auto aead = std::make_unique<OpensslAead>(cipher, gcm, key, direction);
    if (!aead->ready()) return nullptr;
    return aead;
  }

 private:
  EVP_CIPHER* gcm_;
  EVP_CIPHER* chacha_;
};

}  // namespace

std::unique_ptr<AeadProvider> opensslProvider() { return std::make_unique<OpensslProvider>(); }

}  // namespace mcc
