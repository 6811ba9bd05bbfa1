"""What can be done with one record besides editing it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from admin.record_page import RecordPage
from admin.views.accounts import MANAGERS
from admin.views.links import ISSUERS
from app import policy


@dataclass(frozen=True, slots=True)
class Act:
    title: str
    url: str
    icon: str


def record_actions(page: RecordPage) -> list[Act]:
    """The buttons of a record's page, for this person."""
    if page.registry.key == "company" and not page.deleted and _may_issue(page):
        return [Act(_("Report links"), url_for("staff_links.index", public_id=page.public_id), "link")]
    if page.registry.key == "user" and not page.deleted and page.actor.roles & set(MANAGERS):
        return [Act(_("Ways in"), url_for("staff_accounts.index", public_id=page.public_id), "user-cog")]
    if page.registry.key == "message_template":
        return _of_template(page)
    return []


def _of_template(page: RecordPage) -> list[Act]:
    acts = []
    if policy.sees(page.actor, "mail"):
        acts.append(Act(_("Preview"), url_for("staff_letters.show", public_id=page.public_id), "eye"))
    if policy.may(page.actor, "create", page.registry):
        url = url_for("staff_message_template.create_view", of=page.public_id)
        acts.append(Act(_("New version from this"), url, "copy"))
    return acts


def _may_issue(page: RecordPage) -> bool:
    return bool(page.actor.roles & set(ISSUERS))
