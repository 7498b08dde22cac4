// SPDX-License-Identifier: Apache-2.0
// The verdict: the first thing that is seen. It is green only for a living device whose passport is complete and
// without alarms; a proof that holds does not make a destroyed device a good one.

const ownerOf = ({ record }) => record.owner ?? record.maker;

// Everything that a reader must know before trusting the device, as sentences, the gravest first.
function caveats(result, names) {
  const { things, events, block, policy, gaps, olderPages } = result;
  const [device] = things;
  const out = [];
  if (endings.includes(device.record.state)) out.push(word(`${device.record.state}_means`));
  for (const thing of things.filter((each) => hasHistory(each) && each.record.alarms > 0n)) {
    out.push(word('alarms_note', names.thing(thing.type, thing.id), thing.record.alarms));
  }
  for (const gap of gaps) out.push(tellGap(gap, names));
  if (olderPages > 0) out.push(word('older_pages', olderPages));
  const withheld = events.filter((event) => event.unreadable === 'withheld').length;
  if (withheld > 0) out.push(word('withheld_note', withheld));
  out.push(...thingCaveats(things, names));
  const doubtful = events.filter((event) =>
    certificatesOf(event, things).some(([, , { standing }]) => standing !== 'certified')).length;
  if (doubtful > 0) out.push(word('premises_note', doubtful));
  out.push(...ownerCaveats(device, names));
  if (block.policy_epoch > policy.epoch) out.push(word('epoch_note', block.policy_epoch, policy.epoch));
  return out;
}

function tellGap({ part, unit, thing, first, end }, names) {
  if (part !== undefined) return word('gap_part', names.part(part), names.thing(unit.type, unit.id));
  const { count } = thing.record.history;
  return word('gap_events', names.thing(thing.type, thing.id), end - first, count, first + 1n, end);
}

const taints = ({ accepted, salvaged }) =>
  [accepted && word('accepted'), salvaged && word('salvaged')].filter(Boolean);

function thingCaveats(things, names) {
  const out = [];
  for (const thing of things.filter(hasHistory)) {
    const name = names.thing(thing.type, thing.id);
    if (thing.unproved) out.push(word('unproved_note', name));
    if (taints(thing.record).length > 0) out.push(word('tainted_note', name, taints(thing.record).join(', ')));
  }
  return out;
}

function ownerCaveats(device, names) {
  const out = [], owner = ownerOf(device);
  const { offered_to, shipped_to, shipped_with_title } = device.record;
  const next = offered_to ?? (shipped_with_title ? shipped_to : undefined);
  if (next !== undefined) out.push(word('offered_note', names.party(next)));
  const party = owner && names.find('party', owner);
  if (party !== undefined && party.record.state !== 'active') {
    out.push(word('owner_note', names.party(owner), label('party.State', party.record.state)));
  }
  return out;
}

const endings = ['destroyed', 'retired', 'suspended'];

// [ which words the headline has, how it looks ]
function headlineOf({ things, gaps, olderPages }) {
  const { state } = things[0].record;
  if (endings.includes(state)) return [`verified_${state}`, state === 'suspended' ? 'caution' : 'ended'];
  if (gaps.length > 0 || olderPages > 0) return ['verified_incomplete', 'caution'];
  if (things.some((thing) => hasHistory(thing) && thing.record.alarms > 0n)) return ['verified_alarm', 'caution'];
  return ['verified', 'good'];
}

function drawVerified(result, names) {
  const { things, events, signatures, block, gaps, olderPages } = result;
  const [headline, look] = headlineOf(result);
  at('verdict').className = `verified ${look}`;
  const notes = caveats(result, names);
  if (gaps.length === 0 && olderPages === 0) notes.push(word('complete'));
  const when = element('small', {}, word('at_block', block.height, tellTime(block.time_ms)));
  show('verdict', element('h1', {}, `${word(headline)} `, when),
    element('ul', {}, notes.map((note) => element('li', {}, polished(note)))),
    element('p', {}, word('verified_means', things.length, events.length, signatures)),
    element('p', {}, word('newest_known', block.height)));
}

function drawVerdict(result, names) {
  const verdict = result?.verdict ?? 'pending';
  if (verdict === 'verified') return drawVerified(result, names);
  at('verdict').className = verdict;
  if (verdict === 'pending') return show('verdict', element('h1', {}, word('verifying')));
  let text = reason(result.why);
  if (result.detail !== undefined) text += ` (${result.detail})`;
  if (result.page !== undefined) text = word('on_page', result.page, text);
  return show('verdict', element('h1', {}, word(verdict)), element('p', {}, word(`${verdict}_means`, text)));
}

// --- the policy, in which everything rests

function witnessFact({ policy, checkpoint }) {
  if (policy.witnesses.length === 0) return word('no_witnesses');
  const who = checkpoint.witnesses.length === 0 ? word('none') : checkpoint.witnesses.join(', ');
  return word('witnesses_value', who, checkpoint.witnesses.length, policy.witnesses.length, policy.witness_threshold);
}

// `own`: the policy is the reader's own. `load` is called with the chosen file.
function drawTrust(result, fingerprint, own, load) {
  const input = element('input', { type: 'file', id: 'own-policy' });
  input.addEventListener('change', () => load(input));
  const { policy, checkpoint } = result?.verdict === 'verified' ? result : {};
  const signers = policy &&
    `${checkpoint.signers.join(', ')} (${word('weight', checkpoint.weight, policy.threshold)})`;
  const grouped = fingerprint.replace(/(.{8})(?=.)/g, '$1 ');
  show('trust', heading('trust'), element('p', {}, word(own ? 'trust_own' : 'trust_page')),
    facts([['fingerprint', element('code', { class: 'fingerprint', id: 'fingerprint' }, grouped)],
      ['ledger', policy && code(policy.ledger)], ['epoch', policy && String(policy.epoch)],
      ['signers', signers], ['log_witnesses', policy && witnessFact(result)]]),
    element('p', { class: 'no-print' }, element('label', { for: 'own-policy' }, word('load_policy')), ' ', input));
}
