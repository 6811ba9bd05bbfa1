// "New" beside a picker: the other registry's short form in a dialog; what is saved stands chosen in the picker.
import { pickers } from "./pickers.js";
import { twins } from "./twins.js";

export function creating() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-create]");
    if (!button || event.defaultPrevented) return;
    event.preventDefault();
    const box = document.getElementById(button.dataset.for);
    const words = box?.tomselect?.lastQuery ?? "";
    try {
      const answer = await fetch(button.dataset.create, { headers: { "X-Part": "short" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error("no form");
      open(await answer.text(), words, (made) => choose(box, made));
    } catch {
      const hidden = document.createElement("input"); // by a page of its own, as without script
      Object.assign(hidden, { type: "hidden", name: button.name, value: button.value });
      button.form.append(hidden);
      button.form.requestSubmit();
    }
  });
}

function open(html, words, done) {
  const dialog = document.createElement("dialog");
  dialog.className = "short";
  dialog.setAttribute("aria-labelledby", "short-title");
  const draw = (text) => {
    dialog.innerHTML = text;
    pickers(dialog);
    twins(dialog);
    const first = dialog.querySelector("[data-error-summary]") ?? dialog.querySelector("input:not([type=hidden]), select, textarea");
    (first?.tomselect ?? first)?.focus();
  };
  document.body.append(dialog);
  dialog.showModal();
  draw(html);
  const text = dialog.querySelector("input[type=text]:not([data-reference])");
  if (text && !text.value) text.value = words;
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), credentials: "same-origin" });
      if (answer.status === 401) { form.submit(); return; } // who is it? asked on a page, which then goes on
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) { done(await answer.json()); dialog.close(); } else draw(await answer.text());
    } catch { form.removeAttribute("aria-busy"); }
  });
}

function choose(box, { value, text }) {
  if (!box) return;
  if (box.tomselect) {
    box.tomselect.addOption({ value, text });
    box.tomselect.addItem(value);
    box.tomselect.focus();
    return;
  }
  if (box.tagName === "SELECT") box.add(new Option(text, value, true, true)); else box.value = value;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.focus();
}
