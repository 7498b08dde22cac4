// SPDX-License-Identifier: Apache-2.0
#include "net/share.hpp"

#include <tuple>

#include "base/result.hpp"

namespace mikusari::net {

namespace {

constexpr std::size_t looked_at_max = 1024;  // connections, to find the least active one
constexpr std::size_t dismissed_at_once_max = 8;

}  // namespace

Share::Taken Share::take(Guest& guest, std::size_t amount, std::int64_t now_ms) {
  platform::MutexLock lock(mutex_);
  Guest::Holding& mine = holding(guest);
  if (mine.dismissed) return Taken::no;
  const auto known = peers_.find(guest.peer());
  const std::size_t would_hold = (known == peers_.end() ? 0 : known->second.amount) + amount;
  for (std::size_t dismissed = 0; amount > most_ - held_; ++dismissed) {
    Guest* const leaves =
        amount > most_ || dismissed == dismissed_at_once_max ? nullptr : who_gives_way(guest, would_hold, now_ms);
    if (leaves == nullptr || holding(*leaves).amount > leaving_max_ - leaving_) return Taken::no;
    dismiss(*leaves);
  }
  held_ += amount;
  Peer& peer = peers_[guest.peer()];
  change(guest.peer(), peer, peer.amount + amount);
  if (mine.amount == 0) mine.at = peer.guests.insert(peer.guests.end(), &guest);
  mine.amount += amount;
  return Taken::yes;
}

// Of the peers that hold the most, the least active guest. When that is the asking peer itself: of those that hold the
// most, and at least half of what it would hold, a guest that is still.
Guest* Share::who_gives_way(const Guest& asking, std::size_t would_hold, std::int64_t now_ms) {
  if (order_.empty()) return nullptr;
  const std::size_t top = order_.rbegin()->first;
  const bool from_any = top > would_hold;
  const auto rank = [](const Guest& guest) {
    return std::tuple(guest.working_.load(std::memory_order_relaxed), guest.active_ms_.load(std::memory_order_relaxed));
  };
  const auto is_still = [&](const Guest& guest) {
    const auto [works, active_ms] = rank(guest);
    return !works && now_ms - active_ms >= still_ms;
  };
  Guest* out = nullptr;
  std::size_t level = top, looked_at = 0;
  for (auto at = order_.rbegin(); at != order_.rend() && looked_at < looked_at_max; ++at) {
    if (at->first < level && (out != nullptr || from_any || at->first < would_hold / 2)) break;
    level = at->first;
    auto& guests = peers_.at(at->second).guests;
    for (std::size_t left = guests.size(); left > 0 && looked_at < looked_at_max; --left, ++looked_at) {
      Guest* const guest = guests.front();
      guests.splice(guests.end(), guests, guests.begin());
      if (guest == &asking || !(from_any || is_still(*guest))) continue;
      if (out == nullptr || rank(*guest) < rank(*out)) out = guest;
    }
  }
  return out;
}

void Share::dismiss(Guest& guest) {
  Guest::Holding& its = holding(guest);
  leave_peer(guest);
  held_ -= its.amount;
  leaving_ += its.amount;
  its.dismissed = true;
  ++dismissals_;
  guest.dismiss(what_);
}

void Share::give_back(Guest& guest, std::size_t amount) {
  platform::MutexLock lock(mutex_);
  Guest::Holding& its = holding(guest);
  ASSERT(amount <= its.amount);
  if (its.dismissed) {
    its.amount -= amount;
    leaving_ -= amount;
    if (its.amount == 0) its.dismissed = false;
    return;
  }
  held_ -= amount;
  if (amount == its.amount) {
    leave_peer(guest);
    its.amount = 0;
  } else {
    Peer& peer = peers_.at(guest.peer());
    change(guest.peer(), peer, peer.amount - amount);
    its.amount -= amount;
  }
}

void Share::change(const PeerAddress& address, Peer& peer, std::size_t amount) {
  order_.erase({peer.amount, address});
  peer.amount = amount;
  if (amount > 0) order_.insert({amount, address});
}

void Share::leave_peer(Guest& guest) {
  const auto found = peers_.find(guest.peer());
  ASSERT(found != peers_.end());
  const Guest::Holding& its = holding(guest);
  found->second.guests.erase(its.at);
  change(found->first, found->second, found->second.amount - its.amount);
  if (found->second.guests.empty()) peers_.erase(found);
}

std::size_t Share::held() const {
  platform::MutexLock lock(mutex_);
  return held_ + leaving_;
}

std::uint64_t Share::dismissals() const {
  platform::MutexLock lock(mutex_);
  return dismissals_;
}

Share::Taken Account::hold(std::size_t amount, std::int64_t now_ms) {
  if (share_ == nullptr) return Share::Taken::yes;
  const std::size_t wanted = (amount + step - 1) / step * step;
  if (wanted > held_) {
    if (share_->take(*guest_, wanted - held_, now_ms) == Share::Taken::no) return Share::Taken::no;
  } else if (wanted < held_) {
    share_->give_back(*guest_, held_ - wanted);
  }
  held_ = wanted;
  return Share::Taken::yes;
}

}  // namespace mikusari::net
