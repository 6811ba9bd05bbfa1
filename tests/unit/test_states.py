"""States: labelled in both languages, and left only by the ways that are drawn."""

from __future__ import annotations

import pytest

from app.domain import states as s
from app.domain.errors import Refused
from app.domain.fields import Label

PAIRS = [
    (s.DUTY_STATES, s.DUTY_MOVES), (s.SUBMISSION_STATES, s.SUBMISSION_MOVES), (s.RECEIPT_STATES, s.RECEIPT_MOVES),
    (s.LINK_STATES, s.LINK_MOVES), (s.DRAFT_STATES, s.DRAFT_MOVES),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "moves"), PAIRS)
def test_every_state_has_a_label_and_its_ways(labels: dict[str, Label], moves: dict[str, frozenset[str]]) -> None:
    assert labels.keys() == moves.keys()
    assert all(after <= labels.keys() for after in moves.values())
    assert all(label.id and label.en for label in labels.values())
    assert all(before not in after for before, after in moves.items())


def test_a_step_that_is_not_drawn_is_refused_with_both_names() -> None:
    assert s.step(s.DUTY_MOVES, s.DUTY_STATES, "submitted", "accepted") == "accepted"
    with pytest.raises(Refused) as caught:
        s.step(s.RECEIPT_MOVES, s.RECEIPT_STATES, "withdrawn", "valid")
    assert caught.value.code == "state_forbidden"
    assert caught.value.params["state"].id == "dicabut"
    assert not s.may(s.DUTY_MOVES, "no such state", "accepted")


def test_silence_nil_and_confirmed_stay_apart() -> None:
    assert "nil" not in s.DUTY_OPEN
    assert not s.may(s.DUTY_MOVES, "upcoming", "accepted")
    assert not s.may(s.SUBMISSION_MOVES, "rejected", "submitted")
