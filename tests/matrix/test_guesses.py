"""Nobody finds out by asking: no search, filter, order, message or guessed number tells what the list does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from app import policy
from app.database import unit_of_work, utcnow
from app.domain.fields import Field
from app.operations import grants
from app.operations.grants import Wish
from app.queries import grants as queries
from app.queries import lists
from app.registry import Registry, get, registries
from tests.matrix.people import Person, Walker, told
from tests.matrix.test_matrix import walker, world, world_file  # noqa: F401 - fixtures
from tests.matrix.values import MARKED
from tests.matrix.world import CROSSING, OURS, SYSTEM, THEIRS, World, everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LIMITED = (
    Person("agency_member", ("agency_member",)),
    Person("officer of one zone", ("field_officer",), limits=("zone",)),
    Person("secretary of one region", ("secretariat",), limits=("region",)),
)
NONSENSE = "zqxzzzv"


def rows(walker_: Walker, registry: Registry, parameters: Mapping[str, str], page: str = "") -> list[str]:
    """Public ids of the world in the order an answer names them, and how many it counts."""
    answer = walker_.browser.get(f"/staff/{registry.key}/{page}?{urlencode(parameters)}")
    assert answer.status_code == 200, (registry.key, parameters, answer.status_code)
    text = told(answer)
    known = {ids[registry.key] for ids in walker_.world.ids.values()}
    count = re.findall(r'class="count">([^<]*)<', text)
    return [one for one in dict.fromkeys(re.findall(r"\b[0-9a-z]{16}\b", text)) if one in known] + count


def closed(walker_: Walker) -> Iterator[tuple[Registry, Field, Any]]:
    """Values the person may not read: of fields that are hidden or masked, and of rows that are not there."""
    for registry in registries().values():
        own = policy.of(registry, walker_.actor)
        if "read" not in own.actions:
            continue
        for place in (OURS, THEIRS):
            row = walker_.world.row(place, registry.key)
            there = walker_.sees(registry, row)
            for key, f in registry.fields.items():
                told_ = own.sight[key] == "plain" and there
                if not told_ and f.type.key in MARKED and f.type.key != "raw_row" and row[key]:
                    yield registry, f, row[key]


@pytest.fixture
def tightened(world: World) -> None:  # noqa: F811 - the fixture
    """Beside the default masks some that the office made: a name masked, an address hidden."""
    wishes = [
        Wish("secretariat", "contact", "email", "read", "hidden"),
        Wish("secretariat", "contact", "name", "read", "masked"),
        Wish("field_officer", "company", "legal_name", "read", "masked"),
        Wish("field_officer", "company", "nib", "read", "hidden"),
        Wish("field_officer", "company", "", "reveal", "deny"),
        Wish("field_officer", "foreign_national", "aliases", "read", "hidden"),
    ]
    with unit_of_work() as session:
        grants.change(session, wishes, SYSTEM, now=utcnow(), reason="uji", seen=queries.current(session).version)


@pytest.fixture
def guesser(walker: Walker, tightened: None) -> Walker:  # noqa: F811 - the fixture
    with unit_of_work(write=False) as session:
        stands = queries.current(session)
    object.__setattr__(walker.actor, "grants", stands)
    return walker


def unexplained(walker_: Walker, registry: Registry, found: list[str], guess: str) -> list[str]:
    """Rows an answer names though nothing the person may look into holds the guess."""
    own = policy.of(registry, walker_.actor)
    searched = [key for key, sight in own.sight.items()
                if sight == "plain" or (sight == "masked" and "reveal" in own.actions)]  # fmt: skip
    ids = {ids[registry.key] for ids in walker_.world.ids.values()}
    left = []
    for public_id in ids & set(found):
        row = walker_.world.by_public_id(registry.key, public_id)
        held = any(guess.lower() in str(row[key]).lower() for key in searched)
        if not (held and walker_.sees(registry, row)):
            left.append(public_id)
    return left


@pytest.mark.parametrize("walker", LIMITED, indirect=True, ids=lambda person: person.name)
def test_search_and_filters_find_nothing_by_a_value_that_is_not_shown(guesser: Walker) -> None:
    found, asked = [], 0
    for registry, f, value in closed(guesser):
        half = str(value)[2:-1].strip()
        asks = [("q", half, "", "{}"), ("q", half, "ajax/lookup/", "{}"), (f"f_{f.key}", str(value), "", "{}")]
        asks += [("where", half, "", f.key + ":contains:{}"), ("where", half, "", "any(" + f.key + ":contains:{})")]
        if policy.of(registry, guesser.actor).sight[f.key] == "hidden":
            asks.append(("q", str(value), "", "{}"))
        for name, guess, page, shape in asks:
            asked += 1
            answered = rows(guesser, registry, {name: shape.format(guess)}, page)
            if name == "q" or answered != everything_of(guesser, registry):  # a filter that is not known is left out
                left = unexplained(guesser, registry, answered, guess)
                found += [(registry.key, f.key, name, guess, page, shape)] if left else []

    assert asked > 100
    assert found == [], "\n".join(map(str, found))


def everything_of(walker_: Walker, registry: Registry) -> list[str]:
    """What the list names when nothing is asked."""
    if registry.key not in walker_.lists:
        walker_.lists[registry.key] = rows(walker_, registry, {})
    return walker_.lists[registry.key]


@pytest.mark.parametrize("walker", LIMITED, indirect=True, ids=lambda person: person.name)
def test_a_condition_through_a_reference_tells_nothing_of_what_it_leads_to(guesser: Walker) -> None:
    found, asked = [], 0
    shut: dict[str, list[tuple[str, str]]] = {}
    for registry, f, value in closed(guesser):
        shut.setdefault(registry.key, []).append((f.key, str(value)))
    for registry in registries().values():
        if "read" not in policy.of(registry, guesser.actor).actions:
            continue
        for name, key in registry.references.items():
            target = policy.of(get(key), guesser.actor)
            for field, value in shut.get(key, ()):
                if target.sight[field] == "masked" and "reveal" in target.actions:
                    continue
                asked += 1
                answered = rows(guesser, registry, {"where": f"{name}.{field}:contains:{value[2:-1].strip()}"})
                known = [one for one in answered if len(one) == 16]
                if known and answered != everything_of(guesser, registry):
                    found.append((registry.key, name, field, value))

    assert asked > 20
    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("walker", LIMITED, indirect=True, ids=lambda person: person.name)
def test_no_order_follows_a_field_that_is_not_shown(guesser: Walker) -> None:
    for registry, key in {(registry, f.key) for registry, f, _value in closed(guesser)}:
        if policy.of(registry, guesser.actor).sight[key] != "plain":
            rising, falling = (rows(guesser, registry, {"order": order}) for order in (key, f"-{key}"))
            assert rising == falling, (registry.key, key)


WRITERS = (
    Person("analyst of one region", ("analyst",), limits=("region",)),
    Person("administrator of one zone", ("admin",), limits=("zone",)),
)


def public(world_: World, registry: Registry, row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored row as a form would send it: references by public id."""
    sent: dict[str, Any] = {}
    for key, f in registry.fields.items():
        value = row[key]
        if f.computed or value in (None, [], {}) or f.type.key == "raw_row":
            continue
        if f.reference:
            ids = value if isinstance(value, list) else [value]
            sent[key] = [world_.rows[f.reference][one]["public_id"] for one in ids]
        else:
            sent[key] = f.type.entry(value)
    return sent


