// SPDX-License-Identifier: Apache-2.0
// The trust policy, and what is verified against it alone: a checkpoint and the newest block under it
// (src/core/proof/policy.hpp, checkpoint.hpp, state.hpp).

const isName = (name) => /^[a-z0-9][a-z0-9.-]{0,63}$/.test(name);
const unique = (values) => new Set(values).size === values.length;
const weightMost = 1000000n;

const keyId = async (name, key) => {
  const type = key.algorithm === 'Ed25519' ? Uint8Array.of(4)
    : concat(Uint8Array.of(0xff), utf8('mikusari-p256-cosignature-v1'));
  return hex((await sha256(utf8(name + '\n'), type, key.point)).subarray(0, 4));
};

async function checkPolicyKey(key, abilities) {
  const unusable = 'a key of the policy is no usable key';
  if (key.algorithm === 'Ed25519') {
    if (!isCanonical(key.point)) refuse(unusable);
    if (!abilities.ed25519) return;
  }
  if (await importKey(key, abilities) === null) refuse(unusable);
}

async function checkSigners(policy) {
  if (!unique(policy.signers.map((signer) => signer.name))) refuse('two checkpoint signers have the same name');
  let weight = 0n;
  for (const signer of policy.signers) {
    if (!isName(signer.name) || signer.keys.length === 0 || signer.weight === 0n || signer.weight > weightMost) {
      refuse('a checkpoint signer of the policy is malformed');
    }
    weight += signer.weight;
    signer.keyIds = [];
    for (const key of signer.keys) signer.keyIds.push(await keyId(signer.name, key));
  }
  if (policy.threshold === 0n || policy.threshold > weight) {
    refuse("the policy's threshold is 0 or more than all signers' weight");
  }
}

function checkRecovery(policy) {
  const threshold = policy.recovery_threshold, keys = policy.recovery_keys.length;
  if (threshold > BigInt(keys) || (threshold === 0n) !== (keys === 0)) {
    refuse('the recovery threshold does not fit the recovery keys');
  }
}

async function checkWitnesses(policy) {
  for (const witness of policy.witnesses) {
    if (!isName(witness.name) || witness.key.algorithm !== 'Ed25519') refuse('a witness of the policy is malformed');
    witness.keyIds = [await keyId(witness.name, witness.key)];
    witness.keys = [witness.key];
  }
  if (!unique(policy.witnesses.map((witness) => witness.name))) refuse('two witnesses have the same name');
  if (policy.witness_threshold > BigInt(policy.witnesses.length)) {
    refuse('the witness threshold is more than all witnesses');
  }
}

async function readPolicy(bytes, abilities) {
  const policy = decode(forms['proof.Policy'], bytes);
  const witnessKeys = policy.witnesses.map((witness) => witness.key);
  const keys = [...policy.signers.flatMap((signer) => signer.keys), ...policy.recovery_keys, ...witnessKeys];
  for (const key of keys) await checkPolicyKey(key, abilities);
  if (!unique(keys.map((key) => hex(key.encoded)))) refuse('a key stands twice in the policy');
  await checkSigners(policy);
  checkRecovery(policy);
  await checkWitnesses(policy);
  const all = [...policy.signers, ...policy.witnesses];
  if (!unique(all.flatMap((each) => each.keyIds))) refuse("two signers' keys have the same key id");
  return policy;
}

// --- checkpoint

const cosignedText = (checkpoint, time) => utf8(`cosignature/v1\ntime ${time}\nmikusari/${hex(checkpoint.ledger)}\n` +
  `${checkpoint.size}\n${base64(checkpoint.root)}\n`);

// Under which of the signers or witnesses a cosignature holds. `known`: the id is of one of their keys, but it does not
// hold. `passed`: this browser cannot tell.
async function standingUnder(those, checkpoint, { key_id, time, signature }, abilities) {
  let standing = 'unknown';
  for (const who of those) {
    for (const [i, key] of who.keys.entries()) {
      if (who.keyIds[i] !== hex(key_id)) continue;
      if (key.algorithm === 'Ed25519' && !abilities.ed25519) {
        standing = 'passed';
      } else if (await holds(key, cosignedText(checkpoint, time), signature, abilities)) {
        return { standing: 'holds', who };
      } else {
        standing = 'known';
      }
    }
  }
  return { standing };
}

