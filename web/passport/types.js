// SPDX-License-Identifier: Apache-2.0
// Types: a type is a function that reads its value from a Reader. The declarations in forms.js and bodies.js are made
// of these. What a newer program may have written is told apart as src/core/encoding/field.hpp says.

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

// The version of a structure's form.
const formNumber = 2n;
const form = (reader) => {
  const number = reader.uint();
  if (number > formNumber) isNewer('this is of a form that is newer than this page');
  return number === formNumber ? number : refuse('this is of an older form, which is not read any more');
};

// The name that a number has in an enumeration.
const oneOf = (name) => (reader) => {
  const value = reader.uint();
  const found = Object.entries(enums[name]).find(([, number]) => BigInt(number) === value);
  return found === undefined ? isNewer('a value of an enumeration is newer than this page') : found[0];
};

const listOf = (type, most) => (reader) => {
  const count = reader.open(4);
  if (count > most) refuse('too many elements in a list');
  const out = [];
  for (let i = 0; i < count; ++i) out.push(type(reader));
  reader.close();
  return out;
};

// A field that may be absent: then its value is undefined.
const optional = (type) => Object.assign((reader) => type(reader), { absent: () => undefined });
// A field that is left out when it is zero, and never written as zero.
const sparse = (type) => Object.assign((reader) => {
  const value = type(reader);
  return value ? value : refuse('a field that is zero must be left out');
}, { absent: () => (type === flag ? false : 0n) });

const firstAddition = 64n, firstNewer = 128n;

// The entries of a map, one key at a time.
class Entries {
  constructor(reader, closed) {
    this.reader = reader;
    this.closed = closed;
    this.left = reader.open(5);
    this.key = null;  // that has been read and not been used
    this.last = -1n;
  }
  next() {
    if (this.key !== null || this.left === 0) return;
    this.key = this.reader.uint();
    --this.left;
    if (this.key <= this.last) refuse('the keys of a map are not in their order');
    this.last = this.key;
  }
  // Leaves an entry behind that no field has.
  pass() {
    if (this.closed || this.key >= firstNewer) isNewer('a field is newer than this page');
    if (this.key < firstAddition) refuse('unknown field');
    this.reader.skip();
    this.key = null;
  }
  // Whether the map has an entry with this key; its value comes next.
  has(number) {
    for (;;) {
      this.next();
      if (this.key === null || this.key > number) return false;
      if (this.key === number) {
        this.key = null;
        return true;
      }
      this.pass();
    }
  }
  end() {
    for (this.next(); this.key !== null; this.next()) this.pass();
    this.reader.close();
  }
}

// A map whose keys are those of `fields`, [key, name, type] in ascending order.
const mapOf = (closed, fields) => (reader) => {
  const entries = new Entries(reader, closed);
  const out = {};
  for (const [number, name, type] of fields) {
    if (entries.has(BigInt(number))) {
      out[name] = type(reader);
    } else {
      out[name] = type.absent === undefined ? refuse('a required field is missing') : type.absent();
    }
  }
  entries.end();
  return out;
};
const structure = (...fields) => mapOf(false, fields);
// A structure to which nothing may be added.
const closed = (...fields) => mapOf(true, fields);

// COSE_Key (RFC 9053 section 7): the required members of a P-256 or an Ed25519 key. `encoded` is for the thumbprint.
const publicKey = (reader) => {
  const start = reader.at;
  const members = reader.open(5);
  const expect = (wanted, why) => reader.integer() === wanted || refuse(why);
  const otherMembers = 'a COSE_Key has other members than its required ones';
  const otherKey = 'a COSE_Key is neither P-256 nor Ed25519';
  expect(1n, otherMembers);
  const type = reader.integer();
  if (!(type === 2n && members === 4) && !(type === 1n && members === 3)) refuse(otherKey);
  expect(-1n, otherMembers);
  expect(type === 2n ? 1n : 6n, otherKey);
  expect(-2n, otherMembers);
  const x = digest(reader);
  let point = x;
  if (type === 2n) {
    expect(-3n, otherMembers);
    point = concat(Uint8Array.of(4), x, digest(reader));
  }
  reader.close();
  return { algorithm: type === 2n ? 'ESP256' : 'Ed25519', point, encoded: reader.bytes.slice(start, reader.at) };
};
