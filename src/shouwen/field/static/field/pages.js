// What the scripts draw on the pages: the bar, the counter, what waits in a job, the page of the outbox.

import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { cameras, fill } from "./forms.js";
import { noted, say } from "./words.js";

const $ = (q, from = document) => from.querySelector(q);
const $$ = (q, from = document) => [...from.querySelectorAll(q)];
const field = $("#field").dataset;
const element = (tag, className, text, ...inside) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  made.append(...inside);
  return made;
};
export const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

export const draw = async ({ rows, door, trouble, now } = {}) => {
  rows ??= await outbox.mine();
  for (const at of $$("[data-count]")) { at.textContent = rows.length; at.hidden = !rows.length; }
  bar(door, trouble);
  waitingHere(rows);
  await page(rows, now);
};

const bar = (door, trouble) => {
  const at = $("#state"), drawn = document.documentElement.dataset.drawn, words = [];
  if (!navigator.onLine) words.push(say("offline"));
  if (drawn) words.push(say("stale", { time: clock(drawn) }));
  if (trouble) words.push(say("trouble", { status: trouble }));
  at.hidden = !words.length && !door;
  at.dataset.state = trouble || door ? "late" : "soon";
  at.replaceChildren(...words.map((text) => element("span", "", text)));
  if (door) at.append(element("span", "", say("door")), Object.assign(element("a", "btn", say("door_link")), { href: `${field.door}?next=${encodeURIComponent(field.outbox)}` }));
};

const STATES = { waiting: ["wait", "waiting"], refused: ["late", "refused"], faster: ["soon", "faster"], held: ["wait", "held"] };
const chip = (row, now) => {
  const [state, word] = row.id === now ? ["wait", "sending"] : STATES[row.state];
  const badge = element("span", "badge", say(word));
  badge.dataset.state = state;
  return badge;
};
const held = (rows) => {
  const stuck = new Set();
  return rows.map((row) => {
    const is = row.state === "waiting" && row.kind !== "photo" && stuck.has(row.number);
    if (row.state !== "waiting" && row.kind !== "photo") stuck.add(row.number);
    return is ? { ...row, state: "held" } : row;
  });
};

// ---- in a job: what was pressed here and is not sent yet; its buttons say so, and the next forms come to hand ----
const waitingHere = (rows) => {
  const list = $("#waiting-here"), number = $("main [data-number]")?.dataset.number;
  if (!list) return;
  const own = held(rows).filter((row) => row.number === number);
  list.hidden = !own.length;
  list.replaceChildren(...own.map((row) => element("li", "", "", chip(row), element("b", "", row.name), element("span", "dim", say("pressed", { time: clock(row.pressed) })))));
  const pressed = new Set(own.map((row) => row.url));
  for (const act of $$("[data-url]")) act.classList.toggle("queued", pressed.has(act.dataset.url));
  const afterwards = $("#afterwards"), next = $(".thumb [data-url]"), onwards = $("#onwards");
  if (!afterwards) return;
  afterwards.hidden = navigator.onLine && !own.some((row) => row.kind === "act");
  if (!onwards) return;
  // What was to be done next has been pressed: the thumb finds what comes after it.
  const gone = Boolean(next && pressed.has(next.dataset.url));
  $("#next").hidden = gone;
  onwards.hidden = !gone;
  if (gone) afterwards.open = true;
};

// ---- the page of the outbox ----
const page = async (rows, now) => {
  const list = $("#outbox");
  if (!list) return;
  const others = await outbox.foreign();
  const kept = new Map($$("li[data-id]", list).map((li) => [li.dataset.shown, li]));
  list.replaceChildren(...held(rows).map((row) => {
    const shown = JSON.stringify([row.id, row.state, row.id === now]);
    return kept.get(shown) ?? line(row, now, shown);
  }));
  if (!rows.length) list.append(element("li", "none", say("nothing")));
  const foreign = $("#foreign");
  foreign.hidden = !others.length;
  foreign.textContent = others.length ? say("foreign", { count: others.length }) : "";
  const today = clockDay(outbox.now());
  const sent = (await store.all("sent")).filter((one) => one.person === field.person && clockDay(one.at) === today).sort((a, b) => (a.at < b.at ? 1 : -1));
  $("#sent").hidden = !sent.length;
  $("#sent ul").replaceChildren(...sent.map((one) => element("li", "", "", badge("done", say("sent")), element("b", "", one.name), element("span", "dim", `${one.number} ${clock(one.pressed)}`), element("p", "md", noted(one.words, one.note)))));
};
const badge = (state, words) => { const made = element("span", "badge", words); made.dataset.state = state; return made; };
const clockDay = (at) => new Date(at).toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });

const line = (row, now, shown) => {
  const li = element("li", "", "", element("header", "row", "", chip(row, now), element("b", "", row.name), element("span", "dim", say("pressed", { time: clock(row.pressed) }))), element("p", "", `${row.title} `, element("span", "no", row.number)));
  li.dataset.id = row.id; li.dataset.shown = shown; li.dataset.number = row.number; li.dataset.title = row.title;
  const answer = row.answer;
  if (row.state === "refused" || row.state === "faster") {
    const why = element("ul", "whys");
    for (const text of answer?.others ?? []) why.append(element("li", "", text));
    for (const { text, clauses } of answer?.reasons ?? []) why.append(element("li", "", `${text} `, ...clauses.map((one) => element("span", "clause", one))));
    if (answer?.gone) why.append(element("li", "", say("gone")));
    li.append(why);
    if (row.state === "faster") li.append(element("p", "md mid", say("others")));
    li.append(buttons(row, li));
  }
  return li;
};

const buttons = (row, li) => {
  const bar = element("div", "row");
  const press = (words, act, kind = "") => { const made = element("button", `btn ${kind}`, words); made.type = "button"; made.addEventListener("click", () => act(made)); bar.append(made); };
  const version = row.answer?.version ? { version: String(row.answer.version) } : {};
  const again = (changes) => async () => { await outbox.change(row.id, { ...version, ...changes, state: "waiting", answer: null }); outbox.flush(); };
  if (row.answer?.html) press(say("mend"), () => mend(row, li), "primary");
  if (row.state === "faster") press(say("again"), again({}));
  if (row.state === "refused" && row.answer?.late) press(say("now"), again({ late: true }));
  press(say("drop"), (button) => (button.dataset.sure ? outbox.drop(row.id) : (button.dataset.sure = "1", button.textContent = say("sure_drop"))), "danger");
  return bar;
};

// The form as the server sent it back, with everything typed, in place of the line's buttons.
const mend = (row, li) => {
  const place = element("div", "mending large");
  place.innerHTML = row.answer.html;
  const form = $("form", place);
  if (!form) return;
  form.dataset.mends = row.id;
  form.dataset.after = field.outbox;
  $("div.row:last-child", li)?.remove();
  li.append(place);
  fill(form, row.fields);
  made();
  place.scrollIntoView({ block: "start" });
};

// New parts of a page get the touches that a whole one gets.
export const made = () => { cameras(); dispatchEvent(new Event("htmx:load")); };
