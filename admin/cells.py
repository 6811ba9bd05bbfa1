"""Values as the pages of the staff door draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.fields import Field, Label, Masked
from app.operations.batches import undone
from app.values import Labels, from_json, instant, stored, text

__all__ = ["Cell", "Labels", "cell", "doer", "from_json", "instant", "reason", "stored", "text"]

# Statuses that ask for something; every other status stays plain.
TODO = frozenset({"unconfirmed", "bouncing", "invited", "soft_bounce", "claimed", "needs_fix"})
BAD = frozenset(
    {"not_found", "revoked", "locked", "expired", "hard_bounce", "complaint", "disputed", "objected", "lost"}
)
# What acts without a person, under the name the history keeps of it.
MACHINES = {
    "dunia contoh": Label("dunia contoh", "demo data"),
    "kalender": Label("kalender", "calendar"),
    "masa simpan": Label("masa simpan", "retention period"),
    "enqueue": Label("antrean surat", "mail queue"),
}
REASONS = {
    "dihitung ulang": Label("dihitung ulang", "reckoned anew"),
    "peran bawaan": Label("peran bawaan", "role of the application"),
    "akun dibuat": Label("akun dibuat", "account made"),
}
TAKEN_BACK = Label("pekerjaan atas banyak data dibatalkan", "work on many records was taken back")
BY_LINK = Label("perusahaan, lewat tautannya", "the company, by its link")


@dataclass(slots=True)  # not frozen: a page makes them by the hundred, and a frozen one takes four times as long
class Cell:
    """One value of a page. `state` is "" for plain text, else plain, todo or bad; `url` leads to what it names,
    `files` are (name, address) of each."""

    key: str
    label: str
    text: str
    masked: bool = False
    number: bool = False
    state: str = ""
    url: str | None = None
    files: Sequence[tuple[str, str]] = ()

    @property
    def plain(self) -> bool:
        """Whether the text is all there is to draw."""
        return bool(self.text) and not (self.state or self.masked or self.url or self.files)


def cell(
    spec: Field, value: Any, language: str, labels: Labels, *, masked: bool = False, url: str | None = None
) -> Cell:
    """A field's value in words; masked ones keep only what their type lets through."""
    masked = masked or isinstance(value, Masked)
    shown = _dots(spec, value) if masked and value not in (None, "", []) else text(spec, value, language, labels)
    return Cell(
        key=spec.key,
        label=spec.label.text(language),
        text=shown,
        masked=masked and bool(shown),
        number=spec.type.python in (int, Decimal) and not spec.reference,
        state=_state(spec, value) if shown and not masked else "",
        url=url,
    )


def doer(name: str | None, language: str) -> str:
    """Who did something, in words."""
    if name and name.startswith("link:"):
        return BY_LINK.text(language)
    return MACHINES[name].text(language) if name in MACHINES else name or ""


def reason(given: str | None, language: str) -> str:
    """Why, as somebody wrote it or as a machine said it."""
    if undone(given):
        return TAKEN_BACK.text(language)
    return REASONS[given].text(language) if given in REASONS else given or ""


def _dots(spec: Field, value: Any) -> str:
    return str(value) if isinstance(value, Masked) else spec.type.mask(value)


def _state(spec: Field, value: Any) -> str:
    if spec.key not in ("status", "email_state", "nib_status", "state"):
        return ""
    return "todo" if value in TODO else "bad" if value in BAD else "plain"
