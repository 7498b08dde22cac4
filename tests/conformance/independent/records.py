# SPDX-License-Identifier: Apache-2.0
"""Every record of the state (docs/formats/records.md) as a table: field number, name, type."""
from .codec import Optional, Sparse, Structure, demand, flag, form, known_as, listed, octets, one_of, text, uint
from .crypto import cose_key
from .forms import POLICY, RECOVERY_KEYS

U64, DIGEST, SIGNATURE = uint(), octets(32), octets(64)
COUNT, SAID = Sparse(U64), Sparse(flag)  # left out when zero, when false
KNOWN = Optional(DIGEST)                 # an id, handle, thumbprint or digest that may be absent

TREE = Structure({1: ("count", U64), 2: ("root", DIGEST)})
HEAD = {1: ("form", form), 2: ("changed", U64), 3: ("history", TREE), 4: ("life", Optional(TREE))}
ANY_RECORD = Structure(HEAD)

# --- keys ---
SUBJECTS = {1: "party", 2: "part", 3: "device"}
SUBJECT = Structure({1: ("type", one_of(*SUBJECTS)), 2: ("id", DIGEST)})
PURPOSE = one_of(*range(1, 12))
LEVEL, ACTIVATION, REASON = one_of(1, 2, 3, 4), one_of(1, 2, 3), one_of(1, 2, 3, 4, 5)
KEY_ENTRY = Structure({1: ("key", DIGEST), 2: ("purpose", PURPOSE), 3: ("frozen", SAID), 4: ("from_ms", COUNT),
                       5: ("until_ms", COUNT), 6: ("root", KNOWN), 7: ("root_tenure", COUNT), 8: ("birth", SAID)})
KEY_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2, 3)), 9: ("key", cose_key), 10: ("purpose", PURPOSE),
                        11: ("subject", SUBJECT), 12: ("level", LEVEL), 13: ("activation", ACTIVATION),
                        14: ("evidence", KNOWN), 15: ("level_proved", SAID), 16: ("replaces", KNOWN),
                        17: ("replaced_by", KNOWN), 18: ("frozen_by", KNOWN), 19: ("reason", Optional(REASON))})

# --- parties, and what they let each other do ---
ROLES = {1: "maker", 2: "registrar", 3: "laboratory", 4: "witness", 5: "certifier", 6: "premises", 7: "gate", 8: "hold",
         9: "inspector"}
PARTY_ROLE = one_of(*ROLES)
PARTY_ROLES = listed(PARTY_ROLE, 8)
HOW_RECOVERED = one_of(1, 2, 3)
FORCE = Structure({1: ("quorum", listed(DIGEST, 8)), 2: ("threshold", U64), 3: ("wait_ms", U64)})
PARTY_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2, 3, 4)), 9: ("registrar", KNOWN),
                          10: ("name", Optional(text)), 11: ("weight", COUNT), 12: ("k", U64),
                          13: ("roles", PARTY_ROLES), 14: ("keys", listed(KEY_ENTRY, 16)), 15: ("commitment", KNOWN),
                          16: ("recovery", HOW_RECOVERED), 17: ("recovering", KNOWN), 18: ("recovery_ended", SAID),
                          19: ("force", Optional(FORCE)), 20: ("things", COUNT), 21: ("alarms", COUNT),
                          22: ("alarms_day", COUNT), 23: ("alarms_today", COUNT),
                          24: ("proposals", listed(DIGEST, 8))})
ROLE_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("role", PARTY_ROLE), 10: ("from_", DIGEST),
                         11: ("to", DIGEST), 12: ("scope", DIGEST), 13: ("tenure", Optional(U64)),
                         14: ("until_ms", Optional(U64)), 15: ("granted_ms", U64), 16: ("revoked_ms", Optional(U64))})

# --- things ---
CLASS = one_of(1, 2, 3, 4, 5)
THING = {9: ("model", KNOWN), 10: ("blinded_class", Optional(CLASS)), 11: ("maker", KNOWN), 12: ("owner", KNOWN),
         13: ("custodian", KNOWN), 14: ("title", U64), 15: ("tenure", COUNT), 16: ("offered_to", KNOWN),
         17: ("offer_from_ms", COUNT), 18: ("shipped_to", KNOWN), 19: ("shipped_with_title", SAID),
         20: ("keys", listed(KEY_ENTRY, 8)), 21: ("children", listed(DIGEST, 64)), 22: ("commitment", KNOWN),
         23: ("alarms", COUNT), 24: ("alarms_day", COUNT), 25: ("alarms_today", COUNT)}
STOCK, MOUNTED, SCRAPPED = 1, 2, 3
PART_RECORD = Structure({**HEAD, 8: ("state", one_of(STOCK, MOUNTED, SCRAPPED)), **THING, 32: ("parent", KNOWN),
                         33: ("grade", Optional(one_of(1, 2))), 34: ("accepted", SAID), 35: ("salvaged", SAID),
                         36: ("revoked", SAID), 37: ("levels", COUNT)})
DEVICE_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2, 3, 4, 5)), **THING})

