# SPDX-License-Identifier: Apache-2.0
"""Made-up documents of newer programs, one of each kind, and what a verifier of this form must say of each.

Everything about them holds: they are signed, and the ledger has what they show. So the verdict is about the form alone:
an addition (64 to 127) is passed over, a newer form is refused as newer, what no program may write is refused.
"""
import copy
from collections import namedtuple

import cbor2

from independent.codec import encode
from independent.names import parse_path
from life import KINDS, RELEASE
from wallet import APPROVAL

VERIFIED, NEWER, REFUSED = "verified", "newer", "refused"
# `what` and `name` as reference.py has them.
Case = namedtuple("Case", "label what name policy data verdict")

OPEN = [({100: 0}, VERIFIED), ({127: {1: [b"", "a"]}}, VERIFIED), ({128: 0}, NEWER), ({130: "x"}, NEWER), ({63: 0}, REFUSED)]
CLOSED = [({63: 0}, NEWER), ({100: 0}, NEWER), ({130: 0}, NEWER)]
FORMS = [({1: 3}, NEWER), ({1: 2**64 - 1}, NEWER), ({1: 1}, REFUSED)]


def changed(value, path, fields):
    """A copy in which the map at this path has these fields too."""
    value = copy.deepcopy(value)
    inner = value
    for step in path:
        inner = inner[step]
    inner.update(fields)
    return value


def sealed_with(ledger, key, fields):
    """A copy of the ledger whose record has these fields too."""
    ledger = copy.deepcopy(ledger)
    ledger.rows[key] = encode({**cbor2.loads(ledger.rows[key]), **fields})
    ledger.seal()
    return ledger


