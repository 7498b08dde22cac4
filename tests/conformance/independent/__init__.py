# SPDX-License-Identifier: Apache-2.0
"""Mikusari's verifiers a second time, written from docs/formats/ and sharing no code with the first.

codec     deterministic CBOR, and types that say what a structure holds
ed25519   which keys and signatures count, where RFC 8032 leaves it open
crypto    hashes, public keys, signatures
merkle    the log's tree, ranges of a tree, the state's tree
names     ids, handles, and where a record stands in the state
forms, records, bodies    every structure of docs/formats/ as a table
statement submissions and approvals
policy    trust policies, and the step from one to the next
genesis   who founds a ledger
checkpoint, note    signed sizes and roots of the log, as CBOR and as text
receipt   that a body was committed
state, lists    what the ledger says of a thing now, and lists with completeness
passport  device passports: a page alone, pages together
client    what a client has seen before, and consistency

It is slow and plain on purpose. What does not hold is refused with an exception, codec.Refused; what a newer program has
made with a refusal of its own, codec.Newer.
"""
