// SPDX-License-Identifier: Apache-2.0
// Writes the documents that the browser tests open: make_passport FOLDER
//
//   ed25519-en.html, -ja.html, p256-...          a camera's life on a real ledger, with keys of one kind (living.hpp)
//   plain.passport, .policy, -en.html, -ja.html  a camera's life, complete and good
//   hard.passport, ...                           a life with everything that a reader must be told (scenes.hpp)
//   suspended, retired, destroyed .passport      the plain camera at its end
//   witnesses-unnamed.passport                   the destroyed one, with the hash of the witnesses' approvals
//   page-0.passport to page-2.passport           the plain passport in pages, the newest first
//   later.passport, without-part.passport        under a newer block; without one of its parts
//   second.passport, unwatched.passport          of another device; the hard one without cosignatures of witnesses
//   epoch-2.passport, epoch-2.policy             after other signers have taken over
//   newer-*.passport, newer-*.policy             as newer programs may write them; added-*: with additions
//   mutants.passport, mutants.json               and changes of it: [at, value, in_at, put_in, verdict of this program]
//   kinds.json                                   a body of each kind: [number, hexadecimal]
#include <cstdio>
#include <fstream>
#include <random>

#include "living.hpp"
#include "passport_page/passport_page.hpp"
#include "samples.hpp"
#include "scenes.hpp"

namespace mikusari::test {
namespace {

using passport_page::Language;

class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  void write(const std::string& name, ByteView bytes) const {
    std::ofstream out(path_ + "/" + name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) assertion_failed(name.c_str(), __FILE__, __LINE__);
  }
  void write_pages(const std::string& name, ByteView passport, ByteView policy,
                   std::span<const passport_page::Contact> contacts) const {
    write(name + ".passport", passport);
    write(name + ".policy", policy);
    const ByteView pages[] = {passport};
    write_html(name, pages, policy, contacts);
  }
  void write_html(const std::string& name, std::span<const ByteView> pages, ByteView policy,
                  std::span<const passport_page::Contact> contacts) const {
    const auto page = [&](Language language) {
      return need(passport_page::html_page(pages, policy, language, contacts));
    };
    write(name + "-en.html", as_bytes(std::string_view(page(Language::english))));
    write(name + "-ja.html", as_bytes(std::string_view(page(Language::japanese))));
  }

