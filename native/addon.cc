#include <napi.h>

#ifdef __aarch64__
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#include "port.h"
#include "system.h"

namespace {

// Whether the processor computes AES itself; without that ChaCha20-Poly1305 is the faster suite, and the safer one.
bool processorHasAes() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("pclmul") != 0;
#elif defined(__aarch64__)
  return (getauxval(AT_HWCAP) & (HWCAP_AES | HWCAP_PMULL)) == (HWCAP_AES | HWCAP_PMULL);
#else
  return false;
#endif
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("hasAes", processorHasAes());
  exports.Set("Port", mcc::Port::define(env));
  mcc::initSystem(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(mcc, initialise)
