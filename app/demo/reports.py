"""What the companies of the demo reported: on time, late, unread, returned, refused, begun and broken, not at all.

Each report goes the way of a real one: link, draft, check, submission, decision, with the clock of its day.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, literal
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select, update

from app.config import Settings
from app.domain import deadlines
from app.domain.actors import Actor
from app.models.company import Company
from app.models.contact import Contact
from app.models.contact_request import ContactRequest, Question
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.outbox_message import OutboxEvent, OutboxMessage
from app.models.report_row import KEY
from app.models.submission import Submission
from app.models.user import User
from app.operations import drafts, links, roster, submissions

FORM = KEY
OFFICE = Actor.system("dunia contoh")
# how many of the 41 named companies did what for the last period that is due
STORIES: tuple[tuple[str, int], ...] = (
    ("on_time", 21),
    ("late", 4),
    ("nil", 1),
    ("waiting", 4),
    ("returned", 2),
    ("rejected", 1),
    ("broken", 3),
    ("opened", 3),
    ("silent", 2),
)


WITH_HISTORY = frozenset({"waiting", "returned", "rejected", "broken", "late"})  # they reported the period before, too


@dataclass(slots=True)
class _Book:
    session: Session
    rng: random.Random
    now: datetime
    today: date
    period: str
    analyst: Actor
    settings: Settings

    def at(self, day: date, hour: int = 3) -> datetime:
        """A moment of office hours on that day, never after now."""
        moment = datetime.combine(day, time(hour, self.rng.randrange(60)), UTC)
        return min(moment, self.now - timedelta(minutes=self.rng.randrange(5, 90)))


def load(
    session: Session,
    rng: random.Random,
    companies: Sequence[Company],
    *,
    now: datetime,
    today: date,
    settings: Settings,
) -> None:
    """The reports of the last period that is already due, company by company in the order of the days."""
    period = deadlines.previous_period(f"{today:%Y-%m}")
    due_on = links.open_duty(session, FORM, companies[0], now=now, period=period).due_on
    if due_on >= today - timedelta(days=3):
        period = deadlines.previous_period(period)
    analyst = session.exec(select(User).where(User.name == "Dewi Anggraini")).first()
    actor = Actor("staff", "Dewi Anggraini", frozenset({"analyst"}), analyst.id if analyst else None)
    book = _Book(session, rng, now, today, period, actor, settings)
    stories = [story for story, count in STORIES for _ in range(count)]
    earlier = replace(book, period=deadlines.previous_period(period))
    steps: list[tuple[datetime, int, Callable[[], None]]] = []
    for i, (company, story) in enumerate(zip(companies, stories, strict=False)):
        if story in WITH_HISTORY:
            day = _day(earlier, company, "on_time")
            steps.append((earlier.at(day), -1, lambda c=company, d=day: _play(earlier, c, "on_time", d)))  # type: ignore[misc]
        day = _day(book, company, story)
        steps.append((book.at(day), i, lambda c=company, s=story, d=day: _play(book, c, s, d)))  # type: ignore[misc]
    for _, _, step in sorted(steps, key=lambda one: one[:2]):
        step()
    _questions(book, companies[-2:], companies[:1])
    _settle_mail(book)


def _day(book: _Book, company: Company, story: str) -> date:
    duty = links.open_duty(book.session, FORM, company, now=book.at(_begin(book)), period=book.period)
    past = (book.today - duty.due_on).days
    if story == "late":
        return duty.due_on + timedelta(days=book.rng.randint(1, max(past - 3, 1)))
    if story in ("waiting", "broken", "returned"):
        return book.today - timedelta(days=book.rng.randint(0, 2))
    return duty.due_on - timedelta(days=book.rng.randint(0, 8))


def _begin(book: _Book) -> date:
    """Links of a period go out on its last working days."""
    return deadlines.end_of(book.period) - timedelta(days=3)


def _play(book: _Book, company: Company, story: str, day: date) -> None:
    issued = book.at(_begin(book), 2)
    link = links.issue(book.session, FORM, company, actor=OFFICE, now=issued, period=book.period, mail=False)
    duty = book.session.get_one(Duty, link.duty_id)
    duty.state, duty.updated_at = "sent", issued
    book.session.add(duty)
    if story == "silent":
        return
    moment = book.at(day)
    links.exchange(book.session, link, now=moment)
    if story == "opened":
        return
    draft = drafts.open_(book.session, duty, link, now=moment)
    data = _nil() if story == "nil" else _list(book, company, day)
    if story == "broken":
        _spoil(book.rng, data)
    drafts.check(data, today=day)
    drafts.save(book.session, draft, data, now=moment)
    if story == "broken":
        return
    sent = submissions.submit(book.session, draft, link, filler=_filler(book, link), now=moment, saw_roster=True)
    _decide(book, sent.submission, story, moment)


def _nil() -> drafts.Data:
    return drafts.empty() | {"mode": "nil"}


def _list(book: _Book, company: Company, day: date) -> drafts.Data:
    """Last period's people: most as they were, now and then one who has left and one who is new."""
    data = drafts.empty()
    roster.prefill(book.session, data, int(company.id or 0))
    rows = list(data["rows"])
    for row in book.rng.sample(rows, k=min(len(rows) - 1, book.rng.choice((0, 0, 1, 1, 2)))):
        roster.answer(data, {row["n"]: "keluar"})
        row["cells"]["left_on"] = f"{day - timedelta(days=book.rng.randrange(3, 25)):%d/%m/%Y}"
    roster.answer_rest(data)
    for row in rows:
        row["tried"] = [1, 2, 3]
    if book.rng.random() < 0.5:
        drafts.new_row(data, _newcomer(book, day), origin="one")["tried"] = [1, 2, 3]
    return data


