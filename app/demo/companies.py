"""The companies of the estate, who speaks for them, and which list names which of them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from app.demo import names

COMPANIES = 143  # all companies of the estate
SAID_TO_EMPLOY = 49  # foreign workers, as the estate's manager says …
NAMED = 41  # … so many of them by name
AT_MANPOWER = 30  # companies in the register of the manpower office …
AT_MANPOWER_AND_SAID = 28  # … so many of them among the 49
VILLAGES = ("35.16.05.2010", "35.16.05.2011", "35.16.05.2009", "35.16.05.2018", "35.16.05.2013", "35.16.05.2004")
Row = dict[str, Any]


@dataclass(slots=True)
class Company:
    """One company with the rows that hang on it; references are codes, ids come with loading."""

    row: Row
    domain: str
    named: bool = False  # among the 41
    at_manpower: bool = False
    contacts: list[Row] = field(default_factory=list)
    worksites: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)

    @property
    def nib(self) -> str:
        return str(self.row["nib"])

    @property
    def name(self) -> str:
        return str(self.row["legal_name"])


def make(rng: random.Random, zone: str) -> list[Company]:
    """All companies; the named and the manpower ones are marked."""
    made = [_company(rng, name, trade, kbli, zone) for name, trade, kbli in _names(rng)]
    named = rng.sample(range(COMPANIES), NAMED)
    others = [i for i in range(COMPANIES) if i not in named]
    at_manpower = {*rng.sample(named, AT_MANPOWER_AND_SAID), *rng.sample(others, AT_MANPOWER - AT_MANPOWER_AND_SAID)}
    for i, company in enumerate(made):
        company.named, company.at_manpower = i in named, i in at_manpower
        employer = company.named or company.at_manpower
        company.row |= {"is_employer": employer, "is_sponsor": employer, "status": _status(rng, employer)}
        company.contacts = _contacts(rng, company, reachable=company.named)
        company.worksites = _worksites(rng, company) if employer else []
        if rng.random() < 0.1:
            company.names = [_former_name(rng, company)]
    return made


def _names(rng: random.Random) -> list[tuple[str, str, str]]:
    first, last = names.COMPANY_FIRST.split(), names.COMPANY_LAST.split()
    taken: dict[str, tuple[str, str, str]] = {}
    while len(taken) < COMPANIES:
        trade, kbli = rng.choice(names.COMPANY_TRADES)
        form = rng.choices(("PT", "CV"), (92, 8))[0]
        name = f"{form} {rng.choice(first)} {trade} {rng.choice(last)}"
        taken.setdefault(name.split(" ", 1)[1], (name, trade, kbli))
    return list(taken.values())


def _company(rng: random.Random, name: str, trade: str, kbli: str, zone: str) -> Company:
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    row: Row = {
        "legal_name": name,
        "nib": f"0000{rng.randrange(10**9):09d}",  # no NIB begins so: nobody's number
        "nib_status": rng.choices(("active", "unknown"), (9, 1))[0],
        "legal_form": "cv" if name.startswith("CV") else "pt",
        "capital_status": "pmdn" if name.startswith("CV") else rng.choices(("pma", "pmdn"), (55, 45))[0],
        "scale": rng.choices(("small", "medium", "large"), (2, 4, 4))[0],
        "risk": rng.choice(("medium_low", "medium_high", "high")),
        "kbli": kbli,
        "zone": zone,
        "region": rng.choice(VILLAGES),
        "address": _address(rng),
    }
    return Company(row, f"{slug}.example")


def _address(rng: random.Random) -> str:
    plot = f"Blok {rng.choice('ABCDEFGH')}-{rng.randrange(1, 40)}"
    return f"{rng.choice(names.STREETS)} {plot}, Kawasan Industri Nusa Abadi"


def _status(rng: random.Random, employer: bool) -> str:
    if employer:
        return rng.choices(("documented", "field_verified", "unconfirmed"), (5, 4, 1))[0]
    return rng.choices(("documented", "unconfirmed", "field_verified", "closed", "not_found"), (60, 25, 10, 3, 2))[0]


def _contacts(rng: random.Random, company: Company, *, reachable: bool) -> list[Row]:
    if not reachable and rng.random() < 0.15:
        return []  # nobody known yet
    given, family = (words.split() for words in names.INDONESIAN)
    made: list[Row] = []
    for box in ("hrd", "legal")[: rng.choices((1, 2), (7, 3))[0]]:
        made.append(
            {
                "name": f"{rng.choice(given)} {rng.choice(family)}",
                "position": rng.choice(names.CONTACT_POSITIONS),
                "email": f"{box}@{company.domain}",
                "language": "en" if rng.random() < 0.08 else "id",
            }
        )
    if not reachable and rng.random() < 0.06:
        made[0] |= {"email_state": "hard_bounce", "status": "bouncing"}
    return made


def _worksites(rng: random.Random, company: Company) -> list[Row]:
    labels = ["Pabrik 1", "Pabrik 2", "Gudang"][: rng.choices((1, 2, 3), (6, 3, 1))[0]]
    common = {"zone": company.row["zone"], "region": company.row["region"]}
    return [
        {
            "label": label,
            "address": company.row["address"],
            "entry_ppe": "Helm, sepatu keselamatan, rompi" if label.startswith("Pabrik") else None,
            "entry_induction": "10 menit di pos jaga" if label == "Pabrik 1" else None,
            "entry_hours": "08.00-16.00",
            **common,
        }
        for label in labels
    ]


def _former_name(rng: random.Random, company: Company) -> Row:
    words = company.name.split()
    if rng.random() < 0.5:
        return {"name": " ".join([words[0], rng.choice(names.COMPANY_FIRST.split()), *words[2:]]), "kind": "former"}
    return {"name": " ".join(word[0] for word in words[1:]) + " Group", "kind": "trade"}


def as_others_write_it(rng: random.Random, name: str) -> str:
    """The same company as another office spells it."""
    form, _, rest = name.partition(" ")
    return rng.choice((name, name.upper(), f"{form}. {rest}", f"{rest}, {form}", f"{form}. {rest.upper()}", f" {name}"))
