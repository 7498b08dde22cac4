# SPDX-License-Identifier: Apache-2.0
"""Receipts (docs/formats/receipt.md): that one body was committed, with what its leaf in the log is computed from."""
from types import SimpleNamespace

from . import forms
from .checkpoint import verify_checkpoint
from .codec import FORM, decode, demand, encode
from .crypto import sha256
from .merkle import leaf_hash, root_from_inclusion
from .statement import read_approvals, read_statement


def leaf_of_body(event):
    """Under bodies_root: of the salt and the text, or, when that is withheld, as it stands there."""
    if event.withheld is not None:
        demand(event.salt is None and event.body is None, "event: a withheld body stands there with its text")
        return event.withheld
    demand(event.salt is not None and event.body is not None, "event: neither a body nor its leaf")
    demand(len(event.body) <= forms.BODY_MAX, "event: a body over 64 KiB")
    return leaf_hash(event.salt, event.body)


def hash_of_approvals(holder):
    """Of an event or a passport's statement: from its approvals, or as it says; None when it has none."""
    if holder.also is None:
        return holder.also_hash
    demand(holder.also_hash is None, "event: approvals beside their hash")
    read_approvals(holder.also, "event.also")
    return sha256(holder.also)


def event_leaf(said, holder, event):
    """The leaf in the log of a body that the statement was signed for. `holder` has the approvals."""
    body, also = leaf_of_body(event), hash_of_approvals(holder)
    root = root_from_inclusion(event.index, said.payload.count, body, event.bodies_path)
    demand(root == said.payload.bodies_root, "event: the body is not one that was signed for")
    leaf = {1: FORM, 2: forms.BODY_LEAF, 3: said.identity, 4: sha256(said.signature), 6: body, 7: event.height, 8: event.time_ms,
            9: event.outcome}
    return leaf_hash(encode(leaf if also is None else {**leaf, 5: also}))


def verify_receipt(data, policy):
    receipt = decode(forms.RECEIPT, data, "receipt")
    checkpoint = verify_checkpoint(receipt.checkpoint, policy)
    said = read_statement(receipt.event.sign1, "receipt.sign1")
    leaf = event_leaf(said, receipt.event, receipt.event)
    demand(said.payload.ledger == policy.ledger, "receipt: the statement is for another ledger")
    root = root_from_inclusion(receipt.leaf_index, checkpoint.size, leaf, receipt.log_path)
    demand(root == checkpoint.root, "receipt: the body is not in the log")
    text = f"{said.header.claims.sub} committed in block {receipt.event.height}, leaf {receipt.leaf_index} of {checkpoint.size}"
    if receipt.event.withheld is not None:
        text += ", its text withheld"
    return SimpleNamespace(checkpoint=checkpoint, text=text)
