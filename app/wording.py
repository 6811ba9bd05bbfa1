"""Facts into words, once, for every door: error sentences, dates, times, numbers, catalogues. No Flask."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain import countries
from app.domain.errors import Problem, Refused
from app.domain.fields import Label
from app.domain.filling import fill
from app.domain.grid import Note
from app.domain.receipts import Place
from app.sentences import DID_YOU_MEAN, OPERATIONS, SHEETS, UNKNOWN, VALUES

SENTENCES: dict[str, Label] = {**VALUES, **SHEETS, **OPERATIONS}

MONTHS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_PART = Label("Lanjutan (bagian ke-{number})", "Continuation (part {number})")
_CORRECTION = Label("Perbaikan ke-{number}", "Correction {number}")
_THIS = Label("isian ini", "this field")
_NAMES = frozenset({"English", "Indonesia", "Indonesian"})  # written large wherever they stand
_LIMITS = frozenset({"min", "max"})
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ROMAN = ("I", "II", "III", "IV")
_SWAP = str.maketrans(",.", ".,")
_ROOT = Path(__file__).resolve().parent.parent


def add(sentences: Mapping[str, Label]) -> None:
    """Registers the sentences of another package's codes (`code` or `code.kind`)."""
    SENTENCES.update(sentences)


def sentence(problem: Problem | Refused | Note, language: str = "id", label: Label | None = None) -> str:
    """What is wrong and what to do next, as one or two plain sentences. An unknown code gets a general one."""
    params = dict(problem.params)
    value = suggestion = None
    if isinstance(problem, Problem):
        value, suggestion = problem.value, problem.suggestion
    words = _words(problem.code, params, language, label, value)
    if suggestion is None:
        return words
    question = DID_YOU_MEAN.text(language).format(suggestion=_offered(problem.code, suggestion, language))
    return question if problem.code == "choice_unknown" else f"{words} {question}"


def _offered(code: str, suggestion: str, language: str) -> str:
    """A ready value as it is read in that language: values of lists are suggested by their Indonesian label."""
    if language != "en" or code != "choice_unknown":
        return suggestion
    country = countries.find(suggestion)
    return countries.name(country, "en") if country else suggestion


def _words(code: str, params: dict[str, Any], language: str, label: Label | None, value: str | None) -> str:
    kind = str(params.get("kind") or params.get("expected") or "")
    template = SENTENCES.get(f"{code}.{kind}")
    if template is None and code == "out_of_range":
        template = SENTENCES.get(f"{code}.{_bounds(params)}")
    template = template or SENTENCES.get(code) or UNKNOWN
    facts = _Facts({name: _shown(fact, language, name) for name, fact in params.items()})
    facts.update(_derived(code, params, language))
    if label is not None or "field" not in facts:
        facts["field"] = inside((label or _THIS).text(language))
    facts.setdefault("value", value or "")
    text = fill(template.text(language), params, facts).replace("s.d..", "s.d.")
    return text[:1].upper() + text[1:]


def inside(name: str) -> str:
    """A label in the middle of a sentence: "jenis kelamin", but "NIB", "WhatsApp" and "English words"."""
    first = name.partition(" ")[0]
    kept = first[1:] != first[1:].lower() or first in _NAMES
    return name if kept else name[:1].lower() + name[1:]


def _bounds(params: Mapping[str, Any]) -> str:
    low, high = params.get("min") not in (None, ""), params.get("max") not in (None, "")
    return "min_max" if low and high else "min" if low else "max" if high else ""


