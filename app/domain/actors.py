"""Who acts, and what ties a row to a territory: plain data, interpreted by `app.policy` alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["staff", "agency", "link", "system"]
Change = tuple[str, str, str, str]  # role, registry, field ("" = the whole registry), right


@dataclass(frozen=True, slots=True, eq=False)
class Grants:
    """What the office changed of the declared rights: {change: value}; what is not named stands as declared.

    Made once a version and shared, so that whatever is derived from it may be kept by its identity.
    """

    version: int = 0
    changes: Mapping[Change, str] = field(default_factory=dict)


DECLARED = Grants()


@dataclass(frozen=True, slots=True)
class Bounds:
    """A limit on rows: what lies in one of these regions (by code, with all below them), zones or agencies (by id)."""

    regions: frozenset[str] = frozenset()
    zones: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.regions or self.zones or self.agencies)


UNBOUNDED = Bounds()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process behind an operation. `name` is what the audit log shows.

    `grants` and the bounds are as they stood when the request or job began; `queries.accounts` fills them.
    """

    kind: Kind
    name: str
    roles: frozenset[str] = frozenset()
    user_id: int | None = None
    agency_id: int | None = None
    region_code: str | None = None  # territory of the actor's agency
    company_id: int | None = None  # of a link
    request_id: str | None = None
    door: str | None = None  # through what a change comes: screen, shell, job, link, "revert:7"
    grants: Grants = DECLARED
    bounds: Bounds = UNBOUNDED  # of this person, within what the roles see
    role_bounds: Mapping[str, Bounds] = field(default_factory=dict, hash=False)  # of roles that are limited

    @classmethod
    def system(cls, name: str, door: str = "job") -> Actor:
        return cls(kind="system", name=name, door=door)

    @classmethod
    def link(cls, company_id: int, name: str) -> Actor:
        return cls(kind="link", name=name, company_id=company_id, door="link")

    def through(self, door: str) -> Actor:
        """The same person by another door."""
        return replace(self, door=door)


Path = str | tuple[str, ...]
Reach = Literal["region", "zone", "agency", "record"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which fields of a registry tie its rows to a region, zone or agency, or to the record whose place they share.

    A value is a field or a path over references, or several of them:

        "company.region"                 the region of the company the row names
        "sponsorship[person].sponsor"    the sponsors in the sponsorships that name the row as their person

    `company` and `follows` may end at any record: the row lies where that record lies.
    """

    region: Path | None = None
    zone: Path | None = None
    agency: Path | None = None
    company: Path | None = None
    follows: Path | None = None

    def __bool__(self) -> bool:
        return any((self.region, self.zone, self.agency, self.company, self.follows))

    def paths(self) -> Iterator[tuple[Reach, str]]:
        """(what a path leads to, the path), one by one."""
        declared: tuple[tuple[Reach, Path | None], ...] = (
            ("region", self.region),
            ("zone", self.zone),
            ("agency", self.agency),
            ("record", self.company),
            ("record", self.follows),
        )
        for reach, paths in declared:
            for path in (paths,) if isinstance(paths, str) else paths or ():
                yield reach, path
