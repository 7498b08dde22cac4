# SPDX-License-Identifier: Apache-2.0
"""A checkpoint as text: C2SP signed-note with the body of tlog-checkpoint and lines of tlog-cosignature."""
import base64
import binascii
import re
from types import SimpleNamespace

from .codec import Refused, demand
from .policy import key_id, known_keys

BODY = re.compile(r"mikusari/([0-9a-f]{64})\n(0|[1-9][0-9]{0,19})\n([A-Za-z0-9+/]{43}=)\n\n")
LINE = re.compile("\u2014 ([^ +]+) ([^\n]*)")
LINES_MAX = 80
KEY_ID, TIME, SIGNATURE = slice(0, 4), slice(4, 12), slice(12, 76)


def is_note(data):
    return data.startswith(b"mikusari/")


def from_base64(text):
    try:
        out = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("note: not base64") from None
    demand(base64.b64encode(out).decode() == text, "note: base64 with stray bits")
    return out


def cosignature(line, policy):
    """None for a key that the policy does not know: of such a line only the key id is looked at."""
    parts = LINE.fullmatch(line)
    demand(parts, "note: not a signature line")
    name, encoded = parts.groups()
    demand(len(encoded) >= 8, "note: a signature without a key id")
    named = from_base64(encoded[:8])[KEY_ID]
    known = [key_id(name, key) for _, its_name, key in known_keys(policy) if its_name == name]
    if named not in known:
        return None
    payload = from_base64(encoded)
    demand(len(payload) == 76, "note: a known key's signature has a wrong length")
    return SimpleNamespace(key_id=payload[KEY_ID], time=int.from_bytes(payload[TIME], "big"), signature=payload[SIGNATURE])


def read_note(data, policy):
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Refused("note: not UTF-8") from None
    demand(not re.search(r"[\x00-\x09\x0b-\x1f]", text), "note: control characters")
    body = BODY.match(text)
    demand(body, "note: not a checkpoint of a ledger")
    lines = text[body.end():].split("\n")
    demand(lines.pop() == "" and 1 <= len(lines) <= LINES_MAX, "note: not 1 to 80 whole signature lines")
    signatures = [found for found in (cosignature(line, policy) for line in lines) if found]
    ledger, size, root = body.groups()
    demand(int(size) < 2**64, "note: the size is over 64 bits")
    return SimpleNamespace(ledger=bytes.fromhex(ledger), size=int(size), root=from_base64(root), signatures=signatures)
