"""Invented foreign workers: seeded, so that the same seed makes the same people. Any likeness is chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

TODAY = date(2026, 11, 22)

_NATIONS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], str]] = {
    # code: (Indonesian, English, surnames, men, women, towns, passport pattern: A letter, 9 digit)
    "CHN": ("Tiongkok", "China", ("Zhang", "Wang", "Li", "Chen", "Liu", "Zhao", "Sun", "Guo"),
            ("Wei", "Jianhua", "Xiaoming", "Zhiqiang", "Guodong"), ("Meiling", "Xiaoli", "Yan"),
            ("Wuhan", "Fuzhou", "Qingdao", "Xi'an"), "E99999999"),
    "KOR": ("Korea Selatan", "South Korea", ("Kim", "Lee", "Park", "Choi", "Jung"),
            ("Min-jun", "Seo-jun", "Do-yun", "Sang-ho"), ("Seo-yeon", "Ji-woo"),
            ("Seoul", "Busan", "Incheon", "Daegu"), "M99999999"),
    "JPN": ("Jepang", "Japan", ("Sato", "Suzuki", "Tanaka", "Yamamoto"),
            ("Hiroshi", "Takeshi", "Kenji"), ("Yuko", "Akiko"), ("Osaka", "Nagoya", "Kobe"), "TK9999999"),
    "IND": ("India", "India", ("Kumar", "Sharma", "Patel", "Nair"),
            ("Rajesh", "Anil", "Suresh"), ("Priya", "Anita"), ("Chennai", "Pune", "Kochi"), "Z9999999"),
    "MYS": ("Malaysia", "Malaysia", ("bin Abdullah", "bin Ismail", "a/l Raman"),
            ("Ahmad", "Faizal", "Mohd Hafiz"), ("Nurul", "Siti"), ("Johor Bahru", "Ipoh"), "A99999999"),
    "PHL": ("Filipina", "Philippines", ("Santos", "Reyes", "Cruz", "Dela Peña"),
            ("José", "Ramon", "Antonio"), ("María", "Liza"), ("Cebu", "Davao", "Quezon City"), "P9999999A"),
    "GBR": ("Inggris", "United Kingdom", ("Smith", "O'Brien", "Taylor-Jones"),
            ("Andrew", "Neil", "Hugh"), ("Fiona", "Claire"), ("Leeds", "York"), "199999999"),
    "DEU": ("Jerman", "Germany", ("Müller", "Schäfer", "Weiß"),
            ("Jörg", "Lukas"), ("Käthe", "Anke"), ("Köln", "Bremen"), "C99XH9999"),
}  # fmt: skip
_WEIGHTS = {"CHN": 50, "KOR": 15, "JPN": 12, "IND": 8, "MYS": 5, "PHL": 5, "GBR": 3, "DEU": 2}
_JOBS = (
    ("Manajer Produksi", "Mengawasi lini perakitan"),
    ("Teknisi Mesin", "Pemeliharaan mesin pres"),
    ("Direktur", "Memimpin perusahaan"),
    ("Penasihat Mutu", "Pemeriksaan mutu"), ("Insinyur Listrik", "Pemasangan panel"),
    ("Ahli Kimia", "Pengujian bahan"), ("Manajer Keuangan", "Pengawasan anggaran"),
)  # fmt: skip
_SITES = ("Pabrik 1", "Pabrik 2", "Gudang Utara", "Kantor Pusat", "Blok C-7")


@dataclass
class Person:
    """One worker with true values; `nation` is (Indonesian, English)."""

    full_name: str
    surname: str
    given: str
    sex: str
    birth_date: date
    birth_place: str
    nationality: str
    nation: tuple[str, str]
    passport_number: str
    passport_expires_on: date
    visa_index: str
    permit_number: str
    permit_expires_on: date
    job_title: str
    activity: str
    worksite: str
    started_on: date
    change: str = "tetap"
    left_on: date | None = None
    note: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


def people(count: int, seed: int, *, nations: tuple[str, ...] | None = None) -> list[Person]:
    """`count` people without a fault; passport numbers differ."""
    rng = random.Random(seed)
    choice = list(nations or _NATIONS)
    weights = [_WEIGHTS[n] for n in choice]
    used: set[str] = set()
    return [_person(rng, rng.choices(choice, weights)[0], used) for _ in range(count)]


def _person(rng: random.Random, nation: str, used: set[str]) -> Person:
    id_name, en_name, surnames, men, women, towns, pattern = _NATIONS[nation]
    sex = "F" if rng.random() < 0.18 else "M"
    given, surname = rng.choice(women if sex == "F" else men), rng.choice(surnames)
    eastern = nation in ("CHN", "KOR")
    started = date(2019, 1, 1) + timedelta(days=rng.randrange(2500))
    permit = TODAY + timedelta(days=rng.randrange(40, 700))
    job, activity = rng.choice(_JOBS)
    change = rng.choices(("tetap", "baru", "berubah"), (80, 15, 5))[0]
    return Person(
        full_name=f"{surname} {given}" if eastern else f"{given} {surname}",
        surname=surname,
        given=given,
        sex=sex,
        birth_date=date(1961, 1, 1) + timedelta(days=rng.randrange(14000)),
        birth_place=rng.choice(towns),
        nationality=nation,
        nation=(id_name, en_name),
        passport_number=_number(rng, pattern, used),
        passport_expires_on=permit + timedelta(days=rng.randrange(60, 2000)),
        visa_index=rng.choice(("E23", "E23", "E28A", "E33G")),
        permit_number=_number(rng, "2C99JE9999-A", used),
        permit_expires_on=permit,
        job_title=job,
        activity=activity,
        worksite=rng.choice(_SITES),
        started_on=started,
        change=change,
    )


def _number(rng: random.Random, pattern: str, used: set[str]) -> str:
    while True:
        made = "".join(
            rng.choice("BCDFGHJKLMNPRSTVWX") if c == "A" and i else str(rng.randrange(10)) if c == "9" else c
            for i, c in enumerate(pattern)
        )
        if made not in used:
            used.add(made)
            return made
