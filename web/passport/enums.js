// SPDX-License-Identifier: Apache-2.0
// The enumerations of the formats.
// Written by forms_test of src/host/passport_page from the declarations in src/core.

const enums = {};
enums['proof.LeafType'] = { body: 1, block: 2 };
enums['proof.ThingType'] = { device: 1, part: 2, key: 3, model: 4, party: 5, firmware: 6, role: 7 };
enums['statement.Outcome'] = { done: 1, alarm: 2, voided: 3 };
enums['device.State'] = { assembled: 1, active: 2, suspended: 3, retired: 4, destroyed: 5 };
enums['thing.Class'] = { chip: 1, board: 2, module: 3, battery: 4, device: 5 };
enums['key.Purpose'] = { wallet: 1, authentication: 2, identity: 3, attestation: 4, release: 5, issuing: 6, line: 7,
  standby: 8, revoking: 9, packer: 10, recovery: 11 };
enums['part.State'] = { stock: 1, mounted: 2, scrapped: 3 };
enums['part.Grade'] = { proven: 1, claimed: 2 };
enums['key.State'] = { active: 1, frozen: 2, revoked: 3 };
enums['SubjectType'] = { party: 1, part: 2, device: 3 };
enums['key.Level'] = { file: 1, process: 2, guest: 3, hardware: 4 };
enums['key.Activation'] = { nothing: 1, pin: 2, biometric: 3 };
enums['key.Reason'] = { unspecified: 1, compromised: 2, superseded: 3, end_of_life: 4, vetoed: 5 };
enums['model.State'] = { active: 1, withdrawn: 2 };
enums['party.State'] = { active: 1, suspended: 2, closed: 3, expelled: 4 };
enums['Role'] = { maker: 1, registrar: 2, laboratory: 3, witness: 4, certifier: 5, premises: 6, gate: 7, hold: 8,
  inspector: 9 };
enums['party.Recovery'] = { none: 1, standby: 2, registrar: 3 };
enums['firmware.State'] = { released: 1, halted: 2, recalled: 3 };
enums['role.State'] = { granted: 1, revoked: 2 };
enums['statement.ApprovalRole'] = { release: 1, witness: 2, own: 3, recovery: 4, registrar: 5, quorum: 6 };
enums['proposal.Matter'] = { admit: 1, suspend: 2, resume: 3, expel: 4, parameters: 5, withhold: 6, reject_mount: 7,
  recovery: 8, roles: 9, recover: 10 };
enums['proposal.Choice'] = { yes: 1, no: 2 };
enums['thing.Type'] = { part: 1, device: 2 };
enums['part.Finding'] = { passed: 1, failed: 2, repaired: 3, observed: 4 };
enums['device.UnitType'] = { board: 1, device: 2 };
enums['device.Cause'] = { copied: 1, opened: 2, set_back: 3, misbehaving: 4, other: 5 };
enums['firmware.Action'] = { halt: 1, recall: 2, lift: 3 };
enums['document.Type'] = { other: 1, audit: 2, transcript: 3, log_head: 4, data_set: 5, timestamp: 6, object: 7,
  sbom: 8, test_report: 9, inspection: 10, erasure: 11, recording: 12, alarm: 13, incident: 14, checkpoint: 15 };
