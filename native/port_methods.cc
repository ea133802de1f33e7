// What JavaScript calls. Wrong arguments throw; a row that does not add up is counted and dropped.
#include <algorithm>

#include "arguments.h"
#include "clock.h"
#include "port.h"

namespace mcc {
namespace {

void refuse(const Napi::CallbackInfo& info, const char* what) {
  Napi::TypeError::New(info.Env(), what).ThrowAsJavaScriptException();
}

uint32_t number(const Napi::CallbackInfo& info, size_t index) { return numberOr(info[index], UINT32_MAX); }

// Whether the first `count` arguments are whole numbers of 16 bits.
bool readShorts(const Napi::CallbackInfo& info, size_t count, uint16_t* out) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t value = number(info, i);
    if (value > 0xffff) return false;
    out[i] = static_cast<uint16_t>(value);
  }
  return true;
}

// 1 .. 255, or 0 where it is absent.
bool readTtl(const Napi::Value& value, uint8_t* out) {
  const uint32_t ttl = value.IsUndefined() ? 0 : numberOr(value, UINT32_MAX);
  *out = static_cast<uint8_t>(ttl);
  return ttl <= 255;
}

// The address of a circuit or a stream has one form only.
bool readDestination(const Napi::Value& ip, const Napi::Value& port, const Napi::Value& via, Address* out) {
  return readAddress(ip, port, out, via.IsUndefined() ? 0 : numberOr(via, UINT32_MAX)) &&
         out->isDiscardOnly() == (out->isCircuit() || out->isStream());
}

bool readSuite(const Napi::CallbackInfo& info, size_t index, Suite* suite) {
  const uint32_t value = number(info, index);
  *suite = static_cast<Suite>(value);
  return value == SUITE_AES_256_GCM || value == SUITE_CHACHA20_POLY1305;
}

bool keepsSlot(const uint32_t* row) { return row[OUT_ACTION] == ACTION_HOLD || row[OUT_ACTION] == ACTION_SEND_KEEP; }

// COUNTER_LIMIT, which no key takes, for what is none.
uint64_t counterOf(const Napi::Value& value) {
  const double counter = value.As<Napi::Number>().DoubleValue();
  return counter >= 0 && counter < static_cast<double>(COUNTER_LIMIT) ? static_cast<uint64_t>(counter) : COUNTER_LIMIT;
}

void keepFunction(const Napi::CallbackInfo& info, Napi::FunctionReference* into) {
  if (!info[0].IsFunction()) return refuse(info, "a function is expected");
  *into = Napi::Persistent(info[0].As<Napi::Function>());
}

}  // namespace

void Port::onInside(const Napi::CallbackInfo& info) { keepFunction(info, &insideCallback_); }
void Port::onOutside(const Napi::CallbackInfo& info) { keepFunction(info, &outsideCallback_); }
void Port::onEvent(const Napi::CallbackInfo& info) { keepFunction(info, &eventCallback_); }

void Port::send(const Napi::CallbackInfo& info) {
  if (handles_ == nullptr) return;
  const uint32_t count = std::min(numberOr(info[0], 0), batchRows_);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t* row = rows_->out[i];
    const bool own = batchSlots_[i] != Slab::NONE && row[OUT_SLOT] == batchSlots_[i];
    if (own && row[OUT_ACTION] <= ACTION_SEND_KEEP) continue;
    // Settled before, or the row was overwritten: nothing of it can be believed.
    counters_.add(COUNT_DROP_BAD_ROW);
    row[OUT_ACTION] = ACTION_DROP;
  }
  sealer_.sealRows(rows_->out[0], count);
  outlet_.flush();
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t slot = batchSlots_[i];
    if (slot == Slab::NONE) continue;
    batchSlots_[i] = Slab::NONE;
    if (rows_->out[i][OUT_ACTION] == ACTION_LOOP) inside_.loop(rows_->out[i]);
    if (keepsSlot(rows_->out[i])) slab_.hold(slot);
    else slab_.release(slot);
  }
  settle();
}

