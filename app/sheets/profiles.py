"""How much a file may ask of us: the two profiles of the sandbox.

A hostile file must be answered within 10 s and 600 MB, so `cpu_scanning` ends a pre-scan that drags on
and `memory_reading` is what the child may address while it unpacks and parses; rows once read are
bounded and may use `cpu_seconds` and `memory`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProfileName = Literal["link", "staff"]
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Profile:
    """Limits of one door. Sizes in bytes, times in seconds."""

    name: ProfileName
    file_bytes: int  # the file as it lies there
    part_bytes: int  # one part of an archive, inflated
    total_bytes: int  # all parts we read, inflated
    rows: int
    memory_reading: int  # address space of the child until the rows are read
    memory: int  # address space of the child afterwards
    cpu_scanning: int  # seconds until the pre-scan is through
    cpu_seconds: int
    wall_seconds: int
    result_bytes: int  # what a child may hand back
    columns: int = 200
    ratio: int = 100  # inflated : packed, judged above 1 MB
    entries: int = 500

    @property
    def last_row(self) -> int:
        """The last row of a sheet that may hold anything: records, and what stands above and between them."""
        return self.rows + 1000


PROFILES: dict[str, Profile] = {
    "link": Profile(
        name="link",
        file_bytes=12 * MB,
        part_bytes=50 * MB,
        total_bytes=100 * MB,
        rows=20_000,
        memory_reading=512 * MB,
        memory=512 * MB,
        cpu_scanning=4,
        cpu_seconds=9,
        wall_seconds=15,
        result_bytes=32 * MB,
    ),
    "staff": Profile(
        name="staff",
        file_bytes=64 * MB,
        part_bytes=200 * MB,
        total_bytes=300 * MB,
        rows=250_000,
        memory_reading=560 * MB,
        memory=1024 * MB,
        cpu_scanning=8,
        cpu_seconds=60,
        wall_seconds=75,
        result_bytes=400 * MB,
    ),
}


def profile(name: str | Profile) -> Profile:
    return name if isinstance(name, Profile) else PROFILES[name]
