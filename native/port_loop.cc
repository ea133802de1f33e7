// The port's life in the event loop: readiness in, one call of JavaScript per batch, timed release.
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "port.h"

namespace mcc {
namespace {

// Batches of one file before other handles of the loop have their turn.
constexpr int ROUNDS = 4;

}  // namespace

struct LoopCallbacks {
  static Port* portOf(void* handle) { return static_cast<LoopHandles*>(static_cast<uv_handle_t*>(handle)->data)->port; }

  static void tun(uv_poll_t* handle, int, int) {
    Port* port = portOf(handle);
    // An error stops the handle: a TUN that is gone says so when it is read, any other goes on.
    port->tunEvents_ = uv_is_active(reinterpret_cast<uv_handle_t*>(handle)) ? port->tunEvents_ : 0;
    port->insideReadable();
  }
  static void udp(uv_poll_t* handle, int, int events) {
    Port* port = portOf(handle);
    const uint32_t line = handle == &port->handles_->udp[1];
    outside(port, line, handle, events, &port->udpEvents_[line]);
  }
  static void line(uv_poll_t* handle, int, int events) {
    auto* line = static_cast<LinePoll*>(handle->data);
    outside(line->handles->port, line->line, handle, events, &line->events);
  }
  static void outside(Port* port, uint32_t line, uv_poll_t* handle, int events, int* current) {
    // An error stops the handle, and is gone once it was asked for.
    if (!uv_is_active(reinterpret_cast<uv_handle_t*>(handle))) {
      int error;
      socklen_t length = sizeof error;
      getsockopt(port->outlet_.socket(line).fd(), SOL_SOCKET, SO_ERROR, &error, &length);
      port->poll(handle, 0, current);
      port->poll(handle, UV_READABLE | (port->outlet_.blocked(line) ? UV_WRITABLE : 0), current);
    }
    if (events & UV_WRITABLE) port->outlet_.drain(line);
    port->outsideReadable(line);
  }
  static void lineClosed(uv_handle_t* handle) {
    auto* line = static_cast<LinePoll*>(handle->data);
    handle->data = line->handles;
    closed(handle);
    delete line;
  }
  static void timer(uv_poll_t* handle, int, int) { portOf(handle)->releaseDue(); }
  static void events(uv_async_t* handle) {
    Port* port = portOf(handle);
    if (port != nullptr) port->reportEvents();
  }
  static void closed(uv_handle_t* handle) {
    static_cast<LoopHandles*>(handle->data)->release();
  }
  // The environment ends with the port open (a worker that is terminated).
  static void cleanup(napi_async_cleanup_hook_handle, void* data) {
    auto* handles = static_cast<LoopHandles*>(data);
    if (handles->port != nullptr) handles->port->shut(false);
  }
};

void LoopHandles::release() {
  if (--unclosed > 0) return;
  if (hook != nullptr) napi_remove_async_cleanup_hook(hook);
  delete this;
}

bool Port::startLoop() {
  uv_loop_t* loop = nullptr;
  const int timerFd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timerFd < 0) return fail(Failure::last("timerfd_create", ""));
  if (napi_get_uv_event_loop(Env(), &loop) != napi_ok) {
    ::close(timerFd);
    Napi::Error::New(Env(), "this environment has no event loop").ThrowAsJavaScriptException();
    return false;
  }
  handles_ = new LoopHandles{};
  handles_->port = this;
  handles_->timerFd = timerFd;
  uv_async_init(loop, &handles_->events, LoopCallbacks::events);
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles_->events));
  uv_poll_init(loop, &handles_->timer, timerFd);
  handles_->unclosed = 2;
  if (inside_.tun.isOpen()) {
    uv_poll_init(loop, &handles_->tun, inside_.tun.fd());
    handles_->unclosed++;
  }
  for (const bool v4 : {false, true}) {
    const UdpSocket& socket = outlet_.socket(v4);
    if (!socket.isOpen()) continue;
    uv_poll_init(loop, &handles_->udp[v4], socket.fd());
    handles_->unclosed++;
  }
  for (void* each : {static_cast<void*>(&handles_->events), static_cast<void*>(&handles_->timer), static_cast<void*>(&handles_->tun),
                     static_cast<void*>(&handles_->udp[0]), static_cast<void*>(&handles_->udp[1])}) {
    static_cast<uv_handle_t*>(each)->data = handles_;
  }
  napi_add_async_cleanup_hook(Env(), LoopCallbacks::cleanup, handles_, &handles_->hook);
  uv_poll_start(&handles_->timer, UV_READABLE, LoopCallbacks::timer);
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles_->timer));
  settle();
  return true;
}

