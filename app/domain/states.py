"""States and the only ways between them. Values are stored; labels are what people read.

Each enum has its row in `ALLOWED`: `may(DutyState.SENT, DutyState.OPENED)`; computed states (a duty's "overdue") are not stored.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.domain.errors import Refused
from app.domain.fields import Label

AnyState = TypeVar("AnyState", bound="State")


class State(StrEnum):
    """A stored state with its label."""

    @property
    def label(self) -> Label:
        return LABELS[type(self)][self.value]

    @classmethod
    def options(cls) -> list[tuple[str, Label]]:
        """(value, label) of every state, for a choice field."""
        return [(one.value, one.label) for one in cls]


class DutyState(State):
    UPCOMING = "upcoming"
    SENT = "sent"
    OPENED = "opened"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    NIL = "nil"
    EXCUSED = "excused"
    WAIVED = "waived"


class SubmissionState(State):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_FIX = "needs_fix"
    WITHDRAWN = "withdrawn"


class LinkState(State):
    ISSUED = "issued"
    OPENED = "opened"
    EXPIRED = "expired"
    REVOKED = "revoked"


class DraftState(State):
    OPEN = "open"
    SENT = "sent"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class ReceiptState(State):
    VALID = "valid"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class RowState(State):
    OK = "ok"
    BAD = "bad"
    DEFERRED = "deferred"


class RowChange(State):
    TETAP = "tetap"
    BARU = "baru"
    BERUBAH = "berubah"
    KELUAR = "keluar"


LABELS: dict[type[State], dict[str, Label]] = {
    DutyState: {
        "upcoming": Label("akan datang", "upcoming"),
        "sent": Label("tautan dikirim", "link sent"),
        "opened": Label("dibuka", "opened"),
        "draft": Label("draf", "draft"),
        "submitted": Label("masuk", "received"),
        "accepted": Label("selesai diperiksa", "accepted"),
        "returned": Label("dikembalikan", "returned"),
        "nil": Label("nihil", "nil"),
        "excused": Label("dimaklumi", "excused"),
        "waived": Label("dikecualikan", "waived"),
    },
    SubmissionState: {
        "draft": Label("draf", "draft"),
        "submitted": Label("masuk", "received"),
        "accepted": Label("selesai diperiksa", "accepted"),
        "rejected": Label("ditolak", "rejected"),
        "needs_fix": Label("perlu perbaikan", "needs correction"),
        "withdrawn": Label("dicabut", "withdrawn"),
    },
    LinkState: {
        "issued": Label("diterbitkan", "issued"),
        "opened": Label("dibuka", "opened"),
        "expired": Label("kedaluwarsa", "expired"),
        "revoked": Label("dicabut", "revoked"),
    },
    DraftState: {
        "open": Label("terbuka", "open"),
        "sent": Label("dikirim", "sent"),
        "discarded": Label("dibuang", "discarded"),
        "expired": Label("kedaluwarsa", "expired"),
    },
    ReceiptState: {
        "valid": Label("berlaku", "valid"),
        "corrected": Label("dikoreksi", "corrected"),
        "withdrawn": Label("dicabut", "withdrawn"),
    },
    RowState: {
        "ok": Label("benar", "correct"),
        "bad": Label("perlu diperbaiki", "to be corrected"),
        "deferred": Label("menyusul", "later"),
    },
    RowChange: {
        "tetap": Label("Masih bekerja", "Still working"),
        "baru": Label("Baru", "New"),
        "berubah": Label("Ada perubahan", "Something changed"),
        "keluar": Label("Sudah berhenti", "Has left"),
    },
}

_D, _S, _L, _F, _R = DutyState, SubmissionState, LinkState, DraftState, ReceiptState

DUTY_OPEN: frozenset[DutyState] = frozenset({_D.UPCOMING, _D.SENT, _D.OPENED, _D.DRAFT, _D.RETURNED})

ALLOWED: dict[State, frozenset[State]] = {
    _D.UPCOMING: frozenset({_D.SENT, _D.EXCUSED, _D.WAIVED}),
    _D.SENT: frozenset({_D.OPENED, _D.EXCUSED, _D.WAIVED}),
    _D.OPENED: frozenset({_D.DRAFT, _D.NIL, _D.EXCUSED, _D.WAIVED}),
    _D.DRAFT: frozenset({_D.SUBMITTED, _D.NIL, _D.EXCUSED, _D.WAIVED}),
    _D.SUBMITTED: frozenset({_D.ACCEPTED, _D.SENT, _D.RETURNED}),
    _D.ACCEPTED: frozenset({_D.SUBMITTED}),
    _D.RETURNED: frozenset({_D.DRAFT, _D.EXCUSED, _D.WAIVED}),
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: frozenset({_S.ACCEPTED, _S.REJECTED, _S.NEEDS_FIX, _S.WITHDRAWN}),
    _S.NEEDS_FIX: frozenset({_S.SUBMITTED}),
    _S.ACCEPTED: frozenset({_S.WITHDRAWN}),
    _L.ISSUED: frozenset({_L.OPENED, _L.EXPIRED, _L.REVOKED}),
    _L.OPENED: frozenset({_L.EXPIRED, _L.REVOKED}),
    _F.OPEN: frozenset({_F.SENT, _F.DISCARDED, _F.EXPIRED}),
    _R.VALID: frozenset({_R.CORRECTED, _R.WITHDRAWN}),
}


def may(before: State, after: State) -> bool:
    """Whether the step is allowed. Staying where one is is no step."""
    return after in ALLOWED.get(before, frozenset())


def step(before: AnyState, after: AnyState) -> AnyState:
    """`after`, when the step is allowed; else Refused("state_forbidden", state=…, wanted=…)."""
    if not may(before, after):
        raise Refused("state_forbidden", state=before.label, wanted=after.label)
    return after


def overdue(state: DutyState, due_on: date, today: date) -> bool:
    """A duty is late while it is open and its day has passed; never stored."""
    return state in DUTY_OPEN and due_on < today
