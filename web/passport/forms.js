// SPDX-License-Identifier: Apache-2.0
// The structures of passports and records.
// Written by forms_test of src/host/passport_page from the declarations in src/core.

const forms = {};
forms['CheckpointSigner'] = closed(
  [1, 'name', text], [2, 'keys', listOf(publicKey, 2)], [3, 'weight', u64]);
forms['LogWitness'] = closed(
  [1, 'name', text], [2, 'key', publicKey]);
forms['proof.Policy'] = closed(
  [1, 'form', form], [2, 'ledger', digest], [3, 'epoch', u64],
  [4, 'signers', listOf(forms['CheckpointSigner'], 32)], [5, 'threshold', u64],
  [6, 'recovery_keys', listOf(publicKey, 16)], [7, 'recovery_threshold', u64],
  [8, 'witnesses', listOf(forms['LogWitness'], 16)], [9, 'witness_threshold', u64]);
forms['proof.BlockRecord'] = structure(
  [1, 'form', form], [2, 'type', oneOf('proof.LeafType')], [3, 'ledger', digest], [4, 'height', u64],
  [5, 'time_ms', u64], [6, 'prev', digest], [7, 'map_root', digest], [8, 'changed', digest],
  [9, 'first_leaf', u64], [10, 'committed', u64], [11, 'refused_root', digest], [12, 'policy_epoch', u64]);
forms['proof.Cosignature'] = structure(
  [1, 'key_id', fixed(4)], [2, 'time', u64], [3, 'signature', fixed(64)]);
forms['proof.Checkpoint'] = structure(
  [1, 'form', form], [2, 'ledger', digest], [3, 'size', u64], [4, 'root', digest],
  [5, 'signatures', listOf(forms['proof.Cosignature'], 80)]);
forms['proof.Anchor'] = structure(
  [1, 'record', octets], [2, 'log_path', listOf(digest, 64)], [3, 'checkpoint', forms['proof.Checkpoint']]);
forms['proof.OtherLeaf'] = structure(
  [1, 'key', digest], [2, 'value_hash', digest]);
forms['proof.Item'] = structure(
  [1, 'value', optional(octets)], [2, 'depth', u64], [3, 'bitmap', octets], [4, 'siblings', octets],
  [5, 'other', optional(forms['proof.OtherLeaf'])]);
forms['proof.Range'] = structure(
  [1, 'first', u64], [2, 'before', listOf(digest, 64)], [3, 'after', listOf(digest, 126)]);
forms['proof.PassportRun'] = structure(
  [1, 'range', forms['proof.Range']], [2, 'events', listOf(u64, 4096)]);
forms['proof.PassportText'] = structure(
  [1, 'salt', fixed(16)], [2, 'body', octets]);
forms['proof.ModelOpening'] = structure(
  [1, 'salt', fixed(16)], [2, 'model', digest]);
forms['proof.PassportThing'] = structure(
  [1, 'type', oneOf('proof.ThingType')], [2, 'id', octets], [3, 'item', forms['proof.Item']],
  [4, 'run', optional(forms['proof.PassportRun'])], [5, 'text', optional(forms['proof.PassportText'])],
  [6, 'opening', optional(forms['proof.ModelOpening'])]);
forms['proof.PassportStatement'] = structure(
  [1, 'sign1', octets], [2, 'also', optional(octets)], [3, 'also_hash', optional(digest)]);
forms['proof.PassportEvent'] = structure(
  [1, 'statement', u64], [2, 'index', u64], [3, 'salt', optional(fixed(16))], [4, 'body', optional(octets)],
  [5, 'withheld', optional(digest)], [6, 'bodies_path', listOf(digest, 64)], [7, 'height', u64],
  [8, 'time_ms', u64], [9, 'outcome', oneOf('statement.Outcome')]);
forms['proof.PassportPage'] = structure(
  [1, 'form', form], [2, 'device', digest], [3, 'anchor', forms['proof.Anchor']],
  [4, 'things', listOf(forms['proof.PassportThing'], 512)],
  [5, 'statements', listOf(forms['proof.PassportStatement'], 4096)],
  [6, 'events', listOf(forms['proof.PassportEvent'], 4096)]);
forms['statement.Claims'] = closed(
  [1, 'iss', text], [2, 'sub', text]);
forms['statement.ProtectedHeader'] = closed(
  [1, 'alg', integer], [3, 'content_type', text], [4, 'kid', digest], [15, 'claims', forms['statement.Claims']]);
forms['statement.Payload'] = closed(
  [1, 'form', form], [2, 'ledger', digest], [3, 'kind', u16], [4, 'count', u64], [5, 'bodies_root', digest],
  [6, 'atomic', sparse(flag)], [7, 'n', u64], [8, 'valid_until_ms', optional(u64)]);
forms['Tree'] = structure(
  [1, 'count', u64], [2, 'root', digest]);
forms['key.Entry'] = structure(
  [1, 'key', digest], [2, 'purpose', oneOf('key.Purpose')], [3, 'frozen', sparse(flag)],
  [4, 'from_ms', sparse(u64)], [5, 'until_ms', sparse(u64)], [6, 'root', optional(digest)],
  [7, 'root_tenure', sparse(u64)], [8, 'birth', sparse(flag)]);
