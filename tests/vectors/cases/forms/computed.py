"""Cases of `computed`: the same digits in both languages."""

from __future__ import annotations

from tests.vectors.cases.forms.making import METER, Field, answer, definition, field, judged, number

SHARE = "(total - out) / total * 100"
LIMITS = {"alarm_low": "90", "warn_low": "95"}


def _result(
    name: str, formula: str, decimals: int, numbers: dict[str, str], expect: str | None
) -> dict[str, object]:
    return {
        "name": name,
        "formula": formula,
        "decimals": decimals,
        "numbers": numbers,
        "result": expect,
    }


def _results() -> list[dict[str, object]]:
    lamps = {"total": "24", "out": "1"}
    return [
        _result("a share of lamps", SHARE, 1, lamps, "95.8"),
        _result("all out", SHARE, 1, {"total": "24", "out": "24"}, "0.0"),
        _result("more out than there are", SHARE, 1, {"total": "24", "out": "25"}, "-4.2"),
        _result("no lamps at all", SHARE, 1, {"total": "0", "out": "0"}, None),
        _result("a field without a number", SHARE, 1, {"total": "24"}, None),
        _result("product before sum", "1 + a * 3", 0, {"a": "2"}, "7"),
        _result("from left to right", "a - 3 - 2", 0, {"a": "10"}, "5"),
        _result("division from left to right", "a / 4 / 2", 2, {"a": "10"}, "1.25"),
        _result("parentheses", "a - (3 - 2)", 0, {"a": "10"}, "9"),
        _result("without blanks", "(a+b)/2", 1, {"a": "1", "b": "2"}, "1.5"),
        _result("a sign in front", "-a + 1", 0, {"a": "3"}, "-2"),
        _result("two signs", "1 - -a", 0, {"a": "3"}, "4"),
        _result("exact where floating point is not", "a + b", 1, {"a": "0.1", "b": "0.2"}, "0.3"),
        _result("thirds come back whole", "a / 3 * 3", 6, {"a": "1"}, "1.000000"),
        _result("rounded half up", "a / 2", 0, {"a": "1"}, "1"),
        _result("rounded half away from nought", "a / 2", 0, {"a": "-1"}, "-1"),
        _result("just under a half", "a", 0, {"a": "0.499999"}, "0"),
        _result("no minus before nought", "a", 0, {"a": "-0.4"}, "0"),
        _result("by a negative number", "a / b", 1, {"a": "3", "b": "-2"}, "-1.5"),
        _result("twelve digits", "a * 1", 0, {"a": "999999999999"}, "999999999999"),
        _result("thirteen digits", "a + 1", 0, {"a": "999999999999"}, None),
        _result("rounded to thirteen digits", "a", 0, {"a": "999999999999.5"}, None),
        _result("six decimals", "a * b", 6, {"a": "0.000001", "b": "0.5"}, "0.000001"),
        _result("no formula: half of one", "a +", 0, {"a": "1"}, None),
    ]


def cases() -> dict[str, object]:
    """Return the content of forms/computed.json."""
    total, out = number("total", required=True), number("out", required=True)
    earlier = (total, out)
    share = field("computed", formula=SHARE, unit="%", decimals=1, limits=LIMITS)

    def bad(name: str, formula: object, code: str, before: tuple[Field, ...] = earlier) -> Field:
        return definition(name, field("computed", formula=formula), ("formula", code), earlier=before)

    check = {"id": "total", "kind": "check", "label": {"zh": "数", "en": "Number"}}
    return {
        "definitions": [
            definition("a share", share, earlier=earlier),
            bad("of a field that comes later", "later + 1", "not_earlier"),
            bad("of itself", "one + 1", "not_earlier"),
            bad("of a check", "total + 1", "not_a_number", (check,)),
            bad("of no field", "1 + 1", "no_field"),
            bad("half of one", "total +", "form"),
            bad("a parenthesis that stays open", "(total", "form"),
            bad("two fields side by side", "total out", "form"),
            bad("a power", "total ** 2", "form"),
            bad("a function", "max(total)", "form"),
            bad("in upper case", "TOTAL", "form"),
            bad("an exponent", "total * 1e9", "form"),
            bad("a line end", "total\n+ 1", "form"),
            bad("201 characters", "total" + "+1" * 98, "form"),
            bad("a number", 5, "form"),
            bad("nothing", "", "form"),
            definition(
                "required", share | {"required": True}, ("required", "never_asked"), earlier=earlier
            ),
        ],
        "results": _results(),
        "answers": [
            answer("a number", share, "95.8", None),
            answer("too many decimals", share, "95.83", "too_many_decimals"),
            answer("not to be read", share, {"cannot_read": "dark"}, "not_a_number"),
        ],
        "judge": [
            judged("as the phone reckoned it", [*earlier, share], {"total": "24", "out": "1", "one": "95.8"}),
            judged(
                "below the warning", [*earlier, share], {"total": "24", "out": "2", "one": "91.7"},
                faults=(("one", "warning"),),
            ),
            judged(
                "without it, it is reckoned", [*earlier, share], {"total": "24", "out": "3"},
                faults=(("one", "alarm"),),
            ),
            judged(
                "another result than it has", [*earlier, share], {"total": "24", "out": "3", "one": "95.8"},
                invalid=("one",),
            ),
            judged("nothing to reckon with", [*earlier, share], {"total": "24"}, missing=("out",)),
            judged(
                "one that was reckoned before",
                [*earlier, {**share, "id": "two"}, field("computed", formula="two + 1")],
                {"total": "24", "out": "0"},
            ),
            judged(
                "a meter in it",
                [{"id": "m", "kind": "meter", "label": {"zh": "表", "en": ""}, "meter": "p"},
                 field("computed", formula="m * 2", limits={"warn_high": "5"})],
                {"m": {"meter": METER, "edition": 1, "value": "3"}},
                faults=(("one", "warning"),),
            ),
        ],
    }  # fmt: skip
