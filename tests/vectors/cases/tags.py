"""The printed code: what a camera may see, and what is made of a token."""

from __future__ import annotations

from sync.tags import tag_hash, tag_proof
from tests.vectors.cases.common import PHONE, TOKEN


def _read(name: str, text: str, token: str | None) -> dict[str, object]:
    return {"name": name, "text": text, "token": token}


def cases() -> dict[str, object]:
    """Return the content of tags.json."""
    return {
        "read": [
            _read("as printed", f"HTTPS://XJ.EXAMPLE.CN/T/{TOKEN}", TOKEN),
            _read("in lower case", f"https://xj.example.cn/t/{TOKEN.lower()}", TOKEN),
            _read("without TLS, with a port", f"http://192.168.1.20:8000/t/{TOKEN}", TOKEN),
            _read("with a slash at the end", f"https://xj.example.cn/t/{TOKEN}/", TOKEN),
            _read("with blanks and line ends around", f" \t\r\nhttps://a/t/{TOKEN}\r\n", TOKEN),
            _read("any host: the hash decides", f"https://elsewhere.example/t/{TOKEN}", TOKEN),
            _read("an IPv6 host", f"https://[::1]:8000/t/{TOKEN}", TOKEN),
            _read("look-alikes are folded", "https://a/t/OILoil0000000000", "0110110000000000"),
            _read("U is not of the alphabet", "https://a/t/U000000000000000", None),
            _read("15 characters", f"https://a/t/{TOKEN[1:]}", None),
            _read("17 characters", f"https://a/t/{TOKEN}0", None),
            _read("two slashes at the end", f"https://a/t/{TOKEN}//", None),
            _read("a query", f"https://a/t/{TOKEN}?x=1", None),
            _read("a fragment", f"https://a/t/{TOKEN}#x", None),
            _read("a folder before", f"https://a/app/t/{TOKEN}", None),
            _read("no host", f"https:///t/{TOKEN}", None),
            _read("a host of 255 characters", f"https://{'a' * 255}/t/{TOKEN}", TOKEN),
            _read("a host of 256 characters", f"https://{'a' * 256}/t/{TOKEN}", None),
            _read("a blank in the host", f"https://a b/t/{TOKEN}", None),
            _read("a host that is not ASCII", f"https://巡迹.cn/t/{TOKEN}", None),
            _read("a line end inside", f"https://a/t/\n{TOKEN}", None),
            _read("text before", f"see https://a/t/{TOKEN}", None),
            _read("text after", f"https://a/t/{TOKEN} please", None),
            _read("another scheme", f"ftp://a/t/{TOKEN}", None),
            _read("a Kelvin sign is no K", "https://a/t/7F3\u212a92QD0ABCDEFG", None),
            _read("a long s is no s", f"http\u017f://a/t/{TOKEN}", None),
            _read("full-width digits", "https://a/t/７F3K92QD0ABCDEFG", None),
            _read("a no-break space is not trimmed", f"\u00a0https://a/t/{TOKEN}", None),
            _read("the token alone", TOKEN, None),
            _read("nothing", "", None),
            _read("some other code", "WIFI:S:guest;T:WPA;P:12345678;;", None),
        ],
        "short_codes": [
            {"name": "as printed", "text": "7F3K-92QD", "code": "7F3K92QD"},
            {"name": "lower case, look-alikes, blanks", "text": " 7f3k 92qo ", "code": "7F3K92Q0"},
            {"name": "seven characters", "text": "7F3K-92Q", "code": None},
            {"name": "a letter that is not used", "text": "7F3K-92QU", "code": None},
            {"name": "nothing", "text": "", "code": None},
        ],
        "hash": [
            {"name": "the hash of a token", "token": token, "hash": tag_hash(token)}
            for token in (TOKEN, "0000000000000000")
        ],
        "proof": [
            {
                "name": f"the proof in record {seq}",
                "log": PHONE.log,
                "seq": seq,
                "token": TOKEN,
                "proof": tag_proof(log=PHONE.log, seq=seq, token=TOKEN),
            }
            for seq in (2, 813)
        ],
    }
