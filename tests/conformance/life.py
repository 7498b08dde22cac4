# SPDX-License-Identifier: Apache-2.0
"""A small life on a Python ledger: every kind of record, a camera made of parts, sold to a person under a handle.

chips makes sensors and cells; acme makes boards and cameras and is the registrar of bob; lab certifies; watch witnesses.
"""
from independent.codec import encode
from independent.crypto import sha256
from independent.names import blinded, member_handle, party_handle, thing_id
from ledger import OWN_LEAF, Body, Change, Ledger, Listed, Trust, key_of
from pages import FIRMWARE, PARTY, ROLE, Pages
from trees import root
from wallet import Wallet

PARTY_SUBJECT, PART_SUBJECT, DEVICE_SUBJECT = 1, 2, 3
WALLET_KEY, RELEASE_KEY = 1, 5
MAKER, REGISTRAR, LABORATORY, WITNESS, CERTIFIER, PREMISES = range(1, 7)
RELEASE, RECOVERING = 1, 4
PART_TYPE, DEVICE_TYPE = 1, 2
CHIP, BOARD, BATTERY, CAMERA = 1, 2, 4, 5
STOCK, MOUNTED = 1, 2
PROVEN, CLAIMED = 1, 2
ALARM = 2
DAY = 24 * 3600 * 1000
KINDS = {"incarnation": (0x0102, "ledger.incarnation"), "open": (0x0110, "proposal.open"), "vote": (0x0111, "proposal.vote"),
         "key": (0x0201, "key.register"), "model": (0x0301, "model.register"), "certify": (0x0304, "model.certify"),
         "part": (0x0401, "part.register"), "assemble": (0x0501, "device.assemble"),
         "attach": (0x0502, "device.attach"), "alarm": (0x0504, "device.alarm"),
         "activate": (0x0506, "device.activate"), "ship": (0x0601, "custody.ship"),
         "receive": (0x0602, "custody.receive"),
         "recall": (0x0604, "custody.recall"), "offer": (0x0701, "ownership.offer"), "accept": (0x0702, "ownership.accept"),
         "release": (0x0801, "firmware.release"), "party": (0x0B01, "party.open"), "grant": (0x0C01, "role.grant"),
         "document": (0x0D01, "document.record")}
PARAMETERS = {1: 7 * DAY, 2: 30 * DAY, 3: 90 * DAY, 4: {1: 65_536, 2: 4 << 30, 3: 4_096}, 5: {1: 1_024, 2: 4 << 20, 3: 64},
              6: {1: 256, 2: 1 << 20, 3: 64}, 7: 64, 8: 65_536, 9: 1 << 26, 10: 1 << 24, 11: 16, 12: 65_536, 13: 4_096, 14: 16 << 20,
              15: 32 << 20, 16: 8, 17: 30 * DAY, 18: 1_024}


def named(text):
    return sha256(text.encode())


class Speaker:
    """Who says something: the claim iss, and a wallet."""

    def __init__(self, issuer, wallet):
        self.issuer, self.wallet = issuer, wallet


class Member(Speaker):
    def __init__(self, name, roles, is_p256=False):
        self.name, self.roles = name, roles
        super().__init__(None, Wallet(name, is_p256))

    def join(self, ledger):
        self.handle = member_handle(ledger, self.name)
        self.subject, self.issuer = [PARTY_SUBJECT, self.handle], "party:" + self.handle.hex()

    def founding(self, nonce):
        """As the genesis has it: the nonce stands for the ledger, whose id is not known yet."""
        proof = self.wallet.possession(nonce, bytes(32), [PARTY_SUBJECT, member_handle(nonce, self.name)], WALLET_KEY)
        return {1: self.name, 2: 1, 3: 1, 4: self.roles, 5: [{1: self.wallet.cose, 2: WALLET_KEY, 3: 1, 4: 1, 5: proof}]}


