"""C4: every bad cell at once, in the company's own rows, as a table of inputs that needs no script."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.fields import Field
from app.domain.grid import Note
from app.domain.states import RETURN_REASONS
from app.models.report_row import report_row
from app.operations import drafts
from app.web import language
from app.wording import sentence
from forms import conflict, words
from forms.scene import PAGE_ROWS, Scene, led_to, not_here, open_scene, paged, typed_number
from forms.steps import columns

_BASE = ("full_name", "passport_number")
_MOST_CELLS = 5
_MOST_NOTES = 30
_MOST_DOUBTS = 10  # rows named of one doubt
_HARMLESS = frozenset({"visa_index_retired"})  # remarks on a row that leave nothing to look at
_ASKING = frozenset(  # remarks on a column or the file that ask for a look: data may have been lost or misread
    {
        "zeros_perhaps_lost",
        "dates_from_serials",
        "dates_mixed",
        "years_of_two_digits",
        "encoding_guessed",
        "encoding_mixed",
        "rows_headings_differ",
        "rows_other_table",
    }
)


@dataclass(slots=True)
class Shown:
    """A row as the page draws it; `bad` = {field: {"words", "suggestion", "returned"}}."""

    n: int
    cells: dict[str, str]
    bad: dict[str, dict[str, Any]]


@dataclass(slots=True)
class Group:
    """The same mistake in several cells, said once."""

    label: str
    words: str
    value: str | None
    suggestion: str | None
    key: str
    options: list[tuple[str, str]]  # values of which one may fill all the empty cells
    cells: list[dict[str, str]] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class Doubt:
    """A remark on cells that may well be a slip, with rows by number and name; without a label it names its place."""

    label: str
    words: str
    rows: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0


def show(scene: Scene) -> ResponseReturnValue:
    data = scene.data
    bad = drafts.bad_rows(data)
    only_bad = bool(bad) and not request.args.get("semua")
    listed = bad if only_bad else data["rows"]
    rows, pages = paged(listed, scene.to("perbaiki") if only_bad else scene.to("perbaiki", semua=1))
    shown = [_shown(row) for row in rows]
    fields = _columns(shown, only_bad)
    drawn = [field.key for field in fields]
    notes, notes_count = _notes(data)
    sheet = data.get("sheet") or {}
    mode = data["mode"]
    return render_template(
        "forms/fix.html",
        **scene.page(
            file_name=sheet.get("name") if mode == "upload" else None,
            rows=shown,
            shown=conflict.shown(scene, ((row.n, row.cells, row.bad if only_bad else drawn) for row in shown)),
            fields=fields,
            all_fields=list(report_row.fields.values()),
            any_country=not only_bad
            or any(f.type.key == "country" and f.key in row.bad for row in shown for f in fields),
            pages=pages,
            only_bad=only_bad,
            total=len(data["rows"]),
            rows_bad=len(bad),
            good=len(data["rows"]) - len(bad),
            cells_bad=sum(len(row["problems"]) for row in bad),
            groups=_groups(scene, bad),
            file_problems=[p for p in data["file_problems"] if p["code"] != "column_missing"],
            other_sheets=next((_note(fact) for fact in data["notes"] if fact["code"] == "other_sheets"), None),
            doubts=_of_columns(data) + _doubts(data),
            notes=notes,
            notes_count=notes_count,
            has_columns=bool(data.get("headings")),
            may_comment=mode == "upload" and bool(data.get("upload")) and bool(bad),
            comes_as_copy=not str(sheet.get("name") or "").lower().endswith((".xlsx", ".xlsm")),
            may_part=mode in ("upload", "paste") and not data["returned"],
            reasons=[language.text(RETURN_REASONS[code]) for code in data.get("reasons", ()) if code in RETURN_REASONS],
            officer_note=data.get("note"),
            reupload={"upload": "unggah", "paste": "tempel"}.get(mode) if data.get("upload") else None,
            summary=[1] if bad else [],
            back=scene.to({"upload": "unggah", "paste": "tempel"}.get(mode, "daftar")),
        ),
    )


def receive(duty_id: str) -> ResponseReturnValue:
    """Changes are made and checked before the transaction that keeps them: a long list keeps nobody waiting."""
    with open_scene(duty_id, write=False) as scene:
        elsewhere = not_here(scene, "perbaiki")
        if elsewhere is not None or scene.draft is None:
            return redirect(elsewhere or scene.to("unggah"), 303)
        touched = conflict.merged(scene)
        version = scene.draft.row_version
        data = _changed(scene, touched)
    with open_scene(duty_id, write=True) as scene:
        draft = scene.keep(data, version=version)
        if not data["rows"] and data.get("adds_to"):  # nothing of the rest is left to send
            drafts.discard(scene.session, draft, now=scene.now)
            return redirect(url_for("forms.receipt", code=data["adds_to"]), 303)
        if request.form.get("do") == "later":
            return render_template("forms/saved.html", **scene.page(back=None))
        return redirect(_next(scene, data), 303)


def _next(scene: Scene, data: drafts.Data) -> str:
    if (way := led_to(scene)) is not None:
        return way
    act, bad = request.form.get("do"), drafts.bad_rows(data)
    if (whole := typed_number(request.form.get("whole", ""))) is not None:
        return scene.to("orang", n=whole, bagian=1)
    if act == "part" and bad:
        return scene.to("periksa", sebagian=1)
    if act in ("next", "check") and not bad:
        return scene.to("periksa" if data["rows"] else "daftar")
    here = {name: request.args[name] for name in ("semua", "halaman") if name in request.args}
    return scene.to("perbaiki", **here)


def _changed(scene: Scene, touched: conflict.Cells | None) -> drafts.Data:
    """The document with what was typed and pressed, checked."""
    data, form = _read(scene, touched), request.form
    if (removed := typed_number(form.get("remove", ""))) is not None:
        drafts.remove(data, removed)
    if (back := typed_number(form.get("restore", ""))) is not None:
        drafts.put_back(data, back)
    if replaced := form.get("replace", ""):
        key, _, value = replaced.partition(":")
        _replace_all(data, key, value)
    if filled := form.get("fill", ""):
        key, _, value = filled.partition(":")
        if value in dict(_fill_options(key)):
            drafts.fill_empty(data, key, value)
    if used := form.get("use", ""):
        number, _, key = used.partition("-")
        _use_suggestion(data, number, key)
    if kept := form.get("keep", ""):
        number, _, key = kept.partition("-")
        data["returned"] = [m for m in data["returned"] if (str(m["row"]), m["field"]) != (number, key)]
    drafts.check(data, today=scene.today)
    return data


def _read(scene: Scene, touched: conflict.Cells | None) -> drafts.Data:
    """The boxes of the page into the rows: only cells that are there, only fields of the form."""
    data = scene.data
    by_number = {str(row["n"]): row for row in data["rows"]}
    added: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        if name.startswith("n-") and value.strip():
            number, _, key = name.removeprefix("n-").partition("-")
            if key in report_row.fields:
                added.setdefault(number, {})[key] = value.strip()[:2000]
        if not name.startswith("c-"):
            continue
        number, _, key = name.removeprefix("c-").partition("-")
        row = by_number.get(number)
        if row is not None and key in report_row.fields and conflict.wants(touched, number, key):
            typed = words.came_back(report_row.fields[key], row["cells"].get(key), value.strip()[:2000])
            if typed:
                row["cells"][key] = typed
            else:
                row["cells"].pop(key, None)
    drafts.require_room(data, len(added))
    last = max((row["n"] for row in data["rows"]), default=0)
    for place, cells in enumerate(added.values(), last + 1):
        drafts.new_row(data, cells, origin="form", number=place)["tried"] = [1, 2, 3]
    return data


def _replace_all(data: drafts.Data, key: str, value: str) -> None:
    for row in data["rows"]:
        for problem in row["problems"]:
            if problem["field"] == key and problem["value"] == value and problem["suggestion"]:
                drafts.replace_all(data, key, row["cells"].get(key, value), problem["suggestion"])
                return


def _use_suggestion(data: drafts.Data, number: str, key: str) -> None:
    for row in data["rows"]:
        for problem in row["problems"]:
            if str(row["n"]) == number and problem["field"] == key and problem["suggestion"]:
                row["cells"][key] = problem["suggestion"]


def _shown(row: drafts.Row) -> Shown:
    bad: dict[str, dict[str, Any]] = {}
    for problem in row["problems"]:
        bad.setdefault(
            problem["field"],
            {
                "words": words.problem_words(problem),
                "suggestion": _suggestion(problem),
                "returned": problem["code"] == "returned_cell",
            },
        )
    return Shown(row["n"], row["cells"], bad)


def _suggestion(problem: dict[str, Any]) -> str | None:
    """The suggested value in the reader's language."""
    if not problem["suggestion"] or problem["field"] not in report_row.fields:
        return problem["suggestion"]  # type: ignore[no-any-return]
    return words.shown_cell(report_row.fields[problem["field"]], problem["suggestion"])


