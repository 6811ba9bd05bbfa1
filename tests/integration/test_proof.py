"""Who is it, once more? Asked before exports, reveals and changes of rights; what was asked then goes on by itself."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.config import settings
from app.database import unit_of_work, utcnow
from app.operations import users
from tests.fixtures.login import EMAIL, PASSWORD, choose_password, is_in, link_for, make_user, post
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EXPORT = "/staff/company/export/csv/?search=mawar"


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    """An administrator with a password, who came in this moment."""
    choose_password(client, make_user(EMAIL, "admin"))
    return client


def stale(minutes: int = 16) -> None:
    """Everybody's last proof was so long ago."""
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET proven_at = :at"), {"at": utcnow() - timedelta(minutes=minutes)})


def rename(client: FlaskClient, name: str, **more: str) -> tuple[str, dict[str, str]]:
    """The edit address of the person's own user record, and what its form would send with another name."""
    with unit_of_work(write=False) as session:
        user = users.find(session, EMAIL)
    path = f"/staff/user/edit/?id={user.public_id}"
    page = client.get(path).text
    token = hidden(page)["csrf_token"]
    known = {"row_version": str(user.row_version), "email": EMAIL, "language": "id", "status": "active"}
    with unit_of_work(write=False) as session:
        role = session.execute(text("SELECT public_id FROM role WHERE code = 'admin'")).scalar_one()
    return path, {"csrf_token": token, **known, "roles": role, "name": name, **more}


def test_whoever_has_just_come_in_is_not_asked(admin: FlaskClient) -> None:
    assert admin.get(EXPORT).status_code == 200


def test_an_export_asks_after_a_while_and_then_comes(admin: FlaskClient) -> None:
    stale()

    asked = admin.get(EXPORT)
    assert asked.status_code == 302
    assert asked.location.startswith("/akun/konfirmasi?next=")
    done = post(admin, asked.location, {"proof_password": PASSWORD, "next": EXPORT})

    assert done.status_code == 200
    assert f'content="0; url={EXPORT}"' in done.text
    assert 'href="/staff/company/?search=mawar"' in done.text
    assert admin.get(EXPORT).mimetype == "text/csv"


def test_after_a_page_the_page_itself_comes(admin: FlaskClient) -> None:
    stale()

    asked = admin.get("/staff/user/new/")
    done = post(admin, asked.location, {"proof_password": PASSWORD, "next": "/staff/user/new/"})

    assert done.status_code == 302
    assert done.location == "/staff/user/new/"


def test_a_wrong_password_is_said_and_nothing_comes(admin: FlaskClient) -> None:
    stale()

    answer = post(admin, f"/akun/konfirmasi?next={EXPORT}", {"proof_password": "not this one", "next": EXPORT})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert admin.get(EXPORT).status_code == 302


def test_a_change_goes_on_in_the_same_request_with_everything_typed(admin: FlaskClient) -> None:
    path, form = rename(admin, "Siti Baru")
    stale()

    asked = admin.post(path, data=form)
    assert asked.status_code == 401
    kept = hidden(asked.text)
    assert kept["name"] == "Siti Baru"
    assert _name() == "Siti Aminah"
    done = admin.post(path, data={**kept, "proof_password": PASSWORD})

    assert done.status_code == 302
    assert _name() == "Siti Baru"


def test_a_wrong_password_keeps_what_was_typed(admin: FlaskClient) -> None:
    path, form = rename(admin, "Siti Baru")
    stale()

    again = admin.post(path, data={**form, "proof_password": "not this one"})

    assert again.status_code == 401
    assert hidden(again.text)["name"] == "Siti Baru"
    assert "not this one" not in again.text
    assert _name() == "Siti Aminah"


def test_the_proof_needs_the_token_of_the_page(admin: FlaskClient) -> None:
    path, form = rename(admin, "Siti Baru")
    stale()

    answer = admin.post(path, data={**form, "csrf_token": "made up", "proof_password": PASSWORD})

    assert answer.status_code == 400
    assert "proof_password" not in answer.text
    assert PASSWORD not in answer.text
    assert admin.get(EXPORT).status_code == 302


