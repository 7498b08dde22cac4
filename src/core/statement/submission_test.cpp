// SPDX-License-Identifier: Apache-2.0
#include "statement/submission.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "cose/key.hpp"
#include "cose/sign1.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"

namespace mikusari::statement {
namespace {

using Buffer = std::vector<std::byte>;

crypto::SoftwareSigner signer_of(crypto::Algorithm algorithm, std::string_view name) {
  return *crypto::SoftwareSigner::from_private(algorithm, crypto::sha256(as_bytes(name)));
}

Buffer encoded(const std::function<void(cbor::Writer&)>& write, std::size_t size = 8192) {
  Buffer out(size);
  cbor::Writer writer{MutableByteView(out)};
  write(writer);
  const auto done = writer.finish();
  EXPECT_TRUE(done.has_value());
  out.resize(done ? done->size() : 0);
  return out;
}

const Buffer empty_map{std::byte{0xa0}};

// A submission in pieces, each of which a test may spoil. What is signed is signed at the end.
struct Pieces {
  crypto::SoftwareSigner signer = signer_of(crypto::Algorithm::esp256, "signer");
  ProtectedHeader header{-9, content_type, {}, {"member:chips", "model.register"}};
  std::vector<Buffer> bodies{{std::byte{1}}, {std::byte{2}, std::byte{3}}};
  std::vector<Approval> approvals;
  Payload payload;
  Buffer unprotected = empty_map;
  std::function<void(cbor::Writer&)> header_writer;  // instead of `header`
  bool tagged = true, detached = false, high_s = false;
  std::size_t signature_size = 64;

  Pieces() {
    header.kid = cose::thumbprint(signer.public_key());
    payload.kind = 0x0301;
    payload.n = 7;
    payload.count = bodies.size();
    payload.bodies_root = root();
  }

