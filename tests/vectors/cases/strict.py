"""Strict JSON: what both decoders read alike, and what both refuse."""

from __future__ import annotations

import base64


def _accept(name: str, text: str, value: object) -> dict[str, object]:
    return {"name": name, "text": text, "value": value}


def _refuse(name: str, text: str, reason: str) -> dict[str, object]:
    return {"name": name, "text": text, "reason": reason}


def cases() -> dict[str, object]:
    """Return the content of strict.json."""
    return {
        "accept": _accepted(),
        "refuse": _refused(),
        "refuse_bytes": _refused_bytes(),
        "integers_only": _integers_only(),
        "size": [
            {"name": "as many bytes as allowed", "text": '"巡"', "max_bytes": 5, "fits": True},
            {"name": "a byte too many, though few characters", "text": '"巡"', "max_bytes": 4, "fits": False},
        ],
    }


def _accepted() -> list[dict[str, object]]:
    deep = "[" * 32 + "]" * 32
    value: object = []
    for _ in range(31):
        value = [value]
    return [
        _accept("an object", '{"a":1,"b":[true,false,null]}', {"a": 1, "b": [True, False, None]}),
        _accept("blanks, tabs and line ends between parts", ' {\t"a" :\r\n 1 } ', {"a": 1}),
        _accept("a plain value at the top", '"巡迹"', "巡迹"),
        _accept("an empty object", "{}", {}),
        _accept("the largest integer", "9007199254740991", 9007199254740991),
        _accept("the smallest integer", "-9007199254740991", -9007199254740991),
        _accept("a fraction", "0.5", 0.5),
        _accept("an exponent", "1e3", 1000),
        _accept("a whole pair of surrogates by escapes", '"\\ud83d\\ude00"', "😀"),
        _accept("an escaped backslash before what looks like half a pair", '"\\\\ud800"', "\\ud800"),
        _accept("an escaped backslash before what looks like NUL", '"\\\\u0000"', "\\u0000"),
        _accept("other control characters by escapes", '"\\u0001\\n"', "\u0001\n"),
        _accept("nested 32 deep", deep, value),
        _accept("brackets in a text are no nesting", '"' + "[" * 40 + '"', "[" * 40),
        _accept("the same key in two objects", '[{"a":1},{"a":2}]', [{"a": 1}, {"a": 2}]),
        _accept("keys that differ in case", '{"a":1,"A":2}', {"a": 1, "A": 2}),
        _accept("characters beyond the basic plane", '"𠮷"', "𠮷"),
        _accept("line separators stand for themselves", '"\u2028\u2029"', "\u2028\u2029"),
    ]


def _refused() -> list[dict[str, object]]:
    return [
        _refuse("a duplicate key", '{"a":1,"a":1}', "duplicate_key"),
        _refuse("a duplicate key by an escape", '{"a":1,"\\u0061":2}', "duplicate_key"),
        _refuse("a duplicate key deep inside", '{"x":[{"a":1,"b":2,"a":3}]}', "duplicate_key"),
        _refuse("NaN", "NaN", "number"),
        _refuse("Infinity", "[Infinity]", "number"),
        _refuse("minus Infinity", "-Infinity", "number"),
        _refuse("a number that overflows", "1e999", "number"),
        _refuse("a negative number that overflows", "-1e999", "number"),
        _refuse("2^53", "9007199254740992", "number"),
        _refuse("minus 2^53", "-9007199254740992", "number"),
        _refuse("a very long integer", "1" * 400, "number"),
        _refuse("half a pair by an escape", '"\\ud800"', "surrogate"),
        _refuse("the other half by an escape, upper case", '"\\uDFFF"', "surrogate"),
        _refuse("a pair in the wrong order", '"\\ude00\\ud83d"', "surrogate"),
        _refuse("half a pair in a key", '{"\\ud800":1}', "surrogate"),
        _refuse("NUL by an escape", '"a\\u0000b"', "nul"),
        _refuse("NUL in a key", '{"\\u0000":1}', "nul"),
        _refuse("nested 33 deep", "[" * 33 + "]" * 33, "nesting"),
        _refuse("nested 33 deep, objects and arrays", '{"a":[' * 16 + "{}" + "]}" * 16, "nesting"),
        _refuse("nested very deep", "[" * 5000 + "]" * 5000, "nesting"),
        _refuse("nothing", "", "syntax"),
        _refuse("only blanks", "  ", "syntax"),
        _refuse("a comma at the end", '{"a":1,}', "syntax"),
        _refuse("single quotes", "{'a':1}", "syntax"),
        _refuse("a comment", "{}//", "syntax"),
        _refuse("two values", "{} {}", "syntax"),
        _refuse("a leading zero", "01", "syntax"),
        _refuse("a plus sign", "+1", "syntax"),
        _refuse("a point without digits", "1.", "syntax"),
        _refuse("hexadecimal", "0x10", "syntax"),
        _refuse("a raw line end in a text", '"a\nb"', "syntax"),
        _refuse("a raw tab in a text", '"a\tb"', "syntax"),
        _refuse("an unknown escape", '"\\x41"', "syntax"),
        _refuse("an unfinished escape", '"\\u00"', "syntax"),
        _refuse("an unfinished text", '"abc', "syntax"),
        _refuse("an unfinished object", '{"a":1', "syntax"),
        _refuse("a byte order mark", "\ufeff{}", "syntax"),
        _refuse("a no-break space between parts", "{\u00a0}", "syntax"),
        _refuse("a vertical tab between parts", "{\u000b}", "syntax"),
        _refuse("another alphabet's digits", "١٢", "syntax"),
        _refuse("a capital literal", "True", "syntax"),
    ]


def _refused_bytes() -> list[dict[str, object]]:
    given = [
        ("a byte that is no UTF-8", b'"\xff"', "utf8"),
        ("a character cut short", b'"\xe5\xb7"', "utf8"),
        ("an overlong form", b'"\xc0\xaf"', "utf8"),
        ("a surrogate written as UTF-8", b'"\xed\xa0\x80"', "utf8"),
        ("UTF-16", "{}".encode("utf-16-le"), "syntax"),
        ("a byte order mark", b"\xef\xbb\xbf{}", "syntax"),
        ("a raw NUL in a text", b'"\x00"', "syntax"),
    ]
    return [
        {"name": name, "base64": base64.b64encode(data).decode(), "reason": reason}
        for name, data, reason in given
    ]


def _integers_only() -> list[dict[str, object]]:
    return [
        {"name": "an integer", "text": '{"a":-12}', "fits": True},
        {"name": "a fraction", "text": '{"a":0.5}', "fits": False},
        {"name": "a whole number with a fraction", "text": '{"a":1.0}', "fits": False},
        {"name": "an exponent", "text": "[1e3]", "fits": False},
        {"name": "digits in a text", "text": '["0.5"]', "fits": True},
    ]