@pytest.mark.parametrize("walker", WRITERS, indirect=True, ids=lambda person: person.name)
def test_a_message_about_a_duplicate_tells_nothing_of_the_record_it_means(walker: Walker) -> None:  # noqa: F811
    """The same values again: the answer names neither the record nor anything that was not typed."""
    told_of = []
    with unit_of_work(write=False) as session:
        before = everything(session)
    for registry in registries().values():
        row = walker.world.row(THEIRS, registry.key)
        if walker.sees(registry, row) or "create" not in policy.of(registry, walker.actor).actions:
            continue
        sent = public(walker.world, registry, row)
        answer = walker.browser.post(f"/staff/{registry.key}/new/", data=sent | {"csrf_token": walker.token})
        assert answer.status_code == 422, registry.key
        typed = " ".join(str(value) for value in sent.values())
        if row["public_id"] in told(answer).replace(typed, "") or walker.leaks(answer, [typed]):
            told_of.append((registry.key, walker.leaks(answer, [typed])))
    with unit_of_work(write=False) as session:
        assert everything(session) == before
    assert told_of == []


@pytest.mark.parametrize("walker", WRITERS, indirect=True, ids=lambda person: person.name)
def test_a_guessed_number_or_id_opens_no_reference(walker: Walker) -> None:  # noqa: F811
    """A record of ours is not tied to one of theirs, by public id or by number, on any door that writes."""
    tied = []
    for registry in registries().values():
        if "update" not in policy.of(registry, walker.actor).actions:
            continue
        own = walker.world.row(OURS, registry.key)
        for name, key in registry.references.items():
            target = walker.world.row(THEIRS, key)
            if not walker.sees(registry, own) or walker.sees(get(key), target) or registry.fields[name].computed:
                continue
            for guess in (target["public_id"], str(target["id"])):
                sent = {"row_version": str(own["row_version"]), name: guess, "csrf_token": walker.token}
                for page in ("edit", "cell"):
                    walker.browser.post(f"/staff/{registry.key}/{page}/?id={own['public_id']}&field={name}", data=sent)
            if _stored(registry, own["public_id"])[name] != own[name]:
                tied.append((registry.key, name))
    assert tied == []


