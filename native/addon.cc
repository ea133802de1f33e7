#include <napi.h>

#include "port.h"
#include "system.h"

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("Port", mcc::Port::define(env));
  mcc::initSystem(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(mcc, initialise)
