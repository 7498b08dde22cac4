# SPDX-License-Identifier: Apache-2.0
"""Device passports (docs/formats/passport.md): a page alone, step by step, and a set of pages together."""
from types import SimpleNamespace

from . import forms
from .codec import decode, demand
from .forms import DEVICE, FIRMWARE, KEY, MODEL, PART, PARTY, ROLE_GRANT
from .merkle import beside_range, leaf_hash, root_from_range
from .names import blinded, issuer_of, key_of, member_handle
from .receipt import event_leaf
from .records import MOUNTED, RECORDS
from .state import verify_anchor, verify_item
from .statement import check_approval, check_signature, read_approvals, read_statement

PAGE_MAX = 1024 * 1024
FAMILY = {DEVICE: "device", PART: "part", KEY: "key", MODEL: "model", PARTY: "party", FIRMWARE: "firmware", ROLE_GRANT: "role"}
PARTY_SUBJECT = 1


def has_history(thing):
    return thing.type in (DEVICE, PART)


# --- the order of things, and that each is there and its own ---

def check_place(before, thing, device):
    if before is None:
        demand((thing.type, thing.id) == (DEVICE, device), "passport: it does not begin with its device")
        return
    demand(thing.type != DEVICE, "passport: a second device")
    in_order = before.type < thing.type or before.type == thing.type and (thing.type == PART or before.id < thing.id)
    demand(in_order, "passport: the things are out of order")


def split_id(thing):
    """What names the record: ids raw, numbers as 8 bytes."""
    length = {FIRMWARE: 40, ROLE_GRANT: 72}.get(thing.type, 32)
    demand(len(thing.id) == length, "thing: the id has a wrong length")
    if length == 32:
        return [thing.id]
    number = int.from_bytes(thing.id[32:40], "big")
    demand(thing.type == FIRMWARE or number <= 255, "thing: no such role")
    return [thing.id[:32], number, *([thing.id[40:]] if thing.type == ROLE_GRANT else [])]


def check_own(thing, names, ledger):
    """That the record is this thing's, where it says whose it is."""
    record, own = thing.record, True
    if thing.type == KEY:
        own = record.key.thumbprint() == thing.id
    elif thing.type == PARTY and record.name is not None:
        own = member_handle(ledger, record.name) == thing.id
    elif thing.type == FIRMWARE:
        own = [record.model, record.sequence] == names
    elif thing.type == ROLE_GRANT:
        own = [record.to, record.role, record.scope] == names
    demand(own, "thing: the record is another thing's")


def check_text(thing):
    """A model's name and a release's version stand in the body whose leaf the record names."""
    if thing.type in (MODEL, FIRMWARE) and thing.text:
        demand(leaf_hash(thing.text.salt, thing.text.body) == thing.record.text, "thing: the text is not the one that the ledger names")


def check_thing(thing, anchor):
    names = split_id(thing)
    value = verify_item(thing.item, key_of(FAMILY[thing.type], *names), anchor)
    demand(value is not None, "thing: absent from the ledger")
    thing.record = decode(RECORDS[FAMILY[thing.type]], value, f"{FAMILY[thing.type]} record")
    check_own(thing, names, anchor.record.ledger)
    check_text(thing)
    demand(has_history(thing) == (thing.run is not None), "thing: the device and its parts, and nothing else, have events")
    demand(has_history(thing) or thing.opening is None, "thing: only the device and its parts have a model to open")
    demand(thing.type in (MODEL, FIRMWARE) or thing.text is None, "thing: only models and firmware have a text")


def check_things(page, anchor):
    demand(page.things, "passport: empty")
    for before, thing in zip([None, *page.things], page.things):
        check_place(before, thing, page.device)
        check_thing(thing, anchor)


# --- parts ---

def check_parts(things):
    """Units name their parts in the order in which these stand; a unit stands before its parts. Returns the parts that are not shown."""
    units = [thing for thing in things if has_history(thing)]
    shown, missing = 1, []
    for place, unit in enumerate(units):
        demand(place < shown, "passport: a part that is not in the device, or out of order")
        for child in unit.record.children:
            part = units[shown] if shown < len(units) else None
            if part is None or part.id != child:
                missing.append(child)
                continue
            demand(part.record.state == MOUNTED and part.record.parent == unit.id, "passport: a part is mounted elsewhere")
            shown += 1
    return missing


# --- events ---