def _columns(rows: list[Shown], only_bad: bool) -> list[Field]:
    if not only_bad:
        return list(report_row.fields.values())
    wanted = set(_BASE)
    for row in rows:
        wanted |= row.bad.keys()
    return [f for key, f in report_row.fields.items() if key in wanted]


def _groups(scene: Scene, bad: list[drafts.Row]) -> list[Group]:
    """Problems by message, most frequent first; each with the first cells it stands in."""
    found: dict[tuple[str, str, str], Group] = {}
    now_language = language.current()
    for position, row in enumerate(bad):
        page = position // PAGE_ROWS + 1
        for problem in row["problems"]:
            key = problem["field"] or ""
            value = problem["value"] if problem["suggestion"] else None
            text = words.problem_words(_of_many(problem))
            label = words.label_of(key)
            group = found.setdefault(
                (key, text, value or ""),
                Group(
                    label.text(now_language) if label else key,
                    text,
                    value,
                    _suggestion(problem),
                    f"{key}:{value}",
                    _fill_options(key) if problem["code"] == "required" else [],
                ),
            )
            group.count += 1
            if len(group.cells) < _MOST_CELLS:
                group.cells.append(_cell(scene, row["n"], key, problem.get("column"), page))
    return sorted(found.values(), key=lambda group: -group.count)