def _derived(code: str, params: Mapping[str, Any], language: str) -> dict[str, str]:
    """Phrases that a sentence carries only when the fact is there."""
    english = language == "en"
    facts: dict[str, str] = {
        "month_name": "", "year_of": "", "length_now": "", "columns_at": "", "error_text": "", "replacement": "",
        "example_now": "",
    }  # fmt: skip
    month, day = params.get("month"), params.get("day")
    if isinstance(month, int) and 1 <= month <= 12:
        facts["month_name"] = MONTHS["en" if english else "id"][month - 1]
        if month == 2 and day == 29:
            facts["year_of"] = f" {params.get('year')}"
    if params.get("length") and code == "pattern":
        facts["length_now"] = f"; this has {params['length']}" if english else f"; yang ini {params['length']} angka"
    if params.get("example"):
        facts["example_now"] = f", for example {params['example']}" if english else f", misalnya {params['example']}"
    if params.get("columns"):
        facts["columns_at"] = f" ({_joined(params['columns'], language)})"
    if params.get("error"):
        facts["error_text"] = f" ({params['error']})"
    if params.get("replaced_by"):
        facts["replacement"] = f", now {params['replaced_by']}" if english else f", kini {params['replaced_by']}"
    if "month" in params:
        facts["month"] = str(month)
    if code == "date_ambiguous":
        facts |= {key: _long(params[key], language) for key in ("first", "second") if key in params}
    if "year" in params:
        facts["year"] = str(params["year"])
    return facts


def _long(fact: Any, language: str) -> str:
    day = date.fromisoformat(fact) if isinstance(fact, str) and _ISO_DAY.fullmatch(fact) else fact
    return long_date(day, language) if isinstance(day, date) else str(fact)


def _shown(fact: Any, language: str, name: str) -> str:
    if isinstance(fact, Label):
        return fact.text(language)
    if isinstance(fact, Mapping) and fact.keys() == {"id", "en"}:  # a label as JSON keeps it
        return str(fact["en" if language == "en" else "id"])
    if isinstance(fact, datetime):
        return f"{long_date(fact, language)} {clock(fact, language=language)}"
    if isinstance(fact, date):
        return long_date(fact, language)
    if isinstance(fact, bool):
        return str(fact)
    if isinstance(fact, int | float | Decimal):
        return str(fact) if name.startswith("row") else number(fact, language)
    if isinstance(fact, str) and _ISO_DAY.fullmatch(fact):
        return f"{fact[8:]}/{fact[5:7]}/{fact[:4]}"  # notes carry days as JSON
    if name in _LIMITS and isinstance(fact, str) and _NUMBER.fullmatch(fact):
        return number(Decimal(fact), language)
    return _joined(fact, language)


def _joined(fact: Any, language: str) -> str:
    if isinstance(fact, list | tuple | set | frozenset):
        return ", ".join(_shown(one, language, "") for one in fact)
    return "" if fact is None else str(fact)


class _Facts(dict[str, str]):
    """A missing fact leaves a gap, never an exception in front of a person."""

    def __missing__(self, key: str) -> str:
        return "…"


# --- dates, times, numbers --------------------------------------------------------------------------------


def long_date(day: date, language: str = "id") -> str:
    """22 November 2026. An instant is shown on its own calendar: convert it first."""
    return f"{day.day} {MONTHS['en' if language == 'en' else 'id'][day.month - 1]} {day.year}"


def weekday(day: date, language: str = "id") -> str:
    """Senin."""
    return _WEEKDAYS["en" if language == "en" else "id"][day.weekday()]


def hours(said: str, language: str = "id") -> str:
    """Opening hours as an office writes them, "Senin-Jumat 08.00-16.00", with the reader's days and clock."""
    if language != "en":
        return said
    for ours, theirs in zip(_WEEKDAYS["id"], _WEEKDAYS["en"], strict=True):
        said = re.sub(rf"\b{ours}\b", theirs, said)
    return re.sub(r"\b(\d\d)\.(\d\d)\b", r"\1:\2", said)


def short_date(day: date, language: str = "id") -> str:
    """22/11/2026, for tables."""
    return f"{day:%d/%m/%Y}"


