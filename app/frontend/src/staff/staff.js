// The staff door's comfort: pickers, keys, menus, selection. Lists, forms and pages work without it.
import { pickers } from "./pickers.js";
import { keys } from "./keys.js";
import { lists } from "./lists.js";
import { builder } from "./builder.js";
import { cells } from "./cells.js";
import { jobs } from "./jobs.js";
import { rows } from "./rows.js";
import { creating } from "./creating.js";
import { colours } from "./colours.js";
import { guard } from "./guard.js";
import { twins } from "./twins.js";
import { session } from "../shared/session.js";

document.documentElement.classList.add("js");
const start = () => { pickers(document); lists(); builder(); rows(); creating(); keys(); jobs(); cells(); colours(); guard(); twins(); session(); small(); };

function small() {
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
  document.querySelectorAll(".tabs, .views > ul").forEach((bar) => { // a bar that scrolls shows where one is
    const here = bar.querySelector("[aria-current]")?.getBoundingClientRect();
    if (here && bar.scrollWidth > bar.clientWidth) bar.scrollLeft += here.left - bar.getBoundingClientRect().left - (bar.clientWidth - here.width) / 2;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (field) {
      event.preventDefault();
      (field.tomselect ?? field).focus();
      field.closest(".field")?.scrollIntoView({ block: "center" });
    }
    // An open menu (<details data-menu>) closes when the click is elsewhere.
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    }
    if (event.target.closest("[data-print]")) window.print();
    const closer = event.target.closest("[data-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const source = document.querySelector(copy.dataset.copy);
      navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      copy.textContent = copy.dataset.copied || copy.textContent;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.querySelectorAll("form[method=post]").forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  }));
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));
}

start();
