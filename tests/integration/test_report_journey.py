"""The report from link to receipt, without a browser and without scripts."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.database import unit_of_work
from app.models.draft import Upload
from app.models.outbox_message import OutboxMessage
from app.models.receipt import Receipt
from app.models.report_row import KEY
from app.models.submission import Submission, SubmissionRow
from app.operations import drafts, links, submissions
from tests.integration.company import PERSON, SYSTEM, Clerk, company, issue

CODE = re.compile(r"SNG-20\d\d-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]")
HEADINGS = {
    "full_name": "Nama TKA", "sex": "L/P", "birth_date": "Tgl Lahir", "nationality": "Kebangsaan",
    "passport_number": "No Paspor", "passport_expires_on": "Paspor berlaku s.d.", "job_title": "Jabatan",
    "change": "Status",
}  # fmt: skip


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


def sheet(*people: dict[str, str]) -> io.BytesIO:
    """A company's own list with a title above the headings: people start in row 4."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["DAFTAR TENAGA KERJA ASING PT CONTOH MAJU"])
    page.append([])
    page.append(list(HEADINGS.values()))
    for cells in people:
        page.append([cells.get(key) for key in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def numbered(count: int) -> list[dict[str, str]]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [PERSON | {"full_name": f"KIM {letters[i]}", "passport_number": f"M1234567{i}"} for i in range(count)]


def test_a_link_leads_to_a_receipt_with_its_mail_in_one_transaction(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    assert "PT Contoh Maju" not in clerk.get(link)
    assert "PT Contoh Maju" in clerk.open(link)
    clerk.start("one")
    assert "KIM MIN JI" in clerk.person()
    clerk.post(do="next")
    page = clerk.send()
    code = CODE.search(page)
    assert code, page
    assert "bukan pengganti APOA/TKA Online" in page
    sent = session.exec(select(Submission)).one()
    assert (sent.code, sent.state, sent.rows_ok) == (code[0], "submitted", 1)
    assert session.exec(select(Receipt)).one().short_code == code[0]
    mail = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "confirmation")).one()
    assert mail.context["receipt_code"] == code[0]


def test_nihil_is_two_presses_from_the_list_of_duties(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    page = clerk.open(link)
    duty = re.search(r'action="(/laporan/[a-z0-9]{16})"', page)
    assert duty
    page = clerk.post(duty[1], mode="nil")
    assert 'value="Siti Contoh"' in page
    assert CODE.search(clerk.send())
    assert session.exec(select(Submission)).one().mode == "nil"


def test_sending_twice_ends_at_one_receipt(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("nil")
    assert clerk.page is not None
    form, where = clerk.page, clerk.url
    first = CODE.search(clerk.send())
    clerk.page, clerk.url = form, where
    second = CODE.search(clerk.send())
    assert first
    assert second
    assert first[0] == second[0]
    assert len(session.exec(select(Submission)).all()) == 1


def test_the_way_back_after_sending_shows_the_receipt(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("nil")
    where = clerk.url
    clerk.send()
    assert "Laporan terkirim" in clerk.get(where)


def test_an_upload_is_fixed_in_the_page_and_sent(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(4)
    people[0]["nationality"] = "Chna"
    people[1]["passport_expires_on"] = "31/02/2029"
    people[2]["passport_number"] = people[3]["passport_number"]
    people[3]["full_name"] = ""
    page = clerk.post(_files={"file": (sheet(*people), "daftar kami.xlsx")})
    assert "Ada isian yang perlu diperbaiki" in page, page
    assert "Apakah maksud Anda Tiongkok?" in page
    assert 'href="#c-5-passport_expires_on"' in page
    page = clerk.post(
        **{
            "c-4-nationality": "Tiongkok",
            "c-5-passport_expires_on": "28/02/2029",
            "c-6-passport_number": "M99999999",
            "c-7-passport_number": "M12345673",
            "c-7-full_name": "KIM D",
            "do": "check",
        }
    )
    assert "Periksa jawaban" in page, page
    assert CODE.search(clerk.send())
    rows = session.exec(select(SubmissionRow).order_by(SubmissionRow.row_no)).all()  # type: ignore[arg-type]
    assert [row.row_no for row in rows] == [4, 5, 6, 7]
    assert rows[0].cells["nationality"] == "CHN"
    assert rows[1].cells["passport_expires_on"] == "2029-02-28"


def test_replace_all_changes_every_cell_with_that_value(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = [person | {"nationality": "Chna"} for person in numbered(3)]
    page = clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    assert "Ganti semua" in page
    page = clerk.post(replace="nationality:Chna")
    assert "Apakah maksud" not in page


def test_good_rows_go_now_and_the_rest_later_on_the_same_link(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(3)
    people[1]["birth_date"] = "kapan-kapan"
    page = clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    assert "Kirim 2 baris yang benar, sisanya nanti" in page, page
    clerk.post(do="part")
    first = CODE.search(clerk.send())
    assert first
    page = clerk.open(link)
    assert "1 baris" in page
    clerk.get(re.search(r'href="(/laporan/[a-z0-9]{16}/perbaiki)"', page)[1])  # type: ignore[index]
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    second = CODE.search(clerk.send())
    assert second
    assert second[0] != first[0]
    reports = session.exec(select(Submission).order_by(Submission.version)).all()  # type: ignore[arg-type]
    assert [(r.version, r.rows_ok, r.rows_deferred) for r in reports] == [(1, 2, 1), (2, 3, 0)]
    old = session.exec(select(Receipt).where(Receipt.short_code == first[0])).one()
    assert (old.state, old.replaced_by) == ("continued", second[0])


def test_the_rest_is_done_when_its_last_row_is_deleted(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(3)
    people[1]["birth_date"] = "kapan-kapan"
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    clerk.post(do="part")
    clerk.send()
    rest = re.search(r'href="(/laporan/[a-z0-9]{16}/perbaiki)"', clerk.page.text)  # type: ignore[union-attr]
    assert rest
    clerk.get(rest[1])
    page = clerk.post(remove="5")
    assert "Laporan terkirim" in page
    assert "masih ada di draf" not in page
    assert "masih harus dikirim" not in clerk.open(link)


def test_an_empty_draft_is_not_offered_and_a_full_one_says_what_beginning_anew_does(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    choose = re.search(r'href="(/laporan/[a-z0-9]{16})"', clerk.open(link))[1]  # type: ignore[index]
    assert "Lanjutkan draf" not in clerk.get(choose)
    clerk.post(mode="one")
    clerk.person()
    page = clerk.get(choose)
    assert "Lanjutkan draf" in page
    assert "tidak ikut" in page


def test_pasted_rows_are_read_like_a_file(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("paste")
    lines = ["\t".join(HEADINGS.values())] + ["\t".join(p[key] for key in HEADINGS) for p in numbered(3)]
    page = clerk.post(rows="\r\n".join(lines))
    assert "Periksa jawaban" in page or "Semua 3 baris" in page, page


def test_what_was_typed_wrong_is_still_there(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    page = clerk.post(full_name="KIM", **{"birth_date-d": "31", "birth_date-m": "2", "birth_date-y": "1985"})
    assert "Tidak ada tanggal 31 Februari" in page
    assert 'value="KIM"' in page
    assert 'value="31"' in page
    assert "Perlu diperbaiki:" in page


def test_a_draft_waits_for_the_next_visit(clerk: Clerk, client: FlaskClient) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    clerk.person()
    later = Clerk(client.application.test_client())
    page = later.open(link)
    assert "Lanjutkan" in page
    page = later.get(re.search(r'href="(/laporan/[a-z0-9]{16})"', page)[1])  # type: ignore[index]
    assert "draf" in page
    later.get(re.search(r'href="(/laporan/[a-z0-9]{16}/daftar)"', page)[1])  # type: ignore[index]
    assert "KIM MIN JI" in later.page.text  # type: ignore[union-attr]


def test_another_companys_duty_and_receipt_are_not_found(clerk: Clerk, client: FlaskClient) -> None:
    link, _nib = issue()
    other, _nib = issue(name="PT Lain", nib="8120001234565", email="a@pt-lain.example")
    clerk.open(link)
    clerk.start("nil")
    code = CODE.search(clerk.send())
    duty = re.search(r"/laporan/([a-z0-9]{16})", clerk.get("/laporan"))
    assert code
    stranger = Clerk(client.application.test_client())
    stranger.open(other)
    stranger.get(f"/tanda-terima/{code[0]}")
    assert stranger.status == 404
    if duty:
        stranger.get(f"/laporan/{duty[1]}/periksa")
        assert stranger.status == 404


def test_the_receipt_page_has_a_pdf_and_a_public_check(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("nil")
    code = CODE.search(clerk.send())
    assert code
    pdf = clerk.client.get(f"/tanda-terima/{code[0]}.pdf", base_url="https://localhost")
    assert pdf.headers["Cache-Control"] == "no-store", "a shared computer keeps no copy"
    assert pdf.data.startswith(b"%PDF-")
    page = Clerk(clerk.client.application.test_client()).get(f"/v/{code[0]}")
    assert "berlaku" in page
    assert "PT Contoh Maju" in page
    assert "Siti" not in page
    stranger = Clerk(clerk.client.application.test_client())
    wrong = code[0][:-1] + ("2" if code[0][-1] != "2" else "3")
    stranger.get(f"/v/{wrong}")
    assert stranger.status == 404


def test_an_attachment_must_be_what_it_says(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    clerk.person()
    clerk.post(do="next")
    page = clerk.post(_files={"attachment": (io.BytesIO(b"MZ not a picture"), "paspor.jpg")}, do="attach")
    assert "bukan PDF atau gambar" in page
    page = clerk.post(_files={"attachment": (io.BytesIO(b"%PDF-1.7 x"), "paspor.pdf")}, do="attach")
    assert "paspor.pdf" in page
    assert CODE.search(clerk.send())


def test_adding_an_attachment_keeps_the_name_typed_beside_it(clerk: Clerk) -> None:
    link, _nib = issue(email=None)
    clerk.open(link)
    clerk.start("one")
    clerk.person()
    clerk.post(do="next")
    typed = {"name": "Rina Contoh", "position": "Staf", "email": "rina@pt-contoh.example"}
    page = clerk.post(_files={"attachment": (io.BytesIO(b"%PDF-1.7 x"), "paspor.pdf")}, do="attach", **typed)
    assert all(f'value="{value}"' in page for value in typed.values()), page


def test_a_file_chosen_but_not_added_goes_with_the_report(clerk: Clerk, session: Session) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    clerk.person()
    clerk.post(do="next")
    sender = {"name": "Rina Contoh", "position": "Staf", "do": "send"}
    page = clerk.post(_files={"attachment": (io.BytesIO(b"MZ no picture"), "paspor.jpg")}, **sender)
    assert clerk.status == 422
    assert 'value="Rina Contoh"' in page
    clerk.post(_files={"attachment": (io.BytesIO(b"%PDF-1.7 x"), "paspor.pdf")}, **sender)
    sent = session.exec(select(Upload).where(Upload.kind == "attachment")).one()
    assert (sent.name, sent.submission_id is not None) == ("paspor.pdf", True)


def with_a_last_report(now: datetime, *people: dict[str, str]) -> str:
    """A company whose last report was accepted; its link for this month."""
    with unit_of_work() as session:
        made = company(session, now)
        before = links.issue(session, KEY, made, actor=SYSTEM, now=now, period="2026-10", mail=False)
        draft = drafts.open_(session, links.duty_of(session, before), before, now=now)
        data = drafts.empty() | {"mode": "one"}
        for cells in people:
            drafts.new_row(data, cells, origin="form")
        drafts.save(session, draft, data, now=now)
        filler = {"name": "Siti", "position": "HRD", "email": ""}
        report = submissions.submit(session, draft, before, filler=filler, now=now).submission
        submissions.accept(session, report, SYSTEM, now=now)
        link = links.issue(session, KEY, made, actor=SYSTEM, now=now, period="2026-11", mail=False)
        return f"/t/{links.token_of(link)}"


def code_in_the_mail() -> str:
    with unit_of_work(write=False) as session:
        mails = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "code")).all()
        return str(mails[-1].context["code"])


def duty_of_november(page: str) -> str:
    found = re.search(r'November 2026</h3>.*?href="(/laporan/[a-z0-9]{16})"', page, re.DOTALL)
    assert found, page
    return found[1]


def test_the_old_list_is_shown_after_a_code_and_confirmed_person_by_person(clerk: Clerk) -> None:
    two = PERSON | {"full_name": "LEE SEO", "passport_number": "M22222222"}
    three = PERSON | {"full_name": "PARK JI", "passport_number": "M33333333"}
    link = with_a_last_report(datetime.now(UTC), PERSON, two, three)
    duty = duty_of_november(clerk.open(link))
    page = clerk.get(duty)
    assert "LEE SEO" not in page
    page = clerk.post(mode="roster")
    assert "LEE SEO" not in page
    assert "h…@pt-contoh.example" in page
    clerk.post(do="send")
    page = clerk.post(code="000000" if code_in_the_mail() != "000000" else "111111", do="check")
    assert "Kode tidak cocok" in page
    page = clerk.post(code=code_in_the_mail(), do="check")
    assert "LEE SEO" in page
    page = clerk.post(do="next")
    assert "Mohon pilih jawaban untuk LEE SEO" in page
    page = clerk.post(**{"change-1": "tetap", "change-2": "keluar", "change-3": "berubah", "do": "next"})
    assert "Kapan orang ini berhenti?" in page
    page = clerk.post(**{"left_on-d": "1", "left_on-m": "11", "left_on-y": "2026"})
    assert "PARK JI" in page
    clerk.post(**dates_of(three))
    clerk.post()
    page = clerk.post(job_title="Direktur")
    assert "Periksa jawaban" in page, page
    assert "3 TKA (1 ada perubahan, 1 sudah berhenti)" in page
    page = clerk.send()
    assert CODE.search(page)


def dates_of(cells: dict[str, str]) -> dict[str, str]:
    made = {key: value for key, value in cells.items() if not key.endswith(("_date", "_on"))}
    for key in ("birth_date", "passport_expires_on"):
        made |= dict(zip((f"{key}-d", f"{key}-m", f"{key}-y"), cells[key].split("/"), strict=True))
    return made


def test_a_month_without_changes_takes_no_typing(clerk: Clerk) -> None:
    link = with_a_last_report(datetime.now(UTC), *numbered(5))
    clerk.get(duty_of_november(clerk.open(link)))
    clerk.post(mode="roster")
    clerk.post(do="send")
    clerk.post(code=code_in_the_mail(), do="check")
    clerk.post(do="all")
    page = clerk.post(do="next")
    assert "5 TKA" in page
    assert CODE.search(clerk.send())


def test_without_the_code_nobody_sees_the_old_list_but_may_report(clerk: Clerk, client: FlaskClient) -> None:
    link = with_a_last_report(datetime.now(UTC), PERSON)
    duty = duty_of_november(clerk.open(link))
    clerk.get(duty)
    clerk.post(mode="roster")
    clerk.post(do="send")
    clerk.post(code=code_in_the_mail(), do="check")
    assert "KIM MIN JI" in clerk.get(f"{duty}/daftar")
    colleague = Clerk(client.application.test_client())
    colleague.open(link)
    page = colleague.get(f"{duty}/daftar")
    assert "KIM MIN JI" not in page
    assert "Masukkan kode 6 angka" in page
    page = colleague.post(do="other", other="without")
    assert "Bagaimana Anda ingin melapor?" in page
    colleague.post(mode="nil")
    assert CODE.search(colleague.send())


def test_a_correction_is_a_new_version_and_the_old_receipt_says_so(clerk: Clerk) -> None:
    link = with_a_last_report(datetime.now(UTC), PERSON)
    clerk.get(duty_of_november(clerk.open(link)))
    clerk.post(mode="one")
    clerk.person(change="baru")
    clerk.post(do="next")
    first = CODE.search(clerk.send())
    assert first
    page = clerk.post(do="correct")
    assert "Masukkan kode 6 angka" in page
    clerk.post(do="send")
    page = clerk.post(code=code_in_the_mail(), do="check")
    assert "KIM MIN JI" in page
    assert f"perbaikan atas {first[0]}" in page, "which report is corrected stands on every page of it"
    assert "1 orang dalam laporan ini" in page
    clerk.post(do="next")
    second = CODE.search(clerk.send())
    assert second
    assert second[0] != first[0]
    page = clerk.get(f"/v/{first[0]}")
    assert "dikoreksi" in page


def test_the_same_file_sent_again_is_answered_with_its_receipt(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    body = sheet(*numbered(2)).getvalue()
    clerk.post(_files={"file": (io.BytesIO(body), "daftar.xlsx")})
    clerk.post(do="next")
    code = CODE.search(clerk.send())
    assert code
    duty = duty_of_current(clerk)
    clerk.get(f"{duty}/unggah")
    page = clerk.post(_files={"file": (io.BytesIO(body), "nama lain.xlsx")})
    assert code[0] in page
    assert clerk.status == 422


def duty_of_current(clerk: Clerk) -> str:
    found = re.search(r'href="(/laporan/[a-z0-9]{16})/', clerk.get("/laporan"))
    assert found
    return found[1]


def test_the_file_comes_back_with_comments_at_its_bad_cells(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(3)
    people[1]["birth_date"] = "kapan-kapan"
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    found = re.search(r'href="([^"]+/berkas/komentar)"', clerk.page.text)  # type: ignore[union-attr]
    assert found
    answer = clerk.client.get(found[1], base_url="https://localhost")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    comment = book.worksheets[0]["C5"].comment
    assert comment is not None
    assert "31/12/2026" in comment.text
    book.worksheets[0]["C5"] = "12/03/1985"
    mended = io.BytesIO()
    book.save(mended)
    mended.seek(0)
    clerk.get(found[1].replace("berkas/komentar", "unggah"))
    page = clerk.post(_files={"file": (mended, "daftar-perlu-diperbaiki.xlsx")})
    assert "Semua 3 baris sudah benar" in page, page


def test_of_a_text_file_it_is_said_that_a_copy_comes_back(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    lines = [";".join(HEADINGS.values()), ";".join(PERSON.get(key, "") for key in HEADINGS)]
    text = "\n".join(lines).replace(PERSON["birth_date"], "kapan-kapan").encode()
    page = clerk.post(_files={"file": (io.BytesIO(text), "daftar.csv")})
    assert "salinan xlsx dari daftar" in page


def test_the_template_and_the_calendar_entry_are_there(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    duty = duty_of_current(clerk)
    assert clerk.client.get(f"{duty}/berkas/templat.xlsx", base_url="https://localhost").data[:2] == b"PK"
    entry = clerk.client.get(f"{duty}/berkas/tenggat.ics", base_url="https://localhost").text
    assert "BEGIN:VEVENT" in entry
    assert f"UID:{duty.rpartition('/')[2]}@kantor.example\r\n" in entry, "the same entry whenever it is saved again"
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    assert clerk.client.get(f"{duty}/berkas/lain", base_url="https://localhost").status_code == 404


def test_who_is_missing_from_a_new_list_is_said_only_to_who_may_see_the_old_one(clerk: Clerk) -> None:
    two = PERSON | {"full_name": "LEE SEO", "passport_number": "M22222222"}
    link = with_a_last_report(datetime.now(UTC), PERSON, two)
    duty = duty_of_november(clerk.open(link))
    clerk.get(duty)
    clerk.post(mode="upload")
    page = clerk.post(_files={"file": (sheet(PERSON), "daftar.xlsx")})
    clerk.post(do="next")
    assert "LEE SEO" not in clerk.get(f"{duty}/periksa")
    clerk.get(f"/laporan/kode?next={duty.rpartition('/')[2]}:draft")
    clerk.post(do="send")
    clerk.post(code=code_in_the_mail(), do="check")
    page = clerk.get(f"{duty}/periksa")
    assert "1 orang dari laporan terakhir tidak ada di laporan ini" in page
    assert "LEE SEO" in page
