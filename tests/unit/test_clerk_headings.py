"""Headings as clerks shorten them."""

from __future__ import annotations

import pytest

from app.domain.sheet_mapping import match
from app.registry import schema

FIELDS = list(schema("wajib-lapor").fields.values())


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Jbtn", "job_title"),
        ("Jabatan di perusahaan", "job_title"),
        ("Sts", "change"),
        ("Tgl.Klr", "left_on"),
        ("Ktrngn", "note"),
        ("Tgl. Lhr", "birth_date"),
        ("WNA", "nationality"),
        ("Paspor S/D", "passport_expires_on"),
        ("KITAS s.d.", "permit_expires_on"),
        ("Passport valid until", "passport_expires_on"),
        ("Nama perusahaan", None),
        ("Name of company", None),
        ("Nama PT", None),
        ("Kode Karyawan", None),
        ("Kode", None),
        ("N A M A", "full_name"),
        ("Paspor / Tgl Akhir", "passport_expires_on"),
        ("Visa/ITAS / Tgl Akhir", "permit_expires_on"),
        ("Tgl Akhir", "left_on"),
        ("Tgl Akhir Kerja", "left_on"),
        ("Status Laporan", "change"),
        ("Citizen", "nationality"),
        ("Job", "job_title"),
        ("Status Kepegawaian (aktif/tidak aktif)", "change"),
        ("Tanggal Tidak Aktif", "left_on"),
        ("J A B A T A N", "job_title"),
        ("Kode Visa", "visa_index"),
        ("Jabatan Sekarang", "job_title"),
        ("Status Pegawai", "change"),
    ],
)
def test_short_and_long_winded_headings(heading: str, field: str | None) -> None:
    assert match([heading], [0], FIELDS).columns[0].means == field


def test_s_d_below_its_group_is_the_last_day() -> None:
    headings = ["PASPOR / NOMOR", "PASPOR / S.D.", "IZIN TINGGAL / NOMOR", "IZIN TINGGAL / S.D."]
    means = [column.means for column in match(headings, range(4), FIELDS).columns]
    assert means == ["passport_number", "passport_expires_on", "permit_number", "permit_expires_on"]


def test_a_code_below_visa_is_its_index() -> None:
    means = [column.means for column in match(["Visa / Kode", "Visa / Berlaku s.d."], range(2), FIELDS).columns]
    assert means[0] == "visa_index"


def test_a_document_is_valid_from_a_day_that_is_not_the_first_of_work() -> None:
    headings = ["PASPOR / MASA BERLAKU / DARI", "PASPOR / MASA BERLAKU / S/D", "KITAS / Mulai", "KITAS / s.d.", "Mulai"]
    means = [column.means for column in match(headings, range(5), FIELDS).columns]
    assert means == [None, "passport_expires_on", None, "permit_expires_on", "started_on"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("12. Status", "change"),
        ("Lahir di", "birth_place"),
        ("EMP_NAME", "full_name"),
        ("PP Exp", "passport_expires_on"),
        ("Lok. Kerja", "worksite"),
        ("Jatuh Tempo KITAS", "permit_expires_on"),
        ("Laki-laki / Perempuan", "sex"),
        ("着任日", "started_on"),
        ("Nomor Dokumen Perjalanan", "passport_number"),
        ("Keterangan Tambahan", "note"),
    ],
)
def test_headings_of_other_offices(heading: str, field: str) -> None:
    assert match([heading], [0], FIELDS).columns[0].means == field


def test_documents_are_told_apart_by_the_law_that_names_them() -> None:
    groups = ["DOKUMEN PERJALANAN", "DOKUMEN KEIMIGRASIAN"]
    headings = [f"{group} / {part}" for group in groups for part in ("Nomor", "Berlaku s.d.")]
    means = [column.means for column in match(headings, range(4), FIELDS).columns]
    assert means == ["passport_number", "passport_expires_on", "permit_number", "permit_expires_on"]


def test_a_name_twice_is_the_one_the_passport_has() -> None:
    means = [column.means for column in match(["中文姓名", "英文姓名 Name"], range(2), FIELDS).columns]
    assert means == [None, "full_name"]
    assert match(["中文姓名"], [0], FIELDS).columns[0].means == "full_name"
    samples = {0: ["张伟", "李娜"], 1: ["Zhang Wei", "Li Na"]}
    found = match(["姓名", "英文名"], range(2), FIELDS, samples=samples)
    assert ([column.means for column in found.columns], found.problems[:0]) == ([None, "full_name"], [])
    assert not [p for p in found.problems if p.code == "column_duplicate"]
