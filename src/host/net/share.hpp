// SPDX-License-Identifier: Apache-2.0
// Something that all connections of a server share and that there is little of: places in the table of connections,
// TLS handshakes under way, memory for requests that are not finished and for answers that are not taken. It is shared
// fairly by the address of the peer.
//
// When nothing is left, the peer that holds most gives way: the least active of its connections is dismissed, and what
// it holds goes to whoever asks. So a peer that takes all it can get never shuts others out. A peer that would hold the
// most itself gets something only from a connection that has been still for a while, and never from a peer that holds
// less than half as much.
//
// Any thread. Each connection is one Guest, and a guest's amounts are guarded by the shares' own mutexes.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <set>

#include "net/peer_address.hpp"
#include "platform/mutex.hpp"

namespace mikusari::net {

enum class Shared : std::uint8_t { places, handshakes, unfinished_bytes, outbound_bytes };
constexpr std::size_t shared_count = 4;

// One connection, as the shares see it. It gives everything back before it dies.
class Guest {
 public:
  explicit Guest(const PeerAddress& peer, std::int64_t now_ms) : peer_(peer), active_ms_(now_ms) {}
  virtual ~Guest() = default;
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  // Soon to give back what it holds of `what`. Called under the share's mutex: it must not call the share.
  virtual void dismiss(Shared what) = 0;

  const PeerAddress& peer() const { return peer_; }
  void active(std::int64_t now_ms) { active_ms_.store(now_ms, std::memory_order_relaxed); }
  // A request of the guest's is being answered.
  void working(bool is) { working_.store(is, std::memory_order_relaxed); }

 private:
  friend class Share;
  struct Holding {
    std::size_t amount = 0;
    bool dismissed = false;
    std::list<Guest*>::iterator at;  // among its peer's guests, while the amount is not 0 and it is not dismissed
  };

  const PeerAddress peer_;
  std::atomic<std::int64_t> active_ms_;
  std::atomic<bool> working_{false};
  std::array<Holding, shared_count> holdings_;
};

class Share {
 public:
  enum class Taken : std::uint8_t { yes, no };
  // To a peer that would hold the most itself, only a connection that has been still for so long gives way.
  static constexpr std::int64_t still_ms = 1000;

  // `most` can be held, and as much as `leaving` besides by guests that have been dismissed and have not left yet.
  Share(Shared what, std::size_t most, std::size_t leaving_max) : what_(what), most_(most), leaving_max_(leaving_max) {}

  Taken take(Guest& guest, std::size_t amount, std::int64_t now_ms);
  // REQUIRES: the guest holds as much.
  void give_back(Guest& guest, std::size_t amount);

  // Held now, by guests that have been dismissed too.
  std::size_t held() const;
  std::uint64_t dismissals() const;

 private:
  struct Peer {
    std::size_t amount = 0;
    std::list<Guest*> guests;  // those that were looked at longest ago stand first
  };
  // Peers by what they hold.
  using Order = std::set<std::pair<std::size_t, PeerAddress>>;

  Guest::Holding& holding(Guest& guest) const { return guest.holdings_[static_cast<std::size_t>(what_)]; }
  Guest* who_gives_way(const Guest& asking, std::size_t would_hold, std::int64_t now_ms) MIKUSARI_REQUIRES(mutex_);
  void dismiss(Guest& guest) MIKUSARI_REQUIRES(mutex_);
  void change(const PeerAddress& address, Peer& peer, std::size_t amount) MIKUSARI_REQUIRES(mutex_);
  void leave_peer(Guest& guest) MIKUSARI_REQUIRES(mutex_);

  const Shared what_;
  const std::size_t most_, leaving_max_;
  mutable platform::Mutex mutex_;
  std::map<PeerAddress, Peer> peers_ MIKUSARI_GUARDED_BY(mutex_);
  Order order_ MIKUSARI_GUARDED_BY(mutex_);
  std::size_t held_ MIKUSARI_GUARDED_BY(mutex_) = 0;     // without those dismissed
  std::size_t leaving_ MIKUSARI_GUARDED_BY(mutex_) = 0;  // by those dismissed
  std::uint64_t dismissals_ MIKUSARI_GUARDED_BY(mutex_) = 0;
};

// What one connection holds of a share: follows a number that goes up and down.
class Account {
 public:
  // Both outlive it; without a share there is no bound.
  Account(Share* share, Guest* guest) : share_(share), guest_(guest) {}
  ~Account() { static_cast<void>(hold(0, 0)); }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  // `no`: it holds what it held before.
  Share::Taken hold(std::size_t amount, std::int64_t now_ms);
  std::size_t held() const { return held_; }

 private:
  static constexpr std::size_t step = 4096;  // so that few bytes more need no lock
  Share* const share_;
  Guest* const guest_;
  std::size_t held_ = 0;
};

}  // namespace mikusari::net
