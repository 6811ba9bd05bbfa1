// A worksheet over the server's own table of inputs. The inputs stay in the page (hidden) and are what
// is sent, so with or without this file the server gets the same form.
//
//   <div data-grid data-label="Daftar pekerja" data-switch="Tampilkan sebagai tabel biasa" data-switch-back="Tampilkan sebagai lembar kerja"
//        data-add="Tambah baris" data-help="sentence about pasting and keys">
//     <table> <thead><tr><th>…</th> <th data-field="full_name" data-input="text|select|date">Nama lengkap</th> …</tr></thead>
//       <tbody><tr data-row="7"> <th>7</th> <td data-field="full_name" data-error="sentence">…<input name="…"></td> …</tr></tbody></table>
//     <template data-grid-row> one <tr data-row="__row__"> of empty inputs; without it the sheet has a fixed length </template>
//   </div>
// A <select> inside a cell, or <datalist> of its input, gives the choices. Under 640 px the table stays.
import {
  ClipboardModule, EditModule, ExportModule, FormatModule, FrozenColumnsModule, HistoryModule, InteractionModule,
  KeybindingsModule, ResizeColumnsModule, SelectRangeModule, Tabulator,
} from "../../node_modules/tabulator-tables/src/js/builds/esm.js";

Tabulator.registerModule([
  ClipboardModule, EditModule, ExportModule, FormatModule, FrozenColumnsModule, HistoryModule, InteractionModule,
  KeybindingsModule, ResizeColumnsModule, SelectRangeModule,
]);

/** Rows of cells from what a spreadsheet puts on the clipboard (tabs, quoted cells with line breaks). */
export function parseClipboard(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < clean.length; at += 1) {
    const sign = clean[at];
    if (quoted) {
      if (sign === '"' && clean[at + 1] === '"') { cell += '"'; at += 1; }
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1).push(cell.trim());
  return rows;
}

const control = (tr, field) => tr.querySelector(`td[data-field="${CSS.escape(field)}"]`)?.querySelector("input, select, textarea");

function choicesOf(input) {
  if (!input) return null;
  const options = input.tagName === "SELECT" ? input.options : input.list?.options;
  if (!options) return null;
  return [...options].map((option) => ({ value: option.value, label: option.textContent.trim() || option.value }));
}

function shown(input, choices) {
  if (!input) return "";
  if (input.tagName !== "SELECT") return input.value;
  return choices?.find((choice) => choice.value === input.value)?.label ?? "";
}

/** Puts `text` into the input; for a <select> the option whose label or value it is. */
function write(input, text) {
  if (input.tagName !== "SELECT") { input.value = text; return; }
  const wanted = text.trim().toLowerCase();
  const option = [...input.options].find((one) => one.value.toLowerCase() === wanted || one.textContent.trim().toLowerCase() === wanted);
  if (option) input.value = option.value;
}

