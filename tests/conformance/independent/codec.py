# SPDX-License-Identifier: Apache-2.0
"""Deterministic CBOR (RFC 8949 section 4.2.1), and types that a decoded value must have.

The encoding is checked here, byte by byte; the values are then read by cbor2, which is somebody else's. A type is a
function of a value and of where it stands: it returns the value, or raises Refused. Python's own comparisons are too
kind for this (True == 1 == 1.0, x[-1]), so nothing is used that has not gone through such a type.
"""
from types import SimpleNamespace

import cbor2

UINT, NINT, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)
DEPTH_MAX = 16
FALSE, TRUE, NULL = 20, 21, 22
TAG_SIGN1 = 18


class Refused(Exception):
    pass


def demand(condition, why):
    if not condition:
        raise Refused(why)


class Scanner:
    """Walks over one item and refuses what is not the one encoding of its value."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        demand(length <= len(self.data) - self.at, "CBOR ends too early")
        self.at += length
        return self.data[self.at - length:self.at]

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

    def item(self, depth=0):
        major, argument = self.head()
        if major in (BYTES, TEXT):
            content = self.take(argument)
            demand(major == BYTES or is_utf8(content), "text that is not UTF-8")
        elif major == SIMPLE:
            demand(argument in (FALSE, TRUE, NULL), "an unassigned simple value")
        elif major in (ARRAY, MAP, TAG):
            demand(depth < DEPTH_MAX, "nested too deep")
            demand(major != TAG or argument == TAG_SIGN1, "an unknown tag")
            if major == MAP:
                self.pairs(argument, depth)
            else:
                for _ in range(1 if major == TAG else argument):
                    self.item(depth + 1)

    def pairs(self, count, depth):
        before = None
        for _ in range(count):
            start = self.at
            demand(self.data[start:start + 1] and self.data[start] >> 5 in (UINT, NINT, TEXT), "a map key that is no number or text")
            self.item(depth + 1)
            key = self.data[start:self.at]
            demand(before is None or before < key, "map keys that are unsorted or repeated")
            before = key
            self.item(depth + 1)


def is_utf8(content):
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode(form, data, where):
    """The value of one whole item in its one encoding, of this type."""
    demand(type(data) is bytes, f"{where}: not a byte string")
    scanner = Scanner(data)
    try:
        scanner.item()
    except Refused as refusal:
        raise Refused(f"{where}: {refusal} before byte {scanner.at}") from None
    demand(scanner.at == len(data), f"{where}: bytes after the end")
    return form(cbor2.loads(data), where)


def encode(value):
    """For what we hash ourselves: its map keys are below 24, so that cbor2's order of keys is RFC 8949's."""
    return cbor2.dumps(value, canonical=True)


# --- types ---

def uint(most=2**64 - 1):
    def check(value, where):
        demand(type(value) is int and 0 <= value <= most, f"{where}: not an unsigned integer up to {most}")
        return value
    return check


def one_of(*allowed):
    """An enumeration, by its numbers."""
    def check(value, where):
        demand(type(value) is int and value in allowed, f"{where}: none of {allowed}")
        return value
    return check


def octets(length=None, most=None):
    def check(value, where):
        demand(type(value) is bytes, f"{where}: not a byte string")
        demand(length is None or len(value) == length, f"{where}: not {length} bytes")
        demand(most is None or len(value) <= most, f"{where}: more than {most} bytes")
        return value
    return check


def text(value, where):
    demand(type(value) is str, f"{where}: not a text")
    return value


def flag(value, where):
    demand(type(value) is bool, f"{where}: not true or false")
    return value


def nothing(value, where):
    demand(value is None, f"{where}: not null")
    return value


def constant(wanted):
    def check(value, where):
        demand(type(value) is type(wanted) and value == wanted, f"{where}: not {wanted!r}")
        return value
    return check


def listed(item, most, least=0):
    def check(value, where):
        demand(type(value) is list, f"{where}: not an array")
        demand(least <= len(value) <= most, f"{where}: not {least} to {most} elements")
        return [item(each, f"{where}[{index}]") for index, each in enumerate(value)]
    return check


def sequence(*items):
    """An array of fixed length whose members have different types."""
    def check(value, where):
        demand(type(value) is list and len(value) == len(items), f"{where}: not an array of {len(items)}")
        return [item(each, f"{where}[{index}]") for index, (item, each) in enumerate(zip(items, value))]
    return check


def tagged(tag, item):
    def check(value, where):
        demand(type(value) is cbor2.CBORTag and value.tag == tag, f"{where}: not tagged {tag}")
        return item(value.value, where)
    return check


def embedded(form):
    """A byte string that holds CBOR: its value, and the bytes themselves as `encoded`."""
    def check(value, where):
        out = decode(form, value, where)
        out.encoded = value
        return out
    return check


class Optional:
    """A field that may be absent; then its value is None, which no type lets in otherwise."""

    def __init__(self, item):
        self.item = item

    def __call__(self, value, where):
        return self.item(value, where)


class Structure:
    """A map from the numbers of its fields to their values; unknown fields are refused."""

    def __init__(self, fields):
        self.fields = fields

    def __call__(self, value, where):
        demand(type(value) is dict and all(type(key) is int for key in value), f"{where}: not a map of numbered fields")
        for key in value:
            demand(key in self.fields, f"{where}: unknown field {key}")
        out = SimpleNamespace()
        for number, (name, item) in self.fields.items():
            demand(number in value or isinstance(item, Optional), f"{where}.{name}: missing")
            setattr(out, name, item(value[number], f"{where}.{name}") if number in value else None)
        return out
