// SPDX-License-Identifier: Apache-2.0
// Proven records for people and programs. One thread.
#pragma once

#include "cli/named.hpp"
#include "cli/remote.hpp"

namespace mikusari::cli {

void show_proof(Session& session, const proof::VerifiedAnchor& anchor);

// Asks, verifies, writes the answer into the file of --out, and reports the proof; `not_found` when proven absent.
Result<std::unique_ptr<Answer>> ask(Session& session, Remote& remote, const std::string& target, const Digest& key);

// Asks, verifies and shows a record.
template <class Record>
Result<void> show_record(Session& session, Remote& remote, const std::string& target, const Digest& key) {
  call_what_is_known(session, remote.ledger());
  TRY(const auto answer, ask(session, remote, target, key));
  TRY(const auto record, cbor::decode<Record>(*answer->state.value));
  session.record("record", json::to_json(record));
  return {};
}
template <class Record>
Result<void> show_record(Session& session, const std::string& target, const Digest& key) {
  TRY(auto remote, Remote::open(session));
  return show_record<Record>(session, remote, target, key);
}

// Writes into the file of --out, when it was given, and says so.
Result<void> keep_file(Session& session, ByteView bytes);

inline Option out_option() {
  return {"--out", Form::text, Need::optional, "keep the proven answer in this file", "証明付き回答を保存"};
}

}  // namespace mikusari::cli
