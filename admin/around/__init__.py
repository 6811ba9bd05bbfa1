"""The pages of a company and of a person: everything around them on one address, one tab at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from admin.around.company import CompanyPage
from admin.around.person import PersonPage
from admin.around.tabs import TabbedPage
from admin.record_page import RecordPage
from app.domain.actors import Actor
from app.registry import Registry

PAGES: dict[str, type[TabbedPage]] = {"company": CompanyPage, "foreign_national": PersonPage}


def page_of(
    session: Session,
    registry: Registry,
    actor: Actor,
    public_id: str,
    language: str,
    revealed: Mapping[str, Any] | None = None,
    *,
    asked: Mapping[str, str],
    now: datetime,
) -> RecordPage:
    """The page of a record: in tabs where its registry has such a page, else the common one. Raises NotFound."""
    made = PAGES.get(registry.key)
    if made is None:
        return RecordPage(session, registry, actor, public_id, language, revealed)
    return made(session, registry, actor, public_id, language, revealed, asked=asked, now=now)
