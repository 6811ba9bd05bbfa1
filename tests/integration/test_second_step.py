"""A password alone opens nothing once a second step is set up; a proof counts once, and its owner hears of changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import text

from app.config import settings
from app.database import unit_of_work, utcnow
from app.operations import factors, users
from app.queries import accounts
from tests.fixtures.factors import SECURITY, Device, add_passkey, code_of, codes_on, connect_app, question
from tests.fixtures.login import (
    ADMIN,
    EMAIL,
    PASSWORD,
    choose_password,
    is_in,
    link_for,
    log_in,
    make_user,
    post,
)
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STEP = "/masuk/langkah-kedua"


@pytest.fixture
def siti(client: FlaskClient) -> FlaskClient:
    """An analyst, logged in."""
    choose_password(client, make_user())
    return client


@pytest.fixture
def elsewhere(siti: FlaskClient) -> FlaskClient:
    """Another browser, not logged in."""
    return siti.application.test_client()


def rows(statement: str) -> list[tuple[object, ...]]:
    with unit_of_work(write=False) as session:
        return [tuple(row) for row in session.execute(text(statement)).all()]


def news() -> list[str]:
    """What the person was told by mail, oldest first."""
    import json

    contexts = [row[0] for row in rows("SELECT context FROM outbox_message WHERE kind = 'account' ORDER BY id")]
    return [(json.loads(one) if isinstance(one, str) else one)["what"] for one in contexts]


# ---- the app


def test_with_an_app_the_password_alone_opens_nothing(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, codes = connect_app(siti)
    assert len(codes) == 10

    answer = log_in(elsewhere)

    assert answer.status_code == 302
    assert answer.location == STEP
    assert not is_in(elsewhere)
    assert post(elsewhere, STEP, {"code": "000000"}).status_code == 422
    assert not is_in(elsewhere)
    assert post(elsewhere, STEP, {"code": code_of(key)}).status_code == 302
    assert is_in(elsewhere)


def test_a_code_may_be_typed_with_blanks(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, _codes = connect_app(siti)
    code = code_of(key)

    log_in(elsewhere)
    post(elsewhere, STEP, {"code": f" {code[:3]} {code[3:]} "})

    assert is_in(elsewhere)


def test_a_mistyped_code_at_setting_up_keeps_the_picture(siti: FlaskClient) -> None:
    page = siti.get(f"{SECURITY}/aplikasi").text
    form = hidden(page)

    wrong = siti.post(f"{SECURITY}/aplikasi", data={**form, "code": "123"})

    assert wrong.status_code == 422
    assert "Perlu diperbaiki: " in wrong.text
    assert page.split('class="qr" src="')[1].split('"')[0] == wrong.text.split('class="qr" src="')[1].split('"')[0]


def test_the_picture_comes_from_us_and_the_key_stands_beside_it(siti: FlaskClient) -> None:
    page = siti.get(f"{SECURITY}/aplikasi").text

    assert 'class="qr" src="data:image/svg+xml' in page
    assert "http://" not in page.split('class="qr" src="')[1].split('"')[0].replace("http://www.w3.org", "")
    assert EMAIL in page


def test_the_note_of_another_person_sets_nothing_up(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    choose_password(elsewhere, make_user("budi@kantor.example"))
    page = siti.get(f"{SECURITY}/aplikasi").text
    key = page.split('id="key"')[1].split(">")[1].split("<")[0]

    form = {"state": hidden(page)["state"], "code": code_of(key)}
    answer = post(elsewhere, f"{SECURITY}/aplikasi", form)

    assert answer.status_code == 422


def test_keys_and_codes_stand_in_the_database_sealed_and_hashed(siti: FlaskClient) -> None:
    key, codes = connect_app(siti)

    everything = str(rows("SELECT * FROM credential")) + str(rows("SELECT * FROM audit_entry"))
    everything += str(rows("SELECT * FROM outbox_message"))

    assert key.replace(" ", "") not in everything
    assert not any(code in everything or code.replace("-", "") in everything for code in codes)


def test_a_sealed_key_moved_to_another_person_opens_nothing(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, _codes = connect_app(siti)
    choose_password(elsewhere, make_user("budi@kantor.example"))
    with unit_of_work() as session:
        sealed = session.execute(text("SELECT tf_totp_secret FROM credential WHERE tf_totp_secret > ''")).scalar_one()
        session.execute(text("UPDATE credential SET tf_totp_secret = :it"), {"it": sealed})

    third = siti.application.test_client()
    log_in(third, "budi@kantor.example")
    assert post(third, STEP, {"code": code_of(key)}).status_code == 422


def test_after_a_new_root_secret_the_earlier_one_still_opens(
    siti: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.factory import create_app

    key, codes = connect_app(siti)
    monkeypatch.setenv("SINERGI_OLD_SECRET_KEYS", "a secret for tests, and for nothing else")
    monkeypatch.setenv("SINERGI_SECRET_KEY", "another secret, made after somebody had left")
    settings.cache_clear()
    moved = create_app(settings())
    moved.config.update(TESTING=True, PREFERRED_URL_SCHEME="https")

    for typed in ({"code": code_of(key)}, {"recovery": codes[0]}):
        browser = moved.test_client()
        log_in(browser)
        post(browser, STEP, typed)
        assert is_in(browser)

    monkeypatch.delenv("SINERGI_OLD_SECRET_KEYS")
    settings.cache_clear()
    with unit_of_work(write=False) as session:
        assert factors.unopenable(session, settings()) == 0, "the key was sealed anew when it was used"
        assert factors.unopenable(session, settings().model_copy(update={"secret": SecretStr("x" * 20)})) == 1


# ---- recovery codes


def test_a_recovery_code_opens_once_in_any_spelling(siti: FlaskClient) -> None:
    _key, codes = connect_app(siti)
    spelled = codes[0].lower().replace("-", " ")

    for expected in (True, False):
        browser = siti.application.test_client()
        log_in(browser)
        answer = post(browser, STEP, {"recovery": spelled})
        assert is_in(browser) is expected

    assert "sudah pernah dipakai" in answer.text
    assert "Masih ada 9 kode" in siti.get(SECURITY).text
    assert news()[-1] == "code_used"


def test_new_codes_end_the_old_ones_and_are_shown_once(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    _key, old = connect_app(siti)
    page = post(siti, f"{SECURITY}/kode", page=SECURITY)
    new = codes_on(page.text)

    assert len(set(new)) == 10
    assert page.headers["Cache-Control"] == "no-store"
    assert not any(code in siti.get(SECURITY).text for code in new)
    log_in(elsewhere)
    assert post(elsewhere, STEP, {"recovery": old[0]}).status_code == 422
    assert post(elsewhere, STEP, {"recovery": new[0]}).status_code == 302


# ---- tries


def test_five_wrong_codes_and_even_the_right_one_waits(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, codes = connect_app(siti)
    log_in(elsewhere)

    for _number in range(5):
        assert post(elsewhere, STEP, {"code": "000000"}).status_code == 422

    assert "Sudah terlalu sering keliru" in post(elsewhere, STEP, {"code": code_of(key)}).text
    assert "Sudah terlalu sering keliru" in post(elsewhere, STEP, {"recovery": codes[0]}).text
    assert not is_in(elsewhere)
    assert "tries" in news()
    with unit_of_work() as session:
        session.execute(text("UPDATE credential SET proof_locked_until = :at"), {"at": utcnow() - timedelta(seconds=1)})
    assert post(elsewhere, STEP, {"recovery": codes[0]}).status_code == 302
    assert is_in(siti)


def test_a_passkey_needs_no_patience(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    device = Device()
    connect_app(siti)
    add_passkey(siti, device)
    log_in(elsewhere)
    for _number in range(5):
        post(elsewhere, STEP, {"code": "000000"})

    asked = question(elsewhere, f"{STEP}/passkey", STEP)
    post(elsewhere, STEP, {"passkey": device.answer(asked["options"]), "passkey_state": asked["state"]})

    assert is_in(elsewhere)


# ---- passkeys


def test_a_passkey_is_the_second_step(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    device = Device(verifies=False)  # beside a password it is enough to hold it
    first = add_passkey(siti, device, "Laptop kantor")
    assert len(codes_on(first.text)) == 10
    assert "Laptop kantor" in siti.get(SECURITY).text

    log_in(elsewhere)
    asked = question(elsewhere, f"{STEP}/passkey", STEP)
    answer = post(elsewhere, STEP, {"passkey": device.answer(asked["options"]), "passkey_state": asked["state"]})

    assert answer.status_code == 302
    assert is_in(elsewhere)


def test_a_passkey_alone_is_both_steps_where_the_device_knows_its_owner(
    siti: FlaskClient, elsewhere: FlaskClient
) -> None:
    device = Device()
    add_passkey(siti, device)

    device.verifies = False
    assert with_passkey(elsewhere, device).status_code == 422
    assert not is_in(elsewhere)
    device.verifies = True
    assert with_passkey(elsewhere, device).status_code == 302
    assert is_in(elsewhere)
    assert rows("SELECT via FROM login_session WHERE via = 'passkey'") == [("passkey",)]


def test_an_answer_of_a_passkey_counts_once(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    device = Device()
    add_passkey(siti, device)
    asked = question(elsewhere, "/masuk/passkey/tanya", "/masuk")
    answer = {"passkey": device.answer(asked["options"]), "passkey_state": asked["state"]}
    assert post(elsewhere, "/masuk/passkey", answer, page="/masuk").status_code == 302

    thief = siti.application.test_client()

    assert post(thief, "/masuk/passkey", answer, page="/masuk").status_code == 422
    assert not is_in(thief)


@pytest.mark.parametrize("origin", ["https://evil.example", "https://localhost.evil.example", "http://localhost"])
def test_an_answer_given_to_another_site_opens_nothing(siti: FlaskClient, elsewhere: FlaskClient, origin: str) -> None:
    device = Device()
    add_passkey(siti, device)
    asked = question(elsewhere, "/masuk/passkey/tanya", "/masuk")

    answer = {"passkey": device.answer(asked["options"], origin), "passkey_state": asked["state"]}

    assert post(elsewhere, "/masuk/passkey", answer, page="/masuk").status_code == 422


def test_a_question_is_good_for_its_own_use_and_person_only(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    """Budi's passkey does not pass Siti's second step, nor does an answer asked for elsewhere."""
    device, other = Device(), Device()
    add_passkey(siti, device)
    budi = siti.application.test_client()
    choose_password(budi, make_user("budi@kantor.example"))
    add_passkey(budi, other)
    log_in(elsewhere)
    asked = question(elsewhere, f"{STEP}/passkey", STEP)

    foreign = {"passkey": other.answer(asked["options"]), "passkey_state": asked["state"]}
    assert post(elsewhere, STEP, foreign).status_code == 422
    asked = question(elsewhere, "/masuk/passkey/tanya", "/masuk")
    login = {"passkey": device.answer(asked["options"]), "passkey_state": asked["state"]}
    assert post(elsewhere, STEP, login).status_code == 422
    assert not is_in(elsewhere)


@pytest.mark.parametrize(
    "rubbish", ["", "{}", "null", '{"id": 1}', "[]", "x" * 5000, '{"response": {"clientDataJSON": "!"}}']
)
def test_rubbish_instead_of_an_answer_is_refused_in_words(client: FlaskClient, rubbish: str) -> None:
    asked = question(client, "/masuk/passkey/tanya", "/masuk")

    answer = post(client, "/masuk/passkey", {"passkey": rubbish, "passkey_state": asked["state"]}, page="/masuk")
    again = post(client, "/masuk/passkey", {"passkey": rubbish, "passkey_state": rubbish}, page="/masuk")

    assert (answer.status_code, again.status_code) == (422, 422)
    assert "Passkey belum diterima" in answer.text


def test_a_passkey_has_a_name_that_can_change_and_goes_when_removed(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    device = Device()
    connect_app(siti)
    add_passkey(siti, device, "Laptop")
    (public_id,) = rows("SELECT public_id FROM passkey")[0]
    path = f"{SECURITY}/passkey/{public_id}"

    post(siti, path, {"name": "  Laptop   rumah "}, page=SECURITY)
    assert "Laptop rumah" in siti.get(SECURITY).text
    post(siti, path, {"remove": "1"}, page=SECURITY)

    assert rows("SELECT * FROM passkey") == []
    assert with_passkey(elsewhere, device).status_code == 422
    assert news() == ["totp_set", "passkey_added", "passkey_removed"]


def test_nobody_touches_the_passkey_of_another(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    add_passkey(siti, Device())
    (public_id,) = rows("SELECT public_id FROM passkey")[0]
    choose_password(elsewhere, make_user("budi@kantor.example"))

    path = f"{SECURITY}/passkey/{public_id}"
    assert post(elsewhere, path, {"remove": "1"}, page="/akun/kata-sandi").status_code == 404
    assert len(rows("SELECT * FROM passkey")) == 1


def test_no_address_by_number_or_plain_http_promises_a_passkey(siti: FlaskClient) -> None:
    for base, words in (
        ("http://192.168.7.20:8000", "dibuka dengan angka"),
        ("http://kantor.example", "sambungan terlindung"),
        ("http://127.0.0.1:8000", "http://localhost:8000"),
    ):
        page = siti.get("/masuk", base_url=base)
        assert "data-passkey" not in page.text
        browser = siti.application.test_client()
        path = link_for(f"x{abs(hash(base))}@kantor.example", "login", "analyst", status="active")
        token = hidden(browser.get(path, base_url=base).text)["csrf_token"]
        browser.post(path, data={"csrf_token": token}, base_url=base)
        page = browser.get(f"{SECURITY}/passkey", base_url=base)
        assert words in page.text, base
        assert f"{SECURITY}/aplikasi" in page.text


# ---- who must have one


def grace_over() -> None:
    """The days of grace ended a moment ago."""
    with unit_of_work() as session:
        session.execute(text("UPDATE credential SET factor_due_at = :at"), {"at": utcnow()})


def test_who_may_export_is_asked_kindly_for_two_weeks_and_then_must(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    assert "paling lambat" in siti.get("/staff/").text
    assert siti.get("/staff/company/").status_code == 200

    grace_over()
    assert siti.get("/staff/company/").status_code == 200, "whoever is in stays in"
    log_in(elsewhere)
    assert elsewhere.get("/staff/company/").location == SECURITY
    token = hidden(elsewhere.get(SECURITY).text)["csrf_token"]
    refused = elsewhere.post(
        "/staff/company/new/", data={"csrf_token": token, "legal_name": "PT Mawar", "_draft": "x", "new_id": "y"}
    )
    assert refused.status_code == 403
    assert "PT Mawar" in refused.text
    assert "Nama resmi" in refused.text
    assert "_draft" not in refused.text
    connect_app(elsewhere)

    assert elsewhere.get("/staff/company/").status_code == 200


def test_who_must_have_one_cannot_take_the_last_away(siti: FlaskClient) -> None:
    connect_app(siti)

    answer = post(siti, f"{SECURITY}/aplikasi", {"remove": "1"}, page=SECURITY)

    assert answer.status_code == 400
    assert "langkah kedua Anda yang terakhir" in answer.text
    add_passkey(siti, Device())
    assert post(siti, f"{SECURITY}/aplikasi", {"remove": "1"}, page=SECURITY).status_code == 302
    assert rows("SELECT tf_totp_secret FROM credential") == [(None,)]


def test_agencies_may_have_one_and_need_none(client: FlaskClient) -> None:
    choose_password(client, make_user("indah@disnaker.example", "agency_coordinator"))
    assert "paling lambat" not in client.get(SECURITY).text
    connect_app(client)

    assert post(client, f"{SECURITY}/aplikasi", {"remove": "1"}, page=SECURITY).status_code == 302
    assert rows("SELECT tf_totp_secret, mf_recovery_codes FROM credential") == [(None, "[]")]


@pytest.mark.parametrize(
    ("value", "role", "expected"),
    [
        ("sensitive", "field_officer", True), ("sensitive", "agency_member", False), ("all", "agency_member", True),
        ("none", "admin", False), ("admin,head", "admin", True), ("admin,head", "analyst", False),
    ],
)  # fmt: skip
def test_the_office_decides_who_must(client: FlaskClient, value: str, role: str, expected: bool) -> None:
    from app.queries import factors as known

    make_user("x@kantor.example", role)
    with unit_of_work(write=False) as session:
        account = accounts.by_email(session, "x@kantor.example")
    assert account
    chosen = settings().model_copy(update={"factor_for": value})

    assert known.must_have(account, chosen) is expected
    assert not known.must_have(account, chosen.model_copy(update={"demo": True}))


# ---- no side door


def test_a_new_password_keeps_the_second_step(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, _codes = connect_app(siti)
    with unit_of_work() as session:
        url = users.one_time_link(session, users.find(session, EMAIL), utcnow(), settings(), purpose="password")

    answer = choose_password(elsewhere, url.removeprefix(settings().public_url), "teh manis tanpa gula")

    assert answer.location == STEP
    assert not is_in(elsewhere)
    post(elsewhere, STEP, {"code": code_of(key)})
    assert is_in(elsewhere)
    assert rows("SELECT via FROM login_session ORDER BY started_at DESC LIMIT 1") == [("link+totp",)]
    assert "password_changed" in news()


def test_a_login_link_asks_for_the_second_step_too(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    connect_app(siti)
    with unit_of_work() as session:
        url = users.one_time_link(session, users.find(session, EMAIL), utcnow(), settings())

    assert post(elsewhere, url.removeprefix(settings().public_url)).location == STEP
    assert not is_in(elsewhere)


def test_the_step_between_is_short_and_belongs_to_one_password(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, _codes = connect_app(siti)
    log_in(elsewhere)
    with elsewhere.session_transaction(base_url="https://localhost") as cookie:
        cookie["second"]["at"] -= 601
        cookie.modified = True
    assert elsewhere.get(STEP).status_code == 302
    log_in(elsewhere)
    with unit_of_work() as session:
        users.disable(session, users.find(session, EMAIL), ADMIN, now=utcnow(), reason="cuti")

    assert elsewhere.get(STEP).status_code == 302
    assert key


def test_entries_kept_through_the_login_are_kept_through_the_second_step(siti: FlaskClient) -> None:
    key, _codes = connect_app(siti)
    token = hidden(siti.get("/akun/kata-sandi").text)["csrf_token"]
    with siti.session_transaction(base_url="https://localhost") as cookie:
        cookie.pop("_user_id")
    login = hidden(siti.post("/session/extend", data={"csrf_token": token, "alamat": "Jl. Mawar 1"}).text)

    step = siti.post("/masuk", data={**login, "email": EMAIL, "password": PASSWORD})
    assert step.status_code == 200
    again = siti.post(STEP, data={**hidden(step.text), "code": "000000"})
    done = siti.post(STEP, data={**hidden(again.text), "code": code_of(key)})

    assert done.status_code == 200
    assert hidden(done.text)["alamat"] == "Jl. Mawar 1"


def test_the_page_asked_for_is_opened_after_the_second_step(siti: FlaskClient, elsewhere: FlaskClient) -> None:
    key, _codes = connect_app(siti)

    asked = log_in(elsewhere, next="/staff/company/")
    done = post(elsewhere, asked.location, {"code": code_of(key), "next": "/staff/company/"})

    assert done.location == "/staff/company/"


def test_a_code_and_a_passkey_are_a_proof_of_identity(siti: FlaskClient) -> None:
    device = Device()
    key, _codes = connect_app(siti)
    add_passkey(siti, device)
    page = "/akun/konfirmasi?next=/staff/company/export/csv/"

    for proof in ("code", "passkey"):
        with unit_of_work() as session:
            session.execute(text("UPDATE login_session SET proven_at = NULL"))
        typed = {"proof_code": code_of(key)}
        if proof == "passkey":
            asked = question(siti, "/akun/konfirmasi/passkey", page)
            typed = {"proof_passkey": device.answer(asked["options"]), "proof_passkey_state": asked["state"]}
        assert post(siti, page, {**typed, "next": "/staff/company/"}).location == "/staff/company/"


def test_setting_up_a_second_step_needs_a_fresh_proof(siti: FlaskClient) -> None:
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET proven_at = NULL"))

    for path in ("/passkey", "/aplikasi"):
        assert siti.get(SECURITY + path).location.startswith("/akun/konfirmasi")
    token = hidden(siti.get("/akun/kata-sandi").text)["csrf_token"]
    for path in ("/passkey", "/passkey/tanya", "/passkey/x", "/aplikasi", "/kode"):
        assert siti.post(SECURITY + path, data={"csrf_token": token}).status_code == 401


def test_a_weak_new_password_is_refused_at_the_change_too(siti: FlaskClient) -> None:
    weak = "sinergi20262026"
    answer = post(siti, "/akun/kata-sandi", {"password": PASSWORD, "new_password": weak, "new_password_confirm": weak})

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text


def test_the_audit_chain_holds_and_names_every_change(siti: FlaskClient) -> None:
    from app.operations import audit

    connect_app(siti)
    add_passkey(siti, Device())
    post(siti, f"{SECURITY}/kode", page=SECURITY)

    assert {row[0] for row in rows("SELECT action FROM audit_entry")} >= {"totp_set", "passkey_added", "codes_made"}
    with unit_of_work(write=False) as session:
        assert audit.verify(session).broken_at is None


def test_twenty_passkeys_are_enough(siti: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factors, "MOST_PASSKEYS", 1)
    add_passkey(siti, Device())

    assert add_passkey(siti, Device()).status_code == 400


def with_passkey(client: FlaskClient, device: Device):  # type: ignore[no-untyped-def]
    asked = question(client, "/masuk/passkey/tanya", "/masuk")
    answer = {"passkey": device.answer(asked["options"]), "passkey_state": asked["state"]}
    return post(client, "/masuk/passkey", answer, page="/masuk")
