// SPDX-License-Identifier: Apache-2.0
// For tests only: parties, models, parts and devices on a TestLedger, the life of one camera, and its passport in
// pieces that a test can change.
#pragma once

#include <algorithm>
#include <functional>

#include "proof/passport.hpp"
#include "proof/test_ledger.hpp"

namespace mikusari::test {

// What every scene is made of. "acme" is a member; other parties are opened by it.
class Scene {
 public:
  explicit Scene(std::string_view name, crypto::Algorithm of_keys = crypto::Algorithm::ed25519)
      : ledger(name), algorithm(of_keys) {}

  Handle acme() const { return names::member(ledger.id, "acme"); }
  Subject acme_subject() const { return subject_of_party(acme()); }
  // Ids of things that acme makes.
  Id id(std::string_view name) const { return names::id(acme(), named(name)); }
  Id model(std::string_view name) const { return id("model " + std::string(name)); }

  void put_key(const crypto::SoftwareSigner& signer, const Subject& subject,
               key::Purpose purpose = key::Purpose::wallet) {
    key::Record record;
    record.state = key::State::active;
    record.key = signer.public_key();
    record.purpose = purpose;
    record.subject = subject;
    record.level = key::Level::file;
    record.activation = key::Activation::nothing;
    ledger.put(path::key(kid(signer)), record);
  }
  void put_member(std::string_view name, const crypto::SoftwareSigner& wallet) {
    const key::Entry keys[] = {entry_of(wallet)};
    party::Record record;
    record.state = party::State::active;
    record.name = name;
    record.weight = 1;
    record.keys = std::span<const key::Entry>(keys);
    record.recovery = party::Recovery::none;
    const Handle handle = names::member(ledger.id, name);
    ledger.put(path::party(handle), record);
    put_key(wallet, subject_of_party(handle));
  }
  // The handle of a party that acme opens.
  Handle opened(const crypto::SoftwareSigner& wallet) const {
    return names::party(ledger.id, acme(), kid(wallet), named("opening"));
  }
  void put_party(const crypto::SoftwareSigner& wallet) {
    const key::Entry keys[] = {entry_of(wallet)};
    party::Record record;
    record.state = party::State::active;
    record.registrar = acme();
    record.keys = std::span<const key::Entry>(keys);
    record.commitment = named("who it is");
    record.recovery = party::Recovery::none;
    ledger.put(path::party(opened(wallet)), record);
    put_key(wallet, subject_of_party(opened(wallet)));
  }
  static key::Entry entry_of(const crypto::SoftwareSigner& signer) {
    key::Entry out;
    out.key = kid(signer);
    out.purpose = key::Purpose::wallet;
    return out;
  }
  // By a statement of acme, whose body names it.
  void put_model(std::string_view name, model::Class model_class) {
    const model::Register body{named("model " + std::string(name)), name, model_class, {}, 0};
    model::Record record;
    record.state = model::State::active;
    record.vendor = acme();
    record.model_class = model_class;
    record.text =
        ledger.say<model::Register>(acme_key, acme_subject(), {{encoded(body), {path::model(model(name))}}})[0];
    ledger.put(path::model(model(name)), record);
  }
  void put_part(const Id& id, std::string_view part_model, const std::function<void(part::Record&)>& change = {}) {
    part::Record record;
    record.state = part::State::stock;
    record.model = model(part_model);
    record.maker = acme();
    if (change) change(record);
    ledger.put(path::part(id), record);
  }
  void edit_part(const Id& id, const std::function<void(part::Record&)>& change) {
    ledger.edit<part::Record>(path::part(id), change);
  }
  void edit_device(const Id& id, const std::function<void(device::Record&)>& change) {
    ledger.edit<device::Record>(path::device(id), change);
  }
  void mount(const Id& part, const Id& unit) {
    edit_part(part, [&](part::Record& record) {
      record.state = part::State::mounted;
      record.parent = unit;
      record.grade = part::Grade::claimed;
      record.owner.reset();
      record.custodian.reset();
    });
  }
  SaidBody registered(std::string_view name, std::string_view part_model) const {
    part::Register body;
    body.nonce = named(name);
    body.model = model(part_model);
    return {encoded(body), {path::part(id(name))}};
  }
  SaidBody assembled(std::string_view unit, device::UnitType type, std::string_view unit_model,
                     const std::vector<Id>& parts) const {
    std::vector<device::Mount> mounts;
    std::vector<Digest> touched{type == device::UnitType::board ? path::part(id(unit)) : path::device(id(unit))};
    for (const auto& part : parts) {
      mounts.push_back({part, {}});
      touched.push_back(path::part(part));
    }
    device::Assemble body;
    body.nonce = named(unit);
    body.type = type;
    body.model = model(unit_model);
    body.mounts = std::span<const device::Mount>(mounts);
    return {encoded(body), touched};
  }

