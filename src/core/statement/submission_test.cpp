// SPDX-License-Identifier: Apache-2.0
#include "statement/submission.hpp"

#include <algorithm>

#include "encoding/test_support.hpp"
#include "statement/test_pieces.hpp"

namespace mikusari::statement {
namespace {

TEST(Submission, ReadsBackWhatWasSigned) {
  auto signer = signer_of(crypto::Algorithm::ed25519, "signer");
  const auto other = signer_of(crypto::Algorithm::esp256, "other").public_key();
  const Buffer body{std::byte{0xa0}};
  const std::vector<SaltedBody> bodies{{Pieces::salt(0), body, std::nullopt}, {Pieces::salt(1), body, std::nullopt}};
  Payload payload;
  payload.kind = 0x0301;
  payload.n = 9;
  payload.valid_until_ms = 1'900'000'000'000;
  payload.atomic = true;
  Buffer out(4096);
  const auto bytes = sign_statement(signer, issuer, "model.register", payload, bodies, {}, out);
  ASSERT_TRUE(bytes.has_value());
  const auto parsed = parse(*bytes);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_EQ(parsed->statement.header.claims.iss, issuer);
  EXPECT_EQ(parsed->statement.header.claims.sub, "model.register");
  EXPECT_EQ(parsed->statement.header.kid, cose::thumbprint(signer.public_key()));
  EXPECT_EQ(parsed->statement.payload.kind, 0x0301);
  EXPECT_EQ(parsed->statement.payload.n, 9U);
  EXPECT_EQ(parsed->statement.payload.valid_until_ms, payload.valid_until_ms);
  EXPECT_TRUE(parsed->statement.payload.atomic);
  EXPECT_EQ(parsed->bodies.size(), 2U);
  EXPECT_EQ(parsed->withheld, 0U);
  EXPECT_TRUE(parsed->approvals.empty());
  EXPECT_TRUE(verify(*parsed, signer.public_key()).has_value());
  EXPECT_EQ(verify(*parsed, other).error().code(), Code::unauthenticated);
}

TEST(Submission, TakesTheUnspoiledPieces) {
  Pieces pieces;
  const auto bytes = pieces.submission();
  const auto parsed = parse(bytes);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_TRUE(verify(*parsed, pieces.signer.public_key()).has_value());
}

TEST(Submission, IdentityDoesNotDependOnTheSignature) {
  Pieces pieces;
  const auto protected_header = pieces.protected_bytes(), content = pieces.payload_bytes();
  const auto first = pieces.submission();
  auto second = first;
  // Another signature over the same bytes: changed in r.
  const auto sign1 = parse(first)->sign1;
  const auto at = static_cast<std::size_t>(sign1.data() - first.data()) + sign1.size() - 64;
  second[at] ^= std::byte{1};
  EXPECT_EQ(parse(first)->identity, parse(second)->identity);
  EXPECT_EQ(parse(first)->identity, identity_of(protected_header, content));
  pieces.payload.n = 8;
  EXPECT_NE(parse(pieces.submission())->identity, parse(first)->identity);
}

TEST(Submission, RefusesAnUntaggedStatement) {
  Pieces pieces;
  pieces.tagged = false;
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid));
}

TEST(Submission, RefusesAnythingInTheUnprotectedHeader) {
  Pieces pieces;
  pieces.unprotected = encoded([](cbor::Writer& out) {
    out.map(1);
    out.integer(4);
    out.bytes({});
  });
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid));
}

TEST(Submission, RefusesOtherAlgorithms) {
  for (const std::int64_t algorithm : {-7, -8, -35, 5, -257}) {
    Pieces pieces;
    pieces.header.algorithm = algorithm;
    EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid)) << algorithm;
  }
}

TEST(Submission, RefusesAnAlgorithmThatDoesNotFitTheKey) {
  Pieces pieces;
  pieces.header.algorithm = -19;
  const auto bytes = pieces.submission();
  const auto parsed = parse(bytes);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(verify(*parsed, pieces.signer.public_key()).error().code(), Code::invalid);
}

TEST(Submission, RefusesHighS) {
  Pieces pieces;
  pieces.high_s = true;
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid));
}

TEST(Submission, RefusesSignaturesOfAnotherLength) {
  for (const std::size_t size : {0, 63, 65, 72}) {
    Pieces pieces;
    pieces.signature_size = size;
    EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid)) << size;
  }
}

TEST(Submission, RefusesOtherContentTypes) {
  for (const auto type : {approval_content_type, possession_content_type, mount_content_type, std::string_view("")}) {
    Pieces pieces;
    pieces.header.content_type = type;
    EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid)) << type;
  }
}