# --- models, firmware ---
MODEL_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("vendor", DIGEST), 10: ("class_", CLASS),
                          11: ("release_keys", listed(DIGEST, 16)), 12: ("release_threshold", U64),
                          13: ("latest", COUNT), 14: ("available", COUNT), 15: ("floor", COUNT), 16: ("text", DIGEST)})
CERTIFICATION_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2)), 9: ("model", DIGEST), 10: ("sequence", COUNT),
                                  11: ("laboratory", DIGEST), 12: ("until_ms", Optional(U64)),
                                  13: ("evidence", KNOWN)})
IMAGE = Structure({1: ("digest", DIGEST), 2: ("size", U64)})
FIRMWARE_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2, 3)), 9: ("model", DIGEST), 10: ("sequence", U64),
                             11: ("images", listed(IMAGE, 8)), 12: ("manifest", KNOWN), 13: ("sbom", KNOWN),
                             14: ("halts", listed(DIGEST, 16)), 15: ("text", DIGEST), 16: ("previous", COUNT)})
IMAGE_RECORD = Structure({1: ("form", form), 2: ("sequence", U64)})

# --- the ledger itself ---
DAY_LIMIT = Structure({1: ("statements", U64), 2: ("bytes", U64), 3: ("refused", U64)})
PARAMETER_NAMES = ("veto_ms", "recovery_ms", "force_ms", "member_day", "party_day", "thing_day", "reserve_statements",
                   "reserve_bytes", "ledger_rows", "registrar_rows", "reserve_rows_part", "openings_day", "refused_steps",
                   "statement_growth", "block_growth", "alarms_day", "proposal_lapse_ms", "sequence_step")
DAY_LIMITS = ("member_day", "party_day", "thing_day")
PARAMETERS = Structure({number: (name, DAY_LIMIT if name in DAY_LIMITS else U64) for number, name in enumerate(PARAMETER_NAMES, 1)})
LEDGER_RECORD = Structure({1: ("form", form), 2: ("parameters", PARAMETERS), 3: ("total_weight", U64),
                           4: ("voting_weight", U64)})
MEMBER_KEY = Structure({1: ("key", cose_key), 2: ("purpose", PURPOSE), 3: ("level", LEVEL),
                        4: ("activation", ACTIVATION), 5: ("possession", SIGNATURE)})
NEW_MEMBER = Structure({1: ("name", text), 2: ("weight", U64), 3: ("k", U64), 4: ("roles", PARTY_ROLES),
                        5: ("keys", listed(MEMBER_KEY, 16))})
CONTENT = Structure({1: ("matter", one_of(*range(1, 11))), 2: ("member", Optional(NEW_MEMBER)), 3: ("party", KNOWN),
                     4: ("parameters", Optional(PARAMETERS)), 5: ("identity", KNOWN), 6: ("index", Optional(U64)),
                     7: ("part", KNOWN), 8: ("recovery_keys", Optional(RECOVERY_KEYS)), 9: ("threshold", Optional(U64)),
                     10: ("roles", Optional(PARTY_ROLES)), 11: ("weight", Optional(U64))})
VOTERS = listed(DIGEST, 64)
PROPOSAL_RECORD = Structure({**HEAD, 8: ("state", one_of(1, 2, 3, 4)), 9: ("by", DIGEST), 10: ("content", CONTENT),
                             11: ("until_ms", U64), 12: ("yes", VOTERS), 13: ("no", VOTERS), 14: ("text", DIGEST)})
WITHHELD_RECORD = Structure({1: ("form", form), 2: ("height", U64), 3: ("proposal", DIGEST)})
LIST_RECORD = Structure({1: ("form", form), 2: ("tree", TREE)})


BITS = octets(most=128)


@known_as(BITS.cddl)
def window(reader, where):
    """Which of the last 1,024 counters were used: as short as its bits allow."""
    value = BITS(reader, where)
    demand(value[-1:] != b"\x00", f"{where}: ends in a zero byte, which must be left out")
    return value


HALF = octets(16)
REPLAY_RECORD = Structure({1: ("form", form), 2: ("last", HALF), 3: ("highest", U64), 4: ("window", window),
                           5: ("day", COUNT), 6: ("statements", COUNT), 7: ("bytes", COUNT), 8: ("refused", COUNT),
                           9: ("exits", COUNT), 10: ("exit_bytes", COUNT)})
QUOTA_RECORD = Structure({1: ("form", form), 2: ("last", HALF), 3: ("rows", U64), 4: ("day", COUNT),
                          5: ("openings", COUNT)})

LISTS = {1: "keys", 2: "devices", 3: "models", 4: "releases", 5: "parties"}
RECORDS = {"party": PARTY_RECORD, "key": KEY_RECORD, "model": MODEL_RECORD, "part": PART_RECORD, "device": DEVICE_RECORD,
           "firmware": FIRMWARE_RECORD, "image": IMAGE_RECORD, "certification": CERTIFICATION_RECORD, "role": ROLE_RECORD,
           "proposal": PROPOSAL_RECORD, "withheld": WITHHELD_RECORD, "replay": REPLAY_RECORD, "quota": QUOTA_RECORD,
           "list": LIST_RECORD, "policy": POLICY, "ledger": LEDGER_RECORD}