void Port::sendHeld(const Napi::CallbackInfo& info) {
  if (handles_ == nullptr) return;
  const uint32_t count = std::min(numberOr(info[0], 0), SLAB_SLOTS);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t* row = rows_->held[i];
    if (slab_.isHeld(row[OUT_SLOT]) && row[OUT_ACTION] <= ACTION_SEND_KEEP && row[OUT_ACTION] != ACTION_LOOP) continue;
    counters_.add(COUNT_DROP_BAD_ROW);
    row[OUT_ACTION] = ACTION_HOLD;
  }
  // What is due is no longer ahead of its time.
  outlet_.release(monotonicNs());
  sealer_.sealRows(rows_->held[0], count);
  outlet_.flush();
  for (uint32_t i = 0; i < count; i++) {
    if (keepsSlot(rows_->held[i])) continue;
    if (!slab_.isHeld(rows_->held[i][OUT_SLOT])) counters_.add(COUNT_DROP_BAD_ROW);
    else slab_.release(rows_->held[i][OUT_SLOT]);
  }
  settle();
}

void Port::retain(const Napi::CallbackInfo& info) {
  const uint32_t slot = number(info, 0);
  if (slab_.isHeld(slot)) slab_.retain(slot);
  else counters_.add(COUNT_DROP_BAD_ROW);
}

void Port::release(const Napi::CallbackInfo& info) {
  const uint32_t slot = number(info, 0);
  if (slab_.isHeld(slot)) slab_.release(slot);
  else counters_.add(COUNT_DROP_BAD_ROW);
}

void Port::deliver(const Napi::CallbackInfo& info) {
  if (handles_ == nullptr) return;
  inside_.write(inlet_, rows_->in[0], std::min(numberOr(info[0], 0), inRows_));
  if (inside_.gone()) settle();
}

void Port::setSendKey(const Napi::CallbackInfo& info) {
  Suite suite;
  Bytes key;
  if (!readSuite(info, 1, &suite) || !readBytes(info[2], &key) || key.length != KEY_BYTES) return refuse(info, "slot, suite, key of 32 bytes, index");
  if (!keys_.setSend(number(info, 0), aead_->create(suite, key.data, Direction::Seal), number(info, 3))) refuse(info, "no such key slot");
}

void Port::setReceiveKey(const Napi::CallbackInfo& info) {
  Suite suite;
  Bytes key;
  if (!readSuite(info, 1, &suite) || !readBytes(info[2], &key) || key.length != KEY_BYTES) return refuse(info, "slot, suite, key of 32 bytes, index, group");
  const uint32_t slot = number(info, 0);
  forgetHeld(slot);
  if (!keys_.setReceive(slot, aead_->create(suite, key.data, Direction::Open), number(info, 3), numberOr(info[4], 0))) {
    refuse(info, "no such key slot, or an index of another slot");
  }
}

void Port::forgetHeld(uint32_t slot) {
  inlet_.decoders.forget(slot);
  const uint32_t dropped = inlet_.reassembly.forgetKey(slot);
  if (dropped > 0) counters_.add(COUNT_DROP_FRAGMENT, dropped);
  inlet_.resequencer.forgetKey(slot);
  // What waited behind it may be ready.
  if (inlet_.resequencer.hasReady()) settle();
}

void Port::clearSendKey(const Napi::CallbackInfo& info) { keys_.clearSend(number(info, 0)); }

void Port::clearReceiveKey(const Napi::CallbackInfo& info) {
  forgetHeld(number(info, 0));
  keys_.clearReceive(number(info, 0));
}

Napi::Value Port::received(const Napi::CallbackInfo& info) {
  const uint32_t slot = number(info, 0);
  const uint32_t most = number(info, 2);
  const bool isArray = info[1].IsTypedArray() && info[1].As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
  if (slot >= KEY_SLOTS || !isArray || most > info[1].As<Napi::Float64Array>().ElementLength() / 2) {
    refuse(info, "key slot, array of 64-bit numbers, as many ranges as it has room for");
    return info.Env().Undefined();
  }
  const ReceiveKey* key = keys_.receive(slot);
  return Napi::Number::New(info.Env(), key == nullptr ? 0 : key->window.ranges(info[1].As<Napi::Float64Array>().Data(), most));
}

void Port::setHold(const Napi::CallbackInfo& info) {
  const uint32_t slot = number(info, 0);
  const uint32_t holdMs = number(info, 1);
  if (slot >= KEY_SLOTS || holdMs > HOLD_MS_MAX) return refuse(info, "key slot, milliseconds up to 10,000");
  ReceiveKey* key = keys_.receive(slot);
  if (handles_ == nullptr || key == nullptr) return;
  key->holdMs = holdMs;
  if (holdMs == 0) inlet_.resequencer.releaseRemote(key->remote);
  settle();
}

