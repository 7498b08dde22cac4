// SPDX-License-Identifier: Apache-2.0
// Family `party`: openings. A registrar opens parties whose keys its own home makes, or those of request files, which
// their holders make at home.
#include "statement/party.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/batches.hpp"
#include "cli/request.hpp"
#include "cose/key.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

// A body is up to 400 bytes, and a statement 1 MiB.
constexpr std::uint64_t each_default = 2048;

// What is to be said, and what the home keeps of it. The views of the openings live in `kept`.
struct Work {
  std::vector<party::Open> openings;
  std::vector<OwnParty> parties;
  std::size_t askers = 1;
  std::vector<std::shared_ptr<void>> kept;
};

void tell_parties(Session& session, const std::vector<OwnParty>& parties) {
  json::Writer rows;
  rows.begin_array();
  for (const auto& each : parties) rows.hex(each.handle);
  session.member("handles", rows.end_array().finish());
  if (!parties.empty()) {
    session.text_member("handle", platform::to_hex(parties.front().handle));
    session.text_member("label", parties.front().label);
  }
  constexpr std::size_t shown_max = 10;
  for (std::size_t i = 0; i < parties.size() && i < shown_max; ++i)
    session.line(parties[i].label + " " + platform::to_hex(parties[i].handle));
  if (parties.size() > shown_max)
    session.line(std::string(session.in("and more, in all ", "ほか、計 ")) + std::to_string(parties.size()));
}

// Whoever reads the ledger sees which parties were opened under one signature.
void warn_of_one_person(Session& session, const Work& work) {
  session.number_member("requests", work.askers);
  if (work.askers > 1 || work.parties.size() < 2) return;
  session.line(std::string(
      session.in("all of one request: it can be seen that they are one person's; open several requests at once",
                 "一つの申請だけ: 同一人物のものと分かります。複数の申請をまとめて登録してください")));
}

Result<void> remember_all(Session& session, const std::vector<OwnParty>& parties) {
  return Book::update(session, [&](Book& book) -> Result<void> {
    for (const auto& each : parties) TRY(book.remember(each));
    return {};
  });
}

Result<void> write_handles(Session& session, const std::vector<OwnParty>& parties) {
  const std::string path = session.arguments().text("--handles-out");
  if (path.empty()) return {};
  std::string rows;
  for (const auto& each : parties) rows += platform::to_hex(each.handle) + "\n";
  return write_file(session, path, as_bytes(rows));
}

// Of a request, each opening is checked as the ledger will check it, and that the commitment is to what is told.
Result<void> add_request(Voice& voice, const Handle& registrar, const PartyRequest& request, const std::string& label,
                         Work& work) {
  if (request.ledger != voice.ledger()) return fail(Code::forbidden, "the request is for another ledger");
  if (request.registrar != registrar || request.registrar_key != voice.kid())
    return fail(Code::conflict, "the request names another registrar or key than the one that signs here");
  if (request.who.has_value() != (request.salts.size() == request.openings.size() && !request.salts.empty()))
    return fail(Code::invalid, "the request does not tell what its commitments are to");
  const std::size_t count = request.openings.size();
  auto salt = request.salts.begin();
  for (const auto opening : request.openings) {
    TRY(check_opening(voice.ledger(), registrar, voice.kid(), opening));
    OwnParty party;
    party.label = count == 1 ? label : keys::batch_name(label, work.parties.size());
    party.registrar = registrar;
    party.key = cose::thumbprint(opening.key);
    party.handle = names::party(voice.ledger(), registrar, party.key, opening.nonce);
    if (request.who) {
      party.who = *request.who;
      party.salt = *salt;
      ++salt;
      if (opening.commitment != commitment_to(party.salt, party.who))
        return fail(Code::unauthenticated, "a commitment of the request is not to what it tells");
    }
    work.openings.push_back(opening);
    work.parties.push_back(std::move(party));
  }
  return {};
}

Result<Work> requested(Voice& voice, const Handle& registrar) {
  Session& session = voice.session();
  Work out;
  out.askers = 0;
  for (const auto& path : session.arguments().list("FILE")) {
    TRY(auto read, read_file(session, path));
    const auto bytes = std::make_shared<platform::Buffer>(std::move(read));
    out.kept.push_back(bytes);
    TRY(const auto request, read_request<PartyRequest>(*bytes, path, "party request"));
    ++out.askers;
    const std::string stem = std::filesystem::path(path).stem().string();
    const std::string label = session.arguments().has("--label") ? session.arguments().text("--label") : stem;
    const auto added = add_request(voice, registrar, request, label, out);
    if (!added) return std::unexpected(added.error().with_context(path));
  }
  return out;
}

// Keys in this home: for whom the registrar speaks itself.
Result<Work> made_here(Voice& voice, const Handle& registrar) {
  Session& session = voice.session();
  TRY(const std::string label, session.required("--label"));
  Openings what{session, voice.ledger(), registrar, voice.kid(), label, session.arguments().text("--who"), 1};
  TRY(what.count, session.arguments().number("--count", 1));
  TRY(auto made, make_openings(what));
  Work out{made->openings, made->parties, 1, {}};
  out.kept.push_back(std::shared_ptr<MadeOpenings>(std::move(made)));
  return out;
}

// Openings are said in the order of their handles, which tells nothing of who asked for them: in the order of the
// requests, neighbours would be one person's.
void mix(Voice& voice, const Handle& registrar, Work& work) {
  std::ranges::sort(work.openings, {}, [&](const party::Open& each) {
    return names::party(voice.ledger(), registrar, cose::thumbprint(each.key), each.nonce);
  });
}

