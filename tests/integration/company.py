"""A made-up company with a link, and a browser-less person who uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from app.database import unit_of_work
from app.domain.actors import Actor
from app.models.company import Company
from app.models.form_link import FormLink
from app.models.report_row import KEY
from app.operations import links, records
from app.queries import duties
from app.registry import get
from tests.fixtures.web import hidden

SYSTEM = Actor.system("uji")
EMAIL = "hrd@pt-contoh.example"
PERSON = {
    "full_name": "KIM MIN JI",
    "sex": "F",
    "birth_date": "25/03/1985",
    "nationality": "Korea Selatan",
    "passport_number": "M12345678",
    "passport_expires_on": "31/12/2029",
    "job_title": "Manajer Produksi",
    "change": "tetap",
}


def company(
    session: Session, now: datetime, name: str = "PT Contoh Maju", nib: str = "9120001234567", email: str | None = EMAIL
) -> Company:
    """A company with one contact (or, without `email`, with none)."""
    made = records.save(session, get("company"), {"legal_name": name, "nib": nib}, SYSTEM, now=now)
    assert not made.problems, made.problems
    if email:
        values = {"company": made.id, "name": "Siti Contoh", "position": "Manajer HRD", "email": email}
        contact = records.save(session, get("contact"), values, SYSTEM, now=now)
        assert not contact.problems, contact.problems
    return duties.company_by(session, nib)


def issue(now: datetime | None = None, **options: Any) -> tuple[str, str]:
    """A company and its link: (path of the link, NIB). Opens and commits its own unit of work."""
    at = now or datetime.now(UTC)
    with unit_of_work() as session:
        made = company(session, at, **options)
        link = links.issue(session, KEY, made, actor=SYSTEM, now=at)
        return f"/t/{links.token_of(link)}", made.nib or ""


@dataclass
class Clerk:
    """Follows pages as a person without scripts does: hidden fields, redirects, the form that is there."""

    client: FlaskClient
    page: TestResponse | None = None
    url: str = "/"

    def get(self, url: str) -> str:
        self.page = self.client.get(urljoin(self.url, url), base_url="https://localhost", follow_redirects=True)
        self.url = self.page.request.path + (
            f"?{self.page.request.query_string.decode()}" if self.page.request.query_string else ""
        )
        return self.page.text

    def post(self, _to: str | None = None, _files: Mapping[str, Any] | None = None, **values: Any) -> str:
        """Send the page's form; `values` are what was typed or pressed. A name's last underscore is dropped."""
        assert self.page is not None
        body = hidden(self.page.text) | {name.rstrip("_"): value for name, value in values.items()}
        self.page = self.client.post(
            urljoin(self.url, _to or self.url),
            data=body | dict(_files or {}),
            base_url="https://localhost",
            follow_redirects=True,
            headers={"Sec-Fetch-Site": "same-origin", "Referer": "https://localhost/"},
        )
        self.url = self.page.request.path + (
            f"?{self.page.request.query_string.decode()}" if self.page.request.query_string else ""
        )
        return self.page.text

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    def open(self, link: str) -> str:
        """From the mail to the list of duties."""
        self.get(link)
        return self.post(do="open")

    def start(self, mode: str) -> str:
        """Choose how to report the first duty."""
        assert self.page is not None
        found = re.search(r'href="(/laporan/[a-z0-9]{16})"', self.page.text)
        assert found, self.page.text
        self.get(found[1])
        return self.post(mode=mode)

    def person(self, **changes: str) -> str:
        """Fill in the three pages of one person."""
        cells = PERSON | changes
        dates = {key: cells.pop(key) for key in ("birth_date", "passport_expires_on", "left_on") if key in cells}
        for key, value in dates.items():
            day, month, year = value.split("/")
            cells |= {f"{key}-d": day, f"{key}-m": month, f"{key}-y": year}
        text = ""
        for part in (1, 2, 3):
            assert f"bagian={part}" in self.url, (self.url, self.page and self.page.text)
            text = self.post(**cells)
        return text

    def send(self, **changes: str) -> str:
        """Declare and send."""
        return self.post(**({"name": "Siti Contoh", "position": "Manajer HRD", "email": "", "do": "send"} | changes))


def link_of(session: Session, path: str) -> FormLink:
    return links.find(session, path.rpartition("/")[2], now=datetime.now(UTC))
