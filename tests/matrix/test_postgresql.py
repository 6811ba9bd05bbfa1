"""The matrix once more on PostgreSQL, thinner: the pages that read, for two people with a territory."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session

from app.database import utcnow
from tests.matrix.people import Person, Walker
from tests.matrix.test_matrix import Walk, rules, view_of
from tests.matrix.world import build

READING = ("index_view", "details_view", "ajax_lookup", "export", "edit_view")
PEOPLE = (Person("officer of one zone", ("field_officer",), limits=("zone",)), Person("agency", ("agency_member",)))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_what_lies_beyond_a_territory_is_not_there_on_postgresql_either(
    session: Session, app: Flask, person: Person
) -> None:
    world = build(session, utcnow())
    session.commit()
    walk = Walk(app, Walker(app, world, person))
    for rule, _mark in rules(app):
        registry, page = view_of(rule.endpoint)
        if registry is not None and page in READING:
            walk.registry(rule, registry, page)
    print(f"{person.name} on PostgreSQL: {walk.steps} combinations")

    assert walk.steps > 100
    assert walk.leaks == [], "\n".join(map(str, walk.leaks))
    assert walk.wrong == [], "\n".join(map(str, walk.wrong))
