"""A cell edited where it stands: checked by the same rules, against the version that was seen, by who may."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records
from app.queries import lists
from app.registry import get
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STAFF = Actor.system("uji")
COMPANY = get("company")


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    return log_in_as(client)


@pytest.fixture
def company(admin: FlaskClient) -> str:
    with unit_of_work() as session:
        values = {"legal_name": "PT Contoh Satu", "nib": "9120001112223"}
        return str(records.save(session, COMPANY, values, STAFF, now=utcnow()).public_id)


def place(company: str, field: str) -> str:
    return f"/staff/company/cell/?id={company}&field={field}"


def put(client: FlaskClient, company: str, field: str, value: str, form: dict[str, str] | None = None) -> TestResponse:
    form = form or hidden(client.get(place(company, field)).text)
    return client.post(place(company, field), data={**form, f"cell-{field}": value})


def stored(company: str) -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return lists.one(session, COMPANY, STAFF, company) or {}


def test_a_cell_is_saved_and_drawn_as_the_list_draws_it(admin: FlaskClient, company: str) -> None:
    answer = put(admin, company, "capital_status", "pma")
    assert answer.status_code == 200
    assert "data-cell-done" in answer.text
    assert "PMA" in answer.text
    assert stored(company)["capital_status"] == "pma"


def test_a_wrong_value_stays_in_its_box_with_a_sentence(admin: FlaskClient, company: str) -> None:
    answer = put(admin, company, "nib", "12345")
    assert answer.status_code == 422
    assert 'value="12345"' in answer.text
    assert 'role="alert"' in answer.text
    assert stored(company)["nib"] == "9120001112223"


def test_a_stale_cell_says_what_stands_there_now_and_overwrites_only_when_asked(
    admin: FlaskClient, company: str
) -> None:
    form = hidden(admin.get(place(company, "legal_name")).text)
    with unit_of_work() as session:
        records.save(session, COMPANY, {"legal_name": "PT Lain"}, STAFF, public_id=company, now=utcnow())
    answer = put(admin, company, "legal_name", "PT Punya Saya", form)
    assert answer.status_code == 409
    assert "PT Lain" in answer.text
    assert stored(company)["legal_name"] == "PT Lain"
    assert put(admin, company, "legal_name", "PT Punya Saya", hidden(answer.text)).status_code == 200
    assert stored(company)["legal_name"] == "PT Punya Saya"


def test_what_is_no_cell_to_edit_is_not_there(admin: FlaskClient, company: str) -> None:
    for field in ("sector", "name_normalised", "row_version", "nonsense", ""):
        assert admin.get(place(company, field)).status_code == 404, field


def test_who_may_only_read_gets_no_cell(app: Any, company: str) -> None:
    auditor = log_in_as(app.test_client(), "auditor", email="auditor@kantor.example")
    assert auditor.get(place(company, "legal_name")).status_code == 403
    assert "data-field" not in auditor.get("/staff/company/").text
