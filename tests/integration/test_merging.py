"""Two people change one record: what only one of them changed merges, the rest waits for a person, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import EditConflict, NotFound
from app.domain.merging import three_way
from app.operations import merging, records, trash
from app.queries.versions import Versions
from app.registry import get
from tests.integration.company import SYSTEM

COMPANY = get("company")
SARI = Actor("staff", "Sari", frozenset({"admin"}), door="screen")
BUDI = Actor("staff", "Budi", frozenset({"admin"}), door="screen")
WORDS = {
    "address": ["", "Jalan Satu", "Jalan Dua", "Jalan Tiga"],
    "scale": ["", "micro", "small", "medium"],
    "capital_status": ["", "pma", "pmdn"],
    "is_sponsor": [False, True],
    "nib_status_as_of": ["", "01/02/2026", "02/02/2026"],
}


def firm(session: Session, now: datetime, **values: Any) -> str:
    made = records.save(session, COMPANY, {"legal_name": "PT Contoh Maju", **values}, SYSTEM, now=now)
    assert not made.problems
    return str(made.public_id)


def put(session: Session, public_id: str, actor: Actor, version: int, now: datetime, **values: Any) -> merging.Merged:
    merged = merging.save(session, COMPANY, values, actor, now=now, public_id=public_id, version=version)
    session.commit()
    return merged


def stored(session: Session, public_id: str) -> Mapping[str, Any]:
    return records.find(session, COMPANY, public_id, SYSTEM)


def test_changes_of_different_fields_merge_and_are_said(session: Session, now: datetime) -> None:
    public_id = firm(session, now, address="Jalan Lama")
    session.commit()
    put(session, public_id, BUDI, 1, now, scale="small", address="Jalan Lama")

    merged = put(session, public_id, SARI, 1, now, scale="", address="Jalan Baru")

    assert merged.outcome.action == "changed"
    assert (merged.merge.mine, merged.merge.theirs) == (("address",), ("scale",))
    assert merged.touched["scale"].actor == "Budi"
    row = stored(session, public_id)
    assert (row["address"], row["scale"]) == ("Jalan Baru", "small")


def test_one_field_with_two_answers_waits_for_a_choice(session: Session, now: datetime) -> None:
    public_id = firm(session, now, address="Jalan Lama")
    session.commit()
    put(session, public_id, BUDI, 1, now, address="Jalan Budi")

    asked = put(session, public_id, SARI, 1, now, address="Jalan Sari", scale="micro")

    assert (asked.outcome.action, asked.merge.conflicts) == ("conflict", ("address",))
    assert asked.base is not None
    assert asked.base.values["address"] == "Jalan Lama"
    assert stored(session, public_id)["address"] == "Jalan Budi", "nothing is written while it waits"
    for choice, expected in (("theirs", "Jalan Budi"), ("mine", "Jalan Sari")):
        done = merging.save(
            session, COMPANY, {"address": "Jalan Sari", "scale": "micro"}, SARI, now=now, public_id=public_id,
            version=1, seen=stored(session, public_id)["row_version"], choices={"address": choice},
        )  # fmt: skip
        session.commit()
        assert done.outcome.action in ("changed", "same")
        row = stored(session, public_id)
        assert (row["address"], row["scale"]) == (expected, "micro")


def test_a_choice_counts_only_for_what_was_seen(session: Session, now: datetime) -> None:
    public_id = firm(session, now, address="Jalan Lama")
    session.commit()
    put(session, public_id, BUDI, 1, now, address="Jalan Budi")
    put(session, public_id, BUDI, 2, now, address="Jalan Budi Lagi")

    late = merging.save(
        session, COMPANY, {"address": "Jalan Sari"}, SARI, now=now, public_id=public_id, version=1, seen=2,
        choices={"address": "mine"},
    )  # fmt: skip

    assert late.outcome.action == "conflict"


def test_a_masked_value_of_a_colleague_is_not_overwritten_unseen(session: Session, now: datetime) -> None:
    who = {"name_display": "KIM MIN JI", "sex": "P", "birth_date": "12/03/1985", "nationality": "KOR"}
    made = records.save(session, get("foreign_national"), who | {"nik": "3171234509870006"}, SYSTEM, now=now)
    session.commit()
    there = str(made.public_id)
    records.save(session, get("foreign_national"), {"nik": "3171234509870007"}, BUDI, now=now, public_id=there)
    session.commit()

    asked = merging.save(
        session, get("foreign_national"), {"nik": "3171234509870008"}, SARI, now=now, public_id=there, version=1
    )

    assert (asked.outcome.action, asked.merge.conflicts) == ("conflict", ("nik",))


def test_versions_are_told_back_through_trash_and_edits(session: Session, now: datetime) -> None:
    public_id = firm(session, now, address="Satu", nib_status_as_of="01/02/2026", lat="-7.5")
    session.commit()
    put(session, public_id, SARI, 1, now, address="Dua", nib_status_as_of="", lat="")
    trash.delete(session, COMPANY, [public_id], SARI, now=now)
    trash.restore(session, COMPANY, [public_id], SARI, now=now)
    session.commit()
    put(session, public_id, BUDI, 4, now, address="Tiga")

    versions = Versions(session, COMPANY, public_id, SYSTEM)
    told = versions.at(1, 2, 3, 4, 5)

    assert [told[n].values["address"] for n in range(1, 6)] == ["Satu", "Dua", "Dua", "Dua", "Tiga"]
    assert [told[n].deleted for n in range(1, 6)] == [False, False, True, False, False]
    assert (str(told[1].values["nib_status_as_of"]), told[2].values["nib_status_as_of"]) == ("2026-02-01", None)
    assert [told[n].actor for n in range(1, 6)] == ["uji", "Sari", "Sari", "Sari", "Budi"]
    for never in (0, 6, -1):
        with pytest.raises(NotFound):
            versions.at(never)


@given(st.data())
def test_a_merge_takes_every_change_or_asks(data: st.DataObject) -> None:
    values = st.fixed_dictionaries({name: st.sampled_from([None, 1, 2, 3]) for name in "abcd"})
    base, theirs = data.draw(values), data.draw(values)
    mine = {name: data.draw(st.sampled_from([None, 1, 2, 3])) for name in data.draw(st.sets(st.sampled_from("abcd")))}

    merge = three_way(base, mine, theirs)

    named = [*merge.mine, *merge.theirs, *merge.same, *merge.conflicts]
    assert len(named) == len(set(named))
    for name in "abcd":
        changed = name in mine and mine[name] != base[name]
        if name in merge.mine or name in merge.conflicts or name in merge.same:
            assert changed
        if name not in named:
            assert theirs[name] == base[name]
            assert not changed


@dataclass
class Editor:
    """A person with the form open: the version and the values it was opened with."""

    actor: Actor
    version: int = 0
    seen: Mapping[str, Any] = field(default_factory=dict)


MEETINGS = {"sqlite": 0, "postgresql": 0}
ENOUGH = {"sqlite": 2000, "postgresql": 200}  # the rules are the same; what races is told by threads below


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def play(session: Session, data: st.DataObject) -> None:
    """Two editors open, type and save in any order; each save is judged against what stood before it."""
    now = utcnow()
    public_id = firm(session, now)
    session.commit()
    editors = [Editor(SARI), Editor(BUDI)]
    for editor in editors:
        _open(session, editor, public_id)
    for _turn in range(40):
        editor = data.draw(st.sampled_from(editors))
        typed = {
            name: data.draw(st.sampled_from(WORDS[name]))
            for name in data.draw(st.sets(st.sampled_from(sorted(WORDS)), min_size=1))
        }
        before = dict(stored(session, public_id))
        merged = put(session, public_id, editor.actor, editor.version, now, **typed)
        chosen: dict[str, str] = {}
        if merged.outcome.action == "conflict":
            assert dict(stored(session, public_id)) == before, "a save that waits writes nothing"
            chosen = {name: data.draw(st.sampled_from(["mine", "theirs"])) for name in merged.merge.conflicts}
            merged = merging.save(
                session, COMPANY, typed, editor.actor, now=now, public_id=public_id, version=editor.version,
                seen=before["row_version"], choices=chosen,
            )  # fmt: skip
            session.commit()
        assert merged.outcome.action in ("changed", "same"), merged.outcome
        MEETINGS[session.get_bind().dialect.name] += editor.version != before["row_version"]
        _judge(editor, typed, chosen, before, stored(session, public_id))
        if data.draw(st.integers(0, 3)) == 0:
            _open(session, editor, public_id)


def _open(session: Session, editor: Editor, public_id: str) -> None:
    row = stored(session, public_id)
    editor.version, editor.seen = row["row_version"], {name: row[name] for name in WORDS}


def _judge(
    editor: Editor, typed: Mapping[str, Any], chosen: Mapping[str, str], before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:  # fmt: skip
    clean, _problems = COMPANY.validate(typed, "update")
    for name in WORDS:
        wanted = clean[name] if name in typed else editor.seen[name]
        i_changed = wanted != editor.seen[name]
        if after[name] != before[name]:
            unseen = before[name] != editor.seen[name]
            assert not unseen or chosen.get(name) == "mine", f"{name} of a colleague was overwritten silently"
        if i_changed and chosen.get(name) != "theirs":
            assert after[name] == wanted, f"{name} was typed and lost"
        if not i_changed:
            assert after[name] == before[name], f"{name} was not touched"


def test_two_editors_never_overwrite_each_other_silently(session: Session) -> None:
    """At least 2,000 saves of a form that a colleague had overtaken, whatever was typed, seen and chosen."""
    name = session.get_bind().dialect.name
    while MEETINGS[name] < ENOUGH[name]:
        play(session)


def test_eight_people_who_save_at_one_moment_all_keep_their_change(database_url: str, now: datetime) -> None:
    with unit_of_work() as session:
        public_id = firm(session, now)
    fields = ["address", "scale", "capital_status", "is_sponsor", "is_employer", "lat", "lon", "risk"]
    texts = ["Jalan Satu", "small", "pma", True, True, "-7.5", "112.4", "low"]

    def save(name: str, value: Any) -> None:
        for _try in range(20):
            try:
                with unit_of_work() as opened:
                    merging.save(opened, COMPANY, {name: value}, SARI, now=now, public_id=public_id, version=1)
                return
            except EditConflict:
                continue

    threads = [threading.Thread(target=save, args=pair) for pair in zip(fields, texts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with unit_of_work(write=False) as session:
        row = stored(session, public_id)
    assert [str(row[name]).rstrip("0").rstrip(".") for name in fields] == [str(text) for text in texts]
    assert row["row_version"] == 9
