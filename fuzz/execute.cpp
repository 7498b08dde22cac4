// SPDX-License-Identifier: Apache-2.0
// Bodies of any content, executed on a small ledger one after another as if their signatures held: each after a byte
// for its kind, one for its signer, one for the statement's flags and two for its length. Nothing may crash, what is
// refused may change nothing but the signer's counters, and what is discarded nothing at all. An input that begins with
// a zero is a whole submission for that ledger's door instead.
// LINK: mikusari_ledger mikusari_crypto_openssl
#include <cstdint>
#include <cstdlib>

#include "ledger/test_camera.hpp"

namespace {

using namespace mikusari;
using namespace mikusari::ledger;

void require(bool holds) {
  if (!holds) std::abort();
}

class AnySignatures final : public Signatures {
 public:
  Result<void> verify(const crypto::PublicKey&, ByteView, const crypto::Signature&) override { return {}; }
};

// Things in every state that a rule asks for: sold, offered, on their way, retired, destroyed, in stock; a private
// party, a suspended one, a key that waits, a proposal that is open.
class SmallLedger : public CameraWorld {
 public:
  SmallLedger() {
    camera("sold", {board("board", {sensor("sensor"), cell("cell")})}, "city");
    camera("offered", {cell("other cell")});
    require(offer("cameras", id("cameras", "offered"), handle("city")).accepted());
    camera("retired", {cell("old")});
    require(retire("cameras", id("cameras", "retired")).accepted());
    camera("destroyed", {cell("salvaged")});
    require(retire("cameras", id("cameras", "destroyed")).accepted());
    require(destroy("cameras", id("cameras", "destroyed")).accepted());
    sensor("stock");
    const Id moving = cell("moving");
    accepted(key("cameras"),
             custody::Ship{thing::Type::part, moving, handle("city"), title(thing::Type::part, moving), {}});
    const Handle bob = open_party("bob", "city");
    accepted(key("city"), party::Suspend{open_party("suspended", "city"), true});
    hand_over(thing::Type::device, camera("private", {}), key("cameras"), key("bob"));
    proposal::Open opened;
    opened.nonce = nonce("proposal");
    opened.content.matter = proposal::Matter::suspend;
    opened.content.party = handle("clinic");
    accepted(key("chips"), opened);
    auto& waiting = new_key("waiting", subject_of_party(bob));
    accepted(key("bob"), key::Rotate{waiting.key(), possession(waiting, key("bob"))});
  }
  Digest kid(std::uint8_t which) {
    constexpr std::string_view names[] = {"chips",     "cameras",   "city",    "clinic",    "lab",     "notary",
                                          "release-1", "release-2", "sold",    "bob",       "offered", "suspended",
                                          "waiting",   "sensor",    "retired", "recovery-1"};
    return key(names[which % std::size(names)]).kid();
  }
};

SmallLedger& small_ledger() {
  static SmallLedger world;
  return world;
}

ByteView take(ByteView& input, std::size_t size) {
  const ByteView out = input.first(std::min(size, input.size()));
  input = input.subspan(out.size());
  return out;
}
std::uint8_t take_byte(ByteView& input) {
  const ByteView byte = take(input, 1);
  return byte.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(byte[0]);
}

const statement::Kind& kind_at(std::size_t index) {
  std::vector<const statement::Kind*> kinds;
  statement::for_each_kind([&]<class Body>() { kinds.push_back(&Body::kind); });
  return *kinds[index % kinds.size()];
}

// The flags: bit 0, all or nothing; bit 1, approvals of everybody; bit 2, the body is withheld.
struct Statement {
  Statement(SmallLedger& world, std::uint64_t n, ByteView& input) {
    const auto& kind = kind_at(take_byte(input));
    submission.statement.header.kid = world.kid(take_byte(input));
    submission.statement.payload.kind = kind.number;
    submission.statement.payload.n = 1'000'000 + n;
    const auto flags = take_byte(input);
    submission.statement.payload.atomic = (flags & 1) != 0;
    const auto role = statement::role_of(kind.signers);
    for (std::uint8_t i = 0; i < 16 && (flags & 2) != 0 && role; ++i)
      approvals.push_back({world.kid(i), *role, {}, {}});
    submission.approvals = {std::span<const statement::Approval>(approvals)};
    const std::size_t high = take_byte(input), low = take_byte(input);
    body.body = take(input, high << 8 | low);
    if ((flags & 4) != 0) body.withheld = statement::body_leaf(body);
    submission.bodies = {std::span(&body, 1)};
    submission.also = as_bytes("\x80");
  }
  Statement(const Statement&) = delete;

  std::vector<statement::Approval> approvals;
  statement::SaltedBody body;
  statement::Submission submission;
};

void check_fate(const SubmissionFate& fate, const Overlay& changed) {
  if (fate.standing == Standing::discarded) return require(changed.changes().empty());
  require(fate.bodies.size() == 1 && fate.steps > 0);
  const auto& body = fate.bodies[0];
  if (body.accepted()) return require(body.gained.size() < changed.changes().size());
  require(body.gained.empty() && changed.changes().size() == 1);
}

void execute_bodies(ByteView input) {
  auto& world = small_ledger();
  AnySignatures signatures;
  Overlay state(world.state());
  for (std::uint64_t n = 1; n <= 64 && !input.empty(); ++n) {
    const Statement each(world, n, input);
    auto layer = Overlay::over(state);
    const auto fate = execute(each.submission, 1024, world.next_block(), world.state(), layer, signatures);
    check_fate(fate, layer);
    std::move(layer).merge_into(state);
  }
}

void try_submission(ByteView input) {
  const auto submission = statement::parse(input);
  if (!submission) return;
  auto& world = small_ledger();
  AnySignatures signatures;
  const auto block = world.next_block();
  ledger::Decoded decoded;
  if (!check_signatures(*submission, block, world.state(), signatures, decoded)) return;
  Overlay state(world.state());
  const auto fate = execute(*submission, input.size(), block, world.state(), state, signatures);
  require(fate.standing == Standing::discarded || fate.bodies.size() == submission->bodies.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input = std::as_bytes(std::span(data, size));
  take_byte(input) == 0 ? try_submission(input) : execute_bodies(input);
  return 0;
}
