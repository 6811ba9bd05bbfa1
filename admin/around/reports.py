"""What a company has to report, what it sent, and the files that came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlmodel import col

from admin.around.panels import LISTED, Line, Panel
from admin.views.inbox import SEERS
from app import wording
from app.domain.receipts import Place
from app.domain.states import DUTY_STATES, RECEIPT_STATES, SUBMISSION_STATES
from app.models.draft import Upload
from app.models.duty import Duty
from app.models.receipt import Receipt
from app.models.submission import Submission
from app.queries import duties as standings
from app.queries import submissions
from app.queries.duties import DutyStanding
from app.registry import forms

if TYPE_CHECKING:
    from admin.around.tabs import TabbedPage


def duties(page: TabbedPage) -> Panel:
    """Every duty with its day, how that day came about, and what became of it."""
    found = standings.of_company(page.session, page.row["id"], most=LISTED)
    return Panel(
        id="duties",
        title=_("Duties"),
        icon="calendar-event",
        columns=[_("Report"), _("Period"), _("Due"), _("State"), _("Sent"), _("How the day was set")],
        lines=[_duty(page, one) for one in found],
        count=wording.number(page.counts.get("duties", len(found)), page.language),
        empty=_("Nothing is asked of this company yet."),
    )


def _duty(page: TabbedPage, one: DutyStanding) -> Line:
    duty, sent = one.duty, one.submission
    late = duty.is_overdue(page.today)
    state = DUTY_STATES[duty.state].text(page.language)
    if late:
        days = (page.today - duty.due_on).days
        state += " · " + ngettext("%(num)s day late", "%(num)s days late", days)
    if duty.pause_reason:
        state += " · " + _("paused")
    return Line(
        [
            page.text("form", _("Report"), forms()[duty.form].title.text(page.language)),
            page.text("period", _("Period"), wording.period_name(duty.period, page.language)),
            page.text("due", _("Due"), page.day(duty.due_on)),
            page.text("state", _("State"), state, state="bad" if late else "plain"),
            page.text("sent", _("Sent"), page.instant(sent.sent_at) if sent else ""),
            page.text("why", _("How the day was set"), _why(page, duty)),
        ],
        url=url_for("staff_inbox.show", public_id=sent.public_id) if sent else None,
    )


def _why(page: TabbedPage, duty: Duty) -> str:
    facts = duty.due_explained
    if not facts:
        return ""
    return wording.due_sentence(facts, duty.due_on, page.language)


def reports(page: TabbedPage) -> Panel:
    """What was sent, newest first, with its receipt."""
    query = (
        select(Submission, Duty, Receipt)
        .join(Duty, col(Duty.id) == col(Submission.duty_id))
        .outerjoin(Receipt, col(Receipt.submission_id) == col(Submission.id))
        .where(col(Submission.company_id) == page.row["id"])
        .order_by(col(Submission.id).desc())
        .limit(LISTED)
    )
    found = page.session.execute(query).all()
    stands = submissions.places(page.session, [row[0] for row in found])
    return Panel(
        id="reports",
        title=_("Reports"),
        icon="clipboard-list",
        columns=[_("Number"), _("Period"), _("Sent"), _("People"), _("State"), _("Receipt")],
        lines=[_report(page, sent, duty, receipt, stands[sent.code]) for sent, duty, receipt in found],
        count=wording.number(page.counts.get("reports", len(found)), page.language),
        empty=_("No report has come yet."),
    )


def _report(page: TabbedPage, sent: Submission, duty: Duty, receipt: Receipt | None, place: Place) -> Line:
    said = (wording.period_name(duty.period, page.language), wording.place(place, page.language))
    tone = {"submitted": "todo", "needs_fix": "todo", "rejected": "bad"}.get(sent.state, "plain")
    return Line(
        [
            page.text("code", _("Number"), sent.code),
            page.text("period", _("Period"), " · ".join(filter(None, said))),
            page.text("sent", _("Sent"), page.instant(sent.sent_at)),
            page.text("people", _("People"), wording.number(sent.rows_ok, page.language), number=True),
            page.text("state", _("State"), SUBMISSION_STATES[sent.state].text(page.language), state=tone),
            page.text("receipt", _("Receipt"), RECEIPT_STATES[receipt.state].text(page.language) if receipt else ""),
        ],
        url=url_for("staff_inbox.show", public_id=sent.public_id),
    )


def documents_counted(company_id: int) -> Select[Any]:
    return _files(select(func.count()), company_id)


def documents(page: TabbedPage) -> Panel:
    """Files that came with reports; scans are opened by those who may see the numbers on them."""
    query = _files(select(Upload, col(Submission.public_id), col(Duty.period)), page.row["id"])
    found = page.session.execute(query.order_by(col(Upload.id).desc()).limit(LISTED)).all()
    return Panel(
        id="documents",
        title=_("Documents"),
        icon="paperclip",
        columns=[_("Name"), _("Kind"), _("Period"), _("Came"), _("Size")],
        lines=[_document(page, *row) for row in found],
        count=wording.number(page.counts.get("documents", len(found)), page.language),
        empty=_("No file has come with a report yet."),
    )


def _document(page: TabbedPage, file: Upload, report: str | None, period: str) -> Line:
    opens = report is not None and file.kind == "attachment" and bool(page.actor.roles & set(SEERS))
    url = url_for("staff_inbox.attachment", public_id=report, upload_id=file.public_id) if opens else None
    shown = url_for("staff_inbox.show", public_id=report) if report else None
    return Line(
        [
            page.text("name", _("Name"), file.name),
            page.text("kind", _("Kind"), _("sheet") if file.kind == "sheet" else _("scan or photo")),
            page.text("period", _("Period"), wording.period_name(period, page.language)),
            page.text("came", _("Came"), page.instant(file.created_at)),
            page.text("size", _("Size"), _size(file.size, page.language), number=True),
        ],
        url=url or shown,
    )


def _files(query: Any, company_id: int) -> Select[Any]:
    made: Select[Any] = (
        query.select_from(Upload)
        .join(Duty, col(Duty.id) == col(Upload.duty_id))
        .outerjoin(Submission, col(Submission.id) == col(Upload.submission_id))
        .where(col(Duty.company_id) == company_id)
    )
    return made


def _size(size: int, language: str) -> str:
    return f"{wording.number(max(1, round(size / 1000)), language)} kB"
