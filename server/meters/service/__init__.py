"""What other features may use of meters."""

from server.meters.service.bands import bands
from server.meters.service.common import (
    assets_of,
    by_key,
    day_of,
    definitions_of,
    edition_at,
    feed_meter,
    marked,
    meter_of,
    meters_of,
    names,
    sited_definitions,
)
from server.meters.service.exchanges import records_of
from server.meters.service.ledger import Month, ledger, month_of, set_target
from server.meters.service.looking import Chart, Stretch, chart, readings_of, risen, usage, usages
from server.meters.service.newest import Over, Turn
from server.meters.service.office import correct, corrections_of, derive, enter_reading, exchange, take_over
from server.meters.service.register import (
    MEDIA,
    MeterHasReadings,
    MeterKeyTaken,
    TooManyMeters,
    change_meter,
    make_meter,
)
from server.meters.service.taking import Taken, take_readings
from sync.meters import defined_on

__all__ = [
    "MEDIA",
    "Chart",
    "MeterHasReadings",
    "MeterKeyTaken",
    "Month",
    "Over",
    "Stretch",
    "Taken",
    "TooManyMeters",
    "Turn",
    "assets_of",
    "bands",
    "by_key",
    "change_meter",
    "chart",
    "correct",
    "corrections_of",
    "day_of",
    "defined_on",
    "definitions_of",
    "derive",
    "edition_at",
    "enter_reading",
    "exchange",
    "feed_meter",
    "ledger",
    "make_meter",
    "marked",
    "meter_of",
    "meters_of",
    "month_of",
    "names",
    "readings_of",
    "records_of",
    "risen",
    "set_target",
    "sited_definitions",
    "take_over",
    "take_readings",
    "usage",
    "usages",
]
