// Editing a cell where it stands. Double click, or arrow keys from the row's link and Enter.
//   Enter saves   Tab saves and goes on to the next cell   Esc leaves it as it was
import { pickers } from "./pickers.js";

export function cells() {
  const table = document.querySelector("table[data-cell-url]");
  if (!table) return;
  const cellOf = (node) => node.closest?.("td[data-field]");
  const open = (cell) => { if (!cell.querySelector("[data-cell-form]")) edit(table, cell); };
  table.addEventListener("dblclick", (event) => {
    const cell = cellOf(event.target);
    if (cell && !event.target.closest("a, button")) { getSelection()?.removeAllRanges(); open(cell); }
  });
  table.addEventListener("keydown", (event) => {
    if (event.target.closest("[data-cell-form]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest("[data-row]");
    const stops = row ? [row.querySelector("[data-open]"), ...row.querySelectorAll("td[data-field]")].filter(Boolean) : [];
    const at = stops.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && at >= 0 && stops[at + step]) { event.preventDefault(); stops[at + step].focus(); }
    if ((event.key === "Enter" || event.key === "F2") && event.target.matches("td[data-field]")) { event.preventDefault(); open(event.target); }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.matches("td[data-field]")) {
      event.preventDefault();
      beside(event.target, event.key === "ArrowDown" ? 1 : -1)?.focus();
    }
  });
}

function beside(cell, step) {
  const row = cell.closest("[data-row]");
  const other = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  return other?.querySelector(`td[data-field="${cell.dataset.field}"]`);
}

async function edit(table, cell) {
  const before = [...cell.childNodes];
  const place = new URL(table.dataset.cellUrl, location.href);  // it may hold the language already
  place.searchParams.set("id", cell.closest("[data-row]").dataset.id);
  place.searchParams.set("field", cell.dataset.field);
  const leave = (focus = true) => { cell.replaceChildren(...before); cell.classList.remove("is-editing"); if (focus) cell.focus(); };
  const elsewhere = () => { location.href = cell.closest("[data-row]").querySelector("[data-edit]")?.href ?? location.href; };
  const draw = (html) => {
    const fresh = document.createRange().createContextualFragment(html);
    const done = fresh.querySelector("[data-cell-done]");
    if (done) { cell.removeAttribute("title"); cell.replaceChildren(...done.childNodes); cell.classList.remove("is-editing"); return true; }
    const form = fresh.querySelector("[data-cell-form]");
    if (!form) { elsewhere(); return false; }
    cell.replaceChildren(form);
    cell.classList.add("is-editing");
    pickers(cell);
    const box = form.querySelector("select, input:not([type=hidden]), textarea");
    (box?.tomselect ?? box)?.focus();
    if (box?.select && box.type !== "checkbox") box.select();
    form.querySelector("[data-cell-cancel]").addEventListener("click", () => leave());
    form.addEventListener("submit", (event) => { event.preventDefault(); save(form).then((ok) => { if (ok) cell.focus(); }); });
    form.addEventListener("keydown", (event) => keys(event, form));
    return false;
  };
  const save = async (form) => {
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (answer.status === 401) { form.submit(); return false; } // who is it? asked on a page, which then goes on
      if (answer.status >= 500) throw new Error(String(answer.status));
      return draw(await answer.text());
    } catch {
      form.removeAttribute("aria-busy");
      const said = form.querySelector("[data-cell-said]") ?? form.appendChild(document.createElement("p"));
      Object.assign(said, { className: "field-error", textContent: table.dataset.cellFailed });
      said.dataset.cellSaid = "";
      said.setAttribute("role", "alert");
      return false;
    }
  };
  const keys = async (event, form) => {
    if (event.key === "Escape") { event.preventDefault(); leave(); }
    if (event.key === "Enter" && event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    // A closed list of the browser would only open; an open one takes the choice itself, the next Enter saves it.
    const list = event.target.closest("select, .ts-wrapper");
    const picker = list?.parentElement.querySelector("select")?.tomselect;
    if (event.key === "Enter" && list && !event.ctrlKey && !event.metaKey && !event.altKey && !picker?.isOpen) { event.preventDefault(); form.requestSubmit(); }
    if (event.key === "Tab" && !event.target.closest("button")) {
      event.preventDefault();
      const stops = [...cell.closest("[data-row]").querySelectorAll("td[data-field]")];
      const next = stops[stops.indexOf(cell) + (event.shiftKey ? -1 : 1)];
      if (await save(form)) { if (next) edit(table, next); else cell.focus(); }
    }
  };
  try {
    const answer = await fetch(place);
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.text());
  } catch { elsewhere(); }
}
