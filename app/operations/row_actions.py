"""What can be done with records besides changing them, one by one or many at once: declared here, offered by lists.

An action must do nothing twice for one record: its work is repeated from the last committed chunk when a worker dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.domain.errors import Forbidden, NotFound, Problem
from app.domain.fields import Label
from app.domain.states import DUTY_OPEN, DUTY_STATES
from app.models.company import Company
from app.operations import links

REPORT = "wajib-lapor"
Refusals = Iterable[tuple[str, Problem]]  # (public id, why nothing was done)


@dataclass(frozen=True, slots=True)
class RowAction:
    """`act` does it for rows of one registry and tells which refused; `help` is said before it starts."""

    key: str
    label: Label
    help: Label
    icon: str
    roles: frozenset[str]
    act: Callable[[Session, Sequence[Mapping[str, Any]], Actor, datetime], Refusals]


def of(registry_key: str, actor: Actor) -> list[RowAction]:
    """The actions this actor may take with records of a registry."""
    return [one for one in ACTIONS.get(registry_key, ()) if actor.kind == "system" or actor.roles & one.roles]


def known(registry_key: str, key: str) -> RowAction | None:
    """The action of that key, whoever may take it."""
    return next((one for one in ACTIONS.get(registry_key, ()) if one.key == key), None)


def find(registry_key: str, key: str, actor: Actor) -> RowAction:
    """One action. NotFound where there is none, Forbidden where it is not for this actor."""
    if known(registry_key, key) is None:
        raise NotFound()
    allowed = {one.key: one for one in of(registry_key, actor)}
    if key not in allowed:
        raise Forbidden()
    return allowed[key]


def _send_report_links(session: Session, rows: Sequence[Mapping[str, Any]], actor: Actor, now: datetime) -> Refusals:
    """The link of this month's report to every company that still has to send it, once a day at most."""
    ids = [row["public_id"] for row in rows]
    for company in session.exec(select(Company).where(col(Company.public_id).in_(ids))).all():
        duty = links.open_duty(session, REPORT, company, now=now)
        if duty.state not in DUTY_OPEN:
            yield company.public_id, Problem("report_is_in", params={"state": DUTY_STATES[duty.state]})
            continue
        link = links.issue(session, REPORT, company, actor=actor, now=now, mail=False)
        if not link.email:
            yield company.public_id, Problem("company_without_email")
        elif not links.queue_mail(session, link, duty, company, now=now):
            yield company.public_id, Problem("link_sent_today")


ACTIONS: dict[str, tuple[RowAction, ...]] = {
    "company": (
        RowAction(
            "report_link",
            Label("Kirim tautan lapor bulan ini", "Send the report link of this month"),
            Label(
                "Setiap perusahaan menerima surat berisi tautan Laporan TKA bulan ini. Yang sudah melapor, sudah "
                "dikirimi hari ini, atau belum punya alamat e-mail dilewati dan disebutkan pada hasilnya.",
                "Every company gets a mail with the link of this month's report. Who has reported, was sent it today "
                "or has no e-mail address is left out and named in the result.",
            ),
            "send",
            frozenset(policy.READERS["link"]),
            _send_report_links,
        ),
    ),
}
