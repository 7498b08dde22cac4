// SPDX-License-Identifier: Apache-2.0
#include "encoding/list.hpp"

namespace mikusari::cbor::detail {
namespace {

constexpr std::uint64_t first_addition = 64, first_newer = 128;

Result<void> pass_one(Reader& in, const Entries& entries) {
  if (entries.closed || *entries.key >= first_newer)
    return fail(Code::newer, "a field is newer than this program", entries.at);
  if (*entries.key < first_addition || in.additions() == Additions::refuse)
    return fail(Code::invalid, "unknown field", entries.at);
  TRY(in.item());
  return {};
}

}  // namespace

Result<Elements> check_elements(Reader& in, std::size_t most, Result<void> (*check)(Reader&)) {
  const std::size_t at = in.offset();
  TRY(const std::size_t count, in.array());
  if (count > most) return fail(Code::exhausted, "too many elements in a list", at);
  const std::size_t start = in.offset();
  for (std::size_t i = 0; i < count; ++i) TRY(check(in));
  return Elements{count, in.input().subspan(start, in.offset() - start)};
}

ByteView first_item(ByteView encoded) {
  Reader reader(encoded);
  const auto item = reader.item();
  ASSERT(item.has_value());
  return *item;
}

Result<void> next_key(Reader& in, Entries& entries) {
  if (entries.key || entries.left == 0) return {};
  entries.at = in.offset();
  TRY(entries.key, in.uint());
  --entries.left;
  return {};
}

Result<void> pass_unknown(Reader& in, Entries& entries, std::optional<std::uint64_t> number) {
  for (;;) {
    TRY(next_key(in, entries));
    if (!entries.key || (number && *entries.key >= *number)) return {};
    TRY(pass_one(in, entries));
    entries.key.reset();
  }
}

Result<void> read_slots(Reader& in, std::span<const Slot> slots, Closed closed, void* structure) {
  Entries entries;
  entries.at = in.offset();
  entries.closed = closed == Closed::yes;
  TRY(entries.left, in.map());
  for (const Slot& slot : slots) {
    TRY(next_key(in, entries));
    if (entries.key && *entries.key < slot.key) TRY(pass_unknown(in, entries, slot.key));
    if (entries.key != slot.key) {
      if (!slot.required) continue;
      return fail(Code::invalid, "a required field is missing", entries.at);
    }
    entries.key.reset();
    TRY(slot.read(in, structure));
  }
  return pass_unknown(in, entries, std::nullopt);
}

}  // namespace mikusari::cbor::detail
