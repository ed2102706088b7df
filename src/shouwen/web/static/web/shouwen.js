// Small progressive touches; every page works without them.
const $ = (q, from = document) => from.querySelector(q);
const $$ = (q, from = document) => [...from.querySelectorAll(q)];
const root = document.documentElement;
const keep = (key, value) => { document.cookie = `${key}=${value};path=/;max-age=31536000;samesite=lax`; };
const kept = (key) => document.cookie.match(new RegExp(`(?:^|; )${key}=([^;]*)`))?.[1] ?? "";
// The words of this page's language, with places to fill: say("left", { length: "2时34分" }).
const words = JSON.parse(root.dataset.words ?? "{}");
const say = (key, filling = {}) => (words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => filling[name]);
root.classList.add("js");

// ---- theme, density, single keys: kept in cookies, so that the server draws the page as it was chosen ----
const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const flip = {
  theme: () => (dark() ? "light" : "dark"),
  density: () => (root.dataset.density === "compact" ? "comfortable" : "compact"),
  keys: () => (kept("keys") === "off" ? "on" : "off"),
};
const showKeys = () => $$("[data-keys]").forEach((at) => { at.textContent = say(kept("keys") === "off" ? "off" : "on"); });
addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  if (!button) return;
  const key = button.dataset.set, value = flip[key]();
  if (key !== "keys") root.dataset[key] = value;
  keep(key, value);
  showKeys();
});
showKeys();

// ---- dialogs: [data-open] opens the dialog of that id (a link where there is no script); [data-close] closes ----
addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog && !event.ctrlKey && !event.metaKey) { event.preventDefault(); dialog.showModal(); dialog.dispatchEvent(new Event("opened")); return; }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target.matches("dialog[open]")) event.target.close(); // beside it
});

// ---- countdowns: <b data-until="2026-10-08T18:00+08:00">, by the server's clock; the words of `moments.length` ----
const drawn = Date.now(), server = root.dataset.now ? new Date(root.dataset.now).getTime() : drawn;
const frozen = root.hasAttribute("data-frozen"); // pictures and tests stand still
const now = () => server + (frozen ? 0 : Date.now() - drawn);
const length = (ms) => {
  const m = Math.floor(Math.abs(ms) / 60000), days = Math.floor(m / 1440), hours = Math.floor(m / 60) % 24, minutes = m % 60;
  if (days) return say(hours ? "days_hours" : "days", { days, hours });
  return hours ? say("hours", { hours, minutes: String(minutes).padStart(2, "0") }) : say("minutes", { minutes });
};
// What is to be waited for: <b data-wait="…"> says how long still, and when it is over.
const wait = () => $$("[data-wait]").forEach((at) => {
  const left = new Date(at.dataset.wait) - now();
  at.textContent = left > 0 ? say("wait", { length: length(left + 59999) }) : say("ready");
  const bar = at.closest("[data-state]");
  if (left <= 0 && bar) { bar.dataset.state = "done"; $("label", bar)?.remove(); }
});
const tick = () => $$("[data-until]").forEach((at) => {
  const left = new Date(at.dataset.until) - now(), due = at.closest(".due");
  // The minute of the limit is in time.
  const late = left <= -60000;
  const said = say(late ? "late" : "left", { length: length(late ? left : Math.max(left, 0)) });
  if (at.textContent !== said) at.textContent = said;
  if (!due) return;
  if (late) due.dataset.state = "late";
  else if (left <= 4 * 3600000 && !due.dataset.state) due.dataset.state = "soon";
});
if (!frozen) setInterval(tick, 15000);
wait();
if (!frozen) setInterval(wait, 5000);

// ---- what scrolls sideways can be reached and moved by keys; what does not is no stop on the way ----
const reach = () => $$(".scroll-x, .path, .a4").forEach((one) => one.scrollWidth > one.clientWidth ? (one.tabIndex = 0) : one.removeAttribute("tabindex"));
reach();
addEventListener("resize", reach);
addEventListener("toggle", reach, true);

