"""The staff door as a whole: Flask-Admin under /staff, one view a registry, the menu and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, current_app, request, url_for
from flask_admin import Admin
from flask_babel import gettext as _
from markupsafe import Markup

from admin import drawn, list_views, menu_counts, record_drafts
from admin.record_actions import record_actions
from admin.registry_view import RegistryView
from admin.theme import TEMPLATES, SinergiTheme
from admin.views.home import HomeView
from app import policy
from app.domain.actors import Actor
from app.domain.fields import Label
from app.domain.roles import TITLES
from app.registry import registries, setting_groups, versions
from app.web import access, headers, language
from app.web.session import current_account, current_actor

URL = "/staff"
GROUPS = {
    "registers": Label("Data", "Records"),
    "reference": Label("Rujukan", "Reference data"),
    "sources": Label("Sumber data", "Data sources"),
    "access": Label("Akses", "Access"),
    "settings": Label("Pengaturan", "Settings"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    url: str
    icon: str
    current: bool = False
    count: int = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: list[Entry] = field(default_factory=list)


def init_app(app: Flask) -> None:
    app.register_blueprint(Blueprint("staff_theme", __name__, template_folder=str(TEMPLATES)))
    record_drafts.init_app(app)
    home = HomeView()
    site = Admin(
        app,
        name="Sinergi",
        index_view=home,
        theme=SinergiTheme(),
        csp_nonce_generator=headers.csp_nonce,
    )
    access.declare(app, "admin", access.staff(*access.ROLES))
    for registry in registries().values():
        view = RegistryView(registry)
        site.add_view(view)
        access.declare(app, view.endpoint, view.access_mark)
        access.declare_fresh(app, view.endpoint, view.needs_proof)
    _add_screens(app)
    drawn.init_app(app)
    list_views.init_app(app)
    app.jinja_env.globals.update(staff_menu=menu, staff_person=person, record_actions=record_actions, may_open=may_open)


def _add_screens(app: Flask) -> None:
    from admin.views import screens

    for blueprint in screens():
        app.register_blueprint(blueprint, url_prefix=f"{URL}/{blueprint.name.removeprefix('staff_')}")


def menu() -> Markup:
    """The menu of the person who looks: home and inbox, then every registry they may list.

    Kept as drawn, by everything that decides it: another right, language or number has a menu of its own.
    """
    actor = current_actor()
    return drawn.kept(
        "staff/_menu.html",
        lambda: {"groups": groups()},
        actor.kind,
        actor.roles,
        actor.grants,
        versions(),
        request.endpoint,
        tuple(sorted(menu_counts.counts(actor).items())),
    )


def groups() -> list[Group]:
    """What stands in the menu."""
    actor = current_actor()
    found = [Group("", _top(actor))]
    for key, title in GROUPS.items():
        entries = [
            _entry(registry.title.text(language.current()), f"staff_{registry.key}.index_view", registry.icon)
            for registry in registries().values()
            if registry.menu == key and policy.may(actor, "list", registry)
        ]
        entries += [_entry(name, endpoint, icon) for endpoint, name, icon in _of_group(key) if may_open(endpoint)]
        if entries:
            found.append(Group(language.text(title), entries))
    return found


def _top(actor: Actor) -> list[Entry]:
    entries = [_entry(_("Home"), "admin.index", "home")]
    counts = menu_counts.counts(actor)
    for endpoint, title, icon in _screens():
        if may_open(endpoint):
            entries.append(_entry(title, endpoint, icon, counts.get(endpoint, 0)))
    return entries


def _screens() -> list[tuple[str, str, str]]:
    return [
        ("staff_inbox.index", _("Inbox"), "inbox"),
        ("staff_requests.index", _("Requests"), "message-question"),
        ("staff_mail.index", _("Outgoing mail"), "mail"),
        ("staff_jobs.index", _("Work in the background"), "list-details"),
    ]


def _of_group(key: str) -> list[tuple[str, str, str]]:
    """Screens that stand in the menu beside the registries of a group."""
    screens = {
        "reference": [("staff_calendar.index", _("Working calendar"), "calendar-event")],
        "access": [("staff_rights.index", _("Rights"), "shield-check")],
        "settings": [
            ("staff_letters.index", _("Words of the messages"), "file-text"),
            *(
                (f"staff_settings.{group.key}", group.title.text(language.current()), group.icon)
                for group in setting_groups().values()
            ),
        ],
    }
    return screens.get(key, [])


def may_open(endpoint: str) -> bool:
    """Whether the person who looks may call this view: what a page offers is what its guard lets through."""
    return access.lets_in(current_app, endpoint, current_actor().roles)


def _entry(title: str, endpoint: str, icon: str, count: int = 0) -> Entry:
    here = request.endpoint or ""
    own = endpoint.rpartition(".")[0]
    current = here == endpoint if own in ("admin", "staff_settings") else here.startswith(f"{own}.")
    return Entry(title=title, url=url_for(endpoint), icon=icon, current=current, count=count)


def _title_of(role: str) -> str:
    return language.text(TITLES[role]) if role in TITLES else role


def person() -> dict[str, Any]:
    """Who is signed in, for the account menu."""
    account = current_account()
    name = account.user.name if account else ""
    roles = ", ".join(_title_of(role) for role in account.roles) if account else ""
    links = [
        {"title": _("Security of my account"), "url": url_for("account.index"), "icon": "shield-check"},
        {"title": _("Change password"), "url": url_for("security.change_password"), "icon": "settings"},
    ]
    return {"name": name, "roles": roles, "links": links, "logout": url_for("security.logout")}
