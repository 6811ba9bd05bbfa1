"""Kinds of message: what each needs to know, how urgent it is, how long it is worth sending.

The context of a message holds ids and plain values only. It is frozen when the message is queued; words, links and
attachments are made from it when the message is sent, so that every attempt carries the same letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, get_args

from app.domain.fields import Label

State = Literal[
    "queued",
    "sending",
    "accepted",
    "failed",
    "uncertain",
    "suppressed",
    "cancelled",
    "obsolete",
    "expired",
    "held",
]
STATES: tuple[State, ...] = get_args(State)
OPEN_STATES = frozenset({"queued", "sending", "uncertain", "held"})  # the others are final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    `needs` are the context keys that must be there, `may` those that may; `secrets` are context keys blotted out
    once the message is final. `when_unsure` says what happens when the relay fell silent after the final dot:
    send again under the same Message-ID, or hold for a person (notices with legal effect).
    """

    key: str
    title: Label
    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    priority: int = 5  # 0 is most urgent
    lifetime: timedelta | None = None
    when_unsure: Literal["retry", "hold"] = "retry"
    fixed: bool = False  # its words are the product's: what it says depends on what happened


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            # company_name, link_id (FormLink.id); period "2026-11"; due_on "2026-12-10"; expires_at ISO instant
            "link",
            Label("Tautan laporan", "Report link"),
            needs=frozenset({"company_name", "link_id"}),
            may=frozenset({"contact_name", "form_title", "period", "due_on", "expires_at"}),
            lifetime=timedelta(days=14),
        ),
        Kind(
            # code "123456"; minutes = how long it lives
            "code",
            Label("Kode verifikasi", "Verification code"),
            needs=frozenset({"code"}),
            may=frozenset({"company_name", "minutes", "link_id"}),
            secrets=frozenset({"code"}),
            priority=0,
            lifetime=timedelta(minutes=10),
        ),
        Kind(
            # receipt_code "SNG-2026-7F3K-9"; sent_at ISO instant; submission_id for the attached PDF;
            # rows, new, left = numbers of people; later = rows kept back; review_by ISO date
            "confirmation",
            Label("Laporan diterima", "Report received"),
            needs=frozenset({"company_name", "receipt_code", "sent_at"}),
            may=frozenset(
                {"submission_id", "receipt_id", "contact_name", "form_title", "period", "rows", "new", "left", "later"}
                | {"review_by", "link_id"}
            ),
            priority=1,
        ),
        Kind(
            # asked = rows left out, about which the note asks
            "accepted",
            Label("Laporan selesai diperiksa", "Report accepted"),
            needs=frozenset({"company_name", "receipt_code"}),
            may=frozenset(
                {"submission_id", "contact_name", "form_title", "period", "sent_at", "decided_at", "note", "link_id"}
                | {"asked"}
            ),
            priority=2,
        ),
        Kind(
            # reasons = list of sentences; cells = number of cells to mend; link_id reopens the report at those cells
            "returned",
            Label("Laporan perlu perbaikan", "Report needs corrections"),
            needs=frozenset({"company_name", "receipt_code", "link_id"}),
            may=frozenset(
                {"submission_id", "contact_name", "form_title", "period", "sent_at", "decided_at", "note", "due_on"}
                | {"reasons", "cells", "expires_at"}
            ),
            priority=2,
        ),
        Kind(
            "rejected",
            Label("Laporan tidak dapat diterima", "Report not accepted"),
            needs=frozenset({"company_name", "receipt_code"}),
            may=frozenset(
                {"submission_id", "contact_name", "form_title", "period", "sent_at", "decided_at", "note", "due_on"}
                | {"reasons", "link_id"}
            ),
            priority=2,
        ),
        Kind(
            # what happened: see notifications/templates/account; happened_at ISO instant; name of a passkey;
            # left = recovery codes that still work; by = who did it; about = whose account, for a witness
            "account",
            Label("Keamanan akun", "Security of an account"),
            needs=frozenset({"what", "person_name", "happened_at"}),
            may=frozenset({"name", "left", "by", "about"}),
            priority=1,
            fixed=True,
        ),
        Kind(
            # a try of the mail account, to the person who asked for it
            "test",
            Label("Surat uji", "Test message"),
            needs=frozenset({"asked_by", "sent_at"}),
            priority=0,
            lifetime=timedelta(hours=1),
            fixed=True,
        ),
    )
}
URGENT = 1  # codes, receipts, news of one's own account, tests: up to this priority the daily limit does not hold them

WRITABLE = {key: kind for key, kind in KINDS.items() if not kind.fixed}  # whose words an office may write itself


def checked_context(kind: str, context: Mapping[str, Any]) -> Kind:
    """The kind of that key; raises ValueError for an unknown kind or a context that does not fit it."""
    known = KINDS.get(kind)
    if known is None:
        raise ValueError(f"no such kind of message: {kind}")
    missing = sorted(known.needs - context.keys())
    strange = sorted(context.keys() - known.needs - known.may)
    if missing or strange:
        raise ValueError(f"context of a {kind} message: missing {missing}, unknown {strange}")
    return known


def blotted(kind: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """The context of a final message: what was secret in it is of no use to anybody any more."""
    hidden = KINDS[kind].secrets
    return {key: "•••" if key in hidden else value for key, value in context.items()}
