// SPDX-License-Identifier: Apache-2.0
#include "cli/batches.hpp"

#include <cstdio>

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

struct Tally {
  std::uint64_t committed = 0, disputed = 0, refused = 0, sent = 0;
  std::optional<Error> first;

  void add(Session& session, const Fate& fate) {
    for (const auto& body : fate.bodies) {
      if (body.standing == Standing::committed) {
        ++committed;
        disputed += body.outcome == statement::Outcome::disputed ? 1 : 0;
        continue;
      }
      ++refused;
      const auto& text = statement::text_of(body.refusal.value_or(statement::Refusal::none));
      if (first) continue;
      session.set_refusal(std::string(text.name));
      first = Error(text.code, text.name.data())
                  .with_context(session.japanese() ? body.message_ja.value_or("") : body.message.value_or(""));
    }
  }
};

// Whether the batch is known to be wholly done. A file that says anything else is not believed: the batch is sent
// again.
Result<bool> done_before(Session& session, const Batches& work, std::uint64_t batch, Tally& tally) {
  const std::string path = batch_file(work, batch, ".fate");
  if (!session.files().exists(path)) return false;
  TRY(const auto bytes, read_file(session, path));
  const auto fate = cbor::decode<Fate>(bytes);
  if (!fate || fate->bodies.size() != bodies_of(work, batch) || refused_in(*fate) != 0) return false;
  tally.add(session, *fate);
  return true;
}

// A fate is kept when it is proven. A refusal cannot be, so it is not kept, and is asked for again the next time.
Result<void> say_batch(Voice& voice, const Batches& work, std::uint64_t batch, Tally& tally) {
  Session& session = voice.session();
  TRY(const bool done, done_before(session, work, batch, tally));
  if (done) return {};
  TRY(const auto submission, prepared(voice, work, batch));
  TRY(const auto settled, send(session, voice.remote(), submission));
  if (refused_in(settled->fate) == 0) TRY(write_file(session, batch_file(work, batch, ".fate"), settled->bytes));
  tally.add(session, settled->fate);
  tally.sent += settled->fate.bodies.size();
  return {};
}

void report(Session& session, const Tally& tally, std::int64_t took_ms) {
  session.number_member("committed", tally.committed);
  session.number_member("disputed", tally.disputed);
  session.number_member("refused", tally.refused);
  session.number_member("sent_now", tally.sent);
  session.number_member("took_ms", static_cast<std::uint64_t>(took_ms));
  const std::string refused = std::to_string(tally.refused) +
                              std::string(session.in(" refused, says the node; ", " 件を拒否（ノードの申告）。"));
  session.line(std::to_string(tally.committed) +
               std::string(session.in(" committed, proven; ", " 件を記録（証明済み）。")) +
               (tally.refused == 0 ? "" : refused) + std::to_string(tally.sent) +
               std::string(session.in(" of them sent now", " 件を今回送信")));
  if (tally.sent == 0) return;
  char rate[64];
  std::snprintf(rate, sizeof rate, "%.3f", static_cast<double>(took_ms) / static_cast<double>(tally.sent));
  session.text_member("ms_per_unit", rate);
  session.line(std::string(rate) + std::string(session.in(" ms a unit", " ミリ秒/個")));
}

}  // namespace

Result<void> say_batches(Voice& voice, const Batches& work) {
  Session& session = voice.session();
  TRY(session.files().make_directory(work.folder));
  const auto lock = session.files().lock(work.folder);
  if (!lock) return std::unexpected(lock.error().with_context("another mikusari works on this lot"));
  TRY(check_plan(session, work));
  const std::int64_t began_ms = session.machine().clock.steady_ms();
  Tally tally;
  for (std::uint64_t batch = 0; batch < batch_count(work); ++batch) {
    TRY(say_batch(voice, work, batch, tally));
    session.progress(work.what, std::min(work.total, (batch + 1) * work.each), work.total);
  }
  report(session, tally, session.machine().clock.steady_ms() - began_ms);
  if (tally.first) return std::unexpected(*std::move(tally.first));
  return {};
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

std::string lot_ids_path(const Session& session, const std::string& lot) {
  return platform::join(session.home_file("outbox"), lot + ".ids");
}

Result<std::vector<Id>> things_named(Session& session) {
  std::vector<std::string> rows = session.arguments().list("THING");
  for (const char* option : {"--ids", "--lot"}) {
    if (!session.arguments().has(option)) continue;
    const std::string named = session.arguments().text(option);
    TRY(const auto bytes,
        read_file(session, std::string_view(option) == "--ids" ? named : lot_ids_path(session, named)));
    for (auto& row : split(std::string(as_text(bytes)), '\n')) rows.push_back(std::move(row));
  }
  TRY(const auto limit, session.arguments().number("--count", rows.size()));
  TRY(const auto skip, session.arguments().number("--skip", 0));
  std::vector<Id> out;
  for (std::size_t i = skip; i < rows.size() && out.size() < limit; ++i) {
    auto id = platform::bytes_from_hex<32>(rows[i]);
    if (!id) return std::unexpected(std::move(id).error().with_context(rows[i]));
    out.push_back(*id);
  }
  if (out.empty()) return fail(Code::invalid, "name things: ids, --ids FILE or --lot NAME");
  return out;
}

}  // namespace mikusari::cli
