# SPDX-License-Identifier: Apache-2.0
"""State answers (docs/formats/state-answer.md) and lists (list-answer.md)."""
from types import SimpleNamespace

from . import forms
from .checkpoint import verify_checkpoint
from .codec import decode, demand
from .crypto import sha256
from .merkle import frontier, leaf_hash, map_root, root_from_inclusion
from .policy import is_name

# The families of paths: whether their ids are text, and what stands there (records.md).
FAMILIES = {"device": (False, forms.DEVICE_RECORD), "part": (False, forms.PART_RECORD), "key": (False, forms.KEY_RECORD),
            "model": (False, forms.MODEL_RECORD), "member": (True, forms.MEMBER_RECORD), "firmware": (False, forms.FIRMWARE_RECORD),
            "replay": (False, forms.REPLAY_RECORD), "list": (True, forms.LIST_RECORD)}


def verify_anchor(anchor, policy):
    """The record is the last leaf of the log: what it says is the newest that the checkpoint knows."""
    record, checkpoint = anchor.record, verify_checkpoint(anchor.checkpoint, policy)
    demand(record.ledger == policy.ledger, "anchor: a block of another ledger")
    demand(record.first_leaf + record.committed == checkpoint.size - 1, "anchor: not the newest block")
    root = root_from_inclusion(checkpoint.size - 1, checkpoint.size, leaf_hash(record.encoded), anchor.log_path)
    demand(root == checkpoint.root, "anchor: the block is not in the log")
    return SimpleNamespace(record=record, checkpoint=checkpoint)


def verify_item(item, key, anchor):
    """The value under the key, or None for proven absence."""
    demand(map_root(item, key) == anchor.record.map_root, "state: this is not what the ledger has there")
    return item.value


def verify_state(data, path, policy):
    family, _, name = path.partition("/")
    demand(family in FAMILIES, f"path: none of {', '.join(FAMILIES)}")
    is_text, form = FAMILIES[family]
    answer = decode(forms.STATE_ANSWER, data, "answer")
    anchor = verify_anchor(answer.anchor, policy)
    key = sha256(family.encode(), b"/", name.encode() if is_text else bytes.fromhex(name))
    value = verify_item(answer.item, key, anchor)
    text = f"absent at block {anchor.record.height}"
    if value is not None:
        decode(form, value, "record")
        text = f"present at block {anchor.record.height}: {len(value)} bytes, SHA-256 {sha256(value).hex()}"
    return SimpleNamespace(checkpoint=anchor.checkpoint, text=text)


def check_complete(entries, value):
    """The list's record commits to the number of entries and to their tree."""
    if value is None:
        demand(not entries, "list: entries that the ledger does not know")
        return
    record = decode(forms.LIST_RECORD, value, "list record")
    same = record.count == len(entries) and record.frontier == frontier([leaf_hash(entry) for entry in entries])
    demand(same, "list: not complete, or with entries that the ledger does not know")


def verify_list(data, member, policy):
    demand(is_name(member), "list: not a member's name")
    answer = decode(forms.LIST_ANSWER, data, "list")
    anchor = verify_anchor(answer.anchor, policy)
    check_complete(answer.entries, verify_item(answer.list, sha256(b"list/", member.encode(), b"/devices"), anchor))
    demand(len(answer.items) == len(answer.entries), "list: not one record for each entry")
    for entry, item in zip(answer.entries, answer.items):
        value = verify_item(item, sha256(b"device/", entry), anchor)
        demand(value is not None, "list: an entry is absent from the ledger")
        decode(forms.DEVICE_RECORD, value, "record of an entry")
    return SimpleNamespace(checkpoint=anchor.checkpoint, text=f"{len(answer.entries)} devices at block {anchor.record.height}")