  TestLedger ledger;
  const crypto::Algorithm algorithm;  // of everybody's keys
  crypto::SoftwareSigner acme_key = signer_from("acme", algorithm);
};

// A maker, "acme", makes a board of a chip, and a camera of the board and a battery; the camera activates itself, is
// sold to a private person, bob, who mounts a second battery and takes it out again. A second camera stands beside it.
class CameraScene : public Scene {
 public:
  explicit CameraScene(std::string_view name = "test ledger", crypto::Algorithm of_keys = crypto::Algorithm::ed25519)
      : Scene(name, of_keys) {
    ledger.add_checkpoint_signer("log.acme", 1, {algorithm});
    found();
    make();
    live();
  }

  Subject bob_subject() const { return subject_of_party(bob); }
  Subject camera_subject() const { return subject_of_device(camera); }

  void put_device(const Id& id, device::State state, const Handle& owner, const std::vector<Id>& children) {
    const key::Entry keys[] = {entry_of(camera_key)};
    device::Record record;
    record.state = state;
    record.model = model("cam");
    record.maker = acme();
    record.give(owner, owner);
    record.title = 1;
    record.tenure = owner == acme() ? 0 : 1;
    if (state == device::State::active) record.keys = std::span<const key::Entry>(keys);
    record.children = std::span<const Id>(children);
    ledger.put(path::device(id), record);
  }
  void put_firmware(std::uint64_t sequence, const Digest& digest, firmware::State state) {
    const firmware::Image images[] = {{digest, 4096}};
    firmware::Release body;
    body.model = model("cam");
    body.sequence = sequence;
    const std::string version = "1." + std::to_string(sequence);
    body.version = version;
    body.images = std::span<const firmware::Image>(images);
    firmware::Record record;
    record.state = state;
    record.model = model("cam");
    record.sequence = sequence;
    record.images = std::span<const firmware::Image>(images);
    record.text = ledger.say<firmware::Release>(acme_key, acme_subject(), {{encoded(body), {}}})[0];
    ledger.put(path::firmware(model("cam"), sequence), record);
    ledger.put(path::image(model("cam"), digest), firmware::ImageRecord{{}, sequence});
  }
  // Retired by bob, then destroyed before two witnesses.
  void destroy() {
    put_party(first_witness);
    put_party(second_witness);
    ledger.say<device::Retire>(bob_key, bob_subject(), {{encoded(device::Retire{camera, 3}), {path::device(camera)}}});
    ledger.seal();
    edit_device(camera, [](device::Record& record) {
      record.state = device::State::destroyed;
      record.keys = {};
      record.children = {};
    });
    for (const auto& part : {board, battery}) {
      edit_part(part, [](part::Record& record) {
        record.state = part::State::stock;
        record.parent.reset();
        record.grade.reset();
        record.salvaged = true;
      });
    }
    ledger.say<device::Destroy>(
        bob_key, bob_subject(),
        {{encoded(device::Destroy{camera, 4, {}}), {path::device(camera), path::part(board), path::part(battery)}}},
        {{&first_witness, statement::ApprovalRole::witness}, {&second_witness, statement::ApprovalRole::witness}});
    ledger.seal();
  }

  crypto::SoftwareSigner bob_key = signer_from("bob", algorithm), camera_key = signer_from("camera", algorithm),
                         first_witness = signer_from("first witness", algorithm),
                         second_witness = signer_from("second witness", algorithm);
  const Handle bob = opened(bob_key);
  const Id camera = id("camera"), second = id("second camera"), board = id("board"), chip = id("chip"),
           battery = id("battery"), spare = id("spare battery");
  static inline const Digest image = named("firmware image");

