// Large tables and buffers: address space now, memory only where it is touched.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

namespace mcc {

// Zeroed pages, given back at the end. Shared with JavaScript by reference count: an ArrayBuffer over it may live
// longer than the port.
class Pages {
 public:
  explicit Pages(size_t bytes) : bytes_(bytes) {
    void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<uint8_t*>(at);
  }
  ~Pages() { munmap(data_, bytes_); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  uint8_t* data() const { return data_; }
  size_t size() const { return bytes_; }

 private:
  uint8_t* data_;
  size_t bytes_;
};

// A table whose rows are all zero bytes until they are written.
template <typename Row>
class SlotTable {
  static_assert(std::is_trivially_copyable_v<Row>, "rows begin as zero bytes");

 public:
  explicit SlotTable(uint32_t rows) : rows_(rows), pages_(rows * sizeof(Row)) {}
  uint32_t size() const { return rows_; }
  Row& operator[](uint32_t index) { return reinterpret_cast<Row*>(pages_.data())[index]; }

 private:
  uint32_t rows_;
  Pages pages_;
};

}  // namespace mcc
