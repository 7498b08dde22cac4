// SPDX-License-Identifier: Apache-2.0
// A strict reader of deterministic CBOR (RFC 8949 section 4.2.1) and of the structures that the formats declare.
// What is not the one encoding of its value is refused. Unsigned integers are BigInt throughout.

// What a verifier answers instead of a value. `unable`: this browser cannot tell, which is not the same as refused.
class Refusal extends Error {}
class Unable extends Error {}
const refuse = (why) => { throw new Refusal(why); };

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  // The next head: major type and argument.
  head() {
    if (this.at >= this.bytes.length) refuse('CBOR ends too early');
    const initial = this.bytes[this.at++];
    const major = initial >> 5, info = initial & 0x1f;
    if (info < 24) return { major, argument: BigInt(info) };
    if (info > 27) refuse('CBOR is not deterministic');
    const length = 1 << (info - 24);
    if (this.bytes.length - this.at < length) refuse('CBOR ends too early');
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
  // A count that cannot be true is refused before anybody loops over it.
  count(major) {
    const argument = this.expect(major);
    if (argument > BigInt(this.bytes.length - this.at)) refuse('CBOR ends too early');
    return Number(argument);
  }
  uint() { return this.expect(0); }
  integer() {
    const { major, argument } = this.head();
    if (major > 1 || argument > 0x7fffffffffffffffn) refuse('another type of value was expected');
    return major === 1 ? -1n - argument : argument;
  }
  raw(major) {
    const length = this.count(major);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  byteString() { return this.raw(2); }
  text() {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.raw(3));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return refuse('text is not UTF-8');
    }
  }
  boolean() {
    const argument = this.expect(7);
    if (argument !== 20n && argument !== 21n) refuse('another type of value was expected');
    return argument === 21n;
  }
  end() {
    if (this.at !== this.bytes.length) refuse('there are bytes after the end');
  }
}

// --- types: a type is a function that reads its value from a reader

const u64 = (reader) => reader.uint();
const u16 = (reader) => {
  const value = reader.uint();
  return value > 0xffffn ? refuse('a number is out of range') : value;
};
const integer = (reader) => reader.integer();
const octets = (reader) => reader.byteString();
const text = (reader) => reader.text();
const flag = (reader) => reader.boolean();
const fixed = (length) => (reader) => {
  const value = reader.byteString();
  return value.length === length ? value : refuse('a byte string has a wrong length');
};
const digest = fixed(32);
// The names of an enumeration whose numbers begin with 1.
const oneOf = (...names) => (reader) => {
  const value = reader.uint();
  return value >= 1n && value <= BigInt(names.length) ? names[Number(value) - 1] : refuse('no such value of an enumeration');
};
const listOf = (type, most) => (reader) => {
  const count = reader.count(4);
  if (count > most) refuse('too many elements in a list');
  const out = [];
  for (let i = 0; i < count; ++i) out.push(type(reader));
  return out;
};
const optional = (type) => Object.assign((reader) => type(reader), { optional: true });

// A map whose keys are those of `fields`, [key, name, type] in ascending order. Optional ones may be absent: undefined.
const structure = (...fields) => (reader) => {
  let left = reader.count(5);
  let key = null;
  const out = {};
  for (const [number, name, type] of fields) {
    if (key === null && left > 0) {
      key = reader.uint();
      --left;
    }
    if (key === BigInt(number)) {
      out[name] = type(reader);
      key = null;
    } else if (key !== null && key < BigInt(number)) {
      refuse('unknown field');
    } else if (!type.optional) {
      refuse('a required field is missing');
    }
  }
  if (left !== 0 || key !== null) refuse('unknown field');
  return out;
};

// One whole value and nothing after it.
function decode(type, bytes) {
  const reader = new Reader(bytes);
  const value = type(reader);
  reader.end();
  return value;
}

// The writer knows what verification hashes: unsigned integers, byte strings, text, and heads.
function encodeHead(major, argument) {
  const value = BigInt(argument);
  if (value < 24n) return Uint8Array.of(major << 5 | Number(value));
  const length = value < 0x100n ? 1 : value < 0x10000n ? 2 : value < 0x100000000n ? 4 : 8;
  const out = new Uint8Array(1 + length);
  out[0] = major << 5 | 24 + Math.log2(length);
  for (let i = 0; i < length; ++i) out[1 + i] = Number(value >> BigInt(8 * (length - 1 - i)) & 0xffn);
  return out;
}
const encodeBytes = (bytes) => concat(encodeHead(2, bytes.length), bytes);
const encodeText = (string) => concat(encodeHead(3, utf8(string).length), utf8(string));

// --- bytes

const utf8 = (string) => new TextEncoder().encode(string);
function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const before = (a, b) => hex(a) < hex(b);  // as C++'s lexicographical order of bytes
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (string) => Uint8Array.from(atob(string), (character) => character.charCodeAt(0));
