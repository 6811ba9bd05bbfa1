"""Links live, end and are renewed by their row alone; opening one changes nothing."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.config import settings
from app.database import unit_of_work
from app.domain.errors import LinkGone, NotFound
from app.models.contact import Contact
from app.models.contact_request import ContactRequest, Question
from app.models.device import AccessCode
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.outbox_message import OutboxMessage
from app.models.report_row import KEY
from app.operations import codes, links, records
from app.registry import get
from tests.integration.company import EMAIL, SYSTEM, Clerk, company, issue, link_of

TABLES = ("form_link", "duty", "draft", "access_code", "device", "submission", "outbox_message", "audit_entry")


def fingerprint() -> str:
    """Every row of the tables a link could touch."""
    with unit_of_work(write=False) as session:
        rows = [str(session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()) for table in TABLES]
    return hashlib.sha256("".join(rows).encode()).hexdigest()


def test_opening_a_link_a_hundred_times_changes_nothing(client: FlaskClient) -> None:
    link, _nib = issue()
    before = fingerprint()
    for _ in range(50):
        assert client.get(link, base_url="https://localhost").status_code == 200
        assert client.head(link, base_url="https://localhost").status_code == 200
    assert fingerprint() == before


def test_a_link_is_opened_when_its_token_comes_back_by_post(client: FlaskClient) -> None:
    link, _nib = issue()
    with unit_of_work(write=False) as reading:
        assert reading.exec(select(Duty)).one().state == "sent"
    Clerk(client).open(link)
    with unit_of_work(write=False) as reading:
        assert reading.exec(select(FormLink)).one().opened_count == 1
        assert reading.exec(select(Duty)).one().state == "opened"


def test_a_guessed_link_is_an_unknown_page(client: FlaskClient) -> None:
    link, _nib = issue()
    wrong = link[:-1] + ("A" if link[-1] != "A" else "B")
    for path in (wrong, "/t/k1.abc.def", "/t/hello", link.replace("k1.", "k2.")):
        answer = client.get(path, base_url="https://localhost")
        assert answer.status_code == 404
        assert 'href="/lapor"' in answer.text, "who holds a cut link is told how to get a whole one"


def test_a_revoked_link_says_so_to_its_holder_alone(client: FlaskClient, session: Session) -> None:
    link, _nib = issue()
    clerk = Clerk(client)
    clerk.open(link)
    with unit_of_work() as writing:
        links.revoke(writing, link_of(writing, link), actor=SYSTEM, now=datetime.now(UTC))
    assert client.get(link, base_url="https://localhost").status_code == 410
    clerk.get("/laporan")
    assert clerk.status == 403  # the visit ended with the link


def test_an_expired_link_keeps_the_draft_and_is_renewed_by_mail(client: FlaskClient, session: Session) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=120)
    link, _nib = issue(long_ago)
    clerk = Clerk(client)
    page = clerk.get(link)
    assert clerk.status == 410
    assert "Kirim tautan baru ke e-mail terdaftar" in page
    answers = {re.sub(r"nonce=\"[^\"]*\"", "", clerk.post(link, do="renew")) for _ in range(5) if clerk.get(link)}
    assert len(answers) == 1  # always the same answer
    mails = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "link")).all()
    assert {mail.to_address for mail in mails} == {EMAIL}
    assert len(mails) == 2  # the first, and one renewed: the living link is given again


def test_a_link_is_renewed_three_times_a_day_at_most(session: Session, now: datetime) -> None:
    made = company(session, now)
    old = links.issue(session, KEY, made, actor=SYSTEM, now=now - timedelta(days=120), mail=False)
    token = links.token_of(old)
    for _ in range(5):
        new = links.renew(session, token, now=now)
        if new is not None:
            links.revoke(session, new, actor=SYSTEM, now=now)
    assert len(session.exec(select(FormLink).where(col(FormLink.renews_id).is_not(None))).all()) == 3


def test_the_same_month_is_one_duty_and_one_living_link(session: Session, now: datetime) -> None:
    made = company(session, now)
    first = links.issue(session, KEY, made, actor=SYSTEM, now=now)
    second = links.issue(session, KEY, made, actor=SYSTEM, now=now + timedelta(days=2))
    assert first.id == second.id
    duty = session.exec(select(Duty)).one()
    assert (duty.period, duty.due_on.isoformat()) == ("2026-11", "2026-12-10")


def test_an_unknown_form_opens_nothing(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        links.issue(session, "tidak-ada", company(session, now), actor=SYSTEM, now=now)


def test_an_old_version_of_a_token_is_gone_not_unknown(session: Session, now: datetime) -> None:
    link = links.issue(session, KEY, company(session, now), actor=SYSTEM, now=now, mail=False)
    token = links.token_of(link)
    assert links.find(session, token, now=now).id == link.id
    links.revoke(session, link, actor=SYSTEM, now=now)
    with pytest.raises(LinkGone):
        links.find(session, token, now=now)


def test_a_code_works_once_within_five_tries(session: Session, now: datetime) -> None:
    link = links.issue(session, KEY, company(session, now), actor=SYSTEM, now=now, mail=False)
    key = settings().key("code")
    assert codes.send(session, link, key=key, now=now)
    code = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "code")).one().context["code"]
    assert code not in str(session.exec(select(AccessCode)).one().code_hash)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(4):
        assert codes.check(session, link, wrong, key=key, now=now) is None
    device = codes.check(session, link, f"{code[:3]} {code[3:]}", key=key, now=now)
    assert device is not None
    assert codes.device_of(session, link, device.public_id, now=now + timedelta(hours=11)) is not None
    assert codes.device_of(session, link, device.public_id, now=now + timedelta(hours=13)) is None
    assert codes.check(session, link, code, key=key, now=now) is None


def test_five_wrong_codes_end_the_code(session: Session, now: datetime) -> None:
    link = links.issue(session, KEY, company(session, now), actor=SYSTEM, now=now, mail=False)
    key = settings().key("code")
    codes.send(session, link, key=key, now=now)
    code = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "code")).one().context["code"]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert codes.check(session, link, wrong, key=key, now=now) is None
    assert codes.check(session, link, code, key=key, now=now) is None


def test_a_code_is_old_after_ten_minutes_and_rationed(session: Session, now: datetime) -> None:
    link = links.issue(session, KEY, company(session, now), actor=SYSTEM, now=now, mail=False)
    key = settings().key("code")
    sent = [codes.send(session, link, key=key, now=now + timedelta(seconds=i)) for i in range(4)]
    assert sent == [True, True, True, False]
    newest = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id).desc())).first()
    assert newest is not None
    assert codes.check(session, link, newest.context["code"], key=key, now=now + timedelta(minutes=11)) is None


def test_the_open_page_answers_the_same_for_known_and_unknown_companies(client: FlaskClient, session: Session) -> None:
    issue()
    pages = []
    for name in ("PT Contoh Maju", "PT Tidak Ada"):
        clerk = Clerk(client)
        clerk.get("/lapor")
        pages.append(clerk.post(company_name=name, name="Budi", position="HRD", email="budi@pt-contoh.example"))
    assert re.sub(r"nonce=\"[^\"]*\"", "", pages[0]) == re.sub(r"nonce=\"[^\"]*\"", "", pages[1])
    asked = session.exec(select(ContactRequest)).all()
    assert [request.company_id for request in asked] == [None, None]


def test_more_requests_than_are_kept_a_day_are_refused_aloud(client: FlaskClient) -> None:
    clerk = Clerk(client)
    asked = {"name": "Budi", "position": "Konsultan", "email": "budi@biro.example"}
    for number in range(5):
        clerk.get("/lapor")
        clerk.post(company_name=f"PT Klien {'ABCDE'[number]}", **asked)
        assert clerk.status == 200
    clerk.get("/lapor")
    page = clerk.post(company_name="PT Klien F", **asked)
    assert (clerk.status, 'value="PT Klien F"' in page) == (429, True)


def test_an_incomplete_request_keeps_what_was_typed(client: FlaskClient) -> None:
    clerk = Clerk(client)
    clerk.get("/lapor")
    page = clerk.post(company_name="PT Contoh", email="bukan alamat")
    assert clerk.status == 422
    assert 'value="PT Contoh"' in page
    assert 'href="#email"' in page


def test_a_question_pauses_its_duty_at_once(client: FlaskClient, session: Session) -> None:
    link, _nib = issue()
    clerk = Clerk(client)
    page = clerk.open(link)
    ask = re.search(r'href="(/laporan/[a-z0-9]{16}/tanya)"', page)
    assert ask
    clerk.get(ask[1])
    page = clerk.post(reason="reported_elsewhere", reference_no="APOA-1")
    assert "dijeda" in page
    duty = session.exec(select(Duty)).one()
    assert duty.pause_reason == "objection"
    assert not duty.is_overdue(duty.due_on + timedelta(days=30))


def test_a_request_sent_twice_is_asked_once_and_a_new_word_is_a_new_question(
    client: FlaskClient, session: Session
) -> None:
    link, _nib = issue()
    for _again in range(2):
        clerk = Clerk(client)
        clerk.get("/lapor")
        clerk.post(company_name="PT Contoh", name="Budi", position="HRD", email="budi@pt-contoh.example")
        ask = re.search(r'href="(/laporan/[a-z0-9]{16}/tanya)"', clerk.open(link))
        assert ask
        clerk.get(ask[1])
        assert "kami akan menjawab" in clerk.post(reason="question", question="Sampai tanggal berapa?")
    clerk.get(ask[1])
    clerk.post(reason="question", question="Apakah lewat surat juga bisa?")
    assert len(session.exec(select(ContactRequest)).all()) == 1
    assert len(session.exec(select(Question)).all()) == 2


def test_a_question_about_a_sent_report_says_nothing_of_a_pause(client: FlaskClient) -> None:
    link, _nib = issue()
    clerk = Clerk(client)
    clerk.open(link)
    clerk.start("nil")
    clerk.send()
    ask = re.search(r'href="(/laporan/[a-z0-9]{16}/tanya)"', clerk.open(link))
    assert ask
    page = clerk.get(ask[1])
    assert "sudah terkirim dan tetap berlaku" in page
    page = clerk.post(reason="question", question="Apakah perlu melapor lagi?")
    assert "kami akan menjawab" in page
    assert "dijeda" not in page


def test_the_token_stands_in_no_page_before_the_exchange(client: FlaskClient) -> None:
    link, _nib = issue()
    token = link.rpartition("/")[2]
    page = client.get(link, base_url="https://localhost")
    assert token.rpartition(".")[2] not in page.text.replace(f"{link}?lang=", "")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_mails_and_codes_follow_the_contact_of_the_company(session: Session, now: datetime) -> None:
    """The person the link was sent to has left; what goes out on it goes to who came after."""
    made = company(session, now)
    link = links.issue(session, KEY, made, actor=SYSTEM, now=now)
    contact = session.exec(select(Contact).where(Contact.company == made.id)).one()
    new = {"public_id": contact.public_id, "email": "hrd.baru@pt-contoh.example"}
    assert not records.save(session, get("contact"), new, SYSTEM, now=now).problems
    session.expire_all()  # the office's change came from another transaction
    assert links.issue(session, KEY, made, actor=SYSTEM, now=now).id == link.id
    codes.send(session, link, key=settings().key("code"), now=now)
    mails = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
    assert [(mail.kind, mail.to_address) for mail in mails] == [
        ("link", EMAIL),
        ("link", "hrd.baru@pt-contoh.example"),
        ("code", "hrd.baru@pt-contoh.example"),
    ]


def test_no_code_goes_to_somebody_who_is_no_contact_any_more(session: Session, now: datetime) -> None:
    made = company(session, now)
    link = links.issue(session, KEY, made, actor=SYSTEM, now=now, mail=False)
    contact = session.exec(select(Contact).where(Contact.company == made.id)).one()
    gone = {"public_id": contact.public_id, "status": "inactive"}
    assert not records.save(session, get("contact"), gone, SYSTEM, now=now).problems
    assert not codes.send(session, link, key=settings().key("code"), now=now)
    assert link.email is None


def test_a_second_contact_keeps_the_link_that_was_sent_to_them(session: Session, now: datetime) -> None:
    made = company(session, now)
    link = links.issue(session, KEY, made, actor=SYSTEM, now=now, mail=False)
    values = {"company": made.id, "name": "Budi Contoh", "email": "budi@pt-contoh.example"}
    assert not records.save(session, get("contact"), values, SYSTEM, now=now).problems
    link.email = "budi@pt-contoh.example"
    links.follow(session, link, now=now)
    assert link.email == "budi@pt-contoh.example"
