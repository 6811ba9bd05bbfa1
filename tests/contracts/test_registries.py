"""What every registry gets for nothing. A new registry is tested the moment it is declared."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from app import territory
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.fields import Field
from app.operations import records, reverting
from app.queries import history, lists
from app.registry import OFFICE, Registry, forms, get, registries
from tests.factories import sample, values

ALL = list(registries().values())
ROLES = OFFICE | {"agency_coordinator", "agency_member"}
pytestmark = pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.key)


def test_the_words_are_there_in_both_languages(registry: Registry) -> None:
    labels = [registry.title, registry.singular, *(f.label for f in registry.fields.values())]
    labels += [f.help for f in registry.fields.values() if f.help]
    assert all(label.id.strip() and label.en.strip() for label in labels)
    assert len({f.label.id for f in registry.fields.values()}) == len(registry.fields), "two fields with one label"


def test_roles_order_and_scope_name_things_that_exist(registry: Registry) -> None:
    assert registry.read <= ROLES
    assert registry.write <= registry.read
    assert registry.order_by in registry.fields
    assert registry.label_field in registry.fields
    assert all(registry.fields[name].type.python is not list for name in registry.beside)
    for reach, path in registry.scope.paths():
        led_to = territory.end(registry, path)
        assert reach == "record" or led_to.key == reach, path
    assert all(target in registries() for target in registry.references.values())


def test_a_registry_in_which_a_person_stands_says_where_its_rows_lie(registry: Registry) -> None:
    assert registry.scope or not registry.personal, "else whoever is limited to a territory sees no row of it"
    owners = [key for name, key in registry.references.items() if registry.fields[name].required and get(key).scope]
    assert registry.scope or not owners, f"its rows belong to {owners}: Scope(follows=…)"


def test_what_partner_agencies_see_is_named_among_the_fields(registry: Registry) -> None:
    assert (registry.partners or set()) <= registry.fields.keys()
    if registry.read - OFFICE:
        assert not registry.office_only
        told = [
            f.key
            for f in registry.fields.values()
            if registry.shared(f) and (f.masked or (f.natural_key and f.sensitivity == "personal"))
        ]
        assert told == []
    if registry.guarded or registry.menu == "access":
        assert registry.office_only, "no grant may open it to partner agencies"


def test_every_field_has_an_example_its_own_type_accepts(registry: Registry) -> None:
    for f in registry.fields.values():
        if not f.computed and not f.reference and f.sample():
            assert f.type.parse(f.sample()) is not None, f.key


def test_personal_fields_are_classed_as_such(registry: Registry) -> None:
    personal = {"person_name", "passport_number", "nik", "email", "phone", "mrz"}
    for f in registry.fields.values():
        if f.type.key in personal:
            assert f.sensitivity in ("personal", "specific"), f.key


def test_a_record_is_made_listed_found_changed_deleted_and_restored(
    registry: Registry, session: Session, admin_actor: Actor, now: datetime
) -> None:
    system = Actor.system("uji")
    made = records.save(session, registry, values(session, registry, now=now), system, now=now)
    assert made.problems == []
    public_id = str(made.public_id)
    page = lists.page(session, registry, admin_actor)
    assert public_id in {row["public_id"] for row in page.rows}
    found = [f for f in registry.fields.values() if f.search and isinstance(made.after.get(f.key), str)]
    for f in found:
        hit = lists.page(session, registry, admin_actor, search_for=made.after[f.key])
        assert public_id in {row["public_id"] for row in hit.rows}, f.key
    again = records.save(session, registry, _changed(registry, made.after), system, now=now, public_id=public_id)
    assert again.problems == []
    records.delete_many(session, registry, [public_id], system, now=now)
    assert public_id not in {row["public_id"] for row in lists.page(session, registry, admin_actor).rows}
    records.restore_many(session, registry, [public_id], system, now=now)
    session.commit()
    actions = [event.action for event in history.of(session, registry, public_id, admin_actor)]
    assert actions[:2] == ["restore", "delete"]
    assert actions[-1] == "create"


def test_missing_required_fields_are_each_named(registry: Registry, session: Session, now: datetime) -> None:
    outcome = records.save(session, registry, {}, Actor.system("uji"), now=now)
    named = {problem.field for problem in outcome.problems if problem.code == "required"}
    assert named == {f.key for f in registry.fields.values() if f.required}


def test_every_filter_and_order_of_the_list_works(
    registry: Registry, session: Session, admin_actor: Actor, now: datetime, today: date
) -> None:
    from app.domain.conditions import Condition, every, operators
    from app.queries.filters import targets

    made = records.save(session, registry, values(session, registry, now=now), Actor.system("uji"), now=now)
    for f in registry.fields.values():
        if f.sortable:
            assert lists.page(session, registry, admin_actor, order=f"-{f.key}").rows
    for path, target in targets(registry, admin_actor).items():
        value = made.after.get(path) if target.registry is registry else None
        for operator in operators(target.field):
            asked = every(Condition(path, operator, _as_values(target.field, operator, value)))
            page = lists.page(session, registry, admin_actor, where=asked, today=today)
            assert page.problems == [], (path, operator)
            if operator == "is" and value is not None and path not in registry.references:
                assert made.public_id in {row["public_id"] for row in page.rows}, path


def _as_values(f: Field, operator: str, value: Any) -> tuple[str | int, ...]:
    if operator in ("empty", "filled", "past", "ahead"):
        return ()
    if operator in ("next", "last", "ago", "beyond"):
        return ("30",)
    if operator == "period":
        return ("this_month",)
    if f.reference:
        return (1,)
    if f.type.python is datetime:
        return ("31/12/2026",) * (2 if operator == "between" else 1)
    text = f.type.entry(value) if value is not None and f.type.python is not list else str(sample(f))
    return (text,) * (2 if operator == "between" else 1)


def _changed(registry: Registry, before: dict[str, Any]) -> dict[str, Any]:
    for f in registry.fields.values():
        if f.type.key in ("text", "long_text") and not f.natural_key and not f.computed:
            return {f.key: "Isi yang diganti"}
    first = next(f for f in registry.fields.values() if not f.computed)
    return {first.key: before[first.key]}


def test_forms_have_the_same_words_and_examples(registry: Registry) -> None:
    for form in forms().values():
        assert all(f.label.id and f.label.en for f in form.fields.values())


def test_garbage_in_any_field_is_a_problem_never_an_exception(
    registry: Registry, session: Session, now: datetime
) -> None:
    garbage = [
        "\x00",
        "\ud800",
        "=1+1|cmd",
        "x" * 100_000,
        "'; DROP TABLE company; --",
        "<script>",
        "\u202e",
        "1e999",
        -1,
        1e308,
        True,
        [],
        {},
    ]
    for junk in garbage:
        row = {name: junk for name, f in registry.fields.items() if not f.computed}
        outcome = records.save_many(session, registry, [row], Actor.system("uji"), now=now, dry_run=True).outcomes[0]
        assert all(isinstance(problem, Problem) for problem in outcome.problems)


def test_the_sample_maker_knows_every_type(registry: Registry) -> None:
    assert all(sample(f) is not None for f in registry.fields.values() if f.required and not f.reference)
    assert get(registry.key) is registry


def test_no_field_leaves_a_clerk_wondering(registry: Registry) -> None:
    """A box whose type has no shape of its own says what belongs there: by help, or by an example."""
    shapeless = ("text", "long_text", "bool", "decimal", "int")
    asked = [f for f in registry.fields.values() if not f.computed and f.type.key in shapeless]
    assert [f.key for f in asked if f.help is None and f.example is None] == []


def test_going_back_to_its_first_version_gives_every_field_its_first_value(
    registry: Registry, session: Session, admin_actor: Actor, now: datetime
) -> None:
    system = Actor.system("uji")
    made = records.save(session, registry, values(session, registry, now=now), system, now=now)
    public_id = str(made.public_id)
    session.commit()
    first = records.find(session, registry, public_id, system)
    open_ = {
        f.key: None for f in registry.fields.values()
        if f.nullable and not f.required and not f.computed and first[f.key] is not None and not f.states
    }  # fmt: skip
    emptied = records.save(session, registry, open_, system, now=now, public_id=public_id)
    if emptied.action != "changed":
        pytest.skip("nothing in it may be emptied")
    session.commit()

    back = reverting.revert(
        session, registry, public_id, 1, tuple(registry.fields), system, now=now, seen=emptied.row_version or 0
    )

    assert back.outcome.problems == []
    again = records.find(session, registry, public_id, system)
    assert {name: again[name] for name in registry.fields} == {name: first[name] for name in registry.fields}
