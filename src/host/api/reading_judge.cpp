// SPDX-License-Identifier: Apache-2.0
#include "api/reading_judge.hpp"

#include <algorithm>

#include "statement/device.hpp"
#include "statement/path.hpp"
#include "statement/submission.hpp"

namespace mikusari::api {
namespace {

// What is kept of a part's or device's record.
struct Unit {
  Subject subject;
  Handle owner, custodian;  // of a root
  std::optional<Handle> maker, offered_to, shipped_to;
  std::optional<Id> parent;  // of a mounted part
  std::uint64_t tenure = 0;
  bool lives = false;
  std::vector<key::Entry> keys;
};
// The unit first, its root last.
using Units = std::vector<Unit>;

Unit unit_of(const Subject& subject, const thing::Record& record) {
  Unit out;
  out.subject = subject;
  out.owner = record.owned_by();
  out.custodian = record.held_by();
  out.maker = record.maker;
  out.offered_to = record.offered_to;
  out.shipped_to = record.shipped_to;
  out.tenure = record.tenure;
  for (const auto entry : record.keys) out.keys.push_back(entry);
  return out;
}

// One look at the state, which counts the records that were there.
class Looking {
 public:
  explicit Looking(const PublishedState& state) : state_(state) {}

  std::uint64_t time_ms() const { return state_.time_ms(); }
  std::size_t rows() const { return rows_; }

  // The record, with the bytes that it views.
  template <class Record>
  struct Found {
    platform::Buffer bytes;
    Record record;
  };
  template <class Record>
  Result<std::optional<Found<Record>>> get(const Digest& key) {
    TRY(auto bytes, state_.row(key));
    if (!bytes) return std::nullopt;
    ++rows_;
    Found<Record> out{*std::move(bytes), {}};
    const auto record = cbor::decode<Record>(out.bytes);
    if (!record) return fail(Code::corrupt, "a record of the state cannot be read");
    out.record = *record;
    return std::optional(std::move(out));
  }

  // So that nobody is told by the time whether there was something: reads one record until so many were read.
  template <class Record>
  Result<void> fill_up_to(std::size_t rows, const Digest& key) {
    while (rows_ < rows) {
      TRY(const auto found, get<Record>(key));
      if (!found) break;
    }
    return {};
  }

  // By an id of either type: no part has a device's id.
  Result<std::optional<Unit>> unit(const Id& id) {
    TRY(const auto device, get<device::Record>(path::device(id)));
    TRY(const auto part, get<part::Record>(path::part(id)));
    if (device) {
      Unit out = unit_of(subject_of_device(id), device->record);
      out.lives = device->record.lives();
      return out;
    }
    if (!part) return std::nullopt;
    Unit out = unit_of(subject_of_part(id), part->record);
    out.lives = part->record.state != part::State::scrapped;
    if (part->record.state == part::State::mounted) out.parent = part->record.parent;
    return out;
  }

  // Empty when there is no such thing.
  Result<Units> units(const Id& id) {
    Units out;
    for (std::optional<Id> next = id; next && out.size() <= thing::levels_max;) {
      TRY(auto found, unit(*next));
      if (!found) break;
      next = found->parent;
      out.push_back(*std::move(found));
    }
    return out;
  }

  // The member that vouches for a party: itself, when it is one. None when there is no such party.
  Result<std::optional<Handle>> registrar(const Handle& party) {
    TRY(const auto found, get<party::Record>(path::party(party)));
    if (!found) return std::nullopt;
    return found->record.registrar.value_or(party);
  }

