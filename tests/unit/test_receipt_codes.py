"""Receipt numbers survive a telephone call: an error never becomes another number."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import receipts

BODIES = st.text(receipts.ALPHABET, min_size=4, max_size=4)
YEARS = st.integers(2000, 2099)


@given(YEARS, BODIES)
def test_a_code_reads_back_however_it_is_written(year: int, body: str) -> None:
    code = receipts.compose(year, body)
    short = code.replace("-", "").removeprefix("SNG")
    for text in (
        code,
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        short,
        f" {code}. ",
        receipts.spoken(code),
    ):
        assert receipts.parse(text) == code


@given(YEARS, BODIES, st.data())
def test_one_wrong_sign_is_caught(year: int, body: str, data: st.DataObject) -> None:
    code = receipts.compose(year, body)
    place = data.draw(st.sampled_from([i for i in range(4, len(code)) if code[i] != "-"]))
    sign = data.draw(st.sampled_from([c for c in receipts.ALPHABET + "01" if c != code[place]]))
    assert receipts.parse(code[:place] + sign + code[place + 1 :]) is None


@given(YEARS, BODIES, st.data())
def test_two_swapped_signs_are_caught(year: int, body: str, data: st.DataObject) -> None:
    signs = list(receipts.compose(year, body).replace("-", "")[3:])
    place = data.draw(st.integers(0, len(signs) - 2))
    if signs[place] == signs[place + 1]:
        return
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    assert receipts.parse("".join(signs)) is None


def test_look_alikes_are_not_in_the_alphabet() -> None:
    assert not set("01OIL") & set(receipts.ALPHABET)
    assert len(set(receipts.ALPHABET)) == 31
    assert receipts.parse(receipts.compose(2026, "7F3K").replace("2026", "2O26")) == receipts.compose(2026, "7F3K")


def test_fresh_codes_have_the_shape_and_are_drawn() -> None:
    draw = random.Random(7)
    codes = {receipts.new(2026, lambda: draw.choice(receipts.ALPHABET)) for _ in range(500)}
    assert len(codes) > 490
    assert all(receipts.parse(code) == code for code in codes)
    assert len(receipts.new(2026)) == len("SNG-2026-7F3K-9")


@pytest.mark.parametrize(
    "text", ["", "SNG", "SNG-2026-7F3K", "SNG-1999-7F3K-9", "x" * 1000, "SNG-2026-7F3K-99", "２０２６"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert receipts.parse(text) is None


def test_only_codes_are_composed() -> None:
    for year, body in ((1999, "7F3K"), (2026, "7F3"), (2026, "7F3O")):
        with pytest.raises(ValueError, match="receipt code"):
            receipts.compose(year, body)
