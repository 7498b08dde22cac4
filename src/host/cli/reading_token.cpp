// SPDX-License-Identifier: Apache-2.0
#include "cli/reading_token.hpp"

#include "cli/store.hpp"
#include "json/parse.hpp"
#include "statement/reading.hpp"

namespace mikusari::cli {
namespace {

constexpr std::string_view not_for_this_reader = "urn:mikusari:not-for-this-reader";
constexpr int forbidden_status = 403;

// Signed for the connection that is open now, or is made by asking.
Result<platform::Buffer> signed_request(Session& session, net::Client& client, crypto::Signer& signer,
                                        const Digest& ledger, std::string_view node) {
  TRY(const auto channel, client.channel_binding());
  mikusari::reading::Request request;
  request.ledger = ledger;
  request.node = node;
  request.time_ms = static_cast<std::uint64_t>(session.machine().clock.now_ms());
  request.nonce = platform::random<16>(session.machine().random);
  if (channel.size() == 32) request.channel = Bytes<32>::copy(channel);
  platform::Buffer out(mikusari::reading::bytes_max);
  TRY(const auto bytes, mikusari::reading::sign(signer, request, out));
  out.resize(bytes.size());
  return out;
}

std::optional<std::string> token_in(const net::Response& response) {
  if (response.status != 200) return std::nullopt;
  const auto answer = json::parse(response.body.as_text());
  const auto* token = answer && answer->object() != nullptr ? answer->find("token") : nullptr;
  const auto text = token == nullptr ? Result<std::string_view>("") : token->text();
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
}

}  // namespace

bool asks_for_token(const net::Response& response) {
  if (response.status == 401) return response.headers.find("WWW-Authenticate").has_value();
  if (response.status != 404) return false;
  const auto problem = json::parse(response.body.as_text());
  const auto* type = problem && problem->object() != nullptr ? problem->find("type") : nullptr;
  return type != nullptr && type->text().value_or("") == not_for_this_reader;
}

Result<std::optional<std::string>> buy_token(Session& session, net::Client& client, const proof::Policy& policy) {
  TRY(const std::string reference, session.setting("key"));
  if (reference.empty()) return std::nullopt;
  const auto signer = open_key(session, reference);
  if (!signer) return std::nullopt;
  for (const auto node : policy.signers) {
    TRY(auto request, signed_request(session, client, **signer, policy.ledger, node.name));
    const auto call = net::Call::post("/v1/tokens", mikusari::reading::content_type, std::move(request));
    TRY(const auto response, client.request(call));
    if (response.status != forbidden_status) return token_in(response);
  }
  return std::nullopt;
}

}  // namespace mikusari::cli
