// SPDX-License-Identifier: Apache-2.0
// The daemon's recovery: how a node goes on whose store or signer's memory is lost.
#include <unistd.h>

#include "cli/saying.hpp"
#include "node/recover.hpp"
#include "platform/clock.hpp"
#include "platform/posix/log.hpp"

namespace mikusari::cli {
namespace {

std::string config_path(const Session& session) {
  const std::string folder = session.arguments().has("FOLDER") ? session.arguments().text("FOLDER") : ".";
  return platform::join(folder, "node.toml");
}

Result<void> plan(Session& session) {
  std::optional<std::uint64_t> lost_size;
  if (session.arguments().has("--lost-size")) {
    TRY(lost_size, session.arguments().number("--lost-size", 0));
  }
  Machine& machine = session.machine();
  platform::DescriptorLog log(machine.clock, platform::Level::warning, STDERR_FILENO);
  TRY(const auto made,
      node::plan_recovery({machine.files, machine.random, machine.clock}, config_path(session), log, lost_size));
  session.text_member("plan", made.path);
  session.number_member("epoch", made.epoch);
  session.number_member("size", made.size);
  session.number_member("height", made.height);
  session.member("store_was_lost", made.store_was_lost ? "true" : "false");
  session.line(std::string(session.in("the plan of the new incarnation: ", "新しい世代の計画: ")) + made.path);
  session.line(std::string(session.in("the log goes on after ", "ログの継続点: 葉 ")) + std::to_string(made.size) +
               std::string(session.in(" leaves, block ", "、ブロック ")) + std::to_string(made.height));
  if (made.store_was_lost)
    session.line(std::string(session.in("the store is LOST: the ledger begins again at its genesis",
                                        "保管庫が失われています。台帳は創設時から始まります")));
  session.line(std::string(session.in("have it signed by the recovery keys: `mikusari recovery sign`",
                                      "復旧鍵の署名を得てください: `mikusari recovery sign`")));
  return {};
}

Result<void> begin(Session& session) {
  TRY(const auto statement, read_file(session, session.arguments().text("STATEMENT")));
  Machine& machine = session.machine();
  platform::DescriptorLog log(machine.clock, platform::Level::warning, STDERR_FILENO);
  TRY(node::begin_recovery({machine.files, machine.random, machine.clock}, config_path(session), log, statement));
  session.line(std::string(
      session.in("the node begins as a new incarnation when it is run next", "次の起動から新しい世代として動きます")));
  return {};
}

}  // namespace

void add_node_recovery_commands(Commands& to) {
  const Option folder{"FOLDER", Form::text, Need::required, "of the node", "ノードのフォルダ"};
  to.push_back({"node plan-recovery",
                "New keys for a node whose store or signer's memory is lost, and the plan to be signed",
                "失われたノードの復旧を計画する",
                {folder,
                 {"--lost-size", Form::text, Need::optional, "leaves of a log that was signed and is lost, if known",
                  "失われたログの大きさ"}},
                plan});
  to.push_back(
      {"node begin-recovery",
       "Go on as a new incarnation, which the recovery keys have signed",
       "署名された新しい世代を始める",
       {folder, {"STATEMENT", Form::text, Need::required, "file of `recovery sign`", "署名付き申告のファイル"}},
       begin});
}

}  // namespace mikusari::cli
