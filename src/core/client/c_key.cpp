// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.h: whether a key speaks now.
#include <algorithm>

#include "client/c_convert.hpp"
#include "statement/path.hpp"

namespace mikusari::client {

static_assert(MIKUSARI_SUBJECT_DEVICE == static_cast<int>(SubjectType::device));
static_assert(MIKUSARI_KEY_REVOKED == static_cast<int>(key::State::revoked));
static_assert(MIKUSARI_REASON_VETOED == static_cast<int>(key::Reason::vetoed));
static_assert(MIKUSARI_LEVEL_HARDWARE == static_cast<int>(key::Level::hardware));

namespace {

Digest path_of(const Subject& subject) {
  switch (subject.type) {
    case SubjectType::party: return path::party(subject.id);
    case SubjectType::part: return path::part(subject.id);
    case SubjectType::device: return path::device(subject.id);
  }
  return {};
}

[[gnu::noinline]] Result<Subject> fill(ByteView bytes, mikusari_key& out) {
  TRY(const auto& record, cbor::decode<key::Record>(bytes));
  out.state = static_cast<mikusari_key_state>(record.state);
  out.reason = record.reason ? static_cast<mikusari_reason>(*record.reason) : MIKUSARI_REASON_NONE;
  out.purpose = static_cast<mikusari_purpose>(record.purpose);
  out.level = static_cast<mikusari_level>(record.level);
  out.level_proved = record.level_proved;
  out.subject_type = static_cast<mikusari_subject>(record.subject.type);
  copy(record.subject.id, out.subject);
  out.algorithm = static_cast<std::int32_t>(record.key.algorithm());
  copy(record.key.bytes(), out.key);
  out.key_size = record.key.bytes().size();
  return record.subject;
}

// What the record of a key's subject says of it.
struct Standing {
  std::optional<key::Entry> entry;
  bool acts = false;     // the subject may act
  bool mounted = false;  // the subject is a mounted part
};

template <class List>
std::optional<key::Entry> entry_of(const List& keys, const Digest& kid) {
  for (const auto entry : keys) {
    if (entry.key == kid) return entry;
  }
  return std::nullopt;
}

[[gnu::noinline]] Result<Standing> standing_of(SubjectType type, ByteView bytes, const Digest& kid) {
  if (type == SubjectType::party) {
    TRY(const auto& party, cbor::decode<party::Record>(bytes));
    return Standing{entry_of(party.keys, kid), party.acts()};
  }
  if (type == SubjectType::device) {
    TRY(const auto& device, cbor::decode<device::Record>(bytes));
    return Standing{entry_of(device.keys, kid), device.lives() && device.state != device::State::suspended};
  }
  TRY(const auto& part, cbor::decode<part::Record>(bytes));
  return Standing{entry_of(part.keys, kid), part.state != part::State::scrapped, part.state == part::State::mounted};
}

// Unix milliseconds. A key ends by the latest time that anybody has shown, and begins by what this answer shows.
struct Times {
  std::uint64_t begins_by, ends_by;
};

std::uint64_t in_ms(std::uint64_t seconds) {
  constexpr std::uint64_t last = ~std::uint64_t{0};
  return seconds > last / 1000 ? last : seconds * 1000;
}

Times times_of(const mikusari_client& client, const mikusari_place& place) {
  const std::uint64_t shown = std::max(place.block_time_ms, in_ms(place.checkpoint_time));
  return {shown, std::max({shown, in_ms(client.time), in_ms(client.now)})};
}

// A mounted part's birth key speaks wherever the part stands; its other keys under the root that they are for.
bool stands(const Standing& standing, const key::Entry& entry) {
  if (!standing.mounted) return !entry.root;
  return entry.birth.value || entry.root;
}

Result<void> check_speaks(const mikusari_key& key, const Standing& standing, const Times& times) {
  if (key.state == MIKUSARI_KEY_REVOKED) return fail(Code::forbidden, "the key is revoked");
  if (key.state == MIKUSARI_KEY_FROZEN) return fail(Code::forbidden, "the key is frozen");
  if (!standing.acts) return fail(Code::forbidden, "whom the key speaks for may not act");
  if (!standing.entry) return fail(Code::forbidden, "whom the key speaks for does not list it");
  const auto& entry = *standing.entry;
  if (entry.frozen.value) return fail(Code::forbidden, "the key is frozen");
  if (entry.waits_at(times.begins_by)) return fail(Code::forbidden, "the key does not speak yet");
  if (entry.ended_at(times.ends_by)) return fail(Code::forbidden, "the key does not speak any more");
  if (!stands(standing, entry)) return fail(Code::forbidden, "the key does not speak where its part stands");
  return {};
}

void fill(const key::Entry& entry, mikusari_key& out) {
  out.listed = true;
  out.from_ms = entry.from_ms;
  out.until_ms = entry.until_ms;
  // A birth key speaks wherever the part stands.
  out.has_root = !entry.birth.value && copy_any(entry.root, out.root);
  out.root_tenure = entry.root_tenure;
}

// `client` moves when both answers hold.
Result<void> verify_key(mikusari_client& client, mikusari_answer key_answer, mikusari_answer subject_answer,
                        const Digest& kid, mikusari_key& out) {
  mikusari_client moved = client;
  TRY(const auto& key, record_of(moved, key_answer, path::key(kid)));
  if (!key.value) {
    client = moved;
    out.place = key.place;
    return fail(Code::not_found, "the ledger does not know this key");
  }
  mikusari_key found{};
  TRY(const auto& subject, fill(*key.value, found));
  TRY(const auto& record, record_of(moved, subject_answer, path_of(subject)));
  if (record.place.log_size != key.place.log_size)
    return fail(Code::unavailable, "the answers stand under different checkpoints: ask for all of them again");
  Standing standing;
  if (record.value) {
    TRY(standing, standing_of(subject.type, *record.value, kid));
  }
  if (standing.entry) fill(*standing.entry, found);
  client = moved;
  out = found;
  out.place = record.place;
  return check_speaks(out, standing, times_of(client, record.place));
}

}  // namespace
}  // namespace mikusari::client

using namespace mikusari;
using namespace mikusari::client;

mikusari_code mikusari_verify_key(mikusari_client* client, mikusari_answer key_answer, mikusari_answer subject_answer,
                                  const std::uint8_t* kid, mikusari_key* out, mikusari_error* error) {
  if (client == nullptr || key_answer.bytes.data == nullptr || kid == nullptr || out == nullptr)
    return report_null(error);
  *out = {};
  return report(verify_key(*client, key_answer, subject_answer, digest_of(kid), *out), error);
}
