"""Opens an archive without believing it: counts what really comes out, before any parser sees it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from app.domain.errors import SheetRejected
from app.sheets.profiles import MB, Profile

_CHUNK = 256 * 1024


class Archive:
    """A zip in memory. `read` inflates one part into one buffer; nothing is kept afterwards."""

    def __init__(self, data: bytes, limits: Profile) -> None:
        self._limits = limits
        if data.count(b"PK\x01\x02") > 10 * limits.entries:  # a directory too long even to be read
            raise SheetRejected("too_many_parts", max=limits.entries)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
            raise SheetRejected("damaged") from error
        members = self._zip.infolist()
        if len(members) > limits.entries:
            raise SheetRejected("too_many_parts", max=limits.entries)
        self._members = {info.filename.replace("\\", "/"): info for info in members}
        if len(self._members) != len(members):
            raise SheetRejected("damaged")  # two parts of one name: readers would disagree which one counts
        self._weighed: set[str] = set()
        self._total = 0
        if any(info.flag_bits & 1 for info in members):
            raise SheetRejected("password")

    def names(self) -> list[str]:
        return list(self._members)

    def find(self, name: str) -> str | None:
        """The part's name as written in the archive, whatever its capitals; None when absent."""
        if name in self._members:
            return name
        return next((held for held in self._members if held.lower() == name.lower()), None)

    def weigh_rest(self) -> int:
        """Inflate every part not read yet and let it go again; bytes of all, raises when it is too much."""
        for name in set(self._members) - self._weighed:
            for _ in self._pieces(name):
                pass
        return self._total

    def read(self, name: str) -> bytearray:
        """One part, inflated; at most the profile's part size."""
        info = self._members[name]
        if info.file_size > self._limits.part_bytes:
            raise SheetRejected("too_large_when_opened")
        whole = bytearray(info.file_size)
        at = 0
        for piece in self._pieces(name):
            whole[at : at + len(piece)] = piece
            at += len(piece)
        return whole

    def _pieces(self, name: str) -> Iterator[bytes]:
        info = self._members[name]
        counted = 0
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_CHUNK):
                    counted += len(piece)
                    self._bearable(counted, info.compress_size, name)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise SheetRejected("damaged") from error
        except RuntimeError as error:  # zipfile's word for an encrypted part
            raise SheetRejected("password") from error
        if name not in self._weighed:
            self._weighed.add(name)
            self._total += counted

    def _bearable(self, counted: int, packed: int, name: str) -> None:
        limits = self._limits
        if counted > limits.part_bytes or (counted > MB and counted > limits.ratio * max(packed, 1)):
            raise SheetRejected("too_large_when_opened")
        if name not in self._weighed and self._total + counted > limits.total_bytes:
            raise SheetRejected("too_large_when_opened")
