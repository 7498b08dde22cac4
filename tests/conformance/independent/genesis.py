# SPDX-License-Identifier: Apache-2.0
"""Genesis (docs/formats/genesis.md): who founds a ledger, under which rules. A ledger's id is the SHA-256 of its bytes."""
from types import SimpleNamespace

from .codec import FORM, Newer, Structure, decode, demand, encode, form, listed, octets, uint
from .crypto import sha256
from .forms import RECOVERY_KEYS, SIGNERS, WITNESSES
from .names import is_name, member_handle
from .policy import WEIGHT_MAX, check_policy, check_unique, encode_policy
from .records import NEW_MEMBER, PARAMETERS
from .statement import signed_structure

RULES = 1
POSSESSION_TYPE = "application/mikusari-possession+cbor"
WALLET, PARTY_SUBJECT = 1, 1
DAY_MS = 24 * 3600 * 1000
KIB, MIB = 1024, 1024 * 1024
U64, DIGEST = uint(), octets(32)

GENESIS = Structure({1: ("form", form), 2: ("rules", U64), 3: ("nonce", DIGEST), 4: ("time_ms", U64),
                     5: ("members", listed(NEW_MEMBER, 64)), 6: ("signers", SIGNERS), 7: ("threshold", U64),
                     8: ("recovery_keys", RECOVERY_KEYS), 9: ("recovery_threshold", U64),
                     10: ("parameters", PARAMETERS), 11: ("witnesses", WITNESSES),
                     12: ("witness_threshold", U64)}, closed=True)

# What no vote changes: the least and the most of each parameter; None where there is no bound.
WAIT_MAX = 3650 * DAY_MS
BOUNDS = {"veto_ms": (DAY_MS, WAIT_MAX), "recovery_ms": (30 * DAY_MS, WAIT_MAX), "force_ms": (90 * DAY_MS, WAIT_MAX),
          "proposal_lapse_ms": (DAY_MS, WAIT_MAX), "reserve_statements": (64, None), "reserve_bytes": (64 * KIB, None),
          "reserve_rows_part": (1, 16), "ledger_rows": (1, 2**27), "refused_steps": (64, 65_536),
          "statement_growth": (64 * KIB, 16 * MIB), "block_growth": (64 * KIB, 32 * MIB), "alarms_day": (1, None),
          "sequence_step": (1, None)}


def check_parameters(parameters):
    for name, (least, most) in BOUNDS.items():
        value = getattr(parameters, name)
        demand(least <= value and (most is None or value <= most), f"genesis: {name} is out of its bounds")
    demand(parameters.block_growth >= parameters.statement_growth, "genesis: block_growth is below statement_growth")
    for day in (parameters.member_day, parameters.party_day, parameters.thing_day):
        demand(day.statements and day.refused and day.bytes >= 64 * KIB, "genesis: a day's limit is too low")


def possession_message(key, ledger, registrar, subject, purpose, tenure=0, commitment=None):
    """What a new key signs to say that it is the subject's. `subject` is (type, id)."""
    header = encode({1: key.algorithm, 3: POSSESSION_TYPE, 4: key.thumbprint()})
    return signed_structure(header, encode([ledger, registrar, *subject, purpose, tenure, commitment]))


def check_member(member, nonce):
    demand(is_name(member.name), "genesis: a member's name has another form")
    demand(member.weight <= WEIGHT_MAX, "genesis: a weight is over a million")
    wallets = sum(key.purpose == WALLET for key in member.keys)
    demand(1 <= member.k <= wallets, "genesis: a member has no wallet key, or fewer than its k")
    for each in member.keys:
        each.key.check("genesis")
        subject = (PARTY_SUBJECT, member_handle(nonce, member.name))
        each.key.verify(possession_message(each.key, nonce, bytes(32), subject, each.purpose), each.possession, "genesis")


def all_keys(genesis):
    return [*(each.key for member in genesis.members for each in member.keys), *(key for signer in genesis.signers for key in signer.keys),
            *genesis.recovery_keys, *(witness.key for witness in genesis.witnesses)]


def policy_of(genesis, ledger):
    """The trust policy that it founds."""
    fields = ("signers", "threshold", "recovery_keys", "recovery_threshold", "witnesses", "witness_threshold")
    policy = SimpleNamespace(form=FORM, ledger=ledger, epoch=1, **{name: getattr(genesis, name) for name in fields})
    policy.digest = sha256(encode_policy(policy))
    return policy


def verify_genesis(data):
    genesis = decode(GENESIS, data, "genesis")
    if genesis.rules > RULES:
        raise Newer(f"genesis: rules {genesis.rules}")
    demand(genesis.rules == RULES, "genesis: there are no such rules")
    check_unique([member.name for member in genesis.members], "a member's name")
    check_unique([key.encoded for key in all_keys(genesis)], "a key")
    for member in genesis.members:
        check_member(member, genesis.nonce)
    demand(sum(member.weight for member in genesis.members), "genesis: no member has a weight")
    check_parameters(genesis.parameters)
    ledger = sha256(data)
    policy = policy_of(genesis, ledger)
    check_policy(policy)
    members = {member.name: member_handle(ledger, member.name) for member in genesis.members}
    text = f"ledger {ledger.hex()}, {len(members)} members, policy {policy.digest.hex()}"
    return SimpleNamespace(genesis=genesis, ledger=ledger, members=members, policy=policy, text=text)
