"""How a phone joins a site, and how it leaves."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server import throttle
from server.audit import service as audit
from server.ledger import logs
from server.ledger.devices import assign
from server.ledger.lifecycle import GREETED
from server.ledger.models import Device, Log
from server.people import leaving
from server.people.access import SITE
from server.people.models import Enrolment, Organisation
from server.people.organisations import new_id
from server.problems import NotFound, Problem
from server.tenancy import across, enter
from sync.enrolment import CODE_LIFE_MS, EnrolRequest, check_word, make_code, verify_enrolment
from sync.keys import log_of

ADDRESS_TRIES = 20


class EnrolmentOver(Problem):
    """The code is wrong, used or too old."""

    slug, status, title = "enrolment-over", HTTPStatus.GONE, "This code is over; ask for a new one"


class BadKey(Problem):
    """Not a public key, or not the key that signed the request."""

    slug, status, title = (
        "bad-key",
        HTTPStatus.BAD_REQUEST,
        "The request is not signed by the key that it names",
    )


class NotWaiting(Problem):
    """No phone waits to be confirmed or refused."""

    slug, status, title = "not-waiting", HTTPStatus.CONFLICT, "No phone waits for an answer"


@dataclass(frozen=True, slots=True)
class Started:
    """An enrolment as it is shown once: afterwards nobody can see the code again."""

    id: UUID
    code: str
    url: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A phone that used a code."""

    device: Device
    organisation_name: str
    site_name: dict[str, str]
    log: str
    check_word: str


def start_enrolment(
    session: Session,
    *,
    organisation: UUID,
    site: UUID,
    name: str,
    made_by: UUID | None,
    public_url: str,
    now_ms: int,
    replaces: UUID | None = None,
) -> Started:
    """Make a code for one phone: ten minutes, once.

    :param name: what the phone will be called; empty takes the name of the phone that it replaces, or
        what the phone says
    :param replaces: the phone of the site in whose place it comes, which hands over what it has from then on
    :raises NotFound: there is no such phone at the site
    """
    if replaces is not None:
        name = name or leaving.find(session, site=site, device=replaces).name
    code = make_code(secrets.token_bytes(16))
    enrolment = Enrolment(
        id=new_id(now_ms),
        organisation_id=organisation,
        site_id=site,
        code_hash=_hash(code),
        name=name,
        made_by=made_by,
        made_ms=now_ms,
        expires_ms=now_ms + CODE_LIFE_MS,
        used_ms=None,
        state="open",
        log=None,
        check_word=None,
        device_id=None,
        replaces=replaces,
    )
    session.add(enrolment)
    session.flush()
    _audit(session, enrolment, made_by, "enrolment.start", now_ms)
    return Started(enrolment.id, code, f"{public_url}/app/#enrol={code}", enrolment.expires_ms)


def count_join(session: Session, *, address: str, key: bytes, now_ms: int) -> str:
    """Count a try of a code from an address; commit before the code is looked up.

    :return: the name to forgive when the code was right
    :raises SlowDown: too many wrong codes from this address
    """
    name = throttle.name_of("enrol-from", address, key=key)
    throttle.count_try(session, name=name, free=ADDRESS_TRIES, now_ms=now_ms)
    return name


def enrol(session: Session, *, request: EnrolRequest, now_ms: int) -> Joined:
    """Let a phone use a code: it then waits until a supervisor has compared the check word.

    The same phone may ask again with the same code, for its first answer may have been lost.

    :raises BadKey: the request is not signed by the key that it names
    :raises EnrolmentOver: the code is wrong, too old, or used by another phone
    """
    log = log_of(request.public_key)
    if log is None or not verify_enrolment(request.public_key, request.code, request.sig):
        raise BadKey()
    with across(session):
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.code_hash == _hash(request.code)).with_for_update()
        ).one_or_none()
    if enrolment is None:
        raise EnrolmentOver()
    enter(session, enrolment.organisation_id)
    if enrolment.used_ms is not None:
        if enrolment.log != log:
            raise EnrolmentOver()
        return _joined(session, enrolment)
    if enrolment.expires_ms <= now_ms:
        raise EnrolmentOver()
    enrolment.used_ms, enrolment.log, enrolment.state = now_ms, log, "waiting"
    enrolment.check_word = check_word(request.code, request.public_key)
    enrolment.device_id = _device(session, enrolment, request, log, now_ms).id
    session.flush()
    return _joined(session, enrolment)


def _device(session: Session, enrolment: Enrolment, request: EnrolRequest, log: str, now_ms: int) -> Device:
    """Return the new phone; or the known one whose unconfirmed log this is."""
    with across(session):  # the key may have joined another organisation
        known = session.get(Log, log)
        owner = session.get_one(Device, known.device_id) if known else None
    if known is not None and owner is not None:
        if known.state != "unknown" or owner.site_id != enrolment.site_id or owner.state != "active":
            raise EnrolmentOver("This key has joined already")
        return owner
    device = Device(
        id=new_id(now_ms),
        organisation_id=enrolment.organisation_id,
        site_id=enrolment.site_id,
        name=enrolment.name or request.name or _next_name(session, enrolment.site_id),
        state="waiting",
        public_key=request.public_key,
        check_word=enrolment.check_word or "",
        made_ms=now_ms,
        heard_ms=None,
        clear_ms=None,
        app=request.app,
        unsent_oldest_wall=None,
        storage={},
        capabilities=dict(request.capabilities),
    )
    session.add(device)
    session.flush()
    assign(session, device=device, site_id=device.site_id, now_ms=now_ms)
    logs.add(session, device=device, public_key=request.public_key, log=log, previous=None, trusted=True)
    return device


