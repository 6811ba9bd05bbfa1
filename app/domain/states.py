"""States, their labels and the only ways between them. Values are stored; labels are what people read.

`*_MOVES` are the allowed steps. What is computed is not a state: "terlambat" is an open duty past its day,
a link is issued, opened, expired or revoked by its dates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.errors import Refused
from app.domain.fields import Label

Moves = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Dated:
    """A step that is taken by itself once the day in `field` has passed, or lies `ahead` working days or fewer away."""

    before: str
    after: str
    field: str
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Arrows:
    """The only ways between the states of a record, declared beside its state field; every door obeys them.

    `moves`: state → states it may become. `start`: states a new record may be entered in; None = any, for what
    comes in from outside has a past of its own. `by`: state → roles that alone bring a record into it.
    `frozen`: states in which nothing but the state itself is changed. `dated`: steps that a day takes.
    """

    moves: Moves
    start: Collection[str] | None = None
    by: Mapping[str, Collection[str]] = field(default_factory=dict)
    frozen: Collection[str] = ()
    dated: Sequence[Dated] = ()

    def next(self, before: str | None) -> Collection[str]:
        """States a record in `before` may go to; of a new one (None) where it may begin, empty for anywhere."""
        return (self.start or ()) if before is None else self.moves.get(before, ())

    def allows(self, before: str | None, after: str) -> bool:
        """Whether a record may go from `before` (None: it is new) to `after`; staying is always allowed."""
        if before is None:
            return self.start is None or after in self.start
        return before == after or after in self.moves.get(before, ())


# --- Duty -------------------------------------------------------------------------------------------------

DUTY_STATES: dict[str, Label] = {
    "upcoming": Label("akan datang", "upcoming"),
    "sent": Label("tautan dikirim", "link sent"),
    "opened": Label("dibuka", "opened"),
    "draft": Label("draf", "draft"),
    "nil": Label("nihil", "nil"),
    "submitted": Label("masuk", "submitted"),
    "accepted": Label("selesai diperiksa", "accepted"),
    "returned": Label("dikembalikan", "returned"),
    "excused": Label("dimaklumi", "excused"),
    "waived": Label("dikecualikan", "waived"),
}
DUTY_OPEN = frozenset({"upcoming", "sent", "opened", "draft", "returned"})
DUTY_MOVES: dict[str, frozenset[str]] = {
    "upcoming": frozenset({"sent", "opened", "draft", "excused", "waived"}),
    "sent": frozenset({"opened", "draft", "excused", "waived"}),
    "opened": frozenset({"draft", "nil", "submitted", "excused", "waived"}),
    "draft": frozenset({"submitted", "nil", "excused", "waived"}),
    "nil": frozenset({"accepted", "sent", "returned", "submitted"}),
    "submitted": frozenset({"accepted", "sent", "returned", "nil"}),
    "accepted": frozenset({"submitted", "nil"}),  # by a correction only
    "returned": frozenset({"draft", "submitted", "nil", "excused", "waived"}),
    "excused": frozenset(),
    "waived": frozenset(),
}

# --- Job: long work of staff --------------------------------------------------------------------------------

JOB_STATES: dict[str, Label] = {
    "queued": Label("menunggu giliran", "waiting"),
    "running": Label("dikerjakan", "running"),
    "done": Label("selesai", "done"),
    "failed": Label("gagal", "failed"),
    "cancelled": Label("dibatalkan", "cancelled"),
    "undone": Label("dikembalikan seperti semula", "undone"),
}
JOB_OPEN = frozenset({"queued", "running"})
JOB_MOVES: dict[str, frozenset[str]] = {
    "queued": frozenset({"running", "cancelled"}),
    "running": frozenset({"queued", "running", "done", "failed", "cancelled"}),  # queued again: between two chunks
    "done": frozenset({"undone"}),
    "failed": frozenset({"undone", "queued"}),  # what was done before it failed can be taken back, or gone on with
    "cancelled": frozenset({"undone"}),
    "undone": frozenset(),
}

# --- Submission -------------------------------------------------------------------------------------------

SUBMISSION_STATES: dict[str, Label] = {
    "submitted": Label("masuk", "submitted"),
    "accepted": Label("selesai diperiksa", "accepted"),
    "needs_fix": Label("perlu perbaikan", "needs fixing"),
    "rejected": Label("ditolak", "rejected"),
    "withdrawn": Label("dicabut", "withdrawn"),
}
SUBMISSION_MOVES: dict[str, frozenset[str]] = {
    "submitted": frozenset({"accepted", "needs_fix", "rejected", "withdrawn"}),
    "accepted": frozenset({"withdrawn"}),
    "needs_fix": frozenset({"submitted"}),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
}
CHANGES: dict[str, Label] = {
    "tetap": Label("Masih bekerja", "Still working"),
    "baru": Label("Baru", "New"),
    "berubah": Label("Ada perubahan", "Details changed"),
    "keluar": Label("Sudah berhenti", "Has left"),
}
RETURN_REASONS: dict[str, Label] = {
    "incomplete": Label("Ada isian yang belum lengkap", "Some entries are missing"),
    "unclear": Label("Ada isian yang kurang jelas", "Some entries are unclear"),
    "mismatch": Label("Data berbeda dengan dokumen yang kami miliki", "Data differ from documents we hold"),
    "wrong_period": Label("Laporan untuk periode lain", "The report is for another period"),
    "wrong_company": Label("Laporan untuk perusahaan lain", "The report is for another company"),
    "other": Label("Lainnya", "Other"),
}

# What the company is told of a row that an accepted report left out.
ROW_LEFT_OUT = Label(
    "Baris {row} ({name}) belum kami catat: nomor paspornya tercatat atas nama orang lain. "
    "Mohon periksa nomor paspor itu, lalu beri tahu kami nomor yang benar.",
    "We have not recorded row {row} ({name}) yet: its passport number is on record for somebody else. "
    "Please check that passport number and tell us the right one.",
)

# --- Receipt ----------------------------------------------------------------------------------------------

RECEIPT_STATES: dict[str, Label] = {
    "valid": Label("berlaku", "valid"),
    "corrected": Label("dikoreksi", "corrected"),
    "continued": Label("dilanjutkan", "continued"),
    "withdrawn": Label("dicabut", "withdrawn"),
}
RECEIPT_MOVES: dict[str, frozenset[str]] = {
    "valid": frozenset({"corrected", "continued", "withdrawn"}),
    "corrected": frozenset(),
    "continued": frozenset(),  # the rest came: everybody in it is in the next one
    "withdrawn": frozenset(),
}

# --- FormLink and Draft -----------------------------------------------------------------------------------

LINK_STATES: dict[str, Label] = {
    "issued": Label("diterbitkan", "issued"),
    "opened": Label("dibuka", "opened"),
    "expired": Label("kedaluwarsa", "expired"),
    "revoked": Label("dicabut", "revoked"),
}
LINK_MOVES: dict[str, frozenset[str]] = {
    "issued": frozenset({"opened", "expired", "revoked"}),
    "opened": frozenset({"expired", "revoked"}),
    "expired": frozenset(),
    "revoked": frozenset(),
}
DRAFT_STATES: dict[str, Label] = {
    "open": Label("terbuka", "open"),
    "sent": Label("dikirim", "sent"),
    "discarded": Label("dibuang", "discarded"),
    "expired": Label("kedaluwarsa", "expired"),
}
DRAFT_MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"sent", "discarded", "expired"}),
    "sent": frozenset(),
    "discarded": frozenset({"open", "expired"}),
    "expired": frozenset(),
}


def may(moves: Moves, before: str, after: str) -> bool:
    """Whether the step is allowed. Staying where one is is no step; an unknown state has none."""
    return after in moves.get(before, ())


def step(moves: Moves, labels: Mapping[str, Label], before: str, after: str) -> str:
    """`after` when the step is allowed, else Refused("state_forbidden", state=…, wanted=…) with both labels."""
    if not may(moves, before, after):
        raise Refused("state_forbidden", state=labels.get(before, before), wanted=labels.get(after, after))
    return after
