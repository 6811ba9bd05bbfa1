"""Many names against many: the pairs found are those a comparison of each with each finds, and the work is bounded."""

from __future__ import annotations

import random
from itertools import product

import pytest

from app.domain.alike import Alike
from app.domain.names import ALIKE, halves, likeness, normalised_company_name, telling

WORDS = "maju jaya abadi sentosa makmur sejahtera santoso mesin tekstil nusantara karya mandiri kim lee".split()


def invented(seed: int, count: int) -> list[str]:
    """Names of two to four words, every other one with a letter wrong."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        name = " ".join(chance.sample(WORDS, chance.randint(1, 4)))
        at = chance.randrange(len(name))
        made.append(name[:at] + chance.choice("aeiou") + name[at + 1 :] if number % 2 else name)
    return [normalised_company_name(name) for name in made]


def nearly(one: str, other: str) -> bool:
    """The rule by which a single name is searched for."""
    words = [halves(word) for word in telling(one)]
    found = bool(words) and any(all(part in other for part in parts) for parts in product(*words))
    return found and likeness(one, other) >= ALIKE


@pytest.mark.parametrize("seed", range(5))
def test_those_met_are_those_that_each_with_each_would_find(seed: int) -> None:
    given, standing = invented(seed, 150), invented(seed + 100, 300)
    alike = Alike(given, most=10**9)
    for name in standing:
        met = dict(alike.met(name))
        assert met.keys() == {one for one in given if nearly(one, name)}
        assert all(percent == likeness(one, name) for one, percent in met.items())


def test_names_without_a_telling_word_are_nobody() -> None:
    assert list(Alike(["pt", "a b", ""], most=100).met("pt")) == []


def test_what_may_be_compared_is_bounded() -> None:
    given = [f"maju jaya {number}" for number in range(10, 60)]
    alike = Alike(given, most=120)
    assert [bool(list(alike.met("maju jaya 10"))) for _ in range(4)] == [True, True, False, False]
