// Comfort for the public door. Every page does its work without this file.

import { session } from "../shared/session.js";

session();

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

document.documentElement.classList.add("js");

// The summary of errors takes focus; its links put the cursor into the field.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const label = field.closest("fieldset") || document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (label || field).scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}

// A form goes once; after "back" it can go again.
each("form[method=post]", (form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
});
window.addEventListener("pageshow", () => each("form[data-sent]", (form) => {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}));

// <div data-drop>…<input type=file>…<p data-drop-name></p></div>: dragging beside the ordinary button.
each("[data-drop]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector("[data-drop-name]");
  const tell = () => {
    if (name) name.textContent = [...input.files].map((file) => `${file.name} (${Math.ceil(file.size / 1024)} kB)`).join(", ");
  };
  input.addEventListener("change", tell);
  for (const kind of ["dragover", "dragenter"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("drop-zone--over"); });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("drop-zone--over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; tell(); }
  });
});

// <button data-copy="#id of an input or element" data-copied="words said after">
each("[data-copy]", (button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    const before = button.textContent;
    button.textContent = button.dataset.copied || before;
    setTimeout(() => { button.textContent = before; }, 3000);
  });
});

// <button data-print>: prints the page.
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// <button data-replace="field" data-from="Chna" data-to="Tiongkok">: replace in every input of that field.
each("[data-replace]", (button) => button.addEventListener("click", (event) => {
  event.preventDefault();
  const { replace, from, to } = button.dataset;
  each(`[data-field="${CSS.escape(replace)}"]`, (input) => {
    if (input.value.trim() === from) {
      input.value = to;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}));

// <textarea data-paste> counts its rows into the element named by data-counter.
each("textarea[data-paste]", (area) => {
  const counter = document.getElementById(area.dataset.counter);
  const count = () => { if (counter) counter.textContent = String(area.value.split(/\r?\n/).filter((line) => line.trim()).length); };
  area.addEventListener("input", count);
  count();
});

// A typed page is not lost by a slip: <form data-guard> asks before leaving while its boxes differ from what they showed
// ("dirty": what they show is kept nowhere). A chosen file counts by its name.
each("form[data-guard]", (form) => {
  const plain = ([name, value]) => [name, value instanceof File ? value.name : value];
  const typed = () => JSON.stringify([...new FormData(form)].map(plain).filter(([, value]) => value));
  const before = form.dataset.guard === "dirty" ? null : typed();
  window.addEventListener("beforeunload", (event) => {
    if (typed() !== before && !document.querySelector("form[data-sent]")) event.preventDefault();
  });
});
