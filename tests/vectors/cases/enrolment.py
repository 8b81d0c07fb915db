"""A phone joins: the signed request and the check word."""

from __future__ import annotations

from sync.encoding import b64url_encode
from sync.enrolment import check_word, enrol_message, sign_enrolment
from tests.vectors.cases.common import OTHER_PHONE, PHONE

CODES = (b64url_encode(bytes(range(16))), b64url_encode(b"\xff" * 16))


def cases() -> dict[str, object]:
    """Return the content of enrolment.json."""
    code = CODES[0]
    sig = sign_enrolment(PHONE, code)
    given = [
        ("the phone's own request", PHONE.public_key, code, sig, True),
        ("another phone's key", OTHER_PHONE.public_key, code, sig, False),
        ("another code", PHONE.public_key, CODES[1], sig, False),
        ("no signature", PHONE.public_key, code, "", False),
    ]
    return {
        "requests": [
            {
                "name": name,
                "public_key": key,
                "code": text,
                "message": enrol_message(text, key).decode(),
                "sig": signature,
                "good": good,
            }
            for name, key, text, signature, good in given
        ],
        "check_words": [
            {
                "name": f"phone {i}, code {j}",
                "code": text,
                "public_key": key.public_key,
                "word": check_word(text, key.public_key),
            }
            for i, key in enumerate((PHONE, OTHER_PHONE), start=1)
            for j, text in enumerate(CODES, start=1)
        ],
    }