def check_event_order(page):
    """Each event follows the one before; each statement comes when the one before is done with, none is left out."""
    events = page.events
    demand(not events or events[0].statement == 0, "passport: the events do not begin with the first statement")
    for before, event in zip(events, events[1:]):
        if event.statement == before.statement:
            demand(event.index > before.index and event.height == before.height, "passport: events of a statement out of order")
        else:
            demand(event.statement == before.statement + 1, "passport: statements out of order")
        demand(event.height >= before.height and event.time_ms >= before.time_ms, "passport: events out of order")
    used = events[-1].statement + 1 if events else 0
    demand(used == len(page.statements), "passport: a statement without an event, or an event without its statement")


class Leaves:
    """The leaves of a page's events, each computed when a thing names it."""

    def __init__(self, page):
        self.page, self.known, self.statements = page, {}, {}

    def statement(self, number):
        if number not in self.statements:
            self.statements[number] = read_statement(self.page.statements[number].sign1, "statement")
        return self.statements[number]

    def __getitem__(self, number):
        if number not in self.known:
            demand(number < len(self.page.events), "thing: no such event")
            event = self.page.events[number]
            self.known[number] = event_leaf(self.statement(event.statement), self.page.statements[event.statement], event)
        return self.known[number]


def check_run(thing, leaves):
    """The run is what the thing's history has from `first` on."""
    place, events, history = thing.run.range, thing.run.events, thing.record.history
    demand(all(one < other for one, other in zip(events, events[1:])), "thing: its events are out of order")
    beside_range(place.first, place.before, len(events), place.after, history.count)
    root = root_from_range(place.first, place.before, [leaves[number] for number in events], place.after, history.count)
    demand(root == history.root, "thing: its events are not those that the ledger has recorded")


def check_events(page):
    """Returns the events' leaves, in order."""
    check_event_order(page)
    leaves = Leaves(page)
    for thing in filter(has_history, page.things):
        check_run(thing, leaves)
    demand(len(leaves.known) == len(page.events), "passport: an event that concerns neither the device nor a part")
    return [leaves[number] for number in range(len(page.events))]


# --- signatures ---

def check_signatures(page, ledger):
    """Returns the ids of the keys that have signed, and how many signatures hold."""
    keys = {thing.id: thing.record for thing in page.things if thing.type == KEY}
    signers, count = set(), 0
    for statement in page.statements:
        said = read_statement(statement.sign1, "statement")
        demand(said.payload.ledger == ledger, "passport: a statement for another ledger")
        demand(said.header.kid in keys, "passport: a signer's key is missing")
        record = keys[said.header.kid]
        is_issuer = issuer_of(record.subject.type, record.subject.id) == said.header.claims.iss
        demand(is_issuer, "passport: a statement names another issuer than its key's")
        check_signature(said, record.key, "passport")
        approvals = read_approvals(statement.also, "statement.also") if statement.also is not None else []
        for given in approvals:
            demand(given.kid in keys, "passport: an approver's key is missing")
            check_approval(given, said.identity, keys[given.kid].key, "passport")
        signers.update([said.header.kid], (given.kid for given in approvals))
        count += 1 + len(approvals)
    return signers, count


# --- what the rest is for ---

def model_of(thing):
    """None when there is none, or a blinded one that is not opened."""
    if thing.record.blinded_class is None:
        return thing.record.model
    return thing.opening.model if thing.opening else None


def check_model(thing, models):
    """Returns whether the thing's model is proved, or it has none. Who registers a thing may blind the id of anybody's model."""
    model, is_blinded = model_of(thing), thing.record.blinded_class is not None
    demand(is_blinded or thing.opening is None, "passport: the opening of a model that is not blinded")
    if model is None:
        return not is_blinded
    demand(model in models, "passport: the model of the device or of a part is missing")
    if thing.opening:
        is_its = blinded(thing.opening.salt, model) == thing.record.model
        demand(is_its, "passport: the opening of a model is not the one that the ledger has recorded")
        return (models[model].class_, models[model].vendor) == (thing.record.blinded_class, thing.record.maker)
    return True


def parties_named_by(thing):
    record = thing.record
    if has_history(thing):
        return {record.maker, record.owner, record.custodian, record.offered_to, record.shipped_to}
    if thing.type == KEY:
        return {record.subject.id} if record.subject.type == PARTY_SUBJECT else set()
    return {MODEL: lambda: {record.vendor}, PARTY: lambda: {record.registrar}, ROLE_GRANT: lambda: {record.from_, record.to},
            FIRMWARE: set}[thing.type]()


