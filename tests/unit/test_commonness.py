"""A sample of texts says beforehand that a word is in very many rows, or hardly in any; else it says nothing."""

from __future__ import annotations

from app.queries.commonness import Sample


def sample(rows: int, *texts: str) -> Sample:
    return Sample(rows, texts, "\n".join(texts))


TEXTS = (*["pt maju santoso"] * 30, *["cv abadi"] * 270)


def test_a_word_in_a_tenth_of_the_sample_is_in_very_many_of_a_million_rows() -> None:
    assert sample(1_000_000, *TEXTS).many(["Santoso"], 3_000)
    assert sample(1_000_000, *TEXTS).many(["santoso", "maju"], 3_000)


def test_few_rows_words_that_stand_apart_and_a_word_seen_by_chance_are_not_very_many() -> None:
    assert not sample(200_000, *TEXTS).many(["santoso"], 3_000)
    assert not sample(1_000_000, *TEXTS).many(["santoso", "abadi"], 3_000)
    assert not sample(100_000_000, "pt mega", "pt mega", *["cv abadi"] * 298).many(["mega"], 3_000)


def test_a_word_no_text_has_is_seldom() -> None:
    assert sample(1_000_000, *TEXTS).seldom(["zzqxv"])
    assert sample(1_000_000, *TEXTS).seldom(["santoso", "zzqxv"])
    assert not sample(1_000_000, *TEXTS).seldom(["SANTOSO"])


def test_a_sample_that_is_missing_or_small_says_nothing() -> None:
    for small in (Sample(), sample(1_000_000, *["pt santoso"] * 99)):
        assert not small.many(["santoso"], 3_000)
        assert not small.seldom(["zzqxv"])
