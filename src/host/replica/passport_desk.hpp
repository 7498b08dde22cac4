// SPDX-License-Identifier: Apache-2.0
// Where passports are asked for: makes one page at a time, shares a page among all who ask for it at once, and keeps a
// reading with further pages for a while, so that the pages of one passport are under one checkpoint. Whoever asks
// waits: give askers a lane of their own. Any thread.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>

#include "platform/clock.hpp"
#include "platform/mutex.hpp"
#include "replica/passport_pages.hpp"

namespace mikusari::replica {

class PassportDesk {
 public:
  struct Request {
    Id device;
    PassportQuery query;
    std::optional<std::uint64_t> log_size;  // of the reading that page 0 was made of; none: the newest
    friend auto operator<=>(const Request&, const Request&) = default;
  };
  struct Answer {
    PassportAnswer page;
    std::uint64_t log_size = 0;  // to ask with for further pages
  };

  static constexpr std::int64_t kept_ms = 60'000;          // since the reading was asked for last
  static constexpr std::int64_t kept_in_all_ms = 600'000;  // however often it is asked for
  static constexpr std::size_t kept_max = 8;

  // `read` gives the newest reading. The clock must outlive the desk.
  PassportDesk(std::function<Reading()> read, const platform::Clock& clock) : read_(std::move(read)), clock_(clock) {}

  // Errors: `conflict` when no reading of that size is kept any more (begin again at page 0), and as
  // Reading::passport().
  Result<std::shared_ptr<const Answer>> ask(const Request& request);
  // Lets go of readings whose time is over; ask() does so too. A kept reading holds memory of the state as it was.
  void let_go();
  std::size_t kept() const;
  // For metrics: who waits now, and how many pages were made so far.
  std::size_t asking() const;
  std::uint64_t made() const;

  // While it lives no page is begun.
  class Hold {
   public:
    explicit Hold(PassportDesk& desk) : desk_(desk) { desk_.take_turn(); }
    ~Hold() { desk_.end_turn(); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    PassportDesk& desk_;
  };

 private:
  using Outcome = Result<std::shared_ptr<const Answer>>;
  // A reading, and the passports that are being made of it.
  struct Pinned {
    explicit Pinned(Reading from) : reading(std::move(from)), log_size(reading.tip().log_size) {}
    const Reading reading;
    const std::uint64_t log_size;
    std::int64_t since_ms = 0, used_ms = 0;
    // Whose turn it is works on these.
    struct Passport {
      Id device;
      std::uint64_t since_ms;
      PassportPages pages;
    };
    std::list<Passport> passports;  // newest first
  };
  struct Flight {
    std::shared_ptr<Pinned> pinned;
    std::optional<Outcome> outcome;
  };

  Result<std::shared_ptr<Pinned>> find_reading(const std::optional<std::uint64_t>& log_size) MIKUSARI_REQUIRES(mutex_);
  void keep(const std::shared_ptr<Pinned>& pinned) MIKUSARI_REQUIRES(mutex_);
  void drop_old() MIKUSARI_REQUIRES(mutex_);
  void take_turn();
  void end_turn();
  static Outcome make(Pinned& pinned, const Request& request);

  const std::function<Reading()> read_;
  const platform::Clock& clock_;
  mutable platform::Mutex mutex_;
  platform::Condition changed_;
  bool busy_ MIKUSARI_GUARDED_BY(mutex_) = false;  // it is somebody's turn
  std::size_t asking_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  std::uint64_t made_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  std::map<Request, std::shared_ptr<Flight>> flights_ MIKUSARI_GUARDED_BY(mutex_);
  std::list<std::shared_ptr<Pinned>> kept_ MIKUSARI_GUARDED_BY(mutex_);  // used last first
  std::weak_ptr<Pinned> newest_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
