// Related rows of a form: a step (open, add, remove) fetches its part of the page instead of the whole of it.
import { pickers } from "./pickers.js";

export function rows() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-step]");
    const part = button?.closest("[data-inline]");
    const form = button?.form;
    if (!part || !form) return;
    event.preventDefault();
    if (part.getAttribute("aria-busy") === "true") return;
    part.setAttribute("aria-busy", "true");
    const body = new FormData(form);
    body.append(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": part.dataset.inline }, credentials: "same-origin" });
      const made = answer.ok && !answer.redirected ? read(await answer.text(), part.id) : null;
      if (!made) throw new Error("no part");
      const keys = new Set([...part.querySelectorAll(".row-form")].map((row) => row.id));
      part.replaceWith(made);
      pickers(made);
      form.dispatchEvent(new Event("change", { bubbles: true })); // the guard against leaving listens to it
      const opened = [...made.querySelectorAll(".row-form")].find((row) => !keys.has(row.id));
      const box = opened?.querySelector("input:not([type=hidden]), select, textarea") ?? made.querySelector("button[data-step]:last-of-type");
      (box?.tomselect ?? box)?.focus();
    } catch {
      part.removeAttribute("aria-busy");
      const hidden = document.createElement("input"); // by a whole page, as without script
      Object.assign(hidden, { type: "hidden", name: button.name, value: button.value });
      form.append(hidden);
      form.requestSubmit();
    }
  });
}

function read(html, id) {
  return new DOMParser().parseFromString(html, "text/html").getElementById(id);
}
