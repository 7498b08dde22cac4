// SPDX-License-Identifier: Apache-2.0
// Files by which one asks to be let in: an organisation to be admitted as a member, a person to be opened as parties.
// Each holds keys with their proofs of possession for just this registration, and is made without a node. Values; any
// thread.
#pragma once

#include "cli/saying.hpp"
#include "statement/ledger.hpp"

namespace mikusari::cli {

// To whoever opens the proposal that admits it, or brings its key back.
struct MemberRequest {
  statement::Form form;
  Digest ledger;
  Digest opener;  // thumbprint of the key that will sign the proposal
  NewMember member;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &MemberRequest::form}, cbor::Field{2, "ledger", &MemberRequest::ledger},
                 cbor::Field{3, "opener", &MemberRequest::opener, "thumbprint of the key that will open the proposal"},
                 cbor::Field{4, "member", &MemberRequest::member}};
};

// To a registrar, who keeps what the commitments are to.
struct PartyRequest {
  statement::Form form;
  Digest ledger;
  Handle registrar;
  Digest registrar_key;  // thumbprint of the key that will sign the openings
  cbor::List<party::Open, limits::bodies_max> openings;
  std::optional<std::string_view> who;              // what the commitments are to, for the registrar alone
  cbor::List<Bytes<32>, limits::bodies_max> salts;  // of each commitment; none without `who`
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &PartyRequest::form},
                 cbor::Field{2, "ledger", &PartyRequest::ledger},
                 cbor::Field{3, "registrar", &PartyRequest::registrar},
                 cbor::Field{4, "registrar_key", &PartyRequest::registrar_key,
                             "thumbprint of the key that will sign the openings"},
                 cbor::Field{5, "openings", &PartyRequest::openings},
                 cbor::Field{6, "who", &PartyRequest::who, "who it is, for the registrar alone"},
                 cbor::Field{7, "salts", &PartyRequest::salts, "of the commitments to that"}};
};

// A file of this form. `invalid`, naming the file and what makes one, for another.
template <class T>
Result<T> read_request(ByteView bytes, const std::string& path, const char* made_by) {
  const auto decoded = cbor::decode<T>(bytes);
  if (decoded) return *decoded;
  return std::unexpected(Error(decoded.error()).with_context(path + " is not a request (of `" + made_by + "`)"));
}

// Another's key: a thumbprint, a contact whose card said it, a file of `key export`, or the one wallet key of a party.
Result<Digest> kid_of_other(Session& session, const Digest& ledger, const std::string& text);

// Names of the members that founded the ledger.
Result<std::vector<std::string>> founders(Session& session, Remote& remote);

// `unauthenticated` unless the opening is for this registrar, and its holder has signed for it.
Result<void> check_opening(const Digest& ledger, const Handle& registrar, const Digest& registrar_key,
                           const party::Open& opening);

// What parties of one opening have in common.
struct Openings {
  Session& session;
  Digest ledger;
  Handle registrar;
  Digest registrar_key;
  std::string label, who;
  std::uint64_t count = 1;
};
// Makes keys in the home and what is said of each party. Repeated, it makes the same. The views of the openings live in
// the result.
struct MadeOpenings {
  std::vector<party::Open> openings;
  std::vector<OwnParty> parties;
  std::vector<Handle> quorum;
};
Result<std::unique_ptr<MadeOpenings>> make_openings(const Openings& what);
// --who, --count, --recovery, --standby, --algorithm and those of who may force a hand-over.
std::vector<Option> opening_options();

// --force-quorum, --force-threshold and --force-wait; none when they were not given. The handles go into `quorum`.
Result<std::optional<party::Force>> force_option(Session& session, const Digest& ledger, std::vector<Handle>& quorum);
std::vector<Option> force_options();

}  // namespace mikusari::cli
