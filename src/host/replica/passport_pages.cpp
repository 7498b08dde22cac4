// SPDX-License-Identifier: Apache-2.0
#include "replica/passport_pages.hpp"

#include <algorithm>
#include <queue>

#include "replica/passport_builder.hpp"

namespace mikusari::replica {
namespace {

using Fits = PassportBuilder::Fits;

constexpr std::size_t page_bytes_max = proof::passport_bytes_max - 16 * 1024;  // beside anchor and heads
// Events and what they need stop before that, so that there is room for context; and parts at half of it, so that every
// page has events while there are any.
constexpr std::size_t events_bytes_max = page_bytes_max - 96 * 1024;
constexpr std::size_t parts_bytes_max = page_bytes_max / 2;
constexpr std::size_t parts_max = proof::passport_things_max / 2;

// A thing whose next event is at this leaf of the log. The newest leaf comes first, and of one leaf the first thing.
struct Waiting {
  std::uint64_t leaf;
  std::size_t thing;
  bool operator<(const Waiting& other) const { return leaf != other.leaf ? leaf < other.leaf : thing > other.thing; }
};

class Queue {
 public:
  explicit Queue(const DeviceParts& parts) : parts_(parts) {
    for (std::size_t thing = 0; thing < parts.histories.size(); ++thing) add(thing);
  }
  bool empty() const { return waiting_.empty(); }
  std::size_t first() const { return waiting_.top().thing; }
  void taken(std::size_t thing) {
    waiting_.pop();
    add(thing);
  }

 private:
  void add(std::size_t thing) {
    if (const auto& next = parts_.histories[thing].next()) waiting_.push({next->leaf, thing});
  }
  const DeviceParts& parts_;
  std::priority_queue<Waiting> waiting_;
};

}  // namespace

Result<PassportPages::Cursor> PassportPages::begin() const {
  Cursor out;
  TRY(out.parts, parts_of(reading_, device_, since_ms_));
  return out;
}

Result<PassportPages::Cursor> PassportPages::nearest(std::uint64_t page) const {
  const Cursor* best = nullptr;
  for (const auto& cursor : cursors_) {
    if (cursor.page <= page && (best == nullptr || cursor.page > best->page)) best = &cursor;
  }
  return best == nullptr ? begin() : Result<Cursor>(*best);
}

// Few are kept for a device of very many parts: each holds a place in the history of each.
void PassportPages::remember(const Cursor& cursor) {
  const std::size_t cursors_max = cursor.parts.things.size() > 4096 ? 1 : 4;
  std::erase_if(cursors_, [&](const Cursor& each) { return each.page == cursor.page; });
  cursors_.push_front(cursor);
  while (cursors_.size() > cursors_max) cursors_.pop_back();
}

Result<PassportAnswer> PassportPages::fill(Cursor& cursor) const {
  PassportBuilder page(reading_, cursor.parts);
  TRY(const Fits device, page.add_thing(0, page_bytes_max));
  ASSERT(device == Fits::yes);
  const std::size_t parts = cursor.parts.things.size(), parts_before = cursor.parts_shown;
  while (cursor.parts_shown < parts && page.things() < parts_max) {
    TRY(const Fits fits, page.add_thing(cursor.parts_shown, parts_bytes_max));
    if (fits == Fits::no) break;
    ++cursor.parts_shown;
  }
  Queue queue(cursor.parts);
  while (!queue.empty()) {
    const std::size_t thing = queue.first();
    TRY(const Fits fits, page.add_event(thing, events_bytes_max));
    if (fits == Fits::no) break;
    queue.taken(thing);
  }
  TRY(page.add_context(cursor.context_shown, page_bytes_max));
  PassportAnswer out;
  TRY(out.bytes, page.encode());
  ASSERT(out.bytes.size() <= proof::passport_bytes_max);
  out.more = !queue.empty() || cursor.parts_shown < parts;
  ASSERT(!out.more || page.events() != 0 || cursor.parts_shown != parts_before);  // one of each always fits
  ++cursor.page;
  return out;
}

Result<PassportAnswer> PassportPages::page(std::uint64_t number) {
  TRY(auto cursor, nearest(number));
  while (true) {
    const bool wanted = cursor.page == number;
    TRY(auto answer, fill(cursor));
    if (answer.more) remember(cursor);
    if (wanted) return answer;
    if (!answer.more) return fail(Code::not_found, "the passport has no such page");
  }
}

Result<PassportAnswer> Reading::passport(const Id& device, const PassportQuery& query) const {
  return PassportPages(*this, device, query.since_ms).page(query.page);
}

}  // namespace mikusari::replica