Result<void> say_openings(Voice& voice, const Work& work) {
  Session& session = voice.session();
  TRY(const auto each, session.arguments().number("--batch", each_default));
  if (each == 0 || each > limits::bodies_max) return fail(Code::invalid, "--batch is 1 to 4,096");
  if (session.arguments().has("--out")) return voice.say_all<party::Open>(work.openings);
  crypto::Sha256 hash;
  for (const auto& party : work.parties) hash.update(party.handle);
  Batches batches;
  batches.about = "party.open " + platform::to_hex(hash.finish()) + " " + std::to_string(each) + " by " +
                  platform::to_hex(voice.kid());
  batches.folder = folder_for(session, party::Open::kind.name, batches.about);
  batches.what = party::Open::kind.name;
  batches.total = work.openings.size();
  batches.each = each;
  batches.kind = &party::Open::kind;
  batches.bodies = [&](std::uint64_t, std::uint64_t first,
                       std::uint64_t count) -> Result<std::vector<platform::Buffer>> {
    std::vector<platform::Buffer> out;
    for (std::uint64_t i = first; i < first + count; ++i) out.push_back(platform::encode(work.openings[i]));
    return out;
  };
  TRY(const auto tally, say_batches(voice, batches));
  return tally.verdict();
}

// The book is written first: an opening that the ledger has and nobody can open would be lost.
Result<void> open(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto registrar, voice.party());
  const bool from_files = session.arguments().has("FILE");
  TRY(auto work, from_files ? requested(voice, registrar) : made_here(voice, registrar));
  mix(voice, registrar, work);
  warn_of_one_person(session, work);
  TRY(remember_all(session, work.parties));
  TRY(write_handles(session, work.parties));
  tell_parties(session, work.parties);
  return say_openings(voice, work);
}

Result<void> request(Session& session) {
  TRY(const std::string file, session.required("--out"));
  TRY(const auto memory, Memory::open(session, ""));
  const std::string registrar = session.arguments().text("--registrar");
  Openings what{session, memory->ledger(), {}, {}, session.arguments().text("LABEL"), session.arguments().text("--who"),
                1};
  TRY(what.registrar, party_named(session, what.ledger, registrar));
  TRY(what.registrar_key,
      kid_of_other(
          session, what.ledger,
          session.arguments().has("--registrar-key") ? session.arguments().text("--registrar-key") : registrar));
  TRY(what.count, session.arguments().number("--count", 1));
  TRY(const auto made, make_openings(what));
  std::vector<Bytes<32>> salts;
  for (const auto& each : made->parties) salts.push_back(each.salt);
  PartyRequest out{{}, what.ledger, what.registrar, what.registrar_key, {}, {}, {}};
  out.openings = std::span<const party::Open>(made->openings);
  if (!what.who.empty()) {
    out.who = what.who;
    out.salts = std::span<const Bytes<32>>(salts);
  }
  TRY(remember_all(session, made->parties));
  TRY(write_handles(session, made->parties));
  tell_parties(session, made->parties);
  TRY(write_file(session, file, platform::encode(out)));
  session.text_member("file", file);
  session.line(std::string(session.in("give this to the registrar: ", "当事者登録者に渡してください: ")) + file);
  return {};
}

Result<void> list(Session& session) {
  TRY(const auto book, Book::read(session));
  json::Writer rows;
  rows.begin_array();
  for (const auto& each : book.parties) {
    rows.begin_object().member("label", each.label).member("handle", each.handle);
    rows.member("registrar", each.registrar).member("kid", each.key).member("who", each.who);
    rows.member("ours", each.ours).end_object();
    session.line(each.label + " " + platform::to_hex(each.handle) + (each.who.empty() ? "" : " " + each.who));
  }
  session.member("parties", rows.end_array().finish());
  return {};
}

}  // namespace

void add_party_commands(Commands& to) {
  const Option handles{"--handles-out", Form::text, Need::optional, "write the handles here, one a line",
                       "ハンドル一覧の書き出し先"};
  to.push_back(
      {"party request", "Make keys for oneself as parties, and a file for the registrar; no node is needed",
       "当事者の登録申請をファイルに書く",
       together({{{"LABEL", Form::text, Need::required, "name of the keys and parties here", "鍵と当事者の名前"},
                  {"--registrar", Form::text, Need::required, "who shall vouch: contact or member", "当事者登録者"},
                  {"--registrar-key", Form::text, Need::optional,
                   "the key that will sign: file, contact or thumbprint; else the registrar's", "当事者登録者の鍵"}},
                 opening_options(),
                 {handles, {"--out", Form::text, Need::required, "file", "ファイル"}}}),
       request});
  to.push_back({"party open", "Open parties: from request files, or with keys of this home", "当事者を登録する",
                saying(together({{{"FILE", Form::list, Need::optional, "requests", "申請ファイル"},
                                  {"--label", Form::text, Need::optional,
                                   "what they are called here; of a request else the file's name", "呼び名"}},
                                 opening_options(),
                                 {{"--batch", Form::text, Need::optional, "parties under one signature, else 2048",
                                   "一署名あたりの個数"},
                                  handles}})),
                open});
  to.push_back({"party list", "The parties that were opened here or asked for", "この控えにある当事者", {}, list});
}

}  // namespace mikusari::cli