 private:
  const PublishedState& state_;
  std::size_t rows_ = 0;
};

const key::Entry* entry_of(const std::vector<key::Entry>& keys, const Digest& key) {
  const auto found = std::ranges::find(keys, key, &key::Entry::key);
  return found == keys.end() ? nullptr : &*found;
}

// A mounted part's keys but its birth key speak where they were registered for.
bool stands(const Units& units, const key::Entry& entry) {
  if (!units.front().parent) return !entry.root;
  if (entry.birth.value) return true;
  return entry.root && units.back().subject.id == *entry.root && units.back().tenure == entry.root_tenure.value;
}

Result<void> add_party(Looking& looking, const Handle& handle, std::uint64_t now_ms, Reader& reader) {
  TRY(const auto found, looking.get<party::Record>(path::party(handle)));
  if (!found) return {};
  const auto& party = found->record;
  for (const auto entry : party.keys) {
    if (entry.key == reader.key) reader.speaks = entry.speaks_at(looking.time_ms()) && !entry.ended_at(now_ms);
  }
  reader.is_member = party.is_member() && party.acts();
  reader.patron = party.registrar.value_or(handle);
  return {};
}

Result<void> add_thing(Looking& looking, const Id& id, std::uint64_t now_ms, Reader& reader) {
  TRY(const Units units, looking.units(id));
  if (units.empty()) return {};
  const auto* entry = entry_of(units.front().keys, reader.key);
  reader.speaks = entry != nullptr && units.front().lives && entry->speaks_at(looking.time_ms()) &&
                  !entry->ended_at(now_ms) && stands(units, *entry);
  TRY(const auto patron, looking.registrar(units.back().owner));
  reader.patron = patron.value_or(units.back().owner);
  return {};
}

// Does it concern the party `reader`, one way or the other? Looks at everything, also when it knows already.
class Concern {
 public:
  Concern(Looking& looking, const Reader& reader) : looking_(looking), reader_(reader) {}

  Result<bool> party(const Handle& handle) {
    TRY(const auto registrar, looking_.registrar(handle));
    if (!registrar) return false;
    const bool is_member = *registrar == handle;
    return reader_.speaks && (is_member || is(handle) || is(*registrar));
  }

  // The party itself, or who vouches for it.
  Result<bool> own(const Handle& handle) {
    TRY(const auto registrar, looking_.registrar(handle));
    return registrar && reader_.speaks && (is(handle) || is(*registrar));
  }

  Result<bool> thing(const Id& id) {
    TRY(const Units units, looking_.units(id));
    if (units.empty()) return false;
    bool out = false;
    for (const auto& unit : units) out |= reader_.speaks && unit.subject == reader_.subject;
    for (const auto& handle : parties_of(units)) {
      TRY(const bool its, own(handle));
      out |= its;
    }
    TRY(const bool gate, is_gate(units));
    return out || gate;
  }

  Result<bool> key(const Digest& thumbprint) {
    TRY(const auto found, looking_.get<key::Record>(path::key(thumbprint)));
    if (!found) return false;
    const Subject subject = found->record.subject;
    if (subject.type == SubjectType::party) return party(subject.id);
    return thing(subject.id);
  }

  // Its subject's keys, the subject's registrar, the owner of a thing.
  Result<bool> replay(const Digest& thumbprint) {
    TRY(const auto found, looking_.get<key::Record>(path::key(thumbprint)));
    if (!found) return false;
    const Subject subject = found->record.subject;
    if (subject.type == SubjectType::party) return own(subject.id);
    TRY(const Units units, looking_.units(subject.id));
    return !units.empty() && reader_.speaks && (subject == reader_.subject || is(units.back().owner));
  }

  Result<bool> role(const About& about) {
    TRY(const bool holder, own(about.id));
    TRY(const auto found, looking_.get<role::Record>(path::role(about.id, about.role, about.scope)));
    if (!found) return holder;
    TRY(const bool grantor, own(found->record.from));
    return holder || grantor;
  }

  Result<bool> statement(ByteView bytes) {
    TRY(const auto submission, statement::parse(bytes));
    TRY(const auto signer, looking_.get<key::Record>(path::key(submission.statement.header.kid)));
    if (!signer) return false;
    const Subject subject = signer->record.subject;
    TRY(bool out, subject.type == SubjectType::party ? own(subject.id) : thing(subject.id));
    for (const auto approval : submission.approvals) {
      TRY(const auto found, looking_.get<key::Record>(path::key(approval.kid)));
      out |= found && reader_.speaks && found->record.subject == reader_.subject;
    }
    return out;
  }

 private:
  bool is(const Handle& handle) const { return reader_.subject == subject_of_party(handle); }

  static std::vector<Handle> parties_of(const Units& units) {
    const Unit& root = units.back();
    std::vector<Handle> out{root.owner};
    for (const auto& handle : {std::optional(root.custodian), root.offered_to, root.shipped_to, units.front().maker}) {
      if (handle && std::ranges::find(out, *handle) == out.end()) out.push_back(*handle);
    }
    return out;
  }

