"""One person on two phones at once is said only where it is sure."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.people.doubles import Sight, Span, is_double

WANG, LIU = UUID(int=1), UUID(int=2)
A, B = UUID(int=3), UUID(int=4)
SPANS = [Span(WANG, A, 1_000, 2_000)]


@pytest.mark.parametrize(
    ("sight", "double"),
    [
        (Sight(WANG, B, 1_000, 2_000), True),
        (Sight(WANG, B, 1_400, 1_500), True),
        (Sight(WANG, A, 1_400, 1_500), False),  # it is that very phone
        (Sight(LIU, B, 1_400, 1_500), False),
        (Sight(WANG, B, 999, 1_500), False),  # it may have been before
        (Sight(WANG, B, 1_400, 2_001), False),  # it may have been after
        (Sight(WANG, B, None, 1_500), False),
        (Sight(WANG, B, 1_400, None), False),
    ],
)
def test_only_what_lies_wholly_inside_the_other_phones_span_is_marked(sight: Sight, double: bool) -> None:
    assert is_double(sight, SPANS) is double
    assert is_double(sight, []) is False