Napi::Value Port::ceCount(const Napi::CallbackInfo& info) {
  const uint32_t slot = number(info, 0);
  if (slot >= KEY_SLOTS) {
    refuse(info, "no such key slot");
    return info.Env().Undefined();
  }
  const ReceiveKey* key = keys_.receive(slot);
  return Napi::Number::New(info.Env(), key == nullptr ? 0 : static_cast<double>(key->congested));
}

void Port::setPath(const Napi::CallbackInfo& info) {
  Address to;
  if (!readDestination(info[1], info[2], info[3], &to)) return refuse(info, "slot, 16 bytes of address, port, local socket");
  if (!outlet_.setPath(number(info, 0), to)) refuse(info, "no such path slot");
}

void Port::clearPath(const Napi::CallbackInfo& info) {
  const uint32_t slot = number(info, 0);
  outlet_.clearPath(slot);
  if (slot < PATH_SLOTS && rows_->relayed[slot] != 0) rows_->relayed[slot] = 0;
}

void Port::setCircuit(const Napi::CallbackInfo& info) {
  uint16_t of[3];  // slot, number, toLeg
  if (!readShorts(info, 3, of)) return refuse(info, "slot, number, toLeg");
  if (!outlet_.circuits.set(of[0], of[1], {true, of[0], of[2], of[1]})) {
    Napi::RangeError::New(info.Env(), "as many circuits as may be are set").ThrowAsJavaScriptException();
  }
}

void Port::setForward(const Napi::CallbackInfo& info) {
  uint16_t of[5];  // slot, number, toSlot, toLeg, toNumber
  if (!readShorts(info, 5, of)) return refuse(info, "slot, number, toSlot, toLeg, toNumber");
  if (!outlet_.circuits.set(of[0], of[1], {false, of[2], of[3], of[4]})) {
    Napi::RangeError::New(info.Env(), "as many circuits as may be are set").ThrowAsJavaScriptException();
  }
}

void Port::clearCircuit(const Napi::CallbackInfo& info) {
  uint16_t of[2];  // slot, number
  if (!readShorts(info, 2, of)) return refuse(info, "slot, number");
  outlet_.circuits.clear(of[0], of[1]);
}

void Port::setRelayLimit(const Napi::CallbackInfo& info) {
  const double rate = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : -1;
  const double burst = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : -1;
  if (!(rate >= 0 && burst >= 0)) return refuse(info, "bytes per second, bytes at once");
  relay_.setLimit(rate, burst);
}

void Port::keepalive(const Napi::CallbackInfo& info) {
  uint16_t of[3];  // slot, leg, number
  if (!readShorts(info, 3, of)) return refuse(info, "slot, leg, number");
  if (handles_ == nullptr) return;
  outlet_.keepalive(of[0], of[1], of[2]);
  settle();
}

void Port::sendRaw(const Napi::CallbackInfo& info) {
  Address to;
  Bytes datagram;
  uint8_t ttl;
  if (!readDestination(info[0], info[1], info[4], &to) || !readBytes(info[2], &datagram) || datagram.length == 0 ||
      datagram.length > TRAIN_BYTES || !readTtl(info[3], &ttl)) {
    return refuse(info, "16 bytes of address, port, datagram, TTL, local socket");
  }
  if (handles_ == nullptr) return;
  outlet_.sendRaw(to, datagram.data, static_cast<uint32_t>(datagram.length), ttl);
  settle();
}

void Port::openSocket(const Napi::CallbackInfo& info) {
  const uint32_t wanted = number(info, 0);
  if (wanted == 0 || wanted > SOCKETS_MAX) return refuse(info, "a socket's number is expected");
  if (handles_ == nullptr) return;
  const uint16_t socket = static_cast<uint16_t>(wanted);
  const uint32_t lines[] = {lineOf(socket, true), lineOf(socket, false)};
  if (outlet_.socket(lines[0]).isOpen() || outlet_.socket(lines[1]).isOpen()) return refuse(info, "the socket is open");
  const Failure failure = openSocketOn(socket);
  const UdpSocket& opened = outlet_.socket(outlet_.socket(lines[0]).isOpen() ? lines[0] : lines[1]);
  socketEvents_.push_back({socket, failure ? uint16_t{0} : opened.local().port, failure.number});
  settle();
}

