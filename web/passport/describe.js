// SPDX-License-Identifier: Apache-2.0
// What the things and events of a verified passport are called, in words.

const short = (id) => hex(id).slice(0, 8);
const memberOf = (subject) => new TextDecoder().decode(subject.id);

const modelName = (model) => (model.name === model.class ? word(model.class) : `${word(model.class)} ${model.name}`);

// Names of things as the passport knows them.
class Names {
  constructor(passport) {
    this.device = passport.device;
    this.models = new Map();
    this.parts = new Map();
    for (const { type, id, record } of passport.things) {
      if (type === 'model') this.models.set(hex(id), record);
      if (type === 'part') this.parts.set(hex(id), record);
    }
  }
  model(id) { return id === undefined ? undefined : this.models.get(hex(id)); }
  part(id) {
    const model = this.model(this.parts.get(hex(id))?.model);
    return `${model === undefined ? word('part') : modelName(model)} ${short(id)}`;
  }
  unit(id) {
    if (same(id, this.device)) return word('this_device');
    return this.parts.has(hex(id)) ? this.part(id) : `${word('another_unit')} ${short(id)}`;
  }
  thing(type, id) { return type === 'device' ? this.unit(id) : this.part(id); }
  subject(subject) { return subject.type === 'member' ? memberOf(subject) : this.thing(subject.type, subject.id); }
}

// [English, Japanese] of each kind's body.
const tellers = {
  0x0201: (body, names) => [`A key (${word(body.purpose)}) was registered for ${names.subject(body.subject)}`,
    `${names.subject(body.subject)} の${word(body.purpose)}を登録`],
  0x0202: () => ['A key named its successor', '鍵の後継を指定'],
  0x0203: () => ['The successor of a key was vetoed', '鍵の後継を拒否'],
  0x0204: (body) => [`Key ${short(body.key)} was revoked: ${word(body.reason)}`, `鍵 ${short(body.key)} を失効：${word(body.reason)}`],
  0x0401: (body, names) => [`${names.part(body.part)} was made and registered${body.key === undefined ? '' : ', with a key of its own'}`,
    `${names.part(body.part)} を製造・登録${body.key === undefined ? '' : '（自身の鍵あり）'}`],
  0x0403: (body, names) => [`${names.part(body.part)} was scrapped`, `${names.part(body.part)} を廃棄`],
  0x0501: (body, names) => {
    const parts = body.mounts.map((mount) => names.part(mount.part));
    return [`${names.unit(body.unit)} was assembled${parts.length === 0 ? '' : ` of ${parts.join(', ')}`}`,
      `${names.unit(body.unit)} を組立${parts.length === 0 ? '' : `（${parts.join('、')}）`}`];
  },
  0x0502: (body, names) => [
    `${names.part(body.mount.part)} was mounted in ${names.unit(body.unit)}${body.accept_unknown ? ', accepted by the owner' : ''}`,
    `${names.part(body.mount.part)} を ${names.unit(body.unit)} に取付${body.accept_unknown ? '（所有者が承認）' : ''}`],
  0x0503: (body, names) => [`${names.part(body.part)} was taken out of ${names.unit(body.unit)}`,
    `${names.part(body.part)} を ${names.unit(body.unit)} から取外し`],
  0x0504: (body, names) => (body.withdraw ? [`The dispute over ${names.part(body.part)} was taken back`, `${names.part(body.part)} への異議を取り下げ`]
    : [`${names.part(body.part)} was disputed`, `${names.part(body.part)} に異議を申し立て`]),
  0x0506: () => ['The device activated itself with its own key', '機器が自身の鍵で稼働を開始'],
  0x0509: () => ['The device was retired: its keys ended at once', '機器を引退（鍵は即時失効）'],
  0x050a: () => ['The device was destroyed, before two witnesses', '立会者二名のもとで機器を廃棄'],
  0x0601: (body, names) => [`${names.thing(body.type, body.thing)} was shipped to ${body.to}`, `${names.thing(body.type, body.thing)} を ${body.to} へ発送`],
  0x0602: (body, names) => [`${names.thing(body.type, body.thing)} was received`, `${names.thing(body.type, body.thing)} を受領`],
  0x0701: (body) => [`The device was offered to ${body.to}`, `機器の譲渡を ${body.to} に申し出`],
  0x0702: () => ['The offer was accepted: the signer is the new owner', '譲渡を承諾（署名者が新しい所有者）'],
  0x0703: () => ['The offer was taken back', '譲渡の申し出を取り消し'],
};

// A body that cannot be read for display is named by its kind: whether it stands on the ledger does not depend on it.
function tellEvent(event, statement, names) {
  const kind = Number(statement.payload.kind);
  const unreadable = word('unreadable', `0x${kind.toString(16).padStart(4, '0')} ${statement.header.claims.sub}`);
  if (bodies[kind] === undefined) return unreadable;
  try {
    const sentence = tellers[kind](decode(bodies[kind], event.body), names)[language === 'ja' ? 1 : 0];
    return language === 'ja' ? sentence.replace(/ ?この機器 ?/g, 'この機器') : sentence.charAt(0).toUpperCase() + sentence.slice(1);
  } catch (error) {
    if (error instanceof Refusal) return unreadable;
    throw error;
  }
}

function tellTime(milliseconds) {
  const date = new Date(Number(milliseconds));
  if (Number.isNaN(date.getTime())) return `${milliseconds} ms`;
  return date.toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
