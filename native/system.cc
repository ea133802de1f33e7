#include "system.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <uv.h>

#include <cstring>
#include <memory>
#include <string>

#include "netlink.h"

namespace mcc {
namespace {

using Napi::CallbackInfo;
using Napi::Env;
using Napi::Value;

const char* errnoName(int number) {
  const char* name = uv_err_name(-number);
  return name == nullptr ? "UNKNOWN" : name;
}

Value fail(Env env, const char* operation, int number) {
  Napi::Error error = Napi::Error::New(env, std::string(operation) + ": " + errnoName(number));
  error.Set("code", Napi::String::New(env, errnoName(number)));
  error.Set("errno", Napi::Number::New(env, -number));
  error.Set("syscall", Napi::String::New(env, operation));
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

Value done(Env env, const char* operation, int number) { return number == 0 ? env.Undefined() : fail(env, operation, number); }

Value misuse(Env env, const char* what) {
  Napi::TypeError::New(env, what).ThrowAsJavaScriptException();
  return env.Undefined();
}

bool readAddress(const Value& value, uint8_t* address) {
  if (!value.IsTypedArray()) return false;
  const Napi::TypedArray array = value.As<Napi::TypedArray>();
  if (array.TypedArrayType() != napi_uint8_array || array.ByteLength() != 16) return false;
  memcpy(address, value.As<Napi::Uint8Array>().Data(), 16);
  return true;
}

Napi::Uint8Array writeAddress(Env env, const uint8_t* address) {
  Napi::Uint8Array array = Napi::Uint8Array::New(env, 16);
  memcpy(array.Data(), address, 16);
  return array;
}

int64_t numberOf(const Value& value, int64_t otherwise) { return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : otherwise; }
int flagOf(const Value& value) { return value.IsBoolean() ? (value.As<Napi::Boolean>().Value() ? 1 : 0) : -1; }
int32_t indexOf(const Value& value) { return static_cast<int32_t>(numberOf(value, 0)); }

Value linkIndex(const CallbackInfo& info) {
  if (!info[0].IsString()) return misuse(info.Env(), "linkIndex(name)");
  return Napi::Number::New(info.Env(), if_nametoindex(info[0].As<Napi::String>().Utf8Value().c_str()));
}

Value jsListLinks(const CallbackInfo& info) {
  const Env env = info.Env();
  std::vector<LinkInfo> links;
  if (const int error = listLinks(links)) return fail(env, "listLinks", error);
  Napi::Array array = Napi::Array::New(env, links.size());
  for (uint32_t i = 0; i < links.size(); i++) {
    Napi::Object link = Napi::Object::New(env);
    link.Set("index", Napi::Number::New(env, links[i].index));
    link.Set("name", Napi::String::New(env, links[i].name));
    link.Set("mtu", Napi::Number::New(env, links[i].mtu));
    link.Set("up", Napi::Boolean::New(env, (links[i].flags & IFF_UP) != 0));
    link.Set("loopback", Napi::Boolean::New(env, (links[i].flags & IFF_LOOPBACK) != 0));
    link.Set("multicast", Napi::Boolean::New(env, (links[i].flags & IFF_MULTICAST) != 0));
    link.Set("forwarding", Napi::Boolean::New(env, links[i].forwarding));
    link.Set("routeLocalnet", Napi::Boolean::New(env, links[i].routeLocalnet));
    array.Set(i, link);
  }
  return array;
}

Value jsSetLink(const CallbackInfo& info) {
  const Env env = info.Env();
  if (!info[0].IsNumber() || !info[1].IsObject()) return misuse(env, "setLink(index, change)");
  const Napi::Object options = info[1].As<Napi::Object>();
  LinkChange change;
  change.up = flagOf(options.Get("up"));
  change.mtu = numberOf(options.Get("mtu"), -1);
  change.txQueueLength = numberOf(options.Get("txQueueLength"), -1);
  change.gsoMaxSize = numberOf(options.Get("gsoMaxSize"), -1);
  change.gsoIpv4MaxSize = numberOf(options.Get("gsoIpv4MaxSize"), -1);
  change.linkLocal = flagOf(options.Get("linkLocal"));
  change.forwarding = flagOf(options.Get("forwarding"));
  change.routeLocalnet = flagOf(options.Get("routeLocalnet"));
  return done(env, "setLink", setLink(indexOf(info[0]), change));
}

Value jsDeleteLink(const CallbackInfo& info) {
  if (!info[0].IsNumber()) return misuse(info.Env(), "deleteLink(index)");
  return done(info.Env(), "deleteLink", deleteLink(indexOf(info[0])));
}

Value jsAddAddress(const CallbackInfo& info) {
  const Env env = info.Env();
  uint8_t address[16];
  if (!info[0].IsNumber() || !readAddress(info[1], address) || !info[2].IsNumber()) return misuse(env, "addAddress(index, address, bits, options)");
  AddressFlags flags;
  if (info[3].IsObject()) {
    const Napi::Object options = info[3].As<Napi::Object>();
    flags.noPrefixRoute = flagOf(options.Get("noPrefixRoute")) == 1;
    flags.noDad = flagOf(options.Get("noDad")) == 1;
    flags.neverSource = flagOf(options.Get("neverSource")) == 1;
  }
  const uint32_t bits = static_cast<uint32_t>(numberOf(info[2], 0));
  return done(env, "addAddress", changeAddress(true, indexOf(info[0]), address, bits, flags));
}

Value jsRemoveAddress(const CallbackInfo& info) {
  const Env env = info.Env();
  uint8_t address[16];
  if (!info[0].IsNumber() || !readAddress(info[1], address) || !info[2].IsNumber()) return misuse(env, "removeAddress(index, address, bits)");
  return done(env, "removeAddress", changeAddress(false, indexOf(info[0]), address, static_cast<uint32_t>(numberOf(info[2], 0)), {}));
}

Value routeChange(const CallbackInfo& info, bool add, const char* operation) {
  const Env env = info.Env();
  RouteChange route{};
  if (!info[0].IsObject()) return misuse(env, "a route is { ip, bits, index }");
  const Napi::Object options = info[0].As<Napi::Object>();
  if (!readAddress(options.Get("ip"), route.destination)) return misuse(env, "a route is { ip, bits, index }");
  route.bits = static_cast<uint32_t>(numberOf(options.Get("bits"), 999));
  route.index = indexOf(options.Get("index"));
  route.metric = static_cast<uint32_t>(numberOf(options.Get("metric"), 0));
  route.table = static_cast<uint32_t>(numberOf(options.Get("table"), 254));
  route.hasSource = readAddress(options.Get("source"), route.source);
  return done(env, operation, changeRoute(add, route));
}

Value jsSetRoute(const CallbackInfo& info) { return routeChange(info, true, "setRoute"); }
Value jsRemoveRoute(const CallbackInfo& info) { return routeChange(info, false, "removeRoute"); }

Value jsFindRoute(const CallbackInfo& info) {
  const Env env = info.Env();
  uint8_t destination[16];
  if (!readAddress(info[0], destination)) return misuse(env, "findRoute(address)");
  int32_t index = 0;
  uint8_t type = 0;
  if (const int error = findRoute(destination, index, type)) return fail(env, "findRoute", error);
  const char* kind = type == RTN_UNICAST ? "unicast" : type == RTN_LOCAL ? "local" : type == RTN_BROADCAST ? "broadcast" : "other";
  Napi::Object route = Napi::Object::New(env);
  route.Set("index", Napi::Number::New(env, index));
  route.Set("kind", Napi::String::New(env, kind));
  return route;
}

Value jsListPrefixes(const CallbackInfo& info) {
  const Env env = info.Env();
  std::vector<PrefixInfo> prefixes;
  if (const int error = listPrefixes(prefixes)) return fail(env, "listPrefixes", error);
  Napi::Array array = Napi::Array::New(env, prefixes.size());
  for (uint32_t i = 0; i < prefixes.size(); i++) {
    const PrefixInfo& prefix = prefixes[i];
    const char* kind = prefix.kind == PrefixKind::Address ? "address" : prefix.kind == PrefixKind::Route ? "route" : "rule";
    Napi::Object object = Napi::Object::New(env);
    object.Set("kind", Napi::String::New(env, kind));
    object.Set("ip", writeAddress(env, prefix.address));
    object.Set("bits", Napi::Number::New(env, prefix.bits));
    object.Set("index", Napi::Number::New(env, prefix.index));
    object.Set("table", Napi::Number::New(env, prefix.table));
    array.Set(i, object);
  }
  return array;
}

Value jsNotify(const CallbackInfo& info) {
  const Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsString()) return misuse(env, "notify(path, state)");
  return done(env, "notify", notifyManager(info[0].As<Napi::String>().Utf8Value(), info[1].As<Napi::String>().Utf8Value()));
}

// A watch lives until close() or the end of its environment; the uv handle frees it once it is closed.
struct Watcher {
  uv_poll_t poll;
  Notices notices;
  int32_t own = 0;
  Napi::FunctionReference callback;
  std::unique_ptr<Napi::AsyncContext> context;
  napi_env env = nullptr;
  // The JavaScript object outlives the watcher; this is how it learns.
  std::shared_ptr<Watcher*> self;
};

void onEnvironmentEnd(void* data);

void closeWatcher(Watcher* watcher, bool unhook) {
  if (*watcher->self == nullptr) return;
  *watcher->self = nullptr;
  if (unhook) napi_remove_env_cleanup_hook(watcher->env, onEnvironmentEnd, watcher);
  watcher->callback.Reset();
  watcher->context.reset();
  uv_poll_stop(&watcher->poll);
  uv_close(reinterpret_cast<uv_handle_t*>(&watcher->poll), [](uv_handle_t* handle) { delete static_cast<Watcher*>(handle->data); });
}

void onEnvironmentEnd(void* data) { closeWatcher(static_cast<Watcher*>(data), false); }

void onReadable(uv_poll_t* poll, int, int) {
  Watcher* watcher = static_cast<Watcher*>(poll->data);
  const uint32_t changes = watcher->notices.drain(watcher->own);
  // An overrun shows as POLLERR, at which libuv stops the handle; the error is gone once it was read.
  if (uv_is_active(reinterpret_cast<uv_handle_t*>(poll)) == 0) uv_poll_start(poll, UV_READABLE, onReadable);
  if (changes == 0) return;
  const Env env(watcher->env);
  const Napi::HandleScope scope(env);
  const napi_value argument = Napi::Number::New(env, changes);
  // The callback may close the watch: its function and context stay reachable through these handles.
  const Napi::Function callback = watcher->callback.Value();
  napi_value result;
  const napi_status status = napi_make_callback(watcher->env, *watcher->context, env.Global(), callback, 1, &argument, &result);
  if (status != napi_pending_exception) return;
  napi_value error;
  if (napi_get_and_clear_last_exception(watcher->env, &error) == napi_ok) napi_fatal_exception(watcher->env, error);
}

Value startWatch(Env env, bool tables, int32_t own, const Napi::Function& callback) {
  uv_loop_t* loop;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return misuse(env, "watch needs an event loop");
  auto watcher = std::make_unique<Watcher>();
  if (const int error = watcher->notices.open(tables)) return fail(env, "watch", error);
  if (const int error = uv_poll_init(loop, &watcher->poll, watcher->notices.fd())) return fail(env, "watch", -error);
  Watcher* raw = watcher.release();
  auto self = std::make_shared<Watcher*>(raw);
  raw->poll.data = raw;
  raw->own = own;
  raw->callback = Napi::Persistent(callback);
  raw->context = std::make_unique<Napi::AsyncContext>(env, "mcc.watch");
  raw->env = env;
  raw->self = self;
  uv_poll_start(&raw->poll, UV_READABLE, onReadable);
  uv_unref(reinterpret_cast<uv_handle_t*>(&raw->poll));
  napi_add_env_cleanup_hook(env, onEnvironmentEnd, raw);
  Napi::Object object = Napi::Object::New(env);
  object.Set("follow", Napi::Function::New(env, [self](const CallbackInfo& call) {
    if (*self != nullptr) (*self)->own = indexOf(call[0]);
  }));
  object.Set("close", Napi::Function::New(env, [self](const CallbackInfo&) {
    if (*self != nullptr) closeWatcher(*self, true);
  }));
  return object;
}

Value jsWatch(const CallbackInfo& info) {
  if (!info[0].IsNumber() || !info[1].IsFunction()) return misuse(info.Env(), "watch(index, callback)");
  return startWatch(info.Env(), false, indexOf(info[0]), info[1].As<Napi::Function>());
}

Value jsWatchTables(const CallbackInfo& info) {
  if (!info[0].IsFunction()) return misuse(info.Env(), "watchTables(callback)");
  return startWatch(info.Env(), true, 0, info[0].As<Napi::Function>());
}

}  // namespace

void initSystem(Env env, Napi::Object exports) {
  Napi::Object system = Napi::Object::New(env);
  const auto add = [&](const char* name, Value (*function)(const CallbackInfo&)) { system.Set(name, Napi::Function::New(env, function, name)); };
  add("linkIndex", linkIndex);
  add("listLinks", jsListLinks);
  add("setLink", jsSetLink);
  add("deleteLink", jsDeleteLink);
  add("addAddress", jsAddAddress);
  add("removeAddress", jsRemoveAddress);
  add("setRoute", jsSetRoute);
  add("removeRoute", jsRemoveRoute);
  add("findRoute", jsFindRoute);
  add("listPrefixes", jsListPrefixes);
  add("watch", jsWatch);
  add("watchTables", jsWatchTables);
  add("notify", jsNotify);
  exports.Set("system", system);
}

}  // namespace mcc
