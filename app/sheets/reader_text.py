"""CSV, TSV and pasted text: which encoding, which separator, and never a guess unsaid."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from app.domain.errors import SheetRejected
from app.domain.grid import Grid, Note, Value
from app.sheets.prescan_facts import address
from app.sheets.profiles import Profile

_SAMPLE = 256 * 1024
_SEPARATORS = ("\t", ";", ",", "|")
_CELL = 32_767  # what a spreadsheet cell holds
_LINE = 40 * _CELL
_NAMES = {"\t": "tab", ";": "“;”", ",": "“,”", "|": "“|”"}
_EAST_ASIAN = ["gb18030", "big5", "cp932", "cp949"]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_text(data: bytes, limits: Profile, name: str = "") -> Grid:
    """One grid of text cells; row numbers are those a spreadsheet program shows (one a record)."""
    data, encoding, notes = find_encoding(data)
    separator, skip = _find_separator(data, encoding)
    if separator is None and (inner := _unwrapped(data, encoding)) is not None:
        separator, skip = _find_separator(inner, "utf-8")
        if separator is not None:
            data, encoding = inner, "utf-8"
            notes.append(Note("lines_unquoted"))
    if separator is not None:
        notes.append(Note("separator", {"separator": _NAMES[separator]}))
    rows = _rows(data, encoding, separator, skip, limits)
    while rows and not rows[-1]:
        rows.pop()
    return Grid(name, rows, list(range(1, len(rows) + 1)), notes=notes)


def decode(data: bytes) -> tuple[str, list[Note]]:
    """The whole text at once, for what is small."""
    data, encoding, notes = find_encoding(data)
    return data.decode(encoding), notes


def find_encoding(data: bytes) -> tuple[bytes, str, list[Note]]:
    """The bytes, and the encoding that decodes every one of them, strictly; a guess comes with a note.

    Only a file pieced together from two encodings comes back with other bytes than it had.
    """
    data = data.rstrip(b"\x1a") if data.endswith(b"\x1a") else data  # how MS-DOS ended a file
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            if not _decodes(data, encoding):
                raise SheetRejected("encoding_unknown")
            return data, encoding, [] if encoding == "utf-8-sig" else [Note("encoding", {"encoding": "UTF-16"})]
    head = data[:4096]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
        if len(data) % 2 == 0 and _decodes(data, encoding):
            return data, encoding, [Note("encoding_guessed", {"encoding": "UTF-16"})]
        raise SheetRejected("control_characters", row=1)
    if b"\x00" in data:
        raise SheetRejected("control_characters", row=data.count(b"\n", 0, data.index(b"\x00")) + 1)
    if _decodes(data, "utf-8"):
        return data, "utf-8", []
    if half := re.search(rb"\xed[\xa0-\xbf][\x80-\xbf]", data):  # half a character, written as UTF-8
        raise SheetRejected("control_characters", row=data.count(b"\n", 0, half.start()) + 1)
    return _mixed(data) or _guessed(data)


def _mixed(data: bytes) -> tuple[bytes, str, list[Note]] | None:
    """Lines in UTF-8 beside lines in Windows-1252: two files pasted into one."""
    lines = data.split(b"\n")
    high = [number for number, line in enumerate(lines) if not line.isascii()]
    other = [number for number in high if not _decodes(lines[number], "utf-8")]
    if len(other) == len(high) or len(other) > len(high) // 2:
        return None
    for number in other:
        if not _decodes(lines[number], "cp1252"):
            return None
        lines[number] = lines[number].decode("cp1252").encode()
    return b"\n".join(lines), "utf-8", [Note("encoding_mixed", {"row": other[0] + 1, "count": len(other)})]


def _guessed(data: bytes) -> tuple[bytes, str, list[Note]]:
    encoding = _guess(data)
    return data, encoding, [Note("encoding_guessed", {"encoding": encoding.upper().replace("CP", "Windows-")})]


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _SAMPLE):
            decoder.decode(data[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _guess(data: bytes) -> str:
    """Lone high bytes are Western accents; long runs of them are East Asian or Cyrillic words."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data[: 4 * _SAMPLE])]
    candidates = ["mac-roman"] if _is_of_a_mac(data) else []
    if sum(run > 1 for run in runs) * 2 > len(runs):
        from charset_normalizer import from_bytes  # 50 ms to load, for one file in a thousand

        best = from_bytes(data[:_SAMPLE], cp_isolation=[*_EAST_ASIAN, "cp1251", "cp1252"]).best()
        if best is not None:
            candidates.append(best.encoding)
        candidates.extend(_EAST_ASIAN)
    for encoding in [*candidates, "cp1252", "latin-1"]:
        if _decodes(data, encoding):
            if encoding == "latin-1" and re.search(rb"[\x80-\x9f]", data):
                break  # C1 controls: no text at all
            return encoding
    raise SheetRejected("encoding_unknown")


