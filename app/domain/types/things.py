"""What is neither text nor number: files, signatures, places on the map."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from typing_extensions import TypedDict

from app.domain.semantic import Invalid, SemanticType
from app.domain.types.text import line

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic")
DOCUMENTS = ("application/pdf", *PICTURES)
_POINT = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)°?\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)°?", re.ASCII)
_POINT_COMMAS = re.compile(r"([+-]?\d{1,3}(?:,\d+)?)\s*[;\s]\s*([+-]?\d{1,3}(?:,\d+)?)", re.ASCII)
_ANGLE = r"(\d{1,3})°\s*(?:(\d{1,2})['′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)(?:\"|″|'')\s*)?"
_DMS = re.compile(rf"{_ANGLE}(N|S|LU|LS)[\s,;]*{_ANGLE}(E|W|BT|BB)", re.IGNORECASE)


class StoredFile(TypedDict):
    """One file of a record: the public id of its `Upload`, its name as the sender calls it, its bytes."""

    id: str
    name: str
    size: int


class FileType(SemanticType):
    """Files kept with a record, as a list of `StoredFile`; one at a time replaces the other where `most` is 1.

    A form sends their ids, which `app.operations.files` turns into what is stored: nobody writes a name or a path.
    """

    key: ClassVar[str] = "file"
    python: ClassVar[type] = list
    input: ClassVar[str] = "files"
    example = ""

    def __init__(self, most: int = 1, kinds: tuple[str, ...] = DOCUMENTS, max_bytes: int = 10 * 1024 * 1024) -> None:
        self.most = most
        self.kinds = kinds
        self.max_bytes = max_bytes

    def parse(self, raw: Any) -> Any:
        if not isinstance(raw, list | tuple):
            raise Invalid("file_by_hand")
        kept = [_stored(one) for one in raw]
        if len(kept) > self.most:
            raise Invalid("files_too_many", most=self.most)
        return kept

    def show(self, value: Any, language: str = "id") -> str:
        return ", ".join(str(one["name"]) for one in value or ())

    def entry(self, value: Any) -> str:
        return self.show(value)

    def cell(self, value: Any) -> Any:
        return self.show(value) or None

    def mask(self, value: Any) -> str:
        return "•••" if value else ""


class SignatureType(FileType):
    """A drawn signature, stored as a PNG."""

    key: ClassVar[str] = "signature"

    def __init__(self) -> None:
        super().__init__(1, ("image/png",), 200 * 1024)


class GeoPointType(SemanticType):
    """A place as "latitude,longitude" in degrees (WGS 84), six places: about 10 cm."""

    key: ClassVar[str] = "geo_point"
    max_length: int | None = 25
    example = "-7.472600,112.433800"

    def parse(self, raw: Any) -> str:
        text = unicodedata.normalize("NFKC", line(raw)).replace("−", "-").strip("()")
        if found := _POINT.fullmatch(text):
            latitude, longitude = float(found[1]), float(found[2])
        elif found := _POINT_COMMAS.fullmatch(text):
            latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
        elif found := _DMS.fullmatch(text.replace("″", '"')):
            latitude = _degrees(found[1], found[2], found[3], found[4].upper() in ("S", "LS"))
            longitude = _degrees(found[5], found[6], found[7], found[8].upper() in ("W", "BB"))
        else:
            raise Invalid("pattern", kind=self.key)
        if abs(latitude) > 90 or abs(longitude) > 180:
            swapped = abs(latitude) <= 180 and abs(longitude) <= 90
            raise Invalid("out_of_range", kind=self.key, suggestion=_point(longitude, latitude) if swapped else None)
        return _point(latitude, longitude)

    def mask(self, value: Any) -> str:
        return ", ".join(f"{float(part):.1f}" for part in str(value).split(",")) if value else ""


def _stored(one: Any) -> StoredFile:
    if isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("name"), str):
        return {"id": one["id"], "name": one["name"], "size": int(one.get("size") or 0)}
    raise Invalid("file_by_hand")


def _degrees(degrees: str, minutes: str | None, seconds: str | None, negative: bool) -> float:
    value = float(degrees) + float(minutes or 0) / 60 + float((seconds or "0").replace(",", ".")) / 3600
    return -value if negative else value


def _point(latitude: float, longitude: float) -> str:
    return f"{latitude + 0.0:.6f},{longitude + 0.0:.6f}"
