"""The page of rights: roles × registries in one table, and every right of one role in one registry to be set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor, Grants
from app.domain.errors import NotFound
from app.models.grant import Grant
from app.models.user import User
from app.operations.grants import Effect, Wish
from app.queries import grants as queries
from app.registry import Registry, get, registries
from app.values import instant

CHANGES = 200  # shown; the audit table keeps all
NAMED = 5  # people named beside a role


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    title: str
    public_id: str
    people: int
    limit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A role in one registry: what it may do in a word, and what else; `changed` by the office."""

    role: Role
    word: str
    more: str
    changed: bool
    url: str


@dataclass(frozen=True, slots=True)
class Box:
    """One right to be set. `name` is the name of its control; a single option is fixed."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str
    declared: str
    by: str  # who changed it and when

    @property
    def changed(self) -> bool:
        return self.chosen != self.declared


@dataclass(frozen=True, slots=True)
class FieldBoxes:
    label: str
    read: Box
    write: Box | None


class RightsPage:
    """Reads once and answers the template's questions."""

    def __init__(self, session: Session, actor: Actor, language: str, role: str = "", registry: str = "") -> None:
        self.session, self.actor, self.language = session, actor, language
        self.grants: Grants = queries.current(session)
        self.stood = {(one.role, one.registry_key, one.field, one.right): one for one in queries.changes(session)}
        self.role, self.registry = self._role(role), get(registry) if registry else None
        self.may_change = policy.governs(actor)

    @property
    def shown_role(self) -> str:
        """The role whose column a narrow screen shows."""
        return self.role.code if self.role else self.roles[0].code if self.roles else ""

    def _role(self, code: str) -> Role | None:
        if not code:
            return None
        found = [role for role in self.roles if role.code == code]
        if not found:
            raise NotFound()
        return found[0]

    # ---- roles and people

    @cached_property
    def roles(self) -> list[Role]:
        table = get("role").table
        rows = self.session.execute(select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.id)).mappings()
        held = self._held
        return [
            Role(
                code=row["code"],
                title=row[f"label_{self.language}"],
                public_id=row["public_id"],
                people=len(held.get(row["id"], ())),
                limit=self._limit(row),
            )
            for row in rows.all()
        ]

    @cached_property
    def _held(self) -> dict[int, list[User]]:
        """Active users by the id of a role they hold."""
        held: dict[int, list[User]] = {}
        active = select(User).where(col(User.deleted_at).is_(None), col(User.status).in_(("active", "invited")))
        for user in self.session.execute(active.order_by(col(User.name))).scalars():
            for id_ in user.roles:
                held.setdefault(id_, []).append(user)
        return held

    def _limit(self, row: Any) -> str:
        names: list[str] = []
        for field, key in (("limit_regions", "region"), ("limit_zones", "zone"), ("limit_agencies", "agency")):
            table = get(key).table
            if row[field]:
                names += self.session.execute(select(table.c.name).where(table.c.id.in_(row[field]))).scalars()
        return ", ".join(names)

    @property
    def limited_people(self) -> list[tuple[str, str, str]]:
        """(name, limit, address) of users with a limit of their own."""
        users = {user.id: user for some in self._held.values() for user in some}
        made = []
        for user in sorted(users.values(), key=lambda one: one.name):
            limit = self._limit(user.__dict__)
            if limit:
                made.append((user.name, limit, url_for("staff_user.details_view", id=user.public_id)))
        return made

    # ---- the overview

    @property
    def overview(self) -> list[tuple[Registry, list[Cell]]]:
        """Each registry with what every role may do there."""
        changed = {(one.role, one.registry_key) for one in self.stood.values() if one.value}
        return [
            (registry, [self._cell(registry, role, (role.code, registry.key) in changed) for role in self.roles])
            for registry in self.registries
        ]

    def _cell(self, registry: Registry, role: Role, changed: bool) -> Cell:
        rights = policy.rights(registry, role.code, self.grants)
        more = [right_title(right) for right in ("export", "import", "reveal") if right in rights.actions]
        veiled = Counter(rights.sight.values()) if rights.actions else Counter[str]()
        if veiled["masked"]:
            more.append(ngettext("%(num)s field masked", "%(num)s fields masked", veiled["masked"]))
        if veiled["hidden"]:
            more.append(ngettext("%(num)s field hidden", "%(num)s fields hidden", veiled["hidden"]))
        return Cell(role, self._word(rights.actions), ", ".join(more), changed, self.cell(role, registry))

    @property
    def registries(self) -> list[Registry]:
        return sorted(registries().values(), key=lambda one: one.title.text(self.language).casefold())

    def _word(self, able: frozenset[str]) -> str:
        if not able:
            return _("nothing")
        if able >= {"read", "create", "update", "delete"}:
            return _("sees, writes, deletes")
        if able & {"create", "update"}:
            return _("sees, writes")
        return _("sees")

    def cell(self, role: Role, registry: Registry) -> str:
        return url_for("staff_rights.index", role=role.code, registry=registry.key, _anchor="rights")

    # ---- one role in one registry

    @property
    def actions(self) -> list[Box]:
        return [self._box(f"a-{right}", right_title(right), right, "") for right in policy.RIGHTS]

    @property
    def fields(self) -> list[FieldBoxes]:
        assert self.registry is not None
        made = []
        for spec in self.registry.fields.values():
            label = spec.label.text(self.language)
            write = None if spec.computed else self._box(f"w-{spec.key}", label, "write", spec.key)
            made.append(FieldBoxes(label, self._box(f"r-{spec.key}", label, "read", spec.key), write))
        return made

    def _box(self, name: str, label: str, right: str, field: str) -> Box:
        assert self.role is not None
        assert self.registry is not None
        declared = policy.standing(self.registry, self.role.code, right, field)
        offered = policy.options(self.registry, self.role.code, right, field)
        stood = self.stood.get((self.role.code, self.registry.key, field, right))
        return Box(
            name=name,
            label=label,
            options=[(value, value_title(value, declared=value == declared)) for value in offered],
            chosen=policy.standing(self.registry, self.role.code, right, field, self.grants),
            declared=declared,
            by=self._by(stood) if stood else "",
        )

    def wishes(self, form: Any) -> list[Wish]:
        """What the form asks of this role and registry; controls that are not sent ask for nothing."""
        assert self.role is not None
        assert self.registry is not None
        boxes = [(box, box.name[2:] if box.name[0] == "a" else {"r": "read", "w": "write"}[box.name[0]])
                 for box in self._boxes()]  # fmt: skip
        return [
            Wish(self.role.code, self.registry.key, "" if box.name[0] == "a" else box.name[2:], right, form[box.name])
            for box, right in boxes
            if box.name in form and len(box.options) > 1
        ]

    def _boxes(self) -> Iterable[Box]:
        yield from self.actions
        for one in self.fields:
            yield one.read
            if one.write is not None:
                yield one.write

    @property
    def settable(self) -> bool:
        """Whether anything here is the office's to decide."""
        return any(len(box.options) > 1 for box in self._boxes())

    # ---- what was changed

    @property
    def changes(self) -> list[dict[str, Any]]:
        shown = [one for one in self.stood.values() if one.registry_key in registries()]
        return [self._change(one) for one in shown[:CHANGES]]

    def _change(self, one: Grant) -> dict[str, Any]:
        registry = get(one.registry_key)
        declared = policy.standing(registry, one.role, one.right, one.field) if self._known(one) else ""
        wish = Wish(one.role, one.registry_key, one.field, one.right, "")
        return {
            "what": self.said(wish),
            "declared": value_title(declared) if declared else "",
            "now": value_title(one.value) if one.value else _("as declared"),
            "standing": bool(one.value),
            "by": self._by(one),
            "reason": one.reason or "",
            "wish": packed(wish),
            "name": f"{one.role}-{one.registry_key}-{one.field}-{one.right}",
        }

    def _known(self, one: Grant) -> bool:
        return not one.field or one.field in get(one.registry_key).fields

    def _by(self, one: Grant) -> str:
        return f"{one.changed_by}, {instant(one.changed_at, self.language)}"

    def said(self, wish: Wish) -> str:
        """ "Sekretariat · Paspor · Nomor paspor: lihat"."""
        registry = get(wish.registry)
        titles = {role.code: role.title for role in self.roles}
        spec = registry.fields.get(wish.field)
        right = right_title(wish.right) if not wish.field else _("see") if wish.right == "read" else _("write")
        parts = [titles.get(wish.role, wish.role), registry.title.text(self.language)]
        parts += [spec.label.text(self.language) if spec else wish.field] if wish.field else []
        return f"{' · '.join(parts)}: {right}"

    # ---- before it is done

    def told(self, effects: Sequence[Effect]) -> list[tuple[str, str, str, bool, bool]]:
        """(what, before, after, wider, own) of each effect."""
        return [
            (self.said(e.wish), value_title(e.before), value_title(e.after), e.wider, e.wish.role in self.actor.roles)
            for e in effects
        ]

    def concerned(self, effects: Sequence[Effect]) -> list[str]:
        """Whom it concerns: each role with how many people, the first of them by name."""
        made = []
        ids = {row.code: row for row in self.roles}
        table = get("role").table
        for code in dict.fromkeys(one.wish.role for one in effects):
            id_ = self.session.execute(select(table.c.id).where(table.c.code == code)).scalar()
            people = self._held.get(id_ or 0, [])
            names = ", ".join(one.name for one in people[:NAMED]) + (", …" if len(people) > NAMED else "")
            count = ngettext("%(num)s person", "%(num)s people", len(people))
            title = ids[code].title if code in ids else code
            made.append(f"{title}: {count}" + (f" ({names})" if names else ""))
        return made


def right_title(right: str) -> str:
    return {
        "read": _("see records"),
        "create": _("create"),
        "update": _("change"),
        "delete": _("move to the trash"),
        "restore": _("restore"),
        "export": _("export"),
        "import": _("import sheets"),
        "reveal": _("reveal masked values"),
    }.get(right, right)


def value_title(value: str, *, declared: bool = False) -> str:
    title = {
        "allow": _("allowed"),
        "deny": _("not allowed"),
        "plain": _("in plain"),
        "masked": _("masked"),
        "hidden": _("hidden"),
    }.get(value, value)
    return _("%(value)s (default)", value=title) if declared else title


def packed(wish: Wish) -> str:
    """A wish as one form value."""
    return "|".join((wish.role, wish.registry, wish.field, wish.right, wish.value))


def unpacked(text: str) -> Wish | None:
    parts = text.split("|")
    return Wish(*parts) if len(parts) == 5 and parts[1] in registries() else None
