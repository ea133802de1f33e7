// Streams in the event loop: files that TypeScript hands over, what comes from them, and their end.
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arguments.h"
#include "port.h"

namespace mcc {
namespace {

// A connection whose other end is gone ends after so long, in use or not.
constexpr int USER_TIMEOUT_MS = 20000;
constexpr int KEEP_IDLE_S = 60;
constexpr int KEEP_EVERY_S = 15;
constexpr int KEEP_TRIES = 3;
// What the kernel may hold back unsent: more delays everybody behind it.
constexpr int UNSENT_BYTES = 128 << 10;
constexpr int ROUNDS = 4;

struct StreamPoll {
  uv_poll_t poll;  // the first, so that the handle's address is this one's
  uint32_t number;
};

// On sockets of other kinds they fail, and nothing is lost.
void setOptions(int fd) {
  const auto option = [fd](int level, int name, int value) { (void)setsockopt(fd, level, name, &value, sizeof value); };
  option(IPPROTO_TCP, TCP_NODELAY, 1);
  option(IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
  option(IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES);
  option(SOL_SOCKET, SO_KEEPALIVE, 1);
  option(IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S);
  option(IPPROTO_TCP, TCP_KEEPINTVL, KEEP_EVERY_S);
  option(IPPROTO_TCP, TCP_KEEPCNT, KEEP_TRIES);
}

}  // namespace

struct StreamCallbacks {
  static void ready(uv_poll_t* handle, int, int events) {
    Port* port = static_cast<LoopHandles*>(handle->data)->port;
    if (port != nullptr) port->streamReady(reinterpret_cast<StreamPoll*>(handle)->number, events);
  }
  static void closed(uv_handle_t* handle) {
    auto* handles = static_cast<LoopHandles*>(handle->data);
    delete reinterpret_cast<StreamPoll*>(handle);
    handles->release();
  }
};

void Port::openStream(const Napi::CallbackInfo& info, int fd) {
  Napi::Env env = info.Env();
  uv_loop_t* loop = nullptr;
  const uint32_t number = outlet_.streams.add(fd);
  if (number == 0) {
    ::close(fd);
    Napi::RangeError::New(env, "as many streams as may be are open").ThrowAsJavaScriptException();
    return;
  }
  auto* each = new StreamPoll{};
  each->number = number;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || uv_poll_init(loop, &each->poll, fd) != 0) {
    delete each;
    outlet_.streams.remove(number);
    Napi::Error::New(env, "the event loop takes no such file").ThrowAsJavaScriptException();
    return;
  }
  setOptions(fd);
  each->poll.data = handles_;
  handles_->unclosed++;
  streamPolls_[number] = &each->poll;
  uv_poll_start(&each->poll, UV_READABLE, StreamCallbacks::ready);
  openedStream_ = number;
}

Napi::Value Port::addStream(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const uint32_t given = numberOr(info[0], UINT32_MAX);
  const int fd = handles_ == nullptr || given > INT32_MAX ? -1 : fcntl(static_cast<int>(given), F_DUPFD_CLOEXEC, 0);
  if (fd < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0) {
    if (fd >= 0) ::close(fd);
    Napi::TypeError::New(env, "the file of a connection").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  openedStream_ = 0;
  openStream(info, fd);
  return Napi::Number::New(env, openedStream_);
}

Napi::Value Port::pairStream(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  int ends[2];
  if (handles_ == nullptr || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0) {
    Napi::Error::New(env, "no pair of sockets").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  openedStream_ = 0;
  openStream(info, ends[0]);
  if (openedStream_ == 0) {
    ::close(ends[1]);
    return env.Undefined();
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("number", openedStream_);
  result.Set("fd", ends[1]);
  return result;
}

void Port::closeStream(const Napi::CallbackInfo& info) { dropStream(numberOr(info[0], 0)); }

void Port::dropStream(uint32_t number) {
  const auto found = streamPolls_.find(number);
  if (found != streamPolls_.end()) {
    uv_close(reinterpret_cast<uv_handle_t*>(found->second), StreamCallbacks::closed);
    streamPolls_.erase(found);
  }
  outlet_.streams.remove(number);
}

void Port::dropStreams() {
  for (const auto& each : streamPolls_) uv_close(reinterpret_cast<uv_handle_t*>(each.second), StreamCallbacks::closed);
  streamPolls_.clear();
  outlet_.streams.removeAll();
}

void Port::streamReady(uint32_t number, int events) {
  Napi::HandleScope scope(Env());
  if (events & UV_WRITABLE) outlet_.streams.drain(number);
  for (int round = 0; round < ROUNDS && handles_ != nullptr; round++) {
    const bool found = inlet_.read(outlet_.streams, number);
    if (found && !passOn()) return;
    if (!inlet_.more()) break;
  }
  settle();
}

void Port::settleStreams() {
  for (uint32_t number; (number = outlet_.streams.takeChanged()) != 0;) {
    const auto found = streamPolls_.find(number);
    if (found == streamPolls_.end()) continue;
    uv_poll_start(found->second, UV_READABLE | (outlet_.streams.isFull(number) ? UV_WRITABLE : 0), StreamCallbacks::ready);
  }
}

void Port::reportStreams() {
  Napi::Env env = Env();
  for (uint32_t number; handles_ != nullptr && (number = outlet_.streams.takeEnded()) != 0;) {
    if (streamPolls_.find(number) == streamPolls_.end()) continue;
    dropStream(number);
    call(eventCallback_, {Napi::String::New(env, "streamClosed"), Napi::Number::New(env, number)});
  }
}

}  // namespace mcc
