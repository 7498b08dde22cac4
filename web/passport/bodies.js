// SPDX-License-Identifier: Apache-2.0
// The bodies of all kinds of statements.
// Written by forms_test of src/host/passport_page from the declarations in src/core.

const kinds = {};
kinds[0x0102] = { name: 'ledger.incarnation', body: closed(
  [1, 'epoch', u64], [2, 'signers', listOf(forms['CheckpointSigner'], 32)], [3, 'threshold', u64],
  [4, 'size', u64], [5, 'root', digest], [6, 'lost_size', optional(u64)]) };
forms['MemberKey'] = structure(
  [1, 'key', publicKey], [2, 'purpose', oneOf('key.Purpose')], [3, 'level', oneOf('key.Level')],
  [4, 'activation', oneOf('key.Activation')], [5, 'possession', fixed(64)]);
forms['NewMember'] = structure(
  [1, 'name', text], [2, 'weight', u64], [3, 'k', u64], [4, 'roles', listOf(oneOf('Role'), 8)],
  [5, 'keys', listOf(forms['MemberKey'], 16)]);
forms['DayLimit'] = structure(
  [1, 'statements', u64], [2, 'bytes', u64], [3, 'refused', u64]);
forms['Parameters'] = structure(
  [1, 'veto_ms', u64], [2, 'recovery_ms', u64], [3, 'force_ms', u64], [4, 'member_day', forms['DayLimit']],
  [5, 'party_day', forms['DayLimit']], [6, 'thing_day', forms['DayLimit']], [7, 'reserve_statements', u64],
  [8, 'reserve_bytes', u64], [9, 'ledger_rows', u64], [10, 'registrar_rows', u64], [11, 'reserve_rows_part', u64],
  [12, 'openings_day', u64], [13, 'refused_steps', u64], [14, 'statement_growth', u64], [15, 'block_growth', u64],
  [16, 'alarms_day', u64], [17, 'proposal_lapse_ms', u64], [18, 'sequence_step', u64]);
forms['proposal.Content'] = structure(
  [1, 'matter', oneOf('proposal.Matter')], [2, 'member', optional(forms['NewMember'])],
  [3, 'party', optional(digest)], [4, 'parameters', optional(forms['Parameters'])],
  [5, 'identity', optional(digest)], [6, 'index', optional(u64)], [7, 'part', optional(digest)],
  [8, 'recovery_keys', optional(listOf(publicKey, 16))], [9, 'threshold', optional(u64)],
  [10, 'roles', optional(listOf(oneOf('Role'), 8))], [11, 'weight', optional(u64)]);
kinds[0x0110] = { name: 'proposal.open', body: structure(
  [1, 'nonce', digest], [2, 'content', forms['proposal.Content']], [3, 'reason', optional(text)]) };
kinds[0x0111] = { name: 'proposal.vote', body: structure(
  [1, 'proposal', digest], [2, 'choice', oneOf('proposal.Choice')], [3, 'reason', optional(text)]) };
kinds[0x0201] = { name: 'key.register', body: structure(
  [1, 'key', publicKey], [2, 'purpose', oneOf('key.Purpose')], [3, 'subject', forms['Subject']],
  [4, 'possession', fixed(64)], [5, 'level', oneOf('key.Level')], [6, 'activation', oneOf('key.Activation')],
  [7, 'evidence', optional(digest)]) };
kinds[0x0202] = { name: 'key.rotate', body: structure(
  [1, 'key', publicKey], [2, 'possession', fixed(64)]) };
kinds[0x0203] = { name: 'key.veto', body: structure(
  [1, 'key', digest]) };
kinds[0x0204] = { name: 'key.revoke', body: structure(
  [1, 'key', digest], [2, 'reason', oneOf('key.Reason')]) };
kinds[0x0205] = { name: 'key.freeze', body: structure(
  [1, 'key', digest]) };
kinds[0x0206] = { name: 'key.thaw', body: structure(
  [1, 'key', digest]) };
kinds[0x0301] = { name: 'model.register', body: structure(
  [1, 'nonce', digest], [2, 'name', text], [3, 'class', oneOf('thing.Class')],
  [4, 'release_keys', listOf(digest, 16)], [5, 'release_threshold', u64]) };
kinds[0x0302] = { name: 'model.amend', body: structure(
  [1, 'model', digest], [2, 'release_keys', listOf(digest, 16)], [3, 'release_threshold', u64]) };
kinds[0x0303] = { name: 'model.withdraw', body: structure(
  [1, 'model', digest]) };
kinds[0x0304] = { name: 'model.certify', body: structure(
  [1, 'model', digest], [2, 'sequence', sparse(u64)], [3, 'until_ms', optional(u64)],
  [4, 'evidence', optional(digest)]) };
kinds[0x0305] = { name: 'model.decertify', body: structure(
  [1, 'model', digest], [2, 'sequence', sparse(u64)]) };
forms['thing.At'] = structure(
  [1, 'place', digest], [2, 'tool', optional(digest)]);
kinds[0x0401] = { name: 'part.register', body: structure(
  [1, 'nonce', digest], [2, 'model', digest], [3, 'blinded_class', optional(oneOf('thing.Class'))],
  [4, 'key', optional(publicKey)], [5, 'possession', optional(fixed(64))],
  [6, 'level', optional(oneOf('key.Level'))], [7, 'commitment', optional(digest)],
  [8, 'at', optional(forms['thing.At'])]) };
kinds[0x0402] = { name: 'part.inspect', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'finding', oneOf('part.Finding')],
  [4, 'evidence', optional(digest)], [5, 'at', optional(forms['thing.At'])]) };
