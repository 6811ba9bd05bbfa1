"""The head of every paper the office gives out (kop surat): logo, ministry, lines, name, address, how to reach it."""

from __future__ import annotations

from typing import Any

from app.config import Settings


def letterhead(settings: Settings) -> dict[str, Any]:
    """What `letterhead.typ` draws, as JSON values; the picture as a list of bytes."""
    return {
        "logo": list(settings.logo.content) if settings.logo else None,
        "logo_kind": settings.logo.media_type.partition("/")[2].replace("jpeg", "jpg") if settings.logo else "",
        "above": [line for line in (settings.office_ministry, *settings.office_unit.splitlines()) if line.strip()],
        "name": settings.office_name,
        "address": settings.office_address,
        "contact": " · ".join(filter(None, (settings.office_phone, settings.office_email))),
        "colour": settings.office_colour or "#17457f",
    }
