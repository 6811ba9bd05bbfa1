"""The template of a form or registry as XLSX: headings, help, a marked example, drop-downs, text-formatted identifiers.

What it sends back checks clean: the checker knows its headings and passes over its example row. Pasting destroys
validation in cells, so the rules here are a comfort; the server is the judge.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, BinaryIO

from app.domain.fields import Field, Label
from app.domain.semantic import Invalid
from app.domain.sheet_report import letter
from app.sheets.checking import sheet_fields
from app.sheets.export import column_width, safe_sheet_name

ROWS = 2000  # rows that get drop-downs and formats
_LIST_LETTERS = 255  # Excel: a literal list; what is longer points to the sheet of lists
_PROMPT, _TITLE, _REFUSAL = 255, 32, 224  # letters of input prompt, title and error (MS-OI29500 2.1.613)
_LISTS = "_daftar"

WORDS: dict[str, Label] = {
    "number": Label("No", "No"),
    "example": Label("Contoh", "Example"),
    "how": Label("Petunjuk", "Instructions"),
    "required": Label("Wajib diisi.", "Required."),
    "optional": Label("Boleh dikosongkan.", "May be left blank."),
    "for_example": Label("Contoh: {}", "Example: {}"),
    "pick": Label("Pilih dari daftar.", "Choose from the list."),
    "a_day": Label("Tulis tanggal lengkap, misalnya 31/12/2026.", "Write the full date, for example 31/12/2026."),
    "column": Label("Kolom", "Column"),
    "meaning": Label("Keterangan", "Explanation"),
    "values": Label("Isi yang diterima", "Accepted values"),
}
STEPS: tuple[Label, ...] = (
    Label(
        "Isi satu orang atau satu data per baris pada lembar “{sheet}”, mulai di bawah baris contoh.",
        "Write one person or record per row on the sheet “{sheet}”, beginning below the example.",
    ),
    Label(
        "Baris contoh boleh dihapus atau dibiarkan; baris itu tidak dihitung.",
        "The example row may be deleted or left; it is not counted.",
    ),
    Label("Kolom dengan tanda * wajib diisi.", "Columns marked * are required."),
    Label(
        "Tanggal ditulis tanggal/bulan/tahun, misalnya 31/12/2026.",
        "Dates are written day/month/year, for example 31/12/2026.",
    ),
    Label(
        "Nomor paspor, izin, dan nomor lain disimpan sebagai teks agar angka nol di depan tidak hilang.",
        "Numbers of passports, permits and the like are kept as text, so that leading zeros are not lost.",
    ),
    Label(
        "Urutan kolom boleh diubah dan kolom lain boleh ditambahkan; judul kolom mohon tidak diubah.",
        "Columns may be moved and others added; please leave the headings as they are.",
    ),
    Label(
        "Simpan, lalu unggah melalui tautan atau halaman yang Anda terima.",
        "Save the file, then upload it through the link or page you were given.",
    ),
)


def write_template(schema: Any, target: BinaryIO | str, *, language: str = "id") -> None:
    """Write the template of a registry or form (`app.registry.schema(key)`) to a file or path."""
    fields = sheet_fields(schema)
    _Template(schema, fields, target, language).write()


def template_bytes(schema: Any, *, language: str = "id") -> bytes:
    """The template as bytes, for a download."""
    buffer = io.BytesIO()
    write_template(schema, buffer, language=language)
    return buffer.getvalue()


class _Template:
    def __init__(self, schema: Any, fields: Sequence[Field], target: BinaryIO | str, language: str) -> None:
        import xlsxwriter

        self.schema, self.fields, self.language = schema, list(fields), language
        self.book = xlsxwriter.Workbook(
            target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        add = self.book.add_format
        self.required = add(_HEADING | {"bg_color": "#0B4F8A", "font_color": "#FFFFFF"})
        self.optional = add(_HEADING | {"bg_color": "#DCE8F5", "font_color": "#10243A"})
        self.plain = add(_HEADING | {"bg_color": "#E9ECEF", "font_color": "#10243A"})
        self.text = add({"num_format": "@"})
        self.example_text = add({"num_format": "@", "italic": True, "font_color": "#5B6770", "bg_color": "#F4F6F8"})
        self.bold = add({"bold": True})
        self.wrap = add({"text_wrap": True, "valign": "top"})
        self.lists: list[list[str]] = []

    def write(self) -> None:
        data = self.book.add_worksheet(safe_sheet_name(self.schema.title.text(self.language)))
        how = self.book.add_worksheet(self.say("how"))
        lists = self.book.add_worksheet(_LISTS)
        self._data(data)
        self._how(how, data.get_name())
        for column, values in enumerate(self.lists):
            lists.write_column(0, column, values, self.text)
        lists.hide()
        key = f"{self.schema.key}@{self.schema.version}"
        self.book.set_custom_property("schema", key)
        self.book.set_properties({"title": self.schema.title.text(self.language), "comments": key})
        self.book.close()

    def say(self, word: str) -> str:
        return WORDS[word].text(self.language)

    def _data(self, page: Any) -> None:
        page.set_row(0, 42)
        page.freeze_panes(1, 2)
        page.set_column(0, 0, 8)
        page.write_string(0, 0, self.say("number"), self.plain)
        page.write_string(1, 0, self.say("example"), self.example_text)
        for column, f in enumerate(self.fields, 1):
            heading = f.label.text(self.language)
            shape = self.book.add_format({"num_format": f.type.excel_format, "align": "left"})
            page.set_column(column, column, column_width(heading, f), shape)
            page.write_string(
                0, column, heading + (" *" if _must(f) else ""), self.required if _must(f) else self.optional
            )
            page.write_comment(0, column, self._help(f), {"x_scale": 2, "y_scale": 1.4, "author": "Sinergi"})
            self._example(page, column, f)
            self._validation(page, column, f)

    def _help(self, f: Field) -> str:
        parts = [f.help.text(self.language)] if f.help else []
        parts.append(self.say("required") if _must(f) else self.say("optional"))
        if f.type.python is date:
            parts.append(self.say("a_day"))
        elif f.type.choices():
            parts.append(self.say("pick"))
        if f.sample():
            parts.append(self.say("for_example").format(f.sample()))
        return "\n".join(parts)

    def _example(self, page: Any, column: int, f: Field) -> None:
        """The sample as the field's own cell: a date as a date, a code as the words of the list."""
        try:
            value = f.type.cell(f.type.parse(f.sample())) if f.sample() else None
        except Invalid:
            value = f.sample()
        if isinstance(value, date):
            shape = {"num_format": f.type.excel_format, "align": "left", "italic": True}
            page.write_datetime(1, column, value, self.book.add_format(shape | {"bg_color": "#F4F6F8"}))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(1, column, value, self.example_text)
        else:
            page.write_string(1, column, "" if value is None else str(value), self.example_text)

    def _validation(self, page: Any, column: int, f: Field) -> None:
        rule = self._rule(f)
        if rule is None:
            return
        rule |= {
            "ignore_blank": True,
            "error_type": "warning",  # a rule may be wrong about a real person; the sender may go on
            "error_title": f.label.text(self.language)[:_TITLE],
            "error_message": self._help(f)[:_REFUSAL],
            "input_title": f.label.text(self.language)[:_TITLE],
            "input_message": self._help(f)[:_PROMPT],
        }
        page.data_validation(2, column, 1 + ROWS, column, rule)

    def _rule(self, f: Field) -> dict[str, Any] | None:
        choices = f.type.choices(self.language)
        if choices is not None and f.type.input == "select":
            labels = [label for _, label in choices]
            if len(",".join(labels)) <= _LIST_LETTERS and not any("," in label for label in labels):
                return {"validate": "list", "source": labels}
            self.lists.append(labels)
            where = letter(len(self.lists) - 1)
            return {"validate": "list", "source": f"='{_LISTS}'!${where}$1:${where}${len(labels)}"}
        if f.type.python is date:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1900, 3, 1),
                "maximum": date(2100, 12, 31),
            }
        if f.type.python is int and f.reference is None:
            return {"validate": "integer", "criteria": "between", "minimum": -(10**9), "maximum": 10**9}
        if f.type.max_length and f.type.python is str:
            return {"validate": "length", "criteria": "<=", "value": f.type.max_length}
        return None

    def _how(self, page: Any, sheet: str) -> None:
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 80)
        page.write_string(0, 0, self.schema.title.text(self.language), self.bold)
        line = 2
        for number, step in enumerate(STEPS, 1):
            page.write_string(line, 0, f"{number}.")
            page.write_string(line, 1, step.text(self.language).format(sheet=sheet), self.wrap)
            line += 1
        line += 1
        page.write_string(line, 0, self.say("column"), self.bold)
        page.write_string(line, 1, self.say("meaning"), self.bold)
        for f in self.fields:
            line += 1
            page.write_string(line, 0, f.label.text(self.language))
            page.write_string(line, 1, self._help(f).replace("\n", " "), self.wrap)


_HEADING: dict[str, Any] = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
    "border_color": "#B8C4CF",
}


def _must(f: Field) -> bool:
    return f.required and f.default is None
