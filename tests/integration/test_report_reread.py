"""The columns of a sheet looked at again: what people did to its rows since is never undone by it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from app.database import unit_of_work
from app.models.draft import Draft
from app.models.submission import Submission
from app.operations import drafts, rereading
from app.queries import submissions as reports
from tests.integration.company import Clerk, issue
from tests.integration.test_report_journey import CODE, HEADINGS, numbered, sheet

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here is asked of the database
JOB, STATUS = (f"column-{list(HEADINGS).index(key)}" for key in ("job_title", "change"))


class Chosen(HTMLParser):
    """What a page's lists and round buttons stand at."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "select":
            self._list = found.get("name") or ""
        elif tag == "option" and "selected" in found:
            self.values[self._list] = found.get("value") or ""
        elif tag == "input" and found.get("type") == "radio" and "checked" in found:
            self.values[found["name"] or ""] = found.get("value") or ""


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


def upload(clerk: Clerk, *people: dict[str, str]) -> str:
    """Returns the address of the duty."""
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    return re.search(r"/laporan/[a-z0-9]{16}", clerk.url)[0]  # type: ignore[index]


def five(**second: str) -> list[dict[str, str]]:
    people = numbered(5)
    people[1] |= {"birth_date": "kapan-kapan"} | second
    people[2] |= {"passport_expires_on": "31/02/2029"}
    return people


def mended(clerk: Clerk) -> str:
    """Five people: a wrong cell and a right one mended, a third wrong still, the last row removed, two people added."""
    duty = upload(clerk, *five())
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    clerk.get(f"{duty}/perbaiki?semua=1")
    clerk.post(**{"c-4-full_name": "KIM AN", "c-7-change": "", "n-1-full_name": "LEE SEO", "remove": "8"})
    clerk.get(f"{duty}/orang?bagian=1")
    clerk.person(full_name="PARK JUN", passport_number="M77777777")
    return duty


def recheck(clerk: Clerk, duty: str, **changes: str) -> str:
    """See how the columns were read and check the rows, with what stands there but for `changes`."""
    page = Chosen()
    page.feed(clerk.get(f"{duty}/kolom"))
    assert JOB in page.values
    return clerk.post(**(page.values | changes))


def rows() -> dict[int, dict[str, str]]:
    with unit_of_work(write=False) as session:
        draft = session.exec(select(Draft).where(Draft.state == "open")).one()
        return {row["n"]: row["cells"] for row in draft.data["rows"]}


def names() -> list[str]:
    return [cells["full_name"] for cells in rows().values()]


@ON_ONE
def test_checking_again_with_nothing_changed_leaves_the_draft_as_it_is(clerk: Clerk) -> None:
    duty = mended(clerk)
    before = rows()
    assert [cells["full_name"] for cells in before.values()] == [
        "KIM AN", "KIM B", "KIM C", "KIM D", "LEE SEO", "PARK JUN",
    ]  # fmt: skip
    recheck(clerk, duty)
    assert clerk.url == f"{duty}/perbaiki"
    assert rows() == before


@ON_ONE
def test_a_column_meant_otherwise_is_read_anew_and_keeps_what_was_typed(clerk: Clerk) -> None:
    duty = mended(clerk)
    before = rows()
    recheck(clerk, duty, **{JOB: "activity"})
    after = rows()
    assert list(after) == list(before), "who was removed stays away, who was added stays"
    for number in (4, 5, 6, 7):
        assert after[number].pop("activity") == before[number].pop("job_title")
    assert after == before
    assert "change" not in after[7], "a cell made empty is not filled again"
    assert after[5]["birth_date"] == "01/02/1980"


@ON_ONE
def test_each_column_shows_what_its_cells_hold(clerk: Clerk) -> None:
    duty = upload(clerk, *five())
    page = clerk.get(f"{duty}/kolom")
    hints = re.findall(r"isinya, misalnya: ([^<]+)", page)
    assert any(hint.startswith(five()[0]["full_name"]) for hint in hints)
    assert all(hint.count(" · ") <= 2 for hint in hints), "the first three different cells"
    assert "holds, for example:" in clerk.get(f"{duty}/kolom?lang=en")


@ON_ONE
def test_a_value_for_every_row_leaves_the_rows_told_otherwise(clerk: Clerk) -> None:
    duty = upload(clerk, *five())
    recheck(clerk, duty, **{STATUS: "", JOB: "job_title"})
    clerk.get(f"{duty}/perbaiki?semua=1")
    clerk.post(**{"c-5-change": "baru", "do": "check"})
    recheck(clerk, duty, **{"fill-change": "tetap"})
    assert [cells["change"] for cells in rows().values()] == ["tetap", "baru", "tetap", "tetap", "tetap"]
    recheck(clerk, duty, **{"fill-change": "berubah"})
    assert [cells["change"] for cells in rows().values()] == ["berubah", "baru", "berubah", "berubah", "berubah"]


