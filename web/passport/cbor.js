// SPDX-License-Identifier: Apache-2.0
// A strict reader of deterministic CBOR (RFC 8949 section 4.2.1), and what verification writes. What is not the one
// encoding of its value is refused. Unsigned integers are BigInt throughout.

// What a verifier answers instead of a value. `Newer`: a newer program made this, and this page cannot judge it.
// `Unable`: this browser cannot tell. Neither is the same as refused.
class Refusal extends Error {}
class Newer extends Error {}
class Unable extends Error {}
const refuse = (why) => { throw new Refusal(why); };
const isNewer = (why) => { throw new Newer(why); };

const depthMax = 16;

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.depth = 0;
  }

  left() { return this.bytes.length - this.at; }
  peek() { return this.left() > 0 ? this.bytes[this.at] >> 5 : refuse('CBOR ends too early'); }

  // The next head: major type and argument.
  head() {
    if (this.left() === 0) refuse('CBOR ends too early');
    const initial = this.bytes[this.at++];
    const major = initial >> 5, info = initial & 0x1f;
    if (info < 24) return { major, argument: BigInt(info) };
    if (info > 27) refuse('CBOR is not deterministic');
    const length = 1 << (info - 24);
    if (this.left() < length) refuse('CBOR ends too early');
    let argument = 0n;
    for (let i = 0; i < length; ++i) argument = argument << 8n | BigInt(this.bytes[this.at++]);
    const least = [24n, 0x100n, 0x10000n, 0x100000000n][info - 24];
    if (major === 7 || argument < least) refuse('CBOR is not deterministic');
    return { major, argument };
  }
  expect(major) {
    const head = this.head();
    if (head.major !== major) refuse('another type of value was expected');
    return head.argument;
  }

  // Enters an array (4), a map (5) or a tag (6); close() leaves it. Returns the count, or the tag's number. A count
  // that cannot be true is refused before anybody loops over it.
  open(major) {
    const argument = this.expect(major);
    this.enter(major, argument);
    return major === 6 ? argument : Number(argument);
  }
  enter(major, argument) {
    const items = major === 6 ? 1n : major === 5 ? 2n * argument : argument;
    if (items > BigInt(this.left())) refuse('CBOR ends too early');
    if (this.depth === depthMax) refuse('CBOR is nested too deep');
    ++this.depth;
  }
  close() { --this.depth; }

  uint() { return this.expect(0); }
  integer() {
    const { major, argument } = this.head();
    if (major > 1 || argument > 0x7fffffffffffffffn) refuse('another type of value was expected');
    return major === 1 ? -1n - argument : argument;
  }
  take(length) {
    if (length > BigInt(this.left())) refuse('CBOR ends too early');
    this.at += Number(length);
    return this.bytes.subarray(this.at - Number(length), this.at);
  }
  byteString() { return this.take(this.expect(2)); }
  text() { return decodeUtf8(this.take(this.expect(3))); }
  boolean() {
    const argument = this.expect(7);
    if (argument !== 20n && argument !== 21n) refuse('another type of value was expected');
    return argument === 21n;
  }

  // Passes over one whole item, checked to the last byte.
  skip() {
    const { major, argument } = this.head();
    if (major === 2 || major === 3) {
      const string = this.take(argument);
      if (major === 3) decodeUtf8(string);
    } else if (major === 7) {
      if (argument < 20n || argument > 22n) refuse('CBOR is not deterministic');
    } else if (major > 3) {
      this.enter(major, argument);
      if (major === 5) {
        this.skipPairs(argument);
      } else {
        for (let i = major === 6 ? 1n : argument; i > 0n; --i) this.skip();
      }
      this.close();
    }
  }
  skipPairs(count) {
    let last = null;
    for (; count > 0n; --count) {
      const start = this.at;
      if ([4, 5, 6].includes(this.peek())) refuse('a key of a map is no plain value');
      this.skip();
      const key = this.bytes.subarray(start, this.at);
      if (last !== null && !before(last, key)) refuse('the keys of a map are not in their order');
      last = key;
      this.skip();
    }
  }

  end() {
    if (this.at !== this.bytes.length) refuse('there are bytes after the end');
  }
}

function decodeUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('text is not UTF-8');
  }
}

// One whole value and nothing after it.
function decode(type, bytes) {
  const reader = new Reader(bytes);
  const value = type(reader);
  reader.end();
  return value;
}

// --- what verification hashes: unsigned integers, byte strings, text, and heads

const concat = (...parts) => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

function encodeHead(major, number) {
  let argument = BigInt(number);
  if (argument < 24n) return Uint8Array.of(major << 5 | Number(argument));
  const size = argument < 0x100n ? 0 : argument < 0x10000n ? 1 : argument < 0x100000000n ? 2 : 3;
  const out = new Uint8Array(1 + (1 << size));
  out[0] = major << 5 | 24 + size;
  for (let i = out.length - 1; i > 0; --i, argument >>= 8n) out[i] = Number(argument & 0xffn);
  return out;
}
const encodeUint = (number) => encodeHead(0, number);
const encodeBytes = (bytes) => concat(encodeHead(2, bytes.length), bytes);
const encodeText = (string) => {
  const bytes = utf8(string);
  return concat(encodeHead(3, bytes.length), bytes);
};

// --- bytes

const utf8 = (string) => new TextEncoder().encode(string);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
// The lexicographical order of bytes.
function before(a, b) {
  for (let i = 0; i < a.length && i < b.length; ++i) {
    if (a[i] !== b[i]) return a[i] < b[i];
  }
  return a.length < b.length;
}
const bigEndian = (bytes) => bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
const eightBytes = (number) => Uint8Array.from({ length: 8 }, (_, i) => Number(number >> BigInt(56 - 8 * i) & 0xffn));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (string) => Uint8Array.from(atob(string), (character) => character.charCodeAt(0));
