# SPDX-License-Identifier: Apache-2.0
"""Every structure of docs/formats/ as a table: field number, name, type."""
from .codec import TAG_SIGN1, Optional, Structure, constant, embedded, flag, listed, nothing, octets, one_of, sequence, tagged, text, uint
from .crypto import ED25519, ESP256, check_low_s, cose_key

U64, DIGEST, SIGNATURE = uint(), octets(32), octets(64)
PATH = listed(DIGEST, 64)
BODY = octets(most=64 * 1024)
SALT = octets(16)
ALGORITHM = one_of(ESP256, ED25519)
OUTCOME = one_of(1, 2)

# policy.md
SIGNER = Structure({1: ("name", text), 2: ("keys", listed(cose_key, 2, least=1)), 3: ("weight", U64)})
POLICY = Structure({1: ("version", constant(1)), 2: ("ledger", DIGEST), 3: ("epoch", U64), 4: ("signers", listed(SIGNER, 32)),
                    5: ("threshold", U64), 6: ("recovery_keys", listed(cose_key, 16)), 7: ("recovery_threshold", U64)})

# checkpoint.md
COSIGNATURE = Structure({1: ("key_id", octets(4)), 2: ("time", uint(2**63 - 1)), 3: ("signature", SIGNATURE)})
CHECKPOINT = Structure({1: ("ledger", DIGEST), 2: ("size", U64), 3: ("root", DIGEST), 4: ("signatures", listed(COSIGNATURE, 64))})
CONSISTENCY = Structure({1: ("size1", U64), 2: ("size2", U64), 3: ("path", PATH)})

# client-state.md
CLIENT_STATE = Structure({1: ("version", constant(1)), 2: ("ledger", DIGEST), 3: ("policy", DIGEST), 4: ("policy_epoch", U64),
                          5: ("size", U64), 6: ("root", DIGEST), 7: ("time", U64)})


# statement.md
def sign1(header, payload):
    """A COSE_Sign1 as the ledger takes it; its header names the algorithm, and ES256 signatures are low-S."""
    members = tagged(TAG_SIGN1, sequence(header, constant({}), payload, SIGNATURE))

    def check(value, where):
        out = members(value, where)
        check_low_s(out[0].algorithm, out[3], where)
        return out
    return check


def short(form, most):
    """An embedded structure of at most so many bytes."""
    def check(value, where):
        return embedded(form)(octets(most=most)(value, where), where)
    return check


CLAIMS = Structure({1: ("iss", text), 2: ("sub", text)})
HEADER = Structure({1: ("algorithm", ALGORITHM), 3: ("content_type", constant("application/mikusari-statement+cbor")),
                    4: ("kid", DIGEST), 15: ("claims", CLAIMS)})
PAYLOAD = Structure({1: ("ledger", DIGEST), 2: ("kind", uint(2**16 - 1)), 3: ("count", U64), 4: ("bodies_root", DIGEST),
                     5: ("atomic", flag), 6: ("n", U64), 7: ("on", Optional(U64)), 8: ("valid_until_ms", Optional(U64))})
STATEMENT = sign1(short(HEADER, 512), short(PAYLOAD, 256))
APPROVAL_HEADER = Structure({1: ("algorithm", ALGORITHM), 3: ("content_type", constant("application/mikusari-approval+cbor")),
                             4: ("kid", DIGEST)})
APPROVAL = sequence(one_of(1, 2, 3), sign1(embedded(APPROVAL_HEADER), nothing))
SUBMISSION = sequence(STATEMENT, listed(sequence(SALT, BODY), 4096, least=1), listed(APPROVAL, 16))

# receipt.md
EVENT = Structure({1: ("sign1", octets()), 2: ("index", U64), 3: ("salt", SALT), 4: ("body", BODY), 5: ("bodies_path", PATH),
                   6: ("height", U64), 7: ("time_ms", U64), 8: ("outcome", OUTCOME)})
RECEIPT = Structure({1: ("event", EVENT), 2: ("leaf_index", U64), 3: ("log_path", PATH), 4: ("checkpoint", CHECKPOINT)})

# state-answer.md
BLOCK_RECORD = Structure({1: ("ledger", DIGEST), 2: ("height", U64), 3: ("time_ms", U64), 4: ("prev", DIGEST), 5: ("map_root", DIGEST),
                          6: ("first_leaf", U64), 7: ("committed", U64), 8: ("refused_root", DIGEST), 9: ("policy_epoch", U64)})
