// SPDX-License-Identifier: Apache-2.0
// What statements of several families have in common: keys by name, proofs of possession, title counters, keys that go
// on, where and with what, digests of files. One thread.
#pragma once

#include "cli/voice.hpp"

namespace mikusari::cli {

// A thumbprint, or a key of a store: NAME or NAME@FOLDER.
Result<Digest> kid_named(Session& session, const std::string& text);
// The same, or the first digits of the thumbprint of a key that a record lists.
Result<Digest> kid_among(Session& session, std::span<const key::Entry> entries, const std::string& text);

// The proof that the holder of a key gives to who registers it.
Result<crypto::Signature> possession(crypto::Signer& holder, const statement::Possession& what);

// What the store knows of where a key is.
key::Level level_of(const keys::KeyInfo& info);
// And what the ledger will let it be.
key::Purpose purpose_of(const keys::KeyInfo& info);
// --level and --activation, or what the store knows.
Result<key::Level> level_option(const Session& session, const keys::KeyInfo& info);
Result<key::Activation> activation_option(const Session& session);
std::vector<Option> level_options();

// The title counter: of --on, or of the proven record.
Result<std::uint64_t> on_of(Session& session, Remote& remote, thing::Type type, const Id& id);
Option on_option();

// The keys of --keep: `all` that speak, or those that are named.
Result<std::vector<Digest>> keep_of(Session& session, const thing::Record& record);
Option keep_option();

// --place and --tool. A party that this home opened or asked for has ids of its own for them: one place's id under two
// handles would show that one person stands behind both. An id in hexadecimal is said as it is.
Result<std::optional<thing::At>> at_of(Voice& voice);
std::vector<Option> at_options();

// A SHA-256 in hexadecimal, or of the file with this name.
Result<Digest> digest_of(Session& session, const std::string& text);
Result<std::optional<Digest>> digest_option(Session& session, const std::string& option);

// --until, none when it was not given.
Result<std::optional<std::uint64_t>> until_option(const Session& session);

// One list after another.
std::vector<Option> together(std::initializer_list<std::vector<Option>> lists);

}  // namespace mikusari::cli
