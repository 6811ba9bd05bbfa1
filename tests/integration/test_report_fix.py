"""The page where red cells are mended: what it says of them, and what one press mends."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.integration.company import Clerk
from tests.integration.test_report_journey import numbered
from tests.integration.test_report_windows import cells, upload

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here is asked of the database


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


def test_one_press_fills_the_empty_cells_of_a_column_and_keeps_what_was_typed(clerk: Clerk) -> None:
    people = numbered(4)
    for one in people[:3]:
        del one["change"]
    people[3]["change"] = "entah"
    duty = upload(clerk, *people)
    assert "Isi semua yang kosong dengan:" in clerk.get(f"{duty}/perbaiki")
    page = clerk.post(**{"c-4-change": "baru", "c-7-change": "entah", "fill": "change:tetap"})
    assert [cells(n, "change") for n in (4, 5, 6, 7)] == ["baru", "tetap", "tetap", "entah"]
    assert "Isi semua yang kosong dengan:" not in page


def test_nothing_but_a_choice_of_the_list_fills_a_column(clerk: Clerk) -> None:
    people = numbered(2)
    for one in people:
        del one["change"]
    duty = upload(clerk, *people)
    clerk.get(f"{duty}/perbaiki")
    for press in ("change:apa saja", "full_name:KIM", "change:", "tidak_ada:tetap"):
        clerk.post(fill=press)
        assert clerk.status == 200
    assert cells(4, "change") is None
    assert cells(4, "full_name") == "KIM A"
