// SPDX-License-Identifier: Apache-2.0
// Device passports: fetched page by page, verified, shown.
#include "cli/birth.hpp"
#include "cli/moment.hpp"
#include "cli/passport_open.hpp"
#include "cli/show.hpp"
#include "cli/timeline.hpp"
#include "passport_page/passport_page.hpp"
#include "platform/clock.hpp"

namespace mikusari::cli {
namespace {

constexpr int tries_max = 8;

void tell_counts(Session& session, const PassportSet& pages) {
  const auto counts = pages.counts();
  session.number_member("things", counts.things);
  session.number_member("events", counts.events);
  session.number_member("signatures", counts.signatures);
  session.number_member("withheld", counts.withheld);
  session.number_member("unproved_models", counts.unproved_models);
  session.number_member("pages", pages.size());
  session.number_member("bytes", counts.bytes);
  session.line(std::string(session.in("verified: ", "検証済み: ")) + std::to_string(counts.things) +
               std::string(session.in(" things, ", " 件の記録、")) + std::to_string(counts.events) +
               std::string(session.in(" events, ", " 件の出来事、")) + std::to_string(counts.signatures) +
               std::string(session.in(" signatures, ", " 件の署名、")) + std::to_string(counts.bytes) +
               std::string(session.in(" bytes", " バイト")));
  if (counts.withheld > 0)
    session.line(std::to_string(counts.withheld) +
                 std::string(session.in(" events whose text is withheld", " 件は本文が非開示")));
  if (counts.unproved_models > 0)
    session.line(std::to_string(counts.unproved_models) +
                 std::string(session.in(" things of an unproved model", " 件は機種が未証明")));
}

void tell_gaps(Session& session, const PassportSet& pages) {
  constexpr std::size_t shown_max = 10;
  const auto gaps = pages.gaps();
  json::Writer rows;
  rows.begin_array();
  for (const auto& gap : gaps) rows.text(gap);
  session.member("complete", gaps.empty() ? "true" : "false");
  session.member("gaps", rows.end_array().finish());
  session.line(std::string(gaps.empty() ? session.in("complete: nothing of its life is missing", "全履歴: 欠落なし")
                                        : session.in("NOT the whole life; missing:", "全履歴ではありません。欠落:")));
  for (std::size_t i = 0; i < gaps.size() && i < shown_max; ++i) session.line("  " + session.with_names(gaps[i]));
}

void tell(Session& session, const PassportSet& pages) {
  session.text_member("device", platform::to_hex(pages.device()));
  session.text_member("verdict", "verified");
  session.line(std::string(session.in("passport of device ", "機器履歴証明書（パスポート） ")) +
               session.with_names(pages.device()));
  tell_counts(session, pages);
  tell_gaps(session, pages);
  show_proof(session, pages.anchor());
}

// From files, with the policy alone or also with --state.
Result<void> add_file(Session& session, Memory& memory, const std::string& path, ByteView consistency,
                      PassportSet& to) {
  auto page = std::make_unique<ReadPage>();
  TRY(page->bytes, read_file(session, path));
  if (const auto decoded = cbor::decode<proof::PassportPage>(page->bytes); !decoded)
    return std::unexpected(
        Error(decoded.error()).with_context(path + " is not a device passport (of `passport get --out`)"));
  const auto verified = memory.verifier().passport(page->bytes, client::Terms{consistency, {}});
  if (!verified) return std::unexpected(Error(verified.error()).with_context(path));
  page->verified = *verified;
  auto added = to.add(std::move(page));
  if (!added) return std::unexpected(std::move(added).error().with_context(path));
  return {};
}

Result<void> open_files(Session& session, void (*more)(Session&, const PassportSet&)) {
  TRY(const auto memory, Memory::open(session, session.arguments().text("--state")));
  platform::Buffer consistency;
  if (session.arguments().has("--consistency")) {
    TRY(consistency, read_file(session, session.arguments().text("--consistency")));
  }
  call_what_is_known(session, memory->ledger());
  PassportSet pages;
  const std::int64_t began_ms = session.machine().clock.steady_ms();
  for (const auto& path : session.arguments().list("FILE")) TRY(add_file(session, *memory, path, consistency, pages));
  session.number_member("took_ms", static_cast<std::uint64_t>(session.machine().clock.steady_ms() - began_ms));
  TRY(memory->save(session));
  tell(session, pages);
  if (more != nullptr) more(session, pages);
  return {};
}

Result<void> verify_files(Session& session) { return open_files(session, nullptr); }
Result<void> show_files(Session& session) { return open_files(session, tell_timeline); }

// Instead of a passport came the proof that there is no such device.
Result<void> tell_absence(Session& session, Remote& remote, const Id& id, Remote::Proven proven) {
  TRY(const auto answer, remote.opened(std::move(proven), path::device(id)));
  if (answer->present())
    return fail(Code::unauthenticated, "the node denies the passport of a device that the ledger knows");
  show_proof(session, answer->state.anchor);
  session.member("present", "false");
  return std::unexpected(
      Error(Code::not_found, "proven absent from the ledger").with_context("devices/" + platform::to_hex(id)));
}

// What is asked for: one page, or all.
struct Wanted {
  Id device;
  std::uint64_t page = 0;
  bool all = false;
  std::optional<std::uint64_t> since_ms;
};

std::string target_of_page(const Wanted& wanted, std::uint64_t page, std::uint64_t size) {
  std::string out = target_of("devices", wanted.device) + "/passport?page=" + std::to_string(page);
  if (size != 0) out += "&size=" + std::to_string(size);
  if (wanted.since_ms) out += "&since=" + std::to_string(*wanted.since_ms);
  return out;
}

struct Fetched {
  std::unique_ptr<ReadPage> page;
  bool more = false;
};
Result<Fetched> fetch_page(Session& session, Remote& remote, const Wanted& wanted, std::uint64_t number,
                           std::uint64_t size) {
  TRY(auto proven, remote.owed(target_of_page(wanted, number, size), "application/cbor"));
  Fetched out{std::make_unique<ReadPage>(), proven.more};
  if (proven.absence) {
    TRY(tell_absence(session, remote, wanted.device, std::move(proven)));
  }
  out.page->bytes = std::move(proven.bytes);
  const auto verified = remote.verifier().passport(out.page->bytes, client::Terms{proven.consistency, {}});
  if (!verified) return std::unexpected(refused_answer(verified.error()));
  out.page->verified = *verified;
  if (out.page->verified.page.device != wanted.device)
    return fail(Code::unauthenticated, "the node answered with another device's passport");
  return out;
}

// How much the pages show. Each further page shows something new, so that the pages have an end whoever sends them.
std::uint64_t extent_of(const PassportSet& pages) { return pages.counts().things + pages.counts().events; }

// `conflict` when the node no longer holds the log that the first page is of.
Result<PassportSet> fetch_all(Session& session, Remote& remote, const Wanted& wanted) {
  PassportSet out;
  std::uint64_t size = 0;
  for (std::uint64_t number = 0;; ++number) {
    TRY(auto fetched, fetch_page(session, remote, wanted, number, size));
    size = fetched.page->verified.anchor.checkpoint.size;
    const bool more = fetched.more;
    const std::uint64_t before = extent_of(out);
    TRY(out.add(std::move(fetched.page)));
    if (!more) return out;
    if (extent_of(out) == before)
      return fail(Code::unauthenticated, "the node's page of the passport shows nothing new");
    session.progress("passport", number + 1, number + 2);
  }
}

Result<PassportSet> fetch_once(Session& session, Remote& remote, const Wanted& wanted) {
  if (wanted.all) return fetch_all(session, remote, wanted);
  TRY(auto fetched, fetch_page(session, remote, wanted, 0, 0));
  if (wanted.page != 0) {
    const auto size = fetched.page->verified.anchor.checkpoint.size;
    TRY(fetched, fetch_page(session, remote, wanted, wanted.page, size));
  }
  PassportSet out;
  TRY(out.add(std::move(fetched.page)));
  return out;
}

// Which of this home's models the blinded one is, with the salt that this home would have used.
std::optional<proof::ModelOpening> opening_of(const Book& book, const Digest& ledger, const Blinded& blinded) {
  const auto salt = blinding_salt(book.secret, ledger, blinded.thing);
  for (const auto& each : book.things) {
    if (each.what == What::model && names::blinded(salt, each.id) == blinded.model)
      return proof::ModelOpening{salt, each.id};
  }
  return std::nullopt;
}

// What this home can open.
Result<Additions> openings_for(Session& session, const Digest& ledger, const proof::PassportPage& page) {
  TRY(const auto book, Book::read(session));
  Additions out;
  for (const auto& blinded : blinded_in(page)) {
    if (const auto opening = opening_of(book, ledger, blinded)) out.openings[blinded.thing] = *opening;
  }
  return out;
}

// The records of the opened models, under the anchor of the page. `conflict` when the ledger has moved since.
Result<void> add_models(Remote& remote, const proof::PassportPage& page, Additions& additions,
                        std::vector<std::unique_ptr<Answer>>& kept) {
  for (const auto& [thing, opening] : additions.openings) {
    const Id model = opening.model;
    if (additions.models.contains(model) || has_model(page, model)) continue;
    TRY(auto answer, remote.state(target_of("models", model), path::model(model)));
    TRY(const auto decoded, cbor::decode<proof::StateAnswer>(answer->bytes));
    if (!equal(decoded.anchor.record, page.anchor.record))
      return fail(Code::conflict, "the ledger has moved since the passport was fetched: get it again with --open");
    additions.models[model] = decoded.item;
    kept.push_back(std::move(answer));
  }
  return {};
}

// The page with what this home can open, verified again.
Result<std::unique_ptr<ReadPage>> opened(Session& session, Remote& remote, const ReadPage& page) {
  std::vector<std::unique_ptr<Answer>> kept;
  TRY(auto additions, openings_for(session, remote.ledger(), page.verified.page));
  TRY(add_models(remote, page.verified.page, additions, kept));
  auto out = std::make_unique<ReadPage>();
  out->bytes = with_additions(page.verified.page, additions);
  TRY(out->verified, remote.verifier().passport(out->bytes, client::Terms{}));
  return out;
}

Result<PassportSet> opened(Session& session, Remote& remote, const PassportSet& pages) {
  PassportSet out;
  for (const auto* page : pages.in_order()) {
    TRY(auto with, opened(session, remote, *page));
    TRY(out.add(std::move(with)));
  }
  return out;
}

// Again from the first page when the ledger has moved in between.
Result<PassportSet> fetch(Session& session, Remote& remote, const Wanted& wanted) {
  const bool open = session.arguments().has("--open");
  Result<PassportSet> out = fail(Code::unavailable, "the ledger moves faster than the passport is read: ask again");
  for (int i = 0; i < tries_max; ++i) {
    out = fetch_once(session, remote, wanted);
    if (out && open) out = opened(session, remote, *out);
    if (out || out.error().code() != Code::conflict) break;
    session.set_refusal("");
  }
  return out;
}

// FILE, FILE.1, FILE.2 ...: the newest page first.
Result<void> write_pages(Session& session, const PassportSet& pages, const std::string& out) {
  auto ordered = pages.in_order();
  std::reverse(ordered.begin(), ordered.end());
  json::Writer files;
  files.begin_array();
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const std::string path = i == 0 ? out : out + "." + std::to_string(i);
    TRY(write_file(session, path, ordered[i]->bytes));
    files.text(path);
    session.line(path);
  }
  session.text_member("file", out);
  session.member("files", files.end_array().finish());
  return {};
}

// The page is made here, of the proven bytes and of our own policy: the node's page would be its word.
Result<void> write_page(Session& session, Remote& remote, const PassportSet& pages) {
  const std::string html = session.arguments().text("--html");
  if (html.empty()) return {};
  using passport_page::Language;
  const auto language = session.japanese() ? Language::japanese : Language::english;
  std::vector<ByteView> bytes;
  for (const auto* each : pages.in_order()) bytes.push_back(each->bytes);
  std::vector<passport_page::Contact> contacts;
  for (const auto& [party, name] : known_parties(session, remote.ledger())) contacts.push_back({party, name});
  TRY(const auto page, passport_page::html_page(bytes, remote.policy(), language, contacts));
  TRY(write_file(session, html, as_bytes(std::string_view(page))));
  session.text_member("html", html);
  session.line(html);
  return {};
}

Result<void> get(Session& session) {
  TRY(const std::string out, session.required("--out"));
  Wanted wanted;
  TRY(wanted.device, thing_option(session, What::device, "DEVICE"));
  TRY(wanted.page, session.arguments().number("--page", 0));
  wanted.all = session.arguments().has("--all");
  if (wanted.all && session.arguments().has("--page")) return fail(Code::invalid, "--all and --page: which of them?");
  if (session.arguments().has("--since")) {
    TRY(wanted.since_ms, moment_ms(session.arguments().text("--since")));
  }
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  TRY(const auto pages, fetch(session, remote, wanted));
  TRY(remote.save());
  TRY(write_pages(session, pages, out));
  tell(session, pages);
  return write_page(session, remote, pages);
}

// A page in a file, with the blinded models that this home can open.
Result<void> open_models(Session& session) {
  const std::string path = session.arguments().text("FILE");
  TRY(const std::string out, session.required("--out"));
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  auto page = std::make_unique<ReadPage>();
  TRY(page->bytes, read_file(session, path));
  TRY(const auto decoded, cbor::decode<proof::PassportPage>(page->bytes));
  page->verified.page = decoded;
  TRY(auto with, opened(session, remote, *page));
  TRY(remote.save());
  TRY(write_file(session, out, with->bytes));
  session.text_member("file", out);
  session.number_member("unproved_models", with->verified.unproved_models);
  session.line(out);
  session.line(std::to_string(with->verified.unproved_models) +
               std::string(session.in(" models stay unproved", " 件の機種は未証明のまま")));
  return {};
}

}  // namespace

