"""A record over time: its whole history, how it stood at a version, two versions side by side, going back to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlmodel import Session

from admin import cells, conflict_page, trash_pages
from admin.cells import Cell
from admin.history_events import Words, action_title
from admin.record_editing import RecordEditing
from app import policy, wording
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem
from app.domain.fields import Field, sections
from app.operations import reverting
from app.operations.merging import Merged
from app.queries import history, lists
from app.queries.keys import as_key
from app.queries.versions import Version, Versions
from app.registry import Registry
from app.web import language
from app.web.session import current_actor


@dataclass(frozen=True, slots=True)
class Side:
    """One version in words."""

    number: int
    at: str
    actor: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One field of two versions; `problem` why the old value cannot come back."""

    key: str
    label: str
    before: Cell
    after: Cell
    differs: bool
    writable: bool = False
    chosen: bool = True
    problem: str = ""


class HistoryPages(RecordEditing):
    """The part of a registry's view that looks back."""

    @expose("/history/")
    def history_view(self) -> ResponseReturnValue:
        """Every entry, narrowed by field, person and action; a page at a time."""
        actor, said = _reader(), language.current()
        asked = {name: request.args.get(name, "") for name in ("field", "person", "action")}
        before = request.args.get("before", type=as_key)
        with unit_of_work(write=False) as session:
            row = self._row(session, actor)
            found = history.page(
                session, self.registry, row, actor, before=before, name=asked["field"], person=asked["person"],
                action=asked["action"],
            )  # fmt: skip
            choices = history.choices(session, self.registry, row["public_id"], actor)
            kept = {name: text for name, text in asked.items() if text}
            return self.render(
                "staff/history.html",
                **self._about(row),
                events=Words(session, self.registry, actor, said, found.events).all(),
                asked=asked,
                narrowed=bool(kept),
                people=[(one, one) for one in choices.people],
                actions=[(one, action_title(one)) for one in choices.actions],
                fields=[(f.key, f.label.text(said)) for f in policy.fields(self.registry, actor) if not f.computed],
                may_revert=_may_revert(self.registry, actor, row),
                older=self._url("history_view", id=row["public_id"], before=found.next, **kept) if found.next else None,
                newest=self._url("history_view", id=row["public_id"], **kept) if before else None,
            )

    @expose("/version/")
    def version_view(self) -> ResponseReturnValue:
        """The record as it stood."""
        actor, said = _reader(), language.current()
        with unit_of_work(write=False) as session:
            versions = Versions(session, self.registry, self._asked(), actor)
            version = versions.at(_number("v"))[_number("v")]
            fields = [f for f in policy.fields(self.registry, actor) if not f.computed or f.listed]
            drawn = _Draw(session, self.registry, actor, [version])
            groups = [
                (heading.text(said) if heading else "", [drawn.cell(spec, version) for spec in members])
                for heading, members in sections(fields)
            ]
            return self.render(
                "staff/version.html",
                **self._about(self._row(session, actor)),
                side=_side(version),
                current=versions.current,
                groups=[
                    (heading, [c for c in some if c.text], [c.label for c in some if not c.text])
                    for heading, some in groups
                ],
                may_revert=version.number < versions.current and _may_revert(self.registry, actor, versions.row),
            )

    @expose("/compare/")
    def compare_view(self) -> ResponseReturnValue:
        """Any two versions side by side: what differs, or all."""
        actor = _reader()
        with unit_of_work(write=False) as session:
            versions = Versions(session, self.registry, self._asked(), actor)
            later = _number("b", versions.current)
            numbers = sorted({_number("a", max(1, later - 1)), later})
            found = versions.at(*numbers)
            before, after = found[numbers[0]], found[numbers[-1]]
            everything = "all" in request.args
            pairs = _pairs(session, self.registry, actor, before, after)
            return self.render(
                "staff/compare.html",
                **self._about(self._row(session, actor)),
                before=_side(before),
                after=_side(after),
                current=versions.current,
                pairs=[one for one in pairs if everything or one.differs],
                alike=sum(not one.differs for one in pairs),
                everything=everything,
                may_revert=before.number < versions.current and _may_revert(self.registry, actor, versions.row),
            )

    @expose("/revert/", methods=("GET", "POST"))
    def revert_view(self) -> ResponseReturnValue:
        """What going back would change (GET); going back (POST)."""
        actor = _reader()
        policy.require(actor, "update", self.registry)
        number = _number("to")
        if request.method == "GET":
            with unit_of_work(write=False) as session:
                wanted = [name for name in request.args.getlist("field") if name] or None
                return self._ask_to_revert(session, actor, number, wanted)
        wanted, seen = request.form.getlist("_field"), request.form.get("row_version", type=int)
        if seen is None:
            raise NotFound()
        with unit_of_work() as session:
            if not wanted:
                said = _("Please choose at least one field.")
                return self._ask_to_revert(session, actor, number, [], missing=said), 422
            merged = reverting.revert(
                session, self.registry, self._asked(), number, wanted, actor, now=utcnow(), seen=seen,
                compared=request.form.get("_seen", type=int), choices=conflict_page.choices(),
                reason=trash_pages.reason(),
            )  # fmt: skip
            if merged.outcome.action == "error":
                return self._ask_to_revert(session, actor, number, wanted, merged.outcome.problems), 422
            if merged.outcome.action == "conflict":
                return self._reverts_meet(session, actor, merged, seen), 409
        self._say(merged, number)
        return redirect(self._url("history_view", id=self._asked()))

    # ---- steps

    def _about(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "registry": self.registry,
            "row": row,
            "name": lists.title(self.registry, row),
            "url": lambda view, **values: self._url(view, id=row["public_id"], **values),
        }

    def _ask_to_revert(
        self,
        session: Session,
        actor: Actor,
        number: int,
        wanted: Sequence[str] | None,
        problems: Iterable[Problem] = (),
        missing: str = "",
    ) -> str:
        """The fields that would change, each to be left out; all of them are chosen at first, or those asked for."""
        found = reverting.look(session, self.registry, self._asked(), number, actor)
        said = {problem.field: self._sentence(problem) for problem in problems}
        now = Version(int(found.row["row_version"]), found.row, deleted=False)
        pairs = [
            Pair(one.key, one.label, one.after, one.before, True, True, wanted is None or one.key in wanted,
                 said.pop(one.key, ""))
            for one in _pairs(session, self.registry, actor, found.version, now) if one.key in found.names
        ]  # fmt: skip
        return self.render(
            "staff/revert.html",
            **self._about(self._row(session, actor)),
            side=_side(found.version),
            pairs=pairs,
            others=[*said.values(), *([missing] if missing else [])],
            seen=now.number,
            problem_count=len([one for one in pairs if one.problem]) + len(said) + bool(missing),
        )

    def _reverts_meet(self, session: Session, actor: Actor, merged: Merged, seen: int) -> str:
        row = self._row(session, actor)
        return self.render(
            "staff/conflict.html",
            **self._about(row),
            found=conflict_page.conflict(session, self.registry, actor, language.current(), merged, seen),
            typed=conflict_page.carried(request.form),
            action=self._url("revert_view", id=row["public_id"], to=_number("to")),
            back=self._url("history_view", id=row["public_id"]),
        )

    def _sentence(self, problem: Problem) -> str:
        spec = self.registry.fields.get(problem.field or "")
        return wording.sentence(problem, language.current(), spec.label if spec else None)

    def _say(self, merged: Merged, number: int) -> None:
        if merged.outcome.action == "same":
            flash(_("Nothing changed: the record already says so."), "warning")
        else:
            flash(_("Went back to version %(number)s.", number=wording.number(number, language.current())), "success")


