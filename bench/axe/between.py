"""What stands between a person and a page: an expired form, a busy system, work that waits, a draft that comes back."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from admin.views.sheet_import import AT_ONCE
from app.database import unit_of_work
from bench.axe.eye import Eye, States
from bench.axe.stock import Stock, stay_fresh

SAVE = "main form.panel .form-acts .btn-primary"


def of(eye: Eye, stock: Stock) -> States:
    """(name, what leads there)"""
    form = f"/staff/company/edit/?id={stock.first['company']}"
    stay_fresh()
    yield "between: an expired form (refused)", lambda: _expired(eye)
    yield "between: busy, send again (refused)", lambda: _busy(eye)
    yield "between: a draft is offered", lambda: _typed(eye, form)
    yield "between: a draft restored", lambda: eye.press("main .draft .btn-primary")
    yield "between: a draft that is gone", lambda: _dropped(eye, form)
    yield "between: a waiting import", lambda: _large_file(eye)
    yield "between: a large export", lambda: eye.open("/staff/register_entry/export/xlsx/")
    yield "between: a large export, asked for", lambda: eye.press("main form.panel .btn-primary")


def _expired(eye: Eye) -> None:
    eye.open("/staff/settings/office")
    eye.post_as_is("main form.panel", csrf_token="gone", office_hours="Senin-Kamis 08.00-15.00")


def _busy(eye: Eye) -> None:
    """Somebody else writes for longer than a form waits."""
    eye.open("/staff/settings/office")
    eye.page.fill("[name=office_hours]", "Senin-Kamis 08.00-15.00")
    with unit_of_work() as session:
        session.execute(text("UPDATE setting SET version = version"))
        eye.press(SAVE)
        session.rollback()


def _typed(eye: Eye, form: str) -> None:
    eye.open(form)
    eye.page.fill("[name=address]", f"Jalan Contoh Baru {eye.language}")
    eye.page.locator("[data-draft-said]:not(:empty)").wait_for()
    eye.open(form)
    eye.page.locator("main .draft").wait_for()


def _dropped(eye: Eye, form: str) -> None:
    eye.open(form)
    eye.press("main .draft [name=_drop]")
    eye.open(f"{form}&draft=1")


def _large_file(eye: Eye) -> None:
    stamp = f"{datetime.now(UTC):%H%M%S} {eye.language}"
    line = "PT Contoh Besar {} {},Jalan Contoh {}\n"
    rows = [line.format(stamp, number, number) for number in range(AT_ONCE // 40)]
    eye.open("/staff/import/company/")
    file = {"name": "besar.csv", "mimeType": "text/csv", "buffer": "".join(["Nama resmi,Alamat\n", *rows]).encode()}
    eye.page.set_input_files("#file", file)  # type: ignore[arg-type]
    eye.page.fill("#source", f"besar-{eye.language}")
    eye.press("main form .btn-primary")
