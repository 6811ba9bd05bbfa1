"""The compound file that old Office formats live in (MS-CFB): names and streams, with no trust in its links."""

from __future__ import annotations

import struct
from array import array

from app.domain.errors import SheetRejected

_FREE = 0xFFFFFFFA  # this and above are no sector numbers


class Compound:
    """Directory and streams of an OLE2 file held in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
            raise SheetRejected("damaged") from error

    def names(self) -> list[str]:
        return list(self._entries)

    def stream(self, name: str) -> bytes:
        """The stream's bytes, empty when absent."""
        key = next((held for held in self._entries if held.casefold() == name.casefold()), None)
        if key is None:
            return b""
        start, size = self._entries[key]
        if size < self._cutoff:
            pieces = (self._small[n << self._mini : (n + 1) << self._mini] for n in _chain(self._minifat, start))
            return b"".join(pieces)[:size]
        return self._join(start)[:size]

    def _open(self) -> None:
        head = self._data[:512]
        (self._shift, self._mini) = struct.unpack_from("<HH", head, 30)
        if self._shift not in (9, 12) or self._mini > self._shift:
            raise SheetRejected("damaged")
        first_dir, _, self._cutoff, first_mini, _, first_difat, _ = struct.unpack_from("<I4sIIIII", head, 48)
        self._fat = array("I")
        for sector in self._fat_sectors(list(struct.unpack_from("<109I", head, 76)), first_difat):
            self._fat.frombytes(self._sector(sector))
        directory = self._join(first_dir)
        self._entries: dict[str, tuple[int, int]] = {}
        root = (0, 0)
        for at in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            if kind not in (1, 2, 5) or not 2 <= length <= 64:
                continue
            name = directory[at : at + length - 2].decode("utf-16-le")
            place = struct.unpack_from("<II", directory, at + 116)
            if kind == 5:
                root = place
            else:
                self._entries.setdefault(name, place)
        self._small = self._join(root[0])[: root[1]] if root[1] else b""
        self._minifat = array("I")
        self._minifat.frombytes(self._join(first_mini) if first_mini < _FREE else b"")

    def _fat_sectors(self, sectors: list[int], difat: int) -> list[int]:
        most = (len(self._data) >> self._shift) + 1
        seen = 0
        while difat < _FREE and seen <= most:
            block = struct.unpack(f"<{1 << self._shift - 2}I", self._sector(difat))
            sectors.extend(block[:-1])
            difat = block[-1]
            seen += 1
        real = [sector for sector in sectors if sector < _FREE]
        if len(real) > most:
            raise SheetRejected("damaged")
        return real

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        piece = self._data[start : start + (1 << self._shift)]
        return piece.ljust(1 << self._shift, b"\x00")

    def _join(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(self._fat, start))


def _chain(links: array[int], start: int) -> list[int]:
    chain: list[int] = []
    while start < len(links):
        chain.append(start)
        if len(chain) > len(links):
            raise SheetRejected("damaged")  # a ring
        start = links[start]
    return chain
