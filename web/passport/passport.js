// SPDX-License-Identifier: Apache-2.0
// The passport's own checks: its things, its parts, its events, its signatures, and that nothing else stands in it.

const thingTypes = ['device', 'part', 'key', 'model', 'member', 'firmware'];
const hasHistory = (thing) => thing.type === 'device' || thing.type === 'part';

function pathOf(type, id) {
  const wrong = 'the id is not one of this type of thing';
  if (type === 'member' ? !isName(decode(text, encodeTextBytes(id))) : id.length !== (type === 'firmware' ? 64 : 32)) refuse(wrong);
  return sha256(utf8(type + '/'), id);
}
const encodeTextBytes = (bytes) => concat(encodeHead(3, bytes.length), bytes);

const modelId = (vendor, name) => sha256(utf8('mikusari-model\0' + vendor + '\0' + name));

async function isOwn(thing) {
  const { type, id, record } = thing;
  switch (type) {
    case 'key': return same(await sha256(record.key.encoded), id);
    case 'model': return same(await modelId(record.vendor, record.name), id);
    case 'member': return same(utf8(record.name), id);
    case 'firmware': return same(concat(record.model, record.image), id);
    default: return true;
  }
}

function checkOrder(previous, thing, device) {
  if (previous === null) {
    if (thing.type !== 'device' || !same(thing.id, device)) refuse('the passport does not begin with its device');
    return;
  }
  if (thing.type === 'device') refuse('the passport has a second device');
  const order = thingTypes.indexOf(thing.type) - thingTypes.indexOf(previous.type);
  if (order < 0 || (order === 0 && thing.type !== 'part' && !before(previous.id, thing.id))) {
    refuse('the things of the passport are not in their order');
  }
}

async function checkThings(passport, block) {
  if (passport.things.length === 0) refuse('the passport is empty');
  let previous = null;
  for (const thing of passport.things) {
    checkOrder(previous, thing, passport.device);
    const path = await pathOf(thing.type, thing.id);
    if (thing.item.value === undefined) refuse('a thing of the passport is not on the ledger');
    if (!same(await rootFromPresence(path, thing.item), block.map_root)) refuse("the record is not what the ledger's state has there");
    thing.record = decode(records[thing.type], thing.item.value);
    if (!await isOwn(thing)) refuse("a record in the passport is not the thing's own");
    if (!hasHistory(thing)) {
      if (thing.events.length > 0) refuse('only the device and its parts have events in a passport');
    } else if (thing.record.seq !== BigInt(thing.events.length)) {
      refuse('the passport does not have as many events of a thing as the ledger');
    }
    previous = thing;
  }
}

// Unit and part must say the same of each other.
function mountOf(thing, unit) {
  const { state, parent, claims } = thing.record;
  const isParent = parent !== undefined && same(parent, unit);
  if (state === 'mounted' && isParent) return 'undisputed';
  if (state === 'disputed' && (isParent || claims.some((claim) => same(claim, unit)))) return 'disputed';
  return refuse('a part of the passport is mounted elsewhere');
}

// Walks the parts in the order in which the units name them: the list is its own queue.
function checkParts(things) {
  const missing = 'a part that is mounted in the device is missing from the passport, or out of order';
  const at = new Map();  // parts that were reached
  let reached = 1;
  for (const [index, unit] of things.entries()) {
    if (!hasHistory(unit)) break;
    if (index >= reached) refuse('a part in the passport is not in the device');
    for (const child of unit.record.children) {
      const earlier = at.get(hex(child));
      if (earlier !== undefined) {
        if (mountOf(earlier, unit.id) !== 'disputed') refuse('an undisputed part is mounted twice');
        continue;
      }
      const thing = things[reached];
      if (thing === undefined || thing.type !== 'part' || !same(thing.id, child)) refuse(missing);
      mountOf(thing, unit.id);
      at.set(hex(child), thing);
      ++reached;
    }
  }
}

function checkEventOrder(passport) {
  const outOfOrder = 'the events of the passport are not in their order';
  let last = null;
  for (const event of passport.events) {
    if (last === null) {
      if (event.statement !== 0n) refuse(outOfOrder);
    } else if (event.statement === last.statement) {
      if (event.index <= last.index || event.height !== last.height) refuse(outOfOrder);
    } else if (event.statement !== last.statement + 1n) {
      refuse(outOfOrder);
    }
    if (last !== null && (event.height < last.height || event.time_ms < last.time_ms)) refuse(outOfOrder);
    last = event;
  }
  const used = last === null ? 0n : last.statement + 1n;
  if (used !== BigInt(passport.statements.length)) refuse('a statement of the passport has no event');
}

