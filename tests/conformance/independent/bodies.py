# SPDX-License-Identifier: Apache-2.0
"""Every kind of statement (docs/formats/bodies.md): its number, name, and what its bodies hold."""
from collections import namedtuple

from .codec import Optional, Sparse, Structure, flag, listed, octets, one_of, text, uint
from .crypto import cose_key
from .forms import SIGNERS
from .records import (ACTIVATION, CLASS, CONTENT, COUNT, FORCE, HOW_RECOVERED, IMAGE, KNOWN, LEVEL, PARTY_ROLE, PURPOSE, REASON, SUBJECT)

U64, DIGEST, SIGNATURE = uint(), octets(32), octets(64)
NONCE = DIGEST
MAYBE, SIGNED, WHEN = Optional(U64), Optional(SIGNATURE), Optional(U64)
THING = one_of(1, 2)
AT = Optional(Structure({1: ("place", DIGEST), 2: ("tool", KNOWN)}))
KEEP = listed(DIGEST, 8)
RELEASE_KEYS = listed(DIGEST, 16)
MOUNT = Structure({1: ("part", DIGEST), 2: ("proof", SIGNED)})

Kind = namedtuple("Kind", "number name body")


def thing_and(**more):
    """Most bodies about a thing begin so."""
    fields = {1: ("type", THING), 2: ("thing", DIGEST)}
    return Structure({**fields, **{number: field for number, field in enumerate(more.items(), 3)}})


def body(closed=False, **fields):
    return Structure(dict(enumerate(fields.items(), 1)), closed)


KINDS = [Kind(*row) for row in [
    (0x0102, "ledger.incarnation", body(True, epoch=U64, signers=SIGNERS, threshold=U64, size=U64, root=DIGEST, lost_size=MAYBE)),
    (0x0110, "proposal.open", body(nonce=NONCE, content=CONTENT, reason=Optional(text))),
    (0x0111, "proposal.vote", body(proposal=DIGEST, choice=one_of(1, 2), reason=Optional(text))),
    (0x0201, "key.register", body(key=cose_key, purpose=PURPOSE, subject=SUBJECT, possession=SIGNATURE, level=LEVEL, activation=ACTIVATION,
                                  evidence=KNOWN)),
    (0x0202, "key.rotate", body(key=cose_key, possession=SIGNATURE)),
    (0x0203, "key.veto", body(key=DIGEST)),
    (0x0204, "key.revoke", body(key=DIGEST, reason=REASON)),
    (0x0205, "key.freeze", body(key=DIGEST)),
    (0x0206, "key.thaw", body(key=DIGEST)),
    (0x0301, "model.register", body(nonce=NONCE, name=text, class_=CLASS, release_keys=RELEASE_KEYS, release_threshold=U64)),
    (0x0302, "model.amend", body(model=DIGEST, release_keys=RELEASE_KEYS, release_threshold=U64)),
    (0x0303, "model.withdraw", body(model=DIGEST)),
    (0x0304, "model.certify", body(model=DIGEST, sequence=COUNT, until_ms=WHEN, evidence=KNOWN)),
    (0x0305, "model.decertify", body(model=DIGEST, sequence=COUNT)),
    (0x0401, "part.register", body(nonce=NONCE, model=DIGEST, blinded_class=Optional(CLASS), key=Optional(cose_key), possession=SIGNED,
                                   level=Optional(LEVEL), commitment=KNOWN, at=AT)),
    (0x0402, "part.inspect", thing_and(finding=one_of(1, 2, 3, 4), evidence=KNOWN, at=AT)),
    (0x0403, "part.scrap", body(part=DIGEST, on=U64)),
    (0x0501, "device.assemble", body(nonce=NONCE, type=one_of(1, 2), model=DIGEST, blinded_class=Optional(CLASS), mounts=listed(MOUNT, 64),
                                     commitment=KNOWN, at=AT)),
    (0x0502, "device.attach", body(unit=DIGEST, part=KNOWN, nonce=KNOWN, proof=SIGNED, accept=Sparse(flag), at=AT)),
    (0x0503, "device.detach", body(unit=DIGEST, part=DIGEST, keep=KEEP, at=AT)),
    (0x0504, "device.alarm", thing_and(cause=one_of(1, 2, 3, 4, 5), about=KNOWN, evidence=KNOWN)),
    (0x0506, "device.activate", body(device=DIGEST)),
    (0x0507, "device.suspend", body(device=DIGEST)),
    (0x0508, "device.resume", body(device=DIGEST)),
    (0x0509, "device.retire", body(device=DIGEST, on=U64)),
    (0x050A, "device.destroy", body(device=DIGEST, on=U64, evidence=KNOWN)),
    (0x0601, "custody.ship", thing_and(to=DIGEST, on=MAYBE, at=AT)),
    (0x0602, "custody.receive", thing_and(on=MAYBE, keep=KEEP, at=AT)),
    (0x0603, "custody.refuse", thing_and()),
    (0x0604, "custody.recall", thing_and()),
    (0x0701, "ownership.offer", thing_and(to=DIGEST, on=U64)),
    (0x0702, "ownership.accept", thing_and(on=U64, keep=KEEP)),
    (0x0703, "ownership.cancel", thing_and()),
    (0x0704, "ownership.force", thing_and(to=DIGEST, on=U64)),
    (0x0801, "firmware.release", body(model=DIGEST, sequence=U64, version=text, images=listed(IMAGE, 8), manifest=KNOWN, sbom=KNOWN)),
    (0x0804, "firmware.floor", body(model=DIGEST, sequence=U64)),
    (0x0805, "firmware.recall", body(model=DIGEST, sequence=U64, action=one_of(1, 2, 3))),
    (0x0B01, "party.open", body(nonce=NONCE, key=cose_key, possession=SIGNATURE, commitment=KNOWN, recovery=HOW_RECOVERED,
                                standby=Optional(cose_key), standby_possession=SIGNED, force=Optional(FORCE))),
    (0x0B02, "party.suspend", body(party=DIGEST, suspended=flag)),
    (0x0B03, "party.move", body(registrar=DIGEST)),
    (0x0B04, "party.close", body()),
    (0x0B05, "party.recover", body(party=DIGEST, key=cose_key, possession=SIGNATURE)),
    (0x0B06, "party.amend", body(k=MAYBE, recovery=Optional(HOW_RECOVERED), force=Optional(FORCE))),
    (0x0C01, "role.grant", body(to=DIGEST, role=PARTY_ROLE, scope=KNOWN, until_ms=WHEN)),
    (0x0C02, "role.revoke", body(to=DIGEST, role=PARTY_ROLE, scope=KNOWN)),
    (0x0D01, "document.record", body(type=one_of(*range(1, 16)), digest=DIGEST, content_type=Optional(text), about_type=Optional(THING),
                                     about=KNOWN)),
]]
BY_NUMBER = {kind.number: kind for kind in KINDS}
BY_NAME = {kind.name: kind for kind in KINDS}
INCARNATION = BY_NAME["ledger.incarnation"]
