"""What somebody typed on a page of this door, under the names the page showed: to be read and copied by hand.

Buttons, hidden boxes and cells that merely stood on the page are not among it.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.models.report_row import report_row
from app.web import language
from app.web.resend import Entries
from forms import conflict, words

_DATE_BOXES = tuple("dmy")
_ONE_PERSON = "orang"  # the step whose boxes are named by their fields alone


def told(typed: Entries, path: str) -> Entries:
    """(name, value) of each answer, in the order of the page."""
    _draft, stood = conflict.stood(dict(typed).get("shown", ""))
    one_person = path.partition("?")[0].rpartition("/")[2] == _ONE_PERSON
    labels = {} if one_person else _labels()
    found: dict[str, tuple[str, str]] = {}
    dates: dict[str, dict[str, str]] = {}
    for name, value in typed:
        if name in labels:
            found[name] = labels[name], value
            continue
        key, _dash, box = name.partition("-")
        if one_person and box in _DATE_BOXES and key in report_row.fields:
            dates.setdefault(key, {})[box] = value
            value = words.joined_date(*(dates[key].get(one, "") for one in _DATE_BOXES))
            found[key] = _cell(key, value, "")
        elif one_person and name in report_row.fields:
            found[name] = _cell(name, value, "")
        else:
            row, key = _place(name)
            if key in report_row.fields and stood.get(f"{row}:{key}") != value:
                found[name] = _cell(key, value, row)
    return [(label, value) for label, value in found.values() if value]


def _place(name: str) -> tuple[str, str]:
    """Row and field of a box: of the table ("c-5-job_title"), of a person to come, of a card, of all rows at once."""
    kind, _dash, rest = name.partition("-")
    if kind == "change":
        return rest, "change"
    if kind == "fill":
        return "", rest
    row, _dash, key = rest.partition("-")
    return (row, key) if kind == "c" else (_("new"), key) if kind == "n" else ("", "")


def _cell(key: str, value: str, row: str) -> tuple[str, str]:
    field = report_row.fields[key]
    place = [_("row %(n)s", n=row)] if row else []
    return ", ".join([language.text(field.label), *place]), words.shown_cell(field, value.strip())


def _labels() -> Mapping[str, str]:
    return {
        "company_name": _("Company name"),
        "nib": _("Business number (NIB)"),
        "name": _("Name"),
        "position": _("Position"),
        "email": _("E-mail"),
        "phone": _("Phone or WhatsApp"),
        "note": _("Reason"),
        "reference_no": _("Number of the report in APOA or TKA Online"),
        "question": _("Your explanation or question"),
        "rows": _("Rows copied from Excel"),
    }