forms['device.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('device.State')], [9, 'model', optional(digest)],
  [10, 'blinded_class', optional(oneOf('thing.Class'))], [11, 'maker', optional(digest)],
  [12, 'owner', optional(digest)], [13, 'custodian', optional(digest)], [14, 'title', u64],
  [15, 'tenure', sparse(u64)], [16, 'offered_to', optional(digest)], [17, 'offer_from_ms', sparse(u64)],
  [18, 'shipped_to', optional(digest)], [19, 'shipped_with_title', sparse(flag)],
  [20, 'keys', listOf(forms['key.Entry'], 8)], [21, 'children', listOf(digest, 64)],
  [22, 'commitment', optional(digest)], [23, 'alarms', sparse(u64)], [24, 'alarms_day', sparse(u64)],
  [25, 'alarms_today', sparse(u64)]);
forms['part.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('part.State')], [9, 'model', optional(digest)],
  [10, 'blinded_class', optional(oneOf('thing.Class'))], [11, 'maker', optional(digest)],
  [12, 'owner', optional(digest)], [13, 'custodian', optional(digest)], [14, 'title', u64],
  [15, 'tenure', sparse(u64)], [16, 'offered_to', optional(digest)], [17, 'offer_from_ms', sparse(u64)],
  [18, 'shipped_to', optional(digest)], [19, 'shipped_with_title', sparse(flag)],
  [20, 'keys', listOf(forms['key.Entry'], 8)], [21, 'children', listOf(digest, 64)],
  [22, 'commitment', optional(digest)], [23, 'alarms', sparse(u64)], [24, 'alarms_day', sparse(u64)],
  [25, 'alarms_today', sparse(u64)], [32, 'parent', optional(digest)],
  [33, 'grade', optional(oneOf('part.Grade'))], [34, 'accepted', sparse(flag)], [35, 'salvaged', sparse(flag)],
  [36, 'revoked', sparse(flag)], [37, 'levels', sparse(u64)]);
forms['Subject'] = structure(
  [1, 'type', oneOf('SubjectType')], [2, 'id', digest]);
forms['key.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('key.State')], [9, 'key', publicKey], [10, 'purpose', oneOf('key.Purpose')],
  [11, 'subject', forms['Subject']], [12, 'level', oneOf('key.Level')],
  [13, 'activation', oneOf('key.Activation')], [14, 'evidence', optional(digest)],
  [15, 'level_proved', sparse(flag)], [16, 'replaces', optional(digest)], [17, 'replaced_by', optional(digest)],
  [18, 'frozen_by', optional(digest)], [19, 'reason', optional(oneOf('key.Reason'))]);
forms['model.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('model.State')], [9, 'vendor', digest], [10, 'class', oneOf('thing.Class')],
  [11, 'release_keys', listOf(digest, 16)], [12, 'release_threshold', u64], [13, 'latest', sparse(u64)],
  [14, 'available', sparse(u64)], [15, 'floor', sparse(u64)], [16, 'text', digest]);
forms['party.Force'] = structure(
  [1, 'quorum', listOf(digest, 8)], [2, 'threshold', u64], [3, 'wait_ms', u64]);
forms['party.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('party.State')], [9, 'registrar', optional(digest)], [10, 'name', optional(text)],
  [11, 'weight', sparse(u64)], [12, 'k', u64], [13, 'roles', listOf(oneOf('Role'), 8)],
  [14, 'keys', listOf(forms['key.Entry'], 16)], [15, 'commitment', optional(digest)],
  [16, 'recovery', oneOf('party.Recovery')], [17, 'recovering', optional(digest)],
  [18, 'recovery_ended', sparse(flag)], [19, 'force', optional(forms['party.Force'])], [20, 'things', sparse(u64)],
  [21, 'alarms', sparse(u64)], [22, 'alarms_day', sparse(u64)], [23, 'alarms_today', sparse(u64)],
  [24, 'proposals', listOf(digest, 8)]);
forms['firmware.Image'] = structure(
  [1, 'digest', digest], [2, 'size', u64]);
forms['firmware.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('firmware.State')], [9, 'model', digest], [10, 'sequence', u64],
  [11, 'images', listOf(forms['firmware.Image'], 8)], [12, 'manifest', optional(digest)],
  [13, 'sbom', optional(digest)], [14, 'halts', listOf(digest, 16)], [15, 'text', digest],
  [16, 'previous', sparse(u64)]);
forms['role.Record'] = structure(
  [1, 'form', form], [2, 'changed', u64], [3, 'history', forms['Tree']], [4, 'life', optional(forms['Tree'])],
  [8, 'state', oneOf('role.State')], [9, 'role', oneOf('Role')], [10, 'from', digest], [11, 'to', digest],
  [12, 'scope', digest], [13, 'tenure', optional(u64)], [14, 'until_ms', optional(u64)], [15, 'granted_ms', u64],
  [16, 'revoked_ms', optional(u64)]);
