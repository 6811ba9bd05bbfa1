"""Who walks the matrix: every role as it is declared, and people with limits of every kind."""

from __future__ import annotations

import html
import io
import re
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor, Bounds
from app.operations import records, users
from app.registry import Registry, get
from app.web import access
from tests.fixtures.web import hidden
from tests.matrix.values import WORD
from tests.matrix.world import OUR_REGION, OURS, SHARED, SYSTEM, World, keep_view, lies_within

_COOKIES = re.compile(r"(?:cursor|before)=([A-Za-z0-9_-]{8,})")


@dataclass(frozen=True)
class Person:
    """`limits` are those of the user ("zone", "region", "agency": ours); `role_limit` the same of the role."""

    name: str
    roles: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    role_limit: tuple[str, ...] = ()
    agency: bool = True  # of ours; False: an agency's person without territory

    @property
    def partner(self) -> bool:
        return bool(self.roles) and set(self.roles) <= policy.AGENCY_ROLES

    def sees_view(self, place: str) -> bool:
        """Views are one's own, or shared within the office."""
        return bool(self.roles) and (place == OURS or (place == SHARED and not self.partner))

    def changes_view(self, place: str) -> bool:
        """Whoever oversees the office's views changes what is shared."""
        return place == OURS or "admin" in self.roles

    @property
    def limited(self) -> bool:
        return bool(self.limits or self.role_limit or self.partner)


VISITOR = Person("visitor")
NOBODY = Person("nobody")  # has an account, and no role
EVERYBODY = (
    VISITOR,
    NOBODY,
    *(Person(role, (role,)) for role in access.ROLES),
    Person("agency without territory", ("agency_member",), agency=False),
    Person("officer of one zone", ("field_officer",), limits=("zone",)),
    Person("analyst of one region", ("analyst",), limits=("region",)),
    Person("secretary of one agency", ("secretariat",), limits=("agency",)),
    Person("analysts limited as a role", ("analyst",), role_limit=("region",)),
    Person("administrator of one zone", ("admin",), limits=("zone",)),
    Person("head of a region, also in an agency", ("head", "agency_member"), limits=("region",)),
)


def bounds(world: World, kinds: Collection[str]) -> Bounds:
    """Limited to an agency is limited to its territory too."""
    regions = {OUR_REGION} if "region" in kinds else set[str]()
    regions |= {world.row(OURS, "region")["code"]} if "agency" in kinds else set()
    zones = {world.row(OURS, "zone")["id"]} if "zone" in kinds else set[int]()
    agencies = {world.row(OURS, "agency")["id"]} if "agency" in kinds else set[int]()
    return Bounds(frozenset(regions), frozenset(zones), frozenset(agencies))


