# SPDX-License-Identifier: Apache-2.0
"""A ledger of our own making behind a passport's page, so that an edit of it can be sealed again.

Of a page that was changed by somebody else the hashes and signatures are wrong, and hide what else should be refused.
Here its keys are ours; after an edit, statements and approvals are signed again, the histories' roots computed, the
state hashed and the checkpoint signed under a policy of our own. What is wrong then is the edit alone.
"""
import copy

import cbor2

from independent.codec import Refused
from independent.crypto import sha256
from independent.merkle import perfect_subtrees, root_from_range
from ledger import Ledger, Trust, key_of
from mutants import Embedded, Tagged, encoded, opened
from pages import DEVICE, FAMILY, FIRMWARE, KEY, MODEL, PART, PARTY, ROLE
from trees import leaf_hash
from wallet import Wallet, signed_bytes

UNITS = (DEVICE, PART)
RUN, TEXT, OPENING = 4, 5, 6


def replaced(value, others):
    """The value with some byte strings replaced wherever they stand."""
    if type(value) is bytes:
        return others.get(value, value)
    if type(value) is list:
        return [replaced(each, others) for each in value]
    if type(value) is dict:
        return {key: replaced(each, others) for key, each in value.items()}
    if type(value) is Embedded:
        return Embedded(replaced(value.value, others))
    return Tagged(value.tag, replaced(value.value, others)) if type(value) is Tagged else value


def record_of(thing):
    return thing[3].value


def is_after(thing, other):
    """In a page's order."""
    return (thing[1], thing[2]) > (other[1], other[2])


