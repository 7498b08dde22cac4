// SPDX-License-Identifier: Apache-2.0
// What each kind of statement says, as [English, Japanese]. A test looks that no kind is missing.

const listed = (items) => (items.length === 0 ? ['', ''] : [` of ${items.join(', ')}`, `（${items.join('、')}）`]);
const keptKeys = ({ length }) => (length === 0 ? ['', ''] : [`; ${length} of its keys go on`, `（鍵 ${length} 本を継続）`]);
const given = (value, sentences) => (value ? sentences : ['', '']);
const join = (...pairs) => [pairs.map(([english]) => english).join(''), pairs.map(([, japanese]) => japanese).join('')];
// Both languages' words for a value of an enumeration.
const both = (enumeration, value) => labels[enumeration][value];

const tellers = {
  'ledger.incarnation': (body) => [`The ledger goes on with other signers (epoch ${body.epoch})`,
    `署名者を改めて台帳を継続（エポック ${body.epoch}）`],
  'proposal.open': (body) => {
    const [english, japanese] = both('proposal.Matter', body.content.matter);
    return [`It was proposed to ${english}`, `提案：${japanese}`];
  },
  'proposal.vote': (body) => {
    const [english, japanese] = both('proposal.Choice', body.choice);
    return [`A member voted ${english} on proposal ${short(body.proposal)}`,
      `提案 ${short(body.proposal)} に${japanese}の投票`];
  },

  'key.register': (body, names) => {
    const [english, japanese] = both('key.Purpose', body.purpose);
    const subject = names.subject(body.subject);
    return [`A key (${english}) was registered for ${subject}`, `${subject} の${japanese}を登録`];
  },
  'key.rotate': () => ['A key named its successor', '鍵を更新（後継を指定）'],
  'key.veto': (body) => [`Key ${short(body.key)} was vetoed`, `鍵 ${short(body.key)} を差し止め`],
  'key.revoke': (body) => {
    const [english, japanese] = both('key.Reason', body.reason);
    return [`Key ${short(body.key)} was revoked: ${english}`, `鍵 ${short(body.key)} を失効：${japanese}`];
  },
  'key.freeze': (body) => [`Key ${short(body.key)} was frozen`, `鍵 ${short(body.key)} を凍結`],
  'key.thaw': (body) => [`Key ${short(body.key)} was thawed`, `鍵 ${short(body.key)} の凍結を解除`],

  'model.register': (body) => [`The model ${plain(body.name)} was registered`, `機種 ${plain(body.name)} を登録`],
  'model.amend': (body, names) => [`${names.modelName(body.model)} has other release keys`,
    `${names.modelName(body.model)} のリリース鍵を変更`],
  'model.withdraw': (body, names) => [`${names.modelName(body.model)} was withdrawn by its vendor`,
    `${names.modelName(body.model)} を供給者が取り下げ`],
  'model.certify': (body, names) => [`${names.modelName(body.model)} was certified`,
    `${names.modelName(body.model)} の適合認証`],
  'model.decertify': (body, names) => [`The certification of ${names.modelName(body.model)} was ended`,
    `${names.modelName(body.model)} の適合認証を取り消し`],

  'part.register': (body, names, event) => join(
    [`${names.part(event.born)} was made and registered`, `${names.part(event.born)} を製造・登録`],
    given(body.key, [', with a key of its own', '（自身の鍵あり）'])),
  'part.inspect': (body, names) => {
    const [english, japanese] = both('part.Finding', body.finding), thing = names.thing(body.type, body.thing);
    return [`${thing} was inspected: ${english}`, `${thing} を検査：${japanese}`];
  },
  'part.scrap': (body, names) => [`${names.part(body.part)} was scrapped`, `${names.part(body.part)} を部品廃棄`],

  'device.assemble': (body, names, event) => join(
    [`${names.unit(event.born)} was assembled`, `${names.unit(event.born)} を組立`],
    listed(body.mounts.map((mount) => names.part(mount.part)))),
  'device.attach': (body, names, event) => {
    const part = names.part(body.part ?? event.born), unit = names.unit(body.unit);
    return join([`${part} was mounted in ${unit}`, `${part} を ${unit} に取り付け`],
      given(body.accept || body.nonce, [', accepted by the owner as it is', '（所有者承認：現状のまま）']));
  },
  'device.detach': (body, names) => join(
    [`${names.part(body.part)} was taken out of ${names.unit(body.unit)}`,
      `${names.part(body.part)} を ${names.unit(body.unit)} から取り外し`],
    keptKeys(body.keep)),
  'device.alarm': (body, names) => {
    const [english, japanese] = both('device.Cause', body.cause), thing = names.thing(body.type, body.thing);
    return join([`Alarm about ${thing}: ${english}`, `${thing} について警報：${japanese}`],
      given(body.about, [`; it concerns ${body.about && short(body.about)} too`,
        `（${body.about && short(body.about)} にも関係）`]));
  },
  'device.activate': () => ['The device activated itself with its own key', '機器が自身の鍵で稼働を開始'],
  'device.suspend': () => ['The device was suspended: gates refuse it', '機器を一時停止（接続ゲートは拒否）'],
  'device.resume': () => ['The device was resumed', '機器の一時停止を解除'],
  'device.retire': () => ['The device was retired: its keys fell silent at once', '機器の運用を終了（鍵は即時に無効）'],
  'device.destroy': () => ['The device was destroyed, before two witnesses', '立会人二名のもとで機器を破壊処分'],

  'custody.ship': (body, names) => {
    const thing = names.thing(body.type, body.thing), to = names.party(body.to);
    return join([`${thing} was shipped to ${to}`, `${thing} を ${to} へ発送`],
      given(body.on !== undefined, [', with title: who receives it owns it', '（所有権付き：受領者が所有者になる）']));
  },
  'custody.receive': (body, names) => {
    const thing = names.thing(body.type, body.thing);
    return join([`${thing} was received`, `${thing} を受領`],
      given(body.on !== undefined, [', with title: the signer is the new owner', '（所有権付き：署名者が新しい所有者）']),
      keptKeys(body.keep));
  },
  'custody.refuse': (body, names) => [`The shipment of ${names.thing(body.type, body.thing)} was refused`,
    `${names.thing(body.type, body.thing)} の受け取りを拒否`],
  'custody.recall': (body, names) => [
    `${names.thing(body.type, body.thing)} was recalled by its owner, who holds it now`,
    `所有者が ${names.thing(body.type, body.thing)} の出荷を取り戻し`],

  'ownership.offer': (body, names) => [`${names.thing(body.type, body.thing)} was offered to ${names.party(body.to)}`,
    `${names.thing(body.type, body.thing)} の譲渡を ${names.party(body.to)} に申し出`],
  'ownership.accept': (body, names) => join(
    [`The offer of ${names.thing(body.type, body.thing)} was accepted: the signer is the new owner`,
      `${names.thing(body.type, body.thing)} の譲渡を承諾（署名者が新しい所有者）`],
    keptKeys(body.keep)),
  'ownership.cancel': (body, names) => [`The hand-over of ${names.thing(body.type, body.thing)} was called off`,
    `${names.thing(body.type, body.thing)} の譲渡を取り消し`],
  'ownership.force': (body, names) => [
    `A hand-over of ${names.thing(body.type, body.thing)} to ${names.party(body.to)} was forced: it waits in public`,
    `${names.thing(body.type, body.thing)} の ${names.party(body.to)} への強制譲渡を申し立て（公開の待機期間）`],

  'firmware.release': (body, names) => [
    `Firmware ${plain(body.version)} (sequence ${body.sequence}) was released for ${names.modelName(body.model)}`,
    `${names.modelName(body.model)} のファームウェア ${plain(body.version)}（通し番号 ${body.sequence}）をリリース`],
  'firmware.floor': (body, names) => [
    `The minimum firmware of ${names.modelName(body.model)} is sequence ${body.sequence} now`,
    `${names.modelName(body.model)} の最低許容版を通し番号 ${body.sequence} に設定`],
  'firmware.recall': (body, names) => {
    const [english, japanese] = both('firmware.Action', body.action);
    return [`Firmware ${body.sequence} of ${names.modelName(body.model)} was ${english}`,
      `${names.modelName(body.model)} のファームウェア ${body.sequence}：${japanese}`];
  },

  'party.open': (body, names, event) => [`${names.party(event.born)} was opened`, `${names.party(event.born)} を開設`],
  'party.suspend': (body, names) => (body.suspended
    ? [`${names.party(body.party)} was suspended`, `${names.party(body.party)} を一時停止`]
    : [`The suspension of ${names.party(body.party)} was ended`, `${names.party(body.party)} の一時停止を解除`]),
  'party.move': (body, names) => [`The party moved to the registrar ${names.party(body.registrar)}`,
    `当事者登録者を ${names.party(body.registrar)} に変更`],
  'party.close': () => ['The party closed itself', '当事者が自らを終了'],
  'party.recover': (body, names) => [`A new key was brought for ${names.party(body.party)}`,
    `${names.party(body.party)} の鍵の復旧`],
  'party.amend': () => ['The party changed how its keys act for it', '当事者が自身の鍵の扱いを変更'],

  'role.grant': (body, names) => {
    const [english, japanese] = both('Role', body.role);
    return [`${names.party(body.to)} was granted the role: ${english}`, `${names.party(body.to)} に権限を付与：${japanese}`];
  },
  'role.revoke': (body, names) => {
    const [english, japanese] = both('Role', body.role);
    return [`${names.party(body.to)} lost the role: ${english}`, `${names.party(body.to)} の権限を取り消し：${japanese}`];
  },

  'document.record': (body) => {
    const [english, japanese] = both('document.Type', body.type);
    return [`A document was recorded: ${english} (SHA-256 ${short(body.digest)}…)`,
      `証拠文書を記録：${japanese}（SHA-256 ${short(body.digest)}…）`];
  },
};

const births = ['part.register', 'device.assemble'];

// The sentence for an event. An alarm tells what somebody claimed: a newborn thing is born without what stands
// elsewhere, and otherwise nothing of it came true.
function tellEvent(event, names) {
  const number = `0x${event.statement.payload.kind.toString(16).padStart(4, '0')}`;
  const name = `${number} ${plain(event.statement.header.claims.sub)}`;
  if (event.unreadable !== undefined) return word(`unreadable_${event.unreadable}`, name, concernedNames(event, names));
  const sentence = inLanguage(tellers[event.kind](event.read, names, event));
  if (event.outcome === 'alarm' && event.kind !== 'device.alarm') {
    return polished(word(births.includes(event.kind) ? 'alarm_birth' : 'alarm_claim', sentence,
      concernedNames(event, names)));
  }
  return polished(sentence);
}

// Names stand in sentences as they are; Japanese has no space around a word of its own.
const polished = (sentence) => (language === 'ja' ? sentence.replace(/ ?この機器 ?/g, 'この機器')
  : sentence.charAt(0).toUpperCase() + sentence.slice(1));

const concernedNames = (event, names) =>
  [...event.concerns.values()].map(({ type, id }) => names.thing(type, id)).join(language === 'ja' ? '、' : ', ');
