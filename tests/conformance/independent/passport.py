# SPDX-License-Identifier: Apache-2.0
"""Device passports (docs/formats/passport.md), step by step as the page numbers them."""
from types import SimpleNamespace

from . import forms
from .codec import decode, demand
from .crypto import sha256
from .forms import DEVICE, FIRMWARE, KEY, MEMBER, MODEL, PART
from .policy import is_name
from .state import verify_anchor, verify_item
from .statement import check_signature, event_leaf, read_statement

PASSPORT_MAX = 1024 * 1024
ISSUER_MAX = 80
FAMILY = {DEVICE: b"device/", PART: b"part/", KEY: b"key/", MODEL: b"model/", MEMBER: b"member/", FIRMWARE: b"firmware/"}
RECORD = {DEVICE: forms.DEVICE_RECORD, PART: forms.PART_RECORD, KEY: forms.KEY_RECORD, MODEL: forms.MODEL_RECORD,
          MEMBER: forms.MEMBER_RECORD, FIRMWARE: forms.FIRMWARE_RECORD}


def has_history(thing):
    return thing.type in (DEVICE, PART)


# --- the order of things, and that each is there and its own (steps 1 and 2) ---

def check_order(things, device):
    demand((things[0].type, things[0].id) == (DEVICE, device), "passport: it does not begin with its device")
    for before, thing in zip(things, things[1:]):
        demand(thing.type != DEVICE, "passport: a second device")
        in_order = before.type < thing.type or before.type == thing.type and (thing.type == PART or before.id < thing.id)
        demand(in_order, "passport: the things are out of order")


def own_id(thing, record):
    """The id that the record itself gives, where it gives one."""
    if thing.type == KEY:
        return record.key.thumbprint()
    if thing.type == MODEL:
        return sha256(b"mikusari-model\x00", record.vendor.encode(), b"\x00", record.name.encode())
    if thing.type == MEMBER:
        return record.name.encode()
    if thing.type == FIRMWARE:
        return record.model + record.image
    return thing.id


def check_id(thing):
    if thing.type == MEMBER:
        demand(is_name(thing.id.decode("latin-1")), "thing: not a member's name")
    else:
        demand(len(thing.id) == (64 if thing.type == FIRMWARE else 32), "thing: the id has a wrong length")


def check_thing(thing, anchor):
    check_id(thing)
    value = verify_item(thing.item, sha256(FAMILY[thing.type], thing.id), anchor)
    demand(value is not None, "thing: absent from the ledger")
    thing.record = decode(RECORD[thing.type], value, "record of a thing")
    demand(own_id(thing, thing.record) == thing.id, "thing: the record is another thing's")
    wanted = thing.record.seq if has_history(thing) else 0
    demand(len(thing.events) == wanted, "thing: not as many events as the ledger has")


# --- parts (step 3) ---

def mount_is_disputed(part, unit):
    """Unit and part must say the same of each other."""
    if part.state == forms.MOUNTED and part.parent == unit:
        return False
    is_claimed = part.state == forms.DISPUTED and (part.parent == unit or unit in part.claims)
    demand(is_claimed, "passport: a part is mounted elsewhere")
    return True


def check_parts(things):
    """The parts are those that the units name, in that order; a unit that is one of them comes before its own."""
    units = [thing for thing in things if has_history(thing)]
    reached = {}  # parts by id, as units have named them
    for place, unit in enumerate(units):
        demand(place <= len(reached), "passport: a part that is not in the device")
        for child in unit.record.children:
            if child in reached:
                demand(mount_is_disputed(reached[child].record, unit.id), "passport: an undisputed part is mounted twice")
                continue
            part = units[len(reached) + 1] if len(reached) + 1 < len(units) else None
            demand(part is not None and part.id == child, "passport: a part is missing, or out of order")
            mount_is_disputed(part.record, unit.id)
            reached[child] = part


# --- events (step 4, and the bodies of step 5) ---

