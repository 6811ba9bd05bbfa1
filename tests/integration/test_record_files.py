"""Files of records: kept by the form, fetched through the policy, tied to one record, gone with it for good."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app import database
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.conditions import Condition, every
from app.domain.errors import Forbidden, NotFound, Refused
from app.models.audit import AuditEntry
from app.models.draft import Upload
from app.operations import backup, exports, files, purging, records, reverting, trash, uploads
from app.queries import lists
from app.queries.selection import Selection
from app.registry import Registry, get
from app.sheets.checking import check_for, sheet_fields
from app.sheets.template import template_bytes
from app.wording import sentence
from tests.factories import record
from tests.fixtures.forms import answers, form_of, plain
from tests.fixtures.login import log_in_as

SYSTEM = Actor.system("uji")
LEVY, PLAN, PASSPORT, PERSON = (get(key) for key in ("levy_payment", "work_plan", "passport", "foreign_national"))
PNG, PDF = b"\x89PNG\r\n\x1a\nisi", b"%PDF-1.7 isi"


def kept(session: Session, registry: Registry, field: str, name: str, content: bytes = PDF) -> str:
    return uploads.keep_for_record(
        session, registry, field, name, io.BytesIO(content), SYSTEM, folder=settings().uploads, now=utcnow()
    ).public_id


def of(session: Session, registry: Registry, public_id: str) -> dict[str, Any]:
    return records.find(session, registry, public_id, SYSTEM)


def names(row: dict[str, Any], field: str) -> list[str]:
    return [one["name"] for one in row[field]]


# ---- on both databases, without a screen


def test_a_saved_file_belongs_to_its_record_and_to_no_other(session: Session, now: Any) -> None:
    mine = str(record(session, PLAN, now=now).public_id)
    other = str(records.save(session, PLAN, _plan(session, now, approval_no="LAIN-1"), SYSTEM, now=now).public_id)
    upload = of(session, PLAN, mine)["attachments"][0]["id"]

    stolen = records.save(session, PLAN, {"attachments": [upload]}, SYSTEM, now=now, public_id=other)
    wrong_field = records.save(session, LEVY, {"proof": [upload], "work_plan": mine}, SYSTEM, now=now)
    staff = Actor("staff", "Orang Lain", frozenset({"admin"}), user_id=77)
    fresh = kept(session, PLAN, "attachments", "milik-sistem.pdf")
    foreign = records.save(session, PLAN, {"attachments": [fresh]}, staff, now=now, public_id=mine)

    for outcome in (stolen, wrong_field, foreign):
        assert [p.code for p in outcome.problems if p.field in ("attachments", "proof")] == ["file_unknown"]
    assert len(of(session, PLAN, mine)["attachments"]) == 1


def test_nobody_writes_the_name_of_a_file_by_hand(session: Session, now: Any) -> None:
    public_id = str(record(session, PLAN, now=now).public_id)
    stands = of(session, PLAN, public_id)["attachments"]
    forged = [{**stands[0], "name": "../../etc/passwd", "size": 1}]

    same = records.save(session, PLAN, {"attachments": forged}, SYSTEM, now=now, public_id=public_id)
    typed = records.save(session, PLAN, {"attachments": "kontrak.pdf"}, SYSTEM, now=now, public_id=public_id)

    assert same.action == "same", "what the database knows of a file stands, whatever is said of it"
    assert [p.code for p in typed.problems] == ["file_by_hand"]


def test_two_records_cannot_take_the_same_fresh_file(session: Session, now: Any) -> None:
    fresh = kept(session, PLAN, "attachments", "sekali.pdf")
    first = _plan(session, now, approval_no="A-1", attachments=[fresh])
    second = {**first, "approval_no": "A-2"}

    with pytest.raises(Refused, match="file_unknown"):
        records.save_many(session, PLAN, [first, second], SYSTEM, now=now)


def test_a_file_taken_off_comes_back_with_the_version_that_had_it(session: Session, now: Any) -> None:
    public_id = str(record(session, PLAN, now=now).public_id)
    session.commit()
    off = records.save(session, PLAN, {"attachments": []}, SYSTEM, now=now, public_id=public_id)
    session.commit()
    assert of(session, PLAN, public_id)["attachments"] == []

    reverting.revert(session, PLAN, public_id, 1, ["attachments"], SYSTEM, now=now, seen=off.row_version or 0)

    assert names(of(session, PLAN, public_id), "attachments") == ["contoh.png"]


def test_lists_narrow_and_sheets_export_by_the_name_of_a_file_alone(session: Session, now: Any) -> None:
    public_id = str(record(session, LEVY, now=now).public_id)
    stored = session.execute(select(Upload.stored).where(Upload.entity_id == public_id)).scalar_one()
    without = every(Condition("proof", "empty"))
    filled = every(Condition("proof", "filled"))

    asked = exports.Wanted(LEVY, Selection(), "reference", "id")
    told = [str(cell) for row in exports.rows(session, asked, SYSTEM) for cell in row]

    assert lists.page(session, LEVY, SYSTEM, where=without).total == 0
    assert lists.page(session, LEVY, SYSTEM, where=filled).total == 1
    assert "contoh.png" in told
    assert not [cell for cell in told if stored in cell or str(settings().uploads) in cell]
    assert "proof" not in {f.key for f in sheet_fields(LEVY)}


def test_a_sheet_with_a_column_for_files_is_told_where_they_go(tmp_path: Path, now: Any) -> None:
    path = tmp_path / "dkptka.csv"
    path.write_text("RPTKA,NTPN,Jumlah bulan,Jumlah bayar,Berkas bukti bayar\nB.3/1,A1B2,12,1200,bukti.pdf\n")

    report = check_for(LEVY, path, today=now.date())

    said = [sentence(note) for note in report.notes if note.code == "file_column"]
    assert said == [
        "Kolom “Berkas bukti bayar” dilewati: berkas diunggah melalui formulir tiap data, bukan lewat lembar ini."
    ]
    assert "Berkas bukti bayar" not in json.dumps(template_headings(LEVY))


def template_headings(registry: Registry) -> list[Any]:
    book = load_workbook(io.BytesIO(template_bytes(registry)))
    return [cell.value for cell in next(book.active.iter_rows(max_row=1))]


def test_files_wait_in_the_trash_and_go_when_the_record_goes_for_good(session: Session, now: Any) -> None:
    public_id = str(record(session, LEVY, now=now).public_id)
    upload = of(session, LEVY, public_id)["proof"][0]["id"]
    path = uploads.path_of(
        records.take_file(session, LEVY, public_id, "proof", upload, SYSTEM, now=now), settings().uploads
    )
    trash.delete(session, LEVY, [public_id], SYSTEM, now=now)
    session.commit()

    assert records.take_file(session, LEVY, public_id, "proof", upload, SYSTEM, now=now).public_id == upload
    said = settings().model_copy(update={"trash_days_internal": 30})
    later = now + timedelta(days=31)
    assert purging.purge(session, LEVY, said, now=later) == 1
    session.commit()
    uploads.sweep(session, settings().uploads, now=utcnow() + timedelta(days=2))

    assert session.execute(select(func.count()).where(Upload.public_id == upload)).scalar_one() == 0
    assert not path.exists()


def test_what_nobody_saved_is_swept_after_a_day_and_what_stands_is_not(session: Session, now: Any) -> None:
    public_id = str(record(session, LEVY, now=now).public_id)
    fresh = kept(session, LEVY, "proof", "lupa.pdf")
    session.commit()
    folder = settings().uploads
    before = len(list(folder.iterdir()))

    uploads.sweep(session, folder, now=utcnow() + timedelta(hours=23))
    assert len(list(folder.iterdir())) == before
    uploads.sweep(session, folder, now=utcnow() + timedelta(days=2))

    assert files.unsaved(session, LEVY, [fresh], SYSTEM) == []
    row = of(session, LEVY, public_id)
    stands = records.take_file(session, LEVY, public_id, "proof", row["proof"][0]["id"], SYSTEM, now=now)
    assert uploads.path_of(stands, folder).is_file()


def test_a_copy_of_the_office_brings_its_files_back(session: Session, now: Any, tmp_path: Any) -> None:
    public_id = str(record(session, LEVY, now=now).public_id)
    row = of(session, LEVY, public_id)
    upload = row["proof"][0]["id"]
    session.commit()
    path = uploads.path_of(
        records.take_file(session, LEVY, public_id, "proof", upload, SYSTEM, now=now), settings().uploads
    )
    session.close()
    content = path.read_bytes()
    copy = backup.make(database.engine(), settings(), tmp_path / "salinan.tar.gz", now=now)
    path.unlink()

    restored = backup.restore(database.engine(), settings(), copy, now=now, force=True, verify=True)

    assert restored.findings == []
    assert path.read_bytes() == content
    with unit_of_work(write=False) as again:
        assert of(again, LEVY, public_id)["proof"] == row["proof"]


def test_a_masked_scan_is_for_those_who_may_reveal_and_every_look_is_noted(session: Session, now: Any) -> None:
    public_id = str(record(session, PASSPORT, now=now).public_id)
    upload = of(session, PASSPORT, public_id)["scan"][0]["id"]
    clerk = Actor("staff", "Sekretariat", frozenset({"secretariat"}), user_id=5)
    analyst = Actor("staff", "Analis", frozenset({"analyst"}), user_id=6)
    partner = Actor("agency", "Mitra", frozenset({"agency_member"}), user_id=7)

    with pytest.raises(Forbidden):
        records.take_file(session, PASSPORT, public_id, "scan", upload, clerk, now=now)
    with pytest.raises(NotFound):
        records.take_file(session, PASSPORT, public_id, "scan", upload, partner, now=now)
    with pytest.raises(NotFound):
        records.take_file(session, PASSPORT, public_id, "number", upload, analyst, now=now)
    with pytest.raises(NotFound):
        records.take_file(session, PASSPORT, public_id, "scan", "0" * 16, analyst, now=now)
    records.take_file(session, PASSPORT, public_id, "scan", upload, analyst, now=now)
    session.commit()

    entries = session.execute(select(AuditEntry).where(AuditEntry.action == "download")).scalars().all()
    assert [(one.actor, (one.after or {})["field"]) for one in entries] == [("Analis", "scan")]


def _plan(session: Session, now: Any, **given: Any) -> dict[str, Any]:
    from tests.factories import values

    return values(session, PLAN, now=now, **{"attachments": [], **given})


# ---- on the screen

screen = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return log_in_as(app.test_client(), "admin")


@pytest.fixture
def plan(admin: FlaskClient) -> str:
    with unit_of_work() as session:
        return str(records.save(session, PLAN, _plan(session, utcnow()), SYSTEM, now=utcnow()).public_id)


def send(client: FlaskClient, path: str, *new: tuple[str, bytes], form: Any = None, **more: Any) -> TestResponse:
    """The form as a browser sends it, with these files chosen in its first box for files."""
    sent: MultiDict[str, Any] = MultiDict(form if form is not None else form_of(client.get(path).text))
    field = next(name for name in ("attachments", "proof", "photo") if name in sent)
    for name, content in new:
        sent.add(f"{field}-new", (io.BytesIO(content), name))
    for name, value in more.items():
        sent[name] = value
    return client.post(path, data=sent, content_type="multipart/form-data")


def stored(registry: Registry, public_id: str) -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return of(session, registry, public_id)


@screen
def test_files_are_added_kept_and_taken_off_by_the_form_alone(admin: FlaskClient, plan: str) -> None:
    edit = f"/staff/work_plan/edit/?id={plan}"
    assert 'enctype="multipart/form-data"' in admin.get(edit).text
    assert send(admin, edit, ("kontrak.pdf", PDF), ("paspor.png", PNG)).status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["kontrak.pdf", "paspor.png"]

    assert send(admin, edit, ("npwp.pdf", PDF)).status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["kontrak.pdf", "paspor.png", "npwp.pdf"], "what stood stays"

    form = form_of(admin.get(edit).text)
    ids = [one["id"] for one in stored(PLAN, plan)["attachments"]]
    form.setlist("attachments", [ids[0], ""])
    assert send(admin, edit, form=form).status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["kontrak.pdf"]
    del form["attachments"]
    form["row_version"] = str(stored(PLAN, plan)["row_version"])
    assert admin.post(edit, data=form).status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["kontrak.pdf"], "a form that never showed the box says nothing"


@screen
def test_what_is_no_picture_is_refused_as_that_where_only_pictures_may_be(admin: FlaskClient) -> None:
    with unit_of_work() as session:
        person = record(session, get("foreign_national"), now=utcnow()).public_id

    for content in (b"MZ\x90\x00", PDF):
        refused = send(admin, f"/staff/foreign_national/edit/?id={person}", ("a.pdf", content))
        assert "“a.pdf” bukan gambar. Gunakan JPG" in plain(refused.text)


@screen
def test_a_download_is_never_a_page_of_ours_and_is_in_the_history(admin: FlaskClient, plan: str) -> None:
    send(admin, f"/staff/work_plan/edit/?id={plan}", ('a"b<i>.pdf', PDF))
    page = admin.get(f"/staff/work_plan/details/?id={plan}").text
    url = plain(page.split('<ul class="file-list"><li><a href="')[1].split('"')[0])

    answer = admin.get(url)

    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Berkas diunduh" in admin.get(f"/staff/work_plan/history/?id={plan}").text
    assert "<i>" not in page.split('class="file-list"')[1].split("</ul>")[0]


@screen
def test_a_wrong_answer_elsewhere_does_not_lose_the_file(admin: FlaskClient, plan: str) -> None:
    edit = f"/staff/work_plan/edit/?id={plan}"
    refused = send(admin, edit, ("kontrak.pdf", PDF), position="")
    assert refused.status_code == 422
    assert "kontrak.pdf" in refused.text

    assert send(admin, edit, form=form_of(refused.text), position="Ahli").status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["kontrak.pdf"]


@screen
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.exe", b"MZ\x90\x00", "bukan PDF"), ("kosong.pdf", b"", "kosong"), ("b.pdf", b"<html>", "bukan PDF")],
)
def test_a_file_of_another_kind_is_refused_at_its_box_and_the_others_stay(
    admin: FlaskClient, plan: str, name: str, content: bytes, says: str
) -> None:
    edit = f"/staff/work_plan/edit/?id={plan}"
    refused = send(admin, edit, ("kontrak.pdf", PDF), (name, content), position="Jabatan Baru")

    assert refused.status_code == 422
    assert 'href="#attachments-new"' in refused.text
    assert says in plain(refused.text)
    assert 'value="Jabatan Baru"' in refused.text
    assert stored(PLAN, plan)["attachments"] == []
    assert send(admin, edit, form=form_of(refused.text)).status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["kontrak.pdf"]


@screen
def test_more_files_than_fit_are_said_and_one_alone_is_replaced(admin: FlaskClient, plan: str) -> None:
    many = [(f"{n}.pdf", PDF) for n in range(21)]
    assert "Paling banyak 20 berkas" in send(admin, f"/staff/work_plan/edit/?id={plan}", *many).text
    with unit_of_work() as session:
        levy = str(record(session, LEVY, now=utcnow()).public_id)

    assert send(admin, f"/staff/levy_payment/edit/?id={levy}", ("bukti-baru.pdf", PDF)).status_code == 302
    assert names(stored(LEVY, levy), "proof") == ["bukti-baru.pdf"]


@screen
def test_two_edits_of_the_files_meet_by_name_and_neither_is_lost(admin: FlaskClient, plan: str) -> None:
    edit = f"/staff/work_plan/edit/?id={plan}"
    opened = form_of(admin.get(edit).text)
    assert send(admin, edit, ("rekan.pdf", PDF)).status_code == 302

    conflict = send(admin, edit, ("saya.pdf", PDF), form=opened)
    assert conflict.status_code == 409
    assert "rekan.pdf" in conflict.text
    assert "saya.pdf" in conflict.text

    chosen = MultiDict(form_of(conflict.text))
    chosen["_choose-attachments"] = "mine"
    assert admin.post(edit, data=chosen).status_code == 302
    assert names(stored(PLAN, plan), "attachments") == ["saya.pdf"]


@screen
def test_a_scan_is_uploaded_in_a_row_on_the_form_of_its_person(admin: FlaskClient) -> None:
    with unit_of_work() as session:
        person = str(record(session, PERSON, now=utcnow()).public_id)
    edit = f"/staff/foreign_national/edit/?id={person}"
    form = form_of(admin.get(edit).text)
    opened = form_of(admin.post(edit, data=MultiDict([*form.items(multi=True), ("_step", "add:passport:")])).text)
    row = f"passport-{opened['passport-row']}-"
    given = answers(PASSPORT, person=None, number="Y7654321")
    for name, value in given.items():
        opened[f"{row}{name}"] = value

    part = admin.post(
        edit, data=MultiDict([*opened.items(multi=True), ("_step", "add:passport:")]), headers={"X-Part": "passport"}
    )
    assert "contoh.png" in part.text, "a step by script keeps what was chosen in its part"
    assert admin.post(edit, data=MultiDict([*_merged(opened, form_of(part.text, whole=True), row)])).status_code == 302

    with unit_of_work(write=False) as session:
        rows = lists.page(session, PASSPORT, SYSTEM).rows
        assert [names(one, "scan") for one in rows] == [["contoh.png"]]


def _merged(opened: MultiDict[str, Any], part: MultiDict[str, str], row: str) -> list[tuple[str, Any]]:
    """The form with the part a script put into it."""
    kept = [(name, value) for name, value in opened.items(multi=True) if not name.startswith("passport-")]
    return [*kept, *((n, v) for n, v in part.items(multi=True) if n.startswith(row) or (n, v) == _open(row))]


def _open(row: str) -> tuple[str, str]:
    return "passport-row", row.removeprefix("passport-").removesuffix("-")


@screen
def test_a_masked_photo_shows_nothing_of_itself_and_stays_when_its_box_is_left_empty(admin: FlaskClient) -> None:
    with unit_of_work() as session:
        person = str(record(session, PERSON, now=utcnow()).public_id)
    edit, details = (f"/staff/foreign_national/{view}/?id={person}" for view in ("edit", "details"))
    photo = stored(PERSON, person)["photo"]
    pages = [admin.get(edit).text, admin.get(details).text, admin.get("/staff/foreign_national/?columns=photo").text]
    assert not [page for page in pages if "contoh.png" in page]

    form = form_of(pages[0])
    assert admin.post(edit, data=form).status_code == 302
    assert stored(PERSON, person)["photo"] == photo
    assert send(admin, edit, ("baru.png", PNG)).status_code == 302
    assert names(stored(PERSON, person), "photo") == ["baru.png"], "a new one takes the place of what is hidden"

    token = form["csrf_token"]
    shown = admin.post(f"/staff/foreign_national/reveal/?id={person}", data={"csrf_token": token, "field": "photo"})
    assert "baru.png" in shown.text
    assert admin.get(plain(shown.text.split('<ul class="file-list"><li><a href="')[1].split('"')[0])).status_code == 200


@screen
def test_a_file_is_offered_neither_in_a_cell_nor_for_many_at_once_nor_by_an_address(
    admin: FlaskClient, plan: str
) -> None:
    assert admin.get(f"/staff/work_plan/cell/?id={plan}&field=attachments").status_code == 404
    form = form_of(admin.get(f"/staff/work_plan/edit/?id={plan}").text)
    bulk = admin.post("/staff/bulk/work_plan/", data={"csrf_token": form["csrf_token"], "_action": "edit", "_id": plan})
    assert bulk.status_code == 200
    assert 'value="attachments"' not in bulk.text
    assert admin.get("/staff/work_plan/new/?attachments=x").status_code == 200


@screen
def test_a_file_of_a_row_beyond_ones_rights_is_not_there(app: Flask, admin: FlaskClient, plan: str) -> None:
    with unit_of_work() as session:
        fresh = kept(session, PLAN, "attachments", "rahasia.pdf")
        records.save(session, PLAN, {"attachments": [fresh]}, SYSTEM, now=utcnow(), public_id=plan)
    url = f"/staff/files/work_plan/{plan}/attachments/{fresh}"
    limited = log_in_as(app.test_client(), "analyst", email="terbatas@kantor.example")
    assert limited.get(url).status_code == 200
    with unit_of_work() as session:
        elsewhere = record(session, get("region"), now=utcnow()).id
        user = lists.page(session, get("user"), SYSTEM, search_for="terbatas@kantor.example").rows[0]
        bound = {"limit_regions": [elsewhere]}
        assert not records.save(
            session, get("user"), bound, SYSTEM, now=utcnow(), public_id=user["public_id"]
        ).problems  # fmt: skip

    assert limited.get(url).status_code == 404
    assert limited.get(url.replace("attachments", "position")).status_code == 404
    assert admin.get(url.replace(fresh, "0" * 16)).status_code == 404
    assert admin.get(url).status_code == 200
