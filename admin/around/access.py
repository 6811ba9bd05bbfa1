"""Who may see this record, in words: as the policy has it now, and who looked at what is masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from admin import cells
from app.domain.fields import Sensitivity
from app.queries import sight
from app.queries.keys import fetch
from app.queries.sight import Extent, Look, RoleSight
from app.registry import get

if TYPE_CHECKING:
    from admin.around.tabs import TabbedPage


@dataclass(frozen=True, slots=True)
class Role:
    """`classes` are (heading, words, extent) in the order of the headings; empty where the role does not see it."""

    title: str
    classes: Sequence[tuple[str, str, Extent]]
    rights: str


@dataclass(frozen=True, slots=True)
class Looked:
    at: str
    who: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Access:
    """`agencies` are (name, address); `looked` is None for those who may not know."""

    headings: list[str]
    roles: list[Role]
    without: list[str]
    agencies: list[tuple[str, str]]
    looked: list[Looked] | None


def of(page: TabbedPage) -> Access:
    found = sight.roles(page.session, page.registry, page.row)
    classes = list(found[0].classes) if found else []
    titles = class_titles()
    logged = page.history_open
    return Access(
        headings=[titles[one] for one in classes],
        roles=[_role(one, titles, page.language) for one in found if one.row],
        without=[one.title.text(page.language) for one in found if not one.row],
        agencies=[
            (name, page.open_url("agency", public_id))
            for name, public_id in sight.agencies(page.session, page.registry, page.row)
        ],
        looked=[_look(one, page.language) for one in _looks(page)] if logged else None,
    )


def class_titles() -> dict[Sensitivity, str]:
    return {
        "public": _("Public"),
        "internal": _("Internal"),
        "personal": _("Personal"),
        "specific": _("Specific personal"),
    }


def _role(one: RoleSight, titles: dict[Sensitivity, str], language: str) -> Role:
    said = {
        "plain": _("sees all"),
        "masked": _("sees, numbers as dots"),
        "partly": _("sees part of it"),
        "hidden": _("sees nothing"),
    }
    rights = [text for text, has in ((_("may change"), one.writes), (_("may show dots"), one.reveals)) if has]
    return Role(
        one.title.text(language),
        [(titles[class_], said[extent], extent) for class_, extent in one.classes.items()],
        ", ".join(rights) or _("reads only"),
    )


def _looks(page: TabbedPage) -> list[Look]:
    """Of this record and of the rows edited on its form: passports and permits are where numbers are masked."""
    records = {page.registry.key: [page.public_id]}
    for one in page.registry.inlines:
        if any(f.masked for f in one.registry.fields.values()):
            table = one.registry.table
            rows = fetch(page.session, table, table.c[one.field], [page.row["id"]])
            records[one.registry.key] = [row["public_id"] for row in rows]
    return sight.looks(page.session, records, page.actor)


def _look(one: Look, language: str) -> Looked:
    registry = get(one.entity)
    spec = registry.fields.get(one.field)
    what = (
        f"{registry.singular.text(language)}: {spec.label.text(language)}" if spec else registry.singular.text(language)
    )
    return Looked(cells.instant(one.at, language), one.who, what, one.reason or "")