  static Salt salt(std::size_t i) {
    Salt out;
    out.data[0] = static_cast<std::byte>(i + 1);
    return out;
  }
  Digest root() const {
    merkle::CompactRange range;
    for (std::size_t i = 0; i < bodies.size(); ++i) range.append(body_leaf(salt(i), bodies[i]));
    return range.root();
  }
  Buffer protected_bytes() const {
    return encoded([&](cbor::Writer& out) { header_writer ? header_writer(out) : cbor::write(out, header); });
  }
  Buffer payload_bytes() const {
    return encoded([&](cbor::Writer& out) { cbor::write(out, payload); });
  }
  Buffer signature(ByteView protected_header, ByteView content) {
    std::byte buffer[2048];
    auto signature = *signer.sign(*cose::sig_structure(protected_header, {}, content, buffer));
    if (high_s) signature = negated(signature);
    Buffer out(signature.data.begin(), signature.data.end());
    out.resize(signature_size);
    return out;
  }
  // r, n - s.
  static crypto::Signature negated(crypto::Signature signature) {
    static constexpr unsigned char order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                                0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                                0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
      int digit = order[i] - std::to_integer<int>(signature.data[32 + i]) - borrow;
      borrow = digit < 0 ? 1 : 0;
      signature.data[32 + i] = static_cast<std::byte>(digit + 256 * borrow);
    }
    return signature;
  }
  Buffer sign1() {
    const Buffer protected_header = protected_bytes(), content = payload_bytes(),
                 sig = signature(protected_header, content);
    return encoded([&](cbor::Writer& out) {
      if (tagged) out.tag(18);
      out.array(4);
      out.bytes(protected_header);
      out.encoded(unprotected);
      detached ? out.null() : out.bytes(content);
      out.bytes(sig);
    });
  }
  Buffer submission(std::size_t size = 65536) {
    const Buffer message = sign1();
    return encoded(
        [&](cbor::Writer& out) {
          out.array(3);
          out.encoded(message);
          out.array(bodies.size());
          for (std::size_t i = 0; i < bodies.size(); ++i) cbor::write(out, SaltedBody{salt(i), bodies[i]});
          cbor::write(out, Approvals(std::span<const Approval>(approvals)));
        },
        size);
  }
};

::testing::AssertionResult refused(const Result<Submission>& result, Code code) {
  if (result) return ::testing::AssertionFailure() << "was accepted";
  if (result.error().code() != code) return ::testing::AssertionFailure() << result.error().message();
  return ::testing::AssertionSuccess();
}

TEST(Submission, ReadsBackWhatWasSigned) {
  auto signer = signer_of(crypto::Algorithm::ed25519, "signer");
  auto approver = signer_of(crypto::Algorithm::esp256, "approver");
  const Buffer body{std::byte{0xa0}};
  const std::vector<SaltedBody> bodies{{Pieces::salt(0), body}, {Pieces::salt(1), body}};
  Payload payload;
  payload.kind = 0x0102;
  payload.n = 9;
  payload.on = 4;
  payload.valid_until_ms = 1'900'000'000'000;
  payload.atomic = true;
  Buffer out(4096), with_approval(4096);
  const auto bytes = sign_statement(signer, "member:chips", "member.admit", payload, bodies, {}, out);
  ASSERT_TRUE(bytes.has_value());
  const auto parsed = parse(*bytes);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_EQ(parsed->statement.header.claims.iss, "member:chips");
  EXPECT_EQ(parsed->statement.header.kid, cose::thumbprint(signer.public_key()));
  EXPECT_EQ(parsed->statement.payload.n, 9u);
  EXPECT_EQ(parsed->statement.payload.on, 4u);
  EXPECT_EQ(parsed->statement.payload.valid_until_ms, payload.valid_until_ms);
  EXPECT_TRUE(parsed->statement.payload.atomic);
  EXPECT_EQ(parsed->bodies.size(), 2u);
  EXPECT_TRUE(verify(*parsed, signer.public_key()).has_value());
  EXPECT_EQ(verify(*parsed, approver.public_key()).error().code(), Code::unauthenticated);

  const auto approval = approve(approver, parsed->identity, ApprovalRole::member);
  const auto more = add_approval(*parsed, *approval, with_approval);
  ASSERT_TRUE(more.has_value());
  const auto again = parse(*more);
  ASSERT_TRUE(again.has_value()) << again.error().message();
  EXPECT_EQ(again->identity, parsed->identity);
  ASSERT_EQ(again->approvals.size(), 1u);
  const Approval read = *again->approvals.begin();
  EXPECT_TRUE(verify_approval(read, again->identity, approver.public_key()).has_value());
  EXPECT_EQ(verify_approval(read, Digest{}, approver.public_key()).error().code(), Code::unauthenticated);
  EXPECT_EQ(verify_approval(read, again->identity, signer.public_key()).error().code(), Code::unauthenticated);
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

TEST(Submission, RefusesFurtherProtectedHeaders) {
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

TEST(Submission, RefusesLongHeadersAndTooManyApprovals) {
  const std::string long_name(600, 'a');
  Pieces header;
  header.header.claims.iss = long_name;
  EXPECT_TRUE(refused(parse(header.submission()), Code::exhausted));
  Pieces pieces;
  auto approver = signer_of(crypto::Algorithm::ed25519, "approver");
  pieces.approvals.assign(limits::approvals_max, *approve(approver, {}, ApprovalRole::member));
  const auto bytes = pieces.submission();
  const auto parsed = parse(bytes);
  ASSERT_TRUE(parsed.has_value());
  Buffer out(65536);
  EXPECT_EQ(add_approval(*parsed, pieces.approvals[0], out).error().code(), Code::exhausted);
}

TEST(Submission, RefusesApprovalsOfAnotherForm) {
  Pieces pieces;
  const auto message = pieces.sign1();
  // A whole statement, with its payload and its content type, where an approval belongs.
  const auto bytes = encoded([&](cbor::Writer& out) {
    out.array(3);
    out.encoded(message);
    out.array(2);
    for (std::size_t i = 0; i < 2; ++i) cbor::write(out, SaltedBody{Pieces::salt(i), pieces.bodies[i]});
    out.array(1);
    out.array(2);
    out.uint(1);
    out.encoded(message);
  });
  EXPECT_TRUE(refused(parse(bytes), Code::invalid));
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
  const SaltedBody salted{{}, body};
  Buffer out(200);
  EXPECT_EQ(sign_statement(signer, "member:x", "y", {}, std::span(&salted, 1), {}, out).error().code(),
            Code::exhausted);
}

TEST(Issuer, SaysTypeAndNameOrId) {
  char buffer[80];
  EXPECT_EQ(issuer_of({SubjectType::member, as_bytes("chips")}, buffer), "member:chips");
  Id id;
  id.data[0] = std::byte{0xab};
  EXPECT_EQ(issuer_of({SubjectType::device, id}, buffer), "device:ab" + std::string(62, '0'));
  char small[10];
  EXPECT_EQ(issuer_of({SubjectType::part, id}, small).error().code(), Code::exhausted);
  EXPECT_EQ(issuer_of({SubjectType::member, as_bytes("chips")}, small).error().code(), Code::exhausted);
}

// What a key signs for one purpose is of no use for another.
TEST(SmallMessages, AreAllDifferent) {
  const auto key = signer_of(crypto::Algorithm::esp256, "k").public_key();
  const Digest a = crypto::sha256(as_bytes("a")), b = crypto::sha256(as_bytes("b"));
  std::byte buffers[9][small_message_bytes_max];
  const std::vector<ByteView> messages{
      *possession_bytes(key, a, b, {SubjectType::part, a}, buffers[0]),
      *possession_bytes(key, b, b, {SubjectType::part, a}, buffers[1]),
      *possession_bytes(key, a, a, {SubjectType::part, a}, buffers[2]),
      *possession_bytes(key, a, b, {SubjectType::device, a}, buffers[3]),
      *mount_bytes(key, a, b, a, b, 1, buffers[4]),
      *mount_bytes(key, a, b, b, a, 1, buffers[5]),
      *mount_bytes(key, a, b, a, b, 2, buffers[6]),
      *approval_bytes(key, a, ApprovalRole::release, buffers[7]),
      *approval_bytes(key, a, ApprovalRole::witness, buffers[8]),
  };
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (std::size_t j = i + 1; j < messages.size(); ++j)
      EXPECT_FALSE(equal(messages[i], messages[j])) << i << " " << j;
  }
}

}  // namespace
}  // namespace mikusari::statement
