"""Bytes that are no strict JSON. They are refused wherever a message is expected."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.bad import Refused


def cases(good: bytes) -> Iterator[Refused]:
    """Yield the cases for a message whose good bytes are given: an object with members.

    Most are made from the good bytes, so that nothing else is wrong with them.
    """
    for name, body in _no_object(good):
        yield Refused(f"syntax: {name}", body)
    inside = good[1:-1]
    for name, member in _odd_members():
        yield Refused(f"member: {name}", b"{" + inside + b"," + member + b"}")
    for share in (1, 2, 3):
        yield Refused(f"truncated at {share}/4", good[: len(good) * share // 4])


def _no_object(good: bytes) -> Iterator[tuple[str, bytes]]:
    text = good.decode()
    yield "nothing", b""
    yield "a blank", b" "
    yield "null", b"null"
    yield "a number", b"1"
    yield "a text", b'"{}"'
    yield "an array", b"[" + good + b"]"
    yield "an empty object", b"{}"
    yield "two objects", good + good
    yield "something after it", good + b"x"
    yield "a NUL after it", good + b"\0"
    yield "a comma at the end", good[:-1] + b",}"
    yield "two commas", good.replace(b",", b",,", 1)
    yield "a comment", b"/* hello */" + good
    yield "a line comment", good + b"// x"
    yield "single quotes", text.replace('"', "'").encode()
    yield "names without quotes", text.replace('"proto"', "proto").encode()
    yield "a byte order mark", b"\xef\xbb\xbf" + good
    yield "UTF-16", text.encode("utf-16")
    yield "UTF-16 without a mark", text.encode("utf-16-le")
    yield "UTF-32", text.encode("utf-32")
    yield "Latin-1", good[:-1] + b',"x":"\xe9"}'
    yield "GBK", good[:-1] + ',"x":"巡迹"}'.encode("gbk")
    yield "an overlong slash", good[:-1] + b',"x":"\xc0\xaf"}'
    yield "a lone continuation byte", good[:-1] + b',"x":"\x80"}'
    yield "a surrogate as UTF-8", good[:-1] + b',"x":"\xed\xa0\x80"}'
    yield "beyond U+10FFFF", good[:-1] + b',"x":"\xf4\x90\x80\x80"}'
    yield "half a character at the end", good[:-1] + b',"x":"\xe5\xb7'
    yield "a no-break space", good.replace(b",", b",\xc2\xa0", 1)
    yield "an ideographic space", good.replace(b",", b",\xe3\x80\x80", 1)
    yield "a full-width brace", "｛".encode() + good[1:]
    yield "a full-width colon", good.replace(b":", "：".encode(), 1)
    yield "curly quotes", text.replace('"', "”").encode()
    yield "a form", b"proto=1&nonce=AAAA"
    yield "XML", b"<?xml version='1.0'?><proto>1</proto>"
    yield "msgpack", b"\x82\xa5proto\x01\xa5nonce\xa0"
    yield "a pickle", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x04exec\x94."
    yield "YAML", b"proto: 1\nnonce: A"
    yield "two proto", good[:-1] + b',"proto":1}'
    yield "two proto, one escaped", good[:-1] + b',"\\u0070roto":1}'
    yield "33 deep", good[:-1] + b',"x":' + b"[" * 33 + b"]" * 33 + b"}"
    yield "10,000 deep", good[:-1] + b',"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    yield "10,000 open brackets", b"[" * 10_000
    yield "10,000 open objects", b'{"a":' * 10_000


def _odd_members() -> Iterator[tuple[str, bytes]]:
    for name, value in (
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("minus Infinity", "-Infinity"),
        ("1e999", "1e999"),
        ("2^53", "9007199254740992"),
        ("-2^53", "-9007199254740992"),
        ("5,000 digits", "9" * 5_000),
        ("a leading zero", "01"),
        ("a plus", "+1"),
        ("no digit before the point", ".5"),
        ("no digit after the point", "1."),
        ("hexadecimal", "0x10"),
        ("an underscore", "1_000"),
        ("a full-width digit", "１"),
        ("an Arabic digit", "٣"),
        ("Python's True", "True"),
        ("undefined", "undefined"),
        ("a lone high surrogate", '"\\ud83d"'),
        ("a lone low surrogate", '"\\ude00"'),
        ("surrogates the wrong way round", '"\\ude00\\ud83d"'),
        ("an escaped NUL", '"\\u0000"'),
        ("a raw tab", '"\t"'),
        ("a raw line end", '"\n"'),
        ("an unknown escape", '"\\x41"'),
        ("half an escape", '"\\u12"'),
        ("no end", '"'),
        ("nothing", ""),
    ):
        yield name, f'"x":{value}'.encode()
    yield "a NUL in the name", b'"x\\u0000":1'
    yield "a lone surrogate in the name", b'"\\ud800":1'
    yield "an unknown member", b'"x":1'
    yield "a member with an empty name", b'"":1'
    yield "__proto__", b'"__proto__":{"admin":true}'
    yield "a name that looks like another", '"nоnce":"A"'.encode()  # a Cyrillic о
