# SPDX-License-Identifier: Apache-2.0
"""A ledger made and signed wholly in Python: log, state, histories and lists, from the formats' pages alone.

It believes what it is told: who says something says too which records it changes. That a rule would allow it is not
looked at; that everything about it is proved as a real ledger would prove it is what this is for.
"""
import base64
from dataclasses import dataclass, field

from independent.codec import encode
from independent.crypto import sha256
from trees import Map, inclusion, leaf_hash, range_proof, root
from wallet import STATEMENT

FORM, BODY, BLOCK = 2, 1, 2
DONE = 1
DAY_MS = 24 * 3600 * 1000
LISTS = {"keys": 1, "devices": 2, "models": 3, "releases": 4, "parties": 5}


def key_of(family, *names):
    return sha256(family.encode() + b"/", *(name.to_bytes(8, "big") if type(name) is int else name for name in names))


def list_key(party, kind):
    return sha256(b"list/", party, b"/", kind.encode())


OWN_LEAF = object()  # in a record: the leaf of the body that changes it


@dataclass
class Change:
    """One record that a body changes, without its head, and which trees of the thing gain the body's leaf."""
    key: bytes
    record: dict
    gains: str = "life"  # or "history"; "" for bookkeeping; None for a record without a head


@dataclass
class Listed:
    """One entry more in a list."""
    party: bytes
    kind: str
    what: bytes
    change: int = 1


@dataclass
class Body:
    value: dict
    changes: list = field(default_factory=list)
    outcome: int = DONE


@dataclass
class Statement:
    identity: bytes
    submission: bytes
    sign1: bytes
    also: bytes
    payload: dict
    kid: bytes
    bodies: list
    salts: list
    encoded: list    # bodies
    approvers: list  # thumbprints

    def leaves(self):
        return [leaf_hash(salt, body) for salt, body in zip(self.salts, self.encoded)]

    def withheld(self, *indices):
        """The submission with leaves in the place of some bodies."""
        bodies = [leaf if index in indices else [salt, body]
                  for index, (salt, body, leaf) in enumerate(zip(self.salts, self.encoded, self.leaves()))]
        return array_of(self.sign1, encode(bodies), self.also)


def array_of(*items):
    """Of items that are encoded already."""
    return bytes([0x80 + len(items)]) + b"".join(items)


@dataclass
class Event:
    """A committed body."""
    statement: Statement
    index: int
    height: int
    time_ms: int
    outcome: int
    leaf: bytes  # hash in the log
    place: int   # there
    body_leaf: bytes


@dataclass
class Trust:
    """Who vouches for the log: (name, wallets, weight), (name, wallet), wallets."""
    signers: list
    threshold: int
    witnesses: list
    witness_threshold: int
    recovery: list
    recovery_threshold: int

    def fields(self, *numbers):
        """As a policy and a genesis have them, under these numbers of theirs."""
        signers = [{1: name, 2: [wallet.cose for wallet in wallets], 3: weight} for name, wallets, weight in self.signers]
        witnesses = [{1: name, 2: wallet.cose} for name, wallet in self.witnesses]
        recovery = [wallet.cose for wallet in self.recovery]
        return dict(zip(numbers, (signers, self.threshold, recovery, self.recovery_threshold, witnesses, self.witness_threshold)))