 private:
  void found() {
    put_member("acme", acme_key);
    put_party(bob_key);
    put_model("soc", model::Class::chip);
    put_model("cell", model::Class::battery);
    put_model("mainboard", model::Class::board);
    put_model("cam", model::Class::device);
    ledger.edit<model::Record>(path::model(model("cam")), [](model::Record& record) {
      record.latest = record.available = 7;
      record.floor = 5;
    });
    put_firmware(7, image, firmware::State::released);
    ledger.seal();
  }
  void make() {
    put_part(chip, "soc");
    put_part(battery, "cell");
    put_part(spare, "cell");
    ledger.say<part::Register>(
        acme_key, acme_subject(),
        {registered("chip", "soc"), registered("battery", "cell"), registered("spare battery", "cell")});
    ledger.seal();
    mount(chip, board);
    put_part(board, "mainboard", [&](part::Record& record) { record.children = std::span(&chip, 1); });
    ledger.say<device::Assemble>(acme_key, acme_subject(),
                                 {assembled("board", device::UnitType::board, "mainboard", {chip})});
    ledger.seal();
    mount(board, camera);
    mount(battery, camera);
    put_device(camera, device::State::assembled, acme(), {board, battery});
    put_device(second, device::State::assembled, acme(), {});
    for (const auto& each : {camera, second}) ledger.append_to_list(acme(), list::Kind::devices, each);
    ledger.say<device::Assemble>(acme_key, acme_subject(),
                                 {assembled("camera", device::UnitType::device, "cam", {board, battery}),
                                  assembled("second camera", device::UnitType::device, "cam", {})});
    ledger.seal();
  }
  void live() {
    put_key(camera_key, camera_subject());
    put_device(camera, device::State::active, acme(), {board, battery});
    ledger.say<device::Activate>(camera_key, camera_subject(),
                                 {{encoded(device::Activate{camera}), {path::device(camera)}}});
    ledger.seal();
    put_device(camera, device::State::active, bob, {board, battery});
    ledger.append_to_list(bob, list::Kind::devices, camera);
    ledger.say<ownership::Offer>(
        acme_key, acme_subject(),
        {{encoded(ownership::Offer{thing::Type::device, camera, bob, 1}), {path::device(camera)}}});
    ledger.say<ownership::Accept>(
        bob_key, bob_subject(),
        {{encoded(ownership::Accept{thing::Type::device, camera, 2, {}}), {path::device(camera)}}});
    ledger.seal();
    const std::vector<Digest> both{path::device(camera), path::part(spare)};
    device::Attach attach;
    attach.unit = camera;
    attach.part = spare;
    ledger.say<device::Attach>(bob_key, bob_subject(), {{encoded(attach), both}});
    ledger.say<device::Detach>(bob_key, bob_subject(), {{encoded(device::Detach{camera, spare, {}, {}}), both}});
    ledger.seal();
  }
};

// A page of a passport as it is encoded, with everything open to change. Views into the ledger.
struct PassportPieces {
  struct Run {
    proof::Range range;
    std::vector<std::uint64_t> events;
  };
  struct Thing {
    proof::ThingType type{};
    Octets id;
    proof::Item item;
    std::optional<Run> run;
    std::optional<proof::PassportText> text;
    std::optional<proof::ModelOpening> opening;
  };
  Id device;
  proof::Anchor anchor;
  std::vector<Thing> things;
  std::vector<proof::PassportStatement> statements;
  std::vector<proof::PassportEvent> events;

  Octets encode() const {
    std::vector<proof::PassportThing> views;
    for (const auto& thing : things) {
      proof::PassportThing view{thing.type, thing.id, thing.item, {}, thing.text, thing.opening};
      if (thing.run) view.run = proof::PassportRun{thing.run->range, std::span<const std::uint64_t>(thing.run->events)};
      views.push_back(view);
    }
    proof::PassportPage out;
    out.device = device;
    out.anchor = anchor;
    out.things = std::span<const proof::PassportThing>(views);
    out.statements = std::span<const proof::PassportStatement>(statements);
    out.events = std::span<const proof::PassportEvent>(events);
    return encoded(out);
  }
  Thing& thing(proof::ThingType type, ByteView id) {
    return *std::find_if(things.begin(), things.end(),
                         [&](const Thing& each) { return each.type == type && equal(each.id, id); });
  }
};

// As the format says: the whole passport, or a page of it. Parties, firmware and roles only where asked for.
class PassportMaker {
 public:
  PassportMaker(TestLedger& ledger, const Id& device) : ledger_(ledger), device_(device) {}

