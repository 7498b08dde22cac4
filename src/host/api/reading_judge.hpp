// SPDX-License-Identifier: Apache-2.0
// The judge over a ledger's published state. Rights follow from records alone: what the rules say of keys that speak
// (statement/key.hpp) is true here too.
//
// Concerned with a thing are the owner and custodian of its root, to whom either is offered or on its way, its maker,
// the registrars of all these, the keys of the thing itself and of units that it stands in, and who holds the role
// `gate` from the owner. With a party: itself and its registrar; a member's record is for every key that speaks. With a
// key: itself, and whom its subject concerns. With lists, counters and quotas: the party and its registrar, a thing's
// owner. With a statement: who signed or approved it, and whom its signer concerns.
#pragma once

#include <functional>
#include <memory>

#include "api/reading.hpp"
#include "platform/bytes.hpp"
#include "platform/clock.hpp"
#include "replica/answers.hpp"
#include "statement/thing.hpp"

namespace mikusari::api {

// One version of the published ledger, as the judge looks at it.
class PublishedState {
 public:
  virtual ~PublishedState() = default;
  virtual std::uint64_t log_size() const = 0;
  virtual std::uint64_t time_ms() const = 0;  // of its newest block
  // The record's bytes; none when it is absent.
  virtual Result<std::optional<platform::Buffer>> row(const Digest& key) const = 0;
  // A statement's submission; none when there is no such statement.
  virtual Result<std::optional<platform::Buffer>> submission(const Digest& identity) const = 0;
};

class StateJudge final : public Judge {
 public:
  using Newest = std::function<std::unique_ptr<const PublishedState>()>;
  // The clock outlives it.
  StateJudge(Newest newest, const platform::Clock& clock) : newest_(std::move(newest)), clock_(clock) {}

  // Records that exist and are read before a thing is refused, at most; as many are read when it does not exist.
  static constexpr std::size_t rows_of_refusal = 18;

  // The same of known(), before whoever asks has shown that the key is his.
  static constexpr std::size_t rows_of_known = 2 + thing::levels_max;

  std::uint64_t version() const override { return newest_()->log_size(); }
  Result<std::optional<Known>> known(const Digest& key) const override;
  Result<bool> concerns(const Reader& reader, const About& about) const override;

 private:
  const Newest newest_;
  const platform::Clock& clock_;
};

// Over a replica's readings.
StateJudge::Newest newest_of(std::function<replica::Reading()> read);

}  // namespace mikusari::api