// ---- clauses: the article on hover and on focus, in one bubble ----
const bubble = document.createElement("div");
bubble.className = "bubble"; bubble.id = "bubble"; bubble.setAttribute("role", "tooltip"); bubble.hidden = true;
document.body.append(bubble);
let waiting = 0;
const tell = (event) => {
  const clause = event.target.closest?.(".clause[title], .clause[data-gist], .more[title], .more[data-gist]");
  if (!clause) return;
  if (clause.title) { clause.dataset.gist = clause.title; clause.removeAttribute("title"); }
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    bubble.textContent = clause.dataset.gist;
    bubble.hidden = false;
    (clause.closest("dialog") ?? document.body).append(bubble);
    const at = clause.getBoundingClientRect(), size = bubble.getBoundingClientRect();
    bubble.style.setProperty("--x", `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`);
    bubble.style.setProperty("--y", `${at.bottom + size.height + 12 > innerHeight ? at.top - size.height - 6 : at.bottom + 6}px`);
    clause.setAttribute("aria-describedby", "bubble");
  }, event.type === "focusin" ? 0 : 250);
};
const hush = () => { clearTimeout(waiting); bubble.hidden = true; };
for (const name of ["mouseover", "focusin"]) addEventListener(name, tell);
for (const name of ["mouseout", "focusout", "scroll"]) addEventListener(name, hush, { passive: true });

// ---- selection in a list: the bar for many shows itself once something is ticked ----
// <div class="bulk" data-for="ID OF THE TABLE" hidden>; [data-all] in the head ticks all.
const count = () => $$(".bulk[data-for]").forEach((bar) => {
  const boxes = $$(`#${bar.dataset.for} tbody [type=checkbox]`), n = boxes.filter((box) => box.checked).length;
  bar.hidden = n === 0;
  const out = $("output", bar);
  if (out) out.textContent = n;
  const all = $(`#${bar.dataset.for} [data-all]`);
  if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
});
const clear = () => {
  const ticked = $$(".bulk[data-for]").flatMap((bar) => $$(`#${bar.dataset.for} [type=checkbox]`)).filter((box) => box.checked);
  ticked.forEach((box) => { box.checked = false; });
  count();
  return ticked.length > 0;
};
addEventListener("change", (event) => {
  if (event.target.matches?.("[data-all]")) $$("tbody [type=checkbox]", event.target.closest("table")).forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches?.("table [type=checkbox]")) count();
});
addEventListener("click", (event) => { if (event.target.closest("[data-clear]")) clear(); });

// ---- rows and keys ----
const rows = () => $$("[data-rows] > tr:not(.group), [data-rows] > li");
const current = () => rows().findIndex((row) => row.classList.contains("open"));
const move = (step) => {
  const all = rows(), from = current();
  if (!all.length) { $(step > 0 ? "[data-next]" : "[data-before]")?.click(); return; }
  const to = Math.max(0, Math.min(all.length - 1, from + step));
  all[from]?.classList.remove("open");
  all[to].classList.add("open");
  $("a", all[to])?.focus({ preventScroll: true });
  all[to].scrollIntoView({ block: "nearest" });
  all[to].dispatchEvent(new CustomEvent("chosen", { bubbles: true })); // hx-trigger="chosen" draws the preview
};
const acts = () => $$("[data-act]").filter((act) => act.checkVisibility?.() ?? true);
const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => $("[type=checkbox]", rows()[current()] ?? document.createElement("i"))?.click(),
  Enter: () => $("a", rows()[current()] ?? document.createElement("i"))?.click(),
  "/": () => ($("[data-search]") ?? $("[data-open=palette]"))?.[$("[data-search]") ? "focus" : "click"](),
  "?": () => $("#keys")?.showModal(),
  Escape: () => { if (!clear()) $("[data-back]")?.click(); },
};
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && $("#palette")) {
    event.preventDefault();
    if (!$("#palette").open) { $("#palette").showModal(); $("#palette").dispatchEvent(new Event("opened")); }
    return;
  }
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  if (event.key === "Escape" && event.target.matches("input, textarea, select")) { event.target.blur(); return; }
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], canvas") || (kept("keys") === "off" && event.key !== "Escape")) return;
  const act = /^[1-9]$/.test(event.key) ? acts()[event.key - 1] : null;
  if (act) { event.preventDefault(); act.click(); return; }
  // Enter stays with the thing that has the focus.
  if (event.key === "Enter" && event.target !== document.body) return;
  const key = keys[event.key];
  if (key) { if (event.key !== "Escape") event.preventDefault(); key(); }
});

