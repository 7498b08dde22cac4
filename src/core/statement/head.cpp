// SPDX-License-Identifier: Apache-2.0
#include "statement/head.hpp"

#include "crypto/hash.hpp"

namespace mikusari {
namespace {

constexpr std::uint64_t head_fields = std::tuple_size_v<decltype(Head::fields)>;

// Reads the head's entries and leaves the reader at the record's own first field; `pairs` is the record's whole count.
Result<Head> read_entries(cbor::Reader& in, std::size_t& pairs) {
  TRY(pairs, in.map());
  Head head;
  Result<void> verdict;
  cbor::for_each_field<Head>([&](const auto& field) {
    if (!verdict) return;
    verdict = [&]() -> Result<void> {
      TRY(const std::uint64_t key, in.uint());
      if (key != field.key) return fail(Code::internal, "the record has no head");
      using Member = std::remove_cvref_t<decltype(head.*field.member)>;
      TRY(head.*field.member, cbor::read<Member>(in));
      return {};
    }();
  });
  TRY(std::move(verdict));
  return head;
}

}  // namespace

Digest next_events_head(const Digest& before, const Digest& leaf_hash) {
  constexpr std::byte prefix{2};
  return crypto::sha256({ByteView(&prefix, 1), before, leaf_hash});
}

Result<Head> read_head(ByteView record) {
  cbor::Reader in(record);
  std::size_t pairs = 0;
  return read_entries(in, pairs);
}

Result<ByteView> advance_head(ByteView record, std::uint64_t height, const Digest& leaf_hash, MutableByteView buffer) {
  cbor::Reader in(record);
  std::size_t pairs = 0;
  TRY(Head head, read_entries(in, pairs));
  ++head.seq;
  head.changed = height;
  head.events_head = next_events_head(head.events_head, leaf_hash);
  cbor::Writer out(buffer);
  out.map(pairs);
  cbor::for_each_field<Head>([&](const auto& field) {
    out.uint(field.key);
    cbor::write(out, head.*field.member);
  });
  for (std::size_t i = head_fields; i < pairs; ++i) {
    TRY(const std::uint64_t key, in.uint());
    out.uint(key);
    TRY(const ByteView value, in.item());
    out.encoded(value);
  }
  return out.finish();
}

}  // namespace mikusari
