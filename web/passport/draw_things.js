// SPDX-License-Identifier: Apache-2.0
// The device, its parts, and the parties that are named.

function firmwareFacts({ things }, names) {
  const id = modelOf(things[0]);
  const model = id && names.find('model', id);
  if (model === undefined || things[0].unproved) return [];
  const { latest, floor } = model.record;
  const least = latest === 0n ? word('no_firmware')
    : floor === 0n ? word('no_floor', latest) : word('floor_value', floor, latest);
  const known = things.filter(({ type, record }) => type === 'firmware' && same(record.model, id));
  const line = (thing) => {
    const version = readText(thing, 0x0801)?.version;
    return element('div', {}, word('firmware_line', version === undefined ? word('no_version') : plain(version),
      thing.record.sequence, label('firmware.State', thing.record.state)));
  };
  return [['floor', least], ['firmware_known', known.length === 0 ? undefined : known.map(line)]];
}

function modelFact(thing, names) {
  const id = modelOf(thing);
  const found = id && names.find('model', id)?.record;
  if (found === undefined || thing.unproved) return badge('unproved', names.model(thing));
  const named = word('vendor', names.modelName(id), names.party(found.vendor));
  return found.state === 'withdrawn' ? word('model_withdrawn', named) : named;
}

function handOverFacts({ record }, names) {
  const { offered_to, offer_from_ms, shipped_to, shipped_with_title } = record;
  const offered = offered_to && (offer_from_ms === 0n ? partyElement(offered_to, names)
    : word('offered_from', names.party(offered_to), tellTime(offer_from_ms)));
  const shipped = shipped_to && (shipped_with_title ? word('with_title', names.party(shipped_to))
    : partyElement(shipped_to, names));
  return [['offered_to', offered], ['shipped_to', shipped]];
}

function drawDevice(result, names) {
  const [device] = result.things;
  const { id, record } = device;
  const owner = ownerOf(device);
  show('device', heading('device'), facts([['id', code(id)],
    ['state', badge(record.state, label('device.State', record.state))], ['model', modelFact(device, names)],
    ['maker', record.maker === undefined ? word('unknown_maker') : partyElement(record.maker, names)],
    ['owner', partyElement(owner, names)], ['custodian', partyElement(record.custodian ?? owner, names)],
    ...handOverFacts(device, names), ['tenure', String(record.tenure)], ['title_counter', String(record.title)],
    ['alarms', record.alarms === 0n ? word('none') : badge('alarm', String(record.alarms))],
    ...firmwareFacts(result, names), ['commitment', record.commitment && word('commitment_value')]]));
}

// --- parts

function partBadges({ record }) {
  const { grade, accepted, salvaged, alarms } = record;
  const out = [];
  if (grade !== undefined) out.push(badge(grade, label('part.Grade', grade)));
  if (accepted) out.push(badge('accepted', word('accepted')));
  if (salvaged) out.push(badge('salvaged', word('salvaged')));
  if (alarms > 0n) out.push(badge('alarm', word('alarm_count', alarms)));
  return out.flatMap((each) => [each, ' ']);
}

function partLine(id, unit, names) {
  const thing = names.find('part', id);
  if (!isMountedIn(thing, unit)) {
    return element('li', {}, element('strong', {}, word('part')), ' ', badge('missing', word('part_missing')),
      element('br'), code(id));
  }
  const { maker, children } = thing.record;
  const by = maker === undefined ? word('unknown_maker') : word('by_maker', names.party(maker));
  const name = thing.unproved ? badge('unproved', names.model(thing)) : element('strong', {}, names.model(thing));
  return element('li', {}, name, ' ', partBadges(thing), element('span', { class: 'quiet' }, by), element('br'),
    code(id), partList(children, id, names));
}
function partList(ids, unit, names) {
  return ids.length === 0 ? [] : [element('ul', {}, ids.map((id) => partLine(id, unit, names)))];
}

function drawParts({ things }, names) {
  const [device] = things;
  const tree = partList(device.record.children, device.id, names);
  if (tree.length > 0) tree[0].classList.add('tree');
  show('parts', heading('parts'), tree.length === 0 ? element('p', {}, word('no_parts'))
    : [...tree, element('p', { class: 'quiet' }, word('grades_mean'))]);
}

// --- parties

// How a grant stands now.
function grantState({ record }, now) {
  const { until_ms, revoked_ms, tenure } = record;
  if (revoked_ms !== undefined) return badge('revoked', word('grant_revoked', tellDay(revoked_ms)));
  if (until_ms !== undefined && until_ms <= now) return badge('lapsed', word('grant_lapsed', tellDay(until_ms)));
  if (tenure !== undefined) return word('grant_tenure', tenure);
  return until_ms === undefined ? word('grant_holds') : word('key_until', tellDay(until_ms));
}
function grants(result, names) {
  const rows = result.things.filter(({ type }) => type === 'role').map((thing) => {
    const { to, from, role, scope } = thing.record;
    return [names.party(to), label('Role', role), element('code', { title: hex(scope) }, short(scope)),
      names.party(from), grantState(thing, newestTime(result))];
  });
  return rows.length === 0 ? [] : [element('h3', {}, word('grants')),
    table(['party', 'grant', 'scope', 'granted_by', 'state'], rows)];
}

function drawParties(result, names) {
  const rows = result.things.filter(({ type }) => type === 'party').map(({ id, record }) => {
    const standing = record.registrar === undefined ? word('member') : word('vouched', names.party(record.registrar));
    const roles = record.roles.map((role) => label('Role', role)).join(', ');
    const state = [badge(record.state, label('party.State', record.state))];
    if (record.alarms > 0n) state.push(' ', badge('alarm', word('alarm_count', record.alarms)));
    return [names.party(id), standing, state, roles === '' ? word('none') : roles, code(id)];
  });
  const parties = rows.length === 0 ? [] : table(['party', 'vouched_by', 'state', 'roles', 'handle'], rows);
  const contacts = names.contacts.size === 0 ? [] : element('p', { class: 'quiet' }, word('contacts_mean'));
  show('parties', heading('parties'), parties, grants(result, names), contacts);
}
