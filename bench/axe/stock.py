"""What the pages need beside the demo: of each registry one with a past and one thrown away; work in all states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import inspect, text
from sqlmodel import Session

from admin import exports
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.models.job import Job
from app.operations import records, trash
from app.queries import accounts, lists
from app.registry import Registry, get, registries
from bench._site import Site
from tests.factories import values
from tests.matrix.values import marked

SYSTEM = Actor.system("bench")
ADMIN = "admin@kantor.example"


@dataclass
class Stock:
    """Public ids by what they are."""

    first: dict[str, Any] = field(default_factory=dict)  # of the demo, by registry
    past: dict[str, str] = field(default_factory=dict)  # a record with versions, by registry
    aged: dict[str, str] = field(default_factory=dict)  # the field in which they differ, by registry
    jobs: dict[str, str] = field(default_factory=dict)  # by state
    broken: str = ""  # a piece of work whose page the application cannot draw


def lay_in(site: Site) -> Stock:
    """Fill the running demo."""
    stock = Stock(first=site.ids())
    for registry in registries().values():
        made = [_record(registry) for _ in range(2)]
        kept = made[0] or stock.first[registry.key]
        if kept:
            stock.aged[registry.key] = _age(registry, kept)
            stock.past[registry.key] = kept
        if made[1]:
            _throw_away(registry, made[1])
        stock.first[registry.key] = stock.first[registry.key] or kept
    stock.jobs = dict(_jobs(stock.first["company"]))
    stock.broken = stock.jobs.pop("broken")
    _many_entries()
    return stock


def _record(registry: Registry) -> str:
    """A new record of made-up values, "" where the rules of the registry want more than examples."""
    with unit_of_work() as session:
        row = values(session, registry, now=utcnow())
        own = {f.key: marked(f) for f in registry.fields.values() if f.key in row and not f.type.choices("id")}
        for tried in (row | {key: value for key, value in own.items() if value is not None}, row):
            made = records.save(session, registry, tried, SYSTEM, now=utcnow())
            if not made.problems:
                return str(made.public_id)
    return ""


def _age(registry: Registry, public_id: str) -> str:
    """Two more versions, where a field takes another text: the name of that field, "" where none does."""
    taken = ""
    for number in (1, 2):
        with unit_of_work() as session:
            row = lists.one(session, registry, SYSTEM, public_id)
            assert row is not None
            for change in _changes(registry, number):
                made = records.save(session, registry, change, SYSTEM, now=utcnow(), public_id=public_id)
                if not made.problems:
                    taken = next(iter(change))
                    break
    return taken


def _changes(registry: Registry, number: int) -> Iterator[dict[str, Any]]:
    """Changes of one field each, texts first; the rules of a registry may refuse some of them."""
    fields = [f for f in registry.fields.values() if not (f.computed or f.reference or f.unique)]
    for kind in ("long_text", "text", "person_name", "legal_name", "int", "date"):
        other = {"int": number, "date": f"0{number}/02/2031"}.get(kind, f"Catatan {'Lain' * number}")
        yield from ({f.key: other} for f in fields if f.type.key == kind)


def _throw_away(registry: Registry, public_id: str) -> None:
    with unit_of_work() as session:
        trash.delete(session, registry, [public_id], SYSTEM, now=utcnow(), reason="Dicatat dua kali", partial=True)


def _jobs(company: str) -> Iterator[tuple[str, str]]:
    """A job in each state, with everything its page can show."""
    refused = {"public_id": company, "title": "PT Contoh", "code": "required", "field": "nib", "params": {}}
    with unit_of_work() as session:
        owner = accounts.by_email(session, ADMIN)
        assert owner is not None
        for state, more in {
            "queued": {"total": 40},
            "running": {"total": 400, "done": 120},
            "done": {"total": 3, "done": 3, "result": {"changed": 2, "refused_count": 1, "refused": [refused],
                                                       "touched_count": 1, "touched": [company]}},
            "failed": {"total": 9, "done": 4, "error": {"code": "job_given_up", "params": {}}},
            "cancelled": {"total": 9, "done": 4},
            "exported": {"kind": "export", "total": 20_400, "done": 20_400, "state": "done",
                         "params": {"kind": "xlsx"}, "result": {"name": "catatan-register-2026-11-29.xlsx"},
                         "expires_at": utcnow() + timedelta(days=1)},
            "broken": {"kind": "export", "state": "done", "expires_at": utcnow() + timedelta(days=1)},
        }.items():  # fmt: skip
            job = Job(**{"kind": "bulk_update", "registry_key": "company", "user_id": owner.user.id, "state": state,
                         "params": {"reason": "Uji tampilan"}, "created_at": utcnow(), "created_by": "Administrator",
                         **more})  # fmt: skip
            session.add(job)
            session.flush()
            yield state, job.public_id


def _many_entries() -> None:
    """More rows than are exported while the browser waits; written past the records, which would take a minute."""
    with unit_of_work() as session:
        names = [one["name"] for one in inspect(session.connection()).get_columns("register_entry")]
        own = {"id": "NULL", "public_id": "lower(hex(randomblob(8)))", "source_row": "1000000 + n", "raw": "'{}'",
               "company": "NULL", "person": "NULL"}  # fmt: skip
        most = exports.AT_ONCE["xlsx"]
        count = f"WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n <= {most})"
        chosen = ", ".join(own.get(name, name) for name in names)
        first = "(SELECT * FROM register_entry ORDER BY id LIMIT 1)"
        session.execute(
            text(f"INSERT INTO register_entry ({', '.join(names)}) {count} SELECT {chosen} FROM many, {first}")
        )


def stay_fresh() -> None:
    """Everybody has just proven who they are, so that a long walk is not asked on the way."""
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET proven_at = :now"), {"now": utcnow().replace(tzinfo=None)})


__all__ = ["ADMIN", "Session", "Stock", "get", "lay_in", "settings", "stay_fresh"]
