// Lists: select all, how many are chosen, the bar of actions, filters that send themselves.
export function lists() {
  const form = document.querySelector("[data-bulk]");
  if (form) bulk(form);
  document.querySelectorAll("[data-submit-on-change]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));
  // The panel of filters sends only what was filled, so that the address stays short.
  document.querySelectorAll("form[data-tidy]").forEach((one) => one.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
  }));
}

function bulk(form) {
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"][name=_id]`)];
  const all = document.querySelector("[data-select-all]");
  const count = form.querySelector("[data-count]");
  const tell = () => {
    const chosen = boxes().filter((box) => box.checked);
    const everything = form.querySelector("[data-scope-all]")?.checked ?? false;
    form.classList.toggle("bulk--on", chosen.length > 0 || everything);
    form.querySelectorAll("button").forEach((button) => { button.disabled = chosen.length === 0 && !everything; });
    if (count) count.textContent = String(chosen.length);
    boxes().forEach((box) => box.closest("tr")?.classList.toggle("is-chosen", box.checked));
    if (all) { all.checked = chosen.length > 0 && chosen.length === boxes().length; all.indeterminate = chosen.length > 0 && !all.checked; }
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); tell(); });
  }
  document.addEventListener("change", (event) => { if (event.target.matches(`input[form="${form.id}"]`)) tell(); });
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest(`input[type=checkbox][form="${form.id}"][name=_id]`);
    if (!box) return;
    const list = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      list.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
      tell();
    }
    last = box;
  });
  tell();
}