// The events head of every thing, recomputed: nothing is missing, nothing is added.
async function checkEvents(passport, statements) {
  checkEventOrder(passport);
  const leaves = [];
  for (const event of passport.events) leaves.push(await eventLeaf(event, statements[Number(event.statement)]));
  const met = new Set();
  for (const thing of passport.things.filter(hasHistory)) {
    let chained = new Uint8Array(32);
    let last = -1;
    for (const index of thing.events.map(Number)) {
      if (index >= leaves.length) refuse('a thing names an event that is not in the passport');
      if (index <= last) refuse('the events of a thing are not in their order');
      chained = await sha256(Uint8Array.of(2), chained, leaves[index]);
      met.add(index);
      last = index;
    }
    if (!same(chained, thing.record.events_head)) refuse('the events of a thing are not the ones that the ledger has recorded');
  }
  if (met.size !== leaves.length) refuse('an event of the passport concerns neither the device nor a part');
}

// "member:<name>", "device:<hex>" or "part:<hex>", as bytes.
const issuerOf = ({ type, id }) => concat(utf8(type + ':'), type === 'member' ? id : utf8(hex(id)));

// Every signature, under a key among the things. Returns the names of the keys that signed.
async function checkSignatures(passport, statements, ledger, abilities) {
  const keys = new Map(passport.things.filter((thing) => thing.type === 'key').map((thing) => [hex(thing.id), thing]));
  const signers = new Set();
  for (const statement of statements) {
    if (!same(statement.payload.ledger, ledger)) refuse('a statement of the passport is for another ledger');
    const thing = keys.get(hex(statement.header.kid));
    if (thing === undefined) refuse('the key of a signer is missing from the passport');
    if (thing.record.key.algorithm !== statement.algorithm) refuse("a statement's algorithm does not fit its key");
    if (!same(issuerOf(thing.record.subject), utf8(statement.header.claims.iss))) refuse("a statement names another issuer than its key's");
    if (!await holds(thing.record.key, statement.signed, statement.signature, abilities)) {
      refuse(`the ${statement.algorithm} signature of a statement does not hold`);
    }
    statement.signer = thing;
    signers.add(thingName('key', thing.id));
  }
  return signers;
}

// What the records refer to, by name. Models, keys and members that nothing refers to do not belong in a passport.
function references(things) {
  const out = new Set();
  const member = (name) => { if (name !== undefined) out.add(thingName('member', utf8(name))); };
  for (const { type, record } of things) {
    if (type === 'device') {
      record.keys.forEach((kid) => out.add(thingName('key', kid)));
      [record.maker, record.owner, record.custodian, record.offered_to, record.in_transit_to].forEach(member);
    } else if (type === 'part') {
      if (record.key !== undefined) out.add(thingName('key', record.key));
      [record.maker, record.custodian, record.in_transit_to].forEach(member);
    } else if (type === 'key' && record.subject.type === 'member') {
      out.add(thingName('member', record.subject.id));
    } else if (type === 'model') {
      member(record.vendor);
    }
    if (hasHistory({ type }) && record.model !== undefined) out.add(thingName('model', record.model));
  }
  return out;
}

function checkContext(things, signers) {
  const present = new Set(things.map((thing) => thingName(thing.type, thing.id)));
  const referred = references(things);
  for (const thing of things) {
    if (hasHistory(thing)) {
      if (thing.record.model !== undefined && !present.has(thingName('model', thing.record.model))) {
        refuse('the model of the device or of a part is missing from the passport');
      }
      continue;
    }
    const name = thing.type === 'firmware' ? thingName('model', thing.id.subarray(0, 32)) : thingName(thing.type, thing.id);
    if (!signers.has(name) && !referred.has(name)) {
      refuse('the passport has a key, model, member or firmware that nothing in it refers to');
    }
  }
}

async function checkPassport(bytes, policy, abilities) {
  if (bytes.length > 1024 * 1024) refuse('the passport is over 1 MiB');
  const passport = decode(Passport, bytes);
  if (passport.version !== 1n) refuse('this passport is of a version that is not known here');
  const anchor = await verifyAnchor(passport.anchor, policy, abilities);
  await checkThings(passport, anchor.block);
  checkParts(passport.things);
  const statements = [];
  for (const bytesOfOne of passport.statements) statements.push(await readStatement(bytesOfOne));
  await checkEvents(passport, statements);
  const signers = await checkSignatures(passport, statements, policy.ledger, abilities);
  checkContext(passport.things, signers);
  return { passport, statements, ...anchor };
}
