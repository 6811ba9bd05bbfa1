"""Every route × every role × own and other rows: what may be seen is seen, what may not is not there. 0 leaks.

The routes come from the URL map, the registries from their declarations, the rows from a world with two territories
(`world`), and what a person ought to see from `lies_within`, which knows no SQL. A route that is new is walked by
itself; one that needs arguments says here what to add to `calls`.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from admin.registry_view import ASKS
from app import database, policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.registry import Registry, get, registries
from app.web import access
from tests.matrix.calls import OWN_ACCOUNT, SCREENS, VIEWS, Call, Screen, a_text
from tests.matrix.people import EVERYBODY, NOBODY, VISITOR, Person, Walker
from tests.matrix.world import CROSSING, GONE, OURS, THEIRS, World, build, everything

MISSING = "zzzzzzzzzzzzzzzz"
LOGGED = {"audit_entry"}  # an export and a revealed value leave a trace


@pytest.fixture(scope="session")
def world_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The world, built once a run; each walk takes a copy."""
    path = tmp_path_factory.mktemp("matrix") / "sinergi.db"
    shutil.copy(sqlite_template, path)
    database.use(f"sqlite:///{path}")
    try:
        with pytest.MonkeyPatch.context() as patch, unit_of_work() as session:
            patch.setenv("SINERGI_DATA", str(path.parent))
            settings.cache_clear()
            world = build(session, utcnow())
    finally:
        settings.cache_clear()
        database.dispose()
        database.use(None)
    return path, world


@pytest.fixture
def world(world_file: tuple[Path, World], database_url: str) -> World:
    path, world = world_file
    database.dispose()
    shutil.copy(path, database_url.removeprefix("sqlite:///"))
    shutil.copytree(path.parent / "uploads", settings().uploads, dirs_exist_ok=True)
    return world


@pytest.fixture
def walker(request: pytest.FixtureRequest, world: World, app: Flask) -> Walker:
    person: Person = request.param
    return Walker(app, world, person)


def view_of(endpoint: str) -> tuple[Registry | None, str]:
    """(registry, name of the page) of a route of the generated screens."""
    door, _, page = endpoint.rpartition(".")
    return registries().get(door.removeprefix("staff_")) if door.startswith("staff_") else None, page


