"""What a picker does not find is made without leaving the form: by a dialog, and by a step without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from admin.short_form import may_create
from app.database import unit_of_work
from app.domain.actors import Actor
from app.queries import lists
from app.registry import Registry, get, registries
from tests.fixtures.forms import answers, form_of, plain
from tests.fixtures.login import log_in_as

PART = {"X-Part": "short"}
SYSTEM, ADMIN = Actor.system("uji"), Actor("staff", "uji", frozenset({"admin"}))
ALL = list(registries().values())
PICKED = [one for one in ALL if may_create(one, ADMIN)]
BY_PICKER = {
    target: (registry, name)
    for registry in ALL
    for name, target in registry.references.items()
    if may_create(get(target), ADMIN) and may_create(registry, ADMIN) and not registry.fields[name].computed
}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return log_in_as(app.test_client(), "admin")


def short_answers(registry: Registry) -> dict[str, str]:
    given = answers(registry)
    return {f"short-{name}": str(value) for name, value in given.items()}


def stored(registry: Registry, public_id: str) -> dict[str, object]:
    with unit_of_work(write=False) as session:
        return lists.one(session, registry, SYSTEM, public_id) or {}


@pytest.mark.parametrize("registry", PICKED, ids=lambda registry: registry.key)
def test_the_dialog_asks_for_little_and_answers_with_the_new_record(registry: Registry, admin: FlaskClient) -> None:
    path = f"/staff/{registry.key}/short/"
    assert admin.get(path).status_code == 302
    page = admin.get(path, headers=PART)
    assert page.status_code == 200
    assert "<html" not in page.text
    asked = form_of(page.text, whole=True)
    required = {f"short-{f.key}" for f in registry.fields.values() if f.required and not f.computed}
    assert required <= set(asked) | {f"short-{f.key}" for f in registry.fields.values() if f.type.python is list}

    wrong = admin.post(path, data=asked)
    assert wrong.status_code == 422
    assert "data-error-summary" in wrong.text
    typed = {name: text for name, text in short_answers(registry).items() if name in asked}
    right = admin.post(path, data={**asked, **typed})
    assert right.status_code == 200, plain(right.text)
    assert stored(registry, right.get_json()["value"])
    again = admin.post(path, data={**asked, **typed})
    assert again.get_json()["value"] == right.get_json()["value"], "sent twice, made once"


@pytest.mark.parametrize("target", sorted(BY_PICKER))
def test_without_scripts_one_comes_back_with_the_new_record_chosen(target: str, admin: FlaskClient) -> None:
    registry, name = BY_PICKER[target]
    path = f"/staff/{registry.key}/new/"
    first = admin.get(path).text
    assert f'value="new:{name}"' in first
    form = form_of(first)
    typed = next(
        f.key
        for f in registry.fields.values()
        if f.type.python is str and not (f.reference or f.computed or f.type.choices())
    )
    form[typed] = "Isian sejauh ini"

    short = admin.post(path, data=MultiDict([*form.items(multi=True), ("_step", f"new:{name}")]))
    assert short.status_code == 200
    asked = form_of(short.text)
    assert asked[typed] == "Isian sejauh ini"
    wrong = admin.post(path, data=MultiDict([*asked.items(multi=True), ("_step", f"made:{name}")]))
    assert wrong.status_code == 422
    assert form_of(wrong.text)[typed] == "Isian sejauh ini"
    given = {key: text for key, text in short_answers(get(target)).items() if key in asked}
    for key, text in given.items():
        asked[key] = text
    back = admin.post(path, data=MultiDict([*asked.items(multi=True), ("_step", f"made:{name}")]))
    assert back.status_code == 200, plain(back.text)
    assert form_of(back.text)[typed] == "Isian sejauh ini"
    chosen = form_of(back.text).getlist(name)
    assert stored(get(target), chosen[-1])

    undone = admin.post(path, data=MultiDict([*form_of(short.text).items(multi=True), ("_step", "back")]))
    assert form_of(undone.text)[typed] == "Isian sejauh ini"


def test_who_may_not_create_finds_no_button_and_no_dialog(app: Flask) -> None:
    officer = log_in_as(app.test_client(), "field_officer")  # may write companies, no zones

    page = officer.get("/staff/company/new/").text
    assert 'value="new:zone"' not in page
    assert officer.get("/staff/zone/short/", headers=PART).status_code == 403
    step = MultiDict([*form_of(page).items(multi=True), ("_step", "new:zone")])
    assert officer.post("/staff/company/new/", data=step).status_code == 404


def test_rights_are_never_made_in_passing(admin: FlaskClient) -> None:
    for registry in ALL:
        if registry.guarded:
            assert not may_create(registry, ADMIN)
            assert f"/staff/{registry.key}/short/" not in admin.get("/staff/agency/new/").text
