// SPDX-License-Identifier: Apache-2.0
#include "cli/settled.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "merkle/compact_range.hpp"

namespace mikusari::cli {
namespace {

// What the log was before this leaf, in perfect subtrees: of an inclusion path, those that lie left of the leaf. They
// are the same however much the log has grown since.
std::vector<Digest> before(const proof::Receipt& receipt) {
  std::vector<Digest> out;
  std::uint64_t at = receipt.leaf_index, last = receipt.checkpoint.size - 1;
  for (const auto digest : receipt.log_path) {
    if (at % 2 == 1 || at == last) {
      out.push_back(digest);
      for (; at % 2 == 0 && at != 0; at /= 2) last /= 2;
    }
    at /= 2;
    last /= 2;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

// Verified, and the one that was asked for.
Result<std::unique_ptr<ProvenReceipt>> opened(Remote& remote, Remote::Proven answer, const Digest& identity,
                                              std::uint64_t index) {
  auto out = std::make_unique<ProvenReceipt>();
  out->bytes = std::move(answer.bytes);
  const auto verified = remote.verifier().receipt(out->bytes, answer.terms());
  if (!verified) return std::unexpected(refused_answer(verified.error()));
  out->verified = *verified;
  TRY(out->receipt, cbor::decode<proof::Receipt>(out->bytes));
  if (out->verified.event.identity != identity || out->receipt.event.index != index)
    return fail(Code::unauthenticated, "the node answered with the receipt of another body");
  return out;
}

Result<Remote::Proven> ask_receipt(Remote& remote, const Digest& identity, std::uint64_t index) {
  return remote.proven(target_of("statements", identity) + "/receipts/" + std::to_string(index),
                       "application/mikusari-receipt+cbor");
}

// Of what the node calls committed: not to prove it, for whatever reason the node gives, is a lie found.
Result<std::unique_ptr<ProvenReceipt>> owed_receipt(Session& session, Remote& remote, const Digest& identity,
                                                    std::uint64_t index) {
  auto answer = ask_receipt(remote, identity, index);
  if (answer) return opened(remote, *std::move(answer), identity, index);
  const Code code = answer.error().code();
  if (code == Code::unavailable || code == Code::exhausted) return std::unexpected(std::move(answer).error());
  session.set_refusal("");
  return std::unexpected(
      Error(Code::unauthenticated, "the node says that the statement was committed, and does not prove it")
          .with_context(answer.error().message()));
}

// Indexes of the first and the last body that were accepted.
struct Accepted {
  std::uint64_t first = 0, last = 0;
};

std::optional<Accepted> accepted_of(const Fate& fate) {
  std::optional<Accepted> out;
  for (const auto& body : fate.bodies) {
    if (body.standing != Standing::committed) continue;
    if (!out) out = Accepted{body.index, body.index};
    out->last = body.index;
  }
  return out;
}

Result<void> check_committed(Session& session, Remote& remote, const statement::Submission& submission,
                             const Fate& fate) {
  const auto accepted = accepted_of(fate);
  if (!accepted) return {};
  TRY(const auto first, owed_receipt(session, remote, submission.identity, accepted->first));
  if (first->verified.height != fate.height)
    return fail(Code::unauthenticated, "the statement stands in another block than the node says");
  const auto leaves = leaves_of(submission, fate, *first);
  if (accepted->first == accepted->last) return check_between(first->receipt, first->receipt, leaves);
  TRY(const auto last, owed_receipt(session, remote, submission.identity, accepted->last));
  return check_between(first->receipt, last->receipt, leaves);
}

}  // namespace

std::uint64_t refused_in(const Fate& fate) {
  std::uint64_t out = 0;
  for (const auto& body : fate.bodies) out += body.standing == Standing::refused ? 1 : 0;
  return out;
}

Result<void> check_form(const Fate& fate, const Digest& identity, std::uint64_t bodies) {
  if (fate.identity != identity)
    return fail(Code::unauthenticated, "the node answered with the fate of another statement");
  if (fate.bodies.size() != bodies)
    return fail(Code::unauthenticated, "the node's fate has not one entry for each body of the statement");
  std::uint64_t index = 0;
  for (const auto& body : fate.bodies) {
    const bool committed = body.standing == Standing::committed;
    if (body.index != index++ || committed != body.outcome.has_value() || committed == body.refusal.has_value())
      return fail(Code::unauthenticated, "the node's fate contradicts itself");
  }
  return {};
}

std::vector<Digest> leaves_of(const statement::Submission& submission, const Fate& fate, const ProvenReceipt& first) {
  std::vector<Digest> out;
  proof::BodyLeaf leaf;
  leaf.identity = submission.identity;
  leaf.signature_hash = crypto::sha256(first.verified.event.statement.signature);
  leaf.also_hash =
      first.receipt.event.also ? statement::also_hash(*first.receipt.event.also) : first.receipt.event.also_hash;
  leaf.height = first.verified.height;
  leaf.time_ms = first.verified.time_ms;
  auto fated = fate.bodies.begin();
  for (const auto& salted : submission.bodies) {
    const BodyFate body = *fated;
    ++fated;
    if (body.standing != Standing::committed) continue;
    leaf.body_leaf = statement::body_leaf(salted);
    leaf.outcome = *body.outcome;
    out.push_back(proof::leaf_hash(leaf));
  }
  return out;
}

Result<void> check_between(const proof::Receipt& first, const proof::Receipt& last, std::span<const Digest> leaves) {
  constexpr const char* text = "what the node says of the bodies between the first and the last is not so";
  const auto begin = before(first), end = before(last);
  if (last.leaf_index < first.leaf_index || last.leaf_index - first.leaf_index != leaves.size() - 1)
    return fail(Code::unauthenticated, text);
  TRY(auto range, merkle::CompactRange::from(first.leaf_index, begin));
  for (const auto& leaf : leaves.first(leaves.size() - 1)) range.append(leaf);
  if (!std::ranges::equal(range.nodes(), end)) return fail(Code::unauthenticated, text);
  // The last leaf is not yet part of what stands before it.
  TRY(const auto event, proof::check_event(last.event));
  if (event.leaf_hash != leaves.back()) return fail(Code::unauthenticated, text);
  return {};
}

Result<std::unique_ptr<ProvenReceipt>> receipt_of(Remote& remote, const Digest& identity, std::uint64_t index) {
  TRY(auto answer, ask_receipt(remote, identity, index));
  TRY(auto out, opened(remote, std::move(answer), identity, index));
  TRY(remote.save());
  return out;
}

Result<std::unique_ptr<Settled>> settle(Session& session, Remote& remote, ByteView submission, ByteView fate) {
  auto out = std::make_unique<Settled>();
  out->bytes = platform::copy(fate);
  TRY(const auto parsed, statement::parse(submission));
  auto decoded = cbor::decode<Fate>(out->bytes);
  if (!decoded && decoded.error().code() == Code::newer) return std::unexpected(refused_answer(decoded.error()));
  if (!decoded) return fail(Code::unauthenticated, "what the node answered is no fate of a statement");
  out->fate = *decoded;
  TRY(check_form(out->fate, parsed.identity, parsed.bodies.size()));
  TRY(check_committed(session, remote, parsed, out->fate));
  TRY(remote.save());
  return out;
}

}  // namespace mikusari::cli