bool Port::watch(uint32_t line) {
  uv_loop_t* loop = handles_->events.loop;
  auto* each = new LinePoll{};
  if (uv_poll_init(loop, &each->poll, outlet_.socket(line).fd()) != 0) {
    delete each;
    return false;
  }
  each->poll.data = each;
  each->handles = handles_;
  each->line = line;
  handles_->unclosed++;
  if (linePolls_.empty()) linePolls_.resize(LINES);
  linePolls_[line] = each;
  poll(&each->poll, UV_READABLE, &each->events);
  return true;
}

void Port::unwatch(uint32_t line) {
  if (line >= linePolls_.size() || linePolls_[line] == nullptr) return;
  uv_close(reinterpret_cast<uv_handle_t*>(&linePolls_[line]->poll), LoopCallbacks::lineClosed);
  linePolls_[line] = nullptr;
}

void Port::shut(bool removeTun) {
  if (handles_ == nullptr) return;
  LoopHandles* handles = handles_;
  handles_ = nullptr;
  handles->port = nullptr;
  const auto end = [](void* handle) { uv_close(static_cast<uv_handle_t*>(handle), LoopCallbacks::closed); };
  if (handles->tun.loop != nullptr) end(&handles->tun);
  if (handles->udp[0].loop != nullptr) end(&handles->udp[0]);
  if (handles->udp[1].loop != nullptr) end(&handles->udp[1]);
  dropStreams();
  for (LinePoll*& each : linePolls_) {
    if (each != nullptr) uv_close(reinterpret_cast<uv_handle_t*>(&each->poll), LoopCallbacks::lineClosed);
    each = nullptr;
  }
  end(&handles->timer);
  end(&handles->events);
  ::close(handles->timerFd);
  inside_.tun.close(removeTun);
  outlet_.closeAll();
  inlet_.resequencer.clear();
  keys_.clearAll();
  // The functions refer to whoever opened the port.
  for (Napi::FunctionReference* each : {&insideCallback_, &outsideCallback_, &eventCallback_}) each->Reset();
  Unref();
}

