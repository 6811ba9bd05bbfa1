"""Everything one request of a company stands on, in one question to the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import load_only
from sqlmodel import Session, col

from app.models.company import Company
from app.models.device import Device
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.form_link import FormLink


@dataclass(frozen=True, slots=True)
class Standing:
    """`duty` is one of the link's own company, `draft` its open one, `device` one that belongs to this very link."""

    link: FormLink
    company: Company
    duty: Duty | None
    draft: Draft | None
    device: Device | None


def load(session: Session, link: str, duty: str | None = None, device: str | None = None) -> Standing | None:
    """By public ids; None when there is no such link."""
    found = session.execute(_QUERY, {"link": link, "duty": duty, "device": device}).first()
    return Standing(*found) if found else None


# Built once: putting it together costs more than running it.
_QUERY = (
    select(FormLink, Company, Duty, Draft, Device)
    .join(Company, col(Company.id) == col(FormLink.company_id))
    .outerjoin(Duty, and_(col(Duty.company_id) == col(FormLink.company_id), col(Duty.public_id) == bindparam("duty")))
    .outerjoin(Draft, and_(col(Draft.duty_id) == col(Duty.id), col(Draft.state) == "open"))
    .outerjoin(Device, and_(col(Device.link_id) == col(FormLink.id), col(Device.public_id) == bindparam("device")))
    .where(col(FormLink.public_id) == bindparam("link"))
    .options(load_only(*(getattr(Company, name) for name in ("public_id", "legal_name", "nib", "deleted_at"))))
)
