"""Who may be what in a supervision team (Tim Pora): its chair sits at an immigration office (domain: B13).

The article that says so in Permen Imipas 2/2025 is still to be confirmed (open point 3); the rule holds meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.errors import Problem
from app.domain.row_rules import across

Row = Mapping[str, Any]
_MEMBERS = "<task_force_member:task_force"
_KINDS = f"{_MEMBERS}.agency.kind"
_TEAM = f"task_force.{_MEMBERS}"


def chair_of(row: Row) -> int | None:
    """The id of the member who leads the team now."""
    return next((member["id"] for member in row.get(_MEMBERS) or () if _leads(member)), None)


@across(_MEMBERS, _KINDS)
def led_by_immigration(row: Row) -> Iterable[Problem]:
    """A team in force has one chair, of an immigration office."""
    if row.get("status") != "in_force":
        return
    kinds = [kind for member, kind in zip(row[_MEMBERS], row[_KINDS], strict=True) if _leads(member)]
    if not kinds:
        yield Problem("chair_missing", field="status")
    elif len(kinds) > 1:
        yield Problem("chair_twice", field="status")
    elif kinds[0] != "imigrasi":
        yield Problem("chair_not_immigration", field="status")


@across(_MEMBERS)
def term_covers_members(row: Row) -> Iterable[Problem]:
    """The term of a team is not cut shorter than that of its members."""
    begins, ends = row.get("valid_from"), row.get("valid_until")
    for member in row[_MEMBERS]:
        if begins and member["started_on"] and member["started_on"] < begins:
            yield Problem("member_outside_term", field="valid_from", params={"name": member["name"]})
            return
        if ends and any(day and day > ends for day in (member["started_on"], member["ended_on"])):
            yield Problem("member_outside_term", field="valid_until", params={"name": member["name"]})
            return


@across("agency.kind")
def chair_sits_at_immigration(row: Row) -> Iterable[Problem]:
    """Nobody of another agency is made chair."""
    if _leads(row) and row.get("agency.kind") not in (None, "imigrasi"):
        yield Problem("chair_not_immigration", field="role")


@across(_TEAM)
def one_chair(row: Row) -> Iterable[Problem]:
    """A second chair is not added while the first one leads."""
    others = [member for member in row.get(_TEAM) or () if member["id"] != row.get("id") and _leads(member)]
    if _leads(row) and others:
        yield Problem("chair_taken", field="role", params={"name": others[0]["name"]})


def _leads(member: Row) -> bool:
    return member.get("role") == "chair" and member.get("status", "active") == "active"
