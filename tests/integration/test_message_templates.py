"""Own words go out from their approval on, frozen with the message; versions are numbered, and fixed once approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from app import wording
from app.config import settings
from app.database import unit_of_work
from app.domain.actors import Actor
from app.operations import outbox, records
from app.queries import lists, templates
from app.registry import get
from notifications import own_words, pump
from tests.fixtures.login import log_in_as
from tests.fixtures.smtp import Sink

SYSTEM = Actor.system("uji")
BODY = "Yth. {perusahaan}, laporan {nomor} sudah lengkap. Salam hangat dari kami."


def template(session: Session, now: datetime, **given: Any) -> str:
    row = {"kind": "accepted", "language": "id", "subject": "Sudah lengkap: {nomor}", "body": BODY, **given}
    made = records.save(session, get("message_template"), row, SYSTEM, now=now)
    assert made.problems == []
    return str(made.public_id)


def approve(session: Session, now: datetime, public_id: str, actor: Actor = SYSTEM) -> records.Outcome:
    values = {"status": "approved"}
    return records.save(session, get("message_template"), values, actor, now=now, public_id=public_id)


def row_of(session: Session, public_id: str) -> dict[str, Any]:
    return lists.one(session, get("message_template"), SYSTEM, public_id) or {}


def test_versions_count_by_kind_and_language_and_the_highest_approved_is_in_force(
    session: Session, now: datetime
) -> None:
    first, second, english = template(session, now), template(session, now), template(session, now, language="en")
    assert [row_of(session, one)["version"] for one in (first, second, english)] == [1, 2, 1]
    assert templates.in_force(session, "accepted", "id") is None, "a draft is in force for nobody"

    for one in (first, second):
        approve(session, now, one)
    assert templates.in_force(session, "accepted", "id") == row_of(session, second)["id"]
    assert templates.in_force(session, "returned", "id") is None
    records.save(session, get("message_template"), {"status": "retired"}, SYSTEM, now=now, public_id=second)
    assert templates.in_force(session, "accepted", "id") == row_of(session, first)["id"]


def test_an_approved_text_is_fixed_and_only_the_division_head_approves(
    session: Session, now: datetime, staff: Callable[..., Actor]
) -> None:
    one = template(session, now)
    refused = approve(session, now, one, staff("secretariat"))
    assert [problem.code for problem in refused.problems] == ["step_reserved"]
    assert approve(session, now, one, staff("division_head")).action == "changed"

    changed = records.save(session, get("message_template"), {"body": "Lain."}, SYSTEM, now=now, public_id=one)
    assert [problem.code for problem in changed.problems] == ["record_closed"]
    assert "Buat data baru" in wording.sentence(changed.problems[0])
    same = {"status": "retired", "body": BODY}
    assert records.save(session, get("message_template"), same, SYSTEM, now=now, public_id=one).action == "changed"


def test_a_message_keeps_the_words_in_force_when_it_was_queued(
    database_url: str, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)

    def queue(number: int, language: str = "id") -> None:
        with unit_of_work() as session:
            outbox.enqueue(
                session, "accepted", to=f"a{number}@pt.example", language=language, dedupe_key=f"a:{number}", now=now,
                context={"company_name": "PT Contoh", "receipt_code": f"SNG-2026-{number:04}-X"},
            )  # fmt: skip

    queue(1)
    with unit_of_work() as session:
        old = template(session, now)
        approve(session, now, old)
    queue(2)
    queue(3, "en")
    with unit_of_work() as session:
        records.save(session, get("message_template"), {"status": "retired"}, SYSTEM, now=now, public_id=old)
        approve(session, now, template(session, now, body="Kata-kata yang lebih baru."))
    queue(4)

    assert pump.send(20) == {"accepted": 4}

    by_address = {mail.recipients[0]: mail for mail in smtp.messages}
    assert "Salam hangat" not in by_address["a1@pt.example"].text
    assert "laporan SNG-2026-0002-X sudah lengkap. Salam hangat" in by_address["a2@pt.example"].text
    assert by_address["a2@pt.example"]["Subject"] == "Sudah lengkap: SNG-2026-0002-X"
    assert "Thank you" in by_address["a3@pt.example"].text, "the other language keeps the words of the product"
    assert "lebih baru" in by_address["a4@pt.example"].text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_staff_see_what_is_in_force_begin_from_it_and_look_before_approving(client: FlaskClient) -> None:
    browser = log_in_as(client, "admin")
    overview = browser.get("/staff/letters/").text
    assert overview.count(">teks bawaan<") == 12

    form = browser.get("/staff/message_template/new/?kind=link&language=id").text
    assert own_words.starter("link", "id")[1].split("\n")[0] in form

    with unit_of_work() as session:
        one = template(session, datetime.now(UTC))
    page = browser.get(f"/staff/letters/{one}")
    assert page.status_code == 200
    assert "Sudah lengkap: SNG-2026-7F3K-9" in page.text
    assert "{diterima}" in page.text
    frame = browser.get(f"/staff/letters/{one}/html")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "Salam hangat" in frame.text
    assert BODY in browser.get(f"/staff/message_template/new/?of={one}").text
    assert browser.get("/staff/letters/zzzzzzzzzzzzzzzz").status_code == 404
    assert settings().office_name in frame.text
