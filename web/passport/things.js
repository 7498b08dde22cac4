// SPDX-License-Identifier: Apache-2.0
// A page's things: the records under the state's root, each its own, and the parts in their units. The steps of
// src/core/proof/passport.cpp and passport_parts.cpp.

const hasHistory = (thing) => thing.type === 'device' || thing.type === 'part';
const thingName = (type, id) => type + '/' + hex(id);
const recordForms = {
  device: 'device.Record', part: 'part.Record', key: 'key.Record', model: 'model.Record', party: 'party.Record',
  firmware: 'firmware.Record', role: 'role.Record',
};
const idLength = (type) => (type === 'firmware' ? 40 : type === 'role' ? 72 : 32);

const memberHandle = (ledger, name) => sha256(utf8('mikusari/member/1'), ledger, utf8(name));
const blindedModel = (salt, model) => sha256(utf8('mikusari/blind/1'), salt, model);

function pathOf({ type, id }) {
  const wrong = 'the id is not one of this type of thing';
  if (id.length !== idLength(type)) refuse(wrong);
  if (type === 'role' && bigEndian(id.subarray(32, 40)) > 255n) refuse(wrong);
  return sha256(utf8(type + '/'), id);
}

async function checkText(text, leaf) {
  if (text !== undefined && !same(await leafHash(text.salt, text.body), leaf)) {
    refuse('a text in the passport is not the one that the ledger names');
  }
}

// That the record is the thing's, for those that say whose they are.
async function checkRecord({ type, id, record, text }, ledger) {
  const own = (isOwn) => isOwn || refuse("a record in the passport is not the thing's own");
  if (type === 'key') own(same(await sha256(record.key.encoded), id));
  if (type === 'model') await checkText(text, record.text);
  if (type === 'party') own(record.name === undefined || same(await memberHandle(ledger, record.name), id));
  if (type === 'firmware') {
    own(same(record.model, id.subarray(0, 32)) && record.sequence === bigEndian(id.subarray(32)));
    await checkText(text, record.text);
  }
  if (type === 'role') {
    own(same(record.to, id.subarray(0, 32)) && BigInt(enums['Role'][record.role]) === bigEndian(id.subarray(32, 40)) &&
      same(record.scope, id.subarray(40)));
  }
}

async function checkThing(thing, block) {
  const path = await pathOf(thing);
  if (thing.item.value === undefined) refuse('a thing of the passport is not on the ledger');
  if (!same(await rootFromPresence(path, thing.item), block.map_root)) {
    refuse("the record is not what the ledger's state has there");
  }
  thing.record = decode(forms[recordForms[thing.type]], thing.item.value);
  await checkRecord(thing, block.ledger);
  if (hasHistory(thing) !== (thing.run !== undefined)) {
    refuse('the device and its parts, and nothing else, have events in a passport');
  }
  if (thing.opening !== undefined && !hasHistory(thing)) refuse('only the device and its parts have a model to open');
  if (thing.text !== undefined && thing.type !== 'model' && thing.type !== 'firmware') {
    refuse('only models and firmware have a text');
  }
}

function checkOrder(previous, thing, device) {
  if (previous === null) {
    if (thing.type !== 'device' || !same(thing.id, device)) refuse('the passport does not begin with its device');
    return;
  }
  if (thing.type === 'device') refuse('the passport has a second device');
  const order = enums['proof.ThingType'][thing.type] - enums['proof.ThingType'][previous.type];
  if (order < 0 || (order === 0 && thing.type !== 'part' && !before(previous.id, thing.id))) {
    refuse('the things of the passport are not in their order');
  }
}

async function checkThings(page, block) {
  if (page.things.length === 0) refuse('the passport is empty');
  let previous = null;
  for (const thing of page.things) {
    checkOrder(previous, thing, page.device);
    await checkThing(thing, block);
    previous = thing;
  }
}

// Unit and part must say the same of each other. `part` may be missing.
const isMountedIn = (part, unit) => part !== undefined && part.record.state === 'mounted' &&
  part.record.parent !== undefined && same(part.record.parent, unit);

// Walks the parts in the order in which the units name them: the list is its own queue. Parts may be left out.
function checkParts(things) {
  let reached = 1;
  for (const [index, unit] of things.entries()) {
    if (!hasHistory(unit)) break;
    if (index >= reached) refuse('a part in the passport is not in the device, or out of order');
    for (const child of unit.record.children) {
      const thing = things[reached];
      if (thing === undefined || thing.type !== 'part' || !same(thing.id, child)) continue;
      if (!isMountedIn(thing, unit.id)) refuse('a part of the passport is mounted elsewhere');
      ++reached;
    }
  }
}

// --- what else stands there

// The model of a device or part, opened when it is blinded.
const modelOf = ({ record, opening }) => (record.blinded_class === undefined ? record.model : opening?.model);

// The opening is the thing's. True when the model is of the thing's class and its maker's: who registers a thing may
// blind the id of anybody's model.
async function isProvedBy({ record, opening }, model) {
  if (opening === undefined) return true;
  if (record.model === undefined || !same(record.model, await blindedModel(opening.salt, opening.model))) {
    refuse('the opening of a model is not the one that the ledger has recorded');
  }
  return model.class === record.blinded_class && record.maker !== undefined && same(record.maker, model.vendor);
}

// Whether the model of a device or part is proved, or the ledger has none.
async function hasProvedModel(thing, present) {
  const blinded = thing.record.blinded_class !== undefined;
  if (thing.opening !== undefined && !blinded) refuse('a thing has an opening of a model that is not blinded');
  const model = modelOf(thing);
  if (model === undefined) return !blinded;
  const found = present.get(thingName('model', model));
  if (found === undefined) refuse('the model of the device or of a part is missing from the passport');
  return isProvedBy(thing, found.record);
}

// The names of everything that the things refer to.
function references(things) {
  const out = new Set();
  const party = (handle) => handle !== undefined && out.add(thingName('party', handle));
  for (const thing of things) {
    const { type, record } = thing;
    if (hasHistory(thing)) {
      for (const entry of record.keys) out.add(thingName('key', entry.key));
      [record.maker, record.owner, record.custodian, record.offered_to, record.shipped_to].forEach(party);
      if (modelOf(thing) !== undefined) out.add(thingName('model', modelOf(thing)));
    } else if (type === 'key' && record.subject.type === 'party') {
      party(record.subject.id);
      out.add(thingName('role', record.subject.id));
    } else if (type === 'model') {
      party(record.vendor);
    } else if (type === 'role') {
      party(record.from);
      party(record.to);
    } else if (type === 'party') {
      party(record.registrar);
    }
  }
  return out;
}

// By what name a thing is referred to: firmware by its model, a role by whom it is granted to.
const referredName = ({ type, id }) => (type === 'firmware' ? thingName('model', id.subarray(0, 32))
  : type === 'role' ? thingName('role', id.subarray(0, 32)) : thingName(type, id));

async function checkContext(things, signers) {
  const present = new Map(things.map((thing) => [thingName(thing.type, thing.id), thing]));
  const referred = references(things);
  for (const thing of things) {
    if (hasHistory(thing)) {
      thing.unproved = !await hasProvedModel(thing, present);
    } else if (!signers.has(thingName(thing.type, thing.id)) && !referred.has(referredName(thing))) {
      refuse('the passport has a key, model, party, firmware or role that nothing in it refers to');
    }
  }
}
