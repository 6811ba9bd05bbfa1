"""Headings as companies write them find their field, and nothing else does."""

from __future__ import annotations

import pytest

from app.domain.fields import Field
from app.domain.sheet_headings import words
from app.domain.sheet_mapping import heading_signature, match
from app.registry import schema


def worker_fields() -> list[Field]:
    return list(schema("wajib-lapor").fields.values())


def mapped(headings: list[str], **options: object) -> dict[str, str | None]:
    found = match(headings, range(len(headings)), worker_fields(), **options)  # type: ignore[arg-type]
    return {column.heading: column.means for column in found.columns}


WILD = {
    "Nama Lengkap": "full_name",
    "Nama TKA": "full_name",
    "Name": "full_name",
    "L/P": "sex",
    "JK": "sex",
    "Jenis Kelamin": "sex",
    "Sex": "sex",
    "Tgl Lahir": "birth_date",
    "Tempat Lahir": "birth_place",
    "TTL": "birth_place+birth_date",
    "Tempat, Tgl Lahir": "birth_place+birth_date",
    "Tempat / Tanggal Lahir": "birth_place+birth_date",
    "Place & Date of Birth": "birth_place+birth_date",
    "Kebangsaan": "nationality",
    "Kewarganegaraan": "nationality",
    "WN": "nationality",
    "No Paspor": "passport_number",
    "Passport No.": "passport_number",
    "Nomor Paspor (sesuai dokumen)": "passport_number",
    "Passport Expiry Date": "passport_expires_on",
    "Masa Berlaku Paspor s/d": "passport_expires_on",
    "Indeks Visa": "visa_index",
    "Jenis Visa": "visa_index",
    "KITAS / ITAS": "permit_number",
    "No. KITAS": "permit_number",
    "Stay Permit Expiry": "permit_expires_on",
    "Jabatan": "job_title",
    "Posisi": "job_title",
    "Kegiatan": "activity",
    "Lokasi": "worksite",
    "Tempat Kerja": "worksite",
    "Mulai Kerja": "started_on",
    "TMT": "started_on",
    "Status": "change",
    "Tgl Keluar": "left_on",
    "Ket.": "note",
    "Ket": "note",
    "姓名 Name": "full_name",
    "护照号码 Passport No.": "passport_number",
    "国籍/Nationality": "nationality",
    "护照有效期": "passport_expires_on",
    "여권번호": "passport_number",
    "생년월일": "birth_date",
    "Tgl. Lahir (dd/mm/yyyy)": "birth_date",
    "Kewarganegaran": "nationality",  # misspelt
    "Nomer Pasport": "passport_number",
    "NAMA LENGKAP TENAGA KERJA ASING *": "full_name",
    "Full Name (as in passport)": "full_name",
    "full_name": "full_name",
    "passport_expires_on": "passport_expires_on",
}


@pytest.mark.parametrize("heading", WILD)
def test_a_heading_from_the_wild_finds_its_field(heading: str) -> None:
    assert mapped([heading])[heading] == WILD[heading]


OTHERS = [
    "No", "No.", "No Urut", "NO.", "Nama Perusahaan", "Nama Ibu Kandung", "Tgl Terbit Paspor",
    "Date of Issue", "Valid from", "Kantor Penerbit", "No. Telepon", "E-mail", "Alamat", "Gaji",
    "Status Perkawinan", "Umur", "NPWP", "No. RPTKA", "No. Visa", "Masa Berlaku Visa",
    "Tgl Berlaku VITAS", "Nama Sponsor", "Pendidikan", "Agama",
    "Foto", "Masa Berlaku RPTKA", "Tgl Terbit KITAS", "No. Izin Kerja", "序号",
]  # fmt: skip


@pytest.mark.parametrize("heading", OTHERS)
def test_a_heading_of_something_else_is_left_alone(heading: str) -> None:
    assert mapped([heading])[heading] is None


def test_two_expiry_dates_are_told_apart_by_what_stands_before_them() -> None:
    found = mapped(["No Paspor", "Berlaku s.d.", "No KITAS", "Masa Berlaku"])
    assert found["Berlaku s.d."] == "passport_expires_on"
    assert found["Masa Berlaku"] == "permit_expires_on"


def test_the_order_of_the_documents_does_not_matter() -> None:
    found = mapped(["Nama", "ITAS", "Expiry", "Passport", "Expiry"])
    wanted = ["full_name", "permit_number", "permit_expires_on", "passport_number", "passport_expires_on"]
    assert list(found.values()) == wanted
    assert list(found)[-1] == "Expiry (E)"


def test_the_words_of_a_heading_above_are_heard() -> None:
    found = mapped(["Paspor Nomor", "Paspor Berlaku s.d.", "KITAS Nomor", "KITAS Berlaku s.d."])
    assert list(found.values()) == ["passport_number", "passport_expires_on", "permit_number", "permit_expires_on"]


def test_a_bare_number_under_a_document_is_the_number_of_that_document() -> None:
    passport = ["Paspor Negara Penerbit", "Nomor", "Berlaku s.d."]
    found = mapped(["No", "Nama", *passport, "Izin Tinggal Jenis", "Nomor", "Berlaku s.d."])
    assert list(found.values()) == [
        None, "full_name", "passport_country", "passport_number", "passport_expires_on",
        "permit_kind", "permit_number", "permit_expires_on",
    ]  # fmt: skip