// By Node-API itself: the wrapper ends the process when an environment is terminated inside the callback.
void Port::call(Napi::FunctionReference& function, std::initializer_list<napi_value> values) {
  if (function.IsEmpty()) return;
  napi_env env = Env();
  napi_value global, result, error;
  if (napi_get_global(env, &global) != napi_ok) return;
  const napi_status status = napi_make_callback(env, context_, global, function.Value(), values.size(), values.begin(), &result);
  if (status != napi_pending_exception) return;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

void Port::insideReadable() {
  Napi::HandleScope scope(Env());
  for (int round = 0; round < ROUNDS && handles_ != nullptr && !outlet_.blocked(); round++) {
    batchRows_ = inside_.read(rows_->out[0]);
    if (batchRows_ == 0) break;
    for (uint32_t row = 0; row < batchRows_; row++) batchSlots_[row] = rows_->out[row][OUT_SLOT];
    const bool full = batchRows_ == BATCH_ROWS;
    moderation_.count(batchRows_, rows_->out[0][OUT_LENGTH]);
    call(insideCallback_, {Napi::Number::New(Env(), batchRows_)});
    // Rows that JavaScript did not hand back are dropped.
    for (uint32_t row = 0; row < batchRows_; row++) {
      if (batchSlots_[row] != Slab::NONE) slab_.release(batchSlots_[row]);
    }
    batchRows_ = 0;
    if (full) continue;
    moderation_.rest(monotonicNs());
    break;
  }
  settle();
}

void Port::outsideReadable(uint32_t line) {
  Napi::HandleScope scope(Env());
  for (int round = 0; round < ROUNDS && handles_ != nullptr; round++) {
    // Its socket may be closed by what JavaScript made of the batch before.
    UdpSocket& socket = outlet_.socket(line);
    if (!socket.isOpen() || !inlet_.read(socket, static_cast<uint16_t>(line >> 1))) break;
    if (line > 1 && inlet_.many()) outlet_.widen(line);
    if (!passOn()) return;
    if (!inlet_.more()) break;
  }
  settle();
}

bool Port::passOn() {
  const uint64_t nowNs = monotonicNs();
  relay_.setNow(nowNs);
  while ((inRows_ = inlet_.fill(rows_->in[0], nowNs / 1000000)) > 0) {
    outlet_.flush();
    call(outsideCallback_, {Napi::Number::New(Env(), inRows_)});
    inlet_.finishBatch();
    inRows_ = 0;
    if (handles_ == nullptr) return false;
  }
  outlet_.flush();
  return true;
}

void Port::releaseDue() {
  uint64_t expirations;
  (void)!::read(handles_->timerFd, &expirations, sizeof expirations);
  armedNs_ = 0;
  const uint64_t nowNs = monotonicNs();
  outlet_.release(nowNs);
  inlet_.resequencer.expire(nowNs / 1000000);
  inlet_.decoders.expire(nowNs / 1000000);
  if (inlet_.resequencer.hasReady()) {
    Napi::HandleScope scope(Env());
    if (!passOn()) return;
  }
  settle();
}

void Port::poll(uv_poll_t* handle, int events, int* current) {
  if (handle->loop == nullptr || events == *current) return;
  *current = events;
  const bool isMain = handle == &handles_->udp[0] || handle == &handles_->udp[1];
  if (events == 0) uv_poll_stop(handle);
  else uv_poll_start(handle, events, handle == &handles_->tun ? LoopCallbacks::tun : isMain ? LoopCallbacks::udp : LoopCallbacks::line);
}

void Port::settle() {
  if (handles_ == nullptr) return;
  const auto wanted = [&](uint32_t line) { return UV_READABLE | (outlet_.blocked(line) ? UV_WRITABLE : 0); };
  for (const uint32_t line : {0, 1}) poll(&handles_->udp[line], wanted(line), &udpEvents_[line]);
  for (uint32_t line; (line = outlet_.takeTurned()) != UINT32_MAX;) {
    LinePoll* each = line < linePolls_.size() ? linePolls_[line] : nullptr;
    if (each != nullptr) poll(&each->poll, wanted(line), &each->events);
  }
  poll(&handles_->tun, outlet_.blocked() || inside_.gone() ? 0 : UV_READABLE, &tunEvents_);
  settleStreams();
  uint64_t next = outlet_.nextRelease();
  for (const uint64_t endMs : {inlet_.resequencer.nextEndMs(), inlet_.decoders.nextEndMs()}) {
    const uint64_t endNs = endMs * 1000000;
    if (endNs != 0 && (next == 0 || endNs < next)) next = endNs;
  }
  if (next != armedNs_) {
    const itimerspec when{{}, {static_cast<time_t>(next / 1000000000), static_cast<long>(next % 1000000000)}};
    timerfd_settime(handles_->timerFd, TFD_TIMER_ABSTIME, &when, nullptr);
    armedNs_ = next;
  }
  const bool news = !socketEvents_.empty() || outlet_.hasTooBig() || outlet_.streams.hasEnded() || (inside_.gone() && !goneReported_);
  if (news) uv_async_send(&handles_->events);
}

void Port::reportEvents() {
  Napi::Env env = Env();
  Napi::HandleScope scope(env);
  for (uint32_t path; handles_ != nullptr && (path = outlet_.takeTooBig()) != UINT32_MAX;) {
    call(eventCallback_, {Napi::String::New(env, "tooBig"), Napi::Number::New(env, path)});
  }
  reportStreams();
  std::vector<SocketEvent> socketEvents;
  socketEvents.swap(socketEvents_);
  for (const SocketEvent& each : socketEvents) {
    if (handles_ == nullptr) return;
    const char* error = each.error == 0 ? "" : uv_err_name(-each.error);
    call(eventCallback_, {Napi::String::New(env, "socket"), Napi::Number::New(env, each.socket), Napi::Number::New(env, each.port), Napi::String::New(env, error)});
  }
  if (handles_ != nullptr && inside_.gone() && !goneReported_) {
    goneReported_ = true;
    call(eventCallback_, {Napi::String::New(env, "interfaceGone")});
  }
}

}  // namespace mcc