// Nobody signs what stands in a header that this program does not know, or it means more than this program sees.
TEST(Submission, CallsFurtherProtectedHeadersAndClaimsNewer) {
  Pieces pieces;
  pieces.header_writer = [&](cbor::Writer& out) {
    out.map(5);
    out.integer(1);
    out.integer(-9);
    out.integer(2);  // crit
    out.array(1);
    out.integer(1);
    out.integer(3);
    out.text(content_type);
    out.integer(4);
    out.bytes(pieces.header.kid);
    out.integer(15);
    cbor::write(out, pieces.header.claims);
  };
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::newer));
  pieces.header_writer = [&](cbor::Writer& out) {
    out.map(4);
    out.integer(1);
    out.integer(-9);
    out.integer(3);
    out.text(content_type);
    out.integer(4);
    out.bytes(pieces.header.kid);
    out.integer(15);
    out.map(3);
    out.integer(1);
    out.text(issuer);
    out.integer(2);
    out.text("model.register");
    out.integer(64);
    out.uint(0);
  };
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::newer));
}

// The payload of the pieces with one entry in the place of another, or beside the others.
Buffer with_payload(std::uint64_t key, std::uint64_t value) {
  Pieces pieces;
  std::byte buffer[512];
  const auto good = test::decode_tree(cbor::encode(pieces.payload, buffer).value()).value();
  auto map = std::get<test::Tree::Map>(good.value);
  const auto number = [](const auto& entry) { return std::get<test::Tree::Integer>(entry.key.value).argument; };
  std::erase_if(map.entries, [&](const auto& entry) { return number(entry) == key; });
  const auto at = std::ranges::find_if(map.entries, [&](const auto& entry) { return number(entry) > key; });
  using test::Tree;
  map.entries.insert(at, {Tree{Tree::Integer{false, key}}, Tree{Tree::Integer{false, value}}});
  pieces.payload_writer = [&](cbor::Writer& out) { test::write(out, Tree{map}); };
  return pieces.submission();
}

TEST(Submission, CallsALaterPayloadNewer) {
  EXPECT_TRUE(parse(with_payload(7, 8)).has_value()) << "another n";
  EXPECT_TRUE(refused(parse(with_payload(1, 3)), Code::newer)) << "a later form";
  EXPECT_TRUE(refused(parse(with_payload(1, 1)), Code::invalid)) << "the first form";
  for (const std::uint64_t key : {0U, 9U, 63U, 64U, 127U, 128U})
    EXPECT_TRUE(refused(parse(with_payload(key, 0)), Code::newer)) << key;
}

TEST(Submission, RefusesAPayloadThatSaysZero) {
  Pieces pieces;
  pieces.payload_writer = [&](cbor::Writer& out) {
    const auto& p = pieces.payload;
    out.map(7);
    out.uint(1);
    out.uint(2);
    out.uint(2);
    out.bytes(p.ledger);
    out.uint(3);
    out.uint(p.kind);
    out.uint(4);
    out.uint(p.count);
    out.uint(5);
    out.bytes(p.bodies_root);
    out.uint(6);
    out.boolean(false);
    out.uint(7);
    out.uint(p.n);
  };
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid));
}

TEST(Submission, RefusesADetachedPayload) {
  Pieces pieces;
  pieces.detached = true;
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::invalid));
}

TEST(Submission, RefusesAnotherCountOrOtherBodiesThanSigned) {
  Pieces count;
  count.payload.count = 3;
  EXPECT_TRUE(refused(parse(count.submission()), Code::invalid));
  Pieces other;
  other.bodies[1][0] = std::byte{9};
  EXPECT_TRUE(refused(parse(other.submission()), Code::invalid));
  Pieces swapped;
  std::swap(swapped.bodies[0], swapped.bodies[1]);
  EXPECT_TRUE(refused(parse(swapped.submission()), Code::invalid));
  Pieces none;
  none.bodies.clear();
  none.payload.count = 0;
  none.payload.bodies_root = none.root();
  EXPECT_TRUE(refused(parse(none.submission()), Code::invalid));
}

TEST(Submission, RefusesWhatStandsAfterIt) {
  Pieces pieces;
  auto bytes = pieces.submission();
  bytes.push_back(std::byte{0});
  EXPECT_TRUE(refused(parse(bytes), Code::invalid));
}

TEST(Submission, RefusesEveryTruncation) {
  Pieces pieces;
  const auto bytes = pieces.submission();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(parse(ByteView(bytes).first(size)).has_value()) << size;
  }
}

