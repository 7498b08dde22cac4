// SPDX-License-Identifier: Apache-2.0
// The state as rules see it: a map from hashed paths to records, in layers.
//
// A Source answers what is true before a block. Overlays stack on it - block, submission, body - and hold what changes.
// Nothing here is shared between threads while a block is executed. Bytes that an overlay or source returned stay valid
// until the block has been executed, also when the key is put again.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "encoding/field.hpp"
#include "platform/encode.hpp"
#include "statement/head.hpp"

namespace mikusari::ledger {

class Source {
 public:
  virtual ~Source() = default;
  // The record's stored bytes; none when absent.
  virtual std::optional<ByteView> value(const Digest& key) const = 0;
  // Absence is told without reading anything.
  virtual bool exists(const Digest& key) const = 0;
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
  bool exists(const Digest& key) const override;

  // A thing's record has a head, which the executor advances when the body is accepted.
  enum class Content : std::uint8_t { thing, plain };
  void put(const Digest& key, platform::Buffer value, Content content);

  struct Change {
    ByteView value;
    Content content;
    std::vector<Id> appended;  // entries that a list's record gained, oldest first
  };
  // One more entry of the list whose list::Record stands under `key`: the record is made or moved on.
  void append_to_list(const Digest& key, const Id& entry);
  // Sorted by key. Records are never removed: what ended is a tombstone.
  const std::map<Digest, Change>& changes() const { return changes_; }
  // Moves every change into `below`, which must be the overlay that this one was made over.
  void merge_into(Overlay& below) &&;

 private:
  const Source& below_;
  std::map<Digest, Change> changes_;
  std::deque<platform::Buffer> arena_;
};

// What a rule may read.
class View {
 public:
  explicit View(const Source& source) : source_(source) {}
  bool exists(const Digest& key) const { return source_.exists(key); }
  // The decoded record. A record that the ledger wrote and cannot read is a bug: it stops the node.
  template <class Record>
  std::optional<Record> get(const Digest& key) const {
    const auto bytes = source_.value(key);
    if (!bytes) return std::nullopt;
    auto record = cbor::decode<Record>(*bytes);
    ASSERT(record.has_value());
    return *record;
  }

 private:
  const Source& source_;
};

// What a rule may write: records of things (derived from Head), and plain records (lists, replay windows, the policy).
class Changes {
 public:
  explicit Changes(Overlay& overlay) : overlay_(overlay) {}
  template <class Record>
  void put(const Digest& key, const Record& record) {
    constexpr auto content = std::is_base_of_v<Head, Record> ? Overlay::Content::thing : Overlay::Content::plain;
    overlay_.put(key, platform::encode(record), content);
  }
  // A list with completeness (statement/list.hpp) gains an entry.
  void append_to_list(const Digest& key, const Id& entry) { overlay_.append_to_list(key, entry); }

 private:
  Overlay& overlay_;
};

}  // namespace mikusari::ledger
