"""Every mark that a record or a visit can have. A mark asks, it does not accuse; it refuses nothing.

What each says stands in ``docs/protocol/time.md`` and, in the words of the screens, under ``mark.<name>``,
``reason.<name>`` and ``advice.<name>`` of ``pwa/src/i18n``. A mark without words there fails a test.
"""

from __future__ import annotations

from typing import Final

ASKING: Final = frozenset(
    {
        "after_grace",
        "burst",
        "clock_back",
        "clock_jump",
        "dep_missing",
        "duplicate_photo",
        "early",
        "fork",
        "future_wall",
        "incomplete",
        "long_offline",
        "no_certificate",
        "not_here",
        "not_theirs",
        "out_of_order",
        "outside_bounds",
        "retired_tag",
        "seq_gap",
        "stale_tag",
        "tag_unproven",
        "too_fast",
        "two_phones",
        "unknown_tag",
        "weak_key",
        "zone_changed",
    }
)
"""Marks that ask whoever made the record how it came about."""

NOTES: Final = frozenset({"no_location"})
"""Marks that ask nobody: to say no to a place in the record is everybody's right."""

MARKS: Final = ASKING | NOTES
