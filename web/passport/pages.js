// SPDX-License-Identifier: Apache-2.0
// All pages of a passport: each is verified alone, then they are put together, and what is missing is named.
//
//   verifyPassport([pageBytes, ...], policyBytes) -> { verdict: 'verified', ... }
//                                                 or { verdict: 'refused' | 'newer' | 'unable', why, ?page }
//
// A verified passport has: policy, block, checkpoint, device, things (device first), events (oldest first, each with
// its statement, approvals and the things that it concerns), gaps, signatures, olderPages.

async function verifyPages(pages, policy, abilities) {
  if (pages.length === 0) refuse('there is no passport in this page');
  const out = [];
  for (const [i, bytes] of pages.entries()) {
    try {
      out.push(await verifyPage(bytes, policy, abilities));
    } catch (error) {
      error.page = pages.length > 1 ? i + 1 : undefined;
      throw error;
    }
  }
  if (out.some((page) => !same(page.device, out[0].device))) refuse('the pages are of different devices');
  return out;
}

// The pages under the newest checkpoint, and how many are of older ones: no proof here joins those to the newest.
function newestPages(pages) {
  const newest = pages.reduce((a, b) => (b.checkpoint.size > a.checkpoint.size ? b : a));
  const kept = pages.filter((page) => page.checkpoint.size === newest.checkpoint.size);
  if (kept.some((page) => !same(page.checkpoint.root, newest.checkpoint.root))) {
    refuse('the pages show two different logs of one ledger');
  }
  return { newest, kept, olderPages: pages.length - kept.length };
}

// The page with the older events first.
function byAge(a, b) {
  const height = (page, at) => page.events.at(at)?.height ?? 0n;
  for (const at of [-1, 0]) {
    if (height(a, at) !== height(b, at)) return height(a, at) < height(b, at) ? -1 : 1;
  }
  const first = (page) => page.things[0].run.range.first;
  return first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0;
}

// All things once; of a device or part all runs.
function joinThings(pages) {
  const out = new Map();
  for (const page of pages) {
    for (const thing of page.things) {
      const name = thingName(thing.type, thing.id);
      const known = out.get(name) ?? { ...thing, runs: [] };
      known.text ??= thing.text;
      if (known.unproved && thing.unproved === false) Object.assign(known, { opening: thing.opening, unproved: false });
      if (thing.run !== undefined) {
        known.runs.push({ first: thing.run.range.first, count: BigInt(thing.run.events.length) });
      }
      out.set(name, known);
    }
  }
  return [...out.values()];
}

// Which things each event of a page concerns.
function concernedThings(page) {
  const out = page.events.map(() => []);
  for (const thing of page.things.filter(hasHistory)) {
    for (const index of thing.run.events) out[Number(index)].push(thing);
  }
  return out;
}

// All events once, in the order of the log as far as the pages show it.
function joinEvents(pages) {
  const out = new Map();
  for (const page of [...pages].sort(byAge)) {
    const concerned = concernedThings(page);
    for (const [i, event] of page.events.entries()) {
      const { read, approvals, also_hash: alsoHash } = page.statements[Number(event.statement)];
      const known = out.get(hex(event.leaf)) ?? { ...event, statement: read, approvals, alsoHash, concerns: new Map() };
      if (known.body === undefined) {
        Object.assign(known, { body: event.body, salt: event.salt, withheld: event.withheld });
      }
      if (approvals.length > 0) known.approvals = approvals;
      for (const thing of concerned[i]) known.concerns.set(thingName(thing.type, thing.id), thing);
      out.set(hex(event.leaf), known);
    }
  }
  return [...out.values()].sort((a, b) => (a.height < b.height ? -1 : a.height > b.height ? 1 : 0));
}

// The ranges of a thing's history that no page has: [first, end).
function missingEvents({ runs, record }) {
  const out = [];
  let at = 0n;
  for (const { first, count } of runs.filter((run) => run.count > 0n).sort((a, b) => (a.first < b.first ? -1 : 1))) {
    if (first > at) out.push({ first: at, end: first });
    if (first + count > at) at = first + count;
  }
  if (at < record.history.count) out.push({ first: at, end: record.history.count });
  return out;
}

// What is missing for the whole passport: parts that no page has, and events.
function gapsOf(things) {
  const parts = new Map(things.filter(({ type }) => type === 'part').map((thing) => [hex(thing.id), thing]));
  const out = [];
  for (const thing of things.filter(hasHistory)) {
    for (const child of thing.record.children) {
      if (!isMountedIn(parts.get(hex(child)), thing.id)) out.push({ part: child, unit: thing });
    }
    for (const { first, end } of missingEvents(thing)) out.push({ thing, first, end });
  }
  return out;
}

async function joinPages(pages) {
  const { newest, kept, olderPages } = newestPages(pages);
  const things = joinThings(kept), events = joinEvents(kept);
  for (const event of events) await readBody(event);
  const signatures = kept.reduce((sum, page) => sum + page.signatures, 0);
  const { block, checkpoint, device } = newest;
  return { block, checkpoint, device, things, events, signatures, olderPages, gaps: gapsOf(things) };
}

async function verifyPassport(pages, policyBytes) {
  const failed = (verdict, { message, page }) => ({ verdict, why: message, page });
  try {
    const abilities = { ed25519: await offersEd25519() };
    const policy = await readPolicy(policyBytes, abilities);
    return { verdict: 'verified', policy, ...await joinPages(await verifyPages(pages, policy, abilities)) };
  } catch (error) {
    if (error instanceof Newer) return failed('newer', error);
    if (error instanceof Unable) return failed('unable', error);
    if (error instanceof Refusal) return failed('refused', error);
    return { verdict: 'unable', why: 'the check did not come to an end', detail: String(error) };
  }
}