def period_name(period: str, language: str = "id") -> str:
    """ "2026-11" -> "November 2026"; "2026-Q4" -> "triwulan IV 2026"."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        roman = _ROMAN[int(part[1]) - 1]
        return f"quarter {part[1]} of {year}" if language == "en" else f"triwulan {roman} {year}"
    return f"{MONTHS['en' if language == 'en' else 'id'][int(part) - 1]} {year}" if part else year


def clock(moment: datetime, zone: str | ZoneInfo = "Asia/Jakarta", language: str = "id") -> str:
    """14.03 WIB (14:03 WIB in English): an instant on the clock of a zone."""
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(where)
    name = _ZONES.get(where.key) or local.tzname() or ""
    return f"{local:%H:%M} {name}" if language == "en" else f"{local:%H.%M} {name}"


def moment(at: datetime, zone: str | ZoneInfo = "Asia/Jakarta", language: str = "id") -> str:
    """22 November 2026 14.03 WIB."""
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(where)
    return f"{long_date(local, language)} {clock(at, where, language)}"


def number(value: int | float | Decimal, language: str = "id") -> str:
    """1.240 and 0,93 in Indonesian; 1,240 and 0.93 in English."""
    text = f"{value:,}" if isinstance(value, int) else f"{Decimal(str(value)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if language == "en" else text.translate(_SWAP)


def money(amount: int | float | Decimal, language: str = "id", currency: str = "IDR") -> str:
    """Rp 1.500.000; other currencies by their code."""
    return f"{'Rp' if currency == 'IDR' else currency}\u00a0{number(amount, language)}"


def place(known: Place, language: str = "id") -> str:
    """What a report is to those before it of the same duty: a later part, a correction, or "" for the first."""
    if known.part > 1:
        return _PART.text(language).format(number=known.part)
    return _CORRECTION.text(language).format(number=known.correction) if known.correction else ""


# --- due dates --------------------------------------------------------------------------------------------


def due_sentence(explained: Mapping[str, Any], due_on: date, language: str = "id") -> str:
    """How a due date came about (`app.domain.deadlines.Due.explained`), in one or two sentences."""
    english = language == "en"
    kind, days = explained.get("kind"), explained.get("days")
    on = long_date(due_on, language)
    if kind in ("working", "calendar") and isinstance(days, int):
        start = long_date(date.fromisoformat(explained["from"]), language)
        unit = (
            ("working " if kind == "working" else "") + ("day" if abs(days) == 1 else "days")
            if english
            else "hari kerja"
            if kind == "working"
            else "hari"
        )
        side = ("after" if days >= 0 else "before") if english else "sesudah" if days >= 0 else "sebelum"
        text = f"{on}: {abs(days)} {unit} {side} {start}."
    elif kind == "fixed":
        day = explained.get("day")
        text = f"{on}: day {day} of the following month." if english else f"{on}: tanggal {day} bulan berikutnya."
    else:
        text = f"{on}: {'the last day of the period' if english else 'hari terakhir periode'}."
    if explained.get("rolled_from"):
        first = long_date(date.fromisoformat(explained["rolled_from"]), language)
        text += f" {first} is not a working day." if english else f" {first} bukan hari kerja."
    if explained.get("skipped"):
        names = ", ".join(
            f"{one['name']} ({short_date(date.fromisoformat(one['on']))})" for one in explained["skipped"]
        )
        text += f" Not counted: {names}." if english else f" Tidak dihitung: {names}."
    return text


# --- catalogues -------------------------------------------------------------------------------------------


@cache
def catalogue(language: str = "id") -> NullTranslations:
    """The gettext catalogue of all four packages, for code outside a request. English needs none."""
    merged: NullTranslations = NullTranslations()
    if language == "en":
        return merged
    for package in ("app", "forms", "admin", "notifications"):
        found = _load(_ROOT / package / "translations" / language / "LC_MESSAGES")
        if found is not None:
            found.add_fallback(merged)
            merged = found
    return merged


def _load(folder: Path) -> GNUTranslations | None:
    """The compiled catalogue, or the .po read in memory when nothing newer was compiled."""
    source, compiled = folder / "messages.po", folder / "messages.mo"
    if compiled.exists() and (not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime):
        return GNUTranslations(io.BytesIO(compiled.read_bytes()))
    if not source.exists():
        return None
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    buffer = io.BytesIO()
    write_mo(buffer, read_po(io.BytesIO(source.read_bytes())))
    buffer.seek(0)
    return GNUTranslations(buffer)