def test_a_column_of_kinds_under_kitas_is_the_kind() -> None:
    kinds = {("permit_kind", 0): 1.0}
    assert mapped(["KITAS"], taken=lambda key, at: kinds.get((key, at), 1.0 if key == "permit_number" else 0.0)) == {
        "KITAS": "permit_kind"
    }


def test_status_over_something_else_is_not_the_change() -> None:
    assert mapped(["Status"], taken=lambda key, at: 0.0) == {"Status": None}


def test_given_name_and_surname_make_one_name() -> None:
    assert list(mapped(["Surname", "Given Name"]).values()) == ["full_name", "full_name"]


def test_the_same_heading_twice_is_one_problem_for_the_column() -> None:
    found = match(["Nama", "No Paspor", "No Paspor"], [0, 1, 2], worker_fields())
    twice = [p for p in found.problems if p.code == "column_duplicate"]
    assert [(p.field, p.column, p.params["columns"]) for p in twice] == [("passport_number", "C", ["B", "C"])]


def test_an_empty_second_column_is_no_problem() -> None:
    found = match(["Nama", "No Paspor", "No Paspor"], [0, 1, 2], worker_fields(), samples={0: ["x"], 1: ["x"], 2: []})
    assert not [p for p in found.problems if p.code == "column_duplicate"]


def test_a_missing_required_column_is_said_once() -> None:
    found = match(["Nama", "L/P", "TTL", "WN", "Berlaku s.d.", "Jabatan", "Status"], list(range(7)), worker_fields())
    assert [(p.code, p.field, p.row) for p in found.problems] == [("column_missing", "passport_number", None)]


def test_a_correction_wins_and_frees_the_other_column() -> None:
    found = mapped(["Nama", "Nama Panggilan"], given={"Nama Panggilan": "full_name", "Nama": None})
    assert found == {"Nama": None, "Nama Panggilan": "full_name"}


def test_what_was_corrected_before_is_remembered_until_corrected_again() -> None:
    remembered = {"Kolom 7": "note", "Nama": "full_name"}
    assert mapped(["Nama", "Kolom 7"], remembered=remembered)["Kolom 7"] == "note"
    assert mapped(["Nama", "Kolom 7"], remembered=remembered, given={"Kolom 7": None})["Kolom 7"] is None


def test_the_signature_ignores_case_and_spacing_but_not_the_order() -> None:
    assert heading_signature(["Nama ", "NO. PASPOR"]) == heading_signature(["nama", "No Paspor"])
    assert heading_signature(["Nama", "No Paspor"]) != heading_signature(["No Paspor", "Nama"])


def test_three_languages_say_the_same_words() -> None:
    assert words("Tgl. Lahir") == words("Date of Birth") == words("出生日期") == words("생년월일")


def test_a_heading_below_its_group_is_known_by_its_own_words() -> None:
    found = mapped(["IDENTITAS / Nama", "IZIN TINGGAL / Indeks", "PEKERJAAN / TMT", "PENDAMPING / Nama"])
    assert list(found.values()) == ["full_name", "visa_index", "started_on", None]


def test_place_and_date_under_one_merged_heading_are_told_apart_by_their_cells() -> None:
    shares = {("birth_date", 0): 0.0, ("birth_date", 1): 1.0}
    found = mapped(["Tempat, Tanggal Lahir"] * 2, taken=lambda key, at: shares.get((key, at), -1.0))
    assert list(found.values()) == ["birth_place", "birth_date"]


def test_number_and_last_day_in_one_cell() -> None:
    cells = {0: ["E12345678 / 31-12-2028", "E87654321 (s.d. 30-11-2029)"]}
    assert mapped(["Paspor / Masa Berlaku"], samples=cells) == {
        "Paspor / Masa Berlaku": "passport_number+passport_expires_on"
    }


def test_day_month_and_year_under_their_date() -> None:
    found = mapped(["Tanggal Lahir / Tgl", "Tanggal Lahir / Bln", "Tanggal Lahir / Thn"])
    assert list(found.values()) == ["birth_date"] * 3


def test_a_mapping_that_was_shown_can_be_passed_back_unchanged() -> None:
    headings = ["No", "Surname", "Given Name", "TTL", "Berlaku s.d.", "Berlaku s.d."]
    found = mapped(headings)
    assert mapped(headings, given=found) == found


def test_one_field_chosen_for_two_columns_is_said() -> None:
    found = match(
        ["Kolom A", "Kolom B"], [0, 1], worker_fields(), given={"Kolom A": "full_name", "Kolom B": "full_name"}
    )
    assert [(p.code, p.column) for p in found.problems if p.code == "column_duplicate"] == [("column_duplicate", "B")]


def test_numbering_and_empty_columns_need_no_question() -> None:
    found = match(["No", "Foto", "Nama"], [0, 1, 2], worker_fields(), samples={0: [1], 1: [], 2: ["Kim"]})
    assert [c.how for c in found.columns] == ["numbering", "empty", "alias"]


def test_remarks_that_only_say_the_change_are_the_change() -> None:
    shares = {("change", 0): 1.0}
    assert mapped(["Ket."], taken=lambda key, at: shares.get((key, at), 0.0)) == {"Ket.": "change"}
