"""The demo world: seeded and invented, written through the same operations as everything else.

One estate of 143 companies, 49 of them said to employ foreign workers (41 by name), 30 in the manpower office's
register (28 of those among the 49), 600 workers, and their reports: done, late, waiting, returned, broken, missing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from app.config import Settings
from app.demo import companies as demo_companies
from app.demo import names, office, papers, people, reports
from app.demo.companies import Company as Made
from app.demo.companies import Row
from app.domain.actors import Actor
from app.models.company import Company
from app.models.form_link import FormLink
from app.models.organisation import Zone
from app.operations import links, records, regions, uploads, users
from app.registry import get

ZONE = "KI-NUSA-ABADI"
PICTURED = 3  # people with a photo and a scan of their passport: the first of their list
LINKS = 3  # companies whose link is given to whoever looks at the demo
ACTOR = Actor.system("dunia contoh")
_REGIONS = Path(__file__).with_name("regions.csv")


@dataclass(slots=True)
class World:
    """What a demo prints: addresses of staff (made without passwords) and one living link a company."""

    staff: list[str] = field(default_factory=list)
    links: list[FormLink] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)  # names, as in `links`


@dataclass(slots=True)
class _Load:
    session: Session
    rng: random.Random
    now: datetime
    today: date
    folder: Path

    def keep(self, key: str, field: str, name: str, content: bytes) -> list[str]:
        """A file for a field of a row that is saved next, as that field takes it."""
        kept = uploads.keep_for_record(
            self.session, get(key), field, name, BytesIO(content), ACTOR, folder=self.folder, now=self.now
        )
        return [kept.public_id]

    def save(self, key: str, rows: Sequence[Row]) -> list[int]:
        """Ids in the order of the rows. The demo's own rows are right, or the demo is wrong."""
        result = records.save_many(self.session, get(key), rows, ACTOR, now=self.now)
        if not result.written:
            raise ValueError(f"demo rows of {key}: {result.problems[:3]}")
        return [int(outcome.id or 0) for outcome in result.outcomes]


def load(session: Session, *, seed: int, now: datetime, settings: Settings) -> World:
    """Fill an empty database; one that already holds this world only gets fresh links. The caller commits."""
    today = settings.today(now)
    rng = random.Random(seed)  # noqa: S311 - a made-up world, the same for the same seed
    made = demo_companies.make(rng, ZONE)
    if session.exec(select(Zone).where(Zone.code == ZONE)).first() is None:
        begun = now - timedelta(days=100)
        _fill(_Load(session, rng, begun, today, settings.uploads), made, now, settings)
    return _world(session, made, now)


def _fill(load: _Load, made: list[Made], now: datetime, settings: Settings) -> None:
    listed, _ = regions.read_list(_REGIONS)
    regions.import_list(load.session, listed, ACTOR, now=load.now)
    load.save("agency", [dict(zip(("code", "name", "kind", "region"), one, strict=True)) for one in names.AGENCIES])
    _staff(load)
    load.save("zone", [_zone()])
    company_ids = load.save("company", [company.row for company in made])
    sites = _company_parts(load, made, company_ids)
    _workers(load, made, company_ids, sites, _visa_indices(load))
    office.load(load, [(company_ids[i], sites[i]) for i, _ in enumerate(made) if sites[i]])
    _registers(load, made, company_ids)
    reports.load(load.session, load.rng, _named(load.session, made), now=now, today=load.today, settings=settings)


def _zone() -> Row:
    return {
        "code": ZONE,
        "name": "Kawasan Industri Nusa Abadi",
        "aliases": "KINA, Nusa Abadi Industrial Estate",
        "manager": "Pengelola Kawasan Nusa Abadi",
        "area_ha": "600",
        "regions": ["35.16.05"],
        "status": "active",
    }


def _staff(load: _Load) -> None:
    for box, name, role, agency in names.STAFF:
        users.add(load.session, email=address(box), name=name, roles=[role], actor=ACTOR, now=load.now, agency=agency)


def address(box: str) -> str:
    return f"{box}@kantor.example"


def _visa_indices(load: _Load) -> dict[str, int]:
    rows: list[Row] = []
    for code, title, works, sponsor, since, until, _ in names.VISA_INDICES:
        rows.append(
            {
                "code": code,
                "title": title,
                "letter": code[0],
                "work_allowed": works,
                "sponsor_kind": sponsor,
                "valid_from": since,
                "valid_until": until,
                "status": "retired" if until else "in_force",
                "basis": "contoh; periksa keputusan menteri yang berlaku",
            }
        )
    ids = dict(zip([row["code"] for row in rows], load.save("visa_index", rows), strict=True))
    table = get("visa_index").table
    public = {row.code: row.public_id for row in load.session.execute(select(table.c.code, table.c.public_id))}
    replaced = [(one[0], one[6]) for one in names.VISA_INDICES if one[6]]
    load.save("visa_index", [{"public_id": public[old], "replaced_by": ids[str(new)]} for old, new in replaced])
    return ids


def _company_parts(load: _Load, made: list[Made], ids: list[int]) -> list[list[int]]:
    """Contacts, names and work sites; the ids of the work sites by company."""
    for key, part in (("contact", "contacts"), ("company_name", "names")):
        rows = [{"company": ids[i], **row} for i, company in enumerate(made) for row in getattr(company, part)]
        load.save(key, rows)
    owners = [i for i, company in enumerate(made) for _ in company.worksites]
    rows = [{"company": ids[i], **row} for i, company in enumerate(made) for row in company.worksites]
    sites: list[list[int]] = [[] for _ in made]
    for owner, site in zip(owners, load.save("worksite", rows), strict=True):
        sites[owner].append(site)
    return sites


