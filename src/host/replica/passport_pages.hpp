// SPDX-License-Identifier: Apache-2.0
// The pages of one device's passport under one reading: newest events first, each page at most 1 MiB, and each event in
// exactly one page for each thing that it changed. A page is filled from where the one before it ended: pages asked for
// in their order cost one walk through the histories, whatever their number. One thread at a time.
#pragma once

#include <list>
#include <set>

#include "replica/device_parts.hpp"

namespace mikusari::replica {

class PassportPages {
 public:
  // The reading must outlive it.
  PassportPages(const Reading& reading, const Id& device, std::uint64_t since_ms)
      : reading_(reading), device_(device), since_ms_(since_ms) {}

  // `not_found` when there is no such device, or it has no such page.
  Result<PassportAnswer> page(std::uint64_t number);

 private:
  // Where a page begins.
  struct Cursor {
    std::uint64_t page = 0;
    DeviceParts parts;
    std::size_t parts_shown = 0;  // on earlier pages, from the front
    std::set<Digest> context_shown;
  };
  Result<Cursor> begin() const;
  // The newest cursor at or before a page; the first page's when there is none.
  Result<Cursor> nearest(std::uint64_t page) const;
  void remember(const Cursor& cursor);
  // Fills the page at the cursor, which goes on to the next.
  Result<PassportAnswer> fill(Cursor& cursor) const;

  const Reading& reading_;
  const Id device_;
  const std::uint64_t since_ms_;
  std::list<Cursor> cursors_;  // newest first
};

}  // namespace mikusari::replica
