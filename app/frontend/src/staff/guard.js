// A form with unsaved changes (<form data-guard>, "dirty" when it has them from the start) is not left by a slip:
// a link of the page asks in our words, everything else by the browser's. What is sent asks nothing.
import { draft } from "./draft.js";

export function guard() {
  document.querySelectorAll("form[data-guard]").forEach(watch);
}

function watch(form) {
  const kept = draft(form);
  const dialog = document.getElementById("leave-dialog");
  let changed = form.dataset.guard === "dirty";
  let target = "";
  if (changed) kept?.later();
  const note = (event) => {
    if (event.target !== form && !event.target.name) return; // the search box of a picker is no answer
    changed = true;
    kept?.later();
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => { changed = false; kept?.stop(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) kept?.again(); });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  if (!dialog) return;

  document.addEventListener("click", async (event) => {
    const link = leads(event);
    if (!link || !changed || event.defaultPrevented) return;
    event.preventDefault();
    target = link.href;
    const safe = kept ? await kept.now() : false;
    dialog.querySelectorAll("[data-kept]").forEach((one) => { one.hidden = !safe; });
    dialog.querySelectorAll("[data-lost]").forEach((one) => { one.hidden = safe; });
    if (!dialog.open) dialog.showModal();
  });
  dialog.querySelectorAll("[data-leave]").forEach((button) => button.addEventListener("click", async () => {
    if (!target) return;
    changed = false;
    if (button.dataset.leave === "drop") await kept.drop();
    location.assign(target);
  }));
}

// The link of a plain click that opens another page in this tab.
function leads(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  if (link.hasAttribute("download") || (link.target && link.target !== "_self")) return null;
  const here = location.href.split("#")[0];
  return link.protocol.startsWith("http") && !(link.hash && link.href.split("#")[0] === here) ? link : null;
}
