// Lists stay fresh, keep what was selected, and show a glance at the case that is chosen.
{
  const one = (q, from = document) => from.querySelector(q);
  const all = (q, from = document) => [...from.querySelectorAll(q)];
  const list = () => one("#list");
  const frozen = document.documentElement.hasAttribute("data-frozen");
  const boxes = () => all('#list [name="case"]');
  const id = (box) => box.value.split(":")[0];

  // On a phone the list comes first: views and conditions unfold on demand.
  if (innerWidth < 1024) all(".lists aside > details[open], .narrow details[open]").forEach((at) => { at.open = false; });

  // Every few seconds, while somebody looks and no dialog stands in front.
  const fresh = () => {
    if (document.visibilityState === "visible" && !one("dialog[open]")) all("[data-live]").forEach((at) => htmx.trigger(at, "refresh"));
  };
  if (!frozen) setInterval(fresh, 5000);
  addEventListener("visibilitychange", fresh);

  // What the browser has already need not come again.
  let drawn = "", kept = null;
  addEventListener("htmx:configRequest", (event) => { if (event.target.id === "list" && drawn) event.detail.headers["X-Drawn"] = drawn; });
  addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "list") return;
    drawn = event.detail.xhr.getResponseHeader("X-Drawn") ?? "";
    kept = {
      ticked: new Set(boxes().filter((box) => box.checked).map(id)),
      open: one("#list tr.open")?.dataset.number,
      focus: list().contains(document.activeElement) ? document.activeElement.getAttribute("href") ?? document.activeElement.id : null,
    };
  });
  addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "list" || !kept) return;
    boxes().forEach((box) => { box.checked = kept.ticked.has(id(box)); });
    all("#list tr[data-number]").forEach((row) => row.classList.toggle("open", row.dataset.number === kept.open));
    if (kept.focus) (one(`#list a[href="${CSS.escape(kept.focus)}"]`) ?? document.getElementById(kept.focus))?.focus({ preventScroll: true });
    const gone = kept.ticked.size !== boxes().filter((box) => box.checked).length;
    kept = null;
    one("#list tbody [type=checkbox]")?.dispatchEvent(new Event("change", { bubbles: true }));
    if (gone) picked();
  });

  // The bar asks what all selected cases allow, once the hand rests.
  let timer = 0, asked = "";
  const picked = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = boxes().filter((box) => box.checked).map((box) => box.value).join();
      if (now && now !== asked && one("#bulk-acts")) htmx.trigger("#bulk-acts", "picked");
      asked = now;
    }, 200);
  };
  addEventListener("change", (event) => {
    if (event.target.matches?.('#list [type="checkbox"]')) picked();
    if (event.target.matches?.("form.narrow select, form.narrow input[type=date]")) event.target.form.requestSubmit();
  });

  // A press on a row, beside its links, chooses it; where there is no room for a glance it opens the case.
  addEventListener("click", (event) => {
    const row = event.target.closest?.("#list tr[data-number]");
    if (!row || event.target.closest("a, input, button, label, summary") || getSelection()?.toString()) return;
    const peek = one("#peek");
    if (!peek?.checkVisibility?.()) { one("a.row-link", row)?.click(); return; }
    all("#list tr.open").forEach((other) => other.classList.remove("open"));
    row.classList.add("open");
    row.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  });

  // Empty conditions do not stand in the address.
  addEventListener("submit", (event) => {
    if (event.target.matches?.("form.narrow")) all("select, input", event.target).forEach((at) => { if (!at.value) at.disabled = true; });
  });
  addEventListener("pageshow", () => all("form.narrow :disabled").forEach((at) => { at.disabled = false; }));
}
