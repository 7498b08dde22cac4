// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/key.hpp"

#include "ledger/rules/chain.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// The member who answers for whom a key speaks.
Checked<std::string_view> answers_for(const View& view, const Subject& subject) {
  if (subject.type == SubjectType::member) return as_text(subject.id);
  const auto id = Id::copy(subject.id);
  if (subject.type == SubjectType::device) {
    TRY(const auto device, device_at(view, id));
    return device.owner;
  }
  TRY(const auto part, part_at(view, id));
  return answers_for(view, part);
}

// The subject of a registration may be anything that its sender likes: only a thing's id has 32 bytes.
Checked<Id> id_of(const Subject& subject) {
  if (subject.id.size() != Id::length) return refuse(malformed_body);
  return Id::copy(subject.id);
}

Checked<> add_to_device(const View& view, Changes& changes, const Id& id, const Digest& thumbprint,
                        std::uint64_t time_ms) {
  TRY(auto device, living_device(view, id));
  auto keys = living_keys(view, device, time_ms);
  if (keys.size() == limits::keys_of_device_max) return refuse(too_many_keys, device_named(id));
  keys.push_back(thumbprint);
  device.keys = listed(keys);
  changes.put(path::device(id), device);
  return {};
}

Checked<> add_to_part(const View& view, Changes& changes, const Id& id, const Digest& thumbprint) {
  TRY(auto part, part_at(view, id));
  part.key = thumbprint;
  changes.put(path::part(id), part);
  return {};
}

Checked<> check_may_register_for_part(const key::Register& body, const Said& said, const View& view) {
  TRY(const Id id, id_of(body.subject));
  TRY(const auto part, living_part(view, id));
  TRY(check_speaks(said, part.maker, part_named(id)));
  if (part.custodian != said.member()) return refuse(not_in_custody, part_named(id), member_named(part.custodian));
  if (part.in_transit_to) return refuse(in_transit, part_named(id));
  if (part.state != part::State::stock) return refuse(wrong_state, part_named(id));
  if (part.key) return refuse(too_many_keys, part_named(id));
  if (body.purpose != key::Purpose::wallet)
    return refuse(key_not_for_signing, platform::to_hex(cose::thumbprint(body.key)));
  return {};
}

Checked<> check_may_register(const key::Register& body, const Said& said, const View& view) {
  switch (body.subject.type) {
    case SubjectType::member:
      return check_speaks(said, as_text(body.subject.id), key_named(cose::thumbprint(body.key)));
    case SubjectType::part: return check_may_register_for_part(body, said, view);
    case SubjectType::device: {
      TRY(const Id id, id_of(body.subject));
      TRY(const auto device, living_device(view, id));
      return check_speaks(said, device.owner, device_named(id));
    }
  }
  return refuse(malformed_body);
}

// The thing's record names the key.
Checked<> attach_to_subject(const View& view, Changes& changes, const Subject& subject, const Digest& thumbprint,
                            std::uint64_t time_ms) {
  if (subject.type == SubjectType::device)
    return add_to_device(view, changes, Id::copy(subject.id), thumbprint, time_ms);
  if (subject.type == SubjectType::part) return add_to_part(view, changes, Id::copy(subject.id), thumbprint);
  return {};
}

// After a key has ended: the thing's record names those that are left; a part's, the predecessor of a vetoed successor.
void detach_from_subject(const View& view, Changes& changes, const key::Record& record, const Digest& thumbprint,
                         std::uint64_t time_ms) {
  if (record.subject.type == SubjectType::member) return;
  const Id id = Id::copy(record.subject.id);
  if (record.subject.type == SubjectType::device) {
    // One that ended long ago is not listed, and a device at its end lists none: such records stay as they are.
    const auto device = view.get<device::Record>(path::device(id));
    ASSERT(device.has_value());
    if (device->keys.contains(thumbprint)) forget_ended_keys(view, changes, id, time_ms);
    return;
  }
  if (!waits(record, time_ms)) return;
  auto part = view.get<part::Record>(path::part(id));
  ASSERT(part.has_value() && part->key == thumbprint);
  part->key = record.replaces;
  changes.put(path::part(id), *part);
}

Checked<> check_may_veto(const Said& said, const View& view, const key::Record& successor, const Digest& thumbprint) {
  TRY(const auto answers, answers_for(view, successor.subject));
  TRY(check_speaks(said, answers, key_named(thumbprint)));
  if (successor.subject.type == SubjectType::member && said.signer == *successor.replaces) {
    return refuse(not_entitled, key_named(thumbprint), "another key of " + member_named(answers));
  }
  return {};
}

}  // namespace

Verdict apply(const key::Register& body, const Said& said, const View& view, Changes& changes) {
  TRY(check_may_register(body, said, view));
  TRY(const Digest thumbprint, check_new_key(view, said, body.key, body.possession, body.subject));
  put_new_key(changes, thumbprint, body.key, body.purpose, body.subject);
  TRY(attach_to_subject(view, changes, body.subject, thumbprint, said.block.time_ms));
  return Verdict::done();
}

Verdict apply(const key::Rotate& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto old, key_at(view, said.signer));
  if (old.replaced_by) return refuse(wrong_state, key_named(said.signer));
  TRY(const Digest thumbprint, check_new_key(view, said, body.key, body.possession, old.subject));
  const std::uint64_t from_ms = said.block.time_ms + parameters(view).rotation_veto_ms;
  key::Record successor;
  successor.state = key::State::active;
  successor.key = body.key;
  successor.purpose = old.purpose;
  successor.subject = old.subject;
  successor.from_ms = from_ms;
  successor.replaces = said.signer;
  changes.put(path::key(thumbprint), successor);
  old.until_ms = from_ms;
  old.replaced_by = thumbprint;
  changes.put(path::key(said.signer), old);
  TRY(attach_to_subject(view, changes, successor.subject, thumbprint, said.block.time_ms));
  return Verdict::done();
}

Verdict apply(const key::Veto& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto successor, key_at(view, body.successor));
  if (!successor.replaces || successor.state == key::State::revoked)
    return refuse(wrong_state, key_named(body.successor));
  TRY(check_may_veto(said, view, successor, body.successor));
  if (!waits(successor, said.block.time_ms)) return refuse(veto_time_over, platform::to_hex(body.successor));
  revoke_successor(view, changes, successor, body.successor, key::Reason::vetoed);
  detach_from_subject(view, changes, successor, body.successor, said.block.time_ms);
  return Verdict::done();
}

Verdict apply(const key::Revoke& body, const Said& said, const View& view, Changes& changes) {
  if (body.reason == key::Reason::vetoed) return refuse(malformed_body);
  TRY(const auto record, key_at(view, body.key));
  if (body.key != said.signer) {
    TRY(const auto answers, answers_for(view, record.subject));
    TRY(check_speaks(said, answers, key_named(body.key)));
  }
  if (record.state == key::State::revoked) return refuse(wrong_state, key_named(body.key));
  if (waits(record, said.block.time_ms)) {
    revoke_successor(view, changes, record, body.key, body.reason);
  } else {
    revoke(view, changes, body.key, body.reason, said.block.time_ms);
  }
  detach_from_subject(view, changes, record, body.key, said.block.time_ms);
  return Verdict::done();
}

}  // namespace mikusari::ledger
