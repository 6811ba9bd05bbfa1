"""The table is found wherever people put it, and only paper is left out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.grid import Grid, Table
from app.domain.headings import fill_merged, find_table, table_weight

WORDS = {
    "Nama Lengkap", "Nama", "Nama TKA", "Name", "Full Name", "L/P", "JK", "Jenis Kelamin", "Sex", "Tgl Lahir", "TTL",
    "Tanggal Lahir", "Date of Birth", "Kebangsaan", "Kewarganegaraan", "WN", "Nationality", "No Paspor", "Passport No",
    "Nomor Paspor", "Paspor", "Nomor", "Berlaku s.d.", "Masa Berlaku", "Expiry", "Jabatan", "Position", "Posisi",
    "KITAS", "No KITAS", "Izin Tinggal", "Indeks Visa", "Lokasi", "Mulai Kerja", "Ket", "Keterangan", "Kegiatan",
}  # fmt: skip
HEADS = ["No", "Nama Lengkap", "JK", "Tgl Lahir", "Kebangsaan", "No Paspor", "Jabatan", "Ket"]


def grid(rows: list[list[Any]], merged: list[tuple[int, int, int, int]] | None = None, **facts: Any) -> Grid:
    return Grid("Satu", rows, list(range(1, len(rows) + 1)), merged=merged or [], **facts)


def person(number: int, name: str = "Kim Min Jun") -> list[Any]:
    return [number, name, "L", date(1985, 3, 12), "Korea Selatan", f"M{12345678 + number}", "Manager", None]


def shown(table: Table) -> list[int]:
    """Row numbers of the body, as the sender sees them."""
    return [table.grid.row_numbers[i] for i in table.body]


def codes(table: Table) -> dict[str, str]:
    return {note.code: str(note.params.get("rows", "")) for note in table.notes}


both = pytest.mark.parametrize("words", [None, WORDS], ids=["by shape", "by words"])


@both
def test_headings_on_the_first_row(words: set[str] | None) -> None:
    table = find_table(grid([HEADS, person(1), person(2)]), words)
    assert (table.heading_rows, table.headings, shown(table)) == ([1], HEADS, [2, 3])


@both
def test_titles_above_and_blank_rows_between(words: set[str] | None) -> None:
    rows: list[list[Any]] = [
        ["DAFTAR TENAGA KERJA ASING"],
        ["PT Contoh Sejahtera"],
        ["Periode:", "November 2026"],
        ["Alamat", ": Jl. Raya Ngoro No. 1"],
        [],
        HEADS,
        person(1),
        [],
        [None] * 8,
        person(2),
    ]
    table = find_table(grid(rows), words)
    assert (table.heading_rows, shown(table)) == ([6], [7, 10])


@both
def test_a_table_that_begins_in_another_column(words: set[str] | None) -> None:
    rows = [[], [None, None, *HEADS], [None, None, *person(1)]]
    table = find_table(grid(rows), words)
    assert (table.heading_rows, table.columns, shown(table)) == ([2], list(range(2, 10)), [3])


TWO_ROWS: list[list[Any]] = [
    ["LAPORAN TKA"],
    ["No", "Nama", "Paspor", None, "Izin Tinggal", None, "Jabatan"],
    [None, None, "Nomor", "Berlaku s.d.", "Nomor", "Berlaku s.d.", None],
    [1, "Kim Min Jun", "M12345678", date(2030, 1, 2), "2C21AB1234", date(2027, 1, 2), "Manager"],
    [2, "Sato Ken", "TK1234567", date(2031, 1, 2), "2C21AB1235", date(2027, 5, 2), "Engineer"],
]
TWO_HEADS = [
    "No", "Nama", "Paspor / Nomor", "Paspor / Berlaku s.d.", "Izin Tinggal / Nomor", "Izin Tinggal / Berlaku s.d.",
    "Jabatan",
]  # fmt: skip


@both
@pytest.mark.parametrize("merges", [True, False], ids=["merged", "as csv"])
def test_two_heading_rows_keep_the_parent_in_view(words: set[str] | None, merges: bool) -> None:
    places = [(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 2, 5), (2, 6, 3, 6), (1, 0, 1, 6)] if merges else []
    table = find_table(grid(TWO_ROWS, places), words)
    assert (table.heading_rows, table.headings, shown(table)) == ([2, 3], TWO_HEADS, [4, 5])


@both
def test_parents_alone_above_full_headings(words: set[str] | None) -> None:
    rows: list[list[Any]] = [
        ["DATA TKA PT CONTOH"],
        ["Identitas", None, None, "Paspor", None, "Izin Tinggal", None],
        ["No", "Nama", "Kebangsaan", "Nomor", "Berlaku s.d.", "Nomor", "Berlaku s.d."],
        [1, "Kim", "Korea", "M12345678", date(2030, 1, 2), "2C21AB1234", date(2027, 1, 2)],
    ]
    table = find_table(grid(rows, [(1, 0, 1, 6), (2, 0, 2, 2), (2, 3, 2, 4), (2, 5, 2, 6)]), words)
    assert table.heading_rows == [2, 3]
    assert table.headings[3:] == [
        "Paspor / Nomor",
        "Paspor / Berlaku s.d.",
        "Izin Tinggal / Nomor",
        "Izin Tinggal / Berlaku s.d.",
    ]
    assert shown(table) == [4]


def test_three_heading_rows() -> None:
    rows: list[list[Any]] = [
        ["No", "Nama", "Dokumen", None, None, None],
        [None, None, "Paspor", None, "KITAS", None],
        [None, None, "Nomor", "Berlaku s.d.", "Nomor", "Berlaku s.d."],
        [1, "Kim", "M12345678", date(2030, 1, 2), "2C21AB1234", date(2027, 1, 2)],
    ]
    places = [(1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 1, 5), (2, 2, 2, 3), (2, 4, 2, 5)]
    table = find_table(grid(rows, places), WORDS)
    assert table.heading_rows == [1, 2, 3]
    assert table.headings[5] == "Dokumen / KITAS / Berlaku s.d."
    assert shown(table) == [4]


def test_two_languages_on_two_rows() -> None:
    rows = [["Nama Lengkap", "Jenis Kelamin", "Jabatan"], ["Full Name", "Sex", "Position"], ["Kim", "L", "Manager"]]
    table = find_table(grid(rows), WORDS)
    assert table.headings == ["Nama Lengkap / Full Name", "Jenis Kelamin / Sex", "Jabatan / Position"]
    assert shown(table) == [3]


def test_a_data_row_of_words_is_no_second_heading() -> None:
    rows = [["Nama", "Kebangsaan", "Jabatan"], ["Kim", "Korea", "Manager"], ["Sato", "Jepang", "Engineer"]]
    assert find_table(grid(rows), WORDS).heading_rows == [1]
    assert shown(find_table(grid(rows))) == [2, 3]


@both
@pytest.mark.parametrize(
    "numbering",
    [
        [1, 2, 3, 4, 5, 6, 7, 8],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
        ["1", "2", "3", "4", "5", "6", "7"],
    ],
)
def test_the_numbering_under_the_headings_is_no_row(words: set[str] | None, numbering: list[Any]) -> None:
    table = find_table(grid([HEADS, numbering, person(1), person(2)]), words)
    assert shown(table) == [3, 4]


def test_letters_under_the_headings_are_no_row() -> None:
    assert shown(find_table(grid([HEADS, list("abcdefgh"), person(1)]), WORDS)) == [3]
    assert find_table(grid([list("ABCDEFGH"), HEADS, person(1)])).heading_rows == [2]


def test_hints_how_to_fill_in_are_no_row() -> None:
    hints = [None, "(sesuai paspor)", "(L/P)", "(dd/mm/yyyy)", None, None, None, None]
    assert shown(find_table(grid([HEADS, hints, person(1)]), WORDS)) == [3]


def test_a_cell_with_a_line_break_is_one_heading() -> None:
    table = find_table(grid([["No", "Nama\nLengkap", "Berlaku\r\ns.d."], [1, "Kim", date(2030, 1, 1)]]))
    assert table.headings == ["No", "Nama Lengkap", "Berlaku s.d."]


@both
def test_groups_totals_and_repeated_headings_are_left_out_and_named(words: set[str] | None) -> None:
    rows: list[list[Any]] = [
        HEADS,
        ["DEPARTEMEN PRODUKSI"],
        person(1),
        person(2),
        [None, "Sub Total", None, None, None, None, None, 2],
        HEADS,
        [1, 2, 3, 4, 5, 6, 7, 8],
        ["II.", "Kantor"],
        person(3),
        ["Jumlah", None, None, None, None, None, None, 3],
        ["TOTAL TKA : 3 ORANG"],
    ]
    table = find_table(grid(rows), words)
    assert shown(table) == [3, 4, 9]
    assert codes(table) == {"rows_group": "2, 8", "rows_total": "5, 10-11", "rows_headings": "6-7"}


@both
def test_the_signature_block_is_left_out(words: set[str] | None) -> None:
    rows: list[list[Any]] = [
        HEADS,
        person(1),
        person(2),
        [],
        ["*) Data per 12 November 2026"],
        [None, None, None, None, None, "Ngoro, 12 November 2026"],
        [None, "Mengetahui,", None, None, None, "Dibuat oleh,"],
        [None, "Direktur", None, None, None, "HRD Manager"],
        [],
        [],
        [None, "Park Ji Sung", None, None, None, "Siti Aminah"],
        [None, None, None, None, None, "NIP. 1234"],
    ]
    table = find_table(grid(rows), words)
    assert shown(table) == [2, 3]


def test_a_signature_block_without_a_first_word() -> None:
    rows = [HEADS, person(1), [], [None, None, None, None, None, "HRD Manager"], [], [None] * 5 + ["Siti Aminah"]]
    assert shown(find_table(grid(rows), WORDS)) == [2]


def test_a_second_list_after_a_signature_is_read() -> None:
    rows = [
        HEADS,
        person(1),
        [None] * 5 + ["Ngoro, 12 November 2026"],
        [None] * 5 + ["Siti"],
        HEADS,
        person(2),
        person(3),
    ]
    assert shown(find_table(grid(rows), WORDS)) == [2, 6, 7]


@both
@pytest.mark.parametrize(
    "row",
    [
        [3, "Suharto"],
        [3, "Total", "L", date(1990, 1, 1), "Korea", "M1", "Manager", None],
        [3, "Jumlah Rahayu", "P"],
        [3, None, None, None, None, "M12345678"],
        [None, "Direktur Kim", "L", date(1990, 1, 1), "Korea", None, "Direktur", None],
        [None, "Suharto", None, None, "Korea"],
        ["3.", "Kim", None, None, None, None, "HRD Manager"],
        [None, "Mengetahui Sari", "P", date(1990, 1, 1), "Korea", "M12345678", "Manager", None],
        [None, "Sukarno"],
    ],
)
@pytest.mark.parametrize("last", [True, False], ids=["at the end", "in the middle"])
def test_a_person_is_never_dropped(words: set[str] | None, row: list[Any], last: bool) -> None:
    rows = [HEADS, person(1), person(2), row, *([] if last else [person(4)])]
    assert 4 in shown(find_table(grid(rows), words))


def test_a_birth_place_with_a_date_is_no_signature() -> None:
    heads = ["Nama", "TTL", "Kebangsaan", "No Paspor", "Jabatan", "Ket"]
    rows: list[list[Any]] = [
        heads,
        ["Kim", "Seoul, 12-03-1985", "Korea", "M12345678", "Manager", None],
        ["Lee", "Busan, 12 Maret 1985"],
        ["Park", "Daegu, 1 Mei 1990", "Korea", "M12345679", "Manager", None],
    ]
    assert shown(find_table(grid(rows), WORDS)) == [2, 3, 4]


def test_numbers_prepared_for_people_who_are_not_there() -> None:
    rows = [HEADS, person(1), *([n] for n in range(2, 20))]
    table = find_table(grid(rows), WORDS)
    assert shown(table) == [2]
    assert codes(table) == {"rows_number_only": "3-20"}


def test_a_bare_sum_at_the_end_is_no_person() -> None:
    heads = ["Nama", "Negara", "Gaji"]
    rows = [heads, ["Kim", "Korea", 100], ["Lee", "Korea", 200], [None, None, 300]]
    table = find_table(grid([heads, *rows[1:]]))
    assert shown(table) == [2, 3, 4] or codes(table) == {"rows_total": "4"}


def test_a_heading_merged_over_two_columns_of_which_one_is_used() -> None:
    rows = [["No", "Nama", None, "Jabatan"], [1, "Kim", None, "Manager"]]
    table = find_table(grid(rows, [(1, 1, 1, 2), (2, 1, 2, 2)]), WORDS)
    assert (table.headings, table.columns) == (["No", "Nama", "Jabatan"], [0, 1, 3])


def test_data_under_no_heading_is_kept_and_said() -> None:
    table = find_table(grid([["No", "Nama", None, "Jabatan"], [1, "Kim", "pindahan", "Manager"]]), WORDS)
    assert table.headings == ["No", "Nama", "", "Jabatan"]
    assert "columns_without_heading" in codes(table)


def test_values_merged_down_count_for_each_row() -> None:
    rows: list[list[Any]] = [
        ["Lokasi", "Nama", "Jabatan"],
        ["Pabrik 1", "Kim", "Manager"],
        [None, "Lee", "Engineer"],
        [],
    ]
    table = find_table(grid(rows, [(2, 0, 4, 0)]), WORDS)
    assert fill_merged(table)[0].params == {"count": 1}
    assert table.grid.rows[2] == ["Pabrik 1", "Lee", "Engineer"]


@both
def test_many_lines_about_the_company_are_no_headings(words: set[str] | None) -> None:
    about: list[list[Any]] = [["Nama Perusahaan", "PT Contoh"], *([f"Butir {n}", f"Isi {n}"] for n in range(18))]
    table = find_table(grid([*about, HEADS, person(1), person(2)]), words)
    assert (table.heading_rows, shown(table)) == ([20], [21, 22])


def test_headings_broken_over_two_rows_without_merging() -> None:
    rows = [
        ["No", "Nama", "Tgl", "No", "Jabatan"],
        [None, "Lengkap", "Lahir", "Paspor"],
        [1, "Kim", "12/03/1985", "M12345678", "Manager"],
    ]
    table = find_table(grid(rows), WORDS)
    assert table.headings == ["No", "Nama Lengkap", "Tgl Lahir", "No Paspor", "Jabatan"]
    assert shown(table) == [3]


def test_a_title_merged_over_a_part_is_no_parent() -> None:
    table = find_table(grid([["DAFTAR TKA"], HEADS, person(1)], [(1, 0, 1, 4)]))
    assert (table.heading_rows, table.headings) == ([2], HEADS)


def test_a_small_table_below_is_not_read_into_the_list() -> None:
    rows = [
        HEADS,
        person(1),
        person(2),
        [],
        [None, "Kebangsaan", "Jumlah"],
        [None, "Korea Selatan", 2],
        [None, "Jepang", 1],
    ]
    assert shown(find_table(grid(rows), WORDS)) == [2, 3]
    rows = [HEADS, person(1), person(2), [], [None, "Rekapitulasi"], [None, "Korea Selatan", 2], [None, "Jepang", 1]]
    assert shown(find_table(grid(rows), WORDS)) == [2, 3]


def test_a_title_in_capitals_among_names_is_a_group() -> None:
    rows = [
        HEADS,
        [None, "PRODUKSI"],
        person(1, "Kim Min Jun"),
        person(2, "Lee Ji Eun"),
        [None, "GUDANG"],
        person(3, "Sato Ken"),
    ]
    table = find_table(grid(rows), WORDS)
    assert (shown(table), codes(table)) == ([3, 4, 6], {"rows_group": "2, 5"})


@pytest.mark.parametrize("status", ["Approved", "Manager", "Mengetahui", "12 November 2026"])
def test_a_list_of_two_columns_is_read_whole(status: str) -> None:
    rows = [["Nama", "Status"], *([name, status] for name in ("Kim", "Lee", "Sato", "Suharto"))]
    assert shown(find_table(grid(rows))) == [2, 3, 4, 5]


def test_a_list_of_two_columns_ends_at_its_signatures() -> None:
    closing: list[list[Any]] = [
        ["Mengetahui,", "Ngoro, 12 November 2026"],
        ["Direktur", "HRD Manager"],
        [],
        ["Park", "Siti"],
    ]
    rows = [["Nama", "Jabatan"], ["Kim", "Manager"], ["Lee", "Direktur"], [], *closing]
    assert shown(find_table(grid(rows), WORDS)) == [2, 3]


@pytest.mark.parametrize(
    "line", ["Mojokerto, November 2026", "Ngoro,      -11-2026", "Ngoro 12 Nopember 2026", "Ngoro, ......... 2026"]
)
def test_place_and_date_open_the_signature_block(line: str) -> None:
    rows = [HEADS, person(1), [None] * 4 + [line], [None] * 4 + ["Siti Aminah"]]
    assert shown(find_table(grid(rows), WORDS)) == [2]


def test_a_second_language_is_known_by_its_number_column() -> None:
    rows = [["No", "Nama", "Jabatan"], ["No.", "Name", "Position"], [1, "Kim", "Manager"]]
    assert find_table(grid(rows)).heading_rows == [1, 2]


def test_a_small_table_beside_is_not_read_into_the_list() -> None:
    rows = [[*HEADS, None, "Negara", "Orang"], [*person(1), None, "Korea", 2], [None] * 9 + ["Jepang", 1]]
    assert shown(find_table(grid(rows), WORDS)) == [2]


def test_numbered_remarks_below_are_remarks() -> None:
    rows = [
        HEADS,
        person(1),
        [],
        ["Catatan :"],
        ["1. TKA nomor 1 sedang memperpanjang paspor"],
        ["2. Data per 30 November 2026"],
    ]
    assert shown(find_table(grid(rows), WORDS)) == [2]


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    table = find_table(grid([HEADS, person(1), person(2)], hidden_rows=frozenset({3}), hidden_columns=frozenset({4})))
    assert shown(table) == [2, 3]
    assert {note.code: dict(note.params) for note in table.notes} == {
        "hidden_rows": {"rows": "3", "count": 1},
        "hidden_columns": {"columns": "E"},
    }


def test_the_data_sheet_outweighs_instructions() -> None:
    advice = find_table(
        grid([["PETUNJUK"], ["Isi kolom Nama sesuai paspor."], ["Isi tanggal lahir: dd/mm/yyyy."]]), WORDS
    )
    data = find_table(grid([HEADS, person(1)]), WORDS)
    legend = find_table(grid([["Kolom", "Arti"], *([name, "wajib diisi"] for name in HEADS)]), WORDS)
    for words in (WORDS, None):
        assert table_weight(data, words) > max(table_weight(advice, words), table_weight(legend, words))


def test_an_example_sheet_gives_way_to_the_real_one() -> None:
    example, real = grid([HEADS, person(1), person(2), person(3)]), grid([HEADS, person(1)])
    example.sheet = "Contoh pengisian"
    for words in (WORDS, None):
        assert table_weight(find_table(real, words), words) > table_weight(find_table(example, words), words)


def test_a_filled_list_goes_before_an_empty_template() -> None:
    empty, filled = find_table(grid([HEADS]), WORDS), find_table(grid([HEADS[:4], person(1)[:4]]), WORDS)
    assert table_weight(filled, WORDS) > table_weight(empty, WORDS)


def test_numbers_without_headings_are_data() -> None:
    table = find_table(grid([[1, 2.5, date(2026, 1, 1)], [2, 3.5, date(2026, 1, 2)]]))
    assert (table.heading_rows, table.headings, shown(table)) == ([], ["", "", ""], [1, 2])
    assert "no_headings" in codes(table)


def test_an_empty_sheet_is_an_empty_table() -> None:
    table = find_table(grid([]))
    assert (table.heading_rows, table.headings, table.body) == ([], [], [])


CELLS = st.one_of(
    st.none(), st.integers(-5, 60), st.floats(), st.dates(), st.booleans(),
    st.sampled_from([*HEADS, "Jumlah", "Mengetahui,", "Kim Min Jun", "12/03/1985"]),
    st.sampled_from(["M12345678", "(L/P)", "1.", "A.", "x" * 500]),
    st.text(max_size=12),
)  # fmt: skip


@given(
    st.lists(st.lists(CELLS, max_size=9), max_size=25),
    st.lists(st.tuples(*[st.integers(1, 9), st.integers(0, 8)] * 2), max_size=4),
    st.booleans(),
)
def test_any_sheet_gives_a_table_and_no_row_gets_lost_unsaid(
    rows: list[list[Any]], places: list[tuple[int, int, int, int]], by_words: bool
) -> None:
    merged = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in places]
    table = find_table(grid(rows, merged), WORDS if by_words else None)
    filled = {number for number, row in enumerate(rows, start=1) if any(value is not None for value in row)}
    assert len(table.headings) == len(table.columns)
    assert shown(table) == sorted(set(shown(table)) & filled)
    last = max(table.heading_rows, default=0)
    below = {number for number in filled if number > last}
    said = sum(int(note.params["count"]) for note in table.notes if note.code.startswith("rows_"))
    assert set(shown(table)) <= below
    assert 0 <= len(below) - len(table.body) - said <= 4  # numbering and hints right under the headings
    fill_merged(table)