ANCHOR = Structure({1: ("record", embedded(BLOCK_RECORD)), 2: ("log_path", PATH), 3: ("checkpoint", CHECKPOINT)})
OTHER_LEAF = Structure({1: ("key", DIGEST), 2: ("value_hash", DIGEST)})
ITEM = Structure({1: ("value", Optional(octets())), 2: ("depth", uint(256)), 3: ("bitmap", octets()), 4: ("siblings", octets()),
                  5: ("other", Optional(OTHER_LEAF))})
STATE_ANSWER = Structure({1: ("anchor", ANCHOR), 2: ("item", ITEM)})

# list-answer.md
LIST_ANSWER = Structure({1: ("anchor", ANCHOR), 2: ("list", ITEM), 3: ("entries", listed(DIGEST, 4096)), 4: ("items", listed(ITEM, 4096))})

# passport.md
DEVICE, PART, KEY, MODEL, MEMBER, FIRMWARE = 1, 2, 3, 4, 5, 6
THING = Structure({1: ("type", one_of(1, 2, 3, 4, 5, 6)), 2: ("id", octets()), 3: ("item", ITEM), 4: ("events", listed(U64, 1024))})
PASSPORT_EVENT = Structure({1: ("statement", U64), 2: ("index", U64), 3: ("salt", SALT), 4: ("body", BODY), 5: ("bodies_path", PATH),
                            6: ("height", U64), 7: ("time_ms", U64), 8: ("outcome", OUTCOME)})
PASSPORT = Structure({1: ("version", constant(1)), 2: ("device", DIGEST), 3: ("anchor", ANCHOR), 4: ("things", listed(THING, 512, least=1)),
                      5: ("statements", listed(octets(), 4096)), 6: ("events", listed(PASSPORT_EVENT, 4096))})

# records.md
HEAD = {1: ("schema", U64), 2: ("seq", U64), 3: ("changed", U64), 4: ("events_head", DIGEST)}
SUBJECT_TYPES = {1: "member", 2: "part", 3: "device"}
SUBJECT = Structure({1: ("type", one_of(*SUBJECT_TYPES)), 2: ("id", octets())})
CHILDREN = listed(DIGEST, 64)

MEMBER_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("name", text), 10: ("roles", listed(one_of(1, 2, 3, 4, 5), 8)),
                           11: ("weight", U64)})
KEY_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("key", cose_key), 10: ("purpose", one_of(1, 2, 3, 4)),
                        11: ("subject", SUBJECT), 12: ("from_ms", Optional(U64)), 13: ("until_ms", Optional(U64)),
                        14: ("replaces", Optional(DIGEST)), 15: ("replaced_by", Optional(DIGEST)),
                        16: ("reason", Optional(one_of(1, 2, 3, 4, 5)))})
MODEL_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("vendor", text), 10: ("name", text),
                          11: ("class_", one_of(1, 2, 3, 4, 5)), 12: ("release_keys", listed(DIGEST, 16)),
                          13: ("release_threshold", U64), 14: ("latest", U64), 15: ("floor", U64)})
STOCK, MOUNTED, DISPUTED, SALVAGED, SCRAPPED = 1, 2, 3, 4, 5
PART_RECORD = Structure({**HEAD, 8: ("state", one_of(STOCK, MOUNTED, DISPUTED, SALVAGED, SCRAPPED)), 9: ("model", Optional(DIGEST)),
                         10: ("maker", text), 11: ("custodian", text), 12: ("in_transit_to", Optional(text)),
                         13: ("key", Optional(DIGEST)), 14: ("parent", Optional(DIGEST)), 15: ("claims", listed(DIGEST, 8)),
                         16: ("grade", Optional(one_of(1, 2, 3))), 17: ("children", CHILDREN), 18: ("commitment", Optional(DIGEST)),
                         19: ("disputed_by", Optional(text)), 20: ("disputes", U64), 21: ("levels", U64)})
DEVICE_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2, 3, 4)), 9: ("model", DIGEST), 10: ("maker", text), 11: ("owner", text),
                           12: ("offered_to", Optional(text)), 13: ("custodian", text), 14: ("in_transit_to", Optional(text)),
                           15: ("keys", listed(DIGEST, 8)), 16: ("children", CHILDREN), 17: ("disputes", U64),
                           18: ("transfers", U64), 19: ("commitment", Optional(DIGEST))})
FIRMWARE_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("model", DIGEST), 10: ("image", DIGEST), 11: ("size", U64),
                             12: ("sequence", U64), 13: ("version", text)})
LIST_RECORD = Structure({1: ("schema", U64), 2: ("count", U64), 3: ("frontier", PATH)})
REPLAY_RECORD = Structure({1: ("schema", U64), 2: ("highest", U64), 3: ("window", octets(128))})
