// SPDX-License-Identifier: Apache-2.0
// Draws the page: the verdict first, and nothing else unless it is a good one. All that the passport says goes in as text.

const page = { passport: null, policy: null, ownPolicy: false, result: null, fingerprint: '', took: 0 };

// An element with attributes and children; strings become text.
function element(name, attributes = {}, ...inside) {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value);
  out.append(...inside.flat());
  return out;
}
const at = (id) => document.getElementById(id);
const show = (id, ...inside) => at(id).replaceChildren(...inside.flat());
const heading = (name) => element('h2', {}, word(name));
const code = (bytes) => element('code', {}, hex(bytes));
const badge = (name, label = name) => element('span', { class: `badge ${name}` }, word(label));

// Rows of [label, value]; those without a value are left out.
function facts(rows) {
  return element('dl', {}, rows.filter(([, value]) => value !== undefined)
    .map(([label, value]) => element('div', {}, element('dt', {}, word(label)), element('dd', {}, ...[value].flat()))));
}
function table(columns, rows) {
  return element('div', { class: 'scroll' }, element('table', {},
    element('thead', {}, element('tr', {}, columns.map((name) => element('th', { scope: 'col' }, word(name))))),
    element('tbody', {}, rows.map((cells) => element('tr', {}, cells.map((cell) => element('td', {}, ...[cell].flat())))))));
}

function drawVerdict() {
  const { verdict, why, detail, block, passport } = page.result ?? { verdict: 'pending' };
  at('verdict').className = verdict;
  if (verdict === 'pending') return show('verdict', element('h1', {}, word('verifying')));
  if (verdict !== 'verified') {
    const text = reason(why) + (detail === undefined ? '' : ` (${detail})`);
    return show('verdict', element('h1', {}, word(verdict)), element('p', {}, word(`${verdict}_means`, text)));
  }
  return show('verdict', element('h1', {}, `${word('verified')} `, element('small', {}, word('at_block', block.height, tellTime(block.time_ms)))),
    element('p', {}, word('verified_means', passport.things.length, passport.events.length, passport.statements.length)),
    element('p', {}, word('newest_known', block.height)));
}

function drawTrust() {
  const input = element('input', { type: 'file', id: 'own-policy' });
  input.addEventListener('change', () => loadPolicy(input));
  const { policy, checkpoint } = page.result?.verdict === 'verified' ? page.result : {};
  const grouped = page.fingerprint.replace(/(.{8})(?=.)/g, '$1 ');
  show('trust', heading('trust'), element('p', {}, word(page.ownPolicy ? 'trust_own' : 'trust_page')),
    facts([['fingerprint', element('code', { class: 'fingerprint', id: 'fingerprint' }, grouped)],
      ['ledger', policy && code(policy.ledger)], ['epoch', policy && String(policy.epoch)],
      ['signers', policy && `${checkpoint.signers.join(', ')} (${word('weight', checkpoint.weight, policy.threshold)})`]]),
    element('p', { class: 'no-print' }, element('label', { for: 'own-policy' }, word('load_policy')), ' ', input));
}

function firmwareFacts(names, passport) {
  const device = passport.things[0];
  const model = names.model(device.record.model);
  const known = passport.things.filter(({ type, record }) => type === 'firmware' && same(record.model, device.record.model));
  const floor = model.latest === 0n ? word('no_firmware')
    : model.floor === 0n ? word('no_floor', model.latest) : word('floor_value', model.floor, model.latest);
  return [['floor', floor],
    ['firmware_known', known.length === 0 ? undefined : known.map(({ record }) =>
      element('div', {}, word('firmware_line', record.version, record.sequence, word(record.state))))]];
}

function drawDevice({ passport }, names) {
  const { id, record } = passport.things[0];
  const model = names.model(record.model);
  const warnings = [];
  if (record.disputes > 0n) warnings.push(element('p', { class: 'warning' }, word('disputed_warning')));
  if (record.state === 'retired' || record.state === 'destroyed') warnings.push(element('p', { class: 'warning' }, word('tombstone')));
  show('device', heading('device'), warnings, facts([['id', code(id)], ['state', badge(record.state)], ['model', `${model.name} (${model.vendor})`],
    ['maker', record.maker], ['owner', record.owner], ['offered_to', record.offered_to], ['custodian', record.custodian],
    ['in_transit_to', record.in_transit_to], ['disputes', String(record.disputes)], ['transfers', String(record.transfers)],
    ...firmwareFacts(names, passport), ['commitment', record.commitment && word('commitment_value')]]));
}