def _of_many(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem as it is said of many cells: dates in doubt once, not once a date."""
    return {**problem, "params": {"kind": "cells"}} if problem["code"] == "date_ambiguous" else problem


def _fill_options(key: str) -> list[tuple[str, str]]:
    options = columns.fill_options(report_row.fields[key]) if key in report_row.fields else []
    return options if len(options) <= words.FEW_CHOICES else []


def _cell(scene: Scene, number: int, key: str, column: str | None, page: int) -> dict[str, str]:
    anchor = f"c-{number}-{key}"
    here = not request.args.get("semua") and request.args.get("halaman", "1") == str(page)
    there = {"halaman": page} if page > 1 else {}
    href = f"#{anchor}" if here else scene.to("perbaiki", _anchor=anchor, **there)
    row_words = {"id": "baris", "en": "row"}[language.current()]
    return {"href": href, "name": f"{column}{number}" if column else f"{row_words} {number}"}


def _doubts(data: drafts.Data) -> list[Doubt]:
    """What is odd in a cell and may be right, once for all the rows in which it is."""
    found: dict[str, Doubt] = {}
    for row in data["rows"]:
        for fact in row.get("notes", ()):
            if fact["code"] not in _HARMLESS:
                doubt = found.setdefault(text := _note(fact), Doubt(_label(fact), text))
                doubt.count += 1
                if len(doubt.rows) < _MOST_DOUBTS:
                    doubt.rows.append((row["n"], row["cells"].get("full_name", "")))
    return list(found.values())


def _of_columns(data: drafts.Data) -> list[Doubt]:
    """What is odd in a whole column or the file and asks for a look, with the row in which it begins."""
    names = {row["n"]: row["cells"].get("full_name", "") for row in data["rows"]}
    made = []
    for fact in data["notes"]:
        if fact["code"] in _ASKING:
            first = typed_number(str(fact["params"].get("cell") or "").lstrip(string.ascii_uppercase))
            rows = [(first, names[first])] if first is not None and first in names else []
            made.append(Doubt("", _note(fact), rows, len(rows)))
    return made[:_MOST_NOTES]


def _label(fact: dict[str, Any]) -> str:
    label = words.label_of(fact["params"].get("field"))
    return label.text(language.current()) if label else ""


def _notes(data: drafts.Data) -> tuple[list[str], int]:
    """Remarks on the file and harmless ones on its rows in words, and how many there are."""
    said = [_note(fact) for fact in data["notes"] if fact["code"] not in _ASKING]
    row_words = {"id": "Baris", "en": "Row"}[language.current()]
    for row in data["rows"]:
        odd = [fact for fact in row.get("notes", ()) if fact["code"] in _HARMLESS]
        said += [f"{row_words} {row['n']}: {_note(fact)}" for fact in odd]
    return said[:_MOST_NOTES], len(said)


def _note(fact: dict[str, Any]) -> str:
    params = dict(fact["params"])
    label, field = words.label_of(params.get("field")), report_row.fields.get(params.get("field") or "")
    if fact["code"] == "column_filled" and field is not None:  # a note of before it said itself what it means
        params.setdefault("meant", words.shown_cell(field, params["value"]))
    return sentence(Note(fact["code"], params), language.current(), label)
