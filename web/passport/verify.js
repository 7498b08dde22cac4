// SPDX-License-Identifier: Apache-2.0
// Verifies a device passport against a trust policy: the steps of src/core/proof/passport.hpp, in their order.
//
//   verifyPassport(passportBytes, policyBytes) -> { verdict: 'verified', ... } or { verdict: 'refused' | 'unable', why }

const statementType = 'application/mikusari-statement+cbor';
const isName = (name) => /^[a-z0-9][a-z0-9.-]{0,63}$/.test(name);
const thingName = (type, id) => type + '/' + hex(id);

// --- trust policy

const keyId = async (name, key) => (await sha256(utf8(name + '\n'),
  key.algorithm === 'Ed25519' ? Uint8Array.of(4) : concat(Uint8Array.of(0xff), utf8('mikusari-p256-cosignature-v1')), key.point)).subarray(0, 4);

async function checkPolicyKey(key, abilities) {
  const unusable = 'a key of the policy is no usable key';
  if (key.algorithm === 'Ed25519') {
    if (hasSmallOrder(key.point) || yOf(key.point) >= ed25519Prime) refuse(unusable);
    if (!abilities.ed25519) return;
  }
  if (await importKey(key, abilities) === null) refuse(unusable);
}

async function readPolicy(bytes, abilities) {
  const policy = decode(Policy, bytes);
  if (policy.version !== 1n) refuse('this trust policy is of a version that is not known here');
  const keys = [...policy.signers.flatMap((signer) => signer.keys), ...policy.recovery_keys];
  for (const key of keys) await checkPolicyKey(key, abilities);
  const unique = (values) => new Set(values).size === values.length;
  if (!unique(keys.map((key) => hex(key.encoded)))) refuse('a key stands twice in the policy');
  if (!unique(policy.signers.map((signer) => signer.name))) refuse('two checkpoint signers have the same name');
  const ids = [];
  let weight = 0n;
  for (const signer of policy.signers) {
    if (!isName(signer.name) || signer.keys.length === 0 || signer.weight === 0n || signer.weight > 1000000n) {
      refuse('a checkpoint signer of the policy is malformed');
    }
    weight += signer.weight;
    signer.keyIds = [];
    for (const key of signer.keys) signer.keyIds.push(hex(await keyId(signer.name, key)));
    ids.push(...signer.keyIds);
  }
  if (!unique(ids)) refuse("two signers' keys have the same key id");
  if (policy.threshold === 0n || policy.threshold > weight) refuse("the policy's threshold is 0 or more than all signers' weight");
  const recovery = policy.recovery_threshold;
  if (recovery > BigInt(policy.recovery_keys.length) || (recovery === 0n) !== (policy.recovery_keys.length === 0)) {
    refuse('the recovery threshold does not fit the recovery keys');
  }
  return policy;
}

// --- checkpoint and anchor

// Each signer's weight counts once, at the earliest of its times. Signatures of unknown keys are passed over.
async function countSignatures(checkpoint, policy, abilities) {
  const counted = new Map();
  let passedOver = false;
  for (const { key_id, time, signature } of checkpoint.signatures) {
    if (time > 0x7fffffffffffffffn) refuse("a cosignature's time is over 2^63 - 1");
    const signer = policy.signers.find((each) => each.keyIds.includes(hex(key_id)));
    if (signer === undefined) continue;
    const key = signer.keys[signer.keyIds.indexOf(hex(key_id))];
    if (key.algorithm === 'Ed25519' && !abilities.ed25519) {
      passedOver = true;
      continue;
    }
    const message = `cosignature/v1\ntime ${time}\nmikusari/${hex(checkpoint.ledger)}\n${checkpoint.size}\n${base64(checkpoint.root)}\n`;
    if (!await holds(key, utf8(message), signature, abilities)) {
      refuse('the signature of a known signer under the checkpoint does not hold');
    }
    const earlier = counted.get(signer.name);
    if (earlier === undefined || time < earlier.time) counted.set(signer.name, { time, weight: signer.weight });
  }
  return { counted, passedOver };
}