  // The role `gate` from the owner, over all that is the owner's or over this.
  Result<bool> is_gate(const Units& units) {
    if (reader_.subject.type != SubjectType::party) return false;
    const Unit& root = units.back();
    bool out = false;
    for (const Id& scope : {Id(root.owner), units.front().subject.id, root.subject.id}) {
      TRY(const auto found, looking_.get<role::Record>(path::role(reader_.subject.id, Role::gate, scope)));
      if (!found) continue;
      const auto& grant = found->record;
      out |= reader_.speaks && grant.from == root.owner && grant.holds_at(looking_.time_ms()) &&
             (!grant.tenure || *grant.tenure == root.tenure);
    }
    return out;
  }

  Looking& looking_;
  const Reader& reader_;
};

Result<bool> judge(const PublishedState& state, Looking& looking, const Reader& reader, const About& about) {
  using enum About::What;
  Concern concern(looking, reader);
  switch (about.what) {
    case nameable: return true;
    case members: return reader.is_member && reader.speaks;
    case party: return concern.party(about.id);
    case key: return concern.key(about.id);
    case thing:
    case life: return concern.thing(about.id);
    case role: return concern.role(about);
    case replay: return concern.replay(about.id);
    case quota:
    case list: return concern.own(about.id);
    case statement: {
      TRY(const auto submission, state.submission(about.id));
      if (!submission) return false;
      return concern.statement(*submission);
    }
  }
  return false;
}

// What needs no look: a key's own row, and the record of what a key once spoke for.
bool is_its_own(const Reader& reader, const About& about) {
  if (about.what == About::What::key || about.what == About::What::replay) return about.id == reader.key;
  return about.what == About::What::thing && reader.subject.type != SubjectType::party && about.id == reader.subject.id;
}

Result<std::optional<Judge::Known>> find_known(Looking& looking, const Digest& thumbprint, std::uint64_t now_ms) {
  TRY(const auto found, looking.get<key::Record>(path::key(thumbprint)));
  if (!found) return std::nullopt;
  const auto& record = found->record;
  if (record.purpose != key::Purpose::wallet && record.purpose != key::Purpose::authentication) return std::nullopt;
  Judge::Known out{{thumbprint, record.subject, false, false, {}}, record.key};
  const bool is_party = record.subject.type == SubjectType::party;
  TRY(is_party ? add_party(looking, record.subject.id, now_ms, out.reader)
               : add_thing(looking, record.subject.id, now_ms, out.reader));
  out.reader.speaks = out.reader.speaks && record.state == key::State::active;
  if (is_party && !out.reader.speaks) return std::nullopt;
  return out;
}

}  // namespace

Result<std::optional<Judge::Known>> StateJudge::known(const Digest& thumbprint) const {
  const auto state = newest_();
  Looking looking(*state);
  TRY(auto out,
      find_known(looking, thumbprint, static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.now_ms(), 0))));
  TRY(looking.fill_up_to<LedgerRecord>(rows_of_known, path::ledger()));
  return out;
}

Result<bool> StateJudge::concerns(const Reader& reader, const About& about) const {
  if (is_its_own(reader, about)) return true;
  const auto state = newest_();
  Looking looking(*state);
  TRY(const bool out, judge(*state, looking, reader, about));
  if (!out) TRY(looking.fill_up_to<key::Record>(rows_of_refusal, path::key(reader.key)));
  return out;
}

namespace {

class ReadingState final : public PublishedState {
 public:
  explicit ReadingState(replica::Reading reading) : reading_(std::move(reading)) {}
  std::uint64_t log_size() const override { return reading_.tip().log_size; }
  std::uint64_t time_ms() const override { return reading_.tip().record.time_ms; }
  Result<std::optional<platform::Buffer>> row(const Digest& key) const override { return some(reading_.record(key)); }
  Result<std::optional<platform::Buffer>> submission(const Digest& identity) const override {
    return some(reading_.submission(identity));
  }

 private:
  static Result<std::optional<platform::Buffer>> some(Result<platform::Buffer> found) {
    if (found) return *std::move(found);
    if (found.error().code() == Code::not_found) return std::nullopt;
    return std::unexpected(std::move(found).error());
  }
  const replica::Reading reading_;
};

}  // namespace

StateJudge::Newest newest_of(std::function<replica::Reading()> read) {
  return [read = std::move(read)] { return std::make_unique<const ReadingState>(read()); };
}

}  // namespace mikusari::api
