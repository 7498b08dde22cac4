// SPDX-License-Identifier: Apache-2.0
// The life of the device, event by event, and its keys.

// Who certified; how it stands now is said when it is not active any more.
function certifier(handle, names) {
  const state = names.find('party', handle)?.record.state ?? 'active';
  return state === 'active' ? names.party(handle) : `${names.party(handle)} (${label('party.State', state)})`;
}

function certificateLine([what, id, { standing, role }], names) {
  const by = role && certifier(role.from, names);
  const sentence = {
    certified: () => (role.until_ms === undefined ? word('premises_certified', by)
      : word('premises_certified_until', by, tellDay(role.until_ms))),
    lapsed: () => word('premises_lapsed', by, tellDay(role.until_ms)),
    revoked: () => word('premises_revoked', by, tellDay(role.revoked_ms)),
    later: () => word('premises_later', by, tellDay(role.granted_ms)),
    other: () => word('premises_other', by, names.party(role.to)),
    missing: () => word('premises_missing'),
  }[standing]();
  return element('div', { class: `premises ${standing}` }, `${word(what, short(id))}: ${sentence}`);
}

function approvalLine({ role, signer }, names) {
  return element('div', { class: 'quiet' },
    word('approved', names.subject(signer.record.subject), label('statement.ApprovalRole', role)));
}

function eventBadge({ outcome, kind, read, unreadable }) {
  if (outcome === 'alarm' || kind === 'device.alarm') return badge('alarm', label('statement.Outcome', 'alarm'));
  if (outcome === 'voided') return badge('voided', label('statement.Outcome', 'voided'));
  if (unreadable === 'withheld') return badge('withheld', word('withheld'));
  if (kind === 'part.inspect' && read !== undefined) return badge(read.finding, label('part.Finding', read.finding));
  return undefined;
}

function eventCells(event, things, names) {
  const mark = eventBadge(event);
  const what = [...(mark === undefined ? [] : [mark, ' ']), tellEvent(event, names),
    ...certificatesOf(event, things).map((each) => certificateLine(each, names)),
    ...event.approvals.map((each) => approvalLine(each, names))];
  if (event.approvals.length === 0 && event.alsoHash !== undefined) {
    what.push(element('div', { class: 'quiet' }, word('approvals_hidden')));
  }
  const { subject } = event.statement.signer.record;
  return [tellTime(event.time_ms).replace(' UTC', ''), what,
    element('span', { title: hex(subject.id) }, names.subject(subject)), String(event.height)];
}

function drawEvents({ things, events, gaps }, names) {
  show('events', heading(gaps.length === 0 ? 'events' : 'events_incomplete'),
    table(['time', 'what', 'who', 'block'], events.map((event) => eventCells(event, things, names))));
}

// --- keys

// The keys of the passport, and those that the device and its parts list beside them: then there is no `record`.
function allKeys(result) {
  const out = result.things.filter(({ type }) => type === 'key').map(({ id, record }) =>
    ({ id, record, purpose: record.purpose, subject: record.subject, ...standingOfKey(record, id, result) }));
  const known = new Set(out.map(({ id }) => hex(id)));
  for (const thing of result.things.filter(hasHistory)) {
    for (const entry of thing.record.keys.filter(({ key }) => !known.has(hex(key)))) {
      const standing = standingOfEntry(entry, thing, result);
      out.push({ id: entry.key, purpose: entry.purpose, subject: { type: thing.type, id: thing.id }, standing, entry });
    }
  }
  return out;
}

function keyState({ standing, entry, record }) {
  const when = standing === 'waits' ? tellTime(entry.from_ms) : standing === 'ended' ? tellTime(entry.until_ms) : '';
  const out = [badge(`key-${standing}`, word(`key_${standing}`, when))];
  if (record?.reason !== undefined) out.push(` ${label('key.Reason', record.reason)}`);
  if (standing === 'speaks' && entry.until_ms !== 0n) out.push(` ${word('key_until', tellTime(entry.until_ms))}`);
  if (entry?.birth) out.push(` ${word('key_birth')}`);
  return out;
}

// What a registrar says of a key's place is unproved above `file`, until an attestation proves it.
function keyLevel({ level, level_proved }) {
  const name = label('key.Level', level);
  return level === 'file' || level_proved ? name : word('level_unproved', name);
}

function keyCells(key, names) {
  const { id, record, subject } = key;
  const thumbprint = element('code', { title: hex(id) }, `${hex(id).slice(0, 16)}…`);
  const more = record === undefined ? [word('key_record_missing'), '', '']
    : [keyLevel(record), label('key.Activation', record.activation), record.key.algorithm];
  return [thumbprint, names.subject(subject), keyState(key), ...more];
}

function drawKeys(result, names) {
  const keys = allKeys(result);
  const groups = Object.keys(enums['key.Purpose']).map((purpose) => {
    const rows = keys.filter((key) => key.purpose === purpose).map((key) => keyCells(key, names));
    return rows.length === 0 ? [] : [element('h3', {}, label('key.Purpose', purpose)),
      table(['key', 'speaks_for', 'state', 'kept_in', 'activation', 'algorithm'], rows)];
  });
  show('keys', heading('keys'), groups.flat());
}
