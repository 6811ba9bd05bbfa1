"""What every page carries: headers, errors in plain words, language, health."""

from __future__ import annotations

import errno
import gzip
import io
import json
import logging
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import ngettext
from sqlalchemy.exc import OperationalError

from app.config import settings
from app.domain.errors import EditConflict, Forbidden, LinkGone, NotFound, SheetRejected
from app.factory import create_app
from app.web import access, assets, logs
from tests.fixtures.login import link_for
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CODE = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}")


@pytest.fixture
def faulty(own_app: Flask) -> FlaskClient:
    """A client of a site with one address for each way to fail."""
    faults: dict[str, Any] = {
        **{str(code): code for code in (400, 403, 404, 409, 410, 413, 415, 422, 429, 503, 507)},
        "500": ZeroDivisionError("secret detail"),
        "not-found": NotFound(), "forbidden": Forbidden(), "gone": LinkGone("link_revoked", reason="revoked"),
        "conflict": EditConflict("conflict_edit"), "sheet": SheetRejected("file_type"),
        "locked": _sqlite_error("database is locked", "SQLITE_BUSY"),
        "full": _sqlite_error("database or disk is full", "SQLITE_FULL"),
        "no-space": OSError(errno.ENOSPC, "No space left on device"),
    }  # fmt: skip

    def fail(name: str) -> str:
        fault = faults[name]
        if isinstance(fault, int):
            from flask import abort

            abort(fault)
        raise fault

    own_app.add_url_rule("/fail/<name>", "fail", access.public(fail))
    own_app.add_url_rule("/api/fail/<name>", "api_fail", access.public(fail))
    return own_app.test_client()


def _sqlite_error(words: str, name: str) -> OperationalError:
    cause = sqlite3.OperationalError(words)
    cause.sqlite_errorname = name  # type: ignore[misc]
    return OperationalError("INSERT INTO secret_table", {"a": "secret detail"}, cause)