// A flipped bit is refused, or in the signature or an approval's; nowhere is it overlooked.
TEST(Submission, EveryFlippedBitIsRefusedByParseOrVerify) {
  Pieces pieces;
  auto approver = signer_of(crypto::Algorithm::ed25519, "approver");
  const auto plain = pieces.submission();
  pieces.approvals.push_back(*approve(approver, parse(plain)->identity, ApprovalRole::witness));
  auto bytes = pieces.submission();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= std::byte{1};
    const auto parsed = parse(bytes);
    bool accepted = parsed.has_value() && verify(*parsed, pieces.signer.public_key()).has_value();
    if (accepted) {
      accepted = parsed->approvals.size() == 1 &&
                 verify_approval(*parsed->approvals.begin(), parsed->identity, approver.public_key()).has_value();
    }
    EXPECT_FALSE(accepted) << "byte " << i;
    bytes[i] ^= std::byte{1};
  }
}

TEST(Submission, RefusesMoreThanAMebibyte) {
  Pieces pieces;
  pieces.bodies.assign(17, Buffer(limits::body_bytes_max));
  pieces.payload.count = pieces.bodies.size();
  pieces.payload.bodies_root = pieces.root();
  EXPECT_TRUE(refused(parse(pieces.submission(2 * 1024 * 1024)), Code::exhausted));
}

TEST(Submission, TakesABodyOf64KiBAndNoneLarger) {
  for (const std::size_t over : {0, 1}) {
    Pieces pieces;
    pieces.bodies.assign(1, Buffer(limits::body_bytes_max + over));
    pieces.payload.count = 1;
    pieces.payload.bodies_root = pieces.root();
    const auto parsed = parse(pieces.submission(128 * 1024));
    EXPECT_TRUE(over == 0 ? ::testing::AssertionResult(parsed.has_value()) : refused(parsed, Code::exhausted));
  }
}

TEST(Submission, Takes4096BodiesAndNotOneMore) {
  for (const std::size_t count : {limits::bodies_max, limits::bodies_max + 1}) {
    Pieces pieces;
    pieces.bodies.assign(count, Buffer{std::byte{0xa0}});
    pieces.payload.count = count;
    pieces.payload.bodies_root = pieces.root();
    const auto parsed = parse(pieces.submission(512 * 1024));
    EXPECT_TRUE(count == limits::bodies_max ? ::testing::AssertionResult(parsed.has_value())
                                            : refused(parsed, Code::exhausted));
  }
}

TEST(Submission, RefusesDeepNesting) {
  Pieces pieces;
  pieces.unprotected = encoded([](cbor::Writer& out) {
    for (int i = 0; i < 15; ++i) {
      out.map(1);
      out.integer(1);
    }
    out.map(0);
  });
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::exhausted));
}

TEST(Submission, RefusesALongHeader) {
  const std::string long_name(600, 'a');
  Pieces pieces;
  pieces.header.claims.iss = long_name;
  EXPECT_TRUE(refused(parse(pieces.submission()), Code::exhausted));
}

TEST(Submission, StatementOfAReceiptIsReadAlone) {
  Pieces pieces;
  const auto message = pieces.sign1();
  const auto payload = parse_signed_payload(message);
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(payload->payload.n, 7u);
  auto longer = message;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(parse_signed_payload(longer).has_value());
}

TEST(Submission, BufferThatIsTooSmallIsSaid) {
  auto signer = signer_of(crypto::Algorithm::ed25519, "signer");
  const Buffer body(100);
  const SaltedBody salted{{}, body, std::nullopt};
  Buffer out(200);
  EXPECT_EQ(sign_statement(signer, issuer, "y", {}, std::span(&salted, 1), {}, out).error().code(), Code::exhausted);
}

TEST(Issuer, SaysTypeAndId) {
  char buffer[80];
  Id id;
  id.data[0] = std::byte{0xab};
  EXPECT_EQ(issuer_of(subject_of_party(id), buffer), "party:ab" + std::string(62, '0'));
  EXPECT_EQ(issuer_of(subject_of_part(id), buffer), "part:ab" + std::string(62, '0'));
  EXPECT_EQ(issuer_of(subject_of_device(id), buffer), "device:ab" + std::string(62, '0'));
  char small[10], exact[69];
  EXPECT_EQ(issuer_of(subject_of_part(id), small).error().code(), Code::exhausted);
  EXPECT_EQ(issuer_of(subject_of_device(id), std::span(small).first(3)).error().code(), Code::exhausted);
  EXPECT_TRUE(issuer_of(subject_of_part(id), exact).has_value());
}

}  // namespace
}  // namespace mikusari::statement
