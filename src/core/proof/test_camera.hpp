// SPDX-License-Identifier: Apache-2.0
// For tests only: the life of one camera on a TestLedger, and its passport in pieces that a test can change.
#pragma once

#include <algorithm>

#include "proof/passport.hpp"
#include "proof/test_ledger.hpp"
#include "statement/device.hpp"
#include "statement/firmware.hpp"
#include "statement/key.hpp"
#include "statement/model.hpp"
#include "statement/ownership.hpp"

namespace mikusari::test {

// A maker, "acme", makes a board of a chip, and a camera of the board and a battery; the camera activates itself, is
// sold to "bob", who mounts a second battery and takes it out again. A second camera stands beside it.
class CameraScene {
 public:
  static inline const Id camera = named("camera"), second = named("second camera"), board = named("board"),
                         chip = named("chip"), battery = named("battery"), spare = named("spare battery"),
                         image = named("firmware image");

  explicit CameraScene(std::string_view name = "test ledger") : ledger(name) {
    ledger.add_checkpoint_signer("log.acme", 1, {crypto::Algorithm::ed25519});
    found();
    make();
    live();
  }

  static Subject member(std::string_view name) { return {SubjectType::member, as_bytes(name)}; }
  static Id model(std::string_view name) { return model::model_id("acme", name); }
  static Digest kid(const crypto::SoftwareSigner& signer) { return cose::thumbprint(signer.public_key()); }

  void put_key(const crypto::SoftwareSigner& signer, const Subject& subject, key::State state = key::State::active) {
    key::Record record;
    record.state = state;
    record.key = signer.public_key();
    record.purpose = key::Purpose::wallet;
    record.subject = subject;
    if (state == key::State::revoked) record.reason = key::Reason::end_of_life;
    ledger.put(path::key(kid(signer)), record);
  }
  void put_model(std::string_view name, model::Class model_class) {
    model::Record record;
    record.state = model::State::active;
    record.vendor = "acme";
    record.name = name;
    record.model_class = model_class;
    record.latest = 7;
    record.floor = 5;
    ledger.put(path::model(model(name)), record);
  }
  void put_firmware(const Digest& digest, std::uint64_t sequence, firmware::State state) {
    firmware::Record record;
    record.state = state;
    record.model = model("cam");
    record.image = digest;
    record.size = 4096;
    record.sequence = sequence;
    record.version = "1.0";
    ledger.put(path::firmware(model("cam"), digest), record);
  }
  void put_part(const Id& id, std::string_view part_model, part::State state, std::optional<Id> parent = {},
                std::vector<Id> children = {}, std::vector<Id> claims = {}) {
    part::Record record;
    record.state = state;
    record.model = model(part_model);
    record.maker = record.custodian = "acme";
    record.parent = parent;
    record.children = std::span<const Id>(children);
    record.claims = std::span<const Id>(claims);
    if (parent) record.grade = part::Grade::claimed;
    ledger.put(path::part(id), record);
  }
  void put_device(const Id& id, device::State state, std::string_view owner, std::vector<Id> children,
                  std::uint64_t disputes = 0) {
    const std::vector<Digest> keys{kid(camera_key)};
    device::Record record;
    record.state = state;
    record.model = model("cam");
    record.maker = "acme";
    record.owner = record.custodian = owner;
    if (state == device::State::active) record.keys = std::span<const Digest>(keys);
    record.children = std::span<const Id>(children);
    record.disputes = disputes;
    record.transfers = owner == "acme" ? 0 : 1;
    ledger.put(path::device(id), record);
  }
  static SaidBody registered(const Id& part, std::string_view part_model) {
    return {encoded(part::Register{part, model(part_model), {}, {}, {}}), {path::part(part)}};
  }
  static SaidBody assembled(const Id& unit, device::UnitType type, std::string_view unit_model, std::vector<Id> parts) {
    std::vector<device::Mount> mounts;
    std::vector<Digest> touched{type == device::UnitType::board ? path::part(unit) : path::device(unit)};
    for (const auto& part : parts) {
      mounts.push_back({part, {}});
      touched.push_back(path::part(part));
    }
    return {encoded(device::Assemble{unit, type, model(unit_model), std::span<const device::Mount>(mounts), {}}),
            touched};
  }

