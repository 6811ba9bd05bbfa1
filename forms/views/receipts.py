"""C6: the receipt, its PDF, a correction; and the public page that says whether a receipt stands."""

from __future__ import annotations

import io

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlmodel import Session

from app import wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.documents import qr
from app.documents import receipt as paper
from app.domain import receipts as codes
from app.domain.states import RECEIPT_STATES
from app.extensions import limiter
from app.models.company import Company
from app.models.duty import Duty
from app.models.receipt import Receipt
from app.models.submission import Submission
from app.operations import drafts, receipts, submissions
from app.queries import duties as standings
from app.queries import submissions as reports
from app.queries import work_days
from app.registry import forms
from app.web import access, language
from forms import visit as visits
from forms.blueprint import blueprint
from forms.scene import Scene, resume_url, title_of
from forms.steps.check import people_words
from forms.views.duties import masked_address
from forms.visit import Visit, VisitElsewhere


@blueprint.route("/tanda-terima/<code>", methods=["GET", "POST"])
@access.link
def receipt(code: str) -> ResponseReturnValue:
    """The permanent page of a report that was sent. POST begins a correction."""
    now = utcnow()
    with unit_of_work(write=request.method == "POST") as session:
        visit = visits.current(session, now=now)
        found, submission, duty = _own(session, visit, code)
        if request.method == "POST":
            scene = Scene(session, visit, duty, drafts.find(session, duty), now)
            if not visit.verified:
                return redirect(url_for("forms.code", next=f"{duty.public_id}:correct"), 303)
            scene.draft = submissions.reopen(session, submission, duty, visit.link, now=now)
            return redirect(resume_url(scene), 303)
        link = visit.link
        return render_template(
            "forms/receipt.html",
            receipt=found,
            submission=submission,
            duty=duty,
            company=visit.company,
            title=title_of(duty),
            place=_place(session, submission),
            people_words=people_words(reports.change_counts(session, submission), submission.mode == "nil"),
            qr=Markup(qr.svg(paper.verify_url(found.short_code, settings()))),  # noqa: S704 - made here, of our own address
            review_by=submissions.review_by(
                submission, work_days.around(session, [settings().today(submission.sent_at)])
            ),
            rest=standings.rest(session, submission) if found.state == "valid" else 0,
            mail_to=masked_address(link.email) or masked_address(submission.filled_by.get("email")),
            may_correct=found.state == "valid" and submission.state in ("submitted", "accepted", "needs_fix"),
            share=f"{title_of(duty)}: {found.short_code} {paper.verify_url(found.short_code, settings())}",
            back=url_for("forms.duties"),
        )


@blueprint.get("/tanda-terima/<code>.pdf")
@access.link
def receipt_document(code: str) -> ResponseReturnValue:
    """The receipt on paper: A4, with its QR code and digest."""
    with unit_of_work(write=False) as session:
        visit = visits.current(session, now=utcnow())
        found, submission, duty = _own(session, visit, code)
        place = reports.place(session, submission)
        facts = paper.facts(found, submission, duty, visit.company, forms()[duty.form], settings(), place)
    return send_file(
        io.BytesIO(paper.pdf(facts, language.current())),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{found.short_code}.pdf",
    )


@blueprint.get("/v/<code>")
@access.public
@limiter.limit("60 per minute; 600 per hour")
def verify(code: str) -> ResponseReturnValue:
    """Says of a receipt: valid, corrected, continued or withdrawn; company, duty and period; never a person."""
    proper = codes.parse(code)
    if proper is None:
        return _verify_page(code[:40], mistyped=True)
    with unit_of_work(write=False) as session:
        found = standings.receipt_by_code(session, proper)
        if found is None:
            return _verify_page(proper, mistyped=False)
        made, submission, duty = found
        receipts.note_verified(proper, made.state)
        company = session.get_one(Company, submission.company_id)
        form = forms().get(duty.form)
        return render_template(
            "forms/verify.html",
            code=made.short_code,
            receipt=made,
            state=RECEIPT_STATES[made.state],
            explanation=_explanation(made),
            company=company,
            duty=duty,
            place=_place(session, submission),
            form_title=language.text(form.title) if form else duty.form,
            sent_at=submission.sent_at,
        )


def _verify_page(code: str, *, mistyped: bool) -> ResponseReturnValue:
    page = render_template("forms/verify.html", code=code, receipt=None, mistyped=mistyped)
    return Response(page, 404)


def _explanation(made: Receipt) -> str:
    return {
        "valid": _("This receipt is genuine and stands."),
        "corrected": _("This receipt is genuine, but the company has since sent a correction."),
        "continued": _("This receipt is genuine. The rest has been sent since: the newer receipt holds everything."),
        "withdrawn": _("This receipt was genuine, but it no longer stands."),
    }[made.state]


def _place(session: Session, submission: Submission) -> str:
    return wording.place(reports.place(session, submission), language.current())


def _own(session: object, visit: Visit, code: str) -> tuple[Receipt, Submission, Duty]:
    """A receipt of this visit's company; any other is not found."""
    proper = codes.parse(code)
    found = standings.receipt_by_code(session, proper) if proper else None  # type: ignore[arg-type]
    if found is None or found[1].company_id != visit.company.id:
        raise VisitElsewhere(visit.company)
    return found