// Each signer's weight counts once, at the earliest of its times; each witness once. Signatures of unknown keys are
// passed over.
async function countSignatures(checkpoint, policy, abilities) {
  const signers = new Map(), witnesses = new Set();
  let passedOver = false;
  for (const cosignature of checkpoint.signatures) {
    const { time } = cosignature;
    if (time > 0x7fffffffffffffffn) refuse("a cosignature's time is over 2^63 - 1");
    const signed = await standingUnder(policy.signers, checkpoint, cosignature, abilities);
    if (signed.standing === 'holds') {
      const earlier = signers.get(signed.who.name);
      if (earlier === undefined || time < earlier.time) {
        signers.set(signed.who.name, { time, weight: signed.who.weight });
      }
      continue;
    }
    const witnessed = await standingUnder(policy.witnesses, checkpoint, cosignature, abilities);
    if (witnessed.standing === 'holds') {
      witnesses.add(witnessed.who.name);
    } else if (signed.standing === 'passed' || witnessed.standing === 'passed') {
      passedOver = true;
    } else if (signed.standing === 'known' || witnessed.standing === 'known') {
      refuse('the signature of a known signer under the checkpoint does not hold');
    }
  }
  return { signers, witnesses, passedOver };
}

async function verifyCheckpoint(checkpoint, policy, abilities) {
  if (!same(checkpoint.ledger, policy.ledger)) refuse('the checkpoint is of another ledger than the policy');
  const { signers, witnesses, passedOver } = await countSignatures(checkpoint, policy, abilities);
  const tooLittle = (why) => {
    if (passedOver) throw new Unable('this browser cannot check Ed25519: not verified');
    refuse(why);
  };
  const sorted = [...signers.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const weight = sorted.reduce((sum, each) => sum + each.weight, 0n);
  if (weight === 0n || weight < policy.threshold) {
    tooLittle('the checkpoint is signed by less weight than the policy demands');
  }
  if (BigInt(witnesses.size) < policy.witness_threshold) {
    tooLittle('the checkpoint is cosigned by fewer witnesses than the policy demands');
  }
  let sum = 0n;
  const median = sorted.find((each) => 2n * (sum += each.weight) >= weight);
  const { size, root } = checkpoint;
  return { size, root, time: median.time, weight, signers: [...signers.keys()], witnesses: [...witnesses] };
}

function claimsLaterPolicy(record, policy) {
  try {
    const block = decode(forms['proof.BlockRecord'], record);
    return same(block.ledger, policy.ledger) && block.policy_epoch > policy.epoch;
  } catch (error) {
    if (error instanceof Newer || error instanceof Refusal) return false;
    throw error;
  }
}

// Whose signers have changed is told so. Nobody has proved it, and it lets nothing pass.
async function verifySigners({ checkpoint, record }, policy, abilities) {
  try {
    return await verifyCheckpoint(checkpoint, policy, abilities);
  } catch (error) {
    if (!(error instanceof Refusal) || !claimsLaterPolicy(record, policy)) throw error;
    return refuse('the ledger goes by a later trust policy than this one: get that first');
  }
}

// The record must be the last leaf of the checkpoint's log: what it says is the newest that the checkpoint knows.
async function verifyAnchor(anchor, policy, abilities) {
  const checkpoint = await verifySigners(anchor, policy, abilities);
  const block = decode(forms['proof.BlockRecord'], anchor.record);
  if (block.type !== 'block') refuse('the block record says that it is another leaf');
  if (!same(block.ledger, policy.ledger)) refuse('the block record is of another ledger than the policy');
  const notLast = "the block record is not the last entry of the checkpoint's log";
  if (checkpoint.size === 0n || checkpoint.size - 1n !== block.first_leaf + block.committed) refuse(notLast);
  const leaf = await leafHash(anchor.record);
  const root = await rootFromPath(checkpoint.size - 1n, checkpoint.size, leaf, anchor.log_path);
  if (!same(root, checkpoint.root)) refuse(notLast);
  if (block.policy_epoch < policy.epoch) refuse('the block record is from before the trust policy in use');
  return { block, checkpoint };
}
