"""A phone leaves: the order to wipe itself, and the code on a badge."""

from __future__ import annotations

from sync.badges import badge_hash, badge_text
from sync.leaving import WipeOrder, order_body, sign_order
from tests.vectors.cases.common import DEVICE, KID, OTHER_PHONE, PERSON, SERVER, SITE, T0, TOKEN


def order() -> dict[str, str]:
    """Return the signed order to wipe that the examples have."""
    body = order_body(WipeOrder(v=1, order=PERSON, device=DEVICE, records=3, photos=1, made_ms=T0))
    return {"body": body, "sig": sign_order(SERVER, body), "kid": KID}


def cases() -> dict[str, object]:
    """Return the content of leaving.json."""
    good = order()
    body, sig, key = good["body"], good["sig"], SERVER.public_key
    two, more = body.replace('"v":1', '"v":2'), body.replace('"records":3', '"records":9')
    given = [
        ("the server's order for this phone", key, body, sig, DEVICE, True),
        ("for another phone", key, body, sig, SITE, False),
        ("another key", OTHER_PHONE.public_key, body, sig, DEVICE, False),
        ("more may be lost than was signed", key, more, sig, DEVICE, False),
        ("signed, but of a later version", key, two, sign_order(SERVER, two), DEVICE, False),
        ("signed, but no order", key, "{}", sign_order(SERVER, "{}"), DEVICE, False),
        (
            "signed as a receipt is",
            key,
            body,
            SERVER.sign(f"fieldsync/1 receipt\n{body}".encode()),
            DEVICE,
            False,
        ),
        ("no signature", key, body, "", DEVICE, False),
    ]
    return {
        "orders": [
            {"name": name, "public_key": by, "body": text, "sig": signed, "device": device, "good": is_good}
            for name, by, text, signed, device, is_good in given
        ],
        "may": [
            {
                "name": f"{records} records, {photos} photos",
                "body": body,
                "records": records,
                "photos": photos,
                "may": may,
            }
            for records, photos, may in ((0, 0, True), (3, 1, True), (4, 0, False), (0, 2, False))
        ],
        "badges": [
            {"name": name, "text": text, "token": token}
            for name, text, token in (
                ("as printed", badge_text(TOKEN), TOKEN),
                ("in lower case, blanks around", f" {badge_text(TOKEN).lower()}\n", TOKEN),
                ("look-alikes are folded", badge_text("OIL0000000000000"), "0110000000000000"),
                ("15 characters", badge_text(TOKEN[1:]), None),
                ("17 characters", badge_text(TOKEN + "0"), None),
                ("a tag is no badge", f"https://a/t/{TOKEN}", None),
                ("text before", f"x{badge_text(TOKEN)}", None),
                ("a long s is no S", badge_text(TOKEN).replace("S", "\u017f"), None),
                ("the token alone", TOKEN, None),
                ("nothing", "", None),
            )
        ],
        "badge_hash": [{"name": "the hash of a badge", "token": TOKEN, "hash": badge_hash(TOKEN)}],
    }
