// Single keys (WCAG 2.1.4: they can be switched off in the help dialog, remembered on this device).
//   / search   j k next and previous row   e open or act   x choose   ? help
const STORE = "sinergi-keys-off";
const off = () => { try { return localStorage.getItem(STORE) === "1"; } catch { return false; } };

export function keys() {
  const help = document.getElementById("help-dialog");
  const toggle = document.querySelector("[data-keys-toggle]");
  if (toggle) {
    toggle.checked = !off();
    toggle.addEventListener("change", () => { try { localStorage.setItem(STORE, toggle.checked ? "0" : "1"); } catch { /* private window */ } });
  }
  const rows = () => [...document.querySelectorAll("[data-rows] > [data-row]")];
  const current = () => document.querySelector("[data-row].is-current");
  const go = (step) => {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[Math.min(list.length - 1, Math.max(0, at + step))] ?? list[0];
    current()?.classList.remove("is-current");
    next.classList.add("is-current");
    (next.querySelector("[data-open]") ?? next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-rows] > [data-row]");
    if (!row || row === current()) return;
    current()?.classList.remove("is-current");
    row.classList.add("is-current");
  });
  const acts = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => help?.showModal(),
    j: () => go(1),
    k: () => go(-1),
    e: () => (current()?.querySelector("[data-edit]") ?? document.querySelector("[data-primary]"))?.click(),
    o: () => current()?.querySelector("[data-open]")?.click(),
    x: () => { const box = current()?.querySelector("input[type=checkbox]"); box?.click(); },
    r: () => document.querySelector("[data-return]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || off()) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog, .ts-wrapper")) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
