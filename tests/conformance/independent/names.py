# SPDX-License-Identifier: Apache-2.0
"""Ids, handles, and where each record stands in the state (docs/formats/names.md, records.md)."""
import re

from .codec import demand
from .crypto import sha256
from .records import LISTS, RECORDS, ROLES, SUBJECTS


def thing_id(party, nonce):
    """Of a part, unit, model or proposal that the party begins."""
    return sha256(b"mikusari/id/1", party, nonce)


def member_handle(ledger, name):
    return sha256(b"mikusari/member/1", ledger, name.encode())


def party_handle(ledger, registrar, first_key, nonce):
    """`first_key` is a thumbprint."""
    return sha256(b"mikusari/party/1", ledger, registrar, first_key, nonce)


def blinded(salt, model):
    return sha256(b"mikusari/blind/1", salt, model)


def issuer_of(subject_type, subject_id):
    """The claim iss of who speaks for this subject."""
    return f"{SUBJECTS[subject_type]}:{subject_id.hex()}"


def is_name(name):
    return re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,63}", name) is not None


# --- paths: the family's word, a slash, and what names the record, as bytes ---

def big_endian(number):
    return number.to_bytes(8, "big")


def key_of(family, *names):
    """The key of a record in the state. Numbers are 8 bytes; a list's kind is a word behind a second slash."""
    if family == "list":
        party, kind = names
        return sha256(b"list/", party, b"/", LISTS[kind].encode())
    if family == "ledger":
        return sha256(b"ledger/state")
    parts = [big_endian(name) if type(name) is int else name for name in names]
    return sha256(family.encode() + b"/", *parts)


ID, NUMBER = "id", "number"
SHAPES = {"firmware": [ID, NUMBER], "image": [ID, ID], "certification": [ID, NUMBER, ID], "role": [ID, ROLES, ID], "withheld": [ID, NUMBER],
          "list": [ID, LISTS], "policy": [], "ledger": []}


def read_name(shape, word):
    if shape is ID:
        demand(re.fullmatch(r"[0-9a-f]{64}", word), f"path: {word} is not 64 hexadecimal digits")
        return bytes.fromhex(word)
    if shape is NUMBER:
        demand(re.fullmatch(r"0|[1-9][0-9]{0,19}", word) and int(word) < 2**64, f"path: {word} is not a number")
        return int(word)
    found = [number for number, name in shape.items() if name == word]
    demand(found, f"path: {word} is none of {', '.join(shape.values())}")
    return found[0]


def parse_path(path):
    """As people write it: family/name/name, ids in hexadecimal. Returns the family and its key in the state."""
    family, *words = path.split("/")
    demand(family in RECORDS, f"path: none of {', '.join(RECORDS)}")
    shapes = SHAPES.get(family, [ID])
    demand(len(words) == len(shapes), f"path: {family} has {len(shapes)} names behind it")
    return family, key_of(family, *map(read_name, shapes, words))
