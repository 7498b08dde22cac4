# SPDX-License-Identifier: Apache-2.0
"""A ledger of our own making behind a passport, so that an edit of it can be sealed again.

Of a passport that was changed by somebody else the hashes and signatures are wrong, and hide what else should be refused.
Here its keys are replaced by ours; after an edit, statements are signed again, events chained, the state hashed and the
checkpoint signed by a policy of our own. What is wrong then is the edit alone.
"""
import base64
import copy
import hashlib

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from mutants import Embedded, Tagged, encoded, opened

P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FAMILY = {1: b"device/", 2: b"part/", 3: b"key/", 4: b"model/", 5: b"member/", 6: b"firmware/"}
DEVICE, PART, KEY, MODEL, MEMBER, FIRMWARE = 1, 2, 3, 4, 5, 6
TIME = 1_800_000_000


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Wallet:
    """A private key, from a seed so that a printed seed gives the same run."""

    def __init__(self, is_p256, seed):
        self.is_p256 = is_p256
        if is_p256:
            self.private = ec.derive_private_key(int.from_bytes(sha256(seed), "big") % (P256_N - 1) + 1, ec.SECP256R1())
            numbers = self.private.public_key().public_numbers()
            x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
            self.raw, self.cose = b"\x04" + x + y, {1: 2, -1: 1, -2: x, -3: y}
        else:
            self.private = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(seed))
            self.raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            self.cose = {1: 1, -1: 6, -2: self.raw}
        self.kid = sha256(encoded(self.cose))

    def sign(self, message):
        if not self.is_p256:
            return self.private.sign(message)
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + min(s, P256_N - s).to_bytes(32, "big")

    def key_id(self, name):
        kind = b"\xffmikusari-p256-cosignature-v1" if self.is_p256 else b"\x04"
        return sha256(name.encode(), b"\n", kind, self.raw)[:4]


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


class Ledger:
    """Two cosigners, one of each algorithm; the passport as `model`, with its things' records where their items were."""

    def __init__(self, passport):
        value = cbor2.loads(passport)
        self.ledger = cbor2.loads(value[3][1])[1]
        self.record = cbor2.loads(value[3][1])
        self.signers = {"one.example": Wallet(False, b"one"), "two.example": Wallet(True, b"two")}
        things = [{1: thing[1], 2: thing[2], 3: opened(thing[3][1]), 4: thing[4]} for thing in value[4]]
        self.wallets = {}
        self.model = self.rekeyed({"device": value[2], "things": things, "statements": opened(value[5]), "events": value[6]})

    def rekeyed(self, model):
        others = {}
        for thing in model["things"]:
            if thing[1] == KEY:
                wallet = Wallet(thing[3].value[9][1] == 2, b"wallet" + thing[2])
                thing[3].value[9] = wallet.cose
                others[thing[2]] = wallet.kid
                self.wallets[wallet.kid] = wallet
        model = replaced(model, others)
        model["things"].sort(key=lambda thing: (thing[1], thing[2] if thing[1] >= KEY else b""))
        return model

    def strangers(self):
        """Things that stand properly on this ledger; some have business in the passport, some have not."""
        of_type = {thing[1]: thing for thing in self.model["things"]}
        head = {1: 1, 2: 1, 3: 1, 4: bytes(32), 8: 1}
        wallet, owner = Wallet(False, b"stranger"), of_type[DEVICE][3].value[11]
        key = {1: KEY, 2: wallet.kid, 3: Embedded({**head, 9: wallet.cose, 10: 1, 11: {1: 1, 2: b"stranger"}}), 4: []}
        members = [{1: MEMBER, 2: name.encode(), 3: Embedded({**head, 9: name, 10: [1], 11: 1}), 4: []} for name in ("stranger", owner)]
        model = copy.deepcopy(of_type[MODEL])
        model[3].value[10] = "stranger"
        model[2] = sha256(b"mikusari-model\x00", model[3].value[9].encode(), b"\x00stranger")
        image = {**head, 10: bytes(32), 11: 1, 12: 1, 13: "1"}
        firmware = [{1: FIRMWARE, 2: id + bytes(32), 3: Embedded({**image, 9: id}), 4: []} for id in (of_type[MODEL][2], bytes(32))]
        return [key, *members, model, *firmware]

    def rearranged(self, random):
        """A copy of the model whose things, events or statements are other ones, or in another order."""
        model = copy.deepcopy(self.model)
        things, events = model["things"], model["events"]
        way, at, other = random.randrange(7), random.randrange(len(things)), random.randrange(len(things))
        if way == 0:
            del things[at]
        elif way == 1:
            things[at], things[other] = things[other], things[at]
        elif way == 2:
            stranger = random.choice(self.strangers())
            places = [i for i, thing in enumerate(things) if (thing[1], thing[2]) > (stranger[1], stranger[2])]
            things.insert(random.choice([at, *places[:1] * 5]) if places else len(things), stranger)
        elif way == 3:
            swap_events(model, *random.choices(range(len(events)), k=2), with_statements=random.random() < 0.5)
        elif way == 4:
            model["statements"].insert(random.randrange(len(events)), copy.deepcopy(random.choice(model["statements"])))
        elif way == 5:
            rearrange_mounts(things, random)
        else:
            rewrite_history(random.choice([thing for thing in things if thing[4]]), len(events), random)
        return model

    def policy(self):
        signers = [{1: name, 2: [wallet.cose], 3: weight} for weight, (name, wallet) in enumerate(self.signers.items(), 1)]
        return encoded({1: 1, 2: self.ledger, 3: 7, 4: signers, 5: 3, 6: [], 7: 0})

    def checkpoint(self, size, root):
        body = f"mikusari/{self.ledger.hex()}\n{size}\n{base64.b64encode(root).decode()}\n"
        message = f"cosignature/v1\ntime {TIME}\n{body}".encode()
        signatures = [{1: wallet.key_id(name), 2: TIME, 3: wallet.sign(message)} for name, wallet in self.signers.items()]
        return {1: self.ledger, 2: size, 3: root, 4: signatures}

    def sealed(self, model):
        """The passport's bytes. An edit that leaves nothing to seal raises whatever Python raises."""
        model = copy.deepcopy(model)
        statements = [self.signed(statement) for statement in model["statements"]]
        leaves = [self.leaf(event, statements[event[1]]) for event in model["events"]]
        for thing in model["things"]:
            if thing[1] in (DEVICE, PART):
                chain(thing, leaves)
        tree = {sha256(FAMILY[thing[1]], thing[2]): encoded(thing[3].value) for thing in model["things"]}
        things = [{**thing, 3: item(tree, sha256(FAMILY[thing[1]], thing[2]))} for thing in model["things"]]
        record = encoded({**self.record, 5: root_of(tree), 6: 0, 7: 0})
        anchor = {1: record, 2: [], 3: self.checkpoint(1, sha256(b"\x00", record))}
        return encoded({1: 1, 2: model["device"], 3: anchor, 4: things, 5: [encoded(each) for each in statements], 6: model["events"]})

    def signed(self, statement):
        protected, unprotected, payload, _ = statement.value.value
        wallet = self.wallets[protected.value[4]]
        structure = encoded(["Signature1", protected, b"", payload])
        return Tagged(18, [protected, unprotected, payload, wallet.sign(structure)])

    def leaf(self, event, statement):
        protected, _, payload, signature = statement.value
        identity = sha256(encoded(["Signature1", protected, b"", payload]))
        body = sha256(b"\x00", event[3], event[4])
        leaf = {1: identity, 2: sha256(signature), 3: body, 4: event[6], 5: event[7], 6: event[8]}
        return sha256(b"\x00", encoded(leaf))


