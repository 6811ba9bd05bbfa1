"""What can be done with one record besides editing it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from admin.record_page import RecordPage
from admin.views.links import ISSUERS


@dataclass(frozen=True, slots=True)
class Act:
    title: str
    url: str
    icon: str


def record_actions(page: RecordPage) -> list[Act]:
    """The buttons of a record's page, for this person."""
    if page.registry.key == "company" and not page.deleted and _may_issue(page):
        return [Act(_("Report links"), url_for("staff_links.index", public_id=page.public_id), "link")]
    return []


def _may_issue(page: RecordPage) -> bool:
    return bool(page.actor.roles & set(ISSUERS))
