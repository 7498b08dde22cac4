// SPDX-License-Identifier: Apache-2.0
// Family `custody`: ship and receive, in batches that an interrupted run continues.
#include "statement/custody.hpp"

#include "cli/batches.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

template <class MakeBody>
Result<void> say_custody(Session& session, const statement::Kind& kind, const std::string& more, MakeBody make) {
  TRY(const auto things, things_named(session));
  TRY(const auto each, session.arguments().number("--batch", limits::bodies_max));
  if (each == 0 || each > limits::bodies_max) return fail(Code::invalid, "--batch is 1 to 4,096");
  TRY(auto voice, Voice::open(session));
  if (things.size() <= each) {
    std::vector<platform::Buffer> bodies;
    for (const auto& id : things) bodies.push_back(platform::encode(make(id)));
    TRY(const auto n, voice.next_n());
    return voice.say(kind, bodies, n);
  }
  crypto::Sha256 hash;
  for (const auto& id : things) hash.update(id);
  Batches work;
  work.about = std::string(kind.name) + " " + platform::to_hex(hash.finish()) + " " + more + " " +
               std::to_string(each) + " by " + platform::to_hex(voice.kid());
  work.what = kind.name;
  work.folder = platform::join(
      session.home_file("outbox"),
      std::string(kind.name) + "-" + platform::to_hex(crypto::sha256(as_bytes(work.about)).view().first(8)));
  work.total = things.size();
  work.each = each;
  work.kind = &kind;
  work.bodies = [&](std::uint64_t, std::uint64_t first, std::uint64_t count) -> Result<std::vector<platform::Buffer>> {
    std::vector<platform::Buffer> out;
    for (std::uint64_t i = first; i < first + count; ++i) out.push_back(platform::encode(make(things[i])));
    return out;
  };
  TRY(say_batches(voice, work));
  // Everything was answered: the same ids may go the same way again some day.
  return session.files().rename(work.folder, work.folder + "." + std::to_string(session.machine().clock.now_ms()));
}

custody::Thing type_of(const Session& session) {
  return session.arguments().has("--device") ? custody::Thing::device : custody::Thing::part;
}

Result<void> ship(Session& session) {
  const std::string to = session.arguments().text("--to");
  const auto type = type_of(session);
  return say_custody(session, custody::Ship::kind, to, [&](const Id& id) { return custody::Ship{type, id, to}; });
}

Result<void> receive(Session& session) {
  const auto type = type_of(session);
  return say_custody(session, custody::Receive::kind, "", [&](const Id& id) { return custody::Receive{type, id}; });
}

std::vector<Option> things(std::vector<Option> more) {
  std::vector<Option> out = {
      {"THING", Form::list, Need::optional, "ids", "id"},
      {"--ids", Form::text, Need::optional, "file of ids, one a line", "idのファイル"},
      {"--lot", Form::text, Need::optional, "a lot registered from this home", "ロット名"},
      {"--count", Form::text, Need::optional, "only so many of them", "個数"},
      {"--skip", Form::text, Need::optional, "after so many", "飛ばす個数"},
      {"--batch", Form::text, Need::optional, "things under one signature, at most 4096", "一署名あたりの個数"},
      {"--device", Form::flag, Need::optional, "the ids are of devices, not of parts", "部品でなく機器"}};
  out.insert(out.end(), more.begin(), more.end());
  return saying(std::move(out));
}

}  // namespace

void add_custody_commands(Commands& to) {
  to.push_back({"custody ship", "Ship things to a member", "発送する",
                things({{"--to", Form::text, Need::required, "the member who shall receive", "受取人"}}), ship});
  to.push_back({"custody receive", "Receive what was shipped to oneself", "受領する", things({}), receive});
}

}  // namespace mikusari::cli