 private:
  std::string path_;
};

// What the verifier of src/core says.
std::string verdict_on(ByteView passport, ByteView policy) {
  const auto parsed = proof::parse_policy(policy);
  const auto verified = parsed ? proof::verify_passport(passport, *parsed) : std::unexpected(parsed.error());
  if (verified) return "verified";
  return verified.error().code() == Code::newer ? "newer" : "refused";
}

void write_living(const Folder& folder, const std::string& name, const ledger::TestOptions& options) {
  const Living living(options);
  const auto passport = living.pages();
  const auto policy = living.policy();
  const std::vector<ByteView> pages(passport.begin(), passport.end());
  const auto verified = need(proof::verify_passport(pages[0], need(proof::parse_policy(policy))));
  ASSERT(pages.size() == 1 && verified.complete);
  const passport_page::Contact contacts[] = {{living.buyer(), "the buyer"}};
  folder.write_html(name, pages, policy, contacts);
}

void write_plain(const Folder& folder) {
  CameraScene scene;
  PassportMaker maker(scene.ledger, scene.camera);
  for (const Handle& party : {scene.acme(), scene.bob}) maker.with(proof::ThingType::party, party);
  const Octets passport = maker.make().encode(), policy = scene.ledger.policy(1);
  ASSERT(need(proof::verify_passport(passport, need(proof::parse_policy(policy)))).complete);
  const passport_page::Contact contacts[] = {{scene.bob, "Bob \u202e" + hostile}};
  folder.write_pages("plain", passport, policy, contacts);

  const std::size_t count = scene.ledger.committed.size();
  const std::size_t cuts[] = {0, count - 4, count - 2, count};
  for (std::size_t page = 0; page < 3; ++page) {
    const auto pieces = PassportMaker(scene.ledger, scene.camera).events(cuts[2 - page], cuts[3 - page]).make();
    folder.write("page-" + std::to_string(page) + ".passport", pieces.encode());
  }
  folder.write("without-part.passport",
               PassportMaker(scene.ledger, scene.camera).without_part(scene.board).make().encode());
  folder.write("second.passport", PassportMaker(scene.ledger, scene.second).make().encode());
  scene.ledger.seal();
  folder.write("later.passport", PassportMaker(scene.ledger, scene.camera).make().encode());
  folder.write("epoch-2.policy", scene.ledger.policy(1, 2));
  scene.ledger.epoch = 2;
  scene.ledger.seal();
  folder.write("epoch-2.passport", PassportMaker(scene.ledger, scene.camera).make().encode());
  scene.ledger.checkpoint_keys.clear();
  scene.ledger.add_checkpoint_signer("log.new", 1, {crypto::Algorithm::ed25519});
  folder.write("other-signers.passport", PassportMaker(scene.ledger, scene.camera).make().encode());
  folder.write("other-signers.policy", scene.ledger.policy(1, 2));
}

// Signed an hour after the newest block: in between a key of the camera has ended. The maker is suspended. Of the keys
// of mounted parts speak one that was born with its part, and one that was registered for the part as it stands.
void write_standings(const Folder& folder) {
  CameraScene scene;
  auto& ledger = scene.ledger;
  const auto list = [&](const Id& part, std::string_view seed, const std::function<void(key::Entry&)>& change) {
    key::Entry entry = Scene::entry_of(signer_from(seed));
    if (change) change(entry);
    scene.edit_part(part, [&](part::Record& record) { record.keys = std::span<const key::Entry>(&entry, 1); });
  };
  list(scene.chip, "key of the chip in stock", {});
  list(scene.board, "birth key of the board", [](key::Entry& entry) { entry.birth = true; });
  list(scene.battery, "key of the battery in the camera", [&](key::Entry& entry) {
    entry.root = scene.camera;
    entry.root_tenure = 1;
  });
  key::Entry ending = Scene::entry_of(scene.camera_key);
  ending.until_ms = ledger.time_ms() + 60'000;
  scene.edit_device(scene.camera,
                    [&](device::Record& record) { record.keys = std::span<const key::Entry>(&ending, 1); });
  ledger.edit<party::Record>(path::party(scene.acme()),
                             [](party::Record& record) { record.state = party::State::suspended; });
  ledger.clock = 3600;
  ledger.seal();
  PassportMaker maker(ledger, scene.camera);
  for (const Handle& party : {scene.acme(), scene.bob}) maker.with(proof::ThingType::party, party);
  folder.write("standings.passport", maker.make().encode());
}

void write_hard(const Folder& folder) {
  HardLife scene;
  const Octets passport = scene.pieces().encode(), policy = scene.ledger.policy(2);
  const auto verified = need(proof::verify_passport(passport, need(proof::parse_policy(policy))));
  ASSERT(verified.complete && verified.withheld == 1 && verified.unproved_models == 2);
  folder.write_pages("hard", passport, policy, {});
  scene.ledger.witnesses.clear();
  folder.write("unwatched.passport", scene.pieces().encode());
}

void write_ends(const Folder& folder) {
  for (const auto& [name, state] :
       {std::pair{"suspended", device::State::suspended}, std::pair{"retired", device::State::retired}}) {
    CameraScene scene;
    scene.edit_device(scene.camera, [&](device::Record& record) { record.state = state; });
    scene.ledger.seal();
    folder.write(std::string(name) + ".passport", PassportMaker(scene.ledger, scene.camera).make().encode());
  }
  CameraScene scene;
  scene.destroy();
  auto pieces = PassportMaker(scene.ledger, scene.camera).make();
  folder.write("destroyed.passport", pieces.encode());
  for (auto& statement : pieces.statements) {
    if (!statement.also) continue;
    statement.also_hash = statement::also_hash(*statement.also);
    statement.also.reset();
  }
  std::erase_if(pieces.things, [&](const auto& thing) {
    return equal(thing.id, kid(scene.first_witness)) || equal(thing.id, kid(scene.second_witness));
  });
  folder.write("witnesses-unnamed.passport", pieces.encode());
}

// --- what newer programs may write

// The passport of a ledger whose records `change` has rewritten.
Octets with_record(const std::function<void(CameraScene&)>& change) {
  CameraScene scene;
  change(scene);
  scene.ledger.seal();
  return PassportMaker(scene.ledger, scene.camera).make().encode();
}

// The first place that has `from`, changed to `to` of the same length; both in hexadecimal.
Octets replaced(ByteView bytes, std::string_view from, std::string_view to) {
  Octets out(bytes.begin(), bytes.end());
  const Octets before = unhex(from), after = unhex(to);
  const auto found = std::search(out.begin(), out.end(), before.begin(), before.end());
  ASSERT(found != out.end() && before.size() == after.size());
  std::copy(after.begin(), after.end(), found);
  return out;
}

void write_newer(const Folder& folder) {
  CameraScene scene;
  const Octets passport = PassportMaker(scene.ledger, scene.camera).make().encode(), policy = scene.ledger.policy(1);
  folder.write("newer-form.passport", replaced(passport, "a60102", "a60103"));
  folder.write("newer-field.passport", with_field(passport, 128));
  folder.write("added-field.passport", with_field(passport, 64));
  folder.write("newer-form.policy", replaced(policy, "a90102", "a90103"));
  folder.write("newer-field.policy", with_field(policy, 64));
  const auto extend = [](CameraScene& of, const Digest& path, std::uint32_t key) {
    of.ledger.state.put(path, with_field(*of.ledger.state.find(path), key));
  };
  folder.write("newer-record.passport",
               with_record([&](CameraScene& of) { extend(of, path::key(kid(of.acme_key)), 200); }));
  folder.write("added-record.passport",
               with_record([&](CameraScene& of) { extend(of, path::key(kid(of.acme_key)), 100); }));
  folder.write("newer-value.passport", with_record([](CameraScene& of) {
                 const Digest path = path::key(kid(of.acme_key));
                 of.ledger.state.put(path, replaced(*of.ledger.state.find(path), "080109", "080909"));  // its state
               }));
}

// --- agreement with the verifier of src/core

// Where items of a document stand.
struct Places {
  std::vector<std::size_t> heads;                         // also in byte strings that hold CBOR themselves
  std::vector<std::pair<std::size_t, std::size_t>> maps;  // begin and end; not in byte strings
};

void find_places(ByteView input, std::size_t base, Places& out) {
  if (!cbor::check(input)) return;
  const auto item = [&](auto&& self, cbor::Reader& in) -> void {
    const std::size_t begin = in.offset();
    out.heads.push_back(base + begin);
    std::size_t inside = 0;
    switch (need(in.peek())) {
      case cbor::Major::array: inside = need(in.array()); break;
      case cbor::Major::map: inside = 2 * need(in.map()); break;
      case cbor::Major::tag: inside = need(in.tag()) == 18 ? 1 : 0; break;
      case cbor::Major::bytes: {
        const ByteView content = need(in.bytes());
        if (content.size() > 32) find_places(content, base + in.offset() - content.size(), out);
        return;
      }
      default: need(in.item()); return;
    }
    const bool is_map = need(cbor::Reader(input.subspan(begin)).peek()) == cbor::Major::map;
    for (; inside > 0; --inside) self(self, in);
    if (is_map && base == 0) out.maps.emplace_back(begin, in.offset());
  };
  cbor::Reader in(input);
  item(item, in);
}

// A change of a document: the byte at `at` gets another value, and something is put in.
struct Change {
  std::size_t at = 0;
  std::byte value{};
  std::size_t in_at = 0;
  std::string put_in{};  // in hexadecimal
};
Octets changed(ByteView bytes, const Change& change) {
  Octets out(bytes.begin(), bytes.end());
  out[change.at] = change.value;
  const Octets put_in = unhex(change.put_in);
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(change.in_at), put_in.begin(), put_in.end());
  return out;
}

