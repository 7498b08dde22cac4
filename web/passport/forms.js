// SPDX-License-Identifier: Apache-2.0
// The structures of the formats, as docs/formats/ and the declarations of src/core/statement and src/core/proof have them.

// COSE_Key (RFC 9053 section 7): the required members of a P-256 or an Ed25519 key, and its encoding for the thumbprint.
const publicKey = (reader) => {
  const start = reader.at;
  const members = reader.count(5);
  const label = (wanted) => reader.integer() === wanted || refuse('a COSE_Key has other members than its required ones');
  label(1n);
  const type = reader.integer();
  if (!(type === 2n && members === 4) && !(type === 1n && members === 3)) refuse('a COSE_Key is neither P-256 nor Ed25519');
  label(-1n);
  if (reader.integer() !== (type === 2n ? 1n : 6n)) refuse('a COSE_Key is neither P-256 nor Ed25519');
  label(-2n);
  const x = digest(reader);
  let point = x;
  if (type === 2n) {
    label(-3n);
    point = concat(Uint8Array.of(4), x, digest(reader));
  }
  return { algorithm: type === 2n ? 'ESP256' : 'Ed25519', point, encoded: reader.bytes.slice(start, reader.at) };
};

// --- proofs

const CheckpointSigner = structure([1, 'name', text], [2, 'keys', listOf(publicKey, 2)], [3, 'weight', u64]);
const Policy = structure([1, 'version', u64], [2, 'ledger', digest], [3, 'epoch', u64], [4, 'signers', listOf(CheckpointSigner, 32)],
  [5, 'threshold', u64], [6, 'recovery_keys', listOf(publicKey, 16)], [7, 'recovery_threshold', u64]);
const Cosignature = structure([1, 'key_id', fixed(4)], [2, 'time', u64], [3, 'signature', fixed(64)]);
const Checkpoint = structure([1, 'ledger', digest], [2, 'size', u64], [3, 'root', digest], [4, 'signatures', listOf(Cosignature, 64)]);
const LogPath = listOf(digest, 64);
const Anchor = structure([1, 'record', octets], [2, 'log_path', LogPath], [3, 'checkpoint', Checkpoint]);
const BlockRecord = structure([1, 'ledger', digest], [2, 'height', u64], [3, 'time_ms', u64], [4, 'prev', digest], [5, 'map_root', digest],
  [6, 'first_leaf', u64], [7, 'committed', u64], [8, 'refused_root', digest], [9, 'policy_epoch', u64]);
const OtherLeaf = structure([1, 'key', digest], [2, 'value_hash', digest]);
const Item = structure([1, 'value', optional(octets)], [2, 'depth', u64], [3, 'bitmap', octets], [4, 'siblings', octets],
  [5, 'other', optional(OtherLeaf)]);
const Thing = structure([1, 'type', oneOf('device', 'part', 'key', 'model', 'member', 'firmware')], [2, 'id', octets], [3, 'item', Item],
  [4, 'events', listOf(u64, 1024)]);
const Outcome = oneOf('done', 'disputed');
const PassportEvent = structure([1, 'statement', u64], [2, 'index', u64], [3, 'salt', fixed(16)], [4, 'body', octets],
  [5, 'bodies_path', LogPath], [6, 'height', u64], [7, 'time_ms', u64], [8, 'outcome', Outcome]);
const Passport = structure([1, 'version', u64], [2, 'device', digest], [3, 'anchor', Anchor], [4, 'things', listOf(Thing, 512)],
  [5, 'statements', listOf(octets, 4096)], [6, 'events', listOf(PassportEvent, 4096)]);

// --- statements

const Claims = structure([1, 'iss', text], [2, 'sub', text]);
const ProtectedHeader = structure([1, 'algorithm', integer], [3, 'content_type', text], [4, 'kid', digest], [15, 'claims', Claims]);
const Payload = structure([1, 'ledger', digest], [2, 'kind', u16], [3, 'count', u64], [4, 'bodies_root', digest], [5, 'atomic', flag],
  [6, 'n', u64], [7, 'on', optional(u64)], [8, 'valid_until_ms', optional(u64)]);

// --- records of the state