def address(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    adapter = app.url_map.bind("localhost", url_scheme="https")
    return adapter.build(rule.endpoint, values).split("?")[0]


class Walk:
    """The steps of one person, counted; what is wrong is collected so that one run says all of it."""

    def __init__(self, app: Flask, walker: Walker) -> None:
        self.app, self.walker, self.world = app, walker, walker.world
        self.person = walker.person
        self.steps = 0
        self.wrong: list[tuple[str, str, int, str]] = []
        self.leaks: list[tuple[str, str, list[str]]] = []

    def go(self, call: Call, path: str, row_id: str, expect: frozenset[int], registry: Registry | None = None,
           row: Any = None) -> TestResponse:  # fmt: skip
        self.steps += 1
        text = a_text(registry) if registry else ""
        where = path + call.query.format(id=row_id, text=text)
        given = {name: str(value).format(id=row_id) for name, value in call.given(registry, row).items()}
        data = given | {"csrf_token": self.walker.token} if call.method == "POST" else None
        answer = self.walker.browser.open(where, method=call.method, data=data)
        if answer.status_code not in expect:
            self.wrong.append((call.method, where, answer.status_code, f"expected {sorted(expect)}"))
        typed = [*given.values(), where]
        told = self.walker.leaks(answer, typed)
        if told:
            self.leaks.append((call.method, where, told))
        return answer

    # ---- pages of registries

    def registry(self, rule: Rule, registry: Registry, page: str) -> None:
        for call in VIEWS[page]:
            if call.method not in (rule.methods or ()):
                continue
            may = self.may(registry, ASKS[page]) and (call.action is None or self.may(registry, call.action))
            path = address(self.app, rule, {"export_type": "csv"} if "export_type" in rule.arguments else {})
            for place in self.places(call, may):
                self.row(call, path, registry, place, may)

    def row(self, call: Call, path: str, registry: Registry, place: str, may: bool) -> None:
        if not call.of_row:
            expect = call.expect if may else self.refused()
            if not (call.changes and may):
                self.go(call, path, "", expect, registry, {})
            return
        row = self.world.row(place, registry.key) if place else {}
        there = bool(place) and self.walker.sees(registry, row)
        if may and there and (call.changes or (place == GONE and call.method == "POST")):
            return  # it would be done
        expect = self.refused() if not may else call.expect if there and place != GONE else frozenset({404})
        if place == GONE and there:
            expect = call.expect | {404}
        self.go(call, path, self.world.ids[place][registry.key] if place else MISSING, expect, registry, row)

    def places(self, call: Call, may: bool) -> list[str]:
        if not call.of_row or not may:
            return [OURS]
        return [OURS, CROSSING, THEIRS, GONE, ""] if self.person.limited else [OURS, ""]

    def may(self, registry: Registry, action: str) -> bool:
        right = "read" if action == "list" else action
        return right in policy.of(registry, self.walker.actor).actions

    def refused(self) -> frozenset[int]:
        return frozenset({302, 401}) if self.person is VISITOR else frozenset({403})

    # ---- every other page

    def screen(self, rule: Rule, mark: str) -> None:
        screen = SCREENS.get(rule.endpoint)
        may = self.lets_in(rule.endpoint, mark)
        calls = screen.calls if screen else tuple(Call(m) for m in ("GET", "POST") if m in (rule.methods or ()))
        for owner in registries() if screen and screen.each else (screen.registry if screen else "company",):
            for place in screen.places if screen and place_matters(self.world, screen) else (OURS,):
                values = {"key": owner} if screen and screen.each else {}
                values |= screen.values(self.world, place) if screen and screen.values else {}
                path = address(self.app, rule, dict.fromkeys(rule.arguments, "x") | values)
                for call in calls:
                    if call.method in (rule.methods or ()):
                        self.ask(rule, call, path, place, may, screen, get(owner))

    def ask(self, rule: Rule, call: Call, path: str, place: str, may: bool, screen: Screen | None,
            owner: Registry) -> None:  # fmt: skip
        of_place = place_matters(self.world, screen)
        if screen is not None and screen.sees is not None:
            there = screen.sees(self.person, place)
        else:
            there = self.walker.sees(owner, self.world.row(place, owner.key))
        if call.by is not None and there:
            may = may and call.by(self.person, place)
        if call.action is not None:
            may = may and self.may(owner, call.action) and not (call.action == "import" and self.person.limited)
        if may and (rule.endpoint in OWN_ACCOUNT or (call.changes and (there or not of_place))):
            return
        expect = self.refused() if not may else call.expect
        if may and of_place and not there and call.expect != frozenset({404}):
            expect = frozenset({404})
        self.go(call, path, self.world.ids.get(place, self.world.ids[THEIRS])["company"], expect)

    def lets_in(self, endpoint: str, mark: str) -> bool:
        if self.person is VISITOR:
            return False
        return bool(access.roles_of(mark) & set(self.person.roles)) or (
            self.person is NOBODY and access.lets_in(self.app, endpoint, ())
        )


def place_matters(world: World, screen: Screen | None) -> bool:
    if screen is None or screen.values is None:
        return False
    return screen.values(world, OURS) != screen.values(world, THEIRS)


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        mark = access.access_of(app, rule.endpoint) or ""
        if mark not in (access.PUBLIC, access.LINK, access.STATIC):
            yield rule, mark


READERS = ("agency_member", "auditor", "secretariat", "timpora_chair")
OFFERED = [person for person in EVERYBODY if person.name in READERS]


@pytest.mark.parametrize("walker", OFFERED, indirect=True, ids=lambda person: person.name)
def test_no_page_offers_a_door_that_is_shut(walker: Walker) -> None:
    """What a list or record links to opens, for whoever sees the link."""
    browser, world = walker.browser, walker.world
    starts = ["/staff/"]
    for key, registry in registries().items():
        if "read" in policy.of(registry, walker.actor).actions:
            starts += [f"/staff/{key}/"]
            if walker.sees(registry, world.row(OURS, key)):
                starts += [f"/staff/{key}/details/?id={world.ids[OURS][key]}"]
    offered: dict[str, str] = {}
    for start in starts:
        for link in re.findall(r'(?:href|action)="(/staff/[^"#]*)', browser.get(start).text):
            offered.setdefault(re.sub(r"\b[0-9a-z]{16}\b", "ID", link.partition("&amp;")[0]), html.unescape(link))
    shut = [(link, code) for link in offered.values() if (code := browser.get(link).status_code) in (403, 404, 500)]

    assert len(offered) > 20
    assert shut == []


def test_every_route_can_be_walked(app: Flask) -> None:
    """What to do when this fails: a line in tests/matrix/calls.py says how to call the new route."""
    unknown = []
    for rule, _mark in rules(app):
        registry, page = view_of(rule.endpoint)
        if registry is not None:
            if page not in VIEWS:
                unknown.append(f'VIEWS: how to call the page "{page}" of a registry')
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                if page in VIEWS and method not in {call.method for call in VIEWS[page]}:
                    unknown.append(f'VIEWS["{page}"]: how to call it by {method}')
            continue
        screen = SCREENS.get(rule.endpoint)
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        called = {call.method for call in screen.calls} if screen else {"GET"} if not rule.arguments else set()
        if rule.endpoint not in OWN_ACCOUNT:
            unknown += [f'SCREENS: how to call "{rule.endpoint}" ({rule.rule}) by {m}' for m in methods - called]

    assert sorted(set(unknown)) == [], "add to tests/matrix/calls.py"


def test_the_table_names_no_route_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(SCREENS) - endpoints == set()
    assert set(VIEWS) - {view_of(endpoint)[1] for endpoint in endpoints} == set()


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Recorder = Callable[[str, object], None]


@pytest.mark.parametrize("walker", EVERYBODY, indirect=True, ids=lambda person: person.name)
def test_each_person_sees_what_the_policy_says_and_nothing_else(
    app: Flask, walker: Walker, record_property: Recorder
) -> None:
    walk = Walk(app, walker)
    with unit_of_work(write=False) as session:
        before = everything(session)
    for rule, mark in rules(app):
        registry, page = view_of(rule.endpoint)
        if registry is not None:
            walk.registry(rule, registry, page)
        else:
            walk.screen(rule, mark)
    record_property("combinations", walk.steps)
    print(f"{walker.person.name}: {walk.steps} combinations")

    assert walk.leaks == [], "\n".join(map(str, walk.leaks))
    assert walk.wrong == [], "\n".join(map(str, walk.wrong))
    with unit_of_work(write=False) as session:
        after = everything(session)
    assert {name for name in before if before[name] != after[name]} <= LOGGED, "nothing is written by what is refused"
