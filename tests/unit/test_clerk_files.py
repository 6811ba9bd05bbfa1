"""Text files as programs of companies write them."""

from __future__ import annotations

from app.sheets.profiles import profile
from app.sheets.reader import read_bytes


def test_numbers_kept_as_text_by_a_formula_are_read_as_shown() -> None:
    text = 'Nama\tNo Paspor\tJabatan\r\nKim\t="00123456"\tManajer\r\nLee\t"=""M1234567"""\t=""\r\n'
    grid = read_bytes(text.encode(), profile("link")).grid
    assert grid.rows[1:] == [["Kim", "00123456", "Manajer"], ["Lee", "M1234567"]]
