// SPDX-License-Identifier: Apache-2.0
// SHA-256, signatures and Merkle trees over the browser's WebCrypto.

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ed25519Prime = (1n << 255n) - 19n;
// The y coordinates of the points whose order divides 8 (docs/formats/passport-page.md): no honest key is one.
const ed25519Order8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const ed25519SmallOrder = [0n, 1n, ed25519Prime - 1n, ed25519Order8, ed25519Prime - ed25519Order8];

const bigEndian = (bytes) => BigInt('0x' + hex(bytes));
const isLowS = (signature) => bigEndian(signature.subarray(32)) <= p256Order / 2n;
const yOf = (point) => bigEndian(point.slice().reverse()) & ((1n << 255n) - 1n);
const hasSmallOrder = (point) => ed25519SmallOrder.includes(yOf(point) % ed25519Prime);

// Whether this browser can verify Ed25519 (Chromium from 137 on, Firefox from 129, Safari from 17).
async function offersEd25519() {
  try {
    await crypto.subtle.importKey('raw', fromBase64('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='), 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}

// The imported key; null when it is none. Throws Unable when the browser does not know the algorithm.
async function importKey(key, abilities) {
  if (key.algorithm === 'Ed25519' && !abilities.ed25519) throw new Unable('this browser cannot check Ed25519: not verified');
  const algorithm = key.algorithm === 'Ed25519' ? 'Ed25519' : { name: 'ECDSA', namedCurve: 'P-256' };
  try {
    return await crypto.subtle.importKey('raw', key.point, algorithm, false, ['verify']);
  } catch {
    return null;
  }
}

// Does the signature hold? For Ed25519 libsodium's rules are added to the browser's: no key and no R of small order, and
// the key is the canonical encoding of its point.
async function holds(key, message, signature, abilities) {
  const imported = await importKey(key, abilities);
  if (imported === null) return false;
  if (key.algorithm === 'ESP256') {
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, signature, message);
  }
  if (hasSmallOrder(key.point) || yOf(key.point) >= ed25519Prime || hasSmallOrder(signature.subarray(0, 32))) return false;
  return crypto.subtle.verify('Ed25519', imported, signature, message);
}

// --- Merkle trees (RFC 6962 section 2.1, RFC 9162 section 2.1.3.2; docs/formats/state-answer.md)

const leafHash = (...parts) => sha256(Uint8Array.of(0), ...parts);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

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

const bitAt = (bytes, i) => bytes[i >> 3] >> (7 - (i & 7)) & 1;

// The root of a state in which `key` has the item's value.
async function rootFromPresence(key, item) {
  const malformed = () => refuse('a proof of the state is not in its one form');
  if (item.depth > 256n || item.other !== undefined) malformed();
  const depth = Number(item.depth);
  if (item.bitmap.length !== depth + 7 >> 3) malformed();
  let ones = 0;
  for (let i = 0; i < item.bitmap.length * 8; ++i) {
    if (bitAt(item.bitmap, i) && i >= depth) malformed();
    ones += bitAt(item.bitmap, i);
  }
  if (item.siblings.length !== 32 * ones || (depth > 0 && !bitAt(item.bitmap, depth - 1))) malformed();
  const empty = new Uint8Array(32);
  let place = await leafHash(key, await sha256(item.value));
  let at = 0;
  for (let level = depth - 1; level >= 0; --level) {
    let sibling = empty;
    if (bitAt(item.bitmap, level)) {
      sibling = item.siblings.subarray(at, at + 32);
      if (same(sibling, empty)) malformed();
      at += 32;
    }
    place = await (bitAt(key, level) ? nodeHash(sibling, place) : nodeHash(place, sibling));
  }
  return place;
}
