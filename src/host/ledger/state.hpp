// SPDX-License-Identifier: Apache-2.0
// The state as rules see it: a map from hashed paths to records, in layers.
//
// A Source answers what is true before a block. Overlays stack on it - block, submission, body - and hold what changes.
// Nothing here is shared between threads while a block is executed. Bytes that an overlay or source returned stay valid
// until the block has been executed, also when the key is put again.
//
// Beside a record may stand its sides: the compact ranges behind its trees (statement/head.hpp), which no proof shows.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "encoding/field.hpp"
#include "platform/encode.hpp"
#include "statement/ledger.hpp"
#include "statement/list.hpp"
#include "statement/model.hpp"

namespace mikusari::ledger {

class Source {
 public:
  virtual ~Source() = default;
  // The record's stored bytes; none when absent.
  virtual std::optional<ByteView> value(const Digest& key) const = 0;
  // The bytes beside the record; empty when it has none. REQUIRES: the record exists.
  virtual ByteView sides(const Digest& key) const = 0;
  // Absence is told without reading anything.
  virtual bool exists(const Digest& key) const = 0;
  // False when something that was asked for could not be read: it was told as absent, and what is executed on it does
  // not count.
  virtual bool is_sound() const { return true; }
};

using statement::Gains;

// The compact range behind a list's root. `corrupt` when the sides are not those of the tree.
Result<merkle::CompactRange> list_range(const Tree& tree, ByteView sides);

// Records that are read again and again, decoded once: those of layers that stay until the block is executed, and so
// are known by where their bytes lie. A few of each type, the latest.
class Decoded {
 public:
  template <class Record>
  static constexpr bool keeps = std::is_same_v<Record, party::Record> || std::is_same_v<Record, model::Record> ||
                                std::is_same_v<Record, key::Record> || std::is_same_v<Record, LedgerRecord>;
  // The record that these bytes are.
  template <class Record>
  const Record& of(ByteView bytes) {
    auto& slots = std::get<Slots<Record>>(slots_);
    for (const auto& slot : slots.kept) {
      if (slot.bytes.data() == bytes.data()) return slot.record;
    }
    auto record = cbor::decode<Record>(bytes, cbor::Additions::refuse);
    ASSERT(record.has_value());
    if (slots.kept.size() < kept_max) return slots.kept.emplace_back(bytes, *record).record;
    auto& slot = slots.kept[slots.oldest];
    slots.oldest = (slots.oldest + 1) % kept_max;
    slot = {bytes, *record};
    return slot.record;
  }

 private:
  static constexpr std::size_t kept_max = 8;
  template <class Record>
  struct Slot {
    ByteView bytes;
    Record record;
  };
  template <class Record>
  struct Slots {
    std::vector<Slot<Record>> kept;
    std::size_t oldest = 0;
  };
  std::tuple<Slots<party::Record>, Slots<model::Record>, Slots<key::Record>, Slots<LedgerRecord>> slots_;
};

class Overlay final : public Source {
 public:
  explicit Overlay(const Source& below) : below_(below) {}
  // Over another overlay, where the constructor would be taken for a copy.
  static Overlay over(const Source& below) { return Overlay(below); }
  Overlay(Overlay&&) = default;
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  std::optional<ByteView> value(const Digest& key) const override;
  ByteView sides(const Digest& key) const override;
  bool exists(const Digest& key) const override;
  bool is_sound() const override { return below_.is_sound(); }
  // Whether this layer itself holds the record.
  bool holds(const Digest& key) const { return changes_.contains(key); }

  struct Change {
    ByteView value, sides;
    bool is_thing = false;              // the record begins with a Head
    Gains gain = Gains::nothing;        // by the body whose overlay this is
    std::vector<list::Entry> appended;  // entries that a list's record gained, oldest first
  };
  // The sides stay as they are. A gain is never lowered by a later put of the same body.
  void put(const Digest& key, platform::Buffer value, bool is_thing, Gains gain);
  // The record with its head moved on, and its sides: the executor's.
  void put_moved(const Digest& key, platform::Buffer value, platform::Buffer sides);
  // One more entry of the list whose list::Record stands under `key`: the record is made or moved on.
  void append_to_list(const Digest& key, const list::Entry& entry);
  // An empty list's record, so that it is there when it is needed.
  void begin_list(const Digest& key);
  // Sorted by key. Records are never removed: what ended is a tombstone.
  const std::map<Digest, Change>& changes() const { return changes_; }
  // Moves every change into `below`, which must be the overlay that this one was made over.
  void merge_into(Overlay& below) &&;
  // Of what this layer and those below it hold. REQUIRES: none of them goes before this one.
  Decoded& decoded() { return decoded_; }

