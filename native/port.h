// The packet port: one TUN, one UDP socket per family (and further ones), and the shared memory through which TypeScript decides.
// This class is glue between the event loop, JavaScript and the parts; each part knows neither.
#pragma once
#include <napi.h>
#include <uv.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "aead.h"
#include "inlet.h"
#include "inside.h"
#include "keys.h"
#include "moderation.h"
#include "outlet.h"
#include "relay.h"
#include "sealer.h"
#include "slab.h"

namespace mcc {

// Rows and counters as JavaScript sees them, in one block of pages.
struct SharedRows {
  uint32_t out[BATCH_ROWS][ROW_WORDS];
  uint32_t held[SLAB_SLOTS][ROW_WORDS];
  uint32_t in[INBOUND_ROWS][ROW_WORDS];
  double counters[COUNTERS];
  double relayed[PATH_SLOTS];
};

class Port;

// The readiness of a line of a further socket. Deletes itself when its handle has closed.
struct LinePoll {
  uv_poll_t poll;
  struct LoopHandles* handles;
  uint32_t line;
  int events;
};

// What the event loop holds; it outlives the port until every handle has closed.
struct LoopHandles {
  Port* port;
  uv_poll_t tun;
  uv_poll_t udp[2];  // lines 0 and 1
  uv_poll_t timer;
  uv_async_t events;
  int timerFd;
  uint32_t unclosed;
  napi_async_cleanup_hook_handle hook;

  // One of them has closed; with the last, this ends.
  void release();
};

class Port : public Napi::ObjectWrap<Port> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit Port(const Napi::CallbackInfo& info);
  ~Port() override;

  // Stops everything and closes every file. `removeTun`: the TUN goes as well. A second call does nothing.
  void shut(bool removeTun);

 private:
  friend struct LoopCallbacks;
  friend struct StreamCallbacks;

  // port.cc
  bool openAll(const Napi::Object& options);
  bool startLoop();
  void exposeMemory(const Napi::Object& self);
  bool fail(const Failure& failure);

  // port_methods.cc: what JavaScript calls
  void onInside(const Napi::CallbackInfo& info);
  void onOutside(const Napi::CallbackInfo& info);
  void onEvent(const Napi::CallbackInfo& info);
  void send(const Napi::CallbackInfo& info);
  void sendHeld(const Napi::CallbackInfo& info);
  void retain(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  void deliver(const Napi::CallbackInfo& info);
  // What is kept of a receive key slot that is cleared or set anew.
  void forgetHeld(uint32_t slot);
  void setSendKey(const Napi::CallbackInfo& info);
  void setReceiveKey(const Napi::CallbackInfo& info);
  void clearSendKey(const Napi::CallbackInfo& info);
  void clearReceiveKey(const Napi::CallbackInfo& info);
  void setHold(const Napi::CallbackInfo& info);
  Napi::Value received(const Napi::CallbackInfo& info);
  Napi::Value ceCount(const Napi::CallbackInfo& info);
  void setPath(const Napi::CallbackInfo& info);
  void clearPath(const Napi::CallbackInfo& info);
  void setCircuit(const Napi::CallbackInfo& info);
  void setForward(const Napi::CallbackInfo& info);
  void clearCircuit(const Napi::CallbackInfo& info);
  void setRelayLimit(const Napi::CallbackInfo& info);
  void keepalive(const Napi::CallbackInfo& info);
  void sendRaw(const Napi::CallbackInfo& info);
  void openSocket(const Napi::CallbackInfo& info);
  void closeSocket(const Napi::CallbackInfo& info);
  void sendControl(const Napi::CallbackInfo& info);
  void setParity(const Napi::CallbackInfo& info);
  void sendParity(const Napi::CallbackInfo& info);
  void inject(const Napi::CallbackInfo& info);
  Napi::Value routeMtuOf(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  // port_streams.cc
  Napi::Value addStream(const Napi::CallbackInfo& info);
  Napi::Value pairStream(const Napi::CallbackInfo& info);
  void closeStream(const Napi::CallbackInfo& info);
  // Takes the file over; its number stands in openedStream_, where there is no exception.
  void openStream(const Napi::CallbackInfo& info, int fd);
  void dropStream(uint32_t number);
  void dropStreams();
  void streamReady(uint32_t number, int events);
  void settleStreams();
  void reportStreams();

  // port_loop.cc
  // Hands what was read to JavaScript, batch by batch. False: the port was closed meanwhile.
  bool passOn();
  void insideReadable();
  void outsideReadable(uint32_t line);
  // Opens a further socket of the families of the main one, on a port that the kernel chooses.
  Failure openSocketOn(uint16_t socket);
  Failure openLineOn(uint16_t socket, bool v4, uint16_t port);
  bool watch(uint32_t line);
  void unwatch(uint32_t line);
  void releaseDue();
  void reportEvents();
  // Calls JavaScript with one number; an exception becomes an uncaught one.
  void call(Napi::FunctionReference& function, std::initializer_list<napi_value> values);
  // After anything that may have sent: arms the timer, reads the TUN only while the sockets take more, reports.
  void settle();
  void poll(uv_poll_t* handle, int events, int* current);

  std::shared_ptr<Pages> shared_;
  SharedRows* rows_;
  Counters counters_;
  std::unique_ptr<AeadChoice> aead_;
  Keys keys_;
  Slab slab_;
  Outlet outlet_;
  Sealer sealer_;
  Relay relay_;
  Inlet inlet_;
  Inside inside_;

  LoopHandles* handles_ = nullptr;
  std::unordered_map<uint32_t, uv_poll_t*> streamPolls_;  // by number
  uint32_t openedStream_ = 0;
  std::vector<LinePoll*> linePolls_;  // by line; empty until the first further socket
  struct SocketEvent {
    uint16_t socket;
    uint16_t port;
    int error;  // errno; 0: it is open
  };
  std::vector<SocketEvent> socketEvents_;  // not told yet
  Napi::AsyncContext context_;
  Napi::FunctionReference insideCallback_;
  Napi::FunctionReference outsideCallback_;
  Napi::FunctionReference eventCallback_;
  uint32_t batchSlots_[BATCH_ROWS];  // slots of the batch that JavaScript is deciding about; Slab::NONE: settled
  uint32_t batchRows_ = 0;
  uint32_t inRows_ = 0;
  int tunEvents_ = 0;
  int udpEvents_[2] = {0, 0};
  uint64_t armedNs_ = 0;
  bool goneReported_ = false;
  Moderation moderation_;
};

}  // namespace mcc