function enhance(box) {
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const blank = box.querySelector("template[data-grid-row]");
  const say = Object.assign(document.createElement("p"), { className: "grid-status" });
  say.setAttribute("role", "status");
  const fields = [...table.tHead.querySelectorAll("th[data-field]")];
  const first = body.querySelector("tr[data-row]") ?? blank?.content.querySelector("tr");
  const choices = Object.fromEntries(fields.map((th) => [th.dataset.field, first ? choicesOf(control(first, th.dataset.field)) : null]));

  const toData = (tr) => {
    const data = { id: tr.dataset.row, _tr: tr };
    for (const th of fields) data[th.dataset.field] = shown(control(tr, th.dataset.field), choices[th.dataset.field]);
    return data;
  };
  const errorAt = (cell) => cell.getData()._tr.querySelector(`td[data-field="${CSS.escape(cell.getField())}"]`)?.dataset.error;

  const addRow = () => {
    const number = Math.max(0, ...[...body.querySelectorAll("tr[data-row]")].map((tr) => Number(tr.dataset.row) || 0)) + 1;
    const holder = document.createElement("tbody");
    holder.innerHTML = blank.innerHTML.replaceAll("__row__", String(number));
    const tr = holder.querySelector("tr");
    body.append(tr);
    return tr;
  };

  const columns = fields.map((th) => {
    const field = th.dataset.field;
    const list = choices[field];
    return {
      title: th.dataset.title || th.textContent.trim(), field, minWidth: 110,
      editor: list ? "list" : "input",
      editorParams: list ? { values: list.map((one) => one.label), autocomplete: true, freetext: true, allowEmpty: true, listOnEmpty: true } : { selectContents: true },
      formatter(cell) {
        const wrong = errorAt(cell);
        const element = cell.getElement();
        element.classList.toggle("grid-cell--bad", Boolean(wrong));
        element.setAttribute("aria-invalid", wrong ? "true" : "false");
        const text = document.createElement("span");
        text.textContent = cell.getValue() ?? "";
        if (wrong) { text.className = "grid-bad"; text.title = wrong; }
        return text;
      },
    };
  });

  const sheet = document.createElement("div");
  table.before(sheet, say);
  const grid = new Tabulator(sheet, {
    data: [...body.querySelectorAll("tr[data-row]")].map(toData),
    columns,
    rowHeader: { field: "id", title: "", frozen: true, width: 56, hozAlign: "center", resizable: false, cssClass: "grid-number" },
    layout: "fitDataFill", maxHeight: "65vh", history: true, clipboard: "copy", clipboardCopyRowRange: "range",
    clipboardCopyConfig: { rowHeaders: false, columnHeaders: false }, clipboardCopyStyled: false,
    selectableRange: 1, selectableRangeColumns: true, selectableRangeRows: true, selectableRangeClearCells: true,
    editTriggerEvent: "dblclick", renderVertical: "virtual", renderHorizontal: "basic",
  });

  // The worksheet takes the focus once somebody is in it, not by appearing: what stands above it is read first.
  const holder = grid.rowManager.element;
  let used = false;
  for (const event of ["mousedown", "click"]) sheet.addEventListener(event, () => { used = true; }, true);
  holder.focus = () => {
    if (used || sheet.contains(document.activeElement)) HTMLElement.prototype.focus.call(holder, { preventScroll: true });
  };

  const keep = (cell) => {
    const input = control(cell.getData()._tr, cell.getField());
    if (!input) return;
    write(input, String(cell.getValue() ?? ""));
    delete input.closest("td").dataset.error;
    cell.getRow().reformat();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  grid.on("cellEdited", keep);
  grid.on("cellEditing", (cell) => setTimeout(() => {
    const name = `${cell.getColumn().getDefinition().title}, ${cell.getData().id}`;
    cell.getElement().querySelector("input")?.setAttribute("aria-label", name);
  }));
  for (const event of ["historyUndo", "historyRedo"]) {
    grid.on(event, (action, component) => { if (component.getField) keep(component); });
  }
  grid.on("rangeChanged", (range) => {
    const cell = range.getCells()[0]?.[0];
    const wrong = cell?.getField && cell.getField() !== "id" ? errorAt(cell) : "";
    say.textContent = wrong ? `${cell.getColumn().getDefinition().title}, ${cell.getData().id}: ${wrong}` : box.dataset.help || "";
  });

  sheet.addEventListener("paste", async (event) => {
    if (event.target.closest("input, textarea")) return;
    event.preventDefault();
    const block = parseClipboard(event.clipboardData.getData("text/plain"));
    const range = grid.getRanges()[0];
    const start = range?.getCells()[0]?.[0];
    if (!start) return;
    const keys = fields.map((th) => th.dataset.field);
    const left = Math.max(0, keys.indexOf(start.getField()));
    const top = grid.getRows().findIndex((row) => row.getData().id === start.getData().id);
    const missing = top + block.length - grid.getRows().length;
    if (missing > 0 && blank) await grid.addData(Array.from({ length: missing }, () => toData(addRow())));
    const rows = grid.getRows();
    grid.blockRedraw();
    block.forEach((cells, down) => {
      const row = rows[top + down];
      if (!row) return;
      const patch = {};
      cells.forEach((text, right) => {
        const key = keys[left + right];
        const input = key && control(row.getData()._tr, key);
        if (!input) return;
        write(input, text);
        delete input.closest("td").dataset.error;
        patch[key] = shown(input, choices[key]);
      });
      row.update(patch);
      row.reformat();
    });
    grid.restoreRedraw();
    say.textContent = box.dataset.help || "";
  });

  const patchRoles = () => {
    // Tabulator leaves role=grid without row children when empty, and names no label.
    sheet.setAttribute("aria-label", box.dataset.label || "");
    sheet.querySelector(".tabulator-tableholder")?.setAttribute("role", "rowgroup"); // it takes the focus, so it must mean something
    sheet.querySelector(".tabulator-table")?.setAttribute("role", "presentation");
    sheet.querySelector(".tabulator-headers")?.setAttribute("role", "row");
    sheet.querySelector(".tabulator-header")?.setAttribute("role", "rowgroup");
    sheet.querySelector(".tabulator-header-contents")?.setAttribute("role", "presentation");
  };
  grid.on("tableBuilt", patchRoles);
  grid.on("renderComplete", patchRoles);

  const bar = Object.assign(document.createElement("div"), { className: "grid-bar" });
  const button = (words, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary", textContent: words });
    made.addEventListener("click", act);
    bar.append(made);
    return made;
  };
  if (blank && box.dataset.add) button(box.dataset.add, () => grid.addData([toData(addRow())]));
  if (box.dataset.switch) {
    const change = button(box.dataset.switch, () => {
      const plain = table.hidden;
      table.hidden = !plain;
      sheet.hidden = plain;
      say.hidden = plain;
      change.textContent = plain ? box.dataset.switchBack : box.dataset.switch;
      if (!plain) grid.replaceData([...body.querySelectorAll("tr[data-row]")].map(toData));
    });
  }
  sheet.after(bar);
  table.hidden = true;
  say.textContent = box.dataset.help || "";
  box.gridReady = true;
  // Links of the error summary lead to inputs that are hidden now: go to the cell instead.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const input = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!input || !table.contains(input) || !table.hidden) return;
    event.preventDefault();
    const row = grid.getRow(input.closest("tr").dataset.row);
    const cell = row.getCell(input.closest("td").dataset.field);
    grid.scrollToRow(row, "center").then(() => { cell.getElement().scrollIntoView({ block: "center", inline: "center" }); cell.edit(true); });
  }, true);
}

if (window.matchMedia("(min-width: 640px)").matches) document.querySelectorAll("[data-grid]").forEach(enhance);
