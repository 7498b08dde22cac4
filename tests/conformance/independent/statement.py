# SPDX-License-Identifier: Apache-2.0
"""Submissions (docs/formats/statement.md) and receipts (receipt.md)."""
from types import SimpleNamespace

from .checkpoint import verify_checkpoint
from .codec import decode, demand, encode
from .crypto import sha256
from .forms import RECEIPT, STATEMENT, SUBMISSION
from .merkle import leaf_hash, log_root, root_from_inclusion

SUBMISSION_MAX = 1024 * 1024


def said_in(members):
    """A statement's parts, and what its key has signed (RFC 9052 section 4.4)."""
    header, _, payload, signature = members
    structure = encode(["Signature1", header.encoded, b"", payload.encoded])
    return SimpleNamespace(header=header, payload=payload, structure=structure, signature=signature, identity=sha256(structure))


def read_statement(sign1, where):
    return said_in(decode(STATEMENT, sign1, where))


def check_signature(said, key, where):
    demand(key.algorithm == said.header.algorithm, f"{where}: the algorithm does not fit the key")
    key.verify(said.structure, said.signature, where)


def verify_submission(data, key=None):
    demand(len(data) <= SUBMISSION_MAX, "submission: over 1 MiB")
    members, bodies, _ = decode(SUBMISSION, data, "submission")
    said = said_in(members)
    demand(len(bodies) == said.payload.count, "submission: another number of bodies than the signed one")
    root = log_root([leaf_hash(salt, body) for salt, body in bodies])
    demand(root == said.payload.bodies_root, "submission: other bodies than the signed ones")
    if key:
        demand(key.thumbprint() == said.header.kid, "submission: another key than the one named")
        check_signature(said, key, "submission")
    return f"statement {said.identity.hex()}, {len(bodies)} bodies"


def event_leaf(said, event):
    """The leaf in the log of a body that the statement was signed for."""
    body = leaf_hash(event.salt, event.body)
    root = root_from_inclusion(event.index, said.payload.count, body, event.bodies_path)
    demand(root == said.payload.bodies_root, "event: the body is not one that was signed for")
    leaf = {1: said.identity, 2: sha256(said.signature), 3: body, 4: event.height, 5: event.time_ms, 6: event.outcome}
    return leaf_hash(encode(leaf))


def verify_receipt(data, policy):
    receipt = decode(RECEIPT, data, "receipt")
    checkpoint = verify_checkpoint(receipt.checkpoint, policy)
    said = read_statement(receipt.event.sign1, "receipt.sign1")
    demand(said.payload.ledger == policy.ledger, "receipt: the statement is for another ledger")
    leaf = event_leaf(said, receipt.event)
    root = root_from_inclusion(receipt.leaf_index, checkpoint.size, leaf, receipt.log_path)
    demand(root == checkpoint.root, "receipt: the body is not in the log")
    text = f"committed in block {receipt.event.height}, leaf {receipt.leaf_index} of {checkpoint.size}"
    return SimpleNamespace(checkpoint=checkpoint, text=text)
