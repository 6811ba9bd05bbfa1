"""A company's door, pushed by somebody who does not mean well: nothing breaks, nothing is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.models.draft import Draft
from app.operations import drafts
from tests.integration.company import PERSON, Clerk, issue
from tests.integration.test_report_journey import code_in_the_mail, duty_of_november, sheet, with_a_last_report

AT = {"base_url": "https://localhost"}


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


@pytest.fixture
def duty(clerk: Clerk) -> str:
    """A visit whose draft holds one wrong row; the path of its duty."""
    link, _nib = issue()
    page = clerk.open(link)
    found = re.search(r'href="(/laporan/[a-z0-9]{16})"', page)
    assert found
    clerk.get(found[1])
    clerk.post(mode="upload")
    clerk.post(_files={"file": (sheet(PERSON | {"birth_date": "31/02/1985"}), "daftar.xlsx")})
    assert "/perbaiki" in clerk.url, clerk.page and clerk.page.text
    return found[1]


@pytest.mark.parametrize("number", ["²", "9" * 4400, "-1", "٣", "1e9", ""])
def test_numbers_nobody_writes_break_no_page(clerk: Clerk, client: FlaskClient, duty: str, number: str) -> None:
    asked = urlencode({"halaman": number, "bagian": number, "n": number})
    for step in ("perbaiki", "daftar", "orang"):
        assert client.get(f"{duty}/{step}?{asked}", **AT).status_code in (200, 302, 303, 404), step  # type: ignore[arg-type]
    for step in ("perbaiki", "daftar", "periksa"):
        clerk.get(f"{duty}/perbaiki")
        clerk.post(f"{duty}/{step}", version=number, remove=number, **{f"change-{number}": "tetap", "do": "all"})
        assert clerk.status in (200, 404, 409, 422), step


@pytest.mark.parametrize(
    "path", ["/t/%00", "/v/%00", "/laporan/%00", "/tanda-terima/%00", "/lapor?lang=%00", "/?x=%00"]
)
def test_a_sign_no_database_holds_is_refused_at_the_door(client: FlaskClient, path: str) -> None:
    assert client.get(path, **AT).status_code in (400, 404)  # type: ignore[arg-type]


def test_a_form_with_such_a_sign_is_refused_whole(clerk: Clerk, duty: str) -> None:
    clerk.get(f"{duty}/tanya")
    clerk.post(reason="question", question="mohon\0 dijelaskan")
    assert clerk.status == 400
    clerk.get(f"{duty}/orang?bagian=1")
    clerk.post(full_name="KIM\0MIN")
    assert clerk.status == 400


def test_a_draft_holds_no_more_rows_than_a_list_may_have(
    clerk: Clerk, duty: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_ROWS", 30)
    clerk.get(f"{duty}/perbaiki")
    clerk.post(**{f"n-{number}-full_name": "KIM" for number in range(29)})
    clerk.post(**{f"n-{number}-full_name": "KIM" for number in range(29)})
    assert clerk.status == 400
    draft = session.exec(select(Draft)).one()
    assert len(draft.data["rows"]) == 30


def test_a_form_of_a_hundred_thousand_answers_is_not_read(clerk: Clerk, duty: str) -> None:
    clerk.get(f"{duty}/perbaiki")
    clerk.post(**{f"n-{number}-note": "x" for number in range(100_000)})
    assert clerk.status == 413


def test_a_forwarded_link_neither_sees_nor_spoils_what_a_colleague_began_with_the_code(
    clerk: Clerk, client: FlaskClient, session: Session
) -> None:
    link = with_a_last_report(datetime.now(UTC), PERSON)
    path = duty_of_november(clerk.open(link))
    clerk.get(path)
    clerk.post(mode="roster")
    clerk.post(do="send")
    assert "KIM MIN JI" in clerk.post(code=code_in_the_mail(), do="check")
    stranger = Clerk(client.application.test_client())
    stranger.open(link)
    rows = "Nama TKA\tKebangsaan\nLEE SEO\tKorea Selatan"
    for step, sent in (("tempel", {"rows": rows}), ("unggah", {}), ("kolom", {}), ("perbaiki", {"do": "later"})):
        stranger.get("/laporan")
        files = {"file": (sheet(PERSON), "daftar.xlsx")} if step == "unggah" else None
        assert "KIM MIN JI" not in stranger.post(f"{path}/{step}", files, **sent)
        assert "/laporan/kode" in stranger.url, step
    assert "KIM MIN JI" in clerk.get(f"{path}/daftar")
    stranger.get(path)
    stranger.post(mode="paste")
    assert stranger.url == f"{path}/tempel"
    stranger.post(rows=rows)
    states = [(draft.state, draft.data["mode"]) for draft in session.exec(select(Draft).order_by(Draft.id))]  # type: ignore[arg-type]
    assert states[-2:] == [("discarded", "roster"), ("open", "paste")]
