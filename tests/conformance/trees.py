# SPDX-License-Identifier: Apache-2.0
"""Proofs in the log's and the state's trees, made from the definitions of the trees."""
import bisect

from independent.crypto import sha256


def leaf_hash(*parts):
    return sha256(b"\x00", *parts)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


# --- the log's tree and the histories of things (RFC 6962 section 2.1) ---

def split(count):
    size = 1
    while 2 * size < count:
        size *= 2
    return size


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    return node_hash(root(leaves[:split(len(leaves))]), root(leaves[split(len(leaves)):]))


def inclusion(leaves, index):
    if len(leaves) == 1:
        return []
    at = split(len(leaves))
    if index < at:
        return inclusion(leaves[:at], index) + [root(leaves[at:])]
    return inclusion(leaves[at:], index - at) + [root(leaves[:at])]


def consistency(leaves, size, is_whole=True):
    """That the first `size` leaves are the beginning of these; not of none."""
    if size == len(leaves):
        return [] if is_whole else [root(leaves)]
    at = split(len(leaves))
    if size <= at:
        return consistency(leaves[:at], size, is_whole) + [root(leaves[at:])]
    return consistency(leaves[at:], size - at, False) + [root(leaves[:at])]


def perfect_roots(leaves, start, end):
    """Of the largest perfect subtrees that follow one another."""
    out = []
    while start < end:
        size = 1
        while start % (2 * size) == 0 and start + 2 * size <= end:
            size *= 2
        out.append(root(leaves[start:start + size]))
        start += size
    return out


def range_proof(leaves, first, end):
    return {1: first, 2: perfect_roots(leaves, 0, first), 3: perfect_roots(leaves, end, len(leaves))}


# --- the state's tree ---

def bit(key, i):
    return key[i // 8] >> (7 - i % 8) & 1


class Map:
    """From keys to values; its digests are computed once each."""

    def __init__(self, rows):
        self.rows, self.keys, self.known = rows, sorted(rows), {}

    def root(self):
        return self.digest(0, len(self.keys), 0)

    def digest(self, low, high, depth):
        """Of the keys from low to high, which share `depth` bits."""
        if (low, high, depth) not in self.known:
            self.known[low, high, depth] = self.new_digest(low, high, depth)
        return self.known[low, high, depth]

    def new_digest(self, low, high, depth):
        if low == high:
            return bytes(32)
        if high - low == 1:
            return leaf_hash(self.keys[low], sha256(self.rows[self.keys[low]]))
        at = self.parting(low, high, depth)
        return node_hash(self.digest(low, at, depth + 1), self.digest(at, high, depth + 1))

    def parting(self, low, high, depth):
        return bisect.bisect_left(self.keys, 1, low, high, key=lambda key: bit(key, depth))

    def item(self, key):
        """What stands at the key's place, and the way there."""
        low, high, levels, siblings = 0, len(self.keys), [], []
        while high - low > 1:
            depth = len(levels)
            at = self.parting(low, high, depth)
            (low, high), other = ((at, high), (low, at)) if bit(key, depth) else ((low, at), (at, high))
            sibling = self.digest(*other, depth + 1)
            levels.append(int(sibling != bytes(32)))
            siblings = [sibling] * levels[-1] + siblings
        bits = "".join(map(str, levels)).ljust((len(levels) + 7) // 8 * 8, "0")
        out = {2: len(levels), 3: bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)), 4: b"".join(siblings)}
        if key in self.rows:
            return {1: self.rows[key], **out}
        there = self.keys[low:high]
        return {**out, 5: {1: there[0], 2: sha256(self.rows[there[0]])}} if there else out