class Sealer:
    """The page as `model`, with its things' records where their items were. `wallets`: of its keys; without, they become others."""

    def __init__(self, page, wallets=None):
        value = cbor2.loads(page)
        self.id = cbor2.loads(value[3][1])[3]
        self.trust = Trust([("one.example", [Wallet("one")], 1), ("two.example", [Wallet("two", True)], 2)], 3,
                           [("east.example", Wallet("east"))], 1, [], 0)
        things = [{**thing, 3: opened(thing[3][1])} for thing in value[4]]
        model = {"device": value[2], "things": things, "statements": opened(value[5]), "events": value[6]}
        self.wallets = {wallet.kid: wallet for wallet in wallets or []}
        self.model = model if wallets else self.rekeyed(model)

    def rekeyed(self, model):
        others = {}
        for thing in model["things"]:
            if thing[1] == KEY:
                wallet = Wallet("wallet" + thing[2].hex(), record_of(thing)[9][1] == 2)
                record_of(thing)[9] = wallet.cose
                others[thing[2]] = wallet.kid
                self.wallets[wallet.kid] = wallet
        model = replaced(model, others)
        model["things"].sort(key=lambda thing: (thing[1], thing[2] if thing[1] not in UNITS else b""))
        for statement in model["statements"]:
            if 2 in statement:
                statement[2].value.sort(key=lambda each: (each[0], each[1].value[0].value[4]))
        return model

    # --- sealing ---

    def ledger(self, rows):
        ledger = Ledger(self.id, 1_900_000_000_000, self.trust)
        ledger.rows, ledger.epoch = rows, 7
        ledger.seal()
        return ledger

    def policy(self):
        ledger = Ledger(self.id, 0, self.trust)
        ledger.epoch = 7
        return ledger.policy()

    def sealed(self, model):
        """The page's bytes. An edit that leaves nothing to seal raises whatever Python raises."""
        model = copy.deepcopy(model)
        statements = [self.signed(statement) for statement in model["statements"]]
        leaves = [self.leaf(event, statements[event[1]]) for event in model["events"]]
        for thing in model["things"]:
            if thing[1] in UNITS and RUN in thing:
                prove_run(thing, leaves)
        keys = [key_of(FAMILY[thing[1]], thing[2]) for thing in model["things"]]
        ledger = self.ledger({key: encoded(record_of(thing)) for key, thing in zip(keys, model["things"])})
        things = [{**thing, 3: ledger.item(key)} for key, thing in zip(keys, model["things"])]
        return encoded({1: 2, 2: model["device"], 3: ledger.anchor(), 4: things, 5: statements, 6: model["events"]})

    def signed(self, statement):
        protected, unprotected, payload, _ = statement[1].value.value
        wallet = self.wallets[protected.value[4]]
        signature = wallet.sign(signed_bytes(encoded(protected.value), encoded(payload.value)))
        identity = sha256(signed_bytes(encoded(protected.value), encoded(payload.value)))
        out = {**statement, 1: Embedded(Tagged(18, [protected, unprotected, payload, signature]))}
        if 2 in statement:
            out[2] = Embedded([self.approved(identity, *each) for each in statement[2].value])
        return out

    def approved(self, identity, role, sign1):
        protected, unprotected, payload, _ = sign1.value
        message = signed_bytes(encoded(protected.value), encoded([identity, role]))
        return [role, Tagged(18, [protected, unprotected, payload, self.wallets[protected.value[4]].sign(message)])]

    @staticmethod
    def leaf(event, statement):
        protected, _, payload, signature = statement[1].value.value
        also = statement.get(3) or (sha256(encoded(statement[2].value)) if 2 in statement else None)
        body = event[5] if 5 in event else leaf_hash(event[3], event[4])
        leaf = {1: 2, 2: 1, 3: sha256(signed_bytes(encoded(protected.value), encoded(payload.value))), 4: sha256(signature), 6: body,
                7: event[7], 8: event[8], 9: event[9]}
        return leaf_hash(encoded({**leaf, **({5: also} if also else {})}))

    # --- other pages of the same ledger's making ---

    def strangers(self):
        """Things that stand properly on this ledger; some have business on the page, some have not."""
        of_type = {thing[1]: thing for thing in self.model["things"]}
        history = {1: 1, 2: bytes(32)}
        head, wallet, owner = {1: 2, 2: 1, 3: history}, Wallet("stranger"), record_of(of_type[DEVICE]).get(12, bytes(32))
        party = {**head, 8: 1, 9: bytes(32), 12: 1, 13: [], 14: [], 16: 1, 24: []}
        key = {**head, 8: 1, 9: wallet.cose, 10: 1, 11: {1: 1, 2: bytes(32)}, 12: 1, 13: 1}
        image = {**head, 8: 1, 10: 9, 11: [], 14: [], 15: bytes(32)}
        models = [of_type[MODEL][2], bytes(32)] if MODEL in of_type else [bytes(32)]
        speaker = next(record_of(thing)[11][2] for thing in self.model["things"] if thing[1] == KEY)
        grant = {**head, 8: 1, 9: 7, 10: owner, 12: bytes(32), 15: 0}
        rows = [(KEY, wallet.kid, key), *((PARTY, id, party) for id in (owner, bytes(32), sha256(b"nobody"))),
                *((FIRMWARE, id + (9).to_bytes(8, "big"), {**image, 9: id}) for id in models),
                *((ROLE, to + (7).to_bytes(8, "big") + bytes(32), {**grant, 11: to}) for to in (speaker, bytes(32))),
                (MODEL, sha256(b"a model"), {**head, 8: 1, 9: bytes(32), 10: 1, 11: [], 12: 0, 16: bytes(32)})]
        return [{1: kind, 2: id, 3: Embedded(record)} for kind, id, record in rows]

    def rearranged(self, random):
        """A copy of the model that is put together otherwise: its things, events, statements, mounts, runs, approvals or texts."""
        model = copy.deepcopy(self.model)
        random.choice([without_a_thing, with_things_swapped, self.with_a_stranger, with_events_swapped, with_a_statement_more,
                       with_other_mounts, with_another_run, with_other_approvals, with_a_body_withheld, with_other_texts,
                       with_newer_fields])(model, random)
        return model

    def with_a_stranger(self, model, random):
        things, stranger = model["things"], random.choice(self.strangers())
        after = [place for place, thing in enumerate(things) if is_after(thing, stranger)]
        places = [random.randrange(len(things)), *[after[0] if after else len(things)] * 5]
        things.insert(random.choice(places), stranger)


def prove_run(thing, leaves):
    """The root of the history that its run belongs to; a wrong number of events or digests stays to be found."""
    place, events, tree = thing[RUN][1], thing[RUN][2], record_of(thing)[3]
    shown = [leaves[number] for number in events]
    try:
        tree[2] = root_from_range(place[1], place[2], shown, place[3], tree[1])
    except (Refused, RecursionError):
        pass


def without_a_thing(model, random):
    del model["things"][random.randrange(len(model["things"]))]


def with_things_swapped(model, random):
    things = model["things"]
    one, other = random.randrange(len(things)), random.randrange(len(things))
    things[one], things[other] = things[other], things[one]


