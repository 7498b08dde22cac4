// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl/known_answers.hpp"

#include "crypto/hash.hpp"
#include "crypto/openssl/ed25519_verdicts.hpp"
#include "encoding/text.hpp"

namespace mikusari::crypto {
namespace {

template <std::size_t N>
Bytes<N> from_hex(const char* hex) {
  Bytes<N> out;
  ASSERT(text::from_hex(hex, out.mutable_view()).has_value());
  return out;
}

// FIPS 180-4 examples: one block, two blocks; and the first once more in pieces.
Result<void> known_hashes() {
  const auto one = from_hex<32>("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto two = from_hex<32>("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  Sha256 pieces;
  pieces.update(as_bytes("a"));
  pieces.update(as_bytes("bc"));
  if (sha256(as_bytes("abc")) != one || pieces.finish() != one ||
      sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) != two) {
    return fail(Code::internal, "SHA-256 gives wrong answers");
  }
  return {};
}

struct KnownSignature {
  const char* name;
  PublicKey key;
  const char* message;
  Signature signature;
};

Result<void> confirm(const KnownSignature& known) {
  Signature changed = known.signature;
  changed.data[40] ^= std::byte{1};
  const bool holds = verify(known.key, as_bytes(known.message), known.signature).has_value();
  const bool changed_holds = verify(known.key, as_bytes(known.message), changed).has_value();
  if (holds && !changed_holds && check(known.key).has_value()) return {};
  return std::unexpected(Error(Code::internal, "verification gives a wrong answer").with_context(known.name));
}

// RFC 6979 appendix A.2.5, Wycheproof's first P-256 key between (one key replaces another in the same context), RFC
// 8032 section 7.1.
Result<void> known_signatures() {
  const PublicKey rfc6979(Algorithm::esp256,
                          from_hex<64>("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                       "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
  const PublicKey wycheproof(Algorithm::esp256,
                             from_hex<64>("2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
                                          "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"));
  const PublicKey rfc8032(Algorithm::ed25519,
                          from_hex<32>("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  const KnownSignature known[] = {{"RFC 6979, sample", rfc6979, "sample",
                                   from_hex<64>("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                                                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")},
                                  {"Wycheproof, P-256 case 1", wycheproof, "123400",
                                   from_hex<64>("2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
                                                "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76")},
                                  {"RFC 6979, test", rfc6979, "test",
                                   from_hex<64>("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                                                "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083")},
                                  {"RFC 8032, test 1", rfc8032, "",
                                   from_hex<64>("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                                                "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")}};
  for (const KnownSignature& each : known) TRY(confirm(each));
  return {};
}

}  // namespace

Result<void> self_test() {
  TRY(known_hashes());
  TRY(known_signatures());
  for (std::size_t i = 0; i < ed25519_point_verdict_count(); ++i) TRY(confirm(ed25519_point_verdict(i)));
  for (std::size_t i = 0; i < ed25519_verdict_count(); ++i) TRY(confirm(ed25519_verdict(i)));
  return {};
}

}  // namespace mikusari::crypto
