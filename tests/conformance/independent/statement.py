# SPDX-License-Identifier: Apache-2.0
"""Submissions, what their keys sign, and approvals (docs/formats/statement.md)."""
from types import SimpleNamespace

from . import forms
from .bodies import BY_NUMBER
from .codec import BYTES, Newer, decode, demand, encode, known_as, listed, octets, sequence
from .crypto import ED25519, ESP256, check_low_s, sha256
from .merkle import leaf_hash, log_root

SUBMISSION_MAX = 1024 * 1024
HEADER_MAX, PAYLOAD_MAX = 512, 256
STATEMENT_TYPE = "application/mikusari-statement+cbor"
APPROVAL_TYPE = "application/mikusari-approval+cbor"
EMPTY_MAP = b"\xa0"


def signed_structure(header, payload):
    """RFC 9052 section 4.4."""
    return encode(["Signature1", header, b"", payload])


def check_sign1(header, signature, where):
    demand(header.algorithm in (ESP256, ED25519), f"{where}: an algorithm that the ledger does not take")
    demand(len(signature) == 64, f"{where}: a signature that is not 64 bytes")
    check_low_s(header.algorithm, signature, where)


def said_in(members, where):
    """A statement's parts, and what its key has signed."""
    protected, unprotected, payload_bytes, signature = members
    demand(unprotected == EMPTY_MAP, f"{where}: the unprotected header is not empty")
    demand(len(protected) <= HEADER_MAX and len(payload_bytes) <= PAYLOAD_MAX, f"{where}: header or payload is too long")
    header = decode(forms.HEADER, protected, f"{where}.header")
    demand(header.content_type == STATEMENT_TYPE, f"{where}: another content type")
    payload = decode(forms.PAYLOAD, payload_bytes, f"{where}.payload")
    check_sign1(header, signature, where)
    structure = signed_structure(protected, payload_bytes)
    return SimpleNamespace(header=header, payload=payload, structure=structure, signature=signature, identity=sha256(structure))


def statement(reader, where):
    """A type for codec: a whole COSE_Sign1, opened."""
    return said_in(forms.SIGN1(reader, where), where)


def read_statement(sign1, where):
    return decode(statement, sign1, where)


def check_signature(said, key, where):
    demand(key.algorithm == said.header.algorithm, f"{where}: the algorithm does not fit the key")
    key.verify(said.structure, said.signature, where)


# --- approvals ---

@known_as("approval")
def approval(reader, where):
    """A type for codec: [role, COSE_Sign1 without its payload]."""
    role, (protected, unprotected, _, signature) = sequence(forms.ROLE, forms.DETACHED)(reader, where)
    demand(unprotected == EMPTY_MAP, f"{where}: the unprotected header is not empty")
    header = decode(forms.APPROVAL_HEADER, protected, where)
    demand(header.content_type == APPROVAL_TYPE, f"{where}: another content type")
    check_sign1(header, signature, where)
    return SimpleNamespace(role=role, kid=header.kid, algorithm=header.algorithm, protected=protected, signature=signature)


APPROVALS = listed(approval, 16)


def check_approval_order(approvals):
    order = [(each.role, each.kid) for each in approvals]
    demand(all(one < other for one, other in zip(order, order[1:])), "approvals: they do not ascend by role and key, each once")


def read_approvals(also, where):
    approvals = decode(APPROVALS, also, where)
    demand(approvals, f"{where}: an empty list, which must be left out")
    check_approval_order(approvals)
    return approvals


def check_approval(given, identity, key, where):
    """The key has approved the statement, in this role. It signs [identity, role]."""
    demand(key.thumbprint() == given.kid and key.algorithm == given.algorithm, f"{where}: another key than the one that the approval names")
    key.verify(signed_structure(given.protected, encode([identity, given.role])), given.signature, where)


# --- submissions ---

@known_as("salted-body / body-leaf")
def salted_body(reader, where):
    """A type for codec: [salt, body], or the leaf of a withheld body."""
    if reader.major() == BYTES:
        return SimpleNamespace(body=None, salt=None, leaf=octets(32)(reader, where))
    salt, body = sequence(forms.SALT, octets())(reader, where)
    return SimpleNamespace(body=body, salt=salt, leaf=leaf_hash(salt, body))


SUBMISSION = sequence(statement, listed(salted_body, 4096), APPROVALS)


def read_submission(data):
    """The statement, its bodies and its approvals. Their form, and that the bodies are the signed ones; no signature."""
    demand(len(data) <= SUBMISSION_MAX, "submission: over 1 MiB")
    said, bodies, approvals = decode(SUBMISSION, data, "submission")
    demand(bodies and len(bodies) == said.payload.count, "submission: no body, or another number than the signed one")
    demand(all(each.body is None or len(each.body) <= forms.BODY_MAX for each in bodies), "submission: a body over 64 KiB")
    demand(log_root([each.leaf for each in bodies]) == said.payload.bodies_root, "submission: other bodies than the signed ones")
    check_approval_order(approvals)
    return said, bodies, approvals


def verify_submission(data, keys=()):
    """As who shows it: the bodies have the form of their kind. `keys`: of the signer, if any, then of approvers."""
    said, bodies, approvals = read_submission(data)
    if said.payload.kind not in BY_NUMBER:
        raise Newer(f"submission: kind {said.payload.kind:04x}")
    for each in bodies:
        if each.body is not None:
            decode(BY_NUMBER[said.payload.kind].body, each.body, f"submission: {said.header.claims.sub}")
    if keys:
        demand(keys[0].thumbprint() == said.header.kid, "submission: another key than the one named")
        check_signature(said, keys[0], "submission")
    for key in keys[1:]:
        given = [each for each in approvals if each.kid == key.thumbprint()]
        demand(given, "submission: a key that has not approved")
        for each in given:
            check_approval(each, said.identity, key, "submission")
    withheld = sum(each.body is None for each in bodies)
    text = f"statement {said.identity.hex()}, {len(bodies)} bodies, {withheld} withheld, {len(approvals)} approvals"
    return SimpleNamespace(said=said, bodies=bodies, approvals=approvals, text=text)
