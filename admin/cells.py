"""Values as a person reads them in lists, details and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from app.config import settings
from app.domain.fields import Field

Labels = Mapping[str, Mapping[int, tuple[str, str]]]  # field → id → (name, public id)

# Statuses that ask for something; every other status stays plain.
TODO = frozenset({"unconfirmed", "bouncing", "invited", "soft_bounce", "claimed", "needs_fix"})
BAD = frozenset(
    {"not_found", "revoked", "locked", "expired", "hard_bounce", "complaint", "disputed", "objected", "lost"}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a page. `state` is "" for plain text, else plain, todo or bad; `url` leads to what it names."""

    key: str
    label: str
    text: str
    masked: bool = False
    number: bool = False
    state: str = ""
    url: str | None = None


def cell(
    spec: Field, value: Any, language: str, labels: Labels, *, masked: bool = False, url: str | None = None
) -> Cell:
    """A field's value in words; masked ones keep only what their type lets through."""
    shown = spec.type.mask(value) if masked and value not in (None, "") else text(spec, value, language, labels)
    return Cell(
        key=spec.key,
        label=spec.label.text(language),
        text=shown,
        masked=masked and bool(shown),
        number=spec.type.python in (int, Decimal) and not spec.reference,
        state=_state(spec, value) if shown and not masked else "",
        url=url,
    )


def text(spec: Field, value: Any, language: str, labels: Labels) -> str:
    """A value in words: a reference by its name, an instant in the office's time."""
    if value is None or value == "" or value == []:
        return ""
    if spec.reference:
        ids: Sequence[Any] = value if isinstance(value, list) else [value]
        return ", ".join(_name(labels, spec.key, one) for one in ids)
    if isinstance(value, datetime):
        return instant(value, language)
    return spec.type.show(value, language)


def instant(value: datetime, language: str) -> str:
    """A moment in the office's time: "22/11/2026 14.03"."""
    local = value.astimezone(ZoneInfo(settings().office_time_zone))
    return f"{local:%d/%m/%Y %H:%M}" if language == "en" else f"{local:%d/%m/%Y %H.%M}"


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


def _name(labels: Labels, key: str, one: Any) -> str:
    found = labels.get(key, {}).get(one)
    return found[0] if found else f"#{one}"


def _state(spec: Field, value: Any) -> str:
    if spec.key not in ("status", "email_state", "nib_status", "state"):
        return ""
    return "todo" if value in TODO else "bad" if value in BAD else "plain"
