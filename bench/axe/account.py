"""Getting in and staying in: the first link, the login, the second step, passkeys, codes, the question in between."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.database import unit_of_work
from bench._site import Site
from bench.axe.eye import Eye, States
from tests.fixtures.factors import code_of
from tests.fixtures.login import PASSWORD, link_for

MUST = ("account: a second step is asked for", "account: a second step first (refused)")
SEND = "main form[method=post] button[type=submit]"


def of(eye: Eye) -> States:
    """(name, what leads there)"""
    address = f"rani.{eye.language}@kantor.example"
    yield "account: login", lambda: eye.open("/masuk")
    yield "account: login, faulty", lambda: eye.press(SEND)
    yield "account: login, wrong", lambda: _log_in(eye, address, "bukan yang ini")
    yield "account: a link that is gone (refused)", lambda: eye.open("/masuk/tautan/tidak-ada")
    yield "account: first link", lambda: eye.open(link_for(address, "password", "field_officer", language=eye.language))
    yield "account: first link, faulty", lambda: eye.press(SEND)
    yield "account: no right to this page (refused)", lambda: _arrive(eye, "/staff/settings/mail")
    yield "account: home of another role", lambda: eye.open("/staff/")
    yield "account: security, nothing set up", lambda: eye.open("/akun/keamanan")
    yield "account: passkey", lambda: eye.open("/akun/keamanan/passkey")
    yield "account: app", lambda: eye.open("/akun/keamanan/aplikasi")
    yield "account: app, by hand", lambda: eye.unfold("main details")
    yield "account: app, faulty", lambda: eye.press(SEND)
    yield "account: recovery codes", lambda: _connect(eye)
    yield "account: security", lambda: eye.open("/akun/keamanan")
    yield "account: security, all open", lambda: eye.unfold("main details")
    yield "account: who is it", lambda: _ask(eye)
    yield "account: who is it, faulty", lambda: eye.press(SEND)
    yield "account: who is it, before a change", lambda: _change(eye)
    yield "account: second step", lambda: _second(eye, address)
    yield "account: second step, faulty", lambda: eye.press(SEND)
    yield "account: second step, by recovery", lambda: eye.unfold("main details")
    yield "account: passkey under a name", lambda: _by_name(eye)
    yield "account: passkey under a name, faulty", lambda: eye.post_as_is()
    if any(eye.wants(name) for name in MUST):
        with eye.site.strict() as strict:
            yield MUST[0], lambda: _asked(eye, strict)
            yield MUST[1], lambda: _too_late(eye, strict)


def _asked(eye: Eye, strict: Site) -> None:
    """The first login that finds the second step missing: some days of grace."""
    link = link_for(f"wati.{eye.language}@kantor.example", "login", "analyst", status="active", language=eye.language)
    eye.page.goto(f"{strict.url}{link}?lang={eye.language}")
    eye.press(SEND)


def _too_late(eye: Eye, strict: Site) -> None:
    """They end while a form stands open."""
    eye.page.goto(f"{strict.url}/staff/company/new/?lang={eye.language}")
    eye.page.fill("[name=legal_name]", "PT Contoh Terlambat")
    with unit_of_work() as session:
        past = {"past": datetime(2026, 1, 1)}  # noqa: DTZ001 - as the column holds it
        session.execute(text("UPDATE credential SET factor_due_at = :past WHERE factor_due_at IS NOT NULL"), past)
    eye.press("main form.panel .form-acts .btn-primary")


def _log_in(eye: Eye, address: str, password: str) -> None:
    eye.open("/masuk")
    eye.page.fill("#email", address)
    eye.page.fill("#password", password)
    eye.press(SEND)


def _arrive(eye: Eye, path: str) -> None:
    eye.page.fill("#password", PASSWORD)
    eye.page.fill("#password_confirm", PASSWORD)
    eye.press(SEND)
    eye.open(path)


def _connect(eye: Eye) -> None:
    eye.open("/akun/keamanan/aplikasi")
    key = eye.page.locator("#key").text_content() or ""
    eye.page.fill("#code", code_of(key))
    eye.press(SEND)


def _stale() -> None:
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET proven_at = NULL"))


def _ask(eye: Eye) -> None:
    _stale()
    eye.open("/akun/konfirmasi?next=/staff/")


def _change(eye: Eye) -> None:
    _stale()
    eye.open("/akun/keamanan")
    eye.post_as_is("main form[action*='kode'], main form[action*='codes']")


def _second(eye: Eye, address: str) -> None:
    """The session ends; the password alone is not enough."""
    eye.context.clear_cookies(name="__Host-sinergi")
    _log_in(eye, address, PASSWORD)


def _by_name(eye: Eye) -> None:
    """A passkey belongs to the name of a server, never to a number."""
    named = eye.site.url.replace("127.0.0.1", "localhost")
    link = link_for(f"sari.{eye.language}@kantor.example", "login", "analyst", status="active", language=eye.language)
    eye.page.goto(f"{named}{link}?lang={eye.language}")
    eye.press(SEND)
    eye.page.goto(f"{named}/akun/keamanan/passkey?lang={eye.language}")
