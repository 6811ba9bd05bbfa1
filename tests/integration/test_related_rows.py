"""A record and the rows edited on its form: one transaction, every problem at its row, nothing taken from others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.actors import Actor
from app.domain.errors import Forbidden
from app.models.audit import AuditEntry
from app.models.record import new_public_id
from app.operations import records, related_rows
from app.operations.related_rows import RelatedRows
from app.queries import lists
from app.registry import Inline, get

Staff = Callable[..., Actor]
SYSTEM = Actor.system("uji")
COMPANY, CONTACT = get("company"), get("contact")


def contacts(**said: Any) -> RelatedRows:
    return RelatedRows(Inline(CONTACT, "company"), **said)


def sari(**given: Any) -> dict[str, Any]:
    return {"name": "Sari Dewi", "email": "sari@contoh.example", **given}


@pytest.fixture
def company(session: Session, now: datetime) -> records.Outcome:
    return records.save(session, COMPANY, {"legal_name": "PT Contoh Maju"}, SYSTEM, now=now)


def contact_of(session: Session, company: records.Outcome, now: datetime, **given: Any) -> records.Outcome:
    return records.save(session, CONTACT, sari(company=company.id, **given), SYSTEM, now=now)


def stored(session: Session, public_id: str | None) -> dict[str, Any]:
    return lists.one(session, CONTACT, SYSTEM, str(public_id)) or {}


def test_a_new_company_and_its_contact_are_saved_together(session: Session, admin_actor: Actor, now: datetime) -> None:
    key, row = new_public_id(), new_public_id()

    def send() -> related_rows.Whole:
        return related_rows.save(
            session, COMPANY, {"legal_name": "PT Baru"}, admin_actor, [contacts(new={row: sari()})],
            now=now, as_public_id=key,
        )  # fmt: skip

    first, again = send(), send()
    session.commit()

    assert first.written
    assert stored(session, row)["company"] == first.record.id
    assert (again.record.action, again.rows[0][row].action) == ("same", "same"), "sent twice, written once"
    assert [one.action for one in session.exec(select(AuditEntry))] == ["create", "create"]


def test_a_wrong_row_stops_all_and_is_named_beside_every_other_problem(
    session: Session, admin_actor: Actor, now: datetime
) -> None:
    good, bad = new_public_id(), new_public_id()
    rows = contacts(new={good: sari(), bad: sari(name="", email="bukan alamat")})

    whole = related_rows.save(
        session, COMPANY, {"legal_name": "PT Baru", "nib": "12"}, admin_actor, [rows], now=now, as_public_id=good
    )
    session.commit()

    assert not whole.written
    assert {problem.field for problem in whole.record.problems} == {"nib"}
    assert {problem.field for problem in whole.rows[0][bad].problems} == {"name", "email"}
    assert whole.rows[0][good].problems == []
    assert session.exec(select(AuditEntry)).all() == []


def test_a_good_record_is_not_written_without_its_rows(session: Session, admin_actor: Actor, now: datetime) -> None:
    key, bad = new_public_id(), new_public_id()

    whole = related_rows.save(
        session, COMPANY, {"legal_name": "PT Baru"}, admin_actor, [contacts(new={bad: sari(email="bukan alamat")})],
        now=now, as_public_id=key,
    )  # fmt: skip
    session.commit()

    assert not whole.written
    assert lists.one(session, COMPANY, SYSTEM, key) is None
    assert session.exec(select(AuditEntry)).all() == [], "what was taken back leaves no trace in the log"


def test_rows_are_changed_and_removed_with_the_record(
    session: Session, admin_actor: Actor, company: records.Outcome, now: datetime
) -> None:
    one, other = contact_of(session, company, now), contact_of(session, company, now, email="lain@contoh.example")
    rows = contacts(
        changed={str(one.public_id): {"position": "Manajer"}},
        removed=[str(other.public_id)],
        versions={str(one.public_id): 1, str(other.public_id): 1},
    )

    whole = related_rows.save(
        session, COMPANY, {"address": "Jalan Uji 1"}, admin_actor, [rows], now=now, public_id=company.public_id,
        expected_version=1,
    )  # fmt: skip

    assert whole.written
    assert stored(session, one.public_id)["position"] == "Manajer"
    assert stored(session, other.public_id)["deleted_at"] is not None


@pytest.mark.parametrize("act", ["changed", "removed"])
def test_a_row_saved_by_a_colleague_meanwhile_stops_all(
    session: Session, admin_actor: Actor, company: records.Outcome, now: datetime, act: str
) -> None:
    one = contact_of(session, company, now)
    key = str(one.public_id)
    records.save(session, CONTACT, {"position": "Direktur"}, SYSTEM, now=now, public_id=key)
    session.commit()
    said: dict[str, Any] = {"changed": {key: {"position": "Manajer"}}} if act == "changed" else {"removed": [key]}
    rows = contacts(versions={key: 1}, **said)

    whole = related_rows.save(
        session, COMPANY, {"address": "Jalan Uji 1"}, admin_actor, [rows], now=now, public_id=company.public_id,
        expected_version=1,
    )  # fmt: skip

    assert not whole.written
    assert whole.rows[0][key].action == "conflict"
    assert stored(session, key)["position"] == "Direktur"
    assert stored(session, key)["deleted_at"] is None
    assert (lists.one(session, COMPANY, SYSTEM, str(company.public_id)) or {})["address"] is None


def test_a_row_a_colleague_changed_elsewhere_keeps_both_changes(
    session: Session, admin_actor: Actor, company: records.Outcome, now: datetime
) -> None:
    key = str(contact_of(session, company, now).public_id)
    records.save(session, CONTACT, {"phone": "081234567890"}, SYSTEM, now=now, public_id=key)
    session.commit()
    rows = contacts(versions={key: 1}, changed={key: {"position": "Manajer", "phone": ""}})

    whole = related_rows.save(
        session, COMPANY, {}, admin_actor, [rows], now=now, public_id=company.public_id, expected_version=1
    )

    assert whole.written
    assert (stored(session, key)["position"], stored(session, key)["phone"]) == ("Manajer", "+6281234567890")


@pytest.mark.parametrize("act", ["changed", "removed"])
def test_a_row_of_another_company_is_not_there(
    session: Session, admin_actor: Actor, company: records.Outcome, now: datetime, act: str
) -> None:
    stranger = records.save(session, COMPANY, {"legal_name": "PT Lain"}, SYSTEM, now=now)
    key = str(contact_of(session, stranger, now).public_id)
    said: dict[str, Any] = {"changed": {key: {"position": "Diambil"}}} if act == "changed" else {"removed": [key]}

    related_rows.save(
        session, COMPANY, {}, admin_actor, [contacts(**said)], now=now, public_id=company.public_id
    )  # fmt: skip

    assert stored(session, key)["company"] == stranger.id
    assert stored(session, key)["position"] is None
    assert stored(session, key)["deleted_at"] is None


def test_rows_need_the_right_of_their_own_registry(
    session: Session, staff: Staff, company: records.Outcome, now: datetime
) -> None:
    key = str(contact_of(session, company, now).public_id)
    officer = staff("field_officer")  # may change companies, not contacts
    for rows in (
        contacts(new={new_public_id(): sari(email="x@contoh.example")}),
        contacts(changed={key: {"position": "Manajer"}}),
        contacts(removed=[key]),
    ):
        with pytest.raises(Forbidden):
            related_rows.save(session, COMPANY, {}, officer, [rows], now=now, public_id=company.public_id)
