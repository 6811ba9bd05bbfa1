"""Who acts, and what ties a row to a territory: plain data, interpreted by `app.policy` alone."""

from __future__ import annotations

from dataclasses import dataclass
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

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls(kind="system", name=name)

    @classmethod
    def link(cls, company_id: int, name: str) -> Actor:
        return cls(kind="link", name=name, company_id=company_id)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which fields of a registry tie its rows to a region, zone, agency or company.

    A value may be a path over references: "company.region".
    """

    region: str | None = None
    zone: str | None = None
    agency: str | None = None
    company: str | None = None
