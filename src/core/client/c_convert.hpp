// SPDX-License-Identifier: Apache-2.0
// Between the C structures of include/mikusari/client.h and the types of core. For this room. Any thread, no heap.
#pragma once

#include "client/verifier.hpp"
#include "mikusari/client.h"
#include "statement/device.hpp"

namespace mikusari::client {

inline ByteView view(mikusari_bytes bytes) { return std::as_bytes(std::span(bytes.data, bytes.size)); }
inline mikusari_bytes bytes_of(ByteView bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
inline mikusari_text text_of(std::string_view text) { return {text.data(), text.size()}; }
inline mikusari_text text_of(const std::optional<std::string_view>& text) {
  return text ? text_of(*text) : mikusari_text{};
}
inline Digest digest_of(const std::uint8_t* bytes) {
  return Digest::copy(std::as_bytes(std::span(bytes, Digest::length)));
}
inline void copy(ByteView from, std::uint8_t* to) { std::memcpy(to, from.data(), from.size()); }

// Fills `error` unless it is null. Both return the code.
mikusari_code report(const Error& error, mikusari_error* out);
mikusari_code report_success(mikusari_error* out);
mikusari_code report_null(mikusari_error* out);

// The verifier that the C structure stands for, and what it remembers back into the structure.
Result<Verifier> open(const mikusari_client& client);
void keep(const State& state, mikusari_client& client);
Terms terms_of(const mikusari_client& client, mikusari_bytes consistency);

mikusari_place place_of(const proof::VerifiedAnchor& anchor);
mikusari_event event_of(const proof::Event& event, const proof::CheckedEvent& checked);
// `invalid` unless the bytes are a device's or part's record.
Result<mikusari_device> device_of(ByteView record);
Result<mikusari_part> part_of(ByteView record);

}  // namespace mikusari::client
