"""While a record is typed: which ones may be the same already, and why. Asked by script, read only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from admin.short_form import PREFIX
from app import policy
from app.database import unit_of_work
from app.queries import lists, twins
from app.queries.twins import Twin
from app.registry import Registry
from app.web import language
from app.web.session import current_actor

if TYPE_CHECKING:
    from admin.record_editing import RecordEditing


@dataclass(frozen=True, slots=True)
class Hint:
    """One record that may be the same: its name, its page, and why it is shown."""

    name: str
    url: str
    reasons: list[str]


def hear(view: RecordEditing) -> ResponseReturnValue:
    """The part of the page that names them; empty where there are none."""
    actor, registry = current_actor(), view.registry
    policy.require(actor, "list", registry)
    typed = {name.removeprefix(PREFIX): text for name, text in request.form.items()}
    with unit_of_work(write=False) as session:
        found = twins.find(session, registry, actor, typed, but=typed.get("_id"))
        return view.render("staff/_twins.html", hints=[_hint(registry, twin) for twin in found], registry=registry)


def _hint(registry: Registry, twin: Twin) -> Hint:
    label = twin.field.label.text(language.current())
    said = {
        "number": _("%(field)s is the same", field=label),
        "name": _("the name is the same but for its form of business, signs or order"),
        "like": _("the name is nearly the same (%(percent)s%%)", percent=twin.percent),
    }[twin.why]
    also = [_("%(field)s is the same", field=one.label.text(language.current())) for one in twin.agreeing]
    url = url_for(f"staff_{registry.key}.details_view", id=twin.row["public_id"])
    return Hint(lists.title(registry, twin.row), url, [said, *also])