def swap_events(model, one, other, with_statements):
    """Also where things name them, so that each thing's history stays what it was."""
    events, statements, names = model["events"], model["statements"], {one: other, other: one}
    if with_statements:
        first, second = events[one][1], events[other][1]
        statements[first], statements[second] = statements[second], statements[first]
        events[one][1], events[other][1] = second, first
    events[one], events[other] = events[other], events[one]
    for thing in model["things"]:
        thing[4] = sorted(names.get(number, number) for number in thing[4])


def rewrite_history(thing, events, random):
    """Another history of the same ledger's making: its record counts as many events."""
    at, other = random.randrange(len(thing[4])), random.randrange(len(thing[4]))
    way = random.randrange(4)
    if way == 0:
        del thing[4][at]
    elif way == 1:
        thing[4].insert(other, thing[4][at])
    elif way == 2:
        thing[4][at], thing[4][other] = thing[4][other], thing[4][at]
    else:
        thing[4][at] -= events
    thing[3].value[2] = len(thing[4])


def rearrange_mounts(things, random):
    """What units say of their parts, and parts of their units."""
    units = [thing for thing in things if thing[1] in (DEVICE, PART)]
    children = [thing[3].value[16 if thing[1] == DEVICE else 17] for thing in units]
    parts = [thing for thing in units if thing[1] == PART]
    part, of_unit = random.choice(parts), random.choice([each for each in children if each])
    way = random.randrange(5)
    if way == 0:
        random.shuffle(of_unit)
    elif way == 1:
        random.choice(children).append(part[2])
    elif way == 2:
        of_unit.remove(random.choice(of_unit))
    elif way == 3:
        part[3].value[14] = random.choice(units)[2]
    else:
        part[3].value[8] = random.choice([1, 2, 3])
        part[3].value[15] = [each[2] for each in random.sample(units, 2)]
        random.choice(children).append(part[2])


def chain(thing, leaves):
    """The head of the record as the ledger would have it; a wrong number of events stays to be found."""
    head = bytes(32)
    for number in thing[4]:
        head = sha256(b"\x02", head, leaves[number])
    thing[3].value[4] = head


# --- the state's tree, from its definition ---

def bit(key, i):
    return key[i // 8] >> (7 - i % 8) & 1


def root_of(tree, depth=0):
    if not tree:
        return bytes(32)
    if len(tree) == 1:
        (key, value), = tree.items()
        return sha256(b"\x00", key, sha256(value))
    sides = [{key: value for key, value in tree.items() if bit(key, depth) == side} for side in (0, 1)]
    return sha256(b"\x01", *(root_of(side, depth + 1) for side in sides))


def item(tree, key):
    value, levels, siblings = tree[key], [], []
    while len(tree) > 1:
        depth = len(levels)
        sibling = root_of({other: each for other, each in tree.items() if bit(other, depth) != bit(key, depth)}, depth + 1)
        tree = {other: each for other, each in tree.items() if bit(other, depth) == bit(key, depth)}
        levels.append(int(sibling != bytes(32)))
        siblings = [sibling] * levels[-1] + siblings
    bits = "".join(map(str, levels)).ljust((len(levels) + 7) // 8 * 8, "0")
    return {1: value, 2: len(levels), 3: bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)), 4: b"".join(siblings)}
