"""What the people API accepts and returns."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.http import Label, Ms, Strict, Text
from server.people.roles import CAPABILITIES, ROLES
from sync.certificates import KINDS

LOGIN = validate.Regexp(r"[a-z0-9._-]{1,60}\Z")
ROLE = validate.OneOf(ROLES)
TRADE = validate.OneOf(("guard", "cleaner", "technician"))
PIN = validate.Regexp(r"[0-9]{6}\Z")


class SessionPerson(Schema):
    """Who is logged in."""

    id = fields.UUID()
    name = fields.String()
    login = fields.String()


class SessionOrganisation(Schema):
    """Whose data they see."""

    id = fields.UUID()
    name = fields.String()
    demo = fields.Boolean()


class SessionFactors(Schema):
    """What the person has besides the password, and whether they must set it up before anything else."""

    totp = fields.Boolean()
    passkeys = fields.Integer()
    recovery_left = fields.Integer()
    needed = fields.Boolean()


class SessionSite(Schema):
    """A site that they may see."""

    id = fields.UUID()
    name = fields.Nested(Label)
    time_zone = fields.String()
    day_start_min = fields.Integer()
    role = fields.String(validate=ROLE)
    may = fields.Function(
        lambda site: sorted(site.may),
        metadata={"type": "array", "items": {"type": "string", "enum": list(CAPABILITIES)}},
    )
    demo = fields.Boolean()


class SessionHistory(Schema):
    """A backup was put in the database's place not long ago, and why the server says so."""

    since_ms = Ms()
    why = fields.String(validate=validate.OneOf(("restore", "older", "cluster")))


class SessionBody(Schema):
    """Who is logged in, and what they may see."""

    person = fields.Nested(SessionPerson)
    organisation = fields.Nested(SessionOrganisation)
    history = fields.Nested(SessionHistory, allow_none=True)
    clock_behind_ms = fields.Integer()
    administrator = fields.Boolean()
    fresh = fields.Boolean()
    factors = fields.Nested(SessionFactors)
    sites = fields.List(fields.Nested(SessionSite))
    version = fields.String()


class PersonIn(Strict):
    """A person to make or change."""

    name = Text(required=True, least=1)
    number = Text(required=True, least=1, most=20)
    trade = fields.String(allow_none=True, validate=TRADE)
    team = fields.UUID(allow_none=True)
    company = fields.UUID(allow_none=True)
    role = fields.String(required=True, validate=ROLE)
    login = fields.String(allow_none=True, validate=LOGIN)
    pin = fields.String(validate=PIN, load_only=True)


class PersonChange(PersonIn):
    """What is to change of a person."""

    left = fields.Boolean()


class CertificateIn(Strict):
    """A certificate of a trade, as printed on it."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    number = Text(required=True, least=1, most=60)
    valid_until = fields.Date(
        allow_none=True,
        load_default=None,
        metadata={"description": "Its last day, in the site's zone; null: it does not expire."},
    )


class CertificateBody(Schema):
    """A certificate that a person holds."""

    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf(KINDS))
    number = fields.String()
    valid_until = fields.Date(allow_none=True)


class PersonBody(Schema):
    """A person of the site."""

    id = fields.UUID()
    name = fields.String()
    number = fields.String()
    trade = fields.String(allow_none=True)
    team = fields.UUID(allow_none=True)
    company = fields.UUID(allow_none=True)
    role = fields.String(validate=ROLE)
    login = fields.String(allow_none=True)
    has_pin = fields.Boolean()
    has_badge = fields.Boolean()
    left = fields.Boolean()
    certificates = fields.List(fields.Nested(CertificateBody))


class PersonList(Schema):
    """Everybody of the site."""

    people = fields.List(fields.Nested(PersonBody))


class KnownIn(Strict):
    """Somebody who works at another site already, and their role at this one."""

    person = fields.UUID(required=True)
    role = fields.String(required=True, validate=ROLE)
    team = fields.UUID(allow_none=True)
    company = fields.UUID(allow_none=True)


class StandingBody(Schema):
    """A role at a site."""

    site = fields.UUID()
    role = fields.String(validate=ROLE)


class KnownBody(Schema):
    """A person of the organisation, with their roles."""

    id = fields.UUID()
    name = fields.String()
    number = fields.String()
    administrator = fields.Boolean()
    left = fields.Boolean()
    roles = fields.List(fields.Nested(StandingBody))


class KnownList(Schema):
    """Everybody of the organisation."""

    people = fields.List(fields.Nested(KnownBody))


class CompanyBody(Strict):
    """A company whose people work at the organisation's sites."""

    id = fields.UUID(dump_only=True)
    name = Text(required=True, least=1, most=80)


