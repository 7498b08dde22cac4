// SPDX-License-Identifier: Apache-2.0
// Opening blinded models in a page of a passport. Values; any thread.
#pragma once

#include <deque>

#include "cli/passport_set.hpp"

namespace mikusari::cli {

// A device or part of a page whose model is blinded and not opened.
struct Blinded {
  Id thing;
  Digest model;  // the blinded form
};
std::vector<Blinded> blinded_in(const proof::PassportPage& page);
bool has_model(const proof::PassportPage& page, const Id& model);

// What is put into a page.
struct Additions {
  std::map<Id, proof::ModelOpening> openings;  // by thing
  std::map<Id, proof::Item> models;            // records under the page's anchor
};
// The page with them, each thing in its place. What the page has already stays as it is.
platform::Buffer with_additions(const proof::PassportPage& page, const Additions& additions);

}  // namespace mikusari::cli
