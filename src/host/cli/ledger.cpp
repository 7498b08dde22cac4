// SPDX-License-Identifier: Apache-2.0
// The ledger itself: what it is, and that its log only grows.
#include "cli/show.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

Result<void> keep(Session& session, ByteView bytes) {
  const std::string out = session.arguments().text("--out");
  if (out.empty()) return {};
  TRY(write_file(session, out, bytes));
  session.text_member("file", out);
  session.line(out);
  return {};
}

// The newest checkpoint, verified to continue the one that was seen last.
Result<platform::Buffer> update(Session& session, Remote& remote) {
  const std::uint64_t known = remote.verifier().state().size;
  platform::Buffer checkpoint, consistency;
  if (known == 0) {
    TRY(const auto response, remote.get("/v1/checkpoint", "application/cbor"));
    checkpoint = platform::copy(response.body.view());
  } else {
    const auto response = remote.get("/v1/update?from=" + std::to_string(known), "application/cbor");
    if (!response && response.error().code() == Code::invalid) {
      return std::unexpected(
          Error(Code::conflict, "the node's log is shorter than one that was seen before: it shows an old state")
              .with_context("log of " + std::to_string(known) + " leaves"));
    }
    if (!response) return std::unexpected(response.error());
    cbor::Reader in(response->body.view());
    TRY(const auto count, in.array());
    if (count != 2) return fail(Code::invalid, "the node's update is no pair");
    TRY(const auto first, in.item());
    TRY(const auto second, in.item());
    checkpoint = platform::copy(first);
    consistency = platform::copy(second);
  }
  TRY(const auto verified, remote.verifier().update(checkpoint, {consistency, {}}));
  TRY(remote.save());
  session.text_member("ledger", platform::to_hex(verified.ledger));
  session.number_member("size", verified.size);
  session.text_member("root", platform::to_hex(verified.root));
  session.number_member("time", verified.time);
  session.line(std::string(session.in("log of ", "ログの葉 ")) + std::to_string(verified.size) +
               std::string(session.in(" leaves, root ", "、根 ")) + platform::to_hex(verified.root));
  session.line(std::string(session.in("signed at ", "署名時刻 ")) +
               platform::rfc3339(static_cast<std::int64_t>(verified.time) * 1000));
  return checkpoint;
}

Result<void> checkpoint(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto bytes, update(session, remote));
  return keep(session, bytes);
}

Result<void> info(Session& session) {
  TRY(auto remote, Remote::open(session));
  session.line(std::string(session.in("ledger ", "台帳 ")) + platform::to_hex(remote.ledger()));
  TRY(update(session, remote));
  session.number_member("policy_epoch", remote.verifier().policy().epoch);
  session.number_member("threshold", remote.verifier().policy().threshold);
  return {};
}

Result<void> policy(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get("/v1/policy", "application/cbor"));
  TRY(const auto decoded, cbor::decode<proof::Policy>(response.body.view()));
  session.record("policy", json::to_json(decoded));
  session.line(std::string(session.in("the node's word: compare it with one from elsewhere",
                                      "ノードの申告です。別経路のものと照合してください")));
  return keep(session, response.body.view());
}

Result<void> genesis(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get("/v1/genesis", "application/cbor"));
  if (crypto::sha256(response.body.view()) != remote.ledger())
    return fail(Code::unauthenticated, "this genesis is not the ledger's");
  TRY(const auto decoded, cbor::decode<Genesis>(response.body.view()));
  session.record("genesis", json::to_json(decoded));
  return keep(session, response.body.view());
}

Result<void> consistency(Session& session) {
  TRY(const auto from, session.required("--from"));
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get("/v1/consistency?from=" + from, "application/cbor"));
  TRY(const auto decoded, cbor::decode<proof::Consistency>(response.body.view()));
  session.record("consistency", json::to_json(decoded));
  return keep(session, response.body.view());
}

}  // namespace

void add_ledger_commands(Commands& to) {
  const Option out{"--out", Form::text, Need::optional, "write the bytes (CBOR) into this file", "ファイルに書く"};
  to.push_back({"ledger info", "Which ledger, and how far it is", "台帳の概要", {}, info});
  to.push_back({"ledger checkpoint",
                "The newest checkpoint, verified to continue the last one",
                "最新のチェックポイント",
                {out},
                checkpoint});
  to.push_back({"ledger policy", "The trust policy that the node shows", "ノードの信頼ポリシー", {out}, policy});
  to.push_back({"ledger genesis", "What founded the ledger", "台帳の創設記録", {out}, genesis});
  to.push_back({"ledger consistency",
                "Proof that the log continues an earlier one",
                "ログの継続の証明",
                {{"--from", Form::text, Need::required, "size of the earlier log", "以前の大きさ"}, out},
                consistency});
}

}  // namespace mikusari::cli
