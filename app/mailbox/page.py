"""The page of the mail box: a list that renews itself without script, and each mail as text and, caged, as HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app import wording
from app.mailbox.store import Kept, Store

_PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
# A mail is a stranger's HTML: no script, no form, nothing from other hosts. Its links open in a page of their own.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_URL = re.compile(r"https?://[^\s<>\"']+")


def handler(store: Store, zone: str) -> type[BaseHTTPRequestHandler]:
    """A request handler class that shows this store."""
    return type("Handler", (_Handler,), {"store": store, "zone": zone})


class _Handler(BaseHTTPRequestHandler):
    store: Store
    zone: str
    server_version = "Sinergi"
    sys_version = ""

    def do_GET(self) -> None:
        if not self._known_host():
            return self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"unknown host")
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        for pattern, view in _ROUTES:
            found = re.fullmatch(pattern, parts.path)
            if found:
                return view(self, query, *(int(group) for group in found.groups()))
        return self._not_found()

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def list_page(self, query: dict[str, str]) -> None:
        to = query.get("to", "")
        live = query.get("live") != "0"
        extra = {"Refresh": "5"} if live else {}  # without script; a link on the page ends it
        self._page("list.html", extra, mails=self.store.newest(recipient=to), to=to, live=live)

    def mail_page(self, query: dict[str, str], number: int) -> None:
        mail = self.store.get(number)
        if mail is None:
            return self._not_found()
        files = [(index, name, len(content)) for index, (name, _, content) in enumerate(mail.files())]
        return self._page("mail.html", mail=mail, text=_linked(mail.text()), has_html=bool(mail.html()), files=files)

    def mail_html(self, query: dict[str, str], number: int) -> None:
        mail = self.store.get(number)
        if mail is None:
            return self._not_found()
        body = re.sub(r"(?i)(<head[^>]*>)", r'\1<base target="_blank">', mail.html(), count=1)
        return self._answer(HTTPStatus.OK, "text/html; charset=utf-8", body.encode(), policy=_MAIL_POLICY)

    def mail_raw(self, query: dict[str, str], number: int) -> None:
        mail = self.store.get(number)
        if mail is None:
            return self._not_found()
        return self._answer(HTTPStatus.OK, "text/plain; charset=utf-8", mail.raw)

    def mail_file(self, query: dict[str, str], number: int, index: int) -> None:
        mail = self.store.get(number)
        files = mail.files() if mail else []
        if index >= len(files):
            return self._not_found()
        name, kind, content = files[index]
        safe = kind if kind in {"application/pdf", "image/png", "image/jpeg"} else "application/octet-stream"
        extra = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return self._answer(HTTPStatus.OK, safe, content, extra=extra)

    def api(self, query: dict[str, str]) -> None:
        mails = [_summary(mail) for mail in self.store.newest(recipient=query.get("to", ""))]
        self._json({"count": self.store.count(), "messages": mails})

    def api_mail(self, query: dict[str, str], number: int) -> None:
        mail = self.store.get(number)
        if mail is None:
            return self._not_found()
        headers = {name: str(value) for name, value in mail.parsed().items()}
        files = [{"name": name, "type": kind, "size": len(content)} for name, kind, content in mail.files()]
        body = {"headers": headers, "text": mail.text(), "html": mail.html(), "files": files}
        return self._json(_summary(mail) | body | {"links": _urls(mail.text())})

    def style(self, query: dict[str, str]) -> None:
        self._answer(HTTPStatus.OK, "text/css; charset=utf-8", (_FOLDER / "mailbox.css").read_bytes())

    def log_message(self, format: str, *args: Any) -> None:
        """A demo's log needs no line for each look at the page."""

    def _known_host(self) -> bool:
        """A page of a stranger's site must not read mails by pointing its own name at this machine."""
        assert isinstance(self.server, ThreadingHTTPServer)
        bound = str(self.server.server_address[0])
        host = (urlsplit(f"//{self.headers.get('Host', '')}").hostname or "").lower()
        return bound in ("0.0.0.0", "::") or host in {bound, "localhost", "127.0.0.1", "::1"}  # noqa: S104

    def _page(self, template: str, extra: dict[str, str] | None = None, **values: Any) -> None:
        body = _environment().get_template(template).render(zone=self.zone, moment=wording.moment, **values)
        self._answer(HTTPStatus.OK, "text/html; charset=utf-8", body.encode(), extra=extra)

    def _json(self, content: dict[str, Any]) -> None:
        self._answer(HTTPStatus.OK, "application/json", json.dumps(content, ensure_ascii=False).encode())

    def _not_found(self) -> None:
        self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"Tidak ditemukan / Not found")

    def _answer(
        self,
        status: HTTPStatus,
        kind: str,
        body: bytes,
        *,
        policy: str = _PAGE_POLICY,
        extra: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        for name, value in (headers | (extra or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


_FOLDER = Path(__file__).parent / "templates"
_ROUTES: tuple[tuple[str, Callable[..., None]], ...] = (
    (r"/", _Handler.list_page),
    (r"/mail/(\d{1,9})", _Handler.mail_page),
    (r"/mail/(\d{1,9})/html", _Handler.mail_html),
    (r"/mail/(\d{1,9})/raw", _Handler.mail_raw),
    (r"/mail/(\d{1,9})/file/(\d{1,3})", _Handler.mail_file),
    (r"/api", _Handler.api),
    (r"/api/(\d{1,9})", _Handler.api_mail),
    (r"/mailbox\.css", _Handler.style),
)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _urls(text: str) -> list[str]:
    return [found.rstrip(".,;:)") for found in _URL.findall(text)]


def _linked(text: str) -> Markup:
    """Text with its web addresses as links; everything else escaped."""
    parts: list[Markup] = []
    end = 0
    for found in _URL.finditer(text):
        url = found.group(0).rstrip(".,;:)")
        parts += [
            escape(text[end : found.start()]),
            Markup('<a href="{0}" rel="external noreferrer">{0}</a>').format(url),
        ]
        end = found.start() + len(url)
    return Markup("").join([*parts, escape(text[end:])])


def _summary(mail: Kept) -> dict[str, Any]:
    return {
        "id": mail.id,
        "received_at": mail.received_at.isoformat(),
        "from": mail.sender,
        "to": mail.recipient,
        "subject": mail.subject,
        "message_id": mail.message_id,
    }