 private:
  ByteView keep(platform::Buffer bytes) { return arena_.emplace_back(std::move(bytes)); }

  const Source& below_;
  std::map<Digest, Change> changes_;
  std::deque<platform::Buffer> arena_;
  Decoded decoded_;
};

// What executing a body has cost, in steps: 1 a record read or written, 16 a signature, 4 a KiB.
struct Steps {
  std::uint64_t rows = 0, signatures = 0, bytes = 0;
  std::uint64_t total() const { return rows + 16 * signatures + 4 * ((bytes + 1023) / 1024); }
};

// What a rule may read. What it reads is counted, whether it was decoded before or not.
class View {
 public:
  View(const Source& source, Steps& steps) : source_(source), steps_(steps) {}
  // Of what stays.
  View(const Source& source, Steps& steps, Decoded& decoded) : source_(source), steps_(steps), decoded_(&decoded) {}
  // For a body on a layer of its own, over layers that stay.
  View(const Overlay& source, Steps& steps, Decoded& decoded)
      : source_(source), steps_(steps), own_(&source), decoded_(&decoded) {}
  // On a layer that stays.
  static View lasting(Overlay& source, Steps& steps) {
    return {static_cast<const Source&>(source), steps, source.decoded()};
  }
  bool exists(const Digest& key) const {
    ++steps_.rows;
    return source_.exists(key);
  }
  // The decoded record. A record that the ledger wrote and cannot read is a bug: it stops the node.
  template <class Record>
  std::optional<Record> get(const Digest& key) const {
    ++steps_.rows;
    const auto bytes = source_.value(key);
    if (!bytes) return std::nullopt;
    steps_.bytes += bytes->size();
    if constexpr (Decoded::keeps<Record>) {
      if (decoded_ != nullptr && !(own_ && own_->holds(key))) return decoded_->of<Record>(*bytes);
    }
    auto record = cbor::decode<Record>(*bytes, cbor::Additions::refuse);
    ASSERT(record.has_value());
    return *record;
  }
  // A record that must be there, because others say so; an empty one on a state that is not sound.
  template <class Record>
  Record known(const Digest& key) const {
    const auto record = get<Record>(key);
    ASSERT(record || !source_.is_sound());
    return record.value_or(Record{});
  }

 private:
  const Source& source_;
  Steps& steps_;
  const Overlay* own_ = nullptr;
  Decoded* decoded_ = nullptr;
};

// What a rule may write: records of things (derived from Head), and plain records (lists, replay windows, the policy).
class Changes {
 public:
  // `gain`: of the kind of statement whose rule this is.
  Changes(Overlay& overlay, Steps& steps, Gains gain, std::uint64_t height)
      : overlay_(overlay), steps_(steps), gain_(gain), height_(height) {}
  // A thing gains an event as the kind says, or as the rule says.
  template <class Record>
  void put(const Digest& key, const Record& record) {
    put(key, record, gain_);
  }
  template <class Record>
  void put(const Digest& key, const Record& record, Gains gain) {
    constexpr bool is_thing = std::is_base_of_v<Head, Record>;
    auto bytes = platform::encode(record);
    ++steps_.rows;
    steps_.bytes += bytes.size();
    overlay_.put(key, std::move(bytes), is_thing, is_thing ? gain : Gains::nothing);
  }
  // The record changes, and no event of the thing is made.
  template <class Record>
  void put_quietly(const Digest& key, const Record& record) {
    put(key, record, Gains::nothing);
  }
  // A list with completeness (statement/list.hpp) gains an entry.
  void append_to_list(const Digest& key, const Digest& what, list::Change change) {
    ++steps_.rows;
    overlay_.append_to_list(key, {{}, what, height_, change});
  }
  void begin_list(const Digest& key) { overlay_.begin_list(key); }

  // f(view, changes) on a layer of its own, which becomes part of these changes when it returns no error.
  template <class F>
  auto attempt(F&& f) {
    auto inner = Overlay::over(overlay_);
    Changes changes(inner, steps_, gain_, height_);
    auto done = f(View(inner, steps_), changes);
    if (done) std::move(inner).merge_into(overlay_);
    return done;
  }

 private:
  Overlay& overlay_;
  Steps& steps_;
  const Gains gain_;
  const std::uint64_t height_;
};

}  // namespace mikusari::ledger
