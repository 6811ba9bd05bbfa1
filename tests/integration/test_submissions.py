"""Reports are decided by people: accepted into the registries, returned at cells, rejected with a reason."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.config import settings
from app.database import unit_of_work
from app.domain.actors import Actor
from app.domain.errors import EditConflict, Forbidden, Refused
from app.models.audit import AuditEntry
from app.models.company import Company
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.foreign_national import ForeignNational
from app.models.form_link import FormLink
from app.models.outbox_message import OutboxMessage
from app.models.passport import Passport
from app.models.receipt import Receipt
from app.models.report_row import KEY
from app.models.sponsorship import Sponsorship
from app.models.stay_permit import StayPermit
from app.models.submission import Submission, SubmissionRow
from app.operations import drafts, links, records, roster, submissions
from app.queries import roster as known
from app.queries import submissions as reports
from app.registry import get
from tests.integration.company import PERSON, SYSTEM, company

FILLER = {"name": "Siti Contoh", "position": "Manajer HRD", "email": ""}


def send(
    session: Session,
    made: Company,
    now: datetime,
    *people: dict[str, str],
    mode: str = "one",
    period: str | None = None,
) -> Submission:
    link = links.issue(session, KEY, made, actor=SYSTEM, now=now, period=period, mail=False)
    draft = drafts.open_(session, links.duty_of(session, link), link, now=now)
    data = drafts.empty() | {"mode": mode}
    for cells in people:
        drafts.new_row(data, cells, origin="form")
    drafts.save(session, draft, data, now=now)
    return submissions.submit(session, draft, link, filler=FILLER, now=now).submission


@pytest.fixture
def analyst(staff: Callable[..., Actor]) -> Actor:
    return staff("analyst")


def all_of(session: Session, model: Any) -> list[Any]:
    return list(session.exec(select(model).order_by(model.id).execution_options(populate_existing=True)).all())


PERMIT = {"permit_kind": "itas", "permit_number": "2C21JE0012-X", "permit_expires_on": "30/06/2027"}


def test_accepting_writes_person_passport_permit_and_sponsorship(
    session: Session, now: datetime, analyst: Actor
) -> None:
    made = company(session, now)
    report = send(session, made, now, PERSON | PERMIT | {"started_on": "01/02/2024", "activity": "Merakit"})
    preview = submissions.preview_accept(session, report, analyst)
    assert preview.count("new") == 1
    assert not all_of(session, ForeignNational)
    submissions.accept(session, report, analyst, now=now)
    (person,), (passport,), (permit,), (sponsorship,) = (
        all_of(session, model) for model in (ForeignNational, Passport, StayPermit, Sponsorship)
    )
    assert (person.name_display, person.sex, person.nationality) == ("KIM MIN JI", "F", "KOR")
    assert (passport.person, passport.issuing_state, passport.number) == (person.id, "KOR", "M12345678")
    assert (permit.person, permit.kind, permit.expires_on) == (person.id, "itas", date(2027, 6, 30))
    assert (sponsorship.sponsor, sponsorship.started_on, sponsorship.status) == (made.id, date(2024, 2, 1), "active")
    assert session.get_one(Duty, report.duty_id).state == "accepted"
    mail = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "accepted")).one()
    assert mail.context["receipt_code"] == report.code


def test_the_next_report_finds_the_same_person_by_passport(session: Session, now: datetime, analyst: Actor) -> None:
    made = company(session, now)
    submissions.accept(session, send(session, made, now, PERSON), analyst, now=now)
    again = send(session, made, now, PERSON | {"full_name": "Kim Min-ji", "job_title": "Direktur", "change": "berubah"},
                 period="2026-12")  # fmt: skip
    (plan,) = submissions.preview_accept(session, again, analyst).rows
    assert plan.how == "passport"
    changed = {name for change in plan.changes for name in change.after}
    assert changed == {"name_display", "job_title"}
    submissions.accept(session, again, analyst, now=now)
    assert len(all_of(session, ForeignNational)) == 1
    assert all_of(session, Sponsorship)[0].job_title == "Direktur"


def test_a_new_passport_replaces_the_old_one_of_the_same_person(
    session: Session, now: datetime, analyst: Actor
) -> None:
    made = company(session, now)
    submissions.accept(session, send(session, made, now, PERSON), analyst, now=now)
    renewed = PERSON | {"passport_number": "M87654321", "passport_expires_on": "31/12/2035"}
    report = send(session, made, now, renewed, period="2026-12")
    (plan,) = submissions.preview_accept(session, report, analyst).rows
    assert plan.how == "identity"
    submissions.accept(session, report, analyst, now=now)
    states = {passport.number: passport.status for passport in all_of(session, Passport)}
    assert states == {"M12345678": "replaced", "M87654321": "current"}


def test_a_passport_that_has_expired_is_called_so_at_once_and_stays_on_the_next_list(
    session: Session, now: datetime, analyst: Actor
) -> None:
    made = company(session, now)
    submissions.accept(
        session, send(session, made, now, PERSON | {"passport_expires_on": "20/10/2025"}), analyst, now=now
    )
    (passport,) = all_of(session, Passport)
    assert passport.status == "expired"
    assert made.id is not None
    assert [cells["passport_number"] for _, cells in known.current(session, made.id)] == ["M12345678"]

    mended = send(session, made, now, PERSON | {"passport_expires_on": "20/10/2035"}, period="2026-12")
    submissions.accept(session, mended, analyst, now=now)
    assert [one.status for one in all_of(session, Passport)] == ["current"], "its day had been mistyped"


def test_who_left_is_released_and_off_the_next_list(session: Session, now: datetime, analyst: Actor) -> None:
    made = company(session, now)
    assert made.id is not None
    submissions.accept(session, send(session, made, now, PERSON), analyst, now=now)
    assert [cells["full_name"] for _, cells in known.current(session, made.id)] == ["KIM MIN JI"]
    gone = send(session, made, now, PERSON | {"change": "keluar", "left_on": "15/11/2026"}, period="2026-12")
    submissions.accept(session, gone, analyst, now=now)
    (sponsorship,) = all_of(session, Sponsorship)
    assert (sponsorship.status, sponsorship.ended_on) == ("released", date(2026, 11, 15))
    data = drafts.empty()
    assert roster.prefill(session, data, made.id) in (0, 1)
    assert all(row["cells"].get("change") != "keluar" for row in data["rows"])


def test_free_text_is_matched_at_acceptance_and_what_is_odd_is_a_note(
    session: Session, now: datetime, analyst: Actor
) -> None:
    made = company(session, now)
    new = records.save(
        session, get("visa_index"), {"code": "E23", "title": "Bekerja", "valid_from": "2025-01-01"}, SYSTEM, now=now
    )
    old = {
        "code": "C312",
        "title": "Bekerja (lama)",
        "valid_from": "2020-01-01",
        "status": "retired",
        "replaced_by": new.id,
    }
    assert not records.save(session, get("visa_index"), old, SYSTEM, now=now).problems
    site = records.save(session, get("worksite"), {"company": made.id, "label": "Pabrik 2"}, SYSTEM, now=now)
    cells = PERSON | PERMIT | {"visa_index": "C312", "worksite": "pabrik 2"}
    report = send(
        session, made, now, cells, PERSON | {"passport_number": "M22222222", "full_name": "LEE", "worksite": "Entah"}
    )
    first, second = submissions.accept(session, report, analyst, now=now).rows
    assert "visa_index_retired" in {note.code for note in first.notes}
    assert "worksite_unknown" in {note.code for note in second.notes}
    (permit,) = all_of(session, StayPermit)
    assert permit.visa_index == new.id
    assert all_of(session, Sponsorship)[0].worksite == site.id


STRANGER = PERSON | {"full_name": "TANAKA Hiroshi", "sex": "M", "birth_date": "03/03/1979"}


def asked(session: Session, now: datetime, analyst: Actor, row: dict[str, str], *more: dict[str, str]) -> Submission:
    """A report of a second company whose first row carries the passport number of the first company's person."""
    submissions.accept(session, send(session, company(session, now), now, PERSON), analyst, now=now)
    second = company(session, now, name="PT Contoh Kedua", nib="9120001234575", email="hrd@kedua.example")
    return send(session, second, now, row, *more)


