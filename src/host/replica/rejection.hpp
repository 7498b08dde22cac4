// SPDX-License-Identifier: Apache-2.0
// Why the door does not let a statement in. A value.
#pragma once

#include <string>

#include "base/result.hpp"
#include "statement/refusal.hpp"

namespace mikusari::replica {

struct Rejection {
  // The form, a signature or a limit is wrong; or the ledger cannot take anything now.
  Rejection(Error why) : error(std::move(why)) {}
  // A rule refuses it: with what the refusal is about, for people.
  Rejection(statement::Refusal why, std::string about, std::string and_about)
      : error(statement::text_of(why).code, statement::text_of(why).name.data()),
        refusal(why),
        subject(std::move(about)),
        object(std::move(and_about)) {}

  Error error;
  statement::Refusal refusal = statement::Refusal::none;
  std::string subject, object;

  // A word for counters: the refusal's name, or the error's static sentence.
  std::string_view reason() const {
    return refusal == statement::Refusal::none ? std::string_view(error.text()) : statement::text_of(refusal).name;
  }
};

}  // namespace mikusari::replica
