// SPDX-License-Identifier: Apache-2.0
// For tests: the pages of a passport, each verified alone, put together and held against each other.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "replica/passport_pages.hpp"
#include "statement/device.hpp"

namespace mikusari::replica {

class GatheredPassport {
 public:
  explicit GatheredPassport(const proof::Policy& policy) : policy_(policy) {}

  // Fails the test when the page does not verify, is too large, is newer than one before it, or has an event of a thing
  // that an earlier page has.
  void add(ByteView bytes) {
    ++pages;
    ASSERT_LE(bytes.size(), proof::passport_bytes_max);
    const auto verified = proof::verify_passport(bytes, policy_);
    ASSERT_TRUE(verified.has_value()) << "page " << pages - 1 << ": " << verified.error().message();
    complete = complete || verified->complete;
    withheld += verified->withheld;
    std::vector<std::uint64_t> heights;
    for (const auto event : verified->page.events) heights.push_back(event.height);
    if (!heights.empty()) {
      EXPECT_LE(heights.back(), oldest_) << "a later page has newer events";
      oldest_ = heights.front();
    }
    for (const auto thing : verified->page.things) add(thing);
  }
  // Whether all pages together are the whole passport.
  bool is_whole() const {
    for (const auto& [id, thing] : things) {
      if (thing.events.size() != thing.count) return false;
      for (const auto& child : thing.children) {
        if (!things.contains(child)) return false;
      }
    }
    return !things.empty();
  }
  bool has(proof::ThingType type, ByteView id) const { return others.contains({type, platform::copy(id)}); }

  struct Thing {
    std::uint64_t count = 0;         // events that its record commits to
    std::set<std::uint64_t> events;  // numbers of those that the pages have
    std::vector<Id> children;
  };
  std::map<Id, Thing> things;  // the device and its parts
  std::set<std::pair<proof::ThingType, platform::Buffer>> others;
  std::set<std::string> texts;  // of models and firmware: what they are called
  std::uint64_t pages = 0, withheld = 0;
  bool complete = false;  // one page is all of it

 private:
  void add(const proof::PassportThing& shown) {
    if (!shown.run) {
      others.emplace(shown.type, platform::copy(shown.id));
      if (shown.text) add_text(shown);
      return;
    }
    auto& thing = things[Id::copy(shown.id)];
    thing.count = read_head(*shown.item.value)->history.count;
    for (std::uint64_t i = 0; i < shown.run->events.size(); ++i)
      EXPECT_TRUE(thing.events.insert(shown.run->range.first + i).second) << "an event stands in two pages";
    thing.children.clear();
    const auto record = common_record(shown.type, *shown.item.value);
    ASSERT_TRUE(record.has_value());
    for (const auto child : record->children) thing.children.push_back(child);
  }
  void add_text(const proof::PassportThing& shown) {
    if (shown.type == proof::ThingType::model) {
      texts.emplace(cbor::decode<model::Register>(shown.text->body)->name);
    } else {
      texts.emplace(cbor::decode<firmware::Release>(shown.text->body)->version);
    }
  }

  const proof::Policy& policy_;
  std::uint64_t oldest_ = ~std::uint64_t{0};
};

// All pages, asked for in their order.
inline GatheredPassport gather(const Reading& reading, const Id& device, const proof::Policy& policy,
                               std::uint64_t since_ms = 0) {
  GatheredPassport out(policy);
  PassportPages pages(reading, device, since_ms);
  for (std::uint64_t number = 0;; ++number) {
    const auto page = pages.page(number);
    EXPECT_TRUE(page.has_value()) << page.error().message();
    if (!page) return out;
    out.add(page->bytes);
    if (!page->more || number == 1000) return out;
  }
}

}  // namespace mikusari::replica
