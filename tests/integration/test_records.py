"""The one write path: what is saved, refused, noted and never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, update
from sqlmodel import Session, select

from app import database
from app.domain.actors import Actor
from app.domain.errors import Forbidden, NotFound
from app.models.audit import AuditEntry
from app.models.company import Company
from app.models.guard import UnguardedWrite
from app.operations import audit, records
from app.queries import lists
from app.registry import get

Staff = Callable[..., Actor]


def company(**values: object) -> dict[str, object]:
    return {"legal_name": "PT Contoh Maju", "nib": "1234567890123", **values}


def codes(outcome: records.Outcome) -> set[tuple[str, str | None]]:
    return {(problem.code, problem.field) for problem in outcome.problems}


def test_a_new_record_is_normalised_computed_and_audited(session: Session, admin_actor: Actor, now: datetime) -> None:
    outcome = records.save(session, get("company"), company(nib="1234-5678-90123", kbli="08101"), admin_actor, now=now)
    session.commit()
    row = records.find(session, get("company"), str(outcome.public_id), admin_actor)
    assert (row["nib"], row["sector"], row["name_normalised"], row["status"]) == (
        "1234567890123", "B", "contoh maju", "unconfirmed",
    )  # fmt: skip
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.action, entry.entity, entry.entity_id) == ("create", "company", outcome.public_id)
    assert entry.after is not None
    assert entry.after["legal_name"] == "PT Contoh Maju"


def test_all_problems_of_a_row_come_at_once_and_nothing_is_written(
    session: Session, admin_actor: Actor, now: datetime
) -> None:
    outcome = records.save(
        session, get("company"), {"nib": "12", "zone": "Tak Ada", "sector": "B", "colour": "red"}, admin_actor, now=now
    )
    assert codes(outcome) == {
        ("required", "legal_name"), ("pattern", "nib"), ("reference_unknown", "zone"), ("not_allowed", "sector"),
        ("unknown_field", "colour"),
    }  # fmt: skip
    session.commit()
    assert session.exec(select(AuditEntry)).all() == []


def test_a_stale_edit_is_a_conflict_and_overwrites_nothing(session: Session, admin_actor: Actor, now: datetime) -> None:
    made = records.save(session, get("company"), company(), admin_actor, now=now)
    first = records.save(
        session,
        get("company"),
        {"address": "Jl. Satu"},
        admin_actor,
        now=now,
        public_id=made.public_id,
        expected_version=1,
    )
    second = records.save(
        session,
        get("company"),
        {"address": "Jl. Dua"},
        admin_actor,
        now=now,
        public_id=made.public_id,
        expected_version=1,
    )
    assert (first.action, second.action) == ("changed", "conflict")
    assert records.find(session, get("company"), str(made.public_id), admin_actor)["address"] == "Jl. Satu"


def test_saving_the_same_again_changes_and_notes_nothing(session: Session, admin_actor: Actor, now: datetime) -> None:
    made = records.save(session, get("company"), company(), admin_actor, now=now)
    again = records.save(session, get("company"), company(), admin_actor, now=now, public_id=made.public_id)
    session.commit()
    assert again.action == "same"
    assert len(session.exec(select(AuditEntry)).all()) == 1


def test_the_same_business_number_is_refused_in_one_call_and_across_calls(
    session: Session, admin_actor: Actor, now: datetime
) -> None:
    both = records.save_many(session, get("company"), [company(), company(legal_name="PT Lain")], admin_actor, now=now)
    assert [outcome.action for outcome in both.outcomes] == ["new", "error"]
    assert not both.written
    records.save(session, get("company"), company(), admin_actor, now=now)
    later = records.save(session, get("company"), company(legal_name="PT Lain"), admin_actor, now=now)
    assert codes(later) == {("duplicate", "nib")}


def test_a_blank_clears_an_optional_field_and_resets_one_with_a_default(
    session: Session, admin_actor: Actor, now: datetime
) -> None:
    made = records.save(session, get("company"), company(address="Jl. Satu", status="documented"), admin_actor, now=now)
    outcome = records.save(
        session, get("company"), {"address": " ", "status": ""}, admin_actor, now=now, public_id=made.public_id
    )
    assert outcome.after == {"address": None, "status": "unconfirmed"}


def test_references_are_written_as_code_name_or_public_id(session: Session, admin_actor: Actor, now: datetime) -> None:
    region = records.save(
        session, get("region"), {"code": "35.16", "name": "Mojokerto", "level": "kab"}, admin_actor, now=now
    )
    written = ["3516", "Mojokerto", str(region.public_id), region.id]
    rows = [company(nib=None, region=text) for text in written]
    saved = records.save_many(session, get("company"), rows, admin_actor, now=now)
    assert [outcome.after["region"] for outcome in saved.outcomes] == [region.id] * 4


def test_matching_updates_what_is_there_and_adds_the_rest(session: Session, admin_actor: Actor, now: datetime) -> None:
    records.save(session, get("company"), company(), admin_actor, now=now)
    rows = [company(address="Jl. Baru"), company(nib="9999999999999", legal_name="PT Baru")]
    saved = records.save_many(session, get("company"), rows, admin_actor, now=now, match=("nib",))
    assert [outcome.action for outcome in saved.outcomes] == ["changed", "new"]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    session: Session, admin_actor: Actor, now: datetime, statements: list[str]
) -> None:
    def sent(count: int, first: int) -> int:
        statements.clear()
        rows = [{"legal_name": f"PT {n}", "nib": f"{n:013d}"} for n in range(first, first + count)]
        assert records.save_many(session, get("company"), rows, admin_actor, now=now, match=("nib",)).written
        return len(statements)

    assert sent(2000, 1000) <= sent(2, 10) + 3  # a driver may split one insert of many rows


def test_the_trash_takes_and_gives_back(session: Session, admin_actor: Actor, now: datetime) -> None:
    made = records.save(session, get("company"), company(), admin_actor, now=now)
    assert records.delete_many(session, get("company"), [str(made.public_id)], admin_actor, now=now) == 1
    assert codes(records.save(session, get("company"), company(), admin_actor, now=now)) == {
        ("duplicate_deleted", "nib")
    }
    assert records.restore_many(session, get("company"), [str(made.public_id)], admin_actor, now=now) == 1
    session.commit()
    assert [entry.action for entry in session.exec(select(AuditEntry).order_by("seq"))] == [
        "create",
        "delete",
        "restore",
    ]


def test_who_may_not_write_is_refused(session: Session, staff: Staff, now: datetime) -> None:
    with pytest.raises(Forbidden):
        records.save(session, get("company"), company(), staff("auditor"), now=now)


def test_another_territory_does_not_exist_for_an_agency(session: Session, admin_actor: Actor, now: datetime) -> None:
    for code, name in (("35.16", "Mojokerto"), ("64.02", "Kutai Kartanegara")):
        records.save(session, get("region"), {"code": code, "name": name, "level": "kab"}, admin_actor, now=now)
    here = records.save(session, get("company"), company(region="35.16"), admin_actor, now=now)
    there = records.save(session, get("company"), company(nib="2234567890123", region="64.02"), admin_actor, now=now)
    agency = Actor("agency", "Camat Ngoro", frozenset({"agency_member"}), region_code="35.16")
    assert records.find(session, get("company"), str(here.public_id), agency)["region"] == 1
    with pytest.raises(NotFound):
        records.find(session, get("company"), str(there.public_id), agency)


def test_a_reveal_returns_the_value_and_leaves_a_trace(session: Session, admin_actor: Actor, now: datetime) -> None:
    person = {"name_display": "Kim Contoh", "sex": "L", "birth_date": "12-03-1985", "nationality": "Korea Selatan"}
    who = records.save(session, get("foreign_national"), person, admin_actor, now=now)
    passport = {"person": who.id, "issuing_state": "KOR", "number": "m 1234-5678"}
    made = records.save(session, get("passport"), passport, admin_actor, now=now)
    seen = records.reveal(
        session, get("passport"), str(made.public_id), "number", admin_actor, now=now, reason="pemeriksaan"
    )
    session.commit()
    last = session.exec(select(AuditEntry).order_by("seq")).all()[-1]
    assert (seen, last.action, last.after, last.reason) == ("M12345678", "reveal", {"field": "number"}, "pemeriksaan")


def test_nothing_writes_round_the_one_path(session: Session, now: datetime) -> None:
    table = get("company").table
    with pytest.raises(UnguardedWrite):
        session.execute(insert(table).values(legal_name="PT Lewat"))
    with pytest.raises(UnguardedWrite):
        session.execute(update(Company).values(legal_name="PT Lewat"))
    session.add(Company(legal_name="PT Lewat"))
    with pytest.raises(UnguardedWrite):
        session.flush()
    session.rollback()


def test_tampering_breaks_the_chain(session: Session, admin_actor: Actor, now: datetime) -> None:
    records.save_many(session, get("company"), [{"legal_name": f"PT {n}"} for n in range(5)], admin_actor, now=now)
    session.commit()
    assert audit.verify(session).broken_at is None
    off, on = (
        ("DROP TRIGGER audit_entry_no_update", "SELECT 1")
        if session.get_bind().dialect.name == "sqlite"
        else ("ALTER TABLE audit_entry DISABLE TRIGGER USER", "SELECT 1")
    )
    session.connection().exec_driver_sql(off)
    session.connection().exec_driver_sql("UPDATE audit_entry SET actor = 'orang lain' WHERE seq = 3")
    session.connection().exec_driver_sql(on)
    session.expire_all()
    assert audit.verify(session).broken_at == 3


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_the_audit_log(
    session: Session, admin_actor: Actor, now: datetime, statement: str
) -> None:
    records.save(session, get("company"), company(), admin_actor, now=now)
    session.commit()
    with pytest.raises(Exception, match="never"):
        session.connection().exec_driver_sql(statement)


def test_a_rolled_back_save_leaves_no_audit_entry(session: Session, admin_actor: Actor, now: datetime) -> None:
    records.save(session, get("company"), company(), admin_actor, now=now)
    session.rollback()
    records.save(session, get("company"), company(nib=None, legal_name="PT Kedua"), admin_actor, now=now)
    session.commit()
    assert [entry.after["legal_name"] for entry in session.exec(select(AuditEntry)) if entry.after] == ["PT Kedua"]


def test_two_writers_share_one_unbroken_chain(database_url: str, admin_actor: Actor, now: datetime) -> None:
    import threading

    def write(number: int) -> None:
        with database.unit_of_work() as opened:
            records.save(opened, get("company"), {"legal_name": f"PT {number}"}, admin_actor, now=now)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.unit_of_work(write=False) as opened:
        assert audit.verify(opened) == audit.Verdict(8, None, audit.verify(opened).head)


def test_a_form_that_creates_and_is_sent_twice_creates_once(
    session: Session, admin_actor: Actor, now: datetime
) -> None:
    first = records.save(
        session, get("contact"), contact(session, now), admin_actor, now=now, as_public_id="0123456789abcdef"
    )
    again = records.save(
        session, get("contact"), contact(session, now), admin_actor, now=now, as_public_id="0123456789abcdef"
    )
    assert (first.action, again.action, again.id) == ("new", "same", first.id)


@pytest.mark.parametrize("made_up", ["x", "0123456789ABCDEF", "' OR 1=1 --aaaaa", "0" * 17])
def test_an_id_that_we_never_make_is_not_taken(
    session: Session, admin_actor: Actor, now: datetime, made_up: str
) -> None:
    with pytest.raises(NotFound):
        records.save(session, get("company"), company(), admin_actor, now=now, as_public_id=made_up)


def contact(session: Session, now: datetime) -> dict[str, object]:
    owner = records.save_many(session, get("company"), [company()], Actor.system("uji"), now=now, match=("nib",))
    return {"company": owner.outcomes[0].id, "name": "Sari Contoh", "phone": "081234567890"}


def hundred(session: Session, actor: Actor, now: datetime, **values: str) -> list[Company]:
    rows = [company(legal_name=f"PT Contoh {n}", nib=f"{9_120_000_000_000 + n}", **values) for n in range(100)]
    assert records.save_many(session, get("company"), rows, actor, now=now, match=("nib",)).written
    session.expire_all()
    return list(session.exec(select(Company)).all())


def test_many_rows_that_change_alike_are_written_at_once(
    session: Session, admin_actor: Actor, now: datetime, statements: list[str]
) -> None:
    hundred(session, admin_actor, now)
    statements.clear()
    found = hundred(session, admin_actor, now, scale="small")
    assert {(one.scale, one.row_version) for one in found} == {("small", 2)}
    assert sum(one.upper().startswith("UPDATE COMPANY ") for one in statements) == 1


def test_many_rows_are_kept_to_the_letter(session: Session, admin_actor: Actor, now: datetime) -> None:
    """PostgreSQL takes many rows by COPY, whose own signs must stay what they are."""
    odd = "Jalan\t1\\N\\t “dua” \\\\ ' \" ; , \n baris kedua \\."
    kept = records.save(session, get("company"), company(address=odd), admin_actor, now=now).after["address"]
    found = hundred(session, admin_actor, now, address=odd)
    assert "\\N" in kept
    assert {one.address for one in found} == {kept}
    session.commit()
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "create")).all()
    assert {(entry.after or {})["address"] for entry in entries} == {kept}
    assert audit.verify(session).broken_at is None


@pytest.mark.parametrize("many", [1, 49, 100, 251])  # one by one, by COPY, many a statement and a rest
def test_however_many_rows_go_in_each_holds_its_own_values(
    session: Session, admin_actor: Actor, now: datetime, many: int
) -> None:
    rows = [
        {
            "legal_name": f"PT Contoh {n}",
            "nib": str(10**12 + n) if n % 2 else None,
            "is_sponsor": n % 3 == 0,
            "lat": Decimal(n % 90),
        }
        for n in range(many)
    ]
    made = records.save_many(session, get("company"), rows, admin_actor, now=now)
    session.commit()
    for given, outcome in zip(rows, made.outcomes, strict=True):
        row = records.find(session, get("company"), str(outcome.public_id), admin_actor)
        assert {name: row[name] for name in given} == given
        assert (row["id"], row["created_at"], row["extra"], row["address_verified_on"]) == (outcome.id, now, {}, None)
    found = lists.page(session, get("company"), admin_actor, search_for=f"Contoh {many - 1}", limit=5)
    assert f"PT Contoh {many - 1}" in {row["legal_name"] for row in found.rows}
