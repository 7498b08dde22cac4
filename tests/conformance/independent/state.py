# SPDX-License-Identifier: Apache-2.0
"""State answers (docs/formats/state-answer.md): the record that the ledger has in a place now, or that it has none."""
from types import SimpleNamespace

from . import forms
from .checkpoint import verify_checkpoint
from .codec import Newer, Refused, decode, demand
from .crypto import sha256
from .merkle import leaf_hash, map_root, root_from_inclusion
from .names import parse_path
from .records import RECORDS


def claims_later_policy(anchor, policy):
    try:
        record = decode(forms.BLOCK_RECORD, anchor.record, "block record")
    except Refused:
        return False
    return record.ledger == policy.ledger and record.policy_epoch > policy.epoch


def verify_signers(anchor, policy):
    """Whose signers have changed is told so. Nobody has proved it, and it lets nothing pass."""
    try:
        return verify_checkpoint(anchor.checkpoint, policy)
    except Newer:
        raise
    except Refused as refusal:
        later = claims_later_policy(anchor, policy)
        raise Refused("anchor: the ledger goes by a later policy: take the step to it first") if later else refusal


def verify_anchor(anchor, policy):
    """The record is the last leaf of the log: what it says is the newest that the checkpoint knows."""
    checkpoint = verify_signers(anchor, policy)
    record = decode(forms.BLOCK_RECORD, anchor.record, "block record")
    demand(record.type == forms.BLOCK_LEAF, "anchor: the leaf is no block's")
    demand(record.ledger == policy.ledger, "anchor: a block of another ledger")
    demand(record.first_leaf + record.committed == checkpoint.size - 1, "anchor: not the newest block")
    root = root_from_inclusion(checkpoint.size - 1, checkpoint.size, leaf_hash(anchor.record), anchor.log_path)
    demand(root == checkpoint.root, "anchor: the block is not in the log")
    demand(record.policy_epoch >= policy.epoch, "anchor: a block from before this policy")
    return SimpleNamespace(record=record, checkpoint=checkpoint)


def verify_item(item, key, anchor):
    """The value under the key, or None for proven absence."""
    demand(map_root(item, key) == anchor.record.map_root, "state: this is not what the ledger has there")
    return item.value


def verify_state(data, path, policy):
    family, key = parse_path(path)
    answer = decode(forms.STATE_ANSWER, data, "answer")
    anchor = verify_anchor(answer.anchor, policy)
    value = verify_item(answer.item, key, anchor)
    text, record = f"absent at block {anchor.record.height}", None
    if value is not None:
        record = decode(RECORDS[family], value, f"{family} record")
        text = f"present at block {anchor.record.height}: {len(value)} bytes, SHA-256 {sha256(value).hex()}"
    return SimpleNamespace(checkpoint=anchor.checkpoint, record=record, text=text)
