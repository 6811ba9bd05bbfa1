"""A sheet goes into a registry on screen: seen first, applied at once, taken back as a whole; and how staff get in."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from app import working
from app.cli import import_
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.models.company import Company
from app.models.register import RegisterEntry
from app.models.user import User
from app.operations import records
from app.queries import lists
from app.registry import get
from tests.e2e.test_staff_inbox import officer
from tests.fixtures.web import hidden
from tests.integration.test_report_reread import Chosen

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SYSTEM = Actor.system("uji")
LIST = """DAFTAR PERUSAHAAN KAWASAN,,
Nama Perusahaan,NIB,Status Modal
PT Contoh Satu,8120001234567,PMA
PT Contoh Dua,8120001234568,PMDN
PT Contoh Tiga,123,PMA
"""


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return officer(app, "admin")


def send(client: FlaskClient, text: str, of: str = "company", **typed: Any) -> TestResponse:
    """The page after a file was sent: the import, or the first page again with what is wrong."""
    page = client.get(f"/staff/import/{of}/").text
    file = (io.BytesIO(text.encode()), "daftar.csv")
    body = {**hidden(page), "source": "kawasan-2026", "file": file, **typed}
    answer = client.post(f"/staff/import/{of}/", data=body, content_type="multipart/form-data")
    return client.get(answer.location) if answer.status_code == 302 else answer


def post(client: FlaskClient, page: TestResponse, what: str, **typed: Any) -> TestResponse:
    """A step of the import that `page` shows, and the page it leads to."""
    place = page.request.path
    answer = client.post(f"{place}/{what}", data={**hidden(page.text), **typed})
    return client.get(answer.location) if answer.status_code == 302 else answer


def names() -> list[str]:
    return sorted(one["legal_name"] for one in companies())


def companies() -> list[dict[str, Any]]:
    with unit_of_work(write=False) as reading:
        return lists.page(reading, get("company"), SYSTEM, limit=100).rows


def test_a_list_is_seen_then_written_then_taken_back(admin: FlaskClient) -> None:
    page = send(admin, LIST)
    assert "Yang akan dilakukan impor" in page.text
    assert "B5" in page.text, "the faulty cell is named as the sender sees it"
    assert names() == []

    done = post(admin, page, "apply", mode="good")
    assert "Sudah ditulis: 2 baru" in done.text
    assert names() == ["PT Contoh Dua", "PT Contoh Satu"]

    assert "2 dari 2" in post(admin, done, "undo").text
    assert names() == []
    assert "Impor ini sudah dibatalkan" in admin.get(page.request.path).text


def test_taking_an_import_back_asks_first_and_says_how_many_records(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = post(admin, send(admin, LIST), "apply", mode="good")
    more = LIST.replace("8120001234567,PMA", "8120001234567,PMDN").replace("PT Contoh Tiga,123", "PT Contoh Tiga,")
    done = post(admin, send(admin, more), "apply", mode="good")
    address = f"{done.request.path}/undo"
    assert f'href="{address}"' in done.text
    assert f'action="{address}"' not in done.text, "no press on this page takes it back"

    asked = admin.get(address)

    assert "Batalkan impor daftar.csv?" in asked.text
    assert re.search(r'show=new#rows">1 data baru</a>: dihapus lagi', asked.text)
    assert re.search(r'show=changed#rows">1 data yang diubah</a>: kembali seperti sebelum impor', asked.text)
    assert "1 new record</a>: removed again" in admin.get(f"{address}?lang=en").text
    assert names() == ["PT Contoh Dua", "PT Contoh Satu", "PT Contoh Tiga"], "asking does nothing"
    admin.get(f"{address}?lang=id")

    monkeypatch.setattr("admin.import_page.TYPED_ABOVE", 1)
    assert 'name="count"' in admin.get(address).text
    refused = admin.post(address, data={**hidden(asked.text), "count": "3"})
    assert refused.status_code == 422
    assert "ketik angka 2 untuk memastikan" in refused.text
    assert len(names()) == 3
    assert "2 dari 2" in post(admin, done, "undo", count="2").text
    assert names() == ["PT Contoh Dua", "PT Contoh Satu"]
    assert admin.get(address).location == done.request.path, "there is nothing more to ask"
    assert admin.get(f"{first.request.path}/undo").status_code == 200


def test_all_or_nothing_writes_nothing_while_a_row_is_wrong(admin: FlaskClient) -> None:
    refused = post(admin, send(admin, LIST), "apply", mode="all")
    assert "1 sel perlu diperbaiki" in refused.text
    assert names() == []
    assert "Sudah ditulis: 2 baru" in post(admin, refused, "apply", mode="good").text, "and may still be chosen"


def test_a_row_that_says_something_else_of_the_record_of_an_earlier_row_is_never_dropped_unseen(
    admin: FlaskClient,
) -> None:
    twice = LIST.replace("PT Contoh Tiga,123,PMA", "PT Beda Nama,8120001234567,PMDN")
    page = send(admin, twice)

    assert "B5" in page.text
    assert "sudah ada di baris 3" in page.text
    done = post(admin, page, "apply", mode="good")
    assert "Sudah ditulis: 2 baru" in done.text
    assert names() == ["PT Contoh Dua", "PT Contoh Satu"]


def test_a_row_to_be_mended_bears_its_name_and_tells_all_that_is_wrong_at_once(admin: FlaskClient) -> None:
    faulty = "Nama Perusahaan,NIB,Kawasan\nPT Contoh Tiga,123,Kawasan Antah\nPT Contoh Empat,8120001234567,\n"
    page = send(admin, faulty)

    told = html.unescape(admin.get(f"{page.request.path}?show=error").text)
    row = re.search(r'data-label="Data">PT Contoh Tiga</td>(.*?)</tr>', told, re.S)
    assert row
    assert "B2" in row[1]
    assert "C2" in row[1]
    assert "“Kawasan Antah”" in row[1]
    assert "“Kawasan Antah” maksudnya" in told, "and may be said at once what is meant"
    assert "Sudah ditulis: 1 baru" in post(admin, page, "apply", mode="good").text
    too_long = f"PT Contoh {'Panjang ' * 60}"
    told = send(admin, f"Nama Perusahaan,NIB\n{too_long},8120001234568\n").text
    assert f'data-label="Data">{too_long[:280]}' in told, "also where the name itself is at fault"


def test_what_faulty_rows_refer_to_is_looked_up_for_all_of_them_at_once(
    admin: FlaskClient, statements: list[str]
) -> None:
    def asked(rows: int) -> int:
        faulty = "".join(f"PT Contoh {n},12{n},Kawasan Antah {n % 2}\n" for n in range(rows))
        statements.clear()
        assert "Kawasan Antah 1" in send(admin, f"Nama Perusahaan,NIB,Kawasan\n{faulty}").text
        return sum("FROM zone" in one for one in statements)

    assert asked(30) == asked(3)


def test_the_same_row_twice_is_one_record(admin: FlaskClient) -> None:
    page = send(admin, LIST.replace("PT Contoh Tiga,123,PMA", "PT Contoh Satu,8120001234567,PMA"))

    assert "Sudah ditulis: 2 baru" in post(admin, page, "apply", mode="all").text


def test_what_an_import_changes_is_shown_field_by_field(admin: FlaskClient) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")

    again = send(admin, LIST.replace("PT Contoh Satu,8120001234567,PMA", "PT Contoh Satu,8120001234567,PMDN"))
    changed = admin.get(f"{again.request.path}?show=changed")

    assert re.search(r"<del>.*?PMA</del> <ins>.*?PMDN</ins>", changed.text)
    assert "PT Contoh Dua" not in changed.text
    assert "PT Contoh Dua" in admin.get(f"{again.request.path}?show=same").text


def test_the_history_names_the_import_that_was_taken_back(admin: FlaskClient) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")
    again = send(admin, LIST.replace("PT Contoh Satu,8120001234567,PMA", "PT Contoh Satu,8120001234567,PMDN"))
    post(admin, post(admin, again, "apply", mode="good"), "undo")
    one = next(one["public_id"] for one in companies() if one["legal_name"] == "PT Contoh Satu")

    told = admin.get(f"/staff/company/history/?id={one}").text

    assert f'Alasan: <a href="{again.request.path}">impor daftar.csv dibatalkan</a>' in told
    assert "undo " not in told


def test_what_an_import_that_was_taken_back_said_of_a_company_no_longer_counts_there(admin: FlaskClient) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")
    again = send(admin, LIST.replace("PT Contoh Satu,8120001234567,PMA", "PT Contoh Satu,8120001234567,PMDN"))
    post(admin, post(admin, again, "apply", mode="good"), "undo")
    one = next(one["public_id"] for one in companies() if one["legal_name"] == "PT Contoh Satu")

    page = html.unescape(admin.get(f"/staff/company/details/?id={one}&tab=registers").text)

    presence = re.findall(r'<td data-label="Keberadaan"[^>]*>(.*?)</td>', page, re.S)
    assert sorted(presence) == ["Ada", "impor dibatalkan"]
    origin = re.search(r'<th scope="row">Status modal</th>(.*?)</tr>', page, re.S)
    assert origin
    assert "kembali karena impor daftar.csv dibatalkan" in origin[1]


def test_the_rows_of_registers_are_named_as_rows_before_a_company_goes_to_the_trash(admin: FlaskClient) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")
    one = next(one["public_id"] for one in companies() if one["legal_name"] == "PT Contoh Dua")

    page = admin.get(f"/staff/company/delete/?id={one}").text

    assert re.search(r'<li><a href="/staff/register_entry/details/[^"]*">baris 4</a></li>', page)


def test_the_same_file_again_is_said_and_does_nothing(admin: FlaskClient) -> None:
    done = post(admin, send(admin, LIST), "apply", mode="good")

    again = send(admin, LIST)

    assert again.request.path == done.request.path
    assert "sudah diimpor" in again.text
    assert "kecuali 1 baris yang belum benar dan belum ditulis" in again.text
    assert "tidak ada yang perlu dilakukan" not in again.text
    post(admin, done, "undo")
    assert "Yang akan dilakukan impor" in send(admin, LIST).text, "taken back, it may come again"

    whole = LIST.replace(",123,", ",8120001234569,")
    post(admin, send(admin, whole), "apply", mode="all")
    assert "tidak ada yang perlu dilakukan lagi" in send(admin, whole).text


def test_rows_that_only_the_records_refuse_count_as_left_out(admin: FlaskClient) -> None:
    text = "Nama Perusahaan,NIB,Kawasan\nPT Contoh Satu,8120001234567,\nPT Contoh Dua,8120001234568,Kawasan Antah\n"

    assert "1 baris tidak ikut ditulis" in post(admin, send(admin, text), "apply", mode="good").text
    assert "kecuali 1 baris" in send(admin, text).text


def test_a_new_row_with_the_name_of_a_record_is_remarked_upon_and_written_all_the_same(
    admin: FlaskClient, tmp_path: Path
) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")
    known = next(one["public_id"] for one in companies() if one["legal_name"] == "PT Contoh Satu")
    more = "Nama Perusahaan,NIB\nContoh Satu PT.,8120001234590\nPT Lain Sekali,8120001234591\n"

    (tmp_path / "lagi.csv").write_text(more)
    dry = import_.run(
        get("company"), tmp_path / "lagi.csv", [], source="kawasan-2026", as_register=False, good_rows=False,
        dry_run=True, sheet=None,
    )  # fmt: skip
    assert (dry["new"], dry["perhaps_on_record"]) == (2, 1)
    (tmp_path / "keliru.csv").write_text("Nama Perusahaan,NIB,Kawasan\nPT Contoh Tiga,123,Kawasan Antah\n")
    bad = import_.run(
        get("company"), tmp_path / "keliru.csv", [], source="kawasan-2026", as_register=False, good_rows=False,
        dry_run=True, sheet=None,
    )  # fmt: skip
    assert [one["column"] for one in bad["errors"]] == ["B", "C"], "all that is wrong at once, as on the screen"
    page = send(admin, more)

    assert "1 baris baru bernama sama atau hampir sama dengan data yang sudah ada" in page.text
    link = f'Mungkin sudah tercatat: <a href="/staff/company/details/?id={known}">PT Contoh Satu</a>'
    assert page.text.count(link) == 1
    only = admin.get(f"{page.request.path}?show=on_record").text
    assert link in only
    assert "PT Lain Sekali" not in only
    assert "Perhaps already on record:" in admin.get(f"{page.request.path}?show=new&lang=en").text
    assert "2 baru" in post(admin, page, "apply", mode="all").text


def test_a_new_row_with_nearly_the_name_of_a_record_is_remarked_upon_too(admin: FlaskClient) -> None:
    post(admin, send(admin, "Nama Perusahaan,NIB\nPT Santoso Mesin Abadi,8120001234567\n"), "apply", mode="all")
    (known,) = (one["public_id"] for one in companies())

    page = send(admin, "Nama Perusahaan,NIB\nPT Santosa Mesin Abadi,8120001234590\nPT Santoso Kayu,8120001234591\n")

    assert "1 baris baru bernama sama atau hampir sama dengan data yang sudah ada" in page.text
    only = admin.get(f"{page.request.path}?show=on_record").text
    assert f'Mungkin sudah tercatat: <a href="/staff/company/details/?id={known}">PT Santoso Mesin Abadi</a>' in only
    assert "PT Santosa Mesin Abadi" in only
    assert "PT Santoso Kayu" not in only


def test_a_row_that_is_twice_in_the_file_is_remarked_upon_naming_the_earlier_one(admin: FlaskClient) -> None:
    person = "KIM MIN JUN,L,12/03/1988,KOR"
    other = "KIM MIN JUN,L,13/03/1988,KOR"
    text = "\n".join(
        ["Nama Lengkap,L/P,Tgl Lahir,Kewarganegaraan", person, other, "Kim  Min Jun,L,12-03-1988,KOR", person]
    )

    page = send(admin, text, of="foreign_national")

    assert "2 baris baru berisi sama dengan baris lain" in page.text
    only = admin.get(f"{page.request.path}?show=same_row").text
    assert only.count("Sama dengan baris 2") == 2, "both name the first of them"
    told = admin.get(f"{page.request.path}?show=new&lang=en").text
    assert "Same as row 2" in told
    assert "new, twice in the file" in told
    page = send(admin, "Nama Perusahaan,Alamat\nPT Contoh Satu,Jalan Mawar 1\nContoh Satu PT.,Jalan Mawar 1\n")
    assert "Sama dengan baris 2" in page.text, "any registry, and a name however it is written"


def test_a_column_is_said_once_and_remembered_for_the_source(admin: FlaskClient) -> None:
    odd = LIST.replace("Nama Perusahaan", "Kolom X")
    page = send(admin, odd)
    columns = admin.get(f"{page.request.path}/columns")
    assert "PT Contoh Satu · PT Contoh Dua" in columns.text
    chosen = dict(re.findall(r'name="(column-\d)".*?<option value="(\w*)" selected', columns.text, re.S))
    page = post(admin, page, "columns", **{**chosen, "column-0": "legal_name"})
    assert "PT Contoh Satu" in admin.get(f"{page.request.path}?show=new").text
    post(admin, page, "apply", mode="good")

    later = send(admin, odd + "PT Contoh Empat,8120001234570,PMA\n")

    assert "PT Contoh Empat" in admin.get(f"{later.request.path}?show=new").text


def test_columns_that_are_not_used_are_said_before_anything_is_written(admin: FlaskClient) -> None:
    page = send(admin, "No,Nama Perusahaan,Warna Pagar,Catatan Pos\n1,PT Contoh Satu,hijau,ya\n")

    assert "Tidak dipakai: Warna Pagar, Catatan Pos." in page.text
    assert f'href="{page.request.path}/columns"' in page.text
    looked = post(admin, page, "columns", **{"column-1": "legal_name"})
    assert "Tidak dipakai: Warna Pagar, Catatan Pos." in looked.text, "nor is a running number after somebody looked"
    assert "Tidak dipakai" not in send(admin, LIST).text


def test_how_rows_meet_records_is_explained_with_an_example_of_this_registry(admin: FlaskClient) -> None:
    asked = admin.get("/staff/import/company/").text
    assert "Kolom pembeda data" in asked
    assert "baris dengan NIB yang sudah tercatat mengubah data itu" in asked
    assert "misalnya: Nama resmi, Kawasan" in asked
    columns = admin.get(f"{send(admin, LIST).request.path}/columns?lang=en").text
    assert "a row whose Business number (NIB) is on record changes that record" in columns
    assert "for example: Legal name, Zone" in columns
    assert "setiap baris menjadi data baru" in admin.get("/staff/import/foreign_national/?lang=id").text


def test_a_value_is_said_once_put_everywhere_and_remembered(admin: FlaskClient) -> None:
    odd = LIST.replace("PMA", "Asing murni").replace("123,", "8120001234569,")
    page = send(admin, odd)
    assert "“Asing murni” maksudnya" in page.text
    assert "2 sel" in page.text
    page = post(admin, page, "values", **{"value-0-capital_status": "pma"})
    assert "“Asing murni” maksudnya" not in page.text
    post(admin, page, "apply")
    assert {one["capital_status"] for one in companies()} == {"pma", "pmdn"}

    later = send(admin, odd + "PT Contoh Empat,8120001234570,Asing murni\n")

    assert "“Asing murni” maksudnya" not in later.text
    assert "PT Contoh Empat" in admin.get(f"{later.request.path}?show=new").text
    assert "Sudah ditulis: 1 baru" in post(admin, later, "apply").text


def test_a_file_cut_off_is_warned_of_and_marks_nothing_by_itself(admin: FlaskClient) -> None:
    whole = "Nama Perusahaan,NIB\n" + "".join(f"PT Contoh {n},81200012345{n:02}\n" for n in range(20))
    post(admin, send(admin, whole), "apply")

    page = send(admin, "".join(whole.splitlines(keepends=True)[:8]))

    assert "Mungkin berkas ini terpotong" in page.text
    assert "PT Contoh 19" in admin.get(f"{page.request.path}?show=missing").text
    assert "Silakan ketik angka 13" in post(admin, page, "apply", missing="1", count="7").text
    assert "Sudah ditulis" in post(admin, page, "apply", missing="1", count="13").text
    with unit_of_work(write=False) as reading:
        assert len(reading.exec(select(RegisterEntry).where(RegisterEntry.presence == "absent")).all()) == 13
    assert len(names()) == 20, "no record is closed"


def test_what_somebody_changed_after_the_preview_is_not_written_over(admin: FlaskClient) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")
    page = send(admin, LIST.replace("PMDN", "PMA"))
    with unit_of_work() as writing:
        known = writing.exec(select(Company).where(Company.legal_name == "PT Contoh Dua")).one().public_id
        records.save(writing, get("company"), {"scale": "micro"}, SYSTEM, public_id=known, now=utcnow())

    refused = post(admin, page, "apply", mode="good")

    assert "Sudah ditulis: 0 baru, 0 berubah" in refused.text
    assert [one["capital_status"] for one in companies() if one["public_id"] == known] == ["pmdn"]


def test_the_file_comes_back_with_its_cells_marked(admin: FlaskClient) -> None:
    page = send(admin, LIST)
    book = openpyxl.load_workbook(io.BytesIO(admin.get(f"{page.request.path}/marked").data))
    assert book.worksheets[0]["B5"].comment is not None


def test_a_large_file_is_read_by_a_worker_while_the_page_may_be_closed(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.views.sheet_import.AT_ONCE", 0)
    page = send(admin, LIST)
    assert "menunggu giliran" in page.text
    assert working.run(60) == 1
    page = admin.get(page.request.path)
    assert "Yang akan dilakukan impor" in page.text
    assert "menunggu giliran" in post(admin, page, "apply", mode="good").text
    assert working.run(60) == 1
    assert "Sudah ditulis: 2 baru" in admin.get(page.request.path).text


def test_an_export_speaks_the_language_of_the_page_and_reads_back_the_same(admin: FlaskClient) -> None:
    post(admin, send(admin, LIST), "apply", mode="good")

    given = admin.get("/staff/company/export/csv/?lang=en")

    assert 'filename="companies-' in given.headers["Content-Disposition"]
    assert "Not yet confirmed" in given.text
    assert "Belum terkonfirmasi" not in given.text
    again = send(admin, given.text)
    assert not re.search(r"<(?:del|ins)>", again.text), "nothing would change"


def test_a_file_that_is_none_is_refused_in_one_sentence(admin: FlaskClient) -> None:
    assert "Mohon pilih berkas lebih dahulu" in send(admin, "", file=(io.BytesIO(b""), "")).text
    assert "note--bad" in send(admin, "\x00\x01\x02 no table").text
    page = send(admin, LIST, source="").text
    assert "kode singkat sumbernya" in page
    assert 'id="source-error"' in page, "the sentence stands at the field it is about"
    assert 'id="file-error"' not in page


def test_a_file_sent_without_a_code_waits_for_it(admin: FlaskClient) -> None:
    page = send(admin, LIST, source="Disnaker 2026")
    assert page.status_code == 422
    assert "daftar.csv" in page.text
    body = {**hidden(page.text), "source": "disnaker-2026", "file": (io.BytesIO(b""), "")}
    answer = admin.post("/staff/import/company/", data=body, content_type="multipart/form-data")
    assert "Yang akan dilakukan impor" in admin.get(answer.location).text


def test_a_file_of_several_lists_asks_which_is_meant(admin: FlaskClient) -> None:
    book = openpyxl.Workbook()
    for title, number in (("Januari", 7), ("Februari", 8)):
        page = book.active if title == "Januari" else book.create_sheet(title)
        page.title = title
        page.append(["Nama Perusahaan", "NIB", "Status Modal"])
        page.append([f"PT Contoh {title}", f"812000123456{number}", "PMA"])
    out = io.BytesIO()
    book.save(out)
    shown = send(admin, "", file=(io.BytesIO(out.getvalue()), "bulanan.xlsx"))
    assert "PT Contoh Januari" in shown.text
    assert "Lembar mana yang dibaca?" in shown.text
    assert "/apply" not in shown.text, "nothing is written before the sheet is known"
    assert "segera setelah pertanyaan di atas dijawab" in shown.text
    refused = admin.post(f"{shown.request.path}/apply", data={**hidden(shown.text)})
    assert "Berkas ini menyisakan pertanyaan" in refused.text
    columns = admin.get(f"{shown.request.path}/columns")
    assert "Lembar mana yang dibaca?" in columns.text
    drawn = Chosen()
    drawn.feed(columns.text)
    again = post(admin, shown, "columns", **(drawn.values | {"sheet": "Februari"}))
    assert "PT Contoh Februari" in again.text
    assert "PT Contoh Januari" not in again.text
    assert "Lembar mana yang dibaca?" not in again.text, "answered, it is not asked again"
    assert "lembar “Februari” yang dibaca" in again.text
    assert "Lembar mana yang dibaca?" in admin.get(f"{shown.request.path}/columns").text, "and can be changed"
    assert "Sudah ditulis: 1 baru" in post(admin, again, "apply").text
    assert names() == ["PT Contoh Februari"]


def test_an_answer_about_dates_is_told_and_can_be_changed(admin: FlaskClient) -> None:
    text = "Nama Perusahaan,NIB,Status NIB per tanggal\nPT Contoh Satu,8120001234567,03/04/2024\n"
    shown = send(admin, text)
    assert "dapat dibaca dengan dua cara" in shown.text
    assert "/apply" in shown.text, "unless told otherwise, the day comes first"
    drawn = Chosen()
    drawn.feed(admin.get(f"{shown.request.path}/columns").text)

    again = post(admin, shown, "columns", **(drawn.values | {"date_ambiguous": "mdy"}))

    assert "dapat dibaca dengan dua cara" not in again.text
    assert "bulan, tanggal, tahun" in again.text
    drawn = Chosen()
    drawn.feed(admin.get(f"{shown.request.path}/columns").text)
    assert drawn.values["date_ambiguous"] == "mdy"
    other = post(admin, again, "columns", **(drawn.values | {"date_ambiguous": "dmy"}))
    assert "tanggal, bulan, tahun" in other.text
    assert "/apply" in other.text


def test_columns_that_nobody_recognised_are_named_by_hand(admin: FlaskClient) -> None:
    shown = send(admin, "".join(f"PT Contoh {n},81200012345{n}\n" for n in range(60, 66)))
    assert "/apply" not in shown.text
    drawn = Chosen()
    drawn.feed(admin.get(f"{shown.request.path}/columns").text)
    told = {"column-0": "legal_name", "column-1": "nib"}

    again = post(admin, shown, "columns", **(drawn.values | told))

    assert "Sudah ditulis: 6 baru" in post(admin, again, "apply").text


def test_columns_known_by_what_they_hold_are_looked_at_before_they_are_written(admin: FlaskClient) -> None:
    bare = "".join(
        f"KIM MIN {name},M,13/03/198{n},KOR\n" for n, name in enumerate(("A", "BO", "CHO", "DO", "EUN", "HO"))
    )

    def put(text: str) -> TestResponse:
        body = {
            **hidden(admin.get("/staff/import/foreign_national/").text), "source": "paspor-2026",
            "file": (io.BytesIO(text.encode()), "orang.csv"),
        }  # fmt: skip
        answer = admin.post("/staff/import/foreign_national/", data=body, content_type="multipart/form-data")
        return admin.get(answer.location)

    shown = put(bare)
    assert "Judul kolom tidak ditemukan" in shown.text
    assert "/apply" not in shown.text
    drawn = Chosen()
    drawn.feed(admin.get(f"{shown.request.path}/columns").text)

    again = post(admin, shown, "columns", **(drawn.values | {"column-0": "name_display", "column-2": "birth_date"}))

    assert "Judul kolom tidak ditemukan" not in again.text
    assert "Kolom-kolom tanpa judul dibaca seperti yang sudah ditentukan" in again.text
    assert "Sudah ditulis: 6 baru" in post(admin, again, "apply").text
    assert "Judul kolom tidak ditemukan" in put(bare.replace("KIM", "LEE")).text, "the next file is asked anew"


def test_an_empty_cell_never_puts_a_default_over_what_is_on_record(admin: FlaskClient) -> None:
    full = LIST.replace("Status Modal", "Status Modal,Status").replace("PMA\n", "PMA,Terverifikasi lapangan\n")
    post(admin, send(admin, full), "apply", mode="good")

    again = send(admin, full.replace("PMA,Terverifikasi lapangan", "PMDN,"))
    post(admin, again, "apply", mode="good")

    one = next(one for one in companies() if one["legal_name"] == "PT Contoh Satu")
    assert (one["capital_status"], one["status"]) == ("pmdn", "field_verified")


def test_an_import_of_another_registry_is_not_found(admin: FlaskClient) -> None:
    place = send(admin, LIST).request.path
    for other in (place.replace("/company/", "/contact/"), "/staff/import/company/0123456789abcdef"):
        assert admin.get(other).status_code == 404


def test_an_invited_person_gets_a_link_from_the_administrator(app: Flask, admin: FlaskClient, session: Session) -> None:
    page = admin.get("/staff/user/new/").text
    typed = {"name": "Sari Dewi", "email": "sari@kantor.example", "language": "id", "status": "invited"}
    made = admin.post("/staff/user/new/", data={**hidden(page), **typed})
    assert made.status_code == 302, made.text
    person = session.exec(select(User).where(User.email == "sari@kantor.example")).one().public_id
    session.rollback()
    page = admin.get(f"/staff/accounts/{person}").text

    issued = admin.post(f"/staff/accounts/{person}", data={**hidden(page), "action": "link"})

    link = re.search(r'value="[^"]*(/masuk/tautan/[\w-]+)"', issued.text)
    assert link
    assert issued.headers["Cache-Control"] == "no-store"
    guest = app.test_client()
    entry = hidden(guest.get(link[1]).text)
    chosen = {"password": "rumah biru di tepi sungai", "password_confirm": "rumah biru di tepi sungai"}
    assert guest.post(link[1], data={**entry, **chosen}).status_code == 302
    assert officer(app, "analyst").get(f"/staff/accounts/{person}").status_code == 403


def test_a_comparison_that_failed_is_tried_again_from_its_own_page(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as fault:
        fault.setattr("app.operations.import_steps.read", broken)
        page = send(admin, LIST)
    assert "Coba lagi" in page.text

    (retry,) = re.findall(r'action="(/staff/jobs/\w+/retry)"', page.text)
    admin.post(retry, data=hidden(page.text))
    working.run(5)

    assert "PT Contoh Satu" in admin.get(f"{page.request.path}?show=new").text
