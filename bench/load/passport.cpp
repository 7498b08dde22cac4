// SPDX-License-Identifier: Apache-2.0
#include "load/passport.hpp"

#include <chrono>
#include <cstdio>

#include "proof/passport.hpp"

namespace mikusari::bench {
namespace {

// A device of 12 parts, each registered in a batch of 4,096, sold back and forth until the passport has 30 events.
class MeasuredLife {
 public:
  static constexpr std::size_t parts = 12, events = 30;

  MeasuredLife(test::Makers& world, net::Client& client) : world_(world), client_(client) {}

  Result<void> live() {
    auto& maker = world_.makers[0];
    TRY(say(maker, std::vector{model::Register{world_.nonce("camera"), "camera", model::Class::device, {}, 0}}));
    const auto registered = world_.parts(maker, 4096);
    TRY(say(maker, registered));
    std::vector<device::Mount> mounts;
    for (std::size_t i = 0; i < parts; ++i) mounts.push_back({maker.id(registered[i * 4096 / parts].nonce), {}});
    device::Assemble body;
    body.nonce = world_.nonce("measured");
    body.type = device::UnitType::device;
    body.model = world_.model(maker, "camera");
    body.mounts = {std::span<const device::Mount>(mounts)};
    device = maker.id(body.nonce);
    TRY(say(maker, std::vector{body}));
    std::uint64_t title = 1;
    for (std::size_t i = 0; i < events - parts - 1; ++i, ++title) {
      auto& seller = world_.makers[i / 2 % 2];
      auto& buyer = world_.makers[1 - i / 2 % 2];
      if (i % 2 == 0) {
        TRY(say(seller, std::vector{ownership::Offer{thing::Type::device, device, buyer.handle, title}}));
      } else {
        TRY(say(buyer, std::vector{ownership::Accept{thing::Type::device, device, title, {}}}));
      }
    }
    return {};
  }

  Id device;

 private:
  template <statement::Body Body>
  Result<void> say(test::Maker& who, const std::vector<Body>& bodies) {
    TRY(const auto answer, client_.request(test::post(world_.statement(who, bodies))));
    if (answer.status == 200) return {};
    return std::unexpected(
        Error(Code::internal, "the node refused").with_context(std::string(as_text(answer.body.view()))));
  }
  test::Makers& world_;
  net::Client& client_;
};

}  // namespace

Result<void> measure_passport(test::Makers& world, const test::ChildNode& node, const Ceilings& ceilings) {
  TRY(auto client, world.connect(node));
  MeasuredLife life(world, client);
  TRY(life.live());
  TRY(const auto answer, client.request(net::Call::get("/v1/devices/" + platform::to_hex(life.device) + "/passport")));
  if (answer.status != 200) return fail(Code::internal, "the device has no passport");
  const auto begin = std::chrono::steady_clock::now();
  TRY(const auto verified, proof::verify_passport(answer.body.view(), world.policy));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf(
      "{\"what\":\"passport\",\"things_in_ledger\":%zu,\"parts\":%zu,\"records\":%llu,\"events\":%llu,\"bytes\":%zu,"
      "\"limit_bytes\":65536,\"verify_ms\":%.2f,\"ceiling\":\"its signature verifications\",\"ceiling_ms\":%.2f}\n",
      world.ids.size(), life.parts, static_cast<unsigned long long>(verified.things),
      static_cast<unsigned long long>(verified.events), answer.body.size(), seconds * 1e3,
      static_cast<double>(verified.signatures) * 1e3 / ceilings.verifications_per_s);
  return {};
}

}  // namespace mikusari::bench
