# SPDX-License-Identifier: Apache-2.0
"""Deterministic CBOR (RFC 8949 section 4.2.1), read front to back by types.

A type is a function of a reader and of words that say where it stands: it reads one item and returns its value, or
raises Refused. Bytes are checked where they are read, so the first thing that is wrong is the one that is told.

What a newer program has written is told apart (docs/formats/versions.md): a later form, an unknown value of an
enumeration, and a field from 128 up raise Newer. A field from 64 to 127 is an addition, which is skipped. In a closed
structure every unknown field raises Newer.
"""
from types import SimpleNamespace

UINT, NINT, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)
DEPTH_MAX = 16
FALSE, TRUE, NULL = 20, 21, 22
FIRST_ADDITION, FIRST_NEWER = 64, 128
FORM = 2


class Refused(Exception):
    """It does not hold, or is malformed."""


class Newer(Refused):
    """A newer program than this one has made it. Nothing is said about whether it holds."""


def demand(condition, why):
    if not condition:
        raise Refused(why)


class Reader:
    """Walks over CBOR and refuses what is not the one encoding of its value."""

    def __init__(self, data):
        self.data, self.at, self.depth = data, 0, 0

    def take(self, length):
        demand(length <= len(self.data) - self.at, "CBOR ends too early")
        self.at += length
        return self.data[self.at - length:self.at]

    def major(self):
        demand(self.at < len(self.data), "CBOR ends too early")
        return self.data[self.at] >> 5

    def head(self):
        initial = self.take(1)[0]
        major, info = initial >> 5, initial & 31
        if info < 24:
            return major, info
        demand(info < 28, "indefinite length or a reserved head")
        demand(major != SIMPLE, "a float or an unassigned simple value")
        length = 1 << (info - 24)
        argument = int.from_bytes(self.take(length), "big")
        demand(argument >= (24 if length == 1 else 1 << (4 * length)), "a head that is not the shortest")
        return major, argument

    def expect(self, wanted, where, what):
        major, argument = self.head()
        demand(major == wanted, f"{where}: not {what}")
        return argument

    def open(self, items):
        """A container of so many items begins. Each takes a byte at least, so that no count can be a lie."""
        demand(items <= len(self.data) - self.at, "CBOR ends too early for its count")
        demand(self.depth < DEPTH_MAX, "nested too deep")
        self.depth += 1

    def close(self):
        self.depth -= 1

    def text(self):
        try:
            return self.take(self.expect(TEXT, "CBOR", "a text")).decode()
        except UnicodeDecodeError:
            raise Refused("text that is not UTF-8") from None

    def skip(self):
        """Any item. Returns its bytes."""
        start = self.at
        if self.major() == TEXT:
            self.text()
            return self.data[start:self.at]
        major, argument = self.head()
        if major == BYTES:
            self.take(argument)
        elif major == SIMPLE:
            demand(argument in (FALSE, TRUE, NULL), "an unassigned simple value")
        elif major in (ARRAY, TAG):
            self.skip_all(1 if major == TAG else argument)
        elif major == MAP:
            self.skip_pairs(argument)
        return self.data[start:self.at]

    def skip_all(self, count):
        self.open(count)
        for _ in range(count):
            self.skip()
        self.close()

    def skip_pairs(self, count):
        self.open(2 * count)
        before = b""
        for _ in range(count):
            demand(self.major() not in (ARRAY, MAP, TAG), "a map key that is no plain value")
            key = self.skip()
            demand(before < key, "map keys that are unsorted or repeated")
            before = key
            self.skip()
        self.close()


def decode(form, data, where):
    """The value of one whole item in its one encoding, of this type."""
    demand(type(data) is bytes, f"{where}: not a byte string")
    reader = Reader(data)
    try:
        value = form(reader, where)
        demand(reader.at == len(data), "bytes after the end")
    except Refused as refusal:
        raise type(refusal)(f"{where}: {refusal}, before byte {reader.at}") from None
    return value


# --- writing, for what we hash ourselves ---

class Tagged:
    def __init__(self, tag, value):
        self.tag, self.value = tag, value


class Encoded:
    """An item that is encoded already."""

    def __init__(self, encoded):
        self.encoded = encoded


def write_head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in range(4) if argument < 1 << (8 << size))
    return bytes([major << 5 | 24 + size]) + argument.to_bytes(1 << size, "big")


def encode(value):
    """The one encoding of numbers, byte strings, texts, lists, dicts, True, False and None."""
    if type(value) is int:
        return write_head(UINT, value) if value >= 0 else write_head(NINT, -1 - value)
    if type(value) is bytes:
        return write_head(BYTES, len(value)) + value
    if type(value) is str:
        return write_head(TEXT, len(value.encode())) + value.encode()
    if type(value) is list:
        return write_head(ARRAY, len(value)) + b"".join(map(encode, value))
    if type(value) is dict:
        pairs = sorted((encode(key), encode(each)) for key, each in value.items())
        return write_head(MAP, len(pairs)) + b"".join(key + each for key, each in pairs)
    if type(value) is Encoded:
        return value.encoded
    if type(value) is Tagged:
        return write_head(TAG, value.tag) + encode(value.value)
    return write_head(SIMPLE, {False: FALSE, True: TRUE, None: NULL}[value])


# --- types ---

def known_as(cddl):
    def name(read):
        read.cddl = cddl
        return read
    return name


