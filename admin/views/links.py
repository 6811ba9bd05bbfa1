"""Links of one company: issue, look at, revoke. The address is shown once, to the person who issued it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from admin import cells
from admin.report_view import moment, period_words
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.errors import NotFound
from app.domain.states import DUTY_STATES, LINK_STATES
from app.models.company import Company
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.report_row import KEY as REPORT
from app.operations import links
from app.queries import duties
from app.registry import forms, get
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_links", __name__)
ISSUERS = policy.READERS["link"]


@blueprint.get("/<public_id>")
@access.staff_required(*ISSUERS)
def index(public_id: str) -> ResponseReturnValue:
    """Duties and links of a company."""
    with unit_of_work(write=False) as session:
        return render_template("staff/links.html", **_facts(session, public_id), issued=None)


@blueprint.post("/<public_id>")
@access.staff_required(*ISSUERS)
def issue(public_id: str) -> ResponseReturnValue:
    """Issue the link of this month's report and mail it; the page shows the address, this once."""
    with unit_of_work() as session:
        company = _company(session, public_id)
        made = links.issue(session, REPORT, company, actor=current_actor(), now=utcnow())
        session.flush()
        issued = {"url": links.url_of(made), "email": made.email, "until": moment(made.expires_at, language.current())}
    with unit_of_work(write=False) as session:
        response = make_response(render_template("staff/links.html", **_facts(session, public_id), issued=issued))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<public_id>/revoke/<link_id>")
@access.staff_required(*ISSUERS)
def revoke(public_id: str, link_id: str) -> ResponseReturnValue:
    """End a link at once."""
    with unit_of_work() as session:
        company, link = _company(session, public_id), links.by_public_id(session, link_id)
        if link.company_id != company.id:
            raise NotFound()
        links.revoke(session, link, actor=current_actor(), now=utcnow())
    flash(_("The link no longer opens."), "success")
    return redirect(url_for(".index", public_id=public_id))


def _company(session: Session, public_id: str) -> Company:
    visible = policy.visible(get("company"), current_actor())
    alive = col(Company.deleted_at).is_(None)
    found = session.exec(select(Company).where(col(Company.public_id) == public_id, alive, visible)).first()
    if found is None:
        raise NotFound()
    return found


def _facts(session: Session, public_id: str) -> dict[str, Any]:
    company, language_, now = _company(session, public_id), language.current(), utcnow()
    standings = duties.of_company(session, company.id or 0)
    found = session.exec(
        select(FormLink, Duty)
        .join(Duty, col(Duty.id) == col(FormLink.duty_id))
        .where(col(FormLink.company_id) == company.id)
        .order_by(col(FormLink.id).desc())
        .limit(20)
    ).all()
    return {
        "company": company,
        "contact": duties.contact_for(session, company.id or 0),
        "duties": [
            {
                "title": forms()[one.duty.form].title.text(language_),
                "period": period_words(one.duty.period, language_),
                "due": wording.short_date(one.duty.due_on, language_),
                "state": DUTY_STATES[one.duty.state].text(language_),
                "late": one.duty.is_overdue(settings().today(now)),
            }
            for one in standings
        ],
        "links": [
            {
                "id": link.public_id,
                "period": period_words(duty.period, language_),
                "email": link.email or "–",
                "state": LINK_STATES[link.state(now)].text(language_),
                "alive": link.state(now) in ("issued", "opened"),
                "until": wording.short_date(settings().today(link.expires_at), language_),
                "by": cells.doer(link.issued_by, language_),
                "opened": link.opened_count,
            }
            for link, duty in found
        ],
    }
