# SPDX-License-Identifier: Apache-2.0
"""Two device makers, two chip makers, a shop that opens private persons, and what these buy, resell, repair and end."""
import hashlib
import pathlib
import random

from world import FORBIDDEN, World

MEMBERS = {"chips": ("maker", []), "cameras": ("maker", ["r1"]), "phones": ("maker", []), "shop": ("registrar", []), "clinic": ("registrar", []),
           "city": ("certifier", []), "carrier": ("", []), "rival": ("maker", [])}
PERSONS = {"ann": "Ann Whitcombe, 12 Harbour Lane", "ben": "Benedikt Osterwald", "cho": "Cho Min-seo, room 404", "dee": "Deirdre Fallon"}
CARELESS = "zoe"
HANDLES, PURCHASES, CAMERAS, PHONES = 16, 4, 9, 11
SERIAL = "SN-00471193"
PLACES = {"line": "assembly-line-7", "home": "grandmothers-house", "dock": "north-dock"}


class Market(World):
    """`handles`: of each person, in the order of their labels. `bought`: (person, number of the handle, device)."""

    def __init__(self, program, folder):
        super().__init__(program, folder, founders=MEMBERS)
        self.dice = random.Random(6)
        self.open_persons()
        self.make()
        self.sell()
        self.live()
        self.be_careless()

    def open_persons(self):
        """Everybody's handles are opened under one signature."""
        self.handles = {person: self.request(person, who, HANDLES) for person, who in PERSONS.items()}
        self.opened = self.run("shop", "party", "open", *(self.file(person + ".request") for person in PERSONS))
        self.person_of = {handle: person for person, handles in self.handles.items() for handle in handles}

    def request(self, person, who, count):
        self.run(person, "key", "create", "unused")
        self.connect(person)
        out = self.file(person + ".request")
        self.run(person, "party", "request", "own", "--registrar", "shop", "--count", str(count), "--who", who, "--recovery", "registrar",
                 "--handles-out", self.file(person + ".handles"), "--out", out)
        return [bytes.fromhex(row) for row in pathlib.Path(self.file(person + ".handles")).read_text().split()]

    def say(self, person, number, *words, **more):
        return self.run(person, *words, "--key", f"own-{number:06}", **more)

    def make(self):
        run = self.run
        for model, kind in (("cell-a", "battery"), ("gauge-a", "chip"), ("gauge-b", "chip")):
            run("chips", "model", "register", model, "--class", kind)
        run("rival", "model", "register", "gauge-r", "--class", "chip")
        run("cameras", "model", "register", "camera-x", "--class", "device", "--release-key", "r1", "--release-threshold", "1")
        self.models = {name: run("phones", "model", "register", name, "--class", "device")["model"] for name in ("phone-mini", "phone-max")}
        self.cells = self.parts("cell-a", CAMERAS + 1, "cameras")
        self.gauges = {model: self.parts(model, count, "phones", "--blind") for model, count in (("gauge-a", 7), ("gauge-b", 4))}
        pathlib.Path(self.file("serial")).write_text(SERIAL)
        self.numbered = run("chips", "part", "register", "--model", "cell-a", "--label", "one-of-a-kind", "--commitment", self.file("serial"))
        self.cameras = [run("cameras", "device", "assemble", "--model", "camera-x", "--part", cell, "--place", PLACES["line"])["unit"]
                        for cell in self.cells[:CAMERAS]]
        gauges = sum(self.gauges.values(), [])
        self.phones = [run("phones", "device", "assemble", "--model", "phone-mini" if number % 3 else "phone-max", "--blind", "--part", gauge)["unit"]
                       for number, gauge in enumerate(gauges)]
        pathlib.Path(self.file("image")).write_bytes(bytes(range(200)))
        run("cameras", "firmware", "release", self.file("image"), "--model", "camera-x", "--sequence", "1", "--version", "4.2-quiet", "--key", "r1")

    def parts(self, model, count, to, *more):
        made = self.run("chips", "part", "register", "--model", model, "--count", str(count), "--lot", model, *more)
        self.run("chips", "custody", "ship", "--lot", model, "--to", to, "--with-title")
        self.run(to, "custody", "receive", "--ids", made["ids"])
        return pathlib.Path(made["ids"]).read_text().split()

    def sell(self):
        """Each purchase under a handle that was not used before, in an order that is nobody's; some through the shop."""
        devices = [("cameras", device) for device in self.cameras[:7]] + [("phones", device) for device in self.phones[:9]]
        buyers = [(person, number) for person in PERSONS for number in range(PURCHASES)]
        self.dice.shuffle(buyers)
        self.bought = []
        for turn, ((maker, device), (person, number)) in enumerate(zip(devices, buyers)):
            if turn % 4 == 0:
                self.run(maker, "ownership", "offer", device, "--to", "shop")
                self.run("shop", "ownership", "accept", device)
                maker = "shop"
            self.hand_over(lambda *words: self.run(maker, *words), device, person, number)
            self.bought.append((person, number, device))

    def hand_over(self, say, device, person, number):
        say("ownership", "offer", device, "--to", self.handles[person][number].hex())
        self.say(person, number, "ownership", "accept", device)

    def first(self, person, of, skip=0):
        return [(number, device) for who, number, device in self.bought if who == person and device in of][skip]

    def live(self):
        run, say = self.run, self.say
        # Resold from person to person, each under a fresh handle; a member in between.
        number, self.resold = self.first("ann", self.cameras + self.phones)
        say("ann", number, "ownership", "offer", self.resold, "--to", self.handles["ben"][8].hex())
        self.mistaken = ("ben", 10)  # accepts what another handle of the same person was offered
        say(*self.mistaken, "ownership", "accept", self.resold, code=FORBIDDEN)
        say("ann", number, "ownership", "cancel", self.resold)
        self.hand_over(lambda *words: say("ann", number, *words), self.resold, "ben", 8)
        number, device = self.first("cho", self.cameras + self.phones)
        say("cho", number, "ownership", "offer", device, "--to", "carrier")
        run("carrier", "ownership", "accept", device)
        self.hand_over(lambda *words: run("carrier", *words), device, "dee", 9)
        # Two things of one person, and one of another, go to the same workshop and come back to the same house.
        repaired = [("dee", *self.first("dee", self.cameras + self.phones, skip)) for skip in (0, 1)]
        for who, number, device in [*repaired, ("cho", *self.first("cho", self.cameras + self.phones, 1))]:
            say(who, number, "custody", "recall", device, "--device")
            say(who, number, "custody", "ship", device, "--device", "--to", "carrier", "--place", PLACES["home"])
            run("carrier", "custody", "receive", device, "--device", "--place", PLACES["dock"])
            run("carrier", "custody", "ship", device, "--device", "--to", self.handles[who][number].hex(), "--place", PLACES["dock"])
            say(who, number, "custody", "receive", device, "--device", "--place", PLACES["home"])
        # A part is changed; a device gets a key; a key is rotated; a party goes to another registrar; an end.
        who = "ben"
        number, device = self.first(who, self.cameras)
        old, new = self.cells[self.cameras.index(device)], self.cells[CAMERAS]
        run("cameras", "custody", "ship", new, "--to", self.handles[who][number].hex(), "--with-title")
        say(who, number, "custody", "receive", new, "--with-title")
        say(who, number, "custody", "recall", device, "--device")
        say(who, number, "device", "detach", device, old)
        say(who, number, "device", "attach", device, new)
        run("thing", "key", "create", "own")
        say(who, number, "key", "register", "own@" + self.file("thing"), "--for", "device:" + device)
        run("ben", "key", "create", "next")
        say("ben", 3, "key", "rotate", "next")
        say("cho", 3, "party", "move", "--to", "clinic", "--approve-with", "clinic@" + self.file("clinic"))
        number, device = self.first("ann", self.cameras + self.phones, skip=1)
        say("ann", number, "document", "record", self.file("image"), "--about", device, "--content-type", "text/plain")
        say("ann", number, "device", "retire", device)

    def be_careless(self):
        """Who lets two handles be opened alone, and says one place by its id under both."""
        self.careless = self.request(CARELESS, "Zoe Ruhl", 2)
        self.warned = self.run("shop", "party", "open", self.file(CARELESS + ".request"))
        self.careless_place = hashlib.sha256(b"a place").digest()
        for number, device in enumerate(self.phones[9:11]):
            self.run("phones", "ownership", "offer", device, "--to", self.careless[number].hex())
            self.say(CARELESS, number, "ownership", "accept", device)
            self.say(CARELESS, number, "custody", "recall", device, "--device")
            self.say(CARELESS, number, "custody", "ship", device, "--device", "--to", "carrier", "--place", self.careless_place.hex())
