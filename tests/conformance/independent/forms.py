# SPDX-License-Identifier: Apache-2.0
"""Statements, proofs and files of docs/formats/ as tables: field number, name, type."""
from .codec import (Optional, Sparse, Structure, encoded, flag, form, integer, listed, nothing, octets, one_of, raw, sequence, tagged,
                    text, uint)
from .crypto import cose_key

U64, DIGEST, SIGNATURE = uint(), octets(32), octets(64)
PATH = listed(DIGEST, 64)
SALT = octets(16)
BODY_MAX = 64 * 1024
DONE, ALARM, VOIDED = 1, 2, 3
OUTCOME = one_of(DONE, ALARM, VOIDED)
TAG_SIGN1 = 18

# policy.md
SIGNER = Structure({1: ("name", text), 2: ("keys", listed(cose_key, 2)), 3: ("weight", U64)}, closed=True)
WITNESS = Structure({1: ("name", text), 2: ("key", cose_key)}, closed=True)
SIGNERS, WITNESSES, RECOVERY_KEYS = listed(SIGNER, 32), listed(WITNESS, 16), listed(cose_key, 16)
POLICY = Structure({1: ("form", form), 2: ("ledger", DIGEST), 3: ("epoch", U64), 4: ("signers", SIGNERS),
                    5: ("threshold", U64), 6: ("recovery_keys", RECOVERY_KEYS), 7: ("recovery_threshold", U64),
                    8: ("witnesses", WITNESSES), 9: ("witness_threshold", U64)}, closed=True)

# checkpoint.md
COSIGNATURE = Structure({1: ("key_id", octets(4)), 2: ("time", U64), 3: ("signature", SIGNATURE)})
CHECKPOINT = Structure({1: ("form", form), 2: ("ledger", DIGEST), 3: ("size", U64), 4: ("root", DIGEST),
                        5: ("signatures", listed(COSIGNATURE, 80))})
CONSISTENCY = Structure({1: ("form", form), 2: ("size1", U64), 3: ("size2", U64), 4: ("path", PATH)})

# client-state.md
CLIENT_STATE = Structure({1: ("form", form), 2: ("ledger", DIGEST), 3: ("policy", DIGEST), 4: ("policy_epoch", U64),
                          5: ("size", U64), 6: ("root", DIGEST), 7: ("time", U64)})

# statement.md
SIGN1 = tagged(TAG_SIGN1, sequence(octets(), raw, octets(), octets()))
DETACHED = tagged(TAG_SIGN1, sequence(octets(), raw, nothing, octets()))
CLAIMS = Structure({1: ("iss", text), 2: ("sub", text)}, closed=True)
HEADER = Structure({1: ("algorithm", integer), 3: ("content_type", text), 4: ("kid", DIGEST),
                    15: ("claims", CLAIMS)}, closed=True)
PAYLOAD = Structure({1: ("form", form), 2: ("ledger", DIGEST), 3: ("kind", uint(2**16 - 1)), 4: ("count", U64),
                     5: ("bodies_root", DIGEST), 6: ("atomic", Sparse(flag)), 7: ("n", U64),
                     8: ("valid_until_ms", Optional(U64))}, closed=True)
APPROVAL_HEADER = Structure({1: ("algorithm", integer), 3: ("content_type", text), 4: ("kid", DIGEST)}, closed=True)
RELEASE, WITNESSING, OWN, RECOVERY, REGISTRAR, QUORUM = range(1, 7)
ROLE = one_of(RELEASE, WITNESSING, OWN, RECOVERY, REGISTRAR, QUORUM)

# receipt.md
EVENT = Structure({1: ("sign1", octets()), 2: ("also", Optional(octets())), 3: ("also_hash", Optional(DIGEST)),
                   4: ("index", U64), 5: ("salt", Optional(SALT)), 6: ("body", Optional(octets())),
                   7: ("withheld", Optional(DIGEST)), 8: ("bodies_path", PATH), 9: ("height", U64),
                   10: ("time_ms", U64), 11: ("outcome", OUTCOME)})
RECEIPT = Structure({1: ("form", form), 2: ("event", EVENT), 3: ("leaf_index", U64), 4: ("log_path", PATH),
                     5: ("checkpoint", CHECKPOINT)})

# state-answer.md
BODY_LEAF, BLOCK_LEAF = 1, 2
BLOCK_RECORD = Structure({1: ("form", form), 2: ("type", one_of(BODY_LEAF, BLOCK_LEAF)), 3: ("ledger", DIGEST),
                          4: ("height", U64), 5: ("time_ms", U64), 6: ("prev", DIGEST), 7: ("map_root", DIGEST),
                          8: ("changed", DIGEST), 9: ("first_leaf", U64), 10: ("committed", U64),
                          11: ("refused_root", DIGEST), 12: ("policy_epoch", U64)})
ANCHOR = Structure({1: ("record", octets()), 2: ("log_path", PATH), 3: ("checkpoint", CHECKPOINT)})
OTHER_LEAF = Structure({1: ("key", DIGEST), 2: ("value_hash", DIGEST)})
ITEM = Structure({1: ("value", Optional(octets())), 2: ("depth", U64), 3: ("bitmap", octets()),
                  4: ("siblings", octets()), 5: ("other", Optional(OTHER_LEAF))})
STATE_ANSWER = Structure({1: ("form", form), 2: ("anchor", ANCHOR), 3: ("item", ITEM)})

# list-answer.md
RANGE = Structure({1: ("first", U64), 2: ("before", PATH), 3: ("after", listed(DIGEST, 126))})
GAINED, ENDED = 1, 2
ENTRY = encoded(Structure({1: ("form", form), 2: ("what", DIGEST), 3: ("height", U64),
                           4: ("change", one_of(GAINED, ENDED))}, closed=True))
LIST_PAGE = Structure({1: ("form", form), 2: ("anchor", ANCHOR), 3: ("list", ITEM), 4: ("range", RANGE),
                       5: ("entries", listed(ENTRY, 4096)), 6: ("items", listed(ITEM, 4096))})

# passport.md
DEVICE, PART, KEY, MODEL, PARTY, FIRMWARE, ROLE_GRANT = range(1, 8)
RUN = Structure({1: ("range", RANGE), 2: ("events", listed(U64, 4096))})
TEXT = Structure({1: ("salt", SALT), 2: ("body", octets())})
OPENING = Structure({1: ("salt", octets(16)), 2: ("model", DIGEST)})
THING = Structure({1: ("type", one_of(DEVICE, PART, KEY, MODEL, PARTY, FIRMWARE, ROLE_GRANT)), 2: ("id", octets()),
                   3: ("item", ITEM), 4: ("run", Optional(RUN)), 5: ("text", Optional(TEXT)),
                   6: ("opening", Optional(OPENING))})
PASSPORT_STATEMENT = Structure({1: ("sign1", octets()), 2: ("also", Optional(octets())),
                                3: ("also_hash", Optional(DIGEST))})
PASSPORT_EVENT = Structure({1: ("statement", U64), 2: ("index", U64), 3: ("salt", Optional(SALT)),
                            4: ("body", Optional(octets())), 5: ("withheld", Optional(DIGEST)),
                            6: ("bodies_path", PATH), 7: ("height", U64), 8: ("time_ms", U64),
                            9: ("outcome", OUTCOME)})
PASSPORT_PAGE = Structure({1: ("form", form), 2: ("device", DIGEST), 3: ("anchor", ANCHOR),
                           4: ("things", listed(THING, 512)), 5: ("statements", listed(PASSPORT_STATEMENT, 4096)),
                           6: ("events", listed(PASSPORT_EVENT, 4096))})
