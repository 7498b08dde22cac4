// SPDX-License-Identifier: Apache-2.0
// Family `custody`: ship, receive, refuse, recall. Without title in batches that an interrupted run continues.
#include "statement/custody.hpp"

#include "cli/batches.hpp"
#include "cli/saying.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

What otherwise(const Session& session) { return session.arguments().has("--device") ? What::device : What::part; }

using Bodies = std::function<Result<platform::Buffer>(const OwnThing&)>;

Result<void> say_once(Voice& voice, const statement::Kind& kind, const std::vector<OwnThing>& things,
                      const Bodies& body_of) {
  if (things.size() > limits::bodies_max)
    return fail(Code::exhausted, "at most 4,096 things at a time: use --count and --skip");
  std::vector<platform::Buffer> bodies;
  for (const auto& each : things) {
    TRY(bodies.emplace_back(), body_of(each));
  }
  TRY(const auto n, voice.next_n());
  return voice.say(kind, bodies, n);
}

std::string about_work(const Voice& voice, const statement::Kind& kind, const std::vector<OwnThing>& things,
                       const std::string& more, std::uint64_t each) {
  crypto::Sha256 hash;
  for (const auto& thing : things) hash.update(thing.id);
  return std::string(kind.name) + " " + platform::to_hex(hash.finish()) + " " + more + " " + std::to_string(each) +
         " by " + platform::to_hex(voice.kid());
}

// Many things, in statements of --batch bodies each.
Result<void> say_batched(Voice& voice, const statement::Kind& kind, const std::vector<OwnThing>& things,
                         const std::string& more, std::uint64_t each, const Bodies& body_of) {
  Session& session = voice.session();
  Batches work;
  work.about = about_work(voice, kind, things, more, each);
  work.what = kind.name;
  work.folder = folder_for(session, kind.name, work.about);
  work.total = things.size();
  work.each = each;
  work.kind = &kind;
  work.bodies = [&](std::uint64_t, std::uint64_t first, std::uint64_t count) -> Result<std::vector<platform::Buffer>> {
    std::vector<platform::Buffer> out;
    for (std::uint64_t i = first; i < first + count; ++i) {
      TRY(out.emplace_back(), body_of(things[i]));
    }
    return out;
  };
  TRY(const auto tally, say_batches(voice, work));
  TRY(tally.verdict());
  // Everything was answered: the same ids may go the same way again some day.
  return session.files().rename(work.folder, work.folder + "." + std::to_string(session.machine().clock.now_ms()));
}

Result<void> say_custody(Voice& voice, const statement::Kind& kind, const std::vector<OwnThing>& things,
                         const std::string& more, const Bodies& body_of) {
  TRY(const auto each, voice.session().arguments().number("--batch", limits::bodies_max));
  if (each == 0 || each > limits::bodies_max) return fail(Code::invalid, "--batch is 1 to 4,096");
  if (things.size() <= each) return say_once(voice, kind, things, body_of);
  return say_batched(voice, kind, things, more, each, body_of);
}

Result<void> ship(Session& session) {
  TRY(const auto things, things_named(session, otherwise(session)));
  TRY(auto voice, Voice::open(session));
  TRY(const auto to, party_option(session, voice.ledger(), "--to"));
  TRY(const auto at, at_of(voice));
  const bool with_title = session.arguments().has("--with-title");
  const auto body_of = [&](const OwnThing& each) -> Result<platform::Buffer> {
    custody::Ship body{type_of(each.what), each.id, to, {}, at};
    if (with_title) {
      TRY(body.on, on_of(session, voice.remote(), body.type, each.id));
    }
    return platform::encode(body);
  };
  // What names title counters is made and sent at once: a counter that has moved would stay wrong in a stored batch.
  if (with_title) return say_once(voice, custody::Ship::kind, things, body_of);
  return say_custody(voice, custody::Ship::kind, things, platform::to_hex(to), body_of);
}

