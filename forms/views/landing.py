"""A link opened, exchanged or gone; and the open page for companies that got none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import unit_of_work, utcnow
from app.domain.errors import LinkGone, NotFound, Problem
from app.domain.fields import Label
from app.domain.semantic import Invalid, SemanticType
from app.domain.types import EmailType, LegalNameType, NibType, PersonNameType, PhoneType, TextType
from app.extensions import limiter
from app.operations import links, requests
from app.web import access, language
from app.wording import sentence
from forms import visit as visits
from forms.blueprint import blueprint

QUESTIONS: Mapping[str, tuple[SemanticType, Label, bool]] = {
    "company_name": (LegalNameType(), Label("Nama perusahaan", "Company name"), True),
    "nib": (NibType(), Label("NIB", "NIB"), False),
    "name": (PersonNameType(), Label("Nama Anda", "Your name"), True),
    "position": (TextType(), Label("Jabatan", "Position"), True),
    "email": (EmailType(), Label("E-mail", "E-mail"), True),
    "phone": (PhoneType(), Label("Telepon atau WhatsApp", "Phone or WhatsApp"), False),
}


@blueprint.route("/t/<token>", methods=["GET", "POST"])
@access.public
@limiter.limit("300 per minute; 3000 per hour")  # offices and scanners share an address; guessing is hopeless anyway
def landing(token: str) -> ResponseReturnValue:
    """GET shows a page without data, however often it is opened; POST exchanges the token or asks for a new one."""
    now = utcnow()
    if request.method == "POST" and request.form.get("do") == "renew":
        with unit_of_work() as session:
            links.renew(session, token, now=now)
        return render_template("forms/renewed.html")
    try:
        if request.method == "POST":
            with unit_of_work() as session:
                link = links.find(session, token, now=now)
                links.exchange(session, link, now=now)
            response = make_response(redirect(url_for("forms.duties"), 303))
            visits.begin(response, link, now=now)
            return response
        with unit_of_work(write=False) as session:
            language.prefer(links.find(session, token, now=now).language)
    except LinkGone as gone:
        return render_template("forms/gone.html", **gone.params), 410
    except NotFound:
        return render_template("forms/unknown.html"), 404
    return render_template("forms/landing.html")


@blueprint.route("/lapor", methods=["GET", "POST"])
@access.public
@limiter.limit("10 per minute; 40 per hour", methods=["POST"])
def no_link() -> ResponseReturnValue:
    """ "Perusahaan kami belum menerima tautan": the answer is the same for every company."""
    if request.method == "GET":
        return render_template("forms/request_link.html", typed={}, errors={}, summary=[])
    clean, errors = read_answers(QUESTIONS)
    if errors:
        page = render_template("forms/request_link.html", typed=request.form, **error_page(errors))
        return make_response(page, 422)
    with unit_of_work() as session:
        kept = requests.ask_for_link(session, clean, now=utcnow())
    if kept is None:
        errors = {"email": _("Several requests came from this address today. Please go on tomorrow, or call us.")}
        page = render_template("forms/request_link.html", typed=request.form, **error_page(errors))
        return make_response(page, 429)
    return render_template("forms/requested.html")


def read_answers(
    questions: Mapping[str, tuple[SemanticType, Label, bool]],
) -> tuple[dict[str, str | None], dict[str, str]]:
    """(clean answers, words of errors) of a small form whose questions are typed fields."""
    clean: dict[str, str | None] = {}
    errors: dict[str, str] = {}
    for name, (kind, label, required) in questions.items():
        typed = request.form.get(name, "").strip()
        if not typed:
            clean[name] = None
            if required:
                errors[name] = sentence(Problem("required", field=name), language.current(), label)
            continue
        try:
            clean[name] = str(kind.parse(typed))
        except Invalid as no:
            problem = Problem(no.code, field=name, value=typed, suggestion=no.suggestion, params=no.params)
            errors[name] = sentence(problem, language.current(), label)
    return clean, errors


def error_page(errors: Mapping[str, str]) -> dict[str, Any]:
    """What a page with errors passes to its template."""
    return {"errors": errors, "summary": list(errors.items()), "problem_count": len(errors)}