const head = [[1, 'schema', u64], [2, 'seq', u64], [3, 'changed', u64], [4, 'events_head', digest]];
const Subject = structure([1, 'type', oneOf('member', 'part', 'device')], [2, 'id', octets]);
const children = listOf(digest, 64);
const records = {
  device: structure(...head, [8, 'state', oneOf('assembled', 'active', 'retired', 'destroyed')], [9, 'model', digest], [10, 'maker', text],
    [11, 'owner', text], [12, 'offered_to', optional(text)], [13, 'custodian', text], [14, 'in_transit_to', optional(text)],
    [15, 'keys', listOf(digest, 8)], [16, 'children', children], [17, 'disputes', u64], [18, 'transfers', u64],
    [19, 'commitment', optional(digest)]),
  part: structure(...head, [8, 'state', oneOf('stock', 'mounted', 'disputed', 'salvaged', 'scrapped')], [9, 'model', optional(digest)],
    [10, 'maker', text], [11, 'custodian', text], [12, 'in_transit_to', optional(text)], [13, 'key', optional(digest)],
    [14, 'parent', optional(digest)], [15, 'claims', listOf(digest, 8)], [16, 'grade', optional(oneOf('proven', 'claimed', 'accepted'))],
    [17, 'children', children], [18, 'commitment', optional(digest)], [19, 'disputed_by', optional(text)], [20, 'disputes', u64],
    [21, 'levels', u64]),
  key: structure(...head, [8, 'state', oneOf('active', 'revoked')], [9, 'key', publicKey],
    [10, 'purpose', oneOf('wallet', 'authentication', 'identity', 'attestation')], [11, 'subject', Subject], [12, 'from_ms', optional(u64)],
    [13, 'until_ms', optional(u64)], [14, 'replaces', optional(digest)], [15, 'replaced_by', optional(digest)],
    [16, 'reason', optional(oneOf('unspecified', 'compromised', 'superseded', 'end_of_life', 'vetoed'))]),
  model: structure(...head, [8, 'state', oneOf('active', 'withdrawn')], [9, 'vendor', text], [10, 'name', text],
    [11, 'class', oneOf('chip', 'board', 'module', 'battery', 'device')], [12, 'release_keys', listOf(digest, 16)],
    [13, 'release_threshold', u64], [14, 'latest', u64], [15, 'floor', u64]),
  member: structure(...head, [8, 'state', oneOf('active', 'suspended')], [9, 'name', text],
    [10, 'roles', listOf(oneOf('maker', 'fleet_operator', 'repairer', 'laboratory', 'witness'), 8)], [11, 'weight', u64]),
  firmware: structure(...head, [8, 'state', oneOf('released', 'recalled')], [9, 'model', digest], [10, 'image', digest], [11, 'size', u64],
    [12, 'sequence', u64], [13, 'version', text]),
};

// --- bodies of the kinds that change a device or a part, for display: verification takes any bytes

const Mount = structure([1, 'part', digest], [2, 'proof', optional(fixed(64))]);
const deviceOnly = structure([1, 'device', digest]);
const custodyThing = oneOf('part', 'device');
const bodies = {
  0x0201: structure([1, 'key', publicKey], [2, 'purpose', oneOf('wallet', 'authentication', 'identity', 'attestation')],
    [3, 'subject', Subject], [4, 'possession', fixed(64)]),
  0x0202: structure([1, 'key', publicKey], [2, 'possession', fixed(64)]),
  0x0203: structure([1, 'successor', digest]),
  0x0204: structure([1, 'key', digest], [2, 'reason', oneOf('unspecified', 'compromised', 'superseded', 'end_of_life', 'vetoed')]),
  0x0401: structure([1, 'part', digest], [2, 'model', digest], [3, 'key', optional(publicKey)], [4, 'possession', optional(fixed(64))],
    [5, 'commitment', optional(digest)]),
  0x0403: structure([1, 'part', digest]),
  0x0501: structure([1, 'unit', digest], [2, 'type', oneOf('board', 'device')], [3, 'model', digest], [4, 'mounts', listOf(Mount, 64)],
    [5, 'commitment', optional(digest)]),
  0x0502: structure([1, 'unit', digest], [2, 'mount', Mount], [3, 'accept_unknown', flag]),
  0x0503: structure([1, 'unit', digest], [2, 'part', digest]),
  0x0504: structure([1, 'part', digest], [2, 'withdraw', flag]),
  0x0506: deviceOnly,
  0x0509: deviceOnly,
  0x050a: structure([1, 'device', digest], [2, 'evidence', optional(digest)]),
  0x0601: structure([1, 'type', custodyThing], [2, 'thing', digest], [3, 'to', text]),
  0x0602: structure([1, 'type', custodyThing], [2, 'thing', digest]),
  0x0701: structure([1, 'device', digest], [2, 'to', text]),
  0x0702: deviceOnly,
  0x0703: deviceOnly,
};
