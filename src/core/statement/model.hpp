// SPDX-License-Identifier: Apache-2.0
// Family `model`: kinds of parts and devices, each in its vendor's name space, with the keys that release its firmware.
#pragma once

#include "statement/head.hpp"
#include "statement/kind.hpp"

namespace mikusari::model {

enum class Class : std::uint8_t { chip = 1, board = 2, module = 3, battery = 4, device = 5 };
constexpr auto names_of(Class) {
  using enum Class;
  return std::array{cbor::Name{chip, "chip"}, cbor::Name{board, "board"}, cbor::Name{module, "module"},
                    cbor::Name{battery, "battery"}, cbor::Name{device, "device"}};
}

enum class State : std::uint8_t { active = 1, withdrawn = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::active, "active"}, cbor::Name{State::withdrawn, "withdrawn"}};
}

using ReleaseKeys = cbor::List<Digest, limits::release_keys_max>;

// The state's entry of a model: path model/<id>, id = model_id(vendor, name).
struct Record : Head {
  State state{};
  std::string_view vendor;
  std::string_view name;
  Class model_class{};
  ReleaseKeys release_keys;
  std::uint64_t release_threshold = 0;
  std::uint64_t latest = 0;  // sequence number of the newest released firmware, 0 when there is none
  std::uint64_t floor = 0;   // devices below this firmware sequence may not connect
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "vendor", &Record::vendor, "member"},
                 cbor::Field{10, "name", &Record::name}, cbor::Field{11, "class", &Record::model_class},
                 cbor::Field{12, "release_keys", &Record::release_keys, "thumbprints of the keys that sign releases"},
                 cbor::Field{13, "release_threshold", &Record::release_threshold, "how many of them must"},
                 cbor::Field{14, "latest", &Record::latest, "sequence number of the newest firmware"},
                 cbor::Field{15, "floor", &Record::floor, "minimum firmware sequence number"}});
};

struct Register {
  std::string_view name;
  Class model_class{};
  ReleaseKeys release_keys;
  std::uint64_t release_threshold = 0;
  static constexpr statement::Kind kind{0x0301, "model.register", statement::Signers::one, 64};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "name", &Register::name, "unique among the vendor's models"},
      cbor::Field{2, "class", &Register::model_class, "chip, board, module, battery or device"},
      cbor::Field{3, "release_keys", &Register::release_keys,
                  "thumbprints of wallet keys of the vendor; empty: no firmware"},
      cbor::Field{4, "release_threshold", &Register::release_threshold, "how many of them must sign a release"}};
};

// SHA-256("mikusari-model" 00 vendor 00 name): a vendor can only name its own.
Id model_id(std::string_view vendor, std::string_view name);

}  // namespace mikusari::model