// ---- the palette: words go to data-src as ?q=…, what comes back (web/palette_found.html) is shown ----
const palette = $("#palette");
if (palette?.dataset.src) {
  const input = $("input", palette), found = $("#palette-found");
  let asked = 0, timer = 0;
  const links = () => $$("li > a", found);
  const choose = (step) => {
    const all = links(), at = all.findIndex((link) => link.hasAttribute("aria-current"));
    all[at]?.removeAttribute("aria-current");
    const next = all[(at + step + all.length) % all.length];
    next?.setAttribute("aria-current", "true");
    next?.scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const mine = ++asked, url = new URL(palette.dataset.src, location.href);
    url.searchParams.set("q", input.value);
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    found.innerHTML = await answer.text();
    links()[0]?.setAttribute("aria-current", "true");
  };
  palette.addEventListener("opened", () => { input.select(); ask(); });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Enter") { const link = $("[aria-current]", found); if (link) { event.preventDefault(); link.click(); } }
  });
}

// ---- forms: drafts, leaving with words unsaved, a button pressed once ----
// <form data-draft="URL">: a second after the last stroke the form is sent there; [data-saved] says when.
const dirty = new WeakSet();
const drafts = new WeakMap();
const saved = (form, words) => { const at = $("[data-saved]", form) ?? $(`[data-saved="${form.id}"]`); if (at) at.textContent = words; };
const draft = async (form) => {
  dirty.delete(form); // what is typed meanwhile marks it again
  const answer = await fetch(form.dataset.draft, {
    method: "POST", body: new FormData(form), keepalive: true, headers: { "X-Requested-With": "fetch" },
  }).catch(() => null);
  if (!answer?.ok) { dirty.add(form); saved(form, say("unsaved")); return; }
  const at = new Date(now());
  saved(form, say("saved", { time: `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}` }));
};
addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft], form[data-guard]");
  if (!form || event.target.closest("dialog.palette")) return;
  dirty.add(form);
  if (!form.dataset.draft) return;
  clearTimeout(drafts.get(form));
  drafts.set(form, setTimeout(() => draft(form), 1000));
});
addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (event.defaultPrevented) return;
  clearTimeout(drafts.get(form));
  dirty.delete(form);
  if (form.method !== "post" || !button) return;
  // After the form has been read, so that the button's own value is sent.
  setTimeout(() => { button.setAttribute("aria-busy", "true"); button.setAttribute("aria-disabled", "true"); });
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  $$("[aria-busy]", form).forEach((button) => { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); });
}));
addEventListener("beforeunload", (event) => { if ($$("form[data-draft], form[data-guard]").some((form) => dirty.has(form))) event.preventDefault(); });
addEventListener("online", () => $$("form[data-draft]").forEach((form) => { if (dirty.has(form)) draft(form); }));

// ---- another language: what is typed goes along to the page that comes, by its place; secrets do not ----
const places = () => $$("input:not([type=hidden], [type=password], [type=file], [type=submit]), textarea, select").filter((at) => at.name);
const changed = (at) => (at.matches("select") ? [...at.options].some((one) => one.selected !== one.defaultSelected)
  : at.matches("[type=checkbox], [type=radio]") ? at.checked !== at.defaultChecked : at.value !== at.defaultValue);
addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-keeps")) return;
  const typed = places().map((at, place) => changed(at) && [place, at.name, at.value, at.checked]).filter(Boolean);
  sessionStorage.setItem("typed", JSON.stringify({ page: location.pathname, typed }));
  $$("form[data-draft], form[data-guard]").forEach((form) => dirty.delete(form));
});
const came = JSON.parse(sessionStorage.getItem("typed") ?? "null");
sessionStorage.removeItem("typed");
if (came?.page === location.pathname) for (const [place, name, value, checked] of came.typed) {
  const at = places()[place];
  if (at?.name !== name) continue;
  if (at.matches("[type=checkbox], [type=radio]")) at.checked = checked; else at.value = value;
  for (const kind of ["input", "change"]) at.dispatchEvent(new Event(kind, { bubbles: true }));
}

// ---- signatures: a canvas becomes a PNG in the hidden field beside it ----
const pads = () => $$("[data-sign]:not([data-ready])").forEach((pad) => {
  pad.dataset.ready = "1";
  const canvas = $("canvas", pad), hidden = $("input[type=hidden]", pad), pen = canvas.getContext("2d");
  let last = null, blank = true;
  const fit = () => {
    const box = canvas.getBoundingClientRect(), scale = devicePixelRatio || 1;
    if (!box.width) return;
    canvas.width = box.width * scale; canvas.height = box.height * scale;
    pen.scale(scale, scale); pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#14306b";
    blank = true; hidden.value = "";
  };
  const spot = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener("pointerdown", (event) => { if (blank) fit(); canvas.setPointerCapture(event.pointerId); last = spot(event); event.preventDefault(); });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = spot(event);
    pen.lineWidth = 1.4 + (event.pressure || 0.4) * 1.6;
    pen.beginPath(); pen.moveTo(...last); pen.lineTo(...here); pen.stroke();
    last = here; blank = false;
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => {
    last = null;
    if (blank) return;
    hidden.value = canvas.toDataURL("image/png");
    hidden.dispatchEvent(new Event("input", { bubbles: true }));
  });
  $("[data-wipe]", pad)?.addEventListener("click", fit);
  const before = hidden.value; // a form that came back brings along what was drawn on it
  fit();
  if (before) {
    const drawn = new Image();
    drawn.onload = () => { const box = canvas.getBoundingClientRect(); pen.drawImage(drawn, 0, 0, box.width, box.height); };
    drawn.src = before;
    hidden.value = before; blank = false;
  }
});

// ---- files: dropped on the place, or chosen; what was chosen is named ----
addEventListener("dragover", (event) => { const place = event.target.closest?.("[data-drop]"); if (place) { event.preventDefault(); place.classList.add("over"); } });
addEventListener("dragleave", (event) => event.target.closest?.("[data-drop]")?.classList.remove("over"));
addEventListener("drop", (event) => {
  const place = event.target.closest?.("[data-drop]");
  if (!place) return;
  event.preventDefault();
  place.classList.remove("over");
  const input = $("input[type=file]", place), kept = new DataTransfer();
  for (const file of event.dataTransfer.files) if (!kept.items.length || input.multiple) kept.items.add(file);
  input.files = kept.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// ---- leaving, while the field page still has something to send: it says so there (it keeps count) ----
addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.unsent || !Number(localStorage.getItem("field.waiting"))) return;
  event.preventDefault();
  location.href = form.dataset.unsent;
}, true);

// ---- printing: [data-print]; what is sent back by htmx gets the same touches ----
addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
addEventListener("htmx:load", () => { pads(); count(); tick(); reach(); });
addEventListener("htmx:responseError", () => { const at = $("#toasts"); if (at) at.innerHTML = `<p class="toast" data-state="late"><span>${say("failed")}</span></p>`; });
pads(); count(); tick();
// An error is read before anything else.
if (!$(".catalogue")) $(".errors[role=alert]")?.focus();
