"""One try at a password or a code that was typed: counted, looked at, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.operations import proofs
from app.queries.accounts import Account
from app.web import language
from app.wording import moment


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it was right; `until` when to wait, where it was wrong too often; `last` where this was the last try."""

    right: bool
    until: datetime | None = None
    last: bool = False


def attempt(account: Account, look: Callable[[], bool], *, session_id: str | None = None) -> Outcome:
    """Count, then look. Right: the browser `session_id` is fresh. Wrong for the fifth time: it is out."""
    now = utcnow()
    with unit_of_work() as database:
        until = proofs.take_try(database, account, now)
    if until is not None:
        return Outcome(False, until)
    right = look()
    with unit_of_work() as database:
        if right:
            proofs.succeeded(database, account, now, session_id=session_id)
            return Outcome(True)
        until = proofs.failed(database, account, now, session_id=session_id)
    return Outcome(False, until, last=until is not None)


def too_often(until: datetime) -> str:
    """The sentence for somebody who has to wait."""
    settings: Settings = current_app.extensions["settings"]
    when = moment(until, settings.office_time_zone, language.current())
    return _("That was wrong too often. Please try again after %(time)s.", time=when)
