"""Headings of spreadsheets as sets of canonical words, in the ways companies write them.

"Tgl. Lahir", "Tanggal Lahir (dd/mm/yyyy)", "Date of Birth" and "出生日期" all become {tanggal, lahir}, so a
declaration need list a heading only once.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

from app.domain import sheet_lexicon as lexicon
from app.domain.sheet_lexicon import Words

_MISSPELT = 65.0  # ratio from which one word may be a misspelling of another
_WORD = re.compile(r"[^\W_]+|№")
EAST_ASIAN_LETTER = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SPREAD = re.compile(r"(?<!\w)[^\W\d_](?: [^\W\d_]){2,}(?!\w)")  # "N A M A"
_PATTERNS = tuple((re.compile(pattern), f" {meaning} ") for pattern, meaning in lexicon.PHRASES)
_SYNONYMS = {word: meaning for meaning, found in lexicon.WORDS.items() for word in found.split()}
_EAST_ASIAN = sorted(
    ((word, f" {meaning} ") for meaning, found in lexicon.EAST_ASIAN.items() for word in found.split()),
    key=lambda pair: -len(pair[0]),  # 护照有效期 before 护照
)


@lru_cache(maxsize=4096)
def words(heading: str) -> Words:
    """The canonical words of a heading; empty for a blank one."""
    text = unicodedata.normalize("NFKC", str(heading)).casefold().replace("_", " ")
    if EAST_ASIAN_LETTER.search(text):
        for found, meaning in _EAST_ASIAN:
            text = text.replace(found, meaning)
    text = _SPREAD.sub(lambda spread: "".join(spread[0].split()), text)
    for pattern, meaning in _PATTERNS:
        text = pattern.sub(meaning, text)
    tokens = {_SYNONYMS.get(token, token) for token in _WORD.findall(text)}
    tokens = tokens - lexicon.UNSAID or tokens
    return _settled({token for token in tokens if not EAST_ASIAN_LETTER.search(token)} or tokens)


def plain(heading: str) -> str:
    """A heading with case, width, punctuation and spacing evened out."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", str(heading)).casefold()))


def _settled(tokens: set[str]) -> Words:
    """Words that say nothing beside their company: "tanggal berlaku" is "berlaku", "nama lengkap" is "nama"."""
    if "tanggalakhir" in tokens:  # of a document, or of the work
        tokens -= {"tanggalakhir"}
        tokens |= {"berlaku"} if tokens & lexicon.DOCUMENTS else {"keluar"}
    if "berlaku" in tokens and "mulai" not in tokens:
        tokens -= {"tanggal"}
    if "nama" in tokens:
        tokens -= {"lengkap", "asli"}
    for whole in ("mulaikerja", "keluar"):
        if whole in tokens:
            tokens -= {"tanggal", "mulai", "kerja"}
    if "visa" in tokens:
        tokens -= {"indeks", "jenis", "kode"}
    if "izin" in tokens and "tinggal" in tokens:
        tokens -= {"tinggal"}
    if "warga" in tokens:
        tokens -= {"negara"}
    if "jabatan" in tokens:
        tokens -= {"nama", "job", "kerja"}
    return frozenset(tokens)


def likeness(mine: tuple[str, str], other: tuple[str, str]) -> float:
    """0 to 100. One whole word that differs is another thing, however long the words around it."""
    scores = [
        fuzz.ratio(a, b)
        for a, b in zip(mine, other, strict=True)
        if len(a) >= 4 and len(b) >= 4 and (len(a.split()) != len(b.split()) or _word_by_word(a.split(), b.split()))
    ]
    return max(scores, default=0.0)


def _word_by_word(one: list[str], other: list[str]) -> bool:
    return all(max(fuzz.ratio(word, each) for each in other) >= _MISSPELT for word in one)