class CompanyList(Schema):
    """The organisation's companies."""

    companies = fields.List(fields.Nested(CompanyBody))


class BadgesIn(Strict):
    """For whom badges are printed, in this order."""

    people = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=200))


class EnrolmentIn(Strict):
    """A phone that is to join."""

    name = Text(required=True, most=80)
    replaces = fields.UUID(allow_none=True, load_default=None)


class EnrolmentStarted(Schema):
    """The code, shown once. `qr` holds the modules of its QR code, a text of 0 and 1 per row."""

    id = fields.UUID()
    code = fields.String()
    url = fields.String()
    qr = fields.List(fields.String())
    expires_ms = Ms()


class EnrolledDevice(Schema):
    """The phone that used the code."""

    id = fields.UUID()
    name = fields.String()
    capabilities = fields.Dict()


class EnrolmentBody(Schema):
    """How it stands with an enrolment."""

    id = fields.UUID()
    state = fields.String()
    check_word = fields.String(allow_none=True)
    device = fields.Nested(EnrolledDevice, allow_none=True)
    expires_ms = Ms()


class DevicePerson(Schema):
    """A person, by name."""

    id = fields.UUID()
    name = fields.String()


class EndingBody(Schema):
    """Where a phone's log ended when its store was cleared, and how far it came to the server."""

    seq = fields.Integer()
    received = fields.Integer()


class WipeBody(Schema):
    """The order to wipe itself that a phone has, and how much that was not sent may be lost with it."""

    ordered_ms = Ms()
    records = fields.Integer()
    photos = fields.Integer()


class DeviceBody(Schema):
    """A phone of the site; `enrolment` is the one in which it waits for the supervisor's word."""

    id = fields.UUID()
    name = fields.String()
    state = fields.String()
    enrolment = fields.UUID(allow_none=True)
    heard_ms = Ms(allow_none=True)
    clear_ms = Ms(allow_none=True)
    unsent_records = fields.Integer()
    unsent_photos = fields.Integer()
    unsent_oldest_wall = Ms(allow_none=True)
    left_ms = Ms(allow_none=True)
    wipe = fields.Nested(WipeBody, allow_none=True)
    wiped_ms = Ms(allow_none=True)
    replaces = fields.UUID(allow_none=True)
    app = fields.String()
    person = fields.Nested(DevicePerson, allow_none=True)
    storage = fields.Dict()
    capabilities = fields.Dict()
    ended = fields.Nested(EndingBody, allow_none=True)
    made_ms = Ms()


class DeviceList(Schema):
    """The site's phones."""

    devices = fields.List(fields.Nested(DeviceBody))


class MoveBody(Strict):
    """The site for which a phone works from now on."""

    site = fields.UUID(required=True)


class DeviceTrace(DeviceBody):
    """A phone that is missed: besides, who had it last, when, and what of it waits for a supervisor's yes."""

    last_person = fields.Nested(DevicePerson, allow_none=True)
    last_ms = Ms(allow_none=True)
    apart = fields.Integer()
    replaced_by = fields.Nested(DevicePerson, allow_none=True)


class Accepted(DeviceBody):
    """A phone, and how many of its records count now that did not before."""

    accepted = fields.Integer()


class WipeIn(Strict):
    """Why a phone is to wipe itself, and how much that was not sent may be lost with it."""

    why = Text(required=True, least=1, most=500)
    lose_records = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=1_000_000))
    lose_photos = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=1_000_000))


class RevokeBody(Strict):
    """Why a phone is taken out of service."""

    why = Text(required=True, least=1, most=500)
