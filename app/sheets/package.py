"""An Office Open XML archive changed part by part: what is not touched goes over byte for byte, still packed."""

from __future__ import annotations

import copy
import io
import posixpath
import re
import struct
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "[Content_Types].xml"
_HEADER = struct.Struct("<26xHH")  # of a member: its sizes before the name


class Unmarkable(Exception):
    """The parts are not laid out as we know them; a copy of the cells has to do."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One part leads to another. `kind` is the last word of its type: worksheet, comments …"""

    id: str
    kind: str
    part: str


class Package:
    """The parts of a workbook by name. The archive has been weighed before (`app.sheets.prescan`)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._held = {info.filename.replace("\\", "/"): info for info in self._zip.infolist()}
        self._changed: dict[str, bytes] = {}

    def find(self, name: str) -> str | None:
        """The part's name as written, whatever its capitals."""
        names = {**self._held, **self._changed}
        return name if name in names else next((held for held in names if held.lower() == name.lower()), None)

    def names(self) -> list[str]:
        return list({**self._held, **self._changed})

    def read(self, name: str) -> bytes:
        found = self.find(name)
        if found is None:
            raise Unmarkable(name)
        data = self._changed[found] if found in self._changed else self._zip.read(self._held[found])
        if b"<!DOCTYPE" in data:  # how entities get in; nobody writes one, and nothing of it goes back
            raise Unmarkable(name)
        return data

    def write(self, name: str, data: bytes) -> None:
        self._changed[self.find(name) or name] = data

    def free(self, pattern: str) -> str:
        """The first of "xl/comments{}.xml" and the like that is not taken."""
        return next(name for n in range(1, 100_000) if self.find(name := pattern.format(n)) is None)

    def relations(self, part: str) -> list[Relation]:
        name = self.find(_relations_of(part))
        if name is None:
            return []
        made = []
        for element in parsed(self.read(name)):
            if element.get("TargetMode") == "External":
                continue
            target = element.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
            kind = (element.get("Type") or "").rpartition("/")[2]
            made.append(Relation(element.get("Id") or "", kind, posixpath.normpath(path)))
        return made

    def relate(self, part: str, kind: str, target: str) -> str:
        """Lead from one part to another; the id."""
        name = self.find(_relations_of(part)) or _relations_of(part)
        xml = self.read(name) if self.find(name) else _empty("Relationships", "relationships")
        taken = set(re.findall(rb"""\bId=["']([^"']*)["']""", xml))
        made = next(key for n in range(1, 100_000) if (key := f"rIdSinergi{n}").encode() not in taken)
        base = _STRICT if _STRICT.encode() in self.read(_relations_of("xl/workbook.xml")) else RELATIONS
        path = quoteattr("/" + target)
        line = f'<Relationship Id="{made}" Type="{base}/{kind}" Target={path}/>'
        self.write(name, _within(xml, b"Relationships", line.encode()))
        return made

    def declare(self, part: str, content_type: str) -> None:
        """Say of a new part what it holds."""
        xml = self.read(TYPES)
        if f'"/{part}"'.encode() not in xml:
            line = f'<Override PartName={quoteattr("/" + part)} ContentType="{content_type}"/>'
            self.write(TYPES, _within(xml, b"Types", line.encode()))

    def declare_extension(self, extension: str, content_type: str) -> None:
        xml = self.read(TYPES)
        if re.search(rb"""(?i)Extension=["']%b["']""" % extension.encode(), xml) is None:
            line = f'<Default Extension="{extension}" ContentType="{content_type}"/>'
            self.write(TYPES, _within(xml, b"Types", line.encode(), first=True))

    def saved(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, info in self._held.items():
                if name in self._changed:
                    made.writestr(name, self._changed[name])
                else:
                    self._carry(made, info)
            for name in self._changed.keys() - self._held.keys():
                made.writestr(name, self._changed[name])
        return out.getvalue()

    def _carry(self, made: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """A member as it lies there, without unpacking it."""
        name_size, extra_size = _HEADER.unpack_from(self._data, info.header_offset)
        start = info.header_offset + 30 + name_size + extra_size
        assert made.fp is not None
        moved = copy.copy(info)
        moved.header_offset = made.start_dir
        moved.flag_bits &= ~0x08  # sizes stand in the header, not behind the data
        moved.extra = b""
        made.fp.seek(made.start_dir)
        made.fp.write(moved.FileHeader(zip64=False))
        made.fp.write(self._data[start : start + info.compress_size])
        made.filelist.append(moved)
        made.NameToInfo[moved.filename] = moved
        made.start_dir = made.fp.tell()


def parsed(xml: bytes) -> Element:
    """A small part as a tree. A document type is how entities get in: none is read."""
    try:
        tree: Element = fromstring(xml, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Unmarkable("xml") from error
    return tree


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _empty(root: str, kind: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><{root} xmlns="{_PACKAGE}/{kind}"></{root}>'.encode()
    )


def _within(xml: bytes, root: bytes, line: bytes, *, first: bool = False) -> bytes:
    """The line as first or last child of the root; of a root written `<Types/>` too."""
    xml = re.sub(rb"<%b(\s[^<>]*?)?/>\s*$" % root, rb"<%b\1></%b>" % (root, root), xml)
    found = re.search(rb"<%b(?:\s[^<>]*)?>" % root if first else rb"</%b\s*>" % root, xml)
    if found is None:
        raise Unmarkable(root.decode())
    at = found.end() if first else found.start()
    return xml[:at] + line + xml[at:]
