# SPDX-License-Identifier: Apache-2.0
"""The log's tree (RFC 6962 section 2.1; verification as RFC 9162 section 2.1 spells it out) and the state's."""
from .codec import demand
from .crypto import sha256

EMPTY = bytes(32)  # a subtree of the state without keys
SIZE_MAX = 2**62   # leaves of a tree in which ranges are proved


def leaf_hash(*parts):
    return sha256(b"\x00", *parts)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def split_of(count):
    """The largest power of two below count."""
    return 1 << ((count - 1).bit_length() - 1)


def log_root(leaves):
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    split = split_of(len(leaves))
    return node_hash(log_root(leaves[:split]), log_root(leaves[split:]))


def root_from_inclusion(index, size, leaf, path):
    """RFC 9162 section 2.1.3.2."""
    demand(0 <= index < size, "inclusion: the index is not below the size")
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        demand(sn != 0, "inclusion: the path is too long")
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    demand(sn == 0, "inclusion: the path is too short")
    return root


def check_consistency(size1, root1, size2, root2, path):
    """RFC 9162 section 2.1.4.2."""
    demand(size1 <= size2, "consistency: the first log is larger than the second")
    if size1 == size2:
        demand(not path and root1 == root2, "consistency: two roots of one size, or a path between equals")
        return
    demand(size1 != 0 and path, "consistency: nothing can be proved from an empty log or path")
    if size1 & (size1 - 1) == 0:
        path = [root1, *path]
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for sibling in path[1:]:
        demand(sn != 0, "consistency: the path is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, sibling)
        fn, sn = fn >> 1, sn >> 1
    demand(sn == 0, "consistency: the path is too short")
    demand(first == root1, "consistency: the later log does not continue the earlier one")
    demand(second == root2, "consistency: the path does not lead to the later root")


def perfect_subtrees(start, end):
    """The largest perfect subtrees of the tree that follow one another from start to end, as (start, end)."""
    out = []
    while start < end:
        fits = 1 << ((end - start).bit_length() - 1)
        aligned = start & -start or fits
        out.append((start, start + min(fits, aligned)))
        start = out[-1][1]
    return out


def beside_range(first, before, count, after, size):
    """The subtrees before and behind `count` leaves of a tree of `size`, each digest by its place."""
    end = first + count
    demand(end <= size <= SIZE_MAX, "range: it ends behind the tree, or no tree is as large")
    known = {}
    for places, digests in ((perfect_subtrees(0, first), before), (perfect_subtrees(end, size), after)):
        demand(len(places) == len(digests), "range: not one digest for each subtree beside it")
        known.update(zip(places, digests))
    return known


def root_from_range(first, before, leaves, after, size):
    """Of a tree of `size` leaves in which these stand from `first` on."""
    known = beside_range(first, before, len(leaves), after, size)
    known.update(((first + number, first + number + 1), leaf) for number, leaf in enumerate(leaves))

    def root(start, stop):
        if (start, stop) in known:
            return known[start, stop]
        split = start + split_of(stop - start)
        return node_hash(root(start, split), root(split, stop))
    return root(0, size) if size else sha256()


def bit(key, i):
    return key[i // 8] >> (7 - i % 8) & 1


def check_form(item):
    """A proof has one form: no unused bits, no empty sibling, the deepest sibling not empty."""
    demand(item.depth <= 256, "map proof: over 256 levels")
    demand(len(item.bitmap) == (item.depth + 7) // 8, "map proof: the bitmap has a wrong length")
    levels = [bit(item.bitmap, i) for i in range(len(item.bitmap) * 8)]
    demand(not any(levels[item.depth:]), "map proof: unused bits are set")
    demand(item.depth == 0 or levels[item.depth - 1], "map proof: a place that the tree would have collapsed")
    demand(len(item.siblings) == 32 * sum(levels), "map proof: not one sibling for each bit")
    siblings = [item.siblings[at:at + 32] for at in range(0, len(item.siblings), 32)]
    demand(EMPTY not in siblings, "map proof: an empty sibling")
    return levels, siblings


def place(item, key):
    """What stands where the key's leaf is or would be."""
    if item.value is not None:
        demand(item.other is None, "map proof: present, and another leaf")
        return leaf_hash(key, sha256(item.value))
    if item.other is None:
        return EMPTY
    demand(item.other.key != key, "map proof: the other leaf is the key's own")
    shared = all(bit(item.other.key, i) == bit(key, i) for i in range(item.depth))
    demand(shared, "map proof: the other leaf stands elsewhere")
    return leaf_hash(item.other.key, item.other.value_hash)


def map_root(item, key):
    """The root of a state in which the key has the item's value, or none."""
    levels, siblings = check_form(item)
    digest = place(item, key)
    for level in reversed(range(item.depth)):
        sibling = siblings.pop(0) if levels[level] else EMPTY
        digest = node_hash(sibling, digest) if bit(key, level) else node_hash(digest, sibling)
    return digest
