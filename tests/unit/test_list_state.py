"""The address of a list says everything it shows, and nothing an address says can break it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conditions import Condition, Group
from app.domain.list_state import EMPTY, ListState, filter_kind
from app.registry import get

FIELDS = list(get("foreign_national").fields.values())
NAMES = [
    "q",
    "order",
    "cursor",
    "trash",
    "where",
    "f_sex",
    "f_nationality",
    "f_birth_date_from",
    "f_birth_date_to",
    "f_region",
    "x",
]


def read(query: str) -> ListState:
    return ListState.read(FIELDS, parse_qsl(query))


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=20)), max_size=12))
def test_an_address_read_and_written_again_is_the_same_list(pairs: list[tuple[str, str]]) -> None:
    state = ListState.read(FIELDS, pairs)

    again = ListState.read(FIELDS, parse_qsl(urlsplit(state.url("/staff/x/")).query))

    assert again == state
    assert all(isinstance(one, Condition) for one in state.asked(FIELDS).conditions())


def test_short_filters_become_conditions() -> None:
    made = read("f_sex=M&f_sex=F&f_birth_date_from=01/01/1990&f_region=abc").asked(FIELDS)

    assert made == Group(
        "all",
        (
            Condition("sex", "is", ("M", "F")),
            Condition("birth_date", "ge", ("01/01/1990",)),
            Condition("region", "is", ("abc",)),
        ),
    )


def test_short_filters_and_groups_hold_together() -> None:
    made = read("f_sex=M&where=any(presence:is:abroad;birth_date:last:30)").asked(FIELDS)

    assert [type(part) for part in made.parts] == [Condition, Group]


def test_a_group_stands_in_the_address_as_a_person_can_read_it() -> None:
    state = read("where=any(presence:is:abroad;birth_date:last:30)")

    assert state.url("/staff/x/") == "/staff/x/?where=any(presence:is:abroad;birth_date:last:30)"


def test_what_cannot_be_read_is_said_and_the_rest_still_holds() -> None:
    state = read("where=presence:is:abroad;nonsense")

    assert list(state.where.conditions()) == [Condition("presence", "is", ("abroad",))]
    assert [problem.code for problem in state.problems] == ["filter_unreadable"]


def test_a_short_filter_that_is_not_known_is_said() -> None:
    assert [(one.code, one.field) for one in read("f_nope=1&f_sex=M&f_birth_date_from=").problems] == [
        ("filter_unknown", "nope")
    ]


def test_empty_is_a_choice_of_its_own() -> None:
    empty, region = Condition("region", "empty"), Condition("region", "is", ("abc",))

    assert read(f"f_region={EMPTY}").asked(FIELDS) == Group("all", (empty,))
    assert read(f"f_region={EMPTY}&f_region=abc").asked(FIELDS) == Group("all", (Group("any", (region, empty)),))


def test_taking_away_one_value_keeps_the_others_and_goes_to_the_first_page() -> None:
    state = read("q=kim&f_sex=M&f_sex=F&cursor=abc").without("sex", "M")

    assert state.parameters() == [("q", "kim"), ("f_sex", "F")]


def test_taking_away_one_part_keeps_the_others() -> None:
    state = read("where=presence:is:abroad;any(sex:is:M;sex:is:F)&cursor=abc")

    assert state.without_part(state.where.parts[1]).parameters() == [("where", "presence:is:abroad")]


def test_clearing_keeps_order_and_trash_only() -> None:
    assert (
        read("q=kim&order=-name_display&trash=1&f_sex=M&where=sex:is:F").cleared().url("/staff/x/")
        == "/staff/x/?order=-name_display&trash=1"
    )


def test_lists_of_references_are_no_filter() -> None:
    assert filter_kind(get("user").fields["roles"]) is None
    assert filter_kind(get("foreign_national").fields["birth_date"]) == "range"
    assert filter_kind(get("foreign_national").fields["nationality"]) == "choice"


@pytest.mark.parametrize("text", ["all(", "any()", "(((", "legal_name:contains:x;any(", "any(" * 30])
def test_what_cannot_be_read_stays_in_every_address_of_the_list(text: str) -> None:
    """Else whoever goes on from the list, with all that match, would mean more than was asked."""
    state = ListState.read(FIELDS, [("where", text), ("q", "maju")])

    assert state.problems
    for later in (state, state.at("x"), state.ordered("-name"), state.kept(), state.counted(True)):
        assert ("where", text) in later.parameters()
        assert ListState.read(FIELDS, later.parameters()).problems
    assert state.filtered
    assert not state.cleared().parameters()
    assert state.understood().parameters() != state.parameters()


def test_a_filter_there_is_not_stays_too() -> None:
    state = ListState.read(FIELDS, [("f_unknown", "x")])

    assert state.problems
    assert state.parameters() == [("f_unknown", "x")]
