# SPDX-License-Identifier: Apache-2.0
"""Passports of a Python ledger, in pages, newest first."""
from independent.codec import encode
from ledger import key_of
from trees import range_proof

DEVICE, PART, KEY, MODEL, PARTY, FIRMWARE, ROLE = range(1, 8)
FAMILY = {DEVICE: "device", PART: "part", KEY: "key", MODEL: "model", PARTY: "party", FIRMWARE: "firmware", ROLE: "role"}


class Pages:
    """`texts`: by model's id, or by model's id and sequence, the event whose body says its name. `openings`: by thing's id."""

    def __init__(self, ledger, records, device, texts=None, openings=None):
        """`records`: what the ledger has for each id of a device or part, without its head."""
        self.ledger, self.records, self.device = ledger, records, device
        self.texts, self.openings = texts or {}, openings or {}
        self.units = [(DEVICE, device)]
        for _, unit in self.units:
            self.units += [(PART, child) for child in records[unit][21]]
        self.leaves = {unit: ledger.histories[self.key(*unit)][0] for unit in self.units}
        mine = {leaf for leaves in self.leaves.values() for leaf in leaves}
        self.events = [event for event in ledger.events if event.leaf in mine]

    @staticmethod
    def key(kind, id):
        """An id's parts follow each other in a path as they do in a passport."""
        return key_of(FAMILY[kind], id)

    def item(self, kind, id):
        return self.ledger.item(self.key(kind, id))

    def page(self, first=0, end=None, units=None, more=()):
        """The events from first to end, of these units; `more`: (type, id) of what else shall stand there."""
        events = self.events[first:end]
        units = self.units if units is None else units
        events = [event for event in events if any(event.leaf in self.leaves[unit] for unit in units)]
        said = list({id(event.statement): event.statement for event in events}.values())
        things = [self.unit(unit, events, first) for unit in units]
        rest = {(KEY, kid) for each in said for kid in [each.kid, *each.approvers]}
        rest |= {(MODEL, self.model_of(id)) for _, id in units if self.model_of(id)} | set(more)
        things += [self.thing(*each) for each in sorted(rest)]
        statements = [{1: each.sign1, **({2: each.also} if each.also != encode([]) else {})} for each in said]
        values = [self.ledger.event_value(event, said.index(event.statement)) for event in events]
        return {1: 2, 2: self.device, 3: self.ledger.anchor(), 4: things, 5: statements, 6: values}

    def whole(self, most=10_000, more=()):
        """All pages, each with so many events, newest first; each has all units."""
        ends = range(len(self.events), 0, -most)
        return [self.page(max(0, end - most), end, more=more) for end in ends]

    def unit(self, unit, events, first):
        leaves = self.leaves[unit]
        shown = [number for number, event in enumerate(events) if event.leaf in leaves]
        before = sum(event.leaf in leaves for event in self.events[:first])
        run = {1: range_proof(leaves, before, before + len(shown)), 2: shown}
        opening = {6: dict(self.openings[unit[1]])} if unit[1] in self.openings else {}
        return {1: unit[0], 2: unit[1], 3: self.item(*unit), 4: run, **opening}

    def thing(self, kind, id):
        out = {1: kind, 2: id, 3: self.item(kind, id)}
        if id in self.texts and kind in (MODEL, FIRMWARE):
            event = self.texts[id]
            out[5] = {1: event.statement.salts[event.index], 2: event.statement.encoded[event.index]}
        return out

    def model_of(self, unit):
        record = self.records[unit]
        return self.openings.get(unit, {}).get(2) if 10 in record else record.get(9)
