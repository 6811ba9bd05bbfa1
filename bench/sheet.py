"""How long the whole check of a large sheet takes, beside the least any checker must do.

Product: `app.sheets.checking.check` of 100,000 rows × 15 columns with 1 % bad cells, every problem reported: child
start, archive pre-scan, reading, finding the table and columns, checking, rules of the row, repeats, report handed out.
Floor, in this process: calamine reads the same file and pydantic-core validates the same rows as a list of typed
dicts with the types pydantic has for them (no country names, no dates as text, no rules, no report).
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from app.registry import schema
from app.sheets.checking import check, row_rules_of, sheet_fields

ROWS, BAD, ROUNDS, GOAL = 100_000, 0.01, 5, 3.0
KEYS = (
    "full_name", "sex", "birth_date", "birth_place", "nationality", "passport_number", "passport_expires_on",
    "visa_index", "permit_number", "permit_expires_on", "job_title", "activity", "worksite", "started_on", "change",
)  # fmt: skip
TODAY = date(2026, 11, 22)


def main() -> None:
    path = workbook()
    form = schema("wajib-lapor")
    fields = [f for f in sheet_fields(form) if f.key in KEYS]
    rules = row_rules_of(form)
    product, floor, found = [], [], 0
    floor_check(path)
    for _ in range(ROUNDS):
        floor.append(timed(lambda: floor_check(path)))
        started = time.perf_counter()
        report = check(path, fields, profile="staff", today=TODAY, row_rules=rules, keep_rows=False)
        product.append(time.perf_counter() - started)
        found = len(report.errors) + report.truncated
        assert report.rows == ROWS, report.rows
    expected = int(ROWS * len(KEYS) * BAD)
    assert abs(found - expected) < expected * 0.02, (found, expected)
    ratio = statistics.median(a / b for a, b in zip(product, floor, strict=True))
    print(
        json.dumps(
            {
                "figure": "sheet",
                "value": round(statistics.median(product), 3),
                "unit": "s",
                "ratio": round(ratio, 2),
                "against": f"calamine read + pydantic-core list validation {statistics.median(floor):.3f} s",
                "goal": f"<= {GOAL:g}",
                "ok": ratio <= GOAL,
                "n": ROUNDS,
            }
        )
    )
    sys.exit(0 if ratio <= GOAL else 1)


def timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Row(TypedDict):
    full_name: Annotated[str, StringConstraints(max_length=160)]
    sex: Literal["L", "P"]
    birth_date: date
    birth_place: Annotated[str, StringConstraints(max_length=250)]
    nationality: Annotated[str, StringConstraints(max_length=60)]
    passport_number: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4,20}$")]
    passport_expires_on: date
    visa_index: Annotated[str, StringConstraints(max_length=250)]
    permit_number: Annotated[str, StringConstraints(max_length=250)]
    permit_expires_on: date
    job_title: Annotated[str, StringConstraints(min_length=1, max_length=250)]
    activity: Annotated[str, StringConstraints(max_length=250)]
    worksite: Annotated[str, StringConstraints(max_length=250)]
    started_on: date
    change: Literal["tetap", "baru", "berubah"]


ROWS_OF = TypeAdapter(list[Row])


def floor_check(path: Path) -> int:
    """Read and validate, nothing else; the number of problems."""
    import python_calamine

    cells = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    rows = [dict(zip(KEYS, row, strict=True)) for row in cells[1:]]
    try:
        ROWS_OF.validate_python(rows)
    except ValidationError as wrong:
        return wrong.error_count()
    return 0


def workbook() -> Path:
    """The file, made once and kept in the folder for temporary files."""
    path = Path(tempfile.gettempdir()) / f"sinergi-bench-sheet-{ROWS}x{len(KEYS)}-3.xlsx"
    if not path.exists():
        half = path.with_suffix(".half")
        _write(half)
        half.rename(path)
    return path


def _write(path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("TKA")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    fields = schema("wajib-lapor").fields
    for index, key in enumerate(KEYS):
        sheet.write_string(0, index, fields[key].label.id)
    rng = random.Random(7)
    bad = set(rng.sample(range(ROWS * len(KEYS)), int(ROWS * len(KEYS) * BAD)))
    for row in range(ROWS):
        for index, value in enumerate(_person(rng, row)):
            if row * len(KEYS) + index in bad:
                value = _BAD[KEYS[index]]
            if isinstance(value, date):
                sheet.write_datetime(row + 1, index, value, day)
            else:
                sheet.write_string(row + 1, index, value)
    book.close()


_BAD = dict.fromkeys(KEYS, "x" * 300) | {
    "full_name": "N4ma", "sex": "?", "birth_date": "31/02/1985", "nationality": "Chna", "passport_number": "E12#4567",
    "passport_expires_on": "2028", "permit_expires_on": "segera", "started_on": "30/02/2024", "change": "cuti",
}  # fmt: skip
_NAMES = ("Zhang", "Wang", "Kim", "Park", "Sato", "Kumar", "Smith", "Müller", "Reyes", "Li")
_GIVEN = ("Wei", "Min-jun", "Hiroshi", "Rajesh", "Andrew", "José", "Xiaoming", "Yuko", "Anita", "Jörg")
_COUNTRIES = ("Tiongkok", "Korea Selatan", "Jepang", "India", "Malaysia", "Filipina", "Inggris", "Jerman")


def _person(rng: random.Random, row: int) -> list[Any]:
    permit = TODAY + timedelta(days=rng.randrange(30, 700))
    return [
        f"{rng.choice(_NAMES)} {rng.choice(_GIVEN)} {_letters(row)}",
        rng.choice("LP"),
        date(1961, 1, 1) + timedelta(days=rng.randrange(14000)),
        rng.choice(("Wuhan", "Seoul", "Osaka", "Chennai", "Cebu")),
        rng.choice(_COUNTRIES),
        f"E{row:08d}",
        permit + timedelta(days=rng.randrange(30, 2000)),
        "E23",
        f"2C{row:06d}JE",
        permit,
        rng.choice(("Manajer Produksi", "Teknisi Mesin", "Direktur", "Ahli Kimia")),
        f"Mengawasi lini {rng.randrange(500)}",
        f"Pabrik {rng.randrange(40)}",
        date(2019, 1, 1) + timedelta(days=rng.randrange(2500)),
        rng.choice(("tetap", "tetap", "baru", "berubah")),
    ]


def _letters(number: int) -> str:
    """A name without digits for every number."""
    made = ""
    while True:
        number, rest = divmod(number, 26)
        made += chr(97 + rest)
        if not number:
            return made.capitalize()


if __name__ == "__main__":
    main()
