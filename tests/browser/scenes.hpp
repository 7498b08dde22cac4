// SPDX-License-Identifier: Apache-2.0
// The devices that the browser tests look at, on a ledger that believes whatever it is told (proof/test_ledger.hpp).
#pragma once

#include "proof/test_camera.hpp"
#include "statement/custody.hpp"
#include "statement/document.hpp"
#include "statement/names.hpp"
#include "statement/role.hpp"

namespace mikusari::test {

inline const std::string hostile = "</script><img src=x onerror=\"document.title='broken'\">";

// The camera of CameraScene in a harder life: workshops with and without certificates, parts of doubtful origin, models
// that are blinded, a copied chip, alarms, keys of every standing, a text that is withheld, statements that are newer
// than the page or no statements at all, and names that try to be markup.
class HardLife : public CameraScene {
 public:
  explicit HardLife(std::string_view name = "hard life") : CameraScene(name) {
    ledger.add_checkpoint_signer("log.fixit", 1, {crypto::Algorithm::esp256});
    ledger.add_witness("watch.example");
    ledger.add_witness("watch.other");
    ledger.witness_threshold = 1;
    people();
    workshops();
    doubtful_parts();
    blinded_parts();
    alarms();
    keys();
    strange_statements();
    texts();
    ledger.seal();
  }

  PassportMaker maker() {
    PassportMaker out(ledger, camera);
    for (const Handle& party : {acme(), bob, lab, fixit, rival, names::member(ledger.id, "gone")})
      out.with(proof::ThingType::party, party);
    for (const auto& role : roles_) out.with(proof::ThingType::role, role);
    for (const auto& key : keys_) out.with(proof::ThingType::key, key);
    for (const Id& blind : {model("secret"), foreign_model}) out.with(proof::ThingType::model, blind);
    out.with(proof::ThingType::firmware, firmware_id(7)).with(proof::ThingType::firmware, firmware_id(8));
    return out;
  }
  // The whole passport, with the texts of firmware and the openings of blinded models.
  PassportPieces pieces() {
    auto out = maker().make();
    for (const auto sequence : {7, 8}) {
      auto& thing = out.thing(proof::ThingType::firmware, firmware_id(sequence));
      thing.text = text_of(need(cbor::decode<firmware::Record>(*thing.item.value)).text);
    }
    auto& secret = out.thing(proof::ThingType::model, model("secret"));
    secret.text = text_of(need(cbor::decode<model::Record>(*secret.item.value)).text);
    out.thing(proof::ThingType::part, opened_cell).opening = {salt, model("secret")};
    out.thing(proof::ThingType::part, foreign_cell).opening = {salt, foreign_model};
    return out;
  }

  crypto::SoftwareSigner lab_key = signer_from("lab"), fixit_key = signer_from("fixit", crypto::Algorithm::esp256),
                         rival_key = signer_from("rival"), cell_key = signer_from("cell key");
  const Handle lab = names::member(ledger.id, "lab"), fixit = names::member(ledger.id, "fixit"),
               rival = names::member(ledger.id, "rival");
  const Id second_hand = names::id(bob, named("second-hand battery")), opened_cell = id("opened cell"),
           closed_cell = id("closed cell"), foreign_cell = id("foreign cell"),
           foreign_model = names::id(rival, named("foreign model"));
  const Bytes<16> salt = Bytes<16>::copy(named("salt of a model").view().first(16));

 private:
  void people() {
    put_member("lab", lab_key);
    put_member("fixit", fixit_key);
    put_member("rival", rival_key);
    put_member("gone", signer_from("gone"));
    ledger.edit<party::Record>(path::party(names::member(ledger.id, "gone")),
                               [](party::Record& record) { record.state = party::State::expelled; });
    ledger.edit<party::Record>(path::party(lab), [](party::Record& record) {
      static constexpr Role roles[] = {Role::certifier, Role::laboratory};
      record.roles = std::span<const Role>(roles);
    });
    ledger.seal();
  }

