"""Link tokens: derived, versioned, rotated by key id, compared in constant time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import tokens

OLD, NEW = b"o" * 32, b"n" * 32
KEYS = {"a": OLD, "b": NEW}


def read(text: str) -> tokens.Token:
    token = tokens.read(text)
    assert token is not None
    return token


def test_a_token_opens_its_link_in_its_version_only() -> None:
    token = read(tokens.derive("b", NEW, "x7k2", 3))
    assert token.link_id == "x7k2"
    assert tokens.genuine(token, 3, KEYS)
    assert not tokens.genuine(token, 4, KEYS)
    assert tokens.version_of(token, 5, KEYS) == 3
    assert tokens.version_of(read(tokens.derive("b", OLD, "x7k2", 3)), 5, KEYS) is None


def test_the_same_link_gives_the_same_token() -> None:
    assert tokens.derive("b", NEW, "x7k2", 1) == tokens.derive("b", NEW, "x7k2", 1)
    assert tokens.derive("b", NEW, "x7k2", 1) != tokens.derive("b", NEW, "x7k3", 1)


def test_keys_rotate_by_id_and_a_dropped_key_opens_nothing() -> None:
    token = read(tokens.derive("a", OLD, "x7k2", 1))
    assert tokens.genuine(token, 1, KEYS)
    assert not tokens.genuine(token, 1, {"b": NEW})
    assert not tokens.genuine(token, 1, {"a": NEW})
    assert not tokens.genuine(read(tokens.derive("zz", bytes(32), "x7k2", 1)), 1, KEYS)


@given(st.text(max_size=200))
def test_any_text_is_a_token_or_none(text: str) -> None:
    token = tokens.read(text)
    assert token is None or not tokens.genuine(token, 1, KEYS)


def test_a_link_at_the_end_of_a_sentence_still_reads_and_a_cut_one_does_not() -> None:
    text = tokens.derive("b", NEW, "x7k2", 1)
    assert read(f"{text}.") == read(text)
    assert tokens.read(text[:-1]) is None


@given(st.integers(0, 42))
def test_a_changed_sign_is_no_token_of_ours(place: int) -> None:
    token = read(tokens.derive("b", NEW, "x7k2", 1))
    other = "A" if token.mac[place] != "A" else "B"
    changed = tokens.Token(token.key_id, token.link_id, token.mac[:place] + other + token.mac[place + 1 :])
    assert not tokens.genuine(changed, 1, KEYS)


def test_a_stored_copy_of_a_mail_hides_the_secret() -> None:
    text = tokens.derive("b", NEW, "x7k2", 1)
    assert tokens.masked(f"Buka https://sinergi.example/t/{text} ya") == "Buka https://sinergi.example/t/b.x7k2.… ya"


@pytest.mark.parametrize(("key_id", "link"), [("a.b", "x"), ("a", "x.y"), ("a", ""), ("", "x")])
def test_ids_that_would_break_the_shape_are_refused(key_id: str, link: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        tokens.derive(key_id, NEW, link, 1)
    with pytest.raises(ValueError, match="16 bytes"):
        tokens.derive("a", b"short", "x", 1)