@pytest.mark.parametrize("walker", WRITERS[:1], indirect=True, ids=lambda person: person.name)
def test_what_is_not_seen_survives_an_edit_of_what_is(walker: Walker) -> None:  # noqa: F811
    """A form shows no reference to a record of theirs; saving it leaves that reference as it was."""
    lost = []
    for registry in registries().values():
        row = walker.world.row(CROSSING, registry.key)
        if not walker.sees(registry, row) or "update" not in policy.of(registry, walker.actor).actions:
            continue
        named = {name: walker.world.rows[key].get(row[name]) for name, key in registry.references.items()
                 if isinstance(row[name], int)}  # fmt: skip
        unseen = [name for name, other in named.items()
                  if other is not None and not walker.sees(get(registry.references[name]), other)]  # fmt: skip
        sent = {key: value for key, value in public(walker.world, registry, row).items() if key not in unseen}
        sent |= dict.fromkeys(unseen, "") | {"row_version": str(row["row_version"]), "csrf_token": walker.token}
        answer = walker.browser.post(f"/staff/{registry.key}/edit/?id={row['public_id']}", data=sent)
        assert answer.status_code in (302, 422), registry.key
        after = _stored(registry, row["public_id"])
        lost += [(registry.key, name) for name in unseen if after[name] != row[name]]
    assert lost == []


@pytest.mark.parametrize("walker", WRITERS[:1], indirect=True, ids=lambda person: person.name)
def test_nobody_puts_a_record_where_they_cannot_see_it(walker: Walker) -> None:  # noqa: F811
    company = get("company")
    theirs = {"region": walker.world.row(OURS, "region")["public_id"], "legal_name": "PT Pindah"}
    made = walker.browser.post("/staff/company/new/", data={"csrf_token": walker.token, "legal_name": "PT Luar"})
    assert made.status_code == 422
    assert "di luar wilayah, kawasan atau instansi" in told(made)
    assert "PT Luar" in told(made), "what was typed is kept"
    own = walker.world.row(OURS, "company")
    moved = walker.browser.post(
        f"/staff/company/edit/?id={own['public_id']}",
        data={"csrf_token": walker.token, "row_version": str(own["row_version"]), "legal_name": own["legal_name"],
              "region": walker.world.row(THEIRS, "region")["public_id"], "zone": ""},
    )  # fmt: skip
    assert moved.status_code == 422
    assert _stored(company, own["public_id"])["region"] == own["region"]
    assert walker.browser.post("/staff/company/new/", data=theirs | {"csrf_token": walker.token}).status_code == 302


def _stored(registry: Registry, public_id: str) -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return lists.one(session, registry, SYSTEM, public_id) or {}
