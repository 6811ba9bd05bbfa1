"""Links of companies: issued, exchanged, renewed, revoked. The row decides; the token is derived."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.config import Settings, settings
from app.domain import deadlines, tokens
from app.domain.actors import Actor
from app.domain.errors import LinkGone, NotFound
from app.models.company import Company
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.operations import audit, outbox
from app.operations.duty_steps import move_duty
from app.queries import duties, work_days
from app.registry import forms

KEY_ID = "k1"  # names the key in each token, so that a new key can begin while old links still open
GRACE = timedelta(days=20)  # a link outlives the due date, for late reports and corrections
SHORTEST = timedelta(days=14)  # … and is never shorter than this
RENEWALS_A_DAY = 3


def keys() -> Mapping[str, bytes]:
    """Every key a token may be made with, by its id."""
    return {KEY_ID: settings().key("link")}


def issue(
    session: Session,
    form: str,
    company: Company,
    *,
    actor: Actor,
    now: datetime,
    period: str | None = None,
    due_on: date | None = None,
    mail: bool = True,
) -> FormLink:
    """A link to report `form` for the current month (or `period`): opens the duty, queues the mail.

    A living link of the same duty is given again: links are reusable. Raises NotFound for an unknown form.
    """
    if form not in forms():
        raise NotFound("form_unknown", key=form)
    duty = open_duty(session, form, company, now=now, period=period, due_on=due_on)
    link = _living(session, duty, now) or _new(session, duty, company, actor, now)
    follow(session, link, now=now)
    if mail:
        queue_mail(session, link, duty, company, now=now)
    return link


def open_duty(
    session: Session,
    form: str,
    company: Company,
    *,
    now: datetime,
    period: str | None = None,
    due_on: date | None = None,
) -> Duty:
    """The duty of a period (the current month by default), made when it is not there yet."""
    assert company.id is not None
    today = settings().today(now)
    period = period or deadlines.period_of(today, "monthly")
    query = select(Duty).where(Duty.company_id == company.id, Duty.form == form, Duty.period == period)
    found = session.exec(query).first()
    if found is not None:
        return found
    end = deadlines.end_of(period)
    due = deadlines.due_in_month(period, settings().report_due_day, work_days.around(session, [end]))
    made = Duty(
        company_id=company.id,
        form=form,
        period=period,
        due_on=due_on or due.on,
        due_explained={"kind": "set"} if due_on else due.explained,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return made


def queue_mail(session: Session, link: FormLink, duty: Duty, company: Company, *, now: datetime) -> bool:
    """Queue the mail that carries the link, once a day. False when there is no address or it is queued already."""
    if not link.email:
        return False
    contact = duties.contact_for(session, link.company_id)
    made = outbox.enqueue(
        session,
        "link",
        to=link.email,
        language=link.language,
        company_id=link.company_id,
        context={
            "company_name": company.legal_name,
            "link_id": link.id,
            "contact_name": contact.name if contact else None,
            "form_title": forms()[duty.form].title.text(link.language),
            "period": duty.period,
            "due_on": duty.due_on.isoformat(),
            "expires_at": link.expires_at.isoformat(),
        },
        dedupe_key=f"link:{link.public_id}:{link.version}:{now.date()}:{_mark(link.email)}",
        now=now,
        expires_at=link.expires_at,
    )
    if made is not None and duty.state == "upcoming":
        move_duty(session, duty, "sent", now)
    return made is not None


def prolong(session: Session, link: FormLink, until: date) -> None:
    """Let a link open up to the end of that day; one that opens longer stays as it is."""
    link.expires_at = max(link.expires_at, _end_of(until))
    session.add(link)


def token_of(link: FormLink) -> str:
    return tokens.derive(KEY_ID, keys()[KEY_ID], link.public_id, link.version)


def url_of(link: FormLink, with_settings: Settings | None = None) -> str:
    """The address a person opens. Built each time it is needed, stored nowhere."""
    return f"{(with_settings or settings()).public_url}/t/{token_of(link)}"


def find(session: Session, text: str, *, now: datetime) -> FormLink:
    """The living link of a token. NotFound for what was never one, LinkGone (reason, expires_at) for one that was."""
    link, version = _known(session, text)
    if link is None or version is None:
        raise NotFound()
    state = link.state(now)
    if state == "revoked" or version != link.version:
        raise LinkGone("link_gone", reason="revoked", expires_at=link.expires_at)
    if state == "expired":
        raise LinkGone("link_gone", reason="expired", expires_at=link.expires_at)
    return link


def exchange(session: Session, link: FormLink, *, now: datetime) -> None:
    """The token came back by POST: this, and no GET, is an opening."""
    follow(session, link, now=now)
    link.opened_count += 1
    link.last_opened_at = now
    session.add(link)
    duty = session.get_one(Duty, link.duty_id)
    move_duty(session, duty, "opened", now)


def renew(session: Session, text: str, *, now: datetime) -> FormLink | None:
    """A new link for the holder of a gone one, mailed to the address on file. None when there is nothing to send.

    The page says the same in every case, so that nobody learns what addresses exist. Raises NotFound for a
    token that never was one.
    """
    old, version = _known(session, text)
    if old is None or version is None:
        raise NotFound()
    company = session.get(Company, old.company_id)
    duty = session.get_one(Duty, old.duty_id)
    if company is None or company.deleted_at is not None or _renewed_since(session, duty, now) >= RENEWALS_A_DAY:
        return None
    made = _living(session, duty, now) or _new(session, duty, company, _renewer(old), now, renews=old)
    follow(session, made, now=now)
    if not made.email:
        return None
    queue_mail(session, made, duty, company, now=now)
    return made


def revoke(session: Session, link: FormLink, *, actor: Actor, now: datetime, reason: str | None = None) -> None:
    """End a link: every token of it ever given out stops working at once."""
    if link.revoked_at is None:
        link.revoked_at = now
        link.version += 1
        session.add(link)
        audit.record(
            session, actor=actor, now=now, entity="form_link", entity_id=link.public_id, action="revoke", reason=reason
        )


def follow(session: Session, link: FormLink, *, now: datetime) -> None:
    """Mails and codes go to the company's contact of today: a link outlives the person it was sent to."""
    on_file = duties.addresses(session, link.company_id)
    if link.email and link.email.casefold() in on_file:
        return
    contact = duties.contact_for(session, link.company_id)
    if contact is None and not link.email:
        return
    before, link.email = link.email, contact.email if contact else None
    if contact is not None:
        link.contact_id, link.language = contact.id, contact.language
    session.add(link)
    audit.record(
        session,
        actor=_renewer(link),
        now=now,
        entity="form_link",
        entity_id=link.public_id,
        action="follow",
        before={"email": before},
        after={"email": link.email},
    )


