"""A colour in which nobody can read is refused, and the nearest that can be read is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import colours
from app.domain.semantic import Invalid
from app.domain.types.office import ColourType

HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("typed", "stored"), [("#17457F", "#17457f"), ("17457f", "#17457f"), (" #036 ", "#003366")])
def test_a_dark_colour_is_taken_however_it_is_written(typed: str, stored: str) -> None:
    assert ColourType().parse(typed) == stored


@pytest.mark.parametrize("typed", ["#ffbf47", "#888888", "#ffffff", "#3b9cff"])
def test_a_pale_colour_is_refused_with_one_that_can_be_read(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        ColourType().parse(typed)

    assert refused.value.code == "contrast"
    assert colours.weakest(str(refused.value.suggestion)) >= colours.ENOUGH
    assert ColourType().parse(str(refused.value.suggestion)) == refused.value.suggestion


@pytest.mark.parametrize("typed", ["blue", "#12345", "#gggggg", "rgb(1,2,3)", "#17457f;}body{", "url(x)"])
def test_what_is_no_colour_never_reaches_a_style_sheet(typed: str) -> None:
    with pytest.raises(Invalid, match="pattern"):
        ColourType().parse(typed)


@given(HEX)
def test_whatever_is_taken_can_be_read_in_every_shade_we_make_of_it(colour: str) -> None:
    dark = colours.readable(colour)
    shades = colours.palette(dark)
    for ground in (colours.WHITE, shades["brand-soft"]):
        assert colours.contrast(dark, ground) >= colours.ENOUGH
        assert colours.contrast(shades["brand-strong"], ground) >= colours.ENOUGH


@given(HEX)
def test_at_night_every_colour_is_made_light_enough(colour: str) -> None:
    shades = colours.night(colour)
    for ground in (colours.NIGHT_PAPER, colours.NIGHT_FILL, shades["brand-soft"]):
        assert colours.contrast(shades["brand"], ground) >= colours.ENOUGH
        assert colours.contrast(shades["brand-strong"], ground) >= colours.ENOUGH