class Ledger:
    def __init__(self, id, time_ms, trust):
        self.id, self.height, self.time_ms, self.epoch = id, 0, time_ms, 1
        self.rows, self.histories, self.lists = {}, {}, {}
        self.log, self.records, self.events, self.statements, self.pending = [], [], [], [], []
        self.counters, self.trust = {}, trust

    # --- what is said ---

    def say(self, wallet, issuer, kind, bodies, approvers=(), also_header=None, header=None, payload=None):
        """`kind` is (number, name). `approvers`: (role, wallet). `header`, `payload`: further fields, for what no ledger would take."""
        number, name = kind
        encoded = [encode(body.value) for body in bodies]
        salts = [sha256(b"salt", self.id, bytes([len(self.statements)]), index.to_bytes(4, "big"))[:16] for index in range(len(bodies))]
        n = self.counters[wallet.kid] = self.counters.get(wallet.kid, 0) + 1
        fields = {1: FORM, 2: self.id, 3: number, 4: len(bodies), 5: root([leaf_hash(*each) for each in zip(salts, encoded)]), 7: n,
                  **(payload or {})}
        protected = wallet.header(STATEMENT, {15: {1: issuer, 2: name}, **(header or {})})
        sign1 = wallet.sign1(protected, encode(fields))
        identity = sha256(encode(["Signature1", protected, b"", encode(fields)]))
        approvals = sorted(((role, other.kid, other) for role, other in approvers), key=lambda each: each[:2])
        also = encode([other.approval(identity, role, also_header) for role, _, other in approvals])
        parts = [encode(sign1), encode([list(each) for each in zip(salts, encoded)]), also]
        said = Statement(identity, array_of(*parts), parts[0], also, fields, wallet.kid, bodies, salts, encoded,
                         [kid for _, kid, _ in approvals])
        self.statements.append(said)
        self.pending.append(said)
        return said

    # --- blocks ---

    def put(self, key, record, leaf=None, gains=""):
        """A record with its head, or, without a leaf and a history, as it is given."""
        history = self.histories.setdefault(key, ([], []))
        for tree, name in zip(history, (("history", "life"), ("life",))):
            if gains in name:
                tree.append(leaf)
        every, life = ({1: len(tree), 2: root(tree)} for tree in history)
        head = {1: FORM, 2: self.height, 3: every, **({4: life} if life != every else {})}
        self.rows[key] = encode({**head, **record})

    def put_plain(self, key, record):
        self.rows[key] = encode({1: FORM, **record})

    def put_list(self, party, kind, what=None, change=1):
        entries = self.lists.setdefault((party, kind), [])
        if what is not None:
            entries.append({1: FORM, 2: what, 3: self.height, 4: change})
        self.put_plain(list_key(party, kind), {2: {1: len(entries), 2: root([leaf_hash(encode(entry)) for entry in entries])}})

    def apply(self, body, leaf, body_leaf):
        for change in body.changes:
            if type(change) is Listed:
                self.put_list(change.party, change.kind, change.what, change.change)
            elif change.gains is None:
                self.rows[change.key] = encode(change.record)
            else:
                record = {field: body_leaf if value is OWN_LEAF else value for field, value in change.record.items()}
                self.put(change.key, record, leaf, change.gains)

    def commit(self, said):
        also = {5: sha256(said.also)} if said.also != encode([]) else {}
        for index, (body, body_leaf) in enumerate(zip(said.bodies, said.leaves())):
            leaf = leaf_hash(encode({1: FORM, 2: BODY, 3: said.identity, 4: sha256(said.sign1[-64:]), **also, 6: body_leaf, 7: self.height,
                                     8: self.time_ms, 9: body.outcome}))
            self.events.append(Event(said, index, self.height, self.time_ms, body.outcome, leaf, len(self.log), body_leaf))
            self.log.append(leaf)
            self.apply(body, leaf, body_leaf)
        self.count(said)

    def count(self, said):
        """The signer's counter is used, and its day counted."""
        n, day = said.payload[7], self.time_ms // DAY_MS
        self.put_plain(key_of("replay", said.kid), {2: said.identity[:16], 3: n, 4: self.window(n), 5: day, 6: n, 7: len(said.submission)})

    @staticmethod
    def window(n):
        """All up to n were used: as short as its bits allow."""
        bits = "".join("1" for _ in range(min(n, 1024)))
        bits = bits.ljust((len(bits) + 7) // 8 * 8, "0")
        return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))

    def seal(self, gap=0, refused=(), record=None):
        """Ends the block. `refused`: (identity, index, code). `record`: further fields, for what no ledger would write."""
        self.height, self.time_ms = self.height + 1 + gap, self.time_ms + 1000
        before, first = dict(self.rows), len(self.log)
        for said in self.pending:
            self.commit(said)
        self.pending = []
        changed = sorted(key for key, value in self.rows.items() if before.get(key) != value)
        prev = sha256(self.records[-1]) if self.records else self.id
        block = {1: FORM, 2: BLOCK, 3: self.id, 4: self.height, 5: self.time_ms, 6: prev, 7: Map(self.rows).root(),
                 8: sha256(*(key[:8] for key in changed)), 9: first, 10: len(self.log) - first,
                 11: root([leaf_hash(encode([FORM, *each])) for each in refused]), 12: self.epoch}
        self.records.append(encode({**block, **(record or {})}))
        self.log.append(leaf_hash(self.records[-1]))

    # --- who vouches for the log ---

    def policy_value(self):
        return {1: FORM, 2: self.id, 3: self.epoch, **self.trust.fields(4, 5, 6, 7, 8, 9)}

    def policy(self):
        return encode(self.policy_value())

    def note_body(self, size):
        return f"mikusari/{self.id.hex()}\n{size}\n{base64.b64encode(root(self.log[:size])).decode()}\n"

    def cosignatures(self, size):
        """(name, wallet, time, signature) of every signer and witness."""
        time = self.time_ms // 1000 + 2
        keys = [(name, wallet) for name, wallets, _ in self.trust.signers for wallet in wallets] + self.trust.witnesses
        messages = [f"cosignature/v1\ntime {time + at}\n{self.note_body(size)}".encode() for at in range(len(keys))]
        return [(name, wallet, time + at, wallet.sign(messages[at])) for at, (name, wallet) in enumerate(keys)]

    def checkpoint(self, size=None):
        size = len(self.log) if size is None else size
        signatures = [{1: wallet.key_id(name), 2: time, 3: signature} for name, wallet, time, signature in self.cosignatures(size)]
        return {1: FORM, 2: self.id, 3: size, 4: root(self.log[:size]), 5: signatures}

    def note(self):
        lines = [f"\u2014 {name} {base64.b64encode(wallet.key_id(name) + time.to_bytes(8, 'big') + signature).decode()}\n"
                 for name, wallet, time, signature in self.cosignatures(len(self.log))]
        return (self.note_body(len(self.log)) + "\n" + "".join(lines)).encode()

    # --- what it answers ---

    def anchor(self):
        return {1: self.records[-1], 2: inclusion(self.log, len(self.log) - 1), 3: self.checkpoint()}

    def item(self, key):
        return Map(self.rows).item(key)

    def state_answer(self, key):
        return {1: FORM, 2: self.anchor(), 3: self.item(key)}

    def list_page(self, party, kind, first=0, most=256):
        entries = self.lists.get((party, kind), [])
        shown = [dict(entry) for entry in entries[first:first + most]]
        family = {"keys": "key", "devices": "device", "models": "model", "parties": "party"}
        keys = [entry[2] if kind == "releases" else key_of(family[kind], entry[2]) for entry in shown]
        state, leaves = Map(self.rows), [leaf_hash(encode(entry)) for entry in entries]
        return {1: FORM, 2: self.anchor(), 3: state.item(list_key(party, kind)), 4: range_proof(leaves, first, first + len(shown)),
                5: shown, 6: [state.item(key) for key in keys]}

    def event_value(self, event, number=None, withheld=False):
        """As receipts have it; with a number, as passports have it: of its statement there."""
        said = event.statement
        text = {7: event.body_leaf} if withheld else {5: said.salts[event.index], 6: said.encoded[event.index]}
        rest = {8: inclusion(said.leaves(), event.index), 9: event.height, 10: event.time_ms, 11: event.outcome}
        if number is None:
            also = {2: said.also} if said.also != encode([]) else {}
            return {1: said.sign1, **also, 4: event.index, **text, **rest}
        return {1: number, 2: event.index, **{key - 2: value for key, value in {**text, **rest}.items()}}

    def receipt(self, event, withheld=False, approvals="whole"):
        value = self.event_value(event, withheld=withheld)
        if 2 in value and approvals == "hash":
            value[3] = sha256(value.pop(2))
        return {1: FORM, 2: value, 3: event.place, 4: inclusion(self.log, event.place), 5: self.checkpoint()}
