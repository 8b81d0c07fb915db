"""The spans in which a person surely used a phone, from what phones really sent."""

from __future__ import annotations

from uuid import UUID

from server.people.doubles import Sight, Span, is_double, spans_of
from tests.api.field import Garden, Handset, data
from tests.conftest import FakeClock

SIGNED = {"method": "pin", "online": True, "failed_tries": 0}


def anchored(phone: Handset) -> None:
    """Give a phone the server's time, so that what it records next is not before it."""
    phone.anchor = data(phone.hello())["anchor"]


def spans(garden: Garden) -> list[Span]:
    garden.session.rollback()
    found = spans_of(
        garden.session,
        organisation=garden.organisation,
        persons=[garden.people["wang"], garden.people["liu"]],
        from_ms=0,
        to_ms=garden.clock.ms + 1,
    )
    garden.session.rollback()
    return found


def test_a_shift_surely_runs_to_its_last_record_and_a_shift_that_nobody_ended_too(
    garden: Garden, clock: FakeClock
) -> None:
    first, second = garden.handset(), garden.handset()
    first.push(first.record("shift.start", SIGNED))
    begun = clock.ms
    clock.forward(minutes=30)
    anchored(first)
    last = clock.ms
    first.push(first.record())
    clock.forward(minutes=30)
    assert spans(garden) == [Span(garden.people["wang"], UUID(first.device), begun, last)]
    wang, other = garden.people["wang"], UUID(second.device)
    assert is_double(Sight(wang, other, begun + 1, last - 1), spans(garden))
    assert not is_double(Sight(wang, other, begun + 1, clock.ms), spans(garden))

    # the next person's records are not the first one's
    first.actor = str(garden.people["liu"])
    anchored(first)
    first.push(first.record("shift.start", SIGNED))
    clock.forward(minutes=5)
    anchored(first)
    first.push(first.record())
    found = {span.person: (span.from_ms, span.to_ms) for span in spans(garden)}
    assert found[wang] == (begun, last)
    assert found[garden.people["liu"]] == (clock.ms - 300_000, clock.ms)


def test_a_phone_that_never_heard_the_time_proves_no_span(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.push(phone.record("shift.start", SIGNED))
    clock.forward(minutes=30)
    phone.push(phone.record())
    assert spans(garden) == []
