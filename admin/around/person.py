"""One foreign national with everything around them: documents, sponsors, and what companies reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlmodel import col

from admin.around.panels import LISTED, Line, Panel
from admin.around.tabs import TabbedPage, together
from admin.record_page import Related
from app import policy, wording
from app.domain.states import CHANGES, SUBMISSION_STATES
from app.models.company import Company
from app.models.duty import Duty
from app.models.submission import Submission, SubmissionRow
from app.registry import get


class PersonPage(TabbedPage):
    """Ringkasan | Paspor dan izin | Penjaminan | Laporan | Register | Riwayat."""

    own: ClassVar[frozenset[str]] = frozenset({"passport", "stay_permit", "sponsorship", "register_entry"})

    def titles(self) -> list[tuple[str, str]]:
        shown = [
            ("summary", _("Summary"), True),
            ("documents", _("Passports and permits"), self.may_list("passport") or self.may_list("stay_permit")),
            ("sponsors", _("Sponsors"), self.may_list("sponsorship")),
            ("reports", _("Reports"), policy.sees(self.actor, "report")),
            ("registers", _("Other registers"), self.may_list("register_entry")),
            ("related", _("Other data"), bool(self.others)),
            ("history", _("History"), self.history_open),
            ("access", _("Who may see this"), self.actor.kind == "staff"),
        ]
        return [(key, title) for key, title, may in shown if may]

    def counted(self) -> dict[str, Select[Any]]:
        id_ = self.row["id"]
        papers = [self.number_of(get(key), get(key).table.c.person == id_) for key in self._papers]
        made: dict[str, Select[Any]] = {"related": self.others_counted()}
        if papers:
            made["documents"] = together(papers)
        if self.may_list("sponsorship"):
            made["sponsors"] = self.number_of(get("sponsorship"), get("sponsorship").table.c.person == id_)
        if self.may_list("register_entry"):
            made["registers"] = self.number_of(get("register_entry"), get("register_entry").table.c.person == id_)
        if policy.sees(self.actor, "report"):
            made["reports"] = select(func.count()).select_from(SubmissionRow).where(col(SubmissionRow.person_id) == id_)
        return made

    @property
    def _papers(self) -> list[str]:
        return [key for key in ("passport", "stay_permit") if self.may_list(key)]

    @property
    def beside(self) -> list[Related]:
        """The documents and the sponsor stand on the summary."""
        keys = [*self._papers, *(("sponsorship",) if self.may_list("sponsorship") else ())]
        return [one for one in (self._related(get(key), "person") for key in keys) if one.rows or one.create_url]

    def panels(self) -> list[Panel]:
        build: dict[str, Callable[[], list[Panel]]] = {
            "documents": lambda: [self._of(key) for key in self._papers],
            "sponsors": lambda: [self._of("sponsorship")],
            "reports": lambda: [self._reports()],
            "registers": lambda: [self.entries],
        }
        return build[self.tab]() if self.tab in build else []

    def _of(self, key: str) -> Panel:
        return self.panel_of(get(key), get(key).table.c.person == self.row["id"])

    def _reports(self) -> Panel:
        """The reports that name this person, newest first, of companies the reader may see."""
        query = (
            select(SubmissionRow, Submission, col(Duty.period), col(Company.legal_name))
            .join(Submission, col(Submission.id) == col(SubmissionRow.submission_id))
            .join(Duty, col(Duty.id) == col(Submission.duty_id))
            .join(Company, col(Company.id) == col(Submission.company_id))
            .where(
                col(SubmissionRow.person_id) == self.row["id"],
                policy.of_company(col(Submission.company_id), self.actor),
            )
            .order_by(col(SubmissionRow.id).desc())
            .limit(LISTED)
        )
        found = self.session.execute(query).all()
        return Panel(
            id="reports",
            title=_("Reports that name this person"),
            icon="clipboard-list",
            columns=[_("Number"), _("Company"), _("Period"), _("Said"), _("Sent"), _("State")],
            lines=[self._report(*row) for row in found],
            count=wording.number(len(found), self.language),
            empty=_("No report has named this person yet."),
        )

    def _report(self, row: SubmissionRow, sent: Submission, period: str, company: str) -> Line:
        change = CHANGES.get(row.change)
        return Line(
            [
                self.text("code", _("Number"), sent.code),
                self.text("company", _("Company"), company),
                self.text("period", _("Period"), wording.period_name(period, self.language)),
                self.text("said", _("Said"), change.text(self.language) if change else row.change),
                self.text("sent", _("Sent"), self.instant(sent.sent_at)),
                self.text("state", _("State"), SUBMISSION_STATES[sent.state].text(self.language)),
            ],
            url=url_for("staff_inbox.show", public_id=sent.public_id),
        )