void Port::closeSocket(const Napi::CallbackInfo& info) {
  const uint32_t socket = number(info, 0);
  if (socket == 0 || socket > SOCKETS_MAX) return refuse(info, "a socket's number is expected");
  if (handles_ == nullptr) return;
  for (const bool v4 : {false, true}) {
    unwatch(lineOf(socket, v4));
    outlet_.closeLine(lineOf(socket, v4));
  }
  settle();
}

void Port::sendControl(const Napi::CallbackInfo& info) {
  Bytes plaintext;
  uint8_t ttl;
  if (!readBytes(info[3], &plaintext) || plaintext.length > Sealer::CONTROL_BYTES || !info[1].IsNumber() || !readTtl(info[4], &ttl)) {
    return refuse(info, "key slot, counter, path slot, plaintext, TTL");
  }
  if (handles_ == nullptr) return;
  sealer_.sealControl(number(info, 0), counterOf(info[1]), number(info, 2), plaintext.data, static_cast<uint32_t>(plaintext.length));
  outlet_.flush(ttl);
  settle();
}

void Port::setParity(const Napi::CallbackInfo& info) {
  const uint32_t most = number(info, 1);
  const uint32_t longest = most == 0 ? 1 : number(info, 2);
  if (most > PARITY_MOST || longest == 0 || longest > PARITY_BYTES) return refuse(info, "key slot, parities, bytes of the longest plaintext covered");
  SendKey* key = keys_.send(number(info, 0));
  if (key == nullptr) {
    counters_.add(COUNT_DROP_BAD_ROW);
  } else if (most == 0) {
    key->parity.reset();
  } else {
    key->parity = std::make_unique<ParityEncoder>(most, longest);
  }
}

void Port::sendParity(const Napi::CallbackInfo& info) {
  if (!info[1].IsNumber()) return refuse(info, "key slot, counter, path slot, parities");
  if (handles_ == nullptr) return;
  sealer_.sealParity(number(info, 0), counterOf(info[1]), number(info, 2), number(info, 3));
  outlet_.flush();
  settle();
}

void Port::inject(const Napi::CallbackInfo& info) {
  Bytes packet;
  if (!readBytes(info[0], &packet) || packet.length == 0 || packet.length > MAX_PACKET) return refuse(info, "an IP packet is expected");
  if (handles_ != nullptr) inside_.inject(packet.data, static_cast<uint32_t>(packet.length));
}

Napi::Value Port::routeMtuOf(const Napi::CallbackInfo& info) {
  Address to;
  if (!readAddress(info[0], info[1], &to)) {
    refuse(info, "16 bytes of address, port");
    return info.Env().Undefined();
  }
  const Address* outer = to.isStream() ? nullptr : outlet_.outerOf(to);
  return Napi::Number::New(info.Env(), outer == nullptr ? 0 : routeMtu(*outer));
}

Napi::Value Port::info(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Object result = Napi::Object::New(env);
  const TunOffloads& offloads = inside_.tun.offloads();
  result.Set("interface", inside_.tun.name());
  result.Set("inside", Napi::Object::New(env));
  Napi::Object inside = result.Get("inside").As<Napi::Object>();
  inside.Set("checksum", offloads.checksum);
  inside.Set("tcp", offloads.tcp);
  inside.Set("udp", offloads.udp);
  inside.Set("mergeTcp", inlet_.coalescer->mergeTcp);
  inside.Set("mergeUdp", inlet_.coalescer->mergeUdp);
  for (const bool v4 : {false, true}) {
    const UdpSocket& socket = outlet_.socket(v4);
    if (!socket.isOpen()) continue;
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("port", socket.local().port);
    entry.Set("segmentation", socket.gso());
    entry.Set("coalescing", socket.gro());
    result.Set(v4 ? "udp4" : "udp6", entry);
  }
  uint32_t further = 0;
  for (uint32_t line = 2; line < LINES; line++) further += outlet_.socket(line).isOpen();
  result.Set("furtherSockets", further);
  result.Set("aesGcm", aead_->gcmLibrary());
  result.Set("aesGcmRemark", aead_->whyNotFast());
  result.Set("freeSlots", slab_.freeSlots());
  result.Set("correcting", inlet_.decoders.count());
  return result;
}

void Port::close(const Napi::CallbackInfo& info) { shut(info[0].ToBoolean().Value()); }

}  // namespace mcc
