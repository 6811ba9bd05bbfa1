"""Which of the office's own words are in force for a kind of message."""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.models.message_template import MessageTemplate


def in_force(session: Session, kind: str, language: str) -> int | None:
    """The id of the highest approved version; None where the text that comes with the product is used."""
    query = select(MessageTemplate.id).where(
        MessageTemplate.kind == kind,
        MessageTemplate.language == language,
        MessageTemplate.status == "approved",
        col(MessageTemplate.deleted_at).is_(None),
    )
    return session.exec(query.order_by(col(MessageTemplate.version).desc(), col(MessageTemplate.id).desc())).first()
