"""S1: reports that companies sent. Read, compare, accept, return or reject; the company is mailed each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from admin import record_files
from admin.report_view import ReportView
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.deadlines import WorkCalendar
from app.domain.states import RETURN_REASONS
from app.operations import submissions
from app.operations.submissions import review_by
from app.queries import submissions as queries
from app.queries import work_days
from app.queries.keys import as_key
from app.queries.submissions import InboxRow
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_inbox", __name__)

READERS = policy.READERS["report"]
ACCEPTERS = ("admin", "analyst")  # who may write what an accepted report writes
RETURNERS = ("admin", "analyst", "secretariat")
SEERS = tuple(role for role in READERS if role in policy.REVEALERS)  # a scan shows the numbers that lists mask
TABS = {
    "new": ("submitted",),
    "fix": ("needs_fix",),
    "late": ("submitted",),
    "done": ("accepted", "rejected", "withdrawn"),
}
_LATE_LOOKED_AT = 500


@blueprint.get("/")
@access.staff_required(*READERS)
def index() -> ResponseReturnValue:
    """The list; the first report of it is shown beside."""
    with unit_of_work(write=False) as session:
        return _page(session, None)


@blueprint.get("/<public_id>")
@access.staff_required(*READERS)
def show(public_id: str) -> ResponseReturnValue:
    """One report beside the list."""
    with unit_of_work(write=False) as session:
        return _page(session, queries.one(session, public_id, current_actor()))


@blueprint.get("/<public_id>/attachment/<upload_id>")
@access.staff_required(*SEERS)
def attachment(public_id: str, upload_id: str) -> ResponseReturnValue:
    """A scan or photo, always as a download."""
    with unit_of_work(write=False) as session:
        found = queries.attachment(session, queries.one(session, public_id, current_actor()).submission, upload_id)
        return record_files.sent(found)


@blueprint.route("/<public_id>/accept", methods=["GET", "POST"])
@access.staff_required(*ACCEPTERS)
def accept(public_id: str) -> ResponseReturnValue:
    """What accepting writes (GET), then writing it (POST)."""
    actor = current_actor()
    if request.method == "GET":
        with unit_of_work(write=False) as session:
            view = _view(session, queries.one(session, public_id, current_actor()))
            if view.submission.state != "submitted":
                return _decided(view)
            preview = submissions.preview_accept(session, view.submission, actor)
            return render_template("staff/inbox_accept.html", view=view, preview=preview, written=view.written(preview))
    with unit_of_work() as session:
        found = queries.one(session, public_id, current_actor())
        done = submissions.accept(session, found.submission, actor, now=utcnow(), note=_note(), version=_version(),
                                  same=_same_people())  # fmt: skip
        left_out = len(done.left_out)
        count = len(done.rows) - left_out
        name = found.company.legal_name
    flash(
        ngettext(
            "Report of %(name)s accepted: %(num)s person. The company is mailed.",
            "Report of %(name)s accepted: %(num)s people. The company is mailed.",
            count,
            name=name,
        ),
        "success",
    )
    if left_out:
        flash(
            ngettext(
                "%(num)s row was left out; the company is asked about its passport number.",
                "%(num)s rows were left out; the company is asked about their passport numbers.",
                left_out,
            ),
            "warning",
        )
    return redirect(url_for(".index"))


@blueprint.route("/<public_id>/return", methods=["GET", "POST"])
@access.staff_required(*RETURNERS)
def give_back(public_id: str) -> ResponseReturnValue:
    """Reasons and cells to correct; the company's link reopens there. `?reason=&cell=` are marked beforehand."""
    problem, marked = "", request.form if request.method == "POST" else request.args
    if request.method == "POST":
        reasons = [code for code in request.form.getlist("reason") if code in RETURN_REASONS]
        cells = _chosen_cells()
        if reasons:
            with unit_of_work() as session:
                found = queries.one(session, public_id, current_actor())
                submissions.return_(
                    session,
                    found.submission,
                    current_actor(),
                    reasons=reasons,
                    now=utcnow(),
                    note=_note(),
                    cells=cells,
                    version=_version(),
                )
                name = found.company.legal_name
            flash(
                _(
                    "Report returned to %(name)s. The company is mailed a link that opens at the marked cells.",
                    name=name,
                ),
                "success",
            )
            return redirect(url_for(".index"))
        problem = _("Please choose at least one reason: the company reads it in the mail.")
    with unit_of_work(write=False) as session:
        view = _view(session, queries.one(session, public_id, current_actor()))
        if view.submission.state != "submitted":
            return _decided(view)
        reasons_ = [(code, label.text(language.current())) for code, label in RETURN_REASONS.items()]
        page = render_template(
            "staff/inbox_return.html",
            view=view,
            reasons=reasons_,
            problem=problem,
            chosen=set(marked.getlist("reason")),
            cells=set(marked.getlist("cell")),
            marked_rows={one.partition(":")[0] for one in marked.getlist("cell")},
            typed=request.form,
            problem_count=int(bool(problem)),
        )
    return (page, 422) if problem else page