  static Octets number(std::uint64_t value) {
    Octets out(8);
    for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::byte>(value >> (56 - 8 * i));
    return out;
  }
  static Octets joined(std::initializer_list<ByteView> parts) {
    Octets out;
    for (const ByteView part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
  }
  Octets firmware_id(std::uint64_t sequence) const { return joined({model("cam"), number(sequence)}); }
  std::optional<proof::PassportText> text_of(const Digest& leaf) const {
    for (const auto& body : ledger.committed) {
      if (statement::body_leaf(body.salt, body.body) == leaf)
        return proof::PassportText{body.salt, ByteView(body.body)};
    }
    return std::nullopt;
  }

  // --- workshops

  static Id place(std::string_view name) { return named("place " + std::string(name)); }
  void certify(std::string_view where, const Handle& to, const std::function<void(role::Record&)>& change = {}) {
    role::Record record;
    record.state = role::State::granted;
    record.role = Role::premises;
    record.from = lab;
    record.to = to;
    record.scope = place(where);
    record.granted_ms = TestLedger::start_ms;
    if (change) change(record);
    ledger.put(path::role(to, Role::premises, record.scope), record);
    roles_.push_back(joined({to, number(static_cast<std::uint64_t>(Role::premises)), record.scope}));
  }
  void inspect(std::string_view where, part::Finding finding, std::string_view tool = {}) {
    part::Inspect body;
    body.type = thing::Type::device;
    body.thing = camera;
    body.finding = finding;
    body.at = thing::At{place(where), {}};
    if (!tool.empty()) body.at->tool = place(tool);
    ledger.say<part::Inspect>(fixit_key, subject_of_party(fixit), {{encoded(body), {path::device(camera)}}});
  }
  void workshops() {
    certify("good", fixit, [](role::Record& record) { record.until_ms = TestLedger::start_ms + 1'000'000'000; });
    certify("lapsed", fixit, [](role::Record& record) { record.until_ms = TestLedger::start_ms + 1; });
    certify("revoked", fixit, [](role::Record& record) {
      record.state = role::State::revoked;
      record.revoked_ms = TestLedger::start_ms + 2;
    });
    certify("later", fixit, [](role::Record& record) { record.granted_ms = TestLedger::start_ms + 900'000'000; });
    certify("other", bob);
    certify("expelled", fixit, [this](role::Record& record) { record.from = names::member(ledger.id, "gone"); });
    inspect("good", part::Finding::passed, "good");
    inspect("lapsed", part::Finding::failed);
    inspect("revoked", part::Finding::repaired);
    inspect("later", part::Finding::observed);
    inspect("other", part::Finding::passed);
    inspect("unheard of", part::Finding::passed);
    inspect("expelled", part::Finding::passed);
    ledger.seal();
  }

  // --- parts

  void add_child(const Id& part) {
    edit_device(camera, [&](device::Record& record) {
      children_.clear();
      for (const auto child : record.children) children_.push_back(child);
      children_.push_back(part);
      record.children = std::span<const Id>(children_);
    });
    mount(part, camera);
  }
  void attached(const device::Attach& body, const Id& part) {
    ledger.say<device::Attach>(bob_key, bob_subject(), {{encoded(body), {path::device(camera), path::part(part)}}});
    ledger.seal();
  }
  void doubtful_parts() {
    put_part(second_hand, "cell", [](part::Record& record) {
      record.model.reset();
      record.maker.reset();
      record.accepted = true;
      record.salvaged = true;
    });
    add_child(second_hand);
    device::Attach body;
    body.unit = camera;
    body.nonce = named("second-hand battery");
    attached(body, second_hand);
  }
  void blinded(const Id& part, const Id& its_model) {
    put_part(part, "cell", [&](part::Record& record) {
      record.model = names::blinded(salt, its_model);
      record.blinded_class = thing::Class::battery;
    });
    add_child(part);
    device::Attach body;
    body.unit = camera;
    body.part = part;
    attached(body, part);
  }
  void blinded_parts() {
    put_model("secret", thing::Class::battery);
    ledger.seal();
    model::Record other;
    other.state = model::State::active;
    other.vendor = rival;
    other.model_class = thing::Class::battery;
    ledger.put(path::model(foreign_model), other);
    blinded(opened_cell, model("secret"));
    blinded(closed_cell, model("secret"));
    blinded(foreign_cell, foreign_model);
  }

  // --- alarms

  void alarms() {
    // The rival says that the chip of this camera stands in a camera of its own.
    device::Assemble copied;
    copied.nonce = named("copied camera");
    copied.type = device::UnitType::device;
    copied.model = model("cam");
    const device::Mount mounts[] = {{chip, {}}};
    copied.mounts = std::span<const device::Mount>(mounts);
    edit_part(chip, [](part::Record& record) { record.alarms = 1; });
    edit_device(camera, [](device::Record& record) { record.alarms = 2; });
    ledger.say<device::Assemble>(
        rival_key, subject_of_party(rival),
        {{encoded(copied), {path::part(chip), path::device(camera)}, statement::Outcome::alarm}});
    const device::Alarm opened{thing::Type::device, camera, device::Cause::opened, {}, {}};
    ledger.say<device::Alarm>(camera_key, camera_subject(), {{encoded(opened), {path::device(camera)}}});
    ledger.seal();
  }

  // --- keys

  key::Entry entry(std::string_view seed, key::Purpose purpose, const std::function<void(key::Entry&)>& change = {}) {
    const auto signer = signer_from(seed);
    put_key(signer, camera_subject(), purpose);
    key::Entry out;
    out.key = kid(signer);
    out.purpose = purpose;
    if (change) change(out);
    keys_.push_back(out.key);
    return out;
  }
  void keys() {
    const key::Entry entries[] = {
        entry_of(camera_key),
        entry("waiting", key::Purpose::wallet, [](key::Entry& each) { each.from_ms = 2'000'000'000'000; }),
        entry("frozen", key::Purpose::authentication, [](key::Entry& each) { each.frozen = true; }),
        entry("ended", key::Purpose::authentication, [](key::Entry& each) { each.until_ms = 1'800'000'000'001; }),
        entry("born", key::Purpose::identity, [](key::Entry& each) { each.birth = true; }),
        entry("elsewhere", key::Purpose::attestation, [this](key::Entry& each) { each.root = second; })};
    keys_.pop_back();  // this one's record is not in the passport
    edit_device(camera, [&](device::Record& record) { record.keys = std::span<const key::Entry>(entries); });
    ledger.edit<key::Record>(path::key(kid(signer_from("born"))), [](key::Record& record) {
      record.level = key::Level::hardware;
      record.activation = key::Activation::biometric;
    });
    const auto silent = subject_of_part(battery);
    put_key(cell_key, silent, key::Purpose::wallet);
    ledger.edit<key::Record>(path::key(kid(cell_key)), [](key::Record& record) {
      record.state = key::State::revoked;
      record.reason = key::Reason::compromised;
    });
    const key::Entry of_cell[] = {entry_of(cell_key)};
    edit_part(battery, [&](part::Record& record) { record.keys = std::span<const key::Entry>(of_cell); });
    keys_.push_back(kid(cell_key));
    ledger.seal();
  }

  // --- statements

  void strange_statements() {
    const std::vector<Digest> touches{path::device(camera)};
    ledger.say(bob_key, bob_subject(), 0x05ff, "device.teleport", {{encoded(device::Activate{camera}), touches}});
    ledger.say<device::Suspend>(bob_key, bob_subject(), {{encoded(device::Retire{camera, 1}), touches}});
    document::Evidence document;
    document.type = document::Type::inspection;
    document.digest = named("report");
    document.about_type = thing::Type::device;
    document.about = camera;
    ledger.say<document::Evidence>(bob_key, bob_subject(), {{encoded(document), touches}});
    document.type = document::Type::incident;
    ledger.say<document::Evidence>(bob_key, bob_subject(), {{encoded(document), touches}});
    ledger.seal();
    ledger.committed.back().withheld = true;
    // On its way to somebody whom the passport does not name.
    const custody::Ship ship{thing::Type::device, camera, named("a private person"), 4, {}};
    edit_device(camera, [](device::Record& record) {
      record.shipped_to = named("a private person");
      record.shipped_with_title = true;
    });
    ledger.say<custody::Ship>(bob_key, bob_subject(), {{encoded(ship), touches}});
    ledger.seal();
  }

  void texts() {
    const firmware::Image images[] = {{named("hostile image"), 4096}};
    firmware::Release body;
    body.model = model("cam");
    body.sequence = 8;
    body.version = hostile;
    body.images = std::span<const firmware::Image>(images);
    firmware::Record record;
    record.state = firmware::State::recalled;
    record.model = model("cam");
    record.sequence = 8;
    record.images = std::span<const firmware::Image>(images);
    record.text = ledger.say<firmware::Release>(acme_key, acme_subject(), {{encoded(body), {}}})[0];
    ledger.put(path::firmware(model("cam"), 8), record);
  }

  std::vector<Octets> roles_;
  std::vector<Digest> keys_;
  std::vector<Id> children_;
};

}  // namespace mikusari::test
