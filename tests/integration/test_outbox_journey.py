"""The mails of a report's journey, as they really arrive: link, receipt with its PDF, decision."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlmodel import select

from app.database import unit_of_work
from app.domain.actors import Actor
from app.models.outbox_message import OutboxMessage
from app.models.submission import Submission
from app.operations import delivery, submissions
from notifications import pump
from tests.fixtures.smtp import LOSE, Sink
from tests.integration.company import EMAIL, Clerk, issue

ANALYST = Actor("staff", "Petugas Uji", roles=frozenset({"analyst"}))


def report(client: FlaskClient) -> Clerk:
    clerk = Clerk(client)
    link, _nib = issue()
    clerk.open(link)
    clerk.start("nil")
    clerk.send(email=EMAIL)
    return clerk


def test_the_link_in_the_mail_opens_the_report(client: FlaskClient, smtp: Sink) -> None:
    issue()
    pump.send(20)
    (mail,) = smtp.to(EMAIL)
    found = re.search(r"http://\S+(/t/\S+)", mail.text)
    assert found, mail.text
    assert "PT Contoh Maju" in Clerk(client).open(found[1])
    with unit_of_work(write=False) as session:
        kept = session.exec(select(OutboxMessage)).one()
    token = found[1].rpartition("/")[2]
    assert token not in f"{kept.body_text} {kept.context}", "the kept copy opens nothing"
    assert "•••" in (kept.body_text or "")


def test_the_confirmation_carries_the_receipt_the_same_on_every_attempt(client: FlaskClient, smtp: Sink) -> None:
    report(client)
    smtp.clear()
    with unit_of_work() as session:
        for message in session.exec(select(OutboxMessage).where(OutboxMessage.kind != "confirmation")).all():
            message.state = "cancelled"
    smtp.script["DATA"].append(LOSE)
    pump.send(20)
    with unit_of_work() as session:
        later = datetime.now(UTC) + timedelta(hours=1)
        delivery.recover(session, now=later, pause=timedelta(0), by="test")
    pump.send(20)
    first, second = smtp.messages
    assert first.raw == second.raw
    (pdf,) = first.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    assert (pdf.get_filename() or "").startswith("tanda-terima-SNG-")
    assert pdf.get_payload(decode=True)[:5] == b"%PDF-"
    assert "bukan pengganti APOA/TKA Online" in first.text
    assert re.search(r"/v/SNG-\d{4}-", first.text)


def test_a_returned_report_is_mailed_with_its_reasons_and_a_link(client: FlaskClient, smtp: Sink) -> None:
    report(client)
    pump.send(20)
    smtp.clear()
    with unit_of_work() as session:
        sent = session.exec(select(Submission)).one()
        submissions.return_(
            session, sent, ANALYST, reasons=["incomplete"], cells=[], note="Mohon lengkapi.", now=datetime.now(UTC)
        )
    pump.send(20)
    (mail,) = smtp.messages
    assert "Ada isian yang belum lengkap" in mail.text
    assert "Mohon lengkapi." in mail.text
    assert "/t/" in mail.text
    assert sent.code in str(mail["Subject"])
