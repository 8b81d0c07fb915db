"""Receipts, their check words, and the ledger's chain."""

from __future__ import annotations

from sync.encoding import ZERO_HASH, sha256_hex
from sync.receipts import Receipt, check_word, ledger_step, receipt_body, sign_receipt
from tests.vectors.cases.common import KID, OTHER_PHONE, PHONE, SERVER, T0
from tests.vectors.cases.records import chain


def receipt() -> dict[str, str]:
    """Return the signed receipt of the vectors' log."""
    hashes = [str(link["hash"]) for link in chain()]
    ledger = ZERO_HASH
    for record in hashes:
        ledger = ledger_step(ledger, record)
    body = receipt_body(
        Receipt(
            v=1,
            log=PHONE.log,
            from_seq=1,
            to_seq=len(hashes),
            head_hash=hashes[-1],
            received_ms=T0 + 60_000,
            ledger_pos=len(hashes),
            ledger_chain=ledger,
            count=len(hashes),
        )
    )
    return {"body": body, "sig": sign_receipt(SERVER, body), "kid": KID}


def cases() -> dict[str, object]:
    """Return the content of receipts.json."""
    good = receipt()
    body, sig = good["body"], good["sig"]
    two = body.replace('"v":1', '"v":2')
    given = [
        ("the server's receipt", SERVER.public_key, body, sig, True),
        ("another key", OTHER_PHONE.public_key, body, sig, False),
        ("one number changed", SERVER.public_key, body.replace('"count":', '"count":1'), sig, False),
        ("signed, but of a later version", SERVER.public_key, two, sign_receipt(SERVER, two), False),
        ("signed, but no receipt", SERVER.public_key, "{}", sign_receipt(SERVER, "{}"), False),
        ("no signature", SERVER.public_key, body, "", False),
    ]
    first, second = sha256_hex(b"1"), sha256_hex(b"2")
    one = ledger_step(ZERO_HASH, first)
    return {
        "receipts": [
            {"name": name, "public_key": key, "body": text, "sig": signature, "good": is_good}
            for name, key, text, signature, is_good in given
        ],
        "check_words": [{"name": "of the receipt", "body": body, "word": check_word(body)}],
        "ledger": [
            {"name": "the first record", "chain": ZERO_HASH, "hash": first, "next": one},
            {"name": "the second record", "chain": one, "hash": second, "next": ledger_step(one, second)},
        ],
    }
