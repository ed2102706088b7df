// The field page: takes the day along, keeps what is pressed, sends it when there is a network. Parts: store.js (what the
// telephone keeps), outbox.js (sending), forms.js (pressing), pages.js (drawing), sw.js (pages without a network).

import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { cameras, restore, tellNow } from "./forms.js";
import { clock, draw, made } from "./pages.js";
import { say } from "./words.js";

const $ = (q, from = document) => from.querySelector(q);
const field = $("#field").dataset;
const PAGES = "field-pages", ASSETS = "field-assets", AGAIN = 20000;

// ---- the forms of a job without a network: the one that was asked for comes out of the kit ----
const act = location.pathname.match(/\/do\/([^/]+)\/$/)?.[1];
const kit = $("#kit");
if (kit && act) {
  const wanted = $(`template[data-act="${CSS.escape(act)}"]`, kit);
  kit.replaceWith(wanted ? wanted.content.cloneNode(true) : Object.assign(document.createElement("p"), { className: "note-bar", textContent: say("not_kept") }));
  made();
}

// ---- pages, counters, forms ----
outbox.onChange(draw);
draw();
tellNow();
cameras();
restore($("form[data-place]"));
for (const name of ["online", "offline"]) addEventListener(name, () => { draw(); if (navigator.onLine) meet(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) meet(); });
setInterval(async () => { if (navigator.onLine && (await outbox.mine()).some((row) => row.state === "waiting")) meet(); }, AGAIN);

// An iPhone knows another word for its map.
if (/iPhone|iPad/.test(navigator.userAgent)) for (const link of document.querySelectorAll('a[href^="geo:"]')) link.href = link.href.replace(/^geo:0,0/, "maps:");
// Where a clause is explained is no page of the telephone's.
addEventListener("click", (event) => { if (!navigator.onLine && event.target.closest("a.clause")) event.preventDefault(); });

// ---- meeting the server: whoever signed in, what is new, what waits ----
const meet = async () => {
  if (!outbox.able) return;
  let answer;
  try { answer = await fetch(field.pack, { redirect: "manual", headers: { "X-Requested-With": "field" } }); } catch { return; }
  if (!answer.ok) { if (answer.type === "opaqueredirect" && (await outbox.mine()).length) draw({ door: true }); return; }
  const pack = await answer.json();
  localStorage.setItem("field.skew", String(new Date(pack.now) - Date.now()));
  if ((await store.meta("person")) !== pack.person) {
    // Another's day is not for these eyes; what he has not sent stays for him.
    await caches.delete(PAGES);
    await store.clear("typed");
    await store.setMeta("pages", {});
    await store.setMeta("person", pack.person);
  }
  await store.setMeta("met", { at: Date.now(), for: pack.locked_after * 1000 });
  const done = await outbox.flush();
  await keep(done.length ? await (await fetch(field.pack)).json() : pack);
  draw();
};

// Takes along what has changed, one after another: the road is narrow.
const keep = async (pack) => {
  const pages = await caches.open(PAGES), known = (await store.meta("pages")) ?? {}, kept = {};
  for (const { url, version } of pack.pages) {
    if (known[url] !== version || !(await pages.match(url))) {
      const answer = await fetch(url, { headers: { "X-Requested-With": "keep" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) continue;
      await pages.put(url, answer);
    }
    kept[url] = version;
    await store.setMeta("pages", { ...known, ...kept });
  }
  for (const url of Object.keys(known)) if (!(url in kept) && !pack.pages.some((one) => one.url === url)) await pages.delete(url);
  await store.setMeta("pages", kept);
  const assets = await caches.open(ASSETS), used = new Set();
  for (const { name } of performance.getEntriesByType("resource")) {
    const { origin, pathname } = new URL(name);
    if (origin !== location.origin || !pathname.startsWith("/static/")) continue;
    used.add(pathname);
    if (!(await assets.match(pathname))) await assets.add(pathname).catch(() => null);
  }
  // Of an earlier release nothing stays, once every page is of this one.
  if (pack.pages.every(({ url, version }) => kept[url] === version)) for (const { url } of await assets.keys()) if (!used.has(new URL(url).pathname)) await assets.delete(url);
  const ready = $("#ready");
  if (ready) ready.textContent = say("ready", { jobs: pack.jobs, time: clock(pack.now) });
  document.documentElement.dataset.kept = "1";
};

// ---- leaving: not with work unsent, and nothing stays behind ----
addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-leave]");
  if (!form) return;
  event.preventDefault();
  const count = (await outbox.mine()).length;
  const warning = $("#leaving");
  if (count && warning.hidden) { warning.hidden = false; $("[data-words]", warning).textContent = say("leave", { count }); warning.scrollIntoView({ block: "center" }); return; }
  if (outbox.able) await store.drop();
  for (const one of await navigator.serviceWorker?.getRegistrations() ?? []) if (new URL(one.scope).pathname === field.home) await one.unregister();
  form.submit();
});

if (outbox.able && "serviceWorker" in navigator) {
  document.documentElement.dataset.able = "1";
  // A browser that refuses it (a private window, say) still sends what is pressed.
  navigator.serviceWorker.register(field.worker, { scope: field.home }).catch(() => null);
  meet();
} else {
  const ready = $("#ready");
  if (ready) ready.textContent = say("not_ready");
  outbox.flush();
}