class Walker:
    """One person with a browser, what they may see told by `lies_within`, and what an answer tells them."""

    def __init__(self, app: Flask, world: World, person: Person) -> None:
        self.world, self.person, self.browser = world, person, app.test_client()
        self.lists: dict[str, list[str]] = {}  # kept by who asks many times
        self.actor = Actor("staff", person.name, frozenset(person.roles))
        self.token = self._log_in() if person is not VISITOR else hidden(self.browser.get("/masuk").text)["csrf_token"]
        self.marks: dict[str, object] = {**world.views, **world.reports, **world.secrets}
        self.numbers = [text for text in self.marks if not WORD.fullmatch(text)]

    def _log_in(self) -> str:
        now, kinds = utcnow(), self.person.limits
        limit = {f"limit_{kind}s" if kind != "agency" else "limit_agencies": [self._id(kind)] for kind in kinds}
        role = {f"limit_{kind}s": [self._id(kind)] for kind in self.person.role_limit}
        with unit_of_work() as session:
            user = users.add(session, email="penjelajah@kantor.example", name="Penjelajah", roles=self.person.roles,
                             actor=SYSTEM, now=now, status="active")  # fmt: skip
            agency = {"agency": self.world.row(OURS, "agency")["id"]} if self.person.agency else {}
            made = records.save(session, get("user"), limit | agency, SYSTEM, public_id=user.public_id, now=now)
            assert not made.problems, made.problems
            if role:
                table = get("role").table
                id_ = session.execute(select(table.c.public_id).where(table.c.code == self.person.roles[0])).scalar()
                records.save(session, get("role"), role, SYSTEM, public_id=str(id_), now=now)
            keep_view(session, now, self.world, OURS, user.id or 0)
            path = users.one_time_link(session, user, now, settings()).removeprefix(settings().public_url)
        assert self.browser.post(path, data=hidden(self.browser.get(path).text)).status_code == 302
        return hidden(self.browser.get("/akun/kata-sandi").text)["csrf_token"]

    def _id(self, kind: str) -> int:
        if kind == "region":  # the regency over our sub-district
            with unit_of_work() as session:
                values = {"code": OUR_REGION, "name": "Kabupaten Kita", "level": "kab"}
                made = records.save_many(session, get("region"), [values], SYSTEM, now=utcnow(), match=["code"])
                id_ = int(made.outcomes[0].id or 0)
                table = get("region").table
                row = session.execute(select(table).where(table.c.id == id_)).mappings().one()
                self.world.rows["region"][id_] = dict(row)
                return id_
        return int(self.world.row(OURS, kind)["id"])

    # ---- what they may, told without the policy's SQL

    def sees(self, registry: Registry, row: Mapping[str, Any]) -> bool:
        """Whether this row exists for the person."""
        if "read" not in policy.of(registry, self.actor).actions:
            return False
        if registry.guarded and "admin" in self.person.roles:
            return True
        within_role = any(self._role_sees(registry, row, role) for role in self.person.roles)
        own = bounds(self.world, self.person.limits)
        return within_role and (not own or lies_within(self.world, registry, row, own))

    def _role_sees(self, registry: Registry, row: Mapping[str, Any], role: str) -> bool:
        if "read" not in policy.rights(registry, role).actions:
            return False
        if role in policy.AGENCY_ROLES:
            return lies_within(self.world, registry, row, bounds(self.world, ("agency",) if self.person.agency else ()))
        if self.person.role_limit:
            return lies_within(self.world, registry, row, bounds(self.world, self.person.role_limit))
        return True

    def reads(self, registry: Registry, public_id: str, field: str) -> bool:
        """Whether the person may read this value in plain."""
        row = self.world.by_public_id(registry.key, public_id)
        return self.sees(registry, row) and policy.of(registry, self.actor).sight[field] == "plain"

    # ---- what an answer tells

    def leaks(self, answer: TestResponse, typed: Collection[str] = ()) -> list[str]:
        """Marked values in an answer that the person may not read, what they typed themselves aside."""
        text, own = told(answer), " ".join(typed).lower()
        words = {word.lower() for word in WORD.findall(text)} & self.marks.keys()
        found = words | {number for number in self.numbers if number in text}
        left = sorted(one for one in found if one.lower() not in own and not self._may_read(one))
        return [f"{one} {self.marks[one]}" for one in left]

    def _may_read(self, text: str) -> bool:
        if any(self.reads(get(one.registry), one.public_id, one.field) for one in self.world.secrets.get(text, ())):
            return True
        if text in self.world.views:
            return self.person.sees_view(self.world.views[text])
        place = self.world.reports.get(text)
        if text in self.world.numbers and "reveal" not in policy.of(get("passport"), self.actor).actions:
            return False
        return place is not None and self.sees(get("company"), self.world.row(place, "company"))


def told(answer: TestResponse) -> str:
    """All that an answer tells: headers, text, the parts of a workbook, and what its cursors hold."""
    said = [str(answer.headers)]
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            said += [book.read(name).decode() for name in book.namelist()]
    else:
        said.append(html.unescape(answer.data.decode("utf-8", "replace")))
    for packed in _COOKIES.findall(said[-1]):
        try:
            said.append(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "replace"))
        except ValueError:
            continue
    return "\n".join(said)
