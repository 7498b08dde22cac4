// SPDX-License-Identifier: Apache-2.0
// Every kind of statement that this ledger takes, in the order of their numbers. Adding a kind adds one name here.
#pragma once

#include <tuple>

#include "statement/custody.hpp"
#include "statement/device.hpp"
#include "statement/document.hpp"
#include "statement/firmware.hpp"
#include "statement/key.hpp"
#include "statement/ledger.hpp"
#include "statement/model.hpp"
#include "statement/ownership.hpp"
#include "statement/part.hpp"
#include "statement/party.hpp"
#include "statement/proposal.hpp"
#include "statement/role.hpp"

namespace mikusari::statement {

template <class... T>
struct Kinds {};

using AllKinds =
    Kinds<incarnation::Begin, proposal::Open, proposal::Vote, key::Register, key::Rotate, key::Veto, key::Revoke,
          key::Freeze, key::Thaw, model::Register, model::Amend, model::Withdraw, certification::Certify,
          certification::Decertify, part::Register, part::Inspect, part::Scrap, device::Assemble, device::Attach,
          device::Detach, device::Alarm, device::Activate, device::Suspend, device::Resume, device::Retire,
          device::Destroy, custody::Ship, custody::Receive, custody::Refuse, custody::Recall, ownership::Offer,
          ownership::Accept, ownership::Cancel, ownership::Force, firmware::Release, firmware::Floor, firmware::Recall,
          party::Open, party::Suspend, party::Move, party::Close, party::Recover, party::Amend, role::Grant,
          role::Revoke, document::Evidence>;

// Calls f.template operator()<Body>() for each kind, in order.
template <class F, class... T>
constexpr void for_each_kind(F&& f, Kinds<T...>) {
  (f.template operator()<T>(), ...);
}
template <class F>
constexpr void for_each_kind(F&& f) {
  for_each_kind(std::forward<F>(f), AllKinds{});
}

// The row of a kind's number; null when there is none.
constexpr const Kind* find_kind(std::uint16_t number) {
  const Kind* found = nullptr;
  for_each_kind([&]<class T>() {
    if (T::kind.number == number) found = &T::kind;
  });
  return found;
}

}  // namespace mikusari::statement
