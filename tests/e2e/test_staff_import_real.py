"""The two real registers of sponsors go through the screens, one after the other, and come back out without a trace."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import working
from app.database import unit_of_work
from app.registry import get
from tests.e2e.test_staff_import import post
from tests.e2e.test_staff_inbox import officer
from tests.fixtures.web import hidden

SPONSORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "sponsors"
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.skipif(not SPONSORS.is_dir(), reason="../shared/data is not here"),
]


def file(day: str) -> Path:
    return next(SPONSORS.glob(f"*{day}*.csv"))


def companies() -> tuple[int, str]:
    """How many there are, and a checksum of all their fields."""
    table = get("company").table
    columns = [table.c[name] for name in ("public_id", *get("company").fields)]
    digest, count = hashlib.sha256(), 0
    with unit_of_work(write=False) as session:
        for row in session.execute(select(*columns).where(table.c.deleted_at.is_(None)).order_by(table.c.public_id)):
            digest.update(repr(tuple(row)).encode())
            count += 1
    return count, digest.hexdigest()


def test_two_registers_of_thirty_thousand_rows_go_in_and_come_back_out(app: Flask) -> None:
    admin: FlaskClient = officer(app, "admin")
    empty = companies()

    def put(day: str) -> str:
        page = admin.get("/staff/import/company/").text
        body = {
            **hidden(page), "source": "sponsors", "match": "legal_name,town",
            "file": (io.BytesIO(file(day).read_bytes()), file(day).name),
        }  # fmt: skip
        place = admin.post("/staff/import/company/", data=body, content_type="multipart/form-data").location
        assert working.run(60) == 1
        return str(place)

    first = put("2020-07-27")
    assert "31.320" in admin.get(first).text
    post(admin, admin.get(first), "apply", mode="good")
    assert working.run(60) == 1
    assert "Sudah ditulis" in admin.get(first).text
    between = companies()
    assert between[0] > 29_000

    second = put("2020-10-29")
    shown = admin.get(second)
    assert "31.857" in shown.text
    assert "Nothing" not in shown.text
    post(admin, shown, "apply", mode="good")
    assert working.run(60) == 1
    assert companies()[0] > between[0]

    for place, before in ((second, between), (first, empty)):
        asked = admin.get(f"{place}/undo").text
        told = [int(one.replace(".", "")) for one in re.findall(r">([\d.]+) data (?:baru|yang diubah)</a>", asked)]
        post(admin, admin.get(place), "undo", count=str(sum(told)))
        while working.run(60):
            pass
        assert companies() == before
