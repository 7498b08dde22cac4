// SPDX-License-Identifier: Apache-2.0
// Reads what the page holds, verifies it, and draws: the verdict first, and nothing else unless the proof holds.

const page = {
  passports: [], policy: null, contacts: new Map(), ownPolicy: false, result: null, fingerprint: '', took: 0,
};

function drawSizes({ things, events, checkpoint }) {
  const sum = (values) => values.reduce((total, each) => total + each.length, 0).toLocaleString('en');
  const records = sum(things.map(({ item }) => item.value));
  const bodies = sum(events.map((event) => event.body ?? new Uint8Array(0)));
  const parts = [word('pages', page.passports.length), `${word('size_records')} ${records}`,
    `${word('size_events')} ${bodies}`];
  const size = `${word('bytes', sum(page.passports))} (${parts.join(', ')})`;
  show('sizes', heading('sizes'), facts([['size_passport', size],
    ['log_leaves', checkpoint.size.toLocaleString('en')], ['took', word('milliseconds', page.took)]]));
}

function draw() {
  const { result } = page;
  document.documentElement.lang = language;
  at('language').textContent = word('other_language');
  at('language').setAttribute('lang', language === 'ja' ? 'en' : 'ja');
  document.querySelector('[data-word]').textContent = word('device_passport');
  const verified = result?.verdict === 'verified';
  const names = verified ? new Names(result, page.contacts) : null;
  drawVerdict(result, names);
  drawTrust(result, page.fingerprint, page.ownPolicy, loadPolicy);
  show('footer', element('p', {}, word('footer')));
  if (!verified) return ['device', 'parts', 'events', 'keys', 'parties', 'sizes'].forEach((id) => show(id));
  for (const part of [drawDevice, drawParts, drawEvents, drawKeys, drawParties, drawSizes]) part(result, names);
}

// For programs: <html data-verdict>, and of a verified passport data-complete and data-device, the device's state.
function publish({ verdict, gaps, olderPages, things }) {
  const { dataset } = document.documentElement;
  if (verdict === 'verified') {
    dataset.complete = String(gaps.length === 0 && olderPages === 0);
    dataset.device = things[0].record.state;
  }
  dataset.verdict = verdict;
}

async function check() {
  page.result = null;
  for (const name of ['verdict', 'complete', 'device']) delete document.documentElement.dataset[name];
  draw();
  const start = performance.now();
  let result;
  if (globalThis.crypto?.subtle === undefined) {
    result = { verdict: 'unable', why: 'this browser offers no cryptography to this page: not verified' };
  } else {
    page.fingerprint = hex(await sha256(page.policy));
    result = await verifyPassport(page.passports, page.policy);
  }
  page.took = Math.round(performance.now() - start);
  page.result = result;
  draw();
  publish(result);
}

async function loadPolicy(input) {
  if (input.files.length === 0) return;
  page.policy = new Uint8Array(await input.files[0].arrayBuffer());
  page.ownPolicy = true;
  await check();
}

// Lines of a handle in hexadecimal, a space and a name.
function readContacts(bytes) {
  const lines = new TextDecoder().decode(bytes).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, 64), line.slice(65)]));
}

function start() {
  language = document.documentElement.lang === 'ja' ? 'ja' : 'en';
  at('language').hidden = false;
  at('language').addEventListener('click', () => {
    language = language === 'ja' ? 'en' : 'ja';
    draw();
  });
  try {
    page.passports = at('passport-bytes').textContent.split('\n').filter((line) => line !== '').map(fromBase64);
    page.policy = fromBase64(at('policy-bytes').textContent);
    page.contacts = readContacts(fromBase64(at('contacts').textContent));
  } catch {
    page.result = { verdict: 'refused', why: 'the passport or policy in this page is not base64' };
    draw();
    publish(page.result);
    return;
  }
  check();
}
start();