def uint(most=2**64 - 1):
    @known_as("uint")
    def read(reader, where):
        value = reader.expect(UINT, where, "an unsigned integer")
        demand(value <= most, f"{where}: over {most}")
        return value
    return read


@known_as("int")
def integer(reader, where):
    """Of either sign, in 64 bits."""
    major, argument = reader.head()
    demand(major in (UINT, NINT) and argument < 2**63, f"{where}: not an integer of 64 bits")
    return argument if major == UINT else -1 - argument


def one_of(*known):
    """An enumeration, by its numbers."""
    number = uint()

    @known_as(f"&({', '.join(map(str, known))})")
    def read(reader, where):
        value = number(reader, where)
        if value not in known:
            raise Newer(f"{where}: the value {value} is none that this program knows")
        return value
    return read


@known_as(str(FORM))
def form(reader, where):
    """The version of a structure's form."""
    value = reader.expect(UINT, where, "the number of a form")
    if value > FORM:
        raise Newer(f"{where}: form {value}")
    demand(value == FORM, f"{where}: the older form {value}, which is not read any more")
    return value


def octets(length=None, most=None):
    @known_as(f"bstr .size {length}" if length else f"bstr .size (0..{most})" if most else "bstr")
    def read(reader, where):
        value = reader.take(reader.expect(BYTES, where, "a byte string"))
        demand(length is None or len(value) == length, f"{where}: not {length} bytes")
        demand(most is None or len(value) <= most, f"{where}: more than {most} bytes")
        return value
    return read


@known_as("tstr")
def text(reader, where):
    demand(reader.major() == TEXT, f"{where}: not a text")
    return reader.text()


@known_as("bool")
def flag(reader, where):
    value = reader.expect(SIMPLE, where, "true or false")
    demand(value in (FALSE, TRUE), f"{where}: not true or false")
    return value == TRUE


def nothing(reader, where):
    demand(reader.expect(SIMPLE, where, "null") == NULL, f"{where}: not null")


def raw(reader, where):
    """Any item, as its bytes."""
    return reader.skip()


def listed(item, most, least=0):
    @known_as(f"[{least}*{most} {item.cddl}]")
    def read(reader, where):
        count = reader.expect(ARRAY, where, "an array")
        reader.open(count)
        demand(least <= count <= most, f"{where}: not {least} to {most} elements")
        out = [item(reader, f"{where}[{index}]") for index in range(count)]
        reader.close()
        return out
    return read


def sequence(*items):
    """An array of fixed length whose members have different types."""
    def read(reader, where):
        count = reader.expect(ARRAY, where, "an array")
        reader.open(count)
        demand(count == len(items), f"{where}: not an array of {len(items)}")
        out = [item(reader, f"{where}[{index}]") for index, item in enumerate(items)]
        reader.close()
        return out
    return read


def tagged(tag, item):
    def read(reader, where):
        demand(reader.expect(TAG, where, f"tagged {tag}") == tag, f"{where}: not tagged {tag}")
        reader.open(1)
        out = item(reader, where)
        reader.close()
        return out
    return read


def encoded(item):
    """The value, and its bytes beside it as `encoded`."""
    @known_as(item.cddl)
    def read(reader, where):
        start = reader.at
        out = item(reader, where)
        out.encoded = reader.data[start:reader.at]
        return out
    return read


class Optional:
    """A field that may be absent; then its value is None."""
    absent = None

    def __init__(self, item):
        self.item, self.cddl = item, item.cddl

    def __call__(self, reader, where):
        return self.item(reader, where)


class Sparse(Optional):
    """A number or flag that is left out when it is zero, and never written so."""
    absent = 0

    def __init__(self, item):
        super().__init__(item)
        self.cddl = "true" if item is flag else item.cddl + " .ge 1"

    def __call__(self, reader, where):
        value = self.item(reader, where)
        demand(value, f"{where}: zero, which must be left out")
        return value


class Structure:
    """A map from the numbers of its fields to their values."""

    def __init__(self, fields, closed=False):
        self.fields, self.closed = fields, closed
        rows = (f"{'? ' if isinstance(item, Optional) else ''}{number} => {item.cddl}," for number, (_, item) in fields.items())
        self.cddl = "{" + " ".join(rows) + "}"

    def __call__(self, reader, where):
        count = reader.expect(MAP, where, "a map")
        reader.open(2 * count)
        out = SimpleNamespace(**{name: item.absent for name, item in self.fields.values() if isinstance(item, Optional)})
        before, key_bytes = -1, b""
        for _ in range(count):
            start = reader.at
            number = reader.expect(UINT, where, "a map of numbered fields")
            demand(key_bytes < reader.data[start:reader.at], "map keys that are unsorted or repeated")
            key_bytes = reader.data[start:reader.at]
            self.demand_none_between(before, number, where)
            self.read_field(reader, number, out, where)
            before = number
        self.demand_none_between(before, 2**64, where)
        reader.close()
        return out

    def demand_none_between(self, before, number, where):
        for field, (name, item) in self.fields.items():
            demand(not before < field < number or isinstance(item, Optional), f"{where}.{name}: missing")

    def read_field(self, reader, number, out, where):
        if number in self.fields:
            name, item = self.fields[number]
            setattr(out, name, item(reader, f"{where}.{name}"))
        elif self.closed or number >= FIRST_NEWER:
            raise Newer(f"{where}: field {number}")
        else:
            demand(number >= FIRST_ADDITION, f"{where}: unknown field {number}")
            reader.skip()
