// SPDX-License-Identifier: Apache-2.0
// Family `firmware`: what a model's devices may run. k of the model's n release keys must sign; what a sequence number
// stands for never changes, and the numbers grow by bounded steps.
#pragma once

#include "statement/head.hpp"

namespace mikusari::firmware {

enum class State : std::uint8_t {
  released = 1,
  halted = 2,  // by one release key: no roll-out, until k of them lift or recall
  recalled = 3,
};
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{released, "released"}, cbor::Name{halted, "halted"}, cbor::Name{recalled, "recalled"}};
}

struct Image {
  Digest digest;
  std::uint64_t size = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "digest", &Image::digest, "SHA-256"}, cbor::Field{2, "size", &Image::size, "bytes"}};
  friend bool operator==(const Image&, const Image&) = default;
};
using Images = cbor::List<Image, limits::images_max>;
using Halts = cbor::List<Digest, limits::release_keys_max>;

// The state's entry of a release: path firmware/<model><sequence>. Its version stands in the body that `text` names.
struct Record : Head {
  State state{};
  Id model;
  std::uint64_t sequence = 0;
  Images images;
  std::optional<Digest> manifest, sbom;
  Halts halts;  // thumbprints of the keys that have halted it: each may once
  Digest text;
  cbor::Sparse<std::uint64_t> previous;  // sequence of the release before
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "model", &Record::model},
                               cbor::Field{10, "sequence", &Record::sequence, "grows with every release"},
                               cbor::Field{11, "images", &Record::images},
                               cbor::Field{12, "manifest", &Record::manifest, "digest of the update manifest"},
                               cbor::Field{13, "sbom", &Record::sbom, "digest of the list of its components"},
                               cbor::Field{14, "halts", &Record::halts, "thumbprints of the keys that have halted it"},
                               cbor::Field{15, "text", &Record::text, "leaf of the body that says its version"},
                               cbor::Field{16, "previous", &Record::previous, "sequence of the release before"}});
};

// The newest release that an image is in: path image/<model><SHA-256>.
struct ImageRecord {
  Form form;
  std::uint64_t sequence = 0;
  static constexpr auto fields = std::tuple{cbor::Field{1, "form", &ImageRecord::form},
                                            cbor::Field{2, "sequence", &ImageRecord::sequence, "of the release"}};
};

struct Release {
  Id model;
  std::uint64_t sequence = 0;
  std::string_view version;
  Images images;
  std::optional<Digest> manifest, sbom;
  static constexpr statement::Kind kind{0x0801, "firmware.release", statement::Signers::release_keys, 1,
                                        statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "model", &Release::model, "id of the model"},
                 cbor::Field{2, "sequence", &Release::sequence, "above every earlier release's, by a bounded step"},
                 cbor::Field{3, "version", &Release::version, "name for people"},
                 cbor::Field{4, "images", &Release::images, "what devices may run"},
                 cbor::Field{5, "manifest", &Release::manifest, "digest of the update manifest"},
                 cbor::Field{6, "sbom", &Release::sbom, "digest of the list of its components"}};
};

// Devices of the model below this sequence may not connect. At most the newest release that is not recalled.
struct Floor {
  Id model;
  std::uint64_t sequence = 0;
  static constexpr statement::Kind kind{0x0804, "firmware.floor",       statement::Signers::release_keys,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "model", &Floor::model, "id of the model"},
                                            cbor::Field{2, "sequence", &Floor::sequence, "the least allowed"}};
};

enum class Action : std::uint8_t {
  halt = 1,    // by one release key, once a key
  recall = 2,  // by k
  lift = 3,    // by k: a halt or recall ends
};
constexpr auto names_of(Action) {
  using enum Action;
  return std::array{cbor::Name{halt, "halt"}, cbor::Name{recall, "recall"}, cbor::Name{lift, "lift"}};
}

struct Recall {
  Id model;
  std::uint64_t sequence = 0;
  Action action{};
  static constexpr statement::Kind kind{0x0805, "firmware.recall",      statement::Signers::release_keys,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "model", &Recall::model, "id of the model"},
                                            cbor::Field{2, "sequence", &Recall::sequence, "which release"},
                                            cbor::Field{3, "action", &Recall::action, "halt, recall or lift"}};
};

}  // namespace mikusari::firmware
