"""An import on screen: a file put down, compared, shown row by row, applied by a worker, taken back.

Work of `app.working`: reading and comparing hold no lock; what they found is written at the end, in one transaction.
Applying reads the file anew and compares anew: what somebody changed since the preview is refused, not written over.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app import policy
from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.domain.sheet_report import SheetReport
from app.domain.states import JOB_OPEN
from app.models.draft import HeadingMap
from app.models.import_batch import ImportBatch, ImportRow
from app.models.job import Job
from app.operations import bulk_acts, import_preview, imports, incoming, jobs
from app.operations.bulk import bulk_insert
from app.operations.sources import last_batch
from app.registry import Registry, get
from app.sheets.checking import check, import_fields, noting_files

Beat = Callable[[int], None]
Finish = Callable[[Session], dict[str, Any]]
OF_THIS_FILE = frozenset({"sheet", "headings_missing"})  # answers that say nothing of the next file


def put_down(
    session: Session, registry: Registry, actor: Actor, *, token: str, source: str, match: list[str], now: datetime
) -> ImportBatch:
    """A file to be looked at. Refused when exactly this file stands already from this source."""
    policy.require(actor, "import", registry)
    path = incoming.path_of(token)
    digest = file_hash(path)
    same = session.exec(
        select(ImportBatch).where(
            ImportBatch.registry_key == registry.key,
            ImportBatch.source == source,
            ImportBatch.file_hash == digest,
            col(ImportBatch.status).in_(imports.DONE),
        )
    ).first()
    if same is not None:
        partly = {"kind": "partly", "count": same.rows_bad} if same.rows_bad else {}
        raise Refused("import_again", batch=same.public_id, on=settings().today(same.updated_at), **partly)
    batch = ImportBatch(
        registry_key=registry.key,
        source=source,
        match=match,
        file_name=incoming.name_of(path),
        file_hash=digest,
        stored=token,
        created_at=now,
        created_by=actor.name,
    )
    session.add(batch)
    session.flush()
    return batch


def ask_check(session: Session, batch: ImportBatch, actor: Actor, *, language: str, now: datetime) -> Job:
    """Compare the file with what is on record, in the background."""
    batch.status, batch.updated_at = "uploaded", now
    job = jobs.ask(
        session, "import_check", get(batch.registry_key), actor,
        params={"batch": batch.public_id}, language=language, now=now,
    )  # fmt: skip
    batch.job = job.public_id
    session.add(batch)
    return job


def ask_apply(
    session: Session,
    batch: ImportBatch,
    actor: Actor,
    *,
    good_rows: bool,
    mark_missing: bool,
    language: str,
    now: datetime,
) -> Job:
    """Write what the preview showed, in the background; asked twice, done once."""
    registry = get(batch.registry_key)
    policy.require(actor, "import", registry)
    session.refresh(batch, with_for_update=True)
    if batch.status not in ("checked", *imports.DONE):
        raise Refused("import_not_checked")
    if batch.status == "checked" and any(must_be_answered(one, batch.answers) for one in _questions(batch)):
        raise Refused("import_unanswered")
    batch.job = batch.public_id
    params = {"batch": batch.public_id, "good_rows": good_rows, "mark_missing": mark_missing}
    known = session.exec(select(Job).where(Job.public_id == batch.public_id)).first()
    if known is not None and known.state in ("failed", "cancelled"):
        known.params = params
        session.flush()
        jobs.move(session, known, "queued", now=now)
        return known
    return jobs.ask(
        session, "import", registry, actor, params=params, language=language, now=now,
        total=batch.rows_total, as_public_id=batch.public_id,
    )  # fmt: skip


def ask_undo(session: Session, batch: ImportBatch, actor: Actor, *, language: str, now: datetime) -> Job:
    """Take back what an import wrote, in the background; asked twice, done once."""
    registry = get(batch.registry_key)
    policy.require(actor, "delete", registry)
    session.refresh(batch, with_for_update=True)
    if batch.status not in imports.DONE:
        raise Refused("batch_undone", batch=batch.public_id)
    asked = session.exec(select(Job).where(Job.public_id == batch.job, Job.kind == "import_undo")).first()
    if asked is not None and asked.state in JOB_OPEN:
        return asked
    job = jobs.ask(
        session, "import_undo", registry, actor, params={"batch": batch.public_id, "imported": True},
        language=language, now=now, total=batch.rows_new + batch.rows_changed,
    )  # fmt: skip
    batch.job = job.public_id
    session.add(batch)
    return job


def compare(session: Session, job: Job, actor: Actor, *, now: datetime, beat: Beat) -> Finish:
    """Read the file, compare it, and write down row by row what it would do."""
    batch = find(session, job.params["batch"])
    session.expunge(batch)  # what is recalled goes into it; it is written at the end
    registry = get(batch.registry_key)
    report = read(session, batch, registry, now)
    beat(report.rows)
    asked = _questions(batch) if batch.report.get("sheet") == report.sheet else []
    if recall(session, batch, report.signature):
        asked = [asdict(one) for one in report.questions]
        report = read(session, batch, registry, now)
    answers, match = batch.answers, batch.match
    plan = imports.plan(session, registry, report, actor, source=batch.source, match=match, now=now)
    faulty = import_preview.faults(session, registry, plan, actor)
    rows = list(import_preview.rows(session, registry, plan, actor, batch.id or 0, faulty))
    last = last_batch(session, registry, batch.source)
    said = import_preview.said(report, faulty, last)
    said["on_record"] = sum(import_preview.on_record(row["problems"]) is not None for row in rows)
    said["same_row"] = sum(import_preview.same_row(row["problems"]) is not None for row in rows)
    said["questions"] = import_preview.questions(report, asked, answers)

    def finish(writing: Session) -> dict[str, Any]:
        kept = find(writing, batch.public_id)
        writing.execute(delete(ImportRow).where(col(ImportRow.batch_id) == kept.id))
        bulk_insert(writing.connection(), ImportRow.__table__, rows)  # type: ignore[attr-defined]
        count = Counter(row["action"] for row in rows)
        kept.rows_total, kept.rows_new, kept.rows_changed = report.rows, count["new"], count["changed"]
        kept.rows_same, kept.rows_bad, kept.rows_missing = count["same"], count["error"], count["missing"]
        kept.mapping, kept.answers, kept.match = dict(report.mapping), answers, match
        kept.report, kept.status, kept.updated_at = said, "checked", now
        writing.add(kept)
        return {name: count[name] for name in ("new", "changed", "same", "error")}

    return finish


def apply(session: Session, job: Job, actor: Actor, *, now: datetime, beat: Beat) -> Finish:
    """Read the file once more and write it in one transaction: all of it, or the good rows."""
    batch = find(session, job.params["batch"])
    registry = get(batch.registry_key)
    report = read(session, batch, registry, now)
    seen = dict(
        session.execute(
            select(col(ImportRow.public_id), col(ImportRow.version)).where(
                col(ImportRow.batch_id) == batch.id, col(ImportRow.version).is_not(None)
            )
        ).all()
    )
    beat(0)

    def finish(writing: Session) -> dict[str, Any]:
        kept = find(writing, batch.public_id)
        plan = imports.plan(writing, registry, report, actor, source=kept.source, match=kept.match, now=now, seen=seen)
        imports.apply(
            writing, plan, actor, source=kept.source, file_name=kept.file_name, file_hash=kept.file_hash, now=now,
            today=settings().today(now), good_rows_only=job.params["good_rows"], batch=kept,
            mark_missing=job.params["mark_missing"],
        )  # fmt: skip
        kept.updated_at = now
        writing.execute(delete(ImportRow).where(col(ImportRow.batch_id) == kept.id, col(ImportRow.action) == "same"))
        return {"new": kept.rows_new, "changed": kept.rows_changed, "same": kept.rows_same, "left_out": kept.rows_bad}

    return finish


def undo(session: Session, job: Job, actor: Actor, *, now: datetime) -> bool:
    """Take the records of an import back, stretch by stretch; its source rows stay."""
    more = bulk_acts.undo(session, job, actor, now=now)
    if not more:
        batch = find(session, job.params["batch"])
        batch.status, batch.undone_at, batch.updated_at = "undone", now, now
        session.add(batch)
    return more


def read(session: Session, batch: ImportBatch, registry: Registry, now: datetime) -> SheetReport:
    """The file as its sender and this source's earlier corrections say it is to be read. Raises SheetRejected."""
    report = check(
        incoming.path_of(batch.stored or ""),
        import_fields(registry),
        today=settings().today(now),
        profile="staff",
        rules=registry.rules,
        mapping=batch.mapping if batch.report.get("settled") else None,
        answers=batch.answers,
        memory=memory(session, batch),
        name=batch.file_name,
    )
    return noting_files(registry, report)