kinds[0x0403] = { name: 'part.scrap', body: structure(
  [1, 'part', digest], [2, 'on', u64]) };
forms['device.Mount'] = structure(
  [1, 'part', digest], [2, 'proof', optional(fixed(64))]);
kinds[0x0501] = { name: 'device.assemble', body: structure(
  [1, 'nonce', digest], [2, 'type', oneOf('device.UnitType')], [3, 'model', digest],
  [4, 'blinded_class', optional(oneOf('thing.Class'))], [5, 'mounts', listOf(forms['device.Mount'], 64)],
  [6, 'commitment', optional(digest)], [7, 'at', optional(forms['thing.At'])]) };
kinds[0x0502] = { name: 'device.attach', body: structure(
  [1, 'unit', digest], [2, 'part', optional(digest)], [3, 'nonce', optional(digest)],
  [4, 'proof', optional(fixed(64))], [5, 'accept', sparse(flag)], [6, 'at', optional(forms['thing.At'])]) };
kinds[0x0503] = { name: 'device.detach', body: structure(
  [1, 'unit', digest], [2, 'part', digest], [3, 'keep', listOf(digest, 8)], [4, 'at', optional(forms['thing.At'])]) };
kinds[0x0504] = { name: 'device.alarm', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'cause', oneOf('device.Cause')],
  [4, 'about', optional(digest)], [5, 'evidence', optional(digest)]) };
kinds[0x0506] = { name: 'device.activate', body: structure(
  [1, 'device', digest]) };
kinds[0x0507] = { name: 'device.suspend', body: structure(
  [1, 'device', digest]) };
kinds[0x0508] = { name: 'device.resume', body: structure(
  [1, 'device', digest]) };
kinds[0x0509] = { name: 'device.retire', body: structure(
  [1, 'device', digest], [2, 'on', u64]) };
kinds[0x050a] = { name: 'device.destroy', body: structure(
  [1, 'device', digest], [2, 'on', u64], [3, 'evidence', optional(digest)]) };
kinds[0x0601] = { name: 'custody.ship', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'to', digest], [4, 'on', optional(u64)],
  [5, 'at', optional(forms['thing.At'])]) };
kinds[0x0602] = { name: 'custody.receive', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'on', optional(u64)], [4, 'keep', listOf(digest, 8)],
  [5, 'at', optional(forms['thing.At'])]) };
kinds[0x0603] = { name: 'custody.refuse', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest]) };
kinds[0x0604] = { name: 'custody.recall', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest]) };
kinds[0x0701] = { name: 'ownership.offer', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'to', digest], [4, 'on', u64]) };
kinds[0x0702] = { name: 'ownership.accept', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'on', u64], [4, 'keep', listOf(digest, 8)]) };
kinds[0x0703] = { name: 'ownership.cancel', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest]) };
kinds[0x0704] = { name: 'ownership.force', body: structure(
  [1, 'type', oneOf('thing.Type')], [2, 'thing', digest], [3, 'to', digest], [4, 'on', u64]) };
kinds[0x0801] = { name: 'firmware.release', body: structure(
  [1, 'model', digest], [2, 'sequence', u64], [3, 'version', text],
  [4, 'images', listOf(forms['firmware.Image'], 8)], [5, 'manifest', optional(digest)],
  [6, 'sbom', optional(digest)]) };
kinds[0x0804] = { name: 'firmware.floor', body: structure(
  [1, 'model', digest], [2, 'sequence', u64]) };
kinds[0x0805] = { name: 'firmware.recall', body: structure(
  [1, 'model', digest], [2, 'sequence', u64], [3, 'action', oneOf('firmware.Action')]) };
kinds[0x0b01] = { name: 'party.open', body: structure(
  [1, 'nonce', digest], [2, 'key', publicKey], [3, 'possession', fixed(64)], [4, 'commitment', optional(digest)],
  [5, 'recovery', oneOf('party.Recovery')], [6, 'standby', optional(publicKey)],
  [7, 'standby_possession', optional(fixed(64))], [8, 'force', optional(forms['party.Force'])]) };
kinds[0x0b02] = { name: 'party.suspend', body: structure(
  [1, 'party', digest], [2, 'suspended', flag]) };
kinds[0x0b03] = { name: 'party.move', body: structure(
  [1, 'registrar', digest]) };
kinds[0x0b04] = { name: 'party.close', body: structure() };
kinds[0x0b05] = { name: 'party.recover', body: structure(
  [1, 'party', digest], [2, 'key', publicKey], [3, 'possession', fixed(64)]) };
kinds[0x0b06] = { name: 'party.amend', body: structure(
  [1, 'k', optional(u64)], [2, 'recovery', optional(oneOf('party.Recovery'))],
  [3, 'force', optional(forms['party.Force'])]) };
kinds[0x0c01] = { name: 'role.grant', body: structure(
  [1, 'to', digest], [2, 'role', oneOf('Role')], [3, 'scope', optional(digest)], [4, 'until_ms', optional(u64)]) };
kinds[0x0c02] = { name: 'role.revoke', body: structure(
  [1, 'to', digest], [2, 'role', oneOf('Role')], [3, 'scope', optional(digest)]) };
kinds[0x0d01] = { name: 'document.record', body: structure(
  [1, 'type', oneOf('document.Type')], [2, 'digest', digest], [3, 'content_type', optional(text)],
  [4, 'about_type', optional(oneOf('thing.Type'))], [5, 'about', optional(digest)]) };
