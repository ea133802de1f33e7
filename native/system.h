#pragma once
#include <napi.h>

namespace mcc {

// Sets exports.system: what src/host/native/system.ts types.
void initSystem(Napi::Env env, Napi::Object exports);

}  // namespace mcc