def test_every_answer_carries_the_headers_of_a_closed_house(client: FlaskClient) -> None:
    for path in ("/", "/masuk", "/nowhere", "/healthz", "/robots.txt"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        for directive in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert directive in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "charset=utf-8" in answer.headers["Content-Type"] or answer.is_json
        assert "Server" not in answer.headers


def test_each_page_has_its_own_nonce_and_no_script_goes_without_one(client: FlaskClient) -> None:
    first, second = client.get("/"), client.get("/")

    nonce = re.search(r"'nonce-([^']+)'", first.headers["Content-Security-Policy"])
    assert nonce
    assert nonce[1] not in second.headers["Content-Security-Policy"]
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", first.text):
        assert f'nonce="{nonce[1]}"' in tag
    assert not re.findall(r"\son[a-z]+=|\sstyle=", first.text)


def test_an_https_address_gets_hsts_and_a_plain_one_does_not(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    monkeypatch.setenv("SINERGI_PUBLIC_URL", "https://localhost")
    settings.cache_clear()

    served = create_app(settings()).test_client().get("/", base_url="https://localhost")

    assert served.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_an_https_address_is_served_under_its_own_name_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_PUBLIC_URL", "https://lapor.kantor.example")
    settings.cache_clear()
    served = create_app(settings()).test_client()

    assert served.get("/healthz", base_url="https://lapor.kantor.example").status_code == 200
    assert served.get("/healthz", base_url="http://10.0.0.5:8000").status_code == 200
    assert served.get("/masuk", base_url="https://lapor.kantor.example:443").status_code == 200
    assert served.get("/masuk", base_url="https://evil.example").status_code == 400


def test_no_page_repeats_the_host_it_was_asked_under(client: FlaskClient) -> None:
    for path in ("/", "/masuk", "/akun/kata-sandi", "/nowhere"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    ("address", "name", "secure"),
    [("https://localhost", "__Host-sinergi", True), ("http://localhost:8000", "__Host-sinergi", True),
     ("http://127.0.0.1:8000", "__Host-sinergi", True), ("http://192.168.7.20:8000", "sinergi", False)],
)  # fmt: skip
def test_the_session_cookie_is_one_the_browser_will_keep(
    client: FlaskClient, address: str, name: str, secure: bool
) -> None:
    cookie = client.get("/masuk", base_url=address).headers["Set-Cookie"]

    assert cookie.startswith(name + "=")
    assert ("; Secure" in cookie) is secure
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


def test_a_plain_public_address_raises_a_red_banner(client: FlaskClient) -> None:
    assert "public-banner--red" in client.get("/").text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *[(str(code), code) for code in (400, 403, 404, 409, 410, 413, 415, 422, 429, 500, 503, 507)],
        ("not-found", 404), ("forbidden", 403), ("gone", 410), ("conflict", 409), ("sheet", 422), ("locked", 503),
        ("full", 507), ("no-space", 507),
    ],
)  # fmt: skip
def test_each_fault_has_a_page_with_words_a_code_and_a_way_on(faulty: FlaskClient, name: str, status: int) -> None:
    answer = faulty.get(f"/fail/{name}")

    assert answer.status_code == status
    assert answer.text.count("<h1") == 1
    assert '<html lang="id">' in answer.text
    code = CODE.search(answer.text)
    assert code
    assert code[0] == answer.headers["X-Request-Id"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert 'href="/"' in answer.text


def test_a_busy_database_says_when_to_come_back(faulty: FlaskClient) -> None:
    assert int(faulty.get("/fail/locked").headers["Retry-After"]) <= 10


def test_a_really_locked_database_is_a_page_too_and_loses_no_link(client: FlaskClient) -> None:
    path = link_for("siti@kantor.example", "login")
    form = hidden(client.get(path).text)
    locked = sqlite3.connect(settings().database_url.removeprefix("sqlite:///"), isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    try:
        answer = client.post(path, data=form)
    finally:
        locked.execute("ROLLBACK")
        locked.close()

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert client.post(path, data=form).status_code == 302


def test_a_form_that_met_a_busy_database_is_sent_again_from_the_page(client: FlaskClient) -> None:
    typed = {"company_name": "PT Uji & Co", "name": "Budi", "position": "HRD", "email": "b@pt-uji.example"}
    typed |= hidden(client.get("/lapor").text)
    locked = sqlite3.connect(settings().database_url.removeprefix("sqlite:///"), isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    try:
        answer = client.post("/lapor", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
        stranger = client.post("/lapor", data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    finally:
        locked.execute("ROLLBACK")
        locked.close()
    assert (answer.status_code, stranger.status_code) == (503, 400), "the wall against other sites asks no database"
    assert "PT Uji" not in stranger.text
    assert client.post("/lapor", data=hidden(answer.text)).status_code == 200


def test_the_log_line_of_a_fault_has_the_code_of_its_page(
    faulty: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "sinergi.web"):
        faulty.get("/fail/500")

    assert any("ZeroDivisionError" in record.message for record in caplog.records)


def test_the_api_answers_faults_in_json(faulty: FlaskClient) -> None:
    answer = faulty.get("/api/fail/not-found?lang=en")

    assert answer.status_code == 404
    assert set(answer.json["error"]) == {"code", "message", "request_id"}
    assert answer.json["error"]["code"] == "not_found"
    assert faulty.get("/fail/500", headers={"Accept": "application/json"}).json["error"]["code"] == "unexpected"


def test_a_wrong_method_says_so_and_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/keluar")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_the_error_page_stands_even_without_style_sheets(faulty: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "DIST", Path("/nonexistent"))
    monkeypatch.setattr(assets, "_read", {})

    answer = faulty.get("/fail/404")

    assert answer.status_code == 404
    assert CODE.search(answer.text)


def test_an_expired_form_keeps_what_was_typed_and_lets_it_be_sent_again(client: FlaskClient) -> None:
    typed = {
        "next": "/a",
        "email": 'x"><script>alert(1)</script>@kantor.example',
        "password": "do not repeat me",
        "csrf_token": "old",
    }

    answer = client.post("/masuk?lang=en", data=typed, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 400
    kept = hidden(answer.text)
    assert kept["email"] == typed["email"]
    assert kept["csrf_token"] not in ("", "old")
    assert "do not repeat me" not in answer.text
    assert "<script>alert" not in answer.text
    assert client.post("/language", data={"csrf_token": kept["csrf_token"], "language": "en"}).status_code == 302


def test_a_stranger_cannot_put_wishes_behind_our_button(client: FlaskClient) -> None:
    answer = client.post("/keluar", data={"delete": "everything"})

    assert answer.status_code == 400
    assert "<form" not in answer.text.partition("<main")[2].partition("</main>")[0]
    assert "everything" in answer.text


def test_a_request_id_of_the_proxy_is_taken_only_from_a_proxy(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"X-Request-Id": "edge-1234567890"}
    assert client.get("/", headers=given).headers["X-Request-Id"] != given["X-Request-Id"]
    monkeypatch.setenv("SINERGI_TRUSTED_PROXIES", "1")
    settings.cache_clear()
    behind = create_app(settings()).test_client()

    assert behind.get("/", headers=given).headers["X-Request-Id"] == given["X-Request-Id"]
    forged = behind.get("/", headers={"X-Request-Id": "a b<c>"})
    assert forged.headers["X-Request-Id"] != "a b<c>"


def test_indonesian_comes_first_whatever_the_browser_says(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text

    assert '<html lang="id">' in page
    assert "Selamat datang" in page


def test_the_language_of_an_address_stays_in_the_links_of_its_page(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text

    assert '<html lang="en">' in page
    assert 'href="/masuk?lang=en"' in page
    assert '<html lang="id">' in client.get("/").text


@pytest.mark.parametrize(("lang", "said"), [("id", "2.715 menit"), ("en", "2,715 minutes")])
def test_a_count_in_a_sentence_is_written_as_its_language_writes_numbers(own_app: Flask, lang: str, said: str) -> None:
    with own_app.test_request_context(f"/?lang={lang}"):
        in_code = ngettext("%(num)s minute ago", "%(num)s minutes ago", 2715)
        page = "{{ ngettext('%(num)s minute ago', '%(num)s minutes ago', 2715) }}"
        assert in_code.startswith(said)
        assert render_template_string(page) == in_code


def test_a_chosen_language_is_kept_by_post_only(client: FlaskClient) -> None:
    token = hidden(client.get("/masuk").text)["csrf_token"]

    answer = client.post("/language", data={"csrf_token": token, "language": "en", "next": "/masuk"})

    assert answer.location == "/masuk"
    assert '<html lang="en">' in client.get("/").text
    assert (
        client.post("/language", data={"csrf_token": token, "language": "id", "next": "//evil.example"}).location == "/"
    )
    assert '<html lang="id">' in client.get("/?lang=xx").text


def test_alive_and_ready_are_json_without_data(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json == {"ready": True, "checks": {"database": "ok", "disk": "ok", "queue": "down"}}


def test_without_a_database_the_process_lives_and_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import database

    database.use("sqlite:////dev/null/no.db")

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/").status_code == 200


def test_figures_are_for_holders_of_the_token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.test_client().get("/metrics").status_code == 404
    monkeypatch.setenv("SINERGI_METRICS_TOKEN", "a token of more than sixteen signs")
    settings.cache_clear()
    client = create_app(settings()).test_client()
    bearer = {"Authorization": "Bearer a token of more than sixteen signs"}

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get("/healthz")
    text = client.get("/metrics", headers=bearer).text
    assert re.search(r'sinergi_requests_total\{[^}]*endpoint="health.healthz"[^}]*\} \d+', text)


def test_search_engines_may_read_the_first_page_only(client: FlaskClient) -> None:
    assert "Disallow: /" in client.get("/robots.txt").text
    assert "X-Robots-Tag" not in client.get("/").headers
    assert client.get("/masuk").headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_body_larger_than_its_view_allows_is_refused_before_it_is_read(client: FlaskClient) -> None:
    file = (io.BytesIO(b"x" * 12_100_000), "daftar.xlsx")
    answer = client.post("/masuk", data={"file": file}, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert "10 MB" in answer.text
    assert 'href="/masuk"' in answer.text


def test_a_form_without_a_file_is_not_told_of_files_when_it_is_too_long(client: FlaskClient) -> None:
    answer = client.post("/masuk", data={"email": "x" * 12_100_000})

    assert answer.status_code == 413
    assert "Yang diketik terlalu panjang" in answer.text
    assert "gambar" not in answer.text
    assert "What was typed is too long" in client.post("/masuk?lang=en", data={"email": "x" * 12_100_000}).text


def test_a_form_of_very_many_parts_is_refused(client: FlaskClient) -> None:
    parts = {f"f{n}": "x" for n in range(2_500)}

    assert client.post("/masuk", data=parts, content_type="multipart/form-data").status_code == 413


def test_built_files_are_kept_for_a_year_and_travel_compressed(client: FlaskClient) -> None:
    url = assets.manifest()["files"]["public.css"]["file"]
    answer = client.get(f"/static/dist/{url}", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/static/../config.py").status_code == 404
    assert client.get("/static/%2e%2e/config.py").status_code == 404


def test_log_lines_are_json_and_know_nobody(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(settings(), json_lines=True)
    try:
        raise ValueError("passport C1234567 of budi@contoh.example")
    except ValueError:
        logging.getLogger("sinergi.web").exception(
            "link /l/%s for %s", "k1.abcdefgh.0123456789abcdef", "budi@contoh.example"
        )

    line = capsys.readouterr().err.strip().splitlines()[-1]
    said = json.loads(line)
    assert said["level"] == "ERROR"
    assert said["time"].endswith("+00:00")
    for secret in ("C1234567", "budi@", "0123456789abcdef"):
        assert secret not in line


def test_the_access_log_has_the_pattern_of_the_route_not_its_secret(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "sinergi.access"):
        client.get("/masuk/tautan/" + "s" * 43 + "?q=rahasia")

    assert "/masuk/tautan/<token>" in caplog.text
    assert "sss" not in caplog.text
    assert "rahasia" not in caplog.text


def test_a_password_is_hashed_as_the_standard_asks(own_app: Flask) -> None:
    """RFC 9106: argon2id with 64 MiB and three passes."""
    from flask_security import hash_password

    with own_app.app_context():
        assert hash_password("kopi susu di pagi hari").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
