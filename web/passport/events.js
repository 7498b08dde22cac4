// SPDX-License-Identifier: Apache-2.0
// What verified events say. Whether an event stands on the ledger does not depend on whether it can be read here.

const idOf = (party, nonce) => sha256(utf8('mikusari/id/1'), party, nonce);
const partyHandle = (ledger, registrar, firstKey, nonce) =>
  sha256(utf8('mikusari/party/1'), ledger, registrar, firstKey, nonce);

// The party that signed; undefined when a part or device did.
const signingParty = ({ statement }) => {
  const { subject } = statement.signer.record;
  return subject.type === 'party' ? subject.id : undefined;
};

// The id or handle that a body with a nonce gives to what is born.
async function bornId({ kind, read, statement }) {
  if (read?.nonce === undefined) return undefined;
  const party = statement.signer.record.subject.id;
  if (kind !== 'party.open') return idOf(party, read.nonce);
  return partyHandle(statement.payload.ledger, party, await sha256(read.key.encoded), read.nonce);
}

// Sets `kind` (the name; undefined for a kind that is not known here), and `read` (the body) with `born`, or
// `unreadable`: why there is no body to show.
async function readBody(event) {
  const kind = kinds[Number(event.statement.payload.kind)];
  event.kind = kind?.name;
  if (event.withheld !== undefined) {
    event.unreadable = 'withheld';
  } else if (kind === undefined) {
    event.unreadable = 'newer';
  } else {
    try {
      event.read = decode(kind.body, event.body);
    } catch (error) {
      if (!(error instanceof Newer) && !(error instanceof Refusal)) throw error;
      event.unreadable = error instanceof Newer ? 'newer' : 'malformed';
    }
  }
  event.born = await bornId(event);
}

// --- certificates of premises and tools

// What the passport shows of the certificate for a place or tool at the time of an event: `certified`, `lapsed`,
// `revoked`, `later` (granted again later: nothing is known of then), `other` (another party's), or `missing`.
function certificateOf(scope, event, things) {
  const roles = things.filter(({ type, record }) => type === 'role' && record.role === 'premises' &&
    same(record.scope, scope));
  const party = signingParty(event);
  const own = roles.find(({ record }) => party !== undefined && same(record.to, party));
  if (roles.length === 0) return { standing: 'missing' };
  if (own === undefined) return { standing: 'other', role: roles[0].record };
  const role = own.record, time = event.time_ms;
  if (time < role.granted_ms) return { standing: 'later', role };
  if (role.until_ms !== undefined && role.until_ms <= time) return { standing: 'lapsed', role };
  if (role.revoked_ms !== undefined && role.revoked_ms <= time) return { standing: 'revoked', role };
  return { standing: 'certified', role };
}

// The certificates of an event's place and tool: [ what, id, certificate ].
function certificatesOf(event, things) {
  const at = event.read?.at;
  if (at === undefined) return [];
  const out = [['place', at.place, certificateOf(at.place, event, things)]];
  if (at.tool !== undefined) out.push(['tool', at.tool, certificateOf(at.tool, event, things)]);
  return out;
}

// --- keys

// The latest time that the passport shows: of its block, or of those who have signed it since.
function newestTime({ block, checkpoint }) {
  const signed = checkpoint.time * 1000n;
  return signed > block.time_ms ? signed : block.time_ms;
}

const mayAct = ({ type, record: { state } }) => (type === 'party' ? state === 'active'
  : !['suspended', 'retired', 'destroyed', 'scrapped'].includes(state));

// A mounted part's birth key speaks wherever the part stands; its other keys under the device, and in the tenure of it,
// that they were registered for.
const speaksHere = ({ birth, root, root_tenure: tenure }, { type }, { device, things }) => (type === 'part'
  ? birth || (root !== undefined && same(root, device) && tenure === things[0].record.tenure) : root === undefined);

// How a key that its subject, a thing of the passport, lists stands now: `speaks`, `waits`, `frozen`, `ended` or
// `silent`.
function standingOfEntry(entry, subject, result) {
  const now = newestTime(result);
  if (!mayAct(subject) || !speaksHere(entry, subject, result)) return 'silent';
  if (entry.frozen) return 'frozen';
  if (entry.from_ms > now) return 'waits';
  return entry.until_ms !== 0n && entry.until_ms <= now ? 'ended' : 'speaks';
}

// The same of a key with its record; also `revoked`, `silent` when its subject does not list it any more, and `unknown`
// when the subject is not in the passport.
function standingOfKey(record, id, result) {
  if (record.state === 'revoked') return { standing: 'revoked' };
  const { type, id: subjectId } = record.subject;
  const subject = result.things.find((thing) => thing.type === type && same(thing.id, subjectId));
  if (subject === undefined) return { standing: 'unknown' };
  const entry = subject.record.keys.find((each) => same(each.key, id));
  if (entry === undefined) return { standing: 'silent' };
  const standing = standingOfEntry(entry, subject, result);
  return { standing: standing === 'speaks' && record.state === 'frozen' ? 'frozen' : standing, entry };
}
