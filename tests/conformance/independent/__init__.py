# SPDX-License-Identifier: Apache-2.0
"""Mikusari's verifiers a second time, written from docs/formats/ and sharing no code with the first.

codec     deterministic CBOR, and tables that say what a structure holds
ed25519   which keys and signatures count, where RFC 8032 leaves it open
crypto    hashes, public keys, signatures
merkle    the log's tree, the state's tree
forms     every structure of docs/formats/ as a table
policy    trust policies
checkpoint, note    signed sizes and roots of the log, as CBOR and as text
statement receipts and submissions
state     state answers and lists
passport  device passports
client    what a client has seen before, and consistency

It is slow and plain on purpose. What does not hold is refused with an exception, codec.Refused.
"""
