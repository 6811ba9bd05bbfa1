"""Two territories with the same records in each, and a plain Python answer to what lies where.

`ours` is the territory of the limited people of the matrix, `theirs` is another. A second record of ours ("crossing")
names records of theirs wherever that does not move it: the places where a name could slip out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from app.config import settings
from app.domain.actors import Actor, Bounds
from app.domain.list_state import ListState
from app.models.outbox_message import OutboxMessage
from app.operations import links, office, outbox, records, requests, uploads, users, views
from app.queries import duties
from app.registry import Registry, get, registries, setting_groups
from tests.factories import upload, values
from tests.integration.company import PERSON
from tests.integration.test_submissions import send
from tests.matrix.values import MARKED, WORD, looks, marked

SYSTEM = Actor.system("uji")
SHARED = "shared"  # a saved view of theirs that the whole office may use
OURS, THEIRS, CROSSING, GONE = PLACES = ("ours", "theirs", "crossing", "gone")  # gone: theirs, in the trash
CODES = ("35.16.01", "64.02.01", "35.16.02", "64.02.02")  # sub-districts; people are limited to the regency over ours
OUR_REGION = "35.16"
# References that tie a row to a territory, beside others that do: the crossing record lets go of them.
LOOSE = {"sponsorship": ["sponsor"], "register_entry": ["person"]}


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a marked value stands."""

    registry: str
    public_id: str
    field: str


@dataclass
class World:
    """`ids[place][registry]` are public ids; `screens[place]` ids of what is no registry."""

    ids: dict[str, dict[str, str]] = field(default_factory=lambda: {place: {} for place in PLACES})
    screens: dict[str, dict[str, str]] = field(default_factory=lambda: {OURS: {}, THEIRS: {}, SHARED: {}})
    rows: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)
    secrets: dict[str, list[Secret]] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)  # marked value of a report, letter or request → place
    numbers: set[str] = field(default_factory=set)  # those of them that registries mask
    views: dict[str, str] = field(default_factory=dict)  # marked name of a saved view, or of who shares it → place

    def row(self, place: str, key: str) -> Mapping[str, Any]:
        return next(row for row in self.rows[key].values() if row["public_id"] == self.ids[place][key])

    def by_public_id(self, key: str, public_id: str) -> Mapping[str, Any]:
        return next(row for row in self.rows[key].values() if row["public_id"] == public_id)


def build(session: Session, now: datetime) -> World:
    """Everything, in an empty database."""
    world, made = World(), _Maker(session, now)
    users.ensure_roles(session, SYSTEM, now)
    for place in (OURS, THEIRS):
        for key in registries():
            world.ids[place][key] = made.record(place, get(key))["public_id"]
    for key in registries():
        world.ids[CROSSING][key] = made.crossing(get(key))
        world.ids[GONE][key] = made.gone(get(key))
    for place in (OURS, THEIRS):
        _around_the_company(session, now, world, made, place)
    _of_the_office(session, now, world)
    session.flush()
    for key, registry in registries().items():
        world.rows[key] = {row["id"]: dict(row) for row in session.execute(select(registry.table)).mappings()}
    for place in (OURS, THEIRS):
        world.screens[place]["proof"] = world.row(place, "levy_payment")["proof"][0]["id"]
    for registry, row, name in _values(world):
        for text in looks(registry.fields[name], row[name]):
            world.secrets.setdefault(text, []).append(Secret(registry.key, row["public_id"], name))
    return world


def _values(world: World) -> Iterator[tuple[Registry, Mapping[str, Any], str]]:
    made = {id_ for ids in world.ids.values() for id_ in ids.values()}
    for key, registry in registries().items():
        for row in (row for row in world.rows[key].values() if row["public_id"] in made):
            yield from ((registry, row, name) for name, f in registry.fields.items() if f.type.key in MARKED)


