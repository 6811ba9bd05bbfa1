"""States and other issuers of passports: ISO 3166 alpha-3 as in the MRZ, with the extras of ICAO Doc 9303 part 3.

Names come from CLDR (Babel) in Indonesian and English; `SYNONYMS` are the spellings of real sheets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from app.domain.country_names import ADJECTIVES, DOUBTFUL, EXTRAS, NOT_STATES, OVERRIDES, SYNONYMS
from app.domain.types.text import fold

_LONGEST = 120  # letters of a name of a state with all that people write around it
_GOOD_ENOUGH = 78.0  # rapidfuzz ratio from which a suggestion helps more than it misleads


@cache
def alpha3_by_alpha2() -> dict[str, str]:
    """ISO 3166 alpha-2 → alpha-3 for territories that exist today."""
    known = Locale("en").territories
    pairs: dict[str, str] = {}
    for code, current in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(current) == 1 and current[0] in known:
            pairs.setdefault(current[0], code)
    return {a2: a3 for a2, a3 in (pairs | OVERRIDES).items() if a2 not in NOT_STATES}


@cache
def names(language: str = "id") -> dict[str, str]:
    """Stored code → name as a person reads it, ISO countries first in the order of their names, then the extras."""
    locale = Locale("en" if language == "en" else "id")
    named = {a3: str(locale.territories[a2]) for a2, a3 in alpha3_by_alpha2().items() if a2 in locale.territories}
    ordered = dict(sorted(named.items(), key=lambda pair: fold(pair[1])))
    return ordered | {code: label.text(language) for code, label in EXTRAS.items()}


def name(code: str, language: str = "id") -> str:
    return names(language).get(code, code)


@cache
def _spellings() -> dict[str, str]:
    known: dict[str, str] = {}
    for code, words in [*SYNONYMS.items(), *ADJECTIVES.items()]:
        for word in words.split("|"):
            known.setdefault(fold(word), code)
    for language in ("id", "en"):
        for code, label in names(language).items():
            known.setdefault(fold(label), code)
    for alpha2, alpha3 in alpha3_by_alpha2().items():
        known.setdefault(alpha3.casefold(), alpha3)
        known.setdefault(alpha2.casefold(), alpha3)  # "AS" stays America, as Indonesians write it
    known.update({code.casefold(): code for code in EXTRAS})
    known["d"] = "DEU"  # the MRZ writes Germany with one letter
    return known


@cache
def _bags() -> dict[str, str]:
    return {_bag(word): code for word, code in reversed(_spellings().items())}


def _bag(folded: str) -> str:
    """The words that carry the name, in any order: "Korea, Republic of" and "the Republic of Korea"."""
    return " ".join(sorted(word for word in folded.split() if word not in _SMALL_WORDS))


_SMALL_WORDS = frozenset({"and", "dan", "the", "of"})
_CALLED = re.compile(  # what is said before the name of a state, by people and by states themselves
    r"(?:(?:warga ?negara|kewarganegaraan|kebangsaan|citizen of|national of|asal|negara|w n a|w n|wna|wn|the) )*"
    r"(?P<republic>(?:(?:federal|federative|islamic|socialist|democratic socialist) )*republic of "
    r"|republik (?:(?:federal|islam|sosialis) )*)?"
    r"(?:(?:kingdom|commonwealth|sultanate|state) of |(?:kerajaan|persemakmuran|kesultanan) )?(?:the )?"
)


@lru_cache(maxsize=8192)
def find(text: str) -> str | None:
    """The code meant by a name, synonym, ISO-2, ISO-3 or MRZ code; None when there is none."""
    known = _spellings()
    key = fold(text.replace("<", "")) if len(text) <= _LONGEST else ""
    if not key:
        return None
    found = known.get(key) or known.get(fold(text.replace(".", ""))) or _bags().get(_bag(key)) or _called(key)
    return found or _both_halves(text, known) or _east_asian(text)


def _called(key: str) -> str | None:
    """ "wn jepang", "kingdom of thailand", "r r c": the state behind what goes with its name."""
    known = _spellings()
    key = " ".join({"rep": "republic", "peoples": "people s"}.get(word, word) for word in key.split())
    if not re.search(r"\w\w", key):
        key = key.replace(" ", "")  # "R. R. C."
    before = _CALLED.match(key)
    bare = key[before.end() :] if before else key
    code = known.get(key) or _bags().get(_bag(key)) or known.get(bare)
    if code == "CHN" and before and before["republic"]:
        return None  # "Republik China" may be either of two states
    return code


_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_OF_THE_NATION = re.compile("(?:国籍|國籍|국적|籍|人|사람|인)$")


def _east_asian(text: str) -> str | None:
    """越南, 베트남, ベトナム: the names of states in Chinese, Japanese and Korean, "越南籍" too."""
    if not _EAST_ASIAN.search(text):
        return None
    known, word = _east_asian_names(), "".join(text.split())
    return known.get(fold(word)) or known.get(fold(_OF_THE_NATION.sub("", word))) or _both_halves(text, _all_names())


@cache
def _east_asian_names() -> dict[str, str]:
    known = {key: code for key, code in _spellings().items() if _EAST_ASIAN.search(unicodedata.normalize("NFC", key))}
    for language in ("zh", "zh_Hant", "ja", "ko"):
        territories = Locale.parse(language).territories
        for alpha2, alpha3 in alpha3_by_alpha2().items():
            if alpha2 in territories:
                known.setdefault(fold(str(territories[alpha2])), alpha3)
    return known


@cache
def _all_names() -> dict[str, str]:
    return _east_asian_names() | _spellings()


def _both_halves(text: str, known: dict[str, str]) -> str | None:
    """ "China (CHN)", "CHN - China", "Tiongkok/China": both halves must mean the same."""
    for left, right in (("(", ")"), (" - ", ""), ("/", "")):
        head, found, tail = text.partition(left)
        code = known.get(fold(head)) if found else None
        if code is not None and code == known.get(fold(tail.strip().removesuffix(right))):
            return code
    return None


@cache
def _doubtful() -> dict[str, str]:
    return {fold(word): code for code, words in DOUBTFUL.items() for word in words.split("|")}


@lru_cache(maxsize=4096)
def closest(text: str, language: str = "id") -> str | None:
    """The name most like a mistyped one, None when nothing is near enough."""
    from rapidfuzz import fuzz, process

    key = fold(text) if len(text) <= _LONGEST else ""
    if (before := _CALLED.match(key)) and key[before.end() :]:
        key = key[before.end() :]
    if len(key) < 3:
        return None
    if key in _doubtful():
        return name(_doubtful()[key], language)
    outside = find(text.partition("(")[0]) if "(" in text else None
    if outside is not None:
        return name(outside, language)  # "Vietnam (Socialist Republic of)"
    begun = {code for word, code in _spellings().items() if len(key) > 3 and word.startswith(key)}
    if len(begun) == 1:
        return name(begun.pop(), language)  # "Malay" is nearer to Malaysia than to Malta
    best = process.extractOne(key, [word for word in _spellings() if len(word) > 3], scorer=fuzz.ratio)
    if best is None or best[1] < _GOOD_ENOUGH:
        return None
    return name(_spellings()[best[0]], language)
