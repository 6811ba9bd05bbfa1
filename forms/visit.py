"""A visit: the short session a company's link is exchanged for. The company comes from here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session, select

from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.models.company import Company, Contact
from app.models.device import Device
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.operations import codes
from app.web import cookies, language

VISIT_COOKIE = "link"
DEVICE_COOKIE = "device"
LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)


class VisitEnded(Refused):
    """No visit, or one that is over: the draft is kept, the link opens it again."""

    status = 403

    def __init__(self) -> None:
        super().__init__("visit_ended")


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose link it is, and whether this browser once gave the code."""

    link: FormLink
    company: Company
    device: Device | None
    begun_at: datetime

    @property
    def verified(self) -> bool:
        """May see the data of people already known."""
        return self.device is not None or not self.link.step_up

    @property
    def actor(self) -> Actor:
        assert self.company.id is not None
        return Actor.link(self.company.id, f"link:{self.link.public_id}")


def begin(response: Response, link: FormLink, *, now: datetime) -> None:
    """Start a visit in this browser."""
    _keep(response, link, begun_at=now, now=now)


def go_on(response: Response, visit: Visit, *, now: datetime) -> None:
    """A step was taken: the idle clock starts again, the long one does not."""
    _keep(response, visit.link, begun_at=visit.begun_at, now=now)


def end(response: Response) -> None:
    cookies.clear(response, VISIT_COOKIE)
    cookies.clear(response, DEVICE_COOKIE)


def remember(response: Response, device: Device) -> None:
    """This browser gave the right code: not asked again for 12 hours."""
    value = _serializer("device").dumps(device.public_id)
    cookies.write(response, DEVICE_COOKIE, str(value), max_age=int(codes.REMEMBERED.total_seconds()))


def current(session: Session, *, now: datetime) -> Visit:
    """The visit of this request. Raises VisitEnded."""
    public_id, version, begun_at, last_at = _read_cookie()
    link = session.exec(select(FormLink).where(FormLink.public_id == public_id)).first()
    if link is None or link.version != version or link.state(now) in ("revoked", "expired"):
        raise VisitEnded
    if now - begun_at > LONGEST or now - last_at > IDLE:
        raise VisitEnded
    company = session.get(Company, link.company_id)
    if company is None or company.deleted_at is not None:
        raise VisitEnded
    language.prefer(link.language)
    return Visit(link, company, _device(session, link, now), begun_at)


def duty_of(session: Session, visit: Visit, public_id: str) -> Duty:
    """A duty of this visit's company; any other is not found."""
    duty = session.exec(select(Duty).where(Duty.public_id == public_id)).first()
    if duty is None or duty.company_id != visit.company.id:
        raise NotFound
    return duty


def contact_of(session: Session, visit: Visit) -> Contact | None:
    return session.get(Contact, visit.link.contact_id) if visit.link.contact_id else None


def _device(session: Session, link: FormLink, now: datetime) -> Device | None:
    raw = cookies.read(DEVICE_COOKIE)
    if not raw:
        return None
    try:
        public_id = str(_serializer("device").loads(raw))
    except BadSignature:
        return None
    return codes.device_of(session, link, public_id, now=now)


def _keep(response: Response, link: FormLink, *, begun_at: datetime, now: datetime) -> None:
    value = _serializer("visit").dumps([link.public_id, link.version, int(begun_at.timestamp()), int(now.timestamp())])
    cookies.write(response, VISIT_COOKIE, str(value), max_age=int(LONGEST.total_seconds()))


def _read_cookie() -> tuple[str, int, datetime, datetime]:
    raw = request.cookies.get(cookies.cookie_name(VISIT_COOKIE), "")
    try:
        public_id, version, begun, last = _serializer("visit").loads(raw)
        return str(public_id), int(version), _instant(begun), _instant(last)
    except (BadSignature, ValueError, TypeError):
        raise VisitEnded from None


def _instant(seconds: object) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(int(str(seconds)), UTC)


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(settings().key("device" if purpose == "device" else "visit"), salt=purpose)