function partLine(id, names, parts, drawn) {
  const { record } = parts.get(hex(id));
  const model = names.model(record.model);
  const notes = [record.disputed_by && word('disputed_by', record.disputed_by), record.claims.length > 1 && word('also_claimed', record.claims.length)];
  const line = [element('strong', {}, model === undefined ? word('unknown_model') : modelName(model)), ' ',
    record.state === 'disputed' ? badge('disputed') : '', ' ', record.grade === undefined ? '' : badge(record.grade), ' ',
    element('span', { class: 'quiet' }, [record.maker === '' ? word('unknown_maker') : word('by_maker', record.maker), ...notes.filter(Boolean)].join(' · ')), element('br'), code(id)];
  if (drawn.has(hex(id))) return element('li', {}, line);
  drawn.add(hex(id));
  return element('li', {}, line, partList(record.children, names, parts, drawn));
}
function partList(ids, names, parts, drawn) {
  return ids.length === 0 ? [] : [element('ul', {}, ids.map((id) => partLine(id, names, parts, drawn)))];
}
function drawParts({ passport }, names) {
  const parts = new Map(passport.things.filter(({ type }) => type === 'part').map((thing) => [hex(thing.id), thing]));
  const tree = partList(passport.things[0].record.children, names, parts, new Set());
  if (tree.length > 0) tree[0].classList.add('tree');
  show('parts', heading('parts'), tree.length === 0 ? element('p', {}, word('no_parts'))
    : [...tree, element('p', { class: 'quiet' }, word('grades_mean'))]);
}

function drawEvents({ passport, statements }, names) {
  const rows = passport.events.map((event) => {
    const statement = statements[Number(event.statement)];
    const what = [tellEvent(event, statement, names)];
    if (event.outcome === 'disputed') what.push(' ', badge('disputed', 'led_to_dispute'));
    return [tellTime(event.time_ms).replace(' UTC', ''), what, names.subject(statement.signer.record.subject), String(event.height)];
  });
  show('events', heading('events'), table(['time', 'what', 'who', 'block'], rows));
}

function drawKeys({ passport }, names) {
  const rows = passport.things.filter(({ type }) => type === 'key').map(({ id, record }) => {
    const state = [badge(record.state, record.state === 'active' ? 'key_active' : record.state)];
    if (record.reason !== undefined) state.push(` ${word(record.reason)}`);
    if (record.from_ms !== undefined) state.push(` ${word('since', tellTime(record.from_ms))}`);
    if (record.until_ms !== undefined) state.push(` ${word('until', tellTime(record.until_ms))}`);
    return [element('code', { title: hex(id) }, `${hex(id).slice(0, 16)}…`), names.subject(record.subject), word(record.purpose), record.key.algorithm, state];
  });
  show('keys', heading('keys'), table(['key', 'speaks_for', 'purpose', 'algorithm', 'state'], rows));
}

function drawSizes({ passport, checkpoint }) {
  const sum = (values) => values.reduce((total, each) => total + each.length, 0).toLocaleString('en');
  const parts = [`${word('size_records')} ${sum(passport.things.map((thing) => thing.item.value))}`,
    `${word('size_statements')} ${sum(passport.statements)}`, `${word('size_bodies')} ${sum(passport.events.map((event) => event.body))}`];
  show('sizes', heading('sizes'), facts([['size_passport', `${word('bytes', sum([page.passport]))} (${parts.join(', ')})`],
    ['log_leaves', checkpoint.size.toLocaleString('en')], ['took', word('milliseconds', page.took)]]));
}

function draw() {
  document.documentElement.lang = language;
  at('language').textContent = word('other_language');
  at('language').setAttribute('lang', language === 'ja' ? 'en' : 'ja');
  document.querySelector('[data-word]').textContent = word('device_passport');
  drawVerdict();
  drawTrust();
  show('footer', element('p', {}, word('footer')));
  if (page.result?.verdict !== 'verified') return ['device', 'parts', 'events', 'keys', 'sizes'].forEach((id) => show(id));
  const names = new Names(page.result.passport);
  for (const part of [drawDevice, drawParts, drawEvents, drawKeys, drawSizes]) part(page.result, names);
}

// Verifies and draws. The verdict stands in <html data-verdict> too, for programs.
async function check() {
  page.result = null;
  delete document.documentElement.dataset.verdict;
  draw();
  const start = performance.now();
  let result;
  if (globalThis.crypto?.subtle === undefined) {
    result = { verdict: 'unable', why: 'this browser offers no cryptography to this page: not verified' };
  } else {
    page.fingerprint = hex(await sha256(page.policy));
    result = await verifyPassport(page.passport, page.policy);
  }
  page.took = Math.round(performance.now() - start);
  page.result = result;
  draw();
  document.documentElement.dataset.verdict = result.verdict;
}

async function loadPolicy(input) {
  if (input.files.length === 0) return;
  page.policy = new Uint8Array(await input.files[0].arrayBuffer());
  page.ownPolicy = true;
  await check();
}

function start() {
  language = document.documentElement.lang === 'ja' ? 'ja' : 'en';
  at('language').hidden = false;
  at('language').addEventListener('click', () => {
    language = language === 'ja' ? 'en' : 'ja';
    draw();
  });
  try {
    page.passport = fromBase64(at('passport-bytes').textContent);
    page.policy = fromBase64(at('policy-bytes').textContent);
  } catch {
    page.result = { verdict: 'refused', why: 'the passport or policy in this page is not base64' };
    draw();
    document.documentElement.dataset.verdict = 'refused';
    return;
  }
  check();
}
start();