// A third of the changes are where an item begins, a third anywhere, and a third are one field more in a map.
Change change_of(ByteView bytes, const Places& places, std::size_t number, std::mt19937& chance) {
  if (number % 3 == 2) {
    const auto [begin, end] = places.maps[chance() % places.maps.size()];
    const auto key = std::byte(30 + chance() % 226);
    const auto more = static_cast<std::byte>(std::to_integer<unsigned>(bytes[begin]) + 1);
    return {begin, more, end, "18" + to_hex(ByteView(&key, 1)) + "01"};
  }
  const std::size_t at = number % 3 == 0 ? places.heads[chance() % places.heads.size()] : chance() % bytes.size();
  return {at, bytes[at] ^ std::byte(1 + chance() % 255), 0, ""};
}

void write_mutants(const Folder& folder) {
  CameraScene scene;
  const Octets passport = PassportMaker(scene.ledger, scene.camera).make().encode(), policy = scene.ledger.policy(1);
  Places places;
  find_places(passport, 0, places);
  std::mt19937 chance(6);
  std::string out;
  for (std::size_t i = 0; i < 600; ++i) {
    const Change change = change_of(passport, places, i, chance);
    out += (out.empty() ? "[[" : ",\n[") + std::to_string(change.at) + "," +
           std::to_string(std::to_integer<unsigned>(change.value)) + "," + std::to_string(change.in_at) + ",\"" +
           change.put_in + "\",\"" + verdict_on(changed(passport, change), policy) + "\"]";
  }
  folder.write("mutants.passport", passport);
  folder.write("mutants.json", as_bytes(std::string_view(out + "]")));
}

void write_kinds(const Folder& folder) {
  std::string out;
  statement::for_each_kind([&]<class T>() {
    out +=
        (out.empty() ? "[[" : ",\n[") + std::to_string(T::kind.number) + ",\"" + to_hex(encoded(filled<T>())) + "\"]";
  });
  folder.write("kinds.json", as_bytes(std::string_view(out + "]")));
}

}  // namespace
}  // namespace mikusari::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_passport FOLDER\n");
    return 2;
  }
  const mikusari::test::Folder folder(argv[1]);
  mikusari::test::write_living(folder, "ed25519", {});
  mikusari::test::write_living(folder, "p256", {.algorithm = mikusari::crypto::Algorithm::esp256});
  mikusari::test::write_plain(folder);
  mikusari::test::write_standings(folder);
  mikusari::test::write_hard(folder);
  mikusari::test::write_ends(folder);
  mikusari::test::write_newer(folder);
  mikusari::test::write_mutants(folder);
  mikusari::test::write_kinds(folder);
  return 0;
}
