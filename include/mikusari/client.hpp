// SPDX-License-Identifier: Apache-2.0
// Mikusari device library for C++23: client.h with types that say what went wrong. The contracts (memory, threads, what
// each code means) are those of client.h. Header only; allocates and throws nothing.
//
//   auto client = mikusari::thin::Client::open(policy, state);
//   auto device = client->device({answer, consistency}, id);
//   if (device && device->state == MIKUSARI_DEVICE_ACTIVE && device->common.alarms == 0) ...
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <expected>
#include <span>
#include <string_view>

#include "mikusari/client.h"

namespace mikusari::thin {

using Bytes = std::span<const std::byte>;
using Id = std::array<std::byte, MIKUSARI_ID_BYTES>;
using Error = mikusari_error;  // code, static text, offset
template <class T>
using Result = std::expected<T, Error>;

// Views into the answer that they were verified from.
using Place = mikusari_place;
using Party = mikusari_party;
using Device = mikusari_device;
using Part = mikusari_part;
using Key = mikusari_key;
using Firmware = mikusari_firmware;
using Event = mikusari_event;
using Run = mikusari_run;
using Step = mikusari_step;

inline std::string_view text(mikusari_text value) { return {value.data, value.size}; }
inline Id id(const std::uint8_t (&value)[MIKUSARI_ID_BYTES]) { return std::bit_cast<Id>(value); }
inline Bytes bytes(mikusari_bytes value) { return std::as_bytes(std::span(value.data, value.size)); }

// An answer with the proof that its log continues the one seen before; the proof may be empty, see client.h.
struct Answer {
  Bytes answer;
  Bytes consistency = {};
};

// What to store between two times.
struct State {
  std::array<std::byte, MIKUSARI_STATE_BYTES_MAX> buffer{};
  std::size_t size = 0;
  Bytes view() const { return Bytes(buffer).first(size); }
};

// Used by one thread at a time, also where it is const: it remembers which element it has read last.
class Passport {
 public:
  explicit Passport(const mikusari_passport& passport) : passport_(passport) {}
  const mikusari_passport& operator*() const { return passport_; }
  const mikusari_passport* operator->() const { return &passport_; }

  // REQUIRES: index < event_count.
  Event event(std::size_t index) const {
    Event out{};
    mikusari_passport_event(&passport_, index, &out);
    return out;
  }
  struct MountedPart {
    Id id{};
    Part part{};
    Run run{};  // which of its events the page has
  };
  // REQUIRES: index < part_count.
  MountedPart part(std::size_t index) const {
    MountedPart out;
    mikusari_passport_part(&passport_, index, reinterpret_cast<std::uint8_t*>(out.id.data()), &out.part, &out.run);
    return out;
  }

 private:
  mutable mikusari_passport passport_;
};

class Client {
 public:
  // `policy` must outlive the client; `state` is what state() gave the last time, empty at the first.
  static Result<Client> open(Bytes policy, Bytes state = {}) {
    Client out;
    Error error{};
    if (mikusari_client_init(&out.client_, raw(policy), raw(state), &error) != MIKUSARI_OK)
      return std::unexpected(error);
    return out;
  }

  // Unix seconds by the caller's clock (0: none), and the oldest checkpoint to accept in seconds (0: any age).
  void set_clock(std::uint64_t now, std::uint64_t max_age) {
    client_.now = now;
    client_.max_age = max_age;
  }
  // Unix seconds: it is at least so late.
  std::uint64_t time() const { return client_.time; }
  std::uint64_t log_size() const { return client_.size; }

  Result<State> state() const {
    State out;
    Error error{};
    auto* to = reinterpret_cast<std::uint8_t*>(out.buffer.data());
    if (mikusari_client_state(&client_, to, out.buffer.size(), &out.size, &error) != MIKUSARI_OK)
      return std::unexpected(error);
    return out;
  }

  Result<void> update(Answer checkpoint) {
    Error error{};
    if (mikusari_update(&client_, raw(checkpoint), &error) != MIKUSARI_OK) return std::unexpected(error);
    return {};
  }
  Result<Place> absence(Answer answer, mikusari_thing type, Bytes id) {
    return call<Place>([&](Place* out, Error* error) {
      return mikusari_verify_absence(&client_, raw(answer), type, raw(id), out, error);
    });
  }
  Result<Party> party(Answer answer, const Id& handle) {
    return call<Party>([&](Party* out, Error* error) {
      return mikusari_verify_party(&client_, raw(answer), raw(handle), out, error);
    });
  }
  Result<Device> device(Answer answer, const Id& id) {
    return call<Device>(
        [&](Device* out, Error* error) { return mikusari_verify_device(&client_, raw(answer), raw(id), out, error); });
  }
  Result<Part> part(Answer answer, const Id& id) {
    return call<Part>(
        [&](Part* out, Error* error) { return mikusari_verify_part(&client_, raw(answer), raw(id), out, error); });
  }
  // A value only when the key speaks now. When has_root is set, check the root too: see client.h.
  Result<Key> key(Answer key_answer, Answer subject_answer, const Id& thumbprint) {
    return call<Key>([&](Key* out, Error* error) {
      return mikusari_verify_key(&client_, raw(key_answer), raw(subject_answer), raw(thumbprint), out, error);
    });
  }
  // A value only when the image may run.
  Result<Firmware> firmware(Answer image_answer, Answer release_answer, Answer model_answer, const Id& model,
                            const Id& image_digest) {
    return call<Firmware>([&](Firmware* out, Error* error) {
      return mikusari_verify_firmware(&client_, raw(image_answer), raw(release_answer), raw(model_answer), raw(model),
                                      raw(image_digest), out, error);
    });
  }
  Result<Event> receipt(Answer receipt) {
    return call<Event>(
        [&](Event* out, Error* error) { return mikusari_verify_receipt(&client_, raw(receipt), out, error); });
  }
  // A page; see `complete`.
  Result<Passport> passport(Answer passport) {
    const auto verified = call<mikusari_passport>([&](mikusari_passport* out, Error* error) {
      return mikusari_verify_passport(&client_, raw(passport), out, error);
    });
    if (!verified) return std::unexpected(verified.error());
    return Passport(*verified);
  }

  // A step to the next policy, which is written to the front of `room`: that must outlive the client. See policy().
  Result<Step> policy_step(Bytes submission, std::span<std::byte> room) {
    std::size_t size = 0;
    auto* to = reinterpret_cast<std::uint8_t*>(room.data());
    return call<Step>([&](Step* out, Error* error) {
      return mikusari_policy_step(&client_, raw(submission), to, room.size(), &size, out, error);
    });
  }
  // The policy in use.
  Bytes policy() const { return bytes(client_.policy); }

 private:
  Client() = default;

  static mikusari_bytes raw(Bytes value) { return {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()}; }
  static mikusari_answer raw(Answer answer) { return {raw(answer.answer), raw(answer.consistency)}; }
  static const std::uint8_t* raw(const Id& id) { return reinterpret_cast<const std::uint8_t*>(id.data()); }

  template <class T, class F>
  static Result<T> call(F&& function) {
    T out{};
    Error error{};
    if (function(&out, &error) != MIKUSARI_OK) return std::unexpected(error);
    return out;
  }

  mikusari_client client_{};
};

}  // namespace mikusari::thin
