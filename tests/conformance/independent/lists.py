# SPDX-License-Identifier: Apache-2.0
"""Lists with completeness, in pages (docs/formats/list-answer.md)."""
from types import SimpleNamespace

from . import forms
from .codec import decode, demand
from .merkle import leaf_hash, root_from_range
from .names import key_of, parse_path
from .records import LIST_RECORD
from .state import verify_anchor, verify_item

FAMILIES = {"keys": "key", "devices": "device", "models": "model", "releases": "firmware", "parties": "party"}


def check_entries(page, value):
    """The entries are those that the list has from `first` on. Returns how many it has in all."""
    place = page.range
    if value is None:
        demand(not page.entries and not place.first and not place.before and not place.after, "list: entries that the ledger does not know")
        return 0
    tree = decode(LIST_RECORD, value, "list record").tree
    leaves = [leaf_hash(entry.encoded) for entry in page.entries]
    root = root_from_range(place.first, place.before, leaves, place.after, tree.count)
    demand(root == tree.root, "list: other entries than the ledger has there")
    return tree.count


def check_records(page, kind, anchor):
    """Each entry's present record, as bytes: what it says is for who reads it. Of a release the entry is the record's key itself,
    because two numbers name it."""
    demand(len(page.items) == len(page.entries), "list: not one record for each entry")
    values = []
    for entry, item in zip(page.entries, page.items):
        key = entry.what if kind == "releases" else key_of(FAMILIES[kind], entry.what)
        values.append(verify_item(item, key, anchor))
        demand(values[-1] is not None, "list: an entry is absent from the ledger")
    return values


def verify_list_page(data, path, policy):
    """`path`: list/<party>/<kind>."""
    family, key = parse_path(path)
    demand(family == "list", "list: the path is none of a list")
    kind = path.rpartition("/")[2]
    page = decode(forms.LIST_PAGE, data, "list page")
    anchor = verify_anchor(page.anchor, policy)
    count = check_entries(page, verify_item(page.list, key, anchor))
    records = check_records(page, kind, anchor)
    end = page.range.first + len(page.entries)
    text = f"{len(page.entries)} {kind}, {page.range.first} to {end} of {count}, at block {anchor.record.height}"
    return SimpleNamespace(checkpoint=anchor.checkpoint, first=page.range.first, end=end, count=count, entries=page.entries,
                           records=records, text=text)


def verify_list(pages, path, policy):
    """A set of pages: they are of one moment; the list is whole, or the result says which entries are not shown."""
    verified = [verify_list_page(data, path, policy) for data in pages]
    demand(verified, "list: no page")
    moments = {(page.checkpoint.size, page.checkpoint.root) for page in verified}
    demand(len(moments) == 1, "list: the pages are of several moments")
    count, reached, gaps = verified[0].count, 0, []
    for page in sorted((page for page in verified if page.entries), key=lambda page: page.first):
        if page.first > reached:
            gaps.append(f"{reached} to {page.first}")
        reached = max(reached, page.end)
    if reached < count:
        gaps.append(f"{reached} to {count}")
    text = f"{count} {path.rpartition('/')[2]}, " + (f"not shown: {', '.join(gaps)}" if gaps else "complete")
    return SimpleNamespace(checkpoint=verified[0].checkpoint, pages=verified, gaps=gaps, text=text)
