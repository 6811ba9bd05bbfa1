"""How much waits for a person, for the numbers beside the menu: asked with every page, so in one small question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, ScalarSelect, Table, True_, func, or_, select, true
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

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Waiting:
        """From the answers to `all_`."""
        reports, requests, questions, mail = numbers
        return cls(reports, requests + questions, mail)


def counts(session: Session, actor: Actor) -> Waiting:
    """What waits, of the companies the actor may see."""
    return Waiting.of(session.execute(select(*_numbers(lambda column: policy.of_company(column, actor)))).one())


def sees_all(actor: Actor) -> bool:
    """Whether what waits for the actor is what waits at all: `all_` then answers, in a query that is asked anyway."""
    return isinstance(policy.of_company(_table(Submission).c.company_id, actor), True_)


@cache
def all_() -> tuple[ScalarSelect[int], ...]:
    return tuple(_numbers(lambda _column: true()))


def _numbers(shown: Shown) -> list[ScalarSelect[int]]:
    def number(table: Table, condition: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).select_from(table).where(condition, shown(table.c.company_id)).scalar_subquery()

    reports, requests, questions, mail = (
        _table(model) for model in (Submission, ContactRequest, Question, OutboxMessage)
    )
    return [
        number(reports, reports.c.state == "submitted"),
        number(requests, requests.c.state == "new"),
        number(questions, questions.c.state != "answered"),
        number(mail, or_(mail.c.state == "held", mail.c.state == "failed")),
    ]


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
