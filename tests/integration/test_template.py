"""The template comes back clean when it is filled in, whatever language it was made in and whoever fills it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.registry import registries, schema
from app.sheets.checking import check_for, sheet_fields
from app.sheets.template import template_bytes, write_template

TODAY = date(2026, 11, 22)
ROW: dict[str, Any] = {
    "full_name": "Zhang Wei", "sex": "Laki-laki", "birth_date": date(1985, 3, 12), "nationality": "Tiongkok",
    "passport_number": "E00000017", "passport_expires_on": date(2031, 1, 2), "job_title": "Teknisi",
    "change": "Masih bekerja",
}  # fmt: skip


def filled(path: Path, rows: list[dict[str, Any]], *, language: str = "id", keep_example: bool = True) -> Path:
    """The template opened and filled in by another program."""
    form = schema("wajib-lapor")
    write_template(form, str(path), language=language)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    keys = [f.key for f in sheet_fields(form)]
    first = 3 if keep_example else 2
    for number, row in enumerate(rows, first):
        for key, value in row.items():
            sheet.cell(number, keys.index(key) + 2).value = value
    if not keep_example:
        sheet["A2"].value = None
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("keep_example", [True, False])
def test_a_filled_template_checks_clean(language: str, keep_example: bool, tmp_path: Path) -> None:
    row = dict(ROW)
    if language == "en":
        row |= {"sex": "Male", "nationality": "China", "change": "Still working"}
    if not keep_example:  # the sender wrote over the example; what they left of it is theirs
        row |= {"left_on": None, "permit_kind": None}
    report = check_for(
        schema("wajib-lapor"),
        filled(tmp_path / "t.xlsx", [row], language=language, keep_example=keep_example),
        today=TODAY,
    )
    assert report.errors == []
    assert report.rows == 1
    assert report.good_rows[0][1]["passport_number"] == "E00000017"
    assert ("example_row_ignored" in {n.code for n in report.notes}) is keep_example


def test_every_column_of_the_template_is_recognised(tmp_path: Path) -> None:
    report = check_for(schema("wajib-lapor"), filled(tmp_path / "t.xlsx", [ROW]), today=TODAY)
    assert report.unmapped == ["No"]


def test_an_untouched_template_has_no_rows(tmp_path: Path) -> None:
    report = check_for(schema("wajib-lapor"), filled(tmp_path / "t.xlsx", []), today=TODAY)
    assert [p.code for p in report.errors] == ["no_rows"]


def test_a_person_called_contoh_is_a_person(tmp_path: Path) -> None:
    report = check_for(
        schema("wajib-lapor"), filled(tmp_path / "t.xlsx", [{**ROW, "full_name": "Contoh"}]), today=TODAY
    )
    assert (report.rows, report.errors) == (1, [])


def test_identifiers_are_text_dates_are_dates_and_lists_drop_down(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled(tmp_path / "t.xlsx", []))
    sheet = book.worksheets[0]
    columns = {
        f.key: letter
        for f, letter in zip(sheet_fields(schema("wajib-lapor")), "BCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False)
    }
    assert sheet.column_dimensions[columns["passport_number"]].width > 9
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation}
    assert rules[columns["nationality"]].formula1.startswith("'_daftar'!$")
    assert "Laki-laki" in rules[columns["sex"]].formula1
    assert rules[columns["birth_date"]].type == "date"
    assert book["_daftar"].sheet_state == "hidden"
    assert sheet.freeze_panes == "C2"
    assert book.custom_doc_props["schema"].value == "wajib-lapor@1"


def test_every_registry_with_a_sheet_has_a_template_its_checker_knows(tmp_path: Path) -> None:
    for key, registry in registries().items():
        if not registry.sheet:
            continue
        path = tmp_path / f"{key}.xlsx"
        path.write_bytes(template_bytes(registry))
        report = check_for(registry, path, today=TODAY, profile="staff")
        assert [p.code for p in report.errors] == ["no_rows"], key
        assert report.unmapped == ["No"], key
