// SPDX-License-Identifier: Apache-2.0
// The replica as the engine drives it, with an eye on it: how long flushes take, which submissions the engine drops
// because they no longer hold when their turn comes (their key was revoked meanwhile), so that their senders are told,
// and whether the clock can be believed: nothing is ordered while it cannot.
// As Application.
#pragma once

#include "api/service.hpp"
#include "consensus/application.hpp"
#include "node/ledger_clock.hpp"

namespace mikusari::node {

class Watched final : public consensus::Application {
 public:
  // All of them outlive it.
  Watched(replica::Replica& replica, api::Service& service, LedgerClock& clock)
      : application_(replica), replica_(replica), service_(service), clock_(clock) {}

  consensus::Position durable() const override { return application_.durable(); }
  Result<Digest> admit(ByteView submission) override { return application_.admit(submission); }
  std::uint64_t next_height() const override { return application_.next_height(); }
  std::size_t select(std::span<const platform::Buffer> pending, std::size_t bytes_max) const override {
    return application_.select(pending, bytes_max);
  }
  Result<void> check(const consensus::Block& block) override;
  Result<consensus::Execution> execute(const consensus::Block& block) override { return application_.execute(block); }
  Result<void> commit() override { return application_.commit(); }
  Result<void> flush() override;

 private:
  consensus::Application& application_;
  const replica::Replica& replica_;
  api::Service& service_;
  LedgerClock& clock_;
};

// Shows the clock the times of a published record and of the cosignatures over it.
void note_time(const replica::Reading& reading, LedgerClock& clock);

}  // namespace mikusari::node