  void found() {
    put_key(acme_key, member("acme"));
    put_key(bob_key, member("bob"));
    for (const std::string_view name : {"acme", "bob"}) {
      ledger.put(path::member(name), member::Record{Head{}, member::State::active, name, {}, 1});
    }
    put_model("soc", model::Class::chip);
    put_model("cell", model::Class::battery);
    put_model("mainboard", model::Class::board);
    put_model("cam", model::Class::device);
    put_firmware(image, 7, firmware::State::released);
    ledger.seal();
  }
  void make() {
    put_part(chip, "soc", part::State::stock);
    put_part(battery, "cell", part::State::stock);
    put_part(spare, "cell", part::State::stock);
    ledger.say<part::Register>(acme_key, member("acme"),
                               {registered(chip, "soc"), registered(battery, "cell"), registered(spare, "cell")});
    ledger.seal();
    put_part(chip, "soc", part::State::mounted, board);
    put_part(board, "mainboard", part::State::stock, {}, {chip});
    ledger.say<device::Assemble>(acme_key, member("acme"),
                                 {assembled(board, device::UnitType::board, "mainboard", {chip})});
    ledger.seal();
    put_part(board, "mainboard", part::State::mounted, camera, {chip});
    put_part(battery, "cell", part::State::mounted, camera);
    put_device(camera, device::State::assembled, "acme", {board, battery});
    put_device(second, device::State::assembled, "acme", {});
    ledger.say<device::Assemble>(acme_key, member("acme"),
                                 {assembled(camera, device::UnitType::device, "cam", {board, battery}),
                                  assembled(second, device::UnitType::device, "cam", {})});
    ledger.seal();
  }
  void live() {
    put_key(camera_key, {SubjectType::device, camera});
    put_device(camera, device::State::active, "acme", {board, battery});
    ledger.say<device::Activate>(camera_key, {SubjectType::device, camera},
                                 {{encoded(device::Activate{camera}), {path::device(camera)}}});
    ledger.seal();
    put_device(camera, device::State::active, "bob", {board, battery});
    ledger.say<ownership::Offer>(acme_key, member("acme"),
                                 {{encoded(ownership::Offer{camera, "bob"}), {path::device(camera)}}});
    ledger.say<ownership::Accept>(bob_key, member("bob"),
                                  {{encoded(ownership::Accept{camera}), {path::device(camera)}}});
    ledger.seal();
    ledger.say<device::Attach>(
        bob_key, member("bob"),
        {{encoded(device::Attach{camera, {spare, {}}, false}), {path::device(camera), path::part(spare)}}});
    ledger.say<device::Detach>(bob_key, member("bob"),
                               {{encoded(device::Detach{camera, spare}), {path::device(camera), path::part(spare)}}});
    ledger.seal();
  }

  TestLedger ledger;
  crypto::SoftwareSigner acme_key = signer_from("acme"), bob_key = signer_from("bob"),
                         camera_key = signer_from("camera");
};

// A passport as it is encoded, with everything open to change. Views into the ledger.
struct PassportPieces {
  struct Thing {
    proof::ThingType type{};
    Octets id;
    proof::Item item;
    std::vector<std::uint64_t> events;
  };
  std::uint64_t version = 1;
  Id device;
  proof::Anchor anchor;
  std::vector<Thing> things;
  std::vector<ByteView> statements;
  std::vector<proof::PassportEvent> events;

