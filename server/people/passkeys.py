"""Passkeys (WebAuthn): a key pair of a person's own device, opened by finger, face or the device's PIN.

The library checks what the browser sends; here stand our rules: the person is verified, a challenge
is answered once, the signature counter goes up.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.people.ceremonies import CHALLENGE_BYTES
from server.people.login_models import Passkey
from server.people.organisations import new_id
from server.problems import NotFound, Problem
from sync.encoding import b64url_decode

MOST = 20
"""Passkeys of one person."""


class BadPasskey(Problem):
    """What the browser sent proves nothing."""

    slug, status, title = "bad-passkey", HTTPStatus.BAD_REQUEST, "This passkey could not be taken"


class PasskeyKnown(Problem):
    """The device's passkey is registered already, or there are too many."""

    slug, status, title = "passkey-known", HTTPStatus.CONFLICT, "This passkey is registered already"


@dataclass(frozen=True, slots=True)
class Relying:
    """For whom passkeys are made: the public address of the installation."""

    id: str
    origin: str

    @classmethod
    def of(cls, public_url: str) -> Relying:
        """Return it for a public URL without a slash at its end."""
        return cls(urlsplit(public_url).hostname or "", public_url)


@dataclass(frozen=True, slots=True)
class Proof:
    """A passkey's answer that was verified."""

    passkey_id: UUID
    person_id: UUID
    count_before: int
    sign_count: int


def challenge() -> bytes:
    """Return what a passkey is to sign."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def of_person(session: Session, person: UUID) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    query = select(Passkey).where(Passkey.person_id == person).order_by(Passkey.made_ms, Passkey.id)
    return list(session.scalars(query))


def registration_options(
    relying: Relying, *, person: UUID, login: str, name: str, known: list[Passkey], challenge: bytes
) -> dict[str, Any]:
    """Return what the browser needs to make a passkey, as `navigator.credentials.create` has it in JSON."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=relying.id,
        rp_name="Roundsman 巡迹",
        user_id=person.bytes,
        user_name=login,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    told: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return told


def register(
    session: Session,
    relying: Relying,
    *,
    person: UUID,
    organisation: UUID,
    credential: dict[str, Any],
    challenge: bytes,
    name: str,
    now_ms: int,
) -> Passkey:
    """Keep a new passkey.

    :raises BadPasskey: the browser's answer does not hold
    :raises PasskeyKnown: it is registered, or the person has very many
    """
    import webauthn

    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying.id,
            expected_origin=relying.origin,
            require_user_verification=True,
        )
    except Exception as error:  # only parses and computes: whatever it raises, the answer does not hold
        raise BadPasskey() from error
    if len(of_person(session, person)) >= MOST:
        raise PasskeyKnown(f"One person has at most {MOST} passkeys")
    row = Passkey(
        id=new_id(now_ms),
        organisation_id=organisation,
        person_id=person,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        made_ms=now_ms,
        used_ms=None,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise PasskeyKnown() from None
    return row


def request_options(relying: Relying, *, known: list[Passkey], challenge: bytes) -> dict[str, Any]:
    """Return what the browser needs to have a passkey sign; without `known` the device offers its own."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=relying.id,
        challenge=challenge,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    told: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return told


def by_credential(session: Session, credential: dict[str, Any]) -> Passkey | None:
    """Return the passkey that an answer names."""
    try:
        found = b64url_decode(str(credential.get("id", "")))
    except ValueError:
        return None
    return session.scalars(select(Passkey).where(Passkey.credential_id == found)).one_or_none()


def verify(
    passkey: Passkey, relying: Relying, *, credential: dict[str, Any], challenge: bytes
) -> Proof | None:
    """Return the proof that the passkey signed the challenge, or None. Needs no transaction."""
    import webauthn

    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying.id,
            expected_origin=relying.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception:  # as at the registration
        return None
    return Proof(passkey.id, passkey.person_id, passkey.sign_count, found.new_sign_count)


def note_use(session: Session, proof: Proof, *, now_ms: int) -> bool:
    """Write the counter down; False when another log-in moved it since: of a copied key one goes through."""
    noted = session.execute(
        update(Passkey)
        .where(Passkey.id == proof.passkey_id, Passkey.sign_count == proof.count_before)
        .values(sign_count=proof.sign_count, used_ms=now_ms)
        .execution_options(synchronize_session=False)
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined]


def remove(session: Session, *, person: UUID, passkey: UUID) -> None:
    """Forget a person's passkey.

    :raises NotFound: they have no such one
    """
    row = session.scalars(
        select(Passkey).where(Passkey.id == passkey, Passkey.person_id == person)
    ).one_or_none()
    if row is None:
        raise NotFound()
    session.delete(row)
    session.flush()
