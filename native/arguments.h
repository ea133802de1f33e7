// Reading JavaScript's arguments without trusting them.
#pragma once
#include <napi.h>

#include <cstring>

#include "paths.h"

namespace mcc {

// The value as an unsigned integer, or the other one where it is absent, no number or out of range.
inline uint32_t numberOr(const Napi::Value& value, uint32_t otherwise) {
  if (!value.IsNumber()) return otherwise;
  const double number = value.As<Napi::Number>().DoubleValue();
  return number >= 0 && number <= UINT32_MAX ? static_cast<uint32_t>(number) : otherwise;
}

struct Bytes {
  const uint8_t* data = nullptr;
  size_t length = 0;
};

// False: not a Uint8Array. The memory is JavaScript's and valid for this call only.
inline bool readBytes(const Napi::Value& value, Bytes* out) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) return false;
  const Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  *out = {array.Data(), array.ByteLength()};
  return true;
}

// Sixteen bytes, a port number and, where there is one, a local socket's number.
inline bool readAddress(const Napi::Value& ip, const Napi::Value& port, Address* out, uint32_t via = 0) {
  Bytes bytes;
  if (!readBytes(ip, &bytes) || bytes.length != 16 || !port.IsNumber()) return false;
  const double number = port.As<Napi::Number>().DoubleValue();
  if (!(number >= 0 && number <= 65535) || via > SOCKETS_MAX) return false;
  for (int i = 0; i < 4; i++) {
    uint32_t word;
    memcpy(&word, bytes.data + 4 * i, 4);
    out->words[i] = __builtin_bswap32(word);
  }
  out->port = static_cast<uint16_t>(number);
  out->via = static_cast<uint16_t>(via);
  return true;
}

}  // namespace mcc
