// SPDX-License-Identifier: Apache-2.0
// Approvals of a statement: what they bind, in which order they stand, and what the log leaf says of them.
#include <algorithm>

#include "encoding/test_support.hpp"
#include "statement/test_pieces.hpp"

namespace mikusari::statement {
namespace {

// A good submission, and signers who approve it.
struct Scene {
  Pieces pieces{crypto::Algorithm::ed25519};
  Buffer plain = pieces.submission();
  Submission submission = *parse(plain);
  std::vector<crypto::SoftwareSigner> signers;

  Scene() {
    for (int i = 0; i < 20; ++i) {
      signers.push_back(
          signer_of(i % 2 == 0 ? crypto::Algorithm::ed25519 : crypto::Algorithm::esp256, "s" + std::to_string(i)));
    }
  }
  Approval approval(std::size_t signer, ApprovalRole role) {
    return *approve(signers[signer], submission.identity, role);
  }
  // With the approvals in exactly this order.
  Buffer with(const std::vector<Approval>& approvals) {
    pieces.approvals = approvals;
    return pieces.submission();
  }
};

Buffer add(const Buffer& to, const Approval& approval) {
  const auto parsed = parse(to);
  Buffer out(65536);
  const auto bytes = add_approval(*parsed, approval, out);
  EXPECT_TRUE(bytes.has_value());
  out.resize(bytes ? bytes->size() : 0);
  return out;
}

TEST(Approval, BindsIdentityRoleAndKey) {
  Scene scene;
  const auto& key = scene.signers[1].public_key();
  const auto with_approval = add(scene.plain, scene.approval(1, ApprovalRole::own));
  const auto parsed = parse(with_approval);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_EQ(parsed->identity, scene.submission.identity) << "approvals do not change what was said";
  ASSERT_EQ(parsed->approvals.size(), 1U);
  Approval read = *parsed->approvals.begin();
  EXPECT_EQ(read.role, ApprovalRole::own);
  EXPECT_TRUE(verify_approval(read, parsed->identity, key).has_value());
  EXPECT_EQ(verify_approval(read, Digest{}, key).error().code(), Code::unauthenticated);
  EXPECT_EQ(verify_approval(read, parsed->identity, scene.signers[3].public_key()).error().code(),
            Code::unauthenticated);
  read.role = ApprovalRole::quorum;
  EXPECT_EQ(verify_approval(read, parsed->identity, key).error().code(), Code::unauthenticated);
}

TEST(Approvals, StandByRoleAndThenByKeyWhoeverCameFirst) {
  Scene scene;
  std::vector<Approval> approvals;
  for (std::size_t i = 0; i < 3; ++i) {
    approvals.push_back(scene.approval(i, ApprovalRole::witness));
    approvals.push_back(scene.approval(i, ApprovalRole::own));
  }
  std::ranges::sort(approvals,
                    [](const auto& a, const auto& b) { return a.role != b.role ? a.role < b.role : a.kid < b.kid; });
  const Buffer wanted = scene.with(approvals);
  ASSERT_TRUE(parse(wanted).has_value());
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  do {
    Buffer collected = scene.plain;
    for (const std::size_t i : order) collected = add(collected, approvals[i]);
    ASSERT_EQ(collected, wanted);
  } while (std::ranges::next_permutation(order).found);
}

// One set of approvals has one encoding, so that the hash in the log leaf is of the set.
TEST(Approvals, AreRefusedInAnyOtherOrderAndTwice) {
  Scene scene;
  std::vector<Approval> approvals{scene.approval(0, ApprovalRole::release), scene.approval(0, ApprovalRole::own),
                                  scene.approval(1, ApprovalRole::own), scene.approval(2, ApprovalRole::own)};
  std::ranges::sort(approvals,
                    [](const auto& a, const auto& b) { return a.role != b.role ? a.role < b.role : a.kid < b.kid; });
  ASSERT_TRUE(parse(scene.with(approvals)).has_value());
  std::vector<std::size_t> order{0, 1, 2, 3};
  while (std::ranges::next_permutation(order).found) {
    std::vector<Approval> shuffled;
    for (const std::size_t i : order) shuffled.push_back(approvals[i]);
    EXPECT_TRUE(refused(parse(scene.with(shuffled)), Code::invalid));
  }
  for (std::size_t i = 0; i < approvals.size(); ++i) {
    auto twice = approvals;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), approvals[i]);
    EXPECT_TRUE(refused(parse(scene.with(twice)), Code::invalid)) << i;
    // Another signature of the same key, in the same role.
    twice[i].signature = approve(scene.signers[1], scene.submission.identity, ApprovalRole::own)->signature;
    EXPECT_TRUE(refused(parse(scene.with(twice)), Code::invalid)) << i;
  }
}

TEST(Approvals, OfTheSameKeyAreAConflictInTheSameRoleOnly) {
  Scene scene;
  const auto once = add(scene.plain, scene.approval(1, ApprovalRole::own));
  const auto parsed = parse(once);
  Buffer out(65536);
  EXPECT_EQ(add_approval(*parsed, scene.approval(1, ApprovalRole::own), out).error().code(), Code::conflict);
  const auto twice = add(once, scene.approval(1, ApprovalRole::witness));
  EXPECT_EQ(parse(twice)->approvals.size(), 2U);
}

