"""Regions come by official code, in any order of levels, and never by name."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from app.cli import main
from app.domain.actors import Actor
from app.domain.errors import SheetRejected
from app.models.organisation import Region
from app.operations import regions

SHIPPED = Path(__file__).parents[2] / "app/demo/regions.csv"
SHARED = Path(__file__).parents[2].parent / "shared/data/regions"
ACTOR = Actor.system("test")


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def load(session: Session, path: Path, now: datetime) -> regions.RegionImport:
    listed, problems = regions.read_list(path)
    assert problems == []
    return regions.import_list(session, listed, ACTOR, now=now)


def by_code(session: Session, code: str) -> Region:
    session.expire_all()
    return session.exec(select(Region).where(Region.code == code)).one()


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("35", "province", None),
        ("35.16", "kab", "35"),
        ("35.76", "kota", "35"),
        ("35.16.05", "kecamatan", "35.16"),
        ("35.16.05.2010", "desa", "35.16.05"),
        ("35.76.01.1001", "kelurahan", "35.76.01"),
        ("91.71.03.3001", "desa_adat", "91.71.03"),
    ],
)
def test_level_and_parent_follow_from_the_code(code: str, level: str, parent: str | None) -> None:
    assert regions.level_of(code) == level
    assert regions.parent_of(code) == parent


def test_the_shipped_sample_hangs_together(session: Session, now: datetime) -> None:
    done = load(session, SHIPPED, now)
    assert (done.new, done.without_parent, done.problems) == (26, [], [])
    village = by_code(session, "35.16.05.2010")
    assert (village.name, village.level) == ("Ngoro", "desa")
    assert village.parent == by_code(session, "35.16.05").id
    assert by_code(session, "35.16").name == "Kabupaten Mojokerto"
    assert load(session, SHIPPED, now).same == 26


def test_lower_levels_may_come_first_and_find_their_parent_later(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    below = load(session, written(tmp_path / "a.csv", "kode;nama\n35.16.05;Ngoro\n35.16;KABUPATEN MOJOKERTO\n"), now)
    assert below.without_parent == ["35.16"]
    load(session, written(tmp_path / "b.csv", "35,JAWA TIMUR\n"), now)
    assert by_code(session, "35.16").parent == by_code(session, "35").id


def test_a_new_name_changes_the_region_of_that_code_only(session: Session, tmp_path: Path, now: datetime) -> None:
    load(session, SHIPPED, now)
    done = load(session, written(tmp_path / "a.csv", "code,name\n35.16.05,Ngoro Baru\n35.16.01,Jatirejo\n"), now)
    assert (done.new, done.changed, done.same) == (0, 1, 1)
    assert by_code(session, "35.16.05.2010").name == "Ngoro"


def test_bad_rows_are_named_and_nothing_is_guessed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "kode,nama\n35,Jawa Timur\n35.1,X\n,Y\n35.16,\n35,Jawa Timur\n")
    listed, problems = regions.read_list(path)
    assert [one.code for one in listed] == ["35"]
    assert [(p.code, p.row, p.field) for p in problems] == [
        ("pattern", 3, "code"), ("required", 4, "code"), ("required", 5, "name"), ("duplicate_in_sheet", 6, "code"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "nama,luas\nJawa,1\n", "35.16\n"])
def test_a_file_without_codes_and_names_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SheetRejected):
        regions.read_list(written(tmp_path / "a.csv", text))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_reports_in_json_and_by_exit_code(database_url: str, tmp_path: Path) -> None:
    run = CliRunner().invoke
    dry = run(main, ["region", "import", str(SHIPPED), "--dry-run", "--json"])
    assert json.loads(dry.stdout)["new"] == 26
    first = run(main, ["region", "import", str(SHIPPED), "--json", "--decree", "Kepmendagri (contoh)"])
    assert (first.exit_code, json.loads(first.stdout)["new"]) == (0, 26)
    again = run(main, ["region", "import", str(SHIPPED)])
    assert again.stdout.startswith("0 baru, 0 berubah, 26 sama")
    bad = run(main, ["region", "import", str(written(tmp_path / "a.csv", "kode,nama\n35.1,X\n")), "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["errors"][0] | {"message": ""} == {
        "row": 2,
        "column": None,
        "field": "code",
        "code": "pattern",
        "value": "35.1",
        "message": "",
        "suggestion": None,
    }
    assert run(main, ["region", "import", str(tmp_path / "none.csv")]).exit_code == 2


@pytest.mark.skipif(not SHARED.exists(), reason="the shared list of regions is not beside the repository")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_whole_country_comes_in(session: Session, now: datetime) -> None:
    for name, count in (("mojokerto_kukar", 581), ("provinces", 38), ("regencies", 512), ("districts", 7239)):
        assert load(session, SHARED / f"{name}.csv", now).new == count
    ngoro = [by_code(session, code) for code in ("35.16.05", "35.17.03")]
    assert {region.name for region in ngoro} == {"Ngoro"}
    orphans = select(Region.code).where(Region.parent == None, Region.level != "province")  # noqa: E711
    assert session.exec(orphans).all() == []
