"""The address of a list says everything it shows, and nothing an address says can break it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from admin.list_state import EMPTY, ListState, filter_kind
from app.queries.filters import Filter
from app.registry import get

FIELDS = list(get("foreign_national").fields.values())
NAMES = [
    "q",
    "order",
    "cursor",
    "trash",
    "f_sex",
    "f_nationality",
    "f_birth_date_from",
    "f_birth_date_to",
    "f_region",
    "x",
]


def read(query: str) -> ListState:
    return ListState.read(FIELDS, MultiDict(parse_qsl(query)))


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=20)), max_size=12))
def test_an_address_read_and_written_again_is_the_same_list(pairs: list[tuple[str, str]]) -> None:
    state = ListState.read(FIELDS, MultiDict(pairs))

    again = ListState.read(FIELDS, MultiDict(state.parameters()))

    assert again == state
    assert all(isinstance(one, Filter) for one in state.filters(FIELDS, lambda _field, _id: None))


def test_filters_become_what_the_query_understands() -> None:
    state = read("f_sex=M&f_sex=F&f_birth_date_from=01/01/1990&f_region=abc")

    made = state.filters(FIELDS, lambda _field, public_id: {"abc": "7"}[public_id])

    assert made == [Filter("sex", "in", "M,F"), Filter("birth_date", "ge", "01/01/1990"), Filter("region", "eq", "7")]


def test_empty_is_a_choice_of_its_own() -> None:
    assert read(f"f_region={EMPTY}").filters(FIELDS, lambda _field, _id: None) == [Filter("region", "empty")]


def test_taking_away_one_value_keeps_the_others_and_goes_to_the_first_page() -> None:
    state = read("q=kim&f_sex=M&f_sex=F&cursor=abc").without("sex", "M")

    assert state.parameters() == [("q", "kim"), ("f_sex", "F")]


def test_clearing_keeps_order_and_trash_only() -> None:
    assert (
        read("q=kim&order=-name_display&trash=1&f_sex=M").cleared().url("/staff/x/")
        == "/staff/x/?order=-name_display&trash=1"
    )


def test_lists_of_references_are_no_filter() -> None:
    assert filter_kind(get("user").fields["roles"]) is None
    assert filter_kind(get("foreign_national").fields["birth_date"]) == "range"
    assert filter_kind(get("foreign_national").fields["nationality"]) == "choice"
