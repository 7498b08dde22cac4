// SPDX-License-Identifier: Apache-2.0
// Lists with completeness, read page by page. One thread.
#pragma once

#include <functional>

#include "cli/remote.hpp"

namespace mikusari::cli {

// All pages of one list: they are of the same tree, and hold every entry of it.
struct ListPages {
  struct Page {
    platform::Buffer bytes;  // that the views below point into
    proof::VerifiedListPage verified;
  };
  std::vector<std::unique_ptr<Page>> pages;  // one at least
  std::uint64_t count = 0;
};
// Begins again when the list grows while it is read; `unavailable` when that goes on.
Result<ListPages> read_list(Remote& remote, const Handle& party, list::Kind kind);

// Each entry with the present record of what it names, oldest first.
Result<void> for_each_entry(const ListPages& pages,
                            const std::function<Result<void>(const list::Entry&, ByteView)>& each);

}  // namespace mikusari::cli
