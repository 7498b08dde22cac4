// SPDX-License-Identifier: Apache-2.0
// Signed statements and their approvals (src/core/statement/submission.hpp), and the leaf of an event in the log.

const statementType = 'application/mikusari-statement+cbor';
const approvalType = 'application/mikusari-approval+cbor';

const sigStructure = (header, payload) => concat(encodeHead(4, 4), encodeText('Signature1'), encodeBytes(header),
  encodeBytes(new Uint8Array(0)), encodeBytes(payload));

// The labels of a COSE header are integers or texts.
function checkHeader(bytes) {
  const reader = new Reader(bytes);
  const pairs = reader.peek() === 5 ? reader.open(5) : refuse('another type of value was expected');
  for (let i = 0; i < pairs; ++i) {
    if (reader.peek() === 3) reader.text(); else reader.integer();
    reader.skip();
  }
  reader.close();
  reader.end();
  new Reader(bytes).skip();  // the order of the labels
}

// A tagged COSE_Sign1 without an unprotected header. `detached`: its payload is null.
function readSign1(reader, detached) {
  const malformed = 'a signed message is no COSE_Sign1';
  if (reader.peek() !== 6 || reader.open(6) !== 18n || reader.open(4) !== 4) refuse(malformed);
  const header = reader.byteString();
  if (header.length > 0) checkHeader(header);
  const emptyMap = reader.bytes[reader.at] === 0xa0;
  reader.skip();
  if (!emptyMap) refuse("a statement's unprotected header is not empty");
  const isNull = reader.bytes[reader.at] === 0xf6;
  if (isNull !== detached) refuse(malformed);
  const payload = isNull ? (reader.skip(), null) : reader.byteString();
  const signature = reader.byteString();
  reader.close();
  reader.close();
  return { header, payload, signature };
}

function algorithmOf(number, signature) {
  const algorithm = { '-9': 'ESP256', '-19': 'Ed25519' }[number];
  if (algorithm === undefined) refuse("a statement's algorithm is none that the ledger takes");
  if (signature.length !== 64) refuse('a signature is not 64 bytes');
  if (algorithm === 'ESP256' && !isLowS(signature)) refuse("a statement's signature is not low-S");
  return algorithm;
}

async function readStatement(bytes) {
  const reader = new Reader(bytes);
  const message = readSign1(reader, false);
  reader.end();
  if (message.header.length > 512 || message.payload.length > 256) {
    refuse("a statement's header or payload is too long");
  }
  const header = decode(forms['statement.ProtectedHeader'], message.header);
  if (header.content_type !== statementType) refuse("a statement's content type is not a statement's");
  const payload = decode(forms['statement.Payload'], message.payload);
  const algorithm = algorithmOf(header.alg, message.signature);
  const signed = sigStructure(message.header, message.payload);
  const identity = await sha256(signed), signatureHash = await sha256(message.signature);
  return { header, payload, algorithm, signature: message.signature, signed, identity, signatureHash };
}

// --- approvals: [ role, COSE_Sign1 ], detached; the payload is [identity, role]

const approvalHeader = closed([1, 'alg', integer], [3, 'content_type', text], [4, 'kid', digest]);

const approval = (reader) => {
  if (reader.open(4) !== 2) refuse('an approval is not a role and a COSE_Sign1');
  const role = oneOf('statement.ApprovalRole')(reader);
  const { header, signature } = readSign1(reader, true);
  const { alg, content_type, kid } = decode(approvalHeader, header);
  if (content_type !== approvalType) refuse("an approval's content type is not an approval's");
  const algorithm = algorithmOf(alg, signature);
  reader.close();
  return { role, kid, algorithm, signature };
};

// They ascend by role and key, each once.
function readApprovals(bytes) {
  const approvals = decode(listOf(approval, 16), bytes);
  const place = ({ role, kid }) => concat(Uint8Array.of(enums['statement.ApprovalRole'][role]), kid);
  for (let i = 1; i < approvals.length; ++i) {
    if (!before(place(approvals[i - 1]), place(approvals[i]))) refuse('the approvals are not in their order');
  }
  return approvals;
}

// What the approver has signed. The header is the one encoding of its three members.
function approvalMessage({ role, kid, algorithm }, identity) {
  const header = concat(encodeHead(5, 3), encodeUint(1), encodeHead(1, algorithm === 'ESP256' ? 8 : 18),
    encodeUint(3), encodeText(approvalType), encodeUint(4), encodeBytes(kid));
  const payload = concat(encodeHead(4, 2), encodeBytes(identity), encodeUint(enums['statement.ApprovalRole'][role]));
  return sigStructure(header, payload);
}

// --- events

async function bodyLeaf(event) {
  if (event.withheld !== undefined) {
    if (event.body !== undefined || event.salt !== undefined) refuse('a withheld body stands there with its text');
    return event.withheld;
  }
  if (event.body === undefined || event.salt === undefined) refuse('an event has no body');
  if (event.body.length > 64 * 1024) refuse('a body is over 64 KiB');
  return leafHash(event.salt, event.body);
}

async function approvalsHash({ also, also_hash }) {
  if (also === undefined) return also_hash;
  if (also_hash !== undefined) refuse('an event has its approvals and their hash');
  if (readApprovals(also).length === 0) refuse('an event without approvals has a list of them');
  return sha256(also);
}

// The event's leaf in the log: the body must be one that the statement was signed for. `carrier` holds the approvals.
async function eventLeaf(event, statement, carrier) {
  const leaf = await bodyLeaf(event);
  const also = await approvalsHash(carrier);
  const root = await rootFromPath(event.index, statement.payload.count, leaf, event.bodies_path);
  if (!same(root, statement.payload.bodies_root)) refuse('the body is not one that the statement was signed for');
  const members = [[1, encodeUint(formNumber)], [2, encodeUint(enums['proof.LeafType'].body)],
    [3, encodeBytes(statement.identity)], [4, encodeBytes(statement.signatureHash)],
    ...(also === undefined ? [] : [[5, encodeBytes(also)]]), [6, encodeBytes(leaf)], [7, encodeUint(event.height)],
    [8, encodeUint(event.time_ms)], [9, encodeUint(enums['statement.Outcome'][event.outcome])]];
  return leafHash(encodeHead(5, members.length), ...members.flatMap(([key, value]) => [encodeUint(key), value]));
}
