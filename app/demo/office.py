"""What the office itself keeps in the demo: work plans with their levies, a supervision team, its own holidays."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from sqlmodel import Session, col, select

from app.demo import names, papers
from app.demo.companies import Row
from app.domain.work_plans import LEVY_USD, months_between
from app.models.task_force import TaskForce

ACCEPTED: Row = {
    "kind": "accepted",
    "language": "id",
    "subject": "{laporan} {periode} sudah lengkap, {nomor}",
    "body": "Yth. Bapak/Ibu Pimpinan {perusahaan},\n\nTerima kasih, {laporan} {periode} sudah selesai kami periksa dan "
    "lengkap.\n\n{rincian}\n\nCatatan petugas:\n\n{catatan}\n\nKami senang dapat membantu bila ada pertanyaan, "
    "{jam_layanan}.",
    "note": "Lebih singkat, dengan jam layanan",
}


class Load(Protocol):
    """What the world loads with (`app.demo.world`)."""

    session: Session
    today: date

    def keep(self, key: str, field: str, name: str, content: bytes) -> list[str]: ...
    def save(self, key: str, rows: Sequence[Row]) -> list[int]: ...


PAPERS = 3  # plans whose papers, and whose proof of payment, are there to look at: the first of their list
_SEED = 11  # its own, so that companies and people stay who they were
MEMBERS = (
    ("Ratna Kusuma, S.H.", "imigrasi", "chair", "Kepala Kantor"),
    ("Hendra Wijaya, S.Sos.", "imigrasi", "secretary", "Kepala Seksi Intelijen dan Penindakan"),
    ("Dewi Lestari, S.E.", "disnaker", "member", "Kepala Bidang Penempatan Tenaga Kerja"),
    ("Agus Prasetyo", "kesbangpol", "deputy", "Sekretaris Badan"),
    ("Kapten Bayu Santosa", "koramil", "member", "Danramil"),
    ("Iptu Rizal Hakim", "polsek", "member", "Kapolsek"),
    ("Nur Aini, S.H., M.H.", "kejaksaan", "member", "Kepala Seksi Intelijen"),
    ("Slamet Riyadi", "kecamatan", "member", "Camat"),
)


def load(to: Load, employers: Sequence[tuple[int, Sequence[int]]]) -> None:
    """`employers`: (company id, ids of its work sites)."""
    rng = random.Random(_SEED)  # noqa: S311 - a made-up world
    plans = [_plan(rng, number, *employer, to.today) for number, employer in enumerate(employers, 1)]
    plans[0] |= {"position": "HR Manager"}
    for plan in plans[:PAPERS]:
        plan["attachments"] = _papers(to, plan)
    ids = to.save("work_plan", plans)
    levies = [_levy(rng, id_, plan, i) for i, (id_, plan) in enumerate(zip(ids, plans, strict=True), 1)]
    for levy in levies[:PAPERS]:
        proof = papers.pdf("Bukti pembayaran DKPTKA", [f"{levy['reference']}", f"USD {levy['amount_usd']}"])
        levy["proof"] = to.keep("levy_payment", "proof", "bukti-bayar.pdf", proof)
    to.save("levy_payment", levies)
    _team(to)
    to.save("holiday", _holidays(to.today.year))
    to.save("message_template", [ACCEPTED])


def _plan(rng: random.Random, number: int, company: int, sites: Sequence[int], today: date) -> Row:
    position = rng.choices(names.POSITIONS, [weight for weight, _, _ in names.POSITIONS])[0]
    low, high = rng.choices(((-60, -5), (1, 40), (60, 350)), (1, 2, 7))[0]
    ends = today + timedelta(days=rng.randint(low, high))
    status = "past" if ends < today else "renewal_due" if ends < today + timedelta(days=42) else "in_force"
    return {
        "company": company,
        "approval_no": f"B.3/{number:05d}/PK.04.01/{ends.year}",
        "kind": "over_6_months",
        "position": rng.choice(position[1]),
        "headcount": rng.randint(1, 12),
        "worksites": list(sites),
        "starts_on": ends - timedelta(days=364),
        "ends_on": ends,
        "status": status,
        "local_hiring": f"{rng.randrange(5, 80)} orang sejak awal pengesahan",
    }


def _papers(to: Load, plan: Row) -> list[str]:
    """The approval and a contract of work."""
    lines = [str(plan["approval_no"]), str(plan["position"]), f"{plan['starts_on']} - {plan['ends_on']}"]
    made = {"pengesahan-rptka.pdf": "Pengesahan RPTKA", "perjanjian-kerja.pdf": "Perjanjian kerja"}
    return [
        one
        for name, title in made.items()
        for one in to.keep("work_plan", "attachments", name, papers.pdf(title, lines))
    ]


def _levy(rng: random.Random, plan_id: int, plan: Row, number: int) -> Row:
    months = months_between(plan["starts_on"], plan["ends_on"])
    return {
        "work_plan": plan_id,
        "reference": f"NTPN{number:012d}",
        "persons": plan["headcount"],
        "months": months,
        "amount_usd": LEVY_USD * months * plan["headcount"],
        "paid_on": plan["starts_on"] - timedelta(days=rng.randint(5, 25)),
        "destination": rng.choice(("central", "kabupaten")),
        "status": rng.choices(("claimed", "proof_seen", "confirmed"), (2, 3, 5))[0],
    }


def _team(to: Load) -> None:
    year = to.today.year
    since = date(year, 1, 1)
    row: Row = {
        "level": "kab_kota", "region": "35.16", "decree_no": f"W15.IMI-12 Tahun {year} (contoh)",
        "decreed_on": since, "valid_from": since, "valid_until": date(year + 1, 12, 31),
    }  # fmt: skip
    (team,) = to.save("task_force", [row])
    keys = ("name", "agency", "role", "position")
    to.save("task_force_member", [{"task_force": team, **dict(zip(keys, one, strict=True))} for one in MEMBERS])
    public_id = to.session.execute(select(col(TaskForce.public_id)).where(TaskForce.id == team)).scalar_one()
    to.save("task_force", [{"public_id": public_id, "status": "in_force"}])


def _holidays(year: int) -> list[Row]:
    return [
        {"falls_on": date(year, 5, 9), "name": "Hari Jadi Kabupaten (contoh)", "kind": "local"},
        {"falls_on": date(year + 1, 1, 2), "name": "Cuti bersama awal tahun (contoh)", "kind": "joint_leave"},
    ]