def decided(session: Session, report: Submission) -> dict[str, Any]:
    """What the audit says of accepting the report."""
    session.commit()  # entries are chained there
    query = select(AuditEntry).where(AuditEntry.entity_id == report.public_id, AuditEntry.action == "accepted")
    return dict(session.exec(query).one().after or {})


def test_a_passport_on_record_for_somebody_else_is_a_question_and_overwrites_nobody(
    session: Session, now: datetime, analyst: Actor
) -> None:
    other = PERSON | {"full_name": "SATO Yuki", "passport_number": "M55555555", "birth_date": "05/05/1990"}
    report = asked(session, now, analyst, STRANGER, other)
    first, second = submissions.preview_accept(session, report, analyst).rows
    assert (first.action, second.action) == ("asked", "new")
    assert first.question is not None
    assert (first.question.known_name, first.question.known_birth) == ("KIM MIN JI", date(1985, 3, 25))
    assert (first.question.name, first.question.birth) == ("TANAKA Hiroshi", date(1979, 3, 3))
    submissions.accept(session, report, analyst, now=now, note="Terima kasih.")
    people = [(p.name_display, p.birth_date) for p in all_of(session, ForeignNational)]
    assert people == [("KIM MIN JI", date(1985, 3, 25)), ("SATO Yuki", date(1990, 5, 5))]
    assert len(all_of(session, Sponsorship)) == 2
    assert reports.rows(session, report)[0].person_id is None


