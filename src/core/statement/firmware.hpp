// SPDX-License-Identifier: Apache-2.0
// Family `firmware`: what a model's devices may run. k of the model's n release keys must sign; a hash never changes.
#pragma once

#include "statement/head.hpp"
#include "statement/kind.hpp"

namespace mikusari::firmware {

enum class State : std::uint8_t { released = 1, recalled = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::released, "released"}, cbor::Name{State::recalled, "recalled"}};
}

// The state's entry of an image: path firmware/<model><SHA-256 of the image>.
struct Record : Head {
  State state{};
  Id model;
  Digest image;
  std::uint64_t size = 0;
  std::uint64_t sequence = 0;
  std::string_view version;
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "model", &Record::model},
                               cbor::Field{10, "image", &Record::image, "SHA-256 of the image"},
                               cbor::Field{11, "size", &Record::size, "bytes"},
                               cbor::Field{12, "sequence", &Record::sequence, "grows with every release"},
                               cbor::Field{13, "version", &Record::version, "name for people"}});
};

struct Release {
  Id model;
  Digest image;
  std::uint64_t size = 0;
  std::uint64_t sequence = 0;
  std::string_view version;
  static constexpr statement::Kind kind{0x0801, "firmware.release", statement::Signers::release_keys, 1};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "model", &Release::model, "id of the model"},
      cbor::Field{2, "image", &Release::image, "SHA-256 of the image"}, cbor::Field{3, "size", &Release::size, "bytes"},
      cbor::Field{4, "sequence", &Release::sequence, "above every earlier release's"},
      cbor::Field{5, "version", &Release::version, "name for people"}};
};

// Devices of the model below this sequence may not connect. Never goes down.
struct Floor {
  Id model;
  std::uint64_t sequence = 0;
  static constexpr statement::Kind kind{0x0804, "firmware.floor", statement::Signers::release_keys, 1};
  static constexpr auto fields = std::tuple{cbor::Field{1, "model", &Floor::model, "id of the model"},
                                            cbor::Field{2, "sequence", &Floor::sequence, "the least allowed"}};
};

}  // namespace mikusari::firmware
