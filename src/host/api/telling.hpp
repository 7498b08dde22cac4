// SPDX-License-Identifier: Apache-2.0
// What a refusal may tell the one who signed the statement. A rule says what it refuses and whom or what else that is
// about - whose the thing is, who holds it. Who asks about a thing that does not concern him learns that he is refused,
// and not the rest: otherwise anybody with a key could ask the door whose a thing is. One thread at a time.
#pragma once

#include <map>
#include <string>

#include "api/reading.hpp"
#include "replica/answers.hpp"
#include "replica/rejection.hpp"

namespace mikusari::api {

class Telling {
 public:
  // `things`: who reads things. `signer`: the key that signed the statement; none: nobody is known to have. The judge
  // outlives it.
  Telling(Readers things, const Judge& judge, std::optional<Digest> signer)
      : things_(things), judge_(judge), signer_(signer) {}

  // The same without what the signer may not know.
  replica::Rejection told(replica::Rejection rejection);
  replica::Fate told(replica::Fate fate);

 private:
  static constexpr std::size_t looks_max = 64;  // at the ledger; what is beyond is not told
  bool may_know(const std::string& subject, const std::string& object);
  bool concerns(const About& about);

  const Readers things_;
  const Judge& judge_;
  const std::optional<Digest> signer_;
  std::optional<std::optional<Reader>> reader_;  // once it was looked for
  std::map<std::string, bool> known_;            // by subject
};

}  // namespace mikusari::api
