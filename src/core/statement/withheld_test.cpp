// SPDX-License-Identifier: Apache-2.0
// Bodies whose text is withheld: the leaf stands in their place, and everything else is still checked.
#include "encoding/test_support.hpp"
#include "statement/test_pieces.hpp"

namespace mikusari::statement {
namespace {

// Five bodies with one approval.
struct Scene {
  Pieces pieces{crypto::Algorithm::ed25519};
  Buffer whole;

  Scene() {
    for (unsigned char i = 3; i < 6; ++i) pieces.bodies.push_back(Buffer(i, std::byte{i}));
    pieces.payload.count = pieces.bodies.size();
    pieces.payload.bodies_root = pieces.root();
    auto approver = signer_of(crypto::Algorithm::ed25519, "approver");
    const auto plain = pieces.submission();
    pieces.approvals = {*approve(approver, parse(plain)->identity, ApprovalRole::own)};
    whole = pieces.submission();
  }
};

Buffer without(const Buffer& submission, std::uint64_t index) {
  const auto parsed = parse(submission);
  Buffer out(65536);
  const auto bytes = withhold(*parsed, index, out);
  EXPECT_TRUE(bytes.has_value());
  out.resize(bytes ? bytes->size() : 0);
  return out;
}

TEST(Withheld, LeavesEverythingElseAsItWas) {
  Scene scene;
  const auto before = parse(scene.whole);
  ASSERT_TRUE(before.has_value()) << before.error().message();
  for (std::uint64_t index = 0; index < 5; ++index) {
    const auto bytes = without(scene.whole, index);
    const auto after = parse(bytes);
    ASSERT_TRUE(after.has_value()) << after.error().message();
    EXPECT_EQ(after->identity, before->identity);
    EXPECT_EQ(after->withheld, 1U);
    EXPECT_TRUE(equal(after->sign1, before->sign1));
    EXPECT_TRUE(equal(after->also, before->also)) << "the log leaf commits to these bytes";
    EXPECT_TRUE(verify(*after, scene.pieces.signer.public_key()).has_value());
    auto mine = after->bodies.begin();
    auto theirs = before->bodies.begin();
    for (std::uint64_t i = 0; i < 5; ++i, ++mine, ++theirs) {
      const SaltedBody now = *mine, then = *theirs;
      EXPECT_EQ(body_leaf(now), body_leaf(then)) << "each body has the leaf that it had";
      EXPECT_EQ(now.withheld.has_value(), i == index);
      if (i == index) {
        EXPECT_EQ(now.withheld, body_leaf(then.salt, then.body));
        EXPECT_TRUE(now.body.empty());
        EXPECT_EQ(now.salt, Salt{});
      } else {
        EXPECT_TRUE(equal(now.body, then.body));
      }
    }
  }
}

TEST(Withheld, IsTheSameInAnyOrderAndTwice) {
  const Scene scene;
  Buffer forwards = scene.whole, backwards = scene.whole;
  for (std::uint64_t i = 0; i < 5; ++i) {
    forwards = without(forwards, i);
    backwards = without(backwards, 4 - i);
    EXPECT_EQ(without(forwards, i), forwards) << "what is withheld stays so";
  }
  EXPECT_EQ(forwards, backwards);
  const auto parsed = parse(forwards);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->withheld, 5U);
  EXPECT_TRUE(verify(*parsed, scene.pieces.signer.public_key()).has_value());
}

TEST(Withheld, IsWhatThePiecesMakeByHand) {
  Scene scene;
  scene.pieces.withheld = {1, 3};
  EXPECT_EQ(without(without(scene.whole, 3), 1), scene.pieces.submission());
}

TEST(Withheld, RefusesABodyThatIsNotThereAndASmallBuffer) {
  const Scene scene;
  const auto parsed = parse(scene.whole);
  Buffer out(65536);
  for (const std::uint64_t index : {std::uint64_t{5}, std::uint64_t{1} << 32, ~std::uint64_t{0}})
    EXPECT_EQ(withhold(*parsed, index, out).error().code(), Code::invalid) << index;
  EXPECT_EQ(withhold(*parsed, 0, std::span(out).first(200)).error().code(), Code::exhausted);
}

// The bodies of a submission as `write` writes them.
Buffer with_bodies(Scene& scene, std::size_t count, const std::function<void(cbor::Writer&)>& write) {
  const auto message = scene.pieces.sign1();
  return encoded([&](cbor::Writer& out) {
    out.array(3);
    out.encoded(message);
    out.array(count);
    write(out);
    out.array(0);
  });
}

// Who withholds a body cannot put another in its place, nor hide that it was there.
TEST(Withheld, RefusesOtherLeavesThanSigned) {
  Scene scene;
  for (std::size_t index = 0; index < 5; ++index) {
    for (const std::size_t bit : {0U, 100U, 255U}) {
      const auto bytes = with_bodies(scene, 5, [&](cbor::Writer& out) {
        for (std::size_t i = 0; i < 5; ++i) {
          Digest leaf = body_leaf(scene.pieces.salted(i));
          if (i == index) leaf.data[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
          out.bytes(leaf);
        }
      });
      EXPECT_TRUE(refused(parse(bytes), Code::invalid)) << index;
    }
  }
  const auto fewer = with_bodies(scene, 4, [&](cbor::Writer& out) {
    for (std::size_t i = 0; i < 4; ++i) out.bytes(body_leaf(scene.pieces.salted(i)));
  });
  EXPECT_TRUE(refused(parse(fewer), Code::invalid));
  // A node of the tree in the place of its two leaves.
  const auto node = with_bodies(scene, 4, [&](cbor::Writer& out) {
    out.bytes(merkle::node_hash(body_leaf(scene.pieces.salted(0)), body_leaf(scene.pieces.salted(1))));
    for (std::size_t i = 2; i < 5; ++i) out.bytes(body_leaf(scene.pieces.salted(i)));
  });
  EXPECT_TRUE(refused(parse(node), Code::invalid));
}

TEST(Withheld, RefusesAnotherForm) {
  Scene scene;
  const auto rest = [&](cbor::Writer& out) {
    for (std::size_t i = 1; i < 5; ++i) cbor::write(out, scene.pieces.salted(i));
  };
  const Digest leaf = body_leaf(scene.pieces.salted(0));
  const auto with_first = [&](const std::function<void(cbor::Writer&)>& first) {
    return parse(with_bodies(scene, 5, [&](cbor::Writer& out) {
      first(out);
      rest(out);
    }));
  };
  ASSERT_TRUE(with_first([&](cbor::Writer& out) { out.bytes(leaf); }).has_value());
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) { out.bytes(leaf.view().first(31)); }), Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) {
                        Buffer longer(leaf.data.begin(), leaf.data.end());
                        longer.push_back(std::byte{0});
                        out.bytes(longer);
                      }),
                      Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) { out.bytes({}); }), Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) {
                        out.array(1);
                        out.bytes(leaf);
                      }),
                      Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) {
                        out.array(3);
                        out.bytes(Pieces::salt(0));
                        out.bytes(scene.pieces.bodies[0]);
                        out.bytes(leaf);
                      }),
                      Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) {
                        out.array(2);
                        out.bytes(Pieces::salt(0).view().first(15));
                        out.bytes(scene.pieces.bodies[0]);
                      }),
                      Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) { out.null(); }), Code::invalid));
  EXPECT_TRUE(refused(with_first([&](cbor::Writer& out) { out.map(0); }), Code::invalid));
}

// Who withholds a body before it is sent sends a statement that nobody can execute; its signature still holds.
TEST(Withheld, MayBeSignedSo) {
  auto signer = signer_of(crypto::Algorithm::ed25519, "signer");
  const Buffer body{std::byte{0xa0}};
  SaltedBody salted{Pieces::salt(0), body, std::nullopt};
  salted.withheld = body_leaf(salted);
  Buffer out(4096);
  const auto bytes = sign_statement(signer, issuer, "part.scrap", {}, std::span(&salted, 1), {}, out);
  ASSERT_TRUE(bytes.has_value());
  const auto parsed = parse(*bytes);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->withheld, 1U);
  EXPECT_TRUE(verify(*parsed, signer.public_key()).has_value());
}

}  // namespace
}  // namespace mikusari::statement
