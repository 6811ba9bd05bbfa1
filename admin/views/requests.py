"""What companies ask: a link they never got, another contact person, a question or an objection."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from admin.report_view import moment, period_words
from admin.views.inbox import since
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.models.company import Company
from app.models.contact_request import QUESTION_REASONS, REQUEST_KINDS, ContactRequest, Question
from app.models.duty import Duty
from app.operations import requests
from app.queries import submissions as queries
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_requests", __name__)
READERS = policy.READERS["request"]
DECIDERS = ("admin", "analyst", "secretariat")
CONTACT = ("name", "position", "email", "phone")


@blueprint.get("/")
@access.staff_required(*READERS)
def index() -> ResponseReturnValue:
    """Open requests and questions, the oldest or most urgent first."""
    with unit_of_work(write=False) as session:
        actor = current_actor()
        return render_template(
            "staff/requests.html", requests=asked(session, actor), questions=open_questions(session, actor)
        )


@blueprint.post("/<public_id>/<decision>")
@access.staff_required(*DECIDERS)
def decide(public_id: str, decision: str) -> ResponseReturnValue:
    """A request was looked into: confirmed (what follows is offered next) or refused."""
    if decision not in ("confirmed", "refused"):
        raise NotFound()
    with unit_of_work() as session:
        found = _one(session, ContactRequest, public_id, current_actor())
        if found.state != "new":
            flash(_("A colleague has already decided this request."), "warning")
            return redirect(url_for(".index"))
        requests.decide_request(session, found, decision, current_actor(), now=utcnow())
        company = session.get(Company, found.company_id) if found.company_id else None
    flash(_("Noted."), "success")
    if decision == "refused":
        return redirect(url_for(".index"))
    if company is None:
        return redirect(url_for("staff_company.create_view", asked=public_id, url=url_for(".index")))
    return redirect(
        url_for("staff_contact.create_view", company=company.public_id, asked=public_id, url=url_for(".index"))
    )


@blueprint.post("/question/<public_id>")
@access.staff_required(*DECIDERS)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer a question; the duty goes on, is excused or waived."""
    text, outcome = request.form.get("answer", "").strip()[:4000], request.form.get("outcome", "go_on")
    if not text or outcome not in ("go_on", "excused", "waived"):
        flash(_("Please write the answer before saving it."), "warning")
        return redirect(url_for(".index", _anchor=f"question-{public_id}"))
    with unit_of_work() as session:
        found = _one(session, Question, public_id, current_actor())
        if found.state == "answered":
            flash(_("A colleague has already answered this question."), "warning")
        else:
            requests.answer(session, found, text, current_actor(), now=utcnow(), outcome=outcome)
            flash(_("Answer saved."), "success")
    return redirect(url_for(".index"))


def prefill(session: Session, registry_key: str, public_id: str, actor: Actor) -> dict[str, str]:
    """What a request says for a new company or contact: read here, since an address is no place for a person's data."""
    names = {"company": {"legal_name": "company_name", "nib": "nib"}, "contact": dict.fromkeys(CONTACT, "")}
    if not public_id or registry_key not in names or not actor.roles & set(READERS):
        return {}
    found = _one(session, ContactRequest, public_id, actor)
    given = {key: getattr(found, name or key) for key, name in names[registry_key].items()}
    return {key: text for key, text in given.items() if text}


def asked(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Open requests as the page shows them."""
    language_ = language.current()
    return [
        {
            "one": one,
            "kind": REQUEST_KINDS[one.kind].text(language_),
            "at": moment(one.created_at, language_),
            "since": since(one.created_at, language_),
        }
        for one in queries.requests(session, actor)
    ]


def open_questions(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Unanswered questions with their company and duty."""
    language_, today = language.current(), settings().today(utcnow())
    made = []
    for one in queries.questions(session, actor):
        company, duty = session.get_one(Company, one.company_id), session.get_one(Duty, one.duty_id)
        made.append(
            {
                "one": one,
                "company": company,
                "reason": QUESTION_REASONS[one.reason].text(language_),
                "since": since(one.created_at, language_),
                "period": period_words(duty.period, language_),
                "due": wording.short_date(one.due_on, language_),
                "late": one.due_on < today,
            }
        )
    return made


def _one(session: Session, model: Any, public_id: str, actor: Actor) -> Any:
    seen = policy.of_company(col(model.company_id), actor)
    found = session.execute(select(model).where(col(model.public_id) == public_id, seen)).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found