class _Maker:
    """Records of one place, each registry once."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.known: dict[tuple[str, str], dict[str, Any]] = {}
        self.busy: set[tuple[str, str]] = set()

    def record(self, place: str, registry: Registry) -> dict[str, Any]:
        key = (place, registry.key)
        if key not in self.known:
            self.busy.add(key)
            self.known[key] = self._save(registry, self._values(place, registry, place))
            self.busy.discard(key)
        return self.known[key]

    def crossing(self, registry: Registry) -> str:
        """A second record of ours whose free references lead to theirs; as few as the rules allow."""
        anchored = {path.split(".")[0] for _reach, path in registry.scope.paths()} - set(LOOSE.get(registry.key, ()))
        free = [name for name in registry.references if name not in anchored]
        given = self._values(CROSSING, registry, OURS)
        across = {name: self._reference(THEIRS, registry, name) for name in free}
        for tried in (across, *({name: id_} for name, id_ in across.items() if id_), {}):
            crossing = given | {name: id_ for name, id_ in tried.items() if id_}
            made = records.save(self.session, registry, crossing, SYSTEM, now=self.now)
            if not made.problems:
                return str(made.public_id)
        return str(self._save(registry, given)["public_id"])

    def gone(self, registry: Registry) -> str:
        """Another record of theirs, in the trash."""
        made = self._save(registry, self._values(GONE, registry, THEIRS))
        records.delete_many(self.session, registry, [made["public_id"]], SYSTEM, now=self.now)
        return str(made["public_id"])

    def _values(self, place: str, registry: Registry, references: str) -> dict[str, Any]:
        given: dict[str, Any] = {name: self._reference(references, registry, name) for name in registry.references}
        given = {name: id_ for name, id_ in given.items() if id_}
        for f in registry.fields.values():
            text = None if f.computed or f.reference or f.type.choices("id") else marked(f)
            if text is not None and f.key in registry.files:
                given[f.key] = [upload(self.session, registry, f, now=self.now, name=text).public_id]
            elif text is not None:
                given[f.key] = text
        return values(self.session, registry, now=self.now, **(given | _own(place, registry.key)))

    def _reference(self, place: str, registry: Registry, name: str) -> Any:
        target = get(registry.references[name])
        if (place, target.key) in self.busy or (target.key == registry.key and not registry.fields[name].required):
            return None
        if registry.fields[name].computed or target.key == "role" or name.startswith("limit_"):
            return None
        id_ = self.record(place, target)["id"]
        return [id_] if registry.fields[name].type.python is list else id_

    def _save(self, registry: Registry, row: dict[str, Any]) -> dict[str, Any]:
        """Saved; where the rules of a registry take no marked value, with the example of the field instead."""
        made = records.save(self.session, registry, row, SYSTEM, now=self.now)
        if made.problems:
            examples = values(self.session, registry, now=self.now)
            refused = [problem.field for problem in made.problems if problem.field in examples]
            row = row | {name: examples[name] for name in refused if name}
            made = records.save_many(
                self.session, registry, [row], SYSTEM, now=self.now, match=registry.natural_key
            ).outcomes[0]
        assert not made.problems, (registry.key, made.problems)
        return {"id": made.id, "public_id": str(made.public_id)}


def _own(place: str, key: str) -> dict[str, Any]:
    """What the rules of a registry ask of its values."""
    which = PLACES.index(place)
    return {
        "region": {"code": CODES[which], "level": "kecamatan", "parent": None},
        "agency": {"kind": "imigrasi"},
        "visa_index": {"code": ("E23", "C312", "E28A", "E30A")[which]},
        "holiday": {"falls_on": ("17/08/2026", "25/12/2026", "01/01/2026", "01/05/2026")[which]},
        "user": {"status": "active", "roles": []},
        "register_entry": {"source_row": 5 + which},
        "task_force_member": {"role": ("chair", "chair", "member", "member")[which]},
        "sponsorship": {"started_on": ("01/02/2026", "02/02/2026", "03/02/2026", "04/02/2026")[which]},
    }.get(key, {})


def _around_the_company(session: Session, now: datetime, world: World, made: _Maker, place: str) -> None:
    """A report with a scan, letters, a link, a request and a question of the company of this place."""
    company = duties.company_by(session, world.ids[place]["company"])
    name, passport, permit = (marked(get(k).fields[f]) for k, f in (
        ("foreign_national", "name_display"), ("passport", "number"), ("stay_permit", "number")))  # fmt: skip
    people = PERSON | {"full_name": name, "passport_number": passport, "permit_number": permit, "permit_kind": "itas"}
    report = send(session, company, now, people | {"permit_expires_on": "30/06/2027"})
    duty = links.open_duty(session, "wajib-lapor", company, now=now)
    scan = uploads.keep_attachment(
        session, duty, "paspor.pdf", io.BytesIO(b"%PDF-1.7 x"), folder=settings().uploads, now=now
    )
    scan.submission_id = report.id
    link = links.issue(session, "wajib-lapor", company, actor=SYSTEM, now=now)
    who = {k: str(marked(get("contact").fields[k])) for k in ("name", "email")}
    asked = requests.ask_for_link(session, {"company_name": company.legal_name, "nib": company.nib, **who}, now=now)
    question = requests.ask(
        session, duty, links.find(session, links.token_of(link), now=now), reason="not_ours", reference_no=None,
        text=who["name"], now=now,
    )  # fmt: skip
    letter = session.execute(select(OutboxMessage).where(OutboxMessage.company_id == company.id)).scalars().first()
    assert asked is not None
    assert letter is not None
    world.screens[place] = {
        "report": report.public_id, "upload": scan.public_id, "link": link.public_id, "request": asked.public_id,
        "question": question.public_id, "mail": letter.public_id,
    }  # fmt: skip
    world.numbers |= {passport, permit}
    for said in (name, passport, permit, *who.values(), report.code, str(letter.to_address)):
        for text in [word.lower() for word in WORD.findall(said)] or [said]:
            world.reports[text] = place


def keep_view(session: Session, now: datetime, world: World, place: str, owner_id: int) -> None:
    """A list of companies under a name nobody else uses."""
    owner = Actor("staff", "Pemilik", frozenset({"admin"}), user_id=owner_id)
    name = str(marked(get("contact").fields["name"]))
    state = ListState(order="-legal_name")
    view = views.keep(session, get("company"), owner, state, name=name, shared=place == SHARED, now=now)
    world.screens[place]["view"] = view.public_id
    world.views[WORD.findall(name)[0].lower()] = place


def _of_the_office(session: Session, now: datetime, world: World) -> None:
    """Nobody's place: a colleague whose name stands by the views they share, the office's name, a try of its mail."""
    name, email = str(marked(get("user").fields["name"])), "rekan@kantor.example"
    colleague = users.add(session, email=email, name=name, roles=["admin"], actor=SYSTEM, now=now, status="active")
    world.views[WORD.findall(name)[0].lower()] = SHARED
    for place in (THEIRS, SHARED):
        keep_view(session, now, world, place, colleague.id or 0)
    named = {"office_name": "Kantor Imigrasi Uji"}
    office.save(session, setting_groups()["office"], named, SYSTEM, now=now, settings=settings.environment())
    tried = office.try_mail(session, SYSTEM, email, language="id", nonce="uji", now=now)
    assert tried is not None
    for screens in world.screens.values():
        screens["mail_test"] = tried.public_id


def lies_within(world: World, registry: Registry, row: Mapping[str, Any], bounds: Bounds) -> bool:
    """Whether a row lies within bounds, told without SQL: what the policy ought to answer."""
    if not registry.scope:
        return not registry.personal
    for reach, path in registry.scope.paths():
        for end, value in _follow(world, registry, row, path.split(".")):
            if value is None:
                continue
            if reach == "record" and lies_within(world, end, world.rows[end.key][value], bounds):
                return True
            if (reach == "zone" and value in bounds.zones) or (reach == "agency" and value in bounds.agencies):
                return True
            if reach == "region":
                code = world.rows["region"][value]["code"]
                if any(code == one or code.startswith(f"{one}.") for one in bounds.regions):
                    return True
    return False


def _follow(
    world: World, registry: Registry, row: Mapping[str, Any], steps: list[str]
) -> Iterator[tuple[Registry, Any]]:
    """(registry the value points to, value) at the end of a path."""
    step, *rest = steps
    if "[" in step:
        key, back = step.rstrip("]").split("[")
        for other in world.rows[key].values():
            if other[back] == row["id"] and other["deleted_at"] is None:
                yield from _follow(world, get(key), other, rest) if rest else [(get(key), other["id"])]
        return
    target = registry if step == "id" else get(registry.references[step])
    if not rest:
        yield target, row[step]
    elif row[step] is not None:
        yield from _follow(world, target, world.rows[target.key][row[step]], rest)


def everything(session: Session) -> dict[str, list[str]]:
    """All rows of all tables, to see that nothing changed."""
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all())) for table in SQLModel.metadata.sorted_tables
    }


__all__ = ["CROSSING", "OURS", "SHARED", "THEIRS", "Secret", "World", "build", "everything", "keep_view", "lies_within",
           "outbox"]  # fmt: skip
