"""The step of a duty from state to state."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.domain.states import DUTY_MOVES, may
from app.models.duty import Duty


def move_duty(session: Session, duty: Duty, state: str, now: datetime) -> None:
    """The step, where the duty allows it; else it stays where it is."""
    if may(DUTY_MOVES, duty.state, state):
        duty.state, duty.updated_at = state, now
        duty.row_version += 1
        session.add(duty)
