// SPDX-License-Identifier: Apache-2.0
#include "statement/head.hpp"

namespace mikusari {
namespace {

// Reads the head's entries and leaves the reader at the record's own first field.
struct Opened {
  Head head;
  std::size_t own = 0;      // pairs that are not the head's
  std::size_t rest_at = 0;  // where they begin
};

constexpr std::size_t head_bytes_max = 256;

Result<Opened> open(cbor::Reader& in) {
  Opened out;
  cbor::detail::Entries entries;
  TRY(entries.left, in.map());
  Result<void> verdict;
  cbor::for_each_field<Head>([&](const auto& field) {
    if (!verdict) return;
    verdict = [&]() -> Result<void> {
      using Member = std::remove_cvref_t<decltype(out.head.*field.member)>;
      if constexpr (cbor::detail::is_optional<Member>::value) {
        // The last of the head: the next key may already be the record's own.
        cbor::Reader ahead = in;
        TRY(cbor::detail::next_key(ahead, entries));
        if (!entries.key || *entries.key != field.key) {
          if (entries.key) ++entries.left;
          return {};
        }
        in = ahead;
        TRY(out.head.*field.member, cbor::read<typename Member::value_type>(in));
      } else {
        TRY(cbor::detail::next_key(in, entries));
        if (!entries.key || *entries.key != field.key) return fail(Code::internal, "the record has no head");
        TRY(out.head.*field.member, cbor::read<Member>(in));
      }
      entries.key.reset();
      return {};
    }();
  });
  TRY(std::move(verdict));
  out.own = entries.left;
  out.rest_at = in.offset();
  return out;
}

}  // namespace

Result<Head> read_head(ByteView record) {
  cbor::Reader in(record);
  TRY(const auto opened, open(in));
  return opened.head;
}

Result<ByteView> with_head(ByteView record, const Head& head, MutableByteView buffer) {
  cbor::Reader in(record);
  TRY(const auto opened, open(in));
  // What follows the head stays as it is, byte for byte.
  const ByteView rest = record.subspan(opened.rest_at);
  std::byte front[head_bytes_max];
  cbor::Writer out(front);
  out.map(opened.own + std::tuple_size_v<decltype(Head::fields)> - (head.life ? 0 : 1));
  cbor::for_each_field<Head>([&](const auto& field) {
    const auto& member = head.*field.member;
    if (!cbor::detail::is_present(member)) return;
    out.uint(field.key);
    if constexpr (cbor::detail::is_optional<std::remove_cvref_t<decltype(member)>>::value) {
      cbor::write(out, *member);
    } else {
      cbor::write(out, member);
    }
  });
  if (out.size() + rest.size() > buffer.size()) return fail(Code::exhausted, "the buffer is too small for the record");
  std::memcpy(buffer.data(), front, out.size());
  if (!rest.empty()) std::memcpy(buffer.data() + out.size(), rest.data(), rest.size());
  return ByteView(buffer).first(out.size() + rest.size());
}

#ifndef MIKUSARI_DEVICE  // only ledgers move histories on; what a device carries is small

namespace {

Result<merkle::CompactRange> range_of(const Tree& tree, const cbor::List<Digest, limits::log_levels_max>& nodes) {
  Digest buffer[limits::log_levels_max];
  std::size_t count = 0;
  for (const auto node : nodes) buffer[count++] = node;
  TRY(const auto range, merkle::CompactRange::from(tree.count, std::span(buffer, count)));
  if (range.root() != tree.root) return fail(Code::corrupt, "a record's events are not the ones beside it");
  return range;
}

}  // namespace

Result<Histories> Histories::of(const Head& head, ByteView bytes) {
  TRY(const auto sides, cbor::decode<Sides>(bytes));
  if (sides.life.has_value() != head.life.has_value())
    return fail(Code::corrupt, "a record's events are not the ones beside it");
  Histories out;
  TRY(out.history_, range_of(head.history, sides.history));
  out.life_ = out.history_;
  if (head.life) {
    TRY(out.life_, range_of(*head.life, *sides.life));
  }
  return out;
}

void Histories::append(const Digest& leaf_hash, statement::Gains gains) {
  if (gains == statement::Gains::nothing) return;
  history_.append(leaf_hash);
  if (gains == statement::Gains::life) life_.append(leaf_hash);
}

void Histories::write(Head& head) const {
  head.history = {history_.size(), history_.root()};
  head.life.reset();
  if (!same()) head.life = Tree{life_.size(), life_.root()};
}

Result<ByteView> Histories::sides(MutableByteView out) const {
  Sides sides{{history_.nodes()}, std::nullopt};
  if (!same()) sides.life = cbor::List<Digest, limits::log_levels_max>(life_.nodes());
  return cbor::encode(sides, out);
}

#endif

}  // namespace mikusari
