"""Who acts, and what ties a row to a territory: plain data, interpreted by `app.policy` alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["staff", "agency", "link", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process behind an operation. `name` is what the audit log shows."""

    kind: Kind
    name: str
    roles: frozenset[str] = frozenset()
    user_id: int | None = None
    agency_id: int | None = None
    region_code: str | None = None  # territory of the actor's agency
    company_id: int | None = None  # of a link
    request_id: str | None = None
    door: str | None = None  # through what a change comes: screen, shell, job, link, "revert:7"

    @classmethod
    def system(cls, name: str, door: str = "job") -> Actor:
        return cls(kind="system", name=name, door=door)

    @classmethod
    def link(cls, company_id: int, name: str) -> Actor:
        return cls(kind="link", name=name, company_id=company_id, door="link")

    def through(self, door: str) -> Actor:
        """The same person by another door."""
        return replace(self, door=door)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which fields of a registry tie its rows to a region, zone, agency or company.

    A value may be a path over references: "company.region".
    """

    region: str | None = None
    zone: str | None = None
    agency: str | None = None
    company: str | None = None
