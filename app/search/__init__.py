"""Finding records by part of a word: one interface, two engines.

SQLite: an FTS5 table with the trigram tokenizer, kept by triggers. PostgreSQL: a pg_trgm GIN index
over the joined search fields. Terms under three characters match the beginning of a word instead,
because a trigram index cannot see them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)

from app.registry import Registry

SAMPLE = 300  # texts PostgreSQL keeps of those it searches: a word that one row in 30 has is then among them
_TAIL = 7  # digits: the official numbers of a country begin alike, and an index of threes walks all that do


def searched(registry: Registry) -> list[str]:
    """The fields a search looks into."""
    return [name for name, f in registry.fields.items() if f.search]


@dataclass(frozen=True, slots=True)
class Asked:
    """One search, by one reader: "who" finds rows that hold every word somewhere in their search fields.

    Fields in `whole` are found by their entire value only, so that nobody guesses one piece by piece; those in
    `without` are not looked into at all. The three conditions are true for the same rows; which one is quick
    depends on what is done with it.
    """

    registry: Registry
    dialect: str
    words: str
    whole: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    @property
    def matches(self) -> ColumnElement[bool]:
        """Found by the index, as one condition among others."""
        return self._by(_sqlite if self.dialect == "sqlite" else _postgresql)

    @property
    def hits(self) -> ColumnElement[bool]:
        """The index read along beside the table, so that the first hits come without the others.

        For counting and finding only: the index then stands in the FROM.
        """
        return self._by(_beside if self.dialect == "sqlite" else _postgresql)

    @property
    def checked(self) -> ColumnElement[bool]:
        """Asked of one row at a time: no index, and no list of hits made beforehand."""
        if self.dialect == "sqlite" and not self.words.isascii():
            return self.matches  # its LIKE knows a to z only, the index every letter
        return self._by(_within_sqlite if self.dialect == "sqlite" else _within_postgresql)

    @property
    def long_words(self) -> tuple[str, ...]:
        """Those the index knows."""
        return tuple(term for term in self.words.split() if len(term) >= 3)

    @property
    def by_index(self) -> bool:
        """Whether the index alone says which rows are found."""
        known = self.long_words
        return len(known) == len(self.words.split()) and self._names == searched(self.registry) and not self._guarded

    @property
    def _names(self) -> list[str]:
        return [name for name in searched(self.registry) if name not in self.without]

    @property
    def _guarded(self) -> bool:
        return bool(self.whole & set(self._names))

    def _by(self, found: Callable[[Registry, list[str]], ColumnElement[bool]]) -> ColumnElement[bool]:
        registry, terms, names = self.registry, self.words.split(), self._names
        if not names:
            return false()
        long_terms = list(self.long_words)
        if len(names) < len(searched(registry)) or self._guarded:  # what the index finds, narrowed
            conditions = [_holds(registry, names, term.lower(), self.whole) for term in terms]
        else:
            conditions = [_starts(registry, term, self.dialect) for term in terms if len(term) < 3]
        if long_terms:
            conditions.append(found(registry, long_terms))
        return and_(*conditions)


def ddl(registry: Registry, dialect: str) -> list[str]:
    """Statements that (re)make the index of a registry; safe to run again."""
    names = searched(registry)
    if not names:
        return []
    return _sqlite_ddl(registry.table, names) if dialect == "sqlite" else _postgresql_ddl(registry.table, names)


def index_name(table_: Table) -> str:
    return f"{table_.name}_search"


def _sqlite(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    index = table(index_name(registry.table))
    found: Select[int] = select(column("rowid", Integer)).select_from(index).where(_match(registry, terms))
    return and_(registry.table.c.id.in_(found), *_whole_numbers(registry, terms))


def _beside(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    index = table(index_name(registry.table), column("rowid", Integer))
    hits = _match(registry, terms)
    return and_(index.c.rowid == registry.table.c.id, hits, *_whole_numbers(registry, terms))


def _match(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    quoted = " ".join('"' + _sought(term).replace('"', '""') + '"' for term in terms)
    return literal_column(index_name(registry.table)).op("MATCH")(literal(quoted))


def _sought(term: str) -> str:
    """What the index is asked: of a long number its end, which few share."""
    return term[-_TAIL:] if _is_long_number(term) else term


def _is_long_number(term: str) -> bool:
    return len(term) > _TAIL and term.isascii() and term.isdigit()


def _whole_numbers(registry: Registry, terms: list[str]) -> list[ColumnElement[bool]]:
    """What the index was asked only the end of, in full."""
    return [_within_sqlite(registry, [term]) for term in terms if _is_long_number(term)]


def _within_sqlite(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    columns = [registry.table.c[name] for name in searched(registry)]
    return and_(*(or_(*(c.like(f"%{escaped(term)}%", escape="\\") for c in columns)) for term in terms))


def _postgresql(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    joined, numbers = _text(registry), [term for term in terms if _is_long_number(term)]
    sought = (joined.like(f"%{escaped(part.lower())}%", escape="\\") for part in map(_sought, terms))
    return and_(*sought, *([_within_postgresql(registry, numbers)] if numbers else []))


def _within_postgresql(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    return and_(*(func.strpos(_text(registry), term.lower()) > 0 for term in terms))


def _text(registry: Registry) -> ColumnElement[str]:
    """All search fields of a row as one lower-case text: the expression that is indexed."""
    return literal_column(_joined(registry.table, searched(registry), qualified=True), String)


def _starts(registry: Registry, term: str, dialect: str) -> ColumnElement[bool]:
    start = escaped(term.lower()) + "%"
    forms = (start, f"% {start}")
    if dialect == "postgresql":  # its trigrams know where a word begins, be it ever so short
        return or_(*(_text(registry).like(form, escape="\\") for form in forms))
    columns = [func.lower(cast(registry.table.c[name], String)) for name in searched(registry)]
    return or_(*(lower.like(form, escape="\\") for lower in columns for form in forms))


def _holds(registry: Registry, names: list[str], term: str, whole: frozenset[str]) -> ColumnElement[bool]:
    part = f"%{escaped(term)}%"
    columns = [(name, func.lower(cast(registry.table.c[name], String))) for name in names]
    return or_(*(lower == term if name in whole else lower.like(part, escape="\\") for name, lower in columns))


def escaped(term: str) -> str:
    """`term` for a LIKE with escape `\\`: its own signs mean nothing."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _joined(table_: Table, names: list[str], *, qualified: bool = False) -> str:
    prefix = f'"{table_.name}".' if qualified else ""
    return "lower(" + " || ' ' || ".join(f"coalesce({prefix}\"{name}\", '')" for name in names) + ")"