def _workers(
    load: _Load, made: list[Made], company_ids: list[int], sites: list[list[int]], indices: dict[str, int]
) -> None:
    employers = [i for i, company in enumerate(made) if company.worksites]
    workers = people.make(load.rng, len(employers), [len(sites[i]) for i in employers], load.today)
    _pictures(load, workers)
    persons = load.save("foreign_national", [{**worker.person, "region": "35.16.05"} for worker in workers])
    load.save("passport", [{"person": p, **w.passport} for p, w in zip(persons, workers, strict=True)])
    rows: list[Row] = []
    for person, worker in zip(persons, workers, strict=True):
        at = employers[worker.company]
        rows.append(
            {"person": person, "sponsor": company_ids[at], "worksite": sites[at][worker.site], **worker.sponsorship}
        )
    sponsorships = load.save("sponsorship", rows)
    load.save(
        "stay_permit",
        [
            {
                "person": person,
                "sponsorship": sponsorship,
                "visa_index": indices[worker.index],
                "old_index": indices[worker.old_index] if worker.old_index else None,
                "office": "imigrasi",
                **worker.permit,
            }
            for person, sponsorship, worker in zip(persons, sponsorships, workers, strict=True)
        ],
    )


def _pictures(load: _Load, workers: list[people.Worker]) -> None:
    first = sorted(workers, key=lambda worker: str(worker.person["name_display"]))[:PICTURED]
    for number, worker in enumerate(first):
        person, passport = worker.person, worker.passport
        person["photo"] = load.keep("foreign_national", "photo", "foto.png", papers.portrait(number))
        lines = [f"{person['name_mrz'].replace('<', ' ')}", f"{passport['issuing_state']} {passport['number']}"]
        below = [passport["mrz1"], passport["mrz2"]] if "mrz1" in passport else []
        scan = papers.pdf("Paspor", lines, below=below)
        passport["scan"] = load.keep("passport", "scan", "paspor.pdf", scan)


def _registers(load: _Load, made: list[Made], ids: list[int]) -> None:
    """Three lists of three bodies, each row as it was given: what they count differs, and all can be right."""
    common = {"unit": "company", "zone": ZONE, "region": "35.16.05"}
    estate, claim, manpower = load.save(
        "register",
        [
            {
                "code": "kawasan",
                "owner_agency": "pengelola",
                "as_of": load.today - timedelta(days=75),
                "definition": "Satu baris adalah satu perusahaan yang menempati kavling di kawasan.",
                **common,
            },
            {
                "code": "keterangan-tka",
                "owner_agency": "pengelola",
                "as_of": load.today - timedelta(days=50),
                "status": "reviewed",
                "definition": "Perusahaan yang menurut keterangan pengelola kawasan mempekerjakan tenaga kerja asing. "
                "Keterangan menyebut 49 perusahaan; 41 disebut namanya, 8 belum. Belum diperiksa di lapangan.",
                **common,
            },
            {
                "code": "disnaker",
                "owner_agency": "disnaker",
                "as_of": load.today - timedelta(days=65),
                "date_stated": False,
                "definition": "Perusahaan di kawasan yang melaporkan tenaga kerja asing kepada dinas. "
                "Tanggal data tidak disebut sumber; yang tercatat adalah tanggal diterima.",
                **common,
            },
        ],
    )
    load.save("register_entry", [_entry(load, estate, row, company, ids[i]) for row, (i, company) in _numbered(made)])
    named = [(i, company) for i, company in enumerate(made) if company.named]
    rows = [_entry(load, claim, row, company, ids[i]) for row, (i, company) in enumerate(named, 2)]
    for row in range(len(named) + 2, demo_companies.SAID_TO_EMPLOY + 2):
        raw = {"No": row - 1, "Nama perusahaan": "", "Keterangan": "nama belum diketahui"}
        rows.append({"source": claim, "source_row": row, "raw": raw, "presence": "present", "match_state": "unmatched"})
    load.save("register_entry", rows)
    listed = [(i, company) for i, company in enumerate(made) if company.at_manpower]
    load.rng.shuffle(listed)
    load.save(
        "register_entry", [_entry(load, manpower, row, company, ids[i]) for row, (i, company) in enumerate(listed, 2)]
    )


def _numbered(made: list[Made]) -> enumerate[tuple[int, Made]]:
    return enumerate(enumerate(made), 2)  # row 1 of a source is its heading


def _entry(load: _Load, register: int, row: int, company: Made, company_id: int) -> Row:
    written = demo_companies.as_others_write_it(load.rng, company.name)
    same = written.strip() == company.name
    raw: dict[str, Any] = {"No": row - 1, "Nama perusahaan": written, "Alamat": company.row["address"]}
    return {
        "source": register,
        "source_row": row,
        "raw": raw,
        "number_in_register": f"{row - 1:03d}",
        "company": company_id,
        "presence": "present",
        "match_state": "same" if same else load.rng.choices(("auto_matched", "to_review"), (9, 1))[0],
        "match_score": "1" if same else f"0.{load.rng.randrange(86, 99)}",
        "match_reasons": {"name": written.strip()},
    }


def _named(session: Session, made: list[Made]) -> list[Company]:
    """The 41 companies known by name, in the order of the world."""
    nibs = [company.nib for company in made if company.named]
    found = {company.nib: company for company in session.exec(select(Company).where(col(Company.nib).in_(nibs)))}
    return [found[nib] for nib in nibs if nib in found]


def _world(session: Session, made: list[Made], now: datetime) -> World:
    chosen = [company for company in _named(session, made) if company.legal_form == "pt"][:LINKS]
    given = [links.issue(session, reports.FORM, company, actor=ACTOR, now=now) for company in chosen]
    return World([address(box) for box, *_ in names.STAFF], given, [company.legal_name for company in chosen])
