"""Many records at once, from the list: seen beforehand, confirmed, done once, shown, taken back."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from admin import exports
from app import working
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.models.job import Job
from app.models.outbox_message import OutboxMessage
from app.operations import bulk_acts, jobs, records
from app.operations.exports import path_of
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
def companies(admin: FlaskClient) -> list[str]:
    rows = [{"legal_name": f"PT Contoh {n:03}", "scale": "large" if n < 5 else "small"} for n in range(60)]
    with unit_of_work() as session:
        result = records.save_many(session, COMPANY, rows, STAFF, now=utcnow())
    return [str(outcome.public_id) for outcome in result.outcomes]


def post(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    token = hidden(client.get("/staff/company/").text)["csrf_token"]
    return client.post(path, data={"csrf_token": token, **form})


def kept(page: TestResponse) -> dict[str, Any]:
    """The form of a page with its hidden fields, several of one name as a list."""
    made: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text):
        made.setdefault(name, []).append(value.replace("&amp;", "&"))
    return made


def scales() -> dict[str, int]:
    with unit_of_work(write=False) as session:
        found = lists.page(session, COMPANY, STAFF, limit=100).rows
    return {name: sum(row["scale"] == name for row in found) for name in ("large", "small", "micro")}


def test_an_edit_of_all_that_match_is_seen_beforehand_and_taken_back(admin: FlaskClient, companies: list[str]) -> None:
    page = post(admin, "/staff/bulk/company/", _action="edit", _scope="all", _state="f_scale=large")
    assert "Ubah 5 data" in page.text
    assert re.search(r'value="preview" disabled aria-describedby="preview-help"', page.text)
    assert "Pilih isian dulu, tekan “Tambah isian”" in page.text, "why nothing can be seen yet"
    page = admin.post("/staff/bulk/company/", data={**kept(page), "_step": "add", "_new_field": "scale"})
    assert 'name="scale"' in page.text
    assert "preview-help" not in page.text
    page = admin.post("/staff/bulk/company/", data={**kept(page), "_step": "preview", "scale": "micro"})
    assert page.status_code == 200
    assert "PT Contoh 000" in page.text
    assert scales()["micro"] == 0, "looking changes nothing"
    done = admin.post("/staff/bulk/company/start", data=kept(page))
    again = admin.post("/staff/bulk/company/start", data=kept(page))
    assert done.location == again.location, "sent twice, done once"
    assert scales() == {"large": 0, "small": 55, "micro": 5}
    shown = admin.get(done.location)
    undone = admin.post(f"{done.location}/undo", data=hidden(shown.text))
    assert undone.status_code == 302
    assert "<dt>dibatalkan</dt><dd>5</dd>" in admin.get(undone.location).text
    assert scales() == {"large": 5, "small": 55, "micro": 0}


def test_the_history_says_in_words_what_was_taken_back(admin: FlaskClient, companies: list[str]) -> None:
    page = post(admin, "/staff/bulk/company/", _action="edit", _id=companies[:1], _field="scale", scale="micro",
                _step="preview")  # fmt: skip
    done = admin.post("/staff/bulk/company/start", data=kept(page))
    admin.post(f"{done.location}/undo", data=hidden(admin.get(done.location).text))
    batch = done.location.rpartition("/")[2]

    told = admin.get(f"/staff/company/history/?id={companies[0]}").text

    assert re.search(rf'Alasan: <a href="[^"]*/{batch}">“Ubah 1 data” dibatalkan</a>', told)
    assert f"undo {batch}" not in told
    around = admin.get(f"/staff/company/details/?id={companies[0]}&tab=history").text
    assert "pekerjaan atas banyak data dibatalkan" in around
    assert f"undo {batch}" not in around


def test_what_somebody_touched_since_is_named_when_the_rest_is_taken_back(
    admin: FlaskClient, companies: list[str]
) -> None:
    page = post(admin, "/staff/bulk/company/", _action="edit", _id=companies[:2], _field="scale", scale="micro",
                _step="preview")  # fmt: skip
    done = admin.post("/staff/bulk/company/start", data=kept(page))
    with unit_of_work() as session:
        records.save(session, COMPANY, {"status": "documented"}, STAFF, now=utcnow(), public_id=companies[0])
    undone = admin.post(f"{done.location}/undo", data=hidden(admin.get(done.location).text))
    told = admin.get(undone.location).text
    assert f'details/?id={companies[0]}">PT Contoh 000</a>' in told
    assert "PT Contoh 001" not in told


def test_a_value_no_record_can_have_goes_back_to_its_box(admin: FlaskClient, companies: list[str]) -> None:
    asked = {"_action": "edit", "_id": companies[:2], "_field": "address_verified_on", "_step": "preview"}
    page = post(admin, "/staff/bulk/company/", **asked, address_verified_on="31/02/2026")
    assert page.status_code == 422
    assert "31/02/2026" in page.text
    assert "error-summary" in page.text


def test_only_the_chosen_rows_go_to_the_trash(admin: FlaskClient, companies: list[str]) -> None:
    page = post(admin, "/staff/bulk/company/", _action="delete", _id=companies[:3])
    assert "PT Contoh 002" in page.text
    assert admin.post("/staff/bulk/company/start", data=kept(page)).status_code == 302
    with unit_of_work(write=False) as session:
        assert lists.page(session, COMPANY, STAFF, deleted=True).total == 3


def test_many_are_started_by_typing_their_number(
    admin: FlaskClient, companies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.views.bulk.TYPED_ABOVE", 50)
    page = post(admin, "/staff/bulk/company/", _action="delete", _scope="all", _state="")
    refused = admin.post("/staff/bulk/company/start", data={**kept(page), "_count": "6"})
    assert refused.status_code == 422
    assert "Silakan ketik angka 60" in refused.text
    assert admin.post("/staff/bulk/company/start", data={**kept(refused), "_count": "60"}).status_code == 302


def test_nothing_chosen_leads_back_to_the_list(admin: FlaskClient, companies: list[str]) -> None:
    page = post(admin, "/staff/bulk/company/", _action="delete", _back="/staff/company/?q=contoh")
    assert page.location == "/staff/company/?q=contoh"


def test_large_work_waits_for_a_worker_and_can_be_stopped(
    admin: FlaskClient, companies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_acts, "AT_ONCE", 0)
    page = post(admin, "/staff/bulk/company/", _action="delete", _scope="all", _state="")
    place = admin.post("/staff/bulk/company/start", data=kept(page)).location
    shown = admin.get(place)
    assert "menunggu giliran" in shown.text
    assert "menunggu giliran" in admin.get(f"{place}?part=1").text
    admin.post(f"{place}/cancel", data=hidden(shown.text))
    assert "dibatalkan" in admin.get(place).text


def test_nobody_sees_the_work_of_somebody_else(admin: FlaskClient, companies: list[str], app: Any) -> None:
    page = post(admin, "/staff/bulk/company/", _action="delete", _id=companies[:1])
    place = admin.post("/staff/bulk/company/start", data=kept(page)).location
    other = log_in_as(app.test_client(), "analyst", email="lain@kantor.example")
    assert other.get(place).status_code == 404
    assert place not in other.get("/staff/jobs/").text


def test_who_may_only_read_is_refused(app: Any, companies: list[str]) -> None:
    auditor = log_in_as(app.test_client(), "auditor", email="auditor@kantor.example")
    assert post(auditor, "/staff/bulk/company/", _action="delete", _id=companies[:1]).status_code == 403


def test_a_large_export_is_made_by_a_worker_and_waits_for_who_asked(
    admin: FlaskClient, companies: list[str], app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exports.AT_ONCE, "xlsx", 10)
    page = admin.get("/staff/company/export/xlsx/?f_scale=small")
    assert "Ekspor 55 data" in page.text
    asked = [admin.post("/staff/company/export/xlsx/?f_scale=small", data=hidden(page.text)) for _ in range(2)]
    assert asked[0].location == asked[1].location, "asked twice, made once"
    place = asked[0].location
    assert admin.get(f"{place}/file").status_code == 404
    assert working.run(60) == 1
    assert "/file" in admin.get(place).text
    sheet = openpyxl.load_workbook(io.BytesIO(admin.get(f"{place}/file").data)).active
    assert sheet is not None
    assert sheet.max_row == 56
    other = log_in_as(app.test_client(), "admin", email="lain@kantor.example")
    assert other.get(f"{place}/file").status_code == 404
    monkeypatch.setattr("admin.views.jobs.utcnow", lambda: utcnow() + timedelta(days=2))
    assert admin.get(f"{place}/file").status_code == 404


def test_an_export_whose_worker_died_is_made_again_from_the_beginning(
    admin: FlaskClient, companies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exports.AT_ONCE, "csv", 10)
    place = admin.post("/staff/company/export/csv/", data=hidden(admin.get("/staff/company/export/csv/").text)).location
    with unit_of_work() as session:
        job = jobs.claim(session, now=utcnow())
        assert job is not None
        path_of(job).parent.mkdir(exist_ok=True)
        path_of(job).with_suffix(".part").write_text("half a line")
    with unit_of_work() as session:
        session.get_one(Job, job.id).lease_until = utcnow() - timedelta(seconds=1)
    assert working.run(60) == 1
    assert admin.get(f"{place}/file").data.count(b"\r\n") == 61


def test_an_action_is_done_for_many_and_names_who_is_left_out(admin: FlaskClient, companies: list[str]) -> None:
    with unit_of_work() as session:
        contact = {"company": companies[0], "name": "Sari Dewi", "email": "hrd@contoh.example"}
        records.save(session, get("contact"), contact, STAFF, now=utcnow())
    page = post(admin, "/staff/bulk/company/", _action="run-report_link", _id=companies[:2])
    assert "Setiap perusahaan menerima surat" in page.text
    done = admin.get(admin.post("/staff/bulk/company/start", data=kept(page)).location)
    assert "PT Contoh 001" in done.text, "the one without an address is named"
    assert "belum punya kontak" in done.text
    again = post(admin, "/staff/bulk/company/", _action="run-report_link", _id=companies[:1])
    assert "Alasan perubahan" not in again.text, "nothing changes"
    twice = admin.get(admin.post("/staff/bulk/company/start", data=kept(again)).location).text
    assert "PT Contoh 000" in twice, "who got it today is named"
    assert "sudah dikirim ke alamat yang sama hari ini" in twice
    assert "<h1>Kirim tautan lapor bulan ini: " in twice, "the work is called by what it does"
    assert "<dt>selesai</dt>" not in twice, "and counts as left out"
    with unit_of_work(write=False) as session:
        assert [one.to_address for one in session.exec(select(OutboxMessage))] == ["hrd@contoh.example"]


def test_an_action_of_nobody_is_not_there(app: Any, admin: FlaskClient, companies: list[str]) -> None:
    assert post(admin, "/staff/bulk/company/", _action="run-nonsense", _id=companies[:1]).status_code == 404
    auditor = log_in_as(app.test_client(), "auditor", email="auditor@kantor.example")
    assert post(auditor, "/staff/bulk/company/", _action="run-report_link", _id=companies[:1]).status_code == 403


def test_the_preview_keeps_the_order_of_the_list_and_says_how_many_more(
    admin: FlaskClient, companies: list[str]
) -> None:
    asked = {"_action": "edit", "_scope": "all", "_state": "f_scale=small&order=-legal_name", "_field": "scale"}
    page = post(admin, "/staff/bulk/company/", **asked, _step="preview", scale="micro").text
    assert re.findall(r"<h2 class=\"small\">(PT Contoh \d+)", page) == [f"PT Contoh {n:03}" for n in range(59, 39, -1)]
    assert "… dan 35 lagi" in page
    few = post(admin, "/staff/bulk/company/", _action="delete", _id=companies[:3], _state="order=-legal_name").text
    assert re.findall(r"<li>(PT Contoh \d+)", few) == ["PT Contoh 002", "PT Contoh 001", "PT Contoh 000"]
