# SPDX-License-Identifier: Apache-2.0
"""What stands in a node's store, for who has all of it: read by the pages of docs/formats/, with nobody's secret."""
import itertools
import pathlib
import random
from types import SimpleNamespace

from independent.bodies import BY_NUMBER
from independent.codec import ARRAY, BYTES, FALSE, MAP, NINT, NULL, SIMPLE, TAG, TEXT, TRUE, Reader, decode
from independent.forms import BLOCK_RECORD
from independent.names import issuer_of, key_of, party_handle, thing_id
from independent.records import RECORDS
from independent.statement import verify_submission

SEGMENT_HEADER, FRAME_HEADER, CHECKSUM = 68, 28, 4
PARTY = 1
BIRTHS = ("part.register", "device.assemble")
LEAST_TELLING = 8  # bytes: shorter values meet by chance
SHUFFLES = 200


# --- CBOR of any shape ---

def read_item(reader):
    major, argument = (TEXT, reader.text()) if reader.major() == TEXT else reader.head()
    if major == BYTES:
        return reader.take(argument)
    if major == ARRAY:
        return [read_item(reader) for _ in range(argument)]
    if major == MAP:
        return {read_item(reader): read_item(reader) for _ in range(argument)}
    if major == TAG:
        return read_item(reader)
    if major == NINT:
        return -1 - argument
    return {FALSE: False, TRUE: True, NULL: None}[argument] if major == SIMPLE else argument


def item_of(data):
    return read_item(Reader(data))


def strings_in(item):
    """Byte strings and texts, also inside byte strings that are CBOR themselves."""
    if isinstance(item, (list, dict)):
        values = item if isinstance(item, list) else itertools.chain.from_iterable(item.items())
        return set().union(*(strings_in(each) for each in values))
    if isinstance(item, str):
        item = item.encode()
    return {item} if isinstance(item, bytes) and len(item) >= LEAST_TELLING else set()


# --- the store ---

def frames_in(store):
    for segment in sorted((store / "chain").glob("*.frames")):
        data, at = segment.read_bytes(), SEGMENT_HEADER
        while at < len(data):
            length = int.from_bytes(data[at + 4:at + 8], "little")
            yield item_of(data[at + FRAME_HEADER:at + FRAME_HEADER + length])
            at += FRAME_HEADER + length + CHECKSUM


class Spy:
    """`statements`: with the bodies as namespaces. `rows`: the newest value and its sides, by key."""

    def __init__(self, store):
        store = pathlib.Path(store)
        self.files = {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}
        self.statements, self.rows = [], {}
        for _, record, submissions, _, rows in frames_in(store):
            block = decode(BLOCK_RECORD, record, "block record")
            if block.height > 0:
                self.statements += [self.opened(submission, block) for submission in submissions]
            self.rows.update((key, [value, sides]) for key, value, sides, _, _ in rows)
        self.ledger = block.ledger

    @staticmethod
    def opened(submission, block):
        verified = verify_submission(submission)
        said, kind = verified.said, BY_NUMBER[verified.said.payload.kind]
        for each in verified.bodies:
            each.value = decode(kind.body, each.body, kind.name)
        return SimpleNamespace(by=said.header.claims.iss, kid=said.header.kid, kind=kind.name, n=said.payload.n, identity=said.identity,
                               signature=said.signature, bodies=verified.bodies, bytes=submission, time_ms=block.time_ms, height=block.height)

    def of(self, *kinds):
        """Every body of these kinds, with its statement."""
        return [(each, body) for each in self.statements if each.kind in kinds for body in each.bodies]

    def record(self, family, *names):
        row = self.rows.get(key_of(family, *names))
        return row and decode(RECORDS[family], row[0], family)

    # --- what is there by design ---

    def births(self):
        """(maker's handle, model as it is said, class of a blinded one, time)."""
        return [(handle_in(each.by), body.value.model, body.value.blinded_class, each.time_ms) for each, body in self.of(*BIRTHS)]

    def owners(self, device):
        """From its maker on, in order, with the times of the sales."""
        at = next(each for each, body in self.of("device.assemble") if thing_id(handle_in(each.by), body.value.nonce) == device)
        sales = [(handle_in(each.by), each.time_ms) for each, body in self.of("ownership.accept", "custody.receive")
                 if body.value.thing == device and body.value.on is not None]
        return [(handle_in(at.by), at.time_ms), *sales]

    def openings(self):
        """Of parties that are no members: handle to (statement, place in it, body)."""
        out = {}
        for each in self.statements:
            if each.kind == "party.open":
                for place, body in enumerate(each.bodies):
                    handle = party_handle(self.ledger, handle_in(each.by), body.value.key.thumbprint(), body.value.nonce)
                    out[handle] = (each, place, body)
        return out

    # --- what might join two handles ---

    def values_of(self, handle):
        """Everything at least so long that stands where this handle stands: its opening, what it says, what names it, its rows."""
        opening, _, body = self.openings()[handle]
        out = {opening.identity, body.salt} | strings_in(item_of(body.body))
        kids = {body.value.key.thumbprint()}
        for each in self.statements:
            if each.by == issuer_of(PARTY, handle):
                kids.add(each.kid)
                out |= {each.identity} | strings_in(item_of(each.bytes)) | set().union(*(strings_in(item_of(part.body)) for part in each.bodies))
            for part in each.bodies:
                if each.kind != "party.open" and handle in part.body:
                    out |= {each.identity, part.salt} | strings_in(item_of(part.body))
        places = [key_of("party", handle), key_of("quota", handle), *(key_of("list", handle, kind) for kind in (1, 2))]
        for key in places + [key_of(family, kid) for family in ("key", "replay") for kid in kids]:
            out |= {key} | set().union(*(strings_in(item_of(part)) for part in self.rows.get(key, []) if part))
        return out


def handle_in(issuer):
    return bytes.fromhex(issuer.split(":")[1])


def joined(values, person_of):
    """Values that stand with two or more handles, all of them one person's."""
    holders = {}
    for handle, each in values.items():
        for value in each:
            holders.setdefault(value, set()).add(handle)
    return {value: handles for value, handles in holders.items() if len(handles) > 1 and len({person_of[handle] for handle in handles}) == 1}


# --- what might join them by likelihood ---

def alike(pairs, person_of):
    """The chance that a pair of one person is nearer than a pair of two: 1/2 when the distance tells nothing. Ties count half."""
    ranked = sorted(pairs, key=lambda pair: pair[2])
    below, total, same, other = 0, 0.0, 0, 0
    for _, group in itertools.groupby(ranked, key=lambda pair: pair[2]):
        inside = [person_of[one] == person_of[two] for one, two, _ in group]
        mine, others = sum(inside), len(inside) - sum(inside)
        total += others * (below + mine / 2)
        below, same, other = below + mine, same + mine, other + others
    return total / (same * other)


def how_telling(distance, handles, person_of, seed):
    """(chance, standard deviations from what it is when handles are given to persons at random)."""
    pairs = [(one, two, distance(one, two)) for one, two in itertools.combinations(handles, 2)]
    found, draws, dice = alike(pairs, person_of), [], random.Random(seed)
    persons = [person_of[handle] for handle in handles]
    for _ in range(SHUFFLES):
        dice.shuffle(persons)
        draws.append(alike(pairs, dict(zip(handles, persons))))
    mean = sum(draws) / len(draws)
    spread = (sum((draw - mean) ** 2 for draw in draws) / len(draws)) ** 0.5
    return found, (found - mean) / spread if spread else 0.0
