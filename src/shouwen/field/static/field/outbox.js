// The outbox: what was pressed is kept first and sent then, in order, each under the key it got when it was pressed.
//
// A row: { id, key, person, url, number, title, name, kind, place, version, pressed, fields, state, answer }
//   kind     act, also (a built-in act) or photo
//   version  of the case as it was seen; fields: [name, text or File] as the form gave them
//   late     it is to be recorded for when it arrives, not for when it was pressed
//   state    waiting, refused or faster; answer: what the server said of it
// What was refused stays, with everything typed, and holds up what comes after it in the same case.

import * as store from "./store.js";

const PATIENCE = 60000;
// Without HTTPS a browser has neither locks nor a service worker: then forms are sent as forms are.
export const able = isSecureContext && "locks" in navigator;
const channel = new BroadcastChannel("field-outbox");
const listeners = new Set();
let sending = null, door = false, trouble = "";

export const onChange = (listener) => listeners.add(listener);
const changed = async (said = {}) => {
  const rows = await mine();
  localStorage.setItem("field.waiting", String(rows.length));
  for (const listener of listeners) listener({ rows, door, trouble, ...said });
};
channel.onmessage = () => changed();
export const announce = async (said) => { await changed(said); channel.postMessage("changed"); };

const person = () => document.getElementById("field").dataset.person;
export const everything = () => store.all("outbox");
export const mine = async () => (await everything()).filter((row) => row.person === person());
export const foreign = async () => (await everything()).filter((row) => row.person !== person());
export const now = () => new Date(Date.now() + Number(localStorage.getItem("field.skew") ?? 0));

export const add = async (row) => {
  const id = await store.put("outbox", { key: crypto.randomUUID().replaceAll("-", ""), person: person(), pressed: now().toISOString(), state: "waiting", ...row });
  await announce();
  return id;
};

export const change = async (id, changes) => {
  const row = await store.get("outbox", id);
  if (row) { await store.put("outbox", { ...row, ...changes }); await announce(); }
};

export const drop = async (id) => { await store.remove("outbox", id); await announce(); };

// Sends what can be sent; one page at a time does it. Returns what became of each: [{ row, said }].
export const flush = () => (!able ? Promise.resolve([]) : sending ??= navigator.locks.request("field-outbox", { ifAvailable: true }, (lock) => (lock ? sendAll() : []))
  .finally(() => { sending = null; }));

const sendAll = async () => {
  const done = [], stuck = new Set();
  door = false; trouble = "";
  for (const { id } of await mine()) {
    // Read again: an act before it may have given it another version.
    const row = await store.get("outbox", id);
    if (!row) continue;
    const held = row.kind !== "photo" && stuck.has(row.number);
    if (row.state !== "waiting" || held) { if (row.kind !== "photo") stuck.add(row.number); continue; }
    await announce({ now: id });
    const said = await send(row);
    if (!said) break;
    done.push({ row, said });
    await settle(row, said);
    if (said.state !== "taken" && row.kind !== "photo") stuck.add(row.number);
  }
  await announce({ done });
  return done;
};

// What the server says of one row; null: nothing is known, try again later with the same key.
const send = async (row) => {
  const form = new FormData();
  for (const [name, value] of row.fields) form.append(name, value, ...(value instanceof File ? [value.name] : []));
  for (const name of ["key", "version", "person"]) form.set(name, row[name] ?? "");
  form.set("pressed", row.late ? "" : row.pressed);
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  let answer;
  try {
    answer = await fetch(row.url, {
      method: "POST", body: form, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      headers: { "X-Requested-With": "field", "X-CSRFToken": token },
    });
  } catch { return null; }
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { door = true; return null; }
  if (answer.status === 404) return { state: "refused", reasons: [], gone: true };
  if (![200, 409, 422].includes(answer.status)) { trouble = String(answer.status); return null; }
  return answer.json().catch(() => null);
};

const settle = async (row, said) => {
  if (said.state !== "taken") { await store.put("outbox", { ...row, state: said.state === "faster" ? "faster" : "refused", answer: said }); return; }
  await store.put("sent", { key: row.key, person: row.person, number: row.number, title: row.title, name: row.name, pressed: row.pressed, words: said.words, note: said.note ?? "", at: now().toISOString() });
  // One's own act is no surprise to what was pressed after it.
  if (said.version) for (const later of await store.all("outbox")) {
    if (later.id > row.id && later.number === row.number && later.kind === "act" && later.version === row.version && later.state === "waiting") await store.put("outbox", { ...later, version: String(said.version) });
  }
  await store.remove("outbox", row.id);
};
