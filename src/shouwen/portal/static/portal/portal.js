// What a telephone keeps by itself: a form that was not sent, and the pictures that are about to go with it.
{
const PREFIX = "shouwen.draft.";
const DAYS = 7;
const left = (form) => PREFIX + form.dataset.local;
const typed = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value !== "" && !["csrfmiddlewaretoken", "key", "from", "tray"].includes(name) && !name.endsWith(":drawn"));
const keep = (form) => { const found = typed(form); try { if (found.length) localStorage.setItem(left(form), JSON.stringify({ at: Date.now(), found })); else localStorage.removeItem(left(form)); } catch { /* a browser that keeps nothing */ } };
const read = (form) => { try { const kept = JSON.parse(localStorage.getItem(left(form)) ?? "null"); return kept && Date.now() - kept.at < DAYS * 864e5 ? kept.found : null; } catch { return null; } };

document.querySelectorAll("form[data-local]").forEach((form) => {
  const kept = form.querySelector(".errors") ? null : read(form);
  let restored = 0;
  for (const [name, value] of kept ?? []) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "radio" || control.type === "checkbox") { if (control.value === value && !control.checked) { control.checked = true; restored += 1; } }
      else if (!control.value && control.type !== "file") { control.value = value; restored += 1; }
    }
  }
  const said = form.querySelector("[data-local-said]");
  if (said && restored) said.hidden = false;
  form.addEventListener("input", () => keep(form));
  form.querySelector("[data-local-drop]")?.addEventListener("click", () => { localStorage.removeItem(left(form)); location.reload(); });
});

// Brought: what was kept for it is not needed any more.
if (document.querySelector("[data-local-clear]")) try { Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => localStorage.removeItem(name)); } catch { /* as above */ }

document.addEventListener("change", (event) => {
  const shots = event.target.matches?.("input[type=file][multiple]") ? event.target.closest("form, .pictures")?.querySelector("[data-shots]") : null;
  if (!shots) return;
  shots.replaceChildren(...[...event.target.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    if (file.type.startsWith("image/")) { const picture = document.createElement("img"); picture.alt = file.name; picture.src = URL.createObjectURL(file); picture.onload = () => URL.revokeObjectURL(picture.src); picture.onerror = () => picture.remove(); line.append(picture); }
    return line;
  }));
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
  const words = button.querySelector("[data-copied]");
  if (words) words.textContent = words.dataset.copied;
});

document.querySelector(".errors")?.focus();
}
