"""Runs, bad signatures, breaks and gaps."""

from __future__ import annotations

from sync.chain import Link, bad_signatures
from sync.encoding import ZERO_HASH
from sync.records import parse_body
from tests.vectors.cases.common import PHONE
from tests.vectors.cases.records import chain


def cases() -> dict[str, object]:
    """Return the content of chain.json."""
    links = [_link(link) for link in chain()]
    return {
        "links": [{"name": f"record {link['seq']}", **link} for link in links],
        "signatures": _signatures(links),
        "first_break": _breaks(links),
        "missing": [
            {"name": "nothing is there", "present": [], "upto": 3, "ranges": [[1, 3]]},
            {"name": "nothing is missing", "present": [1, 2, 3], "upto": 3, "ranges": []},
            {"name": "an empty log", "present": [], "upto": 0, "ranges": []},
            {"name": "a gap in the middle", "present": [1, 4], "upto": 4, "ranges": [[2, 3]]},
            {"name": "gaps at both ends", "present": [2, 3], "upto": 5, "ranges": [[1, 1], [4, 5]]},
            {"name": "repeats do no harm", "present": [1, 1, 3, 3], "upto": 3, "ranges": [[2, 2]]},
            {"name": "beyond the end does not count", "present": [1, 9], "upto": 3, "ranges": [[2, 3]]},
        ],
    }


def _link(record: dict[str, object]) -> dict[str, object]:
    place = parse_body(str(record["body"])).place
    return {"seq": place.seq, "prev": place.prev, **{k: record[k] for k in ("hash", "body", "sig")}}


def _signatures(links: list[dict[str, object]]) -> list[dict[str, object]]:
    """State which records no good signature vouches for, by number."""
    spoilt = {"sig": "A" * 86}

    def case(name: str, order: list[int], spoil: list[int], bad: list[int]) -> dict[str, object]:
        chosen = [{**links[n - 1], **(spoilt if n in spoil else {})} for n in order]
        given = [Link(**link) for link in chosen]  # type: ignore[arg-type]
        hashes = {links[n - 1]["hash"] for n in bad}
        assert bad_signatures(given, PHONE.public_key) == hashes, name
        return {
            "name": name,
            "public_key": PHONE.public_key,
            "records": order,
            "spoilt": spoil,
            "bad": bad,
        }

    return [
        case("all are good", [1, 2, 3, 4], [], []),
        case("a later good one vouches for a bad one", [1, 2, 3, 4], [2], []),
        case("the last is bad and named", [1, 2, 3, 4], [4], [4]),
        case("the last two are bad", [1, 2, 3, 4], [3, 4], [3, 4]),
        case("all are bad", [1, 2], [1, 2], [1, 2]),
        case("a gap makes two runs", [1, 2, 5, 6], [2], [2]),
        case("out of order nothing vouches", [2, 1], [1], [1]),
    ]


def _breaks(links: list[dict[str, object]]) -> list[dict[str, object]]:
    after_3 = str(links[2]["hash"])
    given = [
        ("a whole chain", [1, 2, 3, 4], ZERO_HASH, 1, None),
        ("a later part", [4, 5], after_3, 4, None),
        ("nothing", [], ZERO_HASH, 1, None),
        ("one is missing", [1, 2, 4], ZERO_HASH, 1, {"seq": 3, "reason": "gap"}),
        ("the first is missing", [2, 3], ZERO_HASH, 1, {"seq": 1, "reason": "gap"}),
        ("it continues something else", [4, 5], ZERO_HASH, 4, {"seq": 4, "reason": "altered"}),
    ]
    return [
        {"name": name, "records": order, "after": after, "from_seq": seq, "break": found}
        for name, order, after, seq, found in given
    ]
