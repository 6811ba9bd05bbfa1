"""Files a company takes away: the template, its own file with comments, the deadline for a calendar."""

from __future__ import annotations

import io
from datetime import date, timedelta

from flask import Response, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.config import settings
from app.domain.errors import NotFound, Problem
from app.models.draft import Upload
from app.models.report_row import report_row
from app.operations import drafts, uploads
from app.web import access, language
from forms.blueprint import blueprint
from forms.scene import Scene, open_scene
from forms.steps import sheets
from forms.words import problem_words

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/laporan/<duty_id>/berkas/<name>")
@access.link
def document(duty_id: str, name: str) -> ResponseReturnValue:
    with open_scene(duty_id) as scene:
        if name == "templat.xlsx":
            return _template()
        if name == "tenggat.ics":
            return _calendar(scene)
        if name != "komentar" or scene.must_verify or not scene.data.get("upload"):
            raise NotFound
        upload = sheets.upload_of(scene.session, scene)
        data, today = scene.data, scene.today
    if upload is None:
        return redirect(url_for("forms.choose", duty_id=duty_id), 303)
    return _commented(upload, data, today)


def _template() -> Response:
    from app.sheets.template import template_bytes

    name = "templat-laporan-tka.xlsx"
    made = template_bytes(report_row, language=language.current())
    return send_file(io.BytesIO(made), mimetype=_XLSX, as_attachment=True, download_name=name)


def _commented(upload: Upload, data: drafts.Data, today: date) -> Response:
    """The sender's own file, its bad cells marked as it was read; what was mended on the page since is not in it."""
    from app.sheets.annotate import annotate

    report = sheets.run(upload, today, mapping=data["mapping"], answers=data["answers"])
    said: list[tuple[Problem, str]] = [(problem, problem_words(problem)) for problem in report.errors]
    headings = {key: field.label.text(language.current()) for key, field in report_row.fields.items()}
    made = annotate(
        uploads.path_of(upload, settings().uploads), report, said, language=language.current(), headings=headings
    )
    return send_file(io.BytesIO(made.data), mimetype=made.media_type, as_attachment=True, download_name=made.name)


def _calendar(scene: Scene) -> Response:
    """The due date as an all-day entry with a reminder three days before (RFC 5545)."""
    duty = scene.duty
    stamp = scene.now.strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sinergi//wajib-lapor//ID",
        "BEGIN:VEVENT",
        f"UID:{duty.public_id}@{settings().mail_domain}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{duty.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{duty.due_on + timedelta(days=1):%Y%m%d}",
        "SUMMARY:" + _escaped(_("Deadline: %(title)s", title=scene.title)),
        "DESCRIPTION:" + _escaped(_("Open the link in the e-mail from %(office)s.", office=settings().office_name)),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(scene.title)}",
        "TRIGGER:-P3D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    body = "\r\n".join(_folded(line) for line in lines) + "\r\n"
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="tenggat.ics"'
    return response


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets (RFC 5545, 3.1)."""
    raw, parts = line.encode(), []
    while len(raw) > 74:
        cut = 74
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(raw[:cut].decode())
        raw = b" " + raw[cut:]
    return "\r\n".join([*parts, raw.decode()])