def _newcomer(book: _Book, day: date) -> dict[str, str]:
    from app.demo import people

    serial = 2000 + book.rng.randrange(6000)
    worker = people.make_one(book.rng, book.rng.choice(people.nationality_pool(100)), serial, day)
    number = f"{worker.person['nationality'][0]}0{serial:07d}"
    return {
        "full_name": worker.person["name_display"],
        "sex": worker.person["sex"],
        "birth_date": f"{worker.person['birth_date']:%d/%m/%Y}",
        "birth_place": worker.person["birth_place"],
        "nationality": worker.person["nationality"],
        "passport_number": number,
        "passport_expires_on": f"{day + timedelta(days=1500):%d/%m/%Y}",
        "visa_index": worker.index,
        "permit_kind": "itas",
        "permit_number": f"2C26XY{serial}-N",
        "permit_expires_on": f"{day + timedelta(days=350):%d/%m/%Y}",
        "job_title": worker.sponsorship["job_title"],
        "activity": worker.sponsorship["activity"],
        "started_on": f"{day - timedelta(days=10):%d/%m/%Y}",
        "change": "baru",
    }


def _spoil(rng: random.Random, data: drafts.Data) -> None:
    """The mistakes people make: a day that is none, a misspelt country, a missing number, twice the same passport."""
    faults: tuple[tuple[str, str], ...] = (
        ("birth_date", "31/02/1985"),
        ("nationality", "Tionghkok"),
        ("passport_number", ""),
        ("permit_expires_on", "akhir tahun"),
    )
    rows: list[dict[str, Any]] = data["rows"]
    for (key, wrong), row in zip(faults, rng.sample(rows, k=min(len(rows), len(faults))), strict=False):
        row["cells"][key] = wrong
        row["cells"]["change"] = "berubah"


def _filler(book: _Book, link: FormLink) -> dict[str, str]:
    contact = book.session.get(Contact, link.contact_id) if link.contact_id else None
    name, position = (contact.name, contact.position or "") if contact else ("Rina Wijaya", "Manajer HRD")
    return {"name": name, "position": position, "email": link.email or ""}


def _decide(book: _Book, submission: Submission, story: str, sent_at: datetime) -> None:
    when = min(sent_at + timedelta(hours=book.rng.randint(2, 30)), book.now)
    if story in ("on_time", "late", "nil"):
        submissions.accept(book.session, submission, book.analyst, now=when)
    elif story == "returned":
        row = {"row": 1, "field": "permit_expires_on", "message": "Mohon dicocokkan dengan kartu ITAS terakhir."}
        submissions.return_(
            book.session,
            submission,
            book.analyst,
            reasons=["mismatch"],
            now=when,
            cells=[row],
            note="Terima kasih atas laporannya. Mohon satu tanggal diperiksa kembali.",
        )
    elif story == "rejected":
        reason = "Daftar ini milik perusahaan lain. Mohon kiranya dikirim kembali."
        submissions.reject(book.session, submission, book.analyst, reason=reason, now=when)


def _questions(book: _Book, asking: Sequence[Company], wanting: Sequence[Company]) -> None:
    """Two questions that pause their duties, and two requests that wait for a person."""
    for company, (kind, reason, words) in zip(
        asking,
        (
            ("question", "question", "Apakah tenaga ahli yang hanya datang dua minggu ikut dilaporkan?"),
            ("objection", "reported_elsewhere", "Sudah dilaporkan bulan ini melalui APOA."),
        ),
        strict=True,
    ):
        duty = links.open_duty(book.session, FORM, company, now=book.now, period=book.period)
        duty.pause_reason = reason
        answer_by = book.today + timedelta(days=3)
        book.session.add_all(
            [
                duty,
                Question(
                    kind=kind,
                    company_id=int(company.id or 0),
                    duty_id=int(duty.id or 0),
                    reason=reason,
                    question=words,
                    due_on=answer_by,
                    created_at=book.at(book.today - timedelta(days=1)),
                ),
            ]
        )
    moment = book.at(book.today - timedelta(days=1), 4)
    book.session.add(
        ContactRequest(
            kind="no_link",
            company_name="PT Penyewa Gudang Baru",
            name="Eko Gunawan",
            position="Manajer",
            email="eko@penyewa-gudang.example",
            created_at=moment,
        )
    )
    for company in wanting:
        book.session.add(
            ContactRequest(
                kind="new_contact",
                company_id=company.id,
                company_name=company.legal_name,
                nib=company.nib,
                name="Fitri Lestari",
                position="Staf HRD",
                email="fitri@kontak-baru.example",
                created_at=moment,
            )
        )
    book.session.flush()


def _settle_mail(book: _Book) -> None:
    """The mails of the past have long arrived: the demo's mail box begins with what happens from now on."""
    waiting = col(OutboxMessage.state) == "queued"
    told = [col(OutboxMessage.id), col(OutboxMessage.queued_at), literal("queued"), literal("accepted")]
    steps = insert(OutboxEvent).from_select(
        ["outbox_id", "at", "from_state", "to_state", "by"], rows_of(*told, literal(OFFICE.name)).where(waiting)
    )
    settled = update(OutboxMessage).where(waiting)
    connection = book.session.connection()
    connection.execute(steps)
    connection.execute(settled.values(state="accepted", settled_at=col(OutboxMessage.queued_at), attempts=1))
