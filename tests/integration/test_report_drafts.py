"""What was typed is never lost by choosing again: the draft goes on, waits aside, or is replaced with open eyes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.integration.company import PERSON, Clerk, issue
from tests.integration.test_report_journey import CODE, code_in_the_mail, duty_of_november, numbered, sheet
from tests.integration.test_report_journey import with_a_last_report as last_report


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


def go_through_the_list(clerk: Clerk) -> str:
    """The old list, opened by code. Returns the address of the duty."""
    two = PERSON | {"full_name": "LEE SEO", "passport_number": "M22222222"}
    link = last_report(datetime.now(UTC), PERSON, two)
    duty = duty_of_november(clerk.open(link))
    clerk.get(duty)
    clerk.post(mode="roster")
    clerk.post(do="send")
    assert "LEE SEO" in clerk.post(code=code_in_the_mail(), do="check")
    return duty


def test_choosing_the_same_way_again_goes_on_with_the_answers(clerk: Clerk) -> None:
    duty = go_through_the_list(clerk)
    clerk.post(**{"change-1": "tetap", "do": "later"})
    clerk.get(duty)
    page = clerk.post(mode="roster")
    assert clerk.url.endswith("/daftar")
    assert page.count(" checked") == 1


def test_another_way_puts_the_answers_aside_and_they_can_be_taken_up_again(clerk: Clerk) -> None:
    duty = go_through_the_list(clerk)
    clerk.post(**{"change-1": "tetap", "do": "later"})
    clerk.get(duty)
    clerk.post(mode="nil")
    page = clerk.get(duty)
    assert "2 orang" in page
    page = clerk.post(mode="previous")
    assert clerk.url.endswith("/daftar")
    assert page.count(" checked") == 1
    assert "Draf yang disisihkan" not in clerk.get(duty), "an empty draft is not offered in exchange"


def test_the_list_of_old_begun_again_keeps_what_was_uploaded(clerk: Clerk) -> None:
    duty = go_through_the_list(clerk)
    clerk.get(f"{duty}/unggah")
    clerk.post(_files={"file": (sheet(*numbered(3)), "daftar.xlsx")})
    clerk.get(duty)
    clerk.post(mode="roster")
    page = clerk.get(duty)
    assert "Draf yang disisihkan" in page
    assert "3 orang" in page


def test_who_has_sent_already_is_told_before_beginning_anew(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    clerk.post(_files={"file": (sheet(*numbered(2)), "daftar.xlsx")})
    clerk.post(do="next")
    code = CODE.search(clerk.send())
    assert code
    duty = re.search(r'href="(/laporan/[a-z0-9]{16})/', clerk.page.text)[1]  # type: ignore[index, union-attr]
    page = clerk.get(duty)
    assert f'href="/tanda-terima/{code[0]}"' in page
    assert "sudah terkirim" in page
    page = clerk.post(mode="nil")
    assert f"menggantikan laporan {code[0]}" in page


def test_a_new_report_begun_after_one_was_sent_is_found_again_on_the_start_page(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    clerk.post(_files={"file": (sheet(*numbered(2)), "daftar.xlsx")})
    clerk.post(do="next")
    assert CODE.search(clerk.send())
    clerk.post(do="correct")
    clerk.post(do="send")
    clerk.post(code=code_in_the_mail(), do="check")
    page = clerk.open(link)
    assert "Lanjutkan perbaikan" in page
    page = clerk.get(re.search(r'href="(/laporan/[a-z0-9]{16})"', page)[1])  # type: ignore[index]
    assert "Lanjutkan draf" in page
    assert "pilih “Perbaiki laporan ini”" not in page  # it is being corrected


def test_a_file_taken_by_mistake_leaves_the_one_before_to_go_back_to(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(3)
    people[1]["birth_date"] = "kapan-kapan"
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    duty = re.search(r"/laporan/[a-z0-9]{16}", clerk.url)[0]  # type: ignore[index]
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    clerk.get(f"{duty}/unggah")
    clerk.post(_files={"file": (sheet(*numbered(1)), "lain.xlsx")})
    page = clerk.get(duty)
    assert "3 orang" in page
    page = clerk.post(mode="previous")
    assert "Semua 3 baris sudah benar" in page


def test_a_page_of_a_draft_put_aside_changes_nothing_in_the_one_that_followed(clerk: Clerk) -> None:
    """Both had the same number of changes when they were last seen."""
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(2)
    people[1]["birth_date"] = "kapan-kapan"
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    stale, at = clerk.page, clerk.url
    clerk.get(at.replace("perbaiki", "unggah"))
    clerk.post(_files={"file": (sheet(*people), "lain.xlsx")})
    clerk.page, clerk.url = stale, at
    clerk.post(**{"c-5-full_name": "TERTUKAR", "do": "check"})
    assert clerk.status == 409
    assert "TERTUKAR" not in clerk.get(at)
