// SPDX-License-Identifier: Apache-2.0
// Proven records for people and programs. One thread.
#pragma once

#include "cli/remote.hpp"

namespace mikusari::cli {

void show_proof(Session& session, const proof::VerifiedAnchor& anchor);

// Asks, verifies, writes the answer into the file of --out, and reports the proof; `not_found` when proven absent.
Result<std::unique_ptr<Answer>> ask(Session& session, Remote& remote, const std::string& target, const Digest& key);

template <class Record>
Result<void> show_record(Session& session, const std::string& target, const Digest& key) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto answer, ask(session, remote, target, key));
  TRY(const auto record, cbor::decode<Record>(*answer->state.value));
  session.record("record", json::to_json(record));
  return {};
}

inline Option out_option() {
  return {"--out", Form::text, Need::optional, "keep the proven answer in this file", "証明付き回答を保存"};
}

}  // namespace mikusari::cli
