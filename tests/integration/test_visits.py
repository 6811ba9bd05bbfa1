"""A visit by link ends when nothing is asked for long enough, and any page of it keeps it alive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from app.database import unit_of_work, utcnow
from app.models.form_link import FormLink
from app.operations import links
from forms import visit as visits
from tests.integration.company import Clerk, issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def aged(client: FlaskClient, *, idle: timedelta, begun: timedelta) -> None:
    """The visit of this browser as it would be had it begun and rested so long."""
    now = utcnow()
    with client.application.test_request_context(), unit_of_work(write=False) as session:
        link = session.exec(select(FormLink)).one()
        times = [int((now - begun).timestamp()), int((now - idle).timestamp())]
        value = str(visits._serializer("visit").dumps([link.public_id, link.version, *times]))
    client.set_cookie(visit_cookie(client), value, domain="localhost", secure=True)


def visit_cookie(client: FlaskClient) -> str:
    from app.web import cookies

    with client.application.test_request_context(base_url="https://localhost"):
        return cookies.cookie_name(visits.VISIT_COOKIE)


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    link, _nib = issue()
    made = Clerk(client)
    made.open(link)
    return made


def test_reading_a_page_keeps_the_visit_alive(clerk: Clerk, client: FlaskClient) -> None:
    aged(client, idle=timedelta(minutes=90), begun=timedelta(hours=3))
    clerk.get("/laporan")
    assert clerk.page is not None
    assert visit_cookie(client) in clerk.page.headers.get("Set-Cookie", "")
    aged(client, idle=timedelta(seconds=20), begun=timedelta(hours=3))
    clerk.get("/laporan")
    assert visit_cookie(client) not in clerk.page.headers.get("Set-Cookie", ""), "once a minute is enough"


@pytest.mark.parametrize(
    ("idle", "begun"), [(timedelta(minutes=121), timedelta(hours=3)), (timedelta(minutes=5), timedelta(hours=13))]
)
def test_a_visit_left_alone_or_too_old_is_over(
    clerk: Clerk, client: FlaskClient, idle: timedelta, begun: timedelta
) -> None:
    aged(client, idle=idle, begun=begun)
    clerk.get("/laporan")
    assert clerk.status == 403
    assert clerk.page is not None
    assert visit_cookie(client) not in clerk.page.headers.get("Set-Cookie", "")


def test_the_page_knows_when_the_visit_ends(clerk: Clerk, client: FlaskClient) -> None:
    assert 'data-session="7200"' in clerk.get("/laporan")
    aged(client, idle=timedelta(minutes=1), begun=timedelta(hours=11, minutes=50))
    page = clerk.get("/laporan")
    assert any(f'data-session="{seconds}"' in page for seconds in range(590, 601))


def test_leaving_ends_the_visit(clerk: Clerk, client: FlaskClient) -> None:
    aged(client, idle=timedelta(minutes=30), begun=timedelta(minutes=40))
    clerk.get("/laporan")
    clerk.post("/laporan/keluar")
    clerk.get("/laporan")
    assert clerk.status == 403


def test_what_was_sent_after_the_end_of_a_visit_is_kept_and_sent_again(clerk: Clerk, client: FlaskClient) -> None:
    clerk.start("one")
    at = clerk.url
    aged(client, idle=timedelta(minutes=121), begun=timedelta(hours=3))
    page = clerk.post(full_name="KIM MIN JI", sex="F", do="next")
    assert clerk.status == 403
    assert 'value="KIM MIN JI"' in page
    again = Clerk(client)
    again.open(link_again())
    clerk.post(at)
    assert "KIM MIN JI" in clerk.get(at.partition("?")[0].replace("orang", "daftar"))


def test_a_page_of_another_company_says_whose_report_is_open(clerk: Clerk, client: FlaskClient) -> None:
    """Who reports for two companies opens the second link, and goes on in the tab of the first."""
    clerk.start("one")
    at, page = clerk.url, clerk.page
    other, _nib = issue(name="PT Lain Jaya", nib="8120001234565", email="a@pt-lain.example")
    Clerk(client).open(other)
    aged_page = clerk.get(at)
    assert (clerk.status, "PT Lain Jaya" in aged_page) == (404, True)
    clerk.page, clerk.url = page, at
    kept = clerk.post(full_name="KIM MIN JI", sex="F", do="next")
    assert clerk.status == 404
    assert 'value="KIM MIN JI"' in kept
    assert "PT Contoh Maju" not in kept, "whose page it was is not said"
    Clerk(client).open(link_again())
    clerk.post(at)
    assert "KIM MIN JI" in clerk.get(at.partition("?")[0].replace("orang", "daftar"))


def test_a_refusal_after_a_quiet_while_is_a_page_and_keeps_the_visit(clerk: Clerk, client: FlaskClient) -> None:
    aged(client, idle=timedelta(minutes=30), begun=timedelta(minutes=40))
    clerk.get("/laporan/0000000000000000")
    assert clerk.status == 404
    assert clerk.page is not None
    assert visit_cookie(client) in clerk.page.headers.get("Set-Cookie", "")


def link_again() -> str:
    """The link of the first company, as its mail has it."""
    with unit_of_work(write=False) as session:
        link = session.exec(select(FormLink).order_by(col(FormLink.id))).first()
        assert link is not None
        return f"/t/{links.token_of(link)}"
