"""What every step of the journey stands on: visit, duty, draft, the clock; and where a step leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for
from flask_babel import gettext as _
from sqlmodel import Session

from app import wording
from app.database import unit_of_work, utcnow
from app.models.draft import Draft
from app.models.duty import Duty
from app.operations import drafts, roster
from app.queries import duties as standings
from app.registry import forms
from app.web import language, next_page
from forms import visit as visits
from forms import words
from forms.visit import Visit

PAGE_ROWS = 50
_WITHOUT_DRAFT = frozenset({"tempel", "unggah", "orang"})


@dataclass(slots=True)
class Scene:
    """One request of one company about one duty."""

    session: Session
    visit: Visit
    duty: Duty
    draft: Draft | None
    now: datetime

    @property
    def today(self) -> date:
        return words.office_date(self.now)

    @property
    def data(self) -> drafts.Data:
        return self.draft.data if self.draft else drafts.empty()

    @property
    def title(self) -> str:
        return title_of(self.duty)

    @property
    def must_verify(self) -> bool:
        """Data of people already known are in the draft, and this browser has not given the code."""
        return bool(self.data.get("guarded")) and not self.visit.verified

    @property
    def code_url(self) -> str:
        return self.code_for("draft")

    def code_for(self, purpose: str) -> str:
        """The page that asks for the code, and what follows it: "draft", "roster" or "correct"."""
        return url_for("forms.code", next=f"{self.duty.public_id}:{purpose}")

    def begin(self) -> Draft:
        """The draft, begun when there is none."""
        if self.draft is None:
            self.draft = drafts.open_(self.session, self.duty, self.visit.link, now=self.now)
        return self.draft

    def keep(self, data: drafts.Data, *, version: int | None = None) -> Draft:
        return drafts.save(self.session, self.begin(), data, now=self.now, version=version)

    def put_aside(self) -> None:
        """Leave the draft; where it has people, it can be taken up again."""
        if self.draft is not None and self.draft.data["rows"]:
            drafts.discard(self.session, self.draft, now=self.now)
            self.draft = None

    def to(self, step: str, **arguments: Any) -> str:
        return url_for("forms.step", duty_id=self.duty.public_id, step=step, **arguments)

    @property
    def heading(self) -> str:
        """What is being filled in, and which sent report it corrects or continues."""
        if code := self.data.get("adds_to"):
            return _("%(title)s, continuation of %(code)s", title=self.title, code=code)
        code = self.data.get("corrects")
        return _("%(title)s, correction of %(code)s", title=self.title, code=code) if code else self.title

    def page(self, **more: Any) -> dict[str, Any]:
        """What every template of a step needs."""
        return {
            "duty": self.duty,
            "draft": self.draft,
            "company": self.visit.company,
            "link": self.visit.link,
            "title": self.heading,
            "back": url_for("forms.choose", duty_id=self.duty.public_id),
            "errors": {},
            "summary": [],
            "problem_count": len(more.get("summary", ())),
        } | more


@contextmanager
def open_scene(duty_id: str, *, write: bool | None = None) -> Iterator[Scene]:
    """The scene of this request; reading for GET, writing for POST. Raises VisitEnded, NotFound."""
    now = utcnow()
    with unit_of_work(write=request.method == "POST" if write is None else write) as session:
        visit, duty, draft = visits.at_duty(session, duty_id, now=now)
        yield Scene(session, visit, duty, draft, now)


def title_of(duty: Duty) -> str:
    form = forms().get(duty.form)
    name = language.text(form.title) if form else duty.form
    return f"{name} {wording.period_name(duty.period, language.current())}"


def not_here(scene: Scene, step: str) -> str | None:
    """Where somebody goes who cannot be at this step: to the code, to the receipt, to the beginning."""
    if scene.must_verify:
        return scene.code_url
    if scene.draft is not None or step in _WITHOUT_DRAFT:
        return None
    newest = standings.newest_submission(scene.session, scene.duty)
    if newest is not None:
        return url_for("forms.receipt", code=newest.code)
    return url_for("forms.choose", duty_id=scene.duty.public_id)


def led_to(scene: Scene) -> str | None:
    """Where a button that stands for a link leads, once what was typed is kept: to a page of this very report."""
    way, home = next_page.safe(request.form.get("go")), url_for("forms.choose", duty_id=scene.duty.public_id)
    path, here = urlsplit(way).path, urlsplit(home).path  # a link may carry the language of its page
    return way if path == here or path.startswith(f"{here}/") else None


def typed_version() -> int | None:
    """row_version of the draft a page was made from."""
    return typed_number(request.form.get("version", "")) or None


def typed_number(raw: str) -> int | None:
    """A row, page or version as an address or a form names it; None for what is no such number ("²", a thousand 9s)."""
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None


def resume_url(scene: Scene) -> str:
    """Where a draft goes on."""
    data = scene.data
    if data["mode"] == "nil":
        return scene.to("periksa")
    if not data["rows"]:
        return url_for("forms.choose", duty_id=scene.duty.public_id)
    if data["mode"] in ("upload", "paste") or data["returned"]:
        return scene.to("perbaiki")
    return scene.to("daftar")


def begin_roster(scene: Scene) -> str:
    """Go through the old list, or on with it; the code was given."""
    data = scene.data
    if data["mode"] != "roster" or not data["rows"]:
        scene.put_aside()
        data = drafts.empty()
        roster.prefill(scene.session, data, scene.visit.company.id or 0)
        scene.keep(data)
    return scene.to("daftar")


def visit_url(scene: Scene, row: drafts.Row) -> str:
    """The page of one person of the old list: the day of leaving, or what changed."""
    return scene.to("orang", n=row["n"], bagian=4 if row["cells"].get("change") == "keluar" else 1)


@dataclass(frozen=True, slots=True)
class Pages:
    """Page numbers of a long list."""

    current: int
    count: int
    step_url: str

    def url(self, page: int) -> str:
        joiner = "&" if "?" in self.step_url else "?"
        return f"{self.step_url}{joiner}halaman={page}"


def paged(rows: list[Any], step_url: str) -> tuple[list[Any], Pages]:
    """One page of rows, by `?halaman=`."""
    count = max(1, -(-len(rows) // PAGE_ROWS))
    current = min(max(typed_number(request.args.get("halaman", "")) or 1, 1), count)
    return rows[(current - 1) * PAGE_ROWS : current * PAGE_ROWS], Pages(current, count, step_url)