def with_a_statement_more(model, random):
    statements = model["statements"]
    statements.insert(random.randrange(len(statements) + 1), copy.deepcopy(random.choice(statements)))


def with_events_swapped(model, random):
    """Also where things name them, so that each thing's history stays what it was."""
    events, statements = model["events"], model["statements"]
    one, other = random.choices(range(len(events)), k=2)
    names = {one: other, other: one}
    if random.random() < 0.5:
        first, second = events[one][1], events[other][1]
        statements[first], statements[second] = statements[second], statements[first]
        events[one][1], events[other][1] = second, first
    events[one], events[other] = events[other], events[one]
    for thing in model["things"]:
        if RUN in thing:
            thing[RUN][2] = sorted(names.get(number, number) for number in thing[RUN][2])


def with_another_run(model, random):
    """Another history of the same ledger's making, or another place in it."""
    thing = random.choice([thing for thing in model["things"] if RUN in thing and thing[RUN][2]])
    place, events, tree = thing[RUN][1], thing[RUN][2], record_of(thing)[3]
    at, other = random.randrange(len(events)), random.randrange(len(events))
    way = random.randrange(7)
    if way == 0:
        del events[at]
        tree[1] -= 1
    elif way == 1:
        events.insert(other, events[at])
        tree[1] += 1
    elif way == 2:
        events[at], events[other] = events[other], events[at]
    elif way == 3:
        events[at] -= len(model["events"])
    elif way == 4:
        place[random.choice([2, 3])].append(sha256(b"a subtree"))
    elif way == 5:
        hide_events(thing, random.choice([1, 2, 3]))
    else:
        tree[1] += random.choice([-1, 1, 2**62])


def hide_events(thing, count):
    """The oldest or newest of them stand in the proof only: the page is then a part of the passport."""
    place, tree = thing[RUN][1], record_of(thing)[3]
    if place[2] or place[3] or count > tree[1]:
        return
    del thing[RUN][2][:count]
    place[1], place[2] = count, [sha256(b"hidden", bytes([start])) for start, _ in perfect_subtrees(0, count)]


def with_other_mounts(model, random):
    """What units say of their parts, and parts of their units."""
    units = [thing for thing in model["things"] if thing[1] in UNITS]
    children = [record_of(thing)[21] for thing in units]
    part, of_unit = random.choice([thing for thing in units if thing[1] == PART]), random.choice([each for each in children if each])
    way = random.randrange(5)
    if way == 0:
        random.shuffle(of_unit)
    elif way == 1:
        random.choice(children).append(part[2])
    elif way == 2:
        of_unit.remove(random.choice(of_unit))
    elif way == 3:
        record_of(part)[32] = random.choice(units)[2]
    else:
        record_of(part)[8] = random.choice([1, 2, 3])


def with_other_approvals(model, random):
    statement = random.choice([each for each in model["statements"] if 2 in each] or model["statements"])
    approvals = statement[2].value if 2 in statement else []
    way = random.randrange(5)
    if way == 0 and approvals:
        approvals.append(copy.deepcopy(random.choice(approvals)))
    elif way == 1 and approvals:
        approvals.append([random.choice([1, 2, 6, 7]), copy.deepcopy(approvals[0][1])])
    elif way == 2:
        statement.pop(2, None)
        statement[3] = sha256(b"approvals")
    elif way == 3:
        statement[2] = Embedded([])
    else:
        statement[3] = bytes(32)


def with_a_body_withheld(model, random):
    event = random.choice(model["events"])
    if 3 not in event:
        return
    event[5] = leaf_hash(event[3], event[4])
    for field in random.choice([[3, 4], [3, 4], [3], [4], []]):
        del event[field]


def with_other_texts(model, random):
    """Texts and openings where others, or none, should stand."""
    field = random.choice([TEXT, OPENING])
    having = [thing for thing in model["things"] if field in thing]
    thing = random.choice([random.choice(model["things"]), *having])
    if field in thing and random.random() < 0.3:
        del thing[field]
    elif having:
        thing[field] = copy.deepcopy(random.choice(having)[field])


def with_newer_fields(model, random):
    """In a record: an addition, or what only a newer program writes."""
    record = record_of(random.choice(model["things"]))
    record.update(random.choice([{64: 0}, {100: [1]}, {127: {"a": 1}}, {128: 0}, {200: 0}, {1: 3}, {8: 9}, {63: 0}]))
