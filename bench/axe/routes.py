"""Every GET route is looked at, or stands here with the reason why it is no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from werkzeug.routing import Map

NOT_PAGES: Mapping[str, str] = {
    "static": "files",
    "*.export": "a sheet; a page only above more rows than a demo has",
    "*.template_view": "a sheet",
    "*.ajax_lookup": "JSON for a picker",
    "*.cell_view": "a part of the list, looked at in the list",
    "*.short_view": "a part of a form, looked at in the form; alone it opens only without scripts",
    "health.*": "JSON and figures for machines",
    "web.robots": "a text for machines",
    "office.logo": "a picture",
    "forms.document": "a sheet, a calendar entry",
    "forms.receipt_document": "a PDF",
    "staff_inbox.attachment": "a file of a company",
    "staff_files.show": "a file kept with a record",
    "staff_import.marked": "a sheet",
    "staff_jobs.file": "a sheet",
    "staff_settings.mail_test": "a part of the settings of mail, looked at there",
    "staff_letters.html": "a letter, drawn in a frame of the page of its template",
    "staff_mail.letter": "a PDF",
    "mail_preview.html": "a letter, drawn in a frame of its preview",
    "staff_views.show": "leads to the list with the view open",
}


def unseen(map_: Map, seen: set[str]) -> Iterator[str]:
    """Endpoints of GET routes nobody looked at and nobody excused."""
    asked = {rule.endpoint for rule in map_.iter_rules() if "GET" in (rule.methods or ())}
    for endpoint in sorted(asked - seen):
        if not any(fnmatchcase(endpoint, pattern) for pattern in NOT_PAGES):
            yield endpoint


def needless(map_: Map, seen: set[str]) -> Iterator[str]:
    """Excuses for what is no route, or was looked at."""
    endpoints = {rule.endpoint for rule in map_.iter_rules()}
    for pattern in NOT_PAGES:
        meant = {one for one in endpoints if fnmatchcase(one, pattern)}
        if not meant or meant <= seen:
            yield pattern
