"""From the frozen context of a message to the values its templates speak of, and the secrets a stored copy hides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from app import wording
from app.config import Settings
from app.domain.fields import Label
from app.models.submission import RETURN_REASONS

LinkUrl = Callable[[int], str]  # FormLink.id -> URL; raises LookupError for a link that is not there

BRAND = "#0b4a8f"  # of the head and buttons of a letter, where the office chose no colour
REPORT = Label("Laporan TKA", "Foreign worker report")


@dataclass(frozen=True, slots=True)
class Facts:
    """`values` for the templates; `secrets` are strings that live in what is sent but not in what is kept."""

    values: Mapping[str, Any]
    secrets: tuple[str, ...] = ()


def facts(context: Mapping[str, Any], language: str, settings: Settings, link_url: LinkUrl) -> Facts:
    """Everything a template of any kind may name; what the context does not say is None."""
    url = link_url(int(context["link_id"])) if context.get("link_id") is not None else None
    receipt = context.get("receipt_code")
    values: dict[str, Any] = {
        "language": language,
        "office": {
            "name": settings.office_name,
            "phone": settings.office_phone,
            "email": settings.office_email,
            "hours": wording.hours(settings.office_hours, language),
            "address": settings.office_address,
        },
        "brand": settings.office_colour or BRAND,
        "asked_by": _line(context.get("asked_by")),
        "company": _line(context.get("company_name")),
        "contact": _line(context.get("contact_name")),
        "report": _title(context.get("form_title"), language),
        "period": period_label(context.get("period"), language),
        "url": url,
        "code": context.get("code"),
        "minutes": context.get("minutes", 10),
        "receipt": receipt,
        "verify_url": f"{settings.public_url}/v/{receipt}" if receipt else None,
        "people": {name: context.get(name) for name in ("rows", "new", "left", "later")},
        "cells": context.get("cells"),
        "note": (context.get("note") or "").strip() or None,
        "asked": context.get("asked"),
        "reasons": [_reason(reason, language) for reason in context.get("reasons") or ()],
        "has_pdf": context.get("submission_id") is not None,
        "security_url": f"{settings.public_url}/akun/keamanan",
        "news": _news(context, language, settings.office_time_zone),
    }
    for name in ("due_on", "review_by"):
        values[name] = _date(context.get(name), language)
    for name in ("sent_at", "decided_at", "expires_at"):
        values[name] = _instant(context.get(name), language, settings.office_time_zone)
    secrets = [secret for secret in (url and url.rsplit("/", 1)[-1], context.get("code")) if secret]
    return Facts(values, tuple(str(secret) for secret in secrets))


def _news(context: Mapping[str, Any], language: str, zone: str) -> dict[str, Any]:
    """What happened to somebody's account (kind "account"), and to whom."""
    known = {name: _line(context.get(name)) for name in ("name", "by", "about")}
    return known | {
        "what": context.get("what"),
        "left": context.get("left"),
        "person": _line(context.get("person_name")),
        "happened_at": _instant(context.get("happened_at"), language, zone),
    }


def period_label(period: str | None, language: str) -> str | None:
    """ "2026-11" -> November 2026, "2026-Q4" -> triwulan IV 2026, anything else as it is."""
    if not period:
        return None
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        return format_date(date(int(period[:4]), int(period[5:]), 1), "LLLL y", locale=language)
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", period)
    if quarter:
        roman = ("I", "II", "III", "IV")[int(quarter[2]) - 1]
        return f"quarter {roman} {quarter[1]}" if language == "en" else f"triwulan {roman} {quarter[1]}"
    return period


def _date(value: str | None, language: str) -> str | None:
    return wording.long_date(date.fromisoformat(value[:10]), language) if value else None


def _instant(value: str | None, language: str, zone: str) -> str | None:
    return wording.moment(datetime.fromisoformat(value), zone, language) if value else None


def _title(title: str | Mapping[str, str] | None, language: str) -> str:
    if isinstance(title, Mapping):
        return title.get(language) or title["id"]
    return title or REPORT.text(language)


def _reason(reason: str, language: str) -> str:
    known = RETURN_REASONS.get(reason)
    return known.text(language) if known else reason


def _line(value: str | None) -> str | None:
    """A name on one line: it stands in a subject, where a line break would start another header."""
    return re.sub(r"\s+", " ", value).strip() or None if value else None
