// SPDX-License-Identifier: Apache-2.0
#include "cli/batches.hpp"

#include <cstdio>

#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

std::string batch_file(const Batches& work, std::uint64_t batch, const char* suffix) {
  std::string number = std::to_string(batch);
  number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
  return platform::join(work.folder, number + suffix);
}

std::uint64_t bodies_of(const Batches& work, std::uint64_t batch) {
  return std::min(work.each, work.total - batch * work.each);
}
std::uint64_t batch_count(const Batches& work) { return (work.total + work.each - 1) / work.each; }

Result<void> check_plan(Session& session, const Batches& work) {
  const std::string path = platform::join(work.folder, "plan");
  if (!session.files().exists(path)) return write_file(session, path, as_bytes(work.about));
  TRY(const auto before, read_file(session, path));
  if (as_text(before) == work.about) return {};
  return std::unexpected(
      Error(Code::conflict, "holds other work: choose another name, or repeat the command that began it")
          .with_context(work.folder));
}

Result<platform::Buffer> prepared(Voice& voice, const Batches& work, std::uint64_t batch) {
  Session& session = voice.session();
  const std::string path = batch_file(work, batch, ".submission");
  if (session.files().exists(path)) return read_file(session, path);
  const std::uint64_t first = batch * work.each;
  TRY(const auto bodies, work.bodies(batch, first, bodies_of(work, batch)));
  TRY(const auto n, voice.next_n());
  TRY(auto submission, voice.submission(*work.kind, bodies, n));
  TRY(write_file(session, path, submission));
  return submission;
}

// Whether the batch is known to be wholly done. A file that says anything else is not believed: the batch is sent
// again.
Result<bool> done_before(Session& session, const Batches& work, std::uint64_t batch, Tally& tally) {
  const std::string path = batch_file(work, batch, ".fate");
  if (!session.files().exists(path)) return false;
  TRY(const auto bytes, read_file(session, path));
  const auto fate = cbor::decode<Fate>(bytes);
  if (!fate || fate->bodies.size() != bodies_of(work, batch) || refused_in(*fate) != 0) return false;
  tally.add(*fate);
  return true;
}

// A fate is kept when it is proven. A refusal cannot be, so it is not kept, and is asked for again the next time.
// How many bodies were sent now.
Result<std::uint64_t> say_batch(Voice& voice, const Batches& work, std::uint64_t batch, Tally& tally) {
  Session& session = voice.session();
  TRY(const bool done, done_before(session, work, batch, tally));
  if (done) return 0;
  TRY(const auto submission, prepared(voice, work, batch));
  TRY(const auto settled, send(session, voice.remote(), submission));
  if (refused_in(settled->fate) == 0) TRY(write_file(session, batch_file(work, batch, ".fate"), settled->bytes));
  tally.add(settled->fate);
  return settled->fate.bodies.size();
}

void report(Session& session, const Tally& tally, std::uint64_t sent, std::int64_t took_ms) {
  tally.tell();
  session.number_member("sent_now", sent);
  session.number_member("took_ms", static_cast<std::uint64_t>(took_ms));
  session.line(std::to_string(sent) + std::string(session.in(" of them sent now", " 件を今回送信")));
  if (sent == 0) return;
  char rate[64];
  std::snprintf(rate, sizeof rate, "%.3f", static_cast<double>(took_ms) / static_cast<double>(sent));
  session.text_member("ms_per_unit", rate);
  session.line(std::string(rate) + std::string(session.in(" ms a unit", " ミリ秒/個")));
}

}  // namespace

Result<Tally> say_batches(Voice& voice, const Batches& work) {
  Session& session = voice.session();
  if (voice.remote().is_offline()) return fail(Code::invalid, "batches are sent as they are made: not with --offline");
  TRY(session.files().make_directory(work.folder));
  const auto lock = session.files().lock(work.folder);
  if (!lock) return std::unexpected(lock.error().with_context("another mikusari works on this lot"));
  TRY(check_plan(session, work));
  const std::int64_t began_ms = session.machine().clock.steady_ms();
  Tally tally(session);
  std::uint64_t sent = 0;
  for (std::uint64_t batch = 0; batch < batch_count(work); ++batch) {
    TRY(const auto bodies, say_batch(voice, work, batch, tally));
    sent += bodies;
    session.progress(work.what, std::min(work.total, (batch + 1) * work.each), work.total);
  }
  report(session, tally, sent, session.machine().clock.steady_ms() - began_ms);
  return tally;
}

Result<void> for_each_body(Session& session, const Batches& work,
                           const std::function<Result<void>(ByteView body)>& each) {
  for (std::uint64_t batch = 0; batch < batch_count(work); ++batch) {
    TRY(const auto bytes, read_file(session, batch_file(work, batch, ".submission")));
    TRY(const auto parsed, statement::parse(bytes));
    for (const auto& body : parsed.bodies) TRY(each(body.body));
  }
  return {};
}

std::string folder_for(const Session& session, std::string_view kind, const std::string& about) {
  const auto digest = crypto::sha256(as_bytes(about));
  return platform::join(session.home_file("outbox"),
                        std::string(kind) + "-" + platform::to_hex(digest.view().first(8)));
}

namespace {

Result<std::vector<std::string>> words_named(Session& session) {
  std::vector<std::string> words = session.arguments().list("THING");
  for (const char* option : {"--ids", "--lot"}) {
    if (!session.arguments().has(option)) continue;
    const std::string named = session.arguments().text(option);
    const bool is_lot = std::string_view(option) == "--lot";
    const std::string path = is_lot ? lot_ids_path(session, named) : named;
    if (is_lot && !session.files().exists(path))
      return std::unexpected(Error(Code::not_found, "there is no such lot in this home").with_context(named));
    TRY(const auto rows, read_rows(session, path));
    words.insert(words.end(), rows.begin(), rows.end());
  }
  return words;
}

}  // namespace

Result<std::vector<OwnThing>> things_named(Session& session, What otherwise) {
  TRY(const auto words, words_named(session));
  TRY(const auto limit, session.arguments().number("--count", words.size()));
  TRY(const auto skip, session.arguments().number("--skip", 0));
  std::vector<OwnThing> out;
  for (std::size_t i = skip; i < words.size() && out.size() < limit; ++i) {
    if (const auto id = platform::bytes_from_hex<32>(words[i])) {
      out.push_back({"", otherwise, *id});
      continue;
    }
    TRY(out.emplace_back(), thing_of_any(session, otherwise, words[i]));
  }
  if (out.empty()) return fail(Code::invalid, "name things: labels or ids, --ids FILE or --lot NAME");
  return out;
}

std::vector<Option> thing_options() {
  return {{"THING", Form::list, Need::optional, "labels, LOT#N, or ids", "ラベル・LOT#N・id"},
          {"--ids", Form::text, Need::optional, "file of ids, one a line", "idのファイル"},
          {"--lot", Form::text, Need::optional, "a lot of this home", "ロット名"},
          {"--count", Form::text, Need::optional, "only so many of them", "個数"},
          {"--skip", Form::text, Need::optional, "after so many", "飛ばす個数"}};
}

}  // namespace mikusari::cli
