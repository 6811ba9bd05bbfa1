"""S0: what waits for the person who looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from admin.views.inbox import ACCEPTERS, READERS, RETURNERS, calendar_of, is_late, since
from admin.views.requests import DECIDERS, asked, open_questions
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import backup
from app.operations.submissions import review_by
from app.queries import grants, outbox, submissions
from app.web import language
from app.web.session import current_actor

SHOWN = 30
OWN_RAISES_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, for whom, since when, until when."""

    title: str
    company: str
    since: str
    due: str
    late: bool
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tile:
    title: str
    count: int
    url: str
    late: int = 0


class HomeView(BaseView):
    """The first page of the staff door."""

    def __init__(self) -> None:
        super().__init__(name="Home", endpoint="admin", url="/staff")

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # as in RegistryView: never twice

    @expose("/")
    def index(self) -> str:
        """Yang menunggu saya: only what this person can act on, the late first."""
        actor = current_actor()
        with unit_of_work(write=False) as session:
            reports = _reports(session, actor) if actor.roles & {*ACCEPTERS, *RETURNERS} else []
            asks = _requests(session, actor) if actor.roles & set(DECIDERS) else []
            tasks = sorted([*reports, *asks], key=lambda task: (not task.late, task.at))
            tiles = _tiles(session, actor, reports, asks)
            own_rights = _own_rights(session, actor)
        return str(
            self.render(
                "staff/home.html",
                total=len(tasks),
                tiles=tiles,
                tasks=tasks[:SHOWN],
                own_rights=own_rights,
                facts=_facts(actor),
                inbox_url=url_for("staff_inbox.index") if actor.roles & set(READERS) else None,
            )
        )


def _reports(session: Session, actor: Actor) -> list[Task]:
    language_ = language.current()
    found = submissions.inbox(session, actor, states=("submitted",), limit=200).rows
    work = calendar_of(session, found)
    return [
        Task(
            title=_("Review report %(code)s", code=row.submission.code),
            company=row.company.legal_name,
            since=since(row.submission.sent_at, language_),
            due=wording.short_date(review_by(row.submission, work), language_),
            late=is_late(row, work),
            url=url_for("staff_inbox.show", public_id=row.submission.public_id),
            at=row.submission.sent_at,
        )
        for row in found
    ]


def _requests(session: Session, actor: Actor) -> list[Task]:
    url = url_for("staff_requests.index")
    made = [
        Task(
            q["reason"],
            q["company"].legal_name,
            q["since"],
            q["due"],
            q["late"],
            f"{url}#question-{q['one'].public_id}",
            q["one"].created_at,
        )
        for q in open_questions(session, actor)
    ]
    made += [
        Task(r["kind"], r["one"].company_name, r["since"], "", False, url, r["one"].created_at)
        for r in asked(session, actor)
    ]
    return made


def _tiles(session: Session, actor: Actor, reports: list[Task], asks: list[Task]) -> list[Tile]:
    tiles = []
    if reports or actor.roles & {*ACCEPTERS, *RETURNERS}:
        late = sum(task.late for task in reports)
        tiles.append(Tile(_("Reports to review"), len(reports), url_for("staff_inbox.index"), late))
    if actor.roles & set(DECIDERS):
        late = sum(task.late for task in asks)
        tiles.append(Tile(_("Requests and questions"), len(asks), url_for("staff_requests.index"), late))
    if actor.roles & set(READERS):
        returned = submissions.counts(session, actor).get("needs_fix", 0)
        tiles.append(Tile(_("With companies for correction"), returned, url_for("staff_inbox.index", tab="fix")))
    mail = outbox.counts(session, actor)
    trouble = mail["failed"] + mail["held"] + mail["uncertain"]
    if "admin" in actor.roles or "secretariat" in actor.roles:
        tiles.append(
            Tile(
                _("Messages in trouble"),
                trouble,
                url_for("staff_mail.index", state="failed" if mail["failed"] else "held"),
            )
        )
    return tiles


def _own_rights(session: Session, actor: Actor) -> list[str]:
    """Who gave more rights to themselves in the last thirty days, for those who watch over it."""
    if not policy.sees(actor, "rights"):
        return []
    found = grants.own_raises(session, utcnow() - OWN_RAISES_SHOWN)
    told = [(one.actor, wording.moment(one.at, settings().office_time_zone, language.current())) for one in found]
    return [
        _("%(name)s changed their own rights on %(at)s.", name=name, at=at)
        for name, at in list(dict.fromkeys(told))[:3]
    ]


def _facts(actor: Actor) -> list[str]:
    """How old the last nightly copy is, for those who can do something about it."""
    known = settings()
    if not actor.roles & {"admin", "head", "division_head"} or known.demo:
        return []
    age = backup.backup_age(known, now=utcnow())
    if age is None:
        return [_("There is no backup copy yet. Please ask the administrator to choose a folder for the nightly copy.")]
    hours = int(age.total_seconds() // 3600)
    return [ngettext("The last backup copy is %(num)s hour old.", "The last backup copy is %(num)s hours old.", hours)]
