// The builder of conditions and the menu of columns, without leaving the page: each button asks the server for the same
// page it would lead to, and only that part is put in place. Without script the buttons lead there.
import { pickers } from "./pickers.js";

export function builder() {
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-builder] [data-redraw]");
    if (field) redraw(field.form, null, field.name);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-builder]");
    if (form && event.submitter?.name === "w.do") {
      event.preventDefault();
      redraw(form, event.submitter, "");
    }
  });
  columns();
}

async function redraw(form, button, focus) {
  const asked = new URL(form.action, location.href);
  const data = new FormData(form);
  if (button) data.append(button.name, button.value);
  else data.append("w.do", "draw");
  for (const [name, value] of data) if (value !== "" || name.startsWith("w.")) asked.searchParams.append(name, value);
  let fresh;
  try {
    const answer = await fetch(asked, { credentials: "same-origin", headers: { Accept: "text/html" } });
    fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#rules");
  } catch { /* no line: the button then leads there as any other */ }
  if (!fresh) { location.assign(asked); return; }
  const before = form.querySelectorAll("[data-rule]").length;
  form.querySelector("#rules").replaceWith(fresh);
  pickers(fresh);
  const rules = form.querySelectorAll("[data-rule]");
  const named = focus && form.elements.namedItem(focus);
  const last = rules.length > before ? rules[rules.length - 1].querySelector("select") : null;
  (named || last || fresh.querySelector("button[value^='add:']"))?.focus();
}

// Arrows move a column at once; what is chosen is sent with "Show these columns".
function columns() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("form[data-columns] button[name=move]");
    if (!button) return;
    const row = button.closest("[data-column]");
    const other = button.value.startsWith("up:") ? row.previousElementSibling : row.nextElementSibling;
    if (!other?.querySelector("button[name=move]")) { event.preventDefault(); return; }
    event.preventDefault();
    if (button.value.startsWith("up:")) other.before(row); else other.after(row);
    button.focus();
  });
  if (location.hash === "#columns") { const menu = document.getElementById("columns"); if (menu) menu.open = true; }
}
