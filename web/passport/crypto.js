// SPDX-License-Identifier: Apache-2.0
// SHA-256 and signatures over the browser's WebCrypto.

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ed25519Prime = (1n << 255n) - 19n;
// The y coordinates of the points whose order divides 8 (docs/formats/passport-page.md): no honest key is one.
const ed25519Order8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const ed25519SmallOrder = [0n, 1n, ed25519Prime - 1n, ed25519Order8, ed25519Prime - ed25519Order8];

const isLowS = (signature) => bigEndian(signature.subarray(32)) <= p256Order / 2n;
const yOf = (point) => bigEndian(point.slice().reverse()) & ((1n << 255n) - 1n);
const hasSmallOrder = (point) => ed25519SmallOrder.includes(yOf(point) % ed25519Prime);

// Whether this browser can verify Ed25519 (Chromium from 137 on, Firefox from 129, Safari from 17).
async function offersEd25519() {
  try {
    const anyKey = fromBase64('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
    await crypto.subtle.importKey('raw', anyKey, 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}

// The imported key; null when it is none. Throws Unable when the browser does not know the algorithm.
async function importKey(key, abilities) {
  if (key.algorithm === 'Ed25519' && !abilities.ed25519) {
    throw new Unable('this browser cannot check Ed25519: not verified');
  }
  const algorithm = key.algorithm === 'Ed25519' ? 'Ed25519' : { name: 'ECDSA', namedCurve: 'P-256' };
  try {
    return await crypto.subtle.importKey('raw', key.point, algorithm, false, ['verify']);
  } catch {
    return null;
  }
}

const isCanonical = (point) => !hasSmallOrder(point) && yOf(point) < ed25519Prime;

// Does the signature hold? For Ed25519 libsodium's rules are added to the browser's: no key and no R of small order,
// and the key is the canonical encoding of its point.
async function holds(key, message, signature, abilities) {
  const imported = await importKey(key, abilities);
  if (imported === null) return false;
  if (key.algorithm === 'ESP256') {
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, signature, message);
  }
  if (!isCanonical(key.point) || hasSmallOrder(signature.subarray(0, 32))) return false;
  return crypto.subtle.verify('Ed25519', imported, signature, message);
}