def _is_of_a_mac(data: bytes) -> bool:
    """Lines that end as on an old Macintosh, and accents where Windows has its rarest signs."""
    sample = data[: 4 * _SAMPLE]
    rare = len(re.findall(rb"[\x80-\x9f]", sample))
    alone = len(re.findall(rb"\r(?!\n)", sample))
    return alone > sample.count(b"\n") and rare * 2 > len(re.findall(rb"[\x80-\xff]", sample))


def _lines(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="strict", newline="")


def _find_separator(data: bytes, encoding: str) -> tuple[str | None, int]:
    """The separator that cuts the first records most evenly, and how many lines declare it (`sep=;`)."""
    sample = _lines(data, encoding).read(_SAMPLE // 2)
    declared = re.match(r"\ufeff?\"?sep=([,;\t|])\"?\r?\n", sample, re.IGNORECASE)
    if declared:
        return declared[1], 1
    scores = {separator: _evenness(sample, separator) for separator in _SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    return (best, 0) if scores[best] > 0 else (None, 0)


def _unwrapped(data: bytes, encoding: str) -> bytes | None:
    """The text inside when every whole line stands in quotation marks: `"No,""Nama"",JK"`."""
    sample = _lines(data, encoding).read(_SAMPLE).splitlines()[:200]
    if len(sample) < 2 or not all(line.startswith('"') and line.endswith('"') for line in sample if line.strip()):
        return None
    lines = (line.strip("\r\n") for line in _lines(data, encoding))
    return "\n".join(line[1:-1].replace('""', '"') if line[:1] == '"' else line for line in lines).encode()


def _evenness(sample: str, separator: str) -> float:
    widths: Counter[int] = Counter()
    try:
        for number, record in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=separator)):
            if record and any(map(str.strip, record)):
                widths[len(record)] += 1
            if number == 200:
                break
    except csv.Error:
        return 0.0
    cut = {width: count for width, count in widths.items() if width > 1}
    if not cut:
        return 0.0
    width, count = max(cut.items(), key=lambda pair: (pair[1] * pair[0], pair[0]))
    return count / sum(widths.values()) + min(width, 50) / 100 + (0.2 if separator == "\t" else 0)


def _rows(data: bytes, encoding: str, separator: str | None, skip: int, limits: Profile) -> list[list[Value]]:
    csv.field_size_limit(_CELL * 4)
    lines = _Lines(_lines(data, encoding), skip)
    reader = csv.reader(lines, delimiter=separator or "\t", strict=False)
    rows: list[list[Value]] = []
    filled = before = spans = 0
    try:
        for record in reader:
            row: list[Value] = [cell if cell and not cell.isspace() else None for cell in map(_as_shown, record)]
            while row and row[-1] is None:
                row.pop()
            rows.append(row)
            filled += bool(row)
            _bearable(len(row), filled, len(rows), limits)
            if reader.line_num - before > 50 or max(map(len, record), default=0) > _CELL:
                raise SheetRejected("quote_not_closed", row=len(rows))
            spans, before = reader.line_num - before, reader.line_num
    except csv.Error as error:
        raise SheetRejected("quote_not_closed", row=len(rows) + 1) from error
    if rows and spans > 1 and lines.quotes % 2:
        raise SheetRejected("quote_not_closed", row=len(rows))
    return rows


def _as_shown(cell: str) -> str:
    """`="00123"` keeps a number from being read as one: what a spreadsheet shows is what stands inside."""
    return cell[2:-1].replace('""', '"') if cell[:2] == '="' and cell[-1:] == '"' and len(cell) > 2 else cell


def _bearable(width: int, filled: int, length: int, limits: Profile) -> None:
    if width > limits.columns:
        raise SheetRejected("cell_far_away", cell=address(length, width - 1))
    if filled > limits.rows or length > limits.rows * 2 + 1000:
        raise SheetRejected("too_many_rows", max=limits.rows)


class _Lines:
    """Lines, each within reason: one without end is not handed to the csv module whole."""

    def __init__(self, text: io.TextIOWrapper, skip: int) -> None:
        self._text = text
        self._number = 0
        self.quotes = 0
        for _ in range(skip):
            next(self)
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LINE)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) >= _LINE:
            raise SheetRejected("line_too_long", row=self._number)
        if _CONTROL.search(line):
            raise SheetRejected("control_characters", row=self._number)
        self.quotes += line.count('"')
        return line