  Octets encode() const {
    std::vector<proof::PassportThing> views;
    for (const auto& thing : things)
      views.push_back({thing.type, thing.id, thing.item, std::span<const std::uint64_t>(thing.events)});
    proof::Passport out;
    out.version = version;
    out.device = device;
    out.anchor = anchor;
    out.things = std::span<const proof::PassportThing>(views);
    out.statements = std::span<const ByteView>(statements);
    out.events = std::span<const proof::PassportEvent>(events);
    return encoded(out);
  }
  Thing& thing(proof::ThingType type, ByteView id) {
    return *std::find_if(things.begin(), things.end(),
                         [&](const Thing& each) { return each.type == type && equal(each.id, id); });
  }
};

// As the format says. Members and firmware only where asked for.
class PassportMaker {
 public:
  PassportMaker(TestLedger& ledger, const Id& device) : ledger_(ledger) {
    out_.device = device;
    out_.anchor = ledger.anchor();
    add(proof::ThingType::device, device, path::device(device));
    const auto record = need(cbor::decode<device::Record>(*ledger.state.find(path::device(device))));
    refer(record.model);
    for (const auto child : record.children) parts_.push_back(child);
    for (std::size_t i = 0; i < parts_.size(); ++i) add_part(parts_[i]);
    add_events();
  }
  PassportMaker& with(proof::ThingType type, ByteView id, const Digest& path) {
    extra_.push_back({type, Octets(id.begin(), id.end()), ledger_.item(path), {}});
    return *this;
  }
  PassportPieces make() {
    auto tail = extra_;
    for (const auto& statement : out_.statements) {
      const Digest kid = need(statement::parse_signed_payload(statement)).header.kid;
      tail.push_back(
          {proof::ThingType::key, Octets(kid.data.begin(), kid.data.end()), ledger_.item(path::key(kid)), {}});
    }
    for (const auto& model : models_) {
      tail.push_back({proof::ThingType::model,
                      Octets(model.data.begin(), model.data.end()),
                      ledger_.item(path::model(model)),
                      {}});
    }
    const auto before = [](const PassportPieces::Thing& a, const PassportPieces::Thing& b) {
      return a.type != b.type ? a.type < b.type : less(a.id, b.id);
    };
    std::sort(tail.begin(), tail.end(), before);
    for (const auto& thing : tail) {
      if (before(out_.things.back(), thing) || out_.things.back().type < proof::ThingType::key)
        out_.things.push_back(thing);
    }
    return out_;
  }

 private:
  void refer(const Id& model) { models_.push_back(model); }
  void add(proof::ThingType type, const Id& id, const Digest& path) {
    out_.things.push_back({type, Octets(id.data.begin(), id.data.end()), ledger_.item(path), {}});
    paths_.push_back(path);
  }
  void add_part(const Id id) {
    for (const auto& thing : out_.things) {
      if (equal(thing.id, id)) return;
    }
    add(proof::ThingType::part, id, path::part(id));
    const auto record = need(cbor::decode<part::Record>(*ledger_.state.find(path::part(id))));
    if (record.model) refer(*record.model);
    for (const auto child : record.children) parts_.push_back(child);
  }
  void add_events() {
    std::optional<std::size_t> statement;
    for (const auto& body : ledger_.committed) {
      bool concerns = false;
      for (std::size_t i = 0; i < paths_.size(); ++i) {
        if (std::find(body.touched.begin(), body.touched.end(), paths_[i]) == body.touched.end()) continue;
        out_.things[i].events.push_back(out_.events.size());
        concerns = true;
      }
      if (!concerns) continue;
      if (statement != body.statement) out_.statements.push_back(ledger_.sign1s[body.statement]);
      statement = body.statement;
      const auto event = ledger_.event(body);
      out_.events.push_back({out_.statements.size() - 1, event.index, event.salt, event.body, event.bodies_path,
                             event.height, event.time_ms, event.outcome});
    }
  }

  TestLedger& ledger_;
  PassportPieces out_;
  std::vector<Digest> paths_;
  std::deque<Id> parts_;
  std::vector<Id> models_;
  std::vector<PassportPieces::Thing> extra_;
};

}  // namespace mikusari::test