def test_a_row_left_out_is_in_the_history_and_the_company_is_asked_without_naming_the_other(
    session: Session, now: datetime, analyst: Actor
) -> None:
    report = asked(session, now, analyst, STRANGER)
    submissions.accept(session, report, analyst, now=now, note="Terima kasih.")
    assert decided(session, report)["left_out"] == [1]
    mails = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "accepted")).all()
    (note,) = [mail.context["note"] for mail in mails if mail.context["receipt_code"] == report.code]
    assert note.startswith("Terima kasih.")
    assert "TANAKA Hiroshi" in note
    assert "KIM" not in note
    assert report.decision_note == "Terima kasih."


def test_the_officer_may_say_it_is_the_same_person_and_is_told_of_the_other_sponsor(
    session: Session, now: datetime, analyst: Actor
) -> None:
    report = asked(session, now, analyst, STRANGER)
    person = all_of(session, ForeignNational)[0]
    (row,) = submissions.preview_accept(session, report, analyst).rows
    assert "sponsored_elsewhere" in {note.code for note in row.notes}
    submissions.accept(session, report, analyst, now=now, same={1: person.public_id})
    (person,) = all_of(session, ForeignNational)
    assert (person.name_display, person.birth_date) == ("TANAKA Hiroshi", date(1979, 3, 3))
    assert decided(session, report)["same_person"] == [1]


def test_an_answer_about_another_person_than_the_one_shown_counts_for_nothing(
    session: Session, now: datetime, analyst: Actor
) -> None:
    report = asked(session, now, analyst, STRANGER)
    submissions.accept(session, report, analyst, now=now, same={1: "bukan-dia"})
    assert all_of(session, ForeignNational)[0].name_display == "KIM MIN JI"


@pytest.mark.parametrize(
    "told",
    [
        {"full_name": "PARK Seo-yeon"},  # a new name, the birth date of the record
        {"full_name": "Min Ji KIM", "birth_date": "03/03/1979"},  # the same name in another order
        {"full_name": "KIM MIN JII", "birth_date": "03/03/1979"},  # a slip of the pen
    ],
)
def test_a_name_or_a_birth_date_that_agrees_is_no_question(
    session: Session, now: datetime, analyst: Actor, told: dict[str, str]
) -> None:
    report = asked(session, now, analyst, PERSON | told)
    (plan,) = submissions.preview_accept(session, report, analyst).rows
    assert (plan.how, plan.question, plan.action) == ("passport", None, "changed")


def test_accepting_asks_for_the_right(session: Session, now: datetime, staff: Callable[..., Actor]) -> None:
    report = send(session, company(session, now), now, PERSON)
    with pytest.raises(Forbidden):
        submissions.accept(session, report, staff("auditor"), now=now)


def test_a_stale_decision_is_refused(session: Session, now: datetime, analyst: Actor) -> None:
    report = send(session, company(session, now), now, PERSON)
    with pytest.raises(EditConflict):
        submissions.accept(session, report, analyst, now=now, version=report.row_version + 1)
    submissions.accept(session, report, analyst, now=now, version=report.row_version)
    with pytest.raises(Refused):
        submissions.reject(session, report, analyst, reason="x", now=now)


