"""Who is signed in: PINs checked online, or by a verifier that only this phone can use."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from sync.enrolment import SignInAnswer, SignInRequest
from sync.phone.api import Api, NoAnswer
from sync.phone.ports import Crypto, Randomness
from sync.phone.saving import current
from sync.phone.store import Store

ROUNDS = 100_000
"""Rounds of PBKDF2-SHA-256."""

OFFLINE_TRIES = 8
"""Wrong tries after which the network is needed."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What became of a try to sign in.

    `online` says who checked; `failed_tries` were wrong before this one; `needs_network`
    means that nobody could check.
    """

    ok: bool
    online: bool
    failed_tries: int = 0
    tries_left: int | None = None
    wait_s: int = 0
    needs_network: bool = False


class People:
    """Checks PINs and remembers how often they were wrong."""

    def __init__(self, *, store: Store, api: Api, crypto: Crypto, randomness: Randomness) -> None:
        self._store = store
        self._api = api
        self._crypto = crypto
        self._randomness = randomness

    def check(self, person: str, pin: str) -> SignIn:
        """Check a PIN online; offline when no answer comes, or the key is gone with which one asks.

        The next round opens a new log with a key of its own.
        """
        log = current(self._store).log
        failed = self._failed(person)
        if not self._crypto.has_key(log):
            return self._check_offline(person, pin, failed)
        request = SignInRequest(1, self._api.new_nonce(), person, pin)
        try:
            answer = self._api.call("sign-in", request, SignInAnswer, log=log)
        except NoAnswer:
            return self._check_offline(person, pin, failed)
        if not answer.ok:
            if answer.wait_s == 0:
                self._set_failed(person, failed + 1)
            return SignIn(False, True, failed, answer.tries_left, answer.wait_s)
        self._keep_verifier(person, pin)
        self._set_failed(person, 0)
        return SignIn(True, True, failed)

    def _check_offline(self, person: str, pin: str, failed: int) -> SignIn:
        kept = self._store.meta(f"verifier:{person}")
        if kept is None or failed >= OFFLINE_TRIES:
            return SignIn(False, False, failed, needs_network=True)
        # Counted before the answer is known: pulling the plug gives no free try.
        self._set_failed(person, failed + 1)
        salt, expected = json.loads(kept)
        found = self._verifier(person, pin, bytes.fromhex(salt))
        if not hmac.compare_digest(found, bytes.fromhex(expected)):
            return SignIn(False, False, failed, tries_left=OFFLINE_TRIES - failed - 1)
        self._set_failed(person, 0)
        return SignIn(True, False, failed)

    def _keep_verifier(self, person: str, pin: str) -> None:
        salt = self._randomness.bytes(16)
        verifier = self._verifier(person, pin, salt)
        self._store.set_meta(f"verifier:{person}", json.dumps([salt.hex(), verifier.hex()]))

    def _verifier(self, person: str, pin: str, salt: bytes) -> bytes:
        derived = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, ROUNDS)
        return self._crypto.mac(person.encode() + derived)

    def _failed(self, person: str) -> int:
        return int(self._store.meta(f"failed:{person}") or 0)

    def _set_failed(self, person: str, count: int) -> None:
        self._store.set_meta(f"failed:{person}", str(count) if count else None)
