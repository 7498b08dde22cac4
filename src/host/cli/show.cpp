// SPDX-License-Identifier: Apache-2.0
#include "cli/show.hpp"

#include "platform/clock.hpp"

namespace mikusari::cli {

void show_proof(Session& session, const proof::VerifiedAnchor& anchor) {
  session.number_member("height", anchor.record.height);
  session.text_member("time", platform::rfc3339(static_cast<std::int64_t>(anchor.record.time_ms)));
  session.number_member("weight", anchor.checkpoint.weight);
  session.number_member("witnesses", anchor.checkpoint.witnesses);
  session.line(std::string(session.in("proven at block ", "証明済み: ブロック ")) +
               std::to_string(anchor.record.height) + ", " +
               platform::rfc3339(static_cast<std::int64_t>(anchor.record.time_ms)));
}

Result<void> keep_file(Session& session, ByteView bytes) {
  const std::string out = session.arguments().text("--out");
  if (out.empty()) return {};
  TRY(write_file(session, out, bytes));
  session.text_member("file", out);
  session.line(out);
  return {};
}

Result<std::unique_ptr<Answer>> ask(Session& session, Remote& remote, const std::string& target, const Digest& key) {
  TRY(auto answer, remote.state(target, key));
  TRY(keep_file(session, answer->bytes));
  show_proof(session, answer->state.anchor);
  session.member("present", answer->present() ? "true" : "false");
  if (answer->present()) return answer;
  return std::unexpected(Error(Code::not_found, "proven absent from the ledger").with_context(target.substr(4)));
}

}  // namespace mikusari::cli