TEST(Approvals, AreSixteenAtMost) {
  Scene scene;
  Buffer full = scene.plain;
  for (std::size_t i = 0; i < limits::approvals_max; ++i) full = add(full, scene.approval(i, ApprovalRole::own));
  const auto parsed = parse(full);
  ASSERT_TRUE(parsed.has_value());
  ASSERT_EQ(parsed->approvals.size(), limits::approvals_max);
  Buffer out(65536);
  for (const auto role : names_of(ApprovalRole{}))
    EXPECT_EQ(add_approval(*parsed, scene.approval(17, role.value), out).error().code(), Code::exhausted) << role.name;
  std::vector<Approval> more;
  for (std::size_t i = 0; i <= limits::approvals_max; ++i) more.push_back(scene.approval(i, ApprovalRole::own));
  std::ranges::sort(more, {}, &Approval::kid);
  EXPECT_TRUE(refused(parse(scene.with(more)), Code::exhausted));
}

TEST(AlsoHash, IsOfTheBytesAndNoneWithoutApprovals) {
  Scene scene;
  EXPECT_EQ(also_hash(scene.submission.also), std::nullopt);
  EXPECT_EQ(test::to_hex(scene.submission.also), "80");
  const auto one = add(scene.plain, scene.approval(0, ApprovalRole::own));
  const auto parsed = parse(one);
  EXPECT_EQ(also_hash(parsed->also), crypto::sha256(parsed->also));
  std::byte buffer[8192];
  cbor::Writer writer(buffer);
  cbor::write(writer, parsed->approvals);
  EXPECT_TRUE(equal(parsed->also, writer.finish().value())) << "exactly the array";
  // Who writes another approver into what is stored changes the hash, even with a signature that holds.
  const auto other = add(scene.plain, scene.approval(1, ApprovalRole::own));
  EXPECT_NE(also_hash(parse(other)->also), also_hash(parsed->also));
}

// `also` as an array of what `write` writes, count times.
Result<Submission> with_also(Scene& scene, std::size_t count, const std::function<void(cbor::Writer&)>& write,
                             Buffer& bytes) {
  bytes = encoded([&](cbor::Writer& out) {
    out.array(3);
    out.encoded(scene.submission.sign1);
    cbor::write(out, scene.submission.bodies);
    out.array(count);
    write(out);
  });
  return parse(bytes);
}

TEST(Approvals, AreRefusedInAnotherForm) {
  Scene scene;
  Buffer bytes, message = scene.pieces.sign1();
  const auto approval = scene.approval(0, ApprovalRole::own);
  ASSERT_TRUE(with_also(scene, 1, [&](cbor::Writer& out) { cbor::write(out, approval); }, bytes).has_value());
  const auto whole_statement = [&](cbor::Writer& out) {
    out.array(2);
    out.uint(3);
    out.encoded(message);
  };
  EXPECT_TRUE(refused(with_also(scene, 1, whole_statement, bytes), Code::invalid)) << "a statement is no approval";
  // The approval's own parts, each spoiled once.
  const auto written = encoded([&](cbor::Writer& out) { cbor::write(out, approval); });
  const auto good = test::decode_tree(written).value();
  using test::Tree;
  const auto spoiled = [&](auto spoil) {
    Tree tree = good;
    auto& array = std::get<Tree::Array>(tree.value);
    spoil(array, std::get<Tree::Array>(std::get<Tree::Tagged>(array[1].value).item[0].value));
    return with_also(scene, 1, [&](cbor::Writer& out) { test::write(out, tree); }, bytes);
  };
  ASSERT_TRUE(spoiled([](auto&, auto&) {}).has_value());
  EXPECT_TRUE(refused(spoiled([](auto& all, auto&) { all[0] = Tree{Tree::Integer{false, 7}}; }), Code::newer));
  EXPECT_TRUE(refused(spoiled([](auto& all, auto&) { all[0] = Tree{Tree::Integer{false, 0}}; }), Code::newer));
  EXPECT_TRUE(refused(spoiled([](auto& all, auto&) { all.pop_back(); }), Code::invalid));
  EXPECT_TRUE(refused(spoiled([](auto& all, auto&) { all.push_back(Tree{true}); }), Code::invalid));
  EXPECT_TRUE(refused(spoiled([](auto&, auto& sign1) { sign1[2] = Tree{test::Octets{std::byte{1}}}; }), Code::invalid))
      << "a payload that is not detached";
  EXPECT_TRUE(refused(
      spoiled([](auto&, auto& sign1) { sign1[1] = Tree{Tree::Map{{{Tree{Tree::Integer{false, 4}}, Tree{true}}}}}; }),
      Code::invalid))
      << "an unprotected header";
  EXPECT_TRUE(
      refused(spoiled([](auto&, auto& sign1) { std::get<test::Octets>(sign1[3].value).pop_back(); }), Code::invalid))
      << "a short signature";
}

}  // namespace
}  // namespace mikusari::statement