void add_passport_commands(Commands& to) {
  const std::vector<Option> files = {
      {"FILE", Form::list, Need::required, "pages of one passport", "パスポートのファイル"},
      {"--state", Form::text, Need::optional, "what was seen last; moved on when it holds", "前回の状態"},
      {"--consistency", Form::text, Need::optional, "proof that the log continues the one seen last", "継続の証明"}};
  to.push_back(
      {"passport get",
       "Fetch and verify a device's passport",
       "パスポートを取得し検証",
       {{"DEVICE", Form::text, Need::required, "label or id of the device", "機器"},
        {"--out", Form::text, Need::required, "file; further pages become FILE.1, FILE.2 ...", "ファイル"},
        {"--all", Form::flag, Need::optional, "all pages, not the newest alone", "全ページ"},
        {"--page", Form::text, Need::optional, "this page; 0 is the newest", "ページ番号"},
        {"--since", Form::text, Need::optional, "no events before then: 2027-01-31", "開始日"},
        {"--open", Form::flag, Need::optional, "open blinded models that this home has made", "伏せた機種を開示する"},
        {"--html", Form::text, Need::optional, "the page that verifies itself, too", "自己検証ページも保存"}},
       get});
  to.push_back({"passport open",
                "Open blinded models that this home has made, in a page that was just fetched",
                "伏せた機種を開示する",
                {{"FILE", Form::text, Need::required, "a page", "パスポートのファイル"},
                 {"--out", Form::text, Need::required, "file", "ファイル"}},
                open_models});
  to.push_back({"passport verify", "Verify pages of a passport offline, and whether they are all", "オフラインで検証",
                files, verify_files});
  to.push_back(
      {"passport show", "A device's life, event by event, verified offline", "機器の履歴を表示", files, show_files});
}

}  // namespace mikusari::cli
