// SPDX-License-Identifier: Apache-2.0
// What the parties, models and things of a verified passport are called, in words.

let language = 'en';
const inLanguage = ([english, japanese]) => (language === 'ja' ? japanese : english);

// The word in the present language, with {0}, {1}, … filled in.
function word(name, ...values) {
  if (words[name] === undefined) throw new Error(`no word for ${name}`);
  return inLanguage(words[name]).replace(/\{(\d)\}/g, (_, i) => String(values[i]));
}
// The word for a value of an enumeration.
const label = (enumeration, value) => inLanguage(labels[enumeration][value]);

const short = (id) => hex(id).slice(0, 8);

// A text that others chose: what would hide or reorder the text around it is replaced.
const plain = (string) =>
  string.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '\ufffd');

function tellTime(milliseconds) {
  const date = new Date(Number(milliseconds));
  if (Number.isNaN(date.getTime())) return `${milliseconds} ms`;
  return date.toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
const tellDay = (milliseconds) => tellTime(milliseconds).slice(0, 10);

// The body that a record names by its leaf, if it was given and can be read.
function readText(thing, number) {
  if (thing?.text === undefined) return undefined;
  try {
    return decode(kinds[number].body, thing.text.body);
  } catch (error) {
    if (error instanceof Newer || error instanceof Refusal) return undefined;
    throw error;
  }
}

// The things by name, and the contacts (handle in hexadecimal -> name), which nobody has proven.
class Names {
  constructor({ device, things }, contacts) {
    this.device = device;
    this.contacts = contacts;
    this.things = new Map(things.map((thing) => [thingName(thing.type, thing.id), thing]));
  }
  find(type, id) { return this.things.get(thingName(type, id)); }

  // A member by its name, which the ledger proves; anybody else by a short handle, with the reader's own name for it.
  party(handle) {
    const member = this.find('party', handle)?.record.name;
    if (member !== undefined) return member;
    const contact = this.contacts.get(hex(handle));
    if (contact === undefined) return word('party_short', short(handle));
    return `“${plain(contact).replace(/[“”]/g, '"')}” (${short(handle)})`;
  }

  modelName(id) {
    const name = readText(this.find('model', id), 0x0301)?.name;
    return name === undefined ? word('model_short', short(id)) : plain(name);
  }
  // The class and the name of a thing's model, as far as it is proven.
  model(thing) {
    if (thing.unproved) return word('unproved_model', label('thing.Class', thing.record.blinded_class));
    const id = modelOf(thing);
    if (id === undefined) return word('unknown_part');
    const found = this.find('model', id), name = this.modelName(id);
    const kind = found === undefined ? word('part') : label('thing.Class', found.record.class);
    return name === kind ? kind : `${kind} ${name}`;
  }
  part(id) {
    const thing = this.find('part', id);
    return `${thing === undefined ? word('part') : this.model(thing)} ${short(id)}`;
  }
  unit(id) {
    if (same(id, this.device)) return word('this_device');
    return this.find('part', id) === undefined ? `${word('another_unit')} ${short(id)}` : this.part(id);
  }
  thing(type, id) { return type === 'device' ? this.unit(id) : this.part(id); }
  subject({ type, id }) { return type === 'party' ? this.party(id) : this.thing(type, id); }
}
