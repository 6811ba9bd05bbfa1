"""Finding records by part of a word: one interface, two engines.

SQLite: an FTS5 table with the trigram tokenizer, kept by triggers. PostgreSQL: a pg_trgm GIN index
over the joined search fields. Terms under three characters match the beginning of a word instead,
because a trigram index cannot see them.
"""

from __future__ import annotations

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


def searched(registry: Registry) -> list[str]:
    """The fields a search looks into."""
    return [name for name, f in registry.fields.items() if f.search]


def matches(
    registry: Registry,
    dialect: str,
    words: str,
    *,
    whole: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
) -> ColumnElement[bool]:
    """True for the rows that hold every word of `words` somewhere in their search fields; none where there are none.

    Fields in `whole` are found by their entire value only, so that nobody guesses one piece by piece; those in
    `without` are not looked into at all.
    """
    names = [name for name in searched(registry) if name not in without]
    if not names:
        return false()
    terms = words.split()
    long_terms = [term for term in terms if len(term) >= 3]
    if len(names) < len(searched(registry)) or whole & set(names):
        conditions = [_holds(registry, names, term.lower(), whole) for term in terms]  # what the index finds, narrowed
    else:
        conditions = [_starts(registry, term) for term in terms if len(term) < 3]
    if long_terms:
        conditions.append(_sqlite(registry, long_terms) if dialect == "sqlite" else _postgresql(registry, long_terms))
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
    index = index_name(registry.table)
    quoted = " ".join('"' + term.replace('"', '""') + '"' for term in terms)
    found: Select[int] = (
        select(column("rowid", Integer))
        .select_from(table(index))
        .where(literal_column(index).op("MATCH")(literal(quoted)))
    )
    return registry.table.c.id.in_(found)


def _postgresql(registry: Registry, terms: list[str]) -> ColumnElement[bool]:
    joined = literal_column(_joined(registry.table, searched(registry), qualified=True), String)
    return and_(*(joined.like(f"%{escaped(term.lower())}%", escape="\\") for term in terms))


def _starts(registry: Registry, term: str) -> ColumnElement[bool]:
    columns = [registry.table.c[name] for name in searched(registry)]
    start = escaped(term.lower()) + "%"
    return or_(
        *(func.lower(cast(c, String)).like(form, escape="\\") for c in columns for form in (start, f"% {start}"))
    )


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
