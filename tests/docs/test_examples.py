"""Every message and every refusal that the pages name has an example, and it has the members they name."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import server.feed
import server.ledger
from server.people.enrolments import BadKey, EnrolmentOver
from server.problems import Problem
from tests.named import ROOT
from tests.unit.sync.vectors import vectors

PAGES = ROOT / "docs" / "protocol"
NAME = re.compile(r"^## (?:.*?)`([a-z-]+)`|/api/v1/sync/([a-z-]+)", re.MULTILINE)
MESSAGE = re.compile(r'`[^`{]*(\{"proto":1[^`]*)`')
REFUSAL = re.compile(r"^\| (\d{3}) ((?:`[a-z-]+`(?:, )?)+) \|", re.MULTILINE)


def pages(*names: str) -> str:
    return "\n".join((PAGES / f"{name}.md").read_text("utf-8") for name in names)


def members(shorthand: str) -> set[str]:
    """Return the outermost members of a message as the pages abbreviate it."""
    found, depth, text = set(), 0, shorthand
    for token in re.finditer(r'"([a-z0-9_]+)"|[{}\[\],:]', text):
        sign = token.group()
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif token.group(1) and depth == 1 and text[token.start() - 1] in "{,":
            found.add(token.group(1))
    return found


def told() -> Iterator[tuple[str, set[str]]]:
    """Yield the messages in the order of the pages: `<name>.request`, `<name>.answer`, and their members."""
    for page in ("messages", "feed", "enrolment", "leaving"):
        text, name, kinds = pages(page), "", iter([""])
        marks = [*NAME.finditer(text), *MESSAGE.finditer(text)]
        for mark in sorted(marks, key=lambda m: m.start(m.lastindex or 0)):
            if mark.re is NAME:
                name = mark.group(1) or mark.group(2)
                kinds = iter(["answer"] if name == "raw" else ["request", "answer"])
            else:
                yield f"{name}.{next(kinds)}", members(mark.group(1))


def test_every_message_of_the_pages_has_an_example_with_its_members() -> None:
    examples = {case["name"]: set(case["message"]) for case in vectors("messages")["examples"]}
    found = dict(told())
    assert set(found) == set(examples)
    for name, expected in found.items():
        assert examples[name] == expected, name


def refusals() -> set[tuple[int, str]]:
    return {
        (int(status), slug)
        for status, slugs in REFUSAL.findall(pages("messages", "photos"))
        for slug in re.findall(r"`([a-z-]+)`", slugs)
    }


def test_every_refusal_of_the_pages_has_an_example() -> None:
    examples = {(case["status"], case["slug"]) for case in vectors("refusals")["refusals"]}
    assert refusals() == examples


def test_every_reset_of_the_pages_has_an_example() -> None:
    section = pages("feed").partition("## Reset")[2].partition("\n## ")[0]
    reasons = set(re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE))
    examples = {c["problem"]["reason"] for c in vectors("refusals")["refusals"] if c["slug"] == "reset"}
    assert reasons == examples


def test_every_refusal_that_the_server_can_say_to_a_phone_stands_in_the_pages() -> None:
    for package in (server.ledger, server.feed):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    every: list[type[Problem]] = Problem.__subclasses__()
    kinds = [
        k
        for k in every
        if k.__module__.startswith(("server.ledger", "server.feed")) or k in (BadKey, EnrolmentOver)
    ]
    said = {(int(kind.status), kind.slug) for kind in kinds}
    assert len(said) > 15
    assert said <= refusals()


def test_the_examples_of_refusals_say_what_the_server_says() -> None:
    importlib.import_module("server.app")
    every: list[type[Problem]] = Problem.__subclasses__()
    kinds = {kind.slug: kind for kind in every if kind.__module__.startswith("server.")}
    for case in vectors("refusals")["refusals"]:
        if case["slug"] != "internal":  # what nobody foresaw has no kind
            kind, problem = kinds[case["slug"]], case["problem"]
            assert (kind.status, kind.title) == (problem["status"], problem["title"])


def test_every_record_type_of_the_pages_has_an_example() -> None:
    tables = pages("records").partition("## Record types")[2] + pages("orders").partition("## Records")[2]
    types = set(re.findall(r"^\| `([a-z.]+)` \| (?:`\{|see below)", tables, re.MULTILINE))
    assert types == {case["members"]["type"] for case in vectors("records")["good"]}


def test_every_page_stands_in_the_list() -> None:
    listed = set(re.findall(r"^\| \[([a-z-]+\.md)\]", pages("README"), re.MULTILINE))
    assert listed | {"README.md"} == {page.name for page in PAGES.glob("*.md")}
