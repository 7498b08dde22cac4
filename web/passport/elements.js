// SPDX-License-Identifier: Apache-2.0
// Makes the elements of the page. All that the passport says goes in as text, never as markup.

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
const badge = (kind, text) => element('span', { class: `badge ${kind}` }, text);

// Rows of [word, value]; those without a value are left out.
function facts(rows) {
  return element('dl', {}, rows.filter(([, value]) => value !== undefined)
    .map(([name, value]) => element('div', {}, element('dt', {}, word(name)), element('dd', {}, ...[value].flat()))));
}
function table(columns, rows) {
  return element('div', { class: 'scroll' }, element('table', {},
    element('thead', {}, element('tr', {}, columns.map((name) => element('th', { scope: 'col' }, word(name))))),
    element('tbody', {}, rows.map((cells) => element('tr', {},
      cells.map((cell) => element('td', {}, ...[cell].flat())))))));
}
// A party by name; its whole handle is shown to who points at it.
const partyElement = (handle, names) => handle &&
  element('span', { class: 'party', title: hex(handle) }, names.party(handle));
