"""How common words are, by the sample PostgreSQL keeps of the texts that are searched (ANALYZE; `pg_stats`).

The sample is read seldom and asked in this process: a search then knows beforehand that it will find very many rows,
or hardly any, without a way to the server.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, text
from sqlmodel import Session

from app.search import index_name

FRESH_S = 600
_ENOUGH = 100  # texts of a sample: ANALYZE keeps as many of a table that is not small
_SEEN = 3  # fewer may be chance
_KNOWN = text(
    "SELECT c.reltuples::bigint, s.histogram_bounds::text::text[] FROM pg_class c LEFT JOIN pg_stats s"
    " ON s.schemaname = current_schema() AND s.tablename = :index WHERE c.oid = to_regclass(:table)"
)
_samples: WeakKeyDictionary[Engine, dict[str, tuple[float, Sample]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts that stand evenly among those of all `rows`, in lower case."""

    rows: int = 0
    texts: tuple[str, ...] = ()
    together: str = ""

    def seldom(self, words: Sequence[str]) -> bool:
        """Whether no text has one of the words, so that the database expects few rows as well."""
        return len(self.texts) >= _ENOUGH and any(word.lower() not in self.together for word in words)

    def many(self, words: Sequence[str], than: int) -> bool:
        """Whether surely more than `than` rows have all the words: the sample says ten times as many."""
        lower = [word.lower() for word in words]
        seen = sum(all(word in text for word in lower) for text in self.texts)
        return len(self.texts) >= _ENOUGH and seen >= _SEEN and seen * self.rows >= 10 * than * len(self.texts)


def sample(session: Session, table: Table) -> Sample:
    """Of a table of PostgreSQL; without texts while the table is small or was never analysed."""
    known = _samples.setdefault(session.get_bind().engine, {})
    at, found = known.get(table.name, (float("-inf"), Sample()))
    if time.monotonic() - at > FRESH_S:
        asked = {"index": index_name(table), "table": f'"{table.name}"'}
        rows, texts = session.execute(_KNOWN, asked).first() or (0, None)
        found = Sample(rows, tuple(texts or ()), "\n".join(texts or ()))
        known[table.name] = (time.monotonic(), found)
    return found