class Cases:
    def __init__(self, life):
        self.life, self.ledger, self.out = life, life.ledger, []

    def add(self, label, what, name, data, verdict, policy=None):
        self.out.append(Case(label, what, name, policy or self.ledger.policy(), data, verdict))

    def variants(self, label, what, name, value, places):
        """`places`: where in the value, and which fields are tried there."""
        for path, tries in places:
            for fields, verdict in tries:
                self.add(f"{label} {list(path)} {fields}", what, name, encode(changed(value, path, fields)), verdict)

    # --- proofs and files: what is in them and nobody has signed ---

    def of_proofs(self):
        ledger = self.ledger
        receipt = ledger.receipt(ledger.events[3])
        answer = ledger.state_answer(parse_path("ledger")[1])
        self.variants("checkpoint", "checkpoint", None, ledger.checkpoint(), [((), OPEN + FORMS), ((5, 0), OPEN)])
        self.variants("receipt", "receipt", None, receipt, [((), OPEN + FORMS), ((2,), OPEN + [({11: 9}, NEWER)]), ((5,), OPEN + FORMS)])
        self.variants("answer", "state", "ledger", answer, [((), OPEN + FORMS), ((2,), OPEN), ((3,), OPEN)])
        path = f"list/{self.life.chips.handle.hex()}/models"
        page = ledger.list_page(self.life.chips.handle, "models")
        self.variants("list", "list", path, page, [((), OPEN + FORMS), ((4,), OPEN), ((3,), OPEN), ((6, 1), OPEN)])
        self.of_passport(self.life.pages().page())

    def of_passport(self, page):
        run, key = (4, 0, 4), next(place for place, thing in enumerate(page[4]) if thing[1] == 3)
        self.variants("passport", "passport", None, page, [
            ((), OPEN + FORMS), ((4, 0), OPEN), (run, OPEN), ((*run, 1), OPEN), ((4, key), OPEN + [({1: 8}, NEWER)]), ((5, 0), OPEN),
            ((6, 0), OPEN + [({9: 4}, NEWER)]), ((4, 0, 3), OPEN)])

    def of_policy(self):
        value, checkpoint = self.ledger.policy_value(), encode(self.ledger.checkpoint())
        for path, tries in (((), CLOSED + FORMS), ((4, 0), CLOSED), ((8, 0), CLOSED)):
            for fields, verdict in tries:
                policy = encode(changed(value, path, fields))
                self.add(f"policy {list(path)} {fields}", "checkpoint", None, checkpoint, verdict, policy)

    def of_genesis(self):
        self.variants("genesis", "genesis", None, self.life.genesis_value, [
            ((), CLOSED + FORMS + [({2: 2}, NEWER), ({2: 0}, REFUSED)]), ((6, 0), CLOSED), ((11, 0), CLOSED), ((5, 0), OPEN), ((10,), OPEN),
            ((5, 0, 5, 0), OPEN + [({2: 99}, NEWER)])])

    # --- what is signed ---

    def said(self, label, verdict, kind=KINDS["document"], submitted=None, **options):
        """A document's body said on a copy of the ledger, as submission and as receipt."""
        ledger, acme = copy.deepcopy(self.ledger), self.life.acme
        body = copy.deepcopy(self.ledger.events[-8].statement.bodies[0])
        said = ledger.say(acme.wallet, acme.issuer, kind, [body], approvers=[(RELEASE, self.life.releasers[0])], **options)
        ledger.seal()
        event = next(event for event in ledger.events if event.statement is said)
        self.add(f"{label}: submission", "statement", None, said.submission, submitted or verdict)
        self.add(f"{label}: receipt", "receipt", None, encode(ledger.receipt(event)), verdict)

    def of_statements(self):
        self.said("a statement", VERIFIED)
        self.said("a kind that nobody knows", VERIFIED, kind=(0x7F01, "thing.unheard"), submitted=NEWER)
        for fields, verdict in CLOSED + FORMS:
            self.said(f"payload {fields}", verdict, payload=fields)
        for field in (7, 16, 100, 130):
            self.said(f"header {field}", NEWER, header={field: 0})
            self.said(f"claims {field}", NEWER, header={15: {1: "party:00", 2: "a", field: 0}})
            self.said(f"approval header {field}", NEWER, also_header=self.life.releasers[0].header(APPROVAL, {field: 0}))
        self.said("approval header as it is", VERIFIED, also_header=self.life.releasers[0].header(APPROVAL))
        self.of_roles()

    def of_roles(self):
        ledger, acme = copy.deepcopy(self.ledger), self.life.acme
        said = ledger.say(acme.wallet, acme.issuer, KINDS["document"], [self.ledger.events[-8].statement.bodies[0]],
                          approvers=[(7, self.life.releasers[0])])
        self.add("a role that nobody knows", "statement", None, said.submission, NEWER)

    def of_steps(self):
        life = copy.deepcopy(self.life)
        self.add("a step", "step", None, life.incarnation().submission, VERIFIED)
        for fields, verdict in CLOSED + [({7: 0}, NEWER)]:
            self.add(f"a step with {fields}", "step", None, life.incarnation(more=fields).submission, verdict)
        self.add("a step by too few", "step", None, life.incarnation(approvers=()).submission, REFUSED)

    # --- what the ledger has ---

    def of_records(self):
        """Of each kind of record: its form, an unknown value of an enumeration, and fields more."""
        for name, field in self.life.places().items():
            key = parse_path(name)[1]
            closed = name == "policy"
            tries = (CLOSED if closed else OPEN) + FORMS + ([({field: 99}, NEWER)] if field else [])
            for fields, verdict in tries:
                ledger = sealed_with(self.ledger, key, fields)
                self.add(f"{name.split('/')[0]} record {fields}", "state", name, encode(ledger.state_answer(key)), verdict)

    def of_blocks(self):
        for fields, verdict in OPEN + FORMS + [({2: 3}, NEWER), ({2: 1}, REFUSED)]:
            ledger = copy.deepcopy(self.ledger)
            ledger.seal(record=fields)
            self.add(f"block record {fields}", "state", "ledger", encode(ledger.state_answer(parse_path("ledger")[1])), verdict)

    def of_lists(self):
        party = self.life.acme.handle
        for fields, verdict in CLOSED + FORMS + [({4: 3}, NEWER)]:
            ledger = copy.deepcopy(self.ledger)
            ledger.lists[party, "models"][0].update(fields)
            ledger.put_list(party, "models")
            ledger.seal()
            self.add(f"list entry {fields}", "list", f"list/{party.hex()}/models", encode(ledger.list_page(party, "models")), verdict)
        # A page proves the records of its entries, and reads none of them.
        what = parse_path(f"model/{self.ledger.lists[party, 'models'][0][2].hex()}")[1]
        page = sealed_with(self.ledger, what, {130: 0}).list_page(party, "models")
        self.add("a newer record in a list", "list", f"list/{party.hex()}/models", encode(page), VERIFIED)

    def of_things(self):
        """In a passport: records of the device, of a key and of a model."""
        ids = {"device": self.life.camera, "key": self.life.chips.wallet.kid, "model": self.life.models["board"]}
        for name in (f"{family}/{id.hex()}" for family, id in ids.items()):
            for fields, verdict in OPEN + FORMS + [({8: 77}, NEWER)]:
                life = copy.copy(self.life)
                life.ledger = sealed_with(self.ledger, parse_path(name)[1], fields)
                self.add(f"{name.split('/')[0]} in a passport {fields}", "passport", None, encode(life.pages().page()), verdict)


def newer_cases(life):
    cases = Cases(life)
    for part in (cases.of_proofs, cases.of_policy, cases.of_genesis, cases.of_statements, cases.of_steps, cases.of_records, cases.of_blocks,
                 cases.of_lists, cases.of_things):
        part()
    return cases.out