def _reader() -> Actor:
    """Who did what stays in the office: for others there is no such page."""
    actor = current_actor()
    if not policy.sees(actor, "history"):
        raise NotFound()
    return actor


def _may_revert(registry: Registry, actor: Actor, row: Mapping[str, Any]) -> bool:
    return policy.may(actor, "update", registry) and row["deleted_at"] is None


def _number(name: str, usual: int | None = None) -> int:
    """A version in the address. Raises NotFound for what is none."""
    try:
        return as_key(request.args[name])
    except (KeyError, ValueError):
        if usual is None or request.args.get(name):
            raise NotFound() from None
        return usual


def _side(version: Version) -> Side:
    said = language.current()
    at = cells.instant(version.at, said) if version.at else ""
    return Side(version.number, at, cells.doer(version.actor, said), version.deleted)


class _Draw:
    def __init__(self, session: Session, registry: Registry, actor: Actor, versions: Sequence[Version]) -> None:
        self.language, self.masked = language.current(), policy.masked(registry, actor)
        self.labels = lists.labels(session, registry, [one.values for one in versions], actor)

    def cell(self, spec: Field, version: Version) -> Cell:
        value = version.values.get(spec.key)
        return cells.cell(spec, value, self.language, self.labels, masked=spec.key in self.masked)


def _pairs(session: Session, registry: Registry, actor: Actor, before: Version, after: Version) -> list[Pair]:
    """All fields the actor may read; whether two masked values differ is told, what they are is not."""
    drawn = _Draw(session, registry, actor, [before, after])
    writable = {f.key for f in policy.fields(registry, actor, "update")}
    return [
        Pair(
            key=spec.key,
            label=spec.label.text(drawn.language),
            before=drawn.cell(spec, before),
            after=drawn.cell(spec, after),
            differs=before.values.get(spec.key) != after.values.get(spec.key),
            writable=spec.key in writable and not spec.computed,
        )
        for spec in policy.fields(registry, actor)
    ]
