// SPDX-License-Identifier: Apache-2.0
// Family `model`: kinds of parts and devices, each of its vendor, with the keys that release its firmware, and what
// laboratories say of it.
#pragma once

#include "statement/thing.hpp"

namespace mikusari::model {

using Class = thing::Class;

enum class State : std::uint8_t { active = 1, withdrawn = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::active, "active"}, cbor::Name{State::withdrawn, "withdrawn"}};
}

using ReleaseKeys = cbor::List<Digest, limits::release_keys_max>;

// The state's entry of a model: path model/<id>. Its name stands in the body that registered it, which `text` names.
struct Record : Head {
  State state{};
  Handle vendor;
  Class model_class{};
  ReleaseKeys release_keys;
  std::uint64_t release_threshold = 0;
  cbor::Sparse<std::uint64_t> latest;     // sequence number of the newest release
  cbor::Sparse<std::uint64_t> available;  // and of the newest that is not recalled
  cbor::Sparse<std::uint64_t> floor;      // devices below this sequence may not connect
  Digest text;                            // leaf of the body that says its name (statement::body_leaf)
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "vendor", &Record::vendor, "party"},
                 cbor::Field{10, "class", &Record::model_class},
                 cbor::Field{11, "release_keys", &Record::release_keys, "thumbprints of the keys that sign releases"},
                 cbor::Field{12, "release_threshold", &Record::release_threshold, "how many of them must"},
                 cbor::Field{13, "latest", &Record::latest, "sequence number of the newest release"},
                 cbor::Field{14, "available", &Record::available, "of the newest that is not recalled"},
                 cbor::Field{15, "floor", &Record::floor, "minimum firmware sequence number"},
                 cbor::Field{16, "text", &Record::text, "leaf of the body that says its name"}});
};

// By a maker. The id follows from vendor and nonce (names.hpp).
struct Register {
  Bytes<32> nonce;
  std::string_view name;
  Class model_class{};
  ReleaseKeys release_keys;
  std::uint64_t release_threshold = 0;
  static constexpr statement::Kind kind{0x0301, "model.register", statement::Signers::own_keys, 64,
                                        statement::Gains::life};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "nonce", &Register::nonce, "random"}, cbor::Field{2, "name", &Register::name, "for people"},
      cbor::Field{3, "class", &Register::model_class, "chip, board, module, battery or device"},
      cbor::Field{4, "release_keys", &Register::release_keys,
                  "thumbprints of release keys of the vendor; empty: no firmware"},
      cbor::Field{5, "release_threshold", &Register::release_threshold, "how many of them must sign a release"}};
};

// By k of the present release keys: others take their place.
struct Amend {
  Id model;
  ReleaseKeys release_keys;
  std::uint64_t release_threshold = 0;
  static constexpr statement::Kind kind{0x0302, "model.amend",          statement::Signers::release_keys,
                                        1,      statement::Gains::life, statement::Purpose::going_on};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "model", &Amend::model, "which model"},
                 cbor::Field{2, "release_keys", &Amend::release_keys, "the new ones"},
                 cbor::Field{3, "release_threshold", &Amend::release_threshold, "how many of them must sign"}};
};

// By the vendor: nothing of this model is born any more, and gates may refuse it.
struct Withdraw {
  Id model;
  static constexpr statement::Kind kind{0x0303, "model.withdraw",       statement::Signers::own_keys,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "model", &Withdraw::model, "which model"}};
};

}  // namespace mikusari::model

namespace mikusari::certification {

enum class State : std::uint8_t { certified = 1, decertified = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::certified, "certified"}, cbor::Name{State::decertified, "decertified"}};
}

// What one laboratory says of a model: path certification/<model><sequence or 0><laboratory>.
struct Record : Head {
  State state{};
  Id model;
  cbor::Sparse<std::uint64_t> sequence;  // of the firmware; 0: all
  Handle laboratory;
  std::optional<std::uint64_t> until_ms;
  std::optional<Digest> evidence;
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "model", &Record::model},
                               cbor::Field{10, "sequence", &Record::sequence, "of the firmware; left out: all"},
                               cbor::Field{11, "laboratory", &Record::laboratory},
                               cbor::Field{12, "until_ms", &Record::until_ms, "ends at this time"},
                               cbor::Field{13, "evidence", &Record::evidence, "digest of the report"}});
};

struct Certify {
  Id model;
  cbor::Sparse<std::uint64_t> sequence;
  std::optional<std::uint64_t> until_ms;
  std::optional<Digest> evidence;
  static constexpr statement::Kind kind{0x0304, "model.certify", statement::Signers::one, 64, statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "model", &Certify::model, "which model"},
                 cbor::Field{2, "sequence", &Certify::sequence, "of the firmware; left out: all"},
                 cbor::Field{3, "until_ms", &Certify::until_ms, "ends at this time"},
                 cbor::Field{4, "evidence", &Certify::evidence, "digest of the report"}};
};

// By the laboratory that certified it.
struct Decertify {
  Id model;
  cbor::Sparse<std::uint64_t> sequence;
  static constexpr statement::Kind kind{0x0305, "model.decertify",      statement::Signers::one,
                                        64,     statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "model", &Decertify::model, "which model"},
                                            cbor::Field{2, "sequence", &Decertify::sequence, "as it was certified"}};
};

}  // namespace mikusari::certification
