"""A sheet comes in: kept, read and checked in the limited child, put into the draft. No transaction waits meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from sqlmodel import Session, col, select

from app import sheets
from app.config import settings
from app.database import utcnow
from app.domain.errors import Problem, SheetRejected
from app.domain.sheet_report import SheetReport
from app.models.draft import HeadingMap, Upload
from app.models.report_row import report_row
from app.operations import drafts, rereading, uploads
from app.queries import duties as standings
from forms.scene import Scene, open_scene, typed_version
from forms.words import office_date

Memory = Mapping[str, Mapping[str, str | None]]


def take(duty_id: str, name: str, stream: IO[bytes], mode: str) -> str:
    """Keep, check, put into the draft. Returns the address of the next step. Raises FileRefused, SheetRejected."""
    with open_scene(duty_id, write=True) as scene:
        if scene.must_verify:
            return scene.code_url
        upload = uploads.keep_sheet(scene.session, scene.duty, name, stream, folder=settings().uploads, now=scene.now)
        _refuse_again(scene, upload)
        known = memory(scene.session, sender_of(scene))
    report = run(upload, office_date(utcnow()), known=known)
    with open_scene(duty_id, write=True) as scene:
        data = scene.data
        scene.put_aside()
        return put(scene, data, report, upload, mode)


def _refuse_again(scene: Scene, upload: Upload) -> None:
    """The very file that was sent and taken whole is not taken twice: the sender is told its receipt."""
    newest = standings.newest_submission(scene.session, scene.duty)
    if newest is None or newest.rows_deferred or newest.state not in ("submitted", "accepted"):
        return
    same = select(Upload.id).where(Upload.submission_id == newest.id, Upload.sha256 == upload.sha256)
    if scene.session.exec(same).first() is not None:
        raise uploads.FileRefused("file_received", receipt=newest.code, on=office_date(newest.sent_at))


def again(duty_id: str, mapping: Mapping[str, str | None], answers: Mapping[str, Any]) -> str:
    """Read the same file with the sender's corrections, and remember them for the next file with these headings.

    What was typed, added, removed or sent since stays so; nothing is read where nothing was corrected.
    """
    with open_scene(duty_id, write=False) as scene:
        if scene.must_verify:
            return scene.code_url
        upload = upload_of(scene.session, scene)
        data, today = scene.data, scene.today
        version = typed_version() or (scene.draft.row_version if scene.draft else None)
        known = memory(scene.session, sender_of(scene))
        touched = scene.draft is not None and scene.draft.row_version != data.get("read_as")
    if upload is None:
        raise SheetRejected("not_found")
    if answers.get("sheet", data["sheet"]["sheet"]) != data["sheet"]["sheet"]:
        return _another_sheet(duty_id, upload, run(upload, today, known=known, answers=answers), answers)
    same = (mapping, answers) == (data["mapping"], data["answers"])
    if not same:
        before = run(upload, today, mapping=data["mapping"], answers=data["answers"]) if touched else None
        data = _read_anew(data, upload, before, run(upload, today, mapping=mapping, answers=answers), answers)
        drafts.check(data, today=today)
    with open_scene(duty_id, write=True) as scene:
        remember(scene.session, sender_of(scene), data["signature"], data["mapping"])
        if not same:
            scene.keep(data, version=version)
        return scene.to("perbaiki")


def _another_sheet(duty_id: str, upload: Upload, report: SheetReport, answers: Mapping[str, Any]) -> str:
    """Another sheet of the file is another list: it begins anew, and what was typed in the first is put aside."""
    with open_scene(duty_id, write=True) as scene:
        data = scene.data
        scene.put_aside()
        return put(scene, data, report, upload, data["mode"], answers)


def _read_anew(
    data: drafts.Data, upload: Upload, before: SheetReport | None, report: SheetReport, answers: Mapping[str, Any]
) -> drafts.Data:
    """The document with another reading of its sheet; a question stays open to another answer."""
    asked = {question.code for question in report.questions}
    answered = [one for one in data["questions"] if one["code"] in answers and one["code"] not in asked]
    after = rereading.rows_of(report)
    made = data | _reading(report, upload, answers) | {"columns": report.letters}
    made["questions"] = [*made["questions"], *answered]
    rereading.lay_over(made, rereading.rows_of(before) if before else {row["n"]: row for row in data["rows"]}, after)
    return made


def run(
    upload: Upload,
    today: date,
    *,
    known: Memory | None = None,
    mapping: Mapping[str, str | None] | None = None,
    answers: Mapping[str, Any] | None = None,
) -> SheetReport:
    """The report on a kept file. Raises SheetRejected also where nobody stands in it: the draft stays as it is."""
    report = sheets.check(
        uploads.path_of(upload, settings().uploads),
        report_row.fields.values(),
        today=today,
        profile="link",
        mapping=mapping,
        answers=answers,
        memory=known,
        row_rules=report_row.row_rules,
        name=upload.name,
    )
    if not report.row_numbers:
        why = next((problem for problem in report.errors if problem.row is None), Problem("no_rows"))
        raise SheetRejected(why.code, **why.params)
    return report


def put(
    scene: Scene,
    data: drafts.Data,
    report: SheetReport,
    upload: Upload,
    mode: str,
    answers: Mapping[str, Any] | None = None,
) -> str:
    """The checked sheet becomes the draft; the sender is asked about columns only when something is unclear.

    `data` is the document it takes the place of, whose purpose it keeps.
    """
    kept = {key: data.get(key) for key in ("corrects", "adds_to", "sent", "filler")}
    data = drafts.empty() | {key: value for key, value in kept.items() if value}
    data |= {"mode": mode, "read_as": scene.begin().row_version + 1, **_reading(report, upload, answers or {})}
    drafts.read_report(data, report, origin="sheet")
    drafts.check(data, today=scene.today)
    scene.keep(data)
    return scene.to("kolom" if is_unclear(report) else "perbaiki")


def _reading(report: SheetReport, upload: Upload, answers: Mapping[str, Any]) -> drafts.Data:
    """What the document says of the sheet and how it was read, but for the rows."""
    return {
        "upload": upload.public_id,
        "sheet": {"name": upload.name, "sheet": report.sheet, "heading_rows": report.heading_rows},
        "mapping": report.mapping,
        "headings": [
            [one.letter, one.heading, "+".join(one.fields) or None, one.how, report.samples(one.heading)]
            for one in report.columns
        ],
        "signature": report.signature,
        "answers": dict(answers),
        "questions": [asdict(question) for question in report.questions],
        "notes": [
            {"code": note.code, "params": dict(note.params)} for note in report.notes if "row" not in note.params
        ],
        "file_problems": [asdict(problem) for problem in report.errors if problem.row is None],
    }


def is_unclear(report: SheetReport) -> bool:
    """Something the sender has to say: a question, a missing column, a column nobody knows."""
    unknown = [column for column in report.columns if not column.fields and column.how == "none"]
    return bool(report.questions or unknown or any(problem.code.startswith("column_") for problem in report.errors))


def sender_of(scene: Scene) -> str:
    return f"company:{scene.visit.company.id}"


def upload_of(session: Session, scene: Scene) -> Upload | None:
    """The sheet of the draft, and of no other duty."""
    query = select(Upload).where(Upload.public_id == scene.data["upload"], Upload.duty_id == scene.duty.id)
    return session.exec(query).first()


def memory(session: Session, sender: str) -> Memory:
    """Mappings this sender confirmed before, by signature of the headings."""
    query = select(HeadingMap).where(HeadingMap.sender == sender, HeadingMap.form == report_row.key)
    found = session.exec(query.order_by(col(HeadingMap.used_at).desc()).limit(50)).all()
    return {kept.signature: kept.mapping for kept in found}


def remember(session: Session, sender: str, signature: str, mapping: Mapping[str, str | None]) -> None:
    query = select(HeadingMap).where(
        HeadingMap.sender == sender, HeadingMap.form == report_row.key, HeadingMap.signature == signature
    )
    kept = session.exec(query).first() or HeadingMap(sender=sender, form=report_row.key, signature=signature)
    kept.mapping, kept.used_at = dict(mapping), utcnow()
    session.add(kept)
    session.flush()
