"""S3: one company with everything around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlmodel import col

from admin.around import people, reports
from admin.around.panels import LISTED, Line, Panel
from admin.around.tabs import TabbedPage, together
from admin.cells import Cell
from admin.record_page import Related
from admin.views.mail import state_title
from app import policy, wording
from app.domain.regularity import VERDICTS, DutyFact, Regularity
from app.models.duty import Duty
from app.models.outbox_message import OutboxMessage
from app.models.submission import Submission
from app.queries import lists, reporting
from app.registry import get, registries

YEARS = 2  # how far back reporting is counted
EVENTS = ("invitation", "attendance")


class CompanyPage(TabbedPage):
    """Ringkasan | TKA | Kewajiban | Laporan | Undangan & kehadiran | Kontak | Dokumen | Register | Riwayat."""

    own: ClassVar[frozenset[str]] = frozenset(
        {"sponsorship", "contact", "register_entry", "company_name", "worksite", *EVENTS}
    )

    def titles(self) -> list[tuple[str, str]]:
        shown = [
            ("summary", _("Summary"), True),
            ("workers", _("Workers"), self.may_list("sponsorship")),
            ("duties", _("Duties"), self.reports_open),
            ("reports", _("Reports"), self.reports_open),
            ("events", _("Invitations and attendance"), any(self.may_list(key) for key in EVENTS)),
            ("contacts", _("Contacts"), self.may_list("contact")),
            ("documents", _("Documents"), self.reports_open),
            ("registers", _("Other registers"), self.may_list("register_entry")),
            ("related", _("Other data"), bool(self.others)),
            ("history", _("History"), self.history_open),
            ("access", _("Who may see this"), self.actor.kind == "staff"),
        ]
        return [(key, title) for key, title, may in shown if may]

    @property
    def reports_open(self) -> bool:
        return policy.sees(self.actor, "report")

    def counted(self) -> dict[str, Select[Any]]:
        id_ = self.row["id"]
        made: dict[str, Select[Any]] = {}
        for tab, key, name in (
            ("workers", "sponsorship", "sponsor"),
            ("contacts", "contact", "company"),
            ("registers", "register_entry", "company"),
        ):
            if self.may_list(key):
                table = get(key).table
                working = table.c.status == "active" if key == "sponsorship" else True
                made[tab] = self.number_of(get(key), (table.c[name] == id_) & working)
        if self.reports_open:
            made["duties"] = select(func.count()).select_from(Duty).where(col(Duty.company_id) == id_)
            made["reports"] = select(func.count()).select_from(Submission).where(col(Submission.company_id) == id_)
            made["documents"] = reports.documents_counted(id_)
        events = [self.number_of(get(key), get(key).table.c.company == id_) for key in EVENTS if self.may_list(key)]
        if events:
            made["events"] = together(events)
        made["related"] = self.others_counted()
        return made

    # ---- summary

    @cached_property
    def regularity(self) -> Regularity | None:
        if not self.reports_open:
            return None
        since = date(self.today.year - YEARS, self.today.month, 1)
        return reporting.of_company(self.session, self.row["id"], since=since, today=self.today, zone=self.zone)

    @property
    def verdict(self) -> str:  # type: ignore[override]
        return VERDICTS[self.regularity.verdict].text(self.language) if self.regularity else ""

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """What the verdict was counted from: (sentence, periods it speaks of)."""
        found = self.regularity
        if found is None or not found.counted:
            return []
        said = [
            (
                ngettext("%(num)s report came in time", "%(num)s reports came in time", len(found.on_time)),
                found.on_time,
            ),
            (ngettext("%(num)s report came late", "%(num)s reports came late", len(found.late)), found.late),
            (ngettext("%(num)s report is missing", "%(num)s reports are missing", len(found.missing)), found.missing),
        ]
        return [(sentence, [self._period(one) for one in facts[:12]]) for sentence, facts in said if facts]

    def _period(self, one: DutyFact) -> str:
        period = wording.period_name(one.period, self.language)
        if not one.days_late:
            return period
        return ngettext("%(period)s (%(num)s day)", "%(period)s (%(num)s days)", one.days_late, period=period)

    @property
    def counted_since(self) -> str:
        return wording.long_date(self.regularity.since, self.language) if self.regularity else ""

    @property
    def beside(self) -> list[Related]:
        """Names and work sites stand on the summary."""
        pairs = [(get(key), "company") for key in ("company_name", "worksite") if self.may_list(key)]
        return [one for one in (self._related(other, name) for other, name in pairs) if one.rows or one.create_url]

    # ---- tabs

    def panels(self) -> list[Panel]:
        build: dict[str, Callable[[], list[Panel]]] = {
            "workers": lambda: [people.workers(self)],
            "duties": lambda: [reports.duties(self)],
            "reports": lambda: [reports.reports(self)],
            "contacts": lambda: [self._contacts()],
            "documents": lambda: [reports.documents(self)],
            "registers": lambda: [self.entries],
            "events": self._events,
        }
        return build[self.tab]() if self.tab in build else []

    def _contacts(self) -> Panel:
        registry = get("contact")
        mine = registry.table.c.company == self.row["id"]
        found = lists.page(self.session, registry, self.actor, extra=mine, limit=LISTED)
        mails = self._last_mails([str(row.get("email") or "") for row in found.rows])
        lines = [self._contact(row, mails.get(str(row.get("email") or "").casefold())) for row in found.rows]
        may_add = policy.may(self.actor, "update", self.registry) and policy.may(self.actor, "create", registry)
        edit = (_("Edit on the company's form"), self.url("edit_view") + "#rows-contact", "pencil")
        return Panel(
            id="contacts",
            title=_("Contacts"),
            icon="address-book",
            columns=[_("Name"), _("Position"), _("E-mail"), _("State"), _("Phone"), _("Last mail")],
            lines=lines,
            count=wording.number(found.total, self.language),
            empty=_("No contact yet: reminders and links reach nobody."),
            acts=[edit] if may_add else [],
        )

    def _contact(self, row: dict[str, Any], mail: OutboxMessage | None) -> Line:
        fields = get("contact").fields

        def show(key: str, label: str, **more: Any) -> Cell:
            value = row.get(key)
            return self.text(key, label, fields[key].type.show(value, self.language) if value else "", **more)

        bounced = str(row.get("email_state") or "ok")
        tone = "bad" if bounced in ("hard_bounce", "complaint") else "todo" if bounced != "ok" else "plain"
        sent = f"{state_title(mail.state)}, {self.instant(mail.settled_at or mail.queued_at)}" if mail else ""
        phone = str(row.get("phone") or "")
        chat = (
            [(_("WhatsApp"), f"https://wa.me/{phone.lstrip('+')}", "send")] if row.get("is_whatsapp") and phone else []
        )
        return Line(
            [
                show("name", _("Name")),
                show("position", _("Position")),
                show("email", _("E-mail")),
                show("email_state", _("State"), state=tone),
                show("phone", _("Phone")),
                self.text("mail", _("Last mail"), sent),
            ],
            url=self.open_url("contact", row["public_id"]),
            acts=chat,
        )

    def _last_mails(self, addresses: list[str]) -> dict[str, OutboxMessage]:
        """The newest letter to each address, of this company."""
        if not policy.sees(self.actor, "mail") or not any(addresses):
            return {}
        newest = (
            select(func.max(col(OutboxMessage.id)))
            .where(col(OutboxMessage.company_id) == self.row["id"])
            .group_by(col(OutboxMessage.to_address))
        )
        found = self.session.execute(select(OutboxMessage).where(col(OutboxMessage.id).in_(newest))).scalars()
        return {one.to_address.casefold(): one for one in found}

    def _events(self) -> list[Panel]:
        return [
            self.panel_of(registries()[key], registries()[key].table.c.company == self.row["id"])
            for key in EVENTS
            if self.may_list(key)
        ]
