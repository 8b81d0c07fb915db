"""Names of any kind and length stay inside their label."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qr.lettering import MONO, SUBSTITUTE, fit_line, fit_paragraphs, font, printable, width, wrap
from sync.tags import ALPHABET

names = st.text(
    st.one_of(st.sampled_from("配电室门外（东）1#，Pump room "), st.characters(exclude_categories=["Cs"])),
    max_size=80,
)


@pytest.mark.parametrize(
    "text",
    ["配电室门外", "垟头埗村喆堃楼", "龍華國際廣場", "3号楼（东侧）②", "Café № 3–4 · ㎡ ℃ ≤", "Lǜ yuán"],
)
def test_names_of_places_have_all_their_letters(text: str) -> None:
    assert printable(text) == text


def test_a_short_code_has_all_its_letters() -> None:
    assert printable(f"{ALPHABET}-v", name=MONO) == f"{ALPHABET}-v"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("泵房😀", f"泵房{SUBSTITUTE}"),
        ("泵\u200b房\u202e\ufe0f", "泵房"),
        ("  泵房 \n\t 东 ", "泵房 东"),
        ("Cafe\u0301", "Café"),
        ("مضخة", SUBSTITUTE * 4),
        ("", ""),
        ("\u200d", ""),
    ],
)
def test_what_has_no_letter_is_seen_to_be_missing(text: str, printed: str) -> None:
    assert printable(text) == printed


@settings(deadline=None)
@given(names)
def test_every_text_becomes_printable(text: str) -> None:
    printed = printable(text)
    assert all(ord(character) in font("NotoSansSC-Bold").face.charToGlyph for character in printed)
    assert printable(printed) == printed


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "Corridor end between the domestic and fire pump rooms",
            ["Corridor end", "between the", "domestic and fire", "pump rooms"],
        ),
        ("地下二层人防工程东侧，水泵房", ["地下二层人防工程东", "侧，水泵房"]),
        ("地下二层人防工程，东侧水泵房", ["地下二层人防工程，", "东侧水泵房"]),
        ("地下二层人防工东侧（水泵房）", ["地下二层人防工东侧", "（水泵房）"]),
        ("", []),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, lines: list[str]) -> None:
    assert wrap(text, wide=113, size=12) == lines


@settings(deadline=None, max_examples=150)
@given(st.lists(names, max_size=2), st.floats(40, 200), st.floats(12, 60))
def test_no_name_leaves_its_box(texts: list[str], wide: float, high: float) -> None:
    fitted = fit_paragraphs([printable(text) for text in texts], wide=wide, high=high, size=12, least=5.5)
    assert sum(paragraph.height for paragraph in fitted) <= high + 1e-3
    assert all(width(line, each.size) <= wide for each in fitted for line in each.lines)


@settings(deadline=None, max_examples=150)
@given(names, st.floats(60, 200))
def test_wrapping_loses_no_letter(text: str, wide: float) -> None:
    printed = printable(text)
    assert "".join(wrap(printed, wide=wide, size=12)).replace(" ", "") == printed.replace(" ", "")


def test_a_name_is_as_large_as_the_box_allows() -> None:
    (short,) = fit_paragraphs(["东门岗"], wide=113, high=30, size=12, least=5.5)
    assert (short.size, short.lines) == (12, ("东门岗",))
    (longer,) = fit_paragraphs(
        ["Switch-room door of the basement, east side"], wide=113, high=30, size=12, least=5.5
    )
    assert 5.5 < longer.size <= 12
    assert " ".join(longer.lines) == "Switch-room door of the basement, east side"


def test_a_word_is_made_smaller_before_it_is_torn() -> None:
    (word,) = fit_paragraphs(["Donaudampfschifffahrt"], wide=113, high=30, size=12, least=5.5)
    assert word.lines == ("Donaudampfschifffahrt",)


def test_a_name_without_end_says_that_it_goes_on() -> None:
    zh, en = fit_paragraphs(["超" * 300, "Roof"], wide=113, high=30, size=12, least=5.5)
    assert zh.lines[-1].endswith("…")
    assert en.lines == ("Roof",)
    assert fit_line("超" * 300, wide=113, size=7.5, least=5).lines[0].endswith("…")