def _next_name(session: Session, site: UUID) -> str:
    """Return the name of a phone that nobody named: its number among the site's phones."""
    count = session.scalar(select(func.count()).select_from(Device).where(Device.site_id == site)) or 0
    return f"{count + 1} 号手机"


def _joined(session: Session, enrolment: Enrolment) -> Joined:
    site = session.execute(select(SITE).where(SITE.c.id == enrolment.site_id)).one()
    return Joined(
        device=session.get_one(Device, enrolment.device_id),
        organisation_name=session.get_one(Organisation, enrolment.organisation_id).name,
        site_name={"zh": site.name_zh, "en": site.name_en},
        log=enrolment.log or "",
        check_word=enrolment.check_word or "",
    )


def state_for_phone(session: Session, *, log: str) -> str:
    """Return how it stands with the phone of a log: `waiting`, `active` or `refused`."""
    state, trusted = session.execute(
        select(Device.state, Log.state).join(Device, Device.id == Log.device_id).where(Log.id == log)
    ).one()
    if state in ("refused", "revoked", "wiped"):
        return "refused"
    if trusted == "unknown":
        last = session.scalar(
            select(Enrolment.state).where(Enrolment.log == log).order_by(Enrolment.made_ms.desc()).limit(1)
        )
        return "refused" if last == "refused" else "waiting"
    return "active" if state in GREETED else "waiting"


def enrolment_of(session: Session, *, site: UUID, enrolment: UUID, lock: bool = False) -> Enrolment:
    """Return an enrolment of the site.

    :raises NotFound: there is none
    """
    query = select(Enrolment).where(Enrolment.id == enrolment, Enrolment.site_id == site)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound()
    return found


def confirm(
    session: Session, *, site: UUID, enrolment: UUID, person: UUID, receipt_key: str, now_ms: int
) -> Enrolment:
    """Take the phone whose check word was compared. Doing it twice changes nothing more.

    :param receipt_key: the server's public key, for records that waited in quarantine
    :raises NotFound, NotWaiting: there is no such enrolment, or no phone waits in it
    """
    row = enrolment_of(session, site=site, enrolment=enrolment, lock=True)
    if row.state == "active":
        _audit(session, row, person, "enrolment.confirm", now_ms, again=True)
        return row
    if row.state != "waiting" or row.log is None:
        raise NotWaiting()
    device = session.get_one(Device, row.device_id)
    if device.state == "waiting":
        device.state = "active"
        device.replaces = row.replaces
    row.state = "active"
    session.flush()
    if row.replaces is not None:
        _relieve(session, row, person=person, now_ms=now_ms)
    logs.trust(session, log=row.log, receipt_key=receipt_key, now_ms=now_ms)
    _audit(session, row, person, "enrolment.confirm", now_ms)
    return row


def _relieve(session: Session, enrolment: Enrolment, *, person: UUID, now_ms: int) -> None:
    """Have the phone that is replaced hand over what it has. One that left already stays as it is."""
    old = session.scalars(
        select(Device)
        .where(Device.id == enrolment.replaces)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if old.state == "active":
        detail = {"replaced_by": str(enrolment.device_id)}
        leaving.move(session, old, "drain", person=person, detail=detail, now_ms=now_ms)


def refuse(session: Session, *, site: UUID, enrolment: UUID, person: UUID, now_ms: int) -> Enrolment:
    """Turn a phone away. Doing it twice changes nothing more.

    :raises NotFound, NotWaiting: there is no such enrolment, or the phone was taken already
    """
    row = enrolment_of(session, site=site, enrolment=enrolment, lock=True)
    if row.state == "refused":
        _audit(session, row, person, "enrolment.refuse", now_ms, again=True)
        return row
    if row.state == "active":
        raise NotWaiting()
    if row.state == "open":
        row.used_ms = now_ms
    if row.device_id is not None:
        device = session.get_one(Device, row.device_id)
        if device.state == "waiting":
            device.state = "refused"
    row.state = "refused"
    session.flush()
    _audit(session, row, person, "enrolment.refuse", now_ms)
    return row


def state_of(enrolment: Enrolment, *, now_ms: int) -> str:
    """Return the state as the console shows it: an open code that is too old is `over`."""
    if enrolment.state == "open" and enrolment.expires_ms <= now_ms:
        return "over"
    return enrolment.state


def _audit(
    session: Session,
    enrolment: Enrolment,
    person: UUID | None,
    action: str,
    now_ms: int,
    *,
    again: bool = False,
) -> None:
    detail: dict[str, Any] = {"name": enrolment.name, **({"again": True} if again else {})}
    if enrolment.device_id is not None:
        detail["device"] = str(enrolment.device_id)
    audit.write(
        session,
        organisation=enrolment.organisation_id,
        site=enrolment.site_id,
        person=person,
        action=action,
        subject=f"enrolment:{enrolment.id}",
        detail=detail,
        now_ms=now_ms,
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
