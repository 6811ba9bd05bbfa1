"""The trash: what belongs together goes together and comes back together; what is in use stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.actors import Actor, Grants
from app.domain.errors import Refused
from app.models.audit import AuditEntry
from app.operations import audit, bulk_acts, records, trash
from app.queries import hanging
from app.queries.selection import Selection
from app.registry import get
from tests.integration.company import PERSON, SYSTEM, company
from tests.integration.test_submissions import send

Staff = Callable[..., Actor]
COMPANY = get("company")


def saved(session: Session, key: str, now: datetime, **values: Any) -> records.Outcome:
    outcome = records.save(session, get(key), values, SYSTEM, now=now)
    assert not outcome.problems, outcome.problems
    return outcome


def gone(session: Session, key: str) -> set[str]:
    table = get(key).table
    return set(session.execute(select(table.c.public_id).where(table.c.deleted_at.is_not(None))).scalars())


@pytest.fixture
def family(session: Session, now: datetime) -> dict[str, str]:
    """A company with two contacts, a work site whose escort is one of them, and a former name."""
    firm = saved(session, "company", now, legal_name="PT Contoh Maju", nib="1234567890123")
    one = saved(session, "contact", now, company=firm.id, name="Sari", phone="081234567890")
    two = saved(session, "contact", now, company=firm.id, name="Budi", phone="081234567891")
    site = saved(session, "worksite", now, company=firm.id, label="Pabrik", default_escort=one.id)
    name = saved(session, "company_name", now, company=firm.id, name="PT Contoh Lama", kind="former")
    session.commit()
    made = {"company": firm, "sari": one, "budi": two, "site": site, "name": name}
    return {key: str(outcome.public_id) for key, outcome in made.items()}


def test_what_belongs_to_a_company_goes_and_comes_with_it(
    session: Session, family: dict[str, str], admin_actor: Actor, now: datetime
) -> None:
    moved = trash.delete(session, COMPANY, [family["company"]], admin_actor, now=now, reason="salah ketik")
    session.commit()

    assert (moved.count, moved.along) == (1, {"company_name": 1, "contact": 2, "worksite": 1})
    assert gone(session, "contact") == {family["sari"], family["budi"]}
    entry = session.exec(
        select(AuditEntry).where(AuditEntry.entity_id == family["sari"], AuditEntry.action == "delete")
    )
    assert entry.one().after == {"with": {"registry": "company", "id": family["company"]}}

    back = trash.restore(session, COMPANY, [family["company"]], admin_actor, now=now + timedelta(hours=1))
    session.commit()

    assert (back.count, back.along) == (1, moved.along)
    assert not any(gone(session, key) for key in ("company", "contact", "worksite", "company_name"))
    assert audit.verify(session).broken_at is None


def test_what_was_thrown_away_before_stays_there(
    session: Session, family: dict[str, str], admin_actor: Actor, now: datetime
) -> None:
    trash.delete(session, get("contact"), [family["budi"]], admin_actor, now=now)
    trash.delete(session, COMPANY, [family["company"]], admin_actor, now=now + timedelta(minutes=1))
    trash.restore(session, COMPANY, [family["company"]], admin_actor, now=now + timedelta(minutes=2))

    assert gone(session, "contact") == {family["budi"]}


def test_a_part_does_not_come_back_before_its_owner(
    session: Session, family: dict[str, str], admin_actor: Actor, now: datetime
) -> None:
    trash.delete(session, COMPANY, [family["company"]], admin_actor, now=now)

    with pytest.raises(Refused, match="owner_in_trash") as refused:
        trash.restore(session, get("contact"), [family["sari"]], admin_actor, now=now)

    assert refused.value.params["name"] == "PT Contoh Maju"
    some = trash.restore(session, get("contact"), [family["sari"]], admin_actor, now=now, partial=True)
    assert (some.count, [id_ for id_, _why in some.refused]) == (0, [family["sari"]])


def test_a_sponsor_and_a_sponsored_person_are_not_thrown_away(
    session: Session, family: dict[str, str], admin_actor: Actor, now: datetime
) -> None:
    person = saved(session, "foreign_national", now, name_display="KIM", sex="L", birth_date="12/03/1985",
                   nationality="KOR")  # fmt: skip
    saved(session, "passport", now, person=person.id, issuing_state="KOR", number="M12345678")
    firm = records.find(session, COMPANY, family["company"], SYSTEM)
    bond = saved(session, "sponsorship", now, person=person.id, sponsor=firm["id"], started_on="01/02/2026")

    for key, public_id in (("company", family["company"]), ("foreign_national", str(person.public_id))):
        with pytest.raises(Refused, match="still_used"):
            records.delete_many(session, get(key), [public_id], admin_actor, now=now)
    assert not gone(session, "passport")
    records.delete_many(session, get("sponsorship"), [str(bond.public_id)], admin_actor, now=now)
    records.delete_many(session, get("foreign_national"), [str(person.public_id)], admin_actor, now=now)
    assert len(gone(session, "passport")) == 1


def test_a_report_that_waits_keeps_its_company(session: Session, admin_actor: Actor, now: datetime) -> None:
    firm = company(session, now)
    send(session, firm, now, PERSON)

    with pytest.raises(Refused, match="still_used"):
        records.delete_many(session, COMPANY, [firm.public_id], admin_actor, now=now)


def test_the_tree_tells_what_goes_what_asks_and_what_forbids(
    session: Session, family: dict[str, str], now: datetime
) -> None:
    other = saved(session, "company", now, legal_name="PT Lain")
    elsewhere = saved(session, "worksite", now, company=other.id, label="Gudang",
                      default_escort=records.find(session, get("contact"), family["sari"], SYSTEM)["id"])  # fmt: skip
    firm = records.find(session, COMPANY, family["company"], SYSTEM)

    tree = hanging.tree(session, COMPANY, [firm])

    assert {key: len(rows) for key, rows in tree.along.items()} == {"company_name": 1, "contact": 2, "worksite": 1}
    assert [(one.registry and one.registry.key, one.count) for one in tree.asking] == [("worksite", 1)]
    assert [row["public_id"] for row in tree.asking[0].samples] == [elsewhere.public_id]
    assert tree.blocking == []
    assert tree.blocked == {}


def test_who_may_not_delete_the_parts_does_not_delete_the_whole(
    session: Session, family: dict[str, str], staff: Staff, now: datetime
) -> None:
    kept = Grants(1, {("analyst", "worksite", "", "delete"): "deny"})
    analyst = replace(staff("analyst"), grants=kept)

    with pytest.raises(Refused, match="along_forbidden"):
        records.delete_many(session, COMPANY, [family["company"]], analyst, now=now)


def test_of_many_those_that_can_go_go_and_an_undo_brings_their_parts_back(
    session: Session, family: dict[str, str], admin_actor: Actor, now: datetime
) -> None:
    busy = saved(session, "company", now, legal_name="PT Sibuk")
    person = saved(session, "foreign_national", now, name_display="KIM", sex="L", birth_date="12/03/1985",
                   nationality="KOR")  # fmt: skip
    saved(session, "sponsorship", now, person=person.id, sponsor=busy.id, started_on="01/02/2026")
    session.commit()
    chosen = Selection(public_ids=(family["company"], str(busy.public_id)))

    job = bulk_acts.ask(session, "bulk_delete", COMPANY, admin_actor, chosen, language="id", now=now)
    session.commit()

    assert (job.result["changed"], job.result["refused_count"]) == (1, 1)
    assert job.result["refused"][0]["code"] == "still_used"
    assert len(gone(session, "contact")) == 2
    bulk_acts.ask_undo(session, job, admin_actor, language="id", now=now + timedelta(minutes=5))
    session.commit()
    assert not any(gone(session, key) for key in ("company", "contact", "worksite", "company_name"))


def test_the_statements_do_not_grow_with_what_hangs_on_it(
    session: Session, family: dict[str, str], admin_actor: Actor, now: datetime, statements: list[str]
) -> None:
    def sent(at: datetime) -> int:
        statements.clear()
        trash.delete(session, COMPANY, [family["company"]], admin_actor, now=at)
        trash.restore(session, COMPANY, [family["company"]], admin_actor, now=at)
        return len(statements)

    few = sent(now)
    firm = records.find(session, COMPANY, family["company"], SYSTEM)["id"]
    rows = [{"company": firm, "name": "Sari", "phone": "081234567890", "email": f"k{n}@contoh.example"}
            for n in range(200)]  # fmt: skip
    assert records.save_many(session, get("contact"), rows, SYSTEM, now=now).written
    assert sent(now + timedelta(minutes=1)) <= few