def settle(
    session: Session, batch: ImportBatch, *, mapping: Mapping[str, str | None], match: list[str],
    answers: Mapping[str, Any], now: datetime,
) -> None:  # fmt: skip
    """Keep what a person said of columns and values, for this file and for the next one of this source."""
    signature = str(batch.report.get("signature", ""))
    batch.mapping, batch.match, batch.answers = dict(mapping), match, dict(answers)
    batch.report = {**batch.report, "settled": True}
    session.add(batch)
    kept = _remembered(session, batch, signature) or HeadingMap(
        sender=_sender(batch), form=batch.registry_key, signature=signature
    )
    remembered = {name: value for name, value in answers.items() if name not in OF_THIS_FILE}
    kept.mapping, kept.answers, kept.used_at = dict(mapping), {**remembered, "match": match}, now
    session.add(kept)


def is_answered(question: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether somebody said what one of the questions of a file asks."""
    answer = answers.get(question["code"])
    return bool(answer) and (answer in question["choices"] or not question["choices"])


def must_be_answered(question: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether nothing can be written before: which list is meant, what its columns are. Dates are d/m/y unless told."""
    return question["code"] in OF_THIS_FILE and not is_answered(question, answers)


def recall(session: Session, batch: ImportBatch, signature: str) -> bool:
    """Take over what was said of this source's earlier files with the same headings; whether there was anything."""
    kept = _remembered(session, batch, signature)
    if kept is None or batch.report.get("settled") or batch.answers:
        return False
    answers = dict(kept.answers)
    match = answers.pop("match", [])
    batch.match, batch.answers = batch.match or match, answers
    return bool(answers)


def memory(session: Session, batch: ImportBatch) -> dict[str, dict[str, str | None]]:
    """Mappings of columns confirmed before for this source, by signature of the headings."""
    query = select(HeadingMap).where(HeadingMap.sender == _sender(batch), HeadingMap.form == batch.registry_key)
    found = session.exec(query.order_by(col(HeadingMap.used_at).desc()).limit(50)).all()
    return {kept.signature: kept.mapping for kept in found}


def find(session: Session, public_id: str) -> ImportBatch:
    """The import of that public id. NotFound."""
    batch = session.exec(select(ImportBatch).where(ImportBatch.public_id == public_id)).first()
    if batch is None:
        raise NotFound("batch_unknown", batch=public_id)
    return batch


def file_hash(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _questions(batch: ImportBatch) -> list[dict[str, Any]]:
    return list(batch.report.get("questions", []))


def _sender(batch: ImportBatch) -> str:
    return f"source:{batch.source}"[:40]


def _remembered(session: Session, batch: ImportBatch, signature: str) -> HeadingMap | None:
    return session.exec(
        select(HeadingMap).where(
            HeadingMap.sender == _sender(batch),
            HeadingMap.form == batch.registry_key,
            HeadingMap.signature == signature,
        )
    ).first()