@blueprint.route("/<public_id>/reject", methods=["GET", "POST"])
@access.staff_required(*RETURNERS)
def reject(public_id: str) -> ResponseReturnValue:
    """Refuse a report, with the reason the company reads."""
    problem = ""
    if request.method == "POST":
        if _note():
            with unit_of_work() as session:
                found = queries.one(session, public_id, current_actor())
                submissions.reject(
                    session, found.submission, current_actor(), reason=_note() or "", now=utcnow(), version=_version()
                )
                name = found.company.legal_name
            flash(_("Report of %(name)s rejected. The company is mailed the reason.", name=name), "success")
            return redirect(url_for(".index"))
        problem = _("Please write the reason: the company reads it in the mail.")
    with unit_of_work(write=False) as session:
        view = _view(session, queries.one(session, public_id, current_actor()))
        if view.submission.state != "submitted":
            return _decided(view)
        page = render_template("staff/inbox_reject.html", view=view, problem=problem, problem_count=int(bool(problem)))
    return (page, 422) if problem else page


def _decided(view: ReportView) -> ResponseReturnValue:
    """Nothing is left to decide: the report itself, and who decided when."""
    if view.submission.decided_by:
        told = _("This report was decided by %(name)s on %(at)s.", name=view.submission.decided_by, at=view.decided_at)
    else:
        told = _("This report no longer waits for a decision.")
    flash(told, "info")
    return redirect(url_for(".show", public_id=view.submission.public_id))


def _page(session: Session, chosen: InboxRow | None) -> str:
    tab = request.args.get("tab", "new")
    tab = tab if tab in TABS else "new"
    search, before = request.args.get("q", "").strip(), request.args.get("before", type=as_key)
    late = tab == "late"
    found = queries.inbox(
        session, current_actor(), states=TABS[tab], search=search, before=before, limit=_LATE_LOOKED_AT if late else 50
    )
    work = calendar_of(session, found.rows)
    rows = [row for row in found.rows if is_late(row, work)] if late else found.rows
    shown = chosen or (rows[0] if rows else None)
    state: dict[str, Any] = {"tab": tab, "q": search or None}
    return render_template(
        "staff/inbox.html",
        tab=tab,
        search=search,
        tabs=_tabs(session, found.counts),
        rows=[_row(row, work) for row in rows],
        view=_view(session, shown) if shown else None,
        chosen=chosen is not None,
        state=state,
        next_url=url_for(".index", **state, before=found.next) if found.next and not late else None,
    )


def _tabs(session: Session, counts: dict[str, int]) -> list[dict[str, Any]]:
    late = late_count(session)
    titles = {"new": _("New"), "fix": _("To be corrected"), "late": _("Past the review day"), "done": _("Reviewed")}
    numbers = {"new": counts.get("submitted", 0), "fix": counts.get("needs_fix", 0), "late": late, "done": 0}
    return [
        {"key": key, "title": title, "count": numbers[key], "late": key == "late" and late > 0}
        for key, title in titles.items()
    ]


def late_count(session: Session) -> int:
    """Reports nobody has decided within the promised working days (counted up to a few hundred)."""
    found = queries.inbox(session, current_actor(), states=("submitted",), limit=_LATE_LOOKED_AT).rows
    work = calendar_of(session, found)
    return sum(is_late(row, work) for row in found)


def calendar_of(session: Session, rows: Sequence[InboxRow]) -> WorkCalendar:
    """The office's calendar over the days these reports were sent, and today."""
    known = settings()
    return work_days.around(session, [known.today(utcnow()), *(known.today(row.submission.sent_at) for row in rows)])


def is_late(row: InboxRow, work: WorkCalendar) -> bool:
    """Whether the promised day of the review has passed and nobody has decided."""
    return row.submission.state == "submitted" and review_by(row.submission, work) < settings().today(utcnow())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings().office_time_zone)


def _row(row: InboxRow, work: WorkCalendar) -> dict[str, Any]:
    language_ = language.current()
    return {
        "id": row.submission.public_id,
        "code": row.submission.code,
        "company": row.company.legal_name,
        "state": row.submission.state,
        "people": row.submission.rows_ok,
        "place": wording.place(row.place, language_),
        "nil": row.submission.mode == "nil",
        "since": since(row.submission.sent_at, language_),
        "late": is_late(row, work),
    }


def since(at: Any, language_: str) -> str:
    """How long ago, as an inbox says it: "baru saja", "2 jam", "3 hari", then the date."""
    passed = utcnow() - at
    if passed < timedelta(minutes=5):
        return _("just now")
    if passed < timedelta(hours=1):
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", int(passed.total_seconds() // 60))
    if passed < timedelta(days=1):
        return ngettext("%(num)s hour ago", "%(num)s hours ago", int(passed.total_seconds() // 3600))
    if passed < timedelta(days=8):
        return ngettext("%(num)s day ago", "%(num)s days ago", passed.days)
    return wording.short_date(at.astimezone(_zone()).date(), language_)


def _view(session: Session, found: InboxRow) -> ReportView:
    return ReportView(session, found, current_actor(), language.current())


def _note() -> str | None:
    return request.form.get("note", "").strip()[:2000] or None


def _version() -> int | None:
    return request.form.get("row_version", type=int)


def _same_people() -> dict[int, str]:
    """Rows answered "the same person": row number → the person the page named."""
    found = {}
    for name, value in request.form.items():
        row = name.removeprefix("person-")
        if row != name and row.isdecimal() and len(row) < 8 and value:
            found[int(row)] = value
    return found


def _chosen_cells() -> list[dict[str, Any]]:
    """Ticked cells ("12:passport_number") with the words typed for their row."""
    made = []
    for text in request.form.getlist("cell")[:2000]:
        row, _colon, key = text.partition(":")
        if row.isdecimal() and len(row) < 8 and key.isidentifier():
            made.append({"row": int(row), "field": key, "message": request.form.get(f"words-{row}", "").strip()[:300]})
    return made
