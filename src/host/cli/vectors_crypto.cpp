// SPDX-License-Identifier: Apache-2.0
// Project Wycheproof (by each group's type), C2SP CCTV's Ed25519 cases, and COSE_Sign1 of cose-wg/Examples.
#include <algorithm>

#include "cli/vectors.hpp"
#include "cose/sign1.hpp"
#include "crypto/ecdsa_der.hpp"
#include "crypto/openssl/ed25519_verdicts.hpp"

namespace mikusari::cli {
namespace {

using crypto::Algorithm;
using crypto::PublicKey;
using crypto::Signature;

const json::Value* key_in(const json::Value& group) {
  const auto* key = group.find("publicKey");
  return key != nullptr ? key : group.find("key");
}

// The key of a group; the reason when it is none of ours.
Result<PublicKey> p256_key(const json::Value& group) {
  const auto* key = key_in(group);
  if (key == nullptr) return fail(Code::invalid, "has no public key");
  if (text_in(*key, "curve") != "secp256r1" || text_in(group, "sha") != "SHA-256")
    return fail(Code::invalid, "not P-256 with SHA-256");
  TRY(const auto point, hex_in(*key, "uncompressed"));
  if (point.size() != 65) return fail(Code::invalid, "the public key is no uncompressed point");
  return PublicKey(Algorithm::esp256, ByteView(point).subspan(1));
}

Result<PublicKey> ed25519_key(const json::Value& group) {
  const auto* key = key_in(group);
  if (key == nullptr) return fail(Code::invalid, "has no public key");
  if (text_in(*key, "curve") != "edwards25519") return fail(Code::invalid, "not Ed25519");
  TRY(const auto bytes, hex_in(*key, "pk"));
  if (bytes.size() != 32) return fail(Code::invalid, "the public key is not of 32 bytes");
  return PublicKey(Algorithm::ed25519, bytes);
}

enum class Form64 : std::uint8_t { raw, der };

bool accepts(const PublicKey& key, ByteView message, ByteView signature, Form64 form) {
  if (form == Form64::der) {
    const auto parsed = crypto::from_der(signature);
    return parsed && crypto::verify(key, message, *parsed).has_value();
  }
  return signature.size() == Signature::size() && crypto::verify(key, message, Signature::copy(signature)).has_value();
}

void score_case(const json::Value& each, const std::string& name, const PublicKey& key, Form64 form, Score& score) {
  const auto message = hex_in(each, "msg"), signature = hex_in(each, "sig");
  const std::string expected = text_in(each, "result");
  if (!message || !signature || expected.empty()) return score.skip(name, "is no signature case");
  const bool accepted = accepts(key, *message, *signature, form);
  score.judge(name, expected == "acceptable" || accepted == (expected == "valid"));
}

void score_group(const json::Value& group, const std::string& id, const Result<PublicKey>& key, Form64 form,
                 Score& score) {
  if (!key) return score.skip(id, key.error().message());
  const auto* tests = group.find("tests");
  if (tests == nullptr || tests->array() == nullptr) return score.skip(id, "has no tests");
  for (const auto& each : *tests->array()) {
    const auto* number = each.find("tcId");
    score_case(each, id + " tcId " + (number == nullptr ? "?" : json::to_json(*number)), *key, form, score);
  }
}

template <class Score1>
void each_group(const json::Value& file, const std::string& id, Score& score, Score1 score_one) {
  const auto* groups = file.find("testGroups");
  if (groups == nullptr || groups->array() == nullptr) return score.skip(id, "has no testGroups");
  for (const auto& group : *groups->array()) score_one(group, text_in(group, "type"));
}

bool has_flag(const json::Value& each, std::string_view flag) {
  const auto* flags = each.find("flags");
  if (flags == nullptr || flags->array() == nullptr) return false;
  return std::any_of(flags->array()->begin(), flags->array()->end(),
                     [&](const auto& one) { return one.text().value_or("") == flag; });
}

// libsodium's verdict: frozen for the cases of the ledger's table; for others by its rule (no key or R of small order
// or not canonical, and the equation without cofactor).
bool sodium_accepts(const json::Value& each, const PublicKey& key, const Signature& signature,
                    std::string_view message) {
  for (std::size_t i = 0; i < crypto::ed25519_verdict_count(); ++i) {
    const auto frozen = crypto::ed25519_verdict(i);
    if (frozen.key == key && frozen.signature == signature && frozen.message == message) return frozen.accepted;
  }
  for (const std::string_view bad :
       {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}) {
    if (has_flag(each, bad)) return false;
  }
  return true;
}

platform::Buffer coordinate(const json::Value& key, const std::string& name) {
  if (const auto hex = hex_in(key, name + "_hex")) return *hex;
  return platform::from_base64url(text_in(key, name)).value_or(platform::Buffer());
}

Result<PublicKey> cose_key(const json::Value& key) {
  const std::string curve = text_in(key, "crv");
  auto bytes = coordinate(key, "x");
  if (curve == "Ed25519" && bytes.size() == 32) return PublicKey(Algorithm::ed25519, bytes);
  if (curve != "P-256") return fail(Code::invalid, "the curve is none of ours");
  platform::append(bytes, coordinate(key, "y"));
  if (bytes.size() != 64) return fail(Code::invalid, "the key is no P-256 point");
  return PublicKey(Algorithm::esp256, bytes);
}

std::string cose_algorithm(const json::Value& sign0) {
  std::string out = text_in(sign0, "alg");
  for (const std::string_view place : {"protected", "unprotected"}) {
    const auto* header = sign0.find(place);
    if (out.empty() && header != nullptr) out = text_in(*header, "alg");
  }
  return out;
}

// As text or in hexadecimal.
std::string plaintext_of(const json::Value& input) {
  if (const auto hex = hex_in(input, "plaintext_hex")) return std::string(as_text(*hex));
  return text_in(input, "plaintext");
}

bool cose_right(const json::Value& file, const json::Value& sign0, const PublicKey& key, ByteView message) {
  const auto* failing = file.find("fail");
  const bool must_fail = failing != nullptr && failing->boolean().value_or(false);
  const auto aad = hex_in(sign0, "external").value_or(platform::Buffer());
  platform::Buffer scratch(message.size() + aad.size() + 1024);
  const auto parsed = cose::parse_sign1(message, cose::Tag::optional);
  if (!parsed) return must_fail;
  const std::string plain = plaintext_of(*file.find("input"));
  const auto detached = parsed->payload ? std::nullopt : std::optional<ByteView>(as_bytes(plain));
  const auto verified = cose::verify(*parsed, key, aad, detached, scratch);
  if (!verified) return must_fail;
  return !must_fail && as_text(verified->payload) == plain;
}

}  // namespace

void score_p256(const json::Value& file, const std::string& id, Score& score) {
  each_group(file, id, score, [&](const json::Value& group, const std::string& type) {
    if (type == "EcdsaP1363Verify")
      score_group(group, id, p256_key(group), Form64::raw, score);
    else if (type == "EcdsaVerify")
      score_group(group, id, p256_key(group), Form64::der, score);
    else
      score.skip(id, "a group of type " + (type.empty() ? "none" : type));
  });
}

void score_ed25519(const json::Value& file, const std::string& id, Score& score) {
  each_group(file, id, score, [&](const json::Value& group, const std::string& type) {
    if (type == "EddsaVerify")
      score_group(group, id, ed25519_key(group), Form64::raw, score);
    else
      score.skip(id, "a group of type " + (type.empty() ? "none" : type));
  });
}

void score_cctv(const json::Value& file, const std::string& id, Score& score) {
  if (file.array() == nullptr) return score.skip(id, "not a list of cases");
  for (const auto& each : *file.array()) {
    const auto* number = each.find("number");
    const std::string name = id + " " + (number == nullptr ? "?" : json::to_json(*number));
    const auto key = hex_in(each, "key"), signature = hex_in(each, "sig");
    if (!key || !signature || key->size() != 32 || signature->size() != Signature::size()) {
      score.skip(name, "is no Ed25519 case");
      continue;
    }
    const PublicKey public_key(Algorithm::ed25519, *key);
    const auto bytes = Signature::copy(*signature);
    const std::string message = text_in(each, "msg");
    const bool accepted = crypto::verify(public_key, as_bytes(message), bytes).has_value();
    score.judge(name, accepted == sodium_accepts(each, public_key, bytes, message));
  }
}

void score_cose(const json::Value& file, const std::string& id, Score& score) {
  const auto* input = file.find("input");
  const auto* sign0 = input == nullptr ? nullptr : input->find("sign0");
  const auto* output = file.find("output");
  if (sign0 == nullptr || output == nullptr) return score.skip(id, "not a COSE_Sign1 example");
  const auto* key_value = sign0->find("key");
  const auto key = key_value == nullptr ? Result<PublicKey>(fail(Code::invalid, "has no key")) : cose_key(*key_value);
  if (!key) return score.skip(id, key.error().message());
  const std::string algorithm = cose_algorithm(*sign0);
  if (algorithm != "ES256" && algorithm != "EdDSA")
    return score.skip(id, "algorithm " + algorithm + " is none of ours");
  const auto message = hex_in(*output, "cbor");
  if (!message) return score.skip(id, "has no message");
  score.judge(id, cose_right(file, *sign0, *key, *message));
}

}  // namespace mikusari::cli
