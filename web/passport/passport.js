// SPDX-License-Identifier: Apache-2.0
// Verifies one page of a device passport against a trust policy: the steps of src/core/proof/passport.hpp, in their
// order, so that all verifiers give the same verdict.

function checkEventOrder(page) {
  const outOfOrder = 'the events of the passport are not in their order';
  let last = null;
  for (const event of page.events) {
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
  if (used !== BigInt(page.statements.length)) refuse('a statement of the passport has no event');
}

// Statements and leaves of a page, each read when it is met first.
class PageReader {
  constructor(page) { this.page = page; }

  async statement(index) {
    const carrier = this.page.statements[index];
    return carrier.read ??= await readStatement(carrier.sign1);
  }
  async leaf(index) {
    const event = this.page.events[index];
    const at = Number(event.statement);
    return event.leaf ??= await eventLeaf(event, await this.statement(at), this.page.statements[at]);
  }
}

// The root over a thing's whole history, from its run and what stands beside that.
async function rootFromRun(thing, reader, met) {
  const { range, events } = thing.run;
  const tree = await treeBefore(range);
  let last = -1n;
  for (const index of events) {
    if (index >= BigInt(reader.page.events.length)) refuse('a thing names an event that is not in the passport');
    if (index <= last) refuse('the events of a thing are not in their order');
    await tree.append(0, await reader.leaf(Number(index)));
    met.add(index);
    last = index;
  }
  return rootBehind(tree, thing.record.history.count, range);
}

async function checkEvents(page, reader) {
  checkEventOrder(page);
  const met = new Set();
  for (const thing of page.things.filter(hasHistory)) {
    if (!same(await rootFromRun(thing, reader, met), thing.record.history.root)) {
      refuse('the events of a thing are not the ones that the ledger has recorded');
    }
  }
  if (met.size !== page.events.length) refuse('an event of the passport concerns neither the device nor a part');
}

// --- signatures

const issuerOf = ({ type, id }) => `${type}:${hex(id)}`;

class Signatures {
  constructor(page, abilities) {
    this.keys = new Map(page.things.filter(({ type }) => type === 'key').map((thing) => [hex(thing.id), thing]));
    this.abilities = abilities;
    this.signers = new Set();  // names of the keys that signed
    this.count = 0;
  }

  key(kid) { return this.keys.get(hex(kid)) ?? refuse('the key of a signer is missing from the passport'); }

  async check(key, message, { algorithm, signature }) {
    if (!await holds(key.record.key, message, signature, this.abilities)) {
      if (algorithm === 'ESP256') refuse('the ESP256 signature of a statement does not hold');
      refuse('the Ed25519 signature of a statement does not hold');
    }
    this.signers.add(thingName('key', key.id));
    ++this.count;
  }

  async checkStatement(statement, ledger) {
    if (!same(statement.payload.ledger, ledger)) refuse('a statement of the passport is for another ledger');
    const key = this.key(statement.header.kid);
    if (key.record.key.algorithm !== statement.algorithm) refuse("a statement's algorithm does not fit its key");
    if (issuerOf(key.record.subject) !== statement.header.claims.iss) {
      refuse("a statement names another issuer than its key's");
    }
    await this.check(key, statement.signed, statement);
    statement.signer = key;
  }

  async checkApproval(approval, identity) {
    const key = this.key(approval.kid);
    if (key.record.key.algorithm !== approval.algorithm) refuse('the key is not the one that the approval names');
    await this.check(key, approvalMessage(approval, identity), approval);
    approval.signer = key;
  }
}

async function checkSignatures(page, reader, ledger, abilities) {
  const signatures = new Signatures(page, abilities);
  for (const [i, carrier] of page.statements.entries()) {
    const statement = await reader.statement(i);
    await signatures.checkStatement(statement, ledger);
    carrier.approvals = carrier.also === undefined ? [] : readApprovals(carrier.also);
    for (const approval of carrier.approvals) await signatures.checkApproval(approval, statement.identity);
  }
  return signatures;
}

const passportBytesMost = 1024 * 1024;

// One page with its anchor; every thing has its `record`, every event its `leaf`, every statement what was `read`.
async function verifyPage(bytes, policy, abilities) {
  if (bytes.length > passportBytesMost) refuse('the passport is over 1 MiB');
  const page = decode(forms['proof.PassportPage'], bytes);
  const { block, checkpoint } = await verifyAnchor(page.anchor, policy, abilities);
  await checkThings(page, block);
  checkParts(page.things);
  const reader = new PageReader(page);
  await checkEvents(page, reader);
  const signatures = await checkSignatures(page, reader, policy.ledger, abilities);
  await checkContext(page.things, signatures.signers);
  return { ...page, block, checkpoint, signatures: signatures.count };
}