  // Only events whose bodies were committed as number `first` to `end` - 1.
  PassportMaker& events(std::size_t first, std::size_t end) {
    first_ = first;
    end_ = end;
    return *this;
  }
  PassportMaker& without_part(const Id& id) {
    left_out_.insert(id);
    return *this;
  }
  PassportMaker& with(proof::ThingType type, ByteView id) {
    extra_.push_back(thing_of(type, id, need(proof::path_of(type, id))));
    return *this;
  }
  PassportPieces make() {
    out_.device = device_;
    out_.anchor = ledger_.anchor();
    add_things();
    add_events();
    auto tail = extra_;
    for (const auto& kid : signers_) tail.push_back(thing_of(proof::ThingType::key, kid, path::key(kid)));
    for (const auto& model : models_) tail.push_back(model_of(model));
    const auto before = [](const PassportPieces::Thing& a, const PassportPieces::Thing& b) {
      return a.type != b.type ? a.type < b.type : less(a.id, b.id);
    };
    std::sort(tail.begin(), tail.end(), before);
    for (const auto& thing : tail) {
      if (out_.things.back().type < proof::ThingType::key || before(out_.things.back(), thing))
        out_.things.push_back(thing);
    }
    return out_;
  }

 private:
  PassportPieces::Thing thing_of(proof::ThingType type, ByteView id, const Digest& path) {
    return {type, Octets(id.begin(), id.end()), ledger_.item(path), {}, {}, {}};
  }
  PassportPieces::Thing model_of(const Id& id) {
    auto out = thing_of(proof::ThingType::model, id, path::model(id));
    const auto record = need(cbor::decode<model::Record>(*ledger_.state.find(path::model(id))));
    for (const auto& body : ledger_.committed) {
      if (statement::body_leaf(body.salt, body.body) == record.text)
        out.text = proof::PassportText{body.salt, ByteView(body.body)};
    }
    return out;
  }
  void add(proof::ThingType type, const Id& id, const Digest& path, const thing::Record& record) {
    out_.things.push_back(thing_of(type, id, path));
    out_.things.back().run.emplace();
    paths_.push_back(path);
    if (record.model && !record.blinded_class) models_.push_back(*record.model);
    for (const auto child : record.children) parts_.push_back(child);
  }
  void add_things() {
    const Digest path = path::device(device_);
    add(proof::ThingType::device, device_, path, need(cbor::decode<device::Record>(*ledger_.state.find(path))));
    std::set<Id> there;
    while (!parts_.empty()) {
      const Id id = parts_.front();
      parts_.pop_front();
      if (left_out_.contains(id) || !there.insert(id).second) continue;
      const Digest part = path::part(id);
      add(proof::ThingType::part, id, part, need(cbor::decode<part::Record>(*ledger_.state.find(part))));
    }
  }
  void add_events() {
    std::optional<std::size_t> statement;
    for (std::size_t number = first_; number < std::min(end_, ledger_.committed.size()); ++number) {
      const auto& body = ledger_.committed[number];
      bool concerns = false;
      for (std::size_t i = 0; i < paths_.size(); ++i) {
        if (std::find(body.touched.begin(), body.touched.end(), paths_[i]) == body.touched.end()) continue;
        out_.things[i].run->events.push_back(out_.events.size());
        concerns = true;
      }
      if (!concerns) continue;
      if (statement != body.statement) add_statement(ledger_.said[body.statement]);
      statement = body.statement;
      const auto event = ledger_.event(body);
      out_.events.push_back({out_.statements.size() - 1, event.index, event.salt, event.body, event.withheld,
                             event.bodies_path, event.height, event.time_ms, event.outcome});
    }
    for (std::size_t i = 0; i < paths_.size(); ++i) add_range(paths_[i], *out_.things[i].run);
  }
  void add_range(const Digest& path, PassportPieces::Run& run) {
    const auto& its = ledger_.events[path];
    const auto first = static_cast<std::size_t>(std::lower_bound(its.committed.begin(), its.committed.end(), first_) -
                                                its.committed.begin());
    run.range = ledger_.range(its.history, first, run.events.size());
  }
  void add_statement(const Said& said) {
    proof::PassportStatement out{said.sign1, {}, {}};
    if (!said.also.empty()) out.also = ByteView(said.also);
    out_.statements.push_back(out);
    const auto submission = need(statement::parse(said.submission));
    signers_.insert(submission.statement.header.kid);
    for (const auto approval : submission.approvals) signers_.insert(approval.kid);
  }

  TestLedger& ledger_;
  const Id device_;
  std::size_t first_ = 0, end_ = ~std::size_t{0};
  std::set<Id> left_out_;
  PassportPieces out_;
  std::vector<Digest> paths_;
  std::deque<Id> parts_;
  std::vector<Id> models_;
  std::set<Digest> signers_;
  std::vector<PassportPieces::Thing> extra_;
};

}  // namespace mikusari::test
