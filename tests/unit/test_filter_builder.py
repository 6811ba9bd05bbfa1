"""The builder's numbered rows become conditions; what is unfinished waits instead of being lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin import filter_builder
from admin.filter_builder import Box, Row
from app.domain.actors import Actor
from app.domain.conditions import Condition, Group, parse
from app.queries.filters import targets
from app.registry import get

TARGETS = targets(get("stay_permit"), Actor("staff", "x", frozenset({"admin"})))


def read(**given: Any) -> filter_builder.Draft:
    pairs = [(name, text) for name, texts in given.items() for text in ([texts] if isinstance(texts, str) else texts)]
    draft = filter_builder.read([(name.replace("_", "."), text) for name, text in pairs])
    assert draft is not None
    return draft


def test_rows_and_groups_become_conditions() -> None:
    draft = read(w_j="all", w_1_f="status", w_1_o="is", w_1_v=["valid", "ended"], w_2_j="any",
                 w_2_1_f="kind", w_2_1_o="empty", w_2_2_f="issued", w_2_2_o="x")  # fmt: skip

    where, complete = draft.part(TARGETS)

    inner = Group("any", (Condition("kind", "empty"),))
    assert where == Group("all", (Condition("status", "is", ("valid", "ended")), inner))
    assert not complete, "a row that names no field of the list is not settled"


BUTTONS = {  # button: rows of the list, rows of its group
    "add:": (["status", "group", ""], 1),
    "group:": (["status", "group", "group"], 1),
    "add:2": (["status", "group"], 2),
    "drop:1": (["group"], 1),
    "drop:2.1": (["status", "group"], 0),
    "drop:9": (["status", "group"], 1),
    "add:1": (["status", "group"], 1),
    "nonsense": (["status", "group"], 1),
    "drop:x.y": (["status", "group"], 1),
}


@pytest.mark.parametrize("asked", list(BUTTONS))
def test_buttons_change_the_rows_and_nothing_else(asked: str) -> None:
    draft = read(w_1_f="status", w_1_o="is", w_1_v="valid", w_2_j="any", w_2_1_f="kind", w_2_1_o="empty", w_do=asked)
    groups = [part for part in draft.box.parts if isinstance(part, Box)]

    outer = [part.path if isinstance(part, Row) else "group" for part in draft.box.parts]
    assert (outer, len(groups[0].parts)) == BUTTONS[asked]


def test_a_half_filled_row_is_kept_as_typed() -> None:
    draft = read(w_1_f="status", w_1_o="between", w_1_v="valid")

    assert draft.box.parts == [Row("status", "between", ["valid"])]
    assert draft.part(TARGETS) == (Group(), False)


def test_an_empty_row_is_no_obstacle() -> None:
    assert read(w_1_f="", w_2_f="status", w_2_o="filled").part(TARGETS) == (
        Group("all", (Condition("status", "filled"),)),
        True,
    )


def test_a_list_of_values_is_typed_into_one_box() -> None:
    assert read(w_1_f="visa.index", w_1_o="in", w_1_v="a, b;c").box.parts[0] == Row("visa.index", "in", ["a", "b", "c"])


@given(st.lists(st.tuples(st.from_regex(r"w\.[0-9.fojvd]{0,8}", fullmatch=True), st.text(max_size=8)), max_size=12))
def test_no_form_breaks_the_builder(pairs: list[tuple[str, str]]) -> None:
    draft = filter_builder.read(pairs)

    if draft is not None:
        where, _complete = draft.part(TARGETS)
        assert filter_builder.of(where) is not None


def test_conditions_of_an_address_come_back_as_rows() -> None:
    group, _problems = parse("status:is:valid;any(expires_on:next:30;expires_on:past)")

    draft = filter_builder.Draft(filter_builder.of(group))

    assert draft.part(TARGETS) == (group, True)
