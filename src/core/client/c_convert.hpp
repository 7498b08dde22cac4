// SPDX-License-Identifier: Apache-2.0
// Between the C structures of include/mikusari/client.h and the types of core. For this room. Any thread, no heap.
//
// Structures with lists of keys take more than a kilobyte: they are filled where they stand, and never returned.
#pragma once

#include "client/verifier.hpp"
#include "mikusari/client.h"
#include "statement/device.hpp"
#include "statement/party.hpp"

namespace mikusari::client {

inline ByteView view(mikusari_bytes bytes) { return std::as_bytes(std::span(bytes.data, bytes.size)); }
inline mikusari_bytes bytes_of(ByteView bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
inline mikusari_text text_of(std::string_view text) { return {text.data(), text.size()}; }
inline Digest digest_of(const std::uint8_t* bytes) {
  return Digest::copy(std::as_bytes(std::span(bytes, Digest::length)));
}
inline void copy(ByteView from, std::uint8_t* to) { std::memcpy(to, from.data(), from.size()); }
// True when there is something to copy.
inline bool copy_any(const std::optional<Digest>& from, std::uint8_t* to) {
  if (from) copy(*from, to);
  return from.has_value();
}

// Fills `error` unless it is null. All return the code.
mikusari_code report(const Error& error, mikusari_error* out);
mikusari_code report(const Result<void>& verdict, mikusari_error* out);
mikusari_code report_null(mikusari_error* out);
// `invalid` for bytes that may be left out, and are neither there nor left out.
Result<void> check_there(mikusari_bytes bytes);

// The verifier that the C structure stands for, and what it remembers back into the structure.
Result<Verifier> open(const mikusari_client& client);
void keep(const State& state, mikusari_client& client);
Terms terms_of(const mikusari_client& client, mikusari_bytes consistency);

// One verified answer about a record: the record's bytes, none when it is absent. What the verifier remembers is kept.
struct Answered {
  mikusari_place place;
  std::optional<ByteView> value;
};
Result<Answered> record_of(mikusari_client& client, mikusari_answer answer, const Digest& path);

mikusari_place place_of(const proof::VerifiedAnchor& anchor);
void fill(const proof::Event& event, const proof::CheckedEvent& checked, mikusari_event& out);
void fill(const key::Entry& entry, mikusari_listed_key& out);
// A record's content; `place` is left as it is. Errors: those of decoding the record.
Result<void> fill(ByteView record, mikusari_device& out);
Result<void> fill(ByteView record, mikusari_part& out);
Result<void> fill(ByteView record, mikusari_party& out);

}  // namespace mikusari::client
