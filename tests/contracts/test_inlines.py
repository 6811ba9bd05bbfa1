"""Every inline that is declared works on the form of its record, as a browser without scripts drives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.fields import Field
from app.operations import records
from app.queries import history, lists
from app.registry import Inline, Registry, registries
from tests.factories import values
from tests.fixtures.forms import answers, form_of, made, plain
from tests.fixtures.login import log_in_as

SYSTEM = Actor.system("rekan kerja")
ALL = [(registry, inline) for registry in registries().values() for inline in registry.inlines]

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize(("registry", "inline"), ALL, ids=lambda one: getattr(one, "key", None) or one.registry.key),
]


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return log_in_as(app.test_client(), "admin")


def step(client: FlaskClient, path: str, form: MultiDict[str, str], said: str, **more: Any) -> TestResponse:
    return client.post(path, data=MultiDict([*form.items(multi=True), ("_step", said)]), **more)


def row_of(form: MultiDict[str, str], inline: Inline) -> str:
    """Prefix of the open row."""
    return f"{inline.registry.key}-{form[f'{inline.registry.key}-row']}-"


def fill(form: MultiDict[str, str], given: dict[str, Any], prefix: str = "") -> MultiDict[str, str]:
    for name, value in given.items():
        if isinstance(value, tuple):  # a file
            form.setlist(prefix + name, [value])  # type: ignore[list-item]
            continue
        form.setlist(prefix + name, [str(one) for one in (value if isinstance(value, list) else [value])])
    return form


def saved(registry: Registry, inline: Inline, **given: Any) -> tuple[str, str]:
    """Public ids of a record and one row of it."""
    parent = made(registry)
    with unit_of_work() as session:
        row = values(session, inline.registry, now=utcnow(), **{inline.field: parent}, **given)
        outcome = records.save(session, inline.registry, row, SYSTEM, now=utcnow())
        assert not outcome.problems
    return parent, str(outcome.public_id)


def stored(registry: Registry, public_id: str) -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return lists.one(session, registry, SYSTEM, public_id) or {}


def a_free_field(registry: Registry) -> tuple[Field, str, str]:
    """A field nothing depends on, and two values for it as a person types and reads them."""
    values_ = {"text": ("Isian Rekan", "Isian Saya"), "date": ("01/02/2020", "03/04/2021")}
    values_["person_name"] = values_["long_text"] = values_["text"]
    free = [f for f in registry.fields.values() if f.type.key in values_ and not (f.computed or f.masked)]
    f = min(free, key=lambda f: list(values_).index(f.type.key))
    return f, *values_[f.type.key]


def test_a_row_is_added_to_a_new_record_and_both_are_saved_together(
    registry: Registry, inline: Inline, admin: FlaskClient
) -> None:
    child, path = inline.registry, f"/staff/{registry.key}/new/"
    typed = fill(form_of(admin.get(path).text), answers(registry))
    opened = step(admin, path, typed, f"add:{child.key}:")
    assert opened.status_code == 200
    form = form_of(opened.text)
    prefix = row_of(form, inline)
    given = answers(child, **{inline.field: None})
    required = next(f.key for f in child.fields.values() if f.required and f.key != inline.field and f.default is None)

    wrong = admin.post(path, data=fill(form.copy(), {**given, required: ""}, prefix))
    assert wrong.status_code == 422
    assert f'id="{prefix}{required}-error"' in wrong.text
    assert f'href="#{prefix}{required}"' in wrong.text
    kept = form_of(wrong.text)
    files = [name for name in registry.files if f"{name}-new" in typed]
    assert all(kept.getlist(name) != typed.getlist(name) for name in files), "a file is kept, and named by its id"
    texts = [f.key for f in registry.fields.values() if f.type.key != "bool" and f.key not in files]
    assert [name for name in texts if name in typed and kept.getlist(name) != typed.getlist(name)] == []

    again = {name: value for name, value in given.items() if not isinstance(value, tuple)}  # files are kept already
    right = admin.post(path, data=fill(kept, again, prefix))
    assert right.status_code == 302, plain(right.text)
    row = stored(child, form[f"{child.key}-row"])
    parent = stored(registry, right.location.rpartition("id=")[2].split("&")[0])
    assert row[inline.field] == parent["id"]


def test_a_new_row_nobody_typed_into_is_nothing(registry: Registry, inline: Inline, admin: FlaskClient) -> None:
    path = f"/staff/{registry.key}/edit/?id={made(registry)}"
    form = form_of(step(admin, path, form_of(admin.get(path).text), f"add:{inline.registry.key}:").text)

    assert admin.post(path, data=form).status_code == 302
    assert stored(inline.registry, form[f"{inline.registry.key}-row"]) == {}


def test_a_row_is_opened_changed_and_removed(registry: Registry, inline: Inline, admin: FlaskClient) -> None:
    child = inline.registry
    parent, row = saved(registry, inline)
    path, (field, value, _) = f"/staff/{registry.key}/edit/?id={parent}", a_free_field(child)
    closed = admin.get(path).text
    assert f"open:{child.key}:{row}" in closed
    assert f"{child.key}-{row}-{field.key}" not in closed, "a closed row is not sent, so it is never written"

    opened = form_of(step(admin, path, form_of(closed), f"open:{child.key}:{row}").text)
    assert admin.post(path, data=opened).status_code == 302
    with unit_of_work(write=False) as session:
        assert len(history.of(session, child, row, SYSTEM)) == 1, "opened and left alone: nothing was written"
    changed = admin.post(path, data=fill(opened, {field.key: value}, f"{child.key}-{row}-"))
    assert changed.status_code == 302
    assert field.type.entry(stored(child, row)[field.key]) == value

    marked = step(admin, path, form_of(admin.get(path).text), f"remove:{child.key}:{row}")
    assert f"keep:{child.key}:{row}" in marked.text
    assert stored(child, row)["deleted_at"] is None, "a step writes nothing"
    assert admin.post(path, data=form_of(marked.text)).status_code == 302
    assert stored(child, row)["deleted_at"] is not None


def test_a_row_saved_by_a_colleague_is_never_overwritten_unseen(
    registry: Registry, inline: Inline, admin: FlaskClient
) -> None:
    child = inline.registry
    parent, row = saved(registry, inline)
    path, (field, theirs, mine) = f"/staff/{registry.key}/edit/?id={parent}", a_free_field(child)
    opened = form_of(step(admin, path, form_of(admin.get(path).text), f"open:{child.key}:{row}").text)
    with unit_of_work() as session:
        records.save(session, child, {field.key: theirs}, SYSTEM, now=utcnow(), public_id=row)

    met = admin.post(path, data=fill(opened, {field.key: mine}, f"{child.key}-{row}-"))
    assert met.status_code == 422
    assert "rekan kerja" in met.text
    assert theirs in met.text
    assert form_of(met.text)[f"{child.key}-{row}-{field.key}"] == mine
    assert field.type.entry(stored(child, row)[field.key]) == theirs

    assert admin.post(path, data=form_of(met.text)).status_code == 302
    assert field.type.entry(stored(child, row)[field.key]) == mine


def test_a_step_by_script_answers_with_its_part_alone(registry: Registry, inline: Inline, admin: FlaskClient) -> None:
    key, path = inline.registry.key, f"/staff/{registry.key}/new/"
    part = step(admin, path, form_of(admin.get(path).text), f"add:{key}:", headers={"X-Part": key})

    assert part.status_code == 200
    assert "<html" not in part.text
    assert f'id="rows-{key}"' in part.text


def test_who_may_not_write_the_rows_finds_none_on_the_form(registry: Registry, inline: Inline, app: Flask) -> None:
    roles = sorted((registry.write - inline.registry.write) & {"field_officer", "division_head", "secretariat"})
    if not roles:
        pytest.skip("whoever writes the record writes its rows")
    client, (parent, row) = log_in_as(app.test_client(), roles[0]), saved(registry, inline)
    path = f"/staff/{registry.key}/edit/?id={parent}"
    form = form_of(client.get(path).text)

    assert f"rows-{inline.registry.key}" not in client.get(path).text
    assert step(client, path, form, f"open:{inline.registry.key}:{row}").status_code == 404


def test_the_form_asks_the_database_as_often_for_many_rows_as_for_few(
    registry: Registry, inline: Inline, admin: FlaskClient, statements: list[str]
) -> None:
    """Few queries, and the same number for one row, for twenty, and for twenty open ones."""
    parent, row = saved(registry, inline)
    path = f"/staff/{registry.key}/edit/?id={parent}"
    admin.get(path)

    def asked(work: Callable[[], TestResponse]) -> int:
        statements.clear()
        assert work().status_code == 200
        return len(statements)

    few = asked(lambda: admin.get(path))
    opened = form_of(step(admin, path, form_of(admin.get(path).text), f"open:{inline.registry.key}:{row}").text)
    few_open = asked(lambda: step(admin, path, opened, f"add:{inline.registry.key}:"))
    with unit_of_work() as session:
        table = inline.registry.table
        template = dict(session.execute(table.select()).mappings().first() or {})
        session.info["writing"] = True
        for number in range(12):
            session.execute(table.insert().values({**template, "id": 9000 + number, "public_id": f"{number:016d}"}))
    many = asked(lambda: admin.get(path))
    for number in range(12):
        opened.add(f"{inline.registry.key}-row", f"{number:016d}")
        opened.add(f"{inline.registry.key}-{number:016d}-_version", "1")
    many_open = asked(lambda: step(admin, path, opened, f"add:{inline.registry.key}:"))

    assert many == few
    assert many_open <= few_open + 1
    assert many < 60
