"""Invented foreign workers with passport, permit and work, in the nationality mix of the national statistics."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.demo import names
from app.domain import mrz

WORKERS = 600
LEFT = 36  # people who worked here before
Row = dict[str, Any]
_PASSPORT_HEAD = {"CHN": "E0", "JPN": "TZ", "KOR": "M00", "IND": "Z0", "TWN": "30", "USA": "50"}
_SHORT = str.maketrans({"ı": "i", "Ş": "S", "ş": "s", "ü": "ue", "Ü": "Ue", "ä": "ae", "ö": "oe", "-": " ", "'": ""})
_FAMILY_FIRST = frozenset({"CHN", "JPN", "KOR", "TWN", "VNM", "SGP", "MYS"})


@dataclass(slots=True)
class Worker:
    """One person; `company` is the index of the employer in the list given to `make`, `site` that of the work site."""

    person: Row
    passport: Row
    permit: Row
    index: str  # visa index of the permit
    old_index: str | None
    sponsorship: Row
    company: int
    site: int


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split by weights, largest remainders first: the parts add up."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(weights)), key=lambda i: parts[i] - exact[i])
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def nationality_pool(total: int) -> list[str]:
    """So many nationalities, each as often as the statistics say."""
    weights: dict[str, float] = {code: float(count) for code, count in names.NATIONALITIES.items()}
    weights |= dict.fromkeys(names.OTHER_NATIONALITIES, names.OTHERS / len(names.OTHER_NATIONALITIES))
    counts = shares(total, list(weights.values()))
    return [code for code, count in zip(weights, counts, strict=True) for _ in range(count)]


def make(rng: random.Random, companies: int, sites: Sequence[int], today: date) -> list[Worker]:
    """Workers for so many companies (`sites[i]` = work sites of company i); most of a company share a nationality."""
    sizes = shares(WORKERS - 2 * companies, [rng.paretovariate(1.1) ** 1.1 for _ in range(companies)])
    pool = nationality_pool(WORKERS)
    rng.shuffle(pool)
    order = sorted(range(companies), key=lambda i: -sizes[i])
    made: list[Worker] = []
    for i in order:
        home = rng.choice(pool)
        for _ in range(sizes[i] + 2):
            nationality = home if rng.random() < 0.7 and home in pool else rng.choice(pool)
            pool.remove(nationality)
            made.append(_worker(rng, nationality, len(made), i, sites[i], today))
    for _ in range(LEFT):
        i = rng.randrange(companies)
        left = _worker(rng, rng.choice(nationality_pool(100)), len(made), i, sites[i], today)
        made.append(_gone(rng, left, today))
    return made


def make_one(rng: random.Random, nationality: str, serial: int, today: date) -> Worker:
    """One more worker, who belongs nowhere yet."""
    return _worker(rng, nationality, serial, 0, 1, today)


def _worker(rng: random.Random, nationality: str, serial: int, company: int, sites: int, today: date) -> Worker:
    person, surname, given = _person(rng, nationality, today)
    position = rng.choices(names.POSITIONS, [weight for weight, _, _ in names.POSITIONS])[0]
    title = rng.choice(position[1])
    expires = today + timedelta(days=_days_left(rng))
    index = "E28A" if title.startswith(("Direktur", "Presiden", "Komisaris")) and rng.random() < 0.6 else "E23"
    kind = rng.choices(("itas", "itap", "itk"), (93, 4, 3))[0]
    index = "C18" if kind == "itk" else index
    old = rng.choice(("E23B", "E23H")) if index == "E23" and rng.random() < 0.06 else None
    started = today - timedelta(days=rng.randrange(100, 1500))
    permit = {
        "kind": kind,
        "number": f"2C{rng.randrange(21, 27)}XX{serial:04d}-{rng.choice('ABCDEFGHJK')}",
        "issued_on": expires - timedelta(days=1825 if kind == "itap" else 60 if kind == "itk" else 365),
        "expires_on": expires,
    }
    sponsorship = {
        "kind": "company", "started_on": started, "job_title": title, "activity": rng.choice(position[2]),
        "status": "active",
    }  # fmt: skip
    passport = _passport(rng, person, surname, given, serial, today)
    return Worker(person, passport, permit, index, old, sponsorship, company, rng.randrange(sites))


def _days_left(rng: random.Random) -> int:
    """Days to the end of a permit: a few past, some soon, most within the year."""
    low, high = rng.choices(((-30, -1), (1, 14), (15, 30), (31, 60), (61, 365)), (2, 4, 6, 8, 80))[0]
    return rng.randint(low, high)


def _person(rng: random.Random, nationality: str, today: date) -> tuple[Row, str, str]:
    sex = rng.choices(("M", "F"), (names.MEN, names.WOMEN))[0]
    family, men, women = names.PEOPLE[nationality]
    given = rng.choice(_words(women if sex == "F" else men))
    surname = rng.choice(_words(family)) if family else ""
    display = f"{surname} {given}" if nationality in _FAMILY_FIRST else f"{given} {surname}"
    surname_mrz, given_mrz = (_plain(surname), _plain(given)) if surname else (_plain(given), "")
    age = timedelta(days=int(rng.triangular(23, 63, 38) * 365.25))
    person: Row = {
        "name_display": display.strip(),
        "name_mrz": f"{surname_mrz}<<{given_mrz}".replace(" ", "<").removesuffix("<<")[:39],
        "sex": sex,
        "birth_date": today - age,
        "birth_place": rng.choice(names.BIRTH_PLACES[nationality].split()),
        "nationality": nationality,
        "address": f"{rng.choice(names.STREETS)} Mess {rng.randrange(1, 30)}, Ngoro",
        "presence": rng.choices(("in_country", "unknown", "abroad"), (90, 6, 4))[0],
    }
    return person, surname_mrz, given_mrz


def _words(text: str) -> list[str]:
    return text.split("|") if "|" in text else text.split()


def _plain(text: str) -> str:
    """A name in the letters of the machine-readable zone."""
    bare = unicodedata.normalize("NFKD", text.translate(_SHORT))
    return "".join(c for c in bare if c == " " or (c.isascii() and c.isalpha())).upper()


def _passport(rng: random.Random, person: Row, surname: str, given: str, serial: int, today: date) -> Row:
    state = str(person["nationality"])
    head = _PASSPORT_HEAD.get(state, f"{state[0]}0")
    low, high = rng.choices(((-40, -1), (1, 180), (181, 3300)), (2, 8, 90))[0]
    expires = today + timedelta(days=rng.randint(low, high))
    number = f"{head}{serial * 7 + 1000:0{9 - len(head)}d}"[:9]  # runs of low numbers: nobody's passport
    passport: Row = {
        "issuing_state": state, "number": number, "issued_on": expires - timedelta(days=3652), "expires_on": expires,
        "status": "current",
    }  # fmt: skip
    if rng.random() < 0.3:
        zone = mrz.Td3("P", state, surname, given, number, state, f"{person['birth_date']:%y%m%d}", person["sex"],
                       f"{expires:%y%m%d}", "")  # fmt: skip
        passport["mrz1"], passport["mrz2"] = mrz.compose(zone).split("\n")
    return passport


def _gone(rng: random.Random, worker: Worker, today: date) -> Worker:
    ended = today - timedelta(days=rng.randrange(30, 300))
    started = min(worker.sponsorship["started_on"], ended - timedelta(days=90))
    worker.sponsorship |= {
        "started_on": started, "ended_on": ended, "status": "released",
        "end_reason": rng.choice(("left_job", "left_country", "changed_sponsor")),
    }  # fmt: skip
    worker.permit |= {
        "status": "ended_epo",
        "expires_on": ended,
        "issued_on": ended - timedelta(days=365),
        "ended_on": ended,
    }
    worker.person["presence"] = "abroad"
    return worker