async function verifyCheckpoint(checkpoint, policy, abilities) {
  if (!same(checkpoint.ledger, policy.ledger)) refuse('the checkpoint is of another ledger than the policy');
  const { counted, passedOver } = await countSignatures(checkpoint, policy, abilities);
  const sorted = [...counted.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const weight = sorted.reduce((sum, each) => sum + each.weight, 0n);
  if (weight === 0n || weight < policy.threshold) {
    if (passedOver) throw new Unable('this browser cannot check Ed25519: not verified');
    refuse('the checkpoint is signed by less weight than the policy demands');
  }
  let sum = 0n;
  const median = sorted.find((each) => 2n * (sum += each.weight) >= weight);
  return { size: checkpoint.size, root: checkpoint.root, time: median.time, weight, signers: [...counted.keys()] };
}

async function verifyAnchor(anchor, policy, abilities) {
  const checkpoint = await verifyCheckpoint(anchor.checkpoint, policy, abilities);
  const block = decode(BlockRecord, anchor.record);
  if (!same(block.ledger, policy.ledger)) refuse('the block record is of another ledger than the policy');
  const notLast = "the block record is not the last entry of the checkpoint's log";
  if (checkpoint.size === 0n || checkpoint.size - 1n !== block.first_leaf + block.committed) refuse(notLast);
  const root = await rootFromPath(checkpoint.size - 1n, checkpoint.size, await leafHash(anchor.record), anchor.log_path);
  if (!same(root, checkpoint.root)) refuse(notLast);
  return { block, checkpoint };
}

// --- statements

const sigStructure = (header, payload) =>
  concat(encodeHead(4, 4), encodeText('Signature1'), encodeBytes(header), encodeBytes(new Uint8Array(0)), encodeBytes(payload));

// The form that each statement of the ledger has (src/core/statement/submission.hpp).
async function readStatement(bytes) {
  const reader = new Reader(bytes);
  if (reader.expect(6) !== 18n || reader.expect(4) !== 4n) refuse('a statement is no COSE_Sign1');
  const headerBytes = reader.byteString();
  if (reader.expect(5) !== 0n) refuse("a statement's unprotected header is not empty");
  const payloadBytes = reader.byteString();
  const signature = fixed(64)(reader);
  reader.end();
  if (headerBytes.length > 512 || payloadBytes.length > 256) refuse("a statement's header or payload is too long");
  const header = decode(ProtectedHeader, headerBytes);
  const payload = decode(Payload, payloadBytes);
  if (header.content_type !== statementType) refuse("a statement's content type is not a statement's");
  const algorithm = { '-9': 'ESP256', '-19': 'Ed25519' }[header.algorithm] ?? refuse("a statement's algorithm is none that the ledger takes");
  if (algorithm === 'ESP256' && !isLowS(signature)) refuse("a statement's signature is not low-S");
  const signed = sigStructure(headerBytes, payloadBytes);
  return { header, payload, algorithm, signature, signed, identity: await sha256(signed), signatureHash: await sha256(signature) };
}

// The event's leaf in the log: the body must be one that the statement was signed for.
async function eventLeaf(event, statement) {
  if (event.body.length > 64 * 1024) refuse('a body is over 64 KiB');
  const bodyLeaf = await leafHash(event.salt, event.body);
  const root = await rootFromPath(event.index, statement.payload.count, bodyLeaf, event.bodies_path);
  if (!same(root, statement.payload.bodies_root)) refuse('the body is not one that the statement was signed for');
  const outcome = event.outcome === 'done' ? 1 : 2;
  return leafHash(encodeHead(5, 6), encodeHead(0, 1), encodeBytes(statement.identity), encodeHead(0, 2), encodeBytes(statement.signatureHash),
    encodeHead(0, 3), encodeBytes(bodyLeaf), encodeHead(0, 4), encodeHead(0, event.height), encodeHead(0, 5), encodeHead(0, event.time_ms),
    encodeHead(0, 6), encodeHead(0, outcome));
}

async function verifyPassport(passportBytes, policyBytes) {
  try {
    const abilities = { ed25519: await offersEd25519() };
    const policy = await readPolicy(policyBytes, abilities);
    return { verdict: 'verified', policy, ...await checkPassport(passportBytes, policy, abilities) };
  } catch (error) {
    if (error instanceof Unable) return { verdict: 'unable', why: error.message };
    if (error instanceof Refusal) return { verdict: 'refused', why: error.message };
    return { verdict: 'unable', why: 'the check did not come to an end', detail: String(error) };
  }
}