def _postgresql_ddl(table_: Table, names: list[str]) -> list[str]:
    return [
        f'DROP INDEX IF EXISTS "{index_name(table_)}"',
        f'CREATE INDEX "{index_name(table_)}" ON "{table_.name}" USING gin ({_joined(table_, names)} gin_trgm_ops)',
        f'ALTER INDEX "{index_name(table_)}" ALTER COLUMN 1 SET STATISTICS {SAMPLE}',
    ]


def _sqlite_ddl(table_: Table, names: list[str]) -> list[str]:
    index, of = index_name(table_), table_.name
    listed = ", ".join(f'"{name}"' for name in names)
    new, old = (", ".join(f'{which}."{name}"' for name in names) for which in ("new", "old"))
    remove = f"INSERT INTO {index} ({index}, rowid, {listed}) VALUES ('delete', old.id, {old});"
    add = f"INSERT INTO {index} (rowid, {listed}) VALUES (new.id, {new});"
    return [
        *(f"DROP TRIGGER IF EXISTS {index}_{what}" for what in ("ai", "ad", "au")),
        f"DROP TABLE IF EXISTS {index}",
        f"CREATE VIRTUAL TABLE {index} USING fts5 ({listed}, content='{of}', content_rowid='id', tokenize='trigram')",
        f"INSERT INTO {index} ({index}) VALUES ('rebuild')",
        f'CREATE TRIGGER {index}_ai AFTER INSERT ON "{of}" BEGIN {add} END',
        f'CREATE TRIGGER {index}_ad AFTER DELETE ON "{of}" BEGIN {remove} END',
        f'CREATE TRIGGER {index}_au AFTER UPDATE OF {listed} ON "{of}" BEGIN {remove} {add} END',
    ]
