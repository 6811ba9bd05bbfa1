"""The arrows between states: no door goes round them, and every refusal names the ways that are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from sqlmodel import Session

from admin.cell_edit import CellEdit
from app import policy, wording
from app.domain.actors import Actor
from app.operations import records
from app.queries import lists
from app.registry import Registry, registries
from tests.factories import record

SYSTEM = Actor.system("uji")
WITH_STATES = [registry for registry in registries().values() if registry.states]
# What the domain writes down; a registry without a line here has no states or none that are entered by hand.
PROMISED = {
    "agency", "company", "contact", "foreign_national", "levy_payment", "passport", "register", "register_entry",
    "sponsorship", "stay_permit", "task_force", "task_force_member", "user", "visa_index", "work_plan", "worksite",
    "zone",
}  # fmt: skip


def test_every_registry_with_states_in_the_domain_declares_them() -> None:
    assert {registry.key for registry in WITH_STATES} >= PROMISED


@pytest.mark.parametrize("registry", WITH_STATES, ids=lambda registry: registry.key)
def test_arrows_name_states_that_exist(registry: Registry) -> None:
    for name, arrows in registry.states.items():
        known = {value for value, _ in registry.fields[name].type.choices() or ()}
        named = {*arrows.moves, *arrows.by, *arrows.frozen, *(arrows.start or ())}
        named |= {state for after in arrows.moves.values() for state in after}
        assert named <= known, name
        assert registry.fields[name].default in (arrows.start or known), "a new record begins where it may"
        for step in arrows.dated:
            assert step.after in arrows.moves[step.before], "a day takes no way that a person may not"
            assert registry.fields[step.field].type.python is date


@pytest.mark.parametrize("registry", WITH_STATES, ids=lambda registry: registry.key)
def test_only_the_arrows_lead_from_state_to_state(registry: Registry) -> None:
    for name, arrows in registry.states.items():
        labels = dict(registry.fields[name].type.choices() or ())
        for before, after in product(labels, labels):
            _clean, problems = registry.validate({name: after}, "update", base={name: before})
            steps = [problem for problem in problems if problem.code == "step_forbidden"]
            assert (not steps) == (before == after or after in arrows.moves.get(before, ())), (name, before, after)
            if steps:
                said = wording.sentence(steps[0], "id", registry.fields[name].label)
                assert all(labels[state] in said for state in arrows.moves.get(before, ())), said
                assert labels[before] in said


@pytest.mark.parametrize("registry", WITH_STATES, ids=lambda registry: registry.key)
def test_a_form_offers_only_what_may_follow(registry: Registry) -> None:
    actor = Actor("staff", "x", registry.write)
    for name, arrows in registry.states.items():
        for before in dict(registry.fields[name].type.choices() or ()):
            fields = policy.offered(registry, actor, {name: before, "id": 1})
            offered = {value for f in fields if f.key == name for value, _ in f.type.choices() or ()}
            if offered:
                assert offered == {before, *(s for s in arrows.moves.get(before, ()) if _may(arrows, s, actor))}


def test_a_cell_of_a_list_offers_only_what_may_follow(
    session: Session, now: datetime, staff: Callable[..., Actor]
) -> None:
    permit, admin = registries()["stay_permit"], staff("admin")
    row = lists.one(session, permit, SYSTEM, str(record(session, permit, now=now).public_id)) or {}

    edit = CellEdit(session, permit, admin, "id", row, "status")
    assert [value for value, _ in edit.spec.type.choices() or ()] == ["valid", "ended_epo", "converted", "ended"]
    row = {**row, "status": "ended"}
    assert [value for value, _ in CellEdit(session, permit, admin, "id", row, "status").spec.type.choices() or ()] == [
        "ended"
    ]


def _may(arrows: Any, state: str, actor: Actor) -> bool:
    return state not in arrows.by or bool(set(arrows.by[state]) & actor.roles)


def test_the_write_path_refuses_a_forbidden_step_and_keeps_the_record(session: Session, now: datetime) -> None:
    company = registries()["company"]
    made = record(session, company, now=now, status="closed")

    refused = records.save(session, company, {"status": "field_verified"}, SYSTEM, now=now, public_id=made.public_id)

    said = [wording.sentence(problem, "id", company.fields["status"].label) for problem in refused.problems]
    assert said == ["Status “Tutup” tidak dapat langsung menjadi “Terverifikasi lapangan”. "
                    "Pilihan berikutnya: Terdokumen."]  # fmt: skip
    assert (lists.one(session, company, SYSTEM, str(made.public_id)) or {})["status"] == "closed"
    allowed = records.save(session, company, {"status": "documented"}, SYSTEM, now=now, public_id=made.public_id)
    assert allowed.action == "changed"


def test_a_final_state_is_said_to_be_final() -> None:
    permit = registries()["stay_permit"]
    _clean, problems = permit.validate({"status": "valid"}, "update", base={"status": "ended"})

    assert "adalah keadaan akhir" in wording.sentence(problems[0], "id", permit.fields["status"].label)
    assert "is final" in wording.sentence(problems[0], "en", permit.fields["status"].label)


def test_an_edit_of_a_record_that_somebody_moved_on_meets_as_a_conflict(session: Session, now: datetime) -> None:
    permit = registries()["stay_permit"]
    made = record(session, permit, now=now)
    records.save(session, permit, {"status": "ended"}, SYSTEM, now=now, public_id=made.public_id)

    stale = records.save(session, permit, {"status": "converted"}, SYSTEM, now=now, public_id=made.public_id,
                         expected_version=1)  # fmt: skip

    assert stale.action == "conflict"


def test_a_final_state_entered_by_mistake_is_taken_back_from_the_history(session: Session, now: datetime) -> None:
    permit = registries()["stay_permit"]
    made = record(session, permit, now=now)
    records.save(session, permit, {"status": "ended"}, SYSTEM, now=now, public_id=made.public_id)
    back = replace(SYSTEM, door="revert:1")

    assert (
        records.save(session, permit, {"status": "valid"}, back, now=now, public_id=made.public_id).action == "changed"
    )