def test_returning_reopens_the_link_at_those_cells(session: Session, now: datetime, analyst: Actor) -> None:
    made = company(session, now)
    report = send(session, made, now, PERSON)
    cells = [{"row": 1, "field": "job_title", "message": "Mohon jabatan sesuai izin."}]
    link = submissions.return_(session, report, analyst, reasons=["unclear"], cells=cells, now=now)
    duty = session.get_one(Duty, report.duty_id)
    assert (report.state, duty.state) == ("needs_fix", "returned")
    draft = drafts.find(session, duty)
    assert draft is not None
    (row,) = draft.data["rows"]
    assert [(p["field"], p["code"]) for p in row["problems"]] == [("job_title", "returned_cell")]
    mail = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "returned")).one()
    assert mail.context["link_id"] == link.id
    assert mail.context["cells"] == 1
    data = draft.data
    data["rows"][0]["cells"]["job_title"] = "Kepala Produksi"
    drafts.check(data, today=now.date())
    drafts.save(session, draft, data, now=now)
    second = submissions.submit(session, draft, link, filler=FILLER, now=now).submission
    assert (second.version, second.corrects_id, duty.state) == (2, report.id, "submitted")
    receipts = {r.short_code: r.state for r in all_of(session, Receipt)}
    assert receipts == {report.code: "corrected", second.code: "valid"}


def test_a_returned_report_leaves_the_company_days_to_correct_it(
    session: Session, now: datetime, analyst: Actor
) -> None:
    """Its link would end with this day: it is prolonged, and the mail names that day."""
    report = send(session, company(session, now), now, PERSON)
    late = session.get_one(FormLink, report.link_id).expires_at - timedelta(hours=1)
    link = submissions.return_(session, report, analyst, reasons=["unclear"], cells=[], now=late)
    last_day = settings().today(late) + timedelta(days=settings().correction_days)
    assert link.id == report.link_id, "the address in the company's older mails still opens"
    assert settings().today(link.expires_at) == last_day
    assert link.state(late + timedelta(days=settings().correction_days)) != "expired"
    mail = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "returned")).one()
    assert mail.context["due_on"] == last_day.isoformat()
    assert datetime.fromisoformat(mail.context["expires_at"]) == link.expires_at


def test_a_rejected_report_opens_its_duty_again(session: Session, now: datetime, analyst: Actor) -> None:
    report = send(session, company(session, now), now, PERSON)
    submissions.reject(session, report, analyst, reason="Laporan untuk perusahaan lain", now=now)
    assert session.get_one(Duty, report.duty_id).state == "sent"
    assert all_of(session, Receipt)[0].state == "withdrawn"
    mail = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "rejected")).one()
    assert mail.context["link_id"] == report.link_id, "the duty is open again, so the mail opens it"


def test_no_mail_asks_for_a_day_that_has_passed(session: Session, now: datetime, analyst: Actor) -> None:
    made = company(session, now)
    for decide, words in ((submissions.return_, {"reasons": ["unclear"]}), (submissions.reject, {"reason": "x"})):
        report = send(session, made, now, PERSON)
        duty = session.get_one(Duty, report.duty_id)
        for due_on, open_still in ((now.date() + timedelta(days=9), True), (now.date() - timedelta(days=9), False)):
            duty.due_on, report.state, duty.state = due_on, "submitted", "submitted"
            decide(session, report, analyst, now=now, **words)  # type: ignore[operator]
            newest = select(OutboxMessage).order_by(OutboxMessage.id.desc())  # type: ignore[union-attr]
            asked = session.exec(newest).first().context["due_on"]  # type: ignore[union-attr]
            assert asked == due_on.isoformat() if open_still else (asked or "9") > now.date().isoformat()


def test_the_inbox_says_what_is_new_gone_and_changed(session: Session, now: datetime, analyst: Actor) -> None:
    made = company(session, now)
    two = PERSON | {"full_name": "LEE SEO", "passport_number": "M22222222"}
    three = PERSON | {"full_name": "PARK JI", "passport_number": "M33333333"}
    submissions.accept(session, send(session, made, now, PERSON, two, three), analyst, now=now)
    four = PERSON | {"full_name": "CHOI HA", "passport_number": "M44444444", "change": "baru"}
    report = send(session, made, now, PERSON | {"job_title": "Direktur"},
                  two | {"change": "keluar", "left_on": "01/11/2026"}, four, period="2026-12")  # fmt: skip
    found = reports.difference(session, report)
    names = {
        "new": [row.cells["full_name"] for row in found.new],
        "left": [row.cells["full_name"] for row in found.left],
        "missing": [row.cells["full_name"] for row in found.missing],
        "changed": [(row.cells["full_name"], sorted(fields)) for row, fields in found.changed],
    }
    assert names == {
        "new": ["CHOI HA"], "left": ["LEE SEO"], "missing": ["PARK JI"], "changed": [("KIM MIN JI", ["job_title"])],
    }  # fmt: skip
    page = reports.inbox(session, analyst, search="contoh")
    assert [row.submission.code for row in page.rows] == [report.code]
    assert page.counts == {"accepted": 1, "submitted": 1}