@ON_ONE
@pytest.mark.parametrize("changes", [{}, {JOB: "activity"}], ids=["nothing changed", "a column changed"])
def test_rows_already_sent_do_not_come_back(clerk: Clerk, changes: dict[str, str]) -> None:
    duty = upload(clerk, *five())
    clerk.post(do="part")
    assert CODE.search(clerk.send())
    assert names() == ["KIM B", "KIM C"]
    recheck(clerk, duty, **changes)
    assert names() == ["KIM B", "KIM C"]
    recheck(clerk, duty, **{JOB: "job_title"})
    assert rows()[5]["job_title"] == "Manajer Produksi"
    clerk.get(f"{duty}/perbaiki")
    clerk.post(**{"c-5-birth_date": "01/02/1980", "c-6-passport_expires_on": "28/02/2029", "do": "check"})
    assert CODE.search(clerk.send())
    with unit_of_work(write=False) as session:
        newest = session.exec(select(Submission).where(Submission.version == 2)).one()
        assert len(reports.rows(session, newest)) == 5


@ON_ONE
def test_the_order_of_dates_once_told_is_kept_and_can_be_told_otherwise(clerk: Clerk) -> None:
    people = [one | {"birth_date": "03/04/1985", "passport_expires_on": "05/06/2029"} for one in numbered(2)]
    duty = upload(clerk, *people)
    recheck(clerk, duty, **{"answer-date_ambiguous": "mdy"})
    assert rows()[4]["birth_date"] == "04/03/1985"
    clerk.get(f"{duty}/perbaiki?semua=1")
    clerk.post(**{"c-5-birth_date": "09/09/1989", "do": "later"})
    recheck(clerk, duty)
    assert [cells["birth_date"] for cells in rows().values()] == ["04/03/1985", "09/09/1989"]
    recheck(clerk, duty, **{JOB: "activity"})
    assert [cells["birth_date"] for cells in rows().values()] == ["04/03/1985", "09/09/1989"]
    recheck(clerk, duty, **{"answer-date_ambiguous": "dmy"})
    assert [cells["birth_date"] for cells in rows().values()] == ["03/04/1985", "09/09/1989"]


@ON_ONE
def test_columns_of_a_page_older_than_the_draft_overwrite_nothing(clerk: Clerk) -> None:
    duty = upload(clerk, *five())
    page = Chosen()
    page.feed(clerk.get(f"{duty}/kolom"))
    stale, at = clerk.page, clerk.url
    clerk.get(f"{duty}/perbaiki")
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    before = rows()
    clerk.page, clerk.url = stale, at
    clerk.post(**(page.values | {JOB: "activity"}))
    assert clerk.status == 409
    assert rows() == before


def reading(*numbers: int) -> dict[int, drafts.Row]:
    data = drafts.empty()
    return {n: drafts.new_row(data, {"full_name": f"KIM {n}"}, origin="sheet", number=n) for n in numbers}


def test_a_row_read_only_now_takes_nobodys_place() -> None:
    data = drafts.empty() | {"rows": list(reading(4, 5).values())}
    drafts.new_row(data, {"full_name": "LEE SEO"}, origin="form")
    rereading.lay_over(data, reading(4, 5), reading(4, 5, 6))
    assert [(row["n"], row["cells"]["full_name"]) for row in data["rows"]] == [
        (4, "KIM 4"), (5, "KIM 5"), (6, "KIM 6"), (7, "LEE SEO"),
    ]  # fmt: skip


def test_a_row_that_is_none_any_more_stays_where_something_was_typed_in_it() -> None:
    data = drafts.empty() | {"rows": list(reading(4, 5, 6).values())}
    data["rows"][1]["cells"]["job_title"] = "Direktur"
    rereading.lay_over(data, reading(4, 5, 6), reading(4))
    assert [row["n"] for row in data["rows"]] == [4, 5]


def test_a_row_removed_stays_away_however_often_the_sheet_is_read() -> None:
    data = drafts.empty() | {"rows": list(reading(4).values())}
    rereading.lay_over(data, reading(4, 5), reading(4))
    rereading.lay_over(data, reading(4), reading(4, 5))
    assert [row["n"] for row in data["rows"]] == [4]
