"""A small arithmetic over earlier fields: ``(total - out) / total * 100``.

Numbers, field ids, ``+ - * /``, a sign and parentheses. It is reckoned with exact fractions and
rounded once, at the end, half away from nought: so both languages come to the same digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

MAX_FORMULA = 200
_MOST = Fraction(10**12)
_TOKEN = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)|([a-z][a-z0-9_]{0,31})|([-+*/()])")

Node: TypeAlias = "Fraction | str | tuple[str, Node, Node]"
"""A number, the id of a field, or an operation."""


class FormulaError(ValueError):
    """A text that is no formula."""


def parse(text: object) -> Node:
    """Return what a formula says.

    :raises FormulaError: it is none, or longer than 200 characters
    """
    if not isinstance(text, str) or len(text) > MAX_FORMULA:
        raise FormulaError
    reader = _Reader(_tokens(text))
    node = reader.sum()
    if reader.next is not None:
        raise FormulaError
    return node


def names(node: Node) -> Iterator[str]:
    """Yield the field ids of a formula, as often as they stand there."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        yield from names(node[1])
        yield from names(node[2])


def result(text: str, numbers: Mapping[str, str], decimals: int) -> str | None:
    """Return what a good formula comes to, with exactly so many decimals.

    None when a field of it has no number, when it divides by nought, or when it comes to more than
    twelve digits before the point.

    :param numbers: field id → decimal string
    """
    value = _value(parse(text), numbers)
    return None if value is None else rounded(value, decimals)


def rounded(value: Fraction, decimals: int) -> str | None:
    """Return a fraction as a decimal string, rounded half away from nought; None when it is too large."""
    scale = 10**decimals
    size = abs(value)
    whole = (2 * size.numerator * scale + size.denominator) // (2 * size.denominator)
    if whole >= _MOST * scale:
        return None
    digits = str(whole).rjust(decimals + 1, "0")
    text = digits if decimals == 0 else f"{digits[:-decimals]}.{digits[-decimals:]}"
    return f"-{text}" if value < 0 and whole else text


def _value(node: Node, numbers: Mapping[str, str]) -> Fraction | None:
    if isinstance(node, Fraction):
        return node
    if isinstance(node, str):
        return Fraction(numbers[node]) if node in numbers else None
    sign, left, right = node[0], _value(node[1], numbers), _value(node[2], numbers)
    if left is None or right is None:
        return None
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    return left / right if right else None


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if found is None:
            raise FormulaError
        yield found.group()
        at = found.end()


class _Reader:
    def __init__(self, tokens: Iterator[str]) -> None:
        self._tokens = tokens
        self.next = next(tokens, None)

    def _take(self) -> str:
        if self.next is None:
            raise FormulaError
        taken, self.next = self.next, next(self._tokens, None)
        return taken

    def sum(self) -> Node:
        node = self._product()
        while self.next in ("+", "-"):
            node = (self._take(), node, self._product())
        return node

    def _product(self) -> Node:
        node = self._factor()
        while self.next in ("*", "/"):
            node = (self._take(), node, self._factor())
        return node

    def _factor(self) -> Node:
        word = self._take()
        if word == "-":
            return ("-", Fraction(0), self._factor())
        if word == "(":
            node = self.sum()
            if self._take() != ")":
                raise FormulaError
            return node
        if word in "+*/)":
            raise FormulaError
        return Fraction(word) if word[0].isdigit() else word
