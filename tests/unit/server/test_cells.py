"""No cell of an export is a formula, whatever somebody managed to write somewhere."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.cells import as_text, line
from tests.corpus.bad import exports

SIGNS = "=+-@\t\r＝＋－＠﹢﹣﹫"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u00a0 ", "\n"])
def test_a_sign_that_begins_a_formula_gets_an_apostrophe(sign: str, before: str) -> None:
    assert as_text(f"{before}{sign}1+1") == f"'{before}{sign}1+1"


@pytest.mark.parametrize("text", ["", "1-1", "a=b", "东门岗", "'=1", "2026-11-29"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert as_text(text) == text


def test_numbers_of_ours_stay_numbers() -> None:
    assert [as_text(value) for value in (-5, 7, None)] == ["-5", "7", ""]


@settings(suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_what_is_read_back_is_what_was_written_and_no_formula(texts: list[str]) -> None:
    [read] = csv.reader(io.StringIO(line(texts), newline=""), strict=True)
    assert [cell.removeprefix("'") for cell in read] == [text.removeprefix("'") for text in texts]
    assert not [cell for cell in read if cell.lstrip(" \u00a0\u3000\n\ufeff").startswith(tuple(SIGNS))]


def test_every_text_of_the_corpus_reads_as_it_must() -> None:
    cases = list(exports.cases())
    assert len(cases) > 800
    for case in cases:
        [[read, after]] = csv.reader(io.StringIO(line([case.text, "after"]), newline=""), strict=True)
        assert (read, after) == (case.safe, "after"), case.name
