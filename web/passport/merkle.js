// SPDX-License-Identifier: Apache-2.0
// The two trees: the append-only log and histories (RFC 6962 section 2.1; src/core/merkle/log.hpp), and the state
// (src/core/merkle/map.hpp).

const leafHash = (...parts) => sha256(Uint8Array.of(0), ...parts);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// The root of the tree of `size` leaves that has `leaf` at `index` (RFC 9162 section 2.1.3.2).
async function rootFromPath(index, size, leaf, path) {
  if (index >= size) refuse("a leaf's index is not below the size of its tree");
  let first = index, last = size - 1n, root = leaf;
  for (const sibling of path) {
    if (last === 0n) refuse('an inclusion path has a wrong length');
    if (first & 1n || first === last) {
      root = await nodeHash(sibling, root);
      while (!(first & 1n) && first !== 0n) {
        first >>= 1n;
        last >>= 1n;
      }
    } else {
      root = await nodeHash(root, sibling);
    }
    first >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) refuse('an inclusion path has a wrong length');
  return root;
}

const bitWidth = (number) => (number === 0n ? 0 : number.toString(2).length);
const treeMost = 1n << 62n;

// The frontier of an append-only tree: the roots of the perfect subtrees that its leaves fall into, largest first, one
// for each bit of the size.
class CompactRange {
  constructor() {
    this.size = 0n;
    this.nodes = [];
  }
  // A perfect subtree of 2^level leaves.
  async append(level, root) {
    const leaves = 1n << BigInt(level);
    if (level > 61 || this.size % leaves !== 0n || this.size > treeMost - leaves) {
      refuse('a subtree does not fit behind this tree');
    }
    let node = root;
    for (let rest = this.size >> BigInt(level); rest & 1n; rest >>= 1n) node = await nodeHash(this.nodes.pop(), node);
    this.nodes.push(node);
    this.size += leaves;
  }
  async root() {
    if (this.nodes.length === 0) return sha256();
    let root = this.nodes.at(-1);
    for (let i = this.nodes.length - 2; i >= 0; --i) root = await nodeHash(this.nodes[i], root);
    return root;
  }
}

// The level of the largest perfect subtree that begins at `at` in a tree of `size` leaves.
function levelAt(at, size) {
  const room = bitWidth(size - at) - 1;
  return at === 0n ? room : Math.min(room, bitWidth(at & -at) - 1);
}

// The tree as it is before a range: one digest for each bit of `first`, the highest first.
async function treeBefore({ first, before }) {
  const wrongLength = 'the proof of a range has a wrong length';
  const out = new CompactRange();
  let rest = first;
  for (const subtree of before) {
    if (rest === 0n) refuse(wrongLength);
    const level = bitWidth(rest) - 1;
    await out.append(level, subtree);
    rest ^= 1n << BigInt(level);
  }
  return rest === 0n ? out : refuse(wrongLength);
}

// The root of the tree of `size` leaves that `tree` is the beginning of; `after` are its subtrees behind the range.
async function rootBehind(tree, size, { after }) {
  for (const subtree of after) {
    if (size > treeMost || tree.size >= size) refuse('the proof of a range is too long');
    await tree.append(levelAt(tree.size, size), subtree);
  }
  if (tree.size !== size) refuse('a range does not end where its tree does');
  return tree.root();
}

const bitAt = (bytes, i) => bytes[i >> 3] >> (7 - (i & 7)) & 1;
const emptySubtree = new Uint8Array(32);

// The one form of a proof of the state, as far as it can be seen without hashing.
function checkForm(item) {
  const malformed = () => refuse('a proof of the state is not in its one form');
  if (item.depth > 256n || item.other !== undefined) malformed();
  const depth = Number(item.depth);
  if (item.bitmap.length !== depth + 7 >> 3) malformed();
  let siblings = 0;
  for (let i = 0; i < item.bitmap.length * 8; ++i) {
    if (bitAt(item.bitmap, i) && i >= depth) malformed();
    siblings += bitAt(item.bitmap, i);
  }
  if (item.siblings.length !== 32 * siblings || (depth > 0 && !bitAt(item.bitmap, depth - 1))) malformed();
  for (let at = 0; at < item.siblings.length; at += 32) {
    if (same(item.siblings.subarray(at, at + 32), emptySubtree)) malformed();
  }
}

// The root of a state in which `key` has the item's value.
async function rootFromPresence(key, item) {
  checkForm(item);
  let place = await leafHash(key, await sha256(item.value));
  let at = 0;
  for (let level = Number(item.depth) - 1; level >= 0; --level) {
    let sibling = emptySubtree;
    if (bitAt(item.bitmap, level)) {
      sibling = item.siblings.subarray(at, at + 32);
      at += 32;
    }
    place = await (bitAt(key, level) ? nodeHash(sibling, place) : nodeHash(place, sibling));
  }
  return place;
}
