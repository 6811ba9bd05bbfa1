"""A visit: the short session a company's link is exchanged for. The company comes from here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, g
from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session

from app.config import Settings, settings
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.models.company import Company
from app.models.contact import Contact
from app.models.device import Device
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.operations import codes
from app.queries.visits import Standing, load
from app.web import cookies, language

VISIT_COOKIE = "link"
DEVICE_COOKIE = "device"
LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
REFRESH = timedelta(minutes=1)


class VisitEnded(Refused):
    """No visit, or one that is over: the draft is kept, the link opens it again."""

    status = 403

    def __init__(self) -> None:
        super().__init__("visit_ended")


class VisitElsewhere(NotFound):
    """This browser is visiting for `company`, whose page this is not: of another company, or of nobody."""

    def __init__(self, company: Company) -> None:
        super().__init__()
        self.company = company.legal_name  # the record is out of reach once its transaction is over


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose link it is, and whether this browser once gave the code."""

    link: FormLink
    company: Company
    device: Device | None
    token: tuple[str, int]  # public id and version of the link: a page of a refusal has no record to ask any more
    begun_at: datetime
    last_at: datetime

    @property
    def verified(self) -> bool:
        """May see the data of people already known."""
        return self.device is not None or not self.link.step_up

    @property
    def actor(self) -> Actor:
        assert self.company.id is not None
        return Actor.link(self.company.id, f"link:{self.link.public_id}")


def begin(response: Response, link: FormLink, *, now: datetime) -> None:
    """Start a visit in this browser, in place of any it had."""
    g.pop("visit", None)
    _keep(response, (link.public_id, link.version), begun_at=now, now=now)


def go_on(response: Response, *, now: datetime) -> None:
    """A page of the visit was asked for: the idle clock starts again (to the minute), the long one does not."""
    visit: Visit | None = g.get("visit")
    if visit is not None and now - visit.last_at > REFRESH:
        _keep(response, visit.token, begun_at=visit.begun_at, now=now)


def ends_in(now: datetime) -> int | None:
    """Seconds until this visit ends by itself when nothing more is asked; None on a page without one."""
    visit: Visit | None = g.get("visit")
    if visit is None:
        return None
    return max(0, int(min(IDLE, visit.begun_at + LONGEST - now).total_seconds()))


def end(response: Response) -> None:
    g.pop("visit", None)
    cookies.clear(response, VISIT_COOKIE)
    cookies.clear(response, DEVICE_COOKIE)


def remember(response: Response, device: Device) -> None:
    """This browser gave the right code: not asked again for 12 hours."""
    value = _serializer("device").dumps(device.public_id)
    cookies.write(response, DEVICE_COOKIE, str(value), max_age=int(codes.REMEMBERED.total_seconds()))


def current(session: Session, *, now: datetime) -> Visit:
    """The visit of this request. Raises VisitEnded."""
    return _load(session, None, now)[0]


def at_duty(session: Session, duty: str, *, now: datetime) -> tuple[Visit, Duty, Draft | None]:
    """The visit with one of its company's duties and its open draft; any other duty is VisitElsewhere."""
    visit, standing = _load(session, duty, now)
    if standing.duty is None:
        raise VisitElsewhere(visit.company)
    return visit, standing.duty, standing.draft


def _load(session: Session, duty: str | None, now: datetime) -> tuple[Visit, Standing]:
    public_id, version, begun_at, last_at = _read_cookie()
    if now - begun_at > LONGEST or now - last_at > IDLE:
        raise VisitEnded
    standing = load(session, public_id, duty, _device_id())
    if standing is None or standing.link.version != version or standing.link.state(now) in ("revoked", "expired"):
        raise VisitEnded
    if standing.company.deleted_at is not None:
        raise VisitEnded
    language.prefer(standing.link.language)
    device = standing.device
    if device is not None and not codes.still_known(device, standing.link, now=now):
        device = None
    g.visit = Visit(standing.link, standing.company, device, (public_id, version), begun_at, last_at)
    return g.visit, standing


def contact_of(session: Session, visit: Visit) -> Contact | None:
    return session.get(Contact, visit.link.contact_id) if visit.link.contact_id else None


def _device_id() -> str | None:
    raw = cookies.read(DEVICE_COOKIE)
    try:
        return str(_serializer("device").loads(raw)) if raw else None
    except BadSignature:
        return None


def _keep(response: Response, token: tuple[str, int], *, begun_at: datetime, now: datetime) -> None:
    value = _serializer("visit").dumps([*token, int(begun_at.timestamp()), int(now.timestamp())])
    cookies.write(response, VISIT_COOKIE, str(value), max_age=int(LONGEST.total_seconds()))


def _read_cookie() -> tuple[str, int, datetime, datetime]:
    raw = cookies.read(VISIT_COOKIE) or ""
    try:
        public_id, version, begun, last = _serializer("visit").loads(raw)
        return str(public_id), int(version), _instant(begun), _instant(last)
    except (BadSignature, ValueError, TypeError):
        raise VisitEnded from None


def _instant(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds)), UTC)


_made: dict[str, tuple[Settings, URLSafeSerializer]] = {}


def _serializer(purpose: str) -> URLSafeSerializer:
    """Made once a process and settings: deriving a key is not free."""
    current, kept = settings(), _made.get(purpose)
    if kept is None or kept[0] is not current:
        kept = _made[purpose] = (current, URLSafeSerializer(current.key(purpose), salt=purpose))
    return kept[1]
