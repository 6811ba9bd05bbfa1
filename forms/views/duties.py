"""What a company has to report; the code that opens the old list; questions; leaving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.fields import Label
from app.domain.types import LongTextType
from app.extensions import limiter
from app.models.contact_request import QUESTION_REASONS
from app.models.duty import Duty
from app.models.receipt import Receipt
from app.operations import codes, links, requests, submissions
from app.queries import duties as standings
from app.web import access, language
from forms import visit as visits
from forms.blueprint import blueprint
from forms.scene import Scene, begin_roster, open_scene, resume_url, title_of
from forms.views.landing import QUESTIONS, error_page, read_answers
from forms.words import office_date


@dataclass(frozen=True, slots=True)
class Item:
    """One duty on the start page."""

    duty: Duty
    title: str
    left: str
    receipt: Receipt | None
    sent_at: Any
    deferred: int
    action: str | None
    url: str
    may_nil: bool


@blueprint.get("/laporan")
@access.link
def duties() -> ResponseReturnValue:
    """C1: what has to be reported."""
    now = utcnow()
    with unit_of_work(write=False) as session:
        visit = visits.current(session, now=now)
        assert visit.company.id is not None
        found = standings.of_company(session, visit.company.id)
        items = [_item(standing, office_date(now)) for standing in found]
        nib = visit.company.nib
        return render_template(
            "forms/duties.html",
            company=visit.company,
            link=visit.link,
            link_url=links.url_of(visit.link),
            duties=items,
            nib_end=nib[-4:] if nib else None,
        )


@blueprint.route("/laporan/kode", methods=["GET", "POST"])
@access.link
@limiter.limit("30 per minute", methods=["POST"])
def code() -> ResponseReturnValue:
    """C1b: a code to the registered address before anybody already known is shown."""
    duty_id = request.values.get("next", "").partition(":")[0]
    with open_scene(duty_id) as scene:
        if scene.visit.verified:
            return redirect(_after_code(scene), 303)
        act = request.form.get("do")
        if act == "check":
            return _check_code(scene)
        if act == "other":
            if request.form.get("other") == "contact":
                return redirect(url_for("forms.code", next=request.form["next"], kontak=1), 303)
            return redirect(url_for("forms.choose", duty_id=duty_id), 303)
        if act == "contact":
            return _ask_for_contact(scene)
        if act == "send":
            codes.send(scene.session, scene.visit.link, key=settings().key("code"), now=scene.now)
            return redirect(url_for("forms.code", next=request.form["next"], terkirim=1), 303)
        if request.args.get("kontak"):
            return _contact_page(scene, {}, {})
        return _code_page(scene, {})


@blueprint.route("/laporan/<duty_id>/tanya", methods=["GET", "POST"])
@access.link
@limiter.limit("20 per hour", methods=["POST"])
def ask(duty_id: str) -> ResponseReturnValue:
    """ "Ada yang keliru? / Ajukan pertanyaan": pauses a duty that is open at once; needs no code."""
    with open_scene(duty_id) as scene:
        back = url_for("forms.duties")
        reasons = [(key, language.text(label)) for key, label in QUESTION_REASONS.items()]
        page = {"reasons": reasons, "title": scene.title, "back": back, "pauses": scene.duty.is_open}
        if request.method == "GET":
            typed = {"reason": request.args.get("reason")}
            return render_template("forms/ask.html", typed=typed, errors={}, summary=[], **page)
        reason, text = request.form.get("reason", ""), request.form.get("question", "").strip()
        errors = {}
        if reason not in QUESTION_REASONS:
            errors["reason"] = _("Please choose what it is about.")
        if reason in ("question", "other") and not text:
            errors["question"] = _("Please write your explanation or question.")
        if len(text) > (LongTextType().max_length or 5000):
            errors["question"] = _("Please write it shorter.")
        if errors:
            html = render_template("forms/ask.html", typed=request.form, **page, **error_page(errors))
            return make_response(html, 422)
        reference = request.form.get("reference_no", "").strip()[:60]
        made = requests.ask(
            scene.session, scene.duty, scene.visit.link, reason=reason, reference_no=reference, text=text, now=scene.now
        )
        return render_template("forms/asked.html", question=made, pauses=scene.duty.is_open)


@blueprint.post("/laporan/keluar")
@access.link
def leave() -> ResponseReturnValue:
    """ "Jangan simpan di perangkat ini": the visit ends and the device is forgotten."""
    with unit_of_work() as session:
        visit = visits.current(session, now=utcnow())
        if visit.device is not None:
            codes.forget(session, visit.device, now=utcnow())
    response = make_response(render_template("forms/left.html"))
    visits.end(response)
    return response


def masked_address(address: str | None) -> str | None:
    """ "hrd@pt-contoh.example" -> "h…@pt-contoh.example"."""
    if not address:
        return None
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _item(standing: standings.DutyStanding, today: Any) -> Item:
    duty, submission, receipt = standing.duty, standing.submission, standing.receipt
    done = submission is not None and not duty.is_open
    days = (duty.due_on - today).days
    if days > 0:
        left = ngettext("%(num)s day left", "%(num)s days left", days)
    elif days == 0:
        left = _("today")
    else:
        left = ngettext("%(num)s day late; you can still report", "%(num)s days late; you can still report", -days)
    action: str | None = None
    url = _start_url(duty)
    if duty.state in ("upcoming", "sent", "opened"):
        action = _("Start")
    elif duty.state in ("draft", "returned"):
        action = _("Continue") if duty.state == "draft" else _("See what to fix")
    elif standing.rest and duty.state in ("submitted", "accepted"):
        action, url = _("Send the rest"), url_for("forms.step", duty_id=duty.public_id, step="perbaiki")
    elif standing.correcting:
        action = _("Go on with the correction")
    return Item(
        duty=duty,
        title=title_of(duty),
        left=left,
        receipt=receipt if done else None,
        sent_at=submission.sent_at if submission else None,
        deferred=standing.rest if done else 0,
        action=action,
        url=url,
        may_nil=duty.state in ("upcoming", "sent", "opened"),
    )


def _start_url(duty: Duty) -> str:
    if duty.state == "returned":
        return url_for("forms.step", duty_id=duty.public_id, step="perbaiki")
    return url_for("forms.choose", duty_id=duty.public_id)


def _check_code(scene: Scene) -> ResponseReturnValue:
    link = scene.visit.link
    device = codes.check(scene.session, link, request.form.get("code", ""), key=settings().key("code"), now=scene.now)
    if device is None:
        words = _("That code does not fit or is no longer valid. Please look at the newest e-mail, or send a new code.")
        return _code_page(scene, {"code": words})
    verified = replace(scene.visit, device=device)
    response: Response = make_response(
        redirect(_after_code(Scene(scene.session, verified, scene.duty, scene.draft, scene.now)), 303)
    )
    visits.remember(response, device)
    return response


def _after_code(scene: Scene) -> str:
    """What the code was asked for, now done: the old list, a correction, or the draft."""
    purpose = request.values.get("next", "").partition(":")[2]
    if request.method == "POST" and purpose == "roster":
        return begin_roster(scene)
    if request.method == "POST" and purpose == "correct":
        newest = standings.newest_submission(scene.session, scene.duty)
        if newest is not None:
            scene.draft = submissions.reopen(scene.session, newest, scene.duty, scene.visit.link, now=scene.now)
            return resume_url(scene)
    return resume_url(scene) if scene.draft else url_for("forms.choose", duty_id=scene.duty.public_id)


def _code_page(scene: Scene, errors: dict[str, str]) -> ResponseReturnValue:
    page = render_template(
        "forms/code.html",
        address=masked_address(scene.visit.link.email),
        sent=bool(request.args.get("terkirim")) or bool(errors),
        next=request.values.get("next", ""),
        back=url_for("forms.choose", duty_id=scene.duty.public_id),
        **error_page(errors),
    )
    return make_response(page, 422 if errors else 200)


def _contact_page(scene: Scene, typed: Any, errors: dict[str, str]) -> ResponseReturnValue:
    page = render_template(
        "forms/new_contact.html",
        typed=typed,
        next=request.values.get("next", ""),
        back=url_for("forms.code", next=request.values.get("next", "")),
        **error_page(errors),
    )
    return make_response(page, 422 if errors else 200)


def _ask_for_contact(scene: Scene) -> ResponseReturnValue:
    asked = {key: QUESTIONS[key] for key in ("name", "position", "email", "phone")}
    asked["note"] = (LongTextType(), Label("Alasan", "Reason"), False)
    clean, errors = read_answers(asked)
    if errors:
        return _contact_page(scene, request.form, errors)
    requests.ask_for_contact(scene.session, scene.visit.link, scene.visit.company, clean, now=scene.now)
    return render_template("forms/requested.html")
