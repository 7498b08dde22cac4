# SPDX-License-Identifier: Apache-2.0
"""Makes wrong documents of right ones: one or two edits of the bytes, or of the values that they encode."""
import copy

import cbor2


class Embedded:
    """A byte string that holds CBOR, opened so that edits reach what is in it."""

    def __init__(self, value):
        self.value = value


class Tagged:
    """As cbor2.CBORTag, which cannot be copied."""

    def __init__(self, tag, value):
        self.tag, self.value = tag, value


def opened(value):
    if type(value) is bytes:
        return opened_bytes(value)
    if type(value) is list:
        return [opened(each) for each in value]
    if type(value) is dict:
        return {key: opened(each) for key, each in value.items()}
    if type(value) is cbor2.CBORTag:
        return Tagged(value.tag, opened(value.value))
    return value


def opened_bytes(value):
    try:
        inner = cbor2.loads(value)
        if type(inner) in (list, dict, cbor2.CBORTag) and inner != [] and cbor2.dumps(inner, canonical=True) == value:
            return Embedded(opened(inner))
    except Exception:  # most byte strings hold no CBOR, and cbor2 says so in many ways
        pass
    return value


def closed(value):
    if type(value) is Embedded:
        return encoded(value.value)
    if type(value) is list:
        return [closed(each) for each in value]
    if type(value) is dict:
        return {key: closed(each) for key, each in value.items()}
    if type(value) is Tagged:
        return cbor2.CBORTag(value.tag, closed(value.value))
    return value


def encoded(value):
    return cbor2.dumps(closed(value), canonical=True)


def places(value, found):
    """Every (container, key) of a value, containers being what can be assigned into."""
    if type(value) in (Embedded, Tagged):
        found.append((value, "value"))
        places(value.value, found)
    elif type(value) in (list, dict):
        for key, each in enumerate(value) if type(value) is list else value.items():
            found.append((value, key))
            places(each, found)
    return found


def get(place):
    container, key = place
    return container.value if key == "value" else container[key]


def put(place, value):
    container, key = place
    if key == "value":
        container.value = value
    else:
        container[key] = value


class Mutator:
    def __init__(self, random):
        self.random = random

    def mutant(self, data):
        """Other bytes than these."""
        while True:
            as_text = data.startswith(b"mikusari/")  # a note, which is no CBOR
            out = self.flipped(data) if as_text or self.random.random() < 0.25 else self.edited_bytes(data)
            if out != data:
                return out

    def flipped(self, data):
        out = bytearray(data)
        at = self.random.randrange(len(out))
        way = self.random.randrange(8)
        if way == 0:
            return bytes(out[:at])
        if way == 1:
            return bytes(out) + self.random.choice([b"\x00", b"\xf6", data])
        out[at] ^= 1 << self.random.randrange(8)
        return bytes(out)

    def edited_bytes(self, data):
        return encoded(self.edited(opened(cbor2.loads(data))))

    def edited(self, value):
        """A copy with one edit, sometimes two."""
        value = copy.deepcopy(value)
        for _ in range(self.random.choice([1, 1, 1, 2])):
            found = places(value, [])
            plain = [place for place in found if type(get(place)) is not bytes]
            place = self.random.choice(plain if plain and self.random.random() < 0.7 else found)
            self.edit(place, found)
        return value

    def edit(self, place, found):
        value = get(place)
        if self.random.random() < 0.1:  # another value of the same type from elsewhere, or of another type
            alike = [get(each) for each in found if type(get(each)) is type(value)]
            put(place, copy.deepcopy(self.random.choice([*alike, None, True, 0, "", b"", [], {}])))
        elif type(value) is list:
            self.edit_list(value)
        elif type(value) is dict:
            self.edit_map(value)
        elif type(value) is bytes:
            put(place, self.other_bytes(value, found))
        elif type(value) is str:
            put(place, self.random.choice([value + "a", value[:-1], value.upper(), value.encode(), [value]]))
        elif type(value) is bool or value is None:
            put(place, self.random.choice([not value, int(bool(value)), None, "true"]))
        elif type(value) is int:
            put(place, self.other_number(value, place[0]))

    def other_number(self, value, container):
        """Beside it, its negative, the same as another type, and the aliases that indices have."""
        length = len(container) if type(container) is list else 1
        others = [value + 1, value - 1, -1 - value, value - length, value - self.random.randrange(1, 40), 0, 2**63, 2**64 - 1,
                  float(value), value % 2 == 1, None, str(value), value.to_bytes(8, "big", signed=value < 0) if abs(value) < 2**63 else b""]
        return self.random.choice(others)

    def other_bytes(self, value, found):
        alike = [get(place) for place in found if type(get(place)) is bytes and len(get(place)) == len(value)]
        at = self.random.randrange(len(value)) if value else 0
        flipped = value[:at] + bytes([value[at] ^ 1 << self.random.randrange(8)]) + value[at + 1:] if value else b"\x00"
        stranger = self.random.choice(alike)
        return self.random.choice([flipped, flipped, value[:-1], value + b"\x00", b"", value.hex(), stranger, bytes(len(value))])

    def edit_list(self, value):
        way = self.random.randrange(6) if value else 5
        at = self.random.randrange(len(value)) if value else 0
        other = self.random.randrange(len(value)) if value else 0
        if way == 0:
            value[at], value[other] = value[other], value[at]
        elif way == 1:
            del value[at]
        elif way == 2:
            value.insert(other, copy.deepcopy(value[at]))
        elif way == 3:
            value.reverse()
        elif way == 4:
            value[at] = copy.deepcopy(value[other])
        else:
            value.append(self.random.choice([0, None, b"", [], {}, *value[:1]]))

    def edit_map(self, value):
        way = self.random.randrange(4) if value else 3
        if way == 0:
            del value[self.random.choice(list(value))]
        elif way == 1:
            value[self.random.choice(list(value))] = self.random.choice([None, 0, True, "", b"", []])
        elif way == 2:
            value[self.random.choice(list(value))] = copy.deepcopy(value[self.random.choice(list(value))])
        else:
            value[self.random.choice([0, 5, 9, 12, 23, 63, 64, 127, 128, 4000, -4, "a"])] = self.random.choice([0, b"", "a", bytes(32)])
