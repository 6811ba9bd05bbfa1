"""Files are known by their first bytes, named without harm, and never torn."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.operations import uploads


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"MZ\x90\x00", None),
        (b"<html><script>", None),
        (b"RIFX\x00\x00\x00\x00WEBPVP8 ", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, kind: str | None) -> None:
    assert uploads.media_type_of(head) == kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("paspor.pdf", "paspor.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\hrd\\daftar TKA.xlsx", "daftar TKA.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("  ..  ", "berkas"),
        ("", "berkas"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_file_name_is_only_words(given: str, kept: str) -> None:
    assert uploads.clean_name(given) == kept


def test_a_file_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(uploads.FileRefused, match="file_too_large"):
        uploads._write(io.BytesIO(b"x" * 2000), tmp_path, 1000)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(uploads.FileRefused, match="file_empty"):
        uploads._write(io.BytesIO(b""), tmp_path, 1000)
    assert list(tmp_path.iterdir()) == []
