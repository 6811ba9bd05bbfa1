"""What a picker finds and offers, and what stands beside a name so that records of one name can be told apart.

A registry says what stands there (`Registry.detail`). Whoever types the name of a record that stands beside others
finds those: the RPTKA of a company by the company. All of it through the policy, in as many statements for one entry as
for a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session

from app import policy, search
from app.domain.actors import Actor
from app.domain.fields import Masked
from app.queries import lists
from app.queries.keys import standing
from app.registry import Registry, get

_SHORT = 3  # letters an index of threes needs
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as a picker shows it: its public id, its name, and what stands beside the name."""

    value: str
    name: str
    beside: str
    alone: bool = True  # whether the name says enough

    @property
    def text(self) -> str:
        """In one line, as short as can be."""
        return self.name if self.alone or not self.beside else f"{self.name} · {self.beside}"


def found(
    session: Session, registry: Registry, actor: Actor, text: str, language: str, *, limit: int = 20
) -> list[Entry]:
    """Records that hold every word of `text`; after them those of which a record beside the name holds some."""
    rows = lists.page(session, registry, actor, search_for=text, limit=limit, count=False).rows
    also = _also(session, registry, actor, text) if len(rows) < limit else None
    if also is not None:
        also = and_(also, registry.table.c.id.not_in([row["id"] for row in rows]))
        rows += lists.page(session, registry, actor, extra=also, limit=limit - len(rows), count=False).rows
    return entries(session, registry, actor, rows, language)


def offered(session: Session, registry: Registry, actor: Actor, language: str, *, limit: int) -> list[Entry]:
    """The first records in the registry's own order, as a short list offers them."""
    return entries(session, registry, actor, lists.first(session, registry, actor, limit=limit), language)


def entries(
    session: Session, registry: Registry, actor: Actor, rows: Sequence[Mapping[str, Any]], language: str
) -> list[Entry]:
    """Rows as `lists.seen` gives them, with what stands beside their names as far as the actor may see it."""
    names = [lists.title(registry, row) for row in rows]
    times = Counter(names)
    labels = lists.labels(session, registry, rows, actor, only=registry.beside)
    made = []
    for row, name in zip(rows, names, strict=True):
        beside = _beside(registry, row, labels, language)
        made.append(Entry(row["public_id"], name, beside, alone=not registry.detail and times[name] == 1))
    return made


def _beside(registry: Registry, row: Mapping[str, Any], labels: lists.Named, language: str) -> str:
    said = []
    for name in registry.beside:
        value = row.get(name)
        if value is None or isinstance(value, Masked):
            continue
        if name in labels:
            said.append(labels[name].get(value, ("", ""))[0])
        else:
            said.append(registry.fields[name].type.show(value, language))
    return " · ".join(text for text in said if text)


def _also(session: Session, registry: Registry, actor: Actor, text: str) -> ColumnElement[bool] | None:
    """Rows that hold each word themselves or in a record beside the name; None where nothing more is to be found."""
    words, closed = text.split(), policy.hidden(registry, actor) | policy.masked(registry, actor)
    long_words = [word for word in words if len(word) >= _SHORT]
    pointing = [name for name in registry.detail if name in registry.references and name not in closed]
    if not long_words or not pointing or len(words) > _MOST_WORDS:
        return None
    dialect = session.get_bind().dialect.name

    def holds(target: Registry, word: str) -> ColumnElement[bool]:
        veiled, hidden = policy.veiled(target, actor), policy.hidden(target, actor)
        return search.Asked(target, dialect, word, veiled, hidden).matches

    def there(target: Registry, word: str) -> ColumnElement[bool]:
        """A short word, which no index knows, is looked for only where a long one was found."""
        near = [or_(*(holds(target, one) for one in long_words))] if len(word) < _SHORT else []
        return and_(policy.visible(target, actor), standing(dialect, target.table), holds(target, word), *near)

    def either(word: str) -> ColumnElement[bool]:
        ways = [holds(registry, word)]
        for name in pointing:
            target = get(registry.references[name])
            ids = select(target.table.c.id).where(there(target, word)).correlate(None)
            ways.append(registry.table.c[name].in_(ids))
        return or_(*ways)

    return and_(*(either(word) for word in words))