def check_event_order(passport):
    """Each event follows the one before; each statement comes when the one before is done with, none is left out."""
    events = passport.events
    demand(not events or events[0].statement == 0, "passport: the events do not begin with the first statement")
    for before, event in zip(events, events[1:]):
        if event.statement == before.statement:
            demand(event.index > before.index and event.height == before.height, "passport: events of a statement out of order")
        else:
            demand(event.statement == before.statement + 1, "passport: statements out of order")
        demand(event.height >= before.height and event.time_ms >= before.time_ms, "passport: events out of order")
    used = events[-1].statement + 1 if events else 0
    demand(used == len(passport.statements), "passport: a statement without an event, or an event without its statement")


def check_events(passport, statements):
    check_event_order(passport)
    leaves = [event_leaf(statements[event.statement], event) for event in passport.events]
    met = set()
    for thing in filter(has_history, passport.things):
        demand(all(one < other for one, other in zip(thing.events, thing.events[1:])), "thing: its events are out of order")
        head = bytes(32)
        for number in thing.events:
            demand(number < len(leaves), "thing: no such event")
            head = sha256(b"\x02", head, leaves[number])
            met.add(number)
        demand(head == thing.record.events_head, "thing: its events are not those that the ledger has recorded")
    demand(len(met) == len(leaves), "passport: an event that concerns neither the device nor a part")


# --- signatures (step 5) ---

def issuer_of(subject):
    name = subject.id if forms.SUBJECT_TYPES[subject.type] == "member" else subject.id.hex().encode()
    return forms.SUBJECT_TYPES[subject.type].encode() + b":" + name


def check_signatures(things, statements, ledger):
    """Returns the ids of the keys that have signed."""
    keys = {thing.id: thing.record for thing in things if thing.type == KEY}
    for said in statements:
        demand(said.payload.ledger == ledger, "passport: a statement for another ledger")
        demand(said.header.kid in keys, "passport: a signer's key is missing")
        record = keys[said.header.kid]
        issuer = issuer_of(record.subject)
        is_issuer = len(issuer) <= ISSUER_MAX and issuer == said.header.claims.iss.encode()
        demand(is_issuer, "passport: a statement names another issuer than its key's")
        check_signature(said, record.key, "passport")
    return {said.header.kid for said in statements}


# --- what the rest is for (step 6) ---

def members_named_by(thing):
    record = thing.record
    if thing.type == DEVICE:
        return {record.maker, record.owner, record.custodian, record.offered_to, record.in_transit_to}
    if thing.type == PART:
        return {record.maker, record.custodian, record.in_transit_to}
    if thing.type == MODEL:
        return {record.vendor}
    if thing.type == KEY and forms.SUBJECT_TYPES[record.subject.type] == "member":
        return {record.subject.id.decode("latin-1")}
    return set()


def keys_named_by(thing):
    return set(thing.record.keys) if thing.type == DEVICE else {thing.record.key} if thing.type == PART else set()


def check_context(things, signers):
    present = {(thing.type, thing.id) for thing in things}
    models = {thing.record.model for thing in things if has_history(thing)} - {None}
    keys = signers.union(*map(keys_named_by, things))
    members = set().union(*map(members_named_by, things))
    for model in models:
        demand((MODEL, model) in present, "passport: the model of the device or of a part is missing")
    for thing in things:
        is_needed = {KEY: thing.id in keys, MODEL: thing.id in models, FIRMWARE: thing.id[:32] in models,
                     MEMBER: thing.id.decode("latin-1") in members}.get(thing.type, True)
        demand(is_needed, "passport: a key, model, member or firmware that nothing refers to")


def verify_passport(data, policy):
    demand(len(data) <= PASSPORT_MAX, "passport: over 1 MiB")
    passport = decode(forms.PASSPORT, data, "passport")
    anchor = verify_anchor(passport.anchor, policy)
    things = passport.things
    check_order(things, passport.device)
    for thing in things:
        check_thing(thing, anchor)
    check_parts(things)
    statements = [read_statement(each, "statement") for each in passport.statements]
    check_events(passport, statements)
    check_context(things, check_signatures(things, statements, policy.ledger))
    text = f"{len(things)} things, {len(passport.events)} events, {len(statements)} signatures at block {anchor.record.height}"
    return SimpleNamespace(checkpoint=anchor.checkpoint, text=text)
