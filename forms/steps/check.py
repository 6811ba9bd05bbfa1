"""C5: check the answers, add attachments, declare, send. Sending twice ends at one receipt."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.config import settings
from app.domain.errors import Refused
from app.domain.fields import Label
from app.domain.types import EmailType, PersonNameType, TextType
from app.models.draft import Draft, Upload
from app.models.report_row import report_row
from app.models.submission import Submission
from app.operations import drafts, submissions, uploads
from app.queries import duties as standings
from app.queries import roster as known_people
from app.web import language
from app.wording import number, sentence
from forms import visit as visits
from forms import words
from forms.scene import Scene, open_scene, typed_version
from forms.views.duties import masked_address
from forms.views.landing import error_page, read_answers

_COLUMNS = ("full_name", "nationality", "passport_number", "job_title", "change")
_FIRST = 10


def show(scene: Scene, errors: dict[str, str] | None = None, typed: Any = None) -> ResponseReturnValue:
    data = scene.data
    nil = data["mode"] == "nil"
    bad = drafts.bad_rows(data)
    part = bool(request.args.get("sebagian"))
    if not nil and drafts.unanswered(data):
        return redirect(scene.to("daftar"), 303)
    if bad and not part:
        return redirect(scene.to("perbaiki"), 303)
    good = drafts.good_rows(data)
    if not nil and not good:
        return redirect(scene.to("daftar"), 303)
    on_file = scene.visit.link.email
    return render_template(
        "forms/check.html",
        **scene.page(
            nil=nil,
            part=part,
            rows=good[:_FIRST],
            total=len(good),
            deferred=len(bad),
            fields=[report_row.fields[key] for key in _COLUMNS],
            people_words=people_words(_changes(good), nil),
            replaces=_replaces(scene),
            sent_before=0 if nil else len(data.get("sent", ())),
            absent=_absent(scene, good),
            attachments=uploads.attachments(scene.session, scene.duty),
            filler=typed if typed is not None else _filler(scene),
            unkept=typed is not None and typed != _filler(scene),
            email_hint=_("Also sent to the registered address %(address)s.", address=masked_address(on_file))
            if on_file
            else None,
            email_required=not on_file,
            change=_change_url(scene),
            back=_change_url(scene),
            **error_page(errors or {}),
        ),
    )


def receive(duty_id: str) -> ResponseReturnValue:
    """Attachments, saving for later, sending. Files are stored before the transaction that names them."""
    prepared = _prepared(duty_id) if request.form.get("do") == "send" else None
    try:
        with open_scene(duty_id, write=True) as scene:
            if scene.must_verify:
                return redirect(url_for("forms.code", next=f"{scene.duty.public_id}:draft"), 303)
            return _act(scene, prepared)
    except IntegrityError:  # the same click, twice at once: the other one won
        with open_scene(duty_id, write=False) as scene:
            return _already(scene) or redirect(scene.to("periksa"), 303)


def keep(scene: Scene) -> None:
    """Save the declaration for later."""
    data = scene.data
    data["filler"] = _typed_filler()
    scene.keep(data)


def people_words(changes: Mapping[str, int], nil: bool) -> str:
    """As in "50 TKA (3 baru, 2 sudah berhenti)"."""
    if nil:
        return _("No foreign workers (nil)")
    people = sum(changes.values())
    said = ngettext(
        "%(count)s foreign worker", "%(count)s foreign workers", people, count=number(people, language.current())
    )
    more = []
    if new := changes.get("baru"):
        more.append(_("%(num)s new", num=new))
    if changed := changes.get("berubah"):
        more.append(_("%(num)s changed", num=changed))
    if left := changes.get("keluar"):
        more.append(_("%(num)s have left", num=left))
    return said + (f" ({', '.join(more)})" if more else "")


def _changes(rows: list[drafts.Row]) -> Mapping[str, int]:
    typed = Counter(row["cells"].get("change") for row in rows)
    counted: Counter[str] = Counter()
    for value, count in typed.items():
        counted[words.canonical(report_row.fields["change"], value) or ""] += count
    return counted


def _absent(scene: Scene, rows: list[drafts.Row]) -> list[str]:
    """Names on the last list that this report does not mention; said only to who may see that list."""
    if not scene.visit.verified or scene.data["mode"] in ("nil", "roster") or scene.data["corrects"]:
        return []
    assert scene.visit.company.id is not None
    named = {_bare(row["cells"].get("passport_number")) for row in rows}
    last = known_people.current(scene.session, scene.visit.company.id)
    return [cells.get("full_name", "") for _, cells in last if _bare(cells.get("passport_number")) not in named]


def _replaces(scene: Scene) -> str | None:
    """The number of the report this one takes the place of."""
    if scene.data.get("adds_to"):
        return None
    newest = standings.newest_submission(scene.session, scene.duty)
    return newest.code if newest is not None and newest.state != "rejected" else None


def _bare(number: str | None) -> str:
    return "".join(c for c in (number or "") if c.isalnum()).upper()


def _prepared(duty_id: str) -> submissions.Prepared | None:
    """The rows, checked before the transaction that sends them; what is refused is refused there, in words."""
    with open_scene(duty_id, write=False) as scene:
        if scene.draft is None or scene.must_verify:
            return None
        try:
            return submissions.prepare(scene.draft, now=scene.now, part=bool(request.form.get("part")))
        except Refused:
            return None


def _act(scene: Scene, prepared: submissions.Prepared | None) -> ResponseReturnValue:
    act = request.form.get("do")
    if scene.draft is None:
        return _already(scene) or redirect(url_for("forms.choose", duty_id=scene.duty.public_id), 303)
    dropped = request.form.get("drop")
    if dropped or act in ("attach", "later"):
        keep(scene)  # what stands in the boxes beside
    if dropped:
        _drop(scene, dropped)
        return redirect(_here(scene), 303)
    if act == "attach":
        return _attach(scene)
    if act == "later":
        return render_template("forms/saved.html", **scene.page(back=None))
    return _send(scene, scene.draft, prepared)


def _send(scene: Scene, draft: Draft, prepared: submissions.Prepared | None) -> ResponseReturnValue:
    already = _already(scene)
    if already is not None:
        return already
    if request.form.get("nonce") != draft.nonce or typed_version() not in (None, draft.row_version):
        changed = _("The answers changed in another window. Nothing has been sent; please check them again, then send.")
        return make_response(show(scene, {"answers": changed}, _typed_filler()), 409)
    clean, errors = read_answers(
        {
            "name": (PersonNameType(), Label("Nama Anda", "Your name"), True),
            "position": (TextType(), Label("Jabatan", "Position"), True),
            "email": (EmailType(), Label("E-mail", "E-mail"), not scene.visit.link.email),
        }
    )
    if errors:
        return make_response(show(scene, errors, _typed_filler()), 422)
    if refused_file := _take_file(scene):  # chosen and not added: who sends means to send it too
        return make_response(show(scene, {"attachment": refused_file}, _typed_filler()), 422)
    try:
        sent = submissions.submit(
            scene.session,
            draft,
            scene.visit.link,
            filler={key: value or "" for key, value in clean.items()},
            now=scene.now,
            part=bool(request.form.get("part")),
            saw_roster=bool(scene.data.get("guarded")),
            ip_hash=_ip_hash(),
            prepared=prepared,
        )
    except Refused as refused:
        return make_response(show(scene, {"name": sentence(refused, language.current())}, _typed_filler()), 422)
    return redirect(url_for("forms.receipt", code=sent.receipt.short_code), 303)


def _already(scene: Scene) -> ResponseReturnValue | None:
    """The receipt, when this very page was sent before."""
    nonce = request.form.get("nonce", "")
    found = scene.session.exec(select(Submission).where(Submission.idempotency_key == nonce)).first() if nonce else None
    if found is None or found.duty_id != scene.duty.id:
        return None
    return redirect(url_for("forms.receipt", code=found.code), 303)


def _attach(scene: Scene) -> ResponseReturnValue:
    why = _take_file(scene, required=True)
    return make_response(show(scene, {"attachment": why}), 422) if why else redirect(_here(scene), 303)


def _take_file(scene: Scene, *, required: bool = False) -> str | None:
    """Keep the file that was chosen, if any; in words, why it is not taken."""
    file = request.files.get("attachment")
    if file is None or not file.filename:
        return _("Please choose a file.") if required else None
    folder = settings().uploads
    try:
        uploads.keep_attachment(scene.session, scene.duty, file.filename, file.stream, folder=folder, now=scene.now)
    except uploads.FileRefused as refused:
        return sentence(refused, language.current())
    return None


def _drop(scene: Scene, public_id: str) -> None:
    query = select(Upload).where(Upload.public_id == public_id, Upload.duty_id == scene.duty.id)
    found = scene.session.exec(query).first()
    if found is not None and found.kind == "attachment" and found.submission_id is None:
        uploads.drop(scene.session, found, folder=settings().uploads)


def _here(scene: Scene) -> str:
    part = request.args.get("sebagian") or request.form.get("part")
    return scene.to("periksa", sebagian=1) if part else scene.to("periksa")


def _change_url(scene: Scene) -> str:
    mode = scene.data["mode"]
    if mode == "nil":
        return url_for("forms.choose", duty_id=scene.duty.public_id)
    return scene.to("perbaiki", semua=1) if mode in ("upload", "paste") else scene.to("daftar")


def _filler(scene: Scene) -> dict[str, str]:
    """What was typed before, else the contact the link was sent to."""
    kept = scene.data.get("filler") or {}
    contact = visits.contact_of(scene.session, scene.visit)
    return {
        "name": kept.get("name") or (contact.name if contact else "") or "",
        "position": kept.get("position") or (contact.position if contact else "") or "",
        "email": kept.get("email") or "",
    }


def _typed_filler() -> dict[str, str]:
    return {key: request.form.get(key, "").strip()[:254] for key in ("name", "position", "email")}


def _ip_hash() -> str:
    return hmac.digest(settings().key("ip"), (request.remote_addr or "").encode(), hashlib.sha256).hex()
