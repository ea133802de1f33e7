#pragma once
#include <cerrno>
#include <cstring>
#include <string>

namespace mcc {

// A system call that failed while a port was opened; becomes an Error with `code` and `syscall`, as Node's own.
struct Failure {
  int number = 0;  // errno; 0: none
  const char* call = "";
  std::string about;  // interface name or address

  static Failure last(const char* call, std::string about) { return {errno, call, std::move(about)}; }
  explicit operator bool() const { return number != 0; }
};

}  // namespace mcc
