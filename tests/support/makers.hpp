// SPDX-License-Identifier: Apache-2.0
// For load and fault tests: a new node's directory, and makers whose statements nobody has to sign during the test.
#pragma once

#include <string>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "net/client.hpp"
#include "node/init.hpp"
#include "platform/encode.hpp"
#include "platform/posix/clock.hpp"
#include "platform/posix/file.hpp"
#include "platform/posix/random.hpp"
#include "proof/policy.hpp"
#include "statement/kinds.hpp"
#include "statement/submission.hpp"
#include "support/child_node.hpp"

namespace mikusari::test {

// One maker with a key and a counter; every connection has its own.
struct Maker {
  std::string name;
  crypto::SoftwareSigner signer;
  Handle handle{};
  std::uint64_t n = 0;

  Id id(const Bytes<32>& nonce) const { return names::id(handle, nonce); }
};

// A submission on its way to the node.
inline net::Call post(platform::Buffer submission) {
  return net::Call::post("/v1/statements", "application/cbor", std::move(submission), net::Repeat::allowed);
}

class Makers {
 public:
  // `directory` exists; the node gets a folder in it. `pipeline`: questions under way on one connection.
  Makers(std::string directory, std::uint64_t count, std::uint64_t pipeline)
      : directory_(std::move(directory)), count_(count), pipeline_(pipeline) {}

  Result<void> found() {
    node::InitOptions init;
    init.directory = node_directory();
    init.config.port = 0;
    init.config.connections = 64;
    init.config.log_level = "warning";
    init.config.reading_all = "anyone";  // the load asks for what it wrote without buying tokens
    init.nonce = platform::random<32>(random_);
    for (std::uint64_t i = 0; i < count_; ++i) {
      TRY(auto signer, crypto::SoftwareSigner::generate(crypto::Algorithm::esp256));
      makers.push_back({"maker-" + std::to_string(i), std::move(signer)});
      auto& maker = makers.back();
      TRY(const auto key, node::founding_key(maker.signer, *init.nonce, maker.name, key::Purpose::wallet,
                                             key::Level::file, key::Activation::nothing));
      init.members.push_back({maker.name, {Role::maker}, 1, 1, {key}});
    }
    TRY(const auto done, node::init({files_, random_, clock_}, init));
    ledger_ = done.ledger;
    for (auto& maker : makers) maker.handle = names::member(ledger_, maker.name);
    TRY(policy_bytes_, platform::read_whole(files_, done.policy_path, 1 << 16));
    TRY(policy, proof::parse_policy(policy_bytes_));
    return {};
  }

  template <statement::Body Body>
  platform::Buffer statement(Maker& maker, const std::vector<Body>& bodies) {
    std::vector<platform::Buffer> encoded;
    std::vector<statement::SaltedBody> salted;
    for (const auto& body : bodies) encoded.push_back(platform::encode(body));
    for (const auto& body : encoded) salted.push_back({platform::random<16>(random_), body, {}});
    platform::Buffer out(1024 + bodies.size() * 256);
    statement::Payload payload;
    payload.ledger = ledger_;
    payload.kind = Body::kind.number;
    payload.n = ++maker.n;
    char issuer[80];
    const auto named = statement::issuer_of(subject_of_party(maker.handle), issuer);
    ASSERT(named.has_value());
    const auto bytes = statement::sign_statement(maker.signer, *named, Body::kind.name, payload, salted, {}, out);
    ASSERT(bytes.has_value());
    out.resize(bytes->size());
    return out;
  }
  std::vector<part::Register> parts(const Maker& maker, std::size_t count) {
    std::vector<part::Register> out;
    for (std::size_t i = 0; i < count; ++i) {
      part::Register body;
      body.nonce = platform::random<32>(random_);
      body.model = model(maker, "chip");
      out.push_back(body);
      ids.push_back(maker.id(body.nonce));
    }
    return out;
  }
  // The nonce of a model's name, and its id.
  static Bytes<32> nonce(std::string_view name) { return crypto::sha256(as_bytes(name)); }
  static Id model(const Maker& maker, std::string_view name) { return maker.id(nonce(name)); }

  Result<net::Client> connect(const ChildNode& node) const {
    net::ClientOptions options;
    options.trust = net::Trust::pinned(node.fingerprint());
    options.pipeline_max = pipeline_;
    return net::Client::connect(node.url(), options, clock_);
  }
  // Every maker's one model, "chip".
  Result<void> register_models(const ChildNode& node) {
    TRY(auto client, connect(node));
    for (auto& maker : makers) {
      TRY(const auto answer,
          client.request(
              post(statement(maker, std::vector{model::Register{nonce("chip"), "chip", model::Class::chip, {}, 0}}))));
      if (answer.status != 200) return fail(Code::internal, "the node refused a model");
    }
    return {};
  }
  std::string node_directory() const { return directory_ + "/node"; }
  const platform::PosixClock& clock() const { return clock_; }

  std::vector<Maker> makers;
  std::vector<Id> ids;
  proof::Policy policy;

 private:
  const std::string directory_;
  const std::uint64_t count_, pipeline_;
  platform::PosixFiles files_;
  platform::PosixRandom random_;
  mutable platform::PosixClock clock_;
  Digest ledger_;
  platform::Buffer policy_bytes_;
};

}  // namespace mikusari::test
