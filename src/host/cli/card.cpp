// SPDX-License-Identifier: Apache-2.0
#include "cli/card.hpp"

#include "platform/encode.hpp"

namespace mikusari::cli {

Result<void> write_card(Session& session, const Card& card) {
  TRY(const std::string out, session.required("--out"));
  TRY(write_file(session, out, platform::encode(card)));
  session.text_member("file", out);
  session.line(out);
  return {};
}

Result<std::unique_ptr<ReadCard>> read_card(Session& session, const Digest& ledger, const std::string& path) {
  auto out = std::make_unique<ReadCard>();
  TRY(out->bytes, read_file(session, path));
  const auto decoded = cbor::decode<Card>(out->bytes);
  if (!decoded)
    return std::unexpected(Error(decoded.error()).with_context(path + " is not a card (of `contact card --out`)"));
  out->card = *decoded;
  const bool of_party = out->card.party.has_value(), of_thing = out->card.what && out->card.thing;
  if (of_party == of_thing)
    return std::unexpected(Error(Code::invalid, "is a card of nothing that is known here").with_context(path));
  if (out->card.ledger != ledger)
    return std::unexpected(Error(Code::forbidden, "is a card of another ledger").with_context(path));
  return out;
}

}  // namespace mikusari::cli