def test_five_wrong_ones_end_this_browser_and_pause_the_next(admin: FlaskClient) -> None:
    stale()
    page = f"/akun/konfirmasi?next={EXPORT}"
    token = hidden(admin.get(page).text)["csrf_token"]
    wrong = {"csrf_token": token, "proof_password": "not this one", "next": EXPORT}

    answers = [admin.post("/akun/konfirmasi", data=wrong) for _number in range(5)]

    assert [answer.status_code for answer in answers] == [422] * 4 + [302]
    assert not is_in(admin)
    with unit_of_work(write=False) as session:
        assert session.execute(text("SELECT count(*) FROM audit_entry WHERE action = 'proof_locked'")).scalar() == 1


def test_a_right_one_forgets_the_wrong_ones_before(admin: FlaskClient) -> None:
    for _round in range(2):
        stale()
        for _number in range(4):
            post(admin, f"/akun/konfirmasi?next={EXPORT}", {"proof_password": "not this one", "next": EXPORT})
        assert (
            post(admin, f"/akun/konfirmasi?next={EXPORT}", {"proof_password": PASSWORD, "next": EXPORT}).status_code
            == 200
        )


def test_another_browser_of_the_same_person_stays_as_it_was(admin: FlaskClient) -> None:
    other = admin.application.test_client()
    post(other, "/masuk", {"email": EMAIL, "password": PASSWORD})
    stale()

    post(admin, f"/akun/konfirmasi?next={EXPORT}", {"proof_password": PASSWORD, "next": EXPORT})

    assert admin.get(EXPORT).status_code == 200
    assert other.get(EXPORT).status_code == 302


def test_a_script_is_told_where_to_prove_it(admin: FlaskClient) -> None:
    stale()

    answer = admin.get(EXPORT, headers={"Sec-Fetch-Mode": "cors"})

    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["error"]["code"] == "proof_required"
    assert answer.json["error"]["confirm"].startswith("/akun/konfirmasi?next=")


def test_a_file_is_not_kept_and_the_page_says_so(admin: FlaskClient) -> None:
    stale()
    token = hidden(admin.get("/").text).get("csrf_token") or hidden(admin.get("/akun/kata-sandi").text)["csrf_token"]

    form = {"csrf_token": token, "source": "oss", "file": (io.BytesIO(b"a,b"), "daftar.csv")}
    answer = admin.post("/staff/import/user/", data=form, content_type="multipart/form-data")

    assert answer.status_code == 401
    assert "Berkas yang Anda pilih tidak dapat disimpan" in answer.text
    assert hidden(answer.text)["source"] == "oss"


def test_a_reveal_asks_too_and_companies_stay_as_easy_to_edit_as_ever(admin: FlaskClient) -> None:
    stale()
    token = hidden(admin.get("/akun/kata-sandi").text)["csrf_token"]

    assert admin.post("/staff/passport/reveal/?id=x", data={"csrf_token": token, "field": "number"}).status_code == 401
    assert admin.get("/staff/company/new/").status_code == 200
    assert admin.get("/staff/user/").status_code == 200


def test_nobody_is_sent_to_another_site(admin: FlaskClient) -> None:
    stale()

    done = post(admin, "/akun/konfirmasi", {"proof_password": PASSWORD, "next": "//evil.example/"})

    assert done.location == "/"


def test_in_a_demo_a_button_is_enough_for_whoever_came_by_a_link(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link_for(EMAIL, "login", "admin", status="active")
    post(client, path)
    stale()
    assert "proof_demo" not in client.get(f"/akun/konfirmasi?next={EXPORT}").text
    assert post(client, f"/akun/konfirmasi?next={EXPORT}", {"proof_demo": "1", "next": EXPORT}).status_code == 422

    monkeypatch.setitem(client.application.extensions, "settings", settings().model_copy(update={"demo": True}))

    assert "proof_demo" in client.get(f"/akun/konfirmasi?next={EXPORT}").text
    assert post(client, f"/akun/konfirmasi?next={EXPORT}", {"proof_demo": "1", "next": EXPORT}).status_code == 200
    assert client.get(EXPORT).status_code == 200


def test_with_a_password_the_button_of_the_demo_is_worth_nothing(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale()
    monkeypatch.setitem(admin.application.extensions, "settings", settings().model_copy(update={"demo": True}))

    assert post(admin, f"/akun/konfirmasi?next={EXPORT}", {"proof_demo": "1", "next": EXPORT}).status_code == 422


def _name() -> str:
    with unit_of_work(write=False) as session:
        return users.find(session, EMAIL).name
