"""Files of records at the staff door: those that come with a form, those a form shows, and one that is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request, send_file
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.fields import Field
from app.models.draft import Upload
from app.operations import files, uploads
from app.operations.uploads import FileRefused
from app.registry import Registry
from app.webforms import Lookup

NEW = "-new"  # ends the name of the box for more files
MOST = 20  # new files of one form
LARGEST = 60  # MB, of a form with files
_ROW = re.compile(r"(?P<key>\w+)-(?P<row>[0-9a-z]{16})-(?P<field>\w+)", re.ASCII)


def answers(registry: Registry, actor: Actor) -> MultiDict[str, Any]:
    """What was typed. Files that came along are kept, in a transaction of their own, and stand there by their ids.

    So a form that is shown again still has them. One that is not taken stands as its FileRefused. A script that asks
    for one part of the form gets only what was chosen there.
    """
    typed: MultiDict[str, Any] = MultiDict(request.form.items(multi=True))
    part = request.headers.get("X-Part")
    sent = [
        (name.removesuffix(NEW), file)
        for name, file in request.files.items(multi=True)
        if name.endswith(NEW) and file.filename and (part is None or name.startswith(f"{part}-"))
    ]
    places = {name: place for name, _file in sent if (place := _place(registry, actor, name))}
    if not places:
        return typed
    with unit_of_work() as session:
        for number, (name, file) in enumerate(sent):
            if name not in places:
                continue
            owner, spec = places[name]
            try:
                if number >= MOST:
                    raise FileRefused("files_too_many", most=MOST)
                kept = uploads.keep_for_record(
                    session, owner, spec.key, file.filename or "", file.stream, actor,
                    folder=settings().uploads, now=utcnow(),
                )  # fmt: skip
                typed.add(name, kept.public_id)
            except FileRefused as refused:
                typed.add(name, refused)
    return typed


def lookup(
    session: Session, registry: Registry, actor: Actor, spec: Field, row: Mapping[str, Any] | None,
    chosen: Iterable[Any],
) -> Lookup:  # fmt: skip
    """The files a control may show: those of the record, and those just uploaded for it."""
    known = list(row[spec.key] or ()) if row else []
    beyond = {one for one in chosen if isinstance(one, str)} - {one["id"] for one in known}
    if beyond:
        known += files.unsaved(session, registry, beyond, actor)
    return Lookup(choices=[(one["id"], f"{one['name']} ({_size(one['size'])})") for one in known])


def sent(upload: Upload) -> Response:
    """A file as a download that no browser opens as a page of ours."""
    path = uploads.path_of(upload, settings().uploads)
    if not path.is_file():
        raise NotFound()
    response = send_file(path, mimetype=upload.media_type, as_attachment=True, download_name=upload.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _place(registry: Registry, actor: Actor, name: str) -> tuple[Registry, Field] | None:
    """The field a box belongs to, of the record or of a row on its form, where the actor may fill it."""
    owner, key = registry, name
    if row := _ROW.fullmatch(name):
        found = next((one.registry for one in registry.inlines if one.registry.key == row["key"]), None)
        if found is None:
            return None
        owner, key = found, row["field"]
    if key not in owner.files:
        return None
    may = {f.key for f in (*policy.fields(owner, actor, "create"), *policy.fields(owner, actor, "update"))}
    return (owner, owner.fields[key]) if key in may else None


def _size(size: int) -> str:
    return f"{max(1, round(size / 1024))} kB"
