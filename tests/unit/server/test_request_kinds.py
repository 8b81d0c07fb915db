"""How what somebody asked for is called in few words."""

from __future__ import annotations

import pytest

from server.requests.kinds import brief


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("厨房水管爆了，水一直流。请快来", "厨房水管爆了，水一直流"),
        ("  Tap drips\nsince Monday", "Tap drips"),
        ("The lift stands. Nobody answers", "The lift stands"),
        ("Pump 2.5 bar", "Pump 2.5 bar"),
        ("为什么", "为什么"),
        ("", ""),
        ("。。。", ""),
        (
            "The lamp beside the gate hums since Monday and nobody came",
            "The lamp beside the gate hums since Monday and…",
        ),
        ("灯" * 30, "灯" * 24 + "…"),
    ],
)
def test_the_first_sentence_shortened(text: str, words: str) -> None:
    assert brief(text) == words
