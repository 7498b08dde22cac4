// SPDX-License-Identifier: Apache-2.0
// Statements of any content. The first byte chooses: the rest is a whole submission, parsed and, at the door of a small
// ledger, checked; or it is bodies that are executed there one after another, as if their signatures held, each after a
// byte for its kind, one for its signer, one for its approvers and two for its length. Nothing may crash, and what is
// refused may change nothing.
// LINK: mikusari_ledger mikusari_crypto_openssl
#include <cstdint>
#include <cstdlib>

#include "ledger/test_camera.hpp"

namespace {

using namespace mikusari;
using namespace mikusari::ledger;

class AnySignatures final : public Signatures {
 public:
  Result<void> verify(const crypto::PublicKey&, ByteView, const crypto::Signature&) override { return {}; }
};

// Two cameras, one sold and active, sharing a disputed sensor; a retired one; stock; a destroyed one's salvage.
class SmallLedger : public CameraWorld {
 public:
  SmallLedger() {
    const Id shared = sensor("sensor");
    const Id inner = board("board", {shared, cell("cell")});
    camera("sold", {inner}, "city");
    camera("copy", {shared});
    accepted(key("cameras"), ownership::Offer{id("copy"), "clinic"}, on(id("copy")));
    camera("retired", {cell("old")}, "city");
    retire(id("retired"));
    camera("destroyed", {cell("salvaged")}, "city");
    retire(id("destroyed"));
    ASSERT(destroy(id("destroyed")).accepted());
    cell("stock");
    sensor("waiting");
    auto& successor = new_thing_key("successor", SubjectType::part, id("waiting"));
    accepted(key("waiting"), key::Rotate{successor.key(), possession(successor, key("waiting"))});
  }
  Digest kid(std::uint8_t which) {
    constexpr std::string_view names[] = {"chips",     "cameras", "city", "clinic", "lab",     "notary",  "release-1",
                                          "release-2", "sold",    "copy", "sensor", "retired", "waiting", "successor"};
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

void execute_bodies(ByteView input) {
  auto& world = small_ledger();
  AnySignatures signatures;
  Overlay state(world.state());
  for (std::uint64_t n = 1; n <= 64 && !input.empty(); ++n) {
    const auto& kind = kind_at(take_byte(input));
    statement::Submission submission;
    submission.statement.header.kid = world.kid(take_byte(input));
    submission.statement.payload.kind = kind.number;
    submission.statement.payload.n = 1'000'000 + n;
    const auto flags = take_byte(input);
    submission.statement.payload.atomic = (flags & 1) != 0;
    if (kind.on == statement::On::required) submission.statement.payload.on = flags >> 3;
    std::vector<statement::Approval> approvals;
    for (std::uint8_t i = 0; i < 8 && (flags & 2) != 0; ++i)
      approvals.push_back({world.kid(i), statement::ApprovalRole{}, {}, {}});
    for (auto& approval : approvals) {
      approval.role = kind.signers == statement::Signers::members     ? statement::ApprovalRole::member
                      : kind.signers == statement::Signers::witnesses ? statement::ApprovalRole::witness
                                                                      : statement::ApprovalRole::release;
    }
    submission.approvals = {std::span<const statement::Approval>(approvals)};
    const std::size_t high = take_byte(input), low = take_byte(input);
    const statement::SaltedBody body{{}, take(input, high << 8 | low)};
    submission.bodies = {std::span(&body, 1)};
    const auto fate = execute(submission, world.next_block(), world.state(), state, signatures);
    if (fate.bodies.size() != 1 || fate.bodies[0].accepted() == fate.bodies[0].changed.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input = std::as_bytes(std::span(data, size));
  if ((take_byte(input) & 1) != 0) {
    execute_bodies(input);
    return 0;
  }
  const auto submission = statement::parse(input);
  if (submission) {
    auto& world = small_ledger();
    AnySignatures signatures;
    const auto block = world.next_block();
    if (check_signatures(*submission, block, world.state(), signatures)) {
      Overlay state(world.state());
      execute(*submission, block, world.state(), state, signatures);
    }
  }
  return 0;
}
