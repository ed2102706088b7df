// Forms of acts: pressed, they go into the outbox; what is typed outlives the page; lines are added without the server;
// photographs are made small before they travel.

import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { noted, say } from "./words.js";

const $ = (q, from = document) => from.querySelector(q);
const $$ = (q, from = document) => [...from.querySelectorAll(q)];
const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "key", "version"]);
const LONGEST_SIDE = 2048, SMALL_ENOUGH = 1200000;

const fieldsOf = async (form, submitter) => {
  const found = [];
  for (const [name, value] of new FormData(form, submitter)) {
    if (OF_THE_PAGE.has(name)) continue;
    if (value instanceof File) { if (value.size) found.push([name, await smaller(value)]); }
    else found.push([name, value]);
  }
  return found;
};

// A photograph of ten megabytes says no more than one of five hundred kilobytes, and never arrives.
const smaller = async (file) => {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * scale, height: picture.height * scale });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch { return file; }
};

const stamp = (at) => `${at.getFullYear()}${[at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0")).join("")}-${[at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, "0")).join("")}`;

// ---- pressing ----
addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-queue]");
  if (!form || !outbox.able || event.submitter?.name === "add-row" || event.submitter?.name === "drop-row") return;
  event.preventDefault();
  if (form.dataset.pressed) return;
  form.dataset.pressed = "1";
  const about = form.closest("[data-number]").dataset;
  const before = form.dataset.mends ? await store.get("outbox", Number(form.dataset.mends)) : null;
  const row = {
    url: new URL(form.action).pathname, number: about.number, title: about.title, name: form.dataset.name, kind: form.dataset.queue,
    place: form.dataset.place ?? "", version: form.elements.version?.value ?? "", fields: await fieldsOf(form, event.submitter), state: "waiting", answer: null,
  };
  try {
    // What is mended keeps its place, its key and the moment at which it was done.
    if (before) await outbox.change(before.id, row); else await outbox.add(row);
  } catch (failed) {
    delete form.dataset.pressed;
    if (failed?.name !== "QuotaExceededError") throw failed;
    tell(say("too_full"), "late");
    return;
  }
  await store.remove("typed", form.dataset.place ?? "");
  const key = before?.key;
  const results = await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, 8000, null))]);
  const own = results?.find(({ row: sent }) => sent.url === row.url && (!key || sent.key === key));
  if (own?.said.state === "taken") tellNext(noted(own.said.words, own.said.note), "done");
  else if (!own) tellNext(say("kept"), "wait");
  location.href = own && own.said.state !== "taken" ? $("#field").dataset.outbox : form.dataset.after;
});

const tell = (words, state) => {
  const toast = document.createElement("p");
  toast.className = "toast"; toast.dataset.state = state; toast.textContent = words;
  $("#toasts").append(toast);
};
const tellNext = (words, state) => sessionStorage.setItem("field.toast", JSON.stringify([words, state]));
export const tellNow = () => {
  const kept = sessionStorage.getItem("field.toast");
  sessionStorage.removeItem("field.toast");
  if (kept) tell(...JSON.parse(kept));
};

// ---- photographs: chosen, they are on their way ----
addEventListener("change", async (event) => {
  const form = event.target.closest("form[data-photos]");
  if (!form || !outbox.able || !event.target.files.length) return;
  const about = form.closest("[data-number]").dataset;
  for (const file of event.target.files) {
    const small = await smaller(file), at = outbox.now();
    const named = new File([small], `${say("photo")}-${stamp(at)}-${small.name}`, { type: small.type });
    await outbox.add({ url: new URL(form.action).pathname, number: about.number, title: about.title, name: say("photo"), kind: "photo", fields: [["file", named]] });
  }
  event.target.value = "";
  outbox.flush();
});

// ---- the camera beside a file's field ----
export const cameras = () => $$(".drop input[type=file]:not([data-camera])").forEach((input) => {
  input.dataset.camera = "1";
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: say("camera") });
  button.addEventListener("click", () => { input.accept = "image/*"; input.capture = "environment"; input.click(); input.removeAttribute("capture"); input.removeAttribute("accept"); });
  input.after(button);
});

// ---- what is typed outlives the page ----
let typing = 0;
addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-place]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(async () => store.put("typed", { place: form.dataset.place, fields: await fieldsOf(form), at: Date.now() }), 400);
});

// Puts into a form what was typed: lines are made as needed, files come back, drawings are drawn again.
export const fill = (form, fields) => {
  for (const [name] of fields) {
    const line = name.match(/^(.+)\.(\d+)\.[^.]+$/);
    while (line && !form.elements[name] && addLine(form, line[1], Number(line[2])));
  }
  for (const control of form.elements) if (/^(checkbox|radio)$/.test(control.type)) control.checked = false;
  for (const [name, value] of fields) {
    const controls = $$(`[name="${CSS.escape(name)}"]`, form);
    if (value instanceof File) {
      const given = new DataTransfer();
      given.items.add(value);
      const input = controls.find((control) => control.type === "file");
      if (input) input.files = given.files;
      continue;
    }
    const choice = controls.find((control) => /^(checkbox|radio)$/.test(control.type) && control.value === value);
    if (choice) { choice.checked = true; continue; }
    const control = controls.find((one) => !/^(checkbox|radio|file)$/.test(one.type));
    if (control && !(control.type === "hidden" && controls.length > 1)) control.value = value;
  }
};

export const restore = async (form) => {
  if (!form?.dataset.place || form.dataset.mends) return;
  const kept = await store.get("typed", form.dataset.place);
  if (!kept?.fields.some(([, value]) => value)) return;
  fill(form, kept.fields);
  const bar = document.createElement("p");
  bar.className = "note-bar"; bar.textContent = say("typed");
  form.prepend(bar);
};

// ---- lines of a table: one more is a copy of the last, emptied ----
const addLine = (form, path, until = Infinity) => {
  const list = $(`[name="${CSS.escape(path)}.rows"]`, form)?.parentElement.querySelector("ol.rows"), last = list?.lastElementChild;
  if (!last) return false;
  const from = lineOf(last, path), to = from + 1;
  if (from === null || from >= until) return false;
  const names = `${path}.${from}.`, ids = `f-${path.replaceAll(".", "-")}-${from}-`;
  const made = document.createElement("template");
  made.innerHTML = last.outerHTML.replaceAll(names, `${path}.${to}.`).replaceAll(ids, `f-${path.replaceAll(".", "-")}-${to}-`);
  for (const control of $$("input, select, textarea", made.content)) {
    if (/^(checkbox|radio)$/.test(control.type)) control.checked = false;
    else { control.value = ""; control.removeAttribute("value"); if (control.matches("textarea")) control.textContent = ""; }
  }
  for (const error of $$(".err", made.content)) error.remove();
  list.append(made.content);
  return true;
};
const lineOf = (line, path) => {
  const name = $$("[name]", line).map((control) => control.name).find((one) => one.startsWith(`${path}.`));
  return name ? Number(name.slice(path.length + 1).split(".")[0]) : null;
};
addEventListener("click", (event) => {
  const more = event.target.closest("[name=add-row]"), less = event.target.closest("[name=drop-row]");
  if (!(more ?? less)?.closest("form[data-queue]")) return;
  if (more && addLine(more.form, more.value)) event.preventDefault();
  if (less && less.closest("ol.rows").children.length > 1) { event.preventDefault(); less.closest("li").remove(); }
});
