"""What can be done with one record besides editing it."""

from __future__ import annotations

from dataclasses import dataclass

from admin.record_page import RecordPage


@dataclass(frozen=True, slots=True)
class Act:
    title: str
    url: str
    icon: str


def record_actions(page: RecordPage) -> list[Act]:
    """The buttons of a record's page, for this person."""
    return []