// Received with title, the thing changes its owner: its counter is named, and the keys that go on.
Result<platform::Buffer> receipt_with_title(Voice& voice, const OwnThing& each, const std::optional<thing::At>& at) {
  Session& session = voice.session();
  custody::Receive body;
  body.type = type_of(each.what);
  body.thing = each.id;
  body.at = at;
  if (session.arguments().has("--on") && !session.arguments().has("--keep")) {
    TRY(body.on, session.arguments().number("--on", 0));
    return platform::encode(body);
  }
  TRY(const auto now, thing_now(voice.remote(), body.type, each.id));
  std::vector<Digest> keep;
  if (now.record.shipped_with_title) {
    TRY(body.on, session.arguments().number("--on", now.record.title));
    TRY(keep, keep_of(session, now.record));
  } else if (session.arguments().has("--keep")) {
    return fail(Code::conflict, "--keep is for what comes with title: this was shipped without");
  }
  body.keep = std::span<const Digest>(keep);
  return platform::encode(body);
}

// Whether things come with title, their records say. Of a lot the first one's is asked, and of all when it does.
Result<bool> comes_with_title(Voice& voice, const std::vector<OwnThing>& things) {
  const auto& arguments = voice.session().arguments();
  if (arguments.has("--with-title") || arguments.has("--keep") || arguments.has("--on")) return true;
  if (voice.remote().is_offline()) return false;
  const auto now = thing_now(voice.remote(), type_of(things.front().what), things.front().id);
  if (now) return bool{now->record.shipped_with_title};
  // Of a thing that the ledger does not have, the ledger says so.
  if (now.error().code() == Code::not_found) return false;
  return std::unexpected(now.error());
}

// The things become a lot of this home, so that they have names here.
Result<void> keep_lot(Session& session, const std::vector<OwnThing>& things) {
  const std::string lot = session.arguments().text("--as-lot");
  if (lot.empty()) return {};
  std::string rows;
  for (const auto& each : things) rows += platform::to_hex(each.id) + "\n";
  return write_file(session, lot_ids_path(session, lot), as_bytes(rows));
}

Result<void> receive(Session& session) {
  const std::string lot = session.arguments().text("--as-lot");
  if (!lot.empty()) TRY(keys::check_name(lot));
  TRY(const auto things, things_named(session, otherwise(session)));
  TRY(auto voice, Voice::open(session));
  TRY(const auto at, at_of(voice));
  TRY(const bool with_title, comes_with_title(voice, things));
  if (with_title) {
    TRY(say_once(voice, custody::Receive::kind, things,
                 [&](const OwnThing& each) { return receipt_with_title(voice, each, at); }));
    return keep_lot(session, things);
  }
  TRY(say_custody(voice, custody::Receive::kind, things, "", [&](const OwnThing& each) -> Result<platform::Buffer> {
    return platform::encode(custody::Receive{type_of(each.what), each.id, {}, {}, at});
  }));
  return keep_lot(session, things);
}

// Refuse and recall name nothing but the things.
template <statement::Body Body>
Result<void> say_plain(Session& session) {
  TRY(const auto things, things_named(session, otherwise(session)));
  TRY(auto voice, Voice::open(session));
  return say_custody(voice, Body::kind, things, "", [](const OwnThing& each) -> Result<platform::Buffer> {
    return platform::encode(Body{type_of(each.what), each.id});
  });
}

std::vector<Option> things(const std::vector<Option>& more) {
  return saying(together(
      {thing_options(),
       {{"--batch", Form::text, Need::optional, "things under one signature, at most 4096", "一署名あたりの個数"},
        {"--device", Form::flag, Need::optional, "the ids are of devices, not of parts", "部品でなく機器"}},
       more}));
}

}  // namespace

void add_custody_commands(Commands& to) {
  const Option with_title{"--with-title", Form::flag, Need::optional, "who receives them owns them", "所有権も渡す"};
  to.push_back(
      {"custody ship", "Ship things to a party", "発送する",
       things(together(
           {{{"--to", Form::text, Need::required, "the party that shall receive", "受取人"}, with_title, on_option()},
            at_options()})),
       ship});
  to.push_back({"custody receive", "Receive what was shipped to oneself", "受領する",
                things(together({{with_title,
                                  keep_option(),
                                  on_option(),
                                  {"--as-lot", Form::text, Need::optional, "call them LOT#1, LOT#2 ... here",
                                   "この控えでのロット名"}},
                                 at_options()})),
                receive});
  to.push_back({"custody refuse", "Do not take what was shipped to oneself", "受領を断る", things({}),
                say_plain<custody::Refuse>});
  to.push_back({"custody recall", "The owner takes things back, whoever holds them", "出荷を取り戻す", things({}),
                say_plain<custody::Recall>});
}

}  // namespace mikusari::cli