def check_context(things, signers):
    """Nothing stands there that nothing refers to. Returns the device and parts whose model is not proved."""
    units = [thing for thing in things if has_history(thing)]
    models = {thing.id: thing.record for thing in things if thing.type == MODEL}
    unproved = {(unit.type, unit.id) for unit in units if not check_model(unit, models)}
    of_units = {model_of(unit) for unit in units}
    keys = signers.union(entry.key for unit in units for entry in unit.record.keys)
    parties = set().union(*map(parties_named_by, things))
    speakers = set().union(*(parties_named_by(thing) for thing in things if thing.type == KEY))
    for thing in things:
        is_needed = {KEY: thing.id in keys, MODEL: thing.id in of_units, FIRMWARE: thing.id[:32] in of_units, PARTY: thing.id in parties,
                     ROLE_GRANT: thing.id[:32] in speakers}.get(thing.type, True)
        demand(is_needed, "passport: a key, model, party, firmware or role that nothing refers to")
    return unproved


# --- a page ---

def span_of(thing):
    """Which events of the thing are shown, and how many it has."""
    first = thing.run.range.first
    return SimpleNamespace(first=first, end=first + len(thing.run.events), count=thing.record.history.count)


def verify_page(data, policy):
    demand(len(data) <= PAGE_MAX, "passport: over 1 MiB")
    page = decode(forms.PASSPORT_PAGE, data, "passport")
    anchor = verify_anchor(page.anchor, policy)
    check_things(page, anchor)
    missing = check_parts(page.things)
    leaves = check_events(page)
    signers, count = check_signatures(page, policy.ledger)
    unproved = check_context(page.things, signers)
    units = {(thing.type, thing.id): thing for thing in page.things if has_history(thing)}
    whole = not missing and all(len(unit.run.events) == unit.record.history.count for unit in units.values())
    withheld = {leaf for leaf, event in zip(leaves, page.events) if event.withheld is not None}
    text = (f"{len(page.things)} things, {len(page.events)} events, {count} signatures, {len(withheld)} withheld, "
            f"{len(unproved)} unproved models, {'complete' if whole else 'a part of it'}, at block {anchor.record.height}")
    return SimpleNamespace(checkpoint=anchor.checkpoint, device=page.device, units=units, complete=whole, withheld=withheld,
                           unproved=unproved, events=set(leaves), things={(thing.type, thing.id) for thing in page.things},
                           signatures=count, text=text)


# --- a set of pages ---

def events_not_shown(spans):
    """Of one thing, from all pages: ranges of its history that none of them has."""
    gaps, reached = [], 0
    for span in sorted((span for span in spans if span.first < span.end), key=lambda span: span.first):
        if span.first > reached:
            gaps.append((reached, span.first))
        reached = max(reached, span.end)
    return gaps + ([(reached, spans[0].count)] if reached < spans[0].count else [])


def gaps_of(pages):
    """In words, beginning with the device and walking down its parts, each once: what the pages together do not show."""
    gaps, units = [], [(DEVICE, pages[0].device)]
    for unit in units:
        shown = [page.units[unit] for page in pages if unit in page.units]
        gaps += [f"events {first} to {end} of {unit[1].hex()}" for first, end in events_not_shown([span_of(thing) for thing in shown])]
        for child in shown[0].record.children:
            if not any((PART, child) in page.units for page in pages):
                gaps.append(f"part {child.hex()}")
            elif (PART, child) not in units:
                units.append((PART, child))
    return gaps


def counts_of(pages):
    """What the pages show together, each once: a text is withheld when no page has it, a model unproved when no page proves it."""
    things, events = (set().union(*(getattr(page, what) for page in pages)) for what in ("things", "events"))
    readable = set().union(*(page.events - page.withheld for page in pages))
    proved = set().union(*(page.units.keys() - page.unproved for page in pages))
    units = set().union(*(page.units for page in pages))
    return {"things": len(things), "events": len(events), "withheld": len(events - readable), "unproved_models": len(units - proved),
            "signatures": sum(page.signatures for page in pages)}


def verify_pages(datas, policy):
    """Each page alone, then all of them together: one device, one moment; complete, or `gaps` names what is not shown."""
    pages = [verify_page(data, policy) for data in datas]
    demand(pages, "passport: no page")
    demand(len({page.device for page in pages}) == 1, "passport: pages of several devices")
    demand(len({(page.checkpoint.size, page.checkpoint.root) for page in pages}) == 1, "passport: pages of several moments")
    gaps = gaps_of(pages)
    counts = counts_of(pages)
    text = f"{len(pages)} pages, {counts['things']} things, {counts['events']} events, "
    text += f"not shown: {'; '.join(gaps)}" if gaps else "complete"
    return SimpleNamespace(checkpoint=pages[0].checkpoint, pages=pages, gaps=gaps, counts=counts, text=text)
