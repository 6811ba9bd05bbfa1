"""Into the trash and out of it: the page that says what goes along, what stays, what forbids; and the acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from admin import cells
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.operations import trash
from app.queries import hanging, lists, trashed
from app.queries.hanging import Pointing
from app.registry import Registry, get, setting_groups
from app.web import language


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing that hangs on the chosen records, in words. `links` are (name, address) of the first."""

    title: str
    count: str
    links: list[tuple[str, str]] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """What moving records to the trash means."""

    along: list[Line]
    asking: list[Line]
    blocking: list[Line]
    refusals: list[str]

    @property
    def forbidden(self) -> bool:
        """Whether not all of them may go."""
        return bool(self.blocking or self.refusals)


def departure(session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor) -> Departure:
    """What hangs on these records, in the language of the page."""
    tree = hanging.tree(session, registry, rows)
    others = [why for root, why in trash.forbidden(session, tree, actor).items() if root not in tree.blocked]
    said = language.current()
    return Departure(
        along=[
            _line(session, actor, get(key).title.text(said), len(some), get(key), list(some.values()))
            for key, some in tree.along.items()
        ],
        asking=[_pointing(session, actor, one) for one in tree.asking],
        blocking=[_pointing(session, actor, one) for one in tree.blocking],
        refusals=list(dict.fromkeys(wording.sentence(problem, said) for problem in others)),
    )


def ask(
    registry: Registry, public_id: str, actor: Actor, back: str, refused: Refused | None = None
) -> ResponseReturnValue:
    """The page that asks; with what forbids it, and then without a button."""
    with unit_of_work(write=False) as session:
        row = lists.one(session, registry, actor, public_id)
        if row is None:
            raise NotFound()
        found = departure(session, registry, [row], actor)
        if refused is not None and not found.forbidden:
            found = replace(found, refusals=[wording.sentence(refused, language.current())])
        page = render_template(
            "staff/confirm_delete.html",
            registry=registry,
            public_id=public_id,
            name=lists.title(registry, row),
            found=found,
            back=back,
        )
    return page, 409 if request.method == "POST" else 200


def delete(registry: Registry, public_id: str, actor: Actor, back: str) -> ResponseReturnValue:
    """Move it; what forbids it is said on the page that asks."""
    try:
        with unit_of_work() as session:
            moved = trash.delete(session, registry, [public_id], actor, now=utcnow(), reason=reason())
    except NotFound:
        raise
    except Refused as refused:
        return ask(registry, public_id, actor, back, refused)
    flash(" ".join(filter(None, (_("Moved to the trash."), _along(moved)))), "success")
    return redirect(back)


def restore(registry: Registry, public_id: str, actor: Actor) -> ResponseReturnValue:
    """Bring it back with what went along; while its owner is in the trash it stays, and why is said."""
    with unit_of_work() as session:
        moved = trash.restore(session, registry, [public_id], actor, now=utcnow(), reason=reason(), partial=True)
    for _id, why in moved.refused:
        flash(wording.sentence(why, language.current()), "warning")
    if moved.count:
        flash(" ".join(filter(None, (_("Restored."), _along(moved)))), "success")
    elif not moved.refused:
        flash(_("Nothing to restore: a colleague was faster."), "warning")
    return redirect(url_for(f"staff_{registry.key}.details_view", id=public_id))


def reason() -> str | None:
    """Why, as typed in the optional box of a form."""
    return request.form.get("_reason", "").strip()[:500] or None


def _along(moved: trash.Moved) -> str:
    said = language.current()
    parts = [f"{get(key).title.text(said)} {wording.number(count, said)}" for key, count in moved.along.items()]
    return _("Together with it: %(parts)s.", parts=", ".join(parts)) if parts else ""


def _pointing(session: Session, actor: Actor, one: Pointing) -> Line:
    said = language.current()
    title = one.title.text(said)
    if one.field is not None and one.registry is not None:
        title = f"{title} ({one.field.label.text(said)})"
    return _line(session, actor, title, one.count, one.registry, one.samples)


def _line(
    session: Session, actor: Actor, title: str, count: int, registry: Registry | None, rows: Sequence[Any]
) -> Line:
    links: list[tuple[str, str]] = []
    if registry is not None and policy.may(actor, "read", registry):
        shown = lists.named(session, registry, {row["id"] for row in rows[: hanging.SAMPLES]}, actor)
        links = [
            (_called(registry, name), url_for(f"staff_{registry.key}.details_view", id=id_))
            for name, id_ in shown.values()
        ]
    return Line(title, wording.number(count, language.current()), links, more=0 < len(links) < count)


def _called(registry: Registry, name: str) -> str:
    """What has a number for a name is a row of a register: a bare number would read as a count."""
    return _("row %(num)s", num=name) if registry.fields[registry.label_field].type.python is int else name


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record in the trash, in words: since when, by whom, why, with what, until when."""

    at: str
    who: str
    reason: str
    along: str
    owner: tuple[str, str] | None  # (name, address) of what it went with
    until: str


def waiting(
    session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor
) -> dict[str, Waiting]:
    """By public id."""
    said = language.current()
    made = {}
    for public_id, one in trashed.trashed(session, registry, rows, actor, settings()).items():
        parts = [f"{get(key).title.text(said)} {wording.number(count, said)}" for key, count in one.along.items()]
        owner = None
        if one.owner:
            target, id_, name = one.owner
            owner = (name, url_for(f"staff_{target.key}.details_view", id=id_))
        made[public_id] = Waiting(
            at=cells.instant(one.at, said),
            who=one.who,
            reason=cells.reason(one.reason, said),
            along=", ".join(parts),
            owner=owner,
            until=wording.short_date(one.until, said) if one.until else "",
        )
    return made


@dataclass(frozen=True, slots=True)
class Retention:
    """What the office decided for the class of data; `url` leads to where it is decided, for those who may."""

    sentence: str
    warns: bool
    url: str | None


def retention(registry: Registry, actor: Actor) -> Retention:
    """How long records of this registry wait, in a sentence."""
    wait = trashed.days(registry, settings())
    class_ = {
        "public": _("public"),
        "internal": _("internal"),
        "personal": _("personal"),
        "specific": _("specific personal"),
    }[registry.sensitivity]
    url = url_for("staff_settings.retention") if actor.roles & setting_groups()["retention"].write else None
    if not wait:
        return Retention(
            _(
                "Class of data: %(name)s. No retention period is set for it: what is here is kept for ever.",
                name=class_,
            ),
            True,
            url,
        )
    number = wording.number(wait, language.current())
    return Retention(
        _("Class of data: %(name)s. What is here is removed for good after %(days)s days, at night; what still is "
          "referred to stays.", name=class_, days=number), False, url,
    )  # fmt: skip
