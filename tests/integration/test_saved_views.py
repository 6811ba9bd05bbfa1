"""Saved views: kept, shared, opened, changed, and used as a segment only while everything in them holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import Session, select

from app.domain.actors import Actor
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.list_state import ListState
from app.models.audit import AuditEntry
from app.models.saved_view import SavedView
from app.operations import records, users, views
from app.queries import saved_views
from app.registry import get

COMPANY = get("company")
SYSTEM = Actor.system("uji")
Person = Callable[..., Actor]


@pytest.fixture
def person(session: Session, now: datetime) -> Person:
    """`person("analyst")`: a member of staff with a row of their own."""
    known: list[str] = []

    def make(*roles: str, kind: str = "staff") -> Actor:
        known.append(f"{len(known)}@kantor.example")
        user = users.add(session, email=known[-1], name="Siti Aminah", roles=["analyst"], actor=SYSTEM, now=now)
        return Actor(kind=kind, name=user.name, roles=frozenset(roles), user_id=user.id)  # type: ignore[arg-type]

    return make


def state(query: str) -> ListState:
    from urllib.parse import parse_qsl

    return ListState.read(COMPANY.fields.values(), parse_qsl(query))


def test_a_view_is_kept_with_everything_but_the_place_in_the_list(
    session: Session, person: Person, now: datetime
) -> None:
    owner = person("analyst")
    shown = state(
        "q=jaya&f_status=closed&where=any(zone:empty;is_sponsor:is:1)&order=-nib&cols=nib,zone&density=compact&cursor=abc&view=x"
    )

    view = views.keep(session, COMPANY, owner, shown, name="  Tutup   lama ", now=now)

    assert view.name == "Tutup lama"
    assert saved_views.state(view, owner) == replace(shown, cursor=None, view="")
    assert [one.name for one in saved_views.listed(session, COMPANY, owner)] == ["Tutup lama"]


UNFIT = [
    ("", "view_unnamed"),
    ("   ", "view_unnamed"),
    ("a\0b", "view_unnamed"),
    ("x" * 81, "view_name_long"),
    ("SAMA", "view_name_taken"),
]


@pytest.mark.parametrize(("name", "code"), UNFIT)
def test_a_name_that_will_not_do_is_refused(
    session: Session, person: Person, now: datetime, name: str, code: str
) -> None:
    owner = person("analyst")
    views.keep(session, COMPANY, owner, state("f_status=closed"), name="sama", now=now)

    with pytest.raises(Refused, match=code):
        views.keep(session, COMPANY, owner, state("f_status=closed"), name=name, now=now)
    assert views.keep(session, COMPANY, person("analyst"), state(""), name="sama", now=now).id


def test_only_what_is_shared_is_seen_by_others_and_only_its_owner_or_an_administrator_changes_it(
    session: Session, person: Person, now: datetime
) -> None:
    owner, other, admin = person("analyst"), person("secretariat"), person("admin")
    view = views.keep(session, COMPANY, owner, state("f_status=closed"), name="Milik saya", now=now)
    for stranger in (other, admin):
        with pytest.raises(NotFound):
            saved_views.one(session, view.public_id, stranger)

    views.change(session, view, owner, shared=True, now=now)

    assert saved_views.one(session, view.public_id, other) is view
    with pytest.raises(Forbidden):
        views.change(session, view, other, name="Dicuri", now=now)
    with pytest.raises(Forbidden):
        views.remove(session, view, other, now=now)
    views.change(session, view, admin, name="Tutup", default_for=["analyst", "head"], now=now)
    assert saved_views.opening([view], other) is None
    assert saved_views.opening([view], owner) is view
    views.change(session, view, owner, state=state("f_status=documented"), now=now)
    assert view.default_for == ["analyst", "head"], "a change of what it shows leaves the rest"
    views.change(session, view, owner, shared=False, now=now)
    assert saved_views.opening([view], owner) is None, "what nobody else sees opens for nobody"


def test_an_agency_neither_sees_the_views_of_the_office_nor_shares_its_own(
    session: Session, person: Person, now: datetime
) -> None:
    office, agency = person("analyst"), person("agency_member", kind="agency")
    views.keep(session, COMPANY, office, state("f_status=closed"), name="Kantor", shared=True, now=now)

    own = views.keep(session, COMPANY, agency, state(""), name="Kami", shared=True, default_for=["admin"], now=now)

    assert [view.name for view in saved_views.listed(session, COMPANY, agency)] == ["Kami"]
    assert (own.shared, own.default_for) == (False, [])


def test_a_shared_view_opens_for_nobody_who_does_not_see_it(session: Session, person: Person, now: datetime) -> None:
    wanted = ["analyst", "agency_member", "agency_coordinator", "nonsense"]

    view = views.keep(
        session,
        COMPANY,
        person("admin"),
        state("f_status=closed"),
        name="Tutup",
        shared=True,
        default_for=wanted,
        now=now,
    )

    assert view.default_for == ["analyst"]
    assert not {"agency_member", "agency_coordinator"} & set(saved_views.sharing_roles()), "nor are they offered"


def test_every_change_of_a_view_is_in_the_audit_table_without_what_was_searched_for(
    session: Session, person: Person, now: datetime
) -> None:
    owner = person("analyst")
    view = views.keep(session, COMPANY, owner, state("q=KIM+MIN+JI"), name="Cari", now=now)
    views.change(session, view, owner, name="Cari lagi", now=now)
    views.change(session, view, owner, name="Cari lagi", now=now)
    views.remove(session, view, owner, now=now)
    session.commit()

    entries = session.exec(select(AuditEntry).where(AuditEntry.entity == "saved_view")).all()

    assert [entry.action for entry in entries] == ["create", "update", "delete"]
    assert not any("KIM" in str((entry.before, entry.after)) for entry in entries)
    assert session.exec(select(SavedView)).all() == []


def test_a_view_is_a_segment_of_the_records_its_reader_may_see(
    session: Session, person: Person, now: datetime, today: date
) -> None:
    owner = person("analyst")
    rows = [{"legal_name": f"PT {n}", "status": "closed" if n < 2 else "documented"} for n in range(5)]
    made = records.save_many(session, COMPANY, rows, SYSTEM, now=now)
    view = views.keep(session, COMPANY, owner, state("f_status=closed&where=created_at:last:1"), name="Tutup", now=now)

    ids = saved_views.rows(session, view, owner, today)

    assert sorted(session.execute(ids).scalars()) == sorted(one.id for one in made.outcomes[:2] if one.id)
    assert session.execute(saved_views.rows(session, view, owner, date(2030, 1, 1))).all() == []
    outsider = Actor("agency", "x", frozenset({"agency_member"}), user_id=owner.user_id, region_code="35.16")
    assert session.execute(saved_views.rows(session, view, outsider, today)).all() == []


@pytest.mark.parametrize(
    "query", ["f_gone=1", "where=gone:is:1", "where=status:is:nothing", "f_status=nothing", "where=2"]
)
def test_a_view_whose_filters_no_longer_hold_reaches_nobody(
    session: Session, person: Person, now: datetime, today: date, query: str
) -> None:
    owner = person("analyst")
    view = views.keep(session, COMPANY, owner, state("f_status=closed"), name="Usang", now=now)
    view.state = query

    with pytest.raises(Refused, match="view_stale"):
        saved_views.rows(session, view, owner, today)


def test_how_a_person_sees_a_list_is_remembered_for_that_person(
    session: Session, person: Person, now: datetime
) -> None:
    me, other = person("analyst"), person("analyst")

    views.prefer(session, COMPANY, me, ["nib", "zone"], "compact")
    views.prefer(session, COMPANY, me, ["zone", "nib"], "roomy")

    kept = saved_views.preference(session, COMPANY, me)
    assert kept is not None
    assert (kept.columns, kept.density) == (["zone", "nib"], "roomy")
    assert saved_views.preference(session, COMPANY, other) is None
