"""What the office says about itself: one screen for every group of settings, made from its declaration."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from admin.report_view import moment
from admin.setting_page import SettingPage
from admin.views.mail import state_title
from app import wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.errors import EditConflict, NotFound
from app.domain.messages import OPEN_STATES
from app.models.outbox_message import OutboxMessage
from app.operations import office
from app.queries import office as stored
from app.registry import SettingGroup, setting_groups
from app.web import access, language
from app.web.session import current_account, current_actor

blueprint = Blueprint("staff_settings", __name__)
View = Callable[[], ResponseReturnValue]


def _screen(group: SettingGroup) -> tuple[View, View]:
    """The page of a group, and saving it."""

    def page() -> ResponseReturnValue:
        with unit_of_work(write=False) as session:
            return _page(session, SettingPage(session, group, current_actor(), language.current()))

    def save() -> ResponseReturnValue:
        actor, code, sentence = current_actor(), 422, ""
        with unit_of_work() as session:
            shown = SettingPage(session, group, actor, language.current(), typed=request.form)
            try:
                saved = office.save(
                    session, group, shown.values(), actor, now=utcnow(), settings=settings.environment(),
                    expected=request.form.get("version", type=int), picture=_picture(), cleared=shown.cleared,
                )  # fmt: skip
            except EditConflict as conflict:
                code, sentence = conflict.status, wording.sentence(conflict, language.current())
                saved = office.Saved()
            if not saved.problems and not sentence:
                session.flush()
                changed = len(saved.changed)
            else:
                shown.refuse(saved.problems, sentence)
                return _page(session, shown), code
        with unit_of_work(write=False) as session:
            stored.refresh(session)
        flash(_("Saved. It holds from now on.") if changed else _("Nothing is different from what stands."), "success")
        return redirect(url_for(f".{group.key}"))

    reading, writing = sorted(group.read), sorted(group.write)
    fresh = access.fresh_if(bool(group.secrets))
    return fresh(access.staff_required(*reading)(page)), fresh(access.staff_required(*writing)(save))


for _key, _group in setting_groups().items():
    _show, _save = _screen(_group)
    blueprint.add_url_rule(f"/{_key}", _key, _show, methods=["GET"])
    blueprint.add_url_rule(f"/{_key}", f"save_{_key}", _save, methods=["POST"])


@blueprint.post("/mail/test")
@access.staff_required(*sorted(setting_groups()["mail"].write))
@access.fresh
def try_mail() -> ResponseReturnValue:
    """Send a message to the person who asks, through the same ledger as every other."""
    account = current_account()
    if account is None:
        raise NotFound()
    nonce = request.form.get("nonce", "")[:40] or secrets.token_hex(8)
    with unit_of_work() as session:
        to, said = account.user.email, account.user.language
        office.try_mail(session, current_actor(), to, language=said, nonce=nonce, now=utcnow())
        message = session.exec(select(OutboxMessage).where(col(OutboxMessage.dedupe_key) == f"test:{nonce}")).one()
        asked = message.public_id
    return redirect(url_for(".mail", test=asked) + "#test")


@blueprint.get("/mail/test/<public_id>")
@access.staff_required(*sorted(setting_groups()["mail"].read))
def mail_test(public_id: str) -> ResponseReturnValue:
    """How the test stands, for the page that waits for it."""
    with unit_of_work(write=False) as session:
        tested = _tested(session, public_id)
        if tested is None:
            raise NotFound()
        return render_template("staff/_mail_test.html", test=tested)


def _page(session: Session, shown: SettingPage) -> str:
    return render_template(
        "staff/settings.html",
        page=shown,
        group=shown.group,
        problem_count=len(shown.summary) + len(shown.others),
        test=_tested(session, request.args.get("test", "")) if shown.group.key == "mail" else None,
        nonce=secrets.token_hex(8),
        me=current_account(),
    )


def _tested(session: Session, public_id: str) -> dict[str, Any] | None:
    """A test message as the page tells it: where to, how far, what the mail server said."""
    query = select(OutboxMessage).where(col(OutboxMessage.public_id) == public_id, col(OutboxMessage.kind) == "test")
    message = session.exec(query).first() if public_id else None
    if message is None:
        return None
    tone = {"accepted": "good", "failed": "bad", "held": "bad", "suppressed": "bad", "expired": "bad"}
    said = message.last_error or (f"{message.smtp_code} {message.enhanced or ''}".strip() if message.smtp_code else "")
    return {
        "id": public_id,
        "to": message.to_address,
        "state": state_title(message.state),
        "open": message.state in OPEN_STATES - {"held"},
        "tone": tone.get(message.state, "warn" if said else "info"),
        "said": said,
        "at": moment(message.settled_at or message.queued_at, language.current()),
        "url": url_for("staff_mail.show", public_id=public_id),
    }


def _picture() -> bytes | None:
    """The first file of the form; one byte more than is taken, so that a larger one is refused and never read whole."""
    from app.domain.pictures import MOST_BYTES

    for file in request.files.values():
        raw = file.stream.read(MOST_BYTES + 1)
        if raw:
            return raw
    return None
