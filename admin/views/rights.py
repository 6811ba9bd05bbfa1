"""Who may see and do what: roles × registries × fields × actions, changed after a second look, and audited."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from admin.rights_page import RightsPage, packed, unpacked
from app import policy, wording
from app.database import unit_of_work, utcnow
from app.domain.errors import EditConflict, Refused
from app.operations import grants
from app.operations.grants import Wish
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_rights", __name__)
READERS = policy.READERS["rights"]


@blueprint.get("/")
@access.staff_required(*READERS)
def index() -> ResponseReturnValue:
    """The overview; with `?role=…&registry=…` every right of that role there."""
    with unit_of_work(write=False) as session:
        role, registry = request.args.get("role", ""), request.args.get("registry", "")
        page = RightsPage(session, current_actor(), language.current(), role, registry)
        return render_template("staff/rights.html", page=page)


@blueprint.post("/preview")
@access.staff_required(*policy.GOVERNORS)
@access.fresh
def preview() -> ResponseReturnValue:
    """What would change, whom it concerns, and whether one's own rights grow. Nothing is written."""
    with unit_of_work(write=False) as session:
        role, registry = request.form.get("role", ""), request.form.get("registry", "")
        page = RightsPage(session, current_actor(), language.current(), role, registry)
        wishes = page.wishes(request.form) if role and registry else _wishes()
        if not grants.effects(wishes, page.grants):
            flash(_("Nothing is different from what stands."), "info")
            return redirect(url_for(".index", role=role or None, registry=registry or None))
        return _confirm(page, wishes)


@blueprint.post("/apply")
@access.staff_required(*policy.GOVERNORS)
@access.fresh
def apply() -> ResponseReturnValue:
    """Write what was looked at. Every process sees it at its next request."""
    wishes, reason = _wishes(), request.form.get("reason", "").strip()[:500]
    actor = current_actor()
    try:
        with unit_of_work() as session:
            done = grants.change(
                session,
                wishes,
                actor,
                now=utcnow(),
                reason=reason,
                seen=request.form.get("seen", -1, type=int),
                own_confirmed="own" in request.form,
            )
    except (EditConflict, Refused) as refused:
        if refused.code == "grant_floor":
            raise
        with unit_of_work(write=False) as session:
            page = RightsPage(session, actor, language.current())
            sentence = wording.sentence(refused, language.current())
            status = 409 if isinstance(refused, EditConflict) else 422  # the form comes back
            return _confirm(page, wishes, problem=(refused.code, sentence)), status
    flash(ngettext("%(num)s right changed.", "%(num)s rights changed.", len(done)), "success")
    first = wishes[0] if wishes else None
    return redirect(url_for(".index", role=first and first.role, registry=first and first.registry))


def _wishes() -> list[Wish]:
    return [wish for text in request.form.getlist("wish") if (wish := unpacked(text)) is not None]


def _confirm(page: RightsPage, wishes: Sequence[Wish], problem: tuple[str, str] = ("", "")) -> str:
    effects = grants.effects(wishes, page.grants)
    return render_template(
        "staff/rights_confirm.html",
        page=page,
        effects=page.told(effects),
        concerned=page.concerned(effects),
        own=bool(grants.raises_own(effects, page.actor)),
        wishes=[packed(one.wish) for one in effects],
        reason=request.form.get("reason", ""),
        code=problem[0],
        problem=problem[1],
        problem_count=int(bool(problem[1])),
    )
