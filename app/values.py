"""Values as a person reads them: lists, records, history and exported sheets say them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from app import wording
from app.config import settings
from app.domain.fields import Field, Label, Masked

Labels = Mapping[str, Mapping[int, tuple[str, str]]]  # field → id → (name, public id)
BEYOND = Label("di luar wewenang Anda", "beyond your rights")  # a record named, but not to be seen


def text(spec: Field, value: Any, language: str, labels: Labels) -> str:
    """A value in words: a reference by its name, an instant in the office's time."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, Masked):
        return str(value)
    if spec.reference:
        ids: Sequence[Any] = value if isinstance(value, list) else [value]
        return ", ".join(dict.fromkeys(_name(labels, spec.key, one, language) for one in ids))
    if isinstance(value, datetime):
        return instant(value, language)
    return spec.type.show(value, language)


def instant(value: datetime, language: str) -> str:
    """A moment in the office's time: "22/11/2026 14.03"."""
    local = value.astimezone(ZoneInfo(settings().office_time_zone))
    return f"{local:%d/%m/%Y %H:%M}" if language == "en" else f"{local:%d/%m/%Y %H.%M}"


def recent(at: datetime, now: datetime, language: str) -> str:
    """The clock alone for today: "14.03 WIB"; the date before it on other days."""
    if settings().today(at) == settings().today(now):
        return wording.clock(at, settings().office_time_zone, language)
    return instant(at, language)


def stored(spec: Field, value: Any, language: str, labels: Labels) -> str:
    """A value as the audit table keeps it (dates as ISO text, decimals as text) in words."""
    if isinstance(value, str):
        value = from_json(spec, value)
    return text(spec, value, language, labels)


def from_json(spec: Field, value: str) -> Any:
    """A stored text of the audit table as the Python value its field holds."""
    try:
        if spec.type.python is date:
            return date.fromisoformat(value)
        if spec.type.python is datetime:
            return datetime.fromisoformat(value)
        if spec.type.python is Decimal:
            return Decimal(value)
    except (ValueError, InvalidOperation):
        pass
    return value


def _name(labels: Labels, key: str, one: Any, language: str) -> str:
    found = labels.get(key, {}).get(one)
    return found[0] if found else BEYOND.text(language)
