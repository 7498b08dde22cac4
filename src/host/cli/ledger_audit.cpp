// SPDX-License-Identifier: Apache-2.0
// ledger audit: a stopped store, verified again from its genesis on.
#include <thread>

#include "cli/session.hpp"
#include "replica/audit.hpp"

namespace mikusari::cli {
namespace {

void tell(Session& session, const replica::AuditReport& report) {
  session.text_member("ledger", platform::to_hex(report.ledger));
  session.text_member("log_root", platform::to_hex(report.log_root));
  const std::pair<const char*, std::uint64_t> numbers[] = {{"height", report.newest.height},
                                                           {"statements", report.statements},
                                                           {"bodies_committed", report.bodies_committed},
                                                           {"bodies_refused", report.bodies_refused},
                                                           {"bodies_withheld", report.bodies_withheld},
                                                           {"adopted_blocks", report.adopted_blocks},
                                                           {"signatures", report.signatures},
                                                           {"things", report.things},
                                                           {"log_size", report.log_size},
                                                           {"chain_bytes", report.chain_bytes}};
  for (const auto& [name, value] : numbers) {
    session.number_member(name, value);
    session.line(std::string(name) + ": " + std::to_string(value));
  }
  session.line("log_root: " + platform::to_hex(report.log_root));
  if (report.torn_tail) {
    session.text_member("torn_tail", *report.torn_tail);
    session.line(*report.torn_tail);
  }
  if (report.adopted_blocks > 0)
    session.line(std::to_string(report.adopted_blocks) +
                 std::string(session.in(" blocks hold withheld bodies: their state is proven, and not executed again",
                                        " 件のブロックは非開示の本文を含みます（状態は証明済み、再実行なし）")));
  session.line(std::string(session.in("every frame that can be executed is what its statements give",
                                      "実行できる記録はすべて署名付き申告（ステートメント）どおりです")));
}

Result<void> audit(Session& session) {
  const std::string store = session.arguments().text("--store");
  TRY(const auto entry, session.files().entry(store));
  if (entry != platform::Entry::directory)
    return std::unexpected(
        Error(Code::not_found, "there is no store here: it is the folder `store` of a node").with_context(store));
  replica::AuditOptions options;
  options.directory = store;
  const std::string genesis = session.arguments().has("--genesis")
                                  ? session.arguments().text("--genesis")
                                  : platform::join(platform::parent(store), "genesis.cbor");
  TRY(options.genesis, read_file(session, genesis));
  if (session.arguments().has("--signer-memory"))
    options.signer_memory_path = session.arguments().text("--signer-memory");
  std::int64_t shown_ms = session.machine().clock.steady_ms();
  const bool silent = session.json() || session.arguments().has("--quiet");
  options.progress = [&](std::uint64_t height) {
    const auto now = session.machine().clock.steady_ms();
    if (silent || now - shown_ms < 1000) return;
    shown_ms = now;
    session.err() << session.in("block ", "ブロック ") << height << std::endl;
  };
  platform::Workers workers(std::max(1U, std::thread::hardware_concurrency()));
  TRY(const auto report, replica::audit(session.files(), workers, options));
  tell(session, report);
  return {};
}

}  // namespace

void add_audit_commands(Commands& to) {
  to.push_back(
      {"ledger audit",
       "Verify a stopped node's store again, wholly",
       "停止中の保管庫を全検査する",
       {{"--store", Form::text, Need::required, "folder of the store", "保管庫のフォルダ"},
        {"--genesis", Form::text, Need::optional, "else genesis.cbor beside the store", "創設記録"},
        {"--signer-memory", Form::text, Need::optional, "what the checkpoint signer remembers", "署名者の記憶"}},
       audit});
}

}  // namespace mikusari::cli
