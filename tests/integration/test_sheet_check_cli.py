"""`sinergi sheet check` and `sheet template` answer as their contract says: shapes, exit codes, plain refusals."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from app.cli import main
from tests.corpus.reports import reports

REPORTS = {report.file: report for report in reports()}


def sinergi(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_findings_come_as_error_records_and_exit_one(tmp_path: Path) -> None:
    report = REPORTS["02-ttl.xlsx"]
    answer = sinergi("sheet", "check", "wajib-lapor", str(report.write(tmp_path)), "--json", "--today", "2026-11-22")
    assert answer.exit_code == 1
    found = json.loads(answer.output)
    assert (found["file"], found["rows"], found["good"]) == ("02-ttl.xlsx", 12, 9)
    assert found["mapping"]["Nama TKA"] == "full_name"
    assert found["mapping"]["No."] is None
    assert [set(error) for error in found["errors"]] == [
        {"row", "column", "field", "code", "value", "message", "suggestion"} for _ in found["errors"]
    ]
    assert {"code", "field", "message"} <= set().union(*map(set, found["questions"])) or found["questions"] == []
    assert all({"code", "message"} <= set(note) for note in found["notes"])


def test_a_question_alone_is_no_finding(tmp_path: Path) -> None:
    text = "Nama\tL/P\tTgl Lahir\tWN\tNo Paspor\tPaspor berlaku s.d.\tJabatan\tStatus\n"
    text += "Kim Min-jun\tL\t03/04/1985\tKorea Selatan\tM12345678\t05/06/2029\tManajer\ttetap\n"
    file = tmp_path / "a.txt"
    file.write_text(text)
    answer = sinergi("sheet", "check", "wajib-lapor", str(file), "--json", "--today", "2026-11-22")
    assert answer.exit_code == 0
    [question] = json.loads(answer.output)["questions"]
    assert question["code"] == "date_ambiguous"
    again = sinergi(
        "sheet", "check", "wajib-lapor", str(file), "--json", "--date-order", "mdy", "--today", "2026-11-22"
    )
    assert json.loads(again.output)["questions"] == []


def test_the_mapping_can_be_corrected_from_the_shell(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    headings = "Siapa,L/P,Tgl Lahir,WN,No Paspor,Paspor berlaku s.d.,Jabatan,Status"
    file.write_text(f"{headings}\nKim,L,13/04/1985,KOR,M1234567,2029-06-30,Ahli,baru\n")
    wrong = sinergi("sheet", "check", "wajib-lapor", str(file), "--json")
    assert [error["code"] for error in json.loads(wrong.output)["errors"]] == ["column_missing"]
    right = sinergi("sheet", "check", "wajib-lapor", str(file), "--json", "--map", "Siapa=full_name")
    assert right.exit_code == 0, right.output


def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK\x03\x04 not really")
    answer = sinergi("sheet", "check", "wajib-lapor", str(file), "--json")
    assert answer.exit_code == 1
    assert set(json.loads(answer.output)["refused"]) == {"code", "message"}


def test_an_unknown_key_is_a_usage_error(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    assert sinergi("sheet", "check", "tidak-ada", str(file)).exit_code == 2
    assert sinergi("sheet", "template", "tidak-ada", str(tmp_path / "t.xlsx")).exit_code == 2


def test_the_template_from_the_shell_is_read_back(tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    assert sinergi("sheet", "template", "company", str(out)).exit_code == 0
    answer = sinergi("sheet", "check", "company", str(out), "--json")
    assert [error["code"] for error in json.loads(answer.output)["errors"]] == ["no_rows"]


def test_people_get_text_in_their_language(tmp_path: Path) -> None:
    file = REPORTS["02-ttl.xlsx"].write(tmp_path)
    answer = sinergi("sheet", "check", "wajib-lapor", str(file), "--language", "en", "--today", "2026-11-22")
    assert "Write the full date, for example 31/12/2026." in answer.output
