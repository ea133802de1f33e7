#include "port.h"

#include <sys/random.h>

#include <cstddef>

#include "arguments.h"

namespace mcc {
namespace {

// The kernel doubles it. What waits here delays everybody: with 4 MB, one fast stream was up to 1.5 times as fast, and with
// OpenSSL a ping beside it took 2 ms instead of 0.8.
constexpr uint32_t DEFAULT_BUFFER_BYTES = 768 << 10;

// Zero where there is no randomness yet: opening the port fails then.
uint64_t randomSeed() {
  uint64_t seed = 0;
  (void)!getrandom(&seed, sizeof seed, 0);
  return seed;
}

// An ArrayBuffer over pages that both the port and the buffer keep alive.
Napi::ArrayBuffer expose(Napi::Env env, const std::shared_ptr<Pages>& pages, size_t offset, size_t bytes) {
  auto* keeper = new std::shared_ptr<Pages>(pages);
  return Napi::ArrayBuffer::New(
      env, pages->data() + offset, bytes, [](Napi::Env, void*, std::shared_ptr<Pages>* kept) { delete kept; }, keeper);
}

}  // namespace

Port::Port(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<Port>(info),
      shared_(std::make_shared<Pages>(sizeof(SharedRows))),
      rows_(reinterpret_cast<SharedRows*>(shared_->data())),
      counters_(rows_->counters),
      outlet_(counters_, randomSeed()),
      sealer_(keys_, slab_, outlet_, counters_),
      relay_(outlet_, counters_, rows_->relayed),
      inlet_(keys_, relay_, counters_),
      inside_(slab_, counters_),
      context_(info.Env(), "mcc.port") {
  Napi::Env env = info.Env();
  if (info.Length() < 1 || !info[0].IsObject()) {
    Napi::TypeError::New(env, "options expected").ThrowAsJavaScriptException();
    return;
  }
  const Napi::Object options = info[0].As<Napi::Object>();
  const Napi::Value crypto = options.Get("crypto");
  aead_ = std::make_unique<AeadChoice>(!crypto.IsString() || crypto.As<Napi::String>().Utf8Value() != "openssl");
  if (!openAll(options) || !startLoop()) {
    inside_.tun.close(false);
    outlet_.closeAll();
    return;
  }
  exposeMemory(info.This().As<Napi::Object>());
  // Open ports stay, whoever lets go of them: the loop calls into this object.
  Ref();
}

Port::~Port() { shut(false); }

bool Port::openAll(const Napi::Object& options) {
  Napi::Env env = options.Env();
  if (getrandom(&inlet_.coalescer->seed, sizeof inlet_.coalescer->seed, 0) < 0) return fail(Failure::last("getrandom", ""));
  inlet_.resequencer.seed = randomSeed();
  const Napi::Value dscp = options.Get("dscp");
  sealer_.keepsDscp = dscp.IsString() && dscp.As<Napi::String>().Utf8Value() == "keep";
  if (!dscp.IsUndefined() && !sealer_.keepsDscp && (!dscp.IsString() || dscp.As<Napi::String>().Utf8Value() != "none")) {
    Napi::TypeError::New(env, "options.dscp must be 'keep' or 'none'").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Value listen = options.Get("listen");
  if (!listen.IsArray()) {
    Napi::TypeError::New(env, "options.listen must be an array of { ip, port }").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Array addresses = listen.As<Napi::Array>();
  for (uint32_t i = 0; i < addresses.Length(); i++) {
    const Napi::Value each = addresses[i];
    UdpSocket::Options wanted{{}, numberOr(options.Get("bufferBytes"), DEFAULT_BUFFER_BYTES)};
    if (!each.IsObject() || !readAddress(each.As<Napi::Object>().Get("ip"), each.As<Napi::Object>().Get("port"), &wanted.local)) {
      Napi::TypeError::New(env, "options.listen must be an array of { ip, port }").ThrowAsJavaScriptException();
      return false;
    }
    const bool v4 = wanted.local.isV4();
    if (outlet_.socket(v4).isOpen()) {
      Napi::TypeError::New(env, "one address per family").ThrowAsJavaScriptException();
      return false;
    }
    // Port 0 for the second family: the one that the first was given.
    if (wanted.local.port == 0 && i > 0) wanted.local.port = outlet_.socket(!v4).local().port;
    outlet_.bufferBytes = wanted.bufferBytes;
    const Failure failure = outlet_.openLine(v4, wanted);
    if (failure) return fail(failure);
  }
  // Last, so that a port that cannot be had leaves no interface behind.
  const Napi::Value interfaceName = options.Get("interface");
  if (interfaceName.IsString()) {
    const Failure failure = inside_.tun.open(interfaceName.As<Napi::String>().Utf8Value());
    if (failure) return fail(failure);
    inlet_.coalescer->mergeTcp = inside_.tun.offloads().checksum;
    inlet_.coalescer->mergeUdp = inside_.tun.offloads().udp;
  }
  return true;
}

bool Port::fail(const Failure& failure) {
  Napi::Env env = Env();
  const std::string code = uv_err_name(-failure.number);
  const std::string message = code + ": " + strerror(failure.number) + ", " + failure.call + " " + failure.about;
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", code);
  error.Set("errno", Napi::Number::New(env, -failure.number));
  error.Set("syscall", failure.call);
  error.ThrowAsJavaScriptException();
  return false;
}

void Port::exposeMemory(const Napi::Object& self) {
  Napi::Env env = self.Env();
  const auto words = [&](const char* name, size_t offset, size_t bytes) {
    self.Set(name, Napi::Uint32Array::New(env, bytes / 4, expose(env, shared_, offset, bytes), 0));
  };
  words("outRows", offsetof(SharedRows, out), sizeof rows_->out);
  words("heldRows", offsetof(SharedRows, held), sizeof rows_->held);
  words("inRows", offsetof(SharedRows, in), sizeof rows_->in);
  const Napi::ArrayBuffer counters = expose(env, shared_, offsetof(SharedRows, counters), sizeof rows_->counters);
  self.Set("counters", Napi::Float64Array::New(env, COUNTERS, counters, 0));
  const Napi::ArrayBuffer relayed = expose(env, shared_, offsetof(SharedRows, relayed), sizeof rows_->relayed);
  self.Set("relayed", Napi::Float64Array::New(env, PATH_SLOTS, relayed, 0));
  const auto bytes = [&](const char* name, const std::shared_ptr<Pages>& pages) {
    self.Set(name, Napi::Uint8Array::New(env, pages->size(), expose(env, pages, 0, pages->size()), 0));
  };
  bytes("outBytes", slab_.pages());
  bytes("inBytes", inlet_.pages());
}

Napi::Function Port::define(Napi::Env env) {
  return DefineClass(env, "Port",
                     {
                         InstanceMethod<&Port::onInside>("onInside"),
                         InstanceMethod<&Port::onOutside>("onOutside"),
                         InstanceMethod<&Port::onEvent>("onEvent"),
                         InstanceMethod<&Port::send>("send"),
                         InstanceMethod<&Port::sendHeld>("sendHeld"),
                         InstanceMethod<&Port::retain>("retain"),
                         InstanceMethod<&Port::release>("release"),
                         InstanceMethod<&Port::deliver>("deliver"),
                         InstanceMethod<&Port::setSendKey>("setSendKey"),
                         InstanceMethod<&Port::setReceiveKey>("setReceiveKey"),
                         InstanceMethod<&Port::clearSendKey>("clearSendKey"),
                         InstanceMethod<&Port::clearReceiveKey>("clearReceiveKey"),
                         InstanceMethod<&Port::setHold>("setHold"),
                         InstanceMethod<&Port::received>("received"),
                         InstanceMethod<&Port::ceCount>("ceCount"),
                         InstanceMethod<&Port::setPath>("setPath"),
                         InstanceMethod<&Port::clearPath>("clearPath"),
                         InstanceMethod<&Port::setCircuit>("setCircuit"),
                         InstanceMethod<&Port::setForward>("setForward"),
                         InstanceMethod<&Port::clearCircuit>("clearCircuit"),
                         InstanceMethod<&Port::setRelayLimit>("setRelayLimit"),
                         InstanceMethod<&Port::keepalive>("keepalive"),
                         InstanceMethod<&Port::addStream>("addStream"),
                         InstanceMethod<&Port::pairStream>("pairStream"),
                         InstanceMethod<&Port::closeStream>("closeStream"),
                         InstanceMethod<&Port::sendRaw>("sendRaw"),
                         InstanceMethod<&Port::openSocket>("openSocket"),
                         InstanceMethod<&Port::closeSocket>("closeSocket"),
                         InstanceMethod<&Port::sendControl>("sendControl"),
                         InstanceMethod<&Port::setParity>("setParity"),
                         InstanceMethod<&Port::sendParity>("sendParity"),
                         InstanceMethod<&Port::inject>("inject"),
                         InstanceMethod<&Port::routeMtuOf>("routeMtu"),
                         InstanceMethod<&Port::info>("info"),
                         InstanceMethod<&Port::close>("close"),
                     });
}

}  // namespace mcc
