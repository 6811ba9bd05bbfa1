"""Conditions as text: read and written back the same, and no text breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import conditions
from app.domain.conditions import MOST_CONDITIONS, MOST_DEPTH, OPERATORS, Condition, Group, arity, both, parse, written

PATHS = st.from_regex(r"[a-z][a-z0-9_]{0,9}(\.[a-z][a-z0-9_]{0,9})?", fullmatch=True)
VALUES = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)
KNOWN = sorted({operator for listed in OPERATORS.values() for operator in listed})


@st.composite
def one(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(KNOWN))
    fewest, most = arity(operator)
    values = draw(st.lists(VALUES, min_size=fewest, max_size=min(most, 3)))
    return Condition(draw(PATHS), operator, tuple(values))


def groups(depth: int) -> st.SearchStrategy[Group]:
    parts = one() if depth == 0 else one() | groups(depth - 1)
    return st.builds(
        Group, st.sampled_from(["all", "any"]), st.lists(parts, min_size=1, max_size=3).map(tuple)
    )  # fmt: skip


@given(groups(2))
def test_what_is_written_is_read_back_the_same(group: Group) -> None:
    read, problems = parse(written(group))

    assert problems == []
    assert read == (group if group.join == "all" else Group("all", (group,)))


@given(st.text(alphabet="abz.:;,()!~0123 is\n", max_size=80) | st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    group, problems = parse(text)

    assert parse(written(group)) == (group, [])
    assert all(problem.code.startswith("filter_") for problem in problems)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("status:is:active;nonsense", "status:is:active"),
        ("status:is;zone:empty", "zone:empty"),  # no value
        ("zone:empty:x", ""),
        ("a:between:1", ""),
        ("any(a:is:1;b:what:2)", "any(a:is:1)"),
        ("any()", ""),
        ("none(a:is:1);b:is:2", "b:is:2"),
        ("a:is:1)b:is:2", "a:is:1;b:is:2"),  # a stray bracket
        ("any(a:is:1;b:is:2", "any(a:is:1;b:is:2)"),  # never closed
        ("A:is:1;é:is:2;a.b.c:is:3", ""),
        ("t:is:14:30", "t:is:14!:30"),
        (";;a:is:1;;", "a:is:1"),
    ],
)
def test_a_bad_part_is_left_out_and_the_rest_is_kept(text: str, left: str) -> None:
    assert written(parse(text)[0]) == left


def test_depth_and_size_have_an_end() -> None:
    deep = "any(" * (MOST_DEPTH + 1) + "a:is:1" + ")" * (MOST_DEPTH + 1)
    wide = ";".join("a:is:1" for _ in range(MOST_CONDITIONS + 5))

    assert (parse(deep)[0], parse(deep)[1][0].code) == (Group(), "filter_too_deep")
    assert len(parse(wide)[0].parts) == MOST_CONDITIONS
    assert [problem.code for problem in parse(wide)[1]] == ["filter_too_many"]
    assert parse("a" * (conditions.LONGEST + 1))[1][0].code == "filter_too_long"
    assert parse("(" * 2_000)[0] == Group()


def test_a_later_version_is_not_guessed_at() -> None:
    assert parse("1~a:is:1")[0].parts == (Condition("a", "is", ("1",)),)
    assert [problem.code for problem in parse("2~a:is:1")[1]] == ["filter_version"]


def test_groups_are_joined_without_losing_an_or() -> None:
    either = Group("any", (Condition("a"), Condition("b")))
    more = Group("all", (Condition("c"),))

    assert both(either, more) == Group("all", (either, Condition("c")))
    assert both(Group(), more) == more
    assert both(either) == Group("all", (either,))
