// <select data-picker> of a closed list, or with data-source="/staff/…/lookup" of another registry.
import TomSelect from "tom-select/base";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";
import dropdownInput from "tom-select/dist/esm/plugins/dropdown_input/plugin.js";

TomSelect.define("remove_button", removeButton);
TomSelect.define("dropdown_input", dropdownInput);

// A reference with many records is a text box with suggestions; here it becomes a select that searches.
function selectsOf(root) {
  root.querySelectorAll("input[data-reference][data-source]").forEach((input) => {
    const select = document.createElement("select");
    for (const { name, value } of input.attributes) {
      if (["id", "name", "class"].includes(name) || name.startsWith("aria-") || name.startsWith("data-")) select.setAttribute(name, value);
    }
    select.dataset.picker = "";
    select.add(new Option("", ""));
    if (input.value) select.add(new Option(input.dataset.shown || input.value, input.value, true, true));
    input.list?.remove();
    input.replaceWith(select);
  });
}

export function pickers(root) {
  selectsOf(root);
  root.querySelectorAll("select[data-picker]").forEach((select) => {
    if (select.tomselect) return;
    const { source, none = "", search = "", empty = "", failed = "" } = select.dataset;
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const described = select.getAttribute("aria-describedby");
    const picker = new TomSelect(select, {
      plugins: select.multiple ? { remove_button: { title: select.dataset.remove || "×" } } : { dropdown_input: {} },
      maxOptions: 200,
      allowEmptyOption: !select.multiple,
      placeholder: select.dataset.placeholder ?? "",
      valueField: "value", labelField: "text", searchField: ["text", "hint", "found"], // what the server found stays, be it by a number that is not shown
      loadThrottle: 200,
      load: source
        ? async (query, done) => {
          try {
            const url = new URL(source, location.href);
            url.searchParams.set("q", query);
            const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
            const { results } = await answer.json();
            for (const one of results) {
              one.found = query;
              if (picker.options[one.value]) picker.options[one.value].found = query;
            }
            done(results);
          } catch { done(); }
        }
        : null,
      preload: source ? "focus" : false,
      shouldLoad: () => true,
      render: {
        option: (item, escape) => `<div>${escape(item.text) || `<span class="soft">${escape(empty)}</span>`}${item.hint ? ` <small>${escape(item.hint)}</small>` : ""}</div>`,
        item: (item, escape) => `<div>${escape(item.text)}${item.hint ? ` <small>${escape(item.hint)}</small>` : ""}</div>`,
        no_results: () => `<div class="no-results">${none}</div>`,
        loading: () => null,
        not_loading: () => null,
      },
    });
    const name = label?.textContent.trim() || select.getAttribute("aria-label");
    picker.control_input.setAttribute("aria-label", [name, search].filter(Boolean).join(", "));
    picker.control_input.setAttribute("autocomplete", "off");
    // The focusable box of a single picker is the control itself: give it the name and the errors.
    const box = picker.focus_node;
    // Tom Select moves the focus into its search box a moment later; what is typed until then would be lost.
    box.addEventListener("keydown", (event) => {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.target !== picker.control_input) {
        picker.open();
        picker.control_input.focus();
      }
    }, true);
    if (!label && name && box !== picker.control_input) box.setAttribute("aria-label", name);
    if (label) { if (!label.id) label.id = `${select.id}-label`; box.setAttribute("aria-labelledby", label.id); }
    if (described) box.setAttribute("aria-describedby", described);
    if (select.getAttribute("aria-invalid")) { box.setAttribute("aria-invalid", "true"); picker.wrapper.classList.add("is-invalid"); }
    select.setAttribute("aria-hidden", "true"); // the picker speaks for it
    if (failed) select.dataset.failed = failed;
  });
}
