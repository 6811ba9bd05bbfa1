"""Nothing writes to a registry's table except `app.operations.records`.

`before_flush` alone sees ORM writes only, so statements are watched too (`do_orm_execute`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as AnySession

from app.registry import registries


class UnguardedWrite(RuntimeError):
    """A registry table was about to be written outside the one path. A defect, never a user's fault."""


def install() -> None:
    """Watch every session of this process; safe to call again."""
    if not event.contains(AnySession, "before_flush", _flush):
        event.listen(AnySession, "before_flush", _flush)
        event.listen(AnySession, "do_orm_execute", _execute)


def _flush(session: AnySession, _context: Any, _instances: Any) -> None:
    if not session.info.get("writing"):
        for instance in (*session.new, *session.dirty, *session.deleted):
            _refuse(getattr(instance, "__tablename__", ""))


def _execute(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("writing"):
        _refuse(getattr(getattr(state.statement, "table", None), "name", ""))


def _refuse(table: str) -> None:
    if table in registries():
        raise UnguardedWrite(f"{table} is written by app.operations.records only")