def test_silence_nihil_and_confirmed_are_three_states(session: Session, now: datetime) -> None:
    made = company(session, now)
    link = links.issue(session, KEY, made, actor=SYSTEM, now=now, mail=False)
    duty = links.duty_of(session, link)
    assert duty.state == "upcoming"
    report = send(session, made, now, mode="nil")
    assert duty.state == "nil"
    assert report.rows_ok == 0


def test_nothing_is_changed_silently(session: Session, now: datetime) -> None:
    report = send(session, company(session, now), now, PERSON | {"passport_number": " m 1234-5678 "})
    (row,) = session.exec(select(SubmissionRow).where(SubmissionRow.submission_id == report.id)).all()
    assert row.cells["passport_number"] == "M12345678"
    assert row.raw["passport_number"] == " m 1234-5678 "
    assert row.cells["passport_country"] == "KOR"


def test_a_report_with_a_bad_row_is_not_sent_whole(session: Session, now: datetime) -> None:
    with pytest.raises(Refused, match="rows_not_ready"):
        send(session, company(session, now), now, PERSON | {"birth_date": "kapan"})


def test_a_second_draft_never_overwrites_in_silence(session: Session, now: datetime) -> None:
    link = links.issue(session, KEY, company(session, now), actor=SYSTEM, now=now, mail=False)
    draft = drafts.open_(session, links.duty_of(session, link), link, now=now)
    seen = draft.row_version
    drafts.save(session, draft, drafts.empty(), now=now, version=seen)
    with pytest.raises(EditConflict):
        drafts.save(session, draft, drafts.empty(), now=now, version=seen)


def test_two_hundred_people_take_as_many_questions_as_five(
    session: Session, now: datetime, analyst: Actor, statements: list[str]
) -> None:
    made = company(session, now)
    asked = []
    for size, period in ((5, "2026-11"), (200, "2026-12")):
        people = [
            PERSON | {"full_name": f"KIM {i:04d}x".replace("0", "A"), "passport_number": f"M{size}{i:05d}"}
            for i in range(size)
        ]
        names = [
            p | {"full_name": "KIM " + "".join(chr(65 + int(d)) for d in f"{size}{i:04d}")}
            for i, p in enumerate(people)
        ]
        report = send(session, made, now + timedelta(minutes=size), *names, period=period)
        statements.clear()
        submissions.accept(session, report, analyst, now=datetime.now(UTC))
        session.flush()
        asked.append(len(statements))
    tables = 4  # of more than a hundred rows each goes in by two statements: people, passports, sponsorships, audit
    assert asked[1] <= asked[0] + tables + 2


def test_two_equal_clicks_at_once_make_one_report(database_url: str, now: datetime) -> None:
    with unit_of_work() as session:
        made = company(session, now)
        link = links.issue(session, KEY, made, actor=SYSTEM, now=now, mail=False)
        draft = drafts.open_(session, links.duty_of(session, link), link, now=now)
        drafts.save(session, draft, drafts.empty() | {"mode": "nil"}, now=now)
        ids = draft.id, link.id

    def click(_: int) -> str:
        with unit_of_work() as session:
            one, by = session.get_one(Draft, ids[0]), session.get_one(FormLink, ids[1])
            return submissions.submit(session, one, by, filler=FILLER, now=now).receipt.short_code

    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(click, range(8)))
    with unit_of_work(write=False) as session:
        assert {report.code for report in all_of(session, Submission)} == codes
        assert len(codes) == 1


def test_a_draft_nobody_sent_is_emptied_in_time(session: Session, now: datetime) -> None:
    link = links.issue(session, KEY, company(session, now), actor=SYSTEM, now=now, mail=False)
    draft = drafts.open_(session, links.duty_of(session, link), link, now=now)
    data = drafts.empty()
    drafts.new_row(data, PERSON, origin="form")
    drafts.save(session, draft, data, now=now)
    assert drafts.expire(session, now=link.expires_at + timedelta(days=29)) == 0
    assert drafts.expire(session, now=link.expires_at + timedelta(days=31)) == 1
    assert draft.data["rows"] == []
    assert drafts.find(session, links.duty_of(session, link)) is None
