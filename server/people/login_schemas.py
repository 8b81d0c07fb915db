"""What log-ins, second factors and invitations accept and return."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.http import Ms, Strict, Text
from server.people.passwords import LONGEST_PASSWORD, PASSWORD_CHARACTERS
from server.people.schemas import LOGIN

NEW_PASSWORD = validate.Length(min=PASSWORD_CHARACTERS, max=LONGEST_PASSWORD)
CODE = validate.Length(min=6, max=40)
TOKEN = validate.Regexp(r"[A-Za-z0-9_-]{43}\Z")
INVITATION = validate.Regexp(r"[A-Za-z0-9_-]{22}\Z")


class Password(fields.String):
    """A password that somebody has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(min=1, max=LONGEST_PASSWORD), load_only=True, **kwargs)


class NewPassword(fields.String):
    """A password that somebody chooses; whether it is too simple is judged with the log-in at hand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, validate=NEW_PASSWORD, load_only=True, **kwargs)


class Credential(fields.Dict):
    """What the browser's passkey answered, as `PublicKeyCredential.toJSON()` has it."""


class LoginBody(Strict):
    """Who logs in."""

    login = fields.String(required=True, validate=validate.Length(min=1, max=60))
    password = Password(required=True)


class CodeBody(Strict):
    """The second step: six digits of the authenticator app, or a recovery code."""

    attempt = fields.String(required=True, validate=TOKEN)
    code = fields.String(required=True, validate=CODE, load_only=True)


class AskBody(Strict):
    """What a passkey is to be asked for: the second step of a log-in, or a log-in without a password."""

    attempt = fields.String(validate=TOKEN)


class PasskeyAsked(Schema):
    """What the browser gives to the passkey, and the token with which its answer comes back."""

    attempt = fields.String()
    options = fields.Dict()


class PasskeyAnswer(Strict):
    """What the passkey answered."""

    attempt = fields.String(required=True, validate=TOKEN)
    credential = Credential(required=True)


class RefreshBody(Strict):
    """The password once more, or a passkey's answer."""

    password = Password()
    attempt = fields.String(validate=TOKEN)
    credential = Credential()

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a body with neither or both."""
        if data.keys() not in ({"password"}, {"attempt", "credential"}):
            raise ValidationError("either password, or attempt and credential")


class FirstRunBody(Strict):
    """The first organisation and its first administrator."""

    code = fields.String(required=True, validate=validate.Length(max=64))
    organisation = Text(required=True, least=1)
    name = Text(required=True, least=1)
    login = fields.String(required=True, validate=LOGIN)
    password = NewPassword()


# -- one's own log-in ------------------------------------------------------------------


class OwnSession(Schema):
    """A browser in which one is logged in; `this` is the one that asks."""

    id = fields.UUID()
    agent = fields.String()
    network = fields.String()
    made_ms = Ms()
    seen_ms = Ms()
    this = fields.Boolean()


class OwnPasskey(Schema):
    """A passkey."""

    id = fields.UUID()
    name = fields.String()
    made_ms = Ms()
    used_ms = Ms(allow_none=True)


class OwnLogin(Schema):
    """One's own log-in: factors and sessions. `required` says that the last factor cannot be removed."""

    login = fields.String()
    required = fields.Boolean()
    totp_ms = Ms(allow_none=True)
    passkeys = fields.List(fields.Nested(OwnPasskey))
    recovery_left = fields.Integer()
    sessions = fields.List(fields.Nested(OwnSession))


class PasswordChange(Strict):
    """The old password and the new one."""

    old = Password(required=True)
    new = NewPassword()


class TotpStarted(Schema):
    """A secret for an authenticator app, shown once; `qr` holds the modules of its QR code."""

    secret = fields.String()
    url = fields.String()
    qr = fields.List(fields.String())


class TotpCode(Strict):
    """The first six digits that the app shows."""

    code = fields.String(required=True, validate=CODE, load_only=True)


class PasskeyBody(Strict):
    """A new passkey, and what its owner calls it."""

    attempt = fields.String(required=True, validate=TOKEN)
    credential = Credential(required=True)
    name = Text(required=True, least=1, most=60)


class RecoveryCodes(Schema):
    """Recovery codes, shown once. Empty when earlier ones stay good."""

    codes = fields.List(fields.String())


# -- other people's log-ins ------------------------------------------------------------


class AccessBody(Schema):
    """How somebody logs in: what an administrator sees of it."""

    login = fields.String(allow_none=True)
    has_password = fields.Boolean()
    has_console = fields.Boolean()
    totp = fields.Boolean()
    passkeys = fields.Integer()
    sessions = fields.Integer()


class InvitationMade(Schema):
    """An invitation; the link is shown once."""

    id = fields.UUID()
    url = fields.String()
    expires_ms = Ms()


class InvitationRow(Schema):
    """An invitation that may still be accepted."""

    id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    made_by = fields.String(allow_none=True)
    made_ms = Ms()
    expires_ms = Ms()


class InvitationList(Schema):
    """The site's open invitations."""

    invitations = fields.List(fields.Nested(InvitationRow))


class InvitationCode(Strict):
    """The code of a link."""

    code = fields.String(required=True, validate=INVITATION, load_only=True)


class InvitationWelcome(Schema):
    """Whom a link invites. Without a log-in they choose one."""

    organisation = fields.String()
    name = fields.String()
    login = fields.String(allow_none=True)


class AcceptBody(InvitationCode):
    """What the invited chose."""

    login = fields.String(validate=LOGIN)
    password = NewPassword()
