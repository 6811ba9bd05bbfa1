"""What is odd about a company, for a person to weigh (domain: companies, checks). None of it decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.errors import Problem

Row = Mapping[str, Any]


def sponsors_without_number(row: Row) -> Iterable[Problem]:
    """It guarantees foreigners although its business number was revoked."""
    if row.get("nib_status") == "revoked" and row.get("is_sponsor"):
        yield Problem("nib_revoked_sponsor", field="nib_status")


def address_not_seen(row: Row) -> Iterable[Problem]:
    """It employs or guarantees foreigners, and no officer has been at its address."""
    foreigners = row.get("is_sponsor") or row.get("is_employer")
    if foreigners and row.get("status") not in ("closed", "field_verified") and row.get("address_verified_on") is None:
        yield Problem("address_unverified", field="address_verified_on")
