"""Log lines: JSON in production, text in a terminal, a request id on each, and nothing about persons.

Paths may hold a token, queries may hold a name: the log has the route's pattern instead.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from app.config import Settings
from app.web import headers

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_HIDDEN = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(/(?:l|t|r|masuk/tautan|tautan)/)[A-Za-z0-9._~-]{16,}"), r"\1[token]"),
    (re.compile(r"\b[A-Z]{1,2}\d{6,8}\b"), "[number]"),  # passports, permits
    (re.compile(r"\b\d{13,19}\b"), "[number]"),  # NIB, NPWP, NIK
    (re.compile(r"(?i)\b(password|secret|token|cookie)=\S+"), r"\1=[hidden]"),
)

access = logging.getLogger("sinergi.access")


class PersonalDataFilter(logging.Filter):
    """Takes addresses, numbers of documents and tokens out of messages and tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrubbed(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrubbed(_without_values(record.exc_text))
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC with offset), level, logger, message, request_id, and the record's extras."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = headers.request_id()
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


def scrubbed(text: str) -> str:
    """`text` without personal data and secrets, on one line each (no forged log lines)."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text.replace("\r", "\\r") if "\r" in text else text


def configure(settings: Settings, *, json_lines: bool | None = None) -> None:
    """Set up logging of this process. JSON unless somebody watches (a terminal, or the demo)."""
    as_json = not (settings.demo or sys.stderr.isatty()) if json_lines is None else json_lines
    handler = logging.StreamHandler()
    handler.set_name("sinergi")
    handler.addFilter(PersonalDataFilter())
    handler.setFormatter(JsonFormatter() if as_json else logging.Formatter("%(levelname)-7s %(name)s: %(message)s"))
    logger = logging.getLogger("sinergi")
    logger.handlers = [handler]
    logger.setLevel(settings.log_level)


def init_app(app: Flask, settings: Settings) -> None:
    configure(settings)

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        facts = {"method": request.method, "route": rule, "status": response.status_code, "ms": took}
        access.info("%s %s %s", request.method, rule, response.status_code, extra=facts)
        return response


def _without_values(traceback: str) -> str:
    """SQLAlchemy prints the row that failed; keep the statement only."""
    return re.sub(r"\[parameters: .*?\]\n", "[parameters hidden]\n", traceback, flags=re.DOTALL)