def duty_of(session: Session, link: FormLink) -> Duty:
    return session.get_one(Duty, link.duty_id)


def by_public_id(session: Session, public_id: str) -> FormLink:
    """Raises NotFound."""
    found = session.exec(select(FormLink).where(FormLink.public_id == public_id)).first()
    if found is None:
        raise NotFound("link_unknown", value=public_id)
    return found


def _known(session: Session, text: str) -> tuple[FormLink | None, int | None]:
    """The link a token names and the version it was made for; the same work is done whether it exists or not."""
    token = tokens.read(text)
    if token is None:
        return None, None
    link = session.exec(select(FormLink).where(FormLink.public_id == token.link_id)).first()
    if link is None:
        tokens.genuine(token, 1, keys())
        return None, None
    return link, tokens.version_of(token, link.version, keys())


def _living(session: Session, duty: Duty, now: datetime) -> FormLink | None:
    query = select(FormLink).where(
        FormLink.duty_id == duty.id, col(FormLink.revoked_at).is_(None), col(FormLink.expires_at) > now
    )
    return session.exec(query.order_by(col(FormLink.id).desc())).first()


def _new(
    session: Session, duty: Duty, company: Company, actor: Actor, now: datetime, renews: FormLink | None = None
) -> FormLink:
    assert duty.id is not None
    assert company.id is not None
    contact = duties.contact_for(session, company.id)
    last_day = max(duty.due_on + GRACE, settings().today(now) + SHORTEST)
    made = FormLink(
        company_id=company.id,
        duty_id=duty.id,
        contact_id=contact.id if contact else None,
        email=contact.email if contact else None,
        language=contact.language if contact else settings().language,
        expires_at=_end_of(last_day),
        issued_at=now,
        issued_by=actor.name,
        renews_id=renews.id if renews else None,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor=actor,
        now=now,
        entity="form_link",
        entity_id=made.public_id,
        action="issue",
        after={"company": company.public_id, "duty": duty.public_id, "expires_at": made.expires_at},
    )
    return made


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(settings().office_time_zone))


def _mark(address: str) -> str:
    """Tells addresses apart in a key, and does not spell them."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:12]


def _renewed_since(session: Session, duty: Duty, now: datetime) -> int:
    query = select(func.count()).where(
        FormLink.duty_id == duty.id,
        col(FormLink.renews_id).is_not(None),
        col(FormLink.issued_at) > now - timedelta(days=1),
    )
    return int(session.exec(query).one())


def _renewer(link: FormLink) -> Actor:
    return Actor.link(link.company_id, f"link:{link.public_id}")
