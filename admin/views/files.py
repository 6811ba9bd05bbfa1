"""Files of records, fetched: the policy is asked for the registry, the row and the field each time."""

from __future__ import annotations

from flask import Blueprint, Response, request

from admin import record_files
from app import policy
from app.database import unit_of_work, utcnow
from app.operations import records
from app.registry import get
from app.web import access
from app.web.session import current_actor

blueprint = Blueprint("staff_files", __name__)


def _masked(key: str, name: str, **_others: str) -> bool:
    return name in policy.masked(get(key), current_actor())


@blueprint.get("/<key>/<public_id>/<name>/<file_id>")
@access.staff_required(*access.ROLES)
@access.fresh_if(_masked)
@access.download
def show(key: str, public_id: str, name: str, file_id: str) -> Response:
    """One file, always as a download; of a sensitive field that is noted before the first byte."""
    actor = current_actor()
    with unit_of_work() as session:
        found = records.take_file(
            session, get(key), public_id, name, file_id, actor, now=utcnow(), noted=request.method != "HEAD"
        )
        return record_files.sent(found)
