"""Keeping lists under a name, and how a person likes to see them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlmodel import Session, col, select

from app import policy, wording
from app.domain import conditions
from app.domain.actors import Actor
from app.domain.errors import Forbidden, Refused
from app.domain.fields import Label
from app.domain.list_state import ListState
from app.models.saved_view import ListPreference, SavedView
from app.operations import audit
from app.queries import saved_views
from app.queries.keys import storable
from app.registry import Registry

LONGEST = 80
MOST = 100  # views of one person in one list
wording.add(
    {
        "view_unnamed": Label(
            "Beri nama tampilan ini, misalnya “PMA aktif”.", "Name this view, for example “Active PMA”."
        ),
        "view_name_long": Label(
            "Nama tampilan paling panjang {max} huruf.", "The name of a view has up to {max} characters."
        ),
        "view_name_taken": Label(
            "Anda sudah mempunyai tampilan bernama “{name}”. Pakai nama lain, atau ubah tampilan itu.",
            "You already have a view named “{name}”. Use another name, or change that view.",
        ),
        "view_too_many": Label(
            "Anda sudah menyimpan {max} tampilan daftar ini. Hapus yang tidak dipakai lagi.",
            "You have kept {max} views of this list. Please delete those you no longer use.",
        ),
        "view_too_long": Label(
            "Saringan tampilan ini terlalu panjang untuk disimpan. Kurangi syaratnya.",
            "The filters of this view are too long to be kept. Please use fewer conditions.",
        ),
        "view_stale": Label(
            "Sebagian saringan tampilan “{name}” tidak berlaku lagi. Buka tampilan itu, perbaiki, lalu simpan kembali.",
            "Some filters of the view “{name}” no longer hold. Open the view, mend it and save it again.",
        ),
    }
)


def keep(
    session: Session,
    registry: Registry,
    actor: Actor,
    state: ListState,
    *,
    name: str,
    shared: bool = False,
    default_for: Sequence[str] = (),
    now: datetime,
) -> SavedView:
    """Keep a list as it stands under a name of the person's own. Raises Refused."""
    policy.require(actor, "list", registry)
    if actor.user_id is None:
        raise Forbidden()
    own = session.exec(
        select(SavedView).where(col(SavedView.registry_key) == registry.key, col(SavedView.owner_id) == actor.user_id)
    ).all()
    if len(own) >= MOST:
        raise Refused("view_too_many", max=MOST)
    view = SavedView(
        registry_key=registry.key,
        name=_named(name, own),
        owner_id=actor.user_id,
        shared=shared and saved_views.may_share(actor),
        default_for=_roles(actor, shared, default_for),
        state=_written(state),
        version=conditions.VERSION,
        created_at=now,
        updated_at=now,
    )
    session.add(view)
    session.flush()
    _note(session, actor, now, view, "create", None, _facts(view))
    return view


def change(
    session: Session,
    view: SavedView,
    actor: Actor,
    *,
    name: str | None = None,
    shared: bool | None = None,
    default_for: Sequence[str] | None = None,
    state: ListState | None = None,
    now: datetime,
) -> None:
    """Rename, share or change a view; what is None stays. Raises Refused."""
    _require(view, actor)
    before = _facts(view)
    if name is not None and name.strip() != view.name:
        own = select(SavedView).where(
            col(SavedView.registry_key) == view.registry_key, col(SavedView.owner_id) == view.owner_id
        )
        view.name = _named(name, [one for one in session.exec(own).all() if one.id != view.id])
    if shared is not None:
        view.shared = shared and saved_views.may_share(actor)
    if default_for is not None or not view.shared:
        view.default_for = _roles(actor, view.shared, view.default_for if default_for is None else default_for)
    if state is not None:
        view.state, view.version = _written(state), conditions.VERSION
    after = _facts(view)
    if after == before:
        return
    view.updated_at = now
    session.add(view)
    session.flush()
    differ = [key for key in after if after[key] != before[key]]
    _note(session, actor, now, view, "update", {k: before[k] for k in differ}, {k: after[k] for k in differ})


def remove(session: Session, view: SavedView, actor: Actor, *, now: datetime) -> None:
    """Delete a view; the records it showed stay what they are."""
    _require(view, actor)
    _note(session, actor, now, view, "delete", _facts(view), None)
    session.delete(view)
    session.flush()


def prefer(session: Session, registry: Registry, actor: Actor, columns: Sequence[str], density: str) -> None:
    """Remember how this person likes to see a list; no columns means as declared."""
    if actor.user_id is None:
        return
    found = saved_views.preference(session, registry, actor)
    if found is None:
        found = ListPreference(user_id=actor.user_id, registry_key=registry.key)
    found.columns, found.density = list(columns), density
    session.add(found)
    session.flush()


def _require(view: SavedView, actor: Actor) -> None:
    if not saved_views.may_change(view, actor):
        raise Forbidden()


def _named(name: str, others: Sequence[SavedView]) -> str:
    text = " ".join(name.split())
    if not text or not storable(text):
        raise Refused("view_unnamed")
    if len(text) > LONGEST:
        raise Refused("view_name_long", max=LONGEST)
    if any(one.name.casefold() == text.casefold() for one in others):
        raise Refused("view_name_taken", name=text)
    return text


def _roles(actor: Actor, shared: bool, wanted: Sequence[str]) -> list[str]:
    """Only an administrator says what opens by itself for others."""
    return (
        sorted(set(wanted).intersection(saved_views.sharing_roles()))
        if shared and actor.roles & saved_views.OVERSEERS
        else []
    )


def _written(state: ListState) -> str:
    text = urlencode(state.kept().parameters())
    if len(text) > 3_500:
        raise Refused("view_too_long")
    return text


def _facts(view: SavedView) -> dict[str, Any]:
    return {
        "registry": view.registry_key,
        "name": view.name,
        "shared": view.shared,
        "default_for": list(view.default_for),
        "asks": sorted({name for name, _text in parse_qsl(view.state)}),  # not what for: it may name a person
        "mark": hashlib.sha256(view.state.encode()).hexdigest()[:8],
    }


def _note(
    session: Session,
    actor: Actor,
    now: datetime,
    view: SavedView,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        entity="saved_view",
        entity_id=view.public_id,
        action=action,
        before=before,
        after=after,
    )
