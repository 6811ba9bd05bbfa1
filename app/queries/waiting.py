"""How much waits for a person, for the numbers beside the menu: asked with every page, so in one small question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, ScalarSelect, Select, Table, True_, func, select, true
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.models.contact_request import ContactRequest, Question
from app.models.outbox_message import OutboxMessage
from app.models.submission import Submission

Shown = Callable[[Column[Any]], ColumnElement[bool]]  # of the column that names a company


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reports to decide on; requests and questions to answer; messages that are held or failed."""

    reports: int
    asked: int
    mail: int


def counts(session: Session, actor: Actor) -> Waiting:
    """What waits, of the companies the actor may see."""
    everywhere = isinstance(policy.of_company(_table(Submission).c.company_id, actor), True_)
    question = _of_all() if everywhere else _question(lambda column: policy.of_company(column, actor))
    reports, requests, questions, mail = session.execute(question).one()
    return Waiting(reports, requests + questions, mail)


@cache
def _of_all() -> Select[Any]:
    return _question(lambda _column: true())


def _question(shown: Shown) -> Select[Any]:
    def number(table: Table, condition: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).select_from(table).where(condition, shown(table.c.company_id)).scalar_subquery()

    reports, requests, questions, mail = (
        _table(model) for model in (Submission, ContactRequest, Question, OutboxMessage)
    )
    numbers: list[Any] = [
        number(reports, reports.c.state == "submitted"),
        number(requests, requests.c.state == "new"),
        number(questions, questions.c.state != "answered"),
        number(mail, mail.c.state.in_(("held", "failed"))),
    ]
    return select(*numbers)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
