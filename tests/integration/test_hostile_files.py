"""Whatever is sent, the answer is one plain sentence, and nothing but a small child process ever feels it."""

from __future__ import annotations

import dataclasses
import io
import os
import pickle
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from app import sheets
from app.domain.errors import SheetRejected
from app.sheets.profiles import MB, PROFILES
from app.sheets.sandbox import _Answers, run_limited, run_measured
from app.wording import sentence
from tests.hostile_files import HARMLESS, HOSTILE, old_workbook, workbook

HURRIED = dataclasses.replace(PROFILES["link"], cpu_scanning=1, wall_seconds=2)
READ = "app.sheets.reader:read_in_child"
MEMORY = 600 * MB


Ask = Callable[[Path, str], str]


@pytest.fixture(scope="module")
def small_process() -> Iterator[ProcessPoolExecutor]:
    """The peak of a child counts what its parent held when it was forked, and the process of all tests holds much."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture
def answer(small_process: ProcessPoolExecutor) -> Ask:
    """The code of the refusal, "" when the file is read; checks memory and words on the way."""

    def ask(path: Path, profile: str) -> str:
        code, words, peak = small_process.submit(_measured, str(path), profile).result()
        assert peak <= MEMORY
        if code:
            assert words.endswith(".")
            assert "…" not in words
            assert words != sentence(SheetRejected("no such code"), "id")
        return code

    return ask


def _measured(path: str, profile: str) -> tuple[str, str, int]:
    ran = run_measured(READ, {"path": path, "profile": profile}, profile)
    no = ran.rejected
    return (no.code, sentence(no, "id"), ran.peak_bytes) if no else ("", "", ran.peak_bytes)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_plain_sentence(tmp_path: Path, name: str, answer: Ask) -> None:
    make, codes = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    slow = {"took_too_long"} if name.startswith(("endless", "million", "far-and", "tiny")) else set()
    assert answer(path, "staff") in codes | slow


@pytest.mark.parametrize(
    "name", ["zip-bomb.xlsx", "amplified.xlsx", "repeat-text.ods", "lines.csv", "entity-bomb.xlsx"]
)
def test_the_public_door_is_narrower(tmp_path: Path, name: str, answer: Ask) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name][0]())
    assert answer(path, "link") in {"too_large_when_opened", "too_many_rows", "cell_far_away", "doctype"}


@pytest.mark.parametrize("name", HARMLESS)
def test_odd_but_harmless_files_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HARMLESS[name]())
    found = sheets.read(path)
    assert found.table.headings == ["Nama", "Umur"]
    assert [found.grid.rows[i] for i in found.table.body] == [["Budi", 41]]


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    for name, data in {"a.csv": workbook(), "b.xlsx": old_workbook(), "c.ods": b"Nama;Umur\nBudi;41\n"}.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert sheets.read(path).table.headings == ["Nama", "Umur"]


def test_a_web_page_named_xls_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "daftar.xls"
    path.write_text(
        "<html><head><meta charset=utf-8><style>td{color:red}</style></head><body><table><tr><th>Nama</th>"
        "<th colspan=2>Paspor</th></tr><tr><td></td><td>Nomor</td><td>Berlaku s.d.</td></tr>"
        "<tr><td>José&nbsp;Pérez</td><td>X1234567</td><td>12/03/2030</td></tr></table></body></html>"
    )
    found = sheets.read(path)
    assert found.table.headings == ["Nama", "Paspor / Nomor", "Paspor / Berlaku s.d."]
    assert found.grid.rows[found.table.body[0]] == ["José Pérez", "X1234567", "12/03/2030"]
    assert "web_page_read" in {note.code for note in found.notes}


def test_the_child_is_limited_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_SECRET_KEY", "x" * 64)
    told = run_limited("app.sheets.child:measure", {"a": 1}, "link")
    assert told["payload"] == {"a": 1}
    assert told["memory"] == PROFILES["link"].memory_reading
    assert told["cpu_seconds"] == PROFILES["link"].cpu_scanning
    assert not [name for name in told["environment"] if name.startswith("SINERGI")]


@pytest.mark.parametrize(
    ("target", "payload", "code"),
    [("time:sleep", 600, "took_too_long"), ("builtins:bytearray", 1 << 33, "too_large_when_opened")],
)
def test_what_takes_too_long_or_too_much_is_ended(target: str, payload: object, code: str) -> None:
    with pytest.raises(SheetRejected) as no:
        run_limited(target, payload, HURRIED)
    assert no.value.code == code


def test_a_dead_child_is_an_answer_too() -> None:
    with pytest.raises(SheetRejected) as no:
        run_limited("tests.hostile_files:abort", None, "link")
    assert no.value.code == "damaged"


def test_a_child_can_write_no_file(tmp_path: Path) -> None:
    with pytest.raises((RuntimeError, SheetRejected)):
        run_limited("tests.hostile_files:write_a_file", str(tmp_path / "x"), "link")
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_a_child_cannot_hand_over_code() -> None:
    with pytest.raises(Exception, match="is not an answer"):
        run_limited("tests.hostile_files:answer_with_code", None, "link")


def test_an_answer_may_not_reach_through_our_modules() -> None:
    through = b"\x80\x04\x8c\x12app.sheets.sandbox\x8c\x10subprocess.Popen\x93."
    for answer in (through, pickle.dumps(subprocess.Popen)):
        with pytest.raises(pickle.UnpicklingError, match="is not an answer"):
            _Answers(io.BytesIO(answer)).load()


def test_a_rush_of_slow_files_does_not_hold_every_thread() -> None:
    answers: list[str] = []

    def send() -> None:
        ran = run_measured("time:sleep", 600, HURRIED)
        answers.append(ran.rejected.code if ran.rejected else "")

    threads = [threading.Thread(target=send) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == ["busy", "took_too_long"]
    assert answers.count("busy") == 4


def test_other_work_goes_on_while_a_bomb_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(HOSTILE["amplified.xlsx"][0]())
    beats: list[float] = []
    done = threading.Event()

    def beat() -> None:
        while not done.wait(0.01):
            beats.append(time.monotonic())

    heart = threading.Thread(target=beat)
    heart.start()
    try:
        with pytest.raises(SheetRejected):
            sheets.read(path)
    finally:
        done.set()
        heart.join()
    assert len(beats) > 5


def test_no_child_is_left_behind(tmp_path: Path) -> None:
    children: Callable[[], set[str]] = lambda: set(  # noqa: E731
        Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    )
    before = children()
    with pytest.raises(SheetRejected):
        run_limited("time:sleep", 600, HURRIED)
    assert children() <= before
