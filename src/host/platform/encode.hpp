// SPDX-License-Identifier: Apache-2.0
// Encodes declared structures and other CBOR into memory of its own: the host's convenience over encoding/.
#pragma once

#include <array>
#include <string>

#include "encoding/field.hpp"
#include "platform/bytes.hpp"

namespace mikusari::platform {

// What `write(cbor::Writer&)` writes, as a new buffer. Stops the program when the calls make no whole item, or one over
// `bytes_max`: use cbor::encode() where that can happen with outside data.
template <class F>
Buffer encode_with(F&& write, std::size_t bytes_max = 64 * 1024 * 1024) {
  const auto into = [&](MutableByteView memory) {
    cbor::Writer writer{memory};
    write(writer);
    return writer.finish();
  };
  std::array<std::byte, 1024> small;
  if (const auto done = into(small)) return copy(*done);
  for (std::size_t size = 4 * small.size(); size <= bytes_max * 2; size *= 4) {
    Buffer large(size);
    const auto done = into(large);
    if (done) return copy(*done);  // of exactly its size: many are kept
    ASSERT(done.error().code() == Code::exhausted);
  }
  ASSERT(false && "encoding is over its limit");
  return {};
}

template <class T>
Buffer encode(const T& value) {
  return encode_with([&](cbor::Writer& out) { cbor::write(out, value); });
}

}  // namespace mikusari::platform