class Life:
    def __init__(self, name="a life"):
        self.records, self.ids = {}, {}
        self.texts, self.openings, self.moments = {}, {}, {}
        self.chips = Member("chips", [MAKER], True)
        self.acme = Member("acme", [MAKER, REGISTRAR])
        self.lab = Member("lab", [LABORATORY, CERTIFIER])
        self.watch = Member("watch", [WITNESS])
        self.members = [self.chips, self.acme, self.lab, self.watch]
        self.found(name)
        self.register_models()
        self.make()
        self.sell()
        self.use()
        self.decide()

    def say(self, who, kind, *bodies, by=None, **options):
        """`by`: another wallet than the member's first."""
        return self.ledger.say(by or who.wallet, who.issuer, KINDS[kind], list(bodies), **options)

    def seal(self, moment=None, **options):
        """`moment`: a name for the size that the log then has."""
        self.ledger.seal(**options)
        if moment:
            self.moments[moment] = len(self.ledger.log)

    # --- records, as dicts without heads ---

    def party_record(self, member, **more):
        keys = [{1: member.wallet.kid, 2: WALLET_KEY}, *more.pop("keys", [])]
        return {8: 1, 10: member.name, 11: 1, 12: 1, 13: member.roles, 14: keys, 16: 1, 24: more.pop("proposals", [])}

    @staticmethod
    def key_record(wallet, subject, purpose=WALLET_KEY, level=1):
        return {8: 1, 9: wallet.cose, 10: purpose, 11: {1: subject[0], 2: subject[1]}, 12: level, 13: 1}

    def key(self, wallet, subject, **more):
        return Change(key_of("key", wallet.kid), self.key_record(wallet, subject, **more))

    def thing(self, kind, id, gains="life", **changes):
        """A change of a part's or device's record: numbered fields; None takes one away."""
        record = self.records.setdefault(id, {14: 0, 20: [], 21: []})
        for field, value in changes.items():
            number = int(field[1:])
            record.pop(number, None)
            if value is not None:
                record[number] = value
        return Change(key_of(kind, id), dict(record), gains)

    # --- what happens ---

    def found(self, name):
        signers = [("one.example", [Wallet("signer one")], 1), ("two.example", [Wallet("signer two", True)], 1),
                   ("both.example", [Wallet("signer both"), Wallet("signer both", True)], 2)]
        witnesses = [(f"{place}.example", Wallet("witness " + place)) for place in ("east", "west")]
        trust = Trust(signers, 3, witnesses, 1, [Wallet(f"recovery {number}", number == 2) for number in (1, 2, 3)], 2)
        nonce, time_ms = named(name), 1_800_000_000_000
        self.genesis_value = {1: 2, 2: 1, 3: nonce, 4: time_ms, 5: [member.founding(nonce) for member in self.members],
                              **trust.fields(6, 7, 8, 9, 11, 12), 10: PARAMETERS}
        self.ledger = ledger = Ledger(sha256(encode(self.genesis_value)), time_ms, trust)
        for member in self.members:
            member.join(ledger.id)
            ledger.put(key_of("party", member.handle), self.party_record(member))
            ledger.put(key_of("key", member.wallet.kid), self.key_record(member.wallet, member.subject))
            for kind in ("keys", "devices", "models", "releases", "parties"):
                ledger.put_list(member.handle, kind)
            ledger.put_list(member.handle, "keys", member.wallet.kid)
        ledger.put_plain(key_of("quota", self.acme.handle), {2: bytes(16), 3: 7})
        ledger.put_plain(key_of("quota", ledger.id), {2: bytes(16), 3: 40})
        ledger.put_plain(key_of("ledger", b"state"), {2: PARAMETERS, 3: 4, 4: 4})
        ledger.rows[key_of("policy")] = ledger.policy()
        self.seal("founded")

    def register_models(self):
        self.releasers = [Wallet("release 1"), Wallet("release 2", True)]
        entries = [{1: wallet.kid, 2: RELEASE_KEY} for wallet in self.releasers]
        keys = [self.key(wallet, self.acme.subject, purpose=RELEASE_KEY) for wallet in self.releasers]
        party = Change(key_of("party", self.acme.handle), self.party_record(self.acme, keys=entries))
        self.say(self.acme, "key", *(Body(
            {1: wallet.cose, 2: RELEASE_KEY, 3: dict(enumerate(self.acme.subject, 1)), 5: 1, 6: 1,
             4: wallet.possession(self.ledger.id, self.acme.wallet.kid, self.acme.subject, RELEASE_KEY)},
            [key, party, Listed(self.acme.handle, "keys", wallet.kid)]) for wallet, key in zip(self.releasers, keys)))
        self.seal()
        self.models = {}
        for maker, name, kind in ((self.chips, "sensor", CHIP), (self.chips, "cell", BATTERY), (self.acme, "board", BOARD),
                                  (self.acme, "camera", CAMERA)):
            self.say(maker, "model", self.model_body(maker, name, kind))
        self.seal("models")
        for event in self.ledger.events[-4:]:
            self.texts[self.models[event.statement.bodies[0].value[2]]] = event

    def model_body(self, maker, name, kind):
        keys, threshold = ([wallet.kid for wallet in self.releasers], 2) if kind == CAMERA else ([], 0)
        nonce = named("model " + name)
        id = self.models[name] = thing_id(maker.handle, nonce)
        record = {8: 1, 9: maker.handle, 10: kind, 11: keys, 12: threshold, 16: OWN_LEAF}
        changes = [Change(key_of("model", id), record), Listed(maker.handle, "models", id)]
        return Body({1: nonce, 2: name, 3: kind, 4: keys, 5: threshold}, changes)

    # --- parts and devices ---

    def part_body(self, label, model, wallet=None, salt=None):
        """chips registers a part: with a key or none, its model blinded or not."""
        nonce = named("part " + label)
        id = self.ids[label] = thing_id(self.chips.handle, nonce)
        subject, shown = [PART_SUBJECT, id], {2: self.models[model]}
        if salt:
            shown = {2: blinded(salt, self.models[model]), 3: CHIP}
            self.openings[id] = {1: salt, 2: self.models[model]}
        record = self.thing("part", id, _8=STOCK, _9=shown[2], _10=shown.get(3), _11=self.chips.handle)
        if not wallet:
            return Body({1: nonce, **shown}, [record])
        record = self.thing("part", id, _20=[{1: wallet.kid, 2: WALLET_KEY, 8: True}])
        proof = wallet.possession(self.ledger.id, self.chips.wallet.kid, subject, WALLET_KEY)
        return Body({1: nonce, **shown, 4: wallet.cose, 5: proof, 6: 2}, [record, self.key(wallet, subject, level=2)])

    def ship(self, *labels):
        """From chips to acme, with title."""
        title = {label: self.records[self.ids[label]][14] for label in labels}
        self.say(self.chips, "ship", *(Body(
            {1: PART_TYPE, 2: self.ids[label], 3: self.acme.handle, 4: title[label]},
            [self.thing("part", self.ids[label], _14=title[label] + 1, _18=self.acme.handle, _19=True)]) for label in labels))
        self.seal()
        self.say(self.acme, "receive", *(Body(
            {1: PART_TYPE, 2: self.ids[label], 3: title[label] + 1, 4: [entry[1] for entry in self.records[self.ids[label]][20]]},
            [self.thing("part", self.ids[label], _14=title[label] + 2, _15=1, _12=self.acme.handle, _18=None, _19=None)])
            for label in labels))
        self.seal()

    def mounted(self, label, unit, is_proven):
        return self.thing("part", self.ids[label], _8=MOUNTED, _12=None, _32=unit, _33=PROVEN if is_proven else CLAIMED)

    def assemble(self, label, model, parts, is_device=False, at=None):
        """`parts`: label to its wallet or None."""
        nonce, family = named("unit " + label), "device" if is_device else "part"
        unit = self.ids[label] = thing_id(self.acme.handle, nonce)
        n = self.ledger.counters.get(self.acme.wallet.kid, 0) + 1
        consents = {part: wallet.mount(self.ledger.id, self.acme.wallet.kid, unit, self.ids[part], n)
                    for part, wallet in parts.items() if wallet}
        mounts = [{1: self.ids[part], **({2: consents[part]} if part in consents else {})} for part in parts]
        children = [self.ids[part] for part in parts]
        changes = [self.thing(family, unit, _8=1, _9=self.models[model], _11=self.acme.handle, _21=children)]
        changes += [self.mounted(part, unit, wallet) for part, wallet in parts.items()]
        changes += [Listed(self.acme.handle, "devices", unit)] if is_device else []
        value = {1: nonce, 2: 2 if is_device else 1, 3: self.models[model], 5: mounts, **({7: at} if at else {})}
        self.say(self.acme, "assemble", Body(value, changes))
        self.seal()

    def make(self):
        self.sensor_keys = {label: Wallet(label, number == 1) for number, label in enumerate(("sensor a", "sensor b"))}
        self.say(self.chips, "part", *(self.part_body(label, "sensor", wallet) for label, wallet in self.sensor_keys.items()),
                 self.part_body("sensor c", "sensor", salt=named("blinding")[:16]), self.part_body("cell", "cell"),
                 self.part_body("spare cell", "cell"))
        self.seal("parts", gap=2)
        self.ship("sensor a", "sensor b", "sensor c", "cell")
        self.grant_premises()
        self.assemble("board", "board", {"sensor a": self.sensor_keys["sensor a"], "cell": None}, at={1: self.place})
        self.assemble("camera", "camera", {"board": None, "sensor b": self.sensor_keys["sensor b"], "sensor c": None}, is_device=True)
        self.camera, self.camera_key = self.ids["camera"], Wallet("camera")
        self.assemble("second camera", "camera", {}, is_device=True)
        self.register_camera_key()

    def grant_premises(self):
        self.place = named("a workshop, blinded")
        now = self.ledger.time_ms
        record = {8: 1, 9: PREMISES, 10: self.lab.handle, 11: self.acme.handle, 12: self.place, 14: now + DAY, 15: now}
        self.role = self.acme.handle + PREMISES.to_bytes(8, "big") + self.place
        self.say(self.lab, "grant", Body({1: self.acme.handle, 2: PREMISES, 3: self.place, 4: now + DAY},
                                         [Change(key_of("role", self.role), record)]))
        self.seal()

    def register_camera_key(self):
        subject = [DEVICE_SUBJECT, self.camera]
        proof = self.camera_key.possession(self.ledger.id, self.acme.wallet.kid, subject, WALLET_KEY)
        value = {1: self.camera_key.cose, 2: WALLET_KEY, 3: dict(enumerate(subject, 1)), 4: proof, 5: 3, 6: 1, 7: named("evidence")}
        entry = {1: self.camera_key.kid, 2: WALLET_KEY}
        changes = [self.key(self.camera_key, subject, level=3), self.thing("device", self.camera, _20=[entry])]
        self.say(self.acme, "key", Body(value, changes))
        self.seal()
        self.say(Speaker(f"device:{self.camera.hex()}", self.camera_key), "activate",
                 Body({1: self.camera}, [self.thing("device", self.camera, "history", _8=2)]))
        self.seal("made")

    # --- a sale, firmware, noise ---

    def sell(self):
        self.bob = Speaker("", Wallet("bob"))
        nonce = named("bob's nonce")
        self.bob.handle = party_handle(self.ledger.id, self.acme.handle, self.bob.wallet.kid, nonce)
        self.bob.issuer = "party:" + self.bob.handle.hex()
        subject = [PARTY_SUBJECT, self.bob.handle]
        keys = [{1: self.bob.wallet.kid, 2: WALLET_KEY}]
        record = {8: 1, 9: self.acme.handle, 12: 1, 13: [], 14: keys, 15: named("who bob is"), 16: 3, 24: []}
        proof = self.bob.wallet.possession(self.ledger.id, self.acme.wallet.kid, subject, WALLET_KEY)
        changes = [Change(key_of("party", self.bob.handle), record), self.key(self.bob.wallet, subject),
                   Listed(self.acme.handle, "parties", self.bob.handle), Listed(self.bob.handle, "keys", self.bob.wallet.kid)]
        self.say(self.acme, "party", Body({1: nonce, 2: self.bob.wallet.cose, 3: proof, 4: named("who bob is"), 5: 3}, changes))
        self.seal("bob")
        title = self.records[self.camera][14]
        self.say(self.acme, "offer", Body({1: DEVICE_TYPE, 2: self.camera, 3: self.bob.handle, 4: title},
                                          [self.thing("device", self.camera, _14=title + 1, _16=self.bob.handle)]))
        self.seal()
        self.say(self.bob, "accept", Body(
            {1: DEVICE_TYPE, 2: self.camera, 3: title + 1, 4: [self.camera_key.kid]},
            [self.thing("device", self.camera, _12=self.bob.handle, _13=self.acme.handle, _14=title + 2, _15=1, _16=None),
             Listed(self.bob.handle, "devices", self.camera)]))
        self.seal("sold")

    def use(self):
        self.release()
        certification = {8: 1, 9: self.models["camera"], 10: 7, 11: self.lab.handle, 13: named("report")}
        self.certification = [self.models["camera"], 7, self.lab.handle]
        self.say(self.lab, "certify", Body({1: self.models["camera"], 2: 7, 4: named("report")},
                                           [Change(key_of("certification", *self.certification), certification)]))
        self.say(self.bob, "alarm", Body({1: DEVICE_TYPE, 2: self.camera, 3: 2},
                                         [self.thing("device", self.camera, "history", _23=1, _24=1, _25=1)]))
        self.seal()
        self.mount_twice()
        bodies = [Body({1: DEVICE_TYPE, 2: self.camera}, [self.thing("device", self.camera, "history", _13=None)]) for _ in range(9)]
        self.noise = self.say(self.bob, "recall", *bodies)
        self.say(self.bob, "document", Body({1: 11, 2: named("erasure"), 3: "text/plain", 4: DEVICE_TYPE, 5: self.camera},
                                            [self.thing("device", self.camera, "history")]))
        self.seal("used", refused=[(named("refused"), 0, 17)])

    def mount_twice(self):
        """A copy of sensor a turns up: an alarm that names it and both units."""
        part, second = self.ids["sensor a"], self.ids["second camera"]
        proof = self.sensor_keys["sensor a"].mount(self.ledger.id, self.acme.wallet.kid, second, part, 99)
        named_by_it = [self.thing("part", part, "history", _23=1), self.thing("device", self.camera, "history", _23=2),
                       self.thing("device", second, "history", _23=1)]
        self.say(self.acme, "attach", Body({1: second, 2: part, 4: proof}, named_by_it, outcome=ALARM))
        self.seal()

    def release(self):
        model, image = self.models["camera"], named("image")
        self.firmware = model + (7).to_bytes(8, "big")
        record = {8: 1, 9: model, 10: 7, 11: [{1: image, 2: 4096}], 14: [], 15: OWN_LEAF}
        kids = [wallet.kid for wallet in self.releasers]
        own = {8: 1, 9: self.acme.handle, 10: CAMERA, 11: kids, 12: 2, 13: 7, 14: 7, 16: self.texts[model].body_leaf}
        changes = [Change(key_of("firmware", self.firmware), record), Change(key_of("model", model), own),
                   Change(key_of("image", model, image), {1: 2, 2: 7}, None),
                   Listed(self.acme.handle, "releases", key_of("firmware", self.firmware))]
        self.say(self.acme, "release", Body({1: model, 2: 7, 3: "1.0", 4: [{1: image, 2: 4096}]}, changes), by=self.releasers[0],
                 approvers=[(RELEASE, self.releasers[1])])
        self.seal("released")
        self.texts[self.firmware] = self.ledger.events[-1]

    def decide(self):
        """One body of the noise is withheld by vote."""
        nonce = named("proposal")
        self.proposal = thing_id(self.lab.handle, nonce)
        content = {1: 6, 5: self.noise.identity, 6: 4}
        opened = {8: 1, 9: self.lab.handle, 10: content, 11: self.ledger.time_ms + 30 * DAY, 12: [self.lab.handle], 13: [], 14: OWN_LEAF}
        party = Change(key_of("party", self.lab.handle), self.party_record(self.lab, proposals=[self.proposal]))
        self.say(self.lab, "open", Body({1: nonce, 2: content, 3: "it names a person"},
                                        [Change(key_of("proposal", self.proposal), opened), party]))
        self.seal()
        adopted = {**opened, 8: 2, 12: [self.lab.handle, self.acme.handle, self.watch.handle], 14: self.ledger.events[-1].body_leaf}
        for member, record in ((self.watch, opened), (self.acme, adopted)):
            changes = [Change(key_of("proposal", self.proposal), {**adopted, 8: record[8]})]
            if record is adopted:
                row = {1: 2, 2: self.ledger.height + 1, 3: self.proposal}
                changes.append(Change(key_of("withheld", self.noise.identity, 4), row, None))
            self.say(member, "vote", Body({1: self.proposal, 2: 1}, changes))
        self.seal("decided")

    # --- what it shows ---

    def places(self):
        """A record of each family, as people name it, and the number of an enumeration in it, if any."""
        camera, image = self.models["camera"].hex(), named("image").hex()
        return {"party/" + self.bob.handle.hex(): 8, "key/" + self.camera_key.kid.hex(): 10, "model/" + camera: 10,
                "part/" + self.ids["board"].hex(): 8, "device/" + self.camera.hex(): 8, f"firmware/{camera}/7": 8,
                f"image/{camera}/{image}": 0, f"certification/{camera}/7/{self.lab.handle.hex()}": 8,
                f"role/{self.acme.handle.hex()}/premises/{self.place.hex()}": 9, "proposal/" + self.proposal.hex(): 8,
                f"withheld/{self.noise.identity.hex()}/4": 0, "replay/" + self.bob.wallet.kid.hex(): 0,
                "quota/" + self.acme.handle.hex(): 0, f"list/{self.acme.handle.hex()}/devices": 0, "policy": 0, "ledger": 0}

    def wallets(self):
        """Of all who have said something that stands in the camera's passport."""
        members = [member.wallet for member in self.members]
        return [*members, self.bob.wallet, self.camera_key, *self.releasers, *self.sensor_keys.values()]

    def pages(self):
        return Pages(self.ledger, self.records, self.camera, self.texts, self.openings)

    def context(self):
        """What may stand in a passport beside what must."""
        parties = [self.chips.handle, self.acme.handle, self.bob.handle]
        return [*((PARTY, handle) for handle in parties), (FIRMWARE, self.firmware), (ROLE, self.role)]

    def incarnation(self, approvers=(1,), more=None):
        """The statement that a policy step is; the log does not go on with it here."""
        signers = [{1: "three.example", 2: [Wallet("signer three").cose], 3: 1}]
        body = {1: self.ledger.epoch + 1, 2: signers, 3: 1, 4: len(self.ledger.log), 5: root(self.ledger.log), **(more or {})}
        recovery = self.ledger.trust.recovery
        speaker = Speaker("party:" + self.ledger.id.hex(), recovery[0])
        said = self.say(speaker, "incarnation", Body(body), approvers=[(RECOVERING, recovery[number]) for number in approvers])
        self.ledger.pending.remove(said)
        return said
